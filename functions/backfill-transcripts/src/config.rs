//! What the function reads from its environment, besides credentials and table.

use lambda_kit::env::{ConfigError, Env};

/// More than that Salesforce's own function does not send at once.
const MOST_IN_AN_UPLOAD: usize = 10;

const DEFAULT_MOST_CONTACTS: usize = 100;

const DEFAULT_API_FLOOR_PERCENT: u8 = 10;

/// The function's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where the analysis files are.
    pub bucket: Bucket,
    /// What is before `Analysis/` in their keys (`ANALYSIS_PREFIX`).
    pub prefix: String,
    /// Whether the redacted ones are taken (`ANALYSIS_FILES`).
    pub redacted: bool,
    /// How many contacts one request may name (`MAX_CONTACT_IDS`).
    pub most_contacts: usize,
    /// How many conversations go into one upload (`BATCH_SIZE`).
    pub in_an_upload: usize,
    /// Percent of the org's daily API requests that are kept for what cannot wait (`API_FLOOR_PERCENT`).
    pub api_floor_percent: u8,
}

/// The bucket of the Connect instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// `ANALYSIS_BUCKET`.
    Named(String),
    /// As Salesforce's set-up calls it, `<call center in lower case>-<account>`; `ACCOUNT_ID`.
    OfCallCenter {
        /// The AWS account.
        account_id: String,
    },
}

impl Bucket {
    /// Its name, for this call center.
    pub fn name(&self, call_center_api_name: &str) -> String {
        match self {
            Self::Named(name) => name.clone(),
            Self::OfCallCenter { account_id } => {
                format!("{}-{account_id}", call_center_api_name.to_ascii_lowercase())
            }
        }
    }
}

impl Config {
    /// Reads the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env<'_>) -> Result<Self, ConfigError> {
        let bucket = match (env.optional("ANALYSIS_BUCKET"), env.optional("ACCOUNT_ID")) {
            (Some(name), _) => Bucket::Named(name),
            (None, Some(account_id)) => Bucket::OfCallCenter { account_id },
            (None, None) => Bucket::Named(env.required(
                "ANALYSIS_BUCKET",
                "the S3 bucket that the Connect instance writes analysis files to (or ACCOUNT_ID the AWS account, if the \
                 bucket is called <call center>-<account>)",
            )?),
        };
        let files = "which analysis files are taken, original or redacted";
        let redacted = match env.optional("ANALYSIS_FILES").as_deref() {
            None | Some("original") => false,
            Some("redacted") => true,
            Some(_) => return Err(ConfigError::invalid("ANALYSIS_FILES", files, "neither of the two")),
        };
        let floor =
            "the percentage, 0 to 100, of the org's daily API requests that are kept for what cannot wait";
        let api_floor_percent = env.parsed("API_FLOOR_PERCENT", floor, DEFAULT_API_FLOOR_PERCENT)?;
        if api_floor_percent > 100 {
            return Err(ConfigError::invalid("API_FLOOR_PERCENT", floor, "more than 100"));
        }
        let upload = "how many conversations go into one upload, 1 to 10";
        let in_an_upload = env.parsed("BATCH_SIZE", upload, MOST_IN_AN_UPLOAD)?;
        if !(1..=MOST_IN_AN_UPLOAD).contains(&in_an_upload) {
            return Err(ConfigError::invalid("BATCH_SIZE", upload, "not 1 to 10"));
        }
        Ok(Self {
            bucket,
            prefix: env.optional("ANALYSIS_PREFIX").unwrap_or_default(),
            redacted,
            most_contacts: env.parsed(
                "MAX_CONTACT_IDS",
                "how many contacts one request may name",
                DEFAULT_MOST_CONTACTS,
            )?,
            in_an_upload,
            api_floor_percent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let look_up = |name: &str| {
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
        };
        Config::from_env(&Env::new(&look_up))
    }

    #[test]
    fn the_bucket_is_named_or_called_as_salesforces_set_up_calls_it() {
        let derived = config(&[("ACCOUNT_ID", "123456789012")]).unwrap();
        assert_eq!(derived.bucket.name("ServiceCloudVoice"), "servicecloudvoice-123456789012");
        assert_eq!((derived.redacted, derived.most_contacts, derived.in_an_upload), (false, 100, 10));
        let named = config(&[("ANALYSIS_BUCKET", "calls"), ("ACCOUNT_ID", "123456789012")]).unwrap();
        assert_eq!(named.bucket.name("ServiceCloudVoice"), "calls");
        assert!(config(&[("ANALYSIS_BUCKET", "calls"), ("ANALYSIS_FILES", "redacted")]).unwrap().redacted);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(config(&[]).unwrap_err().variable, "ANALYSIS_BUCKET");
        for (variable, value) in [
            ("ANALYSIS_FILES", "Redacted"),
            ("BATCH_SIZE", "0"),
            ("BATCH_SIZE", "11"),
            ("MAX_CONTACT_IDS", "many"),
            ("API_FLOOR_PERCENT", "101"),
        ] {
            let error = config(&[("ANALYSIS_BUCKET", "calls"), (variable, value)]).unwrap_err();
            assert_eq!(error.variable, variable);
        }
    }
}
