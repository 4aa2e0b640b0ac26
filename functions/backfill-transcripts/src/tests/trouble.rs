//! What goes wrong on the way: nothing is lost, and the rest goes on.

use std::time::Duration;

use local_aws::Failure;
use salesforce_org::{Fault, Operation};
use serde_json::json;
use stage::soon;

use super::office::{BUCKET, CALL, Office, in_millis, outcomes};

const UPLOAD: Operation = Operation::UploadConversations;

/// For as long as the SDK asks again.
fn throttled() -> Failure {
    Failure { status: 400, code: "ThrottlingException".to_owned(), times: 3 }
}

fn denied() -> Failure {
    Failure { status: 403, code: "AccessDenied".to_owned(), times: 1 }
}

async fn office_of(calls: usize) -> Office {
    let office = Office::new().await;
    for number in 0..calls {
        office.call_with_file(&format!("c-{number}"), &format!("17:{number:02}:00"), "18:00:00", "Hello");
    }
    office
}

#[tokio::test]
async fn when_salesforce_cannot_take_more_the_rest_is_for_the_next_time() {
    for fault in [
        Fault::status(UPLOAD, 503).retry_after(60),
        Fault::status(UPLOAD, 429).retry_after(60),
        Fault::status(UPLOAD, 403).error_code("REQUEST_LIMIT_EXCEEDED"),
    ] {
        let office = office_of(5).await;
        let app = office.app_with(&[("BATCH_SIZE", "2")]);
        office.backfill(&app, json!({ "limit": 2 })).await.unwrap();
        office.org.faults().add(fault.times(1));
        let error = office.backfill(&app, json!({ "from": "2026-03-02T17:02:00Z" })).await.unwrap_err();
        assert!(["SalesforceUnavailable", "SalesforceThrottled"].contains(&error.kind()), "{error}");
        let report = office.backfill(&app, json!({})).await.unwrap();
        assert_eq!(report["counts"], json!({ "has_transcript": 2, "uploaded": 3 }), "nothing is in doubt");
    }
}

#[tokio::test]
async fn what_ends_the_work_in_the_middle_is_in_the_report_with_the_place_to_go_on_from() {
    let office = office_of(5).await;
    let app = office.app_with(&[("BATCH_SIZE", "1")]);
    office.org.faults().add(Fault::status(UPLOAD, 400).times(1));
    let report = office.backfill(&app, json!({ "limit": 2 })).await.unwrap();
    assert_eq!(outcomes(&report), [("c-0", "refused"), ("c-1", "uploaded")]);
    let cursor = report["cursor"].clone();
    office.stage.aws.fail_next("GetObject", throttled());
    let error = office.backfill(&app, json!({ "cursor": cursor })).await.unwrap_err();
    assert_eq!(error.kind(), "AwsUnavailable", "{error}");
    office.stage.aws.fail_next("ListObjectsV2", denied());
    let error = office.backfill(&app, json!({ "cursor": cursor })).await.unwrap_err();
    assert!(error.to_string().contains(BUCKET) && error.kind() == "AwsDenied", "{error}");
    let report = office.backfill(&app, json!({ "cursor": cursor })).await.unwrap();
    assert_eq!((&report["counts"], &report["done"]), (&json!({ "uploaded": 3 }), &json!(true)));
    let report = office.backfill(&app, json!({})).await.unwrap();
    assert_eq!(
        report["counts"],
        json!({ "has_transcript": 4, "uploaded": 1 }),
        "the refused one is tried again"
    );
}

#[tokio::test]
async fn what_was_gathered_before_a_failure_is_sent() {
    let office = office_of(4).await;
    let begun = || {
        let requests = office.stage.aws.requests();
        requests.iter().filter(|request| request.operation == "PutItem").count()
    };
    let break_table = async {
        while begun() < 2 {
            tokio::task::yield_now().await;
        }
        office.stage.aws.fail_next("BatchGetItem", throttled());
    };
    let app = office.app();
    let (report, ()) = tokio::join!(office.backfill(&app, json!({})), break_table);
    let report = report.unwrap();
    assert_eq!((outcomes(&report), office.uploads()), (vec![("c-0", "uploaded"), ("c-1", "uploaded")], 1));
    assert_eq!(report["stopped"]["errorType"], "AwsUnavailable");
    let report = office.backfill(&app, json!({ "cursor": report["cursor"] })).await.unwrap();
    assert_eq!(outcomes(&report), [("c-2", "uploaded"), ("c-3", "uploaded")]);
}

#[tokio::test]
async fn one_wrong_conversation_does_not_hold_the_others_and_says_what_is_wrong() {
    let office = office_of(3).await;
    let event = json!({
        "operation": "uploadTranscript",
        "payload": [
            { "contactId": "c-0" },
            { "contactId": "c-1", "relatedRecords": ["0035e0000000001"] },
            { "contactId": "c-2" },
        ],
    });
    let report = office.app().handle(event, soon()).await.unwrap();
    assert_eq!(outcomes(&report), [("c-0", "uploaded"), ("c-1", "refused"), ("c-2", "uploaded")]);
    let reason = report["contacts"][1]["reason"].as_str().unwrap();
    assert!(reason.contains("line 2") && reason.contains("relatedRecords"), "{reason}");
    assert_eq!(office.uploads(), 1);
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(report["counts"], json!({ "has_transcript": 2, "uploaded": 1 }));
}

#[tokio::test]
async fn it_does_what_there_is_time_for() {
    let office = office_of(12).await;
    let app = office.app_with(&[("BATCH_SIZE", "1")]);
    office.org.faults().add(Fault::latency(UPLOAD, Duration::from_millis(200)));
    let report = office.backfill_until(&app, json!({}), in_millis(2_000)).await.unwrap();
    assert!(report.get("stopped").is_none(), "{report}");
    let done = report["counts"]["uploaded"].as_u64().unwrap();
    assert!((1..12).contains(&done), "{done}");
    office.org.faults().clear();
    let report = office.backfill(&app, json!({ "cursor": report["cursor"] })).await.unwrap();
    assert_eq!(report["counts"], json!({ "uploaded": 12 - done }));
}

#[tokio::test]
async fn uploads_wait_while_the_org_is_low_on_requests() {
    let office = office_of(1).await;
    office.org.set_api_allowance(14_000, 15_000);
    let error = office.backfill(&office.app(), json!({})).await.unwrap_err();
    assert_eq!(error.kind(), "ApiAllowanceLow");
    office.org.set_api_allowance(0, 15_000);
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(report["counts"], json!({ "uploaded": 1 }));
}

#[tokio::test]
async fn a_session_that_ends_goes_unnoticed() {
    let office = Office::of_the_samples().await;
    let app = office.app_with(&[("BATCH_SIZE", "1")]);
    office.backfill(&app, json!({ "limit": 1 })).await.unwrap();
    office.org.revoke_sessions().unwrap();
    office.org.faults().add(Fault::status(UPLOAD, 401).error_code("INVALID_SESSION_ID").times(1));
    let report = office.backfill(&app, json!({})).await.unwrap();
    assert_eq!(report["counts"], json!({ "has_transcript": 2, "uploaded": 1 }));
    assert!(office.messages(CALL).iter().all(|message| message.deliveries == 1));
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_named() {
    let office = Office::of_the_samples().await;
    let app = office.app_with(&[("ANALYSIS_BUCKET", "no-such-bucket")]);
    let error = office.backfill(&app, json!({})).await.unwrap_err();
    assert!(error.to_string().contains("no-such-bucket"), "{error}");
    assert_eq!(error.kind(), "FileMissing");
}
