//! The four services: how each is addressed and signed for.

/// A service that has a stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    DynamoDb,
    SecretsManager,
    Sqs,
    Ssm,
}

impl Service {
    const ALL: [Service; 4] = [Service::DynamoDb, Service::SecretsManager, Service::Sqs, Service::Ssm];

    /// Splits an `X-Amz-Target` header, like `AmazonSQS.SendMessage`, into the service and the operation.
    pub(crate) fn of_target(target: &str) -> Option<(Service, &str)> {
        let (prefix, operation) = target.split_once('.')?;
        let service = Self::ALL.into_iter().find(|service| service.target_prefix() == prefix)?;
        Some((service, operation))
    }

    fn target_prefix(self) -> &'static str {
        match self {
            Service::DynamoDb => "DynamoDB_20120810",
            Service::SecretsManager => "secretsmanager",
            Service::Sqs => "AmazonSQS",
            Service::Ssm => "AmazonSSM",
        }
    }

    /// The name in the scope of a signature, and in ARNs.
    pub(crate) fn signing_name(self) -> &'static str {
        match self {
            Service::DynamoDb => "dynamodb",
            Service::SecretsManager => "secretsmanager",
            Service::Sqs => "sqs",
            Service::Ssm => "ssm",
        }
    }

    /// The media type of requests and replies: the older services speak JSON 1.1.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Service::DynamoDb | Service::Sqs => "application/x-amz-json-1.0",
            Service::SecretsManager | Service::Ssm => "application/x-amz-json-1.1",
        }
    }

    /// The namespace that precedes an error code in `__type`: `com.amazonaws.sqs#QueueDoesNotExist`.
    pub(crate) fn error_namespace(self) -> &'static str {
        match self {
            Service::DynamoDb => "com.amazonaws.dynamodb.v20120810#",
            Service::Sqs => "com.amazonaws.sqs#",
            Service::SecretsManager | Service::Ssm => "",
        }
    }
}
