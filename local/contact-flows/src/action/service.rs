//! Actions of other Amazon services, and of other channels than voice.

use super::words;
use crate::shape::Shape;

words! {
    /// Which action. Their pages are under
    /// <https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html>.
    pub enum ServiceKind {
        /// Links the contact to a customer profile.
        AssociateContactToCustomerProfile = "AssociateContactToCustomerProfile",
        /// Has the customer sign in.
        AuthenticateParticipant = "AuthenticateParticipant",
        /// Asks Voice ID, which ended in May 2026.
        CheckVoiceId = "CheckVoiceId",
        /// Opens a case in Amazon Connect Cases.
        CreateCase = "CreateCase",
        /// Creates another contact.
        CreateContact = "CreateContact",
        /// Creates a customer profile.
        CreateCustomerProfile = "CreateCustomerProfile",
        /// Keeps a chat across contacts.
        CreatePersistentContactAssociation = "CreatePersistentContactAssociation",
        /// Creates a task.
        CreateTask = "CreateTask",
        /// Starts the agent's assistant.
        CreateWisdomSession = "CreateWisdomSession",
        /// Reads a data table.
        EvaluateDataTableValues = "EvaluateDataTableValues",
        /// Reads calculated attributes of a customer profile.
        GetCalculatedAttributesForCustomerProfile = "GetCalculatedAttributesForCustomerProfile",
        /// Reads a case.
        GetCase = "GetCase",
        /// Reads a customer profile.
        GetCustomerProfile = "GetCustomerProfile",
        /// Reads an object of a customer profile.
        GetCustomerProfileObject = "GetCustomerProfileObject",
        /// Reads what is stored with the contact, such as an e-mail.
        LoadContactContent = "LoadContactContent",
        /// Fills a message template.
        RenderMessageTemplate = "RenderMessageTemplate",
        /// Goes on with a paused contact.
        ResumeContact = "ResumeContact",
        /// Shows a view to the agent or the customer.
        ShowView = "ShowView",
        /// Starts a conversation by SMS.
        StartOutboundChatContact = "StartOutboundChatContact",
        /// Sends an e-mail.
        StartOutboundEmailContact = "StartOutboundEmailContact",
        /// Streams to Voice ID, which ended in May 2026.
        StartVoiceIdStream = "StartVoiceIdStream",
        /// Changes a case.
        UpdateCase = "UpdateCase",
        /// Has a function look at chat messages.
        UpdateContactMediaProcessing = "UpdateContactMediaProcessing",
        /// Changes a customer profile.
        UpdateCustomerProfile = "UpdateCustomerProfile",
    }
}

/// An action of another service.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Which.
    pub kind: ServiceKind,
    /// Its parameters.
    pub parameters: Shape,
}
