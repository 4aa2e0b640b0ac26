//! Plays a script: sends what Amazon Connect would send, when it would, and tells what happens.

use std::collections::{BTreeMap, VecDeque};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use chrono::Utc;
use serde_json::Value;
use tokio::time::Instant;

use super::call::Call;
use super::events::{Audio, Telling};
use super::model::{Action, FlowStep, OnError, Resend, Step};
use super::narrative::in_words;
use super::records::{Named, resolve};
use super::speech::{Spoken, Switch};
use super::teller::Teller;
use super::timeline::{Beat, EventKind, What, cut_off, timeline};
use super::transcript::Transcribed;
use super::{Found, Scene, Script, block};
use crate::center::Center;
use crate::lambda::Invocation;

/// How fast script time passes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Speed {
    /// As fast as the functions answer: nothing waits for the clock, and what was sent has arrived before the call
    /// goes on, so that every run is the same.
    #[default]
    Max,
    /// So many times as fast as real time.
    Times(f64),
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "max" => Ok(Self::Max),
            _ => match text.parse() {
                Ok(times) if times > 0.0 && f64::is_finite(times) => Ok(Self::Times(times)),
                _ => Err(format!("`{text}` is no speed: write `max`, or a number like 1 (real time) or 10")),
            },
        }
    }
}

/// The clock of a call that is played: when it rang, and how many times as fast as real time its time passes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    began: Instant,
    times: f64,
}

impl Pace {
    /// When it is so long after the ring.
    pub(crate) fn when(self, at: Duration) -> Instant {
        self.began + at.div_f64(self.times)
    }
}

/// Something that happened while a script was played.
#[derive(Debug)]
pub struct Happening {
    /// Script time: since the ring.
    pub at: Duration,
    /// What happened.
    pub what: Told,
}

/// What happened.
#[derive(Debug)]
pub enum Told {
    /// Something in the call, and the contact event that says so.
    Call {
        /// In words.
        text: String,
        /// The `eventType` of the contact event, if there is one.
        event: Option<&'static str>,
    },
    /// A contact record was put on the stream.
    ContactRecord {
        /// The leg, from 1.
        leg: usize,
        /// The version, from 1.
        version: usize,
    },
    /// Salesforce has another line of the transcript.
    Transcribed(Transcribed),
    /// A function was invoked, by a contact flow or by an event source.
    Invoked(Box<Invocation>),
    /// An invoke-function block took its Error branch.
    ErrorBranch {
        /// The function.
        function: String,
        /// Why, in a sentence.
        reason: String,
    },
    /// Something broke, or was mended.
    Fault(String),
}

/// Takes what happens, as it happens.
pub type Tell = Arc<dyn Fn(Happening) + Send + Sync>;

/// A call that is being played.
pub(crate) struct Player<'a> {
    center: &'a Center,
    script: &'a Script,
    /// The clock that is waited on; none where nothing waits.
    pace: Option<Pace>,
    tell: Tell,
    scene: Scene,
    steps: Vec<Step>,
    call: Call,
    attributes: BTreeMap<String, String>,
    /// The records that the script names.
    named: Named,
    /// The versions of each leg's contact record that were sent.
    records: Vec<Vec<Value>>,
    error_branches: usize,
    /// What is said while media is streamed.
    said: Vec<Spoken>,
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
    ) -> Self {
        let call = script.call().clone();
        let length = timeline(&call, &script.steps).last().map_or(Duration::ZERO, |beat| beat.at);
        // No event may lie in the future: a call that is played faster than real time rang a while ago.
        let (ahead, pace) = match speed {
            Speed::Max => (length, None),
            Speed::Times(times) => {
                // Unless it is listened to: what is said must not be older than the VoiceCall, which is made as it is played.
                let past = if script.streamed().is_empty() { (1.0 - 1.0 / times).max(0.0) } else { 0.0 };
                let ahead = length.mul_f64(past);
                (ahead, Some(Pace { began: Instant::now(), times }))
            }
        };
        Self {
            center,
            script,
            pace,
            tell,
            scene: Scene::new(Utc::now() - ahead, call.legs.len()),
            steps: script.steps.clone(),
            records: vec![Vec::new(); call.legs.len()],
            call,
            attributes: script.contact.attributes.clone(),
            named,
            error_branches: 0,
            said: script.streamed().iter().flat_map(|stream| stream.lines.clone()).collect(),
            audio: BTreeMap::new(),
        }
    }

    /// Plays the call to its end, and says what it left behind.
    pub(crate) async fn play(self) -> anyhow::Result<Found> {
        if self.script.streamed().is_empty() {
            return self.play_beats().await;
        }
        let ring_ms = self.scene.ring.timestamp_millis();
        let mut teller = Teller::new(self.center, self.scene.contact_id(0), ring_ms, Arc::clone(&self.tell));
        let found = tokio::select! {
            found = self.play_beats() => found?,
            Err(error) = teller.follow() => return Err(error),
        };
        teller.tell_new()?;
        Ok(found)
    }

    async fn play_beats(mut self) -> anyhow::Result<Found> {
        for (leg, contact_id) in self.scene.contact_ids.iter().enumerate() {
            let described = self.telling().described(leg);
            self.center.aws().put_contact(self.scene.instance.id(), contact_id, described);
        }
        let mut beats = VecDeque::from(timeline(&self.call, &self.steps));
        while let Some(beat) = beats.pop_front() {
            self.wait_for(beat.at).await;
            let hung_up = self.beat(&beat).await?;
            if hung_up {
                self.hang_up(beat.at)?;
                beats = timeline(&self.call, &self.steps).into();
                beats.retain(|later| later.at > beat.at);
            }
            if self.pace.is_none() {
                self.center.contact_events().drain().await;
            }
        }
        if !self.script.streamed().is_empty() {
            self.center.all_said().await;
            self.center.transcribed().await?;
        }
        self.center.settle().await?;
        self.take_attributes();
        Ok(Found {
            ring: self.scene.ring,
            contact_ids: self.scene.contact_ids,
            attributes: self.attributes,
            said: self.said,
            error_branches: self.error_branches,
            named: self.named,
            ..Found::default()
        })
    }

    async fn wait_for(&self, at: Duration) {
        if let Some(pace) = self.pace {
            tokio::time::sleep_until(pace.when(at)).await;
        }
        self.center.now_playing(at);
    }

    /// Plays one beat. True if the flow hung up.
    async fn beat(&mut self, beat: &Beat) -> anyhow::Result<bool> {
        let at = beat.at;
        let text = in_words(&self.telling(), &beat.what);
        match &beat.what {
            What::ContactEvent { leg, kind } => {
                self.say(at, text, Some(kind));
                let event = self.telling().contact_event(*leg, kind, at);
                self.center.publish_contact_event(&event)?;
            }
            What::Hold { .. } => self.say(at, text, None),
            What::MediaStreaming { leg, switch } => {
                self.say(at, text, None);
                self.switch_streaming(*leg, *switch, at)?;
            }
            What::Flow { leg, step } => return self.invoke(*leg, step, at).await,
            What::ContactRecord { leg } => {
                let late = self.steps.iter().any(|step| {
                    matches!(&step.action, Action::Resend(resend) if resend.leg == leg + 1 && resend.recording)
                });
                self.put_new_version(*leg, at, !late).await?;
            }
            What::Resend(resend) => self.resend(resend, at).await?,
            What::Fault(fault) | What::FaultEnds(fault) => {
                self.tell(at, Told::Fault(text.unwrap_or_default()));
                match beat.what {
                    What::FaultEnds(_) => self.center.mend(fault),
                    _ => self.center.break_it(fault).await?,
                }
            }
        }
        Ok(false)
    }

    async fn invoke(&mut self, leg: usize, step: &FlowStep, at: Duration) -> anyhow::Result<bool> {
        let resolved = step.parameters.iter();
        let parameters = resolved.map(|(name, value)| (name.clone(), resolve(value, &self.named))).collect();
        let event = self.telling().flow_event(leg, at, parameters);
        match block::invoke(self.center.host(), step, &event).await? {
            Ok(reply) => {
                for (attribute, source) in &step.set {
                    if let Some(value) = block::external(source, &reply) {
                        self.attributes.insert(attribute.clone(), value.to_owned());
                    }
                }
                Ok(false)
            }
            Err(reason) => {
                self.error_branches += 1;
                let now = self.center.script_time();
                self.tell(now, Told::ErrorBranch { function: step.function.clone(), reason });
                Ok(step.on_error == OnError::Disconnect)
            }
        }
    }

    /// The audio stops by itself: when it does is known from the start.
    fn switch_streaming(&mut self, leg: usize, switch: Switch, at: Duration) -> anyhow::Result<()> {
        let starts = self.script.streamed().iter().find(|stream| stream.leg == leg && stream.from == at);
        if let (Switch::Start, Some(streamed), Some(pace)) = (switch, starts, self.pace) {
            let contact_id = self.scene.contact_id(leg);
            self.audio.insert(leg, self.center.stream(contact_id, self.scene.ring, streamed, pace)?);
        }
        Ok(())
    }

    /// Attributes that functions have set.
    fn take_attributes(&mut self) {
        self.attributes.extend(self.center.aws().contact_attributes(self.scene.contact_id(0)));
    }

    /// The flow hangs up.
    fn hang_up(&mut self, at: Duration) -> anyhow::Result<()> {
        self.center.cut_short();
        self.said.retain(|said| said.end() <= at);
        self.steps = cut_off(&self.steps, at);
        self.call = Call::of(&self.script.contact, &self.steps).map_err(|(line, problem)| {
            anyhow!("once the flow has hung up, line {line} cannot be played: {problem}")
        })?;
        Ok(())
    }

    async fn resend(&mut self, resend: &Resend, at: Duration) -> anyhow::Result<()> {
        let leg = resend.leg - 1;
        match resend.version {
            Some(version) => self.put(leg, version, at).await,
            None => {
                self.attributes.extend(resend.attributes.clone());
                let had_it = self.records[leg].iter().any(|record| !record["Recording"].is_null());
                self.put_new_version(leg, at, resend.recording || had_it).await
            }
        }
    }

    async fn put_new_version(&mut self, leg: usize, at: Duration, recorded: bool) -> anyhow::Result<()> {
        self.take_attributes();
        let record = self.telling().contact_record(leg, at, recorded);
        self.records[leg].push(record);
        self.put(leg, self.records[leg].len(), at).await
    }

    async fn put(&self, leg: usize, version: usize, at: Duration) -> anyhow::Result<()> {
        self.tell(at, Told::ContactRecord { leg: leg + 1, version });
        let record = &self.records[leg][version - 1];
        let tried = self.center.put_contact_record(self.scene.contact_id(leg), record);
        if self.pace.is_none() {
            tried.wait().await?;
        }
        Ok(())
    }

    fn telling(&self) -> Telling<'_> {
        Telling {
            contact: &self.script.contact,
            call: &self.call,
            scene: &self.scene,
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
