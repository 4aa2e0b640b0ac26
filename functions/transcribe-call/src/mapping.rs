//! What was heard, as messages of the transcript. Pure.

use chrono::{DateTime, Utc};
use connect::ContactId;
use kvs_media::Side;
use salesforce::telephony::{Message, SenderType};

use crate::audio::MediaTime;
use crate::transcriber::Heard;

/// The message for what was heard of `contact`, a leg of the conversation that began with `conversation`.
///
/// Its id says which utterance it is, so that it is the same when the call is transcribed again from the same place. A
/// partial result says how far it goes, because the API takes each id once.
pub(crate) fn message(heard: &Heard, contact: &ContactId, conversation: &ContactId) -> Message {
    let (side, role, sender_type) = match heard.side {
        Side::FromCustomer => ("customer", "END_USER", SenderType::EndUser),
        // The user who the agent is in Salesforce is not known here, nor whether it is the agent or a prompt.
        Side::ToCustomer => ("agent", "VIRTUAL_AGENT", SenderType::VirtualAgent),
    };
    let mut message_id = format!("{contact}-{side}-{}", heard.starts.millis());
    if heard.is_partial {
        message_id.push_str(&format!("-{}", heard.ends.millis()));
    }
    Message {
        participant_id: format!("{conversation}{role}").into(),
        message_id,
        start_time: timestamp(heard.starts),
        end_time: timestamp(heard.ends),
        content: heard.text.clone(),
        sender_type,
    }
}

fn timestamp(at: MediaTime) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.millis()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_are_the_conversations_and_their_ids_the_utterances() {
        let (leg, first) = (ContactId::parse("leg-2").unwrap(), ContactId::parse("leg-1").unwrap());
        let heard = |side, is_partial| Heard {
            side,
            starts: MediaTime::from_millis(1_772_470_001_250),
            ends: MediaTime::from_millis(1_772_470_002_000),
            text: "I would like to return my order.".into(),
            is_partial,
        };
        let customer = message(&heard(Side::FromCustomer, false), &leg, &first);
        insta::assert_json_snapshot!(customer, @r#"
        {
          "participantId": "leg-1END_USER",
          "messageId": "leg-2-customer-1772470001250",
          "startTime": 1772470001250,
          "endTime": 1772470002000,
          "content": "I would like to return my order.",
          "senderType": "END_USER"
        }
        "#);
        let agent = message(&heard(Side::ToCustomer, false), &leg, &first);
        assert_eq!(
            json!([agent.participant_id, agent.message_id, agent.sender_type]),
            json!(["leg-1VIRTUAL_AGENT", "leg-2-agent-1772470001250", "VIRTUAL_AGENT"])
        );
        let partial = message(&heard(Side::ToCustomer, true), &leg, &first);
        assert_eq!(partial.message_id, "leg-2-agent-1772470001250-1772470002000");
    }
}
