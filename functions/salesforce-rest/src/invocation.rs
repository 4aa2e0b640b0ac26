//! One invocation, read once: method, contact, parameters.

use std::borrow::Cow;

use connect::flow::{ContactData, Details};
use salesforce::{FieldName, ObjectName, RecordId};
use serde_json::{Map, Value};

use crate::error::{HandlerError, Problem};
use crate::key_prefix;
use crate::method::Method;

/// Parameters that choose credentials. They are never fields, in any spelling.
const SECRET: [&str; 3] = ["secretName", "accessSecretName", "accessTokenSecretName"];

/// Parameters that say what to do. They are no fields.
const INSTRUCTIONS: [&str; 14] = [
    "methodName",
    "sf_operation",
    "objectApiName",
    "recordId",
    "soql",
    "sosl",
    "onError",
    "externalIdField",
    "externalId",
    "idempotencyField",
    "textFields",
    "records",
    "fields",
    "canWait",
];

/// What a flow, or another Lambda in a flow's envelope, asks for.
pub(crate) struct Invocation<'a> {
    pub(crate) method: Method,
    details: &'a Details,
}

impl<'a> Invocation<'a> {
    pub(crate) fn read(details: &'a Details) -> Result<Self, HandlerError> {
        // The name of the parameter in AWS's CTI adapter, whose phoneLookup is a method here.
        let name = details.parameter("methodName").or_else(|| details.parameter("sf_operation"));
        let name = name.ok_or(HandlerError::NoMethod)?;
        let method = Method::named(&name).ok_or_else(|| HandlerError::UnknownMethod(printable(&name)))?;
        Ok(Self { method, details })
    }

    /// The flow's contact; other Lambdas send none.
    pub(crate) fn contact(&self) -> Option<&'a ContactData> {
        self.details.contact_data.as_ref()
    }

    pub(crate) fn contact_id(&self) -> Option<&'a str> {
        Some(self.contact()?.contact_id.as_ref()?.as_str())
    }

    /// The caller's number or other address.
    pub(crate) fn customer_address(&self) -> Option<&'a str> {
        Some(self.contact()?.customer_endpoint.as_ref()?.address.as_ref()?.as_str())
    }

    /// The number that was called.
    pub(crate) fn system_address(&self) -> Option<&'a str> {
        Some(self.contact()?.system_endpoint.as_ref()?.address.as_ref()?.as_str())
    }

    /// A parameter as text; `None` where it is absent or empty.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.details.parameter(name)
    }

    /// A parameter that the method cannot do without.
    pub(crate) fn required(&self, name: &str) -> Result<Cow<'a, str>, Problem> {
        self.text(name).ok_or_else(|| Problem::missing(format!("the parameter {name}")))
    }

    /// A parameter as it came; `None` where it is absent, null or empty.
    pub(crate) fn json(&self, name: &str) -> Option<&'a Value> {
        self.details.parameters.get(name).filter(|value| !value.is_null() && *value != "")
    }

    /// A parameter that is a list: separated by commas, or a JSON array of texts. Empty where it is absent.
    pub(crate) fn list(&self, name: &'static str) -> Result<Vec<&'a str>, Problem> {
        let Some(value) = self.json(name) else {
            return Ok(Vec::new());
        };
        let items = match value {
            Value::String(text) => Some(text.split(',').collect()),
            Value::Array(items) => items.iter().map(Value::as_str).collect::<Option<Vec<&str>>>(),
            _ => None,
        };
        let items = items.ok_or_else(|| Problem::invalid(name, "a list, separated by commas"))?;
        Ok(items.into_iter().map(str::trim).filter(|item| !item.is_empty()).collect())
    }

    /// A parameter that is a list of fields of one object.
    pub(crate) fn field_list(&self, name: &'static str) -> Result<Vec<FieldName>, Problem> {
        self.list(name)?.into_iter().map(|field| field_name(field, name)).collect()
    }

    /// How many records a flow wants at most. Salesforce sends and finds 2,000 at once.
    pub(crate) fn most(&self, name: &str, default: u16) -> Result<u16, Problem> {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        let number = text.parse().ok().filter(|number| (1..=2_000).contains(number));
        number.ok_or_else(|| Problem::invalid(name, "a whole number from 1 to 2000"))
    }

    /// The parameter `objectApiName`.
    pub(crate) fn object(&self) -> Result<ObjectName, Problem> {
        object_name(&self.required("objectApiName")?, "objectApiName")
    }

    /// The parameter `recordId`.
    pub(crate) fn record_id(&self, object: &ObjectName) -> Result<RecordId, Problem> {
        record_id(&self.required("recordId")?, object, "recordId")
    }

    /// The parameters that are fields of a record.
    pub(crate) fn fields(&self) -> Result<Map<String, Value>, Problem> {
        let fields = self.details.parameters.iter().filter(|(name, _)| is_own(name));
        fields.map(|(name, value)| checked_field(name, value.clone())).collect()
    }

    /// Whether the flow passes anything besides instructions.
    pub(crate) fn has_own_parameters(&self) -> bool {
        self.details.parameters.keys().any(|name| is_own(name))
    }

    /// The value for a placeholder: a parameter, which may be empty. Secrets' names are not handed out.
    pub(crate) fn placeholder(&self, name: &str) -> Option<String> {
        if is_secret(name) {
            return None;
        }
        match self.details.parameters.get(name)? {
            Value::Null | Value::Object(_) => None,
            Value::String(text) => Some(text.clone()),
            value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_)) => Some(value.to_string()),
        }
    }

    /// The value for a placeholder in a query. An empty one counts as none: Salesforce takes an empty text for no value, so
    /// a caller who withholds the number would be taken for whoever has none.
    pub(crate) fn literal(&self, name: &str) -> Option<String> {
        self.placeholder(name).filter(|text| !text.is_empty())
    }

    /// Whether the flow can do without this when the org's API requests of the day are nearly used up.
    pub(crate) fn can_wait(&self) -> bool {
        self.text("canWait").is_some_and(|text| text == "true")
    }

    /// The secret that the invocation names, first match wins: parameter, contact attribute.
    pub(crate) fn secret_name(&self) -> Option<Cow<'a, str>> {
        let attribute = || self.contact()?.attributes.non_empty(SECRET[0]).map(Cow::Borrowed);
        self.text(SECRET[0]).or_else(attribute)
    }
}

/// The value of a field, if it is one that a record can have. An object would reach into another record.
pub(crate) fn checked_field(name: &str, value: Value) -> Result<(String, Value), Problem> {
    let what = || format!("the field {}", printable(name));
    // What says which record it is, in Salesforce's own words; the client would leave it out.
    let settable =
        |field: &FieldName| ["Id", "attributes"].iter().all(|own| !field.as_str().eq_ignore_ascii_case(own));
    let field = FieldName::parse(name).ok().filter(settable);
    let expected = "named like a field that can be set (letters, digits and underscores)";
    let field = field.ok_or_else(|| Problem::invalid(what(), expected))?;
    match value {
        Value::Object(_) | Value::Array(_) => {
            Err(Problem::invalid(what(), "a text, a number, true, false or null"))
        }
        value => Ok((field.as_str().to_owned(), value)),
    }
}

pub(crate) fn object_name(text: &str, what: &str) -> Result<ObjectName, Problem> {
    let expected = "the API name of an object, such as Case or Plan__c";
    ObjectName::parse(text).map_err(|_| Problem::invalid(what, expected))
}

pub(crate) fn field_name(text: &str, what: &str) -> Result<FieldName, Problem> {
    let expected = "the API name of a field, such as Subject or Reason__c";
    FieldName::parse(text).map_err(|_| Problem::invalid(what, expected))
}

/// An id that can be one of this object's: otherwise the policy for one object would open another.
pub(crate) fn record_id(text: &str, object: &ObjectName, what: &str) -> Result<RecordId, Problem> {
    let id = RecordId::parse(text)
        .map_err(|_| Problem::invalid(what, "a Salesforce id of 15 or 18 characters"))?;
    let of_object = key_prefix::may_be_of(&id, object);
    of_object.then_some(id).ok_or_else(|| Problem::invalid(what, "the id of a record of that object"))
}

fn is_secret(name: &str) -> bool {
    SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

fn is_own(name: &str) -> bool {
    !INSTRUCTIONS.contains(&name) && !is_secret(name)
}

/// A name from outside, fit for a log line.
pub(crate) fn printable(name: &str) -> String {
    const SHOWN: usize = 64;
    name.chars().take(SHOWN).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect()
}
