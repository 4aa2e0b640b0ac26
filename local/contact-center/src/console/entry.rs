//! A line of the timeline.

use contact_flows::{Branch, Passage, Said};
use serde_json::Value;

use super::call::{Entry, failed};
use super::html::{Element, el};
use super::requests::{SalesforceRequest, requests};
use crate::functions::package_of;
use crate::lambda::Invocation;
use crate::script::{Clock, Told};
use crate::story::{answered, asked, cost, millis, short};

/// How much of an event or a reply is shown, in characters: a batch of records can be megabytes.
const SHOWN: usize = 20_000;

/// The entry with this number, from 0.
pub(super) fn line(number: usize, entry: &Entry) -> Element {
    let words = |text: &str| vec![el("p").text(text)];
    let (kind, what) = match &entry.happening.what {
        Told::Call { text, event } => ("call", call(text, *event)),
        Told::ContactRecord { leg, version } => {
            let text = format!("contact record of leg {leg}, version {version}, is put on the stream");
            ("record", words(&text))
        }
        Told::ContactLens(text) => ("lens", words(text)),
        Told::Signal(signal) => ("signal", words(&signal.to_string())),
        Told::Fault(text) | Told::Mended(text) => ("fault", words(text)),
        Told::ErrorBranch { function, reason } => {
            ("flow", words(&format!("{function}: the flow takes its Error branch: {reason}")))
        }
        Told::Passed { passage, .. } => ("flow", passage_lines(passage)),
        Told::Invoked(invocation) => ("invoke", invocation_lines(number, invocation, entry.again)),
        // These have places of their own on the page.
        Told::Leg { .. } | Told::Transcribed(_) => ("", Vec::new()),
    };
    let is_bad = failure(&entry.happening.what) || matches!(entry.happening.what, Told::Fault(_));
    let class = if is_bad { format!("{kind} bad") } else { kind.to_owned() };
    el("li")
        .id(format!("entry-{number}"))
        .class(class)
        .add(el("time").text(Clock(entry.happening.at)))
        .add(el("span").class("kind").text(kind))
        .add(el("div").class("what").all(what))
}

/// Whether this is something that failed. The Error branch of a block is a way that the flow's author meant, unless it is that of
/// a function.
pub(super) fn failure(told: &Told) -> bool {
    match told {
        Told::ErrorBranch { .. } => true,
        Told::Invoked(invocation) => failed(invocation),
        Told::Passed { passage, .. } => {
            let asks_function = passage.place.kind.as_deref() == Some("InvokeLambdaFunction");
            asks_function && matches!(passage.branch, Some(Branch::Error(_)))
        }
        _ => false,
    }
}

fn call(text: &str, event: Option<&str>) -> Vec<Element> {
    let event = event.map(|event| el("span").class("tag").text(event));
    vec![event.into_iter().fold(el("p").text(text), |line, event| line.text(" ").add(event))]
}

/// A block: what it is, what happened, what it looked at, what the caller hears, and the way out.
fn passage_lines(passage: &Passage) -> Vec<Element> {
    let (block, kind) = block_and_kind(passage);
    let mut first = el("p").add(el("b").text(block)).text(" ");
    if block != kind {
        first = first.add(el("span").class("tag").text(kind)).text(" ");
    }
    if let Some(Branch::Error(error)) = &passage.branch {
        first = first.add(el("span").class("tag error").text(error));
    }
    let mut lines = vec![first, el("p").class("reply").text(&passage.said)];
    lines.extend(passage.saw.iter().map(|(reference, value)| {
        let value = value.as_deref().map_or("nothing".to_owned(), short);
        el("p").class("saw").add(el("code").text(reference)).text(format_args!(" is {value}"))
    }));
    lines.extend(passage.shown.iter().map(|said| {
        el("p").class("prompt").text(match said {
            Said::Text(text) | Said::Ssml(text) => format!("“{}”", text.as_str()),
            Said::Prompt(prompt) => format!("plays the prompt {prompt}"),
            Said::Media(file) => format!("plays {file}"),
        })
    }));
    lines.extend(passage.enters.iter().map(|flow| el("p").class("enters").text(format_args!("⇒ {flow}"))));
    lines.extend(passage.returned.iter().flat_map(|returned| passage_lines(returned)));
    lines
}

/// What people call the block, and what kind of block it is.
pub(super) fn block_and_kind(passage: &Passage) -> (&str, &str) {
    let kind = passage.place.kind.as_deref().unwrap_or("block");
    (passage.place.action.as_ref().map_or(kind, |action| title_of(action.as_str(), kind)), kind)
}

/// What people call a block: its identifier, unless that is one that nobody chose.
pub(super) fn title_of<'a>(action: &'a str, kind: &'a str) -> &'a str {
    if uuid::Uuid::try_parse(action).is_ok() { kind } else { action }
}

fn invocation_lines(number: usize, invocation: &Invocation, again: Option<usize>) -> Vec<Element> {
    let event = invocation.payload.to_json();
    let function = package_of(&invocation.function);
    let start = if invocation.cold { "tag cold" } else { "tag" };
    let mut first = el("p")
        .add(el("b").text(function))
        .text(format_args!(" {} ", asked(function, &event)))
        .add(el("span").class(start).text(cost(invocation)));
    if let Some(again) = again {
        first = first.text(" ").add(el("span").class("tag retry").text(format_args!("try {again}")));
    }
    let came = match &invocation.reply {
        Ok(reply) => el("p").class("reply").text(format_args!("→ {}", answered(&event, reply))),
        Err(error) => el("p").class("reply error").text(format_args!("✘ {error}")),
    };
    let reply = match &invocation.reply {
        Ok(reply) => pretty(reply),
        Err(error) => serde_json::to_value(error).map(|error| pretty(&error)).unwrap_or_default(),
    };
    let documents = el("details")
        .id(format!("entry-{number}-documents"))
        .add(el("summary").text("event and reply"))
        .add(el("pre").attr("tabindex", 0).attr("aria-label", "event").text(pretty(&event)))
        .add(el("pre").attr("tabindex", 0).attr("aria-label", "reply").text(reply));
    let asked_for = requests(&invocation.log);
    let mut lines = vec![first, came];
    if !asked_for.is_empty() {
        lines.push(el("ul").class("requests").all(asked_for.iter().map(request)));
    }
    lines.push(documents);
    lines
}

fn request(request: &SalesforceRequest) -> Element {
    let status = if request.failed() { "status bad" } else { "status" };
    let took = millis(std::time::Duration::from_secs_f64(request.latency_ms.max(0.0) / 1e3));
    let line = el("li")
        .text(format_args!("Salesforce {} ", request.operation))
        .add(el("span").class(status).text(if request.status == "none" {
            "no answer"
        } else {
            &request.status
        }))
        .text(format_args!(" {took}"));
    match request.is_retry() {
        true => line.text(" ").add(el("span").class("tag retry").text("retry")),
        false => line,
    }
}

fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}\n… and {} bytes more", &text[..end], text.len() - end),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use contact_flows::Hidden;
    use serde_json::json;

    use super::*;
    use crate::console::samples::{happening, invoked, through_hours};

    fn html(what: Told, again: Option<usize>) -> String {
        line(3, &Entry { happening: happening(7, what), again }).to_string()
    }

    #[test]
    fn an_invocation_shows_what_it_cost_and_what_it_asked_salesforce() {
        let event = json!({"Details": {"Parameters": {"methodName": "createVoiceCall"}}});
        let told =
            invoked("InvokeTelephonyIntegrationApiFunction", event, Ok(json!({"voiceCallId": "0LQ1"})));
        let html = html(told, Some(2));
        for part in [
            "id=\"entry-3\" class=\"invoke\"",
            "<time>00:07.0</time>",
            "<b>voice-call</b> createVoiceCall",
            "cold 34 ms + 12 ms",
            "try 2",
            "→ voiceCallId=0LQ1",
            "Salesforce createVoiceCall <span class=\"status bad\">503</span> 4.2 ms</li>",
            "<span class=\"status\">201</span> 4.2 ms <span class=\"tag retry\">retry</span>",
            "&quot;methodName&quot;: &quot;createVoiceCall&quot;",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn what_went_wrong_is_marked() {
        assert!(html(Told::Fault("Salesforce answers 503".to_owned()), None).contains("class=\"fault bad\""));
        let failed = html(invoked("kvsTranscriber", json!({}), Err("gone")), None);
        assert!(failed.contains("class=\"invoke bad\"") && failed.contains("✘ SalesforceUnavailable: gone"));
    }

    #[test]
    fn a_block_shows_what_happened_what_it_looked_at_and_what_the_caller_hears() {
        let mut passages = through_hours();
        passages[1].saw = vec![("$.Attributes.day".to_owned(), Hidden(Some("Sunday".to_owned())))];
        let passages = passages.into_iter();
        let told = passages.map(|passage| Told::Passed { leg: 1, passage: Box::new(passage) });
        let lines: Vec<String> = told.map(|told| html(told, None)).collect();
        assert_eq!(lines.len(), 3);
        assert!(
            lines[0].contains("<b>ask</b> <span class=\"tag\">CheckHoursOfOperation</span>"),
            "{}",
            lines[0]
        );
        assert!(lines[0].contains("= False"), "{}", lines[0]);
        assert!(lines[1].contains("<code>$.Attributes.day</code> is Sunday"), "{}", lines[1]);
        assert!(lines[1].contains("<p class=\"prompt\">“Closed, "), "{}", lines[1]);
    }

    #[test]
    fn identifiers_that_nobody_chose_are_no_titles() {
        assert_eq!(title_of("check hours", "CheckHoursOfOperation"), "check hours");
        assert_eq!(title_of("f096d844-7c8a-4a0c-9f5e-0b7d5c84f3a6", "Loop"), "Loop");
    }

    #[test]
    fn a_huge_event_is_cut() {
        let text = pretty(&json!("é".repeat(2 * SHOWN)));
        assert!(text.chars().count() < SHOWN + 40 && text.ends_with("bytes more"), "{}", text.len());
    }
}
