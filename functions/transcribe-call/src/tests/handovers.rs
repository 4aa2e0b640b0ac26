//! From one invocation to the next.

use lambda_kit::state::StateTable;
use local_aws::{After, Ending, Interruption, TranscriptionFault, TranscriptionFaultKind};

use super::interruptions::{assert_everything_was_said_once, talk};
use super::*;

#[tokio::test]
async fn a_long_call_is_handed_over_at_pauses_with_nothing_lost_and_nothing_twice() {
    let mut scene = Scene::new(140.0).await;
    scene.set("HANDOVER_MARGIN_SECONDS", "2");
    talk(&mut scene, 140.0);
    scene.play(Some(25.0));
    let invocations = scene.invoke_all(3.5).await;
    assert_everything_was_said_once(&scene, 140.0).await;
    assert!(invocations >= 3, "{invocations}");
    let outcomes = scene.stage.counted("Invocations", "outcome");
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "handed_over").count(), invocations - 1);
    let successor = &scene.successors().await[0];
    assert_eq!(successor["checkpoint"]["generation"], 1);
    assert_eq!(successor["voiceCallId"], CONTACT);
    assert!(scene.stage.dead_letters().is_empty());
}

#[tokio::test]
async fn whatever_breaks_meanwhile_nothing_is_lost_and_nothing_comes_twice() {
    let mut scene = Scene::with_salesforce_unwilling(140.0).await;
    scene.set("HANDOVER_MARGIN_SECONDS", "2");
    talk(&mut scene, 140.0);
    for after in [20.0, 33.3] {
        let kind = TranscriptionFaultKind::Broken;
        scene.stage.aws.interrupt_next_transcription(TranscriptionFault { after: seconds(after), kind });
    }
    for bytes in [10, 700_000, 1_300_003, 350_000] {
        let interruption = Interruption { after: After::Bytes(bytes), ending: Ending::Broken };
        scene.stream.interrupt_next(interruption);
    }
    // Every third request is not taken.
    let requests = std::sync::atomic::AtomicUsize::new(0);
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(move |_: &wiremock::Request| {
            let number = requests.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            wiremock::ResponseTemplate::new(if number % 3 == 2 { 503 } else { 200 }).set_body_json(json!({}))
        })
        .mount(&scene.stage.salesforce)
        .await;
    scene.play(Some(25.0));
    scene.invoke_all(3.5).await;
    scene.has_refused(|number| number % 3 == 2);
    assert_everything_was_said_once(&scene, 140.0).await;
    assert!(scene.stage.dead_letters().is_empty());
}

#[tokio::test]
async fn who_never_pauses_is_heard_whole_by_the_next_invocation() {
    let mut scene = Scene::new(60.0).await;
    scene.set("HANDOVER_MARGIN_SECONDS", "2");
    // Both sides in turn, each beginning before the other has ended, without a pause for a cut.
    let (mut at, mut expected) = (0.5, [Vec::new(), Vec::new()]);
    for number in 0..24 {
        let (side, place) = if number % 2 == 0 { (CUSTOMER, 0) } else { (AGENT, 1) };
        let text = format!("No pause between these many words number {number}.");
        scene.says(side, at, 2.8, &text);
        expected[place].push(text);
        at += 2.4;
    }
    scene.play(Some(15.0));
    let invocations = scene.invoke_all(3.5).await;
    assert!(invocations >= 2);
    let [customer, agent] = expected;
    assert_eq!(scene.texts(CUSTOMER).await, customer);
    assert_eq!(scene.texts(AGENT).await, agent);
}

#[tokio::test]
async fn lambda_is_asked_again_until_it_takes_the_successor() {
    let mut scene = Scene::new(120.0).await;
    scene.set("HANDOVER_MARGIN_SECONDS", "3");
    talk(&mut scene, 60.0);
    let down = wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(wiremock::ResponseTemplate::new(500))
        .up_to_n_times(4)
        .with_priority(1);
    down.mount(&scene.lambda).await;
    scene.play(Some(10.0));
    scene.invoke(scene.job(), 5.0).await.unwrap();
    assert_eq!(scene.stage.counted("Invocations", "outcome"), ["handed_over"]);
    assert_eq!(scene.successors().await.len(), 5, "four refusals and one that was taken");
}

#[tokio::test]
async fn the_repeated_event_of_a_dead_invocation_goes_on_where_it_was() {
    let mut scene = Scene::new(60.0).await;
    talk(&mut scene, 60.0);
    scene.set("LEASE_SECONDS", "2");
    scene.play(Some(20.0));
    let killed = tokio::time::timeout(seconds(1.7), scene.invoke(scene.job(), 60.0)).await;
    assert!(killed.is_err(), "it was killed while it transcribed");
    let before = scene.said().await;
    assert!(!before.is_empty());
    scene.invoke(scene.job(), 60.0).await.unwrap();
    let all = scene.said().await;
    let again: Vec<_> = all[before.len()..].iter().filter(|said| before.contains(said)).collect();
    assert!(again.len() < before.len(), "a checkpoint was noted, so not all of it is sent again");
    // What is sent again has the same id, so that it is told to be the same.
    let mut once: Vec<_> = all.clone();
    once.sort_by(|a, b| a.id.cmp(&b.id));
    once.dedup();
    let count = ((60.0_f64 - 7.0) / 5.0).ceil() as usize;
    assert_eq!(once.len(), 2 * count, "{once:#?}");
}

#[tokio::test]
async fn the_end_of_a_call_leaves_a_free_lease_that_knows_it() {
    let mut scene = Scene::new(8.0).await;
    scene.set("IDLE_SECONDS", "1");
    scene.says(CUSTOMER, 1.0, 1.0, "That is all.");
    scene.play(None);
    scene.invoke(scene.job(), 30.0).await.unwrap();
    // Lambda delivers the event once more.
    scene.invoke(scene.job(), 30.0).await.unwrap();
    assert_eq!(scene.texts(CUSTOMER).await, ["That is all."]);
    let table: &StateTable = &scene.app().state;
    let noted = table.transcription_checkpoint(CONTACT, stage::soon()).await.unwrap().unwrap();
    assert!(noted.contains("\"resumeAtMs\":17724700"), "{noted}");
}

#[tokio::test]
async fn a_call_that_is_handed_over_without_end_is_given_up() {
    let scene = Scene::new(8.0).await;
    let mut job = scene.job();
    job["checkpoint"] = json!({
        "afterFragment": scene.first_fragment, "resumeAtMs": scene::began().timestamp_millis(), "generation": 200,
    });
    scene.invoke(job, 5.0).await.unwrap();
    assert_eq!(scene.stage.dead_letters()[0]["reason"]["code"], "TooManyInvocations");
}

#[tokio::test]
async fn the_first_sound_after_the_pause_of_a_hand_over_is_not_lost() {
    let mut scene = Scene::new(60.0).await;
    scene.set("HANDOVER_MARGIN_SECONDS", "2");
    // Each begins a few milliseconds before a fragment ends: 1.024 s each.
    let mut expected = Vec::new();
    for number in 1..18 {
        let text = format!("Not a letter of number {number} is lost.");
        scene.says(CUSTOMER, 1.024 * 3.0 * f64::from(number) - 0.016, 1.5, &text);
        expected.push(text);
    }
    scene.play(Some(12.0));
    let invocations = scene.invoke_all(3.0).await;
    assert!(invocations >= 2);
    assert_eq!(scene.texts(CUSTOMER).await, expected);
}
