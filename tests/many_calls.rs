//! Two hundred calls at the same time, started from the console and watched there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "all of this is tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contact_center::binaries::Binaries;
use contact_center::center::{Center, Options};
use contact_center::console::Console;
use reqwest::Client;
use reqwest::redirect::Policy;

const CALLS: usize = 200;
/// Answered, transcribed and transferred; answered in a browser; abandoned in the queue. None lasts less than a minute.
const SCRIPTS: [&str; 5] =
    ["flow-transfer-queue", "flow-abandoned", "flow-webrtc", "flow-abandoned", "flow-abandoned"];
const SPEED: &str = "4";
/// All together, on a slow machine.
const LIMIT: Duration = Duration::from_secs(300);

/// The console, and somebody who looks at it.
struct Page {
    console: Console,
    browser: Client,
}

impl Page {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.console.url().trim_end_matches('/'))
    }

    async fn start(&self, script: &str) {
        let form = [("script", script), ("speed", SPEED)];
        let request = self.browser.post(self.url("/calls")).header("origin", self.url("")).form(&form);
        assert!(request.send().await.unwrap().status().is_redirection());
    }

    async fn call(&self, number: usize) -> String {
        let page = self.browser.get(self.url(&format!("/calls/{number}"))).send().await.unwrap();
        page.text().await.unwrap()
    }

    /// How many calls the list shows as live.
    async fn live(&self) -> usize {
        self.call(1).await.matches(">live</span></a>").count()
    }

    /// Waits until no call is live.
    async fn all_over(&self) {
        while self.live().await > 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// The contacts of the VoiceCalls on a page.
fn contacts(page: &str) -> BTreeSet<String> {
    let after = page.split("VendorCallKey").skip(1);
    let ids = after.filter_map(|text| text.split(['<', '>']).find(|word| word.len() == 36));
    ids.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_calls_at_once_lose_no_event_of_the_host_or_the_console() {
    let binaries = Some(Binaries::build_for_tests().await.unwrap());
    let center = Arc::new(Center::start(Options { binaries, ..Options::default() }).await.unwrap());
    // What the host did, as it names the contacts that it did it for.
    let invoked: Arc<Mutex<Vec<String>>> = Arc::default();
    center.host().observe({
        let invoked = Arc::clone(&invoked);
        move |invocation| {
            let event = String::from_utf8_lossy(invocation.payload.as_bytes()).into_owned();
            invoked.lock().unwrap().push(event);
        }
    });
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../local/scenarios");
    let console = Console::start(Arc::clone(&center), &scripts, 0).await.unwrap();
    let page = Page { console, browser: Client::builder().redirect(Policy::none()).build().unwrap() };

    for number in 0..CALLS {
        page.start(SCRIPTS[number % SCRIPTS.len()]).await;
    }
    let all_live = async {
        while page.live().await < CALLS {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), all_live).await.expect("all calls were live together");
    // Somebody who watches one from the start, like all who open the page.
    let mut watched = page.browser.get(page.url("/calls/1/events")).send().await.unwrap();
    tokio::time::timeout(LIMIT, page.all_over()).await.expect("all calls ended");

    let invoked = std::mem::take(&mut *invoked.lock().unwrap());
    let mut shown_by_first = 0;
    for number in 1..=CALLS {
        let page = page.call(number).await;
        assert!(page.contains("expectations"), "{number} could not be played");
        let legs = if page.contains("<h2>flow-transfer-queue") { 2 } else { 1 };
        let contacts = contacts(&page);
        assert_eq!(contacts.len(), legs, "{number}: {contacts:?}");
        assert_eq!(page.matches(">completed<").count(), legs, "{number}: a contact record is missing");
        for event in ["INITIATED", "DISCONNECTED", "COMPLETED"] {
            let told = page.matches(&format!("<span class=\"tag\">{event}</span>")).count();
            assert_eq!(told, legs, "{number}: {event}");
        }
        let of_host = invoked.iter().filter(|event| contacts.iter().any(|id| event.contains(id))).count();
        let shown = page.matches("<span class=\"kind\">invoke</span>").count();
        assert_eq!(shown, of_host, "{number}: invocations");
        if number == 1 {
            shown_by_first = page.matches("id=\"entry-").count() - page.matches("-documents\"").count();
        }
    }
    assert_eq!(center.dead_letters(), Vec::<String>::new());

    let last = format!("entry-{}\\\"", shown_by_first - 1);
    let mut text = String::new();
    let came = async {
        while !text.contains(&last) {
            let chunk = watched.chunk().await.unwrap().expect("the events went on");
            text += &String::from_utf8_lossy(&chunk);
        }
    };
    tokio::time::timeout(LIMIT, came).await.expect("the last line came");
    for entry in 0..shown_by_first {
        assert!(
            text.contains(&format!("id=\\\"entry-{entry}\\\"")),
            "line {entry} of {shown_by_first} did not come"
        );
    }
}
