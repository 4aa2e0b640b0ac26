//! The words that flow events, contact records and contact events share.

use crate::open_enum::open_enum;

open_enum! {
    /// The channel of a contact. Only [`Channel::Voice`] has a VoiceCall in Salesforce.
    Channel {
        /// A phone call, or a call from an app or a web page (WebRTC).
        Voice = "VOICE",
        /// A chat, SMS or messaging contact.
        Chat = "CHAT",
        /// A task.
        Task = "TASK",
        /// An e-mail.
        Email = "EMAIL",
    }
}

open_enum! {
    /// How a contact came about.
    /// <https://docs.aws.amazon.com/connect/latest/APIReference/API_Contact.html>
    InitiationMethod {
        /// The customer called in.
        Inbound = "INBOUND",
        /// An agent called out.
        Outbound = "OUTBOUND",
        /// Handed over by an agent, with a quick connect.
        Transfer = "TRANSFER",
        /// Moved from one queue to another by a flow.
        QueueTransfer = "QUEUE_TRANSFER",
        /// The customer was called back.
        Callback = "CALLBACK",
        /// Started by an API call.
        Api = "API",
        /// Started by the flow that runs when another contact ends.
        Disconnect = "DISCONNECT",
        /// A supervisor listens to another contact.
        Monitor = "MONITOR",
        /// An agent called a third party outside the contact center.
        ExternalOutbound = "EXTERNAL_OUTBOUND",
        /// A call from an app or a web page.
        WebRtcApi = "WEBRTC_API",
        /// An agent answers an e-mail.
        AgentReply = "AGENT_REPLY",
        /// Started by a flow.
        Flow = "FLOW",
    }
}
