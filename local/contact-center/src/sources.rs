//! What invokes functions besides contact flows: Kinesis streams, EventBridge, and through it S3.

mod eventbridge;
mod kinesis;
mod s3;

pub use eventbridge::{Event, EventBridge};
pub use kinesis::{KinesisSource, Mapping};
pub use s3::S3Source;
