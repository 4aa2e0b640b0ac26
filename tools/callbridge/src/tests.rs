//! The whole command, against stand-ins of SQS and Kinesis and one of Lambda's Invoke API.

mod lambda;
mod scene;

use local_aws::Failure;
use serde_json::json;

use self::lambda::Invoked;
use self::scene::{Scene, batch_given_up, event_given_up};
use super::*;

fn denied() -> Failure {
    Failure { status: 400, code: "AccessDeniedException".into(), times: 1 }
}

#[tokio::test]
async fn looking_changes_nothing_and_shows_nothing() {
    let scene = Scene::start().await;
    scene.record("CTRDataSyncFunction", "4950", r#"{"secret":"+12065550100"}"#).await;
    scene.event("HandleContactEventsFunction", r#"{"id":"e-1"}"#).await;
    let before = scene.messages();
    let (outcome, text) = scene.replay(|_| {}).await.unwrap();
    assert_eq!(outcome, Outcome { meant: 2, ..Outcome::default() });
    assert!(text.starts_with("2 of 2 dead letters\n     1  SalesforceRefused  Center-"), "{text}");
    assert!(text.contains("Nothing was sent: add --send") && !text.contains("5550100"), "{text}");
    assert_eq!(scene.messages(), before);
    assert!(scene.lambda.invocations().is_empty());

    let (_, text) = scene.replay(|order| order.show = true).await.expect("they were given back at once");
    assert!(text.contains(r#""record":{"secret":"+12065550100"}"#), "{text}");
}

#[tokio::test]
async fn a_record_of_a_stream_is_sent_as_the_record_that_it_was() {
    let scene = Scene::start().await;
    scene.record("CTRDataSyncFunction", "4950", r#"{"a":1}"#).await;
    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!(outcome, Outcome { meant: 1, done: 1, ..Outcome::default() }, "{text}");
    let invoked = scene.lambda.invocations().remove(0);
    assert_eq!(
        (invoked.function.as_str(), invoked.kind.as_str()),
        ("Center-CTRDataSyncFunction:active", "RequestResponse")
    );
    assert_eq!(
        invoked.event,
        json!({
            "Records": [{
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": "c-1",
                    "sequenceNumber": "4950",
                    "data": "eyJhIjoxfQ==",
                    "approximateArrivalTimestamp": 1_795_341_600.987,
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventName": "aws:kinesis:record",
                "eventID": "shardId-000000000000:4950",
            }],
            "Replay": true,
        })
    );
    assert!(scene.messages().is_empty());
}

#[tokio::test]
async fn an_event_is_handed_to_lambda() {
    let scene = Scene::start().await;
    let ours = json!({ "operation": "deliverMessages", "messages": [] });
    scene.event("kvsTranscriber", &ours.to_string()).await;
    let lambdas = json!({ "detail": "of Lambda" });
    scene.put(&event_given_up("arn:aws:lambda:us-east-1:123456789012:function:Center-f:7", &lambdas), &[]);
    let bus = json!({ "id": "1", "source": "aws.connect", "detail-type": "x", "detail": {} });
    scene.put(&bus, &[("TARGET_ARN", "arn:aws:lambda:us-east-1:123456789012:function:Center-g:active")]);

    let file = json!({ "id": "2", "source": "aws.s3", "detail-type": "Object Created", "detail": {} });
    let queue = "arn:aws:sqs:us-east-1:123456789012:Center-AnalysisFilesQueue";
    scene.aws.redrive(&scene.queue, &file.to_string(), queue);

    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!(outcome, Outcome { meant: 4, done: 4, ..Outcome::default() }, "{text}");
    let mut invoked = scene.lambda.invocations();
    invoked.sort_by_key(|invoked| invoked.function.clone());
    let event = |function: &str, event| Invoked { function: function.into(), kind: "Event".into(), event };
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:Center";
    assert_eq!(
        invoked,
        [
            event("Center-PostCallAnalysisTriggerFunction:active", file),
            event("Center-kvsTranscriber:active", ours),
            event(&format!("{arn}-f:7"), lambdas),
            event(&format!("{arn}-g:active"), bus),
        ]
    );
    assert!(scene.messages().is_empty());
}

#[tokio::test]
async fn a_large_record_is_joined_and_a_double_is_sent_once() {
    let scene = Scene::start().await;
    let large = json!({ "text": "\"é\n".repeat(100_000) });
    scene.event("f", &large.to_string()).await;
    scene.record("CTRDataSyncFunction", "4950", "{}").await;
    scene.record("CTRDataSyncFunction", "4950", "{}").await;
    assert!(scene.messages().len() > 4);
    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!(outcome, Outcome { meant: 2, done: 2, ..Outcome::default() }, "{text}");
    let invoked = scene.lambda.invocations();
    assert_eq!(invoked.len(), 2);
    assert!(invoked.iter().any(|invoked| invoked.event == large), "changed");
    assert!(scene.messages().is_empty());
}

#[tokio::test]
async fn records_of_one_contact_are_sent_in_the_order_of_the_stream() {
    let scene = Scene::start().await;
    for number in ["1001", "99", "1000", "100"] {
        scene.record("f", number, "{}").await;
    }
    scene.send(|_| {}).await;
    let invoked = scene.lambda.invocations();
    let numbers: Vec<&str> = invoked
        .iter()
        .map(|invoked| invoked.event["Records"][0]["kinesis"]["sequenceNumber"].as_str().unwrap())
        .collect();
    assert_eq!(numbers, ["99", "100", "1000", "1001"]);
}

#[tokio::test]
async fn what_is_malformed_can_be_mended_by_a_command_and_sent() {
    let scene = Scene::start().await;
    scene.record("f", "1", "{\"ContactId\":\"c-1\"}#oops").await;
    scene.event("g", "{\"detail\":{\"a\":1}}").await;
    let mend = |command: &str| Some(command.to_owned());
    let (_, text) = scene
        .replay(|order| {
            order.show = true;
            order.mend = mend("sed 's/#oops$//'");
        })
        .await
        .unwrap();
    assert!(text.contains("c-1") && !text.contains("oops"), "{text}");
    assert_eq!((scene.lambda.invocations().len(), scene.messages().len()), (0, 2), "only looked at");

    let (outcome, text) = scene.send(|order| order.mend = mend("sed 's/#oops$//; s/1}}/2}}/'")).await;
    assert_eq!(outcome, Outcome { meant: 2, done: 2, ..Outcome::default() }, "{text}");
    let sent: Vec<serde_json::Value> =
        scene.lambda.invocations().into_iter().map(|invoked| invoked.event).collect();
    assert!(sent.contains(&json!({ "detail": { "a": 2 } })), "{sent:?}");
    let data = "eyJDb250YWN0SWQiOiJjLTEifQ==";
    assert!(sent.iter().any(|event| event["Records"][0]["kinesis"]["data"] == data), "{sent:?}");
}

#[tokio::test]
async fn a_command_that_mends_nothing_leaves_the_letters_where_they_are() {
    for (command, why) in [
        ("exit 3", "--mend failed with exit status: 3"),
        ("cat > /dev/null", "--mend printed nothing"),
        ("echo no JSON", "what --mend printed is no JSON"),
    ] {
        let scene = Scene::start().await;
        scene.event("g", "{}").await;
        let (outcome, text) = scene.send(|order| order.mend = Some(command.to_owned())).await;
        assert_eq!(outcome, Outcome { meant: 1, left: 1, ..Outcome::default() });
        assert!(text.contains(why), "{text}");
        assert_eq!((scene.lambda.invocations().len(), scene.messages().len()), (0, 1));
    }
}

#[tokio::test]
async fn no_record_overtakes_one_that_cannot_be_applied_yet() {
    let scene = Scene::start().await;
    for number in ["1", "2", "3"] {
        scene.record("f", number, "{}").await;
    }
    let again = json!({ "batchItemFailures": [{ "itemIdentifier": "1" }] });
    scene.lambda.answer("Center-f:active", 200, &again);
    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!(outcome, Outcome { meant: 3, left: 3, ..Outcome::default() });
    assert_eq!(scene.lambda.invocations().len(), 1, "{text}");
    assert!(text.contains("it would overtake an older record of the same partition key"), "{text}");
}

#[tokio::test]
async fn what_fails_stays_in_the_queue_with_the_reason_and_the_rest_is_done() {
    let scene = Scene::start().await;
    scene.record("asks-again", "1", "{}").await;
    scene.record("fails", "2", "{}").await;
    scene.event("throttled", "{}").await;
    scene.record("works", "3", "{}").await;
    scene.event("works", "no JSON").await;
    scene.put(&json!("what is this?"), &[]);
    scene.lambda.answer(
        "Center-asks-again:active",
        200,
        &json!({ "batchItemFailures": [{ "itemIdentifier": "1" }] }),
    );
    scene.lambda.fail("Center-fails:active", &json!({ "errorType": "Down", "errorMessage": "come later" }));
    scene.lambda.answer(
        "Center-throttled:active",
        400,
        &json!({ "__type": "KMSDisabledException", "message": "no key" }),
    );

    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!(outcome, Outcome { meant: 6, done: 1, left: 5, ..Outcome::default() }, "{text}");
    for why in [
        "the function cannot apply it yet",
        "the function failed: Down: come later",
        "refused with KMSDisabledException (no key)",
        "the record is no JSON",
        "the message is no dead letter",
    ] {
        assert!(text.contains(why), "{why}: {text}");
    }
    assert_eq!(scene.messages().len(), 5);
    let (outcome, _) = scene.replay(|_| {}).await.unwrap();
    assert_eq!(outcome.meant, 5, "they can be received again at once");
}

#[tokio::test]
async fn a_function_that_is_not_there_is_asked_for_once_and_another_one_can_be_named() {
    let scene = Scene::start().await;
    for number in ["1", "2", "3"] {
        scene.record("gone", number, "{}").await;
    }
    let missing = json!({ "__type": "ResourceNotFoundException", "Message": "Function not found" });
    scene.lambda.answer("Center-gone:active", 404, &missing);
    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!((outcome.left, scene.lambda.invocations().len()), (3, 1), "{text}");
    assert!(text.contains("there is no function Center-gone with the alias active"), "{text}");

    let (outcome, _) = scene
        .send(|order| {
            order.to = Some("here".into());
            order.alias = "live".into();
        })
        .await;
    assert_eq!(outcome.done, 3);
    assert!(scene.lambda.invocations()[1..].iter().all(|invoked| invoked.function == "here:live"));
}

#[tokio::test]
async fn an_event_for_nobody_knows_whom_waits_for_a_name() {
    let scene = Scene::start().await;
    scene.put(&json!({ "source": "aws.connect", "detail-type": "x", "detail": {} }), &[]);
    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!(outcome.left, 1);
    assert!(text.contains("say so with --to"), "{text}");
    let (outcome, _) = scene.send(|order| order.to = Some("f".into())).await;
    assert_eq!(outcome.done, 1);
}

#[tokio::test]
async fn only_what_was_asked_for_is_sent() {
    let scene = Scene::start().await;
    for number in ["1", "2", "3"] {
        scene.record("f", number, "{}").await;
    }
    scene.event("g", "{}").await;
    let (outcome, _) = scene
        .send(|order| {
            order.selection =
                Selection { functions: vec!["f".into()], limit: Some(1), ..Selection::default() };
        })
        .await;
    assert_eq!(outcome, Outcome { meant: 1, done: 1, ..Outcome::default() });
    assert_eq!((scene.lambda.invocations().len(), scene.messages().len()), (1, 3));
    assert_eq!(scene.replay(|_| {}).await.unwrap().0.meant, 3);
}

#[tokio::test]
async fn what_is_given_up_once_more_is_not_sent_again_by_the_same_run() {
    let scene = Scene::start().await;
    scene.record("f", "1", "{}").await;
    scene.record("f", "2", "{}").await;
    let again = scene.messages().remove(0);
    scene.lambda.puts_back("Center-f:active", scene.aws.clone(), scene.queue.clone(), again);
    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!(outcome, Outcome { meant: 2, done: 2, came_back: 1, ..Outcome::default() }, "{text}");
    assert!(
        text.contains("Given up once more and in the queue again, 1:\n     1  SalesforceRefused"),
        "{text}"
    );
    assert_eq!((scene.lambda.invocations().len(), scene.messages().len()), (2, 1));
    assert_eq!(scene.replay(|_| {}).await.unwrap().0.meant, 1, "given back");
}

#[tokio::test]
async fn a_batch_that_lambda_gave_up_is_read_from_the_stream_again() {
    let scene = Scene::start().await;
    let arn = scene.stream(99..330);
    scene.put(&batch_given_up(&arn, "100", "324", 225), &[]);
    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!(outcome, Outcome { meant: 1, done: 1, ..Outcome::default() }, "{text}");
    let sizes: Vec<usize> = scene
        .lambda
        .invocations()
        .iter()
        .map(|invoked| invoked.event["Records"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [100, 100, 25]);
    let first = &scene.lambda.invocations()[0].event["Records"][0];
    assert_eq!(first["eventID"], "shardId-000000000000:100");
    assert_eq!(first["kinesis"]["data"], "cmVjb3JkIDEwMA==");
    assert_eq!(first["kinesis"]["approximateArrivalTimestamp"], 1_795_341_700.0);
    assert!(scene.messages().is_empty());
}

#[tokio::test]
async fn a_batch_of_which_records_have_expired_says_so_and_stays() {
    for expired_iterator in [false, true] {
        let scene = Scene::start().await;
        let arn = scene.stream(100..110);
        scene.put(&batch_given_up(&arn, "100", "104", 5), &[]);
        scene.put(&batch_given_up(&arn, "105", "109", 5), &[]);
        scene.aws.expire_records("contact-records", scene::arrived(107));
        if expired_iterator {
            let times = 2;
            let failure = Failure { status: 400, code: "InvalidArgumentException".into(), times };
            scene.aws.fail_next("GetShardIterator", failure);
        }
        let (outcome, text) = scene.send(|_| {}).await;
        assert_eq!(outcome.left, 2, "{text}");
        assert!(text.contains("its records have expired from the stream"), "{text}");
        assert!(text.contains("the 3 that were left of the 5 are applied"), "{text}");
        assert_eq!(scene.lambda.invocations().len(), 1);
        assert_eq!(scene.messages().len(), 2);
    }
}

#[tokio::test]
async fn a_batch_stops_at_the_invocation_that_fails() {
    let scene = Scene::start().await;
    let arn = scene.stream(100..330);
    scene.put(&batch_given_up(&arn, "100", "324", 225), &[]);
    scene.lambda.fail(
        "arn:aws:lambda:us-east-1:123456789012:function:Center-f:active",
        &json!({ "errorType": "Down" }),
    );
    let (outcome, _) = scene.send(|_| {}).await;
    assert_eq!((outcome.left, scene.lambda.invocations().len(), scene.messages().len()), (1, 1, 1));
}

#[tokio::test]
async fn a_stream_that_is_read_too_often_is_waited_for_and_one_that_is_gone_is_not() {
    let scene = Scene::start().await;
    let arn = scene.stream(100..102);
    scene.put(&batch_given_up(&arn, "100", "101", 2), &[]);
    let code = "ProvisionedThroughputExceededException".to_owned();
    scene.aws.fail_next("GetRecords", Failure { status: 400, code, times: 1 });
    assert_eq!(scene.send(|_| {}).await.0.done, 1);

    scene.put(&batch_given_up(&arn.replace("contact-records", "gone"), "100", "101", 2), &[]);
    let (outcome, text) = scene.send(|_| {}).await;
    assert!(
        outcome.left == 1 && text.contains("stream/gone does not exist in this account and region"),
        "{text}"
    );
}

#[tokio::test]
async fn discarding_deletes_what_was_named_and_sends_nothing() {
    let scene = Scene::start().await;
    scene.record("f", "1", "{}").await;
    scene.record("f", "2", "{}").await;
    let (outcome, text) = scene
        .replay(|order| {
            order.action = Action::Discard;
            order.selection.ids = vec!["shardId-000000000000:1".into()];
        })
        .await
        .unwrap();
    assert_eq!(outcome, Outcome { meant: 1, done: 1, ..Outcome::default() });
    assert!(text.contains("id shardId-000000000000:1\n1 of 1 deleted."), "{text}");
    assert!(scene.lambda.invocations().is_empty());
    assert_eq!(scene.messages().len(), 1);
}

#[tokio::test]
async fn who_stops_leaves_everything_as_it_was() {
    let scene = Scene::start().await;
    scene.record("f", "1", "{}").await;
    scene.stop.ask();
    let (outcome, _) = scene.send(|_| {}).await;
    assert!(outcome.stopped && scene.lambda.invocations().is_empty());
    assert_eq!(scene.messages().len(), 1);
}

#[tokio::test]
async fn who_stops_meanwhile_is_told_what_was_not_tried() {
    let scene = Scene::start().await;
    for number in ["1", "2", "3"] {
        scene.record("f", number, "{}").await;
    }
    scene.lambda.stops("Center-f:active", scene.stop.clone());
    let (outcome, text) = scene.send(|_| {}).await;
    assert_eq!(outcome, Outcome { meant: 3, done: 1, stopped: true, ..Outcome::default() });
    assert!(text.ends_with("Stopped before 2 were tried.\n"), "{text}");
    assert_eq!(scene.messages().len(), 2);
}

#[tokio::test]
async fn a_queue_that_is_not_there_or_not_allowed_is_an_error_that_says_what_to_do() {
    let scene = Scene::start().await;
    let error = scene.replay(|order| order.queue += "-2").await.unwrap_err().to_string();
    assert!(
        error.contains("dead-letters-2 does not exist in this account and region; check the name"),
        "{error}"
    );
    let error = scene.replay(|order| order.queue = "no-such-queue".into()).await.unwrap_err().to_string();
    assert!(error.contains("queue no-such-queue does not exist"), "{error}");

    scene.record("f", "1", "{}").await;
    for (operation, action) in
        [("GetQueueAttributes", "sqs:GetQueueAttributes"), ("ReceiveMessage", "sqs:ReceiveMessage")]
    {
        scene.aws.fail_next(operation, denied());
        let error = scene.send(|_| {}).await;
        let error = error.1;
        assert!(
            error.contains(&format!("{action} on queue")) && error.contains("access denied; your own"),
            "{error}"
        );
    }
    assert_eq!(scene.messages().len(), 1);
    assert_eq!(
        scene.replay(|order| order.queue = "dead-letters".into()).await.unwrap().0.meant,
        1,
        "by its name"
    );
}

#[tokio::test]
async fn what_was_sent_and_cannot_be_deleted_is_told() {
    let scene = Scene::start().await;
    scene.record("f", "1", "{}").await;
    scene.aws.fail_next("DeleteMessage", denied());
    let (outcome, text) = scene.send(|_| {}).await;
    assert!(outcome.left == 1 && text.contains("it was sent, but could not be deleted"), "{text}");
}
