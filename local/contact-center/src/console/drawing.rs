//! A flow as a drawing: blocks with their ways out, and lit, the way that the call took. Like the flow designer's: a block has a line
//! for each way out, and the edge leaves from there.

use contact_flows::{ActionId, Branch, Edge, Flow, Graph, Node, graph};

use super::entry::title_of;
use super::html::{Element, el};
use super::path::Path;
use super::squeeze::squeezed;

/// A block, in the flow designer's pixels; its height follows from its ways out.
const WIDTH: f64 = 188.0;
const HEAD: f64 = 40.0;
const ROW: f64 = 18.0;
/// Between blocks, at most.
const GAP: f64 = 60.0;
/// Around the drawing.
const MARGIN: f64 = 28.0;
/// How large it is drawn.
const SCALE: f64 = 0.86;
/// How many letters fit into a block, and into one of its lines.
const TITLE: usize = 29;
const LABEL: usize = 28;

/// The drawing of a flow; `number` tells it from others on the page.
pub(super) fn drawing(number: usize, flow: &Flow, path: &Path) -> Element {
    let graph = closer(graph(flow));
    let corner = |of: fn(&Node) -> f64, least: fn(f64, f64) -> f64| graph.nodes.iter().map(of).reduce(least);
    let left = corner(|node| node.position.x, f64::min).unwrap_or_default() - MARGIN;
    let top = corner(|node| node.position.y, f64::min).unwrap_or_default() - MARGIN;
    let right = corner(|node| node.position.x, f64::max).unwrap_or_default() + WIDTH + MARGIN;
    let ends = graph.nodes.iter().map(|node| node.position.y + height(&graph, node));
    let bottom = ends.reduce(f64::max).unwrap_or_default() + MARGIN;
    let (width, height) = (right - left, bottom - top);
    let passed = graph.nodes.iter().filter(|node| path.passed(flow, &node.id)).count();
    let about = format!("{}: {passed} of {} blocks passed", flow.title(), graph.nodes.len());
    let svg = el("svg")
        .attr("viewBox", format_args!("{left} {top} {width} {height}"))
        .attr("width", (width * SCALE).round())
        .attr("height", (height * SCALE).round())
        .attr("role", "img")
        .attr("aria-label", &about);
    // What is lit lies above what is not.
    let (lit, dark): (Vec<_>, Vec<_>) =
        graph.edges.iter().enumerate().partition(|(_, edge)| path.took(flow, &edge.from, &edge.branch));
    let edges = |edges: Vec<(usize, &Edge)>, lit| {
        let drawn: Vec<Element> = edges
            .into_iter()
            .filter_map(|(index, it)| Some(edge(&graph, it, lit)?.id(format!("flow-{number}-edge-{index}"))))
            .collect();
        drawn
    };
    let nodes = graph.nodes.iter().enumerate().map(|(index, it)| {
        let class = match (path.is_at(flow, &it.id), path.passed(flow, &it.id)) {
            (true, _) => "node lit now",
            (false, true) => "node lit",
            (false, false) => "node",
        };
        node(&graph, it, flow, path).class(class).id(format!("flow-{number}-node-{index}"))
    });
    svg.all(edges(dark, false)).all(edges(lit, true)).all(nodes)
}

/// The blocks closer together, without one coming to lie upon another.
fn closer(mut graph: Graph) -> Graph {
    let tallest = graph.nodes.iter().map(|node| height(&graph, node)).fold(0.0, f64::max);
    let along = |of: fn(&Node) -> f64, size| {
        let coordinates: Vec<f64> = graph.nodes.iter().map(of).collect();
        squeezed(&coordinates, size + GAP)
    };
    let (x, y) = (along(|node| node.position.x, WIDTH), along(|node| node.position.y, tallest));
    for ((node, x), y) in graph.nodes.iter_mut().zip(x).zip(y) {
        (node.position.x, node.position.y) = (x, y);
    }
    graph
}

/// The ways out of a block, in order.
fn ways_out<'g>(graph: &'g Graph, node: &Node) -> Vec<&'g Edge> {
    graph.edges.iter().filter(|edge| edge.from == node.id).collect()
}

fn height(graph: &Graph, node: &Node) -> f64 {
    HEAD + ROW * rows(ways_out(graph, node).len())
}

fn rows(count: usize) -> f64 {
    u32::try_from(count).map_or(0.0, f64::from)
}

fn node(graph: &Graph, node: &Node, flow: &Flow, path: &Path) -> Element {
    let (x, y) = (node.position.x, node.position.y);
    let text = |class: &str, x: f64, y: f64, words: &str| {
        el("text").class(class).attr("x", x).attr("y", y).text(words)
    };
    let ways_out = ways_out(graph, node);
    let block = el("rect")
        .attr("x", x)
        .attr("y", y)
        .attr("width", WIDTH)
        .attr("height", height(graph, node))
        .attr("rx", 6);
    let title = title_of(node.id.as_str(), node.kind);
    let about = if title == node.kind { node.named.as_deref().unwrap_or_default() } else { node.kind };
    let group = el("g")
        .attr("data-action", node.id.as_str())
        .add(el("title").text(format_args!("{title} {about} {}", node.id)))
        .add(block)
        .add(text("title", x + 8.0, y + 17.0, &short(title, TITLE)))
        .add(text("about", x + 8.0, y + 32.0, &short(about, LABEL)));
    let group = match node.start {
        true => group.add(text("start", x, y - 6.0, "Start")),
        false => group,
    };
    ways_out.iter().enumerate().fold(group, |group, (row, way)| {
        let y = y + HEAD + ROW * rows(row) + 12.0;
        let label = if way.label.is_empty() { "next" } else { &way.label };
        let class = if path.took(flow, &way.from, &way.branch) { "way lit" } else { "way" };
        group.add(text(class, x + WIDTH - 8.0, y, &short(label, LABEL)))
    })
}

/// A curve from a block's line to the block that it leads to.
fn edge(graph: &Graph, edge: &Edge, lit: bool) -> Option<Element> {
    let node = |id: &ActionId| graph.nodes.iter().find(|node| node.id == *id);
    let (from, to) = (node(&edge.from)?, node(&edge.to)?);
    let row = ways_out(graph, from).iter().position(|way| *way == edge)?;
    let (x, y) = (from.position.x + WIDTH, from.position.y + HEAD + ROW * rows(row) + 8.0);
    let (end_x, end_y) = (to.position.x, to.position.y + HEAD / 2.0);
    // A way back leaves to the right all the same, and arrives from the left.
    let bend = ((end_x - x).abs() / 2.0).clamp(24.0, 160.0);
    let curve = format!("M{x} {y}C{} {y} {} {end_y} {end_x} {end_y}", x + bend, end_x - bend);
    let kind = if matches!(edge.branch, Branch::Error(_)) { "edge error" } else { "edge" };
    let class = if lit { format!("{kind} lit") } else { kind.to_owned() };
    Some(el("path").class(class).attr("d", curve))
}

fn short(text: &str, letters: usize) -> String {
    match text.chars().count() > letters {
        true => text.chars().take(letters - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::samples::{hours, through_hours};

    fn path(blocks: usize) -> Path {
        let mut path = Path::default();
        through_hours().iter().take(blocks).for_each(|passage| path.pass(passage));
        path
    }

    #[test]
    fn the_way_that_was_taken_is_lit_and_no_other() {
        let (flow, path) = (hours(), path(1));
        assert_eq!(path.files(), ["hours.json"]);
        let svg = drawing(0, &flow, &path).to_string();
        let lit: Vec<&str> = svg.split('<').filter(|tag| tag.contains("lit")).collect();
        assert_eq!(lit.len(), 3, "{lit:?}");
        assert!(lit[0].starts_with("path class=\"edge lit\"") && lit[0].contains("flow-0-edge-2"), "{lit:?}");
        assert!(lit[1].contains("class=\"node lit now\" id=\"flow-0-node-0\""), "{lit:?}");
        assert!(lit[2].contains("class=\"way lit\"") && lit[2].ends_with("= False"), "{lit:?}");
        assert!(svg.contains("1 of 3 blocks passed"));
    }

    #[test]
    fn before_the_call_nothing_is_lit_and_nothing_of_the_file_becomes_markup() {
        let (flow, path) = (hours(), path(0));
        let svg = drawing(1, &flow, &path).to_string();
        assert!(!svg.contains("lit") && !svg.contains("<weekdays>"), "{svg}");
        assert_eq!(svg.matches("class=\"edge error\"").count(), 2);
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(short("UpdateContactRecordingAndAnalyticsBehavior", 10), "UpdateCon…");
        assert_eq!(short("Wait", 4), "Wait");
    }
}
