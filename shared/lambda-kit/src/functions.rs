//! Invoking other functions.

use aws_config::SdkConfig;
use tokio::time::Instant;

use crate::aws::AwsError;
use crate::env::Env;
use crate::signed::{SignedRequest, SignedService, segment};

/// The functions of the account.
pub struct Functions(SignedService);

impl Functions {
    /// No I/O.
    pub fn new(env: &Env<'_>, sdk: &SdkConfig) -> Self {
        Self(SignedService::new(env, sdk, "lambda"))
    }

    /// Has Lambda invoke a function, named by its name or ARN, with this event, and does not wait for it.
    /// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
    ///
    /// Lambda has accepted the event when this returns; it may invoke the function more than once.
    ///
    /// # Errors
    /// Lambda did not accept the event. (After a time-out it may have, nevertheless.)
    pub async fn start(&self, function: &str, event: &str, deadline: Instant) -> Result<(), AwsError> {
        let request = SignedRequest {
            action: "lambda:InvokeFunction",
            resource: &format!("function {function}"),
            path: &format!("/2015-03-31/functions/{}/invocations", segment(function)),
            headers: &[("x-amz-invocation-type", "Event")],
            body: event,
        };
        self.0.post(&request, deadline).await.map(drop)
    }
}
