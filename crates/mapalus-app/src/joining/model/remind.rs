//! Reminders: what is looked at, and what was said.

use mapalus_core::{ApplicationId, Millis, PersonId, StepId, VouchId};

mapalus_core::words! {
    /// When one is reminded: twice at most.
    pub enum Stage {
        /// Before the deadline.
        Before = "before",
        /// Once it has passed.
        Passed = "passed",
    }
}

mapalus_db::text_columns!(Stage);

mapalus_db::record! {
    /// An application of which steps are to be looked at.
    #[derive(Debug, Clone)]
    pub struct StepAlarm {
        /// The application.
        pub id: ApplicationId,
        /// For when the look was set.
        pub remind_at: Millis,
    }

    /// A request to vouch that is to be looked at.
    #[derive(Debug, Clone)]
    pub struct VouchAlarm {
        /// The request.
        pub id: VouchId,
        /// The application.
        pub application_id: ApplicationId,
        /// The step.
        pub step_id: StepId,
        /// Who was asked.
        pub giver_id: Option<PersonId>,
        /// When it was asked.
        pub asked_at: Millis,
        /// Until when it may be answered.
        pub ends_at: Millis,
        /// For when the look was set.
        pub remind_at: Millis,
        /// Days before the end when one is reminded.
        pub remind_days: i64,
    }

    /// A reminder as the person's own data.
    #[derive(Debug, Clone)]
    pub struct OwnReminder {
        /// The application.
        pub application_id: ApplicationId,
        /// Before the deadline, or after it.
        pub stage: Stage,
        /// The deadline.
        pub due_at: Millis,
        /// When it was said.
        pub made_at: Millis,
    }
}
