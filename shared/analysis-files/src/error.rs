use lambda_kit::aws::AwsError;

/// A file, or a list of files, that cannot be had, by the next move. Buckets and keys are named; content never.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// S3 did not do it.
    #[error(transparent)]
    Aws(#[from] AwsError),

    /// There is no such file, or no such bucket.
    #[error("{what} does not exist: it was deleted since, or the name is wrong")]
    Missing {
        /// The file or bucket.
        what: String,
    },

    /// The file is larger than the caller can hold.
    #[error(
        "{file} has {bytes} bytes, and at most {limit} are read: if it is an analysis, give the function more memory \
         and raise the limit in its code"
    )]
    TooLarge {
        /// The file.
        file: String,
        /// Its size, or how much of it was read when it became too much.
        bytes: u64,
        /// The limit.
        limit: usize,
    },

    /// The file broke off, each time that it was asked for.
    #[error("s3:GetObject on {file}: it broke off on the way; if this lasts, check the function's network")]
    BrokenOff {
        /// The file.
        file: String,
    },

    /// The time that the caller had is over.
    #[error("s3:GetObject on {file}: no time left")]
    OutOfTime {
        /// The file.
        file: String,
    },
}

impl Error {
    /// Whether no repetition can cure it.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::TooLarge { .. })
    }

    /// A short stable name, for metrics and `errorType`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Aws(e) => e.kind(),
            Self::Missing { .. } => "FileMissing",
            Self::TooLarge { .. } => "FileTooLarge",
            Self::BrokenOff { .. } => "AwsUnavailable",
            Self::OutOfTime { .. } => "OutOfTime",
        }
    }
}
