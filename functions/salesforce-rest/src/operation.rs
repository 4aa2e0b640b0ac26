//! What each method does.

mod alerts;
mod batches;
mod lookups;
mod phones;
mod queries;
mod reads;
mod records;
mod schema;
mod searches;
mod transcripts;

use std::sync::Arc;

use lambda_kit::flow::Reply;
use salesforce::rest::{Describe, Rest};
use tokio::time::Instant;

use crate::App;
use crate::error::Problem;
use crate::invocation::Invocation;
use crate::method::Method;
use crate::policy::Verb;
use crate::remembered::Remembered;

/// What is asked of an org once an hour, and not at every invocation.
#[derive(Default)]
pub(crate) struct OrgFacts {
    /// By the name of the object.
    objects: Remembered<Arc<Describe>>,
    /// The status of service appointments during which callers are put through to the engineer.
    appointment_status: Remembered<String>,
}

/// One invocation on its way to Salesforce.
pub(crate) struct Operation<'a> {
    app: &'a App,
    invocation: &'a Invocation<'a>,
    deadline: Instant,
    /// By when the types of fields must be known. The operation can do without, and needs the rest of the time.
    types_deadline: Instant,
}

impl<'a> Operation<'a> {
    pub(crate) fn new(app: &'a App, invocation: &'a Invocation<'a>, deadline: Instant) -> Self {
        let now = Instant::now();
        let types_deadline = now + deadline.saturating_duration_since(now) / 2;
        Self { app, invocation, deadline, types_deadline }
    }

    pub(crate) async fn run(&self) -> Result<Reply, Problem> {
        match self.invocation.method {
            Method::CreateRecord => self.create().await,
            Method::ReadRecord => self.read().await,
            Method::UpdateRecord => self.update().await,
            Method::UpsertRecord => self.upsert().await,
            Method::DeleteRecord => self.delete().await,
            Method::QueryRecord => self.query_record().await,
            Method::QueryRecords => self.query_records().await,
            Method::SearchRecord => self.search_record().await,
            Method::ParameterizedSearch => self.parameterized_search().await,
            Method::PhoneLookup => self.phone_lookup().await,
            Method::UploadTranscript => self.upload_transcript().await,
            Method::FetchUploadIdsStatus => self.upload_status().await,
            Method::RealtimeAlertEvent => self.realtime_alert().await,
            Method::SfsPhoneCallFlowQuery => self.field_engineer().await,
            Method::FetchOutboundPhoneNumber => self.outbound_number().await,
            Method::FetchAgentPhoneNumber => self.agent_number().await,
            Method::FetchDefaultVoicemailGreetingUrl => self.voicemail_greeting().await,
        }
    }

    fn allow(&self, object: &str, verb: Verb) -> Result<(), Problem> {
        let refused = || Problem::NotAllowed { object: object.to_owned(), verb };
        self.app.policy.allows(object, verb).then_some(()).ok_or_else(refused)
    }

    /// Runs one Salesforce request in the org that serves the invocation.
    async fn salesforce<T>(
        &self,
        request: impl AsyncFn(&Rest) -> Result<T, salesforce::Error>,
    ) -> Result<T, Problem> {
        self.ask(self.invocation.can_wait(), self.deadline, request).await
    }

    async fn ask<T>(
        &self,
        can_wait: bool,
        deadline: Instant,
        request: impl AsyncFn(&Rest) -> Result<T, salesforce::Error>,
    ) -> Result<T, Problem> {
        let secret_name = self.invocation.secret_name();
        let request = async |rest: &Rest| {
            if can_wait { request(&rest.deferrable()).await } else { request(rest).await }
        };
        // Boxed: the future of a request is large, and every method would hold one.
        Ok(Box::pin(self.app.call_centers.rest(secret_name.as_deref(), deadline, request)).await?)
    }
}
