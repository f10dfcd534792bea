//! Where an applicant stands in the training that a step asks for.

use super::Actor;
use crate::growth::model::SittingView;
use serde::Serialize;

mapalus_core::words! {
    /// What is next in a training.
    pub enum Turn {
        /// The applicant takes a session.
        Take = "take",
        /// The applicant takes the seat that is held for them.
        Confirm = "confirm",
        /// The applicant has a seat in a session that is not over.
        Come = "come",
        /// The applicant stands in line.
        Line = "line",
        /// No session lies ahead: those who train plan one.
        Plan = "plan",
        /// A session is over: those who train say how the applicant did.
        Tell = "tell",
        /// The applicant has passed.
        Passed = "passed",
        /// The group has ended the training.
        Gone = "gone",
    }
}

impl Turn {
    /// Who acts then; nobody once it was passed.
    pub const fn actor(self) -> Actor {
        match self {
            Self::Take | Self::Confirm | Self::Come | Self::Passed => Actor::Applicant,
            Self::Line | Self::Plan | Self::Tell | Self::Gone => Actor::Coordinators,
        }
    }

    /// Whether the applicant has something to do before anything else can happen.
    pub const fn waits_for_applicant(self) -> bool {
        matches!(self, Self::Take | Self::Confirm)
    }
}

/// The training of a step as the API shows it with its application.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CourseView {
    /// The step's id.
    pub step: String,
    /// The training's id; nothing if the group has ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<String>,
    /// What is next: `take`, `confirm`, `come`, `line`, `plan`, `tell`, `passed` or `gone`.
    #[schema(value_type = String)]
    pub turn: Turn,
    /// The sessions, as the applicant stands to them.
    pub sittings: Vec<SittingView>,
}
