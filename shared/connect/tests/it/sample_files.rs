//! Reads `events/`.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The files of one folder of `events/`: name without `.json`, and content.
pub(crate) fn folder(name: &str) -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(name);
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        assert_eq!(path.extension().unwrap(), "json", "{}", path.display());
        let content = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), content)
    });
    let files: BTreeMap<_, _> = files.collect();
    assert!(!files.is_empty(), "no sample files in events/{name}");
    files
}

/// A record of a Kinesis batch.
pub(crate) struct KinesisRecord {
    pub(crate) partition_key: String,
    pub(crate) sequence_number: u128,
    /// What the base64 holds, when it is base64.
    pub(crate) data: Option<Vec<u8>>,
}

/// The records of a file of `events/sync-contact-records`.
pub(crate) fn records(batch: &Value) -> Vec<KinesisRecord> {
    let record = |record: &Value| {
        let kinesis = &record["kinesis"];
        KinesisRecord {
            partition_key: kinesis["partitionKey"].as_str().unwrap().to_owned(),
            // Sample numbers have 56 digits; the last 30 tell them apart.
            sequence_number: kinesis["sequenceNumber"].as_str().unwrap()[26..].parse().unwrap(),
            data: STANDARD.decode(kinesis["data"].as_str().unwrap()).ok(),
        }
    };
    batch["Records"].as_array().unwrap().iter().map(record).collect()
}
