//! The flows of this suite, in the folder `flows` of the repository.

mod calls;
mod every_way;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::support::{contact, support_queue};
use crate::{
    Agent, Answer, Audio, ContactState, Flow, Functions, Invocation, Library, Queue, Severity, lint,
};

/// The text of every file, by its name without the ending.
fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../flows");
    let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let paths = files.map(|file| file.unwrap().path());
    let flows = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let text = |path: &Path| std::fs::read_to_string(path).unwrap();
    let mut texts: Vec<_> =
        flows.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), text(&path))).collect();
    texts.sort();
    assert!(texts.len() >= 9, "{} has only {} flows", folder.display(), texts.len());
    texts
}

/// All of them, and the queue that they name; its ARN is none that they know.
fn library() -> Library {
    let mut library = Library::new();
    for (name, text) in texts() {
        library.add(Flow::read(&text, &format!("{name}.json")).unwrap_or_else(|e| panic!("{e}")));
    }
    library.add_queue(service());
    library
}

fn service() -> Queue {
    Queue { name: Some("Service".to_owned()), ..support_queue() }
}

/// A contact as the flow of this kind finds it: a transferred one has a queue, and who is whispered to is there.
fn contact_of(kind: &str) -> ContactState {
    let mut state = contact();
    state.agent = Some(Agent { arn: "arn:agent".to_owned(), ..Agent::default() });
    if kind != "contactFlow" {
        state.queue = Some(Queue { name: Some("Billing".to_owned()), ..support_queue() });
    }
    state
}

fn streaming() -> Answer {
    Answer::Streaming(Audio {
        stream_arn: "arn:aws:kinesisvideo:us-west-2:123456789012:stream/call/1".to_owned(),
        started: 1_571_360_125_131,
        ..Audio::default()
    })
}

/// The method that a function is asked for; start-transcription has none.
fn method(invocation: &Invocation) -> &str {
    invocation.parameters().unwrap().get("methodName").map_or("", |name| name.as_str().unwrap())
}

/// What a function answers when all is well.
fn reply_of(invocation: &Invocation) -> Value {
    match method(invocation) {
        "" => json!({"lambdaResult": "Success"}),
        "createVoiceCall" | "createTransferVC" => json!({"voiceCallId": "0LQ000000000001"}),
        "executeOmniFlow" => json!({"queue": "arn:aws:connect:us-west-2:1:instance/i/queue/omni"}),
        "cancelOmniFlowExecution" => json!({"status": "Success"}),
        "callbackExecution" => json!({"recordId": "0CR000000000001"}),
        "phoneLookup" => json!({"found": "true", "count": "1", "recordId": "003000000000001"}),
        "queryRecord" => json!({"totalSize": "1", "Id": "500000000000001", "CaseNumber": "00001026"}),
        "createRecord" => json!({"success": "true", "recordId": "500000000000002", "created": "true"}),
        "updateRecord" => json!({"success": "true"}),
        "fetchOutboundPhoneNumber" => json!({"success": "true", "outboundPhoneNumber": "+12065550111"}),
        other => panic!("no answer is known for {other}"),
    }
}

#[test]
fn there_is_nothing_to_object_to() {
    let library = library();
    let functions = Functions::of_the_suite();
    let findings: Vec<_> = library.flows().iter().flat_map(|flow| lint(flow, &library, &functions)).collect();
    assert!(findings.iter().all(|found| found.severity == Severity::Note), "{findings:#?}");
    let notes: Vec<String> = findings.iter().map(ToString::to_string).collect();
    // Whoever transfers to an Omni flow sets it.
    insta::assert_snapshot!(notes.join("\n"), @"note: omni-routing.json: InvokeLambdaFunction run Omni flow (at Actions[0]): $.Attributes.transferTarget is never set in this flow; an earlier flow, an agent or the API must set it; otherwise it is empty");
}

#[test]
fn what_they_refer_to_is_resolved_by_name_as_the_console_does() {
    let library = library();
    let names: BTreeSet<&str> = library.flows().iter().map(|flow| flow.name.as_deref().unwrap()).collect();
    assert_eq!(names.len(), library.flows().len());
    for (file, text) in texts() {
        let value: Value = serde_json::from_str(&text).unwrap();
        for action in value["Actions"].as_array().unwrap() {
            let metadata = &value["Metadata"]["ActionMetadata"][action["Identifier"].as_str().unwrap()];
            let flow = metadata.pointer("/ContactFlow/text").or(metadata.pointer("/contactFlow/text"));
            let (parameters, id) = (action["Parameters"].to_string(), &action["Identifier"]);
            assert_eq!(parameters.contains("/contact-flow/"), flow.is_some(), "{file}: {id}");
            assert_eq!(
                parameters.contains("/queue/"),
                metadata.pointer("/queue/text").is_some(),
                "{file}: {id}"
            );
            assert!(flow.is_none_or(|flow| names.contains(flow.as_str().unwrap())), "{file}: {id}");
        }
    }
}

/// <https://docs.aws.amazon.com/connect/latest/APIReference/flow-language-actions.html>, and what the flow designer needs.
#[test]
fn they_can_be_imported() {
    for (file, text) in texts() {
        let value: Value = serde_json::from_str(&text).unwrap();
        let kinds = ["contactFlow", "agentWhisper", "outboundWhisper", "queueTransfer", "agentTransfer"];
        assert!(kinds.contains(&value["Metadata"]["type"].as_str().unwrap()), "{file}");
        let (mut places, actions) = (BTreeSet::new(), value["Actions"].as_array().unwrap());
        for action in actions {
            let id = action["Identifier"].as_str().unwrap();
            assert!(id.len() <= 50, "{file}: {id}");
            assert!(
                !id.contains(['%', ':', '(', '\\', '/', ')', '=', '$', ',', ';', '[', ']', '{', '}']),
                "{id}"
            );
            let metadata = &value["Metadata"]["ActionMetadata"][id];
            assert_eq!(metadata["isFriendlyName"], true, "{file}: {id}");
            assert!(places.insert(metadata["position"].to_string()), "{file}: {id} lies upon another");
        }
        let described = value["Metadata"]["ActionMetadata"].as_object().unwrap();
        assert_eq!(described.len(), actions.len(), "{file}");
    }
}
