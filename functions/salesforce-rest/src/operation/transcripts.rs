//! Transcripts of conversations that are over.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.voice_developer_guide.meta/voice_developer_guide/voice_connect_overview.htm>

use std::collections::BTreeMap;

use lambda_kit::flow::Reply;
use salesforce::rest::ConversationFile;
use serde_json::Value;

use super::Operation;
use crate::error::Problem;
use crate::flatten;
use crate::policy::Verb;

/// What an upload adds to, in the words of `SOBJECT_POLICY`.
const OBJECT: &str = "ConversationEntry";

impl Operation<'_> {
    pub(super) async fn upload_transcript(&self) -> Result<Reply, Problem> {
        self.allow(OBJECT, Verb::Create)?;
        let parameter = "contactIdsPayloadMap";
        let value = self.invocation.json(parameter).ok_or_else(|| Problem::missing(parameter))?;
        let files = conversations(value)
            .ok_or_else(|| Problem::invalid(parameter, "a JSON array of [contact id, lines of JSON]"))?;
        let answer =
            self.salesforce(async |rest| rest.upload_conversations(&files, self.deadline).await).await?;
        Ok(Reply::default().with_entries(flatten::flatten(&answer.0)))
    }

    pub(super) async fn upload_status(&self) -> Result<Reply, Problem> {
        self.allow(OBJECT, Verb::Read)?;
        let ids: Vec<String> = self.invocation.list("uploadIds")?.into_iter().map(str::to_owned).collect();
        let answer = self.salesforce(async |rest| rest.upload_status(&ids, self.deadline).await).await?;
        Ok(Reply::default().with_entries(flatten::flatten(&answer.0)))
    }
}

/// A contact that is named twice gets what is named last, as it does today. `None` where this is no such list.
fn conversations(value: &Value) -> Option<Vec<ConversationFile>> {
    let pairs: BTreeMap<String, String> = match value {
        Value::String(text) => serde_json::from_str::<Vec<(String, String)>>(text).ok()?,
        value => serde_json::from_value::<Vec<(String, String)>>(value.clone()).ok()?,
    }
    .into_iter()
    .collect();
    let file =
        |(conversation_id, lines): (_, String)| ConversationFile { conversation_id, ndjson: lines.into() };
    Some(pairs.into_iter().map(file).collect())
}
