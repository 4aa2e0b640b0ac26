//! One transcriber per contact: whoever holds the contact's lease in `CallState` may start one.
//!
//! A flow is told `Success` only when a transcriber has been invoked. So the lease is taken for the time of this
//! invocation only, and kept longer once the transcriber is invoked: should this invocation die in between, the next
//! try of the flow finds the lease run out, and starts the transcriber that is missing.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use lambda_kit::aws::AwsError;
use lambda_kit::state::{Lease, StateTable};
use tokio::time::{Instant, sleep};
use tracing::warn;
use uuid::Uuid;

use crate::HandlerError;

/// Kept back for giving the lease back when the transcriber cannot be invoked.
pub(crate) const RELEASE_TIME: Duration = Duration::from_millis(300);

/// How long the transcriber has to take the lease over before a flow may start another one. It usually takes a cold
/// start. Two are no harm: the one that comes late finds the lease held by the other.
const TO_TAKE_OVER: TimeDelta = TimeDelta::seconds(60);

/// How often to look whether another invocation has succeeded in starting the transcriber.
const POLL: Duration = Duration::from_millis(100);

/// Who may start the transcriber of a contact.
pub(crate) enum Claim<'a> {
    /// This invocation.
    Ours(Starting<'a>),
    /// Nobody: it is running, or has been invoked.
    Running,
}

/// The lease, while the transcriber is being started.
pub(crate) struct Starting<'a> {
    state: &'a StateTable,
    contact_id: &'a str,
    token: String,
    deadline: Instant,
}

impl<'a> Starting<'a> {
    /// Takes the lease. Waits for another invocation that is just starting the transcriber: a customer's and an agent's
    /// whisper flow run at the same time.
    pub(crate) async fn claim(
        state: &'a StateTable,
        contact_id: &'a str,
        deadline: Instant,
    ) -> Result<Claim<'a>, HandlerError> {
        let token = Uuid::new_v4().to_string();
        loop {
            let now = Utc::now();
            let until = now + left(deadline);
            let lease = state.take_transcription_lease(contact_id, &token, now, until, deadline).await;
            match lease.map_err(HandlerError::Lease)? {
                Lease::Taken => return Ok(Claim::Ours(Starting { state, contact_id, token, deadline })),
                Lease::Held(holder) if holder.is_starting => {
                    if Instant::now() + POLL >= deadline {
                        return Err(HandlerError::Undecided);
                    }
                    sleep(POLL).await;
                }
                Lease::Held(_) => return Ok(Claim::Running),
            }
        }
    }

    /// What the transcriber takes the lease over with.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The transcriber is invoked: others need not start one.
    pub(crate) async fn confirm(self) {
        let until = Utc::now() + TO_TAKE_OVER;
        // If it is lost, then to the transcriber, which was faster.
        self.log(self.keep_until(until).await, "could not note that the transcriber is started");
    }

    /// There will be no transcriber: the next try may start one.
    pub(crate) async fn release(self) {
        let released =
            self.state.release_transcription_lease(self.contact_id, &self.token, self.deadline).await;
        self.log(released, "could not give the lease of the contact back; it will run out");
    }

    async fn keep_until(&self, until: DateTime<Utc>) -> Result<(), AwsError> {
        let renewed =
            self.state.renew_transcription_lease(self.contact_id, &self.token, until, None, self.deadline);
        renewed.await.map(drop)
    }

    fn log(&self, result: Result<(), AwsError>, what_failed: &str) {
        if let Err(e) = result {
            warn!(contact_id = self.contact_id, error_type = e.kind(), "{what_failed}: {e}");
        }
    }
}

fn left(deadline: Instant) -> TimeDelta {
    TimeDelta::from_std(deadline.saturating_duration_since(Instant::now())).unwrap_or(TO_TAKE_OVER)
}
