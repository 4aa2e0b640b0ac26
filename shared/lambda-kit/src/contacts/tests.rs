use local_aws::{Failure as Fault, LocalAws};
use serde_json::json;

use super::*;
use crate::aws::Failure;
use crate::aws::tests::soon;

async fn contacts(aws: &LocalAws) -> Contacts {
    Contacts::new(&Env::new(&|_| None), &aws.sdk_config().await)
}

#[tokio::test]
async fn a_transferred_leg_tells_where_it_began() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_contact(
        "i-1",
        "leg-2",
        json!({
            "InitialContactId": "leg-1", "PreviousContactId": "leg-1", "Channel": "VOICE",
            "InitiationMethod": "TRANSFER", "InitiationTimestamp": 1772471480.118,
            "ConnectedToSystemTimestamp": "2026-03-02T17:11:21Z",
            "AgentInfo": { "Id": "a-1", "ConnectedToAgentTimestamp": 1772471490 },
        }),
    );
    let leg = contacts(&aws).await.describe("i-1", "leg-2", soon()).await.unwrap();
    let at = |text: &str| Some(text.parse().unwrap());
    assert_eq!(
        leg,
        DescribedContact {
            initial_contact_id: Some("leg-1".into()),
            previous_contact_id: Some("leg-1".into()),
            channel: Some("VOICE".into()),
            initiation_method: Some("TRANSFER".into()),
            initiation: at("2026-03-02T17:11:20.118Z"),
            connected_to_system: at("2026-03-02T17:11:21Z"),
            connected_to_agent: at("2026-03-02T17:11:30Z"),
            disconnect: None,
        }
    );
}

#[tokio::test]
async fn a_contact_that_no_agent_took_is_described_too() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_contact("i-1", "c-1", json!({ "InitialContactId": "", "AgentInfo": null }));
    let contact = contacts(&aws).await.describe("i-1", "c-1", soon()).await.unwrap();
    assert_eq!(contact, DescribedContact::default());
}

#[tokio::test]
async fn a_contact_that_is_not_there_is_an_error_that_says_so() {
    let aws = LocalAws::start().await.unwrap();
    let error = contacts(&aws).await.describe("i-1", "../c-1", soon()).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Missing(_)), "{error}");
    assert!(
        error.to_string().starts_with("connect:DescribeContact on contact ../c-1: does not exist"),
        "{error}"
    );
}

#[tokio::test]
async fn the_quota_is_waited_for() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_contact("i-1", "c-1", json!({}));
    let throttled = Fault { status: 429, code: "TooManyRequestsException".into(), times: 1 };
    aws.fail_next("DescribeContact", throttled);
    assert!(contacts(&aws).await.describe("i-1", "c-1", soon()).await.is_ok());
}
