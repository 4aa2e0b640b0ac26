use std::io;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing::{debug, error, info_span};

use super::*;

#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn logged(level: LevelFilter, log: impl FnOnce()) -> Vec<Value> {
    let output = Output::default();
    let writer = output.clone();
    tracing::subscriber::with_default(subscriber(level, "voice_call", move || writer.clone()), log);
    let bytes = output.0.lock().unwrap();
    std::str::from_utf8(&bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_line_is_flat_and_carries_the_fields_of_its_spans() {
    let lines = logged(LevelFilter::INFO, || {
        let _invocation =
            info_span!(target: "lambda_runtime::layers::trace", "Lambda runtime invoke", requestId = "r-1")
                .entered();
        let _method =
            info_span!(target: "voice_call", "method", method = "createVoiceCall", attempt = 1).entered();
        info!(target: "voice_call", contact_id = "c-1", attempt = 2, ok = true, "created\nit");
    });
    assert_eq!(lines.len(), 1, "one event, one line");
    let mut line = lines[0].clone();
    let timestamp = line["timestamp"].take();
    assert!(chrono::DateTime::parse_from_rfc3339(timestamp.as_str().unwrap()).is_ok());
    assert_eq!(
        line,
        json!({
            "timestamp": null, "level": "INFO", "message": "created\nit", "target": "voice_call",
            "requestId": "r-1", "method": "createVoiceCall", "contact_id": "c-1", "attempt": 2, "ok": true
        })
    );
}

#[test]
fn debug_is_for_our_own_crates_only() {
    let lines = logged(LevelFilter::DEBUG, || {
        for target in ["voice_call::mapping", "salesforce::http"] {
            debug!(target: "voice_call", about = target, "ours");
        }
        debug!(target: "hyper_util::client", "headers");
        debug!(target: "aws_smithy_runtime::client", "body");
        info!(target: "lambda_runtime", "event");
        warn!(target: "reqwest", "a warning");
    });
    let messages: Vec<_> = lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["ours", "ours", "a warning"]);
}

#[test]
fn the_request_id_is_there_at_every_level() {
    let lines = logged(LevelFilter::ERROR, || {
        let _invocation =
            info_span!(target: "lambda_runtime::layers::trace", "Lambda runtime invoke", requestId = "r-1")
                .entered();
        info!(target: "voice_call", "not this");
        warn!(target: "reqwest", "nor this");
        error!(target: "salesforce::http", "but this");
    });
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["requestId"], &lines[0]["message"]), (&json!("r-1"), &json!("but this")));
}

#[test]
fn levels_go_by_the_names_in_use() {
    for (name, level) in [
        ("debug", LevelFilter::DEBUG),
        ("INFO", LevelFilter::INFO),
        ("Warn", LevelFilter::WARN),
        ("FATAL", LevelFilter::ERROR),
        ("verbose", LevelFilter::DEBUG),
    ] {
        assert_eq!(parse_level(name), Some(level), "{name}");
    }
    assert_eq!(parse_level("loud"), None);
}

#[test]
fn payloads_are_logged_only_where_the_switch_says_so() {
    let lines = |value: Option<&'static str>| {
        logged(LevelFilter::INFO, || {
            let look_up =
                move |variable: &str| value.filter(|_| variable == "LOG_PAYLOADS").map(str::to_owned);
            Payloads::from_env(&Env::new(&look_up)).log("event", &json!({ "to": "+12065550100" }));
        })
    };
    for off in [None, Some(""), Some("false"), Some("1")] {
        assert_eq!(lines(off), [json!(null); 0]);
    }
    let on = lines(Some("true"));
    assert_eq!(on[0]["level"], "WARN");
    assert_eq!((&on[1]["what"], &on[1]["payload"]), (&json!("event"), &json!("{\"to\":\"+12065550100\"}")));
}
