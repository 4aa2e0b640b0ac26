//! The old export: `modules` with `parameters` and `branches`. Amazon never documented it; this follows what exports have.
//!
//! Each module is written as the action of the flow language that the designer makes of it today, and then read like any
//! other. Parameters without a counterpart keep their name, so that they show up as not acted upon.

mod branches;
mod module;
mod namespace;

use serde_json::{Map, Value, json};

use super::Raw;
use super::language::{assemble, position};
use crate::error::Problem;
use crate::flow::Flow;
use crate::place::{ActionId, Place};
use branches::Ways;
use module::Module;

/// Reads `{modules, start, metadata}`.
pub(super) fn flow(content: &Value, file: &str, problems: &mut Vec<Problem>) -> Option<Flow> {
    let modules = content.get("modules").and_then(Value::as_array).into_iter().flatten();
    let mut raw = Vec::new();
    for (number, value) in modules.enumerate() {
        let module = Module::new(value, format!("modules[{number}]"));
        match action(&module) {
            Ok(value) => {
                raw.push(Raw { path: module.path.clone(), value, metadata: module.metadata() });
            }
            Err(what) => {
                let place = Place {
                    file: file.to_owned(),
                    action: Some(ActionId::from(module.id())).filter(|id| !id.as_str().is_empty()),
                    kind: Some(module.kind().to_owned()),
                    path: module.path,
                };
                problems.push(Problem { place, what });
            }
        }
    }
    let start = content.get("start").and_then(Value::as_str).unwrap_or_default();
    let entry = content.get("metadata").and_then(|metadata| position(metadata.get("entryPointPosition")?));
    assemble(raw, start, "start", entry, file, problems)
}

/// A module as an action of the flow language; otherwise, why there is none.
fn action(module: &Module<'_>) -> Result<Value, String> {
    let (kind, mut parameters, ways) = translated(module)?;
    for (name, value) in module.rest() {
        parameters.entry(name).or_insert(value);
    }
    let transitions = branches::transitions(module, &ways)?;
    Ok(json!({"Identifier": module.id(), "Type": kind, "Parameters": parameters, "Transitions": transitions}))
}

type Translated = (&'static str, Map<String, Value>, Ways);

fn translated(module: &Module<'_>) -> Result<Translated, String> {
    let none = Map::new;
    let plain = Ways::default;
    Ok(match (module.kind(), module.target()) {
        ("PlayPrompt" | "PlayAudio", _) => ("MessageParticipant", module.message(), plain()),
        ("LoopPrompts", _) => {
            let mut parameters = module.map(&[("InterruptFrequencySeconds", "InterruptSeconds")]);
            parameters.insert("Messages".to_owned(), module.messages());
            ("MessageParticipantIteratively", parameters, plain().result("Timeout", "MessagesInterrupted"))
        }
        ("Disconnect", _) => ("DisconnectParticipant", none(), plain()),
        ("Resume", _) => ("EndFlowExecution", none(), plain()),
        ("SetAttributes", _) => ("UpdateContactAttributes", module.keyed("Attribute", "Attributes"), plain()),
        ("SetScreenPop", _) => {
            let (key, value) =
                (module.text("key").unwrap_or_default(), module.text("value").unwrap_or_default());
            ("UpdateContactAttributes", object([("Attributes", json!({key: value}))]), plain())
        }
        ("InvokeExternalResource", "Lambda") => {
            let mut parameters = module
                .map(&[("LambdaFunctionARN", "FunctionArn"), ("InvocationTimeLimitSeconds", "TimeLimit")]);
            parameters.extend(module.keyed("Parameter", "LambdaInvocationAttributes"));
            ("InvokeLambdaFunction", parameters, plain())
        }
        ("CheckAttribute", _) => {
            let (name, namespace) = (module.text("Attribute"), module.text("Namespace"));
            let value = namespace::dynamic(&namespace.unwrap_or_default(), &name.unwrap_or_default());
            ("Compare", object([("ComparisonValue", value.into())]), plain().compared())
        }
        ("GetUserInput", "Digits") => {
            let mut parameters = module.message();
            parameters.extend(module.map(&[("InputTimeLimitSeconds", "Timeout")]));
            parameters.insert("StoreInput".to_owned(), "False".into());
            // The menu takes one key, whatever this says.
            module.take("MaxDigits");
            ("GetParticipantInput", parameters, plain().compared().error("Timeout", "InputTimeLimitExceeded"))
        }
        ("StoreUserInput" | "StoreCustomerInput", _) => {
            let ways = plain().error("InvalidPhoneNumber", "InvalidPhoneNumber");
            ("GetParticipantInput", stored_input(module), ways)
        }
        ("CheckHoursOfOperation", _) => {
            let parameters = module.map(&[("HoursOfOperationId", "Hours")]);
            ("CheckHoursOfOperation", parameters, plain().result("True", "True").result("False", "False"))
        }
        ("CheckStaffing", _) => {
            let mut parameters = module.queue();
            let status = module.text("Status").unwrap_or_default();
            parameters.insert("MetricType".to_owned(), format!("NumberOfAgents{status}").into());
            (
                "CheckMetricData",
                parameters,
                plain().more_than_none("True").error("False", "NoMatchingCondition"),
            )
        }
        ("CheckQueueStatus", _) => {
            let mut parameters = module.queue();
            parameters.insert("MetricType".to_owned(), "OldestContactInQueueAgeSeconds".into());
            ("CheckMetricData", parameters, plain().comparing("CheckQueueTime"))
        }
        ("Loop", _) => {
            let ways = plain().result("Looping", "ContinueLooping").result("Complete", "DoneLooping");
            ("Loop", module.map(&[("LoopCount", "LoopCount")]), ways)
        }
        ("PercentileBranching", _) => ("DistributeByPercentage", none(), plain().percentages()),
        ("Wait", _) => {
            let parameters = module.map(&[("TimeLimitSeconds", "TimeoutSeconds")]);
            ("Wait", parameters, plain().result("Timeout", "WaitCompleted"))
        }
        ("SetQueue", _) => ("UpdateContactTargetQueue", module.queue(), plain()),
        ("UpdateRoutingPriority", _) => {
            let names = [("QueuePriority", "AbsolutePosition"), ("QueueTimeAdjustmentSeconds", "TimeOffset")];
            ("UpdateContactRoutingBehavior", module.map(&names), plain())
        }
        ("SetVoice", _) => {
            ("UpdateContactTextToSpeechVoice", module.map(&[("TextToSpeechVoice", "GlobalVoice")]), plain())
        }
        ("SetLoggingBehavior", _) => {
            ("UpdateFlowLoggingBehavior", module.map(&[("FlowLoggingBehavior", "LoggingBehavior")]), plain())
        }
        ("SetRecordingBehavior", _) => ("UpdateContactRecordingBehavior", recording(module), plain()),
        ("SetEventHook" | "SetContactFlow", _) => {
            let hook = module.text("Type").unwrap_or_default();
            let flow = module.reference("ContactFlowId");
            (
                "UpdateContactEventHooks",
                object([("EventHooks", json!({hook: flow}))]),
                plain().failing_alike(),
            )
        }
        ("StartMediaStreaming", _) => {
            ("UpdateContactMediaStreamingBehavior", streaming(module, "Enabled"), plain())
        }
        ("StopMediaStreaming", _) => {
            ("UpdateContactMediaStreamingBehavior", streaming(module, "Disabled"), plain())
        }
        ("SetCallBackNumber", _) => {
            let ways = plain()
                .error("InvalidPhoneNumber", "InvalidCallbackNumber")
                .error("NonDialableNumber", "CallbackNumberNotDialable");
            ("UpdateContactCallbackNumber", module.map(&[("CallbackNumber", "CallBackNumber")]), ways)
        }
        ("CreateCallback", _) => {
            let mut parameters = module.map(&[
                ("InitialCallDelaySeconds", "InitialDelaySeconds"),
                ("RetryDelaySeconds", "RetryDelaySeconds"),
                ("MaximumConnectionAttempts", "MaxRetryAttempts"),
            ]);
            parameters.extend(module.queue());
            ("CreateCallbackContact", parameters, plain())
        }
        ("Transfer", "Flow") | ("TransferToFlow", _) => {
            let flow = module.reference("ContactFlowId");
            ("TransferToFlow", object([("ContactFlowId", flow)]), plain())
        }
        ("Transfer", "Queue") | ("CustomerInQueue", _) => {
            ("TransferContactToQueue", none(), plain().error("AtCapacity", "QueueAtCapacity"))
        }
        ("Transfer", "PhoneNumber") => {
            let mut parameters = module.map(&[
                ("ThirdPartyPhoneNumber", "PhoneNumber"),
                ("ThirdPartyConnectionTimeLimitSeconds", "TimeLimit"),
            ]);
            let blind = module.text("BlindTransfer").is_some_and(|blind| blind.eq_ignore_ascii_case("true"));
            let continues = if blind { "False" } else { "True" };
            parameters.insert("ContinueFlowExecution".to_owned(), continues.into());
            let ways =
                plain().error("CallFailure", "CallFailed").error("Timeout", "ConnectionTimeLimitExceeded");
            ("TransferParticipantToThirdParty", parameters, ways)
        }
        _ => return Err(module.unknown()),
    })
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn stored_input(module: &Module<'_>) -> Map<String, Value> {
    let mut parameters = module.message();
    parameters.extend(module.map(&[("InputTimeLimitSeconds", "Timeout")]));
    parameters.insert("StoreInput".to_owned(), "True".into());
    let validation = match module.text("CustomerInputType").as_deref() {
        Some("PhoneNumber") => json!({"PhoneNumberValidation":
            module.map(&[("NumberFormat", "PhoneNumberFormat"), ("CountryCode", "CountryCode")])}),
        _ => json!({"CustomValidation": module.map(&[("MaximumLength", "MaxDigits")])}),
    };
    parameters.insert("InputValidation".to_owned(), validation);
    let keys = module
        .map(&[("DisableCancelKey", "DisableCancel"), ("InputTerminationSequence", "TerminatorDigits")]);
    parameters.insert("DTMFConfiguration".to_owned(), keys.into());
    let key = module.map(&[("EncryptionKeyId", "EncryptionKeyId"), ("Key", "EncryptionKey")]);
    if module.text("EncryptEntry").as_deref() == Some("true") {
        parameters.insert("InputEncryption".to_owned(), key.into());
    }
    parameters
}

fn recording(module: &Module<'_>) -> Map<String, Value> {
    let enabled = module.text("RecordingBehaviorOption").as_deref() == Some("Enable");
    let recorded = match module.text("RecordingParticipantOption").as_deref() {
        _ if !enabled => json!([]),
        Some("Both") => json!(["Agent", "Customer"]),
        Some(one) => json!([one]),
        None => json!([]),
    };
    object([("RecordingBehavior", json!({"RecordedParticipants": recorded}))])
}

fn streaming(module: &Module<'_>, state: &str) -> Map<String, Value> {
    let directions: Vec<&str> = module
        .texts("Track")
        .iter()
        .filter_map(|track| match track.as_str() {
            "FromCustomer" => Some("From"),
            "ToCustomer" => Some("To"),
            _ => None,
        })
        .collect();
    let mut parameters = module.map(&[("MediaStreamType", "MediaStreamTypes")]);
    parameters.insert("MediaStreamingState".to_owned(), state.into());
    let participants = json!([{"ParticipantType": "Customer", "MediaDirections": directions}]);
    parameters.insert("Participants".to_owned(), participants);
    parameters
}
