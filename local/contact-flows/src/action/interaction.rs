//! What reaches out: to functions, to phones, to the callback queue.
//!
//! <https://docs.aws.amazon.com/connect/latest/devguide/interactions.html>

use super::{Count, QueueTarget, words};
use crate::shape::Shape;
use crate::text::Text;

words! {
    /// How a function is invoked.
    pub enum Mode {
        /// The flow waits for the answer, at most 8 s.
        Synchronous = "SYNCHRONOUS",
        /// The flow goes on; the function has at most 60 s.
        Asynchronous = "ASYNCHRONOUS",
    }
}

impl Mode {
    /// The longest time limit, in seconds. 8 s by the action's page; 60 s for asynchronous invocations by the block's page,
    /// <https://docs.aws.amazon.com/connect/latest/adminguide/invoke-lambda-function-block.html>.
    pub fn longest(self) -> u64 {
        match self {
            Self::Synchronous => 8,
            Self::Asynchronous => 60,
        }
    }
}

words! {
    /// What a function may answer.
    pub enum ResponseType {
        /// A flat object of texts. Also if the flow says nothing.
        StringMap = "STRING_MAP",
        /// Any JSON.
        Json = "JSON",
    }
}

/// `InvokeLambdaFunction`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/interactions-invokelambdafunction.html>.
#[derive(Clone, Debug, PartialEq)]
pub struct InvokeLambdaFunction {
    /// The ARN of the function.
    pub function: Text,
    /// Seconds for the invocation with all its repetitions.
    pub time_limit: u64,
    /// Whether the flow waits.
    pub mode: Mode,
    /// The event's `Parameters`. Amazon documents texts; nested values are passed as they are.
    pub attributes: Vec<(Text, Shape)>,
    /// What is accepted as an answer.
    pub response: ResponseType,
}

/// The same block of the designer, set to "Load Lambda result":
/// <https://docs.aws.amazon.com/connect/latest/adminguide/invoke-lambda-function-block.html>. Amazon documents the block, but not
/// how the flow language spells it; this spelling follows the block's labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadLambdaResult {
    /// Which invocation: `$.LambdaInvocation.InvocationId` is the latest.
    pub invocation: Text,
    /// What is accepted as an answer.
    pub response: ResponseType,
}

/// `TransferParticipantToThirdParty`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/participant-actions-transferparticipanttothirdparty.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferParticipantToThirdParty {
    /// The number that is called, in E.164 form; `None` where a voice connector is.
    pub number: Option<Text>,
    /// Seconds to wait for an answer.
    pub time_limit: Option<Count>,
    /// Whether the flow goes on when the other party has hung up.
    pub continues: bool,
    /// Keys that are pressed once the other party has answered.
    pub keys: Option<Text>,
    /// The number that the called one sees.
    pub caller_id: Option<Text>,
    /// The name that the called one sees.
    pub caller_name: Option<Text>,
}

/// `CreateCallbackContact`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/interactions-createcallbackcontact.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateCallbackContact {
    /// The queue that the callback waits in.
    pub queue: QueueTarget,
    /// Seconds before it is queued.
    pub initial_delay: Count,
    /// Seconds between two attempts.
    pub retry_delay: Count,
    /// How many attempts.
    pub attempts: Count,
    /// The flow that the callback runs first, by id or ARN.
    pub flow: Option<Text>,
    /// The number that the called one sees.
    pub caller_id: Option<Text>,
}
