//! What happens in a call, in words.

use super::contact_lens::Entry;
use super::events::Telling;
use super::fault::{
    Connection, ContactLensFault, Fault, KinesisVideoFault, SalesforceFault, TranscribeFault,
};
use super::model::Party;
use super::model::Switch;
use super::target::Target;
use super::timeline::{EventKind, What};

/// A beat in words; none for a contact record, an invocation or a contact flow, which speak for themselves.
pub(crate) fn in_words(telling: &Telling<'_>, what: &What) -> Option<String> {
    match what {
        What::ContactEvent { leg, kind } => event_in_words(telling, *leg, kind),
        What::Hold { leg, length } => {
            let seconds = length.as_secs_f64();
            Some(format!("{} puts the customer on hold for {seconds} s", agent_of(telling, *leg)))
        }
        What::Presses(keys) => Some(format!("the customer presses {keys}")),
        What::MediaStreaming { switch: Switch::Start, .. } => {
            Some("the contact flow starts media streaming".to_owned())
        }
        What::MediaStreaming { switch: Switch::Stop, .. } => {
            Some("the contact flow stops media streaming".to_owned())
        }
        What::Fault(fault) => Some(fault_in_words(fault)),
        What::FaultEnds(_) => Some("Salesforce works again".to_owned()),
        What::ContactLens { leg, entry } => entry_in_words(telling, *leg, entry),
        What::AnalysisFile { redacted: false, .. } => Some("the analysis of the call is written".to_owned()),
        What::AnalysisFile { redacted: true, .. } => {
            Some("the analysis is written a second time, redacted".to_owned())
        }
        What::Backfill(backfill) if backfill.dry_run => {
            Some("somebody asks which transcripts would be filled in".to_owned())
        }
        What::Backfill(_) => Some("somebody has transcripts filled in".to_owned()),
        What::Flow { .. }
        | What::FlowStarts { .. }
        | What::HookStarts { .. }
        | What::FlowGoesOn { .. }
        | What::HoldEnds { .. }
        | What::ContactRecord { .. }
        | What::Resend(_) => None,
    }
}

fn event_in_words(telling: &Telling<'_>, number: usize, kind: &EventKind) -> Option<String> {
    let leg = telling.call.legs.get(number)?;
    let agent = agent_of(telling, number);
    Some(match kind {
        EventKind::Initiated => begins(telling, number),
        EventKind::ConnectedToSystem => "the customer answers".to_owned(),
        EventKind::Queued => {
            let who = if leg.is_callback() { "callback" } else { "customer" };
            match &leg.queue.as_ref()?.queue {
                Target::Queue(name) => format!("the {who} waits in the queue {name}"),
                Target::Agent(username) => format!("the {who} waits for {username}"),
            }
        }
        EventKind::RoutingExpired(preferred) => {
            format!("{preferred} did not answer in time: the routing criteria expire")
        }
        EventKind::ConnectedToAgent => format!("{agent} answers"),
        EventKind::Disconnected if has_successor(telling, number) => format!("{agent} leaves the call"),
        EventKind::Disconnected => match leg.disconnect_reason {
            reason if reason == Party::Customer.disconnect_reason() => "the customer hangs up".to_owned(),
            reason if reason == Party::Agent.disconnect_reason() => format!("{agent} hangs up"),
            reason if reason == Party::Flow.disconnect_reason() => {
                "the contact flow ends the call".to_owned()
            }
            _ => "the line breaks".to_owned(),
        },
        EventKind::Completed if leg.agent.is_some() => format!("{agent} has finished after-contact work"),
        EventKind::Completed => "the contact is complete".to_owned(),
    })
}

/// What is said is told when Salesforce has it.
fn entry_in_words(telling: &Telling<'_>, leg: usize, entry: &Entry) -> Option<String> {
    let category =
        |number: usize| Some(&telling.analysis?.legs.get(leg)?.categories.get(number)?.category.name);
    let of_leg = |what: &str| match telling.call.legs.len() {
        1 => what.to_owned(),
        _ => format!("leg {}: {what}", leg + 1),
    };
    match entry {
        Entry::Started => Some(of_leg("Contact Lens begins to listen")),
        Entry::Category { number } => {
            category(*number).map(|name| format!("Contact Lens finds the category {name}"))
        }
        Entry::Summary => Some(of_leg("Contact Lens sums the call up")),
        Entry::Completed => Some(of_leg("Contact Lens has heard everything")),
        Entry::Failed => Some("the analysis fails: nothing more is heard".to_owned()),
        Entry::Malformed => Some("a record comes that nobody can read".to_owned()),
        Entry::Utterance { .. } | Entry::Transcript { .. } => None,
    }
}

/// Whether another agent took the call over.
fn has_successor(telling: &Telling<'_>, number: usize) -> bool {
    let next = telling.call.legs.get(number + 1);
    next.is_some_and(|next| next.is_transfer() && next.agent.is_some())
}

fn begins(telling: &Telling<'_>, number: usize) -> String {
    let customer = telling.customer(number).unwrap_or("a web visitor");
    let system = telling.system(number).unwrap_or("the contact center");
    match telling.call.legs.get(number).map(|leg| leg.initiation_method) {
        Some("TRANSFER") => {
            format!(
                "{} transfers the call: a new contact begins",
                agent_of(telling, number.saturating_sub(1))
            )
        }
        Some("OUTBOUND") => format!("{system} dials {customer}"),
        Some("CALLBACK") => format!("{system} is to call {customer} back"),
        _ => format!("{customer} calls {system}"),
    }
}

fn agent_of<'a>(telling: &'a Telling<'_>, number: usize) -> &'a str {
    let agent = telling.call.legs.get(number).and_then(|leg| leg.agent.as_ref());
    agent.map_or("the agent", |agent| &agent.username)
}

pub(crate) fn fault_in_words(fault: &Fault) -> String {
    match fault {
        Fault::Salesforce(fault) => salesforce_fault_in_words(fault),
        Fault::RevokeSessions => "Salesforce revokes all sessions".to_owned(),
        Fault::RotateKeys => "the key pairs are rotated, in the org and in the secret".to_owned(),
        Fault::DeleteSecret => "the secret is deleted".to_owned(),
        Fault::RestoreSecret => "the secret is put back".to_owned(),
        Fault::KinesisVideo(fault) => match fault {
            KinesisVideoFault::Closed => "Kinesis Video closes the connection".to_owned(),
            KinesisVideoFault::Broken => "the connection to Kinesis Video breaks".to_owned(),
            KinesisVideoFault::Error(id) => format!("Kinesis Video ends the connection with error {id}"),
            KinesisVideoFault::Reused => "the video stream is given to another contact".to_owned(),
        },
        Fault::Transcribe(fault) => transcribe_fault_in_words(fault),
        Fault::ContactLens(fault) => contact_lens_fault_in_words(*fault),
        Fault::Kill(function) => format!("the process of {function} is killed"),
    }
}

fn contact_lens_fault_in_words(fault: ContactLensFault) -> String {
    match fault {
        ContactLensFault::Late(by) => {
            format!("the next record of Contact Lens comes {} s late", by.as_secs_f64())
        }
        ContactLensFault::Doubled(1) => "the next record of Contact Lens comes twice".to_owned(),
        ContactLensFault::Doubled(records) => {
            format!("the next {records} records of Contact Lens come twice")
        }
        ContactLensFault::Malformed(_) => "Contact Lens's stream carries garbage".to_owned(),
        ContactLensFault::Failed => "Contact Lens breaks down".to_owned(),
        ContactLensFault::Again => "Contact Lens's stream is delivered again from its beginning".to_owned(),
    }
}

fn transcribe_fault_in_words(fault: &TranscribeFault) -> String {
    let after = fault.after.as_secs_f64();
    match (&fault.refuses, &fault.exception) {
        (Some(code), _) if fault.times == 1 => format!("Transcribe refuses the next session with {code}"),
        (Some(code), _) => format!("Transcribe refuses the next {} sessions with {code}", fault.times),
        (None, Some(code)) => format!("Transcribe's next session ends after {after} s of audio with {code}"),
        (None, None) => {
            format!("the connection of Transcribe's next session breaks after {after} s of audio")
        }
    }
}

fn salesforce_fault_in_words(fault: &SalesforceFault) -> String {
    let whose = fault.route.map_or("Salesforce".to_owned(), |route| format!("Salesforce's {route}"));
    let mut does = Vec::new();
    if let Some(latency) = fault.latency {
        does.push(format!("takes {} s longer", latency.as_secs_f64()));
    }
    if let Some(status) = fault.status {
        does.push(format!("answers {status}"));
    }
    does.extend(fault.connection.map(|connection| match connection {
        Connection::Reset => "resets the connection".to_owned(),
        Connection::LostReply => "does what it is asked and loses the reply".to_owned(),
    }));
    let times = match fault.times {
        None => fault.rate.map_or(String::new(), |rate| format!(", {:.0} % of the time", rate * 100.0)),
        Some(1) => ", once".to_owned(),
        Some(times) => format!(", {times} times"),
    };
    format!("{whose} {}{times}", does.join(" and "))
}
