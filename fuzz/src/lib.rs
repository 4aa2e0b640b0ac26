//! What the fuzz targets hold. Each function takes one input and panics if it finds a fault.

mod oracle;

use salesforce::soql::{self, BindError};
use salesforce::sosl;
use std::collections::BTreeMap;

/// Separates the parts of an input of [`bind`]: the template, then values.
const SEPARATOR: char = '\u{1f}';

/// One for each kind of placeholder; the first that fits is taken.
const HARMLESS: [&str; 5] = ["xx", "1", "2026-01-31", "true", "0035e000000abcD"];

/// Reading any text ends, and what is accepted as a query reads at least one object.
pub fn parse(text: &str) {
    if let Ok(template) = soql::Template::parse(text) {
        assert!(!template.reads().is_empty());
        assert!(template.reads().iter().flat_map(|read| &read.paths).all(|path| !path.readings.is_empty()));
    }
    for has_parameters in [false, true] {
        if let Ok(template) = sosl::Template::parse(text, has_parameters) {
            assert_eq!(template.reads_everything(), template.reads().is_empty());
        }
    }
}

/// Whatever the values, the bound query has no placeholder left, reads the same objects, and is for another parser the
/// tree that it is with harmless values. `input` is a template and values, separated by U+001F.
pub fn bind(input: &str) {
    let mut parts = input.split(SEPARATOR);
    let template = parts.next().unwrap_or_default();
    let values: Vec<&str> = parts.collect();
    for value in &values {
        oracle::texts_mean_their_value(value);
    }
    if let Ok(template) = soql::Template::parse(template) {
        let names = template.placeholders().map(str::to_owned).collect();
        let bind = |look_up: &dyn Fn(&str) -> Option<String>| template.bind(look_up);
        if let Some((bound, harmless)) = bound_twice(names, &values, bind) {
            // A brace outside of a text would be refused, and so would be what stands in for it here.
            let read_back =
                soql::Template::parse(&bound.as_str().replace('{', "[")).expect("a bound query is a query");
            assert_eq!(read_back.reads(), template.reads());
            oracle::same_query(bound.as_str(), harmless.as_str());
        }
    }
    for has_parameters in [false, true] {
        if let Ok(template) = sosl::Template::parse(template, has_parameters) {
            let names = template.placeholders().map(str::to_owned).collect();
            let bind = |look_up: &dyn Fn(&str) -> Option<String>| template.bind(look_up);
            if let Some((bound, harmless)) = bound_twice(names, &values, bind) {
                oracle::same_search(bound.as_str(), harmless.as_str());
            }
        }
    }
}

/// The template with the values and with harmless ones; `None` if the values do not fit.
fn bound_twice<T>(
    names: Vec<String>,
    values: &[&str],
    bind: impl Fn(&dyn Fn(&str) -> Option<String>) -> Result<T, BindError>,
) -> Option<(T, T)> {
    let given: BTreeMap<&str, &str> =
        names.iter().map(String::as_str).zip(values.iter().copied().cycle()).collect();
    let bound = bind(&|name| given.get(name).map(|value| (*value).to_owned())).ok()?;
    let mut harmless: BTreeMap<&str, usize> = names.iter().map(|name| (name.as_str(), 0)).collect();
    loop {
        let value = |name: &str| Some((*HARMLESS.get(*harmless.get(name)?)?).to_owned());
        match bind(&value) {
            Ok(text) => return Some((bound, text)),
            Err(BindError::Unfit { placeholder, .. }) => *harmless.get_mut(placeholder.as_str())? += 1,
            // No harmless value is left that fits every place of the name.
            Err(_) => return None,
        }
    }
}
