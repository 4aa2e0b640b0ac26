//! The login of a connected app (or external client app), and the session that it yields.
//!
//! <https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm>,
//! <https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm>

mod client_credentials;
mod jwt_bearer;
pub(crate) mod login_error;
mod session;

pub use login_error::{LoginError, LoginRefusal};
pub use session::{Session, SignedIn};

use crate::auth::Auth;
use crate::http::{Call, Reading};
use crate::reply::Reply;
use crate::retry::Replay;
use crate::{Endpoint, Error, Http, RsaKey};
use oauth2::basic::BasicTokenType;
use oauth2::{ExtraTokenFields, StandardTokenResponse};
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// How the app proves who it is.
#[derive(Debug, Clone)]
pub enum Login {
    /// With an assertion signed by a key whose certificate is on the app (RFC 7523). The usual one.
    JwtBearer {
        /// The app's consumer key.
        consumer_key: String,
        /// User name of the user to run as; pre-authorized for the app.
        subject: String,
        /// `https://login.salesforce.com`, `https://test.salesforce.com` for a sandbox, or the site's URL.
        audience: String,
        /// Its certificate is on the app.
        private_key: RsaKey,
    },
    /// With a shared secret; the app names the user to run as. The endpoint must be the org's My Domain.
    ClientCredentials {
        /// The app's consumer key.
        consumer_key: String,
        /// The app's consumer secret.
        consumer_secret: SecretString,
    },
}

/// Salesforce's reply to a login: there is no `expires_in`, a session lasts until a request is refused with 401.
type TokenReply = StandardTokenResponse<SalesforceFields, BasicTokenType>;

#[derive(Debug, Serialize, Deserialize)]
struct SalesforceFields {
    #[serde(default)]
    instance_url: Option<String>,
}

impl ExtraTokenFields for SalesforceFields {}

impl Login {
    async fn request(
        &self,
        http: &Http,
        endpoint: &Endpoint,
        deadline: Instant,
    ) -> Result<TokenReply, Error> {
        match self {
            Self::JwtBearer { consumer_key, subject, audience, private_key } => {
                let claims = jwt_bearer::Claims::new(consumer_key, subject, audience, chrono::Utc::now());
                jwt_bearer::request(http, endpoint, &claims, private_key, deadline).await
            }
            Self::ClientCredentials { consumer_key, consumer_secret } => {
                client_credentials::request(http, endpoint, consumer_key, consumer_secret, deadline).await
            }
        }
    }
}

/// Posts a form to the token endpoint. Two sessions are as good as one, so it may be repeated.
async fn post(http: &Http, endpoint: &Endpoint, form: Vec<u8>, deadline: Instant) -> Result<Reply, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let call = Call {
        operation: "login",
        method: Method::POST,
        url: endpoint.join(&[])?,
        headers,
        body: Some(form.into()),
        auth: Auth::Login,
        replay: Replay::Safe,
        reading: Reading::default(),
        usage: None,
        deadline,
    };
    http.send(&call).await
}

#[cfg(test)]
mod tests;
