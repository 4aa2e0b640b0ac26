//! DynamoDB: tables with a string key `pk`, the four operations on single items, and `BatchGetItem`.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html>
//!
//! A `TTL` attribute has no effect: AWS promises to remove an expired item within days, and a reader must reckon
//! with those that are still there.

mod expression;
mod number;
mod request;
mod tables;
mod value;

pub(crate) use tables::Tables;

/// An item: its attributes by name.
type Item = std::collections::BTreeMap<String, value::Value>;
