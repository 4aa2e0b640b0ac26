//! The parameters of contact actions.

use super::control;
use super::fields::Fields;
use crate::action::{
    AnalyticsBehavior, CompleteOutboundCall, Hook, Party, PreviousParticipantState, QueueTarget, TagContact,
    UntagContact, UpdateContactAttributes, UpdateContactCallbackNumber, UpdateContactData,
    UpdateContactEventHooks, UpdateContactMediaStreamingBehavior, UpdateContactRecordingBehavior,
    UpdateContactRoutingBehavior, UpdateContactRoutingCriteria, UpdateContactTextToSpeechVoice,
    UpdatePreviousContactParticipantState, Whose,
};
use crate::shape::Shape;
use crate::text::Text;

fn whose(fields: &Fields<'_, '_>) -> Whose {
    fields.choice("TargetContact", "Current or Related", Whose::named).unwrap_or(Whose::Current)
}

pub(super) fn attributes(fields: &Fields<'_, '_>) -> UpdateContactAttributes {
    let attributes = fields.pairs("Attributes");
    if attributes.is_empty() {
        fields.problem("Attributes", "there must be one attribute or more");
    }
    UpdateContactAttributes { attributes, target: whose(fields) }
}

pub(super) fn data(fields: &Fields<'_, '_>) -> UpdateContactData {
    UpdateContactData {
        name: fields.text("Name"),
        description: fields.text("Description"),
        language: fields.text("LanguageCode"),
        customer_id: fields.text("CustomerId"),
        references: fields.pairs("References"),
        target: whose(fields),
    }
}

pub(super) fn hooks(fields: &Fields<'_, '_>) -> UpdateContactEventHooks {
    let map = fields.fields("EventHooks");
    let names: Vec<&str> = map.names().collect();
    if names.is_empty() {
        fields.problem("EventHooks", "there must be an event");
    }
    let hooks = names.into_iter().filter_map(|name| {
        let flow = map.required(name);
        let hook = Hook::named(name);
        if hook.is_none() {
            fields.problem("EventHooks", "one of the names is no event that a flow can be set for");
        }
        Some((hook?, flow))
    });
    UpdateContactEventHooks { hooks: hooks.collect() }
}

pub(super) fn media_streaming(fields: &Fields<'_, '_>) -> UpdateContactMediaStreamingBehavior {
    let _: Text = fields.required("MediaStreamingState");
    let _: Option<Text> = fields.text("MediaStreamType");
    let mut directions = Vec::new();
    for participant in fields.objects("Participants") {
        let _: Option<Text> = participant.text("ParticipantType");
        let known = |word: &str| matches!(word, "From" | "To").then(|| word.to_owned());
        directions.extend(participant.choices("MediaDirections", "From or To", known));
    }
    UpdateContactMediaStreamingBehavior {
        enabled: fields.flag("MediaStreamingState").unwrap_or_default(),
        from_customer: directions.iter().any(|direction| direction == "From"),
        to_customer: directions.iter().any(|direction| direction == "To"),
    }
}

/// `RecordingBehavior` and `AnalyticsBehavior`, as exports have it; the page shows only the former.
pub(super) fn recording(fields: &Fields<'_, '_>) -> UpdateContactRecordingBehavior {
    let recording = fields.fields("RecordingBehavior");
    let channels = || {
        let channels = fields.fields("AnalyticsBehavior").fields("ChannelConfiguration");
        let _: Vec<String> = modes(&channels.fields("Chat"), "AnalyticsModes");
        modes(&channels.fields("Voice"), "AnalyticsModes")
    };
    UpdateContactRecordingBehavior {
        recorded: recorded(&recording),
        ivr: recording.flag("IVRRecordingBehavior"),
        analytics: fields.has("AnalyticsBehavior").then(|| {
            let mut analytics = analytics(&fields.fields("AnalyticsBehavior"));
            analytics.modes.extend(channels());
            analytics
        }),
        chat_only: false,
    }
}

/// `VoiceBehavior` or `ChatBehavior`.
pub(super) fn recording_and_analytics(fields: &Fields<'_, '_>) -> UpdateContactRecordingBehavior {
    let voice = fields.fields("VoiceBehavior");
    let recording = voice.fields("VoiceRecordingBehavior");
    UpdateContactRecordingBehavior {
        recorded: recorded(&recording),
        ivr: recording.flag("IVRRecordingBehavior"),
        analytics: voice
            .has("VoiceAnalyticsBehavior")
            .then(|| analytics(&voice.fields("VoiceAnalyticsBehavior"))),
        chat_only: fields.value("ChatBehavior").is_some() && !fields.has("VoiceBehavior"),
    }
}

fn recorded(recording: &Fields<'_, '_>) -> Option<Vec<Party>> {
    recording
        .has("RecordedParticipants")
        .then(|| recording.choices("RecordedParticipants", "Agent or Customer", Party::named))
}

fn analytics(fields: &Fields<'_, '_>) -> AnalyticsBehavior {
    let redaction = fields.fields("ConversationalAnalyticsRedactionConfiguration");
    let older = fields.flag("AnalyticsRedactionBehavior");
    let mut modes = modes(fields, "AnalyticsModes");
    modes.extend(fields.fixed("AnalyticsMode"));
    AnalyticsBehavior {
        enabled: fields.flag("Enabled").unwrap_or_default(),
        language: fields.text("AnalyticsLanguage"),
        modes,
        redacted: redaction.flag("Enabled").or(older).unwrap_or_default(),
    }
}

fn modes(fields: &Fields<'_, '_>, name: &str) -> Vec<String> {
    fields.choices(name, "the name of a mode", |mode| Some(mode.to_owned()))
}

pub(super) fn routing(fields: &Fields<'_, '_>) -> UpdateContactRoutingBehavior {
    let age =
        fields.choice("QueueTimeAdjustmentSeconds", "a whole number of seconds", |text| text.parse().ok());
    let priority = fields.choice("QueuePriority", "a whole number above 0", |text| {
        text.parse().ok().filter(|priority| *priority > 0)
    });
    match (priority, age) {
        (Some(priority), None) => UpdateContactRoutingBehavior::Priority(priority),
        (None, Some(age)) => UpdateContactRoutingBehavior::Age(age),
        _ => {
            fields.problem(
                "QueuePriority",
                "one of QueuePriority and QueueTimeAdjustmentSeconds must be there",
            );
            UpdateContactRoutingBehavior::Age(0)
        }
    }
}

pub(super) fn routing_criteria(fields: &Fields<'_, '_>) -> UpdateContactRoutingCriteria {
    if !fields.has("RoutingCriteria") {
        fields.problem("RoutingCriteria", "is missing; the action cannot do without it");
    }
    let criteria = fields.shape("RoutingCriteria").unwrap_or(Shape::Map(Vec::new()));
    UpdateContactRoutingCriteria { criteria }
}

pub(super) fn target_queue(fields: &Fields<'_, '_>) -> QueueTarget {
    let queue = control::queue(fields);
    if queue == QueueTarget::Current {
        fields.problem("QueueId", "is missing: QueueId or AgentId must be there");
    }
    queue
}

pub(super) fn voice(fields: &Fields<'_, '_>) -> UpdateContactTextToSpeechVoice {
    UpdateContactTextToSpeechVoice {
        voice: fields.required("TextToSpeechVoice"),
        engine: fields.text("TextToSpeechEngine"),
        style: fields.text("TextToSpeechStyle"),
    }
}

pub(super) fn callback_number(fields: &Fields<'_, '_>) -> UpdateContactCallbackNumber {
    UpdateContactCallbackNumber { number: fields.required("CallbackNumber") }
}

pub(super) fn previous_participant(fields: &Fields<'_, '_>) -> UpdatePreviousContactParticipantState {
    let name = "PreviousContactParticipantState";
    let _: Text = fields.required(name);
    let state =
        fields.choice(name, "AgentOnHold, CustomerOnHold or OffHold", PreviousParticipantState::named);
    UpdatePreviousContactParticipantState { state: state.unwrap_or(PreviousParticipantState::OffHold) }
}

pub(super) fn tag(fields: &Fields<'_, '_>) -> TagContact {
    TagContact { tags: fields.pairs("Tags") }
}

pub(super) fn untag(fields: &Fields<'_, '_>) -> UntagContact {
    UntagContact { keys: fields.choices("TagKeys", "the name of a tag", |key| Some(key.to_owned())) }
}

pub(super) fn complete_outbound_call(fields: &Fields<'_, '_>) -> CompleteOutboundCall {
    let caller = fields.fields("CallerId");
    CompleteOutboundCall {
        caller_id: caller.text("Number"),
        caller_name: caller.text("Name"),
        time_limit: fields.count("ConnectionTimeLimitSeconds", 1..=600),
    }
}
