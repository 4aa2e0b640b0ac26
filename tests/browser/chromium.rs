//! A headless Chromium of its own for a test. It ends with the test, also when that fails.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use uuid::Uuid;

use crate::session::Session;

/// What Chromium is told: nothing on the screen, nothing from elsewhere. At the end of the pipe to its driver it ends itself.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// A browser. When it ends, so does its driver, then the browser itself, and what they wrote is removed.
pub(crate) struct Chromium {
    pub(crate) session: Session,
    _driver: Child,
    /// Kept open, for what the driver may still have to say.
    _said: Lines<BufReader<ChildStdout>>,
    _folder: Folder,
}

impl Chromium {
    pub(crate) async fn start() -> Self {
        let folder = Folder::new();
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", &folder.0)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect(
                "chromedriver starts: Debian's packages chromium and chromium-driver, or `.ci/run browser`",
            );
        let mut said = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = said.next_line().await.unwrap().expect("chromedriver says on which port it listens");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        let profile = format!("--user-data-dir={}", folder.0.join("profile").display());
        let mut flags = [FLAGS.as_slice(), &[&profile]].concat();
        if folder.is_roots() {
            flags.push("--no-sandbox");
        }
        let session = Session::start(&format!("http://127.0.0.1:{port}"), &flags).await;
        Self { session, _driver: driver, _said: said, _folder: folder }
    }
}

/// Where the browser keeps its profile and what else it writes: empty, and gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("callbridge-{}", Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    /// Chromium refuses to be root inside of its sandbox.
    fn is_roots(&self) -> bool {
        std::fs::metadata(&self.0).unwrap().uid() == 0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A browser that is just ending still writes: gone is what stays away for a while.
        for _ in 0..20 {
            let _ = std::fs::remove_dir_all(&self.0);
            std::thread::sleep(Duration::from_millis(250));
            if !self.0.exists() {
                return;
            }
        }
    }
}
