//! Which letters are meant.

use crate::function;
use crate::letter::Letter;

/// Which letters are meant: those that fit one of each list that is not empty.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Codes of reasons.
    pub reasons: Vec<String>,
    /// Names of functions, with or without the call center before them.
    pub functions: Vec<String>,
    /// Ids of letters.
    pub ids: Vec<String>,
    /// At most so many, the oldest first.
    pub limit: Option<usize>,
}

impl Selection {
    /// The letters that are meant, and those that are not. `letters` are in order of age.
    pub(crate) fn split(&self, letters: Vec<Letter>) -> (Vec<Letter>, Vec<Letter>) {
        let (mut meant, mut others): (Vec<_>, Vec<_>) =
            letters.into_iter().partition(|letter| self.fits(letter));
        if let Some(limit) = self.limit.filter(|limit| *limit < meant.len()) {
            others.extend(meant.split_off(limit));
        }
        (meant, others)
    }

    fn fits(&self, letter: &Letter) -> bool {
        let any = |wanted: &[String], is: &dyn Fn(&str) -> bool| {
            wanted.is_empty() || wanted.iter().any(|wanted| is(wanted))
        };
        any(&self.reasons, &|code| letter.reason.code.eq_ignore_ascii_case(code))
            && any(&self.ids, &|id| letter.id == id)
            && any(&self.functions, &|wanted| {
                letter.function.as_deref().is_some_and(|function| function::is_meant(function, wanted))
            })
    }
}
