//! What changes the contact.

use serde_json::json;

use super::{after, branching, in_queue};
use crate::action::{Hook, Party};
use crate::tests::support::{
    INSTANCE, action, asked, contact, end, flow_of, goes, one, one_with, play, play_alone, run, support_queue,
};
use crate::{Answer, Audio, Ending, Endpoint, Flow, Request};

#[test]
fn attributes_are_set_all_or_none() {
    let parameters = json!({"Attributes": {"a": "1", "caller": "$.CustomerEndpoint.Address", "none": "$.External.x"}, "TargetContact": "Current"});
    let (state, next) = after("UpdateContactAttributes", parameters, contact());
    assert_eq!(next, "done");
    assert_eq!(
        state.attributes.into_iter().collect::<Vec<_>>(),
        [
            ("a".to_owned(), "1".to_owned()),
            ("caller".to_owned(), "+12065550100".to_owned()),
            ("none".to_owned(), String::new())
        ]
    );
    let (state, next) = after(
        "UpdateContactAttributes",
        json!({"Attributes": {"a": "1", "b": "x".repeat(40_000)}}),
        contact(),
    );
    assert_eq!((next.as_str(), state.attributes.len()), ("failed", 0));
    let related = json!({"Attributes": {"a": "1"}, "TargetContact": "Related"});
    assert_eq!(after("UpdateContactAttributes", related, contact()).1, "failed");
    let (state, _) = after(
        "UpdateFlowAttributes",
        json!({"FlowAttributes": {"x": {"Value": "$.Channel"}, "y": "2"}}),
        contact(),
    );
    assert_eq!((state.flow_attributes["x"].as_str(), state.flow_attributes["y"].as_str()), ("VOICE", "2"));
}

#[test]
fn data_tags_voice_and_log_are_set() {
    let parameters = json!({"Name": "Refill", "LanguageCode": "de-DE", "CustomerId": "$.Attributes.a$.Attributes.b", "References": {"case": "500"}});
    let mut state = contact();
    state.attributes.extend([("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())]);
    let (state, _) = after("UpdateContactData", parameters, state);
    assert_eq!(
        (state.name.as_deref(), state.language.as_deref(), state.customer_id.as_deref()),
        (Some("Refill"), Some("de-DE"), Some("12"))
    );
    assert_eq!(state.fill(&crate::Text::new("$.References.case.Value")), "500");
    let (state, _) = after("TagContact", json!({"Tags": {"campaign": "spring", "tier": "$.Channel"}}), state);
    assert_eq!(state.tags["tier"], "VOICE");
    assert_eq!(after("TagContact", json!({"Tags": {"aws:x": "1"}}), contact()).1, "failed");
    for spelled in ["UntagContact", "UnTagContact"] {
        let (untagged, _) = after(spelled, json!({"TagKeys": ["campaign"]}), state.clone());
        assert_eq!(untagged.tags.len(), 1);
    }
    let (state, _) = after(
        "UpdateContactTextToSpeechVoice",
        json!({"TextToSpeechVoice": "Joanna", "TextToSpeechEngine": "neural"}),
        state,
    );
    assert_eq!(state.fill(&crate::Text::new("$.TextToSpeechVoiceId")), "Joanna");
    let (state, _) = after("UpdateFlowLoggingBehavior", json!({"FlowLoggingBehavior": "Enabled"}), state);
    assert!(state.logging);
    let (state, _) = after(
        "UpdatePreviousContactParticipantState",
        json!({"PreviousContactParticipantState": "AgentOnHold"}),
        state,
    );
    assert!(state.previous_participant.is_some());
}

#[test]
fn routing_and_recording_are_set() {
    let (state, _) = after("UpdateContactRoutingBehavior", json!({"QueuePriority": "1"}), contact());
    assert_eq!(state.priority, 1);
    let (state, _) =
        after("UpdateContactRoutingBehavior", json!({"QueueTimeAdjustmentSeconds": "-600"}), state);
    assert_eq!(state.age_adjustment, -600);
    let step =
        json!({"Expression": {"AttributeCondition": {"Name": "$.Attributes.skill", "ProficiencyLevel": 1}}});
    let mut skilled = contact();
    skilled.attributes.insert("skill".to_owned(), "Billing".to_owned());
    let (state, _) =
        after("UpdateContactRoutingCriteria", json!({"RoutingCriteria": {"Steps": [step]}}), skilled);
    assert_eq!(
        state.routing_criteria.unwrap()["Steps"][0]["Expression"]["AttributeCondition"]["Name"],
        "Billing"
    );
    let mut dynamic = contact();
    dynamic.external = Some(json!({"criteria": {"Steps": []}}));
    assert_eq!(
        after("UpdateContactRoutingCriteria", json!({"RoutingCriteria": "$.External.criteria"}), dynamic).1,
        "done"
    );
    assert_eq!(
        after("UpdateContactRoutingCriteria", json!({"RoutingCriteria": "$.External.criteria"}), contact()).1,
        "failed"
    );

    let parameters = json!({"RecordingBehavior": {"RecordedParticipants": ["Agent"], "IVRRecordingBehavior": "Enabled"},
        "AnalyticsBehavior": {"Enabled": "True", "AnalyticsLanguage": "en-US", "ChannelConfiguration": {"Voice": {"AnalyticsModes": ["RealTime"]}}}});
    let (state, _) = after("UpdateContactRecordingBehavior", parameters, contact());
    assert_eq!((state.recorded.as_slice(), state.ivr_recorded), ([Party::Agent].as_slice(), true));
    assert_eq!((state.analytics.enabled, state.analytics.modes), (true, vec!["RealTime".to_owned()]));
    let voice = json!({"VoiceBehavior": {"VoiceRecordingBehavior": {"RecordedParticipants": []}}});
    let (state, next) = after("UpdateContactRecordingAndAnalyticsBehavior", voice, contact());
    assert_eq!((next.as_str(), state.recorded.len()), ("done", 0));
    let chat = json!({"ChatBehavior": {"ChatAnalyticsBehavior": {"Enabled": "True"}}});
    assert_eq!(after("UpdateContactRecordingAndAnalyticsBehavior", chat, contact()).1, "failed");
}

#[test]
fn media_streaming_is_asked_for_and_told_to_functions() {
    let parameters = json!({"MediaStreamingState": "Enabled", "MediaStreamType": "Audio",
        "Participants": [{"ParticipantType": "Customer", "MediaDirections": ["From"]}]});
    let (mut runner, request) = asked(one("UpdateContactMediaStreamingBehavior", parameters), contact());
    assert_eq!(request, Request::MediaStreaming { enabled: true, from_customer: true, to_customer: false });
    let audio = Audio {
        stream_arn: "arn:stream".to_owned(),
        started: 5,
        stopped: None,
        first_fragment: "9".to_owned(),
    };
    runner.answer(Answer::Streaming(audio)).unwrap();
    runner.step().unwrap();
    assert_eq!(runner.state().fill(&crate::Text::new("$.MediaStreams.Customer.Audio.StartTimestamp")), "5");
}

#[test]
fn queues_are_set_by_id_arn_and_name_of_agents_too() {
    let arn = |parameters| {
        let (state, next) = after("UpdateContactTargetQueue", parameters, contact());
        (state.queue.and_then(|queue| queue.arn), next)
    };
    let made = |path: &str| Some(format!("{}/{path}", INSTANCE));
    assert_eq!(arn(json!({"QueueId": "q1"})), (made("queue/q1"), "done".to_owned()));
    assert_eq!(
        arn(json!({"QueueId": "arn:x/queue/q1"})),
        (Some("arn:x/queue/q1".to_owned()), "done".to_owned())
    );
    assert_eq!(arn(json!({"AgentId": "arn:x/agent/a1"})), (made("queue/agent/a1"), "done".to_owned()));
    for wrong in [
        json!({"QueueId": "$.Attributes.none"}),
        json!({"AgentId": "$.Attributes.none"}),
        json!({"QueueId": "arn:x/agent/a1"}),
        json!({"AgentId": "arn:x/queue/q1"}),
    ] {
        assert_eq!(arn(wrong), (None, "failed".to_owned()));
    }
    let mut library = crate::Library::new();
    library.add_queue(support_queue());
    library.add(one("UpdateContactTargetQueue", json!({"QueueId": support_queue().arn})));
    let runner = crate::Runner::start(&std::sync::Arc::new(library), "flow", contact()).unwrap();
    assert_eq!(play_alone(runner).state.queue, Some(support_queue()));
}

#[test]
fn the_contact_enters_a_queue_and_the_flow_is_over() {
    let flow =
        |kind: &str, parameters| branching(kind, parameters, &[], &["QueueAtCapacity", "NoMatchingError"]);
    let (runner, request) = asked(flow("TransferContactToQueue", json!({})), in_queue());
    assert_eq!(request, Request::EnterQueue { queue: support_queue(), dequeue: false });
    assert_eq!(goes(runner.clone(), Answer::AtCapacity), "QueueAtCapacity");
    assert_eq!(goes(runner.clone(), Answer::Failed("x".to_owned())), "NoMatchingError");
    assert_eq!(play(runner, |_| Answer::Done).ending, Ending::InQueue(support_queue()));
    let played = play_alone(run(flow("TransferContactToQueue", json!({})), contact()));
    assert_eq!(played.passages[0].next.as_ref().unwrap().as_str(), "NoMatchingError");
    let (runner, request) =
        asked(flow("DequeueContactAndTransferToQueue", json!({"QueueId": "q2"})), in_queue());
    assert!(matches!(request, Request::EnterQueue { dequeue: true, .. }));
    assert!(runner.state().queue.as_ref().unwrap().arn.as_ref().unwrap().ends_with("/queue/q2"));
}

#[test]
fn the_customer_is_dialled() {
    let parameters = json!({"CallerId": {"Number": "$.Queue.OutboundCallerId.Address"}, "ConnectionTimeLimitSeconds": "30"});
    let (runner, request) = asked(one("CompleteOutboundCall", parameters), in_queue());
    let Request::CompleteOutboundCall(outbound) = request else { panic!() };
    assert_eq!((outbound.caller_id.as_deref(), outbound.time_limit), (Some("+12065550199"), Some(30)));
    assert_eq!(goes(runner, Answer::Done), "done");
}

#[test]
fn hooks_name_the_flows_of_events() {
    let whisper = Flow::from_value(&flow_of(&json!([end("whispered")])), "whisper.json").unwrap();
    let mut library = crate::Library::new();
    library.add(whisper);
    library.add(one("UpdateContactEventHooks", json!({"EventHooks": {"AgentWhisper": "arn:aws:connect:us-west-2:1:instance/x/contact-flow/whisper"}})));
    let library = std::sync::Arc::new(library);
    let played = play_alone(crate::Runner::start(&library, "flow", contact()).unwrap());
    assert!(crate::Runner::start_hook(&library, Hook::CustomerHold, played.state.clone()).is_none());
    let runner = crate::Runner::start_hook(&library, Hook::AgentWhisper, played.state).unwrap().unwrap();
    assert_eq!(runner.flow().title(), "whisper");
    assert_eq!(
        after(
            "UpdateContactEventHooks",
            json!({"EventHooks": {"CustomerQueue": "$.Attributes.none"}}),
            contact()
        )
        .1,
        "failed"
    );
}

#[test]
fn a_callers_number_may_be_withheld() {
    let mut state = contact();
    state.customer_endpoint = Some(Endpoint::phone("anonymous"));
    let flow = one_with(action(
        "it",
        "UpdateContactCallbackNumber",
        json!({"CallbackNumber": "$.CustomerEndpoint.Address"}),
        "done",
    ));
    assert_eq!(
        play_alone(run(flow, state)).passages[0].branch,
        Some(crate::Branch::Error("NoMatchingError".to_owned()))
    );
}
