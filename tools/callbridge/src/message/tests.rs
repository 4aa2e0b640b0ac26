use serde_json::json;

use super::*;

fn whole_of(body: &Value, attributes: &[(&str, &str)]) -> Whole {
    let attributes =
        attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    match read("message-1", &body.to_string(), &attributes) {
        Content::Whole(whole) => whole,
        Content::Part(part) => panic!("{part:?}"),
    }
}

fn told(whole: &Whole) -> (&str, Option<&str>, &str) {
    (&whole.id, whole.function.as_deref(), &whole.reason.code)
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
fn invocation_record() -> Value {
    json!({
        "version": "1.0",
        "timestamp": "2026-11-14T18:16:05.568Z",
        "requestContext": {
            "requestId": "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
            "functionArn": "arn:aws:lambda:us-east-2:123456789012:function:my-function:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3
        },
        "requestPayload": { "ORDER_IDS": ["9e07af03"] },
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
        "responsePayload": { "errorMessage": "x", "errorType": "SalesforceUnavailable" }
    })
}

#[test]
fn an_event_that_lambda_gave_up_is_sent_again() {
    let whole = whole_of(&invocation_record(), &[]);
    let arn = "arn:aws:lambda:us-east-2:123456789012:function:my-function:$LATEST";
    assert_eq!(told(&whole), ("e4b46cbf-b738-xmpl-8880-a18cdf61200e", Some(arn), "SalesforceUnavailable"));
    assert_eq!(whole.reason.message, "Lambda gave up the event: RetriesExhausted");
    assert!(whole.cargo == Cargo::Event(json!({ "ORDER_IDS": ["9e07af03"] })));
}

#[test]
fn an_event_that_lambda_left_out_is_gone() {
    let mut record = invocation_record();
    record.as_object_mut().unwrap().remove("requestPayload");
    record.as_object_mut().unwrap().remove("responsePayload");
    let whole = whole_of(&record, &[]);
    assert_eq!(whole.reason.code, "RetriesExhausted");
    assert!(matches!(&whole.cargo, Cargo::Nothing(why) if why.contains("left the event out")));
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html>
#[test]
fn a_batch_that_lambda_gave_up_is_a_place_in_a_stream() {
    let mut record = json!({
        "requestContext": {
            "requestId": "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
            "functionArn": "arn:aws:lambda:us-east-2:123456789012:function:my-function:active",
            "condition": "RecordAgeExceeded",
            "approximateInvokeCount": 1
        },
        "responseContext": { "statusCode": 200, "executedVersion": "5", "functionError": "Unhandled" },
        "version": "1.0",
        "timestamp": "2026-11-14T00:38:06.021Z",
        "KinesisBatchInfo": {
            "shardId": "shardId-000000000001",
            "startSequenceNumber": "4960",
            "endSequenceNumber": "4961",
            "approximateArrivalOfFirstRecord": "2026-11-14T00:38:04.835Z",
            "approximateArrivalOfLastRecord": "2026-11-14T00:38:05.580Z",
            "batchSize": 2,
            "streamArn": "arn:aws:kinesis:us-east-2:123456789012:stream/mystream"
        }
    });
    let whole = whole_of(&record, &[]);
    let arn = "arn:aws:lambda:us-east-2:123456789012:function:my-function:active";
    assert_eq!(told(&whole), ("shardId-000000000001:4960", Some(arn), "RecordAgeExceeded"));
    assert!(matches!(&whole.cargo, Cargo::Range(range) if range.batch_size == 2));

    record["KinesisBatchInfo"]["endSequenceNumber"] = Value::Null;
    assert!(matches!(whole_of(&record, &[]).cargo, Cargo::Nothing(_)));
}

#[test]
fn an_event_of_event_bridge_goes_where_its_rule_sent_it() {
    let event =
        json!({ "id": "event-1", "source": "aws.connect", "detail-type": "Contact Event", "detail": {} });
    let function = "arn:aws:lambda:us-east-1:123456789012:function:f:active";
    let whole = whole_of(&event, &[("TARGET_ARN", function), ("ERROR_CODE", "NO_PERMISSIONS")]);
    assert_eq!(told(&whole), ("event-1", Some(function), "NO_PERMISSIONS"));
    assert!(whole.cargo == Cargo::Event(event.clone()));

    let elsewhere = [("TARGET_ARN", "arn:aws:sns:us-east-1:123456789012:topic")];
    assert_eq!(told(&whole_of(&event, &elsewhere)), ("event-1", None, "Undelivered"));
}

#[test]
fn an_event_from_the_queue_of_a_function_goes_to_the_function() {
    let event = json!({ "id": "event-1", "source": "aws.s3", "detail-type": "Object Created", "detail": {} });
    let queue = "arn:aws:sqs:us-east-1:123456789012:Center-AnalysisFilesQueue";
    let function = Some("Center-PostCallAnalysisTriggerFunction");
    let given_up = whole_of(&event, &[(GIVEN_UP_BY, queue)]);
    assert_eq!(told(&given_up), ("event-1", function, "ReceivedTooOften"));
    assert!(given_up.cargo == Cargo::Event(event.clone()));
    let undelivered = whole_of(&event, &[("TARGET_ARN", queue), ("ERROR_CODE", "NO_PERMISSIONS")]);
    assert_eq!(told(&undelivered), ("event-1", function, "NO_PERMISSIONS"));

    let other = "arn:aws:sqs:us-east-1:123456789012:another-queue";
    assert_eq!(told(&whole_of(&event, &[(GIVEN_UP_BY, other)])), ("event-1", None, "ReceivedTooOften"));
}

#[test]
fn what_is_nothing_of_that_says_so() {
    for body in [json!({}), json!([1]), json!("text"), json!({ "format": 3 })] {
        let whole = whole_of(&body, &[]);
        assert!(matches!(&whole.cargo, Cargo::Nothing(why) if !why.is_empty()), "{body}");
        assert_eq!((whole.id.as_str(), whole.function), ("message-1", None));
    }
    let Content::Whole(whole) = read("message-1", "{", &HashMap::new()) else { panic!("a part") };
    assert_eq!(whole.reason.code, "NotADeadLetter");
}

#[test]
fn debug_output_is_without_what_it_is_about() {
    assert!(!format!("{:?}", whole_of(&invocation_record(), &[])).contains("9e07af03"));
}
