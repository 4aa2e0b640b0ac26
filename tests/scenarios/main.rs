//! Scenarios over the real function binaries.
