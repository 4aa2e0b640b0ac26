use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue::{self, N, S};
use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde_json::json;

use crate::LocalAws;

const TABLE: &str = "CallState";

async fn table() -> (LocalAws, Client) {
    let aws = LocalAws::start().await.unwrap();
    aws.create_table(TABLE);
    let client = Client::new(&aws.sdk_config().await);
    (aws, client)
}

fn text(text: &str) -> AttributeValue {
    S(text.to_owned())
}

fn number(number: i64) -> AttributeValue {
    N(number.to_string())
}

/// What sync-contact-records does: keep the newest version of a contact record that was applied.
fn advance(client: &Client, version: &str) -> UpdateItemFluentBuilder {
    client
        .update_item()
        .table_name(TABLE)
        .key("pk", text("contact#c-1"))
        .update_expression("SET version = :version, runs = if_not_exists(runs, :none) + :one")
        .condition_expression("attribute_not_exists(pk) OR version < :version")
        .expression_attribute_values(":version", text(version))
        .expression_attribute_values(":none", number(0))
        .expression_attribute_values(":one", number(1))
}

#[tokio::test]
async fn an_item_is_put_read_and_deleted() {
    let (aws, client) = table().await;
    let get = async || {
        let reply =
            client.get_item().table_name(TABLE).key("pk", text("a")).consistent_read(true).send().await;
        reply.unwrap().item
    };
    assert_eq!(get().await, None);
    let put =
        client.put_item().table_name(TABLE).item("pk", text("a")).item("expiresAt", number(1_764_585_296));
    put.send().await.unwrap();
    let item = HashMap::from([("pk".to_owned(), text("a")), ("expiresAt".to_owned(), number(1_764_585_296))]);
    assert_eq!(get().await, Some(item.clone()));
    assert_eq!(aws.items(TABLE), [json!({"pk": "a", "expiresAt": 1_764_585_296})]);
    let delete =
        client.delete_item().table_name(TABLE).key("pk", text("a")).return_values(ReturnValue::AllOld);
    assert_eq!(delete.clone().send().await.unwrap().attributes, Some(item));
    assert_eq!(delete.send().await.unwrap().attributes, None, "deleting again is no error");
    assert_eq!(get().await, None);
}

#[tokio::test]
async fn a_conditional_update_only_goes_forward() {
    let (aws, client) = table().await;
    advance(&client, "2026-01-02T00:00:00Z").send().await.unwrap();
    advance(&client, "2026-01-03T00:00:00Z").send().await.unwrap();
    for outdated in ["2026-01-03T00:00:00Z", "2026-01-01T00:00:00Z"] {
        let error = advance(&client, outdated).send().await.unwrap_err().into_service_error();
        assert!(error.is_conditional_check_failed_exception(), "{error:?}");
    }
    assert_eq!(
        aws.items(TABLE),
        [json!({"pk": "contact#c-1", "version": "2026-01-03T00:00:00Z", "runs": 2})]
    );
}

#[tokio::test]
async fn a_failed_condition_shows_the_item_when_asked_to() {
    let (_aws, client) = table().await;
    advance(&client, "2026-01-02T00:00:00Z").send().await.unwrap();
    let item_of = async |wanted| {
        let reply = advance(&client, "2026-01-01T00:00:00Z").return_values_on_condition_check_failure(wanted);
        let error = reply.send().await.unwrap_err().into_service_error();
        let UpdateItemError::ConditionalCheckFailedException(failed) = error else { panic!("{error:?}") };
        failed.item
    };
    let item = item_of(ReturnValuesOnConditionCheckFailure::AllOld).await.unwrap();
    assert_eq!(item["version"], text("2026-01-02T00:00:00Z"));
    assert_eq!(item_of(ReturnValuesOnConditionCheckFailure::None).await, None);
}

#[tokio::test]
async fn a_put_and_a_delete_obey_their_conditions() {
    let (aws, client) = table().await;
    let lease = |owner: &str| {
        let put =
            client.put_item().table_name(TABLE).item("pk", text("lease#c-1")).item("holder", text(owner));
        put.condition_expression("attribute_not_exists(pk)")
    };
    lease("first").send().await.unwrap();
    let error = lease("second").send().await.unwrap_err().into_service_error();
    assert!(error.is_conditional_check_failed_exception());
    let release = |owner: &str| {
        let delete = client.delete_item().table_name(TABLE).key("pk", text("lease#c-1"));
        delete
            .condition_expression("#holder = :me")
            .expression_attribute_names("#holder", "holder")
            .expression_attribute_values(":me", text(owner))
    };
    let error = release("second").send().await.unwrap_err().into_service_error();
    assert!(error.is_conditional_check_failed_exception());
    assert_eq!(aws.items(TABLE), [json!({"pk": "lease#c-1", "holder": "first"})]);
    release("first").send().await.unwrap();
    assert!(aws.items(TABLE).is_empty());
}

#[tokio::test]
async fn an_update_answers_with_what_was_asked_for() {
    let (_aws, client) = table().await;
    let put = client.put_item().table_name(TABLE).item("pk", text("a")).item("kept", text("k"));
    put.item("runs", number(9)).send().await.unwrap();
    let add = async |wanted| {
        let update = client.update_item().table_name(TABLE).key("pk", text("a")).return_values(wanted);
        let update = update.update_expression("SET runs = runs + :one REMOVE gone");
        update.expression_attribute_values(":one", number(1)).send().await.unwrap().attributes
    };
    let item = |runs| {
        Some(HashMap::from([
            ("pk".to_owned(), text("a")),
            ("kept".to_owned(), text("k")),
            ("runs".to_owned(), number(runs)),
        ]))
    };
    let runs = |runs| Some(HashMap::from([("runs".to_owned(), number(runs))]));
    assert_eq!(add(ReturnValue::None).await, None);
    assert_eq!(add(ReturnValue::AllOld).await, item(10));
    assert_eq!(add(ReturnValue::AllNew).await, item(12));
    assert_eq!(add(ReturnValue::UpdatedOld).await, runs(12));
    assert_eq!(add(ReturnValue::UpdatedNew).await, runs(14));
}

#[tokio::test]
async fn what_dynamodb_refuses_is_refused() {
    let (aws, client) = table().await;
    let put = || client.put_item().table_name(TABLE);
    let update = |expression: &str| {
        client.update_item().table_name(TABLE).key("pk", text("a")).update_expression(expression)
    };
    let one = |update: UpdateItemFluentBuilder| update.expression_attribute_values(":one", number(1));
    let missing = client.get_item().table_name("Elsewhere").key("pk", text("a")).send().await.unwrap_err();
    assert!(missing.into_service_error().is_resource_not_found_exception());
    let not_a_number = put().item("pk", text("a")).item("n", N("one".to_owned())).send().await.unwrap_err();
    assert_eq!(not_a_number.code(), Some("SerializationException"));
    for wrong in [
        put().item("id", text("a")),
        put().item("pk", text("")),
        put().item("pk", number(1)),
        put().item("pk", text("a")).item("x", text(&"x".repeat(409_600))),
        put().item("pk", text("a")).return_values(ReturnValue::AllNew),
    ] {
        assert_eq!(wrong.clone().send().await.unwrap_err().code(), Some("ValidationException"), "{wrong:?}");
    }
    for wrong in [
        one(update("SET pk = :one")),
        one(update("SET state = :one")),
        one(update("REMOVE a")),
        one(update("SET a = b + :one")),
        update("REMOVE a").key("sk", text("b")),
    ] {
        assert_eq!(wrong.clone().send().await.unwrap_err().code(), Some("ValidationException"), "{wrong:?}");
    }
    assert!(aws.items(TABLE).is_empty());
}

fn key(key: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".to_owned(), text(key))])
}

fn keys(keys: impl IntoIterator<Item = String>) -> KeysAndAttributes {
    let keys = keys.into_iter().map(|name| key(&name)).collect();
    KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build().unwrap()
}

#[tokio::test]
async fn a_batch_reads_what_there_is_and_names_what_it_left_out() {
    let (aws, client) = table().await;
    for name in ["a", "b", "c"] {
        client.put_item().table_name(TABLE).item("pk", text(name)).send().await.unwrap();
    }
    let mut wanted =
        Some(HashMap::from([(TABLE.to_owned(), keys(["a", "missing", "b", "c"].map(str::to_owned)))]));
    aws.leave_unprocessed(2);
    aws.leave_unprocessed(9);
    let mut found = Vec::new();
    for left in [2, 2, 0] {
        let reply = client.batch_get_item().set_request_items(wanted.take()).send().await.unwrap();
        found.extend(reply.responses.unwrap().remove(TABLE).unwrap());
        wanted = reply.unprocessed_keys.filter(|unprocessed| !unprocessed.is_empty());
        let unprocessed = wanted.as_ref().map(|unprocessed| &unprocessed[TABLE]);
        assert_eq!(unprocessed.map_or(0, |unprocessed| unprocessed.keys().len()), left);
        assert!(unprocessed.is_none_or(|unprocessed| unprocessed.consistent_read() == Some(true)));
    }
    found.sort_by_key(|item| item["pk"].as_s().unwrap().clone());
    assert_eq!(found, ["a", "b", "c"].map(key));
}

#[tokio::test]
async fn a_batch_has_at_most_sixteen_megabytes() {
    let (_aws, client) = table().await;
    let large = "x".repeat(400_000);
    for number in 0..50 {
        let put = client.put_item().table_name(TABLE).item("pk", text(&number.to_string()));
        put.item("large", text(&large)).send().await.unwrap();
    }
    let wanted = keys((0..50).map(|number| number.to_string()));
    let reply = client.batch_get_item().request_items(TABLE, wanted).send().await.unwrap();
    let (found, left) = (&reply.responses.unwrap()[TABLE], &reply.unprocessed_keys.unwrap()[TABLE]);
    assert_eq!((found.len(), left.keys().len()), (41, 9));
}

#[tokio::test]
async fn a_batch_that_dynamodb_refuses_is_refused() {
    let (_aws, client) = table().await;
    let numbers = |count: u32| keys((0..count).map(|number| number.to_string()));
    client.batch_get_item().request_items(TABLE, numbers(100)).send().await.unwrap();
    let twice = keys(["a", "a"].map(str::to_owned));
    for wrong in [numbers(101), numbers(0), twice] {
        let error = client.batch_get_item().request_items(TABLE, wrong).send().await.unwrap_err();
        assert_eq!(error.code(), Some("ValidationException"));
    }
    let error = client.batch_get_item().request_items("Elsewhere", numbers(1)).send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
}
