//! The flows and queues that an instance has, and what an id in a flow means among them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::flow::Flow;
use crate::state::Queue;

/// The flows that can be transferred to, and the queues that are known by name.
#[derive(Clone, Debug, Default)]
pub struct Library {
    flows: Vec<Arc<Flow>>,
    aliases: BTreeMap<String, String>,
    unavailable: BTreeSet<String>,
    queues: Vec<Queue>,
}

/// What an id of a flow means.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// This flow.
    Flow(Arc<Flow>),
    /// A flow that cannot be transferred to: the action takes its error branch.
    Unavailable,
    /// There is no such flow here.
    Unknown,
}

impl Library {
    /// A library without flows.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a flow.
    pub fn add(&mut self, flow: Flow) {
        self.flows.push(Arc::new(flow));
    }

    /// What flows call `reference` (an ARN, the id at its end, or a name) is the flow of this name.
    pub fn alias(&mut self, reference: &str, name: &str) {
        self.aliases.insert(id_of(reference).to_owned(), name.to_owned());
    }

    /// Transfers to `reference` (an ARN, the id at its end, or a name) fail, as they do in an instance where the flow was deleted
    /// or is not published.
    pub fn make_unavailable(&mut self, reference: &str) {
        self.unavailable.insert(id_of(reference).to_owned());
    }

    /// Adds a queue, so that flows that name its id or ARN know its name.
    pub fn add_queue(&mut self, queue: Queue) {
        self.queues.push(queue);
    }

    /// All flows.
    pub fn flows(&self) -> &[Arc<Flow>] {
        &self.flows
    }

    /// The flow that `reference` means: an ARN, the id at its end, a name, or the name of a file. `named` is the name that the
    /// export shows for it, tried when the reference says nothing here.
    pub fn resolve(&self, reference: &str, named: Option<&str>) -> Resolved {
        for name in [Some(reference), named].into_iter().flatten() {
            let id = id_of(name);
            if self.unavailable.contains(id) {
                return Resolved::Unavailable;
            }
            let id = self.aliases.get(id).map_or(id, |name| id_of(name));
            let is_it = |flow: &&Arc<Flow>| {
                let arn = flow.arn.as_deref().map(id_of);
                [arn, flow.name.as_deref(), Some(flow.stem())].contains(&Some(id))
            };
            if let Some(flow) = self.flows.iter().find(is_it) {
                return Resolved::Flow(Arc::clone(flow));
            }
        }
        Resolved::Unknown
    }

    /// The queue that `reference` means: an id, an ARN or a name; or else the one whose name the export shows, as the console has it
    /// when it imports a flow. A queue that is not known here is made up of what the flow says.
    pub(crate) fn queue(&self, reference: &str, named: Option<&str>, instance_arn: &str) -> Queue {
        let id = id_of(reference);
        let has_id =
            |queue: &&Queue| [queue.name.as_deref(), queue.arn.as_deref().map(id_of)].contains(&Some(id));
        let is_named = |queue: &&Queue| named.is_some() && queue.name.as_deref() == named;
        let known = self.queues.iter().find(has_id).or_else(|| self.queues.iter().find(is_named));
        known.cloned().unwrap_or_else(|| Queue {
            arn: Some(if reference.starts_with("arn:") {
                reference.to_owned()
            } else {
                format!("{instance_arn}/queue/{reference}")
            }),
            name: named.map(str::to_owned),
            outbound_caller_id: None,
        })
    }
}

/// The id at the end of an ARN, without the alias or version of a module (`…:$LATEST`); a name is its own id.
fn id_of(reference: &str) -> &str {
    if !reference.starts_with("arn:") {
        return reference.split_once(":$").map_or(reference, |(id, _)| id);
    }
    let id = reference.rsplit('/').next().unwrap_or(reference);
    id.split(':').next().unwrap_or(id)
}
