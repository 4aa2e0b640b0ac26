//! How much of its daily API requests an org has used: `Sforce-Limit-Info`.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm>

use reqwest::header::HeaderMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Other clients of the org use its requests as well: what was heard longer ago says little.
const STANDS: Duration = Duration::from_secs(60);

/// API requests of an org in the last 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiUsage {
    /// Made so far.
    pub used: u64,
    /// Allowed, never 0. Salesforce lets an org run over it for a while.
    pub allowed: u64,
}

impl ApiUsage {
    /// From 0, and beyond 100 while Salesforce lets the org run over.
    pub fn used_percent(&self) -> f64 {
        self.used as f64 * 100.0 / self.allowed as f64
    }

    /// What is left, from 100 to 0, rounded down.
    pub fn remaining_percent(&self) -> u8 {
        (100.0 - self.used_percent()).clamp(0.0, 100.0) as u8
    }

    /// `api-usage=18/5000; api-bursts=1/750`, in any order and with whatever else; or nothing.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let parts = headers.get_all("sforce-limit-info").into_iter().filter_map(|value| value.to_str().ok());
        let parts = parts.flat_map(|value| value.split([';', ',']));
        let usage = parts.filter_map(|part| part.trim().strip_prefix("api-usage=")).find_map(|usage| {
            let (used, allowed) = usage.split_once('/')?;
            Some(Self { used: used.trim().parse().ok()?, allowed: allowed.trim().parse().ok()? })
        })?;
        (usage.allowed > 0).then_some(usage)
    }
}

/// The last that was heard.
#[derive(Debug, Default)]
pub(crate) struct UsageMemory(Mutex<Option<(ApiUsage, Instant)>>);

impl UsageMemory {
    pub(crate) fn note(&self, usage: ApiUsage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((usage, Instant::now()));
    }

    pub(crate) fn recall(&self, now: Instant) -> Option<ApiUsage> {
        let memory = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.filter(|(_, heard)| now < *heard + STANDS).map(|(usage, _)| usage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    fn read(value: &[u8]) -> Option<(u64, u64)> {
        let mut headers = HeaderMap::new();
        headers.insert("sforce-limit-info", HeaderValue::from_bytes(value).ok()?);
        ApiUsage::read(&headers).map(|usage| (usage.used, usage.allowed))
    }

    #[test]
    fn every_known_spelling_is_read() {
        let table = [
            ("api-usage=18/5000", Some((18, 5000))),
            ("api-usage=10018/100000; api-bursts=1/750", Some((10018, 100_000))),
            ("api-bursts=1/750;api-usage=110018/100000", Some((110_018, 100_000))),
            ("api-usage=25/5000; per-app-api-usage=17/250(appName=sample)", Some((25, 5000))),
            ("per-app-api-usage=17/250(appName=sample)", None),
            ("per-app-api-usage=17/250(appName=sample), api-usage= 25 / 5000", Some((25, 5000))),
            ("api-usage=1/0", None),
            ("api-usage=-1/5000", None),
            ("api-usage=18", None),
            ("api-usage=99999999999999999999999/1", None),
            ("", None),
        ];
        for (value, expected) in table {
            assert_eq!(read(value.as_bytes()), expected, "{value}");
        }
        assert_eq!(ApiUsage::read(&HeaderMap::new()), None);
    }

    #[test]
    fn percentages() {
        let usage = |used, allowed| ApiUsage { used, allowed };
        assert_eq!(usage(1, 8).used_percent(), 12.5);
        assert_eq!(usage(1, 8).remaining_percent(), 87);
        assert_eq!(usage(0, 8).remaining_percent(), 100);
        assert_eq!((usage(16, 8).used_percent(), usage(16, 8).remaining_percent()), (200.0, 0));
        assert_eq!(usage(u64::MAX, 1).remaining_percent(), 0);
    }

    #[test]
    fn old_news_is_forgotten() {
        let memory = UsageMemory::default();
        assert_eq!(memory.recall(Instant::now()), None);
        let usage = ApiUsage { used: 1, allowed: 2 };
        memory.note(usage);
        let after = |seconds| Instant::now() + Duration::from_secs(seconds);
        assert_eq!((memory.recall(after(59)), memory.recall(after(60))), (Some(usage), None));
    }

    proptest! {
        #[test]
        fn no_header_panics(value in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = read(&value);
            let _ = read(&[b"api-usage=", value.as_slice()].concat());
        }
    }
}
