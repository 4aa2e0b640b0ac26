use serde::{Deserialize, Serialize};

use crate::{PhoneNumber, lenient};

/// One end of a contact, in flow events and contact records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Endpoint {
    /// The phone number in E.164 form, `anonymous` when withheld, or another kind of address.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub address: Option<PhoneNumber>,
    /// `TELEPHONE_NUMBER`, `VOIP`, `CONTACT_FLOW`, `CONNECT_PHONENUMBER_ARN`, `EMAIL_ADDRESS`, ...
    #[serde(rename = "Type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

impl Endpoint {
    /// An endpoint of type `TELEPHONE_NUMBER`.
    pub fn telephone(address: impl Into<PhoneNumber>) -> Self {
        Self { address: Some(address.into()), kind: Some("TELEPHONE_NUMBER".to_owned()) }
    }
}
