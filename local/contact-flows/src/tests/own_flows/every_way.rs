//! Every way through every flow, with every answer that matters.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::{contact_of, library, method, reply_of, streaming};
use crate::tests::support::{Played, play};
use crate::{Answer, ContactState, Ending, Endpoint, Invocation, Library, Request, Runner};

/// More ways than these flows have; a flow that runs in circles has more.
const MOST_WAYS: usize = 50_000;

/// What can come of a question; the first is what comes of it on a good day.
fn answers(request: &Request) -> Vec<Answer> {
    let failed = || Answer::Failed("Unavailable".to_owned());
    match request {
        Request::InvokeLambda(invocation) => replies(invocation),
        Request::Hours { .. } => vec![Answer::Open(true), Answer::Open(false), failed()],
        Request::Metric { .. } => vec![Answer::Number(1), Answer::Number(0), failed()],
        Request::Input(input) if input.stored => ["2065550111#", "", "12#"].map(keys).into(),
        Request::Input(_) => ["", "1", "2", "9"].map(keys).into(),
        Request::EnterQueue { .. } => vec![Answer::Done, Answer::AtCapacity, failed()],
        Request::MediaStreaming { .. } => vec![streaming(), failed()],
        Request::Callback(_) => vec![Answer::Done, failed()],
        Request::CompleteOutboundCall(_) => vec![Answer::Done],
        other => panic!("asked: {other:?}"),
    }
}

fn keys(keys: &str) -> Answer {
    Answer::Keys(keys.to_owned())
}

/// A function that answers, one that does not, and one that answers with an error where it was asked to.
fn replies(invocation: &Invocation) -> Vec<Answer> {
    let mut replies = vec![reply_of(invocation)];
    replies.extend(match method(invocation) {
        "executeOmniFlow" => vec![json!({"agent": "arn:agent/agent/1"}), json!({"errors": "no such flow"})],
        "phoneLookup" => vec![json!({"found": "false", "count": "0"})],
        "queryRecord" => vec![json!({"totalSize": "0"})],
        "fetchOutboundPhoneNumber" => vec![json!({"success": "true"})],
        _ => vec![],
    });
    if invocation.parameters().unwrap().get("onError").is_some_and(|value| value == "reply") {
        replies.push(json!({"success": "false", "errorCode": "Unavailable", "errorMessage": "try later"}));
    }
    replies.into_iter().map(Answer::Replied).chain([Answer::TimedOut]).collect()
}

/// One way: the run, and what was answered.
struct Way {
    played: Played,
    given: Vec<Answer>,
}

/// Plays the flow once for each way through it.
fn every_way(library: &Arc<Library>, flow: &str, state: &ContactState, mut see: impl FnMut(&Way)) {
    // Of each question: which answer is given, of how many.
    let mut choices: Vec<(usize, usize)> = Vec::new();
    for _ in 0..MOST_WAYS {
        let mut given = Vec::new();
        let played = play(Runner::start(library, flow, state.clone()).unwrap(), |request| {
            let answers = answers(request);
            if choices.len() == given.len() {
                choices.push((0, answers.len()));
            }
            let answer = answers[choices[given.len()].0].clone();
            given.push(answer.clone());
            answer
        });
        see(&Way { played, given });
        while choices.last().is_some_and(|(choice, of)| choice + 1 == *of) {
            choices.pop();
        }
        match choices.last_mut() {
            Some((choice, _)) => *choice += 1,
            None => return,
        }
    }
    panic!("{flow} has more than {MOST_WAYS} ways");
}

/// Every way of every flow, for a caller with a number; the callback's also for one who withholds it.
fn all_ways(mut see: impl FnMut(&Way)) {
    let library = library();
    let flows: Vec<_> = library.flows().to_vec();
    let mut anonymous = contact_of("contactFlow");
    anonymous.customer_endpoint = Some(Endpoint::phone("anonymous"));
    let whole = Arc::new(library.clone());
    for flow in &flows {
        every_way(&whole, flow.stem(), &contact_of(flow.kind.as_deref().unwrap()), &mut see);
        // An instance that has this flow only: whoever imports forgets one.
        let mut alone = library.clone();
        flows.iter().filter(|other| other.file != flow.file).for_each(|other| {
            alone.make_unavailable(other.stem());
        });
        every_way(&Arc::new(alone), flow.stem(), &contact_of(flow.kind.as_deref().unwrap()), &mut see);
    }
    every_way(&whole, "callback", &anonymous, see);
}

#[test]
fn every_block_runs_and_every_call_is_routed_or_told_why_not() {
    let (mut reached, mut ways) = (BTreeSet::new(), 0);
    all_ways(|way| {
        ways += 1;
        let passages = way.played.passages.iter();
        reached.extend(passages.map(|passage| (passage.place.file.clone(), passage.place.action.clone())));
        told_before_the_end(way);
        routed_whatever_salesforce_does(way);
    });
    for flow in library().flows() {
        for block in flow.blocks() {
            let id = (flow.file.clone(), Some(block.id.clone()));
            assert!(reached.contains(&id), "{} never runs", flow.place(block));
        }
    }
    assert!(ways > 1_000, "{ways}");
}

/// Nobody is hung up on without a word.
fn told_before_the_end(Way { played, .. }: &Way) {
    if played.ending == Ending::Disconnected {
        let before = &played.passages[played.passages.len() - 2].place;
        assert_eq!(before.kind.as_deref(), Some("MessageParticipant"), "{}", played.story());
    }
}

/// As long as Amazon Connect is open and has room, the call gets to somebody, now or by a callback.
fn routed_whatever_salesforce_does(Way { played, given }: &Way) {
    let ill =
        |answer: &Answer| matches!(answer, Answer::Failed(_) | Answer::AtCapacity | Answer::Open(false));
    if given.iter().any(ill) {
        return;
    }
    let called_back = played.requests.iter().zip(given).any(|(request, answer)| match request {
        Request::Callback(_) => *answer == Answer::Done,
        Request::InvokeLambda(it) => {
            method(it) == "callbackExecution" && matches!(answer, Answer::Replied(_))
        }
        _ => false,
    });
    let routed = matches!(played.ending, Ending::InQueue(_) | Ending::WithAgent | Ending::FlowEnded);
    assert!(routed || called_back, "{}", played.story());
}
