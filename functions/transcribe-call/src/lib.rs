#![doc = include_str!("../README.md")]

pub mod audio;
mod config;
mod delivery;
mod error;
mod handover;
mod hearing;
mod lease;
mod listener;
mod mapping;
mod media;
mod progress;
mod results;
mod run;
mod transcriber;

use std::time::Duration;

use aws_config::SdkConfig;
use call_centers::CallCenters;
use connect::transcription::{self, TranscriptionJob};
use connect::{ContactId, InstanceArn};
use kvs_media::FragmentNumber;
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::functions::Functions;
use lambda_kit::metrics::Metrics;
use lambda_kit::signed::SignedService;
use lambda_kit::state::{Renewed, StateTable};
use salesforce::telephony::CallKey;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};
use tracing::{Instrument, error, info, info_span, warn};

use audio::{MediaTime, PerSide, Side, Sides};
use delivery::{Delivery, LimitFlag, Queue, Undelivered};
use handover::{MOST_GENERATIONS, Schedule, invoke_successor};
use hearing::Hearing;
use lease::Lease;
use listener::Listener;
use media::{MediaReader, Place};
use progress::Progress;
use results::Results;
use run::{Outcome, Phase, Run};
use transcriber::Transcriber;

pub use config::Config;
pub use error::HandlerError;
pub use media::MediaError;
pub use transcriber::TranscribeError;

/// So long is tried what an earlier invocation could not do.
const DELIVER_FOR: Duration = Duration::from_secs(60);

/// The function, with its clients.
pub struct App {
    /// What can be set.
    pub config: Config,
    /// For Kinesis Video and Transcribe, whose clients belong to a call.
    pub sdk: SdkConfig,
    /// Salesforce.
    pub call_centers: CallCenters,
    /// The leases.
    pub state: StateTable,
    /// For what cannot be delivered.
    pub dead_letters: DeadLetterQueue,
    /// Lambda, for the next invocation.
    pub functions: Functions,
    /// Amazon Connect, for the flag of a contact.
    pub connect: SignedService,
    /// Where it counts.
    pub metrics: Metrics,
}

impl App {
    /// Transcribes a call, until it is over or was handed over to another invocation. Or delivers messages that an
    /// earlier invocation could not.
    ///
    /// # Errors
    /// What may succeed later: Lambda invokes again, and the call goes on where it was.
    pub async fn handle(&self, event: Value, deadline: Instant) -> Result<Value, HandlerError> {
        let started = Instant::now();
        let (method, result) = match Undelivered::read(&event) {
            Some(Ok(undelivered)) => ("deliver", Box::pin(self.deliver(undelivered, deadline)).await),
            Some(Err(malformed)) => ("deliver", Err(malformed.into())),
            None => ("transcribe", self.transcribe(&event, deadline).await),
        };
        let result = match result {
            Err(e) if e.is_permanent() => {
                let sent = self.dead_letters.send_event(&event, "voiceCallId", e.kind(), &e, deadline);
                sent.await.map(|()| "dead_letter").map_err(HandlerError::from)
            }
            other => other,
        };
        let outcome = result.as_ref().map_or_else(HandlerError::kind, |outcome| *outcome);
        self.metrics.invocation(method, outcome, started.elapsed());
        match result {
            // As the function that this one takes the place of.
            Ok(_) => Ok(json!({ "result": "Success" })),
            Err(e) => {
                error!(error_type = e.kind(), "Lambda has to invoke again: {e}");
                Err(e)
            }
        }
    }

    async fn transcribe(&self, event: &Value, deadline: Instant) -> Result<&'static str, HandlerError> {
        let job = connect::from_value::<TranscriptionJob>(event.clone())?;
        let span = info_span!("call", contact_id = %job.contact_id);
        // Boxed: its state is large, and that of whoever waits for it need not be.
        Box::pin(self.transcribe_call(job, deadline)).instrument(span).await
    }

    /// Answers with what became of the call, as a metrics dimension.
    async fn transcribe_call(
        &self,
        mut job: TranscriptionJob,
        deadline: Instant,
    ) -> Result<&'static str, HandlerError> {
        let schedule = Schedule::new(Instant::now(), deadline, self.config.handover_margin);
        CallKey::parse(job.conversation_id.as_str())?;
        let lease = Lease::take(
            &self.state,
            &job.contact_id,
            job.lease_id.as_deref(),
            self.config.lease,
            schedule.look_for_pause,
        );
        let Some(mut lease) = lease.await? else {
            info!("another invocation transcribes this contact: there is nothing to do here");
            return Ok("transcribed_elsewhere");
        };
        let progress = goes_on(&mut job, lease.noted());
        let generation = job.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.generation);
        if generation >= MOST_GENERATIONS {
            return Err(HandlerError::TooManyInvocations(generation));
        }
        info!(generation, goes_on = progress.is_some(), "the call is transcribed here");

        let delivery =
            self.delivery(&job.conversation_id, job.secret_name.as_deref(), job.instance_arn.as_ref())?;
        let mut run = self.run(&job, schedule, progress, &mut lease, &delivery.queue)?;
        let outcome = tokio::select! {
            outcome = async {
                let outcome = run.run().await;
                // Who has lost the lease leaves everything to the one who has it.
                if !matches!(outcome, Ok(Outcome::LeaseLost)) {
                    run.deliver_rest().await;
                }
                outcome
            } => outcome,
            never = delivery.run() => match never {},
        };
        run.log();
        run.note_progress();
        let delivered = run.progress.take();
        drop(run);
        self.end(outcome, delivered, &job, lease, &delivery, schedule).await
    }

    /// Tries for a while to deliver what is in an event. What Salesforce does not take goes to the dead-letter queue again.
    async fn deliver(
        &self,
        undelivered: Undelivered,
        deadline: Instant,
    ) -> Result<&'static str, HandlerError> {
        let Undelivered { conversation_id, secret_name, messages, .. } = undelivered;
        // The flag of the contact stands, whatever comes of this.
        let delivery = self.delivery(&conversation_id, secret_name.as_deref(), None)?;
        messages.into_iter().for_each(|message| delivery.queue.push(message));
        let until = (Instant::now() + DELIVER_FOR).min(deadline - (deadline - Instant::now()) / 2);
        tokio::select! {
            () = delivery.queue.emptied() => {}
            () = sleep_until(until) => {}
            never = delivery.run() => match never {},
        }
        Ok(if delivery.give_up(deadline).await? == 0 { "ok" } else { "dead_letter" })
    }

    /// What takes messages to a conversation.
    fn delivery<'a>(
        &'a self,
        conversation_id: &'a ContactId,
        secret_name: Option<&'a str>,
        instance: Option<&'a InstanceArn>,
    ) -> Result<Delivery<'a>, HandlerError> {
        Ok(Delivery {
            call_centers: &self.call_centers,
            dead_letters: &self.dead_letters,
            secret_name,
            conversation: CallKey::parse(conversation_id.as_str())?,
            conversation_id,
            limit_flag: LimitFlag::new(&self.connect, instance, conversation_id),
            queue: Queue::default(),
        })
    }

    /// An invocation that is about to begin.
    fn run<'a, 'l>(
        &self,
        job: &'a TranscriptionJob,
        schedule: Schedule,
        progress: Option<Progress>,
        lease: &'a mut Lease<'l>,
        messages: &'a Queue,
    ) -> Result<Run<'a, 'l>, HandlerError> {
        let sides = match job.sides {
            transcription::Sides::Both => Sides::Both,
            transcription::Sides::Customer => Sides::Customer,
            transcription::Sides::Agent => Sides::Agent,
        };
        let place = match &progress {
            Some(progress) => Place::after(progress.after_fragment().clone(), progress.resume_at()),
            None => {
                let first = FragmentNumber::parse(&job.start_fragment)?;
                Place::from(first, MediaTime::from_millis(job.starts_at_ms))
            }
        };
        let region = self.config.transcribe_region.as_deref();
        let transcriber = Transcriber::new(&self.sdk, region, &job.engine, sides);
        let settled = progress.as_ref().map_or(PerSide::both(MediaTime::MIN), Progress::settled);
        let listener =
            Listener::new(job.contact_id.clone(), sides, transcriber.sample_rate, progress.as_ref());
        let mut hearing = Hearing::new(transcriber, self.config.keep_alive);
        for side in [Side::FromCustomer, Side::ToCustomer] {
            hearing.settled(side, settled[side]);
        }
        Ok(Run {
            job,
            schedule,
            idle: self.config.idle,
            send_partials: self.config.send_partials,
            lease,
            media: MediaReader::start(&self.sdk, job.stream.as_str(), place),
            listener,
            hearing,
            results: Results::after(settled),
            messages,
            phase: Phase::Listening,
            heard_of_at: Instant::now(),
            progress,
        })
    }

    /// Leaves nothing undone: messages, lease, successor. `delivered` is how far the call is if what still waits is lost.
    async fn end(
        &self,
        outcome: Result<Outcome, HandlerError>,
        delivered: Option<Progress>,
        job: &TranscriptionJob,
        mut lease: Lease<'_>,
        delivery: &Delivery<'_>,
        schedule: Schedule,
    ) -> Result<&'static str, HandlerError> {
        if matches!(outcome, Ok(Outcome::LeaseLost)) {
            warn!("another invocation has taken the call over: this one stops");
            return Ok("lease_lost");
        }
        let given_up = delivery.give_up(schedule.deadline).await;
        match &given_up {
            Ok(0) => {}
            Ok(messages) => {
                error!(messages, "Salesforce did not take them in time: they are in the dead-letter queue")
            }
            Err(e) => error!(error_type = e.kind(), "{e}: messages that wait have to be transcribed again"),
        }
        match outcome {
            Ok(Outcome::Over(end, progress)) => {
                given_up?;
                lease.release(progress, schedule.deadline).await?;
                info!(?end, "the call is over");
                Ok("ended")
            }
            Ok(Outcome::HandOver(progress)) => {
                let progress = if given_up.is_ok() { progress.or(delivered) } else { delivered };
                self.hand_over(job, progress, lease, schedule.deadline).await
            }
            Ok(Outcome::LeaseLost) => Ok("lease_lost"),
            Err(e) => {
                // Lambda repeats the event when the lease has run out.
                lease.renew(delivered).await;
                Err(e)
            }
        }
    }

    async fn hand_over(
        &self,
        job: &TranscriptionJob,
        progress: Option<Progress>,
        mut lease: Lease<'_>,
        deadline: Instant,
    ) -> Result<&'static str, HandlerError> {
        let generation = job.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.generation) + 1;
        let progress = progress.map(|progress| progress.in_generation(generation));
        match lease.keep_for_successor(progress.clone(), deadline).await {
            Ok(Renewed::Yes) => {}
            Ok(Renewed::Lost) => return Ok("lease_lost"),
            // The successor is told everything that was to be noted.
            Err(e) => warn!(error_type = e.kind(), "{e}: the call is handed over all the same"),
        }
        let successor = TranscriptionJob {
            lease_id: Some(lease.token().to_owned()),
            checkpoint: progress.map(|progress| progress.checkpoint()).or_else(|| job.checkpoint.clone()),
            ..job.clone()
        };
        let invoked = invoke_successor(&self.functions, &self.config.function, &successor, deadline).await;
        if let Err(e) = invoked {
            // Whoever comes instead need not wait as long as for a successor.
            lease.renew(None).await;
            return Err(e.into());
        }
        info!(generation, "the call is handed over to the next invocation");
        Ok("handed_over")
    }
}

/// Where the call goes on: where was noted last, or where the job says, whichever is later. `None` at its start.
fn goes_on(job: &mut TranscriptionJob, noted: Option<&Progress>) -> Option<Progress> {
    if let Some(noted) = noted {
        job.resume_from(noted.checkpoint());
    }
    let checkpoint = job.checkpoint.as_ref()?;
    noted.filter(|noted| noted.checkpoint() == *checkpoint).cloned().or_else(|| Progress::of(checkpoint))
}

#[cfg(test)]
mod tests;
