//! Any bytes as an instance and its solution.

#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    reading::read(&String::from_utf8_lossy(data));
});
