//! What this environment created lately.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use salesforce::telephony::VoiceCallCreated;

use crate::method::Method;

/// Contacts remembered: far more than one environment serves while Connect may still repeat an invocation,
/// at about 150 bytes each.
const REMEMBERED: usize = 1_000;

/// The VoiceCalls that this environment created, by contact and method.
///
/// Connect invokes a function again, up to three times, when the reply did not reach it. Salesforce no longer
/// promises that a repeated create returns the first VoiceCall, so the repetition is answered from here.
#[derive(Debug, Default)]
pub(crate) struct CreatedCalls {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    replies: HashMap<Key, VoiceCallCreated>,
    oldest_first: VecDeque<Key>,
}

type Key = (&'static str, String);

impl CreatedCalls {
    pub(crate) fn get(&self, method: Method, contact_id: &str) -> Option<VoiceCallCreated> {
        self.lock().replies.get(&(method.name(), contact_id.to_owned())).cloned()
    }

    pub(crate) fn remember(&self, method: Method, contact_id: &str, created: VoiceCallCreated) {
        let key = (method.name(), contact_id.to_owned());
        let mut inner = self.lock();
        if inner.replies.insert(key.clone(), created).is_none() {
            inner.oldest_first.push_back(key);
        }
        if inner.oldest_first.len() > REMEMBERED
            && let Some(oldest) = inner.oldest_first.pop_front()
        {
            inner.replies.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // The map is whole at every point where a thread could panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
