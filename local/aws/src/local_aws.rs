//! The handle: starts the stand-ins, puts things into them and looks at what arrived.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use axum::body::Bytes;
use axum::serve::ListenerExt;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::environment::Credentials;
use crate::failures::Failure;
use crate::kinesis::StreamRecord;
use crate::kinesis_video::VideoStream;
use crate::server::{self, Request, Services};
use crate::speech::Scripts;
use crate::tls::SecureEndpoint;
use crate::transcribe::{TranscribeLimits, Transcription, TranscriptionFault};

/// A running set of stand-ins. Clones are handles to the same one; it stops when the last of them is dropped.
#[derive(Clone, Debug)]
pub struct LocalAws {
    credentials: Credentials,
    services: Arc<Services>,
    _listening: Arc<Listening>,
}

/// Ends the accept loop with the last handle, so that a test leaves no port behind.
#[derive(Debug)]
pub(crate) struct Listening(pub(crate) JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl LocalAws {
    /// Starts the stand-ins on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> anyhow::Result<LocalAws> {
        Self::start_on(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
    }

    /// Starts the stand-ins on this address. They hold secrets: keep it a loopback one.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn start_on(address: SocketAddr) -> anyhow::Result<LocalAws> {
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("cannot listen on {address} for the AWS stand-ins: is the port taken?")
        })?;
        let url = format!("http://{}", listener.local_addr().context("cannot tell which port was bound")?);
        let services = Arc::new(Services::at(url));
        let router = server::router(Arc::clone(&services));
        // Events are small and somebody waits for each.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the AWS stand-ins stopped");
            }
        });
        Ok(LocalAws { credentials: Credentials::random(), services, _listening: Arc::new(Listening(task)) })
    }

    /// The endpoint of every service, like `http://127.0.0.1:40123`: the value for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> &str {
        &self.services.url
    }

    /// Opens one more port of 127.0.0.1, where the same stand-ins answer over TLS, and so over HTTP/2.
    /// It is closed when the endpoint is dropped.
    ///
    /// # Errors
    /// When no port can be bound or no certificate made.
    pub async fn secure_endpoint(&self) -> anyhow::Result<SecureEndpoint> {
        SecureEndpoint::start(server::router(Arc::clone(&self.services))).await
    }

    /// The variables that send a process here: endpoint, region, and credentials made up for this run.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        self.credentials.environment(self.url())
    }

    /// The same for AWS clients within this process.
    pub async fn sdk_config(&self) -> aws_config::SdkConfig {
        self.credentials.sdk_config(self.url()).await
    }

    /// Every request that arrived so far, also those that were refused, in order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.services.requests()
    }

    /// Makes the next `failure.times` requests for this operation (like `GetSecretValue`) fail.
    /// Failures that are put in twice come one after the other.
    pub fn fail_next(&self, operation: &str, failure: Failure) {
        self.services.failures.add(operation, failure);
    }

    /// Creates a secret, or gives it a new version. A deleted one is back.
    pub fn put_secret(&self, name: &str, text: &str) {
        self.services.secrets.put(name, text);
    }

    /// Marks a secret for deletion, as AWS does at first: from now on reading it is an `InvalidRequestException`.
    /// Does nothing where there is no such secret.
    pub fn delete_secret(&self, name: &str) {
        self.services.secrets.delete(name);
    }

    /// Creates or overwrites a parameter. It is a `SecureString`: readable only `WithDecryption`.
    pub fn put_parameter(&self, name: &str, value: &str) {
        self.services.parameters.put(name, value);
    }

    /// Creates a queue, or finds it, and answers with its URL.
    pub fn create_queue(&self, name: &str) -> String {
        let url = format!("{}/{}/{name}", self.url(), crate::ACCOUNT_ID);
        self.services.queues.create(&url);
        url
    }

    /// Puts a message into a queue, with these message attributes, all of them texts. Creates the queue.
    ///
    /// Unlike [`LocalAws::create_queue`] and what AWS clients do, this takes any body of any size.
    pub fn send_message(&self, queue_url: &str, body: &str, attributes: &[(&str, &str)]) {
        self.services.queues.put(queue_url, body, attributes);
    }

    /// Puts a message into a dead-letter queue, as another queue does, here with the ARN `from_arn`, when a message was received
    /// too often. Creates the queue.
    pub fn redrive(&self, queue_url: &str, body: &str, from_arn: &str) {
        self.services.queues.redrive(queue_url, body, from_arn);
    }

    /// The bodies of all messages in the queue, oldest first, without receiving them. Empty for an unknown queue.
    pub fn messages(&self, queue_url: &str) -> Vec<String> {
        self.services.queues.bodies(queue_url)
    }

    /// Creates a table whose only key is the string attribute `pk`; one that exists is left as it is.
    pub fn create_table(&self, name: &str) {
        self.services.tables.create(name);
    }

    /// All items of the table in order of their keys, as plain JSON: `{"pk":"c-1","attempts":2}`.
    /// Empty for an unknown table.
    pub fn items(&self, table: &str) -> Vec<serde_json::Value> {
        self.services.tables.items(table)
    }

    /// Makes the next `BatchGetItem` leave this many of its keys unprocessed. Numbers that are put in one after the other are
    /// used up one per request.
    pub fn leave_unprocessed(&self, keys: usize) {
        self.services.tables.leave_unprocessed(keys);
    }

    /// Creates a bucket; one that exists is left as it is.
    pub fn create_bucket(&self, name: &str) {
        self.services.buckets.create(name);
    }

    /// Creates or overwrites an object, and its bucket if there is none.
    pub fn put_object(&self, bucket: &str, key: &str, content: impl Into<Bytes>) {
        self.services.buckets.store(bucket, key, content.into());
    }

    /// All objects of a bucket by key. Empty for an unknown bucket.
    pub fn objects(&self, bucket: &str) -> BTreeMap<String, Bytes> {
        self.services.buckets.objects(bucket)
    }

    /// Creates a stream, or finds it, gives it at least so many shards, and answers with its ARN. The shards are called
    /// `shardId-000000000000` and so on.
    pub fn create_stream(&self, name: &str, shards: usize) -> String {
        self.services.streams.create(name, shards)
    }

    /// Puts a record into a shard, counted from 0, so that it can be read again: what comes before a function is the business of
    /// whoever invokes it. Creates the stream and the shard. What arrived 24 hours before this record is gone.
    pub fn put_record(&self, stream: &str, shard: usize, record: StreamRecord) {
        self.services.streams.put(stream, shard, record);
    }

    /// Has a stream forget the records that arrived before this time.
    pub fn expire_records(&self, stream: &str, before: DateTime<Utc>) {
        self.services.streams.expire(stream, before);
    }

    /// Creates a video stream, or finds it.
    pub fn video_stream(&self, name: &str) -> VideoStream {
        self.services.video_streams.create(name)
    }

    /// The transcription sessions that were started, oldest first, also those that go on.
    pub fn transcriptions(&self) -> Vec<Transcription> {
        self.services.transcribe.transcriptions()
    }

    /// Changes what the transcriber allows, for sessions that start from now on.
    pub fn set_transcribe_limits(&self, limits: TranscribeLimits) {
        self.services.transcribe.set_limits(limits);
    }

    /// Breaks the next transcription session that starts. Faults that are put in one after the other come in that
    /// order, one per session. For sessions that are refused at once, see [`LocalAws::fail_next`].
    pub fn interrupt_next_transcription(&self, fault: TranscriptionFault) {
        self.services.transcribe.interrupt_next(fault);
    }

    /// Creates a custom vocabulary, vocabulary filter or language model. It has no words, and so no effect;
    /// but a session that names one that does not exist is refused.
    pub fn create_vocabulary(&self, name: &str) {
        self.services.transcribe.create_vocabulary(name);
    }

    /// Creates a contact, or replaces what `DescribeContact` tells of it: the members of its `Contact`, like
    /// `{"Channel":"VOICE","InitiationTimestamp":1772470000.5}`. The instance may be named by id or ARN.
    pub fn put_contact(&self, instance_id: &str, contact_id: &str, described: serde_json::Value) {
        self.services.contacts.put(instance_id, contact_id, described);
    }

    /// The attributes of a contact that `UpdateContactAttributes` has set. Empty for an unknown contact.
    pub fn contact_attributes(&self, contact_id: &str) -> BTreeMap<String, String> {
        self.services.contacts.attributes(contact_id)
    }

    pub(crate) fn scripts(&self) -> &Scripts {
        &self.services.transcribe.scripts
    }
}
