//! A function's process: started clean, watched, never left behind.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};

/// One running function binary.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    output: Output,
}

/// What a process has used since it started.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Usage {
    pub(super) cpu: Option<Duration>,
    pub(super) memory_mb: Option<u32>,
}

impl Process {
    /// Starts `binary` with `variables` and nothing else in its environment. It dies with this value.
    pub(super) fn spawn(binary: &Path, variables: Vec<(String, String)>) -> io::Result<Self> {
        let (output, stdout) = Output::create()?;
        let mut command = Command::new(binary);
        command.env_clear().envs(variables).current_dir(binary.parent().unwrap_or(Path::new("/")));
        command.stdin(Stdio::null()).stderr(stdout.try_clone()?).stdout(stdout).kill_on_drop(true);
        // Ctrl-C in the terminal is for the host, which then ends its functions: not for both at once.
        #[cfg(unix)]
        command.process_group(0);
        Ok(Self { child: command.spawn()?, output })
    }

    /// Waits until the process has ended; says how, in Lambda's words.
    pub(super) async fn exited(&mut self) -> String {
        match self.child.wait().await {
            Ok(status) => exit_text(status),
            Err(error) => format!("Runtime exited with error: {error}"),
        }
    }

    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    pub(super) async fn kill(&mut self) {
        // It fails only if the process has ended already.
        let _ = self.child.kill().await;
    }

    /// The lines that the process has written since the last call.
    pub(super) fn new_lines(&mut self) -> Vec<String> {
        self.output.new_lines(false)
    }

    /// The same, for a process that has ended: a last line without an end counts, too.
    pub(super) fn last_lines(&mut self) -> Vec<String> {
        self.output.new_lines(true)
    }

    pub(super) fn usage(&self) -> Usage {
        let Some(id) = self.child.id() else { return Usage::default() };
        let read = |file: &str| fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default();
        let threads = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
        let running: Duration = threads
            .map(|thread| fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default())
            .filter_map(|schedstat| on_cpu(&schedstat))
            .sum();
        // The one is coarse, the other lacks the threads that have ended: both are at most the truth.
        let cpu = cpu(&read("stat")).map(|cpu| cpu.max(running));
        Usage { cpu, memory_mb: peak_memory_mb(&read("status")) }
    }
}

/// Standard output and error of a process, in a file that nobody else sees.
///
/// A file, not a pipe: what the process wrote before it answered is in there when the answer arrives, so that each
/// line belongs to the right invocation.
#[derive(Debug)]
struct Output {
    file: File,
    unfinished: Vec<u8>,
}

impl Output {
    fn create() -> io::Result<(Self, File)> {
        let path = std::env::temp_dir().join(format!("callbridge-{}.log", uuid::Uuid::new_v4()));
        let writer = fs::OpenOptions::new().append(true).create_new(true).open(&path)?;
        let file = File::open(&path)?;
        // The open handles keep it alive; nothing is left behind when they close.
        fs::remove_file(&path)?;
        Ok((Self { file, unfinished: Vec::new() }, writer))
    }

    fn new_lines(&mut self, to_the_end: bool) -> Vec<String> {
        if let Err(error) = self.file.read_to_end(&mut self.unfinished) {
            return vec![format!("(the function's output cannot be read: {error})")];
        }
        let complete = match to_the_end {
            true => self.unfinished.len(),
            false => self.unfinished.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1),
        };
        let bytes: Vec<u8> = self.unfinished.drain(..complete).collect();
        String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
    }
}

fn exit_text(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = match signal {
            6 => "aborted".to_owned(),
            9 => "killed".to_owned(),
            11 => "segmentation fault".to_owned(),
            15 => "terminated".to_owned(),
            other => other.to_string(),
        };
        return format!("Runtime exited with error: signal: {name}");
    }
    match status.code() {
        Some(0) | None => "Runtime exited without providing a reason".to_owned(),
        Some(code) => format!("Runtime exited with error: exit status {code}"),
    }
}

/// The time that one thread ran, to the nanosecond, from `/proc/<pid>/task/<tid>/schedstat`.
fn on_cpu(schedstat: &str) -> Option<Duration> {
    Some(Duration::from_nanos(schedstat.split_whitespace().next()?.parse().ok()?))
}

/// User and system time of all threads, ended ones too, in clock ticks, from `/proc/<pid>/stat` (proc_pid_stat(5),
/// fields 14 and 15).
fn cpu(stat: &str) -> Option<Duration> {
    // The second field, the command's name, may hold anything, even spaces and brackets.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    // USER_HZ, the unit of what the kernel tells to programs, is 100 on every Linux that Rust runs on.
    Some(Duration::from_millis(ticks * 10))
}

/// The most memory that was resident, from `/proc/<pid>/status`, rounded up.
fn peak_memory_mb(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_is_read_from_proc() {
        let stat = "12 (a) b) S 1 12 12 0 -1 4194304 100 0 0 0 7 5 0 0 20 0 3 0 99 1000 50";
        assert_eq!(cpu(stat), Some(Duration::from_millis(120)));
        assert_eq!(cpu(""), None);
        assert_eq!(on_cpu("270946464 88022161 88\n"), Some(Duration::from_nanos(270_946_464)));
        assert_eq!(on_cpu(""), None);
        assert_eq!(peak_memory_mb("VmPeak:\t 9 kB\nVmHWM:\t   18433 kB\n"), Some(19));
        assert_eq!(peak_memory_mb("State: Z (zombie)"), None);
    }

    #[test]
    fn output_comes_in_whole_lines() {
        use std::io::Write;
        let (mut output, mut writer) = Output::create().unwrap();
        write!(writer, "one\ntw").unwrap();
        assert_eq!(output.new_lines(false), ["one"]);
        write!(writer, "o\nthree").unwrap();
        assert_eq!(output.new_lines(false), ["two"]);
        assert_eq!(output.new_lines(true), ["three"]);
        assert!(output.new_lines(true).is_empty());
    }
}
