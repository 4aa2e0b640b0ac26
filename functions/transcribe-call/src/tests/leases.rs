//! One contact, one transcriber.

use chrono::{TimeDelta, Utc};

use super::*;

#[tokio::test]
async fn an_event_that_is_delivered_twice_is_transcribed_once() {
    let mut scene = Scene::new(20.0).await;
    scene.says(CUSTOMER, 1.0, 2.0, "Only once, please.").says(AGENT, 15.0, 2.0, "Only once, of course.");
    scene.play(Some(5.0));
    let (first, second) = tokio::join!(scene.invoke(scene.job(), 30.0), scene.invoke(scene.job(), 30.0));
    first.unwrap();
    second.unwrap();
    assert_eq!(scene.texts(CUSTOMER).await, ["Only once, please."]);
    assert_eq!(scene.texts(AGENT).await, ["Only once, of course."]);
    let mut outcomes = scene.stage.counted("Invocations", "outcome");
    outcomes.sort();
    assert_eq!(outcomes, ["ended", "transcribed_elsewhere"]);
}

#[tokio::test]
async fn who_was_started_by_the_holder_takes_the_lease_over_at_once() {
    let mut scene = Scene::new(6.0).await;
    scene.says(CUSTOMER, 1.0, 2.0, "Nobody has to wait.");
    scene.play(None);
    let (now, table) = (Utc::now(), scene.app().state);
    let until = now + TimeDelta::hours(1);
    table.take_transcription_lease(CONTACT, "of-the-trigger", now, until, stage::soon()).await.unwrap();
    let began = Instant::now();
    scene.invoke(scene.job(), 30.0).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(3));
    assert_eq!(scene.texts(CUSTOMER).await, ["Nobody has to wait."]);
}

#[tokio::test]
async fn whose_lease_was_taken_stops() {
    let mut scene = Scene::new(60.0).await;
    scene.says(CUSTOMER, 1.0, 2.0, "Somebody else goes on.");
    scene.play(Some(10.0));
    let table = scene.app().state;
    let thief = async {
        tokio::time::sleep(seconds(1.2)).await;
        let later = Utc::now() + TimeDelta::hours(2);
        table.take_transcription_lease(CONTACT, "thief", later, later, stage::soon()).await.unwrap();
    };
    let (invoked, ()) = tokio::join!(scene.invoke(scene.job(), 30.0), thief);
    invoked.unwrap();
    assert_eq!(scene.stage.counted("Invocations", "outcome"), ["lease_lost"]);
    assert!(scene.successors().await.is_empty());
}
