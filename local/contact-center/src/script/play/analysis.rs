//! What Contact Lens sends: records of its stream, files, and what somebody makes of them later.

use std::time::Duration;

use anyhow::Context;
use serde_json::json;

use super::Player;
use crate::functions::BACKFILL_TRANSCRIPTS;
use crate::script::contact_lens::Entry;
use crate::script::happening::Told;
use crate::script::model::Backfill;

impl Player<'_> {
    /// Puts a record on the stream, as if Kinesis got it right at that time.
    pub(super) fn tell_of_contact_lens(&self, leg: usize, entry: &Entry, text: Option<String>, at: Duration) {
        if let Some(text) = text {
            self.tell(at, Told::ContactLens(text));
        }
        let record = match entry {
            // What a producer would put that broke off.
            Entry::Malformed => "{\"ContactId\":\"".to_owned(),
            entry => self.telling().contact_lens_event(leg, entry).to_string(),
        };
        self.center.contact_lens().put_at(self.scene.contact_id(leg), record, self.scene.ring + at);
    }

    /// Writes the file, of which S3 tells.
    pub(super) fn write_analysis_file(
        &self,
        leg: usize,
        redacted: bool,
        text: Option<String>,
        at: Duration,
    ) -> anyhow::Result<()> {
        self.tell(at, Told::ContactLens(text.unwrap_or_default()));
        let (key, file) = self.telling().analysis_file(leg, redacted);
        self.center.analysis_files().put(&key, file.to_string())?;
        Ok(())
    }

    /// Invokes the function that fills transcripts in, again and again until it is done with all calls of the time.
    pub(super) async fn fill_in(&self, backfill: &Backfill, at: Duration) -> anyhow::Result<()> {
        let mut event = json!({
            "operation": "backfill",
            "from": self.scene.millis(backfill.from),
            "to": self.scene.millis(backfill.to.unwrap_or(at)),
            "dryRun": backfill.dry_run,
        });
        if let Some(limit) = backfill.limit {
            event["limit"] = limit.into();
        }
        loop {
            let invoked = self.center.host().invoke(BACKFILL_TRANSCRIPTS.name, &event).await;
            match invoked.context("filling transcripts in")?.reply {
                Ok(reply) if reply["cursor"].is_string() && reply["cursor"] != event["cursor"] => {
                    event["cursor"] = reply["cursor"].clone();
                }
                // Done; or it failed, which was told, and what is expected does not hold.
                Ok(_) | Err(_) => return Ok(()),
            }
        }
    }
}
