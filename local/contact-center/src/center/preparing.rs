//! What a script has the org be like before the call.

use anyhow::Context;
use salesforce_org::FlowTarget;
use serde_json::{Map, Value, json};

use super::{Center, OMNI_FLOW, QUEUES};
use crate::script::{Named, Salesforce, Target, resolve};

impl Center {
    /// Makes the records that a script begins with, and returns the ids of those that it names; sets up where Omni flows lead, and
    /// with which numbers agents call.
    pub(super) fn prepare(&self, salesforce: &Salesforce) -> anyhow::Result<Named> {
        let mut named = Named::new();
        for seed in &salesforce.records {
            let fields: Map<String, Value> =
                seed.fields.iter().map(|(field, value)| (field.clone(), resolve(value, &named))).collect();
            let id = self.org.insert(&seed.object, fields.into())?;
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

    /// A channel of the call center for calls, which this agent serves.
    fn add_outbound_number(&self, agent: &str, number: &str) -> anyhow::Result<()> {
        let users = self.org.records("User")?;
        let user = users.iter().find(|user| user.text("Username") == Some(agent));
        let user = user.with_context(|| format!("the org has no agent {agent}"))?;
        let center = self.org.records("CallCenter")?;
        let center = center.first().context("the org has no call center")?;
        let name = format!("Voice_{}", number.trim_start_matches('+'));
        let channel = self.org.insert(
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
        self.org.insert("ContactCenterChannel", link)?;
        Ok(())
    }
}
