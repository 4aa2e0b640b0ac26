//! Which parameters an action of each type has.

use serde_json::Value;

use super::fields::Fields;
use super::{contact, control, interaction, participant};
use crate::action::{Action, Service, ServiceKind};
use crate::shape::Shape;

/// The action of this type with these parameters; `None` if there is no such type.
pub(super) fn action(kind: &str, fields: &Fields<'_, '_>, parameters: Option<&Value>) -> Option<Action> {
    Some(match kind {
        "CheckHoursOfOperation" => Action::CheckHoursOfOperation(control::hours(fields)),
        "CheckMetricData" => Action::CheckMetricData(control::metric(fields)),
        "CheckOutboundCallStatus" => Action::CheckOutboundCallStatus,
        "Compare" => Action::Compare(control::compare(fields)),
        "CompleteOutboundCall" => Action::CompleteOutboundCall(contact::complete_outbound_call(fields)),
        "ConnectParticipantWithLexBot" => Action::ConnectParticipantWithLexBot(participant::lex_bot(fields)),
        "CreateCallbackContact" => Action::CreateCallbackContact(interaction::callback(fields)),
        "DequeueContactAndTransferToQueue" => {
            Action::DequeueContactAndTransferToQueue(control::queue(fields))
        }
        "DisconnectParticipant" => Action::DisconnectParticipant,
        "DistributeByPercentage" => Action::DistributeByPercentage,
        "EndFlowExecution" => Action::EndFlowExecution,
        "EndFlowModuleExecution" => Action::EndFlowModuleExecution(control::end_module(fields)),
        "GetMetricData" => Action::GetMetricData(control::metrics(fields)),
        "GetParticipantInput" => Action::GetParticipantInput(participant::input(fields)),
        "InvokeFlowModule" => Action::InvokeFlowModule(control::module(fields)),
        "InvokeLambdaFunction" => Action::InvokeLambdaFunction(interaction::invoke(fields)),
        "LoadLambdaResult" => Action::LoadLambdaResult(interaction::load_result(fields)),
        "Loop" => Action::Loop(control::loops(fields)),
        "MessageParticipant" => Action::MessageParticipant(participant::message_participant(fields)),
        "MessageParticipantIteratively" => {
            Action::MessageParticipantIteratively(participant::iteratively(fields))
        }
        "TagContact" => Action::TagContact(contact::tag(fields)),
        "TransferContactToAgent" => Action::TransferContactToAgent,
        "TransferContactToQueue" => Action::TransferContactToQueue,
        "TransferParticipantToThirdParty" => {
            Action::TransferParticipantToThirdParty(interaction::third_party(fields))
        }
        "TransferToFlow" => Action::TransferToFlow(control::transfer(fields)),
        // The page writes UnTagContact, the service UntagContact.
        "UntagContact" | "UnTagContact" => Action::UntagContact(contact::untag(fields)),
        "UpdateContactAttributes" => Action::UpdateContactAttributes(contact::attributes(fields)),
        "UpdateContactCallbackNumber" => {
            Action::UpdateContactCallbackNumber(contact::callback_number(fields))
        }
        "UpdateContactData" => Action::UpdateContactData(contact::data(fields)),
        "UpdateContactEventHooks" => Action::UpdateContactEventHooks(contact::hooks(fields)),
        "UpdateContactMediaStreamingBehavior" => {
            Action::UpdateContactMediaStreamingBehavior(contact::media_streaming(fields))
        }
        "UpdateContactRecordingAndAnalyticsBehavior" => {
            Action::UpdateContactRecordingAndAnalyticsBehavior(contact::recording_and_analytics(fields))
        }
        "UpdateContactRecordingBehavior" => {
            Action::UpdateContactRecordingBehavior(contact::recording(fields))
        }
        "UpdateContactRoutingBehavior" => Action::UpdateContactRoutingBehavior(contact::routing(fields)),
        // The page's title is UpdateRoutingCriteria, the service takes UpdateContactRoutingCriteria.
        "UpdateContactRoutingCriteria" | "UpdateRoutingCriteria" => {
            Action::UpdateContactRoutingCriteria(contact::routing_criteria(fields))
        }
        "UpdateContactTargetQueue" => Action::UpdateContactTargetQueue(contact::target_queue(fields)),
        "UpdateContactTextToSpeechVoice" => Action::UpdateContactTextToSpeechVoice(contact::voice(fields)),
        "UpdateFlowAttributes" => Action::UpdateFlowAttributes(control::flow_attributes(fields)),
        "UpdateFlowLoggingBehavior" => Action::UpdateFlowLoggingBehavior(control::logging(fields)),
        "UpdatePreviousContactParticipantState" => {
            Action::UpdatePreviousContactParticipantState(contact::previous_participant(fields))
        }
        "Wait" => Action::Wait(control::wait(fields)),
        other => Action::Service(service(ServiceKind::named(other)?, fields, parameters)),
    })
}

/// The parameters of another service's action go to it whole.
fn service(kind: ServiceKind, fields: &Fields<'_, '_>, parameters: Option<&Value>) -> Service {
    let names: Vec<&str> = fields.names().collect();
    for name in names {
        // Reported if nested too deeply, and not as unread.
        let _: Option<Shape> = fields.shape(name);
    }
    let parameters = parameters.and_then(Shape::read).unwrap_or(Shape::Map(Vec::new()));
    Service { kind, parameters }
}
