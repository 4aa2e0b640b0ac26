//! Where a contact waits for an agent, and how an agent passes it on.

use serde::Deserialize;

use super::scene::Instance;

/// Where a contact waits for an agent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(from = "TargetForm")]
pub enum Target {
    /// In the queue of this name.
    Queue(String),
    /// In the agent's own queue, for the agent of this user name.
    Agent(String),
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields, expecting = "a queue is a name, or {agent: name} for the agent's own")]
enum TargetForm {
    Queue(String),
    Agent { agent: String },
}

impl From<TargetForm> for Target {
    fn from(form: TargetForm) -> Self {
        match form {
            TargetForm::Queue(name) => Self::Queue(name),
            TargetForm::Agent { agent } => Self::Agent(agent),
        }
    }
}

impl Target {
    /// The ARN of the queue.
    pub fn arn(&self, instance: Instance) -> String {
        match self {
            Self::Queue(name) => instance.queue_arn(name),
            Self::Agent(username) => instance.agent_queue_arn(username),
        }
    }

    /// The name of the queue; that of an agent has none.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Queue(name) => Some(name),
            Self::Agent(_) => None,
        }
    }
}

/// A transfer by an agent: to a queue, to an agent, or to whomever the flow finds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "TransferForm")]
pub struct Transfer {
    /// Where the quick connect leads. With a flow it is what the flow begins with; without one the contact waits there at once.
    pub to: Option<Target>,
    /// The flow of the quick connect, by name or file.
    pub flow: Option<String>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "a transfer is the name of a queue, or {queue, flow}, {agent, flow} or {flow}"
)]
enum TransferForm {
    Queue(String),
    Detailed { queue: Option<String>, agent: Option<String>, flow: Option<String> },
}

impl TryFrom<TransferForm> for Transfer {
    type Error = &'static str;

    fn try_from(form: TransferForm) -> Result<Self, Self::Error> {
        let (to, flow) = match form {
            TransferForm::Queue(name) => (Some(Target::Queue(name)), None),
            TransferForm::Detailed { queue: Some(_), agent: Some(_), .. } => {
                return Err("a transfer leads to a queue or to an agent, not to both");
            }
            TransferForm::Detailed { queue, agent, flow } => {
                (queue.map(Target::Queue).or(agent.map(Target::Agent)), flow)
            }
        };
        if to.is_none() && flow.is_none() {
            return Err("a transfer needs a queue, an agent, or a flow that finds one");
        }
        Ok(Self { to, flow })
    }
}
