//! The functions as `template.yaml` deploys them: names, limits, variables, and what invokes them.

use std::time::Duration;

use serde_json::Value;

use crate::binaries::{Binaries, BuildError};
use crate::lambda::{Destination, Function};
use crate::sources::Mapping;

/// The contact-record stream's name.
pub(crate) const CONTACT_RECORDS: &str = "callbridge-contact-records";
/// The name of Contact Lens's real-time stream.
pub(crate) const CONTACT_LENS: &str = "callbridge-contact-lens";
/// The name of the queue of analysis files.
pub(crate) const ANALYSIS_FILES: &str = "callbridge-AnalysisFilesQueue";
/// After how many receives that queue gives a message up.
pub(crate) const ANALYSIS_FILE_RECEIVES: u32 = 20;

/// Variables of all functions, beside the secret's name.
const SHARED_VARIABLES: [(&str, &str); 4] = [
    ("CREDENTIAL_SOURCE", "secretsmanager"),
    ("SECRET_TTL_SECONDS", "300"),
    ("LOG_LEVEL", "info"),
    ("METRICS_NAMESPACE", "Callbridge"),
];

/// What the template says of one function.
pub(crate) struct Deployed {
    /// The logical id, which is the function's name, too.
    pub(crate) name: &'static str,
    /// The folder, package and binary.
    pub(crate) package: &'static str,
    /// A file in `events/<package>/` to invoke it with.
    pub(crate) sample_event: &'static str,
    timeout: Duration,
    memory_mb: u32,
    /// Its own variables; a value that is one of the [`Resources`] is named in angle brackets.
    variables: &'static [(&'static str, &'static str)],
}

/// What functions are told of, as far as it is only known when the contact center runs.
pub(crate) struct Resources {
    /// `AWS_ENDPOINT_URL`.
    pub(crate) aws_url: String,
    /// `SECRET_NAME`.
    pub(crate) secret_name: &'static str,
    /// `STATE_TABLE`.
    pub(crate) state_table: &'static str,
    /// `DEAD_LETTER_QUEUE_URL`.
    pub(crate) dead_letters_url: String,
    /// `ANALYSIS_BUCKET`.
    pub(crate) analysis_bucket: &'static str,
    /// `ANALYSIS_PREFIX`.
    pub(crate) analysis_prefix: &'static str,
    /// Variables that replace or follow those of the template.
    pub(crate) more: Vec<(String, String)>,
}

/// Invoked by contact flows.
pub(crate) const VOICE_CALL: Deployed = Deployed {
    name: "InvokeTelephonyIntegrationApiFunction",
    package: "voice-call",
    sample_event: "create-voice-call.json",
    timeout: Duration::from_secs(8),
    memory_mb: 512,
    variables: &[("FLOW_BUDGET_MS", "7000")],
};

/// Invoked with contact records, by Kinesis.
pub(crate) const SYNC_CONTACT_RECORDS: Deployed = Deployed {
    name: "CTRDataSyncFunction",
    package: "sync-contact-records",
    sample_event: "batch-inbound.json",
    timeout: Duration::from_secs(120),
    memory_mb: 512,
    variables: &[
        ("SYNC_CONCURRENCY", "16"),
        ("STATE_TABLE", "<state table>"),
        ("DEAD_LETTER_QUEUE_URL", "<dead letters>"),
    ],
};

/// Invoked with contact events, by EventBridge.
pub(crate) const CONTACT_EVENTS: Deployed = Deployed {
    name: "HandleContactEventsFunction",
    package: "contact-events",
    sample_event: "disconnected-abandoned.json",
    timeout: Duration::from_secs(30),
    memory_mb: 256,
    variables: &[("STATE_TABLE", "<state table>"), ("DEAD_LETTER_QUEUE_URL", "<dead letters>")],
};

/// Invoked by contact flows.
pub(crate) const SALESFORCE_REST: Deployed = Deployed {
    name: "InvokeSalesforceRestApiFunction",
    package: "salesforce-rest",
    sample_event: "look-up-case.json",
    timeout: Duration::from_secs(8),
    memory_mb: 512,
    variables: &[
        ("FLOW_BUDGET_MS", "7000"),
        ("SOBJECT_POLICY", "*:create,read,update"),
        ("API_FLOOR_PERCENT", "10"),
    ],
};

/// Invoked by contact flows, often with a time limit of 3 s.
pub(crate) const START_TRANSCRIPTION: Deployed = Deployed {
    name: "kvsConsumerTrigger",
    package: "start-transcription",
    sample_event: "start.json",
    timeout: Duration::from_secs(8),
    memory_mb: 256,
    variables: &[
        ("FLOW_BUDGET_MS", "2500"),
        ("STATE_TABLE", "<state table>"),
        ("TRANSCRIBE_FUNCTION", "kvsTranscriber"),
    ],
};

/// Invoked by the one above, and by itself.
pub(crate) const TRANSCRIBE_CALL: Deployed = Deployed {
    name: "kvsTranscriber",
    package: "transcribe-call",
    sample_event: "job.json",
    timeout: Duration::from_secs(900),
    memory_mb: 512,
    variables: &[
        ("STATE_TABLE", "<state table>"),
        ("DEAD_LETTER_QUEUE_URL", "<dead letters>"),
        ("HANDOVER_MARGIN_SECONDS", "60"),
        ("IDLE_SECONDS", "120"),
        ("LEASE_SECONDS", "30"),
        ("SEND_PARTIALS", "false"),
        ("TRANSCRIBE_FUNCTION", "kvsTranscriber"),
    ],
};

/// Invoked with what Contact Lens hears, by Kinesis.
pub(crate) const PERSIST_TRANSCRIPTS: Deployed = Deployed {
    name: "ContactLensProcessorFunction",
    package: "persist-transcripts",
    sample_event: "batch-call.json",
    timeout: Duration::from_secs(120),
    memory_mb: 512,
    variables: &[
        ("STATE_TABLE", "<state table>"),
        ("DEAD_LETTER_QUEUE_URL", "<dead letters>"),
        ("TRANSCRIPT_SOURCE", "utterance"),
        ("CATEGORY_SIGNALS", "true"),
        ("SENTIMENT_SIGNALS", "false"),
        ("REQUESTS_AT_ONCE", "8"),
    ],
};

/// Invoked for files that Contact Lens has written, by a queue that has them from EventBridge.
pub(crate) const POST_CALL_ANALYSIS: Deployed = Deployed {
    name: "PostCallAnalysisTriggerFunction",
    package: "post-call-analysis",
    sample_event: "original.json",
    timeout: Duration::from_secs(300),
    memory_mb: 256,
    variables: &[
        ("STATE_TABLE", "<state table>"),
        ("DEAD_LETTER_QUEUE_URL", "<dead letters>"),
        ("ANALYSIS_FILES", "original"),
        ("ANALYSIS_PREFIX", "<analysis prefix>"),
        ("OVERALL_SCORES", "true"),
    ],
};

/// Invoked by whoever wants the transcripts of past calls.
pub(crate) const BACKFILL_TRANSCRIPTS: Deployed = Deployed {
    name: "ContactDataSyncFunction",
    package: "backfill-transcripts",
    sample_event: "backfill-dry-run.json",
    timeout: Duration::from_secs(900),
    memory_mb: 512,
    variables: &[
        ("STATE_TABLE", "<state table>"),
        ("ANALYSIS_BUCKET", "<analysis bucket>"),
        ("ANALYSIS_PREFIX", "<analysis prefix>"),
        ("ANALYSIS_FILES", "original"),
        ("BATCH_SIZE", "10"),
        ("MAX_CONTACT_IDS", "100"),
        ("API_FLOOR_PERCENT", "10"),
    ],
};

/// Every function that is deployed.
pub(crate) const ALL: [&Deployed; 9] = [
    &VOICE_CALL,
    &SALESFORCE_REST,
    &START_TRANSCRIPTION,
    &TRANSCRIBE_CALL,
    &SYNC_CONTACT_RECORDS,
    &CONTACT_EVENTS,
    &PERSIST_TRANSCRIPTS,
    &POST_CALL_ANALYSIS,
    &BACKFILL_TRANSCRIPTS,
];

/// Whether the EventBridge rule lets a contact event through: the ends of contacts, changes of their data, and of beginnings
/// those that name a first contact, as transferred ones do.
pub(crate) fn rule_lets_through(event: &Value) -> bool {
    match event["detail"]["eventType"].as_str() {
        Some("DISCONNECTED" | "CONTACT_DATA_UPDATED") => true,
        Some("INITIATED") => event["detail"].get("initialContactId").is_some(),
        _ => false,
    }
}

/// The packages of all functions, to be built.
pub fn packages() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|function| function.package)
}

/// The package behind a function's name, which is what people call it.
pub(crate) fn package_of(name: &str) -> &str {
    ALL.iter().find(|function| function.name == name).map_or(name, |function| function.package)
}

/// All functions, ready for the host; asynchronous invocations that fail for good go to `on_failure`.
pub(crate) fn all(
    binaries: &Binaries,
    resources: &Resources,
    on_failure: &Destination,
) -> Result<Vec<Function>, BuildError> {
    let function = |deployed: &&Deployed| {
        Ok(Function {
            timeout: deployed.timeout,
            memory_mb: deployed.memory_mb,
            environment: resources.variables_of(deployed),
            on_failure: Some(on_failure.clone()),
            ..Function::new(deployed.name, binaries.path(deployed.package)?)
        })
    };
    ALL.iter().map(function).collect()
}

/// How contact records reach their function: in order, split around a failure, and retried for a day.
pub(crate) fn contact_records_mapping(retry_delay: Duration, on_failure: Destination) -> Mapping {
    Mapping {
        batch_size: 100,
        retries: Some(10_000),
        bisect: true,
        report_batch_item_failures: true,
        max_record_age: Some(Duration::from_secs(24 * 60 * 60)),
        retry_delay,
        on_failure: Some(on_failure),
        ..Mapping::default()
    }
}

/// How what Contact Lens hears reaches its function: a shard has ten batches under way at once, and a contact is in
/// one of them at a time.
pub(crate) fn contact_lens_mapping(retry_delay: Duration, on_failure: Destination) -> Mapping {
    Mapping {
        shards: 4,
        batch_size: 100,
        parallelization: 10,
        retries: Some(10_000),
        bisect: true,
        report_batch_item_failures: true,
        max_record_age: Some(Duration::from_secs(24 * 60 * 60)),
        retry_delay,
        on_failure: Some(on_failure),
    }
}

impl Resources {
    fn variables_of(&self, function: &Deployed) -> Vec<(String, String)> {
        let here = [("AWS_ENDPOINT_URL", self.aws_url.as_str()), ("SECRET_NAME", self.secret_name)];
        let own = function.variables.iter().map(|(name, value)| match *value {
            "<state table>" => (*name, self.state_table),
            "<dead letters>" => (*name, self.dead_letters_url.as_str()),
            "<analysis bucket>" => (*name, self.analysis_bucket),
            "<analysis prefix>" => (*name, self.analysis_prefix),
            value => (*name, value),
        });
        let all = here.into_iter().chain(SHARED_VARIABLES).chain(own);
        let mut variables: Vec<(String, String)> =
            all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        variables.retain(|(name, _)| self.more.iter().all(|(replaced, _)| replaced != name));
        variables.extend(self.more.iter().cloned());
        variables
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_rule_lets_ends_changes_and_transfers_through() {
        let event = |kind: &str| json!({"detail": {"eventType": kind, "contactId": "c-2"}});
        let mut transfer = event("INITIATED");
        transfer["detail"]["initialContactId"] = "c-1".into();
        let through = [event("DISCONNECTED"), event("CONTACT_DATA_UPDATED"), transfer];
        assert!(through.iter().all(rule_lets_through));
        assert!(![event("INITIATED"), event("QUEUED"), event("COMPLETED")].iter().any(rule_lets_through));
    }
}
