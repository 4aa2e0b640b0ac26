use std::collections::HashMap;

use secrecy::SecretString;
use serde_json::Value;

use super::{CredentialError, Grant, RestCredentials, TelephonyCredentials};

/// The JSON object that Salesforce's set-up writes into the secret of a call center: settings under plain keys, keys
/// and connected app under keys that start with the call center's API name.
pub(super) struct Document {
    secret: String,
    values: HashMap<String, Value>,
}

impl Document {
    pub(super) fn parse(secret: &str, text: &str) -> Result<Self, CredentialError> {
        // serde_json's own message could repeat a part of the text.
        let values = serde_json::from_str(text).map_err(|_| CredentialError::Malformed {
            secret: secret.to_owned(),
            problem: "its text is not a JSON object",
        })?;
        Ok(Self { secret: secret.to_owned(), values })
    }

    pub(super) fn telephony(self) -> Result<TelephonyCredentials, CredentialError> {
        Ok(TelephonyCredentials {
            org_id: self.text("SALESFORCE_ORG_ID")?,
            call_center_api_name: self.text("CALL_CENTER_API_NAME")?,
            scrt_endpoint_base: self.text("SCRT_ENDPOINT_BASE")?,
            private_key: self.own("scrt-jwt-auth-private-key")?.into(),
        })
    }

    pub(super) fn rest(self) -> Result<RestCredentials, CredentialError> {
        let consumer_key = self.own("salesforce-rest-api-auth-consumer-key")?;
        let grant = match self.own("salesforce-rest-api-auth-consumer-secret") {
            Ok(secret) => {
                Grant::ClientCredentials { consumer_key, consumer_secret: SecretString::from(secret) }
            }
            Err(_) => Grant::JwtBearer {
                consumer_key,
                subject: self.own("salesforce-rest-api-subject")?,
                audience: self.own("salesforce-rest-api-audience")?,
                private_key: self.own("salesforce-rest-api-auth-private-key")?.into(),
            },
        };
        Ok(RestCredentials {
            call_center_api_name: self.text("CALL_CENTER_API_NAME")?,
            auth_endpoint: self.text("SALESFORCE_AUTH_ENDPOINT")?,
            rest_endpoint_base: self.text("SALESFORCE_REST_API_ENDPOINT_BASE")?,
            grant,
        })
    }

    /// The text under the call center's own key.
    fn own(&self, key: &str) -> Result<String, CredentialError> {
        self.text(&format!("{}-{key}", self.text("CALL_CENTER_API_NAME")?))
    }

    fn text(&self, key: &str) -> Result<String, CredentialError> {
        match self.values.get(key).and_then(Value::as_str).map(str::trim) {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => Err(CredentialError::MissingKey { secret: self.secret.clone(), key: key.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(change: impl FnOnce(&mut Value)) -> Document {
        let mut value = json!({
            "SALESFORCE_ORG_ID": "00D000000000001",
            "CALL_CENTER_API_NAME": "Sales",
            "SCRT_ENDPOINT_BASE": "https://org.my.salesforce-scrt.com/telephony/v1",
            "SALESFORCE_REST_API_ENDPOINT_BASE": "https://org.my.salesforce.com/services/data/v66.0",
            "SALESFORCE_AUTH_ENDPOINT": "https://login.salesforce.com/services/oauth2/token",
            "Sales-scrt-jwt-auth-private-key": "telephony pem",
            "Sales-salesforce-rest-api-auth-private-key": "rest pem",
            "Sales-salesforce-rest-api-auth-consumer-key": "consumer",
            "Sales-salesforce-rest-api-subject": "user",
            "Sales-salesforce-rest-api-audience": "https://login.salesforce.com",
            "ADDED_LATER": { "is": "ignored" }
        });
        change(&mut value);
        Document::parse("the-secret", &value.to_string()).unwrap()
    }

    #[test]
    fn the_document_of_the_set_up_works_as_it_stands() {
        let telephony = document(|_| ()).telephony().unwrap();
        let expected = TelephonyCredentials {
            org_id: "00D000000000001".into(),
            call_center_api_name: "Sales".into(),
            scrt_endpoint_base: "https://org.my.salesforce-scrt.com/telephony/v1".into(),
            private_key: "telephony pem".into(),
        };
        assert_eq!(telephony, expected);
        let rest = document(|_| ()).rest().unwrap();
        let expected = Grant::JwtBearer {
            consumer_key: "consumer".into(),
            subject: "user".into(),
            audience: "https://login.salesforce.com".into(),
            private_key: "rest pem".into(),
        };
        assert_eq!(rest.grant, expected);
        assert_eq!(rest.auth_endpoint, "https://login.salesforce.com/services/oauth2/token");
        assert_eq!(rest.rest_endpoint_base, "https://org.my.salesforce.com/services/data/v66.0");
    }

    #[test]
    fn a_consumer_secret_chooses_the_client_credentials_grant() {
        let rest = document(|value| {
            value["Sales-salesforce-rest-api-auth-consumer-secret"] = json!("shh");
            value["Sales-salesforce-rest-api-auth-private-key"] = json!(null);
        })
        .rest()
        .unwrap();
        let expected =
            Grant::ClientCredentials { consumer_key: "consumer".into(), consumer_secret: "shh".into() };
        assert_eq!(rest.grant, expected);
    }

    #[test]
    fn a_missing_key_is_named_with_its_secret() {
        let missing = document(|value| value["Sales-scrt-jwt-auth-private-key"] = json!(" ")).telephony();
        insta::assert_snapshot!(missing.unwrap_err(), @"the secret the-secret has no text under the key Sales-scrt-jwt-auth-private-key: add it to the secret");
        let missing = document(|value| value["CALL_CENTER_API_NAME"] = json!("Support")).telephony();
        insta::assert_snapshot!(missing.unwrap_err(), @"the secret the-secret has no text under the key Support-scrt-jwt-auth-private-key: add it to the secret");
        let number = document(|value| value["SALESFORCE_ORG_ID"] = json!(7)).telephony();
        insta::assert_snapshot!(number.unwrap_err(), @"the secret the-secret has no text under the key SALESFORCE_ORG_ID: add it to the secret");
    }

    #[test]
    fn what_is_not_a_json_object_is_refused_without_being_repeated() {
        for text in ["-----BEGIN PRIVATE", "[]", "\"text\"", "{\"a\":", ""] {
            let error = Document::parse("the-secret", text).err().unwrap();
            assert_eq!(
                error.to_string(),
                "the secret the-secret is not usable: its text is not a JSON object; it must be a JSON object as \
                 Salesforce's set-up writes it"
            );
        }
    }

    #[test]
    fn credentials_differ_when_any_part_does_and_show_no_secret() {
        let known = document(|_| ()).telephony().unwrap();
        for key in ["SALESFORCE_ORG_ID", "SCRT_ENDPOINT_BASE", "Sales-scrt-jwt-auth-private-key"] {
            assert_ne!(document(|value| value[key] = json!("new")).telephony().unwrap(), known, "{key}");
        }
        let rest = document(|_| ()).rest().unwrap();
        for key in ["auth-private-key", "auth-consumer-key", "subject", "audience", "auth-consumer-secret"] {
            let key = format!("Sales-salesforce-rest-api-{key}");
            assert_ne!(document(|value| value[&key] = json!("new")).rest().unwrap(), rest, "{key}");
        }
        let shown = format!("{known:?} {rest:?}");
        for secret in ["pem", "consumer", "user"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
