//! The parameters of flow control actions.

use super::fields::Fields;
use crate::action::{
    CheckHoursOfOperation, CheckMetricData, Compare, EndFlowModuleExecution, GetMetricData, InvokeFlowModule,
    Loop, Metric, QueueTarget, TransferToFlow, UpdateFlowAttributes, UpdateFlowLoggingBehavior, Wait,
};
use crate::text::Text;

pub(super) fn queue(fields: &Fields<'_, '_>) -> QueueTarget {
    match (fields.text("QueueId"), fields.text("AgentId")) {
        (Some(_), Some(agent)) => {
            fields.problem("AgentId", "a queue and an agent cannot both be named");
            QueueTarget::Agent(agent)
        }
        (Some(queue), None) => QueueTarget::Queue(queue),
        (None, Some(agent)) => QueueTarget::Agent(agent),
        (None, None) => QueueTarget::Current,
    }
}

pub(super) fn hours(fields: &Fields<'_, '_>) -> CheckHoursOfOperation {
    CheckHoursOfOperation { hours: fields.text("HoursOfOperationId") }
}

pub(super) fn metric(fields: &Fields<'_, '_>) -> CheckMetricData {
    let _: Text = fields.required("MetricType");
    let metric =
        fields.choice("MetricType", "one of the five metric types of the action's page", Metric::named);
    CheckMetricData { metric: metric.unwrap_or(Metric::Contacts), queue: queue(fields) }
}

pub(super) fn metrics(fields: &Fields<'_, '_>) -> GetMetricData {
    GetMetricData { queue: queue(fields), channel: fields.text("QueueChannel") }
}

pub(super) fn compare(fields: &Fields<'_, '_>) -> Compare {
    Compare { value: fields.required("ComparisonValue") }
}

pub(super) fn loops(fields: &Fields<'_, '_>) -> Loop {
    Loop { count: fields.required_count("LoopCount", 0..=100) }
}

pub(super) fn wait(fields: &Fields<'_, '_>) -> Wait {
    const SEVEN_DAYS: u64 = 604_800;
    let limit = if fields.has("TimeoutSeconds") { "TimeoutSeconds" } else { "TimeLimitSeconds" };
    Wait {
        time_limit: fields.required_count(limit, 1..=SEVEN_DAYS),
        events: fields.choices("Events", "the name of an event", |event| Some(event.to_owned())),
    }
}

pub(super) fn transfer(fields: &Fields<'_, '_>) -> TransferToFlow {
    TransferToFlow { flow: fields.required("ContactFlowId") }
}

pub(super) fn module(fields: &Fields<'_, '_>) -> InvokeFlowModule {
    InvokeFlowModule { module: fields.required("FlowModuleId"), input: fields.shapes("Input") }
}

pub(super) fn end_module(fields: &Fields<'_, '_>) -> EndFlowModuleExecution {
    EndFlowModuleExecution { result: fields.text("Result"), data: fields.shapes("ResultData") }
}

/// `{"FlowAttributes": {"name": {"Value": "value"}}}` in exports; the page draws a flat map.
pub(super) fn flow_attributes(fields: &Fields<'_, '_>) -> UpdateFlowAttributes {
    let map = fields.fields("FlowAttributes");
    let names: Vec<&str> = map.names().collect();
    let attributes = names.into_iter().map(|name| {
        let nested = map.value(name).is_some_and(|value| value.is_object());
        let value = if nested {
            let attribute = map.fields(name);
            let _: Option<Text> = attribute.text("Type");
            attribute.text("Value")
        } else {
            map.text(name)
        };
        (Text::new(name), value.unwrap_or_default())
    });
    UpdateFlowAttributes { attributes: attributes.collect() }
}

pub(super) fn logging(fields: &Fields<'_, '_>) -> UpdateFlowLoggingBehavior {
    let _: Text = fields.required("FlowLoggingBehavior");
    UpdateFlowLoggingBehavior { enabled: fields.flag("FlowLoggingBehavior").unwrap_or_default() }
}
