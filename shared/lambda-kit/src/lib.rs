//! What every Lambda function needs: configuration, credentials, state, dead letters, logs, metrics.
