//! How the old export names dynamic values, and the paths of the flow language for them.

/// The path of a value: `External` and `voiceCallId` are `$.External.voiceCallId`. Without a namespace the value is itself.
pub(super) fn dynamic(namespace: &str, name: &str) -> String {
    match namespace {
        "" => name.to_owned(),
        "User Defined" => format!("$.Attributes{}", step(name)),
        "System" => system(name),
        // `Media Streams` and its like are spelled without spaces in a path; what they name may be a path itself.
        other => {
            let root: String = other.chars().filter(char::is_ascii_alphanumeric).collect();
            let steps: String = name.split('.').map(step).collect();
            format!("$.{root}{steps}")
        }
    }
}

/// System attributes have names of their own, or are paths already.
fn system(name: &str) -> String {
    match name {
        "Customer Number" => "$.CustomerEndpoint.Address".to_owned(),
        "Dialed Number" => "$.SystemEndpoint.Address".to_owned(),
        "Customer callback number" => "$.CustomerCallbackNumber".to_owned(),
        "Stored customer input" => "$.StoredCustomerInput".to_owned(),
        path => format!("$.{path}"),
    }
}

fn step(name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if plain { format!(".{name}") } else { format!("['{name}']") }
}
