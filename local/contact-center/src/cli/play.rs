//! `play` and `list`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::{say, workspace};
use crate::binaries::Binaries;
use crate::center::{Center, Options};
use crate::script::{Script, Speed};
use crate::story::{Story, Style};

/// How long AWS waits, about, before it repeats a batch of contact records that failed.
const STREAM_RETRY_DELAY: Duration = Duration::from_secs(10);
/// How long Lambda waits before it repeats an asynchronous invocation that failed.
const EVENT_RETRY_DELAYS: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(120)];
/// How long an analysis file that came too early is hidden in its queue.
const QUEUE_RETRY_DELAY: Duration = Duration::from_secs(1800);

pub(super) async fn play(names: &[String], speed: Speed) -> anyhow::Result<ExitCode> {
    let scripts =
        names.iter().map(|name| Ok(Script::read(&find(name)?)?)).collect::<anyhow::Result<Vec<_>>>()?;
    let story = Arc::new(Story::new(Style::of_stdout()));
    let mut options = Options::default();
    if let Speed::Times(times) = speed {
        options.stream_retry_delay = STREAM_RETRY_DELAY.div_f64(times);
        options.event_retry_delays = EVENT_RETRY_DELAYS.map(|delay| delay.div_f64(times));
        options.queue_retry_delay = QUEUE_RETRY_DELAY.div_f64(times);
    }
    options.binaries = Some(Binaries::build().await?);
    let mut wrong = Vec::new();
    for script in &scripts {
        // Each call in a contact center of its own: what one breaks is no part of the next.
        let center = Center::start(options.clone()).await?;
        say(&story.opening(script));
        let began = Instant::now();
        let teller = Arc::clone(&story);
        let tell = Arc::new(move |happening| say(&teller.happening(&happening)));
        let outcome = center.play_and_tell(script, speed, tell).await?;
        say(&story.ending(script, &outcome, began.elapsed()));
        if !outcome.failures().is_empty() {
            wrong.push(script.name.as_str());
        }
        center.shutdown().await;
    }
    if scripts.len() > 1 {
        say(&format!("\n{} of {} calls came out as expected\n", scripts.len() - wrong.len(), scripts.len()));
    }
    if wrong.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("not as expected: {}", wrong.join(", "));
    Ok(ExitCode::FAILURE)
}

pub(super) fn list() -> anyhow::Result<ExitCode> {
    let mut scripts: Vec<Script> =
        files()?.iter().map(|file| Script::read(file)).collect::<Result<_, _>>()?;
    scripts.sort_by(|a, b| a.name.cmp(&b.name));
    let story = Story::new(Style::of_stdout());
    for script in &scripts {
        say(&story.entry(script));
    }
    Ok(ExitCode::SUCCESS)
}

/// A file that exists, or the script of that name among those that are shipped.
fn find(name: &str) -> anyhow::Result<PathBuf> {
    if Path::new(name).is_file() {
        return Ok(name.into());
    }
    let file = scenarios().join(name).with_extension("yaml");
    if file.is_file() {
        return Ok(file);
    }
    let known: Vec<String> =
        files()?.iter().filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned())).collect();
    bail!("{name} is neither a file nor one of the calls there are: {}", known.join(", "))
}

fn files() -> anyhow::Result<Vec<PathBuf>> {
    let folder = scenarios();
    let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    Ok(files)
}

pub(super) fn scenarios() -> PathBuf {
    workspace().join("local/scenarios")
}
