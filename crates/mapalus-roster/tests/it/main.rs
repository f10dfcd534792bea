//! The engine's tests: its judge beside two that share no code with it, its formats, its explanations, its program.

mod apart;
mod brute;
mod draw;
mod explain;
mod judges;
mod malformed;
mod program;
mod random;
