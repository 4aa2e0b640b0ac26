//! What a script has done as by blocks, where no contact flow does it.

use std::time::Duration;

use super::Player;
use crate::script::block;
use crate::script::events::flow_event;
use crate::script::happening::Told;
use crate::script::model::{FlowStep, OnError, Switch};
use crate::script::records::resolve;

impl Player<'_> {
    /// Invokes a function as a block would. True if the script has the flow hang up then.
    pub(super) async fn invoke(&mut self, leg: usize, step: &FlowStep, at: Duration) -> anyhow::Result<bool> {
        let resolved = step.parameters.iter();
        let parameters = resolved.map(|(name, value)| (name.clone(), resolve(value, &self.named))).collect();
        let event = flow_event(&self.contact_state(leg, at), parameters);
        match block::invoke_for(self.center.host(), step, &event).await? {
            Ok(reply) => {
                for (attribute, source) in &step.set {
                    if let Some(value) = block::external(source, &reply) {
                        self.attributes.insert(attribute.clone(), value.to_owned());
                    }
                }
                Ok(false)
            }
            Err(reason) => {
                self.error_branches += 1;
                let now = self.line.time();
                self.tell(now, Told::ErrorBranch { function: step.function.clone(), reason });
                Ok(step.on_error == OnError::Disconnect)
            }
        }
    }

    /// The audio stops by itself: when it does is known from the start.
    pub(super) fn switch_streaming(
        &mut self,
        leg: usize,
        switch: Switch,
        at: Duration,
    ) -> anyhow::Result<()> {
        let starts = self.streamed.iter().find(|stream| stream.leg == leg && stream.from == at);
        if let (Switch::Start, Some(streamed), Some(pace)) = (switch, starts, self.pace) {
            let contact_id = self.scene.contact_id(leg);
            self.audio.insert(leg, self.center.stream(contact_id, self.scene.ring, streamed, pace)?);
        }
        Ok(())
    }
}
