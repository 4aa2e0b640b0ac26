//! The console in a real browser: a headless Chromium. `.ci/run browser` installs it; by hand:
//! `cargo test -p scenarios --features browser --test browser`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "all of this is tests")]

mod chromium;
mod page;
mod session;
#[path = "../scenarios/support.rs"]
#[expect(dead_code, reason = "the scenarios use more of it")]
mod support;

use page::Page;
use session::ENTER;
use support::root;

/// Whether the call goes on.
const LIVE: &str = "byId('call-state').classList.contains('live')";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_started_watched_disturbed_and_hung_up_with_the_keyboard() {
    let page = Page::open().await;
    start(&page, "flow-inbound", "real time").await;
    page.until("the call, live", LIVE).await;

    page.until("the VoiceCall", "byId('records').querySelector('table')?.innerText.includes('Inbound')")
        .await;
    page.until("the first blocks, lit", "document.querySelectorAll('#flow-0 .node.lit').length > 3").await;
    page.until("the way between them, lit", "document.querySelectorAll('#flow-0 .edge.lit').length > 3")
        .await;
    page.until("the last block, marked", "document.querySelectorAll('.node.lit.now').length === 1").await;
    assert!(page.count("#flow-0 .node:not(.lit)").await > 0, "not every block is on the way");

    page.tab_to("salesforce-503").await;
    page.press(ENTER).await;
    page.until("the fault among the controls", "byId('fault-state').textContent.includes('in force')").await;
    page.until("the fault in the timeline", "document.querySelector('#timeline .fault.bad')").await;
    let refused =
        "[...document.querySelectorAll('#timeline .status.bad')].some((it) => it.textContent === '503')";
    page.until("a request that Salesforce answers with 503", refused).await;
    page.until("the failure, beside where the call is", "byId('last-failure')").await;
    page.tab_to("mend").await;
    page.press(ENTER).await;
    page.until("the fault, gone", "!byId('mend') && !byId('fault-state').textContent").await;
    page.until("the focus, where it was", "byId('controls').contains(document.activeElement)").await;

    page.until("the transcript", "document.querySelectorAll('#transcript li').length > 0").await;
    let lines = page.count("#transcript li").await;
    let grown = format!("document.querySelectorAll('#transcript li').length > {lines} && {LIVE}");
    page.until("more of the transcript, while the call goes on", &grown).await;

    page.tab_to("hang-up").await;
    page.press(ENTER).await;
    page.until("how the call came out", "byId('call-state').textContent.includes('expectations')").await;
    page.until("what was expected of it", "document.querySelector('#checks li')").await;
    page.until("the end in the timeline", "byId('timeline').textContent.includes('hangs up')").await;
    page.expect_no_complaint().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_can_be_read_wide_and_narrow_light_and_dark() {
    let page = Page::open().await;
    expect_readable(&page, "empty").await;
    start(&page, "flow-inbound", "at once").await;
    page.until("the end of the call", "byId('call-state').textContent.includes('expectations hold')").await;
    page.tab_to("salesforce-503").await;
    page.press(ENTER).await;
    page.until("the fault", "byId('fault-state').textContent").await;
    expect_readable(&page, "").await;
    page.expect_no_complaint().await;
}

/// Chooses a script and a speed, by the first letters of their names, and starts the call.
async fn start(page: &Page, script: &str, speed: &str) {
    for (id, choice) in [("script", script), ("speed", speed)] {
        page.tab_to(id).await;
        page.press(choice).await;
        page.until(choice, &format!("byId('{id}').selectedOptions[0].text === '{choice}'")).await;
    }
    page.tab_to("start").await;
    page.press(ENTER).await;
    page.until("the page of the call", "location.pathname === '/calls/1' && byId('call-state')").await;
}

/// Nothing is too wide, too pale, or there twice. The pictures of it are for people.
async fn expect_readable(page: &Page, state: &str) {
    for width in [1280, 390] {
        for scheme in ["light", "dark"] {
            page.look_at(width, scheme).await;
            let dash = if state.is_empty() { "" } else { "-" };
            page.picture(&root().join(format!("target/ci/console{dash}{state}-{width}-{scheme}.png"))).await;
            let looks = page.run(include_str!("looks.js")).await;
            assert!(looks["problems"] == serde_json::json!([]), "at {width} px, {scheme}: {looks:#}");
            assert!(looks["measured"].as_u64().unwrap() > 10, "at {width} px, {scheme}: {looks:#}");
        }
    }
}
