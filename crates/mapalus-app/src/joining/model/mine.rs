//! One's own applications in a list.

use super::{Actor, How, StepKind};
use mapalus_core::{ApplicationId, Millis, StepId};

mapalus_db::record! {
    /// A step of an application in one's own list.
    #[derive(Debug, Clone)]
    pub struct StepOfMine {
        /// The application.
        pub id: ApplicationId,
        /// The step.
        pub step_id: StepId,
        /// Its place.
        pub place: i64,
        /// Its block.
        pub block: i64,
        /// Its kind.
        pub kind: StepKind,
        /// Days from its beginning to its deadline.
        pub days: i64,
        /// How many vouches are needed.
        pub needed: i64,
        /// How it came to be behind, if it is.
        pub how: Option<How>,
        /// How many of those who were asked vouch, or may still.
        pub vouched: i64,
        /// How many times for a talk are taken.
        pub taken: i64,
        /// Whether it is the coordinators' turn in it.
        pub theirs: i64,
    }
}

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// The step.
    pub step: StepId,
    /// Its number among those that apply, from 1.
    pub number: i64,
    /// How many apply.
    pub count: i64,
    /// Whose turn it is; nobody's while something agreed is to come.
    pub actor: Option<Actor>,
    /// Until when.
    pub due_at: Millis,
}
