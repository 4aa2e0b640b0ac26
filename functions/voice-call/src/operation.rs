//! What each method does.

use chrono::Utc;
use lambda_kit::flow::{FlowError, Reply};
use salesforce::telephony::{CreateVoiceCall, Message, RequestCallback, Telephony, UpdateVoiceCall};
use serde_json::Value;
use tokio::time::Instant;
use tracing::{error, warn};

use crate::App;
use crate::error::HandlerError;
use crate::invocation::Invocation;
use crate::mapping;
use crate::method::Method;
use crate::reply::Told;

/// One invocation on its way to Salesforce.
pub(crate) struct Operation<'a> {
    pub(crate) app: &'a App,
    pub(crate) invocation: &'a Invocation<'a>,
    pub(crate) deadline: Instant,
}

impl Operation<'_> {
    pub(crate) async fn run(&self) -> Result<Reply, HandlerError> {
        let Self { invocation, deadline, .. } = *self;
        let call = &invocation.call;
        match invocation.method {
            Method::CreateVoiceCall => {
                self.create(mapping::inbound(invocation.required_contact()?, call, Utc::now())).await
            }
            Method::CreateTransferVc => self.create(mapping::transfer(invocation, Utc::now())?).await,
            Method::ExecuteOmniFlow => {
                let request = mapping::omni_flow(invocation)?;
                self.salesforce(async |client| client.execute_omni_flow(call, &request, deadline).await).await
            }
            Method::CancelOmniFlowExecution => {
                self.salesforce(async |client| client.clear_routing(call, deadline).await).await
            }
            Method::RerouteFlowExecution => {
                self.salesforce(async |client| client.reroute(call, deadline).await).await
            }
            Method::RouteVoiceCall => {
                let request = mapping::route(invocation)?;
                self.salesforce(async |client| client.route(call, &request, deadline).await).await
            }
            Method::CallbackExecution => {
                let callback_number = invocation.required_text("customerCallbackNumber")?.into();
                let request = RequestCallback { callback_number };
                self.salesforce(async |client| client.request_callback(call, &request, deadline).await).await
            }
            Method::UpdateVoiceCall => {
                let request = UpdateVoiceCall { other: invocation.field_values()?, ..Default::default() };
                self.salesforce(async |client| client.update_voice_call(call, &request, deadline).await).await
            }
            Method::SendMessage => self.send_message().await,
            Method::UpdateCache => Ok(self.update_cache().await),
        }
    }

    /// Runs one Salesforce operation for the call center that serves the invocation.
    async fn salesforce<T: Told>(
        &self,
        operation: impl AsyncFn(&Telephony) -> Result<T, salesforce::Error>,
    ) -> Result<Reply, HandlerError> {
        self.for_call_center(operation).await.map(Told::told)
    }

    async fn for_call_center<T>(
        &self,
        operation: impl AsyncFn(&Telephony) -> Result<T, salesforce::Error>,
    ) -> Result<T, HandlerError> {
        let secret_name = self.invocation.secret_name();
        // Boxed: the future of a request is large, and every method would hold one.
        let result =
            Box::pin(self.app.call_centers.telephony(secret_name.as_deref(), self.deadline, operation));
        result.await.map_err(|source| HandlerError::CallCenter { method: self.invocation.method, source })
    }

    /// Creates the VoiceCall once: a repetition of the invocation is answered with what was created.
    async fn create(&self, request: CreateVoiceCall) -> Result<Reply, HandlerError> {
        let Self { app, invocation, deadline } = *self;
        let (method, contact_id) = (invocation.method, invocation.call.as_str());
        if let Some(created) = app.created.get(method, contact_id) {
            return Ok(created.told());
        }
        let create = self.for_call_center(async |client| client.create_voice_call(&request, deadline).await);
        let (created, noted) = tokio::join!(create, self.note_call_center());
        if let Err(problem) = noted {
            // The call itself is fine; only its contact events would be looked up under the default call center.
            warn!(contact_id, "the call center of the contact was not noted in CallState: {problem}");
        }
        let created = created?;
        app.created.remember(method, contact_id, created.clone());
        Ok(created.told())
    }

    /// A failed delivery is a reply, not an error, as it is today: the Lambdas that send messages this way read from
    /// streams, and an error would hold up the stream.
    async fn send_message(&self) -> Result<Reply, HandlerError> {
        let Self { invocation, deadline, .. } = *self;
        let fields = Value::Object(invocation.field_values()?.0);
        let message: Message = connect::from_value(fields).map_err(|e| {
            invocation.invalid("fieldValues", format!("a message: at {}: {}", e.path(), e.problem()))
        })?;
        let call = &invocation.call;
        let sent =
            self.for_call_center(async |client| client.send_message(call, &message, deadline).await).await;
        Ok(match sent {
            Ok(accepted) => Reply::default()
                .with("result", Some(accepted.status.unwrap_or_else(|| "Accepted".to_owned()))),
            Err(e) => {
                error!(contact_id = %call, error_type = e.kind(), status = e.status(), "{e}");
                Reply::failure(&e).with("result", Some("Error"))
            }
        })
    }

    /// Answers with a status, as it does today, and not with an error.
    async fn update_cache(&self) -> Reply {
        let contact_id = self.invocation.call.as_str();
        let (status, message) = match self.note_call_center().await {
            Ok(()) => ("200", "Cache updated successfully"),
            Err(problem) => {
                error!(contact_id, "the call center of the contact was not noted in CallState: {problem}");
                ("500", "Failed to update cache")
            }
        };
        Reply::default()
            .with("statusCode", Some(status))
            .with("message", Some(message))
            .with("contactId", Some(contact_id))
    }

    /// Notes which secret serves the contact, for the functions whose events do not say. Nothing to note for a
    /// contact that names none: it is served by the default.
    async fn note_call_center(&self) -> Result<(), lambda_kit::aws::AwsError> {
        let (Some(state), Some(name)) = (&self.app.state, self.invocation.secret_name()) else {
            return Ok(());
        };
        state.note_call_center(self.invocation.call.as_str(), &name, self.deadline).await
    }
}
