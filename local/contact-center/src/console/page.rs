//! The page as a whole, complete without scripts; `page.js` only keeps it up to date.

use super::html::{Element, el};
use super::shelf::Offer;

/// The speeds that are offered: what the form says, and how it reads.
const SPEEDS: [(&str, &str); 4] =
    [("10", "10 × speed"), ("1", "real time"), ("50", "50 × speed"), ("max", "at once")];

/// What stands in the page.
pub(super) struct Content {
    /// What its title says.
    pub(super) title: String,
    /// Where what is new comes from.
    pub(super) live: String,
    /// The scripts that can be started; the one that was started last is chosen.
    pub(super) start: Element,
    pub(super) calls: Element,
    /// The call, or what to do without one.
    pub(super) main: Element,
}

/// The document.
pub(super) fn document(content: Content) -> String {
    let head = el("head")
        .add(el("meta").attr("charset", "utf-8"))
        .add(el("meta").attr("name", "viewport").attr("content", "width=device-width, initial-scale=1"))
        .add(el("meta").attr("name", "color-scheme").attr("content", "light dark"))
        .add(el("title").text(content.title))
        .add(el("link").attr("rel", "icon").attr("href", "/icon.svg"))
        .add(el("link").attr("rel", "stylesheet").attr("href", "/page.css"))
        .add(el("script").attr("src", "/page.js").flag("defer", true));
    let header = el("header")
        .add(el("a").attr("href", "#main").class("skip").text("Skip to the call"))
        .add(el("h1").add(el("a").attr("href", "/").text("Callbridge")).text(" contact center"))
        .add(el("p").id("live").attr("role", "status"));
    let nav = el("nav")
        .attr("aria-label", "Calls")
        .add(content.start)
        .add(el("h2").id("calls-title").text("Calls"))
        .add(el("div").id("calls-part").add(content.calls));
    let body = el("body").attr("data-live", content.live).add(header).add(nav).add(content.main);
    format!("<!doctype html>\n{}\n", el("html").attr("lang", "en").add(head).add(body))
}

/// The form that starts a script.
pub(super) fn start(offers: &[Offer], chosen: Option<&str>) -> Element {
    let scripts = offers.iter().map(|offer| {
        let (about, playable) = match &offer.summary {
            Ok(summary) => (summary, true),
            Err(problem) => (problem, false),
        };
        el("option")
            .attr("value", &offer.name)
            .attr("data-about", about)
            .flag("disabled", !playable)
            .flag("selected", chosen == Some(&offer.name))
            .text(&offer.name)
            .text(if playable { "" } else { " (cannot be read)" })
    });
    let unreadable = offers.iter().filter_map(|offer| offer.summary.as_ref().err());
    el("form")
        .id("start-form")
        .attr("method", "post")
        .attr("action", "/calls")
        .add(el("label").attr("for", "script").text("Script"))
        .add(el("select").id("script").attr("name", "script").attr("aria-describedby", "about").all(scripts))
        .add(el("p").id("about"))
        .add(el("label").attr("for", "speed").text("Speed"))
        .add(
            el("select")
                .id("speed")
                .attr("name", "speed")
                .all(SPEEDS.map(|(value, words)| el("option").attr("value", value).text(words))),
        )
        .add(el("button").id("start").class("main").text("Start the call"))
        .all(unreadable.map(|problem| el("p").class("problem").text(problem)))
}

/// A section of the page with its heading.
pub(super) fn section(id: &str, title: &str, content: Element) -> Element {
    el("section")
        .id(format!("{id}-section"))
        .attr("aria-labelledby", format!("{id}-title"))
        .add(el("h3").id(format!("{id}-title")).text(title))
        .add(content)
}

/// What stands in the place of a call when there is none.
pub(super) fn welcome() -> Element {
    el("div")
        .id("head")
        .add(el("h2").text("No call yet"))
        .add(el("p").class("summary").text(
            "Choose a script and start it: the call is played through the real function binaries, against a local \
             Salesforce org, and shows here as it happens.",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_cannot_be_read_is_offered_with_the_reason_and_cannot_be_chosen() {
        let offers = [
            Offer { name: "good".to_owned(), summary: Ok("A call.".to_owned()) },
            Offer { name: "bad".to_owned(), summary: Err("bad.yaml:3: no such step".to_owned()) },
        ];
        let html = start(&offers, Some("good")).to_string();
        assert!(
            html.contains("<option value=\"good\" data-about=\"A call.\" selected>good</option>"),
            "{html}"
        );
        assert!(
            html.contains("data-about=\"bad.yaml:3: no such step\" disabled>bad (cannot be read)"),
            "{html}"
        );
        assert!(html.contains("<p class=\"problem\">bad.yaml:3: no such step</p>"), "{html}");
    }
}
