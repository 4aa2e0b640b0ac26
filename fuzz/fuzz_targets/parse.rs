//! Any text, read as a query and as a search. See `callbridge_fuzz::parse`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| callbridge_fuzz::parse(text));
