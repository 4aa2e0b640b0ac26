//! Waiting for what may be over in a minute.
//!
//! An event that fails comes again after half an hour. DescribeContact answers two questions in a second, of all who ask
//! in the account: when many calls end together, somebody has to wait. Not for longer than this: while Salesforce is down,
//! calls go on ending, and those who wait here keep the others in the queue.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::HandlerError;

const PATIENCE: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Works until it succeeds, fails for longer than a while, or fails with what time does not cure.
pub(crate) async fn patiently<T>(
    deadline: Instant,
    work: impl AsyncFn() -> Result<T, HandlerError>,
) -> Result<T, HandlerError> {
    let until = deadline.min(Instant::now() + PATIENCE);
    let mut pause = FIRST_PAUSE;
    loop {
        let result = work().await;
        match result.as_ref().err().and_then(HandlerError::pause).map(|asked| asked.max(pause)) {
            Some(pause) if Instant::now() + pause < until => sleep(pause).await,
            _ => return result,
        }
        pause = LONGEST_PAUSE.min(2 * pause);
    }
}
