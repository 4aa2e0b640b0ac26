//! The operator's own way into AWS: credentials, and errors that speak to a person.

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use lambda_kit::aws::{AwsError, Failure};
use tokio::sync::Mutex;

/// Credentials that are valid for less than this are asked for again.
const CREDENTIALS_MARGIN: Duration = Duration::from_secs(300);

/// Region and credentials from where the AWS command line takes them: environment, profile, instance.
pub(crate) async fn sdk_config() -> SdkConfig {
    let sdk = aws_config::defaults(BehaviorVersion::latest()).load().await;
    match sdk.credentials_provider() {
        None => sdk,
        Some(provider) => {
            let provider = SharedCredentialsProvider::new(Kept { provider, kept: Mutex::default() });
            sdk.into_builder().credentials_provider(provider).build()
        }
    }
}

/// Credentials that are kept: to take a role is a request of its own, and there may be thousands of letters.
struct Kept {
    provider: SharedCredentialsProvider,
    kept: Mutex<Option<Credentials>>,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

impl ProvideCredentials for Kept {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let mut kept = self.kept.lock().await;
            let until = SystemTime::now() + CREDENTIALS_MARGIN;
            if let Some(credentials) = &*kept
                && credentials.expiry().is_none_or(|expiry| expiry > until)
            {
                return Ok(credentials.clone());
            }
            let credentials = self.provider.provide_credentials().await?;
            *kept = Some(credentials.clone());
            Ok(credentials)
        })
    }
}

/// What went wrong and what the operator can do. (The texts of the error itself are for functions.)
pub(crate) fn explain(error: &AwsError) -> String {
    let AwsError { action, resource, failure, .. } = error;
    match failure {
        Failure::Denied(text) => {
            format!(
                "{action} on {resource}: access denied; your own credentials must allow it, see docs/dead-letters.md ({text})"
            )
        }
        Failure::Missing(text) => format!(
            "{resource} does not exist in this account and region; check the name, AWS_PROFILE and AWS_REGION ({text})"
        ),
        Failure::Refused { code, text } => format!("{action} on {resource}: refused with {code} ({text})"),
        Failure::Unavailable(text) => {
            format!(
                "{action} on {resource}: no usable answer; check credentials, region and network ({text})"
            )
        }
        Failure::OutOfTime => format!("{action} on {resource}: no answer in time"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    #[derive(Debug)]
    struct Counted(Arc<AtomicUsize>, Duration);

    impl ProvideCredentials for Counted {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            self.0.fetch_add(1, Relaxed);
            let expiry = SystemTime::now() + self.1;
            future::ProvideCredentials::ready(Ok(Credentials::new(
                "id",
                "secret",
                None,
                Some(expiry),
                "test",
            )))
        }
    }

    #[tokio::test]
    async fn credentials_are_asked_for_again_shortly_before_they_expire() {
        for (valid, asked) in [(Duration::from_secs(3600), 1), (Duration::from_secs(60), 2)] {
            let count = Arc::new(AtomicUsize::new(0));
            let provider = SharedCredentialsProvider::new(Counted(count.clone(), valid));
            let kept = Kept { provider, kept: Mutex::default() };
            kept.provide_credentials().await.unwrap();
            kept.provide_credentials().await.unwrap();
            assert_eq!(count.load(Relaxed), asked, "{valid:?}");
        }
    }
}
