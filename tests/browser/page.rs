//! The console in a browser, as somebody without a mouse uses it.

use std::path::Path;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use contact_center::console::Console;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::chromium::Chromium;
use crate::session::TAB;
use crate::support::{center, root};

/// Something that is awaited comes within this, on a slow machine.
const SOON: Duration = Duration::from_secs(60);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(50);
/// More than the page has places for the focus.
const STOPS: usize = 80;
/// Where the focus is, and whether it can be seen there.
const FOCUS: &str = "const it = document.activeElement, style = getComputedStyle(it); \
    return [it === document.body ? '' : it.id || it.textContent.trim().slice(0, 40), \
            style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];";
/// What the page shows, in words, for those who read why a test failed.
const SHOWN: &str = "return location.href + '\\n' + document.body.innerText;";

/// A console over the real function binaries, with the scripts that are shipped, and a browser that shows it.
pub(crate) struct Page {
    browser: Chromium,
    _console: Console,
}

impl Page {
    pub(crate) async fn open() -> Self {
        let console = Console::start(center().await, &root().join("local/scenarios"), 0).await.unwrap();
        let browser = Chromium::start().await;
        browser.session.go_to(&console.url()).await;
        let page = Self { browser, _console: console };
        page.until("the connection to the console", "byId('live').textContent === 'connected'").await;
        page
    }

    /// What a function body of JavaScript returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.browser.session.run(script).await.unwrap()
    }

    /// How many elements there are of this selector.
    pub(crate) async fn count(&self, selector: &str) -> u64 {
        self.run(&format!("return document.querySelectorAll('{selector}').length;")).await.as_u64().unwrap()
    }

    /// Waits for a condition in JavaScript.
    pub(crate) async fn until(&self, what: &str, condition: &str) {
        let look = format!("const byId = (id) => document.getElementById(id); return Boolean({condition});");
        let start = Instant::now();
        loop {
            // A page that is just being left has no answer.
            let found = self.browser.session.run(&look).await;
            if found.as_ref().is_ok_and(|found| *found == true) {
                return;
            }
            if start.elapsed() > SOON {
                let problem = found.err().unwrap_or_default();
                let shown = self.run(SHOWN).await;
                let shown = shown.as_str().unwrap_or_default();
                panic!(
                    "within {SOON:?} did not come: {what} ({condition}) {problem}\nthe page shows {shown}"
                );
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Presses keys, where the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        self.browser.session.press(keys).await;
    }

    /// Goes on to the element of this id with the tab key, and sees the focus at each stop on the way.
    pub(crate) async fn tab_to(&self, id: &str) {
        let mut stops = Vec::new();
        while stops.len() < STOPS {
            self.press(TAB).await;
            let focus = self.run(FOCUS).await;
            let stop = focus[0].as_str().unwrap().to_owned();
            assert!(stop.is_empty() || focus[1] == true, "the focus cannot be seen on {stop}");
            if stop == id {
                return;
            }
            stops.push(stop);
        }
        panic!("the tab key does not lead to {id}, but to {stops:?}");
    }

    /// Takes this width and these colors: `light` or `dark`.
    pub(crate) async fn look_at(&self, width: u32, scheme: &str) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let colors = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", colors).await;
    }

    /// A picture of the whole page, for people.
    pub(crate) async fn picture(&self, file: &Path) {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let picture = self.devtools("Page.captureScreenshot", whole).await;
        let picture = BASE64_STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, picture).unwrap();
    }

    /// Expects that the browser had nothing to complain of: no error of a script, nothing that the policy keeps out.
    pub(crate) async fn expect_no_complaint(&self) {
        let complaints = self.browser.session.log().await;
        assert!(complaints == json!([]), "the browser's console says {complaints:#?}");
    }

    async fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.browser.session.devtools(method, parameters).await
    }
}
