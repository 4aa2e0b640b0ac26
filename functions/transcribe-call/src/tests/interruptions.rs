//! What breaks on the way from Kinesis Video to Transcribe.

use local_aws::{
    After, Ending, ErrorTag, Failure, Interruption, TranscribeLimits, TranscriptionFault,
    TranscriptionFaultKind,
};

use super::*;

/// Both sides talk for a minute, one after the other and sometimes at once.
pub(super) async fn conversation() -> Scene {
    let mut scene = Scene::new(60.0).await;
    talk(&mut scene, 60.0);
    scene
}

pub(super) fn talk(scene: &mut Scene, length: f64) {
    let mut at = 1.0;
    let mut number = 0;
    while at + 6.0 < length {
        number += 1;
        scene.says(CUSTOMER, at, 2.5, &format!("This is what the caller says number {number}."));
        scene.says(AGENT, at + 2.2, 1.5, &format!("And the agent says number {number}."));
        at += 5.0;
    }
}

pub(super) async fn assert_everything_was_said_once(scene: &Scene, length: f64) {
    let count = ((length - 7.0) / 5.0).ceil() as usize;
    let caller: Vec<_> = (1..=count).map(|n| format!("This is what the caller says number {n}.")).collect();
    let agent: Vec<_> = (1..=count).map(|n| format!("And the agent says number {n}.")).collect();
    assert_eq!(scene.texts(CUSTOMER).await, caller);
    assert_eq!(scene.texts(AGENT).await, agent);
    for (place, side) in [(0.0, "END_USER"), (2.2, "VIRTUAL_AGENT")] {
        let said = scene.said().await.into_iter().filter(|said| said.who.ends_with(side));
        for (number, said) in said.enumerate() {
            let expected = 1000.0 * (1.0 + place + 5.0 * number as f64);
            assert!((said.starts as f64 - expected).abs() < 300.0, "{said:?} at {expected}");
        }
    }
}

#[tokio::test]
async fn kinesis_video_is_read_on_after_the_last_whole_fragment() {
    let scene_ends = [
        Interruption { after: After::Bytes(300_000), ending: Ending::Broken },
        Interruption { after: After::Fragments(3), ending: Ending::Closed },
        Interruption {
            after: After::Fragments(7),
            ending: Ending::Error(ErrorTag { id: 5000, code: "INTERNAL_ERROR".into() }),
        },
        Interruption { after: After::Bytes(50_001), ending: Ending::Broken },
    ];
    let mut scene = conversation().await;
    for interruption in scene_ends {
        scene.stream.interrupt_next(interruption);
    }
    scene.play(None);
    scene.invoke(scene.job(), 60.0).await.unwrap();
    assert_everything_was_said_once(&scene, 60.0).await;
    assert_eq!(scene.stage.aws.transcriptions().len(), 1, "the session went on");
}

#[tokio::test]
async fn a_stream_or_transcriber_that_fails_for_long_is_not_taken_for_the_end_of_the_call() {
    let mut scene = conversation().await;
    scene.set("IDLE_SECONDS", "3");
    for _ in 0..4 {
        let ending = Ending::Error(ErrorTag { id: 5000, code: "INTERNAL_ERROR".into() });
        scene.stream.interrupt_next(Interruption { after: After::Fragments(0), ending });
    }
    let failure = Failure { status: 503, code: "ServiceUnavailableException".into(), times: 4 };
    scene.stage.aws.fail_next("StartStreamTranscription", failure);
    scene.play(None);
    scene.invoke(scene.job(), 60.0).await.unwrap();
    assert_everything_was_said_once(&scene, 60.0).await;
}

#[tokio::test]
async fn a_failure_of_the_streams_key_is_an_error() {
    let mut scene = conversation().await;
    scene.stream.interrupt_next(Interruption {
        after: After::Fragments(3),
        ending: Ending::Error(ErrorTag { id: 4500, code: "ACCESS_DENIED".into() }),
    });
    scene.play(None);
    // The first connection begins too late and is closed for it.
    scene.stream.interrupt_next(Interruption {
        after: After::Fragments(3),
        ending: Ending::Error(ErrorTag { id: 4500, code: "ACCESS_DENIED".into() }),
    });
    let error = scene.invoke(scene.job(), 60.0).await.unwrap_err();
    assert_eq!(error.kind(), "MediaEnded");
    assert!(error.to_string().contains("kms:Decrypt"), "{error}");
}

#[tokio::test]
async fn a_session_that_breaks_is_followed_by_one_that_hears_again_what_was_not_understood() {
    let mut scene = conversation().await;
    for (after, kind) in [
        (10.3, TranscriptionFaultKind::Broken),
        (9.0, TranscriptionFaultKind::Exception("InternalFailureException".into())),
        (12.1, TranscriptionFaultKind::Exception("ConflictException".into())),
    ] {
        scene.stage.aws.interrupt_next_transcription(TranscriptionFault { after: seconds(after), kind });
    }
    scene.play(Some(20.0));
    scene.invoke(scene.job(), 60.0).await.unwrap();
    assert_everything_was_said_once(&scene, 60.0).await;
    assert_eq!(scene.stage.aws.transcriptions().len(), 4);
}

#[tokio::test]
async fn a_session_that_is_refused_for_the_limit_is_asked_for_again() {
    let mut scene = conversation().await;
    let failure = Failure { status: 429, code: "LimitExceededException".into(), times: 3 };
    scene.stage.aws.fail_next("StartStreamTranscription", failure);
    scene.play(None);
    scene.invoke(scene.job(), 60.0).await.unwrap();
    assert_everything_was_said_once(&scene, 60.0).await;
}

#[tokio::test]
async fn twenty_seconds_of_hold_do_not_end_the_session() {
    let mut scene = Scene::new(40.0).await;
    scene.says(CUSTOMER, 1.0, 2.0, "Please hold the line.").says(AGENT, 4.0, 1.0, "Of course.");
    scene.says(CUSTOMER, 30.0, 2.0, "I am back again.").says(AGENT, 33.0, 1.0, "So am I.");
    for side in [CUSTOMER, AGENT] {
        scene.call.gap(side, seconds(8.0), seconds(28.0));
    }
    // Ten times as fast as it is spoken: two seconds without a frame.
    scene.keep_alive = seconds(0.5);
    scene.stage.aws.set_transcribe_limits(TranscribeLimits { silence: seconds(1.5), ..Default::default() });
    scene.play(Some(10.0));
    scene.invoke(scene.job(), 30.0).await.unwrap();
    assert_eq!(scene.texts(CUSTOMER).await, ["Please hold the line.", "I am back again."]);
    assert_eq!(scene.texts(AGENT).await, ["Of course.", "So am I."]);
    let said = scene.said().await;
    assert!(
        said.iter().any(|said| said.text == "So am I." && (said.starts - 33_000).abs() < 300),
        "{said:?}"
    );
    let sessions = scene.stage.aws.transcriptions();
    assert_eq!(sessions.len(), 1);
    assert!(sessions[0].audio > seconds(39.0), "silence took the place of the hold: {:?}", sessions[0].audio);
}

#[tokio::test]
async fn one_side_on_hold_does_not_hold_up_the_other() {
    let mut scene = Scene::new(40.0).await;
    scene.call.gap(AGENT, seconds(0.0), seconds(20.0));
    scene.says(CUSTOMER, 3.0, 2.0, "Nobody is there yet.").says(CUSTOMER, 15.0, 2.0, "Still nobody there.");
    scene.says(AGENT, 21.0, 1.0, "Now I am.");
    scene.play(Some(20.0));
    scene.invoke(scene.job(), 30.0).await.unwrap();
    assert_eq!(scene.texts(CUSTOMER).await, ["Nobody is there yet.", "Still nobody there."]);
    assert_eq!(scene.texts(AGENT).await, ["Now I am."]);
}
