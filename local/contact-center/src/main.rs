//! A contact center on one machine: hosts the function binaries and plays scripted calls through them.

use std::process::ExitCode;

use clap::Parser;
use contact_center::cli::{self, Cli};

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
