//! A session with a browser, over WebDriver: JSON over HTTP, of which the tests need little (<https://www.w3.org/TR/webdriver2/>).
//!
//! No crate for it, because of what those would bring along: `fantoccini` a part under the MPL, which deny.toml does not allow, and
//! `thirtyfour` another order of the fields in all JSON of the build (`serde_json/preserve_order`).

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

/// What keys are called: <https://www.w3.org/TR/webdriver2/#keyboard-actions>.
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";

/// A session. It ends with its driver.
pub(crate) struct Session {
    http: Client,
    url: String,
}

impl Session {
    /// A new browser with these flags, which keeps a log.
    pub(crate) async fn start(driver: &str, flags: &[&str]) -> Self {
        // The longest wait is that for the browser's start.
        let http = Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
        let driver = Self { http, url: driver.to_owned() };
        let chromium = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let wishes = json!({ "capabilities": { "alwaysMatch": chromium } });
        let session = driver.post("/session", wishes).await.unwrap();
        let url = format!("{}/session/{}", driver.url, session["sessionId"].as_str().unwrap());
        Self { url, ..driver }
    }

    pub(crate) async fn go_to(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await.unwrap();
    }

    /// What a function body of JavaScript returns, or why there is no answer.
    pub(crate) async fn run(&self, script: &str) -> Result<Value, String> {
        self.post("/execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// Presses these keys, one after the other, where the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        let key = |key: char| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key }));
        let strokes: Vec<Value> = keys.chars().flat_map(key).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        self.post("/actions", json!({ "actions": [keyboard] })).await.unwrap();
    }

    /// What the browser has said in its console since this was last asked.
    pub(crate) async fn log(&self) -> Value {
        self.post("/se/log", json!({ "type": "browser" })).await.unwrap()
    }

    /// A method of the Chrome DevTools Protocol: <https://chromedevtools.github.io/devtools-protocol/>.
    pub(crate) async fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", json!({ "cmd": method, "params": parameters })).await.unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        let request = self.http.post(format!("{}{path}", self.url)).json(&body).send();
        let response = request.await.map_err(|error| format!("{path}: {error}"))?;
        let is_good = response.status().is_success();
        let answer: Value = response.json().await.map_err(|error| format!("{path}: {error}"))?;
        if is_good {
            Ok(answer["value"].clone())
        } else {
            Err(format!("{path}: {}", answer["value"]["message"]))
        }
    }
}
