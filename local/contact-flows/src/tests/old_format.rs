//! The old export: every module that has a counterpart becomes its action.

use serde_json::{Value, json};

use super::support::sample;
use crate::action::{
    CheckMetricData, Compare, InputMode, Loop, Message, Metric, Mode, Party, QueueTarget,
    UpdateContactRoutingBehavior, Validation,
};
use crate::{Action, Branch, Flow};

fn flow_of(module: Value) -> Value {
    json!({"modules": [module, {"id": "a", "type": "Disconnect"}, {"id": "b", "type": "Resume"}], "start": "it",
        "metadata": {"name": "Old", "type": "contactFlow"}})
}

/// The action of a module with these parameters, and its ways out. Its branches lead to `a`, the last one to `b`.
fn translated(kind: &str, target: &str, parameters: Value, branches: &[Value]) -> (Action, Vec<String>) {
    let mut branches = branches.to_vec();
    let last = branches.len().saturating_sub(1);
    for (number, branch) in branches.iter_mut().enumerate() {
        branch["transition"] = json!(if number == last { "b" } else { "a" });
    }
    let module =
        json!({"id": "it", "type": kind, "target": target, "parameters": parameters, "branches": branches});
    let flow = Flow::from_value(&flow_of(module), "old.json").unwrap_or_else(|e| panic!("{e}"));
    let block = flow.block("it").unwrap();
    let way = |(branch, to): (Branch, &crate::ActionId)| match branch {
        Branch::Condition(number) => format!("{} {to}", block.transitions.conditions[number].condition),
        branch => format!("{branch} {to}"),
    };
    (block.action.clone(), block.transitions.branches().map(way).collect())
}

fn success() -> Value {
    json!({"condition": "Success"})
}

fn error() -> Value {
    json!({"condition": "Error"})
}

fn parameter(name: &str, value: Value) -> Value {
    json!({"name": name, "value": value})
}

#[test]
fn the_sample_is_read_whole() {
    let flow = sample("rest-link-call-to-case");
    assert_eq!((flow.title(), flow.blocks().len()), ("Sample_REST_Link_Call_To_Case", 22));
    assert!(flow.blocks().iter().all(|block| block.ignored.is_empty()));
    let Action::Compare(Compare { value }) =
        &flow.block("6d5d1a8a-8dd4-41b7-a909-0d84f8a6b659").unwrap().action
    else {
        panic!()
    };
    assert_eq!(value.to_string(), "$.Attributes.ContactId");
}

#[test]
fn prompts_and_ends() {
    let (action, ways) = translated(
        "PlayPrompt",
        "",
        json!([parameter("Text", json!("Hi")), parameter("TextToSpeechType", json!("ssml"))]),
        &[success()],
    );
    assert!(
        matches!(action, Action::MessageParticipant(it) if matches!(&it.message, Message::Ssml(text) if text.literal() == Some("Hi")))
    );
    assert_eq!(ways, ["NextAction b"]);
    let dynamic = json!([{"name": "Text", "value": "greeting", "namespace": "External"}]);
    let (action, _) = translated("PlayAudio", "", dynamic, &[success()]);
    assert!(
        matches!(action, Action::MessageParticipant(it) if matches!(&it.message, Message::Text(text) if text.to_string() == "$.External.greeting"))
    );
    let prompts = json!([{"name": "Text", "value": "Hold", "key": "text"}, parameter("AudioPrompt", json!("arn:p")), parameter("InterruptSeconds", json!(60))]);
    let (action, ways) = translated("LoopPrompts", "", prompts, &[json!({"condition": "Timeout"}), error()]);
    assert!(
        matches!(action, Action::MessageParticipantIteratively(it) if it.messages.len() == 2 && it.interrupt_after.is_some())
    );
    assert_eq!(ways, ["NextAction b", "= MessagesInterrupted a", "NoMatchingError b"]);
    assert_eq!(translated("Resume", "", json!([]), &[]).0, Action::EndFlowExecution);
}

#[test]
fn attributes_and_functions() {
    let attribute =
        json!([{"name": "Attribute", "key": "caller", "value": "Customer Number", "namespace": "System"}]);
    let (action, ways) = translated("SetAttributes", "", attribute, &[success(), error()]);
    assert!(
        matches!(action, Action::UpdateContactAttributes(it) if it.attributes[0].1.to_string() == "$.CustomerEndpoint.Address")
    );
    assert_eq!(ways, ["NextAction a", "NoMatchingError b"]);
    let pop = json!([parameter("key", json!("note")), {"name": "value", "value": "Stored customer input", "namespace": "System"}]);
    let (action, _) = translated("SetScreenPop", "", pop, &[success()]);
    assert!(
        matches!(action, Action::UpdateContactAttributes(it) if it.attributes[0].1.to_string() == "$.StoredCustomerInput")
    );
    let invoke = json!([parameter("FunctionArn", json!("arn:f")), parameter("TimeLimit", json!("4")),
        {"name": "Parameter", "key": "id", "value": "case number", "namespace": "User Defined"}]);
    let (action, _) = translated("InvokeExternalResource", "Lambda", invoke, &[success(), error()]);
    let Action::InvokeLambdaFunction(it) = action else { panic!() };
    assert_eq!((it.time_limit, it.mode), (4, Mode::Synchronous));
    assert!(
        matches!(&it.attributes[0].1, crate::Shape::Text(text) if text.to_string() == "$.Attributes['case number']")
    );
}

#[test]
fn comparisons() {
    let check = json!([
        parameter("Attribute", json!("Customer.Audio.StreamARN")),
        parameter("Namespace", json!("Media Streams"))
    ]);
    let evaluate =
        |operator: &str| json!({"condition": "Evaluate", "conditionType": operator, "conditionValue": 5});
    let branches: Vec<Value> = [
        "Equals",
        "Contains",
        "StartsWith",
        "EndsWith",
        "GreaterThan",
        "GreaterThanOrEqualTo",
        "LessThan",
        "LessThanOrEqualTo",
    ]
    .into_iter()
    .map(evaluate)
    .chain([json!({"condition": "NoMatch"})])
    .collect();
    let (action, ways) = translated("CheckAttribute", "", check, &branches);
    assert!(
        matches!(action, Action::Compare(it) if it.value.to_string() == "$.MediaStreams.Customer.Audio.StreamARN")
    );
    assert_eq!(
        ways,
        [
            "NextAction b",
            "= 5 a",
            "contains 5 a",
            "starts with 5 a",
            "ends with 5 a",
            "> 5 a",
            "≥ 5 a",
            "< 5 a",
            "≤ 5 a",
            "NoMatchingCondition b"
        ]
    );
    let shares = [
        json!({"condition": "Evaluate", "conditionValue": "3"}),
        json!({"condition": "Evaluate", "conditionValue": "6"}),
        json!({"condition": "NoMatch"}),
    ];
    let (action, ways) = translated("PercentileBranching", "", json!([]), &shares);
    assert_eq!(
        (action, ways),
        (
            Action::DistributeByPercentage,
            ["NextAction b", "< 4 a", "< 10 a", "NoMatchingCondition b"].map(str::to_owned).to_vec()
        )
    );
}

#[test]
fn input() {
    let menu = json!([
        parameter("Text", json!("1 or 2")),
        parameter("Timeout", json!("8")),
        parameter("MaxDigits", json!("1"))
    ]);
    let evaluate = json!({"condition": "Evaluate", "conditionType": "Equals", "conditionValue": "1"});
    let (action, ways) = translated(
        "GetUserInput",
        "Digits",
        menu,
        &[evaluate, json!({"condition": "Timeout"}), json!({"condition": "NoMatch"}), error()],
    );
    assert!(matches!(action, Action::GetParticipantInput(it) if it.mode == InputMode::Menu));
    assert_eq!(
        ways,
        ["NextAction b", "= 1 a", "InputTimeLimitExceeded a", "NoMatchingCondition a", "NoMatchingError b"]
    );
    let store = |kind: &str, parameters: Value| {
        let Action::GetParticipantInput(it) = translated(kind, "", parameters, &[success(), error()]).0
        else {
            panic!()
        };
        it
    };
    let it = store(
        "StoreUserInput",
        json!([
            parameter("CustomerInputType", json!("Custom")),
            parameter("Timeout", json!("5")),
            parameter("MaxDigits", json!(4)),
            parameter("EncryptEntry", json!(false)),
            parameter("DisableCancel", json!(true)),
            parameter("TerminatorDigits", json!("##"))
        ]),
    );
    assert_eq!((it.keypad.terminator.as_str(), it.keypad.cancel), ("##", false));
    assert!(matches!(it.mode, InputMode::Store { validation: Validation::Custom { .. }, encrypted: false }));
    let it = store(
        "StoreCustomerInput",
        json!([
            parameter("CustomerInputType", json!("PhoneNumber")),
            parameter("Timeout", json!("5")),
            parameter("PhoneNumberFormat", json!("Local")),
            parameter("CountryCode", json!("US"))
        ]),
    );
    assert!(matches!(it.mode, InputMode::Store { validation: Validation::Local { .. }, .. }));
    let it = store(
        "StoreUserInput",
        json!([
            parameter("CustomerInputType", json!("Custom")),
            parameter("Timeout", json!("5")),
            parameter("MaxDigits", json!(20)),
            parameter("EncryptEntry", json!(true)),
            parameter("EncryptionKeyId", json!("id")),
            parameter("EncryptionKey", json!("pem"))
        ]),
    );
    assert!(matches!(it.mode, InputMode::Store { encrypted: true, .. }));
}

#[test]
fn queues_hours_and_figures() {
    let queue = json!([{"name": "Queue", "value": "arn:q", "resourceName": "Basic"}]);
    assert!(matches!(
        translated("SetQueue", "", queue, &[success(), error()]).0,
        Action::UpdateContactTargetQueue(QueueTarget::Queue(_))
    ));
    let agent = json!([{"name": "Agent", "value": "agentArn", "namespace": "User Defined"}]);
    assert!(matches!(
        translated("SetQueue", "", agent, &[success(), error()]).0,
        Action::UpdateContactTargetQueue(QueueTarget::Agent(_))
    ));
    let answers = [json!({"condition": "True"}), json!({"condition": "False"}), error()];
    assert_eq!(
        translated("CheckHoursOfOperation", "", json!([]), &answers).1,
        ["NextAction b", "= True a", "= False a", "NoMatchingError b"]
    );
    let (action, ways) =
        translated("CheckStaffing", "", json!([parameter("Status", json!("Staffed"))]), &answers);
    assert_eq!(
        action,
        Action::CheckMetricData(CheckMetricData {
            metric: Metric::AgentsStaffed,
            queue: QueueTarget::Current
        })
    );
    assert_eq!(ways, ["NextAction b", "> 0 a", "NoMatchingCondition a", "NoMatchingError b"]);
    let age = json!({"condition": "CheckQueueTime", "conditionType": "LessThan", "conditionValue": 300_000});
    let (action, ways) =
        translated("CheckQueueStatus", "", json!([]), &[age, json!({"condition": "NoMatch"}), error()]);
    assert!(matches!(action, Action::CheckMetricData(it) if it.metric == Metric::OldestContact));
    assert_eq!(ways[1], "< 300000 a");
    assert_eq!(
        translated("UpdateRoutingPriority", "", json!([parameter("TimeOffset", json!(600))]), &[success()]).0,
        Action::UpdateContactRoutingBehavior(UpdateContactRoutingBehavior::Age(600))
    );
}

#[test]
fn transfers_and_callbacks() {
    let flow = json!([{"name": "ContactFlowId", "value": "", "resourceName": "Other flow"}]);
    for (kind, target) in [("Transfer", "Flow"), ("TransferToFlow", "")] {
        assert!(
            matches!(translated(kind, target, flow.clone(), &[error()]).0, Action::TransferToFlow(it) if it.flow.literal() == Some("Other flow"))
        );
    }
    for (kind, target) in [("Transfer", "Queue"), ("CustomerInQueue", "")] {
        let (action, ways) =
            translated(kind, target, json!([]), &[json!({"condition": "AtCapacity"}), error()]);
        assert_eq!((action, ways[1].as_str()), (Action::TransferContactToQueue, "QueueAtCapacity a"));
    }
    let phone = json!([
        parameter("TimeLimit", json!("30")),
        parameter("BlindTransfer", json!(true)),
        parameter("PhoneNumber", json!("+12065550123"))
    ]);
    assert!(
        matches!(translated("Transfer", "PhoneNumber", phone, &[error()]).0, Action::TransferParticipantToThirdParty(it) if !it.continues)
    );
    let number = json!([{"name": "CallBackNumber", "value": "Stored customer input", "namespace": "System"}]);
    let (_, ways) = translated(
        "SetCallBackNumber",
        "",
        number,
        &[success(), json!({"condition": "InvalidPhoneNumber"}), json!({"condition": "NonDialableNumber"})],
    );
    assert_eq!(ways, ["NextAction a", "InvalidCallbackNumber a", "CallbackNumberNotDialable b"]);
    let callback = json!([
        parameter("InitialDelaySeconds", json!(5)),
        parameter("RetryDelaySeconds", json!(600)),
        parameter("MaxRetryAttempts", json!(1))
    ]);
    assert!(matches!(
        translated("CreateCallback", "", callback, &[success(), error()]).0,
        Action::CreateCallbackContact(_)
    ));
}

#[test]
fn settings() {
    let hook = json!([parameter("Type", json!("CustomerQueue")), {"name": "ContactFlowId", "value": "arn:x/contact-flow/y"}]);
    for kind in ["SetEventHook", "SetContactFlow"] {
        let (action, ways) = translated(kind, "", hook.clone(), &[success()]);
        assert!(matches!(action, Action::UpdateContactEventHooks(it) if it.hooks.len() == 1));
        assert_eq!(ways, ["NextAction b", "NoMatchingError b"]);
    }
    let record = |option: &str, who: &str| {
        let parameters = json!([
            parameter("RecordingBehaviorOption", json!(option)),
            parameter("RecordingParticipantOption", json!(who))
        ]);
        let Action::UpdateContactRecordingBehavior(it) =
            translated("SetRecordingBehavior", "", parameters, &[success()]).0
        else {
            panic!()
        };
        it.recorded.unwrap()
    };
    assert_eq!(record("Enable", "Both"), [Party::Agent, Party::Customer]);
    assert_eq!(record("Enable", "Customer"), [Party::Customer]);
    assert_eq!(record("Disable", "Both"), []);
    let tracks = json!([
        parameter("Track", json!("FromCustomer")),
        parameter("Track", json!("ToCustomer")),
        parameter("MediaStreamTypes", json!("Audio"))
    ]);
    for (kind, started) in [("StartMediaStreaming", true), ("StopMediaStreaming", false)] {
        let Action::UpdateContactMediaStreamingBehavior(it) =
            translated(kind, "", tracks.clone(), &[success(), error()]).0
        else {
            panic!()
        };
        assert_eq!((it.enabled, it.from_customer, it.to_customer), (started, true, true));
    }
    assert!(matches!(
        translated("SetVoice", "", json!([parameter("GlobalVoice", json!("Matthew"))]), &[success()]).0,
        Action::UpdateContactTextToSpeechVoice(_)
    ));
    assert!(
        matches!(translated("SetLoggingBehavior", "", json!([parameter("LoggingBehavior", json!("Enable"))]), &[success()]).0, Action::UpdateFlowLoggingBehavior(it) if it.enabled)
    );
    let rounds = [json!({"condition": "Looping"}), json!({"condition": "Complete"})];
    let (action, ways) = translated("Loop", "", json!([parameter("LoopCount", json!("3"))]), &rounds);
    assert_eq!(action, Action::Loop(Loop { count: crate::action::Count::Fixed(3) }));
    assert_eq!(ways, ["NextAction b", "= ContinueLooping a", "= DoneLooping b"]);
    let (_, ways) = translated(
        "Wait",
        "",
        json!([parameter("TimeoutSeconds", json!("1"))]),
        &[json!({"condition": "Timeout"}), error()],
    );
    assert_eq!(ways, ["NextAction b", "= WaitCompleted a", "NoMatchingError b"]);
}

#[test]
fn what_has_no_counterpart_is_refused_with_its_place() {
    let refused = |module: Value| Flow::from_value(&flow_of(module), "old.json").unwrap_err().to_string();
    assert_eq!(
        refused(json!({"id": "it", "type": "Dance", "target": "Tango"})),
        "old.json: Dance it (at modules[0]): a module of this type with the \
        target Tango is not understood here, and none is skipped; save the flow in today's designer"
    );
    assert!(refused(json!({"id": "it", "type": "Loop", "parameters": [parameter("LoopCount", json!(1))], "branches": [{"condition": "Maybe"}]}))
        .contains("its branch Maybe is not understood here"));
    // A parameter without a counterpart shows up.
    let module = json!({"id": "it", "type": "Disconnect", "parameters": [parameter("Slowly", json!(true))]});
    let flow = Flow::from_value(&flow_of(module), "old.json").unwrap();
    assert_eq!(flow.block("it").unwrap().ignored, ["Slowly"]);
}
