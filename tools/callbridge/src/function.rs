//! The names of functions.

/// The bare name in a name, a name with an alias, or an ARN.
pub(crate) fn bare(function: &str) -> &str {
    unprefixed(function).split(':').next().unwrap_or(function)
}

/// What to invoke: with this alias, unless the function was named with one (or with a version).
///
/// Lambda keeps what fails for good only where the alias is invoked: its failure destination belongs to the alias.
pub(crate) fn with_alias(function: &str, alias: &str) -> String {
    match unprefixed(function).contains(':') {
        true => function.to_owned(),
        false => format!("{function}:{alias}"),
    }
}

/// Whether somebody who writes `wanted` means this function: its name, or what follows the call center in it.
pub(crate) fn is_meant(function: &str, wanted: &str) -> bool {
    let (name, wanted) = (bare(function), bare(wanted));
    name.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('-'))
}

fn unprefixed(function: &str) -> &str {
    function.rsplit_once(":function:").map_or(function, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_known_under_every_form_of_its_name() {
        for form in [
            "Center-a-function",
            "Center-a-function:active",
            "123456789012:function:Center-a-function",
            "arn:aws:lambda:us-east-1:123456789012:function:Center-a-function",
            "arn:aws:lambda:us-east-1:123456789012:function:Center-a-function:active",
        ] {
            assert_eq!(bare(form), "Center-a-function", "{form}");
            let invoked = with_alias(form, "active");
            assert!(invoked.ends_with("Center-a-function:active"), "{invoked}");
            assert!(is_meant(form, "Center-a-function") && is_meant(form, "a-function"), "{form}");
            assert!(!is_meant(form, "nction") && !is_meant(form, "other"), "{form}");
        }
        assert_eq!(with_alias("f:$LATEST", "active"), "f:$LATEST");
    }
}
