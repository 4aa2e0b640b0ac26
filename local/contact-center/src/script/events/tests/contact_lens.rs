use connect::analysis::Analysis;
use connect::contact_lens::{EventType, Segment, SegmentEvent};

use super::*;
use crate::script::contact_lens::{Entry, entries};

const ANALYZED: &str = r#"
summary: A transfer that Contact Lens listens to.
contact:
  from: "+12065550100"
  to: "+18005550199"
  recording: true
  contact_lens: { redacted: true, summary: The customer wants the invoice again. }
steps:
  - { at: 20s, answer: agent-1 }
  - { at: 21s, agent: { text: What is your number?, sentiment: positive } }
  - { at: 25s, customer: { text: It is 206-555-0100., length: 2s, sentiment: negative } }
  - { at: 28s, category: Angry }
  - { at: 29s, category: { name: Sentiment, points_of_interest: none } }
  - { at: 30s, category: { name: Untold, points_of_interest: missing } }
  - { at: 31s, customer: { text: Hello?, sentiment: none } }
  - { at: 1m, transfer: Billing }
  - { at: 80s, answer: agent-2 }
  - { at: 81s, agent: Hello again }
  - { at: 2m, hang_up: customer }
"#;

fn event(entry: &Entry) -> Value {
    tell(ANALYZED, |telling| telling.contact_lens_event(0, entry))
}

#[test]
fn a_part_of_a_line_as_it_is_spoken() {
    assert_json_snapshot!(event(&Entry::Utterance { line: 1, part: 0 }), @r#"
    {
      "AccountId": "123456789012",
      "Channel": "VOICE",
      "ContactId": "11111111-1111-4111-8111-111111111111",
      "EventType": "SEGMENTS",
      "InstanceId": "5ca1ab1e-0000-4000-8000-00000000cafe",
      "LanguageCode": "en-US",
      "Segments": [
        {
          "Utterance": {
            "BeginOffsetMillis": 5000,
            "EndOffsetMillis": 7000,
            "Id": "39f8f98e-15bc-4912-9dc6-ba2b0d0ab8e0",
            "PartialContent": "It is 206-555-0100.",
            "ParticipantId": "CUSTOMER",
            "ParticipantRole": "CUSTOMER",
            "TranscriptId": "bbbeab4c-9f02-4b6b-b232-e13cb30bf2ba"
          }
        }
      ],
      "Version": "1.0.0"
    }
    "#);
}

#[test]
fn the_turn_has_the_id_that_its_parts_name() {
    let segment = |entry| event(&entry)["Segments"][0].clone();
    let turn = segment(Entry::Transcript { line: 1 });
    let utterance = segment(Entry::Utterance { line: 1, part: 0 });
    assert_eq!(turn["Transcript"]["Id"], utterance["Utterance"]["TranscriptId"]);
    assert_json_snapshot!(turn, @r#"
    {
      "Transcript": {
        "BeginOffsetMillis": 5000,
        "Content": "It is 206-555-0100.",
        "EndOffsetMillis": 7000,
        "Id": "bbbeab4c-9f02-4b6b-b232-e13cb30bf2ba",
        "ParticipantId": "CUSTOMER",
        "ParticipantRole": "CUSTOMER",
        "Sentiment": "NEGATIVE"
      }
    }
    "#);
    let untold = segment(Entry::Transcript { line: 2 });
    assert_eq!(untold["Transcript"].get("Sentiment"), None);
}

#[test]
fn categories_have_points_of_interest_or_none_or_no_details() {
    let found: Vec<_> = (0..3)
        .map(|number| event(&Entry::Category { number })["Segments"][0]["Categories"].clone())
        .collect();
    assert_json_snapshot!(found, @r#"
    [
      {
        "MatchedCategories": [
          "Angry"
        ],
        "MatchedDetails": {
          "Angry": {
            "PointsOfInterest": [
              {
                "BeginOffsetMillis": 5000,
                "EndOffsetMillis": 7000
              }
            ]
          }
        }
      },
      {
        "MatchedCategories": [
          "Sentiment"
        ],
        "MatchedDetails": {
          "Sentiment": {
            "PointsOfInterest": []
          }
        }
      },
      {
        "MatchedCategories": [
          "Untold"
        ],
        "MatchedDetails": {}
      }
    ]
    "#);
}

#[test]
fn the_function_reads_every_record_of_the_stream() {
    tell(ANALYZED, |telling| {
        let script = Script::parse(Path::new("a-call.yaml"), ANALYZED).unwrap();
        let all = entries(telling.analysis.unwrap(), &script.steps);
        let mut kinds = Vec::new();
        for (_, leg, entry) in all {
            let json = telling.contact_lens_event(leg, &entry).to_string();
            let event = SegmentEvent::read(json.as_bytes()).unwrap();
            assert_eq!(event.contact_id.as_str(), telling.scene.contact_id(leg));
            kinds.push(match event.event_type {
                EventType::Segments => match event.segments.into_iter().next().unwrap().unwrap() {
                    Segment::Utterance(_) => "utterance",
                    Segment::Transcript(_) => "transcript",
                    Segment::Categories(_) => "categories",
                    Segment::PostContactSummary(_) => "summary",
                    Segment::Other(_) => "other",
                },
                EventType::Started => "started",
                EventType::Completed => "completed",
                _ => "other",
            });
        }
        let first = "started utterance transcript utterance transcript categories categories categories utterance \
                     transcript";
        let second = "started utterance summary completed transcript summary completed";
        assert_eq!(kinds.join(" "), format!("{first} {second}"));
    });
}

#[test]
fn the_analysis_file_of_a_leg() {
    let (key, file) = tell(ANALYZED, |telling| telling.analysis_file(0, false));
    assert_eq!(
        key,
        "connect/callbridge/Analysis/Voice/2026/01/31/11111111-1111-4111-8111-111111111111_analysis_2026-01-31T09:30:20Z.json"
    );
    assert_json_snapshot!(file, @r#"
    {
      "AccountId": "123456789012",
      "Categories": {
        "MatchedCategories": [
          "Angry",
          "Sentiment",
          "Untold"
        ],
        "MatchedDetails": {
          "Angry": {
            "PointsOfInterest": [
              {
                "BeginOffsetMillis": 5000,
                "EndOffsetMillis": 7000
              }
            ]
          },
          "Sentiment": {
            "PointsOfInterest": []
          }
        }
      },
      "Channel": "VOICE",
      "ContentMetadata": {
        "Output": "Raw"
      },
      "ConversationCharacteristics": {
        "Sentiment": {
          "OverallSentiment": {
            "AGENT": 5.0,
            "CUSTOMER": -5.0
          },
          "SentimentByPeriod": {}
        },
        "TalkTime": {
          "DetailsByParticipant": {
            "AGENT": {
              "TotalTimeMillis": 1400
            },
            "CUSTOMER": {
              "TotalTimeMillis": 2350
            }
          },
          "TotalTimeMillis": 3750
        },
        "TotalConversationDurationMillis": 60000
      },
      "CustomModels": [],
      "CustomerMetadata": {
        "ContactId": "11111111-1111-4111-8111-111111111111",
        "InputS3Uri": "s3://connect-local/connect/callbridge/CallRecordings/2026/01/31/11111111-1111-4111-8111-111111111111_20260131T09:30_UTC.wav",
        "InstanceId": "5ca1ab1e-0000-4000-8000-00000000cafe"
      },
      "JobStatus": "COMPLETED",
      "LanguageCode": "en-US",
      "Participants": [
        {
          "ParticipantId": "AGENT",
          "ParticipantRole": "AGENT"
        },
        {
          "ParticipantId": "CUSTOMER",
          "ParticipantRole": "CUSTOMER"
        }
      ],
      "Transcript": [
        {
          "BeginOffsetMillis": 1000,
          "Content": "What is your number?",
          "EndOffsetMillis": 2400,
          "Id": "26564ebd-f02a-4a3c-b084-c09e7287aa36",
          "LoudnessScore": [
            null,
            68.5
          ],
          "ParticipantId": "AGENT",
          "Sentiment": "POSITIVE"
        },
        {
          "BeginOffsetMillis": 5000,
          "Content": "It is 206-555-0100.",
          "EndOffsetMillis": 7000,
          "Id": "bbbeab4c-9f02-4b6b-b232-e13cb30bf2ba",
          "LoudnessScore": [
            null,
            68.5
          ],
          "ParticipantId": "CUSTOMER",
          "Sentiment": "NEGATIVE"
        },
        {
          "BeginOffsetMillis": 11000,
          "Content": "Hello?",
          "EndOffsetMillis": 11350,
          "Id": "23e427d9-15d8-4353-a773-15f7baf4e730",
          "LoudnessScore": [
            null,
            68.5
          ],
          "ParticipantId": "CUSTOMER"
        }
      ],
      "Version": "1.1.0"
    }
    "#);
}

#[test]
fn the_redacted_file_has_no_numbers() {
    let (key, file) = tell(ANALYZED, |telling| telling.analysis_file(0, true));
    assert!(key.contains("/Voice/Redacted/2026/01/31/") && key.contains("_analysis_redacted_2026"), "{key}");
    assert_eq!(file["Transcript"][1]["Content"], "It is [PII]");
    assert_eq!(file["ContentMetadata"]["Output"], "Redacted");
}

#[test]
fn the_function_reads_the_file() {
    let file = tell(ANALYZED, |telling| telling.analysis_file(0, false)).1.to_string();
    let analysis = Analysis::read(file.as_bytes()).unwrap();
    assert_eq!((analysis.turns.len(), analysis.duration_millis()), (3, Some(60_000)));
    let scores: Vec<_> = analysis.overall_scores().map(|(_, score)| score).collect();
    assert_eq!(scores, [5.0, -5.0]);
}

#[test]
fn describe_contact_tells_what_has_happened_until_then() {
    let told = |at| tell(CALL, |telling| telling.described(1, s(at)));
    assert_json_snapshot!(json!([told(60), told(120)]), @r#"
    [
      {
        "Arn": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/contact/22222222-2222-4222-8222-222222222222",
        "Channel": "VOICE",
        "ConnectedToSystemTimestamp": 1769851860.0,
        "InitialContactId": "11111111-1111-4111-8111-111111111111",
        "InitiationMethod": "TRANSFER",
        "InitiationTimestamp": 1769851860.0,
        "PreviousContactId": "11111111-1111-4111-8111-111111111111"
      },
      {
        "AgentInfo": {
          "ConnectedToAgentTimestamp": 1769851880.0,
          "Id": "be6be6fb-10c4-4b3e-a1a2-a19a839b7f7c"
        },
        "Arn": "arn:aws:connect:us-east-1:123456789012:instance/5ca1ab1e-0000-4000-8000-00000000cafe/contact/22222222-2222-4222-8222-222222222222",
        "Channel": "VOICE",
        "ConnectedToSystemTimestamp": 1769851860.0,
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "DisconnectTimestamp": 1769851920.0,
        "InitialContactId": "11111111-1111-4111-8111-111111111111",
        "InitiationMethod": "TRANSFER",
        "InitiationTimestamp": 1769851860.0,
        "PreviousContactId": "11111111-1111-4111-8111-111111111111"
      }
    ]
    "#);
}
