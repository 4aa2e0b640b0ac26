//! What is done from the console: starting calls, breaking and mending Salesforce, hanging up.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::bail;
use salesforce_org::Record;

use super::board::Board;
use super::call::{About, State};
use super::shelf::Shelf;
use crate::center::Center;
use crate::script::{Fault, HangUp, NeverRang, SalesforceFault, Speed, Told, fault_in_words};

/// Whoever sits at the console.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) center: Arc<Center>,
    pub(super) board: Arc<Board>,
    pub(super) shelf: Shelf,
    /// The calls that are not over.
    hang_ups: Mutex<BTreeMap<usize, HangUp>>,
}

impl Desk {
    pub(super) fn new(center: Arc<Center>, scripts: &Path) -> Arc<Self> {
        let (board, shelf) = (Arc::new(Board::new()), Shelf::new(scripts));
        Arc::new(Self { center, board, shelf, hang_ups: Mutex::default() })
    }

    /// Starts a script; returns the number of the call.
    pub(super) fn start(self: &Arc<Self>, script: &str, speed: Speed) -> anyhow::Result<usize> {
        let script = self.shelf.script(script)?;
        let about = About::of(&script);
        let number = self.board.add(about);
        let hang_up = HangUp::new();
        self.hang_ups().insert(number, hang_up.clone());
        let desk = Arc::clone(self);
        tokio::spawn(async move {
            let tell = desk.board.tell(number);
            let played = desk.center.play_until_hung_up(&script, speed, tell, &hang_up).await;
            desk.hang_ups().remove(&number);
            desk.board.set_state(
                number,
                match played {
                    Ok(outcome) => State::Ended(outcome.checks),
                    Err(error) if error.is::<NeverRang>() => State::Withdrawn,
                    Err(error) => State::Failed(format!("{error:#}")),
                },
            );
        });
        Ok(number)
    }

    /// Hangs a call up; one that is over stays as it is.
    pub(super) fn hang_up(&self, number: usize) {
        if let Some(hang_up) = self.hang_ups().get(&number) {
            hang_up.now();
        }
    }

    /// Breaks something, by the name of its button, or mends it. Every call that is being played is told.
    pub(super) async fn disturb(&self, what: &str) -> anyhow::Result<()> {
        match what {
            "salesforce-503" => self.break_it(Fault::Salesforce(SalesforceFault::status(503))).await?,
            "revoke-sessions" => self.break_it(Fault::RevokeSessions).await?,
            "mend" => {
                for fault in self.center.faults_in_force() {
                    self.center.mend(&Fault::Salesforce(fault));
                }
                self.center.tell_everyone(|| Told::Mended("Salesforce works again".to_owned()));
            }
            _ => bail!("there is no fault `{what}` here: salesforce-503, revoke-sessions, or mend"),
        }
        self.board.changed();
        Ok(())
    }

    async fn break_it(&self, fault: Fault) -> anyhow::Result<()> {
        self.center.break_it(&fault).await?;
        self.center.tell_everyone(|| Told::Fault(fault_in_words(&fault)));
        Ok(())
    }

    /// The VoiceCalls of these contacts, as Salesforce has them now.
    pub(super) fn voice_calls(&self, contacts: &[String]) -> anyhow::Result<Vec<Record>> {
        let found = contacts.iter().map(|contact| self.center.org().voice_call(contact));
        found.filter_map(Result::transpose).collect()
    }

    fn hang_ups(&self) -> MutexGuard<'_, BTreeMap<usize, HangUp>> {
        self.hang_ups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
