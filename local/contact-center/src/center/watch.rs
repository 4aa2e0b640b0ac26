//! Which call an invocation is for: of the calls that are being played, those whose contacts its event names.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::line::Line;
use crate::lambda::Invocation;
use crate::script::Told;

/// The length of a contact id, a UUID.
const ID_LENGTH: usize = 36;

/// The calls that are being played.
#[derive(Debug, Default)]
pub(super) struct Watch(Mutex<Vec<Weak<Line>>>);

impl Watch {
    /// Shows this call what is invoked for it, as long as it is kept.
    pub(super) fn show(&self, line: &Arc<Line>) {
        self.lock().push(Arc::downgrade(line));
    }

    /// Sees an invocation that has ended.
    pub(super) fn see(&self, invocation: &Invocation) {
        let text = String::from_utf8_lossy(invocation.payload.as_bytes());
        let named = contact_ids_in(&text);
        for line in self.lines().iter().filter(|line| line.is_about(&named)) {
            line.see(invocation);
        }
    }

    /// Tells something to every call.
    pub(super) fn tell(&self, what: impl Fn() -> Told) {
        self.lines().iter().for_each(|line| line.tell(what()));
    }

    fn lines(&self) -> Vec<Arc<Line>> {
        let mut all = self.lock();
        all.retain(|line| line.strong_count() > 0);
        all.iter().filter_map(Weak::upgrade).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<Line>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whatever looks like a contact id: contact ids are drawn at random, so that one stands for its contact wherever it is.
pub(super) fn contact_ids_in(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    words.map(|word| word.trim_matches('-')).filter(|word| word.len() == ID_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::script::Speed;

    const ID: &str = "0a1b2c3d-0000-4000-8000-000000000001";
    const OTHER: &str = "0a1b2c3d-0000-4000-8000-000000000002";

    #[test]
    fn contacts_are_found_wherever_an_event_names_them() {
        for text in [
            json!({"Details": {"ContactData": {"ContactId": ID}}}).to_string(),
            json!({"Records": [{"body": json!({"key": format!("Analysis/{ID}_analysis.json")}).to_string()}]}).to_string(),
            format!("arn:aws:connect:us-east-1:123456789012:instance/i/contact/{ID}"),
            format!("callbridge-connect-local-contact-{ID}"),
        ] {
            assert_eq!(contact_ids_in(&text), BTreeSet::from([ID]), "{text}");
        }
        assert_eq!(contact_ids_in(&format!("{ID} {OTHER} {ID}")), BTreeSet::from([ID, OTHER]));
        assert_eq!(contact_ids_in("no-contact 123456789012 deadbeef"), BTreeSet::new());
    }

    #[test]
    fn each_call_is_told_of_its_own_contacts_and_one_that_is_played_alone_of_everything() {
        let line = |id: &str, alone| Line::new(vec![id.to_owned()], alone, Speed::Max, Arc::new(|_| {}));
        let both = BTreeSet::from([ID, OTHER]);
        let one = BTreeSet::from([ID]);
        assert!(line(ID, false).is_about(&one) && line(OTHER, false).is_about(&both));
        assert!(!line(OTHER, false).is_about(&one) && !line(ID, false).is_about(&BTreeSet::new()));
        assert!(line(OTHER, true).is_about(&BTreeSet::new()));
    }

    #[test]
    fn a_call_without_a_clock_goes_by_its_beats() {
        let line = Line::new(Vec::new(), false, Speed::Max, Arc::new(|_| {}));
        line.now_playing(Duration::from_secs(7));
        assert_eq!(line.time(), Duration::from_secs(7));
    }
}
