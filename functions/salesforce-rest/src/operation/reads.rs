//! Whether the policy allows to read all that a query reads.

use salesforce::soql::{Path, Read, Step};

use super::Operation;
use crate::error::Problem;
use crate::invocation::object_name;
use crate::policy::{Verb, resolve};

/// A reference to more objects than this can be followed no further: each would be asked about.
const MOST_OBJECTS_OF_A_STEP: usize = 10;

impl Operation<'_> {
    /// Nothing is asked where the policy allows to read everything, and what it forbids by name is refused before
    /// anything is asked.
    pub(super) async fn allow_reads(&self, reads: &[Read]) -> Result<(), Problem> {
        reads.iter().try_for_each(|read| self.allow(&read.object, Verb::Read))?;
        if self.app.policy.allows_everywhere(Verb::Read) {
            return Ok(());
        }
        for read in reads {
            for path in &read.paths {
                self.allow_path(&read.object, path).await?;
            }
        }
        Ok(())
    }

    /// For a search that names no objects, because of `why`.
    pub(super) fn allow_reading_everything(&self, why: &'static str) -> Result<(), Problem> {
        self.app.policy.allows_everywhere(Verb::Read).then_some(()).ok_or(Problem::EverythingNotAllowed(why))
    }

    /// Every way to read the name that exists must be allowed, and one must exist.
    async fn allow_path(&self, object: &str, path: &Path) -> Result<(), Problem> {
        let mut exists = false;
        for reading in &path.readings {
            exists |= self.allow_reading(object, reading).await?;
        }
        let name = |step: &Step| match step {
            Step::Parent(name) | Step::Child(name) => name.clone(),
        };
        let names =
            || path.readings.iter().max_by_key(|reading| reading.len()).into_iter().flatten().map(name);
        exists.then_some(()).ok_or_else(|| Problem::NotResolved {
            object: object.to_owned(),
            relationship: names().collect::<Vec<_>>().join("."),
        })
    }

    /// Follows the steps from this object; false where they lead nowhere.
    async fn allow_reading(&self, object: &str, reading: &[Step]) -> Result<bool, Problem> {
        let mut reached = vec![object.to_owned()];
        let mut before = None;
        for step in reading {
            if reached.len() > MOST_OBJECTS_OF_A_STEP {
                return Ok(false);
            }
            let mut next: Vec<String> = Vec::new();
            for object in &reached {
                let describe =
                    self.describe(&object_name(object, "an object of the query")?, self.deadline).await?;
                for target in resolve::targets(&describe, before, step) {
                    self.allow(target, Verb::Read)?;
                    if !next.iter().any(|known| known.eq_ignore_ascii_case(target)) {
                        next.push(target.to_owned());
                    }
                }
            }
            if next.is_empty() {
                return Ok(false);
            }
            (reached, before) = (next, Some(step));
        }
        Ok(true)
    }
}
