//! Contact records: sent when a leg is over, and again.

use std::time::Duration;

use super::Player;
use crate::script::happening::Told;
use crate::script::model::{Action, Resend};

impl Player<'_> {
    /// The first version of a leg's record: without the recording if that arrives later.
    pub(super) async fn put_first_version(&mut self, leg: usize, at: Duration) -> anyhow::Result<()> {
        let late = self.steps.iter().any(|step| {
            matches!(&step.action, Action::Resend(resend) if resend.leg == leg + 1 && resend.recording)
        });
        self.put_new_version(leg, at, !late).await
    }

    /// A record again: a new version, or an earlier one as it was.
    pub(super) async fn resend(&mut self, resend: &Resend, at: Duration) -> anyhow::Result<()> {
        let leg = resend.leg - 1;
        match resend.version {
            Some(version) => self.put(leg, version, at).await,
            None => {
                self.attributes.extend(resend.attributes.clone());
                let had_it = self.records[leg].iter().any(|record| !record["Recording"].is_null());
                self.put_new_version(leg, at, resend.recording || had_it).await
            }
        }
    }

    async fn put_new_version(&mut self, leg: usize, at: Duration, recorded: bool) -> anyhow::Result<()> {
        self.take_attributes();
        let record = self.telling().contact_record(leg, at, recorded);
        self.records[leg].push(record);
        self.put(leg, self.records[leg].len(), at).await
    }

    async fn put(&self, leg: usize, version: usize, at: Duration) -> anyhow::Result<()> {
        self.tell(at, Told::ContactRecord { leg: leg + 1, version });
        let record = &self.records[leg][version - 1];
        let tried = self.line.next_try();
        self.center.put_contact_record(self.scene.contact_id(leg), record);
        if self.pace.is_none() {
            tried.wait().await?;
        }
        Ok(())
    }
}
