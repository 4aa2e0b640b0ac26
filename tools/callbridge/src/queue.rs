//! The queue: everything in it is received and held, and in the end deleted or given back.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use lambda_kit::aws::{AwsError, call};
use tokio::time::Instant;

use crate::message::GIVEN_UP_BY;
use crate::stop::Stop;

/// For one request to SQS, with its repetitions.
const REQUEST: Duration = Duration::from_secs(60);

/// How long a message is held. If this process is killed, its messages come back when this is over.
const HOLD: Duration = Duration::from_secs(30 * 60);

/// What must be left of that when its letter is sent: more than an invocation takes at most.
const LEFT_TO_SEND: Duration = Duration::from_secs(20 * 60);

/// How many requests that give messages back are under way at once.
const RELEASED_AT_ONCE: usize = 10;

/// A queue is empty when it had nothing so many times: it lives on several servers.
const EMPTY_TIMES: u32 = 2;

/// What can be received at once.
const MOST: i32 = 10;

/// A queue in SQS.
pub(crate) struct Queue {
    client: Client,
    url: String,
    poll: Duration,
}

/// A message of it that is held.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) body: String,
    /// When it was sent.
    pub(crate) sent: Option<DateTime<Utc>>,
    /// Those that are texts, and of SQS's own the one that says which queue gave it up.
    pub(crate) attributes: HashMap<String, String>,
    pub(crate) receipt: String,
    pub(crate) held_until: Instant,
}

impl std::fmt::Debug for Message {
    /// Without the body: it is about people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message").field("id", &self.id).finish_non_exhaustive()
    }
}

/// About how many messages a queue has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Depth {
    pub(crate) waiting: usize,
    /// Held by somebody.
    pub(crate) held: usize,
}

impl Queue {
    /// The queue with this URL or name. An empty queue is found out by waiting `poll` for a message.
    pub(crate) async fn open(sdk: &SdkConfig, name_or_url: &str, poll: Duration) -> Result<Self, AwsError> {
        let client = Client::new(sdk);
        let url = if name_or_url.contains("://") {
            name_or_url.to_owned()
        } else {
            let request = client.get_queue_url().queue_name(name_or_url).send();
            let reply = call("sqs:GetQueueUrl", &format!("queue {name_or_url}"), soon(), request).await?;
            reply.queue_url.unwrap_or_default()
        };
        Ok(Self { client, url, poll })
    }

    /// The last part of the URL.
    pub(crate) fn name(&self) -> &str {
        self.url.rsplit('/').next().unwrap_or(&self.url)
    }

    fn resource(&self) -> String {
        format!("queue {}", self.url)
    }

    pub(crate) async fn depth(&self) -> Result<Depth, AwsError> {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let request = self.client.get_queue_attributes().queue_url(&self.url);
        let request = request.set_attribute_names(Some(names.to_vec())).send();
        let reply = call("sqs:GetQueueAttributes", &self.resource(), soon(), request).await?;
        let number = |name| {
            let attributes = reply.attributes.as_ref()?;
            attributes.get(name)?.parse::<usize>().ok()
        };
        let [waiting, held] = names.each_ref().map(|name| number(name).unwrap_or_default());
        Ok(Depth { waiting, held })
    }

    /// Receives into `held` until the queue has nothing more, and tells how many there are after each step.
    /// What was received by then is in `held` even if this fails.
    pub(crate) async fn receive_all(
        &self,
        held: &mut Vec<Message>,
        stop: &Stop,
        mut tell: impl FnMut(usize),
    ) -> Result<(), AwsError> {
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut empty = 0;
        while empty < EMPTY_TIMES && !stop.is_asked() {
            let received = self.receive().await?;
            empty = if received.is_empty() { empty + 1 } else { 0 };
            for message in received {
                match known.entry(message.id.clone()) {
                    // It came once more: only the newer receipt counts.
                    Entry::Occupied(index) => held[*index.get()] = message,
                    Entry::Vacant(index) => {
                        index.insert(held.len());
                        held.push(message);
                    }
                }
            }
            tell(held.len());
        }
        Ok(())
    }

    async fn receive(&self) -> Result<Vec<Message>, AwsError> {
        let request = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(MOST)
            .visibility_timeout(seconds(HOLD))
            .wait_time_seconds(seconds(self.poll))
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_system_attribute_names(MessageSystemAttributeName::DeadLetterQueueSourceArn)
            .message_attribute_names("All")
            .send();
        let held_until = Instant::now() + HOLD;
        let reply = call("sqs:ReceiveMessage", &self.resource(), soon(), request).await?;
        let messages = reply.messages.unwrap_or_default().into_iter();
        Ok(messages.map(|message| of_sdk(message, held_until)).collect())
    }

    /// Sees to it that the message is held long enough for its letter to be sent.
    pub(crate) async fn keep(&self, message: &Message) -> Result<(), AwsError> {
        if message.held_until > Instant::now() + LEFT_TO_SEND {
            return Ok(());
        }
        self.hold_for(message, HOLD).await
    }

    /// Gives messages back: they can be received again at once. Those that cannot be given back come back when their time is over.
    pub(crate) async fn release<'a>(&self, messages: impl IntoIterator<Item = &'a Message>) {
        let releases = messages.into_iter().map(|message| self.hold_for(message, Duration::ZERO));
        stream::iter(releases).buffer_unordered(RELEASED_AT_ONCE).for_each(async |_| {}).await;
    }

    async fn hold_for(&self, message: &Message, time: Duration) -> Result<(), AwsError> {
        let request = self
            .client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(&message.receipt)
            .visibility_timeout(seconds(time))
            .send();
        call("sqs:ChangeMessageVisibility", &self.resource(), soon(), request).await.map(drop)
    }

    pub(crate) async fn delete(&self, messages: &[Message]) -> Result<(), AwsError> {
        for message in messages {
            let request =
                self.client.delete_message().queue_url(&self.url).receipt_handle(&message.receipt).send();
            call("sqs:DeleteMessage", &self.resource(), soon(), request).await?;
        }
        Ok(())
    }
}

fn of_sdk(message: aws_sdk_sqs::types::Message, held_until: Instant) -> Message {
    let sent = message.attributes.as_ref().and_then(|attributes| {
        let millis = attributes.get(&MessageSystemAttributeName::SentTimestamp)?.parse().ok()?;
        DateTime::from_timestamp_millis(millis)
    });
    let given_up_by = message.attributes.as_ref().and_then(|attributes| {
        let arn = attributes.get(&MessageSystemAttributeName::DeadLetterQueueSourceArn)?;
        Some((GIVEN_UP_BY.to_owned(), arn.clone()))
    });
    let attributes = message.message_attributes.unwrap_or_default().into_iter();
    let attributes = attributes.filter_map(|(name, value)| Some((name, value.string_value?)));
    Message {
        id: message.message_id.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        sent,
        attributes: attributes.chain(given_up_by).collect(),
        receipt: message.receipt_handle.unwrap_or_default(),
        held_until,
    }
}

fn soon() -> Instant {
    Instant::now() + REQUEST
}

fn seconds(time: Duration) -> i32 {
    i32::try_from(time.as_secs()).unwrap_or(i32::MAX)
}
