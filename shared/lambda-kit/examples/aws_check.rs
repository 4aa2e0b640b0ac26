//! Runs the AWS clients of this crate against whatever `AWS_ENDPOINT_URL` names, and says what does not fit.
//!
//! The tests use the stand-ins of `local/aws`, which are ours: they would agree with our own mistakes. `.ci/independent_aws.py`
//! runs this against moto, an independent implementation, and looks at what has arrived there. It sets the variables
//! that a function has, and these: `PRIVATE_KEY`, the key in the secret and in the parameter; `OTHER_SECRET`, an
//! allowed secret with the same content; `DELETED_SECRET`, an allowed one that is marked for deletion.

use std::error::Error;
use std::time::Duration;

use aws_config::SdkConfig;
use chrono::{DateTime, TimeDelta, Utc};
use lambda_kit::aws::{Failure, sdk_config};
use lambda_kit::credentials::{CredentialError, CredentialStore, Freshness, Grant, TelephonyCredentials};
use lambda_kit::dead_letter::{DeadLetter, DeadLetterQueue, Source};
use lambda_kit::env::Env;
use lambda_kit::metrics::Metrics;
use lambda_kit::state::{Marked, StateTable};
use secrecy::ExposeSecret;
use tokio::time::Instant;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let sdk = sdk_config().await;
    secrets(&sdk).await?;
    parameters(&sdk).await?;
    state(&sdk).await?;
    dead_letters(&sdk).await
}

async fn secrets(sdk: &SdkConfig) -> Outcome {
    let store = CredentialStore::from_env(&Env::of_process(), sdk)?;
    let telephony = async |name: Option<&str>| store.telephony(name, Freshness::Cached, soon()).await;
    check("the default secret", expected(&*telephony(None).await?)?)?;
    check("another secret", expected(&*telephony(Some(&variable("OTHER_SECRET")?)).await?)?)?;
    let deleted = telephony(Some(&variable("DELETED_SECRET")?)).await;
    check("a deleted secret", matches!(deleted, Err(CredentialError::MarkedForDeletion(_))))?;
    let missing = telephony(Some("other-missing")).await;
    check("a missing secret", missing.is_err_and(|error| error.kind() == "SecretMissing"))?;
    let forbidden = telephony(Some("forbidden")).await;
    check("a secret that is not allowed", forbidden.is_err_and(|error| error.kind() == "SecretNotAllowed"))?;
    let rest = store.rest(None, Freshness::Reread, soon()).await?;
    check("the connected app", matches!(rest.grant, Grant::JwtBearer { .. }))
}

async fn parameters(sdk: &SdkConfig) -> Outcome {
    let settings = |missing: bool| {
        move |name: &str| match name {
            "CREDENTIAL_SOURCE" => Some("ssm".to_owned()),
            "PRIVATE_KEY_PARAM_NAME" if missing => Some("missing".to_owned()),
            other => std::env::var(other).ok(),
        }
    };
    let telephony = async |missing| -> Result<_, CredentialError> {
        let store = CredentialStore::from_env(&Env::new(&settings(missing)), sdk)?;
        store.telephony(None, Freshness::Cached, soon()).await
    };
    check("the parameters", expected(&*telephony(false).await?)?)?;
    check("a missing parameter", telephony(true).await.is_err_and(|error| error.kind() == "SecretMissing"))
}

async fn state(sdk: &SdkConfig) -> Outcome {
    let table = StateTable::from_env(&Env::of_process(), sdk)?;
    let mark = async |at: DateTime<Utc>| table.mark_applied("c-1", at, soon()).await;
    let now = Utc::now();
    let earlier = now - TimeDelta::milliseconds(1);
    check("nothing applied yet", table.applied("c-1", soon()).await?.is_none())?;
    check("the first version", mark(earlier).await? == Marked::Newest)?;
    check("a newer version", mark(now).await? == Marked::Newest)?;
    check("the same version again", mark(now).await? == Marked::Newest)?;
    check("an older version", mark(earlier).await? == Marked::Superseded)?;
    check("the version applied last", table.applied("c-1", soon()).await? == Some(now))?;
    table.note_call_center("c-1", "other-secret", soon()).await?;
    let noted = table.call_center_of("c-1", soon()).await?;
    check("the call center of a contact", noted.as_deref() == Some("other-secret"))?;
    check("an unknown contact", table.call_center_of("c-2", soon()).await?.is_none())
}

async fn dead_letters(sdk: &SdkConfig) -> Outcome {
    let large = "é\"\\\n".repeat(100_000);
    let records =
        [("text", "{\"ContactId\":1}".as_bytes()), ("bytes", &[0, 255]), ("large", large.as_bytes())];
    let queue = DeadLetterQueue::from_env(&Env::of_process(), sdk, &Metrics::from_env(&Env::of_process()))?;
    for (event_id, record) in records {
        queue.send(&letter(event_id, record), soon()).await?;
    }
    let missing = |name: &str| match name {
        "DEAD_LETTER_QUEUE_URL" => variable(name).ok().map(|url| format!("{url}-missing")),
        other => std::env::var(other).ok(),
    };
    let missing =
        DeadLetterQueue::from_env(&Env::new(&missing), sdk, &Metrics::from_env(&Env::of_process()))?;
    let error = missing.send(&letter("nowhere", b"{}"), soon()).await.err();
    check("a missing queue", error.is_some_and(|error| matches!(error.failure, Failure::Missing(_))))
}

fn letter<'a>(event_id: &str, record: &'a [u8]) -> DeadLetter<'a> {
    let source = Source::alone(event_id);
    DeadLetter { code: "Check", message: "a record for a check", source, record }
}

fn expected(read: &TelephonyCredentials) -> Outcome<bool> {
    Ok(read.org_id == variable("SALESFORCE_ORG_ID")?
        && read.call_center_api_name == variable("CALL_CENTER_API_NAME")?
        && read.scrt_endpoint_base == variable("SCRT_ENDPOINT_BASE")?
        && read.private_key.expose_secret() == variable("PRIVATE_KEY")?)
}

fn variable(name: &str) -> Outcome<String> {
    std::env::var(name).map_err(|error| format!("{name}: {error}").into())
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

fn check(what: &str, fits: bool) -> Outcome {
    if !fits {
        return Err(format!("not as it should be: {what}").into());
    }
    println!("as it should be: {what}");
    Ok(())
}
