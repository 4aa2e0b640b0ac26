//! Where a call is in its flows, and what failed, in a line.

use contact_flows::Passage;

use super::call::Call;
use super::entry::{block_and_kind, failure};
use super::html::{Element, el};
use crate::script::{Clock, Told};

/// The block that was passed last, and the failure that came last, with the way to it in the timeline.
pub(super) fn whereabouts(call: &Call) -> Element {
    let told = call.entries.iter().rev();
    let passed = told.filter_map(|entry| match &entry.happening.what {
        Told::Passed { passage, .. } => Some(passage.as_ref()),
        _ => None,
    });
    let line = el("p").id("whereabouts").all(passed.take(1).map(block));
    let mut failures = call.entries.iter().enumerate().filter(|(_, entry)| failure(&entry.happening.what));
    let count = failures.clone().count();
    line.all(failures.next_back().map(|(number, entry)| {
        let words = if count == 1 { "1 failure".to_owned() } else { format!("{count} failures") };
        el("a")
            .id("last-failure")
            .class("bad")
            .attr("href", format!("#entry-{number}"))
            .text(format_args!("{words}, the last at {}", Clock(entry.happening.at)))
    }))
}

fn block(passage: &Passage) -> Element {
    // A block that a module returned to comes after the module's own.
    if let Some(returned) = &passage.returned {
        return block(returned);
    }
    el("span").add(el("b").text(block_and_kind(passage).0)).text(" in ").text(&passage.flow)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::console::call::About;
    use crate::console::samples::{happening, invoked, through_hours};

    #[test]
    fn the_last_block_and_the_last_failure_are_named() {
        let mut call = Call::new(1, About::default());
        assert_eq!(whereabouts(&call).to_string(), "<p id=\"whereabouts\"></p>");
        for passage in through_hours().into_iter().take(2) {
            call.take(happening(1, Told::Passed { leg: 1, passage: Box::new(passage) }));
        }
        call.take(happening(2, invoked("voice-call", json!({}), Err("gone"))));
        call.take(happening(3, invoked("voice-call", json!({}), Ok(json!({})))));
        let html = whereabouts(&call).to_string();
        assert!(html.contains("<b>closed</b> in hours</span>"), "{html}");
        assert!(html.contains("href=\"#entry-2\">1 failure, the last at 00:02.0</a>"), "{html}");
    }
}
