//! Sending a letter again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use lambda_kit::aws::{AwsError, Failure};
use lambda_kit::dead_letter::Source;
use lambda_kit::env::Env;
use lambda_kit::functions::{Answer, Functions};
use lambda_kit::kinesis::{BatchReply, replay_event};
use tokio::time::Instant;

use crate::aws::explain;
use crate::function::{bare, with_alias};
use crate::letter::{Letter, Work};
use crate::message::Range;
use crate::report::printable;
use crate::stream::Streams;

/// The longest that a function may take, and then some.
const INVOCATION: Duration = Duration::from_secs(16 * 60);

/// For Lambda to accept an event.
const ACCEPTANCE: Duration = Duration::from_secs(60);

/// Records that are invoked with together: as many as a stream brings at once, and below 6 MB in base64.
const BATCH_RECORDS: usize = 100;
const BATCH_BYTES: usize = 3 * 1024 * 1024;

/// Sends letters to their functions.
pub(crate) struct Sender {
    functions: Functions,
    streams: Streams,
    /// Instead of the function that a letter names.
    to: Option<String>,
    alias: String,
    /// Functions that cannot be invoked, by whatever letter, and why.
    hopeless: Mutex<HashMap<String, String>>,
}

impl Sender {
    pub(crate) fn new(env: &Env<'_>, sdk: &SdkConfig, to: Option<&str>, alias: &str) -> Self {
        Self {
            functions: Functions::new(env, sdk),
            streams: Streams::new(env, sdk),
            to: to.map(str::to_owned),
            alias: alias.to_owned(),
            hopeless: Mutex::default(),
        }
    }

    /// Sends a letter: its function has done it, or Lambda has accepted it. Else why not.
    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), String> {
        if let Work::Nothing(why) = &letter.work {
            return Err(why.clone());
        }
        let Some(function) = self.to.as_deref().or(letter.function.as_deref()) else {
            return Err("nobody knows for which function it is: say so with --to".into());
        };
        let function = with_alias(function, &self.alias);
        let known = self.hopeless.lock().unwrap_or_else(PoisonError::into_inner).get(&function).cloned();
        if let Some(why) = known {
            return Err(why);
        }
        match &letter.work {
            Work::Record(source, data) => self.invoke(&function, &[(source, data)]).await,
            Work::Range(range) => self.send_range(&function, range).await,
            Work::Event(event) => {
                let accepted = self.functions.start(&function, event, Instant::now() + ACCEPTANCE).await;
                accepted.map_err(|error| self.not_invoked(&function, &error))
            }
            Work::Nothing(why) => Err(why.clone()),
        }
    }

    async fn send_range(&self, function: &str, range: &Range) -> Result<(), String> {
        let found = self.streams.read(range).await?;
        let records: Vec<(&Source, &Vec<u8>)> =
            found.records.iter().map(|(source, data)| (source, data)).collect();
        for batch in batches(&records) {
            self.invoke(function, batch).await?;
        }
        match (found.is_whole, found.records.len()) {
            (true, _) => Ok(()),
            (false, 0) => Err("its records have expired from the stream".into()),
            (false, left) => Err(format!(
                "some of its records have expired from the stream; the {left} that were left of the {} are applied",
                range.batch_size
            )),
        }
    }

    async fn invoke(&self, function: &str, records: &[(&Source, &Vec<u8>)]) -> Result<(), String> {
        let event = replay_event(records.iter().map(|(source, data)| (*source, data.as_slice()))).to_string();
        match self.functions.invoke(function, &event, Instant::now() + INVOCATION).await {
            Ok(answer) => judge(&answer),
            Err(error) => Err(self.not_invoked(function, &error)),
        }
    }

    /// Why; and if that will not change, nothing else is sent there.
    fn not_invoked(&self, function: &str, error: &AwsError) -> String {
        let why = match &error.failure {
            Failure::Missing(_) => {
                let (name, alias) = (bare(function), function.rsplit(':').next().unwrap_or_default());
                format!(
                    "there is no function {name} with the alias {alias} in this account and region: choose another one with \
                     --to, another alias with --alias"
                )
            }
            _ => explain(error),
        };
        if matches!(error.failure, Failure::Missing(_) | Failure::Denied(_)) {
            let mut hopeless = self.hopeless.lock().unwrap_or_else(PoisonError::into_inner);
            hopeless.insert(function.to_owned(), why.clone());
        }
        why
    }
}

/// Whether a function is done with the records that it was invoked with, as Lambda would see it.
fn judge(answer: &Answer) -> Result<(), String> {
    let reply = match answer {
        Answer::Replied(reply) => reply,
        Answer::Failed { error_type, message } => {
            return Err(printable(&format!("the function failed: {error_type}: {message}")));
        }
    };
    match serde_json::from_str::<Option<BatchReply>>(reply) {
        Ok(reply) if reply.as_ref().is_none_or(|reply| reply.batch_item_failures.is_empty()) => Ok(()),
        Ok(_) => Err("the function cannot apply it yet: its log says why".into()),
        Err(_) => Err("the function's reply is none to records of a stream".into()),
    }
}

/// Cuts records into what goes into one invocation.
fn batches<'a, 'r>(records: &'r [(&'a Source, &'a Vec<u8>)]) -> Vec<&'r [(&'a Source, &'a Vec<u8>)]> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (index, (_, data)) in records.iter().enumerate() {
        if index > start && (index - start == BATCH_RECORDS || bytes + data.len() > BATCH_BYTES) {
            batches.push(&records[start..index]);
            (start, bytes) = (index, 0);
        }
        bytes += data.len();
    }
    batches.extend((start < records.len()).then(|| &records[start..]));
    batches
}

#[cfg(test)]
mod tests;
