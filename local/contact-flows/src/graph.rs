//! A flow as a graph: what stands where, and what leads whereto. Nothing is drawn here.

use std::collections::{BTreeMap, VecDeque};

use crate::flow::{Flow, Position};
use crate::place::ActionId;
use crate::transitions::Branch;

/// Between two layers, and between two blocks of one: a block of the flow designer with some air.
const LAYER: f64 = 260.0;
const ROW: f64 = 160.0;

/// The graph of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    /// The blocks, in the file's order.
    pub nodes: Vec<Node>,
    /// The ways between them.
    pub edges: Vec<Edge>,
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The action's identifier.
    pub id: ActionId,
    /// The action's type.
    pub kind: &'static str,
    /// The name of what the action refers to, where the file has it.
    pub named: Option<String>,
    /// The upper left corner.
    pub position: Position,
    /// Whether the flow begins here.
    pub start: bool,
}

/// A way between two blocks. A [`Passage`](crate::Passage) took it if its block is `from` and its branch is `branch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The block that it leaves.
    pub from: ActionId,
    /// The block that it leads to. Edges to blocks that the flow does not have are left out; the linter names them.
    pub to: ActionId,
    /// Which way out it is.
    pub branch: Branch,
    /// What to write at it: `= 1`, an error's type, nothing for the next action.
    pub label: String,
}

/// The graph of a flow. Where the file says where every block is drawn, that is where; otherwise they stand in layers, by how many steps they are
/// from the start.
pub fn graph(flow: &Flow) -> Graph {
    let drawn = flow.blocks().iter().all(|block| block.position.is_some());
    let computed = if drawn { BTreeMap::new() } else { layers(flow) };
    let nodes = flow.blocks().iter().map(|block| Node {
        id: block.id.clone(),
        kind: block.action.kind(),
        named: block.named.clone(),
        position: block
            .position
            .filter(|_| drawn)
            .or_else(|| computed.get(&block.id).copied())
            .unwrap_or_default(),
        start: block.id == *flow.start(),
    });
    let edges = flow.blocks().iter().flat_map(|block| {
        let there = block.transitions.branches().filter(|(_, to)| flow.block(to.as_str()).is_some());
        there.map(|(branch, to)| Edge {
            from: block.id.clone(),
            to: to.clone(),
            label: match &branch {
                Branch::Next => String::new(),
                Branch::Error(error) => error.clone(),
                Branch::Condition(number) => {
                    let condition = block.transitions.conditions.get(*number);
                    condition.map(|one| one.condition.to_string()).unwrap_or_default()
                }
            },
            branch,
        })
    });
    Graph { nodes: nodes.collect(), edges: edges.collect() }
}

/// Positions by distance from the start; what cannot be reached stands in a layer of its own at the end.
fn layers(flow: &Flow) -> BTreeMap<ActionId, Position> {
    let mut layer: BTreeMap<&ActionId, usize> = BTreeMap::from([(flow.start(), 0)]);
    let mut waiting = VecDeque::from([flow.start()]);
    while let Some(id) = waiting.pop_front() {
        let depth = layer.get(id).copied().unwrap_or_default();
        let Some(block) = flow.block(id.as_str()) else { continue };
        for (_, to) in block.transitions.branches() {
            if flow.block(to.as_str()).is_some() && !layer.contains_key(to) {
                layer.insert(to, depth + 1);
                waiting.push_back(to);
            }
        }
    }
    let last = layer.values().max().map_or(0, |last| last + 1);
    let mut rows: BTreeMap<usize, u32> = BTreeMap::new();
    let placed = flow.blocks().iter().map(|block| {
        let depth = layer.get(&block.id).copied().unwrap_or(last);
        let row = rows.entry(depth).or_default();
        let y = f64::from(*row) * ROW;
        *row += 1;
        let x = u32::try_from(depth).map_or(0.0, f64::from) * LAYER;
        (block.id.clone(), Position { x, y })
    });
    placed.collect()
}
