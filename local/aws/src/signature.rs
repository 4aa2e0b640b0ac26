//! Signature Version 4, as far as a stand-in can tell: a request must be signed, for this service and region.
//!
//! The signature itself is the AWS client's work and is not recomputed. Which service a client signs for, and whether
//! a function found region and credentials at all, is what configuration gets wrong.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use axum::http::HeaderMap;

use crate::REGION;
use crate::error::AwsError;
use crate::service::Service;

const ALGORITHM: &str = "AWS4-HMAC-SHA256 ";

/// Refuses a request that does not carry a signature for this service.
pub(crate) fn check(service: Service, headers: &HeaderMap) -> Result<(), AwsError> {
    inspect(service, headers).map_err(|error| match (service, &*error.code) {
        (Service::S3, "MissingAuthenticationTokenException") => {
            AwsError::new(403, "AccessDenied", "Access Denied")
        }
        (Service::S3, _) => AwsError::refused("AuthorizationHeaderMalformed", error.message),
        _ => error,
    })
}

fn inspect(service: Service, headers: &HeaderMap) -> Result<(), AwsError> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let authorization = header("authorization").ok_or_else(|| {
        AwsError::refused("MissingAuthenticationTokenException", "Request is missing Authentication Token")
    })?;
    let parts =
        authorization.strip_prefix(ALGORITHM).ok_or_else(|| incomplete("the algorithm is not SigV4"))?;
    let part = |name: &str| {
        parts
            .split(',')
            .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
            .ok_or_else(|| incomplete(&format!("Authorization header requires '{name}' parameter")))
    };
    let (credential, signed, signature) = (part("Credential")?, part("SignedHeaders")?, part("Signature")?);
    let date = header("x-amz-date").filter(|date| is_timestamp(date));
    let date = date.ok_or_else(|| incomplete("Authorization header requires an 'X-Amz-Date' header"))?;
    for name in ["host", "x-amz-date"] {
        if !signed.split(';').any(|header| header == name) {
            return Err(incomplete(&format!("'{name}' must be a signed header")));
        }
    }
    if signature.len() != 64 || !signature.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(incomplete("the signature is not 64 hexadecimal digits"));
    }
    scope(service, credential, date)
}

/// Checks the credential's scope: `<key id>/<yyyymmdd>/<region>/<service>/aws4_request`.
fn scope(service: Service, credential: &str, date: &str) -> Result<(), AwsError> {
    let parts: Vec<&str> = credential.split('/').collect();
    let [key_id, day, region, name, terminator] = parts[..] else {
        return Err(incomplete("the credential's scope does not have five parts"));
    };
    let expected =
        [(day, &date[..8]), (region, REGION), (name, service.signing_name()), (terminator, "aws4_request")];
    for (given, wanted) in expected {
        if given != wanted {
            let message = format!("Credential should be scoped to '{wanted}', not '{given}'.");
            return Err(AwsError::refused("InvalidSignatureException", message));
        }
    }
    if key_id.is_empty() {
        return Err(AwsError::refused("UnrecognizedClientException", "The security token is invalid."));
    }
    Ok(())
}

/// Whether this is a time like `20260102T030405Z`.
fn is_timestamp(text: &str) -> bool {
    chrono::NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").is_ok()
}

fn incomplete(reason: &str) -> AwsError {
    AwsError::refused(
        "IncompleteSignatureException",
        format!("The request is not signed as it should be: {reason}."),
    )
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/sqs/aws4_request, \
        SignedHeaders=content-type;host;x-amz-date;x-amz-target, \
        Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";

    fn outcome(authorization: &str, date: &str) -> Result<(), String> {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_str(authorization).unwrap());
        headers.insert("x-amz-date", HeaderValue::from_str(date).unwrap());
        check(Service::Sqs, &headers).map_err(|error| error.code.into_owned())
    }

    #[test]
    fn a_signature_for_this_service_is_accepted() {
        assert_eq!(outcome(SIGNED, "20260102T030405Z"), Ok(()));
    }

    #[test]
    fn a_request_without_signature_is_refused() {
        let error = check(Service::Sqs, &HeaderMap::new()).unwrap_err();
        assert_eq!((error.status, &*error.code), (400, "MissingAuthenticationTokenException"));
    }

    #[test]
    fn a_malformed_signature_is_refused() {
        let incomplete = Err("IncompleteSignatureException".to_owned());
        assert_eq!(outcome("Bearer abc", "20260102T030405Z"), incomplete);
        assert_eq!(outcome(SIGNED, "yesterday"), incomplete);
        for broken in ["Credential=", "Signature=5d", "host;", "/aws4_request"] {
            assert_eq!(
                outcome(&SIGNED.replace(broken, ""), "20260102T030405Z"),
                incomplete,
                "without {broken}"
            );
        }
    }

    #[test]
    fn a_signature_for_something_else_is_refused() {
        let invalid = Err("InvalidSignatureException".to_owned());
        assert_eq!(outcome(&SIGNED.replace("/sqs/", "/dynamodb/"), "20260102T030405Z"), invalid);
        assert_eq!(outcome(&SIGNED.replace("us-east-1", "eu-west-1"), "20260102T030405Z"), invalid);
        assert_eq!(outcome(SIGNED, "20260103T030405Z"), invalid);
    }
}
