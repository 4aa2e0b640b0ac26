//! The contact flows that a script runs: read from the files that it names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, ensure};
use contact_flows::action::{CreateCallbackContact, Hook, QueueTarget};
use contact_flows::{Action, Flow, Functions, Library, Queue, Resolved};
use serde::Deserialize;

use super::model::FunctionSettings;
use super::path::names_of;
use crate::functions::ALL;

/// The contact flows of a script, and what they call by which name.
#[derive(Debug, Clone)]
pub struct Flows {
    library: Arc<Library>,
    functions: Functions,
    entry: Option<String>,
    hooks: BTreeMap<Hook, String>,
    outbound_whisper: Option<String>,
}

/// The files: one, or several. Of a folder, those that end in `.json`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged, expecting = "the contact flows are a file or a folder, or a list of such")]
pub(super) enum Files {
    #[default]
    None,
    One(PathBuf),
    Several(Vec<PathBuf>),
}

/// The event of which the queue says which flow runs, and no flow can.
const OUTBOUND_WHISPER: &str = "OutboundWhisper";

/// What `aliases` say of a flow that cannot be transferred to.
const NO_FLOW: &str = "none";

impl Files {
    fn paths(&self) -> &[PathBuf] {
        match self {
            Self::None => &[],
            Self::One(path) => std::slice::from_ref(path),
            Self::Several(paths) => paths,
        }
    }
}

impl Flows {
    /// Reads the flows; paths are relative to the folder of the script. The entry is a file, or the name of one of the flows.
    pub(super) fn read(
        folder: &Path,
        entry: Option<&str>,
        files: &Files,
        aliases: &BTreeMap<String, String>,
        hooks: &BTreeMap<String, String>,
        functions: &BTreeMap<String, FunctionSettings>,
    ) -> Result<Self, String> {
        let mut paths: Vec<PathBuf> = files.paths().iter().map(|path| folder.join(path)).collect();
        let file = entry.map(|entry| folder.join(entry)).filter(|file| file.is_file());
        if let (None, Some(entry)) = (&file, entry.filter(|entry| entry.ends_with(".json"))) {
            return Err(format!(
                "there is no file {}; paths are relative to the script",
                folder.join(entry).display()
            ));
        }
        paths.extend(file.clone());
        let mut library = Library::new();
        let mut read = BTreeSet::new();
        for (name, text) in texts(&paths).map_err(|error| format!("{error:#}"))? {
            if read.insert(name.clone()) {
                library.add(Flow::read(&text, &name).map_err(|error| error.to_string())?);
            }
        }
        for (reference, name) in aliases {
            match name.as_str() {
                NO_FLOW => library.make_unavailable(reference),
                name => library.alias(reference, name),
            }
        }
        let stem = |file: PathBuf| file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let named = entry.map(|entry| entry.strip_suffix(".json").unwrap_or(entry).to_owned());
        let entry = file.and_then(stem).or(named);
        let outbound_whisper = hooks.get(OUTBOUND_WHISPER).cloned();
        let hooks = hooks.iter().filter(|(event, _)| *event != OUTBOUND_WHISPER);
        let hooks = hooks.map(|(event, flow)| Ok((hook(event)?, flow.clone())));
        let hooks = hooks.collect::<Result<_, String>>()?;
        let functions = functions_of(functions);
        let flows = Self { library: Arc::new(library), functions, entry, hooks, outbound_whisper };
        flows.entry.as_deref().map_or(Ok(()), |entry| flows.check(entry))?;
        let named = aliases.values().filter(|name| *name != NO_FLOW);
        let mut named = named.chain(flows.hooks.values()).chain(&flows.outbound_whisper);
        named.try_for_each(|name| flows.check(name))?;
        Ok(flows)
    }

    /// Whether there is a flow of this name.
    pub(super) fn check(&self, name: &str) -> Result<(), String> {
        if matches!(self.library.resolve(name, None), Resolved::Flow(_)) {
            return Ok(());
        }
        let known: Vec<&str> = self.library.flows().iter().map(|flow| flow.stem()).collect();
        let there_are = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Err(format!(
            "no contact flow and no file beside the script is called {name}; of flows there are: {there_are}"
        ))
    }

    /// Whether a block of some flow can be called so.
    pub(super) fn has_block(&self, name: &str) -> bool {
        self.library
            .flows()
            .iter()
            .flat_map(|flow| flow.blocks())
            .any(|block| names_of(block).any(|one| one == name))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.library.flows().is_empty()
    }

    /// All of them.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The one that the call begins with.
    pub fn entry(&self) -> Option<&str> {
        self.entry.as_deref()
    }

    /// Which flows run at events, as long as no flow says otherwise.
    pub(super) fn hooks(&self) -> &BTreeMap<Hook, String> {
        &self.hooks
    }

    /// The outbound whisper flow of the queues: it runs when an agent has accepted a callback.
    pub(super) fn outbound_whisper(&self) -> Option<&str> {
        self.outbound_whisper.as_deref()
    }

    /// Whether a block of some flow queues a callback.
    pub(super) fn queue_callbacks(&self) -> bool {
        let mut blocks = self.library.flows().iter().flat_map(|flow| flow.blocks());
        blocks.any(|block| matches!(block.action, Action::CreateCallbackContact(_)))
    }

    /// The function that a flow means by this ARN.
    pub(super) fn function(&self, arn: &str) -> Option<&str> {
        self.functions.resolve(arn)
    }

    /// The names of the queues that the flows show by name.
    pub(super) fn queues(&self) -> BTreeSet<&str> {
        let blocks = self.library.flows().iter().flat_map(|flow| flow.blocks());
        let named = blocks.filter_map(|block| match &block.action {
            Action::UpdateContactTargetQueue(QueueTarget::Queue(_))
            | Action::DequeueContactAndTransferToQueue(QueueTarget::Queue(_))
            | Action::CreateCallbackContact(CreateCallbackContact { queue: QueueTarget::Queue(_), .. }) => {
                block.named.as_deref()
            }
            _ => None,
        });
        named.collect()
    }

    /// The flows in an instance that has these queues.
    pub(super) fn among(&self, queues: impl IntoIterator<Item = Queue>) -> Arc<Library> {
        let mut library = Library::clone(&self.library);
        queues.into_iter().for_each(|queue| library.add_queue(queue));
        Arc::new(library)
    }
}

fn hook(event: &str) -> Result<Hook, String> {
    Hook::named(event).ok_or_else(|| {
        let known = Hook::ALL.iter().map(|hook| hook.as_str()).chain([OUTBOUND_WHISPER]);
        let known: Vec<&str> = known.collect();
        format!("no contact flow runs at {event}; the events are {}", known.join(", "))
    })
}

fn functions_of(settings: &BTreeMap<String, FunctionSettings>) -> Functions {
    let mut functions = Functions::new(ALL.map(|function| function.name));
    for function in ALL {
        if let Some(arn) = settings.get(function.package).and_then(|settings| settings.arn.as_deref()) {
            functions = functions.with_override(arn, function.name);
        }
    }
    functions
}

/// The texts of flows by file: the files as they are named, and of folders those that end in `.json`.
pub(crate) fn texts(paths: &[PathBuf]) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries =
                std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
            let mut found: Vec<PathBuf> =
                entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
            found.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
            ensure!(!found.is_empty(), "there is no .json file in {}", path.display());
            found.sort();
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    let read = |file: &PathBuf| {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok((file.display().to_string(), text))
    };
    files.iter().map(read).collect()
}
