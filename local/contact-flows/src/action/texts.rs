//! Every text in an action, for what looks at dynamic values without running anything.

use super::{Action, Count, InputMode, Message, QueueTarget, Validation};
use crate::shape::Shape;
use crate::text::Text;

type See<'s, 't> = &'s mut dyn FnMut(&'t Text);

impl Action {
    /// Calls `see` with every text of its parameters that may be dynamic.
    pub fn texts<'t>(&'t self, see: See<'_, 't>) {
        match self {
            Self::CheckOutboundCallStatus
            | Self::DisconnectParticipant
            | Self::DistributeByPercentage
            | Self::EndFlowExecution
            | Self::TransferContactToAgent
            | Self::TransferContactToQueue
            | Self::UntagContact(_)
            | Self::UpdateContactMediaStreamingBehavior(_)
            | Self::UpdateContactRoutingBehavior(_)
            | Self::UpdateFlowLoggingBehavior(_)
            | Self::UpdatePreviousContactParticipantState(_) => {}
            Self::CheckHoursOfOperation(it) => it.hours.iter().for_each(see),
            Self::CheckMetricData(it) => queue(&it.queue, see),
            Self::GetMetricData(it) => {
                queue(&it.queue, see);
                it.channel.iter().for_each(see);
            }
            Self::Compare(it) => see(&it.value),
            Self::CompleteOutboundCall(it) => {
                it.caller_id.iter().chain(&it.caller_name).for_each(&mut *see);
                it.time_limit.iter().for_each(|limit| count(limit, see));
            }
            Self::ConnectParticipantWithLexBot(it) => {
                it.message.iter().for_each(|said| message(said, see));
                see(&it.bot);
                pairs(&it.session_attributes, see);
            }
            Self::CreateCallbackContact(it) => {
                queue(&it.queue, see);
                [&it.initial_delay, &it.retry_delay, &it.attempts]
                    .into_iter()
                    .for_each(|one| count(one, see));
                it.flow.iter().chain(&it.caller_id).for_each(see);
            }
            Self::DequeueContactAndTransferToQueue(it) | Self::UpdateContactTargetQueue(it) => queue(it, see),
            Self::EndFlowModuleExecution(it) => {
                it.result.iter().for_each(&mut *see);
                shapes(&it.data, see);
            }
            Self::GetParticipantInput(it) => {
                it.message.iter().for_each(|said| message(said, see));
                count(&it.time_limit, see);
                count(&it.keypad.between, see);
                match &it.mode {
                    InputMode::Menu | InputMode::Store { validation: Validation::International, .. } => {}
                    InputMode::Store { validation: Validation::Custom { most }, .. } => count(most, see),
                    InputMode::Store { validation: Validation::Local { country }, .. } => see(country),
                }
            }
            Self::InvokeFlowModule(it) => {
                see(&it.module);
                shapes(&it.input, see);
            }
            Self::InvokeLambdaFunction(it) => {
                see(&it.function);
                shapes(&it.attributes, see);
            }
            Self::LoadLambdaResult(it) => see(&it.invocation),
            Self::Loop(it) => count(&it.count, see),
            Self::MessageParticipant(it) => message(&it.message, see),
            Self::MessageParticipantIteratively(it) => {
                it.messages.iter().for_each(|said| message(said, see));
                it.interrupt_after.iter().for_each(|after| count(after, see));
            }
            Self::TagContact(it) => pairs(&it.tags, see),
            Self::TransferParticipantToThirdParty(it) => {
                let texts = it.number.iter().chain(&it.keys).chain(&it.caller_id).chain(&it.caller_name);
                texts.for_each(&mut *see);
                it.time_limit.iter().for_each(|limit| count(limit, see));
            }
            Self::TransferToFlow(it) => see(&it.flow),
            Self::UpdateContactAttributes(it) => pairs(&it.attributes, see),
            Self::UpdateContactCallbackNumber(it) => see(&it.number),
            Self::UpdateContactData(it) => {
                let texts = it.name.iter().chain(&it.description).chain(&it.language).chain(&it.customer_id);
                texts.for_each(&mut *see);
                pairs(&it.references, see);
            }
            Self::UpdateContactEventHooks(it) => it.hooks.iter().for_each(|(_, flow)| see(flow)),
            Self::UpdateContactRecordingAndAnalyticsBehavior(it)
            | Self::UpdateContactRecordingBehavior(it) => {
                it.analytics.iter().filter_map(|analytics| analytics.language.as_ref()).for_each(see);
            }
            Self::UpdateContactRoutingCriteria(it) => it.criteria.texts(see),
            Self::UpdateContactTextToSpeechVoice(it) => {
                see(&it.voice);
                it.engine.iter().chain(&it.style).for_each(see);
            }
            Self::UpdateFlowAttributes(it) => pairs(&it.attributes, see),
            Self::Wait(it) => count(&it.time_limit, see),
            Self::Service(it) => it.parameters.texts(see),
        }
    }
}

fn count<'t>(count: &'t Count, see: See<'_, 't>) {
    if let Count::Dynamic(text) = count {
        see(text);
    }
}

fn message<'t>(message: &'t Message, see: See<'_, 't>) {
    let (Message::Text(text) | Message::Ssml(text) | Message::Prompt(text) | Message::Media(text)) = message;
    see(text);
}

fn queue<'t>(queue: &'t QueueTarget, see: See<'_, 't>) {
    if let QueueTarget::Queue(text) | QueueTarget::Agent(text) = queue {
        see(text);
    }
}

fn pairs<'t>(pairs: &'t [(Text, Text)], see: See<'_, 't>) {
    pairs.iter().for_each(|(key, value)| {
        see(key);
        see(value);
    });
}

fn shapes<'t>(shapes: &'t [(Text, Shape)], see: See<'_, 't>) {
    shapes.iter().for_each(|(key, value)| {
        see(key);
        value.texts(see);
    });
}
