//! Hanging up from outside, whatever the script says.

use std::sync::Arc;

use thiserror::Error;
use tokio::sync::watch;

/// Ends a call that is played, as a customer does who hangs up. Clones are for the same call.
#[derive(Debug, Clone)]
pub struct HangUp(Arc<watch::Sender<bool>>);

/// The call was hung up before it was its turn to be played.
#[derive(Debug, Error)]
#[error("the call was hung up before it rang")]
pub struct NeverRang;

impl HangUp {
    /// For a call that goes on until the script ends it.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Hangs up. A second time changes nothing, and nor does it after the call.
    pub fn now(&self) {
        self.0.send_replace(true);
    }

    /// Whether somebody has.
    pub(crate) fn is_done(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until somebody does.
    pub(crate) async fn done(&self) {
        // It is this one's own sender, and does not go away meanwhile.
        let _ = self.0.subscribe().wait_for(|hung_up| *hung_up).await;
    }
}

impl Default for HangUp {
    fn default() -> Self {
        Self::new()
    }
}
