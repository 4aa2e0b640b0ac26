//! All calls of a time, as many as there is time for.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::App;
use crate::calls::Calls;
use crate::error::HandlerError;
use crate::report::{Outcome, report};
use crate::request::{Backfill, Cursor};
use crate::run::{Mode, Run};

/// So many conversations are asked for at once: two queries for ten uploads.
const PAGE: usize = 100;

/// What is kept back for the last upload, and for noting what became of it.
const TIME_FOR_AN_UPLOAD: Duration = Duration::from_secs(30);

impl App {
    /// Works off the calls of a time in their order, up to a call after which there is no time for another upload. Goes on
    /// behind the cursor that it has returned.
    pub(crate) async fn backfill(&self, asked: &Backfill, mode: Mode<'_>) -> Result<Value, HandlerError> {
        let call_center = self.call_centers.call_center_api_name(mode.secret_name, mode.deadline).await?;
        let bucket = self.config.bucket.name(&call_center);
        let Mode { secret_name, deadline, .. } = mode;
        let calls =
            Calls { call_centers: &self.call_centers, secret_name, call_center: &call_center, deadline };
        let mut work = Work {
            run: Run::new(self, &bucket, mode),
            calls,
            asked,
            cursor: asked.cursor.clone(),
            taken: None,
            left: asked.limit,
            until: until(deadline),
        };
        let end = work.all().await;
        // What was gathered is noted as being uploaded: it is sent whatever happened to the others.
        let end = work.flush().await.and(end);
        let Work { run, cursor, .. } = work;
        let mut lines = run.into_lines();
        lines.retain(|line| line.outcome != Outcome::NotReached);
        let (is_done, stopped) = match end {
            Ok(is_done) => (is_done, None),
            Err(e) if lines.is_empty() => return Err(e),
            Err(e) => (false, Some(e)),
        };
        let mut report = report(&lines, stopped.as_ref());
        report["dryRun"] = json!(asked.dry_run);
        report["done"] = json!(is_done);
        if let Some(cursor) = cursor.filter(|_| !is_done) {
            report["cursor"] = json!(cursor.to_string());
        }
        Ok(report)
    }
}

/// How far the calls of a time are.
struct Work<'a> {
    run: Run<'a>,
    calls: Calls<'a>,
    asked: &'a Backfill,
    /// Everything up to here is settled.
    cursor: Option<Cursor>,
    /// Everything up to here is settled or in the upload.
    taken: Option<Cursor>,
    /// How many conversations may still be taken.
    left: usize,
    until: Instant,
}

impl Work<'_> {
    /// Whether that were all.
    async fn all(&mut self) -> Result<bool, HandlerError> {
        loop {
            let limit = self.left.min(PAGE);
            let page = self.calls.of_time(self.asked, self.cursor.as_ref(), limit).await?;
            let is_last = page.len() < limit;
            for (place, conversation) in page {
                if Instant::now() >= self.until {
                    return Ok(false);
                }
                if let Some(conversation) = conversation {
                    self.run.take(&conversation).await?;
                }
                self.taken = Some(place);
                self.left -= 1;
                if self.run.is_full() || self.run.is_empty() {
                    self.flush().await?;
                }
            }
            // A conversation may have a second call that nobody transferred; it must not come into the same upload.
            self.flush().await?;
            if is_last || self.left == 0 {
                return Ok(is_last);
            }
        }
    }

    async fn flush(&mut self) -> Result<bool, HandlerError> {
        // If it fails, these are not settled, and will be looked at again.
        let taken = self.taken.take();
        self.run.flush().await?;
        self.cursor = taken.or(self.cursor.take());
        Ok(false)
    }
}

/// Until when calls are taken.
fn until(deadline: Instant) -> Instant {
    let time_left = deadline.saturating_duration_since(Instant::now());
    deadline - TIME_FOR_AN_UPLOAD.min(time_left / 4)
}
