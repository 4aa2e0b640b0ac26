//! Invoking other functions.
//! <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>

use std::fmt;

use aws_config::SdkConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use serde_json::Value;
use tokio::time::Instant;

use crate::aws::AwsError;
use crate::env::Env;
use crate::signed::{Reply, SignedRequest, SignedService, segment};

const EVENT: (&str, &str) = ("x-amz-invocation-type", "Event");
const REQUEST_RESPONSE: (&str, &str) = ("x-amz-invocation-type", "RequestResponse");

/// The functions of the account.
pub struct Functions {
    lambda: SignedService,
    /// For answers that take as long as the function works.
    patient: SignedService,
}

/// What a function that was waited for came to.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// Its reply, JSON.
    Replied(String),
    /// It failed, with this `errorType` and `errorMessage`.
    Failed {
        /// Empty if Lambda tells none.
        error_type: String,
        /// Empty if Lambda tells none.
        message: String,
    },
}

impl fmt::Debug for Answer {
    /// Without the reply: it may be about people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Replied(reply) => write!(f, "Replied({} bytes)", reply.len()),
            Answer::Failed { error_type, message } => write!(f, "Failed({error_type}: {message})"),
        }
    }
}

impl Functions {
    /// No I/O.
    pub fn new(env: &Env<'_>, sdk: &SdkConfig) -> Self {
        let mut timeouts = TimeoutConfig::builder();
        timeouts.set_connect_timeout(sdk.timeout_config().and_then(TimeoutConfig::connect_timeout));
        let patient = sdk.to_builder().timeout_config(timeouts.build()).build();
        Self {
            lambda: SignedService::new(env, sdk, "lambda"),
            patient: SignedService::new(env, &patient, "lambda"),
        }
    }

    /// Has Lambda invoke a function, named by its name or ARN, with this event, and does not wait for it.
    ///
    /// Lambda has accepted the event when this returns; it may invoke the function more than once.
    ///
    /// # Errors
    /// Lambda did not accept the event. (After a time-out it may have, nevertheless.)
    pub async fn start(&self, function: &str, event: &str, deadline: Instant) -> Result<(), AwsError> {
        post(&self.lambda, function, EVENT, event, deadline).await.map(drop)
    }

    /// Invokes a function, named by its name or ARN, with this event, and waits until it is done, which may take as long as
    /// there is until the deadline.
    ///
    /// # Errors
    /// Lambda did not invoke it, or the answer did not arrive; then the function may have been invoked, and more than once.
    pub async fn invoke(&self, function: &str, event: &str, deadline: Instant) -> Result<Answer, AwsError> {
        let reply = post(&self.patient, function, REQUEST_RESPONSE, event, deadline).await?;
        if reply.headers.get("x-amz-function-error").is_none() {
            return Ok(Answer::Replied(reply.body));
        }
        let error: Value = serde_json::from_str(&reply.body).unwrap_or_default();
        let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Answer::Failed { error_type: text("errorType"), message: text("errorMessage") })
    }
}

async fn post(
    lambda: &SignedService,
    function: &str,
    kind: (&'static str, &'static str),
    event: &str,
    deadline: Instant,
) -> Result<Reply, AwsError> {
    let request = SignedRequest {
        action: "lambda:InvokeFunction",
        resource: &format!("function {function}"),
        path: &format!("/2015-03-31/functions/{}/invocations", segment(function)),
        headers: &[kind],
        body: event,
    };
    lambda.exchange(&request, deadline).await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use local_aws::LocalAws;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::aws::tests::soon;

    /// Invokes a function that answers once, with this, after a while that is longer than an attempt may take.
    async fn answer(head: &str, body: &str) -> (Result<Answer, AwsError>, String) {
        let aws = LocalAws::start().await.unwrap();
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(20)).build();
        let sdk = aws.sdk_config().await.into_builder().timeout_config(timeouts).build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let reply = format!("HTTP/1.1 200 OK\r\n{head}content-length: {}\r\n\r\n{body}", body.len());
        let asked = tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 16 * 1024];
            let length = connection.read(&mut request).await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
            connection.write_all(reply.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let look_up = |variable: &str| (variable == "AWS_ENDPOINT_URL_LAMBDA").then(|| url.clone());
        let functions = Functions::new(&Env::new(&look_up), &sdk);
        (functions.invoke("f:active", "{}", soon()).await, asked.await.unwrap())
    }

    #[tokio::test]
    async fn a_function_is_waited_for_as_long_as_it_works() {
        let (answer, asked) = answer("", r#"{"done":"+12065550100"}"#).await;
        let answer = answer.unwrap();
        assert!(asked.contains("x-amz-invocation-type: RequestResponse"), "{asked}");
        assert!(!format!("{answer:?}").contains("5550100"));
        assert_eq!(answer, Answer::Replied(r#"{"done":"+12065550100"}"#.into()));
    }

    #[tokio::test]
    async fn a_function_that_fails_says_why_as_far_as_lambda_knows() {
        let failed = |error_type: &str, message: &str| Answer::Failed {
            error_type: error_type.into(),
            message: message.into(),
        };
        let head = "x-amz-function-error: Unhandled\r\n";
        let told = answer(head, r#"{"errorType":"Down","errorMessage":"come later"}"#).await.0.unwrap();
        assert_eq!(told, failed("Down", "come later"));
        assert_eq!(answer(head, "").await.0.unwrap(), failed("", ""));
    }
}
