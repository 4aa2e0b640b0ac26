//! What a block does with an answer.

use serde_json::Value;

use super::answer::Answer;
use super::decision::Decision;
use super::keypad::{self, Entered};
use super::passage::Ending;
use super::request::{Dialled, Input, Invocation, Request};
use super::{MOST_INVOCATIONS, Runner, reply};
use crate::action::{Action, GetParticipantInput, InputMode, ResponseType, Validation};
use crate::flow::Block;

/// The error of an input, an interaction or a service that took too long. Where a block has no branch for it, the general one catches it.
const TIME_LIMIT: &str = "TimeLimitExceeded";

impl Runner {
    /// What this block does with the answer, which fits the request.
    pub(super) fn conclude(&mut self, block: &Block, request: Request, answer: Answer) -> Decision {
        match (request, answer) {
            (Request::InvokeLambda(invocation), answer) => self.invoked(invocation, answer),
            (Request::LoadResult { response, .. }, Answer::Replied(reply)) => {
                self.replied(reply, response, 1)
            }
            (Request::Input(input), Answer::Keys(keys)) => self.pressed(block, &input, &keys),
            (Request::Converse { .. }, Answer::Intent(intent, lex)) => {
                self.state.other.insert("Lex".to_owned(), lex);
                let said = format!("the bot's intent is {}", crate::place::printable(&intent));
                Decision::result(intent, said)
            }
            (Request::Converse { .. }, Answer::TimedOut) => {
                Decision::error("InputTimeLimitExceeded", "the caller said nothing in time")
            }
            (Request::Hours { .. }, Answer::Open(open)) => {
                let (result, said) = if open { ("True", "open") } else { ("False", "closed") };
                Decision::result(result, format!("the contact center is {said}"))
            }
            (Request::Metric { metric, .. }, Answer::Number(number)) => {
                Decision::result(number, format!("{} is {number}", metric.as_str()))
            }
            (Request::Metrics { .. }, Answer::Metrics(metrics)) => {
                self.state.metrics = Some(metrics);
                Decision::next("the figures are loaded")
            }
            (Request::Chance, Answer::Number(number)) => {
                Decision::result(number, format!("the number is {number}"))
            }
            (Request::CallStatus, Answer::Result(result)) => {
                let said = format!("it is {}", crate::place::printable(&result));
                Decision::result(result, said)
            }
            (Request::Wait { .. }, Answer::Done) => Decision::result("WaitCompleted", "the time is over"),
            (Request::Wait { .. }, Answer::Result(event)) => {
                let said = format!("{} ended the wait", crate::place::printable(&event));
                Decision::result(event, said)
            }
            (Request::Listen { .. }, Answer::Done) => {
                Decision::result("MessagesInterrupted", "the flow interrupts the prompts")
            }
            (Request::MediaStreaming { enabled, .. }, answer @ (Answer::Streaming(_) | Answer::Done)) => {
                if let Answer::Streaming(audio) = answer {
                    self.state.audio = Some(audio);
                }
                Decision::next(if enabled {
                    "media streaming has started"
                } else {
                    "media streaming has stopped"
                })
            }
            (Request::EnterQueue { queue, .. }, Answer::Done) => {
                let said = format!("the contact waits in {}", queue.title());
                Decision::ends(Ending::InQueue(queue), said)
            }
            (Request::EnterQueue { .. }, Answer::AtCapacity) => {
                Decision::error("QueueAtCapacity", "the queue is full")
            }
            (Request::Dial(dialled), answer) => dialled_out(dialled, &answer),
            (Request::Callback(_), Answer::Done) => Decision::next("a callback is queued"),
            (Request::CompleteOutboundCall(_), Answer::Done) => Decision::next("the customer is dialled"),
            (Request::Service { .. }, Answer::Result(result)) => {
                let said = format!("the result is {}", crate::place::printable(&result));
                Decision::result(result, said)
            }
            (Request::Service { .. }, Answer::Done) => Decision::next("the service has done it"),
            (_, Answer::TimedOut) => Decision::error(TIME_LIMIT, "it took too long"),
            (_, Answer::Failed(reason)) => {
                Decision::fails(format!("it failed: {}", crate::place::printable(&reason)))
            }
            // Answers that do not fit are refused before this.
            (request, answer) => {
                Decision::fails(format!("{} is no answer to {}", answer.kind(), request.kind()))
            }
        }
    }

    /// An error is tried again, up to three times, within the time limit; then the block takes its error branch.
    fn invoked(&mut self, invocation: Invocation, answer: Answer) -> Decision {
        match answer {
            Answer::Replied(reply) => self.replied(reply, invocation.response, invocation.attempt),
            Answer::Accepted(id) => {
                self.state.invocation_id = Some(id);
                Decision::next("the function was invoked, and the flow goes on")
            }
            Answer::TimedOut => {
                let said = format!("the function did not answer within {} s", invocation.time_limit);
                Decision::error(TIME_LIMIT, said)
            }
            Answer::Failed(_) if invocation.attempt < MOST_INVOCATIONS => {
                let attempt = invocation.attempt + 1;
                Decision::Asks(Request::InvokeLambda(Invocation { attempt, ..invocation }))
            }
            Answer::Failed(reason) => {
                let reason = crate::place::printable(&reason);
                Decision::fails(format!(
                    "the function failed {} times, the last time with {reason}",
                    invocation.attempt
                ))
            }
            other => Decision::fails(format!("{} is no answer to an invocation", other.kind())),
        }
    }

    fn replied(&mut self, reply: Value, response: ResponseType, attempt: u32) -> Decision {
        if let Some(refused) = reply::refused(&reply, response) {
            return Decision::fails(refused);
        }
        let names = reply.as_object().map(|map| {
            let names: Vec<String> = map.keys().take(12).map(|name| crate::place::printable(name)).collect();
            names.join(", ")
        });
        self.state.external = Some(reply);
        let tries = if attempt > 1 { format!(" at try {attempt}") } else { String::new() };
        Decision::next(match names.as_deref() {
            None | Some("") => format!("the function answered{tries}"),
            Some(names) => format!("the function answered{tries} with {names}"),
        })
    }

    fn pressed(&mut self, block: &Block, input: &Input, keys: &str) -> Decision {
        let entered = keypad::entered(keys, input);
        let mode = match &block.action {
            Action::GetParticipantInput(GetParticipantInput { mode, .. }) => mode,
            other => return Decision::fails(format!("{} takes no keys", other.kind())),
        };
        match (mode, entered) {
            (InputMode::Menu, Entered::Nothing) => {
                Decision::error("InputTimeLimitExceeded", "the caller pressed nothing in time")
            }
            (InputMode::Menu, Entered::Text(key)) => {
                let said = format!("the caller pressed {key}");
                Decision::result(key, said)
            }
            // As the block's page has it: the way on, with this in place of the input.
            (InputMode::Store { .. }, Entered::Nothing) => {
                self.state.stored_input = Some("Timeout".to_owned());
                Decision::next("the caller pressed nothing in time, the stored input is Timeout")
            }
            (InputMode::Store { validation, .. }, Entered::Text(text)) => {
                let count = text.len();
                let stored = match validation {
                    Validation::Custom { .. } => Some(text),
                    Validation::International => keypad::phone_number(&text),
                    Validation::Local { country } => {
                        let country = self.state.fill(country);
                        let code = keypad::calling_code(&country).unwrap_or_default();
                        keypad::phone_number(&format!("{code}{text}"))
                    }
                };
                match stored {
                    Some(stored) => {
                        self.state.stored_input = Some(stored);
                        Decision::next(format!("{count} keys are stored"))
                    }
                    None => Decision::error("InvalidPhoneNumber", "what was entered is no phone number"),
                }
            }
        }
    }
}

fn dialled_out(dialled: Dialled, answer: &Answer) -> Decision {
    match answer {
        Answer::Done if dialled.continues => Decision::next("the other party has hung up, the flow goes on"),
        Answer::Done => {
            Decision::ends(Ending::WithThirdParty(dialled), "the contact is with somebody outside")
        }
        Answer::TimedOut => {
            Decision::error("ConnectionTimeLimitExceeded", "the other party did not answer in time")
        }
        Answer::Failed(reason) => {
            let said = format!("the call failed: {}", crate::place::printable(reason));
            Decision::error("CallFailed", said)
        }
        other => Decision::fails(format!("{} is no answer to a call", other.kind())),
    }
}
