//! What Amazon Connect sends to EventBridge.

use std::time::Duration;

use serde_json::{Value, json};

use super::Telling;
use crate::script::call::Leg;
use crate::script::scene::uuid_of;
use crate::script::timeline::EventKind;

/// How long the first step of routing criteria waits for its agent, in seconds.
const ROUTING_STEP_SECONDS: u64 = 20;

impl Telling<'_> {
    /// A contact event, in its EventBridge envelope. It knows what has happened until then, no more.
    ///
    /// Shape: <https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html>.
    pub(crate) fn contact_event(&self, number: usize, kind: &EventKind, at: Duration) -> Value {
        let Some(leg) = self.leg(number) else { return Value::Null };
        let scene = self.scene;
        let (instance, contact_id) = (scene.instance, scene.contact_id(number));
        json!({
            "version": "0",
            "id": uuid_of(&format!("{contact_id}/{}/{}", kind.name(), at.as_millis())).to_string(),
            "detail-type": "Amazon Connect Contact Event",
            "source": "aws.connect",
            "account": instance.account_id(),
            "time": scene.seconds(at),
            "region": instance.region(),
            "resources": [instance.arn(), format!("{}/contact/{contact_id}", instance.arn())],
            "detail": self.detail(number, leg, kind, at),
        })
    }

    fn detail(&self, number: usize, leg: &Leg, kind: &EventKind, at: Duration) -> Value {
        let scene = self.scene;
        let instance = scene.instance;
        let mut detail = json!({
            "eventType": kind.name(),
            "contactId": scene.contact_id(number),
            "channel": "VOICE",
            "instanceArn": instance.arn(),
            "initiationMethod": leg.initiation_method,
            "initiationTimestamp": scene.millis(leg.initiated),
            "segmentAttributes": {"connect:Subtype": {"valueString": self.subtype()}},
            "tags": self.tags(number),
        });
        // Absent rather than null: that is how these events say that something is not there (yet).
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                detail[name] = value;
            }
        };
        add("initialContactId", scene.initial_contact_id(number).map(Value::from));
        add("previousContactId", scene.previous_contact_id(number).map(Value::from));
        let connected = leg.connected_to_system.filter(|time| *time <= at);
        add("connectedToSystemTimestamp", connected.map(|time| scene.millis(time).into()));
        let queue = leg.queue.as_ref().filter(|queue| queue.enqueued <= at);
        add(
            "queueInfo",
            queue.map(|queue| {
                json!({
                    "queueArn": queue.queue.arn(instance),
                    "queueType": if queue.queue.name().is_some() { "STANDARD" } else { "AGENT" },
                    "enqueueTimestamp": scene.millis(queue.enqueued),
                })
            }),
        );
        let agent = leg.agent.as_ref().filter(|agent| agent.at <= at);
        add(
            "agentInfo",
            agent.map(|agent| {
                let mut info = json!({
                    "agentArn": instance.agent_arn(&agent.username),
                    "connectedToAgentTimestamp": scene.millis(agent.at),
                });
                if *kind == EventKind::Completed {
                    info["afterContactWorkStartTimestamp"] = scene.millis(leg.disconnected).into();
                    info["afterContactWorkEndTimestamp"] = scene.millis(leg.completed()).into();
                    info["afterContactWorkDuration"] = leg.wrap_up.as_secs().into();
                }
                info
            }),
        );
        if leg.disconnected <= at {
            add("disconnectTimestamp", Some(scene.millis(leg.disconnected).into()));
            add("disconnectReason", Some(leg.disconnect_reason.into()));
        }
        if let EventKind::RoutingExpired(agent) = kind {
            add("updatedProperties", Some(json!(["RoutingCriteria.Step.Status"])));
            add("routingCriteria", Some(self.expired_criteria(agent, at)));
        }
        detail
    }

    /// The step that asked for one agent is over; the next takes any agent of the queue.
    fn expired_criteria(&self, agent: &str, at: Duration) -> Value {
        let scene = self.scene;
        let arn = scene.instance.agent_arn(agent);
        let agent_id = arn.rsplit('/').next();
        json!({
            "steps": [
                {
                    "expiry": {
                        "durationInSeconds": ROUTING_STEP_SECONDS,
                        "expiryTimestamp": scene.millis(at),
                    },
                    "expression": {"attributeCondition": {
                        "comparisonOperator": "Match",
                        "matchCriteria": {"agentsCriteria": {"agentIds": [agent_id]}},
                    }},
                    "status": "EXPIRED",
                },
                {
                    "expression": {"attributeCondition": {
                        "name": "Language",
                        "value": "English",
                        "proficiencyLevel": 1.0,
                        "comparisonOperator": "NumberGreaterOrEqualTo",
                    }},
                    "status": "ACTIVE",
                },
            ],
            "activationTimestamp": scene.millis(at.saturating_sub(Duration::from_secs(ROUTING_STEP_SECONDS))),
            "index": 1,
        })
    }
}
