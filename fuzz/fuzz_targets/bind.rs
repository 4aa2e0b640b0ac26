//! Any values, put into any template. See `callbridge_fuzz::bind`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| callbridge_fuzz::bind(input));
