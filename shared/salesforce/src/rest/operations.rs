//! The operations of the REST API: whether each may be repeated, how long its reply may be, whether it can wait.

use crate::http::Reading;
use crate::retry::Replay;
use reqwest::Method;

/// One operation.
#[derive(Clone)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) method: Method,
    pub(super) replay: Replay,
    /// Longest reply, in bytes; none for the usual limit.
    reply_limit: Option<usize>,
    /// Whether it can wait until the org has more API requests left.
    pub(super) can_wait: bool,
}

impl Operation {
    const fn new(name: &'static str, method: Method, replay: Replay) -> Self {
        Self { name, method, replay, reply_limit: None, can_wait: false }
    }

    const fn up_to(mut self, mebibytes: usize) -> Self {
        self.reply_limit = Some(mebibytes * 1024 * 1024);
        self
    }

    const fn deferrable(mut self) -> Self {
        self.can_wait = true;
        self
    }

    /// The same within the body of a POST.
    pub(super) fn carried(&self) -> Self {
        Self { method: Method::POST, ..self.clone() }
    }

    pub(super) fn reading(&self) -> Reading {
        let reading = Reading::default();
        Reading { limit: self.reply_limit.unwrap_or(reading.limit), ..reading }
    }
}

pub(super) static RESOURCES: Operation = Operation::new("listResources", Method::GET, Replay::Safe);

/// Twice would be two records. Who wants it repeatable upserts by an external id.
pub(super) static CREATE: Operation = Operation::new("createRecord", Method::POST, Replay::OnlyIfNotExecuted);

/// A record of 800 fields with long texts: far from usual, but allowed.
pub(super) static READ: Operation = Operation::new("readRecord", Method::GET, Replay::Safe).up_to(16);

/// Repeatable: the same fields get the same values.
pub(super) static UPDATE: Operation = Operation::new("updateRecord", Method::PATCH, Replay::Safe);

/// Repeatable: the second time it finds the record that the first time created.
pub(super) static UPSERT: Operation = Operation::new("upsertRecord", Method::PATCH, Replay::Upsert);

/// After an upsert whose reply has no id.
pub(super) static UPSERTED_ID: Operation = Operation::new("upsertRecord", Method::GET, Replay::Safe);

/// Repeatable: the second time Salesforce says that the record is deleted, and it is.
pub(super) static DELETE: Operation = Operation::new("deleteRecord", Method::DELETE, Replay::Safe);

/// 2,000 rows; with long texts Salesforce itself sends fewer at a time.
pub(super) static QUERY: Operation = Operation::new("query", Method::GET, Replay::Safe).up_to(16);

pub(super) static QUERY_ALL: Operation = Operation::new("queryAll", Method::GET, Replay::Safe).up_to(16);

pub(super) static NEXT_PAGE: Operation = Operation::new("queryMore", Method::GET, Replay::Safe).up_to(16);

pub(super) static SEARCH: Operation = Operation::new("search", Method::GET, Replay::Safe).up_to(16);

/// A POST that only reads.
pub(super) static PARAMETERIZED_SEARCH: Operation =
    Operation::new("parameterizedSearch", Method::POST, Replay::Safe).up_to(16);

/// As one record.
pub(super) static CREATE_RECORDS: Operation =
    Operation::new("createRecords", Method::POST, Replay::OnlyIfNotExecuted);

/// As one record.
pub(super) static UPDATE_RECORDS: Operation = Operation::new("updateRecords", Method::PATCH, Replay::Safe);

/// As one record; but which of them lost a race is told record by record, and left to the caller.
pub(super) static UPSERT_RECORDS: Operation = Operation::new("upsertRecords", Method::PATCH, Replay::Safe);

/// As one record.
pub(super) static DELETE_RECORDS: Operation = Operation::new("deleteRecords", Method::DELETE, Replay::Safe);

/// Something in it may create.
pub(super) static COMPOSITE: Operation =
    Operation::new("composite", Method::POST, Replay::OnlyIfNotExecuted).up_to(16);

/// Nothing in it but reads.
pub(super) static COMPOSITE_READS: Operation =
    Operation::new("composite", Method::POST, Replay::Safe).up_to(16);

/// An object of 800 fields with their picklists is several MiB.
pub(super) static DESCRIBE: Operation = Operation::new("describe", Method::GET, Replay::Safe).up_to(8);

/// Not repeatable: no page says that a conversation that is uploaded again replaces the first copy, so a second upload
/// might double every line of its transcript. Uploads are worked off later, each with an id of its own; whoever is left
/// without one looks into the conversation before the next try.
pub(super) static UPLOAD: Operation =
    Operation::new("uploadConversations", Method::POST, Replay::OnlyIfNotExecuted).deferrable();

pub(super) static UPLOAD_STATUS: Operation =
    Operation::new("fetchUploadStatus", Method::GET, Replay::Safe).deferrable();
