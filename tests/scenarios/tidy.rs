//! Checks that keep the house as the plan draws it. They read files and `cargo metadata`; nothing runs.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::support::root;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// A crate of the workspace: its name, its folder, and the crates of the workspace that what is shipped of it uses.
struct Crate {
    name: String,
    folder: String,
    uses: BTreeSet<String>,
    all_dependencies: BTreeSet<String>,
}

fn workspace() -> Vec<Crate> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let names: BTreeSet<String> = packages.iter().map(|package| text(&package["name"])).collect();
    packages
        .iter()
        .map(|package| {
            let shipped =
                package["dependencies"].as_array().unwrap().iter().filter(|dep| dep["kind"] != "dev");
            let all_dependencies: BTreeSet<String> = shipped.map(|dep| text(&dep["name"])).collect();
            let manifest = PathBuf::from(text(&package["manifest_path"]));
            let folder =
                manifest.parent().unwrap().strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            let uses = all_dependencies.intersection(&names).cloned().collect();
            Crate { name: text(&package["name"]), folder, uses, all_dependencies }
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// What a crate may use, by where it is: the table in docs/architecture.md.
fn may_use(krate: &Crate, other: &Crate) -> bool {
    let shared = other.folder.starts_with("shared/");
    match krate.folder.as_str() {
        "shared/call-centers" => matches!(other.name.as_str(), "lambda-kit" | "salesforce"),
        "local/stage" => matches!(other.name.as_str(), "call-centers" | "lambda-kit" | "local-aws"),
        "shared/analysis-files" => matches!(other.name.as_str(), "connect" | "lambda-kit"),
        "tools/callbridge" => other.name == "lambda-kit",
        "local/contact-center" => other.folder.starts_with("local/") || other.name == "connect",
        folder if folder.starts_with("functions/") => shared,
        _ => false,
    }
}

#[test]
fn crates_use_each_other_only_as_the_architecture_says() {
    let crates = workspace();
    assert!(crates.len() > 10, "cargo metadata names too few crates: {}", crates.len());
    for krate in crates.iter().filter(|krate| krate.folder != "tests") {
        for name in &krate.uses {
            let other = crates.iter().find(|other| other.name == *name).unwrap();
            assert!(
                may_use(krate, other),
                "{} must not use {}: see docs/architecture.md",
                krate.folder,
                other.folder
            );
        }
    }
}

#[test]
fn shared_crates_keep_heavy_dependencies_where_they_belong() {
    for krate in workspace() {
        let uses =
            |prefix: &str| krate.all_dependencies.iter().any(|dependency| dependency.starts_with(prefix));
        if krate.folder == "shared/connect" {
            assert!(!uses("tokio") && !uses("reqwest") && !uses("aws"), "connect is types only");
        }
        if krate.folder == "shared/salesforce" {
            // aws-lc-rs is cryptography, and no AWS.
            let aws = ["aws-config", "aws-sdk", "aws-smithy", "lambda_runtime"];
            assert!(!aws.iter().any(|prefix| uses(prefix)), "salesforce knows no AWS");
        }
        // S3 is only for functions that read files.
        let calls_aws = ["shared/lambda-kit", "shared/analysis-files"].contains(&krate.folder.as_str());
        if !calls_aws && krate.folder.starts_with("shared/") {
            assert!(!uses("aws-sdk"), "{} must not call AWS itself", krate.folder);
        }
    }
}

/// The crates in functions/, each with the function that it replaces, as template.yaml names it.
const FUNCTIONS: [(&str, &str); 9] = [
    ("voice-call", "InvokeTelephonyIntegrationApiFunction"),
    ("salesforce-rest", "InvokeSalesforceRestApiFunction"),
    ("sync-contact-records", "CTRDataSyncFunction"),
    ("contact-events", "HandleContactEventsFunction"),
    ("start-transcription", "kvsConsumerTrigger"),
    ("transcribe-call", "kvsTranscriber"),
    ("persist-transcripts", "ContactLensProcessorFunction"),
    ("post-call-analysis", "PostCallAnalysisTriggerFunction"),
    ("backfill-transcripts", "ContactDataSyncFunction"),
];

#[test]
fn every_function_is_whole() {
    let crates: BTreeSet<String> = workspace()
        .into_iter()
        .filter_map(|krate| krate.folder.strip_prefix("functions/").map(str::to_owned))
        .collect();
    assert_eq!(crates, FUNCTIONS.map(|(name, _)| name.to_owned()).into(), "update FUNCTIONS in tidy.rs");
    for (name, logical_id) in FUNCTIONS {
        for (path, what) in [
            ("README.md", "its row in the table of functions"),
            ("docs/differences.md", "what differs from the function it replaces"),
            ("template.yaml", "its resource"),
            ("local/contact-center/src/functions.rs", "its place in the local contact center"),
        ] {
            let page = read(path);
            assert!(page.contains(logical_id), "{path} does not have {what} ({logical_id})");
        }
        assert!(
            read("template.yaml").contains(&format!("Binary: {name}")),
            "template.yaml does not build {name}"
        );
        let events = fs::read_dir(root().join("events").join(name)).unwrap().count();
        assert!(events > 0, "events/{name} is empty");
    }
}

/// The number after `key` in what follows `start`.
fn number_after(text: &str, start: &str, key: &str) -> u32 {
    let section = text.split(start).nth(1).unwrap_or_else(|| panic!("no {start}"));
    let value = section.split(key).nth(1).unwrap_or_else(|| panic!("no {key} after {start}"));
    value.trim_start().chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

#[test]
fn the_local_contact_center_has_the_limits_of_the_template() {
    let (template, local) = (read("template.yaml"), read("local/contact-center/src/functions.rs"));
    for (name, logical_id) in FUNCTIONS {
        let deployed = format!("\n  {logical_id}:\n");
        let hosted = format!("name: \"{logical_id}\"");
        for (in_template, in_code) in [("Timeout:", "from_secs("), ("MemorySize:", "memory_mb:")] {
            let (there, here) =
                (number_after(&template, &deployed, in_template), number_after(&local, &hosted, in_code));
            assert_eq!(there, here, "{name}: {in_template} in template.yaml, and in functions.rs");
        }
    }
}

/// Environment variables that the code of functions and shared crates asks for by name.
fn variables_in_code() -> BTreeSet<String> {
    let mut variables = BTreeSet::new();
    for file in rust_files(&["functions", "shared"]) {
        let code = fs::read_to_string(&file).unwrap();
        let code = code.split("#[cfg(test)]").next().unwrap();
        for quoted in code.split('"').skip(1).step_by(2) {
            let is_name = quoted.len() > 4
                && quoted.contains('_')
                && quoted.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
            if is_name && !file.to_str().unwrap().contains("tests") {
                variables.insert(quoted.to_owned());
            }
        }
    }
    variables
}

fn rust_files(folders: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// Variables that configure a function, as opposed to words of Amazon Connect, Salesforce and Lambda itself.
fn configuration() -> Vec<String> {
    let read_me = read("README.md");
    let table = read_me.split("## Configuration").nth(1).expect("README.md has a section Configuration");
    let rows = table.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.split('`').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn the_configuration_table_names_variables_that_the_code_reads_and_the_template_sets() {
    let in_code = variables_in_code();
    let template = read("template.yaml");
    let documented = configuration();
    assert!(documented.len() > 10, "the table has only {} rows", documented.len());
    for variable in documented {
        assert!(in_code.contains(&variable), "README.md documents {variable}, which no function reads");
        // Set by hand on a test system, never by a deployment.
        if variable == "LOG_PAYLOADS" {
            continue;
        }
        assert!(template.contains(&format!("{variable}:")), "template.yaml does not set {variable}");
    }
}

/// `Resource: '*'` stands only where AWS knows no resources for an action, and then with that reason above it.
#[test]
fn no_policy_allows_everything() {
    const REASON: &str = "No resource level:";
    let template = read("template.yaml");
    let mut above = "";
    for line in template.lines().filter(|line| !line.trim().is_empty()) {
        let text = line.trim_start();
        let everything = ["Resource: '*'", "Resource: \"*\"", "Action: '*'", "- '*'"];
        if !text.starts_with('#') && everything.iter().any(|all| text.contains(all)) {
            assert!(
                text.starts_with("Resource:") && above.starts_with('#') && above.contains(REASON),
                "template.yaml: {line}"
            );
        }
        above = text;
    }
}

#[test]
fn every_stream_is_split_around_failures_reported_record_by_record_and_has_a_destination() {
    let template = read("template.yaml");
    let mut streams = 0;
    for source in template.split("Type: Kinesis").skip(1) {
        let source = source.split("\n  # ").next().unwrap().split("\n\n").next().unwrap();
        for setting in [
            "BisectBatchOnFunctionError: true",
            "ReportBatchItemFailures",
            "OnFailure:",
            "MaximumRecordAgeInSeconds:",
        ] {
            assert!(source.contains(setting), "template.yaml: an event source without {setting}: {source}");
        }
        streams += 1;
    }
    assert!(streams > 0);
}

/// docs/failure-modes.md names tests: `crate` and `module::function`, or just `function`.
#[test]
fn the_tests_that_the_docs_name_exist() {
    let page = read("docs/failure-modes.md");
    let code: String = rust_files(&["functions", "shared", "local", "tests", "tools"])
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let mut tests = 0;
    for name in page.split('`').skip(1).step_by(2) {
        let function = name.rsplit("::").next().unwrap();
        let is_test =
            function.contains('_') && function.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if is_test {
            assert!(code.contains(&format!("fn {function}(")), "docs/failure-modes.md names {name}");
            tests += 1;
        }
    }
    assert!(tests > 15, "{tests}");
}

#[test]
fn the_repository_holds_no_secret_and_no_unsafe_code() {
    for file in rust_files(&["functions", "shared", "local", "tools"]) {
        let code = fs::read_to_string(&file).unwrap();
        assert!(!code.contains(&["unsafe", " {"].concat()), "{}: unsafe", file.display());
        let key = ["PRIVATE KEY-----", "\nMII"].concat();
        assert!(!code.contains(&key), "{}: a private key", file.display());
    }
}
