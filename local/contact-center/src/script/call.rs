//! What the steps of a script add up to: the legs of the call, and when each was queued, answered, held and ended.

mod callback;

use std::time::Duration;

use super::callback::answers_callback;
use super::model::{Action, CUSTOMER, Callback, Channel, Contact, Initiation, Party, Speaker, Step};
use super::target::Target;

pub use callback::CalledBack;

/// Contact records come some seconds after the last of the contact is over.
const RECORD_DELAY: Duration = Duration::from_secs(5);

/// Amazon Connect's `InitiationMethod` of a callback.
const CALLBACK: &str = "CALLBACK";
/// Amazon Connect's `InitiationMethod` of a transfer.
const TRANSFER: &str = "TRANSFER";

/// A call: one leg, one more for each transfer, and one for each attempt to call the customer back.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The legs, in the order in which the steps come to them.
    pub legs: Vec<Leg>,
}

/// One contact of a call, with times since the ring.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// Amazon Connect's `InitiationMethod`.
    pub initiation_method: &'static str,
    /// When it began.
    pub initiated: Duration,
    /// When the customer's end was connected; never, if a dialled customer did not answer.
    pub connected_to_system: Option<Duration>,
    /// What there is to know of it if the customer is called back in it, because a contact flow has queued that.
    pub called_back: Option<CalledBack>,
    /// The queue that it waited in.
    pub queue: Option<Queued>,
    /// The agent that answered.
    pub agent: Option<Answered>,
    /// How long each hold was.
    pub holds: Vec<Duration>,
    /// When it ended.
    pub disconnected: Duration,
    /// Amazon Connect's `DisconnectReason`.
    pub disconnect_reason: &'static str,
    /// After-contact work; none without an agent.
    pub wrap_up: Duration,
}

/// A wait in a queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    /// Which queue.
    pub queue: Target,
    /// When the contact entered it.
    pub enqueued: Duration,
    /// When it left it: answered, or abandoned.
    pub dequeued: Duration,
}

/// An answer by an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The agent's user name.
    pub username: String,
    /// When the agent was connected.
    pub at: Duration,
}

impl Queued {
    /// A wait that begins.
    pub(super) fn from(queue: &Target, enqueued: Duration) -> Self {
        Self { queue: queue.clone(), enqueued, dequeued: Duration::MAX }
    }
}

impl Leg {
    /// When the last of it is over, after-contact work included.
    pub fn completed(&self) -> Duration {
        self.disconnected + self.wrap_up
    }

    /// Whether an agent has passed the customer on into it.
    pub(super) fn is_transfer(&self) -> bool {
        self.initiation_method == TRANSFER
    }

    /// Whether the customer is called back in it.
    pub(super) fn is_callback(&self) -> bool {
        self.initiation_method == CALLBACK
    }

    /// When its contact record is first sent.
    pub(super) fn contact_record(&self) -> Duration {
        self.completed() + RECORD_DELAY
    }

    /// How long customer and agent were connected, without the holds.
    pub fn interaction(&self) -> Duration {
        let held: Duration = self.holds.iter().sum();
        self.agent
            .as_ref()
            .map_or(Duration::ZERO, |agent| self.disconnected.saturating_sub(agent.at).saturating_sub(held))
    }

    pub(super) fn new(initiation_method: &'static str, initiated: Duration) -> Self {
        Self {
            initiation_method,
            initiated,
            connected_to_system: Some(initiated),
            called_back: None,
            queue: None,
            agent: None,
            holds: Vec::new(),
            disconnected: Duration::MAX,
            disconnect_reason: "",
            wrap_up: Duration::ZERO,
        }
    }

    fn first(contact: &Contact) -> Self {
        let mut leg = Self::new(contact.initiation_method(), Duration::ZERO);
        if contact.initiation != Initiation::Inbound {
            leg.connected_to_system = None;
        }
        leg
    }

    fn end(&mut self, at: Duration, reason: &'static str, wrap_up: Duration) {
        self.disconnected = at;
        self.disconnect_reason = reason;
        if let Some(queue) = &mut self.queue {
            queue.dequeued = queue.dequeued.min(at);
        }
        if self.agent.is_some() {
            self.wrap_up = wrap_up;
        }
    }
}

impl Contact {
    /// Amazon Connect's `InitiationMethod` of the first leg.
    pub fn initiation_method(&self) -> &'static str {
        match (self.channel, self.initiation) {
            (Channel::WebRtc, _) => "WEBRTC_API",
            (_, Initiation::Inbound) => "INBOUND",
            (_, Initiation::Outbound) => "OUTBOUND",
            (_, Initiation::Callback) => CALLBACK,
        }
    }

    /// The customer's address: the calling number, or the called one if the contact center dials.
    pub fn customer(&self) -> Option<&str> {
        match self.initiation {
            Initiation::Inbound => self.from.as_deref(),
            Initiation::Outbound | Initiation::Callback => self.to.as_deref(),
        }
    }

    /// The contact center's address.
    pub fn system(&self) -> Option<&str> {
        match self.initiation {
            Initiation::Inbound => self.to.as_deref(),
            Initiation::Outbound | Initiation::Callback => self.from.as_deref(),
        }
    }
}

impl Call {
    /// Adds the steps up; the error is the line of the first step that cannot happen there, and why.
    pub(super) fn of(contact: &Contact, steps: &[Step]) -> Result<Self, (u64, String)> {
        let mut legs = vec![Leg::first(contact)];
        let mut last = Duration::ZERO;
        let mut over = false;
        let mut callback: Option<(Callback, Duration)> = None;
        for step in steps {
            let refuse = |why: &str| Err((step.line, why.to_owned()));
            if step.at < last {
                return refuse(
                    "steps are written in the order in which they happen: this time is before the step above",
                );
            }
            last = step.at;
            // A customer whom the agent has left may still hear a flow that asks for keys, or offers a callback.
            let after_call = matches!(
                step.action,
                Action::Fault(_)
                    | Action::Resend(_)
                    | Action::Backfill(_)
                    | Action::Presses(_)
                    | Action::Callback(_)
            );
            if over && answers_callback(&step.action) {
                let leg = Leg::called_back(&legs, callback.as_ref(), step.at);
                legs.push(leg.map_err(|why| (step.line, why.to_owned()))?);
                over = false;
            }
            if over && !after_call {
                return refuse(
                    "the call is over: only fault, presses, resend, backfill and the answer to a callback can follow \
                     hang_up",
                );
            }
            let number = legs.len();
            let (earlier, current) = legs.split_at_mut(number - 1);
            let Some(leg) = current.first_mut() else { continue };
            match &step.action {
                Action::Flow(flow) if flow.timeout > Duration::from_secs(8) => {
                    return refuse("an invoke-function block waits 8s at most");
                }
                Action::Queue(_) if leg.queue.is_some() => {
                    return refuse(
                        "the contact is already in a queue (a transfer enters its queue by itself)",
                    );
                }
                Action::Queue(queue) => leg.queue = Some(Queued::from(queue, step.at)),
                Action::Answer(who) if who == CUSTOMER => {
                    if leg.connected_to_system.is_some() {
                        return refuse(
                            "the customer is on the line already: only a dialled customer answers",
                        );
                    }
                    leg.connected_to_system = Some(step.at);
                }
                Action::Answer(_) if leg.agent.is_some() => return refuse("an agent has answered already"),
                Action::Answer(username) => {
                    leg.agent = Some(Answered { username: username.clone(), at: step.at });
                    if let Some(queue) = &mut leg.queue {
                        queue.dequeued = step.at;
                    }
                    if let Some(previous) = earlier.last_mut().filter(|leg| leg.disconnected == Duration::MAX)
                    {
                        previous.end(step.at, Party::Agent.disconnect_reason(), contact.wrap_up);
                    }
                }
                Action::Hold(_) | Action::Transfer(_) | Action::Says(Speaker::Agent, _)
                    if leg.agent.is_none() =>
                {
                    return refuse("no agent has answered yet");
                }
                Action::Hold(length) => leg.holds.push(*length),
                Action::Transfer(transfer) => {
                    let mut next = Leg::new(TRANSFER, step.at);
                    let at_once = transfer.to.as_ref().filter(|_| transfer.flow.is_none());
                    next.queue = at_once.map(|queue| Queued::from(queue, step.at));
                    legs.push(next);
                }
                // Of several, the first is played.
                Action::Callback(queued) => {
                    callback.get_or_insert_with(|| (queued.clone(), step.at));
                }
                Action::RoutingExpires(_) if leg.queue.is_none() || leg.agent.is_some() => {
                    return refuse("routing criteria expire while the contact waits in a queue");
                }
                Action::HangUp(party) => {
                    over = true;
                    for leg in legs.iter_mut().filter(|leg| leg.disconnected == Duration::MAX) {
                        leg.end(step.at, party.disconnect_reason(), contact.wrap_up);
                    }
                }
                Action::Resend(resend) if !over || resend.leg == 0 || resend.leg > number => {
                    return refuse("a contact record can be sent again after the call, for one of its legs");
                }
                Action::Backfill(_) if !over => {
                    return refuse("only calls that are over are filled in: backfill comes after hang_up");
                }
                Action::Category(_) if contact.contact_lens.is_none() => {
                    return refuse(
                        "only Contact Lens finds categories: the contact needs `contact_lens: true`",
                    );
                }
                Action::MediaStreaming(_)
                    if contact.contact_lens.as_ref().is_some_and(|lens| lens.real_time) =>
                {
                    return refuse(
                        "every line would come twice: the contact has `contact_lens` in real time (`real_time: false` \
                         only writes the file)",
                    );
                }
                Action::Flow(_)
                | Action::Presses(_)
                | Action::Backfill(_)
                | Action::Category(_)
                | Action::MediaStreaming(_)
                | Action::Says(..)
                | Action::RoutingExpires(_)
                | Action::Fault(_)
                | Action::Resend(_) => {}
            }
        }
        if !over {
            let line = steps.last().map_or(1, |step| step.line);
            return Err((line, "the call never ends: add a hang_up step".to_owned()));
        }
        check_resends(&legs, steps)?;
        Ok(Self { legs })
    }
}

/// A record can be sent again only after it was sent.
fn check_resends(legs: &[Leg], steps: &[Step]) -> Result<(), (u64, String)> {
    let mut versions = vec![1; legs.len()];
    for step in steps {
        let Action::Resend(resend) = &step.action else { continue };
        let (Some(leg), Some(sent)) = (legs.get(resend.leg - 1), versions.get_mut(resend.leg - 1)) else {
            continue;
        };
        let first = leg.contact_record();
        if step.at <= first {
            return Err((
                step.line,
                format!("the contact record is first sent {} s after the ring", first.as_secs()),
            ));
        }
        match resend.version {
            None => *sent += 1,
            Some(version) if (1..=*sent).contains(&version) => {}
            Some(version) => {
                return Err((step.line, format!("there is no version {version} yet: {sent} were sent")));
            }
        }
    }
    Ok(())
}
