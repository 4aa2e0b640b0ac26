//! Which objects a query reads.

use super::Unexpected;
use std::collections::BTreeSet;

/// An object that a query reads, and what it reads along with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The API name, as it is written in `FROM`, `WHEN` or `RETURNING`.
    pub object: String,
    /// Every way over relationships from there, each once. The object's own fields are none.
    pub paths: Vec<Path>,
}

/// The relationships of one dotted name.
///
/// `a.Name` may go over a relationship `a`, or `a` may be a name that the query has given to something else. Only Salesforce
/// knows which relationships there are, hence more than one reading: **each one that exists must be allowed, and at least
/// one must exist.** A reading without steps is the object itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// At least one, mostly exactly one.
    pub readings: Vec<Vec<Step>>,
}

/// One relationship, under the name that is written in the query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// From a record to the one that it refers to: `Account`, `Owner`, `Parent__r`.
    ///
    /// Right behind a [`Step::Child`] it may also be the name of the child object itself, as in
    /// `(SELECT Contact.LastName FROM Contacts)`: where the child object has that name, it stands for the object too.
    Parent(String),
    /// From a record to those that refer to it: `Contacts`, `Lines__r`.
    Child(String),
}

/// Several names for the same thing multiply the readings; nobody needs as many.
const MOST_READINGS: usize = 16;

type Reading = Vec<Step>;

/// One `SELECT` with its `FROM`, or what is read like it: the names in it mean something in it only.
pub(crate) struct Scope<'a> {
    /// The scope whose children are selected here.
    parent: Option<usize>,
    sources: Vec<Source<'a>>,
    /// The relationships of every dotted name.
    names: BTreeSet<Vec<&'a str>>,
}

struct Source<'a> {
    names: Vec<&'a str>,
    alias: Option<&'a str>,
    /// In bytes.
    at: usize,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(parent: Option<usize>) -> Self {
        Self { parent, sources: Vec::new(), names: BTreeSet::new() }
    }

    pub(crate) fn of_object(object: &'a str, at: usize) -> Self {
        let source = Source { names: vec![object], alias: None, at };
        Self { parent: None, sources: vec![source], names: BTreeSet::new() }
    }

    pub(crate) fn note(&mut self, relationships: Vec<&'a str>) {
        if !relationships.is_empty() {
            self.names.insert(relationships);
        }
    }

    pub(crate) fn add_source(
        &mut self,
        names: Vec<&'a str>,
        alias: Option<&'a str>,
        at: usize,
    ) -> Result<(), Unexpected> {
        let source = Source { names, alias, at };
        if self.sources.iter().any(|known| known.name().eq_ignore_ascii_case(source.name())) {
            return Err(Unexpected { at, expected: "an alias that stands for one thing only" });
        }
        self.sources.push(source);
        Ok(())
    }
}

impl<'a> Source<'a> {
    fn name(&self) -> &'a str {
        self.alias.or(self.names.last().copied()).unwrap_or_default()
    }
}

/// What the names of a scope mean.
struct Meaning<'a> {
    /// The position of its object in the list of reads.
    read: usize,
    /// The ways from that object to the scope's own.
    base: Vec<Reading>,
    /// The names that stand for a way from that object.
    known: Vec<(&'a str, Vec<Reading>)>,
}

impl<'a> Meaning<'a> {
    /// Every way that these names can mean.
    fn readings(&self, names: &[&str], at: usize) -> Result<Vec<Reading>, Unexpected> {
        let Some((first, rest)) = names.split_first() else { return Ok(self.base.clone()) };
        let known = self.known.iter().filter(|(name, _)| name.eq_ignore_ascii_case(first));
        let through = |readings: &[Reading], names: &[&str]| -> Vec<Reading> {
            let steps = names.iter().map(|name| Step::Parent((*name).to_owned()));
            readings.iter().map(|reading| reading.iter().cloned().chain(steps.clone()).collect()).collect()
        };
        let mut readings: Vec<_> = known.flat_map(|(_, readings)| through(readings, rest)).collect();
        readings.extend(through(&self.base, names));
        readings.dedup();
        if readings.len() > MOST_READINGS {
            return Err(Unexpected {
                at,
                expected: "fewer aliases of aliases: these names can be read in too many ways",
            });
        }
        Ok(readings)
    }
}

/// What the scopes read, in their order: a scope comes behind the one that it is a part of.
pub(crate) fn resolve(scopes: Vec<Scope<'_>>) -> Result<Vec<Read>, Unexpected> {
    let mut reads: Vec<(String, BTreeSet<Path>)> = Vec::new();
    let mut meanings: Vec<Meaning<'_>> = Vec::new();
    for scope in scopes {
        let (own, more) = scope.sources.split_first().ok_or(Unexpected { at: 0, expected: "FROM" })?;
        let mut meaning = match scope.parent.and_then(|parent| meanings.get(parent)) {
            Some(outer) => {
                let mut base = match own.names.as_slice() {
                    [prefix, _] => outer.readings(&[prefix], own.at)?,
                    _ => outer.base.clone(),
                };
                let child = Step::Child(own.names.last().copied().unwrap_or_default().to_owned());
                base.iter_mut().for_each(|reading| reading.push(child.clone()));
                reads[outer.read].1.insert(Path { readings: base.clone() });
                Meaning { read: outer.read, base, known: Vec::new() }
            }
            None => {
                let object = own.names.last().copied().unwrap_or_default();
                reads.push((object.to_owned(), BTreeSet::new()));
                let itself = vec![Reading::new()];
                Meaning { read: reads.len() - 1, base: itself.clone(), known: vec![(object, itself)] }
            }
        };
        if let Some(alias) = own.alias {
            meaning.known.push((alias, meaning.base.clone()));
        }
        let mut paths = BTreeSet::new();
        for source in more {
            let readings = meaning.readings(&source.names, source.at)?;
            paths.insert(Path { readings: readings.clone() });
            meaning.known.push((source.name(), readings));
        }
        for names in &scope.names {
            paths.insert(Path { readings: meaning.readings(names, own.at)? });
        }
        reads[meaning.read].1.extend(paths);
        meanings.push(meaning);
    }
    Ok(reads.into_iter().map(|(object, paths)| Read { object, paths: paths.into_iter().collect() }).collect())
}
