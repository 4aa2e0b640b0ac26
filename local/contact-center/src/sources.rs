//! What invokes functions besides contact flows: a Kinesis stream and EventBridge.

mod eventbridge;
mod kinesis;

pub use eventbridge::{Event, EventBridge};
pub use kinesis::{KinesisSource, Mapping};
