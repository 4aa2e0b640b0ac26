//! Which transcripts of past calls were uploaded. Salesforce does not say that uploading one twice does no harm, and no
//! query tells whether a call has a transcript; so whoever is about to upload one notes it first.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::Utc;
use tokio::time::Instant;

use super::{EXPIRES_AT, PARTITION_KEY, StateTable};
use crate::aws::{AwsError, call};

const UPLOAD: &str = "upload";

/// Notes in place of an upload id, which is of letters, digits, `-` and `_`.
const BEGUN: &str = "?";
const FORGOTTEN: &str = "!";

/// As long as Connect tells about a contact, which is 24 months: after that there are no files to upload again.
const TTL: Duration = Duration::from_secs(2 * 366 * 24 * 3600);

/// What is known of the upload of a contact's transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uploaded {
    /// Salesforce has accepted it under this id.
    Accepted(String),
    /// It was about to be sent, and nobody noted what became of it.
    Unconfirmed,
}

impl StateTable {
    /// What is known of the upload of a contact's transcript, if anything is.
    pub async fn uploaded(&self, contact_id: &str, deadline: Instant) -> Result<Option<Uploaded>, AwsError> {
        let noted = self.read(key(contact_id), UPLOAD, deadline).await?;
        Ok(noted.filter(|noted| noted != FORGOTTEN).map(|noted| match noted.as_str() {
            BEGUN => Uploaded::Unconfirmed,
            _ => Uploaded::Accepted(noted),
        }))
    }

    /// Notes that the transcript of a contact is about to be uploaded. `false`: somebody was faster. With `again`,
    /// whatever is known of an upload does not count.
    pub async fn begin_upload(
        &self,
        contact_id: &str,
        again: bool,
        deadline: Instant,
    ) -> Result<bool, AwsError> {
        let free = (!again).then_some("attribute_not_exists(pk) OR upload = :free");
        self.note(contact_id, BEGUN, free, deadline).await
    }

    /// Notes under which id Salesforce has accepted it.
    pub async fn note_upload(
        &self,
        contact_id: &str,
        upload_id: &str,
        deadline: Instant,
    ) -> Result<(), AwsError> {
        self.note(contact_id, upload_id, None, deadline).await.map(drop)
    }

    /// Notes that it was not uploaded after all.
    pub async fn forget_upload(&self, contact_id: &str, deadline: Instant) -> Result<(), AwsError> {
        self.note(contact_id, FORGOTTEN, None, deadline).await.map(drop)
    }

    /// Whether the condition was fulfilled.
    async fn note(
        &self,
        contact_id: &str,
        upload: &str,
        condition: Option<&str>,
        deadline: Instant,
    ) -> Result<bool, AwsError> {
        let expires = (Utc::now() + TTL).timestamp().to_string();
        let item = HashMap::from([
            (PARTITION_KEY.to_owned(), key(contact_id)),
            (UPLOAD.to_owned(), AttributeValue::S(upload.to_owned())),
            (EXPIRES_AT.to_owned(), AttributeValue::N(expires)),
        ]);
        let mut request = self.client().put_item().table_name(&self.name).set_item(Some(item));
        if let Some(condition) = condition {
            request = request
                .condition_expression(condition)
                .expression_attribute_values(":free", AttributeValue::S(FORGOTTEN.to_owned()));
        }
        match call("dynamodb:PutItem", &self.resource(), deadline, request.send()).await {
            Ok(_) => Ok(true),
            Err(e) if e.is_refusal("ConditionalCheckFailedException") => Ok(false),
            Err(e) => Err(e),
        }
    }
}

fn key(contact_id: &str) -> AttributeValue {
    AttributeValue::S(format!("upload#{contact_id}"))
}

#[cfg(test)]
mod tests;
