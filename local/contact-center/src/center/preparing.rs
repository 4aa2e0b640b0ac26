//! What a script has the org be like before the call.

use anyhow::Context;
use salesforce_org::FlowTarget;
use serde_json::{Map, Value, json};

use super::{Center, OMNI_FLOW, QUEUES, lock};
use crate::script::{Named, Salesforce, Target, resolve};

impl Center {
    /// Makes the records that a script begins with, and returns the ids of those that it names; sets up where Omni flows lead, and
    /// with which numbers agents call.
    pub(super) fn prepare(&self, salesforce: &Salesforce) -> anyhow::Result<Named> {
        if *salesforce != Salesforce::default() {
            self.clear_up()?;
        }
        let mut named = Named::new();
        for seed in &salesforce.records {
            let fields: Map<String, Value> =
                seed.fields.iter().map(|(field, value)| (field.clone(), resolve(value, &named))).collect();
            let id = self.put(&seed.object, fields.into())?;
            named.extend(seed.name.clone().map(|name| (name, id)));
        }
        // A script before this one may have led it elsewhere.
        self.org.add_flow(OMNI_FLOW, FlowTarget::Queue(QUEUES[0].to_owned()));
        for (flow, target) in &salesforce.omni_flows {
            self.org.add_flow(
                flow,
                match target {
                    Target::Queue(name) => FlowTarget::Queue(name.clone()),
                    Target::Agent(username) => FlowTarget::Agent(username.clone()),
                },
            );
        }
        for (agent, number) in &salesforce.outbound_numbers {
            self.add_outbound_number(agent, number)?;
        }
        Ok(named)
    }

    /// A record that is there until another script says what the org is like.
    fn put(&self, object: &str, fields: Value) -> anyhow::Result<String> {
        let id = self.org.insert(object, fields)?;
        self.leave(object, &id);
        Ok(id)
    }

    /// A script has left this record.
    pub(super) fn leave(&self, object: &str, id: &str) {
        lock(&self.left).push((object.to_owned(), id.to_owned()));
    }

    /// Takes out of the org what scripts have left there: a script finds what it says, however often it is played.
    fn clear_up(&self) -> anyhow::Result<()> {
        std::mem::take(&mut *lock(&self.left)).iter().try_for_each(|(object, id)| self.org.remove(object, id))
    }

    /// A channel of the call center for calls, which this agent serves.
    fn add_outbound_number(&self, agent: &str, number: &str) -> anyhow::Result<()> {
        let users = self.org.records("User")?;
        let user = users.iter().find(|user| user.text("Username") == Some(agent));
        let user = user.with_context(|| format!("the org has no agent {agent}"))?;
        let center = self.org.records("CallCenter")?;
        let center = center.first().context("the org has no call center")?;
        let name = format!("Voice_{}", number.trim_start_matches('+'));
        let channel = self.put(
            "MessagingChannel",
            json!({
                "DeveloperName": name,
                "MasterLabel": number,
                "MessageType": "Voice",
                "MessagingPlatformKey": number,
                "IsActive": true,
                "SessionHandlerId": user.id(),
            }),
        )?;
        let link = json!({"ChannelId": channel, "ContactCenterId": center.id()});
        self.put("ContactCenterChannel", link)?;
        Ok(())
    }
}
