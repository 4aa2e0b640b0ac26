//! Which records changed within a span of time.

use axum::http::Method;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::resource::{Call, Reply, Resource};
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::store::records::{self, Record, date_time};

pub(super) const RESOURCES: &[Resource] = &[
    Resource {
        method: Method::GET,
        path: "/sobjects/{object}/updated",
        operation: Operation::ChangedRecords,
        run: updated,
    },
    Resource {
        method: Method::GET,
        path: "/sobjects/{object}/deleted",
        operation: Operation::ChangedRecords,
        run: deleted,
    },
];

fn updated(call: &Call<'_>) -> Result<Reply, Refusal> {
    let changed = changed(call, false)?;
    let ids: Vec<_> = changed.iter().map(Record::id).collect();
    Ok(Reply::ok(json!({"ids": ids, "latestDateCovered": date_time(Utc::now())})))
}

fn deleted(call: &Call<'_>) -> Result<Reply, Refusal> {
    let changed = changed(call, true)?;
    let deleted: Vec<Value> = changed
        .iter()
        .map(|record| json!({"id": record.id(), "deletedDate": record["LastModifiedDate"]}))
        .collect();
    Ok(Reply::ok(json!({
        "deletedRecords": deleted,
        "earliestDateAvailable": date_time(DateTime::UNIX_EPOCH),
        "latestDateCovered": date_time(Utc::now()),
    })))
}

/// The records that were last changed from `start` until before `end`.
fn changed(call: &Call<'_>, deleted: bool) -> Result<Vec<Record>, Refusal> {
    let object = call.object()?;
    let (start, end) = (time(call, "start")?, time(call, "end")?);
    if end <= start {
        let message = "endDate must be after startDate";
        return Err(Refusal::bad_request("INVALID_REPLICATION_DATE", message));
    }
    let mut records = records::all_with_deleted(call.db, &object.name)?;
    records.retain(|record| {
        let when = record.time("LastModifiedDate").unwrap_or_default();
        record.is_deleted() == deleted && start <= when && when < end
    });
    Ok(records)
}

fn time(call: &Call<'_>, name: &str) -> Result<DateTime<Utc>, Refusal> {
    let value = call.parameter(name).unwrap_or_default();
    let time = DateTime::parse_from_rfc3339(&value).map_err(|_| {
        let message = format!("{name} must be an ISO 8601 time");
        Refusal::bad_request("INVALID_REPLICATION_DATE", message)
    })?;
    Ok(time.to_utc())
}
