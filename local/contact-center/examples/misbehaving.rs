//! A Lambda function for the tests of the host: it does what its event says, good or bad.
//!
//! `{"echo": 1}` answers `1`; the other variants of [`Event`] sleep, fail, panic or exit. With `AT_START=exit` or
//! `AT_START=hang` it does not even start.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lambda_runtime::{Diagnostic, Error, LambdaEvent, service_fn};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Event {
    Echo(Value),
    Print(String),
    SleepMs(u64),
    Exit(i32),
    Panic(String),
    Fail(String),
    /// A reply of so many bytes.
    Reply(usize),
    /// The value of an environment variable.
    Variable(String),
    /// What the runtime knows of the invocation.
    Context {},
    #[serde(rename = "Records")]
    Records(Vec<Record>),
}

/// Of a stream, or a message of a queue, whose body is the same as JSON.
#[derive(Deserialize)]
#[serde(untagged)]
enum Record {
    Stream {
        kinesis: Kinesis,
    },
    #[serde(rename_all = "camelCase")]
    Message {
        message_id: String,
        body: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kinesis {
    sequence_number: String,
    /// Base64 of `good`, `bad` (reported, always), `flaky` (reported, the first time) or `poison` (an error, always).
    data: String,
}

/// The records that were met before.
static SEEN: Mutex<Option<HashSet<String>>> = Mutex::new(None);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    match std::env::var("AT_START").as_deref() {
        Ok("exit") => std::process::exit(7),
        Ok("hang") => std::future::pending().await,
        _ => println!("started"),
    }
    lambda_runtime::run(service_fn(|event: LambdaEvent<Event>| behave(event))).await
}

async fn behave(event: LambdaEvent<Event>) -> Result<Value, Diagnostic> {
    let context = event.context;
    match event.payload {
        Event::Echo(value) => Ok(value),
        Event::Print(text) => {
            println!("{text}");
            eprintln!("{text} (error)");
            Ok(Value::Null)
        }
        Event::SleepMs(millis) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            Ok(json!(std::process::id()))
        }
        Event::Exit(code) => std::process::exit(code),
        #[expect(clippy::panic, reason = "to see what becomes of it")]
        Event::Panic(text) => panic!("{text}"),
        Event::Fail(text) => Err(Diagnostic { error_type: "Refused".into(), error_message: text }),
        Event::Reply(bytes) => Ok(Value::String("x".repeat(bytes))),
        Event::Variable(name) => Ok(json!(std::env::var(name).ok())),
        Event::Context {} => Ok(json!({
            "request_id": context.request_id,
            "arn": context.invoked_function_arn,
            "deadline": context.deadline,
            "trace": context.xray_trace_id,
            "client": context.client_context.map(|context| context.custom),
        })),
        Event::Records(records) => apply(&records),
    }
}

fn apply(records: &[Record]) -> Result<Value, Diagnostic> {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = seen.get_or_insert_default();
    let mut failures = Vec::new();
    for record in records {
        let (id, data) = match record {
            Record::Stream { kinesis } => (&kinesis.sequence_number, &kinesis.data),
            Record::Message { message_id, body } => (message_id, body),
        };
        let first_time = seen.insert(id.clone());
        let failed = match data.as_str() {
            "cG9pc29u" | "\"poison\"" => {
                return Err(Diagnostic { error_type: "Poison".into(), error_message: "no".into() });
            }
            "YmFk" | "\"bad\"" => true,
            "Zmxha3k=" | "\"flaky\"" => first_time,
            _ => false,
        };
        if failed {
            failures.push(json!({ "itemIdentifier": id }));
        }
    }
    Ok(json!({ "batchItemFailures": failures }))
}
