//! Pages of questions.

pub mod ask;
pub mod frequent;
pub mod guard;
pub mod inbox;
pub mod mailed;
pub mod replies;
mod sample;
pub mod thread;

use serde::Deserialize;

/// Where a page of a list begins.
#[derive(Debug, Default, Deserialize)]
pub(in crate::asking) struct After {
    /// The cursor of the page before.
    pub after: Option<String>,
}
