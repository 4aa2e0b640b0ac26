//! Where and when a script is played: the Amazon Connect instance, the contact ids, the clock.

use std::time::Duration;

use aws_lc_rs::digest;
use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};

/// The AWS account of all ARNs: the one of AWS's own examples.
const ACCOUNT_ID: &str = "123456789012";
const REGION: &str = "us-east-1";
const INSTANCE_ID: &str = "5ca1ab1e-0000-4000-8000-00000000cafe";

/// The Amazon Connect instance. Queues and agents are known by name; their ids follow from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Instance;

impl Instance {
    /// The AWS account id.
    pub fn account_id(self) -> &'static str {
        ACCOUNT_ID
    }

    /// The AWS region.
    pub fn region(self) -> &'static str {
        REGION
    }

    /// The instance id, a UUID.
    pub fn id(self) -> &'static str {
        INSTANCE_ID
    }

    /// The ARN of the instance.
    pub fn arn(self) -> String {
        format!("arn:aws:connect:{REGION}:{ACCOUNT_ID}:instance/{INSTANCE_ID}")
    }

    /// The ARN of the queue of this name.
    pub fn queue_arn(self, name: &str) -> String {
        self.arn_of("queue", name)
    }

    /// The ARN of the agent of this user name.
    pub fn agent_arn(self, username: &str) -> String {
        self.arn_of("agent", username)
    }

    /// The ARN of the queue that the agent of this user name has.
    pub fn agent_queue_arn(self, username: &str) -> String {
        let id = uuid_of(&format!("agent/{username}"));
        format!("{}/queue/agent/{id}", self.arn())
    }

    /// The ARN of a resource that is known by a name.
    pub(super) fn arn_of(self, kind: &str, name: &str) -> String {
        format!("{}/{kind}/{}", self.arn(), uuid_of(&format!("{kind}/{name}")))
    }
}

/// A UUID that follows from the text, so that every run names the same queue by the same id.
pub(super) fn uuid_of(text: &str) -> uuid::Uuid {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// One playing of a script.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The instance that the call reaches.
    pub instance: Instance,
    /// When it rings.
    pub ring: DateTime<Utc>,
    /// The contact ids, one per leg.
    pub contact_ids: Vec<String>,
}

impl Scene {
    /// A playing with fresh contact ids. It rings on the second: contact records know no finer time.
    pub fn new(ring: DateTime<Utc>, legs: usize) -> Self {
        let ring = ring.trunc_subsecs(0);
        let contact_ids = (0..legs).map(|_| uuid::Uuid::new_v4().to_string()).collect();
        Self { instance: Instance, ring, contact_ids }
    }

    /// The contact id of a leg, counted from 0; empty for a leg that there is not.
    pub(super) fn contact_id(&self, leg: usize) -> &str {
        self.contact_ids.get(leg).map_or("", String::as_str)
    }

    /// The contact id of the leg before, none for the first.
    pub(super) fn previous_contact_id(&self, leg: usize) -> Option<&str> {
        leg.checked_sub(1).map(|previous| self.contact_id(previous))
    }

    /// The contact id of the first leg, none for the first itself.
    pub(super) fn initial_contact_id(&self, leg: usize) -> Option<&str> {
        (leg > 0).then(|| self.contact_id(0))
    }

    /// A time after the ring, with whole seconds: as contact records write it.
    pub(super) fn seconds(&self, after: Duration) -> String {
        (self.ring + after).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// A time after the ring, with milliseconds: as contact events write it.
    pub(super) fn millis(&self, after: Duration) -> String {
        (self.ring + after).to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}
