//! What to do about a refusal, by Salesforce's error code, else by HTTP status.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm>,
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm>

/// One sentence for whoever looks into it.
pub(crate) fn advice(status: u16, code: Option<&str>) -> &'static str {
    code.and_then(by_code).unwrap_or_else(|| by_status(status))
}

/// The codes are those of the reply to a whole request and of one record in a collection: the same list.
pub(crate) fn by_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "REQUIRED_FIELD_MISSING" => "Send a value for every required field.",
        "INVALID_FIELD" => {
            "Check the spelling of the field or relationship (custom fields end in __c), and that the integration user \
             may see it."
        }
        "INVALID_FIELD_FOR_INSERT_UPDATE" => {
            "The field cannot be written: leave it out, or let the integration user edit it."
        }
        "INVALID_TYPE" => {
            "Check the spelling of the object (custom objects end in __c), and that the integration user may see it."
        }
        "INVALID_TYPE_ON_FIELD_IN_RECORD" | "NUMBER_OUTSIDE_VALID_RANGE" | "INVALID_EMAIL_ADDRESS" => {
            "A value does not fit the type of its field."
        }
        "JSON_PARSER_ERROR" => "A value does not fit the type of its field; a date is written 2026-01-31.",
        "STRING_TOO_LONG" => "A value is longer than its field: shorten it.",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST" => {
            "Send one of the values of the picklist, or add it there."
        }
        "FIELD_CUSTOM_VALIDATION_EXCEPTION" => {
            "A validation rule refuses the values: satisfy it, or change it."
        }
        "FIELD_INTEGRITY_EXCEPTION" => {
            "A value does not go with the rest of the record: check references and pairs."
        }
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" | "CANNOT_EXECUTE_FLOW_TRIGGER" | "APEX_ERROR" => {
            "Apex or a flow that runs on this object failed: its debug log has the reason."
        }
        "NOT_FOUND" => {
            "Check that it exists, under this id or external id, that the integration user may see it, and that the \
             endpoint has its full path."
        }
        "ENTITY_IS_DELETED" => "The record was deleted: restore it from the recycle bin, or forget its id.",
        "ENTITY_IS_LOCKED" => {
            "The record is locked, as a rule by an approval process: unlock it, or wait for that."
        }
        "DELETE_FAILED" => "Other records depend on it: delete these first.",
        "MALFORMED_ID" | "INVALID_ID_FIELD" => "Check that the id is one of a record of this object.",
        "INVALID_CROSS_REFERENCE_KEY" => {
            "A reference leads to no record of the right object that the integration user may see."
        }
        "INSUFFICIENT_ACCESS_OR_READONLY"
        | "INSUFFICIENT_ACCESS"
        | "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY" => {
            "The integration user lacks the right: check its permission sets and the sharing of the record."
        }
        "DUPLICATES_DETECTED" => {
            "A duplicate rule found such a record: look it up and use it, or change the rule."
        }
        "DUPLICATE_VALUE" => "Another record has the same value in a unique field: look it up and use it.",
        "DUPLICATE_EXTERNAL_ID" => SEVERAL_RECORDS,
        "MALFORMED_QUERY" | "MALFORMED_SEARCH" | "INVALID_QUERY_FILTER_OPERATOR" => {
            "Try the query in the Developer Console, which shows the place."
        }
        "QUERY_TIMEOUT" => "The query takes too long: filter by an indexed field, or set a LIMIT.",
        "INVALID_QUERY_LOCATOR" => "The rest of the result is no longer kept: ask again from its beginning.",
        "EXCEEDED_ID_LIMIT" | "LIMIT_EXCEEDED" | "OPERATION_TOO_LARGE" => "Ask for less at a time.",
        "STORAGE_LIMIT_EXCEEDED" => "The org is out of storage: its administrator must free or buy some.",
        "API_DISABLED_FOR_ORG" | "API_CURRENTLY_DISABLED" => {
            "The API is not enabled: check the org's edition and the permission 'API Enabled' of the integration user."
        }
        "UNSUPPORTED_API_VERSION" => "Check the version at the end of SALESFORCE_REST_API_ENDPOINT_BASE.",
        "PROCESSING_HALTED" | "ALL_OR_NONE_OPERATION_ROLLED_BACK" => {
            "Another part of the same request failed, so this was undone: see that one."
        }
        _ => return None,
    })
}

const SEVERAL_RECORDS: &str =
    "Several records have this external id: make the field unique, and merge or delete the others.";

fn by_status(status: u16) -> &'static str {
    match status {
        300 => SEVERAL_RECORDS,
        403 => "Check that the integration user has the right to do this.",
        404 | 405 => {
            "Check that the call or record is known to Salesforce, and that the endpoint has its full path \
             (SCRT_ENDPOINT_BASE ends in /telephony/v1, SALESFORCE_REST_API_ENDPOINT_BASE in /services/data/v and a \
             version)."
        }
        409 => "Check whether it was done before.",
        410 => "This version of the API is retired: check the end of SALESFORCE_REST_API_ENDPOINT_BASE.",
        413 | 414 | 431 => "The request is too long.",
        _ => "Check the parameters that the contact flow passes.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_tells_more_than_the_status() {
        assert!(advice(400, Some("DUPLICATES_DETECTED")).contains("duplicate rule"));
        assert_eq!(advice(400, Some("SOMETHING_NEW")), advice(400, None));
        assert_eq!(advice(300, None), advice(400, Some("DUPLICATE_EXTERNAL_ID")));
        assert!(advice(404, None).contains("SCRT_ENDPOINT_BASE"));
    }
}
