//! The analysis file of a call.

use analysis_files::{AnalysisFiles, AnalysisKey, Error, day_prefix};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::calls::Call;

/// Some ten times what Contact Lens writes about four hours of talk.
const LONGEST_FILE: usize = 48 * 1024 * 1024;

/// A call goes on for hours, not for days: whatever its record says, no more folders are looked into.
const MOST_DAYS: usize = 3;

/// The files of one call center.
pub(crate) struct Files<'a> {
    pub(crate) files: &'a AnalysisFiles,
    pub(crate) bucket: &'a str,
    pub(crate) prefix: &'a str,
    pub(crate) redacted: bool,
    pub(crate) deadline: Instant,
}

/// The file of a call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) key: String,
    /// When the agent was connected, if the name tells.
    pub(crate) connected_to_agent: Option<DateTime<Utc>>,
}

impl Files<'_> {
    /// Where the file of a call is. The folder is that of the day, in UTC, on which the agent was connected: the day on
    /// which the call began, or the one after midnight. The list of a folder is asked for what begins with the contact's
    /// id, so it does not matter how many files there are.
    pub(crate) async fn find(&self, call: &Call) -> Result<Option<Found>, Error> {
        let last = call.ended.unwrap_or(call.started).date_naive();
        let days = call.started.date_naive().iter_days().take_while(|day| *day <= last).take(MOST_DAYS);
        for day in days {
            let prefix = format!("{}{}_", day_prefix(self.prefix, self.redacted, day), call.contact_id);
            let (mut found, mut start_after) = (None, None);
            loop {
                let page =
                    self.files.list(self.bucket, &prefix, start_after.as_deref(), self.deadline).await?;
                // Contact Lens may have analyzed a call again: the last one counts.
                found = page.keys.into_iter().filter_map(|key| self.file_of(call, key)).next_back().or(found);
                start_after = page.next;
                if start_after.is_none() {
                    break;
                }
            }
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    pub(crate) async fn read(&self, file: &Found) -> Result<Bytes, Error> {
        self.files.read(self.bucket, &file.key, LONGEST_FILE, self.deadline).await
    }

    fn file_of(&self, call: &Call, key: String) -> Option<Found> {
        let name = AnalysisKey::parse(&key)?;
        let wanted = name.contact_id == call.contact_id && name.redacted == self.redacted;
        let connected_to_agent = name.connected_to_agent;
        wanted.then_some(Found { key, connected_to_agent })
    }
}
