//! How fast a call is played.

use std::str::FromStr;
use std::time::Duration;

use tokio::time::Instant;

/// How fast script time passes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Speed {
    /// As fast as the functions answer: nothing waits for the clock, and what was sent has arrived before the call
    /// goes on, so that every run is the same.
    #[default]
    Max,
    /// So many times as fast as real time.
    Times(f64),
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "max" => Ok(Self::Max),
            _ => match text.parse() {
                Ok(times) if times > 0.0 && f64::is_finite(times) => Ok(Self::Times(times)),
                _ => Err(format!("`{text}` is no speed: write `max`, or a number like 1 (real time) or 10")),
            },
        }
    }
}

/// The clock of a call that is played: when it rang, and how many times as fast as real time its time passes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    began: Instant,
    times: f64,
}

impl Pace {
    /// The clock of a call that rings now.
    pub(super) fn from_now(times: f64) -> Self {
        Self { began: Instant::now(), times }
    }

    /// When it is so long after the ring.
    pub(crate) fn when(self, at: Duration) -> Instant {
        self.began + at.div_f64(self.times)
    }
}
