//! The way that a call took through its flows.

use contact_flows::{ActionId, Branch, Flow, Passage};

/// The blocks that were passed, in order.
#[derive(Debug, Default)]
pub(super) struct Path(Vec<Step>);

#[derive(Debug)]
struct Step {
    /// The file of the flow.
    file: String,
    action: ActionId,
    branch: Option<Branch>,
}

impl Path {
    /// Takes a block that was passed, and the block of another flow that it returned to.
    pub(super) fn pass(&mut self, passage: &Passage) {
        if let Some(action) = &passage.place.action {
            let (file, branch) = (passage.place.file.clone(), passage.branch.clone());
            self.0.push(Step { file, action: action.clone(), branch });
        }
        if let Some(returned) = &passage.returned {
            self.pass(returned);
        }
    }

    /// The files of the flows, in the order in which they were entered.
    pub(super) fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = Vec::new();
        for step in &self.0 {
            if !files.contains(&step.file.as_str()) {
                files.push(&step.file);
            }
        }
        files
    }

    pub(super) fn passed(&self, flow: &Flow, action: &ActionId) -> bool {
        self.within(flow).any(|step| step.action == *action)
    }

    /// Whether this way out of a block was taken.
    pub(super) fn took(&self, flow: &Flow, action: &ActionId, branch: &Branch) -> bool {
        self.within(flow).any(|step| step.action == *action && step.branch.as_ref() == Some(branch))
    }

    /// Whether this is the block that was passed last.
    pub(super) fn is_at(&self, flow: &Flow, action: &ActionId) -> bool {
        self.is_in(flow) && self.0.last().is_some_and(|step| step.action == *action)
    }

    /// Whether the block that was passed last is one of this flow.
    pub(super) fn is_in(&self, flow: &Flow) -> bool {
        self.0.last().is_some_and(|step| step.file == flow.file)
    }

    fn within<'p>(&'p self, flow: &'p Flow) -> impl Iterator<Item = &'p Step> {
        self.0.iter().filter(|step| step.file == flow.file)
    }
}
