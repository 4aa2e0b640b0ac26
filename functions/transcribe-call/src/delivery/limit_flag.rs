//! The attribute of a contact that says that its transcript is late or not whole.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use connect::{ContactId, InstanceArn};
use lambda_kit::signed::{SignedRequest, SignedService};
use serde_json::json;
use tokio::time::Instant;
use tracing::{info, warn};

/// Salesforce's own function sets it, and sync-contact-records takes it to the VoiceCall.
const ATTRIBUTE: &str = "sf_realtime_transcription_status";
const TEXT: &str = "Exceeded Limits for creating messages in Transcription";

/// Nothing waits for the attribute.
const REQUEST: Duration = Duration::from_secs(3);

/// Sets the attribute, once.
pub(crate) struct LimitFlag<'a> {
    connect: &'a SignedService,
    instance: Option<&'a InstanceArn>,
    contact: &'a ContactId,
    is_set: AtomicBool,
}

impl<'a> LimitFlag<'a> {
    /// For a conversation, by its first contact: that is the one whose attributes all others share.
    pub(crate) fn new(
        connect: &'a SignedService,
        instance: Option<&'a InstanceArn>,
        contact: &'a ContactId,
    ) -> Self {
        Self { connect, instance, contact, is_set: AtomicBool::new(false) }
    }

    /// Sets it, if that was not done yet. That it cannot be set is no reason to do anything else differently.
    /// <https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html>
    pub(crate) async fn set(&self) {
        let Some(instance) = self.instance.filter(|_| !self.is_set.swap(true, Ordering::Relaxed)) else {
            return;
        };
        let body = json!({
            "InitialContactId": self.contact,
            "InstanceId": instance.instance_id(),
            "Attributes": { ATTRIBUTE: TEXT },
        });
        let request = SignedRequest {
            action: "connect:UpdateContactAttributes",
            resource: &format!("contact {}", self.contact),
            path: "/contact/attributes",
            headers: &[],
            body: &body.to_string(),
        };
        match self.connect.post(&request, Instant::now() + REQUEST).await {
            Ok(_) => {
                info!(attribute = ATTRIBUTE, "the contact says that its transcript is late or not whole")
            }
            Err(e) => {
                self.is_set.store(false, Ordering::Relaxed);
                warn!(
                    error_type = e.kind(),
                    "{e}: the contact does not say that its transcript is not whole"
                );
            }
        }
    }
}
