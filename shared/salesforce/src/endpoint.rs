//! The base URL of a Salesforce API.

use crate::SettingsError;
use url::{Host, Url};

/// Where an API lives. All requests of a client go to this scheme, host and path prefix, and so does its bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
}

impl Endpoint {
    /// Reads a base URL such as `https://example.my.salesforce-scrt.com/telephony/v1`.
    ///
    /// `https` only; plain `http` for a loopback host, where the traffic does not leave the machine.
    ///
    /// # Errors
    /// [`SettingsError::Endpoint`] says what is wrong, without repeating the text.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let refuse = |problem| Err(SettingsError::Endpoint(problem));
        let Ok(mut base) = Url::parse(text.trim()) else {
            return refuse("is not a URL (expected https://host/path)");
        };
        match base.scheme() {
            "https" => {}
            "http" if is_loopback(&base) => {}
            "http" => return refuse("is plain http: use https (http is for this machine only)"),
            _ => return refuse("is neither https nor http"),
        }
        if !base.username().is_empty() || base.password().is_some() {
            return refuse("holds a user name or a password: remove it");
        }
        if base.query().is_some() || base.fragment().is_some() {
            return refuse("has a query or a fragment: remove what follows the path");
        }
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        Ok(Self { base })
    }

    /// The base URL, without a slash at its end unless it is all of the path.
    pub fn as_str(&self) -> &str {
        self.base.as_str()
    }

    /// The URL below the base. Each segment is escaped, so whatever it contains, it stays one segment.
    ///
    /// # Errors
    /// [`SettingsError::PathSegment`] for what no escaping keeps in place: nothing, `.`, `..`, and control characters
    /// (a URL drops tabs and line breaks, so that `.<tab>.` would become `..`).
    pub(crate) fn join(&self, segments: &[&str]) -> Result<Url, SettingsError> {
        let mut url = self.base.clone();
        if segments
            .iter()
            .any(|segment| matches!(*segment, "" | "." | "..") || segment.contains(char::is_control))
        {
            return Err(SettingsError::PathSegment);
        }
        if !segments.is_empty()
            && let Ok(mut path) = url.path_segments_mut()
        {
            path.pop_if_empty().extend(segments);
        }
        Ok(url)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for text in [
            "http://127.0.0.1:8080/telephony/v1",
            "http://[::1]:1/",
            "http://localhost",
            "https://example.my.salesforce-scrt.com/telephony/v1/",
        ] {
            assert!(Endpoint::parse(text).is_ok(), "{text}");
        }
        for text in [
            "http://example.my.salesforce-scrt.com/telephony/v1",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://0.0.0.0/",
            "ftp://localhost/",
            "https://user@example.com/",
            "https://:secret@example.com/",
            "https://example.com/?a=b",
            "https://example.com/#a",
            "example.my.salesforce-scrt.com/telephony/v1",
            "",
        ] {
            assert!(Endpoint::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn segments_are_escaped() {
        let endpoint = Endpoint::parse("https://example.com/telephony/v1/").unwrap();
        assert_eq!(endpoint.as_str(), "https://example.com/telephony/v1");
        assert_eq!(endpoint.join(&[]).unwrap().as_str(), "https://example.com/telephony/v1");
        let url = endpoint.join(&["voiceCalls", "c-1/../../x?y=1#z"]).unwrap();
        assert_eq!(url.as_str(), "https://example.com/telephony/v1/voiceCalls/c-1%2F..%2F..%2Fx%3Fy=1%23z");
        for segment in ["", ".", "..", ".\t.", "\n"] {
            assert!(endpoint.join(&["voiceCalls", segment]).is_err(), "{segment:?}");
        }
        let root = Endpoint::parse("https://example.com").unwrap();
        assert_eq!(root.join(&["a"]).unwrap().as_str(), "https://example.com/a");
    }

    proptest! {
        #[test]
        fn no_segment_leaves_its_place(segment in "[./%\\\\?#\t\na2eE:@;]{0,8}|(?s:.*)") {
            let endpoint = Endpoint::parse("https://example.com/telephony/v1").unwrap();
            if let Ok(url) = endpoint.join(&["voiceCalls", &segment, "omniFlow"]) {
                prop_assert_eq!(url.host_str(), Some("example.com"));
                prop_assert!(url.query().is_none() && url.fragment().is_none());
                let parts: Vec<_> = url.path_segments().unwrap().collect();
                prop_assert_eq!(parts.len(), 5, "{}", url);
                prop_assert_eq!((parts[2], parts[4]), ("voiceCalls", "omniFlow"));
                // and a second reading, as a server does it, agrees
                let again = Url::parse(url.as_str()).unwrap();
                prop_assert_eq!(again.as_str(), url.as_str());
            }
        }
    }
}
