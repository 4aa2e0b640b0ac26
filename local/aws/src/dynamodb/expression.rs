//! DynamoDB's expression language: the part that the functions use.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html>

mod condition;
mod parser;
mod placeholders;
mod token;
mod update;

pub(super) use condition::Condition;
pub(super) use placeholders::Placeholders;
pub(super) use update::Update;

#[cfg(test)]
mod tests;
