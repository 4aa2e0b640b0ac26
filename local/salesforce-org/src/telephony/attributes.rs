//! `callAttributes`: fields of the VoiceCall as JSON within a string.

use serde_json::{Map, Value};

/// The fields that can be stored, and what is wrong with each of the others.
pub(super) fn fields(call_attributes: &str) -> (Map<String, Value>, Vec<String>) {
    let Ok(attributes) = serde_json::from_str::<Map<String, Value>>(call_attributes) else {
        return (Map::new(), vec!["callAttributes is not a JSON object".to_owned()]);
    };
    let mut stored = Map::new();
    let mut problems = Vec::new();
    for (name, value) in attributes {
        match problem(&name, &value) {
            Some(problem) => problems.push(problem),
            None => drop(stored.insert(name, value)),
        }
    }
    (stored, problems)
}

fn problem(name: &str, value: &Value) -> Option<String> {
    if value.is_array() || value.is_object() {
        return Some(format!("{name}: a field takes one value"));
    }
    match name {
        "SourceType" if value == "Sales" || value == "Service" => None,
        "SourceType" => Some("SourceType: bad value for restricted picklist field".to_owned()),
        "CallerContactInfo" => None,
        custom if custom.ends_with("__c") => None,
        _ => Some(format!("No such column '{name}' on sobject of type VoiceCall")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn custom_and_the_two_standard_fields_are_stored_and_the_rest_reported() {
        let (stored, problems) = fields(
            r#"{"Tier__c":"Gold","Age__c":3,"SourceType":"Sales","CallerContactInfo":"x","Tier":"Gold","List__c":[1]}"#,
        );
        let expected =
            json!({"Tier__c": "Gold", "Age__c": 3, "SourceType": "Sales", "CallerContactInfo": "x"});
        assert_eq!(Value::from(stored), expected);
        let expected =
            ["List__c: a field takes one value", "No such column 'Tier' on sobject of type VoiceCall"];
        assert_eq!(problems, expected);
    }

    #[test]
    fn what_is_not_an_object_is_reported() {
        for text in ["", "[]", "null", "{"] {
            assert_eq!(fields(text), (Map::new(), vec!["callAttributes is not a JSON object".to_owned()]));
        }
        assert_eq!(fields(r#"{"SourceType":"Other"}"#).1.len(), 1);
    }
}
