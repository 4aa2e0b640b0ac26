//! One invocation, read once: method, contact, parameters.

use std::borrow::Cow;

use connect::flow::{ContactData, Details};
use salesforce::Fields;
use salesforce::telephony::CallKey;
use serde_json::{Map, Value};

use crate::error::HandlerError;
use crate::method::Method;

/// What a flow, or another Lambda in a flow's envelope, asks for.
pub(crate) struct Invocation<'a> {
    pub(crate) method: Method,
    /// The parameter `contactId`, or the flow's contact. May be the id of a VoiceCall, where Salesforce takes one.
    pub(crate) call: CallKey,
    details: &'a Details,
}

impl<'a> Invocation<'a> {
    pub(crate) fn read(details: &'a Details) -> Result<Self, HandlerError> {
        let name = details.parameter("methodName").ok_or(HandlerError::NoMethod)?;
        let method = Method::named(&name).ok_or_else(|| HandlerError::UnknownMethod(printable(&name)))?;
        Ok(Self { method, call: call_key(method, details)?, details })
    }

    /// The flow's contact; other Lambdas send none.
    pub(crate) fn contact(&self) -> Option<&'a ContactData> {
        self.details.contact_data.as_ref()
    }

    /// The flow's contact, for the methods that cannot do without.
    pub(crate) fn required_contact(&self) -> Result<&'a ContactData, HandlerError> {
        self.contact().ok_or_else(|| self.missing("Details.ContactData (the method needs a contact flow)"))
    }

    /// A parameter as text; `None` where it is absent or empty.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.details.parameter(name)
    }

    /// A parameter that the method cannot do without.
    pub(crate) fn required_text(&self, name: &'static str) -> Result<String, HandlerError> {
        self.text(name).map(Cow::into_owned).ok_or_else(|| self.missing(name))
    }

    /// The parameter `fieldValues`: an object, or JSON text of one (a flow can pass text only). Without what chooses
    /// the call center, which is no field.
    pub(crate) fn field_values(&self) -> Result<Fields, HandlerError> {
        let not_an_object = || self.invalid("fieldValues", "a JSON object");
        let mut fields: Map<String, Value> = match self.details.parameters.get("fieldValues") {
            None | Some(Value::Null) => return Err(self.missing("fieldValues")),
            Some(Value::Object(fields)) => fields.clone(),
            Some(Value::String(text)) => serde_json::from_str(text).map_err(|_| not_an_object())?,
            Some(_) => return Err(not_an_object()),
        };
        for not_a_field in ["secretName", "accessSecretName", "accessTokenSecretName"] {
            fields.remove(not_a_field);
        }
        Ok(Fields(fields))
    }

    /// The parameters `flowInput-*`, without the prefix.
    pub(crate) fn flow_input(&self) -> Fields {
        let inputs = self.details.parameters_with_prefix("flowInput-");
        Fields(inputs.map(|(name, value)| (name.to_owned(), value.clone())).collect())
    }

    /// The secret that the invocation names, first match wins: contact attribute, `fieldValues`, parameter.
    pub(crate) fn secret_name(&self) -> Option<Cow<'a, str>> {
        const SECRET_NAME: &str = "secretName";
        let attribute = self.contact().and_then(|contact| contact.attributes.non_empty(SECRET_NAME));
        let in_fields = || self.details.parameters.get("fieldValues")?.get(SECRET_NAME)?.as_str();
        attribute
            .or_else(in_fields)
            .filter(|name| !name.is_empty())
            .map(Cow::Borrowed)
            .or_else(|| self.text(SECRET_NAME))
    }

    pub(crate) fn missing(&self, what: &'static str) -> HandlerError {
        HandlerError::Missing { method: self.method, what }
    }

    pub(crate) fn invalid(&self, what: &'static str, expected: impl Into<String>) -> HandlerError {
        HandlerError::Invalid { method: self.method, what, expected: expected.into() }
    }
}

fn call_key(method: Method, details: &Details) -> Result<CallKey, HandlerError> {
    if let Some(value) = details.parameters.get("contactId").filter(|value| !is_unset(value)) {
        let parsed = value.as_str().and_then(|text| CallKey::parse(text).ok());
        let expected = "a contact id or VoiceCall id (letters, digits, - and _, at most 256)".to_owned();
        return parsed.ok_or(HandlerError::Invalid { method, what: "contactId", expected });
    }
    let contact = details.contact_data.as_ref();
    let contact = contact.and_then(|contact| match method {
        // Salesforce takes messages under the conversation's first contact only.
        Method::SendMessage => contact.initial_contact_id.as_ref().or(contact.contact_id.as_ref()),
        _ => contact.contact_id.as_ref(),
    });
    let missing = HandlerError::Missing {
        method,
        what: "the contact: parameter contactId, or Details.ContactData.ContactId,",
    };
    contact.and_then(|id| CallKey::parse(id.as_str()).ok()).ok_or(missing)
}

fn is_unset(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

/// A name from outside, fit for a log line.
fn printable(name: &str) -> String {
    const SHOWN: usize = 64;
    name.chars().take(SHOWN).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect()
}
