//! One standard queue. The clock is an argument.

use std::time::Duration;

use md5::{Digest, Md5};
use tokio::time::Instant;
use uuid::Uuid;

/// Messages in order of arrival, delivered at least once each.
#[derive(Default)]
pub(super) struct Queue(Vec<Message>);

impl std::fmt::Debug for Queue {
    /// Bodies are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Queue({} messages)", self.0.len())
    }
}

struct Message {
    id: Uuid,
    body: String,
    visible_at: Instant,
    /// How often it was received. Each time gives another receipt handle, and only the latest deletes.
    receipts: u32,
}

/// A message as its receiver gets it.
pub(super) struct Received {
    pub(super) id: Uuid,
    pub(super) handle: String,
    pub(super) body: String,
}

impl Queue {
    pub(super) fn bodies(&self) -> Vec<String> {
        self.0.iter().map(|message| message.body.clone()).collect()
    }

    pub(super) fn send(&mut self, body: String, visible_at: Instant) -> Uuid {
        let id = Uuid::new_v4();
        self.0.push(Message { id, body, visible_at, receipts: 0 });
        id
    }

    /// Takes up to `most` visible messages and hides them for a while.
    pub(super) fn receive(&mut self, most: usize, now: Instant, hidden: Duration) -> Vec<Received> {
        let visible = self.0.iter_mut().filter(|message| message.visible_at <= now).take(most);
        visible
            .map(|message| {
                message.visible_at = now + hidden;
                message.receipts += 1;
                let handle = format!("{}#{}", message.id, message.receipts);
                Received { id: message.id, handle, body: message.body.clone() }
            })
            .collect()
    }

    /// When the next hidden message shows up again.
    pub(super) fn next_visible(&self, now: Instant) -> Option<Instant> {
        self.0.iter().map(|message| message.visible_at).filter(|&at| at > now).min()
    }

    /// Deletes what this receipt handle was given for. An outdated handle deletes nothing, a malformed one is `None`.
    pub(super) fn delete(&mut self, handle: &str) -> Option<()> {
        let (id, receipt) = handle.split_once('#')?;
        let (id, receipt) = (id.parse::<Uuid>().ok()?, receipt.parse::<u32>().ok()?);
        self.0.retain(|message| message.id != id || message.receipts != receipt);
        Some(())
    }
}

/// The digest that SQS sends along with a body, so that a client can tell whether it arrived whole.
pub(super) fn md5_hex(body: &str) -> String {
    Md5::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_A_MINUTE: Duration = Duration::from_secs(30);

    fn bodies(received: &[Received]) -> Vec<&str> {
        received.iter().map(|message| message.body.as_str()).collect()
    }

    #[test]
    fn a_received_message_is_hidden_and_then_comes_again() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.send("first".to_owned(), now);
        queue.send("second".to_owned(), now);
        assert_eq!(bodies(&queue.receive(1, now, HALF_A_MINUTE)), ["first"]);
        assert_eq!(bodies(&queue.receive(10, now, HALF_A_MINUTE)), ["second"]);
        assert!(queue.receive(10, now, HALF_A_MINUTE).is_empty());
        assert_eq!(queue.next_visible(now), Some(now + HALF_A_MINUTE));
        assert_eq!(bodies(&queue.receive(10, now + HALF_A_MINUTE, HALF_A_MINUTE)), ["first", "second"]);
    }

    #[test]
    fn a_delayed_message_waits() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.send("later".to_owned(), now + HALF_A_MINUTE);
        assert!(queue.receive(1, now, HALF_A_MINUTE).is_empty());
        assert_eq!(bodies(&queue.receive(1, now + HALF_A_MINUTE, HALF_A_MINUTE)), ["later"]);
    }

    #[test]
    fn only_the_latest_receipt_deletes() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.send("once".to_owned(), now);
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
    fn digests_are_those_of_rfc_1321() {
        assert_eq!(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
    }
}
