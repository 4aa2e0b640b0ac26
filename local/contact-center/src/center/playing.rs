//! Playing a script in a contact center, and looking at what it left behind.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use salesforce_org::{Operation, Record, RoutingState};
use tokio::time::timeout;

use super::watch::contact_ids_in;
use super::{CALLS, Center, Line};
use crate::functions::{CONTACT_EVENTS, TRANSCRIBE_CALL};
use crate::lambda::{Function, Payload};
use crate::script::{
    Check, Found, FunctionSettings, HangUp, NeverRang, Player, Routing, Script, Signal, Speaker, Speed, Tell,
    Told, Transcribed, check,
};

/// After the last of a call, everything that was sent must have arrived by then, not counting pauses before retries.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);
/// After the last word of a call, its transcript must be complete by then.
const TRANSCRIBED_WITHIN: Duration = Duration::from_secs(300);
/// How fast a call is played that is listened to, unless somebody says otherwise: there are clocks on both sides then.
const LISTENED_TO: Speed = Speed::Times(20.0);

/// How a played script came out.
#[derive(Debug)]
pub struct Outcome {
    /// What the call left behind.
    pub found: Found,
    /// Every expectation of the script.
    pub checks: Vec<Check>,
}

impl Outcome {
    /// The expectations that do not hold.
    pub fn failures(&self) -> Vec<&Check> {
        self.checks.iter().filter(|check| !check.holds()).collect()
    }
}

impl Center {
    /// Plays a script as fast as it goes; one that is listened to, 20 times as fast as real time.
    ///
    /// # Errors
    /// When the script asks for something that the center does not have, or what was sent does not arrive.
    /// An expectation that does not hold is no error: see [`Outcome::failures`].
    pub async fn play(&self, script: &Script) -> anyhow::Result<Outcome> {
        self.play_and_tell(script, Speed::Max, Arc::new(|_| {})).await
    }

    /// Plays a script at a speed, and tells what happens as it happens.
    ///
    /// # Errors
    /// As [`Center::play`].
    pub async fn play_and_tell(&self, script: &Script, speed: Speed, tell: Tell) -> anyhow::Result<Outcome> {
        self.play_until_hung_up(script, speed, tell, &HangUp::new()).await
    }

    /// As [`Center::play_and_tell`], but the customer may hang up at any time.
    ///
    /// # Errors
    /// As [`Center::play`], and [`NeverRang`] if the call was hung up while it waited for another one to end.
    pub async fn play_until_hung_up(
        &self,
        script: &Script,
        speed: Speed,
        tell: Tell,
        hang_up: &HangUp,
    ) -> anyhow::Result<Outcome> {
        let alone = script.is_played_alone();
        let _turn = tokio::select! {
            biased;
            () = hang_up.done() => return Err(NeverRang.into()),
            turn = self.playing.acquire_many(if alone { CALLS } else { 1 }) => turn?,
        };
        self.make_known(script.targets())?;
        let speed = match speed {
            Speed::Max if script.is_listened_to() => LISTENED_TO,
            speed => speed,
        };
        let records_before = self.ids_of_expected_records(script)?;
        let named = self.prepare(&script.salesforce).with_context(|| format!("preparing {}", script.name))?;
        let letters_before = self.dead_letters().len();
        let requests_before = self.requests(script)?;
        let deployed = self.deploy(&script.functions)?;
        let player = Player::new(self, script, named, speed, tell, hang_up);
        let line = Arc::clone(player.line());
        let played = player.play().await;
        self.stop_streams(line.contact_ids());
        for function in deployed {
            self.host.deploy(function)?;
        }
        script.faults().for_each(|fault| self.mend(fault));
        let mut found = played.with_context(|| format!("playing {}", script.name))?;

        let letters = self.dead_letters().into_iter().skip(letters_before);
        found.dead_letters = letters.filter(|letter| line.is_about(&contact_ids_in(letter))).count();
        found.invocations = line.invocations();
        found.requests = self.requests(script)?;
        for (operation, count) in &mut found.requests {
            *count -= requests_before.get(operation).copied().unwrap_or(0);
        }
        self.look_into_the_org(&mut found)?;
        for (object, records) in self.expected_records(script)? {
            let new: Vec<_> =
                records.into_iter().filter(|record| !records_before.contains(record.id())).collect();
            new.iter().for_each(|record| self.leave(&object, record.id()));
            found.records.insert(object, new.iter().map(|record| record.fields().clone()).collect());
        }
        let checks = check(&script.expect, &found);
        Ok(Outcome { found, checks })
    }

    /// Connects a call: what is invoked for its contacts is told, as long as the line is kept.
    pub(crate) fn connect(
        &self,
        script: &Script,
        contact_ids: Vec<String>,
        speed: Speed,
        tell: Tell,
    ) -> Arc<Line> {
        let line = Arc::new(Line::new(contact_ids, script.is_played_alone(), speed, tell));
        self.watch.show(&line);
        line
    }

    /// Tells something to every call that is being played.
    pub(crate) fn tell_everyone(&self, what: impl Fn() -> Told) {
        self.watch.tell(what);
    }

    /// Waits until everything that was sent has been taken, or given up.
    ///
    /// # Errors
    /// When that takes too long.
    pub async fn settle(&self) -> anyhow::Result<()> {
        self.in_time(async {
            self.contact_records.drain().await;
            self.contact_events.drain().await;
            self.contact_lens.drain().await;
            self.analysis_files.drain().await;
        })
        .await
    }

    /// The same for what was sent of these contacts, but for their analysis files.
    ///
    /// # Errors
    /// When that takes too long.
    pub(crate) async fn settle_of(&self, contact_ids: &[String]) -> anyhow::Result<()> {
        self.in_time(async {
            self.contact_records.drain_of(contact_ids).await;
            self.contact_events_taken(contact_ids).await;
            self.contact_lens.drain_of(contact_ids).await;
        })
        .await
    }

    /// Waits until the contact events of these contacts have been taken, or given up.
    pub(crate) async fn contact_events_taken(&self, contact_ids: &[String]) {
        let is_theirs = |event: &Payload| names(event, contact_ids);
        // It fails only where there is no such function, and then nothing was sent.
        let _ = self.host.settle_of_events(CONTACT_EVENTS.name, is_theirs).await;
    }

    async fn in_time(&self, settled: impl Future<Output = ()>) -> anyhow::Result<()> {
        let limit = SETTLED_WITHIN + self.retry_pauses;
        match timeout(limit, settled).await {
            Ok(()) => Ok(()),
            Err(_) => bail!(
                "contact records, contact events or what Contact Lens tells are still being retried {} s after the end \
                 of the call",
                limit.as_secs()
            ),
        }
    }

    /// Waits until nobody transcribes these contacts any more.
    ///
    /// # Errors
    /// When that takes too long.
    pub(crate) async fn transcribed(&self, contact_ids: &[String]) -> anyhow::Result<()> {
        let is_theirs = |event: &Payload| names(event, contact_ids);
        let settled = self.host.settle_of_events(TRANSCRIBE_CALL.name, is_theirs);
        match timeout(TRANSCRIBED_WITHIN, settled).await {
            Ok(settled) => Ok(settled?),
            Err(_) => bail!(
                "{} still transcribes {} s after the end of the call",
                TRANSCRIBE_CALL.package,
                TRANSCRIBED_WITHIN.as_secs()
            ),
        }
    }

    /// Deploys functions with other settings; returns them as they were.
    fn deploy(&self, settings: &BTreeMap<String, FunctionSettings>) -> anyhow::Result<Vec<Function>> {
        let mut before = Vec::new();
        for (name, settings) in settings {
            let function = self.host.function(name)?;
            let mut changed = function.clone();
            changed.timeout = settings.timeout.unwrap_or(changed.timeout);
            changed.environment.retain(|(name, _)| !settings.variables.contains_key(name));
            changed.environment.extend(settings.variables.clone());
            self.host.deploy(changed)?;
            before.push(function);
        }
        Ok(before)
    }

    /// The transcript of the call with this first contact, which rang then, in the order in which it arrived.
    pub(crate) fn transcript(&self, contact_id: &str, ring_ms: i64) -> anyhow::Result<Vec<Transcribed>> {
        let messages = self.org.messages(contact_id)?.into_iter();
        let transcribed = messages.map(|message| Transcribed {
            who: if message.sender_type == "END_USER" { Speaker::Customer } else { Speaker::Agent },
            text: message.content,
            start_ms: message.start_ms - ring_ms,
            end_ms: message.end_ms - ring_ms,
        });
        Ok(transcribed.collect())
    }

    /// The signals about the call with this first contact, which rang then, in the order in which they arrived.
    pub(crate) fn signals(&self, contact_id: &str, ring_ms: i64) -> anyhow::Result<Vec<Signal>> {
        let events = self.org.events(contact_id)?.into_iter();
        Ok(events.map(|event| Signal::read(&event.fields, ring_ms)).collect())
    }

    /// How often the org was asked so far for what the script expects something of.
    fn requests(&self, script: &Script) -> anyhow::Result<BTreeMap<String, usize>> {
        let count = |name: &String| {
            let operation: Operation = name.parse().context("in `requests`")?;
            Ok((name.clone(), self.org.request_count(operation)))
        };
        script.expect.requests.keys().map(count).collect()
    }

    /// The records of every sObject that the script expects records of.
    fn expected_records(&self, script: &Script) -> anyhow::Result<Vec<(String, Vec<Record>)>> {
        let objects = script.expect.records.keys();
        objects.map(|object| Ok((object.clone(), self.org.records(object)?))).collect()
    }

    fn ids_of_expected_records(&self, script: &Script) -> anyhow::Result<HashSet<String>> {
        let records = self.expected_records(script)?.into_iter().flat_map(|(_, records)| records);
        Ok(records.map(|record| record.id().to_owned()).collect())
    }

    fn look_into_the_org(&self, found: &mut Found) -> anyhow::Result<()> {
        found.voice_calls = self
            .org
            .voice_calls()?
            .into_iter()
            .filter(|call| {
                call.text("VendorCallKey").is_some_and(|key| found.contact_ids.iter().any(|id| id == key))
            })
            .map(|call| call.fields().clone())
            .collect();
        for contact_id in &found.contact_ids {
            if let Some(routing) = self.org.routing(contact_id)? {
                found.routing = Some(match routing.state {
                    RoutingState::Pending => Routing::Pending,
                    RoutingState::Cleared => Routing::Cleared,
                });
            }
        }
        if let Some(first) = found.contact_ids.first() {
            found.transcript = self.transcript(first, found.ring.timestamp_millis())?;
            found.messages = found.transcript.len();
            found.signals = self.signals(first, found.ring.timestamp_millis())?;
        }
        Ok(())
    }
}

/// Whether an event names one of these contacts.
fn names(event: &Payload, contact_ids: &[String]) -> bool {
    let text = String::from_utf8_lossy(event.as_bytes());
    contact_ids.iter().any(|id| text.contains(id))
}
