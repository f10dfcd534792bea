//! Figures of a path.

use super::ApplicationState;
use mapalus_core::{ApplicationId, Millis, StepId};

mapalus_db::record! {
    /// An application as the figures of its path count it.
    #[derive(Debug, Clone)]
    pub struct Walk {
        /// The application.
        pub id: ApplicationId,
        /// Its state.
        pub state: ApplicationState,
        /// Where it stands.
        pub place: i64,
        /// When it was begun.
        pub made_at: Millis,
    }

    /// A step that is behind an application.
    #[derive(Debug, Clone)]
    pub struct Walked {
        /// The application.
        pub application_id: ApplicationId,
        /// The step.
        pub step_id: StepId,
        /// When.
        pub done_at: Millis,
        /// Whether it applied.
        pub needed: bool,
    }
}

/// What became of those who came to a step.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct StepFigures {
    /// Its place in the path, from 0.
    pub place: i64,
    /// Its name.
    pub name: String,
    /// How many came to it.
    pub entered: i64,
    /// How many are there now.
    pub there: i64,
    /// How many gave up there, or were declined.
    pub left: i64,
    /// How long it takes: the median of those who have it behind them, in tenths of a day.
    pub median_days_tenths: Option<i64>,
}
