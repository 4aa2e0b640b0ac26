//! Several requests in one that know nothing of each other.

use serde_json::{Value, json};

use super::Session;
use crate::tests::code;

async fn send(session: &Session, halt: bool) -> Value {
    let requests = json!([
        {"method": "POST", "url": "v66.0/sobjects/Account", "richInput": {"Name": "Acme"}},
        {"method": "GET", "url": "v66.0/sobjects/Account/nobody"},
        {"method": "GET", "url": "v66.0/query?q=SELECT Name, Id FROM Account"},
    ]);
    let body = json!({"haltOnError": halt, "batchRequests": requests});
    let (status, reply) = session.post("/composite/batch", body).await;
    assert_eq!((status.as_u16(), &reply["hasErrors"]), (200, &json!(true)), "{reply}");
    reply["results"].clone()
}

fn statuses(results: &Value) -> Vec<&Value> {
    results.as_array().unwrap().iter().map(|result| &result["statusCode"]).collect()
}

#[tokio::test]
async fn parts_succeed_and_fail_each_for_itself() {
    let session = Session::start().await;
    let results = send(&session, false).await;
    assert_eq!(statuses(&results), [201, 404, 200]);
    assert_eq!(results[2]["result"]["records"][0]["Name"], "Acme");
    let (_, limits) = session.get("/limits").await;
    assert_eq!(
        limits["DailyApiRequests"]["Remaining"],
        15_000 - 4,
        "it counts as many requests as it has parts"
    );

    let results = send(&session, true).await;
    assert_eq!(statuses(&results), [201, 404, 412]);
    assert_eq!(code(&results[2]["result"]), "BATCH_PROCESSING_HALTED");
    assert_eq!(session.count("Account"), 2);
}

#[tokio::test]
async fn more_than_25_parts_and_batches_within_batches_are_refused() {
    let session = Session::start().await;
    let many = vec![json!({"method": "GET", "url": "v66.0/limits"}); 26];
    let (_, reply) = session.post("/composite/batch", json!({"batchRequests": many})).await;
    assert_eq!(code(&reply), "LIMIT_EXCEEDED");
    let nested =
        json!([{"method": "POST", "url": "v66.0/composite/batch", "richInput": {"batchRequests": []}}]);
    let (_, reply) = session.post("/composite/batch", json!({"batchRequests": nested})).await;
    assert_eq!(reply["results"][0]["statusCode"], 400);
}
