//! Text search: SOSL, and the same by parameters.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_search.htm>,
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_search_parameterized_post.htm>

use super::Rest;
use super::get::Carrier;
use super::operations;
use crate::reply::Reply;
use crate::sosl::Sosl;
use crate::{Error, FieldName, Fields, ObjectName, Private};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::Instant;

/// A search without SOSL: the text is searched for as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterizedSearch {
    /// What to look for; at least two characters.
    pub q: Private,
    /// Where, and what to return of it; of an object without fields the id. Without objects everywhere.
    pub objects: Vec<(ObjectName, Vec<FieldName>)>,
    /// In which kind of fields; Salesforce assumes all.
    pub search_in: Option<SearchIn>,
    /// Most hits altogether; Salesforce's own limit is 2,000.
    pub limit: Option<u16>,
}

/// A kind of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SearchIn {
    /// All that can be searched.
    All,
    /// Of type Email.
    Email,
    /// The name of the record.
    Name,
    /// Of type Phone.
    Phone,
}

/// A list before version 37.
#[derive(Deserialize)]
#[serde(untagged)]
enum SearchReply {
    Object {
        #[serde(rename = "searchRecords")]
        search_records: Vec<Fields>,
    },
    List(Vec<Fields>),
}

impl Rest {
    /// The hits of a search, as Salesforce ranks them. Repeatable, as all reading is.
    pub async fn search(&self, search: &Sosl, deadline: Instant) -> Result<Vec<Fields>, Error> {
        let operation = &operations::SEARCH;
        let url = self.url(operation, &["search"], &[("q", search.as_str())])?;
        hits(&self.get(operation, url, Carrier::Batch, deadline).await?)
    }

    /// The hits of a search, as Salesforce ranks them. Repeatable, as all reading is.
    pub async fn parameterized_search(
        &self,
        search: &ParameterizedSearch,
        deadline: Instant,
    ) -> Result<Vec<Fields>, Error> {
        let path = ["parameterizedSearch"];
        hits(&self.write(&operations::PARAMETERIZED_SEARCH, &path, &search.wire(), deadline).await?)
    }
}

fn hits(reply: &Reply) -> Result<Vec<Fields>, Error> {
    Ok(match reply.json()? {
        SearchReply::Object { search_records } => search_records,
        SearchReply::List(records) => records,
    })
}

impl ParameterizedSearch {
    fn wire(&self) -> Value {
        let object = |(name, fields): &(ObjectName, Vec<FieldName>)| {
            let mut object = json!({"name": name});
            if !fields.is_empty() {
                object["fields"] = json!(fields);
            }
            object
        };
        let mut wire = json!({"q": self.q});
        if !self.objects.is_empty() {
            wire["sobjects"] = self.objects.iter().map(object).collect();
        }
        if let Some(search_in) = self.search_in {
            wire["in"] = json!(search_in);
        }
        if let Some(limit) = self.limit {
            wire["overallLimit"] = limit.into();
        }
        wire
    }
}
