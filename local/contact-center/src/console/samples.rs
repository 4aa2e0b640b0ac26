//! What tests of the console let happen.

use std::sync::Arc;
use std::time::Duration;

use contact_flows::{Answer, ContactState, Flow, Library, Passage, Request, Runner, Step};
use serde_json::Value;

use crate::lambda::{FunctionError, Invocation, Payload};
use crate::script::{Happening, Told};

pub(super) fn happening(second: u64, what: Told) -> Happening {
    Happening { at: Duration::from_secs(second), what }
}

/// An invocation that failed once and then succeeded in asking Salesforce.
pub(super) fn invoked(function: &str, event: Value, reply: Result<Value, &str>) -> Told {
    let request = |status: &str, retry: u8| {
        format!(
            r#"{{"operation":"createVoiceCall","status":"{status}","SalesforceRequests":1,"SalesforceLatency":4.2,"SalesforceRetries":{retry}}}"#
        )
    };
    Told::Invoked(Box::new(Invocation {
        request_id: "r-1".to_owned(),
        function: function.to_owned(),
        payload: Payload::from(event),
        reply: reply.map_err(|text| FunctionError::new("SalesforceUnavailable", text)),
        cold: true,
        init: Some(Duration::from_millis(34)),
        duration: Duration::from_millis(12),
        billed: Duration::from_millis(46),
        cpu: None,
        memory_mb: Some(21),
        log: vec![request("503", 0), request("201", 1)],
    }))
}

const HOURS: &str = r#"{"Version": "2019-10-30", "StartAction": "ask", "Actions": [
    {"Identifier": "ask", "Type": "CheckHoursOfOperation", "Parameters": {"HoursOfOperationId": "<weekdays>"},
     "Transitions": {"NextAction": "closed", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "closed"}],
      "Conditions": [
        {"NextAction": "closed", "Condition": {"Operator": "Equals", "Operands": ["True"]}},
        {"NextAction": "closed", "Condition": {"Operator": "Equals", "Operands": ["False"]}}]}},
    {"Identifier": "closed", "Type": "MessageParticipant", "Parameters": {"Text": "Closed, sorry."},
     "Transitions": {"NextAction": "bye", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "bye"}]}},
    {"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}"#;

/// A flow that asks whether it is open, says that it is closed, and hangs up.
pub(super) fn hours() -> Flow {
    Flow::read(HOURS, "hours.json").unwrap()
}

/// The way through it when it is closed.
pub(super) fn through_hours() -> Vec<Passage> {
    let mut library = Library::new();
    library.add(hours());
    let contact = ContactState::new("c-1", "arn:aws:connect:us-west-2:123456789012:instance/i");
    let mut run = Runner::start(&Arc::new(library), "hours", contact).unwrap();
    let mut passages = Vec::new();
    loop {
        match run.step().unwrap() {
            Step::Passed(passage) => passages.push(passage),
            Step::Asks(Request::Hours { .. }) => run.answer(Answer::Open(false)).unwrap(),
            Step::Asks(other) => panic!("{}", other.kind()),
            Step::Ended(_) => return passages,
        }
    }
}
