//! The scripted calls in a folder, read anew each time: a file that was just saved is there.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::script::Script;

/// A folder of scripts.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    folder: PathBuf,
}

/// A file of the folder.
pub(super) struct Offer {
    /// Its name, without the ending.
    pub(super) name: String,
    /// What it shows, or why it cannot be played.
    pub(super) summary: Result<String, String>,
}

impl Shelf {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Every script, by name.
    pub(super) fn offers(&self) -> anyhow::Result<Vec<Offer>> {
        let folder = &self.folder;
        let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
        let mut files = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
        files.sort();
        let offer = |file: &PathBuf| Offer {
            name: file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            summary: Script::read(file).map(|script| script.summary).map_err(|error| {
                // Whose folder it is, the page says anyway.
                error.to_string().replace(&format!("{}/", folder.display()), "")
            }),
        };
        Ok(files.iter().map(offer).collect())
    }

    /// The script of this name.
    pub(super) fn script(&self, name: &str) -> anyhow::Result<Script> {
        // A name from a form must not lead out of the folder.
        let is_plain = name.chars().all(|c| c.is_alphanumeric() || ['-', '_'].contains(&c));
        ensure!(is_plain && !name.is_empty(), "a script is named by letters, digits, `-` and `_`");
        Ok(Script::read(&self.folder.join(name).with_extension("yaml"))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_that_are_shipped_are_offered_and_nothing_outside_of_their_folder() {
        let shelf = Shelf::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios"));
        let offers = shelf.offers().unwrap();
        assert!(offers.iter().any(|offer| offer.name == "inbound-answered" && offer.summary.is_ok()));
        assert_eq!(shelf.script("inbound-answered").unwrap().name, "inbound-answered");
        for name in ["", "../scenarios/transfer", "/etc/passwd", "no-such-call", "a.b"] {
            assert!(shelf.script(name).is_err(), "{name}");
        }
    }
}
