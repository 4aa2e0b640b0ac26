//! What the console answers to.

use std::sync::Arc;

use anyhow::anyhow;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::desk::Desk;
use super::guard::guard;
use super::html::{Element, el};
use super::page::{self, Content, document, section};
use super::{entry, live, parts};

const STYLE: (&str, &str) = ("text/css; charset=utf-8", include_str!("page.css"));
const SCRIPT: (&str, &str) = ("text/javascript; charset=utf-8", include_str!("page.js"));
const ICON: (&str, &str) = ("image/svg+xml", include_str!("icon.svg"));

pub(super) fn routes(desk: Arc<Desk>) -> Router {
    let file = |(kind, text): (&'static str, &'static str)| get(async move || file(kind, text));
    Router::new()
        .route("/", get(latest))
        .route("/events", get(events_without_call))
        .route("/calls", post(start))
        .route("/calls/{number}", get(call))
        .route("/calls/{number}/events", get(events))
        .route("/calls/{number}/hang-up", post(hang_up))
        .route("/faults", post(disturb))
        .route("/page.css", file(STYLE))
        .route("/page.js", file(SCRIPT))
        .route("/icon.svg", file(ICON))
        .layer(from_fn(guard))
        .with_state(desk)
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind)], text)
}

/// What cannot be done, in words.
struct Refusal(anyhow::Error);

type Result<T> = std::result::Result<T, Refusal>;

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, format!("{:#}\n", self.0)).into_response()
    }
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}

#[derive(Deserialize)]
struct StartForm {
    script: String,
    speed: String,
}

#[derive(Deserialize)]
struct FaultForm {
    fault: String,
    /// The call that was shown.
    call: Option<usize>,
}

#[derive(Deserialize)]
struct After {
    /// How many lines of the timeline the page has.
    #[serde(default)]
    after: usize,
}

async fn start(State(desk): State<Arc<Desk>>, Form(form): Form<StartForm>) -> Result<Redirect> {
    let speed = form.speed.parse().map_err(|problem: String| anyhow!(problem))?;
    let number = desk.start(&form.script, speed)?;
    Ok(Redirect::to(&address(Some(number))))
}

async fn hang_up(State(desk): State<Arc<Desk>>, Path(number): Path<usize>) -> Redirect {
    desk.hang_up(number);
    Redirect::to(&address(Some(number)))
}

async fn disturb(State(desk): State<Arc<Desk>>, Form(form): Form<FaultForm>) -> Result<Redirect> {
    desk.disturb(&form.fault).await?;
    Ok(Redirect::to(&address(form.call)))
}

fn address(call: Option<usize>) -> String {
    call.map_or("/".to_owned(), |number| format!("/calls/{number}"))
}

async fn events_without_call(State(desk): State<Arc<Desk>>) -> impl IntoResponse {
    live::events(desk, None, 0)
}

async fn events(
    State(desk): State<Arc<Desk>>,
    Path(number): Path<usize>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> impl IntoResponse {
    let last = headers.get("last-event-id").and_then(|id: &HeaderValue| id.to_str().ok()?.parse().ok());
    live::events(desk, Some(number), last.unwrap_or(after))
}

async fn latest(State(desk): State<Arc<Desk>>) -> Result<Html<String>> {
    let latest = desk.board.latest();
    shown(&desk, latest)
}

async fn call(State(desk): State<Arc<Desk>>, Path(number): Path<usize>) -> Result<Response> {
    match desk.board.look(number, |_| ()) {
        Some(()) => Ok(shown(&desk, Some(number))?.into_response()),
        // Another run of the contact center had it.
        None => Ok(Redirect::to("/").into_response()),
    }
}

/// The page with this call.
fn shown(desk: &Desk, number: Option<usize>) -> Result<Html<String>> {
    let offers = desk.shelf.offers()?;
    let calls = desk.board.look_at_all(|calls| parts::calls(calls, number));
    let in_force = desk.center.faults_in_force();
    let main = el("main").id("main");
    let part = |id: &str, content: Element| el("div").id(format!("{id}-part")).add(content);
    let look = number.and_then(|number| {
        desk.board.look(number, |call| {
            let lines = call.entries.iter().enumerate().map(|(number, it)| entry::line(number, it));
            let timeline = el("ol")
                .id("timeline")
                .attr("tabindex", 0)
                .attr("aria-labelledby", "timeline-title")
                .all(lines);
            let transcript = part("transcript", parts::transcript(&call.transcript));
            let top = [
                part("head", parts::head(call)),
                part("controls", parts::controls(Some(call), &in_force)),
                part("checks", parts::checks(call)),
            ];
            let sections =
                [section("timeline", "Timeline", timeline), section("transcript", "Transcript", transcript)];
            let flows = (!call.about.flows.is_empty())
                .then(|| section("flows", "Contact flows", part("flows", parts::flows(call))));
            (call.about.script.clone(), call.contacts.clone(), call.entries.len(), top, flows, sections)
        })
    });
    let (title, live, chosen, main) = match look {
        None => {
            let controls = part("controls", parts::controls(None, &in_force));
            ("Callbridge".to_owned(), "/events".to_owned(), None, main.add(page::welcome()).add(controls))
        }
        Some((script, contacts, lines, top, flows, [timeline, transcript])) => {
            let records = desk.voice_calls(&contacts)?;
            let records = part("records", parts::records(&records, &parts::values(&records)));
            let aside =
                el("div").class("aside").add(transcript).add(section("records", "VoiceCall", records));
            let columns = el("div").class("columns").add(timeline).add(aside);
            let live = format!("{}/events?after={lines}", address(number));
            (format!("{script} · Callbridge"), live, Some(script), main.all(top).all(flows).add(columns))
        }
    };
    let start = page::start(&offers, chosen.as_deref());
    Ok(Html(document(Content { title, live, start, calls, main })))
}
