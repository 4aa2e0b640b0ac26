//! The environment variables that a function finds.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>.

use std::net::SocketAddr;
use std::path::Path;

use super::Function;
use super::site::Site;

/// Names that Lambda sets itself and refuses in a function's own configuration.
const RESERVED: [&str; 18] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
];

/// The first of a function's own variables that Lambda would refuse.
pub(super) fn reserved(function: &Function) -> Option<&str> {
    function.environment.iter().map(|(name, _)| name.as_str()).find(|name| RESERVED.contains(name))
}

/// All variables of one execution environment: Lambda's, then the function's own.
pub(super) fn variables(
    function: &Function,
    site: &Site,
    runtime_api: SocketAddr,
    log_stream: &str,
) -> Vec<(String, String)> {
    let task_root = function.binary.parent().unwrap_or(Path::new("/")).display().to_string();
    let platform = [
        ("_HANDLER", "bootstrap".to_owned()),
        ("AWS_DEFAULT_REGION", site.region.clone()),
        ("AWS_REGION", site.region.clone()),
        ("AWS_LAMBDA_FUNCTION_NAME", function.name.clone()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.memory_mb.to_string()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", function.name)),
        ("AWS_LAMBDA_LOG_STREAM_NAME", log_stream.to_owned()),
        ("AWS_LAMBDA_RUNTIME_API", runtime_api.to_string()),
        // Signatures are made with them, and nobody here checks those.
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("AWS_SESSION_TOKEN", "local".to_owned()),
        ("LAMBDA_TASK_ROOT", task_root),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
        ("PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin".to_owned()),
        ("TZ", ":UTC".to_owned()),
    ];
    // Windows processes cannot open a socket without it.
    let system_root = std::env::var("SYSTEMROOT").ok().map(|root| ("SYSTEMROOT".to_owned(), root));
    let platform = platform.into_iter().map(|(name, value)| (name.to_owned(), value));
    platform.chain(system_root).chain(function.environment.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn function(name: &str, value: &str) -> Function {
        let environment = vec![(name.to_owned(), value.to_owned())];
        Function { environment, ..Function::new("Answer", "/builds/debug/answer") }
    }

    #[test]
    fn lambda_s_own_names_are_refused() {
        assert_eq!(reserved(&function("AWS_REGION", "eu-west-1")), Some("AWS_REGION"));
        assert_eq!(reserved(&function("AWS_ENDPOINT_URL", "http://127.0.0.1:1")), None);
    }

    #[test]
    fn a_function_finds_lambda_s_variables_and_its_own() {
        let site = Site { region: "us-east-1".into(), account: "123456789012".into() };
        let api = SocketAddr::from(([127, 0, 0, 1], 9001));
        let found: HashMap<_, _> =
            variables(&function("TZ", ":Europe/Berlin"), &site, api, "stream").into_iter().collect();
        assert_eq!(found["AWS_LAMBDA_RUNTIME_API"], "127.0.0.1:9001");
        assert_eq!(found["AWS_LAMBDA_FUNCTION_NAME"], "Answer");
        assert_eq!(found["AWS_LAMBDA_LOG_GROUP_NAME"], "/aws/lambda/Answer");
        assert_eq!(found["LAMBDA_TASK_ROOT"], "/builds/debug");
        assert_eq!(found["TZ"], ":Europe/Berlin", "not reserved: the function's own value counts");
        assert!(!found.contains_key("HOME"), "nothing of the developer's shell");
    }
}
