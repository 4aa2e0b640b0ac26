//! The console, as a browser uses it: the page, its forms, its events.

use std::time::Duration;

use contact_center::console::Console;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

use crate::support::{center, root};

/// Something that is awaited comes within this, on a slow machine.
const SOON: Duration = Duration::from_secs(60);

/// A console with the scripts that are shipped, and a browser that does not follow redirects.
struct Page {
    console: Console,
    browser: Client,
}

impl Page {
    async fn open() -> Self {
        let console = Console::start(center().await, &root().join("local/scenarios"), 0).await.unwrap();
        Self { console, browser: Client::builder().redirect(Policy::none()).build().unwrap() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}", self.console.url().trim_end_matches('/'), path)
    }

    async fn get(&self, path: &str) -> Response {
        self.browser.get(self.url(path)).send().await.unwrap()
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.browser.post(self.url(path)).header("origin", self.url("")).form(form);
        request.send().await.unwrap()
    }
}

/// The events of a page that is open.
struct Events {
    response: Response,
    text: String,
}

impl Events {
    /// Waits until this text has come; what came before it is not looked at again.
    async fn until(&mut self, text: &str) {
        let came = async {
            loop {
                if let Some(at) = self.text.find(text) {
                    self.text.drain(..at);
                    return;
                }
                let chunk = self.response.chunk().await.unwrap().expect("the events went on");
                self.text += std::str::from_utf8(&chunk).unwrap();
            }
        };
        let came = tokio::time::timeout(SOON, came).await;
        assert!(came.is_ok(), "{text} did not come");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_started_watched_disturbed_and_hung_up() {
    let page = Page::open().await;
    assert!(page.get("/").await.text().await.unwrap().contains("No call yet"));

    let started = page.post("/calls", &[("script", "inbound-answered"), ("speed", "20")]).await;
    assert_eq!(started.status(), StatusCode::SEE_OTHER);
    assert_eq!(started.headers()["location"], "/calls/1");
    let mut events = Events { response: page.get("/calls/1/events").await, text: String::new() };
    events.until("INITIATED").await;
    events.until("Salesforce createVoiceCall").await;
    events.until("VoiceCall <code>0LQ").await;

    // What is in the timeline is also on the page as it is loaded now.
    let loaded = page.get("/").await.text().await.unwrap();
    assert!(
        loaded.contains("id=\"entry-0\"") && loaded.contains("<b>voice-call</b> createVoiceCall"),
        "{loaded}"
    );

    page.post("/faults", &[("fault", "salesforce-503"), ("call", "1")]).await;
    events.until("class=\\\"fault bad\\\"").await;
    events.until("A fault of Salesforce is in force").await;
    page.post("/faults", &[("fault", "mend")]).await;
    events.until("Salesforce works again").await;
    page.post("/calls/1/hang-up", &[]).await;
    events.until("the customer hangs up").await;
    events.until("expectations do not hold").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_has_to_be_played_alone_waits_and_can_be_hung_up_before_it_rings() {
    let page = Page::open().await;
    // What the second breaks is broken for all: it waits for the first to end.
    for script in ["inbound-answered", "salesforce-down"] {
        page.post("/calls", &[("script", script), ("speed", "20")]).await;
    }
    let mut events = Events { response: page.get("/calls/2/events").await, text: String::new() };
    events.until("waiting for the others").await;
    page.post("/calls/2/hang-up", &[]).await;
    events.until("hung up before it rang").await;
    page.post("/calls/1/hang-up", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_taken_from_the_page_only_and_refusals_say_why() {
    let page = Page::open().await;
    let index = page.get("/").await;
    let policy = index.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");

    let form = [("script", "inbound-answered"), ("speed", "max")];
    let foreign = page.browser.post(page.url("/calls")).header("origin", "http://site.example").form(&form);
    assert_eq!(foreign.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let rebound = page.browser.get(page.url("/")).header("host", "site.example");
    assert_eq!(rebound.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    assert!(page.get("/").await.text().await.unwrap().contains("No call yet"));

    for (form, problem) in [
        ([("script", "no-such-call"), ("speed", "max")], "cannot read the script"),
        ([("script", "../scenarios/transfer"), ("speed", "max")], "a script is named by"),
        ([("script", "transfer"), ("speed", "soon")], "`soon` is no speed"),
    ] {
        let refused = page.post("/calls", &form).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        let text = refused.text().await.unwrap();
        assert!(text.contains(problem), "{text}");
    }
    let unknown = page.post("/faults", &[("fault", "flood")]).await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    assert_eq!(page.get("/calls/7").await.headers()["location"], "/");
}
