//! What all requests of one org share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::faults::Faults;
use crate::requests::RequestLog;
use crate::settings::Settings;
use crate::setup::Directory;
use crate::soql::Cursors;
use crate::store::Store;
use crate::wire::Wires;

pub(crate) struct OrgState {
    pub(crate) settings: Settings,
    /// `http://` and where the org listens.
    pub(crate) url: String,
    /// 15 characters.
    pub(crate) org_id: String,
    pub(crate) store: Store,
    pub(crate) directory: RwLock<Directory>,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
    pub(crate) wires: Arc<Wires>,
    pub(crate) cursors: Cursors,
    session_lifetime: Mutex<Duration>,
    creations: Mutex<Creations>,
    api_usage: Mutex<ApiUsage>,
}

/// How many REST requests were made today, and how many may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ApiUsage {
    pub(crate) used: u32,
    pub(crate) allowed: u32,
}

/// VoiceCalls created in the second that began at `since`.
struct Creations {
    since: Instant,
    count: u32,
}

impl OrgState {
    pub(crate) fn new(settings: Settings, url: String, store: Store) -> Self {
        Self {
            url,
            org_id: store.org_id().to_owned(),
            store,
            directory: RwLock::default(),
            faults: Faults::new(settings.fault_seed),
            requests: RequestLog::default(),
            wires: Arc::default(),
            cursors: Cursors::default(),
            session_lifetime: Mutex::new(settings.session_lifetime),
            creations: Mutex::new(Creations { since: Instant::now(), count: 0 }),
            api_usage: Mutex::new(ApiUsage { used: 0, allowed: settings.api_requests_per_day }),
            settings,
        }
    }

    pub(crate) fn session_lifetime(&self) -> MutexGuard<'_, Duration> {
        self.session_lifetime.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn api_usage(&self) -> MutexGuard<'_, ApiUsage> {
        self.api_usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one VoiceCall to be created. False if that is one too many for this second.
    pub(crate) fn may_create(&self) -> bool {
        let Some(limit) = self.settings.calls_per_second else { return true };
        let mut creations = self.creations.lock().unwrap_or_else(PoisonError::into_inner);
        creations.admit(limit, Instant::now())
    }
}

impl Creations {
    fn admit(&mut self, limit: u32, now: Instant) -> bool {
        if now.saturating_duration_since(self.since) >= Duration::from_secs(1) {
            *self = Self { since: now, count: 0 };
        }
        let admitted = self.count < limit;
        self.count += u32::from(admitted);
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_admits_as_many_as_the_limit() {
        let start = Instant::now();
        let mut creations = Creations { since: start, count: 0 };
        let mut admitted = |ms| creations.admit(2, start + Duration::from_millis(ms));
        assert_eq!(
            [0, 500, 999, 1000, 1001, 1500, 2000].map(&mut admitted),
            [true, true, false, true, true, false, true]
        );
    }
}
