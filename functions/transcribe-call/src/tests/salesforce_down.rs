//! What was heard while Salesforce does not take it.

use wiremock::matchers::any;
use wiremock::{Mock, ResponseTemplate};

use super::interruptions::{assert_everything_was_said_once, talk};
use super::*;

const FLAG: &str = "sf_realtime_transcription_status";

/// Answers the first requests with this, and then willingly.
async fn unwilling_at_first(scene: &Scene, status: u16, times: u64) {
    Mock::given(any())
        .respond_with(ResponseTemplate::new(status))
        .up_to_n_times(times)
        .mount(&scene.stage.salesforce)
        .await;
    scene.salesforce_is_willing().await;
}

#[tokio::test]
async fn messages_wait_in_order_while_salesforce_is_down() {
    let mut scene = Scene::with_salesforce_unwilling(30.0).await;
    talk(&mut scene, 30.0);
    unwilling_at_first(&scene, 503, 6).await;
    scene.play(None);
    scene.invoke(scene.job(), 60.0).await.unwrap();
    scene.has_refused(|number| number < 6);
    assert_everything_was_said_once(&scene, 30.0).await;
    assert!(scene.stage.aws.contact_attributes(CONVERSATION).is_empty(), "no limit was reached");
    assert!(scene.stage.dead_letters().is_empty());
}

#[tokio::test]
async fn a_limit_of_the_org_is_waited_out_and_told_to_the_contact() {
    let mut scene = Scene::with_salesforce_unwilling(30.0).await;
    talk(&mut scene, 30.0);
    unwilling_at_first(&scene, 429, 6).await;
    scene.play(None);
    scene.invoke(scene.job(), 60.0).await.unwrap();
    scene.has_refused(|number| number < 6);
    assert_everything_was_said_once(&scene, 30.0).await;
    let attributes = scene.stage.aws.contact_attributes(CONVERSATION);
    assert_eq!(attributes[FLAG], "Exceeded Limits for creating messages in Transcription");
}

#[tokio::test]
async fn what_cannot_be_delivered_in_time_can_be_replayed_from_the_dead_letter_queue() {
    let mut scene = Scene::with_salesforce_unwilling(30.0).await;
    scene.set("HANDOVER_MARGIN_SECONDS", "2");
    talk(&mut scene, 30.0);
    scene.stage.answer(503, json!([])).await;
    scene.play(None);
    scene.invoke(scene.job(), 5.0).await.unwrap();
    let letters = scene.stage.dead_letters();
    assert!(letters.iter().all(|letter| letter["reason"]["code"] == "TranscriptUndelivered"));
    assert!(scene.stage.aws.contact_attributes(CONVERSATION).contains_key(FLAG));
    assert_eq!(scene.stage.counted("Invocations", "outcome"), ["ended"]);

    scene.stage.salesforce.reset().await;
    scene.salesforce_is_willing().await;
    scene.has_refused(|_| false);
    for event in events(&letters) {
        scene.invoke(event, 5.0).await.unwrap();
    }
    assert_everything_was_said_once(&scene, 30.0).await;
    assert_eq!(scene.stage.dead_letters().len(), letters.len(), "nothing new");
}

#[tokio::test]
async fn a_replay_while_salesforce_is_still_down_ends_in_the_dead_letter_queue_again() {
    let mut scene = Scene::with_salesforce_unwilling(30.0).await;
    scene.set("HANDOVER_MARGIN_SECONDS", "2");
    talk(&mut scene, 30.0);
    scene.stage.answer(503, json!([])).await;
    scene.play(None);
    scene.invoke(scene.job(), 5.0).await.unwrap();
    let letters = scene.stage.dead_letters();
    scene.invoke(events(&letters).remove(0), 2.0).await.unwrap();
    let again = scene.stage.dead_letters().pop().unwrap();
    assert_eq!((&again["id"], &again["record"]), (&letters[0]["id"], &letters[0]["record"]));
    assert_eq!(scene.stage.counted("Invocations", "outcome"), ["ended", "dead_letter"]);
}

/// What a replay invokes the function with.
fn events(letters: &[Value]) -> Vec<Value> {
    let event = |letter: &Value| serde_json::from_str(letter["record"]["content"].as_str().unwrap()).unwrap();
    letters.iter().map(event).collect()
}

#[tokio::test]
async fn a_message_that_is_refused_does_not_keep_up_the_others() {
    let mut scene = Scene::with_salesforce_unwilling(30.0).await;
    talk(&mut scene, 30.0);
    Mock::given(wiremock::matchers::body_string_contains("the caller says number 2."))
        .respond_with(ResponseTemplate::new(400))
        .mount(&scene.stage.salesforce)
        .await;
    scene.salesforce_is_willing().await;
    scene.play(None);
    scene.invoke(scene.job(), 60.0).await.unwrap();
    let letters = scene.stage.dead_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0]["reason"]["code"], "SalesforceRefused");
    assert_eq!(scene.texts(AGENT).await.last().unwrap(), "And the agent says number 5.");
}
