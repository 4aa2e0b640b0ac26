//! Up to 200 records in one request.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::by_key::{self, Upserted};
use super::resource::{Call, Reply, Resource};
use super::sobjects::{created, shown};
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::save;
use crate::schema::ObjectSchema;
use crate::store::records;

const PATH: &str = "/composite/sobjects";
const OBJECT: &str = "/composite/sobjects/{object}";
const LIMIT: usize = 200;

pub(super) const RESOURCES: &[Resource] = &[
    resource(Method::POST, PATH, create),
    resource(Method::PATCH, PATH, update),
    resource(Method::DELETE, PATH, delete),
    resource(Method::GET, OBJECT, read),
    resource(Method::POST, OBJECT, read_posted),
    resource(Method::PATCH, "/composite/sobjects/{object}/{field}", upsert),
];

const fn resource(
    method: Method,
    path: &'static str,
    run: fn(&Call<'_>) -> Result<Reply, Refusal>,
) -> Resource {
    Resource { method, path, operation: Operation::Collections, run }
}

/// The records of a body, and whether all of them or none are to be saved.
struct Collection {
    all_or_none: bool,
    records: Vec<Map<String, Value>>,
}

fn create(call: &Call<'_>) -> Result<Reply, Refusal> {
    let Collection { all_or_none, records } = collection(call)?;
    each(call, all_or_none, &records, |record| {
        let object = object_of(call, record)?;
        let record = save::create(call.db, object, record, call.duplicates())?;
        Ok(created(object, &record))
    })
}

fn update(call: &Call<'_>) -> Result<Reply, Refusal> {
    let Collection { all_or_none, records } = collection(call)?;
    each(call, all_or_none, &records, |record| {
        let object = object_of(call, record)?;
        let (id, changes) = without(record, "Id");
        let Some(id) = id.as_ref().and_then(Value::as_str) else {
            return Err(Refusal::record("MISSING_ARGUMENT", "Id not specified in an update call", &["Id"]));
        };
        let known = find(call, object, id)?;
        let record = save::update(call.db, object, known, &changes, call.duplicates())?;
        Ok(json!({"id": record.id(), "success": true, "errors": []}))
    })
}

fn upsert(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = call.object()?;
    let field = by_key::key(object, call.part(1))?;
    let Collection { all_or_none, records } = collection(call)?;
    each(call, all_or_none, &records, |record| {
        if object_of(call, record)?.name != object.name {
            let message = "The records must be of the object in the path";
            return Err(Refusal::record("INVALID_TYPE", message, &[]));
        }
        let (value, body) = without(record, &field.name);
        let Some(value) = value.filter(|value| !value.is_null()) else {
            let message = format!("{} not specified", field.name);
            return Err(Refusal::record("MISSING_ARGUMENT", message, &[&field.name]));
        };
        match by_key::put(call, object, field, &value, body)? {
            Upserted::Done { record, created } => {
                Ok(json!({"id": record.id(), "success": true, "errors": [], "created": created}))
            }
            Upserted::Ambiguous(several) => {
                let message = format!(
                    "{}: more than one record found for external id field: [{}]",
                    field.name,
                    several.iter().map(records::Record::id).collect::<Vec<_>>().join(", ")
                );
                Err(Refusal::record("DUPLICATE_EXTERNAL_ID", message, &[&field.name]))
            }
        }
    })
}

fn delete(call: &Call<'_>) -> Result<Reply, Refusal> {
    let ids = call.parameter("ids").unwrap_or_default();
    let ids: Vec<_> = ids.split(',').map(str::trim).collect();
    check_count(ids.len())?;
    let all_or_none = call.parameter("allOrNone").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    each(call, all_or_none, &ids, |id| {
        let malformed = || Refusal::record("MALFORMED_ID", format!("malformed id {id}"), &[]);
        let object = call.schema().object_of_id(id).ok_or_else(malformed)?;
        let record = find(call, object, id)?;
        let done = json!({"id": record.id(), "success": true, "errors": []});
        save::delete(call.db, record)?;
        Ok(done)
    })
}

fn read(call: &Call<'_>) -> Result<Reply, Refusal> {
    let (ids, fields) = (call.parameter("ids"), call.parameter("fields"));
    let split = |list: &str| list.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>();
    show(call, &split(&ids.unwrap_or_default()), &split(&fields.unwrap_or_default()))
}

/// As [`read`], for lists too long for a URL.
fn read_posted(call: &Call<'_>) -> Result<Reply, Refusal> {
    let body = call.json_object()?;
    let list = |name: &str| -> Vec<String> {
        let values = body.get(name).and_then(Value::as_array).into_iter().flatten();
        values.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    show(call, &list("ids"), &list("fields"))
}

/// The records in the order of the ids; null in the place of one that there is not.
fn show(call: &Call<'_>, ids: &[String], fields: &[String]) -> Result<Reply, Refusal> {
    let object = call.object()?;
    let fields: Vec<_> = fields.iter().map(String::as_str).filter(|field| !field.is_empty()).collect();
    if fields.is_empty() {
        return Err(Refusal::bad_request("MISSING_ARGUMENT", "The required field fields is missing"));
    }
    let shown = ids.iter().map(|id| match records::by_id(call.db, &object.name, id)? {
        Some(record) => shown(call, object, &record, Some(&fields)),
        None => Ok(Value::Null),
    });
    Ok(Reply::ok(Value::Array(shown.collect::<Result<_, Refusal>>()?)))
}

/// Does the same with each of several things. What fails is undone alone, or all is if it is all or none.
fn each<T>(
    call: &Call<'_>,
    all_or_none: bool,
    things: &[T],
    save: impl Fn(&T) -> Result<Value, Refusal>,
) -> Result<Reply, Refusal> {
    let mut results = Vec::new();
    let mut failed = false;
    let done = call.db.attempt(|| {
        for thing in things {
            match call.db.attempt(|| save(thing)) {
                Ok(result) => results.push(result),
                // The parser stops at this, before any record is looked at.
                Err(refusal) if refusal.fields.is_none() && refusal.duplicates.is_none() => {
                    return Err(refusal);
                }
                Err(refusal) => {
                    failed = true;
                    results.push(refusal.result());
                }
            }
        }
        if failed && all_or_none { Err(rolled_back()) } else { Ok(()) }
    });
    match done {
        Err(refusal) if !(failed && all_or_none) => Err(refusal),
        Err(refusal) => {
            let results = results.into_iter();
            let undone = |result: Value| if result["success"] == true { refusal.result() } else { result };
            Ok(Reply::ok(results.map(undone).collect::<Value>()))
        }
        Ok(()) => Ok(Reply::ok(Value::Array(results))),
    }
}

fn rolled_back() -> Refusal {
    let message =
        "Record rolled back because not all records were valid and the request was using AllOrNone header";
    Refusal::record("ALL_OR_NONE_OPERATION_ROLLED_BACK", message, &[])
}

fn collection(call: &Call<'_>) -> Result<Collection, Refusal> {
    let mut body = call.json_object()?;
    let all_or_none = body.get("allOrNone").and_then(Value::as_bool).unwrap_or(false);
    let Some(Value::Array(records)) = body.remove("records") else {
        return Err(Refusal::bad_request("MISSING_ARGUMENT", "The required field records is missing"));
    };
    check_count(records.len())?;
    let records = records.into_iter().map(|record| match record {
        Value::Object(record) => Ok(record),
        _ => Err(Refusal::bad_request("JSON_PARSER_ERROR", "A record must be a JSON object")),
    });
    Ok(Collection { all_or_none, records: records.collect::<Result<_, _>>()? })
}

fn check_count(records: usize) -> Result<(), Refusal> {
    if records > LIMIT {
        let message = "record limit reached. cannot submit more than 200 records into this call";
        return Err(Refusal::bad_request("EXCEEDED_ID_LIMIT", message));
    }
    Ok(())
}

/// The object that a record's `attributes` name.
fn object_of<'a>(call: &'a Call<'_>, record: &Map<String, Value>) -> Result<&'a ObjectSchema, Refusal> {
    let name = record.get("attributes").and_then(|attributes| attributes["type"].as_str());
    let name = name.ok_or_else(|| {
        Refusal::bad_request("INVALID_TYPE", "Each record must have attributes with its type")
    })?;
    call.schema().object(name).ok_or_else(|| {
        Refusal::record("INVALID_TYPE", format!("sObject type '{name}' is not supported."), &[])
    })
}

fn find(call: &Call<'_>, object: &ObjectSchema, id: &str) -> Result<records::Record, Refusal> {
    save::find(call.db, object, id).map_err(|refusal| match refusal.code {
        "NOT_FOUND" => Refusal::record("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", &[]),
        _ => refusal,
    })
}

/// The value of a field, in any letter case, and the rest of the record.
fn without(record: &Map<String, Value>, field: &str) -> (Option<Value>, Map<String, Value>) {
    let mut rest = record.clone();
    let name = record.keys().find(|name| name.eq_ignore_ascii_case(field));
    let value = name.and_then(|name| rest.remove(name));
    (value, rest)
}
