//! What the function is asked for. Pure.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use connect::ContactId;
use salesforce::RecordId;
use serde_json::Value;

/// As many calls are worked off in one invocation, unless the request says how many.
const DEFAULT_LIMIT: usize = 1_000;
/// The report of more would not fit into the reply of a Lambda function, 6 MB.
const MOST_CALLS: usize = 20_000;

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(crate) enum Operation {
    /// Upload the transcripts of these contacts.
    Upload {
        contacts: Vec<Wanted>,
        /// Whatever is known of an earlier upload.
        again: bool,
    },
    /// Tell how far uploads are.
    Status(Vec<String>),
    /// Upload the transcripts of all calls of a time that have none.
    Backfill(Backfill),
}

/// A contact whose transcript is wanted.
#[derive(Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) contact_id: ContactId,
    /// What the transcript belongs to in Salesforce; empty for the contact's own VoiceCall.
    pub(crate) related_records: Vec<RecordId>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Backfill {
    /// Calls that started from here on,
    pub(crate) from: DateTime<Utc>,
    /// and before.
    pub(crate) to: DateTime<Utc>,
    /// Where an earlier invocation left off.
    pub(crate) cursor: Option<Cursor>,
    /// How many conversations, at most.
    pub(crate) limit: usize,
    /// Only tell what would be done.
    pub(crate) dry_run: bool,
    pub(crate) again: bool,
}

/// Everything up to this call is done: its start, and among calls of the same start its id.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cursor {
    pub(crate) started: DateTime<Utc>,
    pub(crate) id: RecordId,
}

/// What is wrong with a request, in words for whoever invoked the function. They repeat nothing of it.
#[derive(Debug, PartialEq)]
pub(crate) struct BadRequest(pub(crate) String);

type Result<T> = std::result::Result<T, BadRequest>;

impl Operation {
    /// The name by which requests and metrics call it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Upload { .. } => "uploadTranscript",
            Self::Status(_) => "fetchUploadIdsStatus",
            Self::Backfill(_) => "backfill",
        }
    }

    pub(crate) fn read(event: &Value, most_contacts: usize) -> Result<Self> {
        match event["operation"].as_str() {
            Some("uploadTranscript") => {
                Ok(Self::Upload { contacts: wanted(event, most_contacts)?, again: flag(event, "again")? })
            }
            Some("fetchUploadIdsStatus") => Ok(Self::Status(upload_ids(event)?)),
            Some("backfill") => Ok(Self::Backfill(Backfill::read(event)?)),
            _ => bad("operation is not one of uploadTranscript, fetchUploadIdsStatus and backfill"),
        }
    }
}

impl Backfill {
    fn read(event: &Value) -> Result<Self> {
        let (from, to) = (time(event, "from")?, time(event, "to")?);
        if from >= to {
            return bad("from is not before to");
        }
        let cursor = match &event["cursor"] {
            Value::Null => None,
            Value::String(text) => Some(Cursor::parse(text).ok_or_else(not_a_cursor)?),
            _ => return Err(not_a_cursor()),
        };
        let limit = match &event["limit"] {
            Value::Null => DEFAULT_LIMIT,
            limit => limit
                .as_u64()
                .and_then(|limit| usize::try_from(limit).ok())
                .filter(|limit| (1..=MOST_CALLS).contains(limit))
                .ok_or_else(|| BadRequest(format!("limit is not a number from 1 to {MOST_CALLS}")))?,
        };
        let (dry_run, again) = (flag(event, "dryRun")?, flag(event, "again")?);
        Ok(Self { from, to, cursor, limit, dry_run, again })
    }
}

impl Cursor {
    fn parse(text: &str) -> Option<Self> {
        let (started, id) = text.split_once('/')?;
        Some(Self { started: started.parse().ok()?, id: RecordId::parse(id).ok()? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", date_time(self.started), self.id)
    }
}

/// As queries have it.
pub(crate) fn date_time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn wanted(event: &Value, most: usize) -> Result<Vec<Wanted>> {
    let payload = event["payload"].as_array().filter(|payload| !payload.is_empty());
    let payload = payload.ok_or_else(|| BadRequest("payload is missing or empty".to_owned()))?;
    if payload.len() > most {
        return bad(format!("payload has more than {most} contacts (MAX_CONTACT_IDS)"));
    }
    let contact = |(place, contact): (usize, &Value)| {
        let contact_id = contact["contactId"].as_str().and_then(|id| ContactId::parse(id).ok());
        let contact_id = contact_id
            .ok_or_else(|| BadRequest(format!("payload[{place}].contactId is not the id of a contact")))?;
        let related = match &contact["relatedRecords"] {
            Value::Null => Some(Vec::new()),
            Value::Array(ids) => ids.iter().map(|id| RecordId::parse(id.as_str()?).ok()).collect(),
            _ => None,
        };
        let problem =
            || BadRequest(format!("payload[{place}].relatedRecords is not a list of ids of records"));
        Ok(Wanted { contact_id, related_records: related.ok_or_else(problem)? })
    };
    payload.iter().enumerate().map(contact).collect()
}

fn upload_ids(event: &Value) -> Result<Vec<String>> {
    let ids = event["uploadIds"].as_array().filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| BadRequest("uploadIds is missing or empty".to_owned()))?;
    let id = |id: &Value| id.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    ids.iter()
        .map(id)
        .collect::<Option<_>>()
        .ok_or_else(|| BadRequest("uploadIds is not a list of texts".to_owned()))
}

fn flag(event: &Value, name: &str) -> Result<bool> {
    match &event[name] {
        Value::Null => Ok(false),
        Value::Bool(flag) => Ok(*flag),
        _ => bad(format!("{name} is neither true nor false")),
    }
}

/// A time, or a day, which begins at midnight UTC.
fn time(event: &Value, name: &str) -> Result<DateTime<Utc>> {
    let text = event[name].as_str().unwrap_or_default();
    let day = || text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let time = text.parse().ok().or_else(day);
    time.ok_or_else(|| {
        BadRequest(format!(
            "{name} is neither a day such as 2026-03-02 nor a time such as 2026-03-02T17:04:00Z"
        ))
    })
}

fn not_a_cursor() -> BadRequest {
    BadRequest("cursor is not one that this function has returned".to_owned())
}

fn bad<T>(problem: impl Into<String>) -> Result<T> {
    Err(BadRequest(problem.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_as_today_and_of_a_time() {
        let read = |event: Value| Operation::read(&event, 2).unwrap();
        let contact = json!({ "contactId": "c-1", "relatedRecords": ["0LQ5e0000000001GAA"] });
        assert_eq!(
            read(json!({ "operation": "uploadTranscript", "payload": [contact, { "contactId": "c-2" }] })),
            Operation::Upload {
                contacts: vec![
                    Wanted {
                        contact_id: ContactId::parse("c-1").unwrap(),
                        related_records: vec![RecordId::parse("0LQ5e0000000001").unwrap()],
                    },
                    Wanted { contact_id: ContactId::parse("c-2").unwrap(), related_records: vec![] },
                ],
                again: false,
            }
        );
        let status = read(json!({ "operation": "fetchUploadIdsStatus", "uploadIds": ["u-1"] }));
        assert_eq!(status, Operation::Status(vec!["u-1".to_owned()]));
        let cursor = "2026-03-02T17:04:00.000Z/0LQ5e0000000001GAA";
        let event = json!({
            "operation": "backfill", "from": "2026-03-02", "to": "2026-03-02T18:00:00+01:00",
            "dryRun": true, "again": true, "limit": 5, "cursor": cursor,
        });
        let Operation::Backfill(backfill) = read(event) else { unreachable!() };
        assert_eq!(
            (date_time(backfill.from), date_time(backfill.to)),
            ("2026-03-02T00:00:00.000Z".to_owned(), "2026-03-02T17:00:00.000Z".to_owned(),)
        );
        assert_eq!((backfill.limit, backfill.dry_run, backfill.again), (5, true, true));
        assert_eq!(backfill.cursor.unwrap().to_string(), cursor);
    }

    #[test]
    fn what_is_wrong_is_said_and_not_repeated() {
        let contact = json!({ "contactId": "c-1" });
        let secret = "+12065550100 /";
        let backfill = |field: &str, value: Value| {
            let mut event = json!({ "operation": "backfill", "from": "2026-03-02", "to": "2026-03-03" });
            event[field] = value;
            event
        };
        let mut problems = String::new();
        for event in [
            json!(null),
            json!({ "operation": secret }),
            json!({ "operation": "uploadTranscript" }),
            json!({ "operation": "uploadTranscript", "payload": [] }),
            json!({ "operation": "uploadTranscript", "payload": [contact, contact, contact] }),
            json!({ "operation": "uploadTranscript", "payload": [contact, { "contactId": secret }] }),
            json!({ "operation": "uploadTranscript", "payload": [{ "contactId": "c", "relatedRecords": [secret] }] }),
            json!({ "operation": "uploadTranscript", "payload": [{ "contactId": "c", "relatedRecords": secret }] }),
            json!({ "operation": "fetchUploadIdsStatus", "uploadIds": [] }),
            json!({ "operation": "fetchUploadIdsStatus", "uploadIds": [1] }),
            backfill("from", json!(secret)),
            backfill("to", json!(null)),
            backfill("to", json!("2026-03-02")),
            backfill("cursor", json!(secret)),
            backfill("limit", json!(0)),
            backfill("dryRun", json!("true")),
        ] {
            let BadRequest(problem) = Operation::read(&event, 2).unwrap_err();
            assert!(!problem.contains("555"), "{problem}");
            problems += &problem;
            problems += "\n";
        }
        insta::assert_snapshot!(problems, @r"
        operation is not one of uploadTranscript, fetchUploadIdsStatus and backfill
        operation is not one of uploadTranscript, fetchUploadIdsStatus and backfill
        payload is missing or empty
        payload is missing or empty
        payload has more than 2 contacts (MAX_CONTACT_IDS)
        payload[1].contactId is not the id of a contact
        payload[0].relatedRecords is not a list of ids of records
        payload[0].relatedRecords is not a list of ids of records
        uploadIds is missing or empty
        uploadIds is not a list of texts
        from is neither a day such as 2026-03-02 nor a time such as 2026-03-02T17:04:00Z
        to is neither a day such as 2026-03-02 nor a time such as 2026-03-02T17:04:00Z
        from is not before to
        cursor is not one that this function has returned
        limit is not a number from 1 to 20000
        dryRun is neither true nor false
        ");
    }
}
