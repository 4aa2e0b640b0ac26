//! What the parts of a cold start cost, each for the first time in a process of its own.
//!
//! ```sh
//! cargo run --release --example start_up
//! ```
//!
//! Prints the median of several processes for each part. Times on one machine are not times in Lambda, where a small
//! function has a fraction of a core: it is their proportions that say what to avoid.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use aws_credential_types::Credentials;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::config::{Config, Region};

/// How often each part is measured.
const PROCESSES: usize = 9;

/// The parts, by the argument that makes this program measure one.
const PARTS: [(&str, &str); 8] = [
    ("random", "the first random number of aws-lc"),
    ("sign", "an RSA signature (one per ten minutes)"),
    ("aws-config", "the configuration of the AWS SDK"),
    ("aws-client", "a client of AWS Secrets Manager, certificates from SSL_CERT_FILE"),
    ("aws-request", "the same and its first request, to a closed port"),
    ("https-file", "an HTTPS client, certificates from SSL_CERT_FILE"),
    ("https-directory", "an HTTPS client, certificates from a directory"),
    ("http", "an HTTP client without certificates"),
];

fn main() -> anyhow::Result<()> {
    if let Some(part) = std::env::args().nth(1) {
        println!("{}", measure(&part)?.as_micros());
        return Ok(());
    }
    for (part, what) in PARTS {
        let mut times = (0..PROCESSES).map(|_| in_a_new_process(part)).collect::<anyhow::Result<Vec<_>>>()?;
        times.sort();
        println!("{:>9.2} ms  {what}", times[PROCESSES / 2] as f64 / 1e3);
    }
    Ok(())
}

/// In microseconds.
fn in_a_new_process(part: &str) -> anyhow::Result<u64> {
    const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(part).env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    match part {
        "https-directory" => command.env("SSL_CERT_DIR", "/etc/ssl/certs"),
        _ => command.env("SSL_CERT_FILE", BUNDLE),
    };
    let output = command.output().with_context(|| format!("measuring {part}"))?;
    String::from_utf8(output.stdout)?.trim().parse().with_context(|| format!("what {part} printed"))
}

fn measure(part: &str) -> anyhow::Result<Duration> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(match part {
        "random" => time(|| fill(&mut [0; 16]))?,
        "sign" => {
            let key = KeyPair::generate(KeySize::Rsa2048)?;
            let der: Pkcs8V1Der<'_> = key.as_der()?;
            let sign = || -> anyhow::Result<()> {
                let key = KeyPair::from_pkcs8(der.as_ref())?;
                let mut signature = vec![0; key.public_modulus_len()];
                Ok(key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), b"claims", &mut signature)?)
            };
            time(sign)?
        }
        "aws-config" => time(|| {
            runtime.block_on(lambda_kit::aws::sdk_config());
            Ok(())
        })?,
        "aws-client" | "aws-request" => {
            let sdk = runtime.block_on(lambda_kit::aws::sdk_config());
            let once = Config::builder().retry_config(RetryConfig::disabled());
            let credentials = Credentials::new("none", "none", None, None, "start_up");
            let once = once.endpoint_url("https://127.0.0.1:9").region(Region::new("us-east-1"));
            let once = once.credentials_provider(credentials);
            time(|| {
                let client = Client::new(&sdk);
                if part == "aws-request" {
                    let request = client.get_secret_value().secret_id("none").customize();
                    // Nobody listens: everything up to the connection is what is measured.
                    let _ = runtime.block_on(request.config_override(once).send());
                }
                Ok(())
            })?
        }
        "https-file" | "https-directory" => time(|| {
            reqwest::Client::builder().build()?;
            Ok(())
        })?,
        "http" => time(|| {
            reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
            Ok(())
        })?,
        _ => bail!("there is no part {part}"),
    })
}

fn fill(bytes: &mut [u8]) -> anyhow::Result<()> {
    Ok(SystemRandom::new().fill(bytes)?)
}

fn time(work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed())
}
