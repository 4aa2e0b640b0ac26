//! Whole calls over the real function binaries, faults of every kind, and checks that keep the house tidy.

mod calls;
mod credentials;
mod faults;
mod invoke;
mod privacy;
mod steady;
mod support;
mod tidy;
