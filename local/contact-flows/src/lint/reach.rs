//! Which blocks can be reached at all.

use std::collections::BTreeSet;

use crate::flow::Flow;
use crate::place::ActionId;

/// The actions that some way from the start leads to.
pub(super) fn reached(flow: &Flow) -> BTreeSet<ActionId> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![flow.start()];
    while let Some(id) = waiting.pop() {
        if !reached.insert(id.clone()) {
            continue;
        }
        let ways = flow.block(id.as_str()).into_iter().flat_map(|block| block.transitions.branches());
        waiting.extend(ways.map(|(_, to)| to));
    }
    reached
}
