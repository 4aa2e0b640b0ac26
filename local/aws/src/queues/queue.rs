//! One standard queue. The clock is an argument.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use uuid::Uuid;

use super::attributes::Attributes;

/// Messages in order of arrival, delivered at least once each.
#[derive(Default)]
pub(super) struct Queue(Vec<Message>);

impl std::fmt::Debug for Queue {
    /// Bodies are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Queue({} messages)", self.0.len())
    }
}

/// What was sent.
#[derive(Clone)]
pub(super) struct Content {
    pub(super) id: Uuid,
    pub(super) body: String,
    pub(super) attributes: Attributes,
    pub(super) sent: DateTime<Utc>,
    /// The ARN of the queue that gave it up, if one did.
    pub(super) given_up_by: Option<String>,
}

impl Content {
    pub(super) fn new(body: String, attributes: Attributes) -> Self {
        Content { id: Uuid::new_v4(), body, attributes, sent: Utc::now(), given_up_by: None }
    }
}

struct Message {
    content: Content,
    visible_at: Instant,
    /// How often it was received. Each time gives another receipt handle, and only the latest is good for anything.
    receipts: u32,
}

/// A message as its receiver gets it.
pub(super) struct Received {
    pub(super) content: Content,
    pub(super) handle: String,
    pub(super) receipts: u32,
}

/// How many messages there are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Depth {
    pub(super) visible: usize,
    /// Received and not deleted.
    pub(super) hidden: usize,
    /// Never received yet.
    pub(super) delayed: usize,
}

impl Queue {
    pub(super) fn bodies(&self) -> Vec<String> {
        self.0.iter().map(|message| message.content.body.clone()).collect()
    }

    pub(super) fn send(&mut self, content: Content, visible_at: Instant) {
        self.0.push(Message { content, visible_at, receipts: 0 });
    }

    /// Takes up to `most` visible messages and hides them for a while.
    pub(super) fn receive(&mut self, most: usize, now: Instant, hidden: Duration) -> Vec<Received> {
        let visible = self.0.iter_mut().filter(|message| message.visible_at <= now).take(most);
        visible
            .map(|message| {
                message.visible_at = now + hidden;
                message.receipts += 1;
                let handle = format!("{}#{}", message.content.id, message.receipts);
                Received { content: message.content.clone(), handle, receipts: message.receipts }
            })
            .collect()
    }

    /// When the next hidden message shows up again.
    pub(super) fn next_visible(&self, now: Instant) -> Option<Instant> {
        self.0.iter().map(|message| message.visible_at).filter(|&at| at > now).min()
    }

    pub(super) fn depth(&self, now: Instant) -> Depth {
        let mut depth = Depth::default();
        for message in &self.0 {
            match (message.visible_at <= now, message.receipts) {
                (true, _) => depth.visible += 1,
                (false, 0) => depth.delayed += 1,
                (false, _) => depth.hidden += 1,
            }
        }
        depth
    }

    /// Hides what this receipt handle was given for until then. Says whether it is still hidden for the handle's holder; a
    /// malformed handle is `None`.
    pub(super) fn hide(&mut self, handle: &str, now: Instant, until: Instant) -> Option<bool> {
        let receipt = receipt(handle)?;
        let held = self.0.iter_mut().find(|message| message.is_of(receipt) && message.visible_at > now);
        let is_held = held.is_some();
        held.into_iter().for_each(|message| message.visible_at = until);
        Some(is_held)
    }

    /// Deletes what this receipt handle was given for. An outdated handle deletes nothing, a malformed one is `None`.
    pub(super) fn delete(&mut self, handle: &str) -> Option<()> {
        let receipt = receipt(handle)?;
        self.0.retain(|message| !message.is_of(receipt));
        Some(())
    }
}

impl Message {
    fn is_of(&self, (id, receipts): (Uuid, u32)) -> bool {
        self.content.id == id && self.receipts == receipts
    }
}

/// The message that a receipt handle is of, and which of its receipts it is.
fn receipt(handle: &str) -> Option<(Uuid, u32)> {
    let (id, receipts) = handle.split_once('#')?;
    Some((id.parse().ok()?, receipts.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_A_MINUTE: Duration = Duration::from_secs(30);

    fn bodies(received: &[Received]) -> Vec<&str> {
        received.iter().map(|message| message.content.body.as_str()).collect()
    }

    fn content(body: &str) -> Content {
        Content::new(body.to_owned(), Attributes::new())
    }

    #[test]
    fn a_received_message_is_hidden_and_then_comes_again() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.send(content("first"), now);
        queue.send(content("second"), now);
        assert_eq!(bodies(&queue.receive(1, now, HALF_A_MINUTE)), ["first"]);
        assert_eq!(bodies(&queue.receive(10, now, HALF_A_MINUTE)), ["second"]);
        assert!(queue.receive(10, now, HALF_A_MINUTE).is_empty());
        assert_eq!(queue.next_visible(now), Some(now + HALF_A_MINUTE));
        assert_eq!(bodies(&queue.receive(10, now + HALF_A_MINUTE, HALF_A_MINUTE)), ["first", "second"]);
    }

    #[test]
    fn a_delayed_message_waits() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.send(content("later"), now + HALF_A_MINUTE);
        assert!(queue.receive(1, now, HALF_A_MINUTE).is_empty());
        assert_eq!(bodies(&queue.receive(1, now + HALF_A_MINUTE, HALF_A_MINUTE)), ["later"]);
    }

    #[test]
    fn only_the_latest_receipt_deletes() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.send(content("once"), now);
        let outdated = queue.receive(1, now, Duration::ZERO).remove(0).handle;
        let latest = queue.receive(1, now, Duration::ZERO).remove(0).handle;
        assert_eq!(queue.delete(&outdated), Some(()));
        assert_eq!(queue.bodies(), ["once"]);
        assert_eq!(queue.delete(&latest), Some(()));
        assert!(queue.bodies().is_empty());
        assert_eq!(queue.delete(&latest), Some(()), "deleting again is no error");
        assert_eq!(queue.delete("made up"), None);
    }

    #[test]
    fn whoever_holds_a_message_says_until_when() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.send(content("held"), now);
        queue.send(content("later"), now + HALF_A_MINUTE);
        let handle = queue.receive(1, now, HALF_A_MINUTE).remove(0).handle;
        assert_eq!(queue.depth(now), Depth { visible: 0, hidden: 1, delayed: 1 });
        let (soon, late) = (now + Duration::from_secs(1), now + 3 * HALF_A_MINUTE);
        assert_eq!(queue.hide(&handle, soon, late), Some(true));
        assert_eq!(bodies(&queue.receive(10, now + 2 * HALF_A_MINUTE, Duration::ZERO)), ["later"]);
        assert_eq!(queue.hide(&handle, soon, soon), Some(true), "it is given back");
        assert_eq!(queue.hide(&handle, soon, late), Some(false), "and no longer held");
        assert_eq!(bodies(&queue.receive(1, soon, HALF_A_MINUTE)), ["held"]);
        assert_eq!(queue.hide(&handle, soon, late), Some(false), "somebody else holds it");
        assert_eq!(queue.hide("made up", soon, late), None);
    }
}
