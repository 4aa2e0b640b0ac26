//! Routing criteria: whom a queued contact waits for, step by step.
//!
//! <https://docs.aws.amazon.com/connect/latest/APIReference/API_RoutingCriteria.html>

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::lenient;
use crate::open_enum::open_enum;

/// Steps that are tried one after the other; after the last, any agent of the queue will do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoutingCriteria {
    /// The steps, in the order in which they are tried.
    #[serde(
        alias = "Steps",
        default,
        deserialize_with = "lenient::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub steps: Vec<RoutingStep>,
    /// When the contact was put into the queue.
    #[serde(
        alias = "ActivationTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub activation_timestamp: Option<DateTime<Utc>>,
    /// Counts the changes of the criteria of a contact.
    #[serde(alias = "Index", default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoutingStep {
    /// How long the step lasts.
    #[serde(alias = "Expiry", default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// Which agents the step looks for.
    #[serde(alias = "Expression", default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<Expression>,
    /// How far the step has come.
    #[serde(
        alias = "Status",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub status: Option<StepStatus>,
}

impl RoutingStep {
    /// Whether the step has expired without finding an agent.
    pub fn is_expired(&self) -> bool {
        self.status == Some(StepStatus::Expired)
    }

    /// Whether the step waits for agents by name: how Omni-Channel routes a call to one agent.
    pub fn names_agents(&self) -> bool {
        self.expression.as_ref().is_some_and(Expression::names_agents)
    }
}

open_enum! {
    /// How far a step has come.
    StepStatus {
        /// Agents are being looked for.
        Active = "ACTIVE",
        /// Its turn has not come.
        Inactive = "INACTIVE",
        /// An agent was found.
        Joined = "JOINED",
        /// No agent was found in time.
        Expired = "EXPIRED",
        /// The criteria were replaced before its turn came.
        Deactivated = "DEACTIVATED",
        /// The criteria were replaced while agents were being looked for.
        Interrupted = "INTERRUPTED",
    }
}

/// How long a step lasts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expiry {
    /// Seconds until the next step is tried.
    #[serde(alias = "DurationInSeconds", default, skip_serializing_if = "Option::is_none")]
    pub duration_in_seconds: Option<u32>,
    /// When the next step is tried; absent before the step is active.
    #[serde(
        alias = "ExpiryTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub expiry_timestamp: Option<DateTime<Utc>>,
}

/// Which agents a step looks for. Connect fills one of the members, but a sample of AWS's has two.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expression {
    /// One condition.
    #[serde(alias = "AttributeCondition", default, skip_serializing_if = "Option::is_none")]
    pub attribute_condition: Option<AttributeCondition>,
    /// All of these.
    #[serde(
        alias = "AndExpression",
        default,
        deserialize_with = "lenient::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub and_expression: Vec<Expression>,
    /// Any of these.
    #[serde(
        alias = "OrExpression",
        default,
        deserialize_with = "lenient::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub or_expression: Vec<Expression>,
    /// Not this.
    #[serde(alias = "NotAttributeCondition", default, skip_serializing_if = "Option::is_none")]
    pub not_attribute_condition: Option<AttributeCondition>,
}

impl Expression {
    /// Whether agents are named anywhere in it, other than to be excluded.
    pub fn names_agents(&self) -> bool {
        self.attribute_condition.as_ref().is_some_and(AttributeCondition::names_agents)
            || self.and_expression.iter().chain(&self.or_expression).any(Self::names_agents)
    }
}

/// A condition on one attribute of the agents, or on who they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeCondition {
    /// The predefined attribute; absent when agents are named.
    #[serde(alias = "Name", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The attribute's value.
    #[serde(alias = "Value", default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The proficiency wanted, 1.0 to 5.0.
    #[serde(alias = "ProficiencyLevel", default, skip_serializing_if = "Option::is_none")]
    pub proficiency_level: Option<f64>,
    /// `NumberGreaterOrEqualTo`, `Match` or `Range`.
    #[serde(alias = "ComparisonOperator", default, skip_serializing_if = "Option::is_none")]
    pub comparison_operator: Option<String>,
    /// Named agents.
    #[serde(alias = "MatchCriteria", default, skip_serializing_if = "Option::is_none")]
    pub match_criteria: Option<MatchCriteria>,
}

impl AttributeCondition {
    fn names_agents(&self) -> bool {
        self.match_criteria.as_ref().is_some_and(|criteria| criteria.agents_criteria.is_some())
    }
}

/// What to match other than an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MatchCriteria {
    /// The agents, when the condition names any.
    #[serde(alias = "AgentsCriteria", default, skip_serializing_if = "Option::is_none")]
    pub agents_criteria: Option<AgentsCriteria>,
}

/// Agents by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentsCriteria {
    /// The agents' ids.
    #[serde(
        alias = "AgentIds",
        default,
        deserialize_with = "lenient::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub agent_ids: Vec<String>,
}

/// Criteria as Connect sends them: one object, a list of them, or null.
pub(crate) mod one_or_many {
    use std::fmt;

    use serde::de::value::MapAccessDeserializer;
    use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
    use serde::{Serialize, Serializer};

    use super::RoutingCriteria;

    pub(crate) fn serialize<S: Serializer>(criteria: &[RoutingCriteria], to: S) -> Result<S::Ok, S::Error> {
        match criteria {
            [one] => one.serialize(to),
            many => many.serialize(to),
        }
    }

    pub(crate) fn deserialize<'de, D>(from: D) -> Result<Vec<RoutingCriteria>, D::Error>
    where
        D: Deserializer<'de>,
    {
        from.deserialize_any(OneOrMany)
    }

    struct OneOrMany;

    impl<'de> Visitor<'de> for OneOrMany {
        type Value = Vec<RoutingCriteria>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("routing criteria, or a list of them")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            RoutingCriteria::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut criteria = Vec::new();
            while let Some(one) = list.next_element()? {
                criteria.push(one);
            }
            Ok(criteria)
        }
    }
}

#[cfg(test)]
mod tests;
