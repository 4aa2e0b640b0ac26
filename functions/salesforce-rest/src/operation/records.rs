//! One record: create, read, change, delete.

use lambda_kit::flow::Reply;
use salesforce::FieldName;
use serde_json::{Map, Value};

use super::Operation;
use crate::error::Problem;
use crate::flatten;
use crate::invocation::field_name;
use crate::policy::Verb;

impl Operation<'_> {
    /// With `idempotencyField` an upsert, so that a repeated invocation finds the record that the first one created.
    pub(super) async fn create(&self) -> Result<Reply, Problem> {
        let invocation = self.invocation;
        let idempotency_field = invocation.text("idempotencyField");
        if invocation.json("records").is_some() {
            return match idempotency_field {
                None => self.create_several().await,
                Some(_) => {
                    Err(Problem::invalid("idempotencyField", "for several records: create them one by one"))
                }
            };
        }
        if let Some(field) = idempotency_field {
            let field = field_name(&field, "idempotencyField")?;
            let fields = invocation.fields()?;
            let value = text_of(&fields, &field).or_else(|| invocation.contact_id().map(str::to_owned));
            let value = value.ok_or_else(|| {
                Problem::missing(format!(
                    "the parameter {field} (without a contact, whose id would be taken)"
                ))
            })?;
            return self.upsert_by(&field, &value, fields).await;
        }
        let object = invocation.object()?;
        self.allow(object.as_str(), Verb::Create)?;
        let fields = self.typed(&object, invocation.fields()?).await?;
        let created =
            self.salesforce(async |rest| rest.create(&object, &fields, self.deadline).await).await?;
        Ok(Reply::done().with("recordId", Some(created.id)))
    }

    pub(super) async fn read(&self) -> Result<Reply, Problem> {
        let object = self.invocation.object()?;
        self.allow(object.as_str(), Verb::Read)?;
        let id = self.invocation.record_id(&object)?;
        let fields = self.invocation.field_list("fields")?;
        let record =
            self.salesforce(async |rest| rest.read(&object, &id, &fields, self.deadline).await).await?;
        Ok(Reply::default().with_entries(flatten::flatten(&record.0)))
    }

    pub(super) async fn update(&self) -> Result<Reply, Problem> {
        if self.invocation.json("records").is_some() {
            return self.update_several().await;
        }
        let object = self.invocation.object()?;
        self.allow(object.as_str(), Verb::Update)?;
        let id = self.invocation.record_id(&object)?;
        let fields = self.typed(&object, self.invocation.fields()?).await?;
        self.salesforce(async |rest| rest.update(&object, &id, &fields, self.deadline).await).await?;
        Ok(Reply::done())
    }

    pub(super) async fn upsert(&self) -> Result<Reply, Problem> {
        let field = field_name(&self.invocation.required("externalIdField")?, "externalIdField")?;
        let fields = self.invocation.fields()?;
        let value = self.invocation.text("externalId").map(|text| text.into_owned());
        let value = value.or_else(|| text_of(&fields, &field));
        let value = value.ok_or_else(|| Problem::missing("the parameter externalId"))?;
        self.upsert_by(&field, &value, fields).await
    }

    async fn upsert_by(
        &self,
        field: &FieldName,
        value: &str,
        mut fields: Map<String, Value>,
    ) -> Result<Reply, Problem> {
        if field.as_str().eq_ignore_ascii_case("Id") {
            return Err(Problem::invalid(
                "the external id field",
                "an external id: use updateRecord for a record id",
            ));
        }
        let object = self.invocation.object()?;
        self.allow(object.as_str(), Verb::Create)?;
        self.allow(object.as_str(), Verb::Update)?;
        // Salesforce refuses the key of the request among its fields.
        fields.retain(|name, _| !name.eq_ignore_ascii_case(field.as_str()));
        let fields = self.typed(&object, fields).await?;
        let upserted = self
            .salesforce(async |rest| rest.upsert(&object, field, value, &fields, self.deadline).await)
            .await?;
        Ok(Reply::done()
            .with("recordId", Some(upserted.id))
            .with("created", Some(upserted.created.to_string())))
    }

    pub(super) async fn delete(&self) -> Result<Reply, Problem> {
        let object = self.invocation.object()?;
        self.allow(object.as_str(), Verb::Delete)?;
        let id = self.invocation.record_id(&object)?;
        self.salesforce(async |rest| rest.delete(&object, &id, self.deadline).await).await?;
        Ok(Reply::done())
    }
}

fn text_of(fields: &Map<String, Value>, field: &FieldName) -> Option<String> {
    match flatten::field(fields, field.as_str())? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        value @ (Value::Bool(_) | Value::Number(_)) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
