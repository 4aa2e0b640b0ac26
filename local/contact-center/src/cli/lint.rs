//! `lint`: contact flows are read and checked, and none is run.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use contact_flows::{Finding, Flow, Functions, Library, Place, ReadError, Severity, lint};

use super::say;
use crate::script::flow_texts;
use crate::story::Style;

pub(super) fn check(paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let files = flow_texts(paths)?;
    let report = report(&files, Style::of_stdout());
    say(&report.text);
    Ok(if report.is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Report {
    text: String,
    /// No flow is unreadable or does something that it does not say.
    is_good: bool,
}

fn report(files: &[(String, String)], style: Style) -> Report {
    let flows: Vec<Result<Flow, ReadError>> =
        files.iter().map(|(name, text)| Flow::read(text, name)).collect();
    let mut library = Library::new();
    flows.iter().flatten().for_each(|flow| library.add(flow.clone()));
    let functions = Functions::of_the_suite();
    let (mut text, mut errors, mut others) = (String::new(), 0, 0);
    for ((name, _), flow) in files.iter().zip(&flows) {
        let _ = writeln!(text, "{}", style.bold(name));
        match flow {
            Err(ReadError::NotJson { source, .. }) => {
                errors += 1;
                let _ = writeln!(
                    text,
                    "  error: it is not JSON: {source}\n    → export the flow from Amazon Connect again"
                );
            }
            Err(ReadError::Problems(problems)) => {
                for problem in problems {
                    errors += 1;
                    let _ = writeln!(text, "  error: {problem}");
                }
            }
            Ok(flow) => {
                let findings = lint(flow, &library, &functions);
                for finding in &findings {
                    let is_error = finding.severity == Severity::Error;
                    *(if is_error { &mut errors } else { &mut others }) += 1;
                    tell(&mut text, finding, style);
                }
                if findings.is_empty() {
                    let _ = writeln!(text, "  nothing to say");
                }
            }
        }
    }
    let _ = writeln!(text, "flows: {}; errors: {errors}; warnings and notes: {others}", files.len());
    Report { text, is_good: errors == 0 }
}

/// The file is told above.
fn tell(text: &mut String, finding: &Finding, style: Style) {
    let severity = match finding.severity {
        Severity::Error => style.bad("error"),
        Severity::Warning => style.bold("warning"),
        Severity::Note => "note".to_owned(),
    };
    let place = Place { file: String::new(), ..finding.place.clone() }.to_string();
    let place = place.trim_start_matches(": ");
    let _ = writeln!(text, "  {severity}: {place}\n    {}\n    → {}", finding.sentence, finding.advice);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(end: &str) -> String {
        format!(
            r#"{{"Version": "2019-10-30", "StartAction": "end", "Actions": [
                {{"Identifier": "end", "Type": "{end}", "Parameters": {{}}, "Transitions": {{}}}}]}}"#
        )
    }

    #[test]
    fn every_flow_is_told_of_and_one_that_cannot_be_read_is_an_error() {
        let good = ("good.json".to_owned(), flow("DisconnectParticipant"));
        let bad = ("bad.json".to_owned(), flow("MakeCoffee"));
        let report_of = |files: &[(String, String)]| report(files, Style::plain());
        let found = report_of(std::slice::from_ref(&good));
        assert_eq!(found.text, "good.json\n  nothing to say\nflows: 1; errors: 0; warnings and notes: 0\n");
        assert!(found.is_good);
        let found = report_of(&[("README.md".to_owned(), "# No flow".to_owned())]);
        assert!(
            !found.is_good && found.text.contains("it is not JSON: expected value at line 1"),
            "{}",
            found.text
        );
        let found = report_of(&[good, bad]);
        assert!(!found.is_good && found.text.contains("MakeCoffee"), "{}", found.text);
        assert!(found.text.ends_with("flows: 2; errors: 1; warnings and notes: 0\n"), "{}", found.text);
    }
}
