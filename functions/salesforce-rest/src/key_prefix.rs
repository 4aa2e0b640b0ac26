//! Whether an id can be one of an object's records. Pure.
//!
//! The first three characters of an id tell its object, and those of standard objects are the same in every org.
//! <https://help.salesforce.com/s/articleView?id=000385203&type=1>

use salesforce::{ObjectName, RecordId};

const KNOWN: [(&str, &str); 26] = [
    ("001", "Account"),
    ("002", "Note"),
    ("003", "Contact"),
    ("005", "User"),
    ("006", "Opportunity"),
    ("00D", "Organization"),
    ("00E", "UserRole"),
    ("00G", "Group"),
    ("00P", "Attachment"),
    ("00Q", "Lead"),
    ("00T", "Task"),
    ("00U", "Event"),
    ("00a", "CaseComment"),
    ("00e", "Profile"),
    ("00k", "OpportunityLineItem"),
    ("00v", "CampaignMember"),
    ("012", "RecordType"),
    ("01t", "Product2"),
    ("02i", "Asset"),
    ("02s", "EmailMessage"),
    ("068", "ContentVersion"),
    ("069", "ContentDocument"),
    ("0LQ", "VoiceCall"),
    ("500", "Case"),
    ("701", "Campaign"),
    ("800", "Contract"),
];

/// False where the id is certainly another object's. What is true here, Salesforce checks.
pub(crate) fn may_be_of(id: &RecordId, object: &ObjectName) -> bool {
    KNOWN
        .iter()
        .all(|(prefix, name)| (id.key_prefix() == *prefix) == object.as_str().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_standard_object_is_of_no_other() {
        for (id, object, expected) in [
            ("500000000000001AAA", "Case", true),
            ("500000000000001", "cASE", true),
            ("001000000000001AAA", "Case", false),
            ("001000000000001AAA", "Plan__c", false),
            ("a00000000000001AAA", "Case", false),
            ("a00000000000001AAA", "Plan__c", true),
            ("00E000000000001", "Profile", false),
        ] {
            let (id, object) = (RecordId::parse(id).unwrap(), ObjectName::parse(object).unwrap());
            assert_eq!(may_be_of(&id, &object), expected, "{object}");
        }
    }
}
