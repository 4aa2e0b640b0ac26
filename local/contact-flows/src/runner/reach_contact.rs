//! What blocks do that change the contact. They decide at once.

use serde_json::{Value, json};

use super::Runner;
use super::decision::{Decision, Outcome, Why};
use crate::action::{
    Action, QueueTarget, UpdateContactAttributes, UpdateContactCallbackNumber, UpdateContactData,
    UpdateContactEventHooks, UpdateContactRecordingBehavior, UpdateContactRoutingBehavior, Whose,
};
use crate::flow::Block;
use crate::text::Text;

impl Runner {
    /// Changes the contact.
    pub(super) fn change(&mut self, action: &Action, block: &Block) -> Decision {
        match action {
            Action::UpdateContactAttributes(it) => self.attributes(it),
            Action::UpdateFlowAttributes(it) => {
                let why = self.setting("flow attributes", &it.attributes);
                let attributes = self.state.fill_pairs(&it.attributes);
                self.state.flow_attributes.extend(attributes);
                Decision::Goes { outcome: Outcome::Next, why }
            }
            Action::UpdateContactData(it) => self.data(it),
            Action::UpdateContactTargetQueue(it) => self.target_queue(it, block),
            Action::UpdateContactCallbackNumber(it) => self.callback_number(it),
            Action::UpdateContactEventHooks(it) => self.hooks(it),
            Action::UpdateContactRecordingBehavior(it) => self.recording(it),
            Action::UpdateContactRecordingAndAnalyticsBehavior(it)
                if it.chat_only && self.state.channel != "CHAT" =>
            {
                Decision::error("ChannelMismatch", "it is for the chat channel")
            }
            Action::UpdateContactRecordingAndAnalyticsBehavior(it) => self.recording(it),
            Action::UpdateContactRoutingBehavior(it) => match *it {
                UpdateContactRoutingBehavior::Priority(priority) => {
                    self.state.priority = priority;
                    Decision::next(format!("the priority is {priority}"))
                }
                UpdateContactRoutingBehavior::Age(seconds) => {
                    self.state.age_adjustment = seconds;
                    Decision::next(format!("the contact counts as waiting {seconds:+} s"))
                }
            },
            Action::UpdateContactRoutingCriteria(it) => {
                let criteria = self.state.fill_shape(&it.criteria);
                // A dynamic value that is nothing, or a text that is no object.
                if !criteria.is_object() {
                    return Decision::fails("the routing criteria are no object");
                }
                let steps = criteria.get("Steps").and_then(Value::as_array).map_or(0, Vec::len);
                self.state.routing_criteria = Some(criteria);
                Decision::next(format!("routing criteria of {steps} steps are set"))
            }
            Action::UpdateContactTextToSpeechVoice(it) => {
                let voice = self.state.fill(&it.voice);
                if voice.is_empty() {
                    return Decision::fails("the voice is not named: what it refers to is empty");
                }
                self.state.voice = Some(voice);
                Decision::next(format!("the voice is {}", it.voice))
            }
            Action::UpdateFlowLoggingBehavior(it) => {
                self.state.logging = it.enabled;
                Decision::next(if it.enabled { "the flow writes its log" } else { "the flow writes no log" })
            }
            Action::UpdatePreviousContactParticipantState(it) => {
                self.state.previous_participant = Some(it.state);
                Decision::next(format!("the contact before: {}", it.state.as_str()))
            }
            Action::TagContact(it) => {
                let why = self.setting("tags", &it.tags);
                let tags = self.state.fill_pairs(&it.tags);
                // System tags cannot be set.
                if tags.iter().any(|(name, _)| name.starts_with("aws:")) {
                    return Decision::fails("tags that begin with aws: are not the flow's to set");
                }
                self.state.tags.extend(tags);
                Decision::Goes { outcome: Outcome::Next, why }
            }
            Action::UntagContact(it) => {
                self.state.tags.retain(|name, _| name.starts_with("aws:") || !it.keys.contains(name));
                Decision::next(format!("without the tags {}", it.keys.join(", ")))
            }
            // Every other action is decided before this.
            other => Decision::fails(format!("{} is not done here", other.kind())),
        }
    }

    /// "sets the attributes a, b", and what their dynamic values are.
    fn setting(&self, what: &str, pairs: &[(Text, Text)]) -> Why {
        let names: Vec<String> = pairs.iter().map(|(name, _)| name.to_string()).collect();
        let mut why = Why::new(format!("sets the {what} {}", names.join(", ")));
        for (_, value) in pairs {
            self.saw(&mut why, value);
        }
        why
    }

    /// What a dynamic value does not have is set as an empty text.
    fn attributes(&mut self, it: &UpdateContactAttributes) -> Decision {
        if it.target == Whose::Related {
            return match &self.state.related_contact_id {
                Some(_) => Decision::next("sets attributes of the related contact, which is not played here"),
                None => Decision::fails("there is no related contact"),
            };
        }
        let why = self.setting("attributes", &it.attributes);
        let attributes = self.state.fill_pairs(&it.attributes);
        match self.state.set_attributes(attributes) {
            Ok(()) => Decision::Goes { outcome: Outcome::Next, why },
            Err(()) => Decision::fails("all attributes together would be larger than 32 KB"),
        }
    }

    fn data(&mut self, it: &UpdateContactData) -> Decision {
        if it.target == Whose::Related {
            return match &self.state.related_contact_id {
                Some(_) => Decision::next("sets data of the related contact, which is not played here"),
                None => Decision::fails("there is no related contact"),
            };
        }
        let fill = |text: &Option<Text>, old: Option<String>| {
            text.as_ref().map_or(old, |text| Some(self.state.fill(text)))
        };
        let name = fill(&it.name, self.state.name.clone());
        let description = fill(&it.description, self.state.description.clone());
        let language = fill(&it.language, self.state.language.clone());
        let customer_id = fill(&it.customer_id, self.state.customer_id.clone());
        let references = self.state.fill_pairs(&it.references);
        let state = &mut self.state;
        (state.name, state.description) = (name, description);
        (state.language, state.customer_id) = (language, customer_id);
        let references =
            references.into_iter().map(|(name, value)| (name, json!({"Type": "STRING", "Value": value})));
        state.references.extend(references);
        Decision::next("sets data of the contact")
    }

    fn target_queue(&mut self, it: &QueueTarget, block: &Block) -> Decision {
        let mut why = Why::default();
        if let QueueTarget::Queue(text) | QueueTarget::Agent(text) = it {
            self.saw(&mut why, text);
        }
        match self.target(it, block) {
            Ok(queue) => {
                why.said = match it {
                    QueueTarget::Agent(_) => "the queue is an agent's".to_owned(),
                    _ => format!("the queue is {}", queue.title()),
                };
                self.state.queue = Some(queue);
                Decision::Goes { outcome: Outcome::Next, why }
            }
            Err(none) => {
                why.said = none.to_owned();
                Decision::Goes { outcome: Outcome::Error(super::decision::ANY), why }
            }
        }
    }

    fn callback_number(&mut self, it: &UpdateContactCallbackNumber) -> Decision {
        let number = self.state.fill(&it.number);
        let valid = number.strip_prefix('+').and_then(super::keypad::phone_number).is_some();
        if !valid {
            return Decision::error(
                "InvalidCallbackNumber",
                "what is there is no phone number in E.164 form",
            );
        }
        self.state.callback_number = Some(number);
        Decision::next(format!("the number to call back is {}", it.number))
    }

    fn hooks(&mut self, it: &UpdateContactEventHooks) -> Decision {
        let mut set = Vec::new();
        for (hook, flow) in &it.hooks {
            let flow = self.state.fill(flow);
            if flow.is_empty() {
                return Decision::fails("the flow is not named: what it refers to is empty");
            }
            set.push((*hook, flow));
        }
        let names: Vec<&str> = set.iter().map(|(hook, _)| hook.as_str()).collect();
        let said = format!("sets the flow of {}", names.join(", "));
        self.state.hooks.extend(set);
        Decision::next(said)
    }

    fn recording(&mut self, it: &UpdateContactRecordingBehavior) -> Decision {
        let mut said = Vec::new();
        if let Some(recorded) = &it.recorded {
            let names: Vec<&str> = recorded.iter().map(|party| party.as_str()).collect();
            said.push(if names.is_empty() {
                "nobody is recorded".to_owned()
            } else {
                format!("recorded: {}", names.join(", "))
            });
            self.state.recorded.clone_from(recorded);
        }
        if let Some(ivr) = it.ivr {
            self.state.ivr_recorded = ivr;
        }
        if let Some(analytics) = &it.analytics {
            said.push(if analytics.enabled {
                "Contact Lens is on".to_owned()
            } else {
                "Contact Lens is off".to_owned()
            });
            self.state.analytics = analytics.clone();
        }
        Decision::next(said.join(", "))
    }
}
