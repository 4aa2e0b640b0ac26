//! What Salesforce says about its objects: the types of fields, and where relationships lead.

use std::sync::Arc;

use salesforce::rest::Describe;
use salesforce::{FieldName, Fields, ObjectName};
use serde_json::{Map, Value};
use tokio::time::Instant;
use tracing::warn;

use super::Operation;
use crate::error::Problem;
use crate::values;

impl Operation<'_> {
    /// The fields with the types that Salesforce needs. Salesforce is asked only if a value could be of several types,
    /// and then once an hour.
    pub(super) async fn typed(
        &self,
        object: &ObjectName,
        fields: Map<String, Value>,
    ) -> Result<Fields, Problem> {
        let text_fields = self.invocation.field_list("textFields")?;
        let is_text = |name: &str| {
            text_fields.iter().any(|field: &FieldName| field.as_str().eq_ignore_ascii_case(name))
        };
        let ask = fields.iter().any(|(name, value)| !is_text(name) && values::depends_on_field(value));
        let describe = if ask { self.describe_if_possible(object).await? } else { None };
        let kind = |name: &str| {
            let mut known = describe.as_ref()?.fields.iter();
            known.find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.kind)
        };
        let typed = fields.into_iter().map(|(name, value)| {
            let value = if is_text(&name) { value } else { values::typed(value, kind(&name)) };
            (name, value)
        });
        Ok(Fields(typed.collect()))
    }

    /// `None` where Salesforce does not say for a passing reason: it also reads numbers and truth values from text.
    async fn describe_if_possible(&self, object: &ObjectName) -> Result<Option<Arc<Describe>>, Problem> {
        match self.describe(object, self.types_deadline).await {
            Ok(describe) => Ok(Some(describe)),
            Err(Problem::CallCenter(e)) if !e.is_permanent() => {
                warn!(
                    object = object.as_str(),
                    "the types of fields are not known, so all values go as text: {e}"
                );
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    pub(super) async fn describe(
        &self,
        object: &ObjectName,
        deadline: Instant,
    ) -> Result<Arc<Describe>, Problem> {
        let org = self.invocation.secret_name().unwrap_or_default();
        let known = &self.app.facts.objects;
        if let Some(describe) = known.get(&org, object.as_str(), Instant::now()) {
            return Ok(describe);
        }
        let describe = self.ask(false, deadline, async |rest| rest.describe(object, deadline).await).await?;
        let describe = Arc::new(describe);
        known.insert(&org, object.as_str(), Arc::clone(&describe), Instant::now());
        Ok(describe)
    }
}
