use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn message(id: usize, sender_type: SenderType) -> Message {
    let at = DateTime::from_timestamp_millis(1_800_000_000_123 + id as i64).unwrap();
    Message {
        participant_id: format!("{sender_type:?}").into(),
        message_id: id.to_string(),
        start_time: at,
        end_time: at,
        content: "hello".into(),
        sender_type,
    }
}

fn key(name: &str) -> CallKey {
    CallKey::parse(name).unwrap()
}

#[test]
fn one_side_of_a_call_fills_one_entry_up_to_five() {
    let messages = (0..12).map(|id| (key("a"), message(id, SenderType::EndUser)));
    let batches = MessageBatch::split(messages);
    assert_eq!(batches.iter().map(MessageBatch::len).collect::<Vec<_>>(), [5, 5, 2]);
    assert!(batches.iter().all(|batch| batch.entries.len() == 1));
}

#[test]
fn a_change_of_speaker_begins_an_entry() {
    let sides = [SenderType::EndUser, SenderType::EndUser, SenderType::VirtualAgent, SenderType::EndUser];
    let messages = sides.into_iter().enumerate().map(|(id, side)| (key("a"), message(id, side)));
    let batches = MessageBatch::split(messages);
    let entries: Vec<_> = batches[0].entries.iter().map(|entry| entry.messages.len()).collect();
    assert_eq!((batches.len(), entries), (1, vec![2, 1, 1]));
}

#[test]
fn a_full_batch_hands_the_message_back() {
    let mut batch = MessageBatch::default();
    assert!(batch.is_empty());
    for call in ["a", "b", "c", "d", "e"] {
        batch.try_push(&key(call), message(0, SenderType::EndUser)).unwrap();
    }
    let refused = batch.try_push(&key("f"), message(1, SenderType::EndUser)).unwrap_err();
    assert_eq!(refused, message(1, SenderType::EndUser));
    batch.try_push(&key("a"), message(1, SenderType::EndUser)).unwrap();
    assert_eq!(batch.len(), 6);
}

#[test]
fn a_message_reads_what_it_writes() {
    let json = serde_json::json!({
        "participantId": "c1END_USER", "messageId": "m1", "startTime": 1_800_000_000_123_i64,
        "endTime": 1_800_000_000_456_i64, "content": "hello", "senderType": "END_USER",
    });
    let message: Message = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&message).unwrap(), json);
}

proptest! {
    #[test]
    fn every_batch_keeps_the_limits_and_the_order(spoken in proptest::collection::vec((0..8u8, any::<bool>()), 0..200)) {
        let messages: Vec<_> = spoken
            .iter()
            .enumerate()
            .map(|(id, (call, agent))| {
                let side = if *agent { SenderType::VirtualAgent } else { SenderType::EndUser };
                (key(&call.to_string()), message(id, side))
            })
            .collect();
        let batches = MessageBatch::split(messages.clone());
        let mut sent: BTreeMap<CallKey, Vec<Message>> = BTreeMap::new();
        for batch in &batches {
            prop_assert!(!batch.is_empty() && batch.entries.len() <= 5);
            let mut per_call: BTreeMap<&CallKey, usize> = BTreeMap::new();
            for entry in &batch.entries {
                *per_call.entry(&entry.vendor_call_key).or_default() += entry.messages.len();
                prop_assert!(entry.messages.iter().all(|message| message.sender_type == entry.messages[0].sender_type));
                sent.entry(entry.vendor_call_key.clone()).or_default().extend(entry.messages.clone());
            }
            prop_assert!(per_call.values().all(|count| *count <= 5));
        }
        let mut given: BTreeMap<CallKey, Vec<Message>> = BTreeMap::new();
        for (key, message) in messages {
            given.entry(key).or_default().push(message);
        }
        prop_assert_eq!(sent, given);
    }
}
