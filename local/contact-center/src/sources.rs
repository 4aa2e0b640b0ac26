//! What invokes functions besides contact flows: Kinesis streams, SQS, EventBridge, and through it S3.

mod eventbridge;
mod kinesis;
mod s3;
mod sqs;

pub use eventbridge::{Event, EventBridge};
pub use kinesis::{KinesisSource, Mapping};
pub use s3::S3Source;
pub use sqs::{Redrive, SqsSource};
