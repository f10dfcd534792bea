//! The engine's tests: its judge beside two that share no code with it, its search, its formats, its explanations, its
//! program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod apart;
mod brute;
mod draw;
mod explain;
mod fuzz;
mod judges;
mod malformed;
mod program;
mod properties;
mod random;
mod search;
