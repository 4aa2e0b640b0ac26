//! The parameter `records`: several records in one invocation, as JSON. Pure.

use salesforce::{ObjectName, RecordId};
use serde_json::{Map, Value};

use crate::error::Problem;
use crate::invocation::{checked_field, object_name, printable, record_id};

/// Salesforce takes so many records in one request.
/// <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm>
pub(crate) const MOST_RECORDS: usize = 200;

/// One of them. `Debug` is not derived: it would show the values.
pub(crate) struct Record {
    pub(crate) object: ObjectName,
    /// Which record to change; a new one has none.
    pub(crate) id: Option<RecordId>,
    pub(crate) fields: Map<String, Value>,
}

/// Reads an array of objects, or the JSON text of one. `object` is what a record without `objectApiName` is of, and
/// `value` what stands behind the placeholders in its texts.
pub(crate) fn parse(
    records: &Value,
    object: Option<&str>,
    value: &impl Fn(&str) -> Option<String>,
) -> Result<Vec<Record>, Problem> {
    let refused = || Problem::invalid("records", "a JSON array of 1 to 200 objects");
    let records: Vec<Map<String, Value>> = match records {
        // Parsed first and filled in after, so that no value can become more than a text.
        Value::String(text) => serde_json::from_str(text).map_err(|_| refused())?,
        value => serde_json::from_value(value.clone()).map_err(|_| refused())?,
    };
    if !(1..=MOST_RECORDS).contains(&records.len()) {
        return Err(refused());
    }
    let record = |(number, members)| record(members, object, value).map_err(|e| of_record(number, e));
    records.into_iter().enumerate().map(record).collect()
}

fn record(
    members: Map<String, Value>,
    object: Option<&str>,
    value: &impl Fn(&str) -> Option<String>,
) -> Result<Record, Problem> {
    let (mut named, mut ids, mut fields) = (Vec::new(), Vec::new(), Map::new());
    for (name, member) in members {
        let text = |member: &Value| {
            let text = member.as_str().ok_or_else(|| Problem::invalid(name.as_str(), "a text"))?;
            Ok::<_, Problem>(text.to_owned())
        };
        match name.as_str() {
            "objectApiName" => named.push(text(&member)?),
            "attributes" => named.push(text(&member["type"])?),
            _ if name == "recordId" || name.eq_ignore_ascii_case("Id") => {
                ids.push(filled(&text(&member)?, value)?)
            }
            _ => {
                let member = match member {
                    Value::String(text) => Value::String(filled(&text, value)?),
                    other => other,
                };
                fields.extend([checked_field(&name, member)?]);
            }
        }
    }
    let object = match (named.first().map(String::as_str).or(object), named.get(1)) {
        (Some(first), Some(second)) if !first.eq_ignore_ascii_case(second) => {
            return Err(Problem::invalid("objectApiName", "the same as attributes.type"));
        }
        (Some(name), _) => object_name(name, "objectApiName")?,
        (None, _) => return Err(Problem::missing("objectApiName")),
    };
    let id = match ids.as_slice() {
        [] => None,
        [id] => Some(record_id(id, &object, "recordId")?),
        _ => return Err(Problem::invalid("recordId", "given once")),
    };
    Ok(Record { object, id, fields })
}

fn of_record(number: usize, problem: Problem) -> Problem {
    let of = |what| format!("in record {number} of the parameter records, {what}");
    match problem {
        Problem::Missing(what) => Problem::Missing(of(what)),
        Problem::Invalid { what, expected } => Problem::Invalid { what: of(what), expected },
        other => other,
    }
}

/// The text with its placeholders `{name}` replaced, once: what a value holds is not looked at again. Braces around
/// anything but a name stay.
fn filled(text: &str, value: &impl Fn(&str) -> Option<String>) -> Result<String, Problem> {
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}').filter(|(name, _)| is_name(name)) {
            Some((name, behind)) => {
                let missing = || {
                    Problem::missing(format!(
                        "the parameter {} for the placeholder of that name",
                        printable(name)
                    ))
                };
                filled.push_str(&value(name).ok_or_else(missing)?);
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

/// As in a query.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(name: &str) -> Option<String> {
        match name {
            "reason" => Some("O'Neil \"{phone}\" \\ {x}".to_owned()),
            "phone" => Some("+12065550100".to_owned()),
            "caseId" => Some("500000000000001AAA".to_owned()),
            "empty" => Some(String::new()),
            _ => None,
        }
    }

    fn outcome(records: Value) -> String {
        match parse(&records, Some("Case"), &value) {
            Ok(records) => json!(
                records
                    .into_iter()
                    .map(|record| json!([
                        record.object.as_str(),
                        record.id.as_ref().map(RecordId::as_str),
                        record.fields
                    ]))
                    .collect::<Vec<_>>()
            )
            .to_string(),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn records_as_text_or_json_with_placeholders_that_stay_text() {
        for (records, expected) in [
            (
                json!(r#"[{"Subject":"{reason}!","Note__c":"{ {empty}}{ x }{"}]"#),
                json!([["Case", null, { "Subject": "O'Neil \"{phone}\" \\ {x}!", "Note__c": "{ }{ x }{" }]]),
            ),
            (
                json!([{ "objectApiName": "Plan__c", "Active__c": true, "Size__c": 2.5, "Old__c": null }]),
                json!([["Plan__c", null, { "Active__c": true, "Size__c": 2.5, "Old__c": null }]]),
            ),
            (
                json!([{ "attributes": { "type": "Case" }, "objectApiName": "case", "recordId": "{caseId}" }]),
                json!([["Case", "500000000000001AAA", {}]]),
            ),
            (json!([{ "id": "500000000000001" }]), json!([["Case", "500000000000001", {}]])),
        ] {
            assert_eq!(outcome(records), expected.to_string());
        }
    }

    #[test]
    fn what_is_refused() {
        let mut report = String::new();
        for records in [
            json!("not JSON"),
            json!({ "Subject": "x" }),
            json!([]),
            json!(vec![json!({}); 201]),
            json!([[]]),
            json!([{ "Subject": "{nobody}" }]),
            json!([{ "objectApiName": "Case/../Account" }]),
            json!([{ "objectApiName": "{reason}" }]),
            json!([{ "objectApiName": ["Case"] }]),
            json!([{ "objectApiName": "Case", "attributes": { "type": "Account" } }]),
            json!([{ "attributes": { "url": "/x" } }]),
            json!([{ "attributes": "Account" }]),
            json!([{}, { "Account": { "Name": "x" } }]),
            json!([{ "Cases": [{}] }]),
            json!([{ "Account.Name": "x" }]),
            json!([{ "recordId": "001000000000001AAA" }]),
            json!([{ "recordId": "{caseId}", "ID": "{caseId}" }]),
            json!([{ "Id": 5 }]),
        ] {
            report += &outcome(records);
            report += "\n";
        }
        insta::assert_snapshot!(report, @r"
        records is not a JSON array of 1 to 200 objects
        records is not a JSON array of 1 to 200 objects
        records is not a JSON array of 1 to 200 objects
        records is not a JSON array of 1 to 200 objects
        records is not a JSON array of 1 to 200 objects
        in record 0 of the parameter records, the parameter nobody for the placeholder of that name is missing
        in record 0 of the parameter records, objectApiName is not the API name of an object, such as Case or Plan__c
        in record 0 of the parameter records, objectApiName is not the API name of an object, such as Case or Plan__c
        in record 0 of the parameter records, objectApiName is not a text
        in record 0 of the parameter records, objectApiName is not the same as attributes.type
        in record 0 of the parameter records, attributes is not a text
        in record 0 of the parameter records, attributes is not a text
        in record 1 of the parameter records, the field Account is not a text, a number, true, false or null
        in record 0 of the parameter records, the field Cases is not a text, a number, true, false or null
        in record 0 of the parameter records, the field Account.Name is not named like a field that can be set (letters, digits and underscores)
        in record 0 of the parameter records, recordId is not the id of a record of that object
        in record 0 of the parameter records, recordId is not given once
        in record 0 of the parameter records, Id is not a text
        ");
    }
}
