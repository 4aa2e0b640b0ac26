//! What decides the way through a flow.
//!
//! <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions.html>

use super::{Count, words};
use crate::shape::Shape;
use crate::text::Text;

/// Which queue: of `UpdateContactTargetQueue`, `DequeueContactAndTransferToQueue`, metrics and callbacks.
/// <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontacttargetqueue.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueTarget {
    /// A queue, by id or ARN.
    Queue(Text),
    /// The queue of an agent, by the agent's id or ARN.
    Agent(Text),
    /// The contact's queue.
    Current,
}

/// `CheckHoursOfOperation`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-checkhoursofoperation.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckHoursOfOperation {
    /// The hours, by id or ARN; those of the contact's queue if the flow says nothing.
    pub hours: Option<Text>,
}

words! {
    /// A figure of a queue.
    pub enum Metric {
        /// How many agents are available.
        AgentsAvailable = "NumberOfAgentsAvailable",
        /// How many agents are available, in after-contact work, or busy.
        AgentsStaffed = "NumberOfAgentsStaffed",
        /// How many agents are logged in and not offline.
        AgentsOnline = "NumberOfAgentsOnline",
        /// How long the oldest contact waits. In milliseconds, despite its name: the console writes `300000` for 5 minutes.
        OldestContact = "OldestContactInQueueAgeSeconds",
        /// How many contacts wait.
        Contacts = "NumberOfContactsInQueue",
    }
}

/// `CheckMetricData`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-checkmetricdata.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckMetricData {
    /// Which figure.
    pub metric: Metric,
    /// Of which queue.
    pub queue: QueueTarget,
}

/// `GetMetricData`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-getmetricdata.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetMetricData {
    /// Of which queue.
    pub queue: QueueTarget,
    /// `Voice` or `Chat`; all channels if the flow says nothing.
    pub channel: Option<Text>,
}

/// `Compare`: <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-compare.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compare {
    /// What is compared.
    pub value: Text,
}

/// `Loop`: <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-loop.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// How often the result is `ContinueLooping` before it is `DoneLooping` once: 0 to 100.
    pub count: Count,
}

/// `Wait`: <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-wait.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Seconds, at most seven days. The page calls it `TimeoutSeconds`, exports `TimeLimitSeconds`.
    pub time_limit: Count,
    /// The events that end the wait sooner.
    pub events: Vec<String>,
}

/// `TransferToFlow`: <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-transfertoflow.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferToFlow {
    /// The flow, by id or ARN.
    pub flow: Text,
}

/// `InvokeFlowModule`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions-invoke-flow-module.html>.
#[derive(Clone, Debug, PartialEq)]
pub struct InvokeFlowModule {
    /// The module, by id or ARN.
    pub module: Text,
    /// What the module reads as `$.Modules.Input`.
    pub input: Vec<(Text, Shape)>,
}

/// `EndFlowModuleExecution`: <https://docs.aws.amazon.com/connect/latest/devguide/endflowmoduleexecution.html>.
#[derive(Clone, Debug, PartialEq)]
pub struct EndFlowModuleExecution {
    /// The result that the caller's conditions are compared with, `$.Modules.Result`.
    pub result: Option<Text>,
    /// What the caller reads as `$.Modules.ResultData`.
    pub data: Vec<(Text, Shape)>,
}

/// `UpdateFlowAttributes`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-updateflowattributes.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateFlowAttributes {
    /// What is set: names and values.
    pub attributes: Vec<(Text, Text)>,
}

/// `UpdateFlowLoggingBehavior`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-updateflowloggingbehavior.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateFlowLoggingBehavior {
    /// Whether the flow writes its log.
    pub enabled: bool,
}
