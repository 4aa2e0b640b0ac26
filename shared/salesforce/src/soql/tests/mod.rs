mod binding;
mod grammar;
mod property;
mod reads;

use super::*;

/// Binds with the same value for every placeholder.
fn bind(template: &str, value: &str) -> Result<String, BindError> {
    Template::parse(template).unwrap().bind(|_| Some(value.to_owned())).map(|soql| soql.as_str().to_owned())
}
