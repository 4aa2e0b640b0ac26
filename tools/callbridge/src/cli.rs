//! The command line.

use std::io::stdout;
use std::process::ExitCode;
use std::time::Duration;

use clap::{ArgGroup, Args, Parser, Subcommand};
use lambda_kit::env::Env;

use crate::aws::sdk_config;
use crate::replay::{Action, Order, replay};
use crate::selection::Selection;
use crate::stop::{INTERRUPTED, Stop};

/// How long a queue that seems empty is waited for. SQS asks all its servers if there is a time at all.
const POLL: Duration = Duration::from_secs(1);

/// What an operator does with a running suite.
#[derive(Debug, Parser)]
#[command(name = "callbridge", after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  callbridge replay --queue NAME                                 what is in the queue, by reason and function; changes nothing
  callbridge replay --queue NAME --reason Refused --show         these letters whole: personal data
  callbridge replay --queue NAME --reason Refused --limit 1 --send   one of them, to see whether the cause is mended
  callbridge replay --queue NAME --send                          everything

What to do when the alarm goes off: docs/dead-letters.md";

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows the dead letters of a queue, and sends them to their functions again.
    ///
    /// Exits with 0 if nothing that was asked for is left, with 1 if it failed or something is left in the queue, with 130
    /// after Ctrl-C.
    Replay(Replay),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("filter").multiple(true).args(["reason", "function", "id"]))]
struct Replay {
    /// The queue: its name or URL (output DeadLetterQueueUrl of the stack).
    #[arg(long, value_name = "URL|NAME")]
    queue: String,
    /// Only letters with this reason. May be given several times, like the next two.
    #[arg(long, value_name = "CODE")]
    reason: Vec<String>,
    /// Only letters for this function; the call center before the name may be left out.
    #[arg(long, value_name = "NAME")]
    function: Vec<String>,
    /// Only the letter with this id.
    #[arg(long)]
    id: Vec<String>,
    /// At most so many letters, the oldest first.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Sends the letters again. Each is deleted when its function has done it, or when Lambda has taken its event.
    #[arg(long)]
    send: bool,
    /// Deletes the letters for good. Needs --reason, --function or --id.
    #[arg(long, requires = "filter", conflicts_with_all = ["send", "to"])]
    discard: bool,
    /// Prints the letters whole, as lines of JSON: personal data.
    #[arg(long)]
    show: bool,
    /// A command of the shell that gets what each letter holds and prints what is sent instead, e.g. `jq .detail`. With --show
    /// and without --send it shows what would be sent.
    #[arg(long, value_name = "COMMAND", requires = "filter", conflicts_with = "discard")]
    mend: Option<String>,
    /// The function to send to, instead of the one that each letter names.
    #[arg(long, value_name = "NAME|ARN")]
    to: Option<String>,
    /// The alias to invoke functions with: it has the queue as its failure destination.
    #[arg(long, value_name = "NAME", default_value = "active")]
    alias: String,
}

/// Does what the command line says.
///
/// # Errors
/// When it cannot be done. Letters that stay in the queue are no error, but an exit code.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Command::Replay(arguments) = cli.command;
    let order = arguments.order();
    let outcome =
        replay(&order, &sdk_config().await, &Env::of_process(), &Stop::on_ctrl_c(), &mut stdout()).await?;
    Ok(match (outcome.stopped, outcome.left + outcome.came_back) {
        (true, _) => ExitCode::from(INTERRUPTED),
        (false, 0) => ExitCode::SUCCESS,
        (false, _) => ExitCode::FAILURE,
    })
}

impl Replay {
    fn order(self) -> Order {
        let action = match (self.send, self.discard) {
            (true, _) => Action::Send,
            (false, true) => Action::Discard,
            (false, false) => Action::Look,
        };
        Order {
            queue: self.queue,
            selection: Selection {
                reasons: self.reason,
                functions: self.function,
                ids: self.id,
                limit: self.limit,
            },
            action,
            show: self.show,
            mend: self.mend,
            to: self.to,
            alias: self.alias,
            poll: POLL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(arguments: &[&str]) -> Option<Action> {
        let command = ["callbridge", "replay", "--queue", "q"].iter().chain(arguments);
        let Command::Replay(replay) = Cli::try_parse_from(command).ok()?.command;
        Some(replay.order().action)
    }

    #[test]
    fn nothing_is_changed_unless_it_is_said_and_nothing_is_deleted_without_saying_what() {
        assert_eq!(action(&[]), Some(Action::Look));
        assert_eq!(action(&["--reason", "a", "--reason", "b", "--limit", "1"]), Some(Action::Look));
        assert_eq!(action(&["--send"]), Some(Action::Send));
        assert_eq!(action(&["--discard"]), None);
        assert_eq!(action(&["--limit", "1", "--discard"]), None);
        assert_eq!(action(&["--id", "1", "--discard"]), Some(Action::Discard));
        assert_eq!(action(&["--id", "1", "--discard", "--send"]), None);
    }
}
