//! Letters mended before they are sent: what they hold goes through a command of the operator's.

use std::process::Stdio;

use serde::de::IgnoredAny;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::letter::{Letter, Work};

/// Puts in place of what a letter holds what the command makes of it. A letter for which that fails cannot be sent.
pub(crate) async fn mend(letter: &mut Letter, command: &str) {
    let mended = match &letter.work {
        Work::Record(source, data) => {
            through(command, data).await.map(|data| Work::Record(source.clone(), data))
        }
        Work::Event(event) => through(command, event.as_bytes()).await.and_then(event_of),
        Work::Range(_) => {
            Err("it is a place in a stream, where nothing can be mended: send it without --mend, and \
                              what its function cannot read comes back record by record"
                .to_owned())
        }
        Work::Nothing(why) => Err(why.clone()),
    };
    letter.work = mended.unwrap_or_else(Work::Nothing);
}

fn event_of(printed: Vec<u8>) -> Result<Work, String> {
    let event = String::from_utf8(printed).map_err(|_| "what --mend printed is no text".to_owned())?;
    match serde_json::from_str::<IgnoredAny>(&event) {
        Ok(_) => Ok(Work::Event(event)),
        Err(_) => Err("what --mend printed is no JSON".to_owned()),
    }
}

/// What the command prints when it is given this.
async fn through(command: &str, content: &[u8]) -> Result<Vec<u8>, String> {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = shell.spawn().map_err(|error| format!("--mend cannot be run: {error}"))?;
    let stdin = child.stdin.take();
    let feed = async {
        if let Some(mut stdin) = stdin {
            // A command that has read enough may close it.
            let _ = stdin.write_all(content).await;
        }
    };
    let ((), output) = tokio::join!(feed, child.wait_with_output());
    let output = output.map_err(|error| format!("--mend cannot be run: {error}"))?;
    match (output.status.success(), output.stdout.is_empty()) {
        (false, _) => Err(format!("--mend failed with {}: what it wrote stands above", output.status)),
        (true, true) => Err("--mend printed nothing".to_owned()),
        (true, false) => Ok(output.stdout),
    }
}
