//! What was measured, in numbers and as a table.

use std::fmt;
use std::time::Duration;

/// One invocation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// From spawning the process until it asked for its first event; none if it ran already.
    pub(super) start: Option<Duration>,
    /// From handing out the event until the reply was in.
    pub(super) reply: Duration,
    pub(super) cpu: Option<Duration>,
    pub(super) memory_mb: Option<u32>,
}

impl Sample {
    fn whole(&self) -> Duration {
        self.start.unwrap_or_default() + self.reply
    }
}

/// Everything measured of one function.
#[derive(Debug, Clone)]
pub(super) struct Cost {
    pub(super) cold: Vec<Sample>,
    pub(super) warm: Vec<Sample>,
    /// The size of the binary in bytes.
    pub(super) size: u64,
}

impl Cost {
    fn memory_mb(&self) -> Option<u32> {
        self.cold.iter().chain(&self.warm).filter_map(|sample| sample.memory_mb).max()
    }
}

/// The costs of both functions. Printed, it is a table.
#[derive(Debug, Clone)]
pub struct Report {
    /// The function that is compared with the empty one.
    function: &'static str,
    pub(super) measured: Cost,
    pub(super) empty: Cost,
}

/// The middle and the ends of many numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Half of the numbers are below it; of an even count, the mean of the middle two.
    pub median: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

impl Spread {
    /// Of no numbers, there is none.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = numbers.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median = match sorted.len() % 2 {
            0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
            _ => sorted[middle],
        };
        Some(Self { median, min, max })
    }
}

impl Report {
    pub(super) fn new(function: &'static str, size: u64, empty_size: u64) -> Self {
        let cost = |size| Cost { cold: Vec::new(), warm: Vec::new(), size };
        Self { function, measured: cost(size), empty: cost(empty_size) }
    }

    /// How many times as long the function's cold start through its first reply takes as the empty function's, pair by
    /// pair.
    pub fn ratio(&self) -> Option<Spread> {
        let pairs = self.measured.cold.iter().zip(&self.empty.cold);
        Spread::of(pairs.map(|(measured, empty)| measured.whole().div_duration_f64(empty.whole())))
    }

    /// The size of the function's binary in bytes, stripped.
    pub fn size(&self) -> u64 {
        self.measured.size
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { function, measured, empty } = self;
        writeln!(f, "Cold start through the first reply, {} pairs, release build", measured.cold.len())?;
        header(f)?;
        times(f, function, &measured.cold, Sample::whole)?;
        times(f, "  until it is ready", &measured.cold, |sample| sample.start.unwrap_or_default())?;
        times(f, "  first invocation", &measured.cold, |sample| sample.reply)?;
        times(f, "empty-function", &empty.cold, Sample::whole)?;
        if let Some(Spread { median, min, max }) = self.ratio() {
            writeln!(f, "{:24}{median:>8.2} ×  {min:>8.2} ×  {max:>8.2} ×", "ratio within a pair")?;
        }
        writeln!(f, "\nWarm invocation, {} of each", measured.warm.len())?;
        header(f)?;
        times(f, function, &measured.warm, Sample::whole)?;
        times(f, "empty-function", &empty.warm, Sample::whole)?;
        writeln!(f, "\n{:24}{:>12}{:>12}", "", "memory", "binary")?;
        for (name, cost) in [(*function, measured), ("empty-function", empty)] {
            let memory = cost.memory_mb().map_or_else(|| "-".to_owned(), |memory| format!("{memory} MB"));
            let size = format!("{:.1} MB", cost.size as f64 / 1e6);
            writeln!(f, "{name:24}{memory:>12}{size:>12}")?;
        }
        Ok(())
    }
}

fn header(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "{:24}{:>10}  {:>10}  {:>10}  {:>10}", "", "median", "min", "max", "CPU each")
}

/// One row: how long something took, and how much processor time on average.
fn times(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    samples: &[Sample],
    time: impl Fn(&Sample) -> Duration,
) -> fmt::Result {
    let Some(Spread { median, min, max }) = Spread::of(samples.iter().map(|sample| millis(time(sample))))
    else {
        return Ok(());
    };
    write!(f, "{name:24}{median:>7.2} ms  {min:>7.2} ms  {max:>7.2} ms")?;
    let cpu = samples.iter().map(|sample| sample.cpu).sum::<Option<Duration>>();
    match cpu.filter(|_| !name.starts_with(' ')) {
        Some(cpu) => writeln!(f, "  {:>7.2} ms", millis(cpu) / samples.len() as f64),
        None => writeln!(f),
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cold(start: u64, reply: u64) -> Sample {
        let millis = Duration::from_millis;
        Sample {
            start: Some(millis(start)),
            reply: millis(reply),
            cpu: Some(millis(10)),
            memory_mb: Some(12),
        }
    }

    #[test]
    fn a_spread_is_the_middle_and_the_ends() {
        assert_eq!(Spread::of([]), None);
        assert_eq!(Spread::of([3.0, 1.0, 2.0]), Some(Spread { median: 2.0, min: 1.0, max: 3.0 }));
        assert_eq!(Spread::of([4.0, 1.0, 2.0, 9.0]), Some(Spread { median: 3.0, min: 1.0, max: 9.0 }));
    }

    #[test]
    fn the_ratio_is_taken_pair_by_pair() {
        let mut report = Report::new("voice-call", 7_000_000, 2_000_000);
        report.measured.cold = vec![cold(20, 10), cold(40, 20), cold(10, 10)];
        report.empty.cold = vec![cold(5, 5), cold(20, 10), cold(8, 2)];
        assert_eq!(report.ratio(), Some(Spread { median: 2.0, min: 2.0, max: 3.0 }));
    }

    #[test]
    fn a_report_is_a_table() {
        let mut report = Report::new("voice-call", 7_000_000, 2_000_000);
        report.measured.cold = vec![cold(20, 10)];
        report.empty.cold = vec![cold(5, 5)];
        report.measured.warm = vec![Sample { start: None, ..cold(0, 2) }];
        report.empty.warm = vec![Sample { start: None, cpu: None, memory_mb: None, ..cold(0, 1) }];
        let expected = "\
Cold start through the first reply, 1 pairs, release build
                            median         min         max    CPU each
voice-call                30.00 ms    30.00 ms    30.00 ms    10.00 ms
  until it is ready       20.00 ms    20.00 ms    20.00 ms
  first invocation        10.00 ms    10.00 ms    10.00 ms
empty-function            10.00 ms    10.00 ms    10.00 ms    10.00 ms
ratio within a pair         3.00 ×      3.00 ×      3.00 ×

Warm invocation, 1 of each
                            median         min         max    CPU each
voice-call                 2.00 ms     2.00 ms     2.00 ms    10.00 ms
empty-function             1.00 ms     1.00 ms     1.00 ms

                              memory      binary
voice-call                     12 MB      7.0 MB
empty-function                 12 MB      2.0 MB
";
        assert_eq!(report.to_string(), expected);
    }
}
