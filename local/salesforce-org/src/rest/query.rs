//! Queries and searches: Salesforce's REST resources Query, QueryAll, Search and Parameterized Search.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use axum::http::Method;
use chrono::Utc;
use serde_json::{Map, Value, json};

use super::resource::{Call, Reply, Resource};
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::soql::{self, Data, Failure, Ordered, QueryError, Setting};
use crate::sosl::{self, FieldGroup, Search};

pub(super) const RESOURCES: &[Resource] = &[
    Resource { method: Method::GET, path: "/query", operation: Operation::Query, run: query },
    Resource { method: Method::GET, path: "/queryAll", operation: Operation::Query, run: query_all },
    Resource {
        method: Method::GET,
        path: "/query/{locator}",
        operation: Operation::QueryMore,
        run: query_more,
    },
    Resource {
        method: Method::GET,
        path: "/queryAll/{locator}",
        operation: Operation::QueryMore,
        run: query_more,
    },
    Resource { method: Method::GET, path: "/search", operation: Operation::Search, run: search },
    Resource {
        method: Method::GET,
        path: "/parameterizedSearch",
        operation: Operation::ParameterizedSearch,
        run: parameters_in_uri,
    },
    Resource {
        method: Method::POST,
        path: "/parameterizedSearch",
        operation: Operation::ParameterizedSearch,
        run: parameters_in_body,
    },
];

/// Rows of a page: as many as `Sforce-Query-Options` asks for, but never less than the first nor more than the second.
const PAGE: (usize, usize) = (200, 2_000);

fn query(call: &Call<'_>) -> Result<Reply, Refusal> {
    run(call, false)
}

fn query_all(call: &Call<'_>) -> Result<Reply, Refusal> {
    run(call, true)
}

fn run(call: &Call<'_>, deleted: bool) -> Result<Reply, Refusal> {
    let text = text(call, "MALFORMED_QUERY")?;
    let query = soql::parse(&text)?;
    let base = call.path("");
    let setting = Setting { text: &text, base: &base, now: Utc::now(), deleted };
    let answer = Data::new(call.db, setting).run(&query)?;
    let size = page_size(call);
    if answer.rows.len() <= size {
        let reply = page(answer.total, &answer.rows, None);
        return Ok(Reply::ok(reply));
    }
    let rows: Arc<[Ordered]> = answer.rows.into();
    let id = call.org.cursors.keep(&call.user.id, Arc::clone(&rows), Instant::now());
    Ok(Reply::ok(page(rows.len(), &rows[..size], Some(next(call, &id, size)))))
}

fn query_more(call: &Call<'_>) -> Result<Reply, Refusal> {
    let unknown = || Refusal::bad_request("INVALID_QUERY_LOCATOR", "invalid query locator");
    let (id, start) = call.part(0).split_once('-').ok_or_else(unknown)?;
    let start: usize = start.parse().map_err(|_| unknown())?;
    let rows = call.org.cursors.rows(&call.user.id, id, Instant::now()).ok_or_else(unknown)?;
    let rest = rows.get(start..).ok_or_else(unknown)?;
    let size = page_size(call);
    let following = (rest.len() > size).then(|| next(call, id, start + size));
    Ok(Reply::ok(page(rows.len(), &rest[..size.min(rest.len())], following)))
}

fn search(call: &Call<'_>) -> Result<Reply, Refusal> {
    let text = text(call, "MALFORMED_SEARCH")?;
    find(call, &text, &sosl::parse(&text)?)
}

/// `?q=…&sobject=Account&Account.fields=Name&Account.limit=5`
fn parameters_in_uri(call: &Call<'_>) -> Result<Reply, Refusal> {
    let objects = call.parameters("sobject").map(|object| {
        let own =
            |name: &str| call.parameter(&format!("{object}.{name}")).map(|value| Value::from(value.as_ref()));
        let fields = ["fields", "where", "orderBy", "limit", "offset"];
        let own = fields.into_iter().filter_map(|name| Some((name.to_owned(), own(name)?)));
        Value::Object(own.chain([("name".to_owned(), Value::from(object.as_ref()))]).collect())
    });
    let objects: Vec<_> = objects.collect();
    let global = ["q", "in", "fields", "defaultLimit", "overallLimit"].into_iter();
    let global =
        global.filter_map(|name| Some((name.to_owned(), Value::from(call.parameter(name)?.as_ref()))));
    let mut parameters: Map<_, _> = global.collect();
    parameters.insert("sobjects".to_owned(), objects.into());
    parameterized(call, &parameters)
}

fn parameters_in_body(call: &Call<'_>) -> Result<Reply, Refusal> {
    parameterized(call, &call.json_object()?)
}

fn parameterized(call: &Call<'_>, parameters: &Map<String, Value>) -> Result<Reply, Refusal> {
    let words = parameters.get("q").and_then(Value::as_str).unwrap_or_default();
    let group = match parameters.get("in").and_then(Value::as_str) {
        None => FieldGroup::All,
        Some(name) => {
            let name = name.split(' ').next().unwrap_or_default();
            let unknown = || Refusal::bad_request("INVALID_SEARCH", format!("invalid search group: {name}"));
            FieldGroup::parse(name).ok_or_else(unknown)?
        }
    };
    let objects = parameters.get("sobjects").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if objects.is_empty() && parameters.contains_key("fields") {
        let message = "At least one sobject must be specified to return fields";
        return Err(Refusal::bad_request("INVALID_SEARCH", message));
    }
    let returning: Vec<_> = objects.iter().map(|object| returning(parameters, object)).collect();
    let returning = returning.join(", ");
    let limit = parameters.get("overallLimit").and_then(number);
    find(call, &returning, &sosl::parameterized(words, group, &returning, limit)?)
}

/// One object as `RETURNING` has it. What the client wrote is read, and refused if need be, as that.
fn returning(global: &Map<String, Value>, object: &Value) -> String {
    let own = |name: &str| object.get(name).filter(|value| !value.is_null());
    let name = own("name").and_then(Value::as_str).unwrap_or_default();
    let fields = own("fields").or_else(|| global.get("fields")).map(|fields| match fields {
        Value::Array(fields) => fields.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        fields => fields.as_str().unwrap_or_default().to_owned(),
    });
    let mut text =
        format!("{name}({}", fields.filter(|fields| !fields.is_empty()).unwrap_or("Id".to_owned()));
    for (key, clause) in [("where", "WHERE"), ("orderBy", "ORDER BY")] {
        if let Some(value) = own(key).and_then(Value::as_str) {
            let _ = write!(text, " {clause} {value}");
        }
    }
    let limit = own("limit").or_else(|| global.get("defaultLimit"));
    for (value, clause) in [(limit, "LIMIT"), (own("offset"), "OFFSET")] {
        if let Some(number) = value.and_then(number) {
            let _ = write!(text, " {clause} {number}");
        }
    }
    text + ")"
}

/// A number, which may be written as text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn find(call: &Call<'_>, text: &str, search: &Search) -> Result<Reply, Refusal> {
    let base = call.path("");
    let setting = Setting { text, base: &base, now: Utc::now(), deleted: false };
    let found = Data::new(call.db, setting).search(search)?;
    Ok(Reply::ok(Ordered::Object(vec![("searchRecords".to_owned(), Ordered::List(found))])))
}

/// The query or search of a request.
fn text<'a>(call: &'a Call<'_>, code: &'static str) -> Result<std::borrow::Cow<'a, str>, Refusal> {
    call.parameter("q").ok_or_else(|| Refusal::bad_request(code, "A query string has to be specified"))
}

fn page_size(call: &Call<'_>) -> usize {
    let options = call.header("sforce-query-options").unwrap_or_default();
    let size =
        options.split([',', ';']).find_map(|option| option.trim().strip_prefix("batchSize=")?.parse().ok());
    size.map_or(PAGE.1, |size: usize| size.clamp(PAGE.0, PAGE.1))
}

fn next(call: &Call<'_>, id: &str, start: usize) -> String {
    call.path(&format!("/query/{id}-{start}"))
}

fn page(total: usize, rows: &[Ordered], next: Option<String>) -> Ordered {
    let mut members =
        vec![("totalSize".to_owned(), json!(total).into()), ("done".to_owned(), next.is_none().into())];
    members.extend(next.map(|next| ("nextRecordsUrl".to_owned(), next.into())));
    members.push(("records".to_owned(), Ordered::List(rows.to_vec())));
    Ordered::Object(members)
}

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        Self::bad_request(error.code, error.message)
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(error) => error.into(),
            Failure::Database(error) => error.into(),
        }
    }
}
