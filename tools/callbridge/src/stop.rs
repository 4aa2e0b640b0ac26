//! Ctrl-C: the first time what is under way is finished and everything held is given back; the second time it ends.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// The exit code after Ctrl-C, as shells have it: 128 + SIGINT.
pub(crate) const INTERRUPTED: u8 = 130;

/// Whether somebody asked to stop. Clones are handles to the same one.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// One that Ctrl-C sets. Must be called inside a tokio runtime.
    pub(crate) fn on_ctrl_c() -> Self {
        let stop = Self::default();
        let asked = stop.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            asked.ask();
            eprintln!("stopping after what is under way; press Ctrl-C again to leave at once");
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(INTERRUPTED.into());
            }
        });
        stop
    }

    /// Asks to stop.
    pub fn ask(&self) {
        self.0.store(true, Relaxed);
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Relaxed)
    }
}
