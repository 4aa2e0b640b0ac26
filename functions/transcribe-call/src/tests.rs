//! Calls through the function.

mod handovers;
mod interruptions;
mod leases;
mod privacy;
mod salesforce_down;
mod scene;
mod settings;

use std::time::Duration;

use super::*;
use scene::{AGENT, CONTACT, CONVERSATION, CUSTOMER, Scene, seconds};

#[tokio::test]
async fn what_both_sides_say_is_sent_under_the_conversations_first_contact() {
    let mut scene = Scene::new(20.0).await;
    scene
        .says(AGENT, 1.0, 2.0, "Good morning, how can I help you?")
        .says(CUSTOMER, 4.0, 3.0, "I would like to return my order.")
        .says(AGENT, 8.0, 1.5, "Which one is it?")
        .says(CUSTOMER, 8.2, 1.5, "The blue one.");
    scene.play(None);
    scene.invoke(scene.job(), 30.0).await.unwrap();
    let said = scene.said().await;
    let story: Vec<_> = said
        .iter()
        .map(|said| format!("{} {}..{} {}", said.who, said.starts, said.ends, said.text))
        .collect();
    insta::assert_snapshot!(story.join("\n"), @"
    4a573372-1f28-4e26-b97b-000000000001VIRTUAL_AGENT 1000..2989 Good morning, how can I help you?
    4a573372-1f28-4e26-b97b-000000000001END_USER 4000..6984 I would like to return my order.
    4a573372-1f28-4e26-b97b-000000000001VIRTUAL_AGENT 8000..9454 Which one is it?
    4a573372-1f28-4e26-b97b-000000000001END_USER 8200..9654 The blue one.
    ");
    assert_eq!(said[0].id, format!("{CONTACT}-agent-1772470001000"));
    assert_eq!(scene.stage.counted("Invocations", "outcome"), ["ended"]);
    let sessions = scene.stage.aws.transcriptions();
    assert_eq!(sessions.len(), 1, "one stereo session");
    assert_eq!(sessions[0].parameters["number-of-channels"], "2");
    assert!(scene.successors().await.is_empty() && scene.stage.dead_letters().is_empty());
}

#[tokio::test]
async fn words_of_the_first_fragment_are_heard_whatever_its_number_means() {
    for selector in [local_aws::FragmentSelector::After, local_aws::FragmentSelector::From] {
        let mut scene = Scene::new(6.0).await;
        let options = local_aws::VideoStreamOptions { fragment_selector: selector, ..Default::default() };
        scene.stream.configure(options);
        scene.says(CUSTOMER, 0.1, 0.7, "Hello?").says(AGENT, 2.0, 1.0, "Hello!");
        scene.play(None);
        scene.invoke(scene.job(), 30.0).await.unwrap();
        assert_eq!(scene.texts(CUSTOMER).await, ["Hello?"], "{selector:?}");
        assert_eq!(scene.texts(AGENT).await, ["Hello!"]);
    }
}

#[tokio::test]
async fn a_stream_that_has_nothing_new_for_long_is_over() {
    let mut scene = Scene::new(6.0).await;
    scene.set("IDLE_SECONDS", "1");
    scene.says(CUSTOMER, 1.0, 1.0, "Is anybody there?");
    for mut fragment in scene.call.fragments() {
        fragment.tags.retain(|(name, _)| name != "STOP_STREAMING");
        scene.stream.push(fragment);
    }
    scene.invoke(scene.job(), 30.0).await.unwrap();
    assert_eq!(scene.texts(CUSTOMER).await, ["Is anybody there?"]);
    assert_eq!(scene.stage.counted("Invocations", "outcome"), ["ended"]);
}

#[tokio::test]
async fn nobody_hears_the_contact_that_the_stream_is_used_for_next() {
    let mut scene = Scene::new(6.0).await;
    scene.says(CUSTOMER, 1.0, 1.0, "Goodbye!");
    for mut fragment in scene.call.fragments() {
        fragment.tags.retain(|(name, _)| name != "STOP_STREAMING");
        scene.stream.push(fragment);
    }
    let next = scene::began() + chrono::TimeDelta::seconds(6);
    let mut other = local_aws::CallAudio::new(&scene.stage.aws, "another-contact", next, seconds(10.0));
    other.say(CUSTOMER, seconds(0.0), seconds(0.3), "My secret.").unwrap();
    other.play(&scene.stream, None).await;
    scene.invoke(scene.job(), 30.0).await.unwrap();
    assert_eq!(scene.texts(CUSTOMER).await, ["Goodbye!"]);
    assert_eq!(scene.stage.counted("Invocations", "outcome"), ["ended"]);
}

#[tokio::test]
async fn an_event_that_is_no_job_goes_to_the_dead_letter_queue() {
    let scene = Scene::new(1.0).await;
    let mut job = scene.job();
    job["startFragmentNum"] = "none".into();
    scene.invoke(job.clone(), 5.0).await.unwrap();
    let letters = scene.stage.dead_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0]["source"]["eventId"], CONTACT);
    let record: Value = serde_json::from_str(letters[0]["record"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(record, job);
}
