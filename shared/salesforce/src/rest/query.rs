//! SOQL, page by page.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm>

use super::Rest;
use super::get::{Carrier, relative};
use super::operations::{self, Operation};
use crate::soql::Soql;
use crate::{Error, Fields, UnreadableProblem};
use serde::Deserialize;
use tokio::time::Instant;

/// A part of the result of a query: up to 2,000 records, or fewer as Salesforce sees fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Records in the whole result; with `COUNT()` there is nothing else.
    pub total_size: u64,
    /// As Salesforce sends them, `attributes` and nested results included.
    pub records: Vec<Fields>,
    /// Where the rest is, if there is more.
    pub next: Option<NextPage>,
}

/// Where the rest of a result is. Salesforce keeps it for two days at most.
///
/// Salesforce sends it as a path, of which only the last segment is taken: the request goes to the configured host and
/// the query resource, whatever the reply says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage {
    locator: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueryReply {
    /// -1 where Salesforce does not count.
    total_size: i64,
    done: bool,
    next_records_url: Option<String>,
    records: Vec<Fields>,
}

impl Rest {
    /// The first page of a query. Repeatable, as all reading is.
    pub async fn query(&self, query: &Soql, deadline: Instant) -> Result<Page, Error> {
        self.first_page(&operations::QUERY, "query", query, deadline).await
    }

    /// The same with what was deleted and archived.
    pub async fn query_all(&self, query: &Soql, deadline: Instant) -> Result<Page, Error> {
        self.first_page(&operations::QUERY_ALL, "queryAll", query, deadline).await
    }

    /// The page after one that had a `next`, of either kind.
    pub async fn next_page(&self, next: &NextPage, deadline: Instant) -> Result<Page, Error> {
        self.page(&operations::NEXT_PAGE, &["query", &next.locator], &[], deadline).await
    }

    async fn first_page(
        &self,
        operation: &Operation,
        resource: &str,
        query: &Soql,
        deadline: Instant,
    ) -> Result<Page, Error> {
        self.page(operation, &[resource], &[("q", query.as_str())], deadline).await
    }

    async fn page(
        &self,
        operation: &Operation,
        path: &[&str],
        query: &[(&str, &str)],
        deadline: Instant,
    ) -> Result<Page, Error> {
        let url = self.url(operation, path, query)?;
        let reply = self.get(operation, url, Carrier::Composite, deadline).await?;
        let page: QueryReply = reply.json()?;
        let pages = relative(&self.url(operation, &["query"], &[])?) + "/";
        let next = match (page.done, page.next_records_url) {
            (true, _) => None,
            (false, url) => {
                let next = url.and_then(|url| NextPage::parse(&url, &pages));
                let problem = || UnreadableProblem::Field("nextRecordsUrl".to_owned());
                Some(next.ok_or_else(|| reply.unreadable(problem()))?)
            }
        };
        Ok(Page { total_size: page.total_size.try_into().unwrap_or_default(), records: page.records, next })
    }
}

impl NextPage {
    /// `pages` is the path of all pages, `/services/data/v66.0/query/`: that of the configured endpoint.
    fn parse(path: &str, pages: &str) -> Option<Self> {
        let locator = path.strip_prefix(pages)?;
        let well_formed = (1..=255).contains(&locator.len())
            && locator.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        well_formed.then(|| Self { locator: locator.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_this_endpoint_is_a_next_page() {
        let parse = |path| NextPage::parse(path, "/services/data/v66.0/query/");
        let next = parse("/services/data/v66.0/query/01gRO0000016PIAYA2-500").unwrap();
        assert_eq!(next.locator, "01gRO0000016PIAYA2-500");
        let long = format!("/services/data/v66.0/query/{}", "x".repeat(256));
        for path in [
            "",
            "/services/data/v66.0/query/",
            "/services/data/v66.0/query/..",
            "/services/data/v66.0/query/01g/../../sobjects",
            "/services/data/v66.0/query/01g%2F..",
            "/services/data/v66.0/query/01g?q=SELECT",
            "/services/data/v66.0/query/01g#x",
            "/services/data/v66.0/sobjects/01g",
            "/services/data/v65.0/query/01g",
            "https://elsewhere.example.com/services/data/v66.0/query/01g",
            "//elsewhere.example.com/services/data/v66.0/query/01g",
            &long,
        ] {
            assert_eq!(parse(path), None, "{path}");
        }
    }
}
