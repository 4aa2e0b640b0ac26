//! SOSL, and the search that does without it.

use lambda_kit::flow::{Entry, Reply};
use salesforce::Fields;
use salesforce::rest::ParameterizedSearch;
use salesforce::sosl::{Sosl, Template};
use serde_json::Value;

use super::Operation;
use super::queries::numbered;
use crate::error::Problem;
use crate::flatten::{self, object_of};
use crate::invocation::object_name;
use crate::policy::Verb;

/// Hits that a flow gets unless it says otherwise.
const DEFAULT_HITS: u16 = 20;

impl Operation<'_> {
    pub(super) async fn search_record(&self) -> Result<Reply, Problem> {
        let text = self.invocation.required("sosl")?;
        let value = |name: &str| self.invocation.literal(name);
        let sosl = self.sosl(&text, self.invocation.has_own_parameters(), value).await?;
        let hits = self.search(&sosl).await?;
        let reply = Reply::default().with("totalSize", Some(hits.len().to_string()));
        Ok(match hits.first() {
            Some(hit) => {
                reply.with("objectApiName", object_of(&hit.0)).with_entries(flatten::flatten(&hit.0))
            }
            None => reply,
        })
    }

    pub(super) async fn parameterized_search(&self) -> Result<Reply, Problem> {
        let invocation = self.invocation;
        let fields = invocation.field_list("fields")?;
        let mut objects = Vec::new();
        for parameter in ["objects", "sobjects"] {
            for name in invocation.list(parameter)? {
                let object = object_name(name, parameter)?;
                self.allow(object.as_str(), Verb::Read)?;
                objects.push((object, fields.clone()));
            }
        }
        if objects.is_empty() {
            self.allow_reading_everything("the parameter objects is missing")?;
        }
        let search = ParameterizedSearch {
            q: invocation.required("q")?.into_owned().into(),
            objects,
            search_in: None,
            limit: Some(invocation.most("limit", DEFAULT_HITS)?),
        };
        let hits =
            self.salesforce(async |rest| rest.parameterized_search(&search, self.deadline).await).await?;
        Ok(told(&hits))
    }

    pub(super) async fn search(&self, sosl: &Sosl) -> Result<Vec<Fields>, Problem> {
        self.salesforce(async |rest| rest.search(sosl, self.deadline).await).await
    }

    /// A search that may be sent: it is understood, allowed, and its values are bound.
    pub(super) async fn sosl(
        &self,
        text: &str,
        has_parameters: bool,
        value: impl Fn(&str) -> Option<String>,
    ) -> Result<Sosl, Problem> {
        let template = Template::parse(text, has_parameters);
        let template = template.map_err(|source| Problem::Query { parameter: "sosl", source })?;
        if template.reads_everything() {
            self.allow_reading_everything("the search has no RETURNING")?;
        }
        self.allow_reads(template.reads()).await?;
        template.bind(value).map_err(|source| Problem::Placeholder { parameter: "sosl", source })
    }
}

/// The first hit flat, with its object and id, and then all of them.
pub(super) fn told(hits: &[Fields]) -> Reply {
    let mut reply = Reply::default().with("count", Some(hits.len().to_string()));
    if let Some(first) = hits.first() {
        reply = reply.with_entries(entries(first));
    }
    let whole = (0..).zip(hits).all(|(number, hit)| reply.add_all(numbered(number, entries(hit))));
    if whole { reply } else { reply.truncated() }
}

fn entries(Fields(hit): &Fields) -> Vec<Entry> {
    let id = flatten::field(hit, "Id").and_then(Value::as_str);
    let added = [("objectApiName", object_of(hit)), ("recordId", id)];
    let added = added.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.to_owned())));
    added.chain(flatten::flatten(hit)).collect()
}
