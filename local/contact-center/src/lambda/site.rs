//! Where the functions believe they run.

/// A region and an account: what resource names are made of.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) region: String,
    pub(crate) account: String,
}

impl Site {
    /// The name that callers and invocation records know a function by.
    pub(crate) fn function_arn(&self, name: &str) -> String {
        self.arn("lambda", &format!("function:{name}"))
    }

    /// The name of any resource in this region and account.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }
}
