//! One invocation at a time transcribes a contact.
//!
//! The lease is held by a token of the invocation. Whoever was given the token of the holder, that is whoever the holder has
//! started, takes it over. Everybody else waits and looks: a holder that lives renews its lease, and there
//! is nothing to do; a dead one does not, and its call goes on here. So it is never two, and never none:
//!
//! - Lambda delivers an event twice: the first has taken the lease over, the second sees it renewed.
//! - Lambda repeats the event of an invocation that died: the lease runs out.
//! - Lambda repeats it although the call was handed over before: the successor renews.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connect::ContactId;
use lambda_kit::aws::AwsError;
use lambda_kit::state::{Holder, Lease as Answer, Renewed, StateTable};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::warn;
use uuid::Uuid;

use crate::progress::Progress;

/// No single request to the table may hold up the audio for longer.
const REQUEST: Duration = Duration::from_secs(2);

/// A successor may have to wait for its turn in Lambda's queue.
const SUCCESSOR_STARTS: Duration = Duration::from_secs(180);

/// The lease of a contact, held.
pub(crate) struct Lease<'a> {
    state: &'a StateTable,
    contact: ContactId,
    token: String,
    length: Duration,
    renew_at: Instant,
    /// What was noted last.
    noted: Option<Progress>,
}

impl<'a> Lease<'a> {
    /// Takes the lease of a contact, or takes it over from the holder of `from`. `None` if somebody else is at it.
    pub(crate) async fn take(
        state: &'a StateTable,
        contact: &ContactId,
        from: Option<&str>,
        length: Duration,
        deadline: Instant,
    ) -> Result<Option<Self>, AwsError> {
        let token = Uuid::new_v4().to_string();
        let mut seen: Option<Holder> = None;
        loop {
            let now = Utc::now();
            let until = now + delta(length);
            let answer = state
                .take_over_transcription_lease(contact.as_str(), &token, from, now, until, deadline)
                .await?;
            let holder = match answer {
                Answer::Taken => break,
                Answer::Held(holder) => holder,
            };
            if seen.as_ref().is_some_and(|seen| *seen != holder) {
                return Ok(None);
            }
            sleep(wait(&holder, now, length)).await;
            seen = Some(holder);
        }
        let stored = state.transcription_checkpoint(contact.as_str(), deadline).await?;
        let taken = Instant::now();
        Ok(Some(Self {
            state,
            contact: contact.clone(),
            token,
            length,
            renew_at: taken + length / 3,
            noted: stored.and_then(|stored| Progress::parse(&stored)),
        }))
    }

    /// How far the call is, as far as is noted.
    pub(crate) fn noted(&self) -> Option<&Progress> {
        self.noted.as_ref()
    }

    /// Who holds it: what the successor has to be told.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Returns when it is time to renew it.
    pub(crate) async fn due(&self) {
        sleep_until(self.renew_at).await;
    }

    /// Renews it, and notes how far the call is.
    pub(crate) async fn renew(&mut self, progress: Option<Progress>) -> Renewed {
        let progress = progress.filter(|progress| self.noted.as_ref() != Some(progress));
        match self.write(self.length, progress, Instant::now() + REQUEST).await {
            Ok(renewed) => renewed,
            // Even when it has run out by then: nobody else can take it while the table cannot be reached.
            Err(e) => {
                warn!(error_type = e.kind(), "{e}: the lease is renewed later");
                self.renew_at = Instant::now() + self.length / 12;
                Renewed::Yes
            }
        }
    }

    /// Keeps it for the successor, who takes it over, and notes where that has to go on.
    pub(crate) async fn keep_for_successor(
        &mut self,
        progress: Option<Progress>,
        deadline: Instant,
    ) -> Result<Renewed, AwsError> {
        self.write(SUCCESSOR_STARTS, progress, deadline).await
    }

    /// Gives it back, and notes that the call is transcribed up to here.
    pub(crate) async fn release(
        mut self,
        progress: Option<Progress>,
        deadline: Instant,
    ) -> Result<(), AwsError> {
        if progress.is_some() && self.write(self.length, progress, deadline).await? == Renewed::Lost {
            return Ok(());
        }
        self.state.release_transcription_lease(self.contact.as_str(), &self.token, deadline).await
    }

    async fn write(
        &mut self,
        length: Duration,
        progress: Option<Progress>,
        deadline: Instant,
    ) -> Result<Renewed, AwsError> {
        let begun = Instant::now();
        let checkpoint = progress.as_ref().map(Progress::to_json);
        let until = Utc::now() + delta(length);
        let renewed = self
            .state
            .renew_transcription_lease(
                self.contact.as_str(),
                &self.token,
                until,
                checkpoint.as_deref(),
                deadline,
            )
            .await?;
        if renewed == Renewed::Yes {
            self.renew_at = begun + length / 3;
            self.noted = progress.or(self.noted.take());
        }
        Ok(renewed)
    }
}

/// How long to wait before looking again: until the lease runs out, and in between for the sign of life that a holder gives
/// every third of its time.
fn wait(holder: &Holder, now: DateTime<Utc>, length: Duration) -> Duration {
    let left = (holder.until - now).to_std().unwrap_or_default();
    left.min(length / 3) + Duration::from_millis(50)
}

fn delta(time: Duration) -> TimeDelta {
    TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX)
}
