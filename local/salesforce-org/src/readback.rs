//! Looking at what clients did to an org.

use crate::operation::Operation;
use crate::org::Org;
use crate::requests::LoggedRequest;
use crate::store::events::{self, ConversationEvent};
use crate::store::messages::{self, Message};
use crate::store::records::{self, CONTACT_REQUEST, RECORDING, Record, VOICE_CALL};
use crate::store::routing::{self, Routing};
use crate::store::{Db, calls};

/// Read-back. `call` is a vendor call key or a VoiceCall id of 15 or 18 characters throughout; if several calls share
/// a key, the latest is meant. All fail only if the database does.
impl Org {
    /// The VoiceCall.
    ///
    /// # Errors
    /// If the database fails.
    pub fn voice_call(&self, call: &str) -> anyhow::Result<Option<Record>> {
        Ok(self.state().store.transact(|db| calls::find(db, call, None))?)
    }

    /// All VoiceCalls, in the order they were created.
    ///
    /// # Errors
    /// If the database fails.
    pub fn voice_calls(&self) -> anyhow::Result<Vec<Record>> {
        Ok(self.state().store.transact(|db| records::all(db, VOICE_CALL))?)
    }

    /// The conversation that the call belongs to; it is open while it has no `EndTime`.
    ///
    /// # Errors
    /// If the database fails.
    pub fn conversation(&self, call: &str) -> anyhow::Result<Option<Record>> {
        let conversation = self.of_call(call, |db, call| Ok(calls::conversation_of(db, call)?))?;
        Ok(conversation.flatten())
    }

    /// The call's recordings, as VoiceCallRecording records.
    ///
    /// # Errors
    /// If the database fails.
    pub fn recordings(&self, call: &str) -> anyhow::Result<Vec<Record>> {
        let recordings =
            self.of_call(call, |db, call| Ok(records::by_field(db, RECORDING, "VoiceCallId", call.id())?))?;
        Ok(recordings.unwrap_or_default())
    }

    /// The callbacks requested for the call, as ContactRequest records.
    ///
    /// # Errors
    /// If the database fails.
    pub fn callbacks(&self, call: &str) -> anyhow::Result<Vec<Record>> {
        let callbacks = self.of_call(call, |db, call| {
            Ok(records::by_field(db, CONTACT_REQUEST, "VoiceCallId", call.id())?)
        })?;
        Ok(callbacks.unwrap_or_default())
    }

    /// The messages of the conversation that the call belongs to, in the order they were first received.
    ///
    /// # Errors
    /// If the database fails.
    pub fn messages(&self, call: &str) -> anyhow::Result<Vec<Message>> {
        let messages = self.of_call(call, |db, call| {
            Ok(messages::of_conversation(db, call.text("ConversationId").unwrap_or_default())?)
        })?;
        Ok(messages.unwrap_or_default())
    }

    /// The intelligence signals about the call, in the order they were received.
    ///
    /// # Errors
    /// If the database fails.
    pub fn events(&self, call: &str) -> anyhow::Result<Vec<ConversationEvent>> {
        let events = self.of_call(call, |db, call| {
            Ok(events::of_key(db, call.text("VendorCallKey").unwrap_or_default())?)
        })?;
        Ok(events.unwrap_or_default())
    }

    /// The call's latest routing; nothing if it was never routed.
    ///
    /// # Errors
    /// If the database fails.
    pub fn routing(&self, call: &str) -> anyhow::Result<Option<Routing>> {
        Ok(self.of_call(call, |db, call| Ok(routing::of_call(db, call.id())?))?.flatten())
    }

    /// All records of an object that are not deleted, in the order they were created.
    ///
    /// # Errors
    /// If there is no such object, or the database fails.
    pub fn records(&self, object: &str) -> anyhow::Result<Vec<Record>> {
        let store = &self.state().store;
        let object = store.schema().expect_object(object)?;
        Ok(store.transact(|db| records::all(db, &object.name))?)
    }

    /// The record with this id, 15 or 18 characters; nothing if there is none or it was deleted.
    ///
    /// # Errors
    /// If there is no such object, or the database fails.
    pub fn record(&self, object: &str, id: &str) -> anyhow::Result<Option<Record>> {
        let store = &self.state().store;
        let object = store.schema().expect_object(object)?;
        Ok(store.transact(|db| records::by_id(db, &object.name, id))?)
    }

    /// The latest 10,000 requests, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state().requests.latest()
    }

    /// How many requests for this there were since the org started, failed ones included.
    pub fn request_count(&self, operation: Operation) -> usize {
        self.state().requests.count(operation)
    }

    /// How many TCP connections were accepted since the org started.
    pub fn connections(&self) -> usize {
        self.state().wires.accepted()
    }

    fn of_call<T>(
        &self,
        call: &str,
        read: impl FnOnce(&Db<'_>, &Record) -> anyhow::Result<T>,
    ) -> anyhow::Result<Option<T>> {
        self.state().store.transact(|db| calls::find(db, call, None)?.map(|call| read(db, &call)).transpose())
    }
}
