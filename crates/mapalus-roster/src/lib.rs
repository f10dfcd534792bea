//! The rostering engine.

pub mod checker;
pub mod formats;
pub mod model;
pub mod search;
