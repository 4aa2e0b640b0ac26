//! The way through the flows: the blocks that a call passed, and those that it should have.

use contact_flows::{Block, Branch, Flow, Passage};
use serde::Deserialize;

use super::check::Check;

/// A block that a call passed, by everything that a script can call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Its identifier, its type, and the name of what it refers to.
    names: Vec<String>,
    /// The branch that it left by, as the file and as people spell it.
    branches: Vec<String>,
}

impl Passed {
    /// A block of this flow, as it was passed.
    pub(super) fn new(flow: &Flow, passage: &Passage) -> Option<Self> {
        let block = flow.block(passage.place.action.as_ref()?.as_str())?;
        let mut branches: Vec<String> = passage.branch.iter().map(Branch::to_string).collect();
        if let Some(Branch::Condition(number)) = passage.branch {
            let condition = block.transitions.conditions.get(number)?;
            branches.extend(condition.condition.operands.iter().map(ToString::to_string));
        }
        Some(Self { names: names_of(block).map(str::to_owned).collect(), branches })
    }

    /// Whether a function was invoked, and the block left by an error branch.
    pub(super) fn is_error_of_function(&self) -> bool {
        let invokes = |name: &String| ["InvokeLambdaFunction", "LoadLambdaResult"].contains(&name.as_str());
        self.names.iter().any(invokes) && self.branches.first().is_some_and(|branch| branch != "NextAction")
    }
}

/// What to call a block: by its identifier, unless Amazon Connect has made that up. Of a UUID the beginning is enough to find it.
pub(crate) fn title(id: &str, kind: &str) -> String {
    let is_uuid = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_uuid { format!("{kind} {}", &id[..8]) } else { id.to_owned() }
}

/// What a script can call a block.
pub(super) fn names_of(block: &Block) -> impl Iterator<Item = &str> {
    [block.id.as_str(), block.action.kind()].into_iter().chain(block.named.as_deref())
}

/// A block that is expected, or not: `create VoiceCall`, or by the branch that it leaves by, `check hours -> True`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Waypoint {
    /// Its identifier, its type, or the name of what it refers to.
    pub block: String,
    /// `NextAction`, the value of a condition, or the type of an error.
    pub branch: Option<String>,
}

impl From<String> for Waypoint {
    fn from(text: String) -> Self {
        match text.split_once("->") {
            Some((block, branch)) => {
                Self { block: block.trim().to_owned(), branch: Some(branch.trim().to_owned()) }
            }
            None => Self { block: text.trim().to_owned(), branch: None },
        }
    }
}

impl Waypoint {
    fn is(&self, passed: &Passed) -> bool {
        let leaves_so = |branch: &String| passed.branches.contains(branch);
        passed.names.contains(&self.block) && self.branch.as_ref().is_none_or(leaves_so)
    }

    fn text(&self) -> String {
        match &self.branch {
            Some(branch) => format!("{} -> {branch}", self.block),
            None => self.block.clone(),
        }
    }
}

/// Whether these were passed in this order; others may have been between them.
pub(super) fn check_path(expected: &[Waypoint], passed: &[Passed]) -> Check {
    let mut rest = passed;
    let mut last: Option<&Waypoint> = None;
    let texts: Vec<String> = expected.iter().map(Waypoint::text).collect();
    for waypoint in expected {
        let Some(at) = rest.iter().position(|passed| waypoint.is(passed)) else {
            let after = last.map_or(String::new(), |last| format!(" after {}", last.text()));
            let found = format!("no {}{after}, only: {}", waypoint.text(), listed(rest));
            return Check::other("path", texts.join(", "), false, found);
        };
        rest = &rest[at + 1..];
        last = Some(waypoint);
    }
    Check::other("path", texts.join(", "), true, "")
}

/// Whether none of these was passed.
pub(super) fn check_not_path(expected: &[Waypoint], passed: &[Passed]) -> Check {
    let wrong = expected.iter().find(|waypoint| passed.iter().any(|passed| waypoint.is(passed)));
    let texts: Vec<String> = expected.iter().map(Waypoint::text).collect();
    let found = wrong.map_or(String::new(), |wrong| format!("{} in: {}", wrong.text(), listed(passed)));
    Check::other("path without", texts.join(", "), wrong.is_none(), found)
}

fn listed(passed: &[Passed]) -> String {
    let of = |passed: &Passed| {
        let name = |number| passed.names.get(number).map_or("", String::as_str);
        let branch = passed.branches.last().map_or(String::new(), |branch| format!(" -> {branch}"));
        title(name(0), name(1)) + &branch
    };
    match passed {
        [] => "no block".to_owned(),
        passed => passed.iter().map(of).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(names: &[&str], branches: &[&str]) -> Passed {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Passed { names: owned(names), branches: owned(branches) }
    }

    fn call() -> [Passed; 3] {
        [
            passed(&["check hours", "CheckHoursOfOperation", "Weekdays"], &["Conditions[0]", "True"]),
            passed(&["create", "InvokeLambdaFunction"], &["NoMatchingError"]),
            passed(&["hang up", "DisconnectParticipant"], &[]),
        ]
    }

    fn waypoints(texts: &[&str]) -> Vec<Waypoint> {
        texts.iter().map(|text| Waypoint::from((*text).to_owned())).collect()
    }

    #[test]
    fn blocks_are_expected_in_order_by_any_of_their_names() {
        for path in [
            &["check hours", "hang up"][..],
            &["Weekdays -> True", "InvokeLambdaFunction -> NoMatchingError", "DisconnectParticipant"],
            &["check hours -> Conditions[0]"],
            &[],
        ] {
            assert!(check_path(&waypoints(path), &call()).holds(), "{path:?}");
        }
        let wrong = check_path(&waypoints(&["create", "check hours -> False"]), &call());
        assert_eq!(
            wrong.to_string(),
            "path: create, check hours -> False, but found no check hours -> False after create, only: hang up"
        );
    }

    #[test]
    fn blocks_are_expected_not_to_be_passed() {
        assert!(check_not_path(&waypoints(&["create -> NextAction", "queue"]), &call()).holds());
        let wrong = check_not_path(&waypoints(&["queue", "create"]), &call());
        assert!(
            wrong.to_string().starts_with("path without: queue, create, but found create in: check hours"),
            "{wrong}"
        );
    }

    #[test]
    fn an_invocation_that_leaves_by_an_error_is_one() {
        assert_eq!(call().map(|passed| passed.is_error_of_function()), [false, true, false]);
    }
}
