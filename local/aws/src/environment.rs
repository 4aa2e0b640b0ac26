//! What points AWS clients at the stand-ins.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use uuid::Uuid;

use crate::REGION;

/// Credentials that nothing else knows, made when the stand-ins start. Temporary ones, like those of a Lambda.
#[derive(Clone)]
pub(crate) struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

impl Credentials {
    pub(crate) fn random() -> Self {
        let random = || Uuid::new_v4().simple().to_string();
        Credentials {
            access_key_id: format!("ASIA{}", &random().to_uppercase()[..16]),
            secret_access_key: random(),
            session_token: random(),
        }
    }

    pub(crate) fn environment(&self, url: &str) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", url.to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_DEFAULT_REGION", REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", self.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key.clone()),
            ("AWS_SESSION_TOKEN", self.session_token.clone()),
            // Without it, a client that misses its credentials asks 169.254.169.254 and waits.
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    pub(crate) async fn sdk_config(&self, url: &str) -> SdkConfig {
        let credentials = aws_credential_types::Credentials::new(
            &self.access_key_id,
            &self.secret_access_key,
            Some(self.session_token.clone()),
            None,
            "local-aws",
        );
        aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(url)
            .credentials_provider(credentials)
            .load()
            .await
    }
}
