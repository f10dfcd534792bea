//! Several applications at once.

use serde::Deserialize;

mapalus_core::words! {
    /// What is done to each of several applications.
    pub enum What {
        /// Take the applicant in.
        Accept = "accept",
        /// Put on the waiting list.
        Wait = "wait",
        /// Do not take the applicant in.
        Decline = "decline",
        /// Pass over the step that is open.
        Skip = "skip",
    }
}

/// One of them.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// The application's id.
    pub id: String,
    /// The version that was seen: one that has changed since is left as it is.
    #[serde(default)]
    pub version: Option<i64>,
}

/// What is decided on them.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideManyInput {
    /// `accept`, `wait`, `decline`, or `skip` for the step that is open.
    pub outcome: String,
    /// The reason in words, the same for all; needed for a decline and to skip.
    #[serde(default)]
    pub reason: String,
    /// The applications, 50 at most.
    pub applications: Vec<Chosen>,
}

/// What is taken back.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoManyInput {
    /// The applications, 50 at most.
    pub applications: Vec<Chosen>,
}
