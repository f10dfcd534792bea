//! What was sent or decided so lately that others were not told of it.

use super::ApplicationState;
use mapalus_core::{ApplicationId, EventId, MembershipState, Millis, PathId, StepId};

mapalus_db::record! {
    /// How an application stood before its applicant sent a step.
    #[derive(Debug, Clone)]
    pub struct Sending {
        /// When it was sent.
        pub made_at: Millis,
        /// The event that tells the coordinators, if it was their turn then.
        pub event_id: Option<EventId>,
        /// The steps that were behind from then on, with a space between.
        pub steps: String,
        /// The state before.
        pub state_before: ApplicationState,
        /// The place before.
        pub place_before: i64,
        /// When the step began that was sent.
        pub since_before: Millis,
        /// When it had been sent first.
        pub sent_before: Option<Millis>,
        /// When it had been decided.
        pub decided_before: Option<Millis>,
        /// Of a draft that was carried over: the path with which it began.
        pub carried_before: Option<PathId>,
        /// When it was to be looked at next.
        pub remind_before: Option<Millis>,
        /// The membership before; none if there was none.
        pub membership_before: Option<MembershipState>,
        /// The version of the application after it.
        pub version_after: i64,
    }

    /// A decision, or a step that was skipped, of which the applicant was not told yet.
    #[derive(Debug, Clone)]
    pub struct Held {
        /// The application.
        pub application_id: ApplicationId,
        /// The step.
        pub step_id: StepId,
        /// How the application stood before.
        pub state_before: ApplicationState,
        /// At which place.
        pub place_before: i64,
        /// Since when.
        pub since_before: Millis,
        /// With which reason.
        pub reason_before: String,
        /// When it was decided.
        pub made_at: Millis,
        /// The version of the application after it.
        pub version_after: i64,
    }
}

impl Sending {
    /// The steps that were behind from then on.
    pub fn steps(&self) -> impl Iterator<Item = StepId> {
        self.steps.split(' ').filter_map(|id| id.parse().ok())
    }
}
