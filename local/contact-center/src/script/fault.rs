//! What a script can break.

use std::time::Duration;

use salesforce_org::Operation;
use serde::{Deserialize, Deserializer, de};

use super::time;

/// What breaks, or is mended.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Salesforce answers badly, or not at all.
    Salesforce(SalesforceFault),
    /// Salesforce forgets every session it gave out.
    RevokeSessions,
    /// The key pairs are replaced, in the org and in the secret.
    RotateKeys,
    /// The secret disappears from Secrets Manager.
    DeleteSecret,
    /// The secret is put back.
    RestoreSecret,
    /// Every connection to Kinesis Video ends, or what it carries changes.
    KinesisVideo(KinesisVideoFault),
    /// Transcribe refuses sessions, or one breaks.
    Transcribe(TranscribeFault),
    /// Contact Lens tells what it hears late, twice, or not at all.
    ContactLens(ContactLensFault),
    /// The processes of this function that are at work are killed.
    Kill(String),
}

/// What becomes of the streamed audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KinesisVideoFault {
    /// The connections are closed, as AWS does after a while.
    Closed,
    /// The connections break, in the middle of a fragment.
    Broken,
    /// The connections end with this error in the stream, e.g. 5000.
    Error(u32),
    /// The stream is given to another contact.
    Reused,
}

/// What becomes of the records of Contact Lens's real-time stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactLensFault {
    /// The next record comes so much later, behind others.
    Late(#[serde(deserialize_with = "time::deserialize")] Duration),
    /// So many records are put twice.
    Doubled(usize),
    /// So many records come that nobody can read.
    Malformed(usize),
    /// The analysis fails: what is said from now on is not heard.
    Failed,
    /// Every record of the stream is delivered again, from the first one on.
    Again,
}

/// How Transcribe misbehaves, from the next session on that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TranscribeFault {
    /// Sessions are refused with this error, e.g. `LimitExceededException`.
    pub refuses: Option<String>,
    /// How many are refused.
    #[serde(default = "once")]
    pub times: u32,
    /// A session that is not refused ends with this error; without one, its connection breaks.
    pub exception: Option<String>,
    /// It does when it has heard so much audio.
    #[serde(default, deserialize_with = "time::deserialize")]
    pub after: Duration,
}

/// How Salesforce misbehaves.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SalesforceFault {
    /// The operation that is affected; left out: every request.
    #[serde(default, deserialize_with = "operation")]
    pub route: Option<Operation>,
    /// Answer with this HTTP status.
    pub status: Option<u16>,
    /// Seconds in the `Retry-After` header of that answer.
    pub retry_after: Option<u64>,
    /// Answer, but this much later.
    #[serde(default, deserialize_with = "time::deserialize_option")]
    pub latency: Option<Duration>,
    /// Break the connection.
    pub connection: Option<Connection>,
    /// Affect only this many requests.
    pub times: Option<u32>,
    /// Affect only this share of the requests, e.g. 0.05.
    pub rate: Option<f64>,
    /// Back to normal at this time after the ring.
    #[serde(default, deserialize_with = "time::deserialize_option")]
    pub until: Option<Duration>,
}

impl SalesforceFault {
    /// Every request is answered with this HTTP status, until that is mended.
    pub fn status(status: u16) -> Self {
        Self {
            route: None,
            status: Some(status),
            retry_after: None,
            latency: None,
            connection: None,
            times: None,
            rate: None,
            until: None,
        }
    }
}

/// How a connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// Before the request is looked at.
    Reset,
    /// After the request is executed: the reply is lost.
    LostReply,
}

fn operation<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Operation>, D::Error> {
    String::deserialize(deserializer)?.parse().map(Some).map_err(de::Error::custom)
}

fn once() -> u32 {
    1
}
