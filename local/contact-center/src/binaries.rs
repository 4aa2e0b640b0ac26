//! Builds the function binaries, and knows where they are.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;
use tokio::process::Command;
use tokio::time::sleep;

/// How long a build may be silent: one that finds everything built is done by then.
const SILENCE: Duration = Duration::from_secs(2);

/// The workspace that this crate was compiled in.
const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");

/// The executables of the workspace by name.
#[derive(Debug, Clone)]
pub struct Binaries(BTreeMap<String, PathBuf>);

/// Why there are no binaries.
#[derive(Debug, Error)]
pub enum BuildError {
    /// Cargo could not be run.
    #[error("{} cannot be run: the functions are built from source with it. Install Rust from https://rustup.rs", .cargo.display())]
    NoCargo {
        /// What was to be run.
        cargo: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The compiler refused, or something was missing; cargo has said what, just before.
    #[error("the functions could not be built ({status}): cargo's own message is above")]
    Failed {
        /// How cargo ended.
        status: ExitStatus,
    },
    /// No such binary was built.
    #[error("no binary is called {name}; there are: {known}")]
    Missing {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
}

impl Binaries {
    /// Builds every binary of the workspace that is not up to date, quickly: for development and tests. Compiler
    /// messages go to standard error, and a line about the wait if it takes long.
    ///
    /// # Errors
    /// When cargo cannot be run, or the build fails.
    pub async fn build() -> Result<Self, BuildError> {
        // The whole workspace, so that dependencies are shared with whatever else was built of it.
        run(cargo(), &["build", "--workspace", "--bins", "--manifest-path", MANIFEST]).await
    }

    /// The same for a test. `cargo test` has built the dependencies with what tests need of them, too, and asking for the
    /// test targets is what makes cargo use those again; without, it would build the larger ones a second time.
    ///
    /// # Errors
    /// As [`Binaries::build`].
    pub async fn build_for_tests() -> Result<Self, BuildError> {
        run(cargo(), &["build", "--workspace", "--bins", "--tests", "--manifest-path", MANIFEST]).await
    }

    /// Builds these packages as they are deployed: optimized.
    ///
    /// # Errors
    /// When cargo cannot be run, or the build fails.
    pub async fn build_for_release(
        packages: impl IntoIterator<Item = &'static str>,
    ) -> Result<Self, BuildError> {
        let mut arguments = vec!["build", "--release", "--manifest-path", MANIFEST];
        arguments.extend(packages.into_iter().flat_map(|package| ["--package", package]));
        run(cargo(), &arguments).await
    }

    /// Where a binary is; its name is its package's, e.g. `voice-call`.
    ///
    /// # Errors
    /// When no such binary was built.
    pub fn path(&self, name: &str) -> Result<&Path, BuildError> {
        let known = || self.0.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let missing = || BuildError::Missing { name: name.to_owned(), known: known() };
        self.0.get(name).map(PathBuf::as_path).ok_or_else(missing)
    }
}

/// Set when cargo itself runs us, and then the toolchain that the workspace is being built with.
fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

async fn run(cargo: OsString, arguments: &[&str]) -> Result<Binaries, BuildError> {
    let mut command = Command::new(&cargo);
    command.args(arguments).args(["--quiet", "--message-format", "json-render-diagnostics"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true);
    // Cargo describes the package that it runs (us) in these; the build is about other packages.
    let ours =
        |name: &str| ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|p| name.starts_with(p));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(ours) {
            command.env_remove(name);
        }
    }
    let output = async { command.spawn()?.wait_with_output().await };
    tokio::pin!(output);
    let output = tokio::select! {
        output = &mut output => output,
        () = sleep(SILENCE) => {
            eprintln!("Building the functions; the first time this takes some minutes...");
            output.await
        }
    };
    let output = output.map_err(|source| BuildError::NoCargo { cargo: cargo.into(), source })?;
    match output.status.success() {
        true => Ok(Binaries(executables(&String::from_utf8_lossy(&output.stdout)))),
        false => Err(BuildError::Failed { status: output.status }),
    }
}

/// The executables that cargo reports, line by line.
///
/// Source: <https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>.
fn executables(messages: &str) -> BTreeMap<String, PathBuf> {
    #[derive(Deserialize)]
    struct Artifact {
        target: Target,
        profile: TargetProfile,
        executable: PathBuf,
    }
    #[derive(Deserialize)]
    struct TargetProfile {
        /// A test harness, which has the name of what it tests.
        test: bool,
    }
    #[derive(Deserialize)]
    struct Target {
        name: String,
    }
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Artifact>(line).ok());
    let artifacts = artifacts.filter(|artifact| !artifact.profile.test);
    artifacts.map(|artifact| (artifact.target.name, artifact.executable)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_executables_are_taken_from_cargo_s_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"connect"},"profile":{"test":false},"executable":null}
{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"voice-call"},"profile":{"test":false},"executable":"/t/debug/voice-call"}
{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"voice-call"},"profile":{"test":true},"executable":"/t/debug/deps/voice_call-1"}
{"reason":"compiler-message","message":{"rendered":"warning"}}
{"reason":"build-finished","success":true}
"#;
        let binaries = Binaries(executables(messages));
        assert_eq!(binaries.path("voice-call").unwrap(), Path::new("/t/debug/voice-call"));
        let error = binaries.path("connect").unwrap_err().to_string();
        assert_eq!(error, "no binary is called connect; there are: voice-call");
    }

    #[tokio::test]
    async fn a_missing_cargo_is_named() {
        let error = run("no-such-cargo".into(), &["build"]).await.unwrap_err();
        assert!(matches!(error, BuildError::NoCargo { .. }), "{error:?}");
        assert!(error.to_string().starts_with("no-such-cargo cannot be run"), "{error}");
    }

    #[tokio::test]
    async fn a_failed_build_is_an_error() {
        let cargo = std::env::var_os("CARGO").unwrap();
        let error = run(cargo, &["build", "--manifest-path", "no/such/Cargo.toml"]).await.unwrap_err();
        assert!(matches!(error, BuildError::Failed { .. }), "{error:?}");
    }
}
