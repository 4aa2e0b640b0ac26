//! What is new, sent to a page that is open: lines of the timeline are appended, other parts replaced.

use std::collections::{HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use serde_json::json;
use tokio::sync::watch;

use super::desk::Desk;
use super::{entry, parts};

/// So long is waited after something happened for what happens at the same time.
const TOGETHER: Duration = Duration::from_millis(40);
/// How many lines of the timeline go into one event.
const LINES: usize = 100;

/// A page that is open.
struct Viewer {
    desk: Arc<Desk>,
    /// The call that it shows.
    call: Option<usize>,
    changes: watch::Receiver<u64>,
    /// How many lines of the timeline it has.
    lines: usize,
    /// The other parts as it has them.
    parts: HashMap<&'static str, String>,
    /// The values of the records as it has them, and as they were before.
    values: HashSet<String>,
    before: HashSet<String>,
    ready: VecDeque<Event>,
}

/// The events for a page that shows this call and has so many lines of its timeline.
pub(super) fn events(
    desk: Arc<Desk>,
    call: Option<usize>,
    lines: usize,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut changes = desk.board.changes();
    // The page may be older than that: the first look is at once.
    changes.mark_changed();
    let (parts, ready) = (HashMap::new(), VecDeque::new());
    let (values, before) = (HashSet::new(), HashSet::new());
    let viewer = Viewer { desk, call, changes, lines, parts, values, before, ready };
    let events = stream::unfold(viewer, |mut viewer| async move {
        loop {
            if let Some(event) = viewer.ready.pop_front() {
                return Some((Ok(event), viewer));
            }
            viewer.changes.changed().await.ok()?;
            tokio::time::sleep(TOGETHER).await;
            viewer.changes.mark_unchanged();
            viewer.look();
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

impl Viewer {
    /// Makes events of what is new.
    fn look(&mut self) {
        let board = &self.desk.board;
        let mut parts: Vec<(&'static str, String)> = Vec::new();
        let calls = board.look_at_all(|calls| parts::calls(calls, self.call));
        parts.push(("calls-part", calls.to_string()));
        let in_force = self.desk.center.faults_in_force();
        let Some(number) = self.call else {
            parts.push(("controls-part", parts::controls(None, &in_force).to_string()));
            return self.send(parts);
        };
        let look = board.look(number, |call| {
            parts.push(("head-part", parts::head(call).to_string()));
            parts.push(("controls-part", parts::controls(Some(call), &in_force).to_string()));
            parts.push(("flows-part", parts::flows(call).to_string()));
            parts.push(("transcript-part", parts::transcript(&call.transcript).to_string()));
            parts.push(("checks-part", parts::checks(call).to_string()));
            let new = call.entries.iter().enumerate().skip(self.lines);
            let lines: Vec<String> = new.map(|(number, it)| entry::line(number, it).to_string()).collect();
            (call.contacts.clone(), lines)
        });
        let Some((contacts, lines)) = look else { return self.send(parts) };
        match self.desk.voice_calls(&contacts) {
            Ok(records) => {
                let values = parts::values(&records);
                if values != self.values {
                    self.before = std::mem::replace(&mut self.values, values);
                }
                parts.push(("records-part", parts::records(&records, &self.before).to_string()));
            }
            Err(error) => parts.push(("records-part", parts::problem(&error).to_string())),
        }
        for chunk in lines.chunks(LINES) {
            self.lines += chunk.len();
            let data = json!({ "id": "timeline", "html": chunk.concat() }).to_string();
            // A page whose connection broke says in `Last-Event-ID` how far it came.
            self.ready.push_back(Event::default().event("append").id(self.lines.to_string()).data(data));
        }
        self.send(parts);
    }

    fn send(&mut self, parts: Vec<(&'static str, String)>) {
        for (id, html) in parts {
            if self.parts.get(id) == Some(&html) {
                continue;
            }
            let data = json!({ "id": id, "html": html }).to_string();
            self.ready.push_back(Event::default().event("part").data(data));
            self.parts.insert(id, html);
        }
    }
}
