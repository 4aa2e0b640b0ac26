//! The org's daily API requests.

use super::*;
use crate::testing::soon;
use crate::{ApiUsage, Error};

fn used(reply: ResponseTemplate, usage: &str) -> ResponseTemplate {
    reply.insert_header("Sforce-Limit-Info", usage)
}

fn resources() -> ResponseTemplate {
    ok(json!({"sobjects": "", "query": ""}))
}

#[tokio::test]
async fn every_reply_tells_of_the_usage() {
    let org = Org::new().await;
    assert_eq!(org.rest.api_usage(), None);
    org.answers_first([
        used(refusal(404, "NOT_FOUND"), "api-usage=18/5000; api-bursts=1/750"),
        used(resources(), "api-usage=19/5000"),
        resources(),
    ])
    .await;
    org.rest.resources(soon()).await.unwrap_err();
    assert_eq!(org.rest.api_usage(), Some(ApiUsage { used: 18, allowed: 5000 }));
    org.rest.resources(soon()).await.unwrap();
    org.rest.resources(soon()).await.unwrap();
    assert_eq!(org.rest.deferrable().api_usage(), Some(ApiUsage { used: 19, allowed: 5000 }));
    let told: Vec<_> =
        org.attempts.list().iter().map(|attempt| attempt.api_usage.map(|it| it.used)).collect();
    assert_eq!(told, [None, Some(18), Some(19), None]);
}

#[tokio::test]
async fn below_the_floor_only_what_cannot_wait_is_sent() {
    let mut org = Org::new().await;
    org.rest = org.rest.with_api_floor(20);
    org.answers(used(resources(), "api-usage=4001/5000")).await;
    let deferrable = org.rest.deferrable();
    // Nothing is known yet, so this goes and learns.
    deferrable.resources(soon()).await.unwrap();
    let error = deferrable.resources(soon()).await.unwrap_err();
    insta::assert_snapshot!(error, @"listResources: not sent, because 19 % of the org's daily API requests are left, and requests that can wait are kept back below 20 % (API_FLOOR_PERCENT). Try again later, or look for what uses them up (Salesforce Setup, System Overview).");
    assert_eq!((error.kind(), error.is_permanent(), error.status()), ("ApiAllowanceLow", false, None));
    let error = org.rest.upload_status(&["u-1".to_owned()], soon()).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::ApiAllowanceLow {
                operation: "fetchUploadStatus",
                remaining_percent: 19,
                floor_percent: 20
            }
        ),
        "{error}"
    );
    org.rest.resources(soon()).await.unwrap();
    assert_eq!(org.sent().await.len(), 2);
}

#[tokio::test]
async fn at_the_floor_and_without_one_everything_is_sent() {
    for (floor, usage) in [(20, "api-usage=4000/5000"), (0, "api-usage=6000/5000"), (20, "api-usage=?/5000")]
    {
        let mut org = Org::new().await;
        org.rest = org.rest.with_api_floor(floor);
        org.answers(used(resources(), usage)).await;
        for _ in 0..2 {
            org.rest.deferrable().resources(soon()).await.unwrap();
        }
    }
}
