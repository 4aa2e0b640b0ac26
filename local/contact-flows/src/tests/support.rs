//! What the tests share: the eight flows, small flows of their own, and a way to play them.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::{Answer, ContactState, Ending, Endpoint, Flow, Library, Passage, Queue, Request, Runner, Step};

pub(super) const INSTANCE: &str =
    "arn:aws:connect:us-west-2:123456789012:instance/6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83";

/// The sample flows that contact centers run; they lie beside the repository.
pub(super) const EIGHT: [&str; 8] = [
    "agent-whisper-transcribe",
    "inbound",
    "omni-basic-routing-with-case",
    "outbound-caller-id-override",
    "rest-link-call-to-case",
    "transcription-with-transcribe",
    "transfer-queue",
    "voicemail",
];

pub(super) fn sample_text(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contact-flows");
    let file = folder.join(format!("{name}.json"));
    std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

pub(super) fn sample(name: &str) -> Flow {
    Flow::read(&sample_text(name), &format!("{name}.json")).unwrap()
}

/// All eight, and who is who: the samples name each other by the ids of an instance that is not ours.
pub(super) fn samples() -> Library {
    let mut library = Library::new();
    EIGHT.into_iter().for_each(|name| library.add(sample(name)));
    library.alias("b1c37cdd-aa53-4dd1-899d-3021d7151b2b", "omni-basic-routing-with-case");
    library.alias("de866a57-37e2-492f-bb49-70fe23f2bf7f", "transcription-with-transcribe");
    // The callback flow is not among them.
    library.make_unavailable("584a546b-db99-4665-8c58-5b3312fbae09");
    library
}

pub(super) fn contact() -> ContactState {
    let mut state = ContactState::new("1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6", INSTANCE);
    state.customer_endpoint = Some(Endpoint::phone("+12065550100"));
    state.system_endpoint = Some(Endpoint::phone("+12065550199"));
    state
}

pub(super) fn support_queue() -> Queue {
    Queue {
        arn: Some(format!("{INSTANCE}/queue/b3c1a7d4-52e0-4f6b-8a19-7c0d2e9f4a65")),
        name: Some("Support".to_owned()),
        outbound_caller_id: Some(Endpoint::phone("+12065550199")),
    }
}

/// A flow of the flow language, with these actions; it starts with the first.
pub(super) fn flow_of(actions: &Value) -> Value {
    json!({"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Actions": actions})
}

/// An action whose next action is `next`, with an error branch to `failed`.
pub(super) fn action(id: &str, kind: &str, parameters: Value, next: &str) -> Value {
    json!({"Identifier": id, "Type": kind, "Parameters": parameters, "Transitions": {
        "NextAction": next, "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "failed"}]}})
}

pub(super) fn end(id: &str) -> Value {
    json!({"Identifier": id, "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}})
}

pub(super) fn read(value: &Value) -> Flow {
    Flow::from_value(value, "flow.json").unwrap_or_else(|e| panic!("{e}"))
}

/// A flow of one action, and the blocks `done` and `failed` after it.
pub(super) fn one(kind: &str, parameters: Value) -> Flow {
    one_with(action("it", kind, parameters, "done"))
}

pub(super) fn one_with(action: Value) -> Flow {
    read(&flow_of(&json!([action, end("done"), end("failed")])))
}

pub(super) fn library_of(flow: Flow) -> Arc<Library> {
    let mut library = Library::new();
    library.add(flow);
    Arc::new(library)
}

pub(super) fn run(flow: Flow, state: ContactState) -> Runner {
    let stem = flow.stem().to_owned();
    Runner::start(&library_of(flow), &stem, state).unwrap()
}

/// A run that is over.
pub(super) struct Played {
    pub(super) passages: Vec<Passage>,
    pub(super) requests: Vec<Request>,
    pub(super) ending: Ending,
    pub(super) state: ContactState,
}

impl Played {
    /// One line for each block.
    pub(super) fn story(&self) -> String {
        let mut story = String::new();
        for passage in &self.passages {
            tell(&mut story, passage);
        }
        writeln!(story, "{:?}", self.ending).unwrap();
        story
    }
}

fn tell(story: &mut String, passage: &Passage) {
    let place = &passage.place;
    let id = place.action.as_ref().unwrap().as_str();
    // The first digits of a UUID are enough.
    let id = if id.len() == 36 { &id[..8] } else { id };
    write!(story, "{} {id} {}: {}", passage.flow, place.kind.as_deref().unwrap(), passage.said).unwrap();
    match (&passage.branch, &passage.enters) {
        (Some(branch), _) => writeln!(story, " -> {branch}").unwrap(),
        (None, Some(flow)) => writeln!(story, " => {flow}").unwrap(),
        (None, None) => writeln!(story, ".").unwrap(),
    }
    if let Some(returned) = &passage.returned {
        tell(story, returned);
    }
}

/// Plays a run to its end; `answer` answers what it asks.
pub(super) fn play(mut runner: Runner, mut answer: impl FnMut(&Request) -> Answer) -> Played {
    let (mut passages, mut requests) = (Vec::new(), Vec::new());
    loop {
        match runner.step().unwrap_or_else(|e| panic!("{e}")) {
            Step::Passed(passage) => passages.push(passage),
            Step::Asks(request) => {
                runner.answer(answer(&request)).unwrap();
                requests.push(request);
            }
            Step::Ended(ending) => {
                return Played { passages, requests, ending, state: runner.into_state() };
            }
        }
    }
}

/// Plays a run that asks nothing.
pub(super) fn play_alone(runner: Runner) -> Played {
    play(runner, |request| panic!("asked: {request:?}"))
}

/// The first step of a flow that asks at once.
pub(super) fn asked(flow: Flow, state: ContactState) -> (Runner, Request) {
    let mut runner = run(flow, state);
    match runner.step().unwrap() {
        Step::Asks(request) => (runner, request),
        other => panic!("{other:?}"),
    }
}

/// Answers, and says where the flow goes: the next action's id.
pub(super) fn goes(mut runner: Runner, answer: Answer) -> String {
    runner.answer(answer).unwrap();
    match runner.step().unwrap() {
        Step::Passed(passage) => passage.next.unwrap().as_str().to_owned(),
        other => panic!("{other:?}"),
    }
}
