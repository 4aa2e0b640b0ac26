//! Failing on demand: which requests fail, how often, and how.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::operation::Operation;

/// The requests that a fault concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Every request to the org, login included.
    Any,
    /// The requests of one operation.
    Only(Operation),
}

impl From<Operation> for Route {
    fn from(operation: Operation) -> Self {
        Self::Only(operation)
    }
}

/// What an error reply looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Salesforce's usual array with an `errorCode`, or an object with `error` from the token endpoint.
    Json,
    /// A page, as proxies and Salesforce's edge answer.
    Html,
    /// Nothing.
    Empty,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Frequency {
    Always,
    Times(u32),
    Rate(f64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Latency(Duration),
    Failure(Failure),
}

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Failure {
    Status { status: u16, code: Option<&'static str>, retry_after: Option<u64>, body: Body },
    Reset,
    LostReply,
}

/// One way for requests to go wrong. Made by [`Fault::status`] and its like, always in effect unless [`Fault::times`]
/// or [`Fault::rate`] say otherwise, and put in force by [`Faults::add`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    route: Route,
    frequency: Frequency,
    kind: Kind,
}

impl Fault {
    /// Answers with this HTTP status and a JSON error, and does nothing else.
    pub fn status(route: impl Into<Route>, status: u16) -> Self {
        let body = Body::Json;
        Self::new(route, Kind::Failure(Failure::Status { status, code: None, retry_after: None, body }))
    }

    /// Waits before doing what was asked. Other faults still apply after the wait.
    pub fn latency(route: impl Into<Route>, delay: Duration) -> Self {
        Self::new(route, Kind::Latency(delay))
    }

    /// Resets the connection without doing what was asked.
    pub fn reset(route: impl Into<Route>) -> Self {
        Self::new(route, Kind::Failure(Failure::Reset))
    }

    /// Does what was asked, then resets the connection instead of answering.
    pub fn lost_reply(route: impl Into<Route>) -> Self {
        Self::new(route, Kind::Failure(Failure::LostReply))
    }

    /// Only for the next `times` requests.
    pub fn times(self, times: u32) -> Self {
        Self { frequency: Frequency::Times(times), ..self }
    }

    /// For this share of requests, 0.0 to 1.0, chosen by [`Settings::fault_seed`](crate::Settings::fault_seed).
    pub fn rate(self, rate: f64) -> Self {
        Self { frequency: Frequency::Rate(rate), ..self }
    }

    /// Adds a `Retry-After` header, in seconds, to the reply of [`Fault::status`]; other faults have none to add to.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        if let Kind::Failure(Failure::Status { retry_after, .. }) = &mut self.kind {
            *retry_after = Some(seconds);
        }
        self
    }

    /// Changes the `errorCode` in the reply of [`Fault::status`], e.g. to `UNABLE_TO_LOCK_ROW`; other faults have none.
    pub fn error_code(mut self, new: &'static str) -> Self {
        if let Kind::Failure(Failure::Status { code, .. }) = &mut self.kind {
            *code = Some(new);
        }
        self
    }

    /// Changes the body of the reply of [`Fault::status`]; other faults have none.
    pub fn body(mut self, new: Body) -> Self {
        if let Kind::Failure(Failure::Status { body, .. }) = &mut self.kind {
            *body = new;
        }
        self
    }

    fn new(route: impl Into<Route>, kind: Kind) -> Self {
        Self { route: route.into(), frequency: Frequency::Always, kind }
    }

    fn concerns(&self, operation: Operation) -> bool {
        self.route == Route::Any || self.route == Route::Only(operation)
    }
}

/// The faults in force. Those added first are asked first; delays add up, and the first failure that strikes decides.
pub struct Faults(Mutex<InForce>);

struct InForce {
    faults: Vec<Fault>,
    random: SplitMix64,
}

/// What the faults in force make of one request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Plan {
    pub(crate) delay: Duration,
    pub(crate) failure: Option<Failure>,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(InForce { faults: Vec::new(), random: SplitMix64(seed) }))
    }

    /// Puts a fault in force, from the next request on.
    pub fn add(&self, fault: Fault) {
        self.lock().faults.push(fault);
    }

    /// Lifts all faults.
    pub fn clear(&self) {
        self.lock().faults.clear();
    }

    /// Decides on one request, and uses up one of the times of each fault that strikes.
    pub(crate) fn plan(&self, operation: Operation) -> Plan {
        let mut in_force = self.lock();
        let InForce { faults, random } = &mut *in_force;
        let mut plan = Plan::default();
        for fault in faults.iter_mut().filter(|fault| fault.concerns(operation)) {
            if plan.failure.is_some() {
                break;
            }
            let strikes = match &mut fault.frequency {
                Frequency::Always => true,
                Frequency::Times(0) => false,
                Frequency::Times(left) => {
                    *left -= 1;
                    true
                }
                Frequency::Rate(rate) => random.fraction() < *rate,
            };
            match fault.kind {
                Kind::Latency(delay) if strikes => plan.delay += delay,
                Kind::Failure(failure) if strikes => plan.failure = Some(failure),
                _ => {}
            }
        }
        faults.retain(|fault| fault.frequency != Frequency::Times(0));
        plan
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, InForce> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Faults").field(&self.lock().faults).finish()
    }
}

/// Sebastiano Vigna's SplitMix64: enough randomness for a share of requests, and the same on every machine.
struct SplitMix64(u64);

impl SplitMix64 {
    fn fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATE: Operation = Operation::CreateVoiceCall;

    #[test]
    fn times_are_used_up_and_only_by_the_route_they_concern() {
        let faults = Faults::new(0);
        faults.add(Fault::reset(CREATE).times(2));
        assert_eq!(faults.plan(Operation::Token), Plan::default());
        for _ in 0..2 {
            assert_eq!(faults.plan(CREATE).failure, Some(Failure::Reset));
        }
        assert_eq!(faults.plan(CREATE), Plan::default());
    }

    #[test]
    fn delays_add_up_and_the_first_failure_wins_without_using_up_the_second() {
        let faults = Faults::new(0);
        faults.add(Fault::latency(Route::Any, Duration::from_millis(5)));
        faults.add(Fault::latency(CREATE, Duration::from_millis(7)));
        faults.add(Fault::lost_reply(CREATE).times(1));
        faults.add(Fault::status(CREATE, 429).retry_after(3).times(1));
        let first = faults.plan(CREATE);
        assert_eq!(first, Plan { delay: Duration::from_millis(12), failure: Some(Failure::LostReply) });
        let second = Failure::Status { status: 429, code: None, retry_after: Some(3), body: Body::Json };
        assert_eq!(faults.plan(CREATE).failure, Some(second));
        assert_eq!(faults.plan(CREATE).failure, None);
    }

    #[test]
    fn a_rate_is_kept_and_a_seed_repeats_it() {
        let run = |seed| {
            let faults = Faults::new(seed);
            faults.add(Fault::reset(Route::Any).rate(0.25));
            (0..1000).map(|_| faults.plan(CREATE).failure.is_some()).collect::<Vec<_>>()
        };
        let failed = run(7).into_iter().filter(|failed| *failed).count();
        assert!((200..300).contains(&failed), "{failed} of 1000");
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn clearing_lifts_all() {
        let faults = Faults::new(0);
        faults.add(Fault::reset(Route::Any));
        faults.clear();
        assert_eq!(faults.plan(CREATE), Plan::default());
    }
}
