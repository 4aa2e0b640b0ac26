//! The parts of the page that change while a call is played, each in an element of its own.

use std::collections::HashSet;

use salesforce_org::Record;

use super::call::{Call, State};
use super::drawing::drawing;
use super::html::{Element, el};
use super::whereabouts::whereabouts;
use crate::script::{Clock, SalesforceFault, Speaker, Transcribed, plain};
use crate::story::UNTOLD;

/// All calls, the latest first.
pub(super) fn calls(calls: &[Call], shown: Option<usize>) -> Element {
    let list = el("ol").id("calls").class("scrolls");
    list.all(calls.iter().rev().map(|call| {
        let (state, class) = state(&call.state);
        let is_shown = shown == Some(call.number);
        let link =
            el("a").id(format!("call-{}", call.number)).attr("href", format!("/calls/{}", call.number));
        let link = if is_shown { link.attr("aria-current", "page") } else { link };
        el("li").add(
            link.add(el("span").class("name").text(&call.about.script))
                .add(el("span").class("number").text(format_args!("#{}", call.number)))
                .add(el("span").class(class).text(state)),
        )
    }))
}

/// How far the call is, in words, and the class to show it with.
fn state(state: &State) -> (String, &'static str) {
    match state {
        State::Waiting => ("waiting for the others".to_owned(), "state"),
        State::Playing => ("live".to_owned(), "state live"),
        State::Ended(checks) => match checks.iter().filter(|check| !check.holds()).count() {
            0 => (format!("all {} expectations hold", checks.len()), "state good"),
            failed => (format!("{failed} of {} expectations do not hold", checks.len()), "state bad"),
        },
        State::Withdrawn => ("hung up before it rang".to_owned(), "state"),
        State::Failed(_) => ("could not be played".to_owned(), "state bad"),
    }
}

/// Name, state and time of the call.
pub(super) fn head(call: &Call) -> Element {
    let (state, class) = state(&call.state);
    let head = el("div")
        .id("head")
        .add(
            el("h2")
                .text(&call.about.script)
                .text(" ")
                .add(el("small").text(format_args!("#{}", call.number))),
        )
        .add(
            el("p")
                .class("status-line")
                .add(el("span").id("call-state").class(class).text(state))
                .text(" ")
                .add(el("time").id("call-time").text(Clock(call.at))),
        )
        .add(whereabouts(call))
        .add(el("p").class("summary").text(&call.about.summary));
    match &call.state {
        State::Failed(problem) => head.add(el("p").class("problem").text(problem)),
        _ => head,
    }
}

/// What can be done: break Salesforce, mend it, hang up.
pub(super) fn controls(call: Option<&Call>, in_force: &[SalesforceFault]) -> Element {
    let number = call.map(|call| call.number);
    let can_end = call.is_some_and(|call| !call.is_over());
    let fault = |kind: &str, words: &str| {
        button("/faults", kind, words, true)
            .add(hidden("fault", kind))
            .all(number.map(|it| hidden("call", it)))
    };
    let mut controls =
        el("div").id("controls").attr("role", "group").attr("aria-label", "Faults and hang-up");
    controls = controls.add(fault("salesforce-503", "Salesforce answers 503"));
    controls = controls.add(fault("revoke-sessions", "Revoke sessions"));
    if !in_force.is_empty() {
        controls = controls.add(fault("mend", "Mend Salesforce"));
    }
    if let Some(number) = number {
        controls = controls.add(button(&format!("/calls/{number}/hang-up"), "hang-up", "Hang up", can_end));
    }
    let status = el("p").id("fault-state").attr("role", "status");
    controls.add(match in_force.len() {
        0 => status,
        1 => status.class("bad").text("A fault of Salesforce is in force, until it is mended."),
        faults => status
            .class("bad")
            .text(format_args!("{faults} faults of Salesforce are in force, until they are mended.")),
    })
}

/// A form with a button, which stays on the page if scripts run.
fn button(action: &str, id: &str, words: &str, enabled: bool) -> Element {
    let button = el("button").id(id).flag("disabled", !enabled).text(words);
    el("form").attr("method", "post").attr("action", action).flag("data-stays", true).add(button)
}

fn hidden(name: &str, value: impl std::fmt::Display) -> Element {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value)
}

/// The flows that the call came through, with its way lit. The one that it came through last is drawn large.
pub(super) fn flows(call: &Call) -> Element {
    let flows = call.flows();
    let is_one = flows.len() == 1;
    el("div").id("flows").all(flows.into_iter().enumerate().map(|(number, flow)| {
        let is_whole = !is_one && !call.path.is_in(flow);
        let size = el("button")
            .id(format!("flow-{number}-size"))
            .class("size")
            .attr("type", "button")
            .attr("aria-pressed", is_whole)
            .text("Whole flow");
        let drawing = el("div")
            .id(format!("flow-{number}"))
            .class("scrolls drawing")
            .attr("tabindex", 0)
            .attr("role", "group")
            .attr("aria-label", flow.title())
            .add(drawing(number, flow, &call.path));
        el("figure")
            .class(if is_whole { "whole" } else { "" })
            .add(el("figcaption").text(flow.title()).text(" ").add(size))
            .add(drawing)
    }))
}

/// What Salesforce has of the transcript, in the order of the call.
pub(super) fn transcript(lines: &[Transcribed]) -> Element {
    let part = el("div").id("transcript");
    if lines.is_empty() {
        return part.add(el("p").class("nothing").text("Salesforce has no transcript of this call yet."));
    }
    let mut lines: Vec<&Transcribed> = lines.iter().collect();
    lines.sort_by_key(|line| line.start_ms);
    part.add(el("ol").all(lines.into_iter().map(|line| {
        let at = std::time::Duration::from_millis(u64::try_from(line.start_ms).unwrap_or_default());
        let who = match line.who {
            Speaker::Customer => "customer",
            Speaker::Agent => "agent",
        };
        el("li")
            .class(who)
            .add(el("span").class("who").text(who))
            .add(el("time").text(Clock(at)))
            .add(el("p").text(&line.text))
    })))
}

/// The VoiceCalls as Salesforce has them now; `before` is what it had a moment ago.
pub(super) fn records(voice_calls: &[Record], before: &HashSet<String>) -> Element {
    let part = el("div").id("records");
    if voice_calls.is_empty() {
        return part.add(el("p").class("nothing").text("Salesforce has no VoiceCall of this call yet."));
    }
    part.all(voice_calls.iter().map(|record| {
        let rows = rows(record).map(|(field, value)| {
            let is_new = !before.is_empty() && !before.contains(&row_key(record, field, &value));
            let row = el("tr").id(format!("{}-{field}", record.id()));
            let row = if is_new { row.class("new") } else { row };
            row.add(el("th").attr("scope", "row").text(field)).add(el("td").text(value))
        });
        el("table")
            .id(record.id())
            .add(el("caption").text("VoiceCall ").add(el("code").text(record.id())))
            .add(el("tbody").all(rows))
    }))
}

/// What stands in the place of what cannot be shown.
pub(super) fn problem(error: &anyhow::Error) -> Element {
    el("p").class("problem").text(format_args!("{error:#}"))
}

/// Every value of the records, to tell later what is new.
pub(super) fn values(voice_calls: &[Record]) -> HashSet<String> {
    let of = |record| rows(record).map(move |(field, value)| row_key(record, field, &value));
    voice_calls.iter().flat_map(of).collect()
}

fn row_key(record: &Record, field: &str, value: &str) -> String {
    format!("{} {field} {value}", record.id())
}

fn rows(record: &Record) -> impl Iterator<Item = (&str, String)> {
    let told =
        record.fields().iter().filter(|(field, value)| !value.is_null() && !UNTOLD.contains(&field.as_str()));
    told.map(|(field, value)| (field.as_str(), plain(value)))
}

/// Each expectation of the script, those that do not hold first; nothing while the call goes on.
pub(super) fn checks(call: &Call) -> Element {
    let part = el("div").id("checks");
    let State::Ended(checks) = &call.state else { return part };
    let (holding, failing): (Vec<_>, Vec<_>) = checks.iter().partition(|check| check.holds());
    let line = |check: &&crate::script::Check| {
        let (class, tick) = if check.holds() { ("good", "✔") } else { ("bad", "✘") };
        el("li").class(class).text(format_args!("{tick} {check}"))
    };
    let kept = el("details")
        .id("checks-that-hold")
        .add(el("summary").text(format_args!("{} that hold", holding.len())))
        .add(el("ul").all(holding.iter().map(line)));
    let part = part.add(el("h3").text("Expectations"));
    let part = if failing.is_empty() { part } else { part.add(el("ul").all(failing.iter().map(line))) };
    part.add(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::call::About;
    use crate::script::{Happening, Told};

    fn call(state: State) -> Call {
        let mut call = Call::new(3, About { script: "transfer".to_owned(), ..About::default() });
        call.take(Happening {
            at: std::time::Duration::from_secs(9),
            what: Told::Leg { leg: 1, contact_id: "c-1".to_owned() },
        });
        call.state = state;
        call
    }

    #[test]
    fn a_call_can_be_hung_up_while_it_goes_on_and_salesforce_mended_when_it_is_broken() {
        let hang_up = |state| controls(Some(&call(state)), &[]).to_string();
        assert!(hang_up(State::Playing).contains("<button id=\"hang-up\">Hang up</button>"));
        assert!(hang_up(State::Waiting).contains("<button id=\"hang-up\">"));
        assert!(hang_up(State::Ended(Vec::new())).contains("<button id=\"hang-up\" disabled>"));
        assert!(!controls(None, &[]).to_string().contains("id=\"hang-up\""));
        assert!(!controls(None, &[]).to_string().contains("mend"));
        let broken = controls(None, &[SalesforceFault::status(503)]).to_string();
        assert!(broken.contains("id=\"mend\"") && broken.contains("A fault of Salesforce is in force"));
    }

    #[test]
    fn how_a_call_came_out_is_said() {
        let check = |instead: Option<&str>| crate::script::Check {
            subject: crate::script::Subject::Other("dead letters".to_owned()),
            expected: "0".to_owned(),
            instead: instead.map(str::to_owned),
        };
        let ended = call(State::Ended(vec![check(None), check(Some("2"))]));
        assert!(head(&ended).to_string().contains("1 of 2 expectations do not hold"));
        let checks = checks(&ended).to_string();
        assert!(
            checks.contains("✘ dead letters: 0, but found 2") && checks.contains("1 that hold"),
            "{checks}"
        );
        let failed = call(State::Failed("no queue is called Sales".to_owned()));
        assert!(head(&failed).to_string().contains("<p class=\"problem\">no queue is called Sales</p>"));
        assert!(calls(&[failed], Some(3)).to_string().contains("aria-current=\"page\""));
    }

    #[test]
    fn a_transcript_is_in_the_order_in_which_it_was_said() {
        let line = |who, text: &str, start_ms| Transcribed {
            who,
            text: text.to_owned(),
            start_ms,
            end_ms: start_ms,
        };
        let lines = [line(Speaker::Agent, "second", 9000), line(Speaker::Customer, "first", 4000)];
        let html = transcript(&lines).to_string();
        assert!(html.find("first") < html.find("second"), "{html}");
        assert!(html.contains("<li class=\"customer\">") && html.contains("<time>00:04.0</time>"), "{html}");
    }
}
