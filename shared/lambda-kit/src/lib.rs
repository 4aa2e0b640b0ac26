#![doc = include_str!("../README.md")]

pub mod aws;
pub mod contacts;
pub mod credentials;
pub mod dead_letter;
pub mod env;
pub mod flow;
pub mod functions;
pub mod invocation;
pub mod kinesis;
pub mod logs;
pub mod metrics;
pub mod process;
pub mod signed;
pub mod state;
