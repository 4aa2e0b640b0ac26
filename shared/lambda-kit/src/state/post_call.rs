//! How far the signals of a finished call are sent.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::Utc;
use tokio::time::Instant;

use super::{EXPIRES_AT, Marked, PARTITION_KEY, StateTable, TTL};
use crate::aws::{AwsError, call};

const BATCHES: &str = "batches";

impl StateTable {
    /// How many batches of an analysis file, named by its key, are sent.
    pub async fn post_call_progress(&self, file_key: &str, deadline: Instant) -> Result<usize, AwsError> {
        let item = self.item(key(file_key), deadline).await?;
        Ok(item.get(BATCHES).and_then(|batches| batches.as_n().ok()?.parse().ok()).unwrap_or_default())
    }

    /// Notes how many batches of an analysis file are sent, unless more are.
    pub async fn note_post_call_progress(
        &self,
        file_key: &str,
        batches: usize,
        deadline: Instant,
    ) -> Result<Marked, AwsError> {
        let batches = AttributeValue::N(batches.to_string());
        let item = HashMap::from([
            (PARTITION_KEY.to_owned(), key(file_key)),
            (BATCHES.to_owned(), batches.clone()),
            (EXPIRES_AT.to_owned(), AttributeValue::N((Utc::now() + TTL).timestamp().to_string())),
        ]);
        let request = self
            .client()
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(format!("attribute_not_exists(pk) OR {BATCHES} <= :batches"))
            .expression_attribute_values(":batches", batches);
        match call("dynamodb:PutItem", &self.resource(), deadline, request.send()).await {
            Ok(_) => Ok(Marked::Newest),
            Err(e) if e.is_refusal("ConditionalCheckFailedException") => Ok(Marked::Superseded),
            Err(e) => Err(e),
        }
    }
}

fn key(file_key: &str) -> AttributeValue {
    AttributeValue::S(format!("post-call#{file_key}"))
}

#[cfg(test)]
mod tests {
    use local_aws::LocalAws;

    use super::*;
    use crate::aws::tests::soon;
    use crate::env::Env;

    #[tokio::test]
    async fn progress_never_goes_back() {
        let aws = LocalAws::start().await.unwrap();
        aws.create_table("CallState");
        let look_up = |variable: &str| (variable == "STATE_TABLE").then(|| "CallState".to_owned());
        let table = StateTable::from_env(&Env::new(&look_up), &aws.sdk_config().await).unwrap();
        let file = "connect/Analysis/Voice/2026/11/22/c-1_analysis_2026-11-22T10:00:00Z.json";
        assert_eq!(table.post_call_progress(file, soon()).await.unwrap(), 0);
        for (batches, marked) in [(9, Marked::Newest), (10, Marked::Newest), (2, Marked::Superseded)] {
            assert_eq!(table.note_post_call_progress(file, batches, soon()).await.unwrap(), marked);
        }
        assert_eq!(table.post_call_progress(file, soon()).await.unwrap(), 10);
        assert_eq!(table.post_call_progress("another", soon()).await.unwrap(), 0);
    }
}
