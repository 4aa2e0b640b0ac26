//! The standard objects, each read from its document.

use std::sync::LazyLock;

use anyhow::{Context, anyhow};

use super::object::ObjectSchema;

/// Name and document of each object, in the order of their names.
macro_rules! documents {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("objects/", $name, ".yaml")))),*]
    };
}

const DOCUMENTS: [(&str, &str); 24] = documents![
    "Account",
    "AssignedResource",
    "CallCenter",
    "CallCenterRoutingMap",
    "Case",
    "Contact",
    "ContactCenterChannel",
    "ContactRequest",
    "Conversation",
    "Event",
    "FieldServiceOrgSettings",
    "Group",
    "Lead",
    "MessagingChannel",
    "Opportunity",
    "Organization",
    "RealtimeAlertEvent",
    "RecordType",
    "ServiceAppointment",
    "ServiceResource",
    "Task",
    "User",
    "VoiceCall",
    "VoiceCallRecording",
];

/// Read once: tests start many orgs.
static OBJECTS: LazyLock<Result<Vec<ObjectSchema>, String>> = LazyLock::new(|| {
    let read = |(name, document): (&str, &str)| document.parse().context(format!("{name}.yaml"));
    let objects: anyhow::Result<_> = DOCUMENTS.into_iter().map(read).collect();
    objects.map_err(|error| format!("{error:#}"))
});

pub(super) fn objects() -> anyhow::Result<Vec<ObjectSchema>> {
    OBJECTS.clone().map_err(|error| anyhow!(error))
}
