//! The parameters of interactions.

use super::control;
use super::fields::Fields;
use crate::action::{
    CreateCallbackContact, InvokeLambdaFunction, LoadLambdaResult, Mode, ResponseType,
    TransferParticipantToThirdParty,
};
use crate::text::Text;

fn response(fields: &Fields<'_, '_>) -> ResponseType {
    let validation = fields.fields("ResponseValidation");
    validation
        .choice("ResponseType", "STRING_MAP or JSON", ResponseType::named)
        .unwrap_or(ResponseType::StringMap)
}

pub(super) fn invoke(fields: &Fields<'_, '_>) -> InvokeLambdaFunction {
    let mode = fields.choice("InvocationType", "SYNCHRONOUS or ASYNCHRONOUS", Mode::named);
    let mode = mode.unwrap_or(Mode::Synchronous);
    let name = "InvocationTimeLimitSeconds";
    let _: Text = fields.required(name);
    let expected = format!("a whole number of seconds from 1 to {}", mode.longest());
    let time_limit = fields.choice(name, &expected, |text| {
        text.parse().ok().filter(|limit| (1..=mode.longest()).contains(limit))
    });
    InvokeLambdaFunction {
        function: fields.required("LambdaFunctionARN"),
        time_limit: time_limit.unwrap_or_default(),
        mode,
        attributes: fields.shapes("LambdaInvocationAttributes"),
        response: response(fields),
    }
}

pub(super) fn load_result(fields: &Fields<'_, '_>) -> LoadLambdaResult {
    let latest = || Text::new("$.LambdaInvocation.InvocationId");
    LoadLambdaResult {
        invocation: fields.text("LambdaInvocationRequestId").unwrap_or_else(latest),
        response: response(fields),
    }
}

pub(super) fn third_party(fields: &Fields<'_, '_>) -> TransferParticipantToThirdParty {
    let caller = fields.fields("CallerId");
    // The page writes …TimeoutSeconds, exports and the service …TimeLimitSeconds.
    let limits = ["ThirdPartyConnectionTimeLimitSeconds", "ThirdPartyConnectionTimeoutSeconds"];
    let number = fields.text("ThirdPartyPhoneNumber");
    if number.is_none() && !fields.has("VoiceConnector") {
        fields.problem("ThirdPartyPhoneNumber", "is missing; the action cannot do without it");
    }
    TransferParticipantToThirdParty {
        number,
        time_limit: limits.into_iter().find_map(|name| fields.count(name, 0..=600)),
        continues: fields.flag("ContinueFlowExecution") != Some(false),
        keys: fields.text("ThirdPartyDTMFDigits"),
        caller_id: caller.text("Number"),
        caller_name: caller.text("Name"),
    }
}

pub(super) fn callback(fields: &Fields<'_, '_>) -> CreateCallbackContact {
    const THREE_DAYS: u64 = 259_200;
    CreateCallbackContact {
        queue: control::queue(fields),
        initial_delay: fields.required_count("InitialCallDelaySeconds", 1..=THREE_DAYS),
        retry_delay: fields.required_count("RetryDelaySeconds", 1..=THREE_DAYS),
        attempts: fields.required_count("MaximumConnectionAttempts", 1..=u64::from(u32::MAX)),
        flow: fields.text("ContactFlowId"),
        caller_id: fields.text("CallerId"),
    }
}
