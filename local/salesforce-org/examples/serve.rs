//! A local Salesforce org for tools that are no part of this workspace: starts it, says how to log in, and runs until
//! it is interrupted.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use salesforce_org::{ConnectedApp, KeyPair, Org, Settings};
use serde_json::json;

const HELP: &str = "\
Runs a local Salesforce org with nothing in it but a custom object, Plan__c, until it is interrupted.

usage: cargo run -p salesforce-org --example serve -- KEY_FILE

KEY_FILE is written, readable by its owner only: the private key (PEM, PKCS#8) of the connected app.
One line of JSON says the rest: url, token_endpoint, consumer_key, consumer_secret, username, key_file.
The app may log in by JWT bearer (audience https://login.salesforce.com) and by client credentials.";

const CONSUMER_KEY: &str = "local-consumer-key";
const USERNAME: &str = "integration@example.com";

const PLAN: &str = "
name: Plan__c
fields:
  - {name: Code__c, type: text, externalId: true}
  - {name: Key__c, type: text, externalId: true, unique: true}
  - {name: Seats__c, type: integer}
  - {name: Active__c, type: boolean}
  - {name: Account__c, type: reference, referenceTo: [Account], childRelationshipName: Plans__r}
";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let key_file = match (arguments.next(), arguments.next()) {
        (Some(first), None) if first != "--help" && first != "-h" => PathBuf::from(first),
        (Some(_), None) => {
            println!("{HELP}");
            return Ok(());
        }
        _ => anyhow::bail!("expected one argument, the file to write the private key to\n\n{HELP}"),
    };
    let org = Org::start(Settings { objects: vec![PLAN.parse()?], ..Settings::default() }).await?;
    let (keys, secret) = (KeyPair::generate()?, uuid::Uuid::new_v4().simple().to_string());
    org.add_connected_app(ConnectedApp {
        consumer_key: CONSUMER_KEY.to_owned(),
        consumer_secret: Some(secret.as_str().into()),
        public_key_pem: Some(keys.public_pem()),
        pre_authorized: vec![USERNAME.to_owned()],
        run_as: Some(USERNAME.to_owned()),
        ..ConnectedApp::default()
    })?;
    write_private(&key_file, &keys.private_pem_pkcs8())
        .with_context(|| format!("writing the private key to {}", key_file.display()))?;
    let mut out = std::io::stdout().lock();
    let line = json!({
        "url": org.url(),
        "token_endpoint": org.token_endpoint(),
        "consumer_key": CONSUMER_KEY,
        "consumer_secret": secret,
        "username": USERNAME,
        "key_file": key_file,
    });
    writeln!(out, "{line}")?;
    out.flush()?;
    drop(out);
    tokio::signal::ctrl_c().await.context("waiting to be interrupted")?;
    org.shutdown().await;
    Ok(())
}

/// Writes a new file that only its owner may read. A file that is there already is not touched: others may be able to
/// read that.
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?.write_all(text.as_bytes())
}
