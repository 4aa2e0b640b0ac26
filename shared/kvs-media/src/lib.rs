#![doc = include_str!("../README.md")]

mod block;
mod clock;
mod damage;
mod ebml;
mod event;
mod failure;
mod fragment;
mod input;
mod limits;
mod place;
mod reader;
mod tags;
mod track;

pub use damage::{Damage, Fault};
pub use event::{Event, Frame, Tag};
pub use failure::{Failure, FailureKind};
pub use fragment::{Fragment, FragmentEnd, FragmentNumber, InvalidFragmentNumber};
pub use limits::Limits;
pub use reader::Reader;
pub use track::{Audio, Side, Track};
