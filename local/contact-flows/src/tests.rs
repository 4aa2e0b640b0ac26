//! Tests of the crate as a whole: real flows, every action, everything mutated.

mod actions;
mod eight_flows;
mod linting;
mod mutated;
mod old_format;
mod own_flows;
mod reading;
mod support;
mod walking;
