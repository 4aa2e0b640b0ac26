//! Nobody's words are there twice.

use lambda_kit::state::Delivered;
use salesforce_org::{Fault, Operation};
use serde_json::json;
use stage::soon;

use super::office::{CALL, NO_AGENT, Office, TRANSFERRED, outcomes};

#[tokio::test]
async fn the_same_request_again_uploads_nothing_and_knows_under_which_id_it_was() {
    let office = Office::of_the_samples().await;
    let first = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(first["counts"], json!({ "uploaded": 3 }));
    let messages = office.messages(CALL);
    let again = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(again["counts"], json!({ "has_transcript": 3 }));
    for (first, again) in
        first["contacts"].as_array().unwrap().iter().zip(again["contacts"].as_array().unwrap())
    {
        assert_eq!(first["uploadId"], again["uploadId"]);
    }
    let named = json!({ "operation": "uploadTranscript", "payload": [{ "contactId": CALL }] });
    let named = office.app().handle(named, soon()).await.unwrap();
    assert_eq!(outcomes(&named), [(CALL, "has_transcript")]);
    assert_eq!((office.uploads(), office.messages(CALL)), (1, messages));
}

#[tokio::test]
async fn who_insists_uploads_again_what_salesforce_recognizes() {
    let office = Office::of_the_samples().await;
    office.backfill(&office.app(), json!({})).await.unwrap();
    let messages = office.messages(CALL).len();
    let report = office.backfill(&office.app(), json!({ "again": true })).await.unwrap();
    assert_eq!(report["counts"], json!({ "uploaded": 3 }));
    let again = office.messages(CALL);
    assert_eq!(again.len(), messages, "each line has the id that it had");
    assert!(again.iter().all(|message| message.deliveries == 2));
}

#[tokio::test]
async fn an_upload_whose_reply_is_lost_is_not_repeated_and_reported_as_unconfirmed() {
    let office = Office::of_the_samples().await;
    office.org.faults().add(Fault::lost_reply(Operation::UploadConversations).times(1));
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(report["counts"], json!({ "unconfirmed": 3 }));
    assert_eq!(report["stopped"]["errorType"], "SalesforceUnavailable");
    assert_eq!((&report["done"], report.get("cursor")), (&json!(false), None));
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!((&report["counts"], &report["done"]), (&json!({ "unconfirmed": 3 }), &json!(true)));
    assert_eq!(office.uploads(), 1);
    assert!(office.messages(CALL).iter().all(|message| message.deliveries == 1));
}

#[tokio::test]
async fn of_two_invocations_at_the_same_time_one_uploads() {
    let office = Office::of_the_samples().await;
    let (one, other) = (office.app(), office.app());
    let (one, other) = tokio::join!(office.backfill(&one, json!({})), office.backfill(&other, json!({})));
    let uploaded =
        [one.unwrap(), other.unwrap()].map(|report| report["counts"]["uploaded"].as_u64().unwrap_or(0));
    assert_eq!(uploaded.iter().sum::<u64>(), 3, "{uploaded:?}");
    for call in [CALL, NO_AGENT] {
        assert!(office.messages(call).iter().all(|message| message.deliveries == 1));
    }
}

#[tokio::test]
async fn a_transcript_that_came_while_the_call_went_on_is_left_as_it_is() {
    let office = Office::of_the_samples().await;
    let state = office.state();
    let delivered = Delivered {
        partition_key: "p".to_owned(),
        sequence: "49590338271490256608559692538361571095".to_owned(),
        segments: 3,
    };
    state.mark_delivered(TRANSFERRED, &delivered, chrono::Utc::now(), soon()).await.unwrap();
    let now = chrono::Utc::now();
    let until = now + chrono::TimeDelta::minutes(1);
    state.take_over_transcription_lease(NO_AGENT, "token", None, now, until, soon()).await.unwrap();
    state.renew_transcription_lease(NO_AGENT, "token", until, Some("{}"), soon()).await.unwrap();
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(
        outcomes(&report),
        [(CALL, "uploaded"), (TRANSFERRED, "has_transcript"), (NO_AGENT, "has_transcript")]
    );
    let report = office.backfill(&office.app(), json!({ "again": true, "dryRun": true })).await.unwrap();
    assert_eq!(report["counts"], json!({ "to_upload": 3 }));
}

#[tokio::test]
async fn a_dry_run_changes_nothing() {
    let office = Office::of_the_samples().await;
    let report = office.backfill(&office.app(), json!({ "dryRun": true })).await.unwrap();
    assert_eq!(report["counts"], json!({ "to_upload": 3 }));
    assert!(report["contacts"][0]["file"].as_str().unwrap().contains(CALL));
    assert_eq!((office.uploads(), office.stage.aws.items(stage::TABLE)), (0, vec![]));
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(report["counts"], json!({ "uploaded": 3 }));
}
