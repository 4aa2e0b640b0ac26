//! `replay`: everything is received, what is meant is sent again (or only shown), the rest is given back.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use anyhow::anyhow;
use aws_config::SdkConfig;
use futures_util::{StreamExt, stream};
use lambda_kit::aws::AwsError;
use lambda_kit::env::Env;

use crate::aws::explain;
use crate::letter::{self, Letter, Work};
use crate::mend::mend;
use crate::queue::{Message, Queue};
use crate::report;
use crate::selection::Selection;
use crate::send::Sender;
use crate::stop::Stop;

/// How many letters are under way at once.
const AT_ONCE: usize = 8;

/// After how many letters the operator hears how far it is.
const TOLD_EVERY: usize = 100;

/// What an operator asks for.
#[derive(Debug, Clone)]
pub struct Order {
    /// URL or name of the queue.
    pub queue: String,
    /// Which letters.
    pub selection: Selection,
    /// What becomes of them.
    pub action: Action,
    /// Whether they are printed whole: that is personal data.
    pub show: bool,
    /// A command of the shell that gets what each of them holds, and prints what is sent instead.
    pub mend: Option<String>,
    /// The function that they are sent to, instead of the one that each names.
    pub to: Option<String>,
    /// The alias with which functions are invoked that are named without one.
    pub alias: String,
    /// How long an empty queue is waited for, twice.
    pub poll: Duration,
}

/// What becomes of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// They are looked at.
    Look,
    /// They are sent to their functions again, and deleted when that succeeds.
    Send,
    /// They are deleted.
    Discard,
}

/// What became of them, in numbers of letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// That the order is about.
    pub meant: usize,
    /// Sent, or deleted, and not in the queue any more.
    pub done: usize,
    /// Tried, and still in the queue.
    pub left: usize,
    /// Sent, and by now in the queue again.
    pub came_back: usize,
    /// Whether somebody stopped it.
    pub stopped: bool,
}

/// Does what is ordered, and writes to `out` what an operator has to know. How far it is goes to standard error.
///
/// # Errors
/// The queue cannot be read. Nothing is lost by that.
pub async fn replay(
    order: &Order,
    sdk: &SdkConfig,
    env: &Env<'_>,
    stop: &Stop,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let queue = Queue::open(sdk, &order.queue, order.poll).await.map_err(told)?;
    let held = receive(&queue, stop).await?;
    if stop.is_asked() {
        queue.release(&held).await;
        return Ok(Outcome { stopped: true, ..Outcome::default() });
    }
    let known: HashSet<String> = held.iter().map(|message| message.id.clone()).collect();
    let (mut meant, others) = order.selection.split(letter::read(held));
    say(
        out,
        &format!(
            "{} of {} dead letters\n{}",
            meant.len(),
            meant.len() + others.len(),
            report::summary(&meant)
        ),
    );
    if let Some(command) = &order.mend {
        for letter in &mut meant {
            mend(letter, command).await;
        }
    }
    for letter in meant.iter().filter(|_| order.show) {
        say(out, &format!("{}\n", letter.show()));
    }

    let sender = Sender::new(env, sdk, order.to.as_deref(), &order.alias);
    let tried = match order.action {
        Action::Look => Vec::new(),
        Action::Send => send_all(&queue, &sender, &meant, stop).await,
        Action::Discard => discard_all(&queue, &meant, stop).await,
    };
    let done: HashSet<&str> =
        ids_of(tried.iter().filter(|(_, result)| result.is_ok()).map(|(letter, _)| *letter)).collect();
    let again = match order.action {
        Action::Send if !done.is_empty() => come_back(&queue, &known, &tried, stop).await,
        _ => Vec::new(),
    };
    let stay = meant.iter().chain(&others).chain(&again).flat_map(|letter| &letter.messages);
    queue.release(stay.filter(|message| !done.contains(message.id.as_str()))).await;

    let left: Vec<(&Letter, String)> =
        tried.iter().filter_map(|(letter, result)| Some((*letter, result.clone().err()?))).collect();
    let outcome = Outcome {
        meant: meant.len(),
        done: tried.len() - left.len(),
        left: left.len(),
        came_back: again.len(),
        stopped: stop.is_asked(),
    };
    say(out, &ending(order.action, outcome, &report::left(&left), &report::summary(&again)));
    Ok(outcome)
}

async fn receive(queue: &Queue, stop: &Stop) -> anyhow::Result<Vec<Message>> {
    let depth = queue.depth().await.map_err(told)?;
    eprintln!("{}: about {} messages to be received", queue.name(), depth.waiting);
    if depth.held > 0 {
        eprintln!(
            "{} more are held by somebody: another replay, or one that was killed in the last half hour",
            depth.held
        );
    }
    let mut held = Vec::new();
    let received = queue.receive_all(&mut held, stop, |count| {
        if count > 0 && count.is_multiple_of(TOLD_EVERY) {
            eprintln!("{count} received");
        }
    });
    if let Err(error) = received.await {
        queue.release(&held).await;
        return Err(told(error));
    }
    Ok(held)
}

/// Why a record of a stream is not sent.
const OVERTAKING: &str =
    "it would overtake an older record of the same partition key that is not applied yet";

/// A letter that was tried, and why it failed.
type Tried<'a> = (&'a Letter, Result<(), String>);

/// Sends letters: first whole ranges, which are older than what was given up alone; in order where there is one.
async fn send_all<'a>(queue: &Queue, sender: &Sender, letters: &'a [Letter], stop: &Stop) -> Vec<Tried<'a>> {
    let (ranges, alone): (Vec<&Letter>, Vec<&Letter>) =
        letters.iter().partition(|letter| matches!(letter.work, Work::Range(_)));
    let counted = &AtomicUsize::new(0);
    let mut tried = Vec::new();
    for letters in [ranges, alone] {
        let mut lanes: BTreeMap<_, Vec<&Letter>> = BTreeMap::new();
        for letter in letters {
            lanes.entry(letter.lane()).or_default().push(letter);
        }
        let lanes = lanes.into_values().map(async |mut lane| {
            lane.sort_by_cached_key(|letter| letter.position());
            let mut tried = Vec::new();
            let mut is_blocked = false;
            for letter in lane {
                if stop.is_asked() {
                    break;
                }
                let result =
                    if is_blocked { Err(OVERTAKING.to_owned()) } else { send(queue, sender, letter).await };
                is_blocked |= result.is_err() && matches!(letter.work, Work::Record(..));
                tried.push((letter, result));
                let count = counted.fetch_add(1, Relaxed) + 1;
                if count.is_multiple_of(TOLD_EVERY) {
                    eprintln!("{count} tried");
                }
            }
            tried
        });
        let of_lanes: Vec<Vec<Tried<'a>>> = stream::iter(lanes).buffer_unordered(AT_ONCE).collect().await;
        tried.extend(of_lanes.into_iter().flatten());
    }
    tried
}

async fn send(queue: &Queue, sender: &Sender, letter: &Letter) -> Result<(), String> {
    for message in &letter.messages {
        let kept = queue.keep(message).await;
        kept.map_err(|error| format!("it is not held any more, run replay again: {}", explain(&error)))?;
    }
    sender.send(letter).await?;
    queue
        .delete(&letter.messages)
        .await
        .map_err(|error| format!("it was sent, but could not be deleted from the queue: {}", explain(&error)))
}

async fn discard_all<'a>(queue: &Queue, letters: &'a [Letter], stop: &Stop) -> Vec<Tried<'a>> {
    let mut tried = Vec::new();
    for letter in letters.iter().take_while(|_| !stop.is_asked()) {
        tried.push((letter, queue.delete(&letter.messages).await.map_err(|error| explain(&error))));
    }
    tried
}

/// The letters that were sent and are in the queue again by now, because their functions gave them up once more.
async fn come_back(queue: &Queue, known: &HashSet<String>, tried: &[Tried<'_>], stop: &Stop) -> Vec<Letter> {
    let mut held = Vec::new();
    if let Err(error) = queue.receive_all(&mut held, stop, |_| {}).await {
        eprintln!("whether letters came back is not known: {}", explain(&error));
    }
    // What was not received at first is new; what was is still held, or its time was over.
    let (new, old): (Vec<Message>, Vec<Message>) =
        held.into_iter().partition(|message| !known.contains(&message.id));
    let sent: HashSet<(Option<&str>, &str)> =
        tried.iter().map(|(letter, _)| (letter.function.as_deref(), letter.id.as_str())).collect();
    let (again, others): (Vec<Letter>, Vec<Letter>) = letter::read(new)
        .into_iter()
        .partition(|letter| sent.contains(&(letter.function.as_deref(), letter.id.as_str())));
    queue.release(old.iter().chain(others.iter().flat_map(|letter| &letter.messages))).await;
    again
}

fn ids_of<'a>(letters: impl Iterator<Item = &'a Letter>) -> impl Iterator<Item = &'a str> {
    letters.flat_map(|letter| letter.messages.iter().map(|message| message.id.as_str()))
}

fn ending(action: Action, outcome: Outcome, left: &str, again: &str) -> String {
    let Outcome { meant, done, came_back, .. } = outcome;
    let verb = match action {
        Action::Look if meant == 0 => return String::new(),
        Action::Look => {
            return "Nothing was sent: add --send to send them to their functions again.\n".into();
        }
        Action::Send => "sent again",
        Action::Discard => "deleted",
    };
    let mut text = format!("{done} of {meant} {verb}.\n");
    if !left.is_empty() {
        text += &format!("Still in the queue, {}:\n{left}", outcome.left);
    }
    if came_back > 0 {
        text += &format!("Given up once more and in the queue again, {came_back}:\n{again}");
    }
    if outcome.stopped {
        text += &format!("Stopped before {} were tried.\n", meant - done - outcome.left);
    }
    text
}

fn told(error: AwsError) -> anyhow::Error {
    anyhow!(explain(&error))
}

/// If nobody reads it any more, as behind `| head`, the work goes on all the same.
fn say(out: &mut impl Write, text: &str) {
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
