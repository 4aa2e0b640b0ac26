//! Two operations whose documentation and reference function disagree on verb or path.

use crate::Error;
use crate::reply::Reply;
use std::sync::OnceLock;

/// Which spelling of an operation this org understands, once that is known.
#[derive(Debug, Default)]
pub(super) struct Spelling(OnceLock<Known>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Reference,
    Documented,
}

impl Spelling {
    /// Sends the reference function's spelling; if there is no such path or verb (404, 405), the documented one.
    /// Only a success tells which one exists: a 404 may as well mean that there is no such call. If neither is found,
    /// the first answer stands; any other answer to the second shows that the second exists, and stands.
    pub(super) async fn send(
        &self,
        reference: impl Future<Output = Result<Reply, Error>>,
        documented: impl Future<Output = Result<Reply, Error>>,
    ) -> Result<Reply, Error> {
        let first = match self.0.get() {
            Some(Known::Documented) => return documented.await,
            Some(Known::Reference) => return reference.await,
            None => match reference.await {
                Err(error) if is_absent(&error) => error,
                result => return self.learn(Known::Reference, result),
            },
        };
        match documented.await {
            Err(second) if is_absent(&second) => Err(first),
            result => self.learn(Known::Documented, result),
        }
    }

    fn learn(&self, spelling: Known, result: Result<Reply, Error>) -> Result<Reply, Error> {
        if result.is_ok() {
            // If another call was faster, it learned the same.
            let _ = self.0.set(spelling);
        }
        result
    }
}

fn is_absent(error: &Error) -> bool {
    matches!(error, Error::Refused { status: 404 | 405, .. })
}

#[cfg(test)]
mod tests;
