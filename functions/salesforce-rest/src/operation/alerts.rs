//! The platform event that tells supervisors about an alarm.

use lambda_kit::flow::Reply;
use salesforce::ObjectName;
use serde_json::Value;

use super::Operation;
use crate::error::Problem;
use crate::invocation::object_name;
use crate::policy::Verb;

const OBJECT: &str = "RealtimeAlertEvent";

impl Operation<'_> {
    pub(super) async fn realtime_alert(&self) -> Result<Reply, Problem> {
        let object: ObjectName = object_name(OBJECT, "the event")?;
        self.allow(OBJECT, Verb::Create)?;
        let mut fields = self.typed(&object, self.invocation.fields()?).await?;
        if let Some(severity) = fields.0.get_mut("Severity").filter(|severity| **severity == "Informational")
        {
            // The picklist has Information; what sends alerts today says Informational.
            *severity = Value::from("Information");
        }
        let created =
            self.salesforce(async |rest| rest.create(&object, &fields, self.deadline).await).await?;
        // A published event is accepted and still has an "error", OPERATION_ENQUEUED.
        let errors: Vec<String> = created.errors.into_iter().map(|error| error.status_code).collect();
        Ok(Reply::done().with("id", Some(created.id)).with("errors", Some(errors.join(", "))))
    }
}
