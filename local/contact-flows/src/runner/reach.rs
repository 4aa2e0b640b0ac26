//! What a block does when the flow reaches it: it decides, or it asks.

use serde_json::Value;

use super::decision::{Decision, Outcome, Why};
use super::error::RunError;
use super::passage::{Ending, Said};
use super::request::{Callback, Dialled, Input, Invocation, Outbound, Request};
use super::{Runner, keypad};
use crate::action::{
    Action, CheckHoursOfOperation, Count, CreateCallbackContact, GetParticipantInput, InputMode,
    InvokeLambdaFunction, Loop, Message, QueueTarget, TransferParticipantToThirdParty, Validation,
};
use crate::flow::{Block, Flow};
use crate::library::Resolved;
use crate::state::Queue;
use crate::text::Text;
use crate::transitions::Condition;

impl Runner {
    /// What this block does.
    pub(super) fn reach(&mut self, flow: &Flow, block: &Block) -> Result<Decision, RunError> {
        Ok(match &block.action {
            Action::MessageParticipant(it) => {
                let shown = vec![self.said(&it.message)];
                let why = Why { shown, ..Why::new("the caller hears it") };
                Decision::Goes { outcome: Outcome::Next, why }
            }
            Action::MessageParticipantIteratively(it) => {
                let messages = it.messages.iter().map(|message| self.said(message)).collect();
                match it.interrupt_after.as_ref().map(|after| self.count(after)) {
                    Some(None) => Decision::fails("the seconds to listen are no number"),
                    seconds => Decision::Asks(Request::Listen { messages, seconds: seconds.flatten() }),
                }
            }
            Action::GetParticipantInput(it) => self.input(flow, block, it)?,
            Action::ConnectParticipantWithLexBot(it) => Decision::Asks(Request::Converse {
                bot: self.state.fill(&it.bot),
                prompt: it.message.as_ref().map(|message| self.said(message)),
                session_attributes: self.state.fill_pairs(&it.session_attributes).into(),
            }),
            Action::DisconnectParticipant => Decision::ends(Ending::Disconnected, "the flow hangs up"),
            Action::EndFlowExecution => {
                Decision::ends(Ending::FlowEnded, "the flow is over, the contact goes on")
            }
            Action::TransferContactToAgent => {
                Decision::ends(Ending::WithAgent, "the contact goes to the agent")
            }
            Action::EndFlowModuleExecution(it) => Decision::Returns {
                result: it.result.as_ref().map(|result| self.state.fill(result)),
                data: self.state.fill_map(&it.data),
                why: Why::new("the module is over"),
            },
            Action::InvokeFlowModule(it) => {
                let input = self.state.fill_map(&it.input);
                match self.find(flow, block, &it.module)? {
                    Some(module) => {
                        let why = Why::new(format!("the module {} runs", module.title()));
                        Decision::Calls { module, input, why }
                    }
                    None => Decision::fails("the module cannot be invoked"),
                }
            }
            Action::TransferToFlow(it) => match self.find(flow, block, &it.flow)? {
                Some(to) => {
                    let why = Why::new(format!("the flow {} goes on", to.title()));
                    Decision::Transfers { to, why }
                }
                None => Decision::fails("the flow cannot be transferred to"),
            },
            Action::Compare(it) => {
                let mut why = Why::new(format!("{} is compared", it.value));
                self.saw(&mut why, &it.value);
                let result = match it.value.reference() {
                    Some(reference) => self.state.look_up(reference).unwrap_or(Value::Null),
                    None => self.state.fill(&it.value).into(),
                };
                Decision::Goes { outcome: Outcome::Result(result), why }
            }
            Action::Loop(it) => self.round(&block.id, it),
            Action::DistributeByPercentage => Decision::Asks(Request::Chance),
            Action::CheckOutboundCallStatus => Decision::Asks(Request::CallStatus),
            Action::CheckHoursOfOperation(it) => self.hours(it),
            Action::CheckMetricData(it) => match self.target(&it.queue, block) {
                Ok(queue) => Decision::Asks(Request::Metric { metric: it.metric, queue }),
                Err(none) => Decision::fails(none),
            },
            Action::GetMetricData(it) => match self.target(&it.queue, block) {
                Ok(queue) => {
                    let channel = it.channel.as_ref().map(|channel| self.state.fill(channel));
                    Decision::Asks(Request::Metrics { queue, channel })
                }
                Err(none) => Decision::fails(none),
            },
            Action::Wait(it) => match self.count(&it.time_limit) {
                Some(seconds) => Decision::Asks(Request::Wait { seconds, until: it.events.clone() }),
                None => Decision::fails("the seconds to wait are no number"),
            },
            Action::InvokeLambdaFunction(it) => self.invoke(it),
            Action::LoadLambdaResult(it) => {
                let invocation_id = self.state.fill(&it.invocation);
                if invocation_id.is_empty() {
                    Decision::fails("no function was invoked asynchronously")
                } else {
                    Decision::Asks(Request::LoadResult { invocation_id, response: it.response })
                }
            }
            Action::TransferContactToQueue => match self.state.queue.clone() {
                Some(queue) => Decision::Asks(Request::EnterQueue { queue, dequeue: false }),
                None => Decision::fails("no queue is set"),
            },
            Action::DequeueContactAndTransferToQueue(it) => match self.target(it, block) {
                Ok(queue) => {
                    self.state.queue = Some(queue.clone());
                    Decision::Asks(Request::EnterQueue { queue, dequeue: true })
                }
                Err(none) => Decision::fails(none),
            },
            Action::TransferParticipantToThirdParty(it) => self.third_party(it),
            Action::CreateCallbackContact(it) => self.callback(it, block),
            Action::CompleteOutboundCall(it) => {
                let fill = |text: &Option<Text>| self.filled(text.as_ref()).into();
                Decision::Asks(Request::CompleteOutboundCall(Outbound {
                    caller_id: fill(&it.caller_id),
                    caller_name: fill(&it.caller_name),
                    time_limit: it.time_limit.as_ref().and_then(|limit| self.count(limit)),
                }))
            }
            Action::Service(it) => Decision::Asks(Request::Service {
                kind: it.kind,
                parameters: self.state.fill_shape(&it.parameters).into(),
            }),
            Action::UpdateContactMediaStreamingBehavior(it) => Decision::Asks(Request::MediaStreaming {
                enabled: it.enabled,
                from_customer: it.from_customer,
                to_customer: it.to_customer,
            }),
            changes => self.change(changes, block),
        })
    }

    /// Something to hear, with its dynamic values filled in.
    pub(super) fn said(&self, message: &Message) -> Said {
        match message {
            Message::Text(text) => Said::Text(self.state.fill(text).into()),
            Message::Ssml(text) => Said::Ssml(self.state.fill(text).into()),
            Message::Prompt(prompt) => Said::Prompt(self.state.fill(prompt)),
            Message::Media(uri) => Said::Media(self.state.fill(uri)),
        }
    }

    /// A whole number; `None` if it is dynamic, and none.
    pub(super) fn count(&self, count: &Count) -> Option<u64> {
        match count {
            Count::Fixed(number) => Some(*number),
            Count::Dynamic(text) => self.state.fill(text).trim().parse().ok(),
        }
    }

    /// A text with its dynamic values; none, if nothing is left of it.
    fn filled(&self, text: Option<&Text>) -> Option<String> {
        text.map(|text| self.state.fill(text)).filter(|text| !text.is_empty())
    }

    /// The flow that a block means; `None` if it cannot be had, as in an instance where it was deleted.
    fn find(
        &self,
        flow: &Flow,
        block: &Block,
        reference: &Text,
    ) -> Result<Option<std::sync::Arc<Flow>>, RunError> {
        let name = self.state.fill(reference);
        match self.library.resolve(&name, block.named.as_deref()) {
            Resolved::Flow(found) => Ok(Some(found)),
            Resolved::Unavailable => Ok(None),
            Resolved::Unknown if name.is_empty() => Ok(None),
            Resolved::Unknown => {
                // As the flow spells it: what a dynamic value is, is not for errors.
                let spelled = reference.to_string();
                let flow_name = match &block.named {
                    Some(named) => format!("\"{named}\" ({spelled})"),
                    None => spelled,
                };
                Err(RunError::UnknownFlow { place: flow.place(block).into(), flow: flow_name })
            }
        }
    }

    /// The queue that a block means; otherwise, why there is none.
    pub(super) fn target(&self, target: &QueueTarget, block: &Block) -> Result<Queue, &'static str> {
        let instance = &self.state.instance_arn;
        match target {
            QueueTarget::Current => self.state.queue.clone().ok_or("no queue is set"),
            QueueTarget::Queue(text) => match self.state.fill(text).trim() {
                "" => Err("the queue is not named: what it refers to is empty"),
                arn if arn.starts_with("arn:") && !arn.contains("/queue/") => {
                    Err("what is named is no queue")
                }
                id => Ok(self.library.queue(id, text.literal().and(block.named.as_deref()), instance)),
            },
            QueueTarget::Agent(text) => match self.state.fill(text).trim() {
                "" => Err("the agent is not named: what it refers to is empty"),
                arn if arn.starts_with("arn:") && !arn.contains("/agent/") => {
                    Err("what is named is no agent")
                }
                id => {
                    let id = id.rsplit('/').next().unwrap_or(id);
                    let arn = Some(format!("{instance}/queue/agent/{id}"));
                    Ok(Queue { arn, name: None, outbound_caller_id: None })
                }
            },
        }
    }

    fn input(&self, flow: &Flow, block: &Block, it: &GetParticipantInput) -> Result<Decision, RunError> {
        let unsupported = |what| RunError::Unsupported { place: flow.place(block).into(), what };
        let keypad = &it.keypad;
        let operands = |condition: &Condition| {
            condition.operands.iter().map(|operand| self.state.fill(operand).len()).max()
        };
        let (most, stored) = match &it.mode {
            InputMode::Menu => {
                let conditions = block.transitions.conditions.iter();
                let longest = conditions.filter_map(|one| operands(&one.condition)).max();
                (longest.unwrap_or(1).max(1), false)
            }
            InputMode::Store { encrypted: true, .. } => {
                return Err(unsupported(
                    "input is to be encrypted, which is not done here: it needs a key of the instance; \
                     take InputEncryption out of the copy that is run here",
                ));
            }
            InputMode::Store { validation: Validation::Custom { most }, .. } => {
                let Some(most) = self.count(most) else {
                    return Ok(Decision::fails("the most keys are no number"));
                };
                (usize::try_from(most).unwrap_or(usize::MAX), true)
            }
            InputMode::Store { validation: Validation::Local { country }, .. } => {
                if keypad::calling_code(&self.state.fill(country)).is_none() {
                    return Err(unsupported(
                        "the calling code of the country is not known here; add it to the list in keypad.rs",
                    ));
                }
                (LONGEST_PHONE_NUMBER, true)
            }
            InputMode::Store { validation: Validation::International, .. } => (LONGEST_PHONE_NUMBER, true),
        };
        let seconds = self.count(&it.time_limit).zip(self.count(&keypad.between));
        let Some((first_within, between)) = seconds else {
            return Ok(Decision::fails("the seconds to press keys are no number"));
        };
        Ok(Decision::Asks(Request::Input(Input {
            prompt: it.message.as_ref().map(|message| self.said(message)),
            first_within,
            between,
            most,
            terminator: stored.then(|| keypad.terminator.clone()),
            cancel: stored && keypad.cancel,
            stored,
        })))
    }

    /// Goes round so often, then is done once, then begins anew.
    fn round(&mut self, id: &crate::place::ActionId, it: &Loop) -> Decision {
        let Some(count) = self.count(&it.count).filter(|count| *count <= 100) else {
            return Decision::fails("the count is no number from 0 to 100");
        };
        let rounds = self.frame.rounds.entry(id.clone()).or_default();
        if *rounds < count {
            *rounds += 1;
            return Decision::result("ContinueLooping", format!("round {rounds} of {count}"));
        }
        *rounds = 0;
        Decision::result("DoneLooping", format!("{count} rounds are done"))
    }

    /// <https://docs.aws.amazon.com/connect/latest/adminguide/check-hours-of-operation.html>: the queue of an agent has no hours,
    /// so that the check fails.
    fn hours(&self, it: &CheckHoursOfOperation) -> Decision {
        let hours = self.filled(it.hours.as_ref());
        match &self.state.queue {
            _ if hours.is_some() => {}
            None => return Decision::fails("no queue is set that could have hours"),
            Some(queue) if queue.is_of_agent() => return Decision::fails("an agent's queue has no hours"),
            Some(_) => {}
        }
        Decision::Asks(Request::Hours { hours, queue: self.state.queue.clone() })
    }

    fn invoke(&self, it: &InvokeLambdaFunction) -> Decision {
        let function_arn = self.state.fill(&it.function);
        if function_arn.is_empty() {
            return Decision::fails("the function is not named: what it refers to is empty");
        }
        Decision::Asks(Request::InvokeLambda(Invocation {
            function_arn,
            event: self.state.event(self.state.fill_map(&it.attributes)).into(),
            time_limit: it.time_limit,
            mode: it.mode,
            response: it.response,
            attempt: 1,
        }))
    }

    fn third_party(&self, it: &TransferParticipantToThirdParty) -> Decision {
        let fill = |text: &Option<Text>| self.filled(text.as_ref());
        let number = fill(&it.number);
        if it.number.is_some() && number.is_none() {
            return Decision::fails("the number to call is empty");
        }
        Decision::Asks(Request::Dial(Dialled {
            number: number.into(),
            time_limit: it.time_limit.as_ref().and_then(|limit| self.count(limit)),
            keys: fill(&it.keys).into(),
            caller_id: fill(&it.caller_id).into(),
            caller_name: fill(&it.caller_name).into(),
            continues: it.continues,
        }))
    }

    fn callback(&self, it: &CreateCallbackContact, block: &Block) -> Decision {
        let queue = match self.target(&it.queue, block) {
            Ok(queue) => Some(queue),
            Err(none) => return Decision::fails(none),
        };
        let counts = [&it.initial_delay, &it.retry_delay, &it.attempts].map(|count| self.count(count));
        let [Some(initial_delay), Some(retry_delay), Some(attempts)] = counts else {
            return Decision::fails("the delays and attempts are no numbers");
        };
        let number = self.state.callback_number.clone();
        let caller = || self.state.customer_endpoint.as_ref().map(|endpoint| endpoint.address.clone());
        Decision::Asks(Request::Callback(Callback {
            number: number.or_else(caller).into(),
            queue,
            initial_delay,
            retry_delay,
            attempts,
            flow: self.filled(it.flow.as_ref()),
            caller_id: self.filled(it.caller_id.as_ref()).into(),
        }))
    }
}

/// Digits of a phone number in E.164 form.
const LONGEST_PHONE_NUMBER: usize = 15;
