//! `SOBJECT_POLICY`: what contact flows may do to which object. Pure; what a query reads is found in `resolve`.

pub(crate) mod resolve;

use std::fmt;
use std::str::FromStr;

use salesforce::ObjectName;

/// What may be done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Make a new one.
    Create,
    /// See its fields, through queries and searches too.
    Read,
    /// Change its fields.
    Update,
    /// Move it to the recycle bin.
    Delete,
}

impl Verb {
    const ALL: [Verb; 4] = [Verb::Create, Verb::Read, Verb::Update, Verb::Delete];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Verb::Create => "create",
            Verb::Read => "read",
            Verb::Update => "update",
            Verb::Delete => "delete",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of verbs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Verbs(u8);

impl Verbs {
    fn has(self, verb: Verb) -> bool {
        self.0 & verb.bit() != 0
    }
}

/// The policy: `Case:create,read;Contact:read;*:read`. An entry that names an object decides alone for it; `*` decides
/// for every object without an entry; what has neither is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    named: Vec<(String, Verbs)>,
    others: Verbs,
}

impl Policy {
    /// What holds when `SOBJECT_POLICY` is not set: everything that existing flows do, and no deletion.
    pub fn standard() -> Self {
        let others = Verbs(Verb::Create.bit() | Verb::Read.bit() | Verb::Update.bit());
        Self { named: Vec::new(), others }
    }

    /// Whether `verb` is allowed on the object of this name. Salesforce's names are the same in any case.
    ///
    /// An object without an entry of its own that shows another object's data must be allowed for both: `CaseHistory`
    /// is `Case`'s data, and in the org that owns the namespace `x`, `Plan__c` and `x__Plan__c` are one object.
    pub fn allows(&self, object: &str, verb: Verb) -> bool {
        let named = |name: &str| self.named.iter().find(|(entry, _)| entry.eq_ignore_ascii_case(name));
        if let Some((_, verbs)) = named(object) {
            return verbs.has(verb);
        }
        let shown = shown_object(object);
        let kin = |entry: &str| {
            same_but_for_namespace(entry, object)
                || shown.as_deref().is_some_and(|shown| same_but_for_namespace(entry, shown))
        };
        self.others.has(verb)
            && self.named.iter().filter(|(entry, _)| kin(entry)).all(|(_, verbs)| verbs.has(verb))
    }

    /// Whether no object at all is closed for `verb`.
    pub fn allows_everywhere(&self, verb: Verb) -> bool {
        self.others.has(verb) && self.named.iter().all(|(_, verbs)| verbs.has(verb))
    }
}

/// The object whose data is in this one: of `CaseHistory` it is `Case`, of `Plan__History` `Plan__c`.
fn shown_object(name: &str) -> Option<String> {
    const KINDS: [&str; 5] = ["FieldHistory", "History", "Feed", "Share", "ChangeEvent"];
    let base = KINDS.iter().find_map(|kind| {
        let (base, end) = name.split_at_checked(name.len().checked_sub(kind.len())?)?;
        (!base.is_empty() && end.eq_ignore_ascii_case(kind)).then_some(base)
    })?;
    Some(base.strip_suffix("__").map_or_else(|| base.to_owned(), |custom| format!("{custom}__c")))
}

fn same_but_for_namespace(a: &str, b: &str) -> bool {
    without_namespace(a).eq_ignore_ascii_case(without_namespace(b))
}

/// `Plan__c` of `x__Plan__c`. Standard objects have no namespace.
fn without_namespace(name: &str) -> &str {
    let mut parts = name.splitn(2, "__");
    match (parts.next(), parts.next()) {
        (Some(_), Some(rest)) if rest.contains("__") => rest,
        _ => name,
    }
}

/// Text that is not a policy. Says where, and not what stands there: it may be a secret in the wrong place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPolicy {
    /// Counted from 1.
    entry: usize,
    problem: &'static str,
}

impl fmt::Display for InvalidPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}: {}", self.entry, self.problem)
    }
}

impl std::error::Error for InvalidPolicy {}

impl FromStr for Policy {
    type Err = InvalidPolicy;

    fn from_str(text: &str) -> Result<Self, InvalidPolicy> {
        let (mut named, mut others) = (Vec::<(String, Verbs)>::new(), None);
        for (number, entry) in (1..).zip(text.split(';')).filter(|(_, entry)| !entry.trim().is_empty()) {
            let refused = |problem| InvalidPolicy { entry: number, problem };
            let (object, verbs) =
                entry.split_once(':').ok_or(refused("expected Object:verb,verb or *:verb,verb"))?;
            let (object, verbs) = (object.trim(), parse_verbs(verbs).map_err(refused)?);
            let twice = refused("this object has an entry already: only one can decide");
            if object == "*" {
                if others.replace(verbs).is_some() {
                    return Err(twice);
                }
            } else {
                ObjectName::parse(object).map_err(|_| refused("expected the API name of an object, or *"))?;
                if named.iter().any(|(known, _)| known.eq_ignore_ascii_case(object)) {
                    return Err(twice);
                }
                named.push((object.to_owned(), verbs));
            }
        }
        Ok(Self { named, others: others.unwrap_or_default() })
    }
}

/// None at all is allowed: `Contact:` closes an object.
fn parse_verbs(text: &str) -> Result<Verbs, &'static str> {
    let mut verbs = Verbs::default();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let verb = Verb::ALL.into_iter().find(|verb| verb.name().eq_ignore_ascii_case(word));
        verbs.0 |= verb.ok_or("the verbs are create, read, update and delete")?.bit();
    }
    Ok(verbs)
}

#[cfg(test)]
mod tests;
