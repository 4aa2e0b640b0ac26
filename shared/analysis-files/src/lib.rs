#![doc = include_str!("../README.md")]

mod error;
mod files;
mod key;

pub use error::Error;
pub use files::{AnalysisFiles, Page};
pub use key::{AnalysisKey, day_prefix};
