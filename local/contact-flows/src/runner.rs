//! Running a flow, block by block, without waiting for anything.
//!
//! ```text
//!          ┌──────────── answer(Answer) ◄─── whoever runs it: functions, keys, hours, queues
//!          ▼                                        ▲
//! step() ─► what does the block do? ── it asks ─────┘
//!                 │ it decided
//!                 ▼
//!           which branch? ─► Passage (what happened and why) ─► the next block
//! ```

mod answer;
mod branch;
mod conclude;
mod decision;
mod error;
mod keypad;
mod passage;
mod reach;
mod reach_contact;
mod reply;
mod request;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use answer::Answer;
pub use error::RunError;
pub use passage::{Ending, Passage, Said, Step};
pub use reply::refused;
pub use request::{Callback, Dialled, Input, Invocation, Outbound, Request};

use serde_json::{Map, Value};

use crate::action::Hook;
use crate::flow::{Block, Flow};
use crate::library::{Library, Resolved};
use crate::place::{ActionId, Place};
use crate::state::ContactState;
use crate::state::look_up::as_text;
use crate::text::Text;
use decision::{Decision, Why};

/// How many actions may run for one contact before the run is cut. Amazon documents no limit of its own; a real call does not come
/// near this one, a flow that runs in circles does.
pub const MOST_ACTIONS: u32 = 1_000;

/// How often a function is invoked for one block at most: once, and after an error "up to three times" again, all within the
/// block's time limit. <https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html#retry>
pub const MOST_INVOCATIONS: u32 = 4;

/// How deep modules may invoke modules.
/// <https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-modules.html>
const DEEPEST: usize = 5;

/// A flow that runs for a contact.
#[derive(Clone)]
pub struct Runner {
    library: Arc<Library>,
    state: ContactState,
    frame: Frame,
    /// The flows that wait for a module to return.
    callers: Vec<Frame>,
    actions: u32,
    now: Now,
}

/// A flow and where it is.
#[derive(Clone)]
struct Frame {
    flow: Arc<Flow>,
    at: ActionId,
    /// How often each loop has gone round.
    rounds: BTreeMap<ActionId, u64>,
    /// The flow attributes of the flow, while a module runs.
    flow_attributes: BTreeMap<String, String>,
}

impl Frame {
    fn new(flow: Arc<Flow>) -> Self {
        let at = flow.start().clone();
        Self { flow, at, rounds: BTreeMap::new(), flow_attributes: BTreeMap::new() }
    }
}

#[derive(Clone)]
enum Now {
    /// Before the block.
    Reached,
    /// The block waits for an answer.
    Asked(Request),
    /// It has one.
    Answered(Request, Answer),
    /// The flow is over.
    Over(Ending),
    /// It cannot go on.
    Stopped(RunError),
}

/// Shows where it is, and nothing of the contact but its id.
impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("flow", &self.frame.flow.title())
            .field("at", &self.frame.at)
            .field("contact_id", &self.state.contact_id)
            .finish_non_exhaustive()
    }
}

impl Runner {
    /// Starts a flow of the library, named by its ARN, id, name or file, for a contact.
    ///
    /// # Errors
    /// When the library has no such flow.
    pub fn start(library: &Arc<Library>, flow: &str, state: ContactState) -> Result<Self, RunError> {
        match library.resolve(flow, None) {
            Resolved::Flow(flow) => Ok(Self::of(library, flow, state)),
            Resolved::Unavailable | Resolved::Unknown => {
                Err(RunError::UnknownFlow { place: Box::default(), flow: flow.to_owned() })
            }
        }
    }

    /// Starts the flow that an earlier flow has set for an event of the contact; `None` if none has.
    pub fn start_hook(
        library: &Arc<Library>,
        hook: Hook,
        state: ContactState,
    ) -> Option<Result<Self, RunError>> {
        let flow = state.hooks.get(&hook)?.clone();
        Some(Self::start(library, &flow, state))
    }

    fn of(library: &Arc<Library>, flow: Arc<Flow>, mut state: ContactState) -> Self {
        state.flow_attributes.clear();
        let (library, frame) = (Arc::clone(library), Frame::new(flow));
        Self { library, state, frame, callers: Vec::new(), actions: 0, now: Now::Reached }
    }

    /// The contact as it is now.
    pub fn state(&self) -> &ContactState {
        &self.state
    }

    /// The contact, for what changes outside of the flow: an agent joins, the API sets an attribute.
    pub fn state_mut(&mut self) -> &mut ContactState {
        &mut self.state
    }

    /// The contact, when the flow is no longer needed.
    pub fn into_state(self) -> ContactState {
        self.state
    }

    /// The flow that runs: the module, while one does.
    pub fn flow(&self) -> &Arc<Flow> {
        &self.frame.flow
    }

    /// Where it is: the action that runs next, or waits.
    pub fn at(&self) -> &ActionId {
        &self.frame.at
    }

    /// Takes one step: passes a block, or asks what the block needs to know. As long as there is no answer, and after the end or
    /// an error, it says the same again.
    ///
    /// # Errors
    /// When the flow cannot go on: the error says where and why. What an action of a real contact would take for an error is
    /// none: that goes by the action's error branch.
    pub fn step(&mut self) -> Result<Step, RunError> {
        let step = self.advance();
        if let Err(stopped) = &step {
            self.now = Now::Stopped(stopped.clone());
        }
        step
    }

    fn advance(&mut self) -> Result<Step, RunError> {
        let flow = Arc::clone(&self.frame.flow);
        let now = std::mem::replace(&mut self.now, Now::Reached);
        match now {
            Now::Over(ending) => {
                self.now = Now::Over(ending.clone());
                Ok(Step::Ended(ending))
            }
            Now::Stopped(stopped) => Err(stopped),
            Now::Asked(request) => {
                self.now = Now::Asked(request.clone());
                Ok(Step::Asks(request))
            }
            Now::Reached => {
                let block = self.block(&flow)?;
                self.actions += 1;
                if self.actions > MOST_ACTIONS {
                    return Err(RunError::TooManyActions { place: flow.place(block).into() });
                }
                let decision = self.reach(&flow, block)?;
                self.go(&flow, block, decision)
            }
            Now::Answered(request, answer) => {
                let block = self.block(&flow)?;
                let decision = self.conclude(block, request, answer);
                self.go(&flow, block, decision)
            }
        }
    }

    /// Answers what the block asked.
    ///
    /// # Errors
    /// When nothing was asked, or the answer is to another question. The question stays.
    pub fn answer(&mut self, answer: Answer) -> Result<(), RunError> {
        let Now::Asked(request) = &self.now else {
            return Err(RunError::NotAsked { answered: answer.kind() });
        };
        if !answer.fits(request) {
            let place =
                self.frame.flow.block(self.frame.at.as_str()).map(|block| self.frame.flow.place(block));
            return Err(RunError::WrongAnswer {
                place: place.unwrap_or_default().into(),
                asked: request.kind(),
                answered: answer.kind(),
            });
        }
        self.now = Now::Answered(request.clone(), answer);
        Ok(())
    }

    fn block<'f>(&self, flow: &'f Flow) -> Result<&'f Block, RunError> {
        let at = &self.frame.at;
        flow.block(at.as_str()).ok_or_else(|| RunError::NoSuchAction {
            place: Place::of_file(&flow.file).into(),
            action: at.clone(),
        })
    }

    /// Does what was decided.
    fn go(&mut self, flow: &Arc<Flow>, block: &Block, decision: Decision) -> Result<Step, RunError> {
        let mut passage = Passage::at(flow, block);
        match decision {
            Decision::Asks(request) => {
                self.now = Now::Asked(request.clone());
                return Ok(Step::Asks(request));
            }
            Decision::Goes { outcome, why } => {
                passage.tell(why);
                self.branch_off(flow, block, outcome, &mut passage)?;
            }
            Decision::Ends { ending, why } => {
                passage.tell(why);
                passage.ends = Some(ending.clone());
                self.now = Now::Over(ending);
            }
            Decision::Transfers { to, why } => {
                passage.tell(why);
                passage.enters = Some(to.title().to_owned());
                self.callers.clear();
                self.state.flow_attributes.clear();
                self.frame = Frame::new(to);
            }
            Decision::Calls { module, input, why } => {
                if self.callers.len() >= DEEPEST {
                    return Err(RunError::TooDeep { place: flow.place(block).into() });
                }
                passage.tell(why);
                passage.enters = Some(module.title().to_owned());
                self.state.modules = Map::from_iter([("Input".to_owned(), input.into())]);
                let mut caller = std::mem::replace(&mut self.frame, Frame::new(module));
                caller.flow_attributes = std::mem::take(&mut self.state.flow_attributes);
                self.callers.push(caller);
            }
            Decision::Returns { result, data, why } => {
                passage.tell(why);
                self.back(result, data, &mut passage)?;
            }
        }
        Ok(Step::Passed(passage))
    }

    /// Follows the branch of an outcome.
    fn branch_off(
        &mut self,
        flow: &Flow,
        block: &Block,
        outcome: decision::Outcome,
        passage: &mut Passage,
    ) -> Result<(), RunError> {
        let taken = branch::taken(block, &outcome, &self.state);
        let Some((branch, next, because)) = taken else {
            return Err(RunError::NoBranch { place: flow.place(block).into(), outcome: outcome.described() });
        };
        if flow.block(next.as_str()).is_none() {
            return Err(RunError::NoSuchAction { place: flow.place(block).into(), action: next.clone() });
        }
        passage.because(because);
        passage.branch = Some(branch);
        passage.next = Some(next.clone());
        self.frame.at = next.clone();
        Ok(())
    }

    /// Returns from a module to the block that invoked it, and follows that block's branch.
    fn back(
        &mut self,
        result: Option<String>,
        data: Map<String, Value>,
        passage: &mut Passage,
    ) -> Result<(), RunError> {
        let Some(caller) = self.callers.pop() else {
            let ending = Ending::FlowEnded;
            passage.ends = Some(ending.clone());
            self.now = Now::Over(ending);
            return Ok(());
        };
        self.frame = caller;
        self.state.flow_attributes = std::mem::take(&mut self.frame.flow_attributes);
        self.state.modules.insert("Result".to_owned(), result.clone().into());
        self.state.modules.insert("ResultData".to_owned(), data.into());
        let flow = Arc::clone(&self.frame.flow);
        let block = self.block(&flow)?;
        let outcome = match result {
            Some(result) => decision::Outcome::result(result),
            None => decision::Outcome::Next,
        };
        let mut returned = Passage::at(&flow, block);
        self.branch_off(&flow, block, outcome, &mut returned)?;
        passage.enters = Some(flow.title().to_owned());
        passage.returned = Some(Box::new(returned));
        Ok(())
    }

    /// What there is to say about a dynamic text: what it is now.
    fn saw(&self, why: &mut Why, text: &Text) {
        for reference in text.references() {
            let value = self.state.look_up(reference).map(as_text);
            why.saw.push((reference.to_string(), value.into()));
        }
    }
}
