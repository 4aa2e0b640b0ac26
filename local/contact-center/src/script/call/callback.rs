//! Legs in which the customer is called back.

use std::time::Duration;

use super::{CALLBACK, Leg, Queued};
use crate::script::model::Callback;

/// A leg in which the customer is called back.
#[derive(Debug, Clone, PartialEq)]
pub struct CalledBack {
    /// Which attempt it is, from 1.
    pub attempt: u64,
    /// What a contact flow has queued; none as long as none has.
    pub callback: Option<Callback>,
}

impl Leg {
    /// The agent answers a callback at this time: the one that a flow has queued, or its next attempt. No flow need have
    /// queued it yet: a script is read before its flows run.
    ///
    /// The error is why there is none.
    pub(super) fn called_back(
        legs: &[Self],
        queued: Option<&(Callback, Duration)>,
        at: Duration,
    ) -> Result<Self, &'static str> {
        let before = legs.iter().rev().find_map(|leg| Some((leg, leg.called_back.as_ref()?.attempt)));
        if before.is_some_and(|(leg, _)| leg.connected_to_system.is_some()) {
            return Err("the call is over: the customer was called back, and answered");
        }
        let mut leg = Self::new(CALLBACK, at);
        leg.connected_to_system = None;
        if let Some((callback, since)) = queued {
            leg.initiated = before.map_or(*since, |(leg, _)| leg.disconnected);
            leg.queue = callback.queued.as_ref().map(|(queue, enqueued)| {
                Queued::from(
                    queue,
                    before.map_or(*enqueued, |(leg, _)| leg.disconnected + callback.retry_delay),
                )
            });
        }
        let attempt = before.map_or(1, |(_, attempt)| attempt + 1);
        leg.called_back =
            Some(CalledBack { attempt, callback: queued.map(|(callback, _)| callback.clone()) });
        Ok(leg)
    }
}
