//! What Salesforce answers to an upload. Pure.

use std::collections::HashMap;

use salesforce::Fields;
use serde_json::Value;

/// The longest reason that is passed on, in characters.
const LONGEST_REASON: usize = 300;

/// What became of the transcript of one conversation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Accepted under this id.
    Accepted(String),
    /// Not accepted, and why, in Salesforce's words.
    Refused(String),
}

/// By conversation. The pages on the reply do not say how its fields are called; so each list in it is looked through, and
/// each name that pages on similar replies have.
pub(crate) fn answers(reply: &Fields) -> HashMap<&str, Answer> {
    reply.0.values().filter_map(Value::as_array).flatten().filter_map(answer).collect()
}

fn answer(result: &Value) -> Option<(&str, Answer)> {
    let text = |name: &str| result[name].as_str().filter(|text| !text.is_empty());
    let conversation = text("conversationIdentifier").or_else(|| text("conversationId"))?;
    let failed =
        |status: &&str| ["FAIL", "ERROR"].iter().any(|word| status.to_ascii_uppercase().contains(word));
    let reason = text("errorDetail").or_else(|| text("status").filter(failed));
    let answer = match (reason, text("uploadId")) {
        (Some(reason), _) => Answer::Refused(reason.chars().take(LONGEST_REASON).collect()),
        (None, Some(upload_id)) => Answer::Accepted(upload_id.to_owned()),
        (None, None) => return None,
    };
    Some((conversation, answer))
}

/// Replies about parts of the same question as one: lists are joined, of the rest the last counts.
pub(crate) fn joined(replies: impl IntoIterator<Item = Fields>) -> Fields {
    let mut joined = Fields::default();
    for Fields(reply) in replies {
        for (name, value) in reply {
            match (joined.0.get_mut(&name), value) {
                (Some(Value::Array(known)), Value::Array(mut more)) => known.append(&mut more),
                (_, value) => drop(joined.0.insert(name, value)),
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Fields {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn an_upload_is_accepted_or_refused_conversation_by_conversation() {
        let reply = fields(json!({
            "conversationBulkUploadsResults": [
                { "conversationIdentifier": "c-1", "uploadId": "u-1", "status": "SUCCESS", "errorDetail": null },
                { "conversationId": "c-2", "uploadId": "u-2", "status": "IN_PROGRESS" },
                { "conversationIdentifier": "c-3", "uploadId": "u-3", "errorDetail": "not closed" },
                { "conversationIdentifier": "c-4", "uploadId": "u-4", "status": "Failed" },
                { "conversationIdentifier": "c-5" },
                { "uploadId": "u-6" },
                "c-7",
            ],
            "count": 5,
        }));
        let answers = answers(&reply);
        assert_eq!(answers.len(), 4);
        assert_eq!(answers["c-1"], Answer::Accepted("u-1".to_owned()));
        assert_eq!(answers["c-2"], Answer::Accepted("u-2".to_owned()));
        assert_eq!(answers["c-3"], Answer::Refused("not closed".to_owned()));
        assert_eq!(answers["c-4"], Answer::Refused("Failed".to_owned()));
    }

    #[test]
    fn replies_about_parts_are_one() {
        let reply = |id: &str| fields(json!({ "statuses": [{ "uploadId": id }], "done": true }));
        let joined = joined([reply("u-1"), reply("u-2")]);
        assert_eq!(joined.0["statuses"], json!([{ "uploadId": "u-1" }, { "uploadId": "u-2" }]));
        assert_eq!(joined.0["done"], true);
    }
}
