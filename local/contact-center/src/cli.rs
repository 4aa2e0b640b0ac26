//! The command line.

mod lint;
mod play;
mod serve;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::filter::LevelFilter;

use crate::measure;
use crate::script::Speed;

/// The script that is played when none is named.
const FIRST_SCRIPT: &str = "flow-inbound";
/// The exit code after Ctrl-C, as shells have it: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

/// A contact center on this machine: Amazon Connect's side of a call, the Lambda functions themselves, and a
/// Salesforce org, all local. Without a command it plays one inbound call.
#[derive(Debug, Parser)]
#[command(name = "contact-center", bin_name = "cargo run --", after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "Examples:
  cargo run                                          play one inbound call, from ringing to wrap-up
  cargo run -- list                                  the calls there are
  cargo run -- play transfer salesforce-down         play two of them
  cargo run -- play transfer --speed 10              ten times as fast as real time, instead of at once
  cargo run -- play my-call.yaml                     play your own; the files in local/scenarios show how
  cargo run -- serve                                 keep everything up, and watch calls in a browser
  cargo run -- lint my-flow.json flows/              check contact flows as Amazon Connect exports them
  cargo run --release -- measure                     what voice-call costs at a cold start, beside an empty function
  cargo run --release -- measure --function salesforce-rest";

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays scripted calls and checks what Salesforce has in the end. Fails if an expectation does not hold.
    Play {
        /// Names from `list`, or files.
        #[arg(required = true, value_name = "NAME|FILE")]
        scripts: Vec<String>,
        /// How fast time passes: `max`, or times real time, e.g. 1 or 10.
        #[arg(long, default_value = "max")]
        speed: Speed,
    },
    /// Lists the scripted calls that can be played by name.
    List,
    /// Keeps the org and the functions up, serves the console, a page to start calls from and watch them, and says how to
    /// invoke the functions.
    Serve {
        /// The port of Lambda's Invoke API on 127.0.0.1; 0 takes any free one.
        #[arg(long, default_value_t = 9000)]
        port: u16,
        /// The port of the console on 127.0.0.1; 0 takes any free one.
        #[arg(long, default_value_t = 9001)]
        console_port: u16,
    },
    /// Checks contact flows without running them: blocks that nothing leads to, branches that lead nowhere, functions and
    /// parameters that are wrong, attributes that are read before they are set. Fails if there is an error among it.
    Lint {
        /// Flows as Amazon Connect exports them (old exports, too), or folders of them. Flows that lead to each other belong
        /// together.
        #[arg(required = true, value_name = "FILE|FOLDER")]
        flows: Vec<PathBuf>,
    },
    /// Measures cold starts and warm invocations of a function beside those of an empty one, as deployed.
    Measure {
        /// The function: voice-call or salesforce-rest.
        #[arg(long, default_value_t = measure::Options::default().function)]
        function: String,
        /// How many cold starts of each function.
        #[arg(long, default_value_t = measure::Options::default().pairs)]
        pairs: usize,
    },
}

/// Does what the command line says.
///
/// # Errors
/// When it cannot be done. A call that came out otherwise than expected is no error, but an exit code.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    // The org and the AWS services say here what they cannot say to a client.
    tracing_subscriber::fmt().with_max_level(LevelFilter::WARN).with_writer(std::io::stderr).init();
    let work = async {
        match cli.command {
            None => play::play(&[FIRST_SCRIPT.to_owned()], Speed::Max).await,
            Some(Command::Play { scripts, speed }) => play::play(&scripts, speed).await,
            Some(Command::List) => play::list(),
            Some(Command::Lint { flows }) => lint::check(&flows),
            Some(Command::Serve { port, console_port }) => serve::serve(port, console_port).await,
            Some(Command::Measure { function, pairs }) => {
                let options = measure::Options { function, pairs, ..measure::Options::default() };
                say(&measure::run(options).await?.to_string());
                Ok(ExitCode::SUCCESS)
            }
        }
    };
    // Dropping the work drops the center in it, and with that every process it started.
    tokio::select! {
        done = work => done,
        _ = tokio::signal::ctrl_c() => Ok(ExitCode::from(INTERRUPTED)),
    }
}

/// Writes to standard output. If nobody reads it any more, as behind `| head`, the work goes on all the same.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The workspace that this was compiled in: scripts, events and functions are read from there.
fn workspace() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().and_then(|local| local.parent()).map_or(here.clone(), PathBuf::from)
}
