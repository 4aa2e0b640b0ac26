//! Plays a script: sends what Amazon Connect would send, when it would, and tells what happens.

mod analysis;
mod callbacks;
mod contact_records;
mod events;
mod flows;
mod reactions;
mod steps;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use chrono::Utc;
use serde_json::Value;

use super::call::{Call, Leg};
use super::callback::legs_of;
use super::contact_lens::Analysis;
use super::cut_off::cut_off;
use super::events::{Audio, Telling};
use super::hang_up::HangUp;
use super::happening::{Happening, Tell, Told};
use super::model::{Contact, Initiation, Party, Step};
use super::narrative::in_words;
use super::records::Named;
use super::speech::{Spoken, Streamed};
use super::speed::{Pace, Speed};
use super::teller::Teller;
use super::timeline::{Beat, EventKind, What, timeline};
use super::{Found, Scene, Script, speech};
use crate::center::{Center, Line};
use flows::Flows;

/// A call that is being played.
pub(crate) struct Player<'a> {
    center: &'a Center,
    script: &'a Script,
    /// The clock that is waited on; none where nothing waits.
    pace: Option<Pace>,
    tell: Tell,
    /// Taken when it was used: a call is hung up once.
    hang_up: Option<&'a HangUp>,
    scene: Scene,
    line: Arc<Line>,
    /// What is still to be played, in order of time.
    beats: VecDeque<Beat>,
    /// The steps of the script, and what contact flows have decided since.
    steps: Vec<Step>,
    contact: Contact,
    call: Call,
    flows: Flows,
    /// What Contact Lens hears of it.
    analysis: Option<Analysis>,
    attributes: BTreeMap<String, String>,
    /// The records that the script names.
    named: Named,
    /// The versions of each leg's contact record that were sent.
    records: Vec<Vec<Value>>,
    error_branches: usize,
    /// What is said while somebody listens.
    said: Vec<Spoken>,
    /// What can be listened to of it.
    streamed: Vec<Streamed>,
    /// What is streamed, by leg.
    audio: BTreeMap<usize, Audio>,
}

impl<'a> Player<'a> {
    pub(crate) fn new(
        center: &'a Center,
        script: &'a Script,
        named: Named,
        speed: Speed,
        tell: Tell,
        hang_up: &'a HangUp,
    ) -> Self {
        let call = script.call().clone();
        let beats = timeline(&call, &script.steps, script.analysis.as_ref());
        let length = beats.last().map_or(Duration::ZERO, |beat| beat.at);
        // No event may lie in the future: a call that is played faster than real time rang a while ago.
        let (ahead, pace) = match speed {
            Speed::Max => (length, None),
            Speed::Times(times) => {
                // Unless it is listened to: what is said must not be older than the VoiceCall, which is made as it is played.
                let past = if script.is_listened_to() { 0.0 } else { (1.0 - 1.0 / times).max(0.0) };
                (length.mul_f64(past), Some(Pace::from_now(times)))
            }
        };
        let scene = Scene::new(Utc::now() - ahead, call.legs.len());
        let line = center.connect(script, scene.contact_ids.clone(), speed, Arc::clone(&tell));
        let mut player = Self {
            center,
            script,
            pace,
            tell,
            hang_up: Some(hang_up),
            scene,
            line,
            beats: beats.into(),
            steps: script.steps.clone(),
            contact: script.contact.clone(),
            flows: Flows::default(),
            records: vec![Vec::new(); call.legs.len()],
            call,
            analysis: script.analysis.clone(),
            attributes: script.contact.attributes.clone(),
            named,
            error_branches: 0,
            said: script.said(script.streamed()),
            streamed: script.streamed().to_vec(),
            audio: BTreeMap::new(),
        };
        let queues = center.targets().into_iter().filter(|target| target.name().is_some());
        let queues: Vec<_> = queues.map(|queue| player.telling().queue(&queue)).collect();
        player.flows = Flows::new(script.flows().among(queues));
        if player.contact.initiation != Initiation::Outbound {
            player.insert_entry(Duration::ZERO);
        }
        player
    }

    /// The call as the contact center sees it.
    pub(crate) fn line(&self) -> &Arc<Line> {
        &self.line
    }

    /// Plays the call to its end, and says what it left behind.
    pub(crate) async fn play(self) -> anyhow::Result<Found> {
        if !self.script.is_listened_to() && self.analysis.is_none() {
            return self.play_beats(None).await;
        }
        let ring_ms = self.scene.ring.timestamp_millis();
        let teller = Teller::new(self.center, Arc::clone(&self.line), ring_ms, Arc::clone(&self.tell));
        let found = tokio::select! {
            found = self.play_beats(Some(&teller)) => found?,
            Err(error) = teller.follow() => return Err(error),
        };
        teller.tell_new()?;
        Ok(found)
    }

    async fn play_beats(mut self, teller: Option<&Teller<'_>>) -> anyhow::Result<Found> {
        while let Some(beat) = self.beats.pop_front() {
            if let Some(now) = self.wait_for(beat.at).await {
                self.end(Party::Customer, now)?;
                continue;
            }
            let hung_up = self.beat(&beat).await?;
            if hung_up {
                self.end(Party::Flow, beat.at)?;
            }
            if self.pace.is_none() {
                self.center.contact_events_taken(self.line.contact_ids()).await;
                self.center.analysis_files().tried().await;
                teller.map_or(Ok(()), Teller::tell_new)?;
            }
        }
        self.finish_flows().await?;
        if !self.audio.is_empty() {
            self.center.all_said(self.line.contact_ids()).await;
            self.center.transcribed(self.line.contact_ids()).await?;
        }
        self.center.settle_of(self.line.contact_ids()).await?;
        if self.analysis.is_some() {
            // Files wait in one queue with those of other calls.
            self.center.settle().await?;
        }
        self.take_attributes();
        Ok(Found {
            ring: self.scene.ring,
            contact_ids: self.scene.contact_ids,
            attributes: self.attributes,
            said: self.said,
            error_branches: self.error_branches
                + self.flows.passed.iter().filter(|passed| passed.is_error_of_function()).count(),
            passed: self.flows.passed,
            named: self.named,
            ..Found::default()
        })
    }

    /// The contact flow of the call begins.
    fn insert_entry(&mut self, at: Duration) {
        if let Some(flow) = self.script.flows().entry() {
            self.insert(Beat { at, what: What::FlowStarts { leg: 0, flow: flow.to_owned() } });
        }
    }

    /// Waits until it is so long after the ring. If the customer hangs up first: when they do.
    async fn wait_for(&mut self, at: Duration) -> Option<Duration> {
        let is_up = self.call.legs.last().is_some_and(|leg| self.line.time() < leg.disconnected);
        match (self.pace, self.hang_up.filter(|_| is_up)) {
            (Some(pace), Some(hang_up)) => tokio::select! {
                () = tokio::time::sleep_until(pace.when(at)) => {}
                () = hang_up.done() => {
                    self.hang_up = None;
                    return Some(self.line.time());
                }
            },
            (Some(pace), None) => tokio::time::sleep_until(pace.when(at)).await,
            (None, Some(hang_up)) if hang_up.is_done() => {
                self.hang_up = None;
                return Some(self.line.time());
            }
            (None, _) => {}
        }
        self.line.now_playing(at);
        None
    }

    /// Plays one beat. True if the flow hung up.
    async fn beat(&mut self, beat: &Beat) -> anyhow::Result<bool> {
        let at = beat.at;
        let text = in_words(&self.telling(), &beat.what);
        match &beat.what {
            What::ContactEvent { leg, kind } => {
                if *kind == EventKind::ConnectedToAgent {
                    self.before_answer(*leg, at).await?;
                }
                self.contact_event(*leg, kind, at)?;
                self.after_event(*leg, kind, at).await?;
            }
            What::Hold { leg, length } => {
                self.say(at, text, None);
                self.hold(*leg, *length, at).await?;
            }
            What::HoldEnds { leg } => self.hold_ends(*leg),
            What::Presses(keys) => {
                self.say(at, text, None);
                return self.press(keys, at).await;
            }
            What::FlowStarts { leg, flow } => return self.start_flow(*leg, flow, at).await,
            What::HookStarts { leg, hook } => return self.start_hook(*leg, *hook, at).await,
            What::FlowGoesOn { run } => return self.go_on(*run, at).await,
            What::MediaStreaming { leg, switch } => {
                self.say(at, text, None);
                self.switch_streaming(*leg, *switch, at)?;
            }
            What::Flow { leg, step } => return self.invoke(*leg, step, at).await,
            What::ContactRecord { leg } => self.put_first_version(*leg, at).await?,
            What::Resend(resend) => self.resend(resend, at).await?,
            What::ContactLens { leg, entry } => self.tell_of_contact_lens(*leg, entry, text, at),
            What::AnalysisFile { leg, redacted } => self.write_analysis_file(*leg, *redacted, text, at)?,
            What::Backfill(backfill) => {
                self.say(at, text, None);
                self.fill_in(backfill, at).await?;
            }
            What::Fault(fault) | What::FaultEnds(fault) => {
                let text = text.unwrap_or_default();
                if let What::FaultEnds(_) = beat.what {
                    self.tell(at, Told::Mended(text));
                    self.center.mend(fault);
                } else {
                    self.tell(at, Told::Fault(text));
                    self.center.break_it(fault).await?;
                }
            }
        }
        Ok(false)
    }

    /// What a contact event brings about for contact flows.
    async fn after_event(&mut self, leg: usize, kind: &EventKind, at: Duration) -> anyhow::Result<()> {
        match kind {
            EventKind::Disconnected => self.after_end(leg, at).await?,
            // The outbound whisper flow dials the customer.
            EventKind::ConnectedToAgent if leg == 0 && self.contact.initiation == Initiation::Outbound => {
                self.insert_entry(at);
            }
            // So does that of a callback, which the queue has.
            EventKind::ConnectedToAgent if self.call.legs.get(leg).is_some_and(Leg::is_callback) => {
                if let Some(flow) = self.script.flows().outbound_whisper() {
                    self.insert(Beat { at, what: What::FlowStarts { leg, flow: flow.to_owned() } });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Attributes that functions have set.
    fn take_attributes(&mut self) {
        self.attributes.extend(self.center.aws().contact_attributes(self.scene.contact_id(0)));
    }

    /// The call ends before its time.
    fn end(&mut self, by: Party, at: Duration) -> anyhow::Result<()> {
        self.center.cut_short(self.line.contact_ids());
        let begun = legs_of(&self.steps[..self.steps.partition_point(|step| step.at <= at)]);
        self.steps = cut_off(&self.steps, by, at);
        let cannot = |(line, problem)| {
            anyhow!("once the call has ended early, line {line} cannot be played: {problem}")
        };
        let legs = self.call.legs.len();
        self.call = Call::of(&self.contact, &self.steps).map_err(cannot)?;
        let never = begun..begun + legs - self.call.legs.len();
        self.leave_out(never);
        let answered = self.call.legs.iter().filter_map(|leg| Some(leg.agent.as_ref()?.at));
        let goes_on = answered.filter(|answered| *answered > at).min().unwrap_or(Duration::MAX);
        self.said.retain(|said| said.end() <= at || said.at >= goes_on);
        self.streamed = speech::streamed(&self.call, &self.steps, true).map_err(cannot)?;
        if let Some(analysis) = &mut self.analysis {
            *analysis = Analysis::of(&analysis.settings, &self.call, &self.steps, self.script.streamed())
                .map_err(cannot)?;
        }
        self.beats = timeline(&self.call, &self.steps, self.analysis.as_ref()).into();
        self.beats.retain(|later| later.at > at);
        self.wait_on();
        Ok(())
    }

    fn telling(&self) -> Telling<'_> {
        Telling {
            contact: &self.contact,
            call: &self.call,
            scene: &self.scene,
            analysis: self.analysis.as_ref(),
            attributes: &self.attributes,
            audio: &self.audio,
        }
    }

    fn say(&self, at: Duration, text: Option<String>, kind: Option<&EventKind>) {
        let text = text.unwrap_or_default();
        self.tell(at, Told::Call { text, event: kind.map(EventKind::name) });
    }

    fn tell(&self, at: Duration, what: Told) {
        (self.tell)(Happening { at, what });
    }
}
