//! Several records in one request: all of them, or none.

use lambda_kit::flow::Reply;
use salesforce::rest::{AllOrNone, SaveResult};

use super::Operation;
use crate::batch::{self, Record};
use crate::error::Problem;
use crate::policy::Verb;

/// What Salesforce says of records that were fine, when another was not.
const ROLLED_BACK: &str = "ALL_OR_NONE_OPERATION_ROLLED_BACK";

impl Operation<'_> {
    pub(super) async fn create_several(&self) -> Result<Reply, Problem> {
        let mut records = Vec::new();
        for (number, record) in self.records(Verb::Create)?.into_iter().enumerate() {
            if record.id.is_some() {
                return Err(Problem::invalid(
                    of_record(number, "recordId"),
                    "for a record that is to be created",
                ));
            }
            let fields = self.typed(&record.object, record.fields).await?;
            records.push((record.object, fields));
        }
        let results = self
            .salesforce(async |rest| rest.create_records(AllOrNone::Yes, &records, self.deadline).await)
            .await?;
        saved(results)
    }

    pub(super) async fn update_several(&self) -> Result<Reply, Problem> {
        let mut records = Vec::new();
        for (number, record) in self.records(Verb::Update)?.into_iter().enumerate() {
            let id = record.id.ok_or_else(|| Problem::missing(of_record(number, "recordId")))?;
            let fields = self.typed(&record.object, record.fields).await?;
            records.push((record.object, id, fields));
        }
        let results = self
            .salesforce(async |rest| rest.update_records(AllOrNone::Yes, &records, self.deadline).await)
            .await?;
        saved(results)
    }

    /// Read and allowed, all of them, before anything is asked of Salesforce.
    fn records(&self, verb: Verb) -> Result<Vec<Record>, Problem> {
        let invocation = self.invocation;
        let records = invocation.json("records").ok_or_else(|| Problem::missing("the parameter records"))?;
        let object = invocation.text("objectApiName");
        let records = batch::parse(records, object.as_deref(), &|name| invocation.placeholder(name))?;
        records.iter().try_for_each(|record| self.allow(record.object.as_str(), verb))?;
        Ok(records)
    }
}

fn of_record(number: usize, what: &str) -> String {
    format!("{what} of record {number} of the parameter records")
}

/// The ids, or the refusal: with all or none, one refused record is all of them.
fn saved(results: Vec<SaveResult>) -> Result<Reply, Problem> {
    let failed = |(_, result): &(usize, &SaveResult)| !result.success;
    let to_blame = |(_, result): &(usize, &SaveResult)| {
        result.errors.first().is_some_and(|error| error.status_code != ROLLED_BACK)
    };
    let mut refused = results.iter().enumerate().filter(failed);
    if let Some(first) = refused.next() {
        let (number, result) = std::iter::once(first).chain(refused).find(to_blame).unwrap_or(first);
        let error = result.errors.first();
        return Err(Problem::RecordRefused {
            number,
            code: error.map_or(ROLLED_BACK, |error| error.status_code.as_str()).to_owned(),
            fields: error.map(|error| error.fields.clone()).unwrap_or_default(),
        });
    }
    let first = results.first().and_then(|result| result.id.clone());
    let ids = results.into_iter().enumerate();
    let ids = ids.filter_map(|(number, result)| Some((format!("records.{number}.recordId"), result.id?)));
    Ok(Reply::done().with("recordId", first).with_entries(ids.collect()))
}
