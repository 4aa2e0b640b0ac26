//! SOQL.

use lambda_kit::flow::{Entry, Reply};
use salesforce::Fields;
use salesforce::rest::Page;
use salesforce::soql::{Soql, Template};

use super::Operation;
use crate::error::Problem;
use crate::flatten;

/// Rows that a flow gets unless it says otherwise. What fits into a reply may be fewer.
const DEFAULT_RECORDS: u16 = 200;

impl Operation<'_> {
    /// The first row as it is today, and how many there are. What the query itself calls `totalSize` stays.
    pub(super) async fn query_record(&self) -> Result<Reply, Problem> {
        let page = self.first_page().await?;
        let first = page.records.first().map(|record| flatten::flatten(&record.0)).unwrap_or_default();
        Ok(Reply::default().with("totalSize", Some(page.total_size.to_string())).with_entries(first))
    }

    pub(super) async fn query_records(&self) -> Result<Reply, Problem> {
        let most = self.invocation.most("maxRecords", DEFAULT_RECORDS)?;
        let mut page = self.first_page().await?;
        let (mut reply, mut count, total_size) = (Reply::default(), 0, page.total_size);
        let whole = 'pages: loop {
            for record in &page.records {
                if count == most || !reply.add_all(numbered(count, flatten::flatten(&record.0))) {
                    break 'pages false;
                }
                count += 1;
            }
            let Some(next) = page.next else { break true };
            if count == most {
                break false;
            }
            let next = self.ask(true, self.deadline, async |rest| rest.next_page(&next, self.deadline).await);
            match next.await {
                Ok(next) => page = next,
                Err(e) if cuts_short(&e) => break false,
                Err(e) => return Err(e),
            }
        };
        let reply = if whole { reply } else { reply.truncated() };
        Ok(reply.with("count", Some(count.to_string())).with("totalSize", Some(total_size.to_string())))
    }

    async fn first_page(&self) -> Result<Page, Problem> {
        let text = self.invocation.required("soql")?;
        let soql = self.soql(&text, |name| self.invocation.literal(name)).await?;
        self.page(&soql).await
    }

    /// The rows of a look-up whose query is this program's own. It obeys the policy like any other.
    pub(super) async fn rows(&self, query: &str, values: &[(&str, &str)]) -> Result<Vec<Fields>, Problem> {
        let value =
            |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
        let soql = self.soql(query, value).await?;
        Ok(self.page(&soql).await?.records)
    }

    /// A query that may be sent: it is understood, allowed, and its values are bound.
    async fn soql(&self, text: &str, value: impl Fn(&str) -> Option<String>) -> Result<Soql, Problem> {
        let template =
            Template::parse(text).map_err(|source| Problem::Query { parameter: "soql", source })?;
        self.allow_reads(template.reads()).await?;
        template.bind(value).map_err(|source| Problem::Placeholder { parameter: "soql", source })
    }

    async fn page(&self, soql: &Soql) -> Result<Page, Problem> {
        self.salesforce(async |rest| rest.query(soql, self.deadline).await).await
    }
}

/// `records.3.Name`.
pub(super) fn numbered(number: u16, entries: Vec<Entry>) -> Vec<Entry> {
    entries.into_iter().map(|(name, text)| (format!("records.{number}.{name}"), text)).collect()
}

/// Whether the rows that are there already are an answer, if not the whole one.
fn cuts_short(problem: &Problem) -> bool {
    use salesforce::Error::{ApiAllowanceLow, OutOfTime};
    matches!(
        problem,
        Problem::CallCenter(call_centers::Error::Salesforce(ApiAllowanceLow { .. } | OutOfTime { .. }))
    )
}
