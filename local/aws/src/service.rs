//! The services: how each is addressed and signed for.

/// A service that has a stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Connect,
    DynamoDb,
    Kinesis,
    KinesisVideo,
    S3,
    SecretsManager,
    Sqs,
    Ssm,
    Transcribe,
}

impl Service {
    /// Those that name the operation in the header.
    const TARGETED: [Service; 5] =
        [Service::DynamoDb, Service::Kinesis, Service::SecretsManager, Service::Sqs, Service::Ssm];

    /// Splits an `X-Amz-Target` header, like `AmazonSQS.SendMessage`, into the service and the operation.
    pub(crate) fn of_target(target: &str) -> Option<(Service, &str)> {
        let (prefix, operation) = target.split_once('.')?;
        let service = Self::TARGETED.into_iter().find(|service| service.target_prefix() == Some(prefix))?;
        Some((service, operation))
    }

    fn target_prefix(self) -> Option<&'static str> {
        match self {
            Service::DynamoDb => Some("DynamoDB_20120810"),
            Service::Kinesis => Some("Kinesis_20131202"),
            Service::SecretsManager => Some("secretsmanager"),
            Service::Sqs => Some("AmazonSQS"),
            Service::Ssm => Some("AmazonSSM"),
            Service::Connect | Service::KinesisVideo | Service::S3 | Service::Transcribe => None,
        }
    }

    /// The name in the scope of a signature, and in ARNs.
    pub(crate) fn signing_name(self) -> &'static str {
        match self {
            Service::Connect => "connect",
            Service::DynamoDb => "dynamodb",
            Service::Kinesis => "kinesis",
            Service::KinesisVideo => "kinesisvideo",
            Service::S3 => "s3",
            Service::SecretsManager => "secretsmanager",
            Service::Sqs => "sqs",
            Service::Ssm => "ssm",
            Service::Transcribe => "transcribe",
        }
    }

    /// The media type of requests and replies.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Service::DynamoDb | Service::Sqs => "application/x-amz-json-1.0",
            Service::Kinesis | Service::SecretsManager | Service::Ssm => "application/x-amz-json-1.1",
            Service::S3 => "application/xml",
            Service::Connect | Service::KinesisVideo | Service::Transcribe => "application/json",
        }
    }

    /// The namespace that precedes an error code in `__type`: `com.amazonaws.sqs#QueueDoesNotExist`.
    pub(crate) fn error_namespace(self) -> &'static str {
        match self {
            Service::DynamoDb => "com.amazonaws.dynamodb.v20120810#",
            Service::Sqs => "com.amazonaws.sqs#",
            _ => "",
        }
    }
}
