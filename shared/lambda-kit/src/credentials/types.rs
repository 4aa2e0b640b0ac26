use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// What the Telephony Integration API of one call center needs.
#[derive(Clone)]
pub struct TelephonyCredentials {
    /// `SALESFORCE_ORG_ID`: the issuer of the JWT.
    pub org_id: String,
    /// `CALL_CENTER_API_NAME`: the subject of the JWT.
    pub call_center_api_name: String,
    /// `SCRT_ENDPOINT_BASE`: base URL including `/telephony/v1`.
    pub scrt_endpoint_base: String,
    /// The RSA key that signs the JWT (PEM, as it is stored).
    pub private_key: SecretString,
}

/// What the REST API of one org needs.
#[derive(Clone)]
pub struct RestCredentials {
    /// `CALL_CENTER_API_NAME`: which call center's channels and routing maps are meant, in an org with several.
    pub call_center_api_name: String,
    /// `SALESFORCE_AUTH_ENDPOINT`: the OAuth token endpoint.
    pub auth_endpoint: String,
    /// `SALESFORCE_REST_API_ENDPOINT_BASE`: base URL including `/services/data/vNN.0`.
    pub rest_endpoint_base: String,
    /// How the connected app logs in.
    pub grant: Grant,
}

/// How the connected app logs in.
#[derive(Clone)]
pub enum Grant {
    /// OAuth JWT bearer flow.
    JwtBearer {
        /// The issuer of the assertion.
        consumer_key: String,
        /// Its subject: the user name of the run-as user.
        subject: String,
        /// Its audience.
        audience: String,
        /// The RSA key that signs it (PEM, as it is stored).
        private_key: SecretString,
    },
    /// OAuth client credentials flow.
    ClientCredentials {
        /// The client id.
        consumer_key: String,
        /// The client secret.
        consumer_secret: SecretString,
    },
}

fn same(a: &SecretString, b: &SecretString) -> bool {
    a.expose_secret() == b.expose_secret()
}

impl PartialEq for TelephonyCredentials {
    fn eq(&self, other: &Self) -> bool {
        self.org_id == other.org_id
            && self.call_center_api_name == other.call_center_api_name
            && self.scrt_endpoint_base == other.scrt_endpoint_base
            && same(&self.private_key, &other.private_key)
    }
}

impl PartialEq for RestCredentials {
    fn eq(&self, other: &Self) -> bool {
        self.call_center_api_name == other.call_center_api_name
            && self.auth_endpoint == other.auth_endpoint
            && self.rest_endpoint_base == other.rest_endpoint_base
            && self.grant == other.grant
    }
}

impl PartialEq for Grant {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::JwtBearer { consumer_key: key, subject, audience, private_key },
                Self::JwtBearer { consumer_key: k, subject: s, audience: a, private_key: p },
            ) => key == k && subject == s && audience == a && same(private_key, p),
            (
                Self::ClientCredentials { consumer_key: key, consumer_secret },
                Self::ClientCredentials { consumer_key: k, consumer_secret: s },
            ) => key == k && same(consumer_secret, s),
            _ => false,
        }
    }
}

impl fmt::Debug for TelephonyCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelephonyCredentials")
            .field("org_id", &self.org_id)
            .field("call_center_api_name", &self.call_center_api_name)
            .field("scrt_endpoint_base", &self.scrt_endpoint_base)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RestCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RestCredentials")
            .field("call_center_api_name", &self.call_center_api_name)
            .field("auth_endpoint", &self.auth_endpoint)
            .field("rest_endpoint_base", &self.rest_endpoint_base)
            .field("grant", &self.grant)
            .finish()
    }
}

impl fmt::Debug for Grant {
    /// Only the kind: the user name of the run-as user is a name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JwtBearer { .. } => "JwtBearer",
            Self::ClientCredentials { .. } => "ClientCredentials",
        })
    }
}
