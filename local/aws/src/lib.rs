//! Stand-ins for the AWS operations that the functions call, and for nothing else.
//!
//! [`LocalAws`] listens on a loopback address and speaks AWS's own JSON protocols, so a function needs no code path
//! of its own: with [`LocalAws::environment`] in its environment it finds everything it would find in an account.
//!
//! | service | operations |
//! |---|---|
//! | Secrets Manager | `GetSecretValue` |
//! | SSM Parameter Store | `GetParameters` |
//! | SQS | `SendMessage`, `ReceiveMessage`, `DeleteMessage` |
//! | DynamoDB | `PutItem`, `GetItem`, `UpdateItem`, `DeleteItem` |
//!
//! What a stand-in cannot do it refuses, with an error that says so: an option that is silently ignored here would
//! be a surprise in an account. Everything is kept in memory and is gone with the last handle.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! let aws = local_aws::LocalAws::start().await?;
//! aws.put_secret("center-salesforce-secret", r#"{"SALESFORCE_ORG_ID":"00D000000000001"}"#);
//! let dead_letters = aws.create_queue("dead-letters");
//! let mut function = tokio::process::Command::new("target/debug/voice-call");
//! function.envs(aws.environment()).env("DEAD_LETTER_QUEUE_URL", dead_letters);
//! # Ok(()) }
//! ```

mod dynamodb;
mod environment;
mod error;
mod failures;
mod local_aws;
mod parameters;
mod queues;
mod secrets;
mod server;
mod service;
mod signature;

pub use failures::Failure;
pub use local_aws::LocalAws;
pub use server::Request;

/// The account that every ARN and queue URL names: the one of AWS's own examples.
const ACCOUNT_ID: &str = "123456789012";

/// The region that the stand-ins are in. Requests signed for another one are refused, as AWS does.
const REGION: &str = "us-east-1";

/// Locks what is behind a mutex. State is only ever replaced whole, so it is sound even after a panic elsewhere.
fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
