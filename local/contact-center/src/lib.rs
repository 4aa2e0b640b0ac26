//! A contact center on one machine: hosts the function binaries and plays scripted calls through them.
//!
//! [`Center`](center::Center) is all of it: a Salesforce org, the AWS services, the functions over the real Lambda
//! Runtime API, and what invokes them. [`Script`](script::Script) is a call that can be played in it.

pub mod binaries;
pub mod center;
pub mod cli;
pub mod console;
pub mod functions;
pub mod lambda;
pub mod measure;
pub mod script;
pub mod sources;
pub mod story;
