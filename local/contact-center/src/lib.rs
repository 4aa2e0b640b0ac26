//! A contact center on one machine: hosts the function binaries and plays scripted calls through them.
