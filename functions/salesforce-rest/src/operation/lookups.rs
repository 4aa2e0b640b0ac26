//! Look-ups that flows know by name. What is not found is a reply without it, as it is today; a query that fails is an
//! error, which it was not.

use std::borrow::Cow;

use lambda_kit::flow::Reply;
use salesforce::Fields;
use tokio::time::Instant;
use tracing::warn;

use super::Operation;
use crate::error::Problem;
use crate::flatten;

const OUTBOUND_NUMBER: &str = "SELECT MessagingPlatformKey FROM MessagingChannel \
     WHERE MessageType = 'Voice' AND IsActive = true \
     AND Id IN (SELECT ChannelId FROM ContactCenterChannel WHERE ContactCenter.InternalName = {callCenter:text}) \
     AND SessionHandlerId IN (SELECT ReferenceRecordId FROM CallCenterRoutingMap WHERE ExternalId = {agentARN:text}) \
     LIMIT 1";

const AGENT_NUMBER: &str = "SELECT Phone FROM User \
     WHERE Id IN (SELECT ReferenceRecordId FROM CallCenterRoutingMap WHERE ExternalId = {agentARN:text}) LIMIT 1";

const VOICEMAIL_GREETING: &str = "SELECT VoiceMailGreeting2.GreetingUrl FROM VoiceMailGreeting2Rep \
     WHERE VoiceMailGreeting2.Type = 'DROP' AND IsDefault = true \
     AND RepId IN (SELECT ReferenceRecordId FROM CallCenterRoutingMap WHERE ExternalId = {agentARN:text}) LIMIT 1";

const APPOINTMENT_STATUS: &str = "SELECT ApptAssistantStatus FROM FieldServiceOrgSettings LIMIT 1";

/// What Field Service itself starts with.
const DEFAULT_APPOINTMENT_STATUS: &str = "En Route";

const FIELD_ENGINEER: &str = "SELECT ServiceResource.RelatedRecord.Phone, ServiceResource.RelatedRecord.FirstName, \
     ServiceAppointment.Contact.FirstName, ServiceAppointment.Contact.LastName, \
     ServiceAppointment.Contact.Salutation FROM AssignedResource \
     WHERE LocationStatus IN ('EnRoute', 'LastMile') AND ServiceAppointment.Status = {status:text} \
     AND ServiceAppointment.Contact.Phone = {phone:text} ORDER BY AssignedResourceNumber DESC LIMIT 1";

impl Operation<'_> {
    /// A flow without an agent gets a reply without an answer, as it does today.
    fn agent(&self) -> Option<Cow<'_, str>> {
        let agent = self.invocation.text("agentARN");
        if agent.is_none() {
            warn!("the parameter agentARN is missing: set it in the flow block to $.Agent.ARN");
        }
        agent
    }

    /// The number of the channel that the agent (or queue) of `agentARN` serves.
    pub(super) async fn outbound_number(&self) -> Result<Reply, Problem> {
        let Some(agent) = self.agent() else {
            return Ok(Reply::done());
        };
        let secret_name = self.invocation.secret_name();
        let call_centers = &self.app.call_centers;
        let call_center = call_centers.call_center_api_name(secret_name.as_deref(), self.deadline).await?;
        let rows = self.rows(OUTBOUND_NUMBER, &[("callCenter", &call_center), ("agentARN", &agent)]).await?;
        Ok(Reply::done().with("outboundPhoneNumber", text_at(&rows, &["MessagingPlatformKey"])))
    }

    /// The agent's own number.
    pub(super) async fn agent_number(&self) -> Result<Reply, Problem> {
        let Some(agent) = self.agent() else {
            return Ok(Reply::done());
        };
        let rows = self.rows(AGENT_NUMBER, &[("agentARN", &agent)]).await?;
        Ok(Reply::done().with("outboundPhoneNumber", text_at(&rows, &["Phone"])))
    }

    /// The address of the agent's own greeting.
    pub(super) async fn voicemail_greeting(&self) -> Result<Reply, Problem> {
        let Some(agent) = self.agent() else {
            return Ok(Reply::done());
        };
        let rows = self.rows(VOICEMAIL_GREETING, &[("agentARN", &agent)]).await?;
        Ok(Reply::done().with("GreetingUrl", text_at(&rows, &["VoiceMailGreeting2", "GreetingUrl"])))
    }

    /// Who of Field Service is on the way to the caller.
    pub(super) async fn field_engineer(&self) -> Result<Reply, Problem> {
        let status = |status| Reply::done().with("statusCode", Some("200")).with("status", Some(status));
        let Some(phone) = self.invocation.customer_address().filter(|address| is_phone_number(address))
        else {
            return Ok(status("ANONYMOUS"));
        };
        let appointment = self.appointment_status().await?;
        let rows = self.rows(FIELD_ENGINEER, &[("status", &appointment), ("phone", phone)]).await?;
        let engineer = |field| text_at(&rows, &["ServiceResource", "RelatedRecord", field]);
        let customer = |field| text_at(&rows, &["ServiceAppointment", "Contact", field]);
        let Some(number) = engineer("Phone") else {
            let message = "no engineer with a phone number is on the way to the caller";
            return Ok(status("PHONE_NOT_FOUND").with("msg", Some(message)));
        };
        Ok(status("TRANSFER_CALL")
            .with("engPhone", Some(number))
            .with("engFirstName", engineer("FirstName"))
            .with("cusFirstName", customer("FirstName"))
            .with("cusLastName", customer("LastName"))
            .with("cusSalutation", customer("Salutation")))
    }

    /// Which status means that the engineer is on the way: a setting of the org, asked for once an hour.
    async fn appointment_status(&self) -> Result<String, Problem> {
        let org = self.invocation.secret_name().unwrap_or_default();
        let (known, setting) = (&self.app.facts.appointment_status, "ApptAssistantStatus");
        if let Some(status) = known.get(&org, setting, Instant::now()) {
            return Ok(status);
        }
        let rows = self.rows(APPOINTMENT_STATUS, &[]).await?;
        let status = text_at(&rows, &[setting]).unwrap_or(DEFAULT_APPOINTMENT_STATUS).to_owned();
        known.insert(&org, setting, status.clone(), Instant::now());
        Ok(status)
    }
}

/// A text of the first row, through relationships.
fn text_at<'a>(rows: &'a [Fields], path: &[&str]) -> Option<&'a str> {
    let (field, relationships) = path.split_last()?;
    let record = relationships.iter().try_fold(&rows.first()?.0, |record, relationship| {
        flatten::field(record, relationship)?.as_object()
    })?;
    flatten::field(record, field)?.as_str()
}

/// As it is today: a withheld number, or the address of an app, is nobody's number.
fn is_phone_number(address: &str) -> bool {
    let digits = address.strip_prefix('+').unwrap_or(address);
    (8..=20).contains(&address.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
