//! What was heard, on its way to Salesforce: in order, one request after the other, each message until Salesforce has it
//! or says that it never will.

mod limit_flag;
mod undelivered;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use call_centers::CallCenters;
use connect::ContactId;
use lambda_kit::aws::AwsError;
use lambda_kit::dead_letter::{DeadLetter, DeadLetterQueue, Source};
use salesforce::telephony::{CallKey, Message, MessageBatch};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tracing::{error, warn};

pub(crate) use limit_flag::LimitFlag;
pub(crate) use undelivered::Undelivered;

/// So many messages may wait: half an hour of talk. As long as there are more, no audio is read; Kinesis Video keeps it.
const MOST_WAITING: usize = 500;

/// How long one request may take with its repetitions.
const REQUEST: Duration = Duration::from_secs(20);

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// Why messages are in the dead-letter queue whose time is over.
const UNDELIVERED: &str = "TranscriptUndelivered";

/// Messages of one conversation on their way.
pub(crate) struct Delivery<'a> {
    pub(crate) call_centers: &'a CallCenters,
    pub(crate) dead_letters: &'a DeadLetterQueue,
    pub(crate) secret_name: Option<&'a str>,
    pub(crate) conversation: CallKey,
    pub(crate) conversation_id: &'a ContactId,
    pub(crate) limit_flag: LimitFlag<'a>,
    pub(crate) queue: Queue,
}

/// What waits, oldest first.
pub(crate) struct Queue {
    messages: Mutex<VecDeque<Message>>,
    length: watch::Sender<usize>,
}

impl Default for Queue {
    fn default() -> Self {
        Self { messages: Mutex::default(), length: watch::Sender::new(0) }
    }
}

impl Queue {
    /// Puts a message behind all others.
    pub(crate) fn push(&self, message: Message) {
        let mut messages = self.lock();
        messages.push_back(message);
        self.length.send_replace(messages.len());
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self.length.borrow() == 0
    }

    pub(crate) fn has_room(&self) -> bool {
        *self.length.borrow() < MOST_WAITING
    }

    /// Returns when there is room again.
    pub(crate) async fn room(&self) {
        self.wait_for(|length| length < MOST_WAITING).await;
    }

    /// Returns when everything was delivered.
    pub(crate) async fn emptied(&self) {
        self.wait_for(|length| length == 0).await;
    }

    /// The oldest messages, as many as go into one request; at most `limit`.
    fn first(&self, limit: usize) -> Vec<Message> {
        self.lock().iter().take(limit).cloned().collect()
    }

    fn remove(&self, count: usize) {
        let mut messages = self.lock();
        messages.drain(..count);
        self.length.send_replace(messages.len());
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Message>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait_for(&self, condition: impl Fn(usize) -> bool) {
        // Cannot fail: the sender is here.
        let _ = self.length.subscribe().wait_for(|length| condition(*length)).await;
    }
}

impl Delivery<'_> {
    /// Delivers for as long as it is polled.
    pub(crate) async fn run(&self) -> Infallible {
        let mut pause = FIRST_PAUSE;
        // After a refusal: so many messages are sent by themselves, so that only the one to blame is refused.
        let mut singly = 0_usize;
        loop {
            self.queue.wait_for(|length| length > 0).await;
            let messages = self.queue.first(if singly > 0 { 1 } else { MessageBatch::MAX_MESSAGES_PER_CALL });
            let refused = match self.send(&messages).await {
                Ok(()) => {
                    self.queue.remove(messages.len());
                    (pause, singly) = (FIRST_PAUSE, singly.saturating_sub(1));
                    continue;
                }
                Err(e) if e.is_permanent() => e,
                Err(e) => {
                    warn!(
                        error_type = e.kind(),
                        waiting = *self.queue.length.borrow(),
                        "{e}: the messages wait"
                    );
                    if e.status() == Some(429) {
                        self.limit_flag.set().await;
                    }
                    sleep(pause).await;
                    pause = (2 * pause).min(LONGEST_PAUSE);
                    continue;
                }
            };
            if messages.len() > 1 {
                singly = messages.len();
                continue;
            }
            error!(error_type = refused.kind(), "a message goes to the dead-letter queue: {refused}");
            match self.bury(&messages, refused.kind(), &refused.to_string(), Instant::now() + REQUEST).await {
                Ok(()) => {
                    self.queue.remove(messages.len());
                    singly = singly.saturating_sub(1);
                }
                Err(e) => {
                    error!(error_type = e.kind(), "{e}: the message waits");
                    sleep(pause).await;
                    pause = (2 * pause).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// What could not be delivered in time goes to the dead-letter queue, and the contact is flagged. How many messages.
    pub(crate) async fn give_up(&self, deadline: Instant) -> Result<usize, AwsError> {
        let mut given_up = 0;
        loop {
            let messages = self.queue.first(MessageBatch::MAX_MESSAGES_PER_CALL);
            if messages.is_empty() {
                return Ok(given_up);
            }
            let reason = "Salesforce did not take these messages while the call was transcribed";
            self.bury(&messages, UNDELIVERED, reason, deadline).await?;
            self.queue.remove(messages.len());
            if given_up == 0 {
                self.limit_flag.set().await;
            }
            given_up += messages.len();
        }
    }

    async fn send(&self, messages: &[Message]) -> Result<(), call_centers::Error> {
        let deadline = Instant::now() + REQUEST;
        let send = async |telephony: &salesforce::telephony::Telephony| match messages {
            [message] => telephony.send_message(&self.conversation, message, deadline).await,
            several => telephony.send_messages(&self.batch(several), deadline).await,
        };
        self.call_centers.telephony(self.secret_name, deadline, send).await.map(drop)
    }

    /// Sends messages to the dead-letter queue: as the event that delivers them.
    async fn bury(
        &self,
        messages: &[Message],
        code: &'static str,
        message: &str,
        deadline: Instant,
    ) -> Result<(), AwsError> {
        let event_id = messages.first().map(|first| first.message_id.clone()).unwrap_or_default();
        let source = Source::alone(event_id);
        let undelivered = Undelivered::new(self.conversation_id.clone(), self.secret_name, messages);
        let record = serde_json::to_vec(&undelivered).unwrap_or_default();
        self.dead_letters.send(&DeadLetter { code, message, source, record: &record }, deadline).await
    }

    /// Five messages always fit into one request.
    fn batch(&self, messages: &[Message]) -> MessageBatch {
        let keyed = messages.iter().map(|message| (self.conversation.clone(), message.clone()));
        MessageBatch::split(keyed).into_iter().next().unwrap_or_default()
    }
}
