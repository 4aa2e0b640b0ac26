mod contact_lens;

use std::path::Path;
use std::time::Duration;

use insta::assert_json_snapshot;
use serde_json::json;

use super::*;
use crate::script::timeline::EventKind;
use crate::script::{Instance, Script};

const CALL: &str = r#"
summary: A transfer.
contact:
  from: "+12065550100"
  to: "+18005550199"
  recording: true
  wrap_up: 10s
steps:
  - { at: 2s, queue: Service }
  - { at: 20s, answer: agent-1 }
  - { at: 30s, hold: 15s }
  - { at: 1m, transfer: Billing }
  - { at: 80s, answer: agent-2 }
  - { at: 2m, hang_up: customer }
"#;

const ABANDONED: &str = r"
summary: Nobody answers a caller without a number.
contact: {}
steps:
  - { at: 2s, queue: Service }
  - { at: 20s, routing_expires: agent-1 }
  - { at: 30s, hang_up: network }
";

/// Tells the call with fixed ids and a fixed clock.
fn tell<T>(yaml: &str, f: impl FnOnce(&Telling<'_>) -> T) -> T {
    let script = Script::parse(Path::new("a-call.yaml"), yaml).unwrap();
    let scene = Scene {
        instance: Instance,
        ring: "2026-01-31T09:30:00Z".parse().unwrap(),
        contact_ids: vec![
            "11111111-1111-4111-8111-111111111111".to_owned(),
            "22222222-2222-4222-8222-222222222222".to_owned(),
        ],
    };
    let attributes = [("language".to_owned(), "English".to_owned())].into();
    f(&Telling {
        contact: &script.contact,
        call: script.call(),
        scene: &scene,
        analysis: script.analysis(),
        attributes: &attributes,
        audio: &BTreeMap::new(),
    })
}

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn everything_reads_as_what_the_functions_read() {
    tell(CALL, |telling| {
        for leg in [0, 1] {
            let flow: connect::flow::FlowEvent =
                connect::from_value(flow_event(&telling.contact_state(leg, s(61)), serde_json::Map::new()))
                    .unwrap();
            let contact_id = flow.details.contact_data.unwrap().contact_id.unwrap();
            let event: connect::contact_event::ContactEvent =
                connect::from_value(telling.contact_event(leg, &EventKind::Completed, s(130))).unwrap();
            assert_eq!(event.detail.contact_id, contact_id);
            assert_eq!(event.detail.agent_info.unwrap().after_contact_work_duration, Some(10));
            let record: connect::contact_record::ContactRecord =
                connect::from_value(telling.contact_record(leg, s(135), true)).unwrap();
            assert_eq!(record.contact_id, contact_id);
            assert_eq!(record.last_update_timestamp.unwrap(), telling.scene.ring + s(135));
        }
    });
}

#[test]
fn flow_event_of_the_first_leg_before_it_is_queued() {
    let parameters = json!({"methodName": "createVoiceCall"});
    let event = tell(CALL, |telling| {
        flow_event(&telling.contact_state(0, s(1)), parameters.as_object().unwrap().clone())
    });
    assert_json_snapshot!(event, @r#"
    {
      "Details": {
        "ContactData": {
          "Attributes": {
            "language": "English"
          },
          "AwsRegion": "us-east-1",
          "Channel": "VOICE",
          "ContactId": "11111111-1111-4111-8111-111111111111",
          "CustomerEndpoint": {
            "Address": "+12065550100",
            "Type": "TELEPHONE_NUMBER"
          },
          "CustomerId": null,
          "Description": null,
          "InitialContactId": "11111111-1111-4111-8111-111111111111",
          "InitiationMethod": "INBOUND",
          "InstanceARN": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe",
          "LanguageCode": "en-US",
          "MediaStreams": {
            "Customer": {
              "Audio": null
            }
          },
          "Name": null,
          "PreviousContactId": "11111111-1111-4111-8111-111111111111",
          "Queue": null,
          "References": {},
          "RelatedContactId": null,
          "SegmentAttributes": {
            "connect:Subtype": {
              "ValueString": "connect:Telephony"
            }
          },
          "SystemEndpoint": {
            "Address": "+18005550199",
            "Type": "TELEPHONE_NUMBER"
          },
          "Tags": {
            "aws:connect:instanceId": "5ca1ab1e-0000-4000-8000-00000000cafe",
            "aws:connect:systemEndpoint": "+18005550199"
          }
        },
        "Parameters": {
          "methodName": "createVoiceCall"
        }
      },
      "Name": "ContactFlowEvent"
    }
    "#);
}

#[test]
fn flow_event_of_a_transfer_names_the_leg_before_and_the_queue() {
    let event = tell(CALL, |telling| flow_event(&telling.contact_state(1, s(61)), serde_json::Map::new()));
    let data = &event["Details"]["ContactData"];
    assert_json_snapshot!(
        json!([data["ContactId"], data["InitialContactId"], data["PreviousContactId"], data["InitiationMethod"], data["Queue"]]),
        @r#"
    [
      "22222222-2222-4222-8222-222222222222",
      "11111111-1111-4111-8111-111111111111",
      "11111111-1111-4111-8111-111111111111",
      "TRANSFER",
      {
        "ARN": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/queue/a7d2fd18-e9b2-4207-9d3f-ed7e61242074",
        "Name": "Billing",
        "OutboundCallerId": {
          "Address": "+18005550199",
          "Type": "TELEPHONE_NUMBER"
        }
      }
    ]
    "#
    );
}

#[test]
fn flow_event_without_endpoints_has_nulls() {
    let event =
        tell(ABANDONED, |telling| flow_event(&telling.contact_state(0, s(1)), serde_json::Map::new()));
    let data = &event["Details"]["ContactData"];
    assert_eq!((&data["CustomerEndpoint"], &data["SystemEndpoint"]), (&Value::Null, &Value::Null));
}

#[test]
fn contact_event_knows_only_what_has_happened() {
    let event = tell(CALL, |telling| telling.contact_event(0, &EventKind::Queued, s(2)));
    assert_json_snapshot!(event, @r#"
    {
      "account": "123456789012",
      "detail": {
        "channel": "VOICE",
        "connectedToSystemTimestamp": "2026-01-31T09:30:00.000Z",
        "contactId": "11111111-1111-4111-8111-111111111111",
        "eventType": "QUEUED",
        "initiationMethod": "INBOUND",
        "initiationTimestamp": "2026-01-31T09:30:00.000Z",
        "instanceArn": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe",
        "queueInfo": {
          "enqueueTimestamp": "2026-01-31T09:30:02.000Z",
          "queueArn": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/queue/73886313-a3bb-4f51-985b-e16f3cf06888",
          "queueType": "STANDARD"
        },
        "segmentAttributes": {
          "connect:Subtype": {
            "valueString": "connect:Telephony"
          }
        },
        "tags": {
          "aws:connect:instanceId": "5ca1ab1e-0000-4000-8000-00000000cafe",
          "aws:connect:systemEndpoint": "+18005550199"
        }
      },
      "detail-type": "Amazon Connect Contact Event",
      "id": "78b21f5b-730b-4367-9955-f2107aeea4b8",
      "region": "us-east-1",
      "resources": [
        "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe",
        "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/contact/11111111-1111-4111-8111-111111111111"
      ],
      "source": "aws.connect",
      "time": "2026-01-31T09:30:02Z",
      "version": "0"
    }
    "#);
}

#[test]
fn contact_event_of_the_second_leg_when_it_is_complete() {
    let event = tell(CALL, |telling| telling.contact_event(1, &EventKind::Completed, s(130)));
    assert_json_snapshot!(event["detail"], @r#"
    {
      "agentInfo": {
        "afterContactWorkDuration": 10,
        "afterContactWorkEndTimestamp": "2026-01-31T09:32:10.000Z",
        "afterContactWorkStartTimestamp": "2026-01-31T09:32:00.000Z",
        "agentArn": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/agent/be6be6fb-10c4-4b3e-a1a2-a19a839b7f7c",
        "connectedToAgentTimestamp": "2026-01-31T09:31:20.000Z"
      },
      "channel": "VOICE",
      "connectedToSystemTimestamp": "2026-01-31T09:31:00.000Z",
      "contactId": "22222222-2222-4222-8222-222222222222",
      "disconnectReason": "CUSTOMER_DISCONNECT",
      "disconnectTimestamp": "2026-01-31T09:32:00.000Z",
      "eventType": "COMPLETED",
      "initialContactId": "11111111-1111-4111-8111-111111111111",
      "initiationMethod": "TRANSFER",
      "initiationTimestamp": "2026-01-31T09:31:00.000Z",
      "instanceArn": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe",
      "previousContactId": "11111111-1111-4111-8111-111111111111",
      "queueInfo": {
        "enqueueTimestamp": "2026-01-31T09:31:00.000Z",
        "queueArn": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/queue/a7d2fd18-e9b2-4207-9d3f-ed7e61242074",
        "queueType": "STANDARD"
      },
      "segmentAttributes": {
        "connect:Subtype": {
          "valueString": "connect:Telephony"
        }
      },
      "tags": {
        "aws:connect:instanceId": "5ca1ab1e-0000-4000-8000-00000000cafe",
        "aws:connect:systemEndpoint": "+18005550199"
      }
    }
    "#);
}

#[test]
fn abandoned_call_disconnects_without_an_agent() {
    let event = tell(ABANDONED, |telling| telling.contact_event(0, &EventKind::Disconnected, s(30)));
    assert_json_snapshot!(event["detail"], @r#"
    {
      "channel": "VOICE",
      "connectedToSystemTimestamp": "2026-01-31T09:30:00.000Z",
      "contactId": "11111111-1111-4111-8111-111111111111",
      "disconnectReason": "TELECOM_PROBLEM",
      "disconnectTimestamp": "2026-01-31T09:30:30.000Z",
      "eventType": "DISCONNECTED",
      "initiationMethod": "INBOUND",
      "initiationTimestamp": "2026-01-31T09:30:00.000Z",
      "instanceArn": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe",
      "queueInfo": {
        "enqueueTimestamp": "2026-01-31T09:30:02.000Z",
        "queueArn": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/queue/73886313-a3bb-4f51-985b-e16f3cf06888",
        "queueType": "STANDARD"
      },
      "segmentAttributes": {
        "connect:Subtype": {
          "valueString": "connect:Telephony"
        }
      },
      "tags": {
        "aws:connect:instanceId": "5ca1ab1e-0000-4000-8000-00000000cafe"
      }
    }
    "#);
}

#[test]
fn expired_routing_names_the_agent_that_did_not_answer() {
    let event = tell(ABANDONED, |telling| {
        telling.contact_event(0, &EventKind::RoutingExpired("agent-1".to_owned()), s(20))
    });
    let detail = &event["detail"];
    assert_json_snapshot!(json!([detail["updatedProperties"], detail["routingCriteria"]]), @r#"
    [
      [
        "RoutingCriteria.Step.Status"
      ],
      {
        "activationTimestamp": "2026-01-31T09:30:00.000Z",
        "index": 1,
        "steps": [
          {
            "expiry": {
              "durationInSeconds": 20,
              "expiryTimestamp": "2026-01-31T09:30:20.000Z"
            },
            "expression": {
              "attributeCondition": {
                "comparisonOperator": "Match",
                "matchCriteria": {
                  "agentsCriteria": {
                    "agentIds": [
                      "1383c88c-91ee-403b-b1b1-42e93686e3e5"
                    ]
                  }
                }
              }
            },
            "status": "EXPIRED"
          },
          {
            "expression": {
              "attributeCondition": {
                "comparisonOperator": "NumberGreaterOrEqualTo",
                "name": "Language",
                "proficiencyLevel": 1.0,
                "value": "English"
              }
            },
            "status": "ACTIVE"
          }
        ]
      }
    ]
    "#);
}

#[test]
fn contact_record_of_the_first_leg() {
    let record = tell(CALL, |telling| telling.contact_record(0, s(95), true));
    assert_json_snapshot!(record, @r#"
    {
      "AWSAccountId": "123456789012",
      "AWSContactTraceRecordFormatVersion": "2017-03-10",
      "Agent": {
        "ARN": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/agent/1383c88c-91ee-403b-b1b1-42e93686e3e5",
        "AfterContactWorkDuration": 10,
        "AfterContactWorkEndTimestamp": "2026-01-31T09:31:30Z",
        "AfterContactWorkStartTimestamp": "2026-01-31T09:31:20Z",
        "AgentInteractionDuration": 45,
        "ConnectedToAgentTimestamp": "2026-01-31T09:30:20Z",
        "CustomerHoldDuration": 15,
        "HierarchyGroups": null,
        "LongestHoldDuration": 15,
        "NumberOfHolds": 1,
        "RoutingProfile": {
          "ARN": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/routing-profile/82df56c8-c5fb-4926-8518-a03f41ab852d",
          "Name": "Basic Routing Profile"
        },
        "Username": "agent-1"
      },
      "AgentConnectionAttempts": 1,
      "AnsweringMachineDetectionStatus": null,
      "Attributes": {
        "language": "English"
      },
      "Campaign": {
        "CampaignId": null
      },
      "Channel": "VOICE",
      "ConnectedToSystemTimestamp": "2026-01-31T09:30:00Z",
      "ContactDetails": {},
      "ContactId": "11111111-1111-4111-8111-111111111111",
      "ContactLens": null,
      "CustomerEndpoint": {
        "Address": "+12065550100",
        "Type": "TELEPHONE_NUMBER"
      },
      "CustomerVoiceActivity": null,
      "DisconnectReason": "AGENT_DISCONNECT",
      "DisconnectTimestamp": "2026-01-31T09:31:20Z",
      "InitialContactId": null,
      "InitiationMethod": "INBOUND",
      "InitiationTimestamp": "2026-01-31T09:30:00Z",
      "InstanceARN": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe",
      "LastUpdateTimestamp": "2026-01-31T09:31:35Z",
      "MediaStreams": [
        {
          "Type": "AUDIO"
        }
      ],
      "NextContactId": "22222222-2222-4222-8222-222222222222",
      "PreviousContactId": null,
      "QualityMetrics": null,
      "Queue": {
        "ARN": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/queue/73886313-a3bb-4f51-985b-e16f3cf06888",
        "DequeueTimestamp": "2026-01-31T09:30:20Z",
        "Duration": 18,
        "EnqueueTimestamp": "2026-01-31T09:30:02Z",
        "Name": "Service"
      },
      "Recording": {
        "DeletionReason": null,
        "Location": "connect-local/connect/callbridge/CallRecordings/2026/01/31/11111111-1111-4111-8111-111111111111_20260131T09:30_UTC.wav",
        "Status": "AVAILABLE",
        "Type": "AUDIO"
      },
      "Recordings": [
        {
          "DeletionReason": null,
          "FragmentStartNumber": null,
          "FragmentStopNumber": null,
          "Location": "connect-local/connect/callbridge/CallRecordings/2026/01/31/11111111-1111-4111-8111-111111111111_20260131T09:30_UTC.wav",
          "MediaStreamType": "AUDIO",
          "ParticipantType": null,
          "StartTimestamp": null,
          "Status": "AVAILABLE",
          "StopTimestamp": null,
          "StorageType": "S3"
        }
      ],
      "References": [],
      "RelatedContactId": null,
      "RoutingCriteria": null,
      "ScheduledTimestamp": null,
      "SegmentAttributes": {
        "connect:Subtype": {
          "ValueString": "connect:Telephony"
        }
      },
      "SystemEndpoint": {
        "Address": "+18005550199",
        "Type": "TELEPHONE_NUMBER"
      },
      "Tags": {
        "aws:connect:instanceId": "5ca1ab1e-0000-4000-8000-00000000cafe",
        "aws:connect:systemEndpoint": "+18005550199"
      },
      "TransferCompletedTimestamp": null,
      "TransferredToEndpoint": null,
      "VoiceIdResult": null
    }
    "#);
}

#[test]
fn contact_record_before_the_recording_arrived() {
    let record = tell(CALL, |telling| telling.contact_record(1, s(135), false));
    assert_eq!((&record["Recording"], &record["Recordings"]), (&Value::Null, &Value::Null));
}

#[test]
fn contact_record_of_an_abandoned_call() {
    let record = tell(ABANDONED, |telling| telling.contact_record(0, s(35), true));
    assert_json_snapshot!(
        json!([record["Agent"], record["AgentConnectionAttempts"], record["Queue"], record["Recording"], record["DisconnectReason"]]),
        @r#"
    [
      null,
      0,
      {
        "ARN": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/queue/73886313-a3bb-4f51-985b-e16f3cf06888",
        "DequeueTimestamp": "2026-01-31T09:30:30Z",
        "Duration": 28,
        "EnqueueTimestamp": "2026-01-31T09:30:02Z",
        "Name": "Service"
      },
      null,
      "TELECOM_PROBLEM"
    ]
    "#
    );
}
