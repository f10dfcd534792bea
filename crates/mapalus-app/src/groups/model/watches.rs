//! Searches that tell their person when a new group fits.

use crate::shell::Lang;
use mapalus_core::{GroupId, Millis, PersonId, WatchId};

mapalus_db::record! {
    /// A search that tells its person when a new group fits.
    #[derive(Debug, Clone)]
    pub struct Watch {
        /// The search.
        pub id: WatchId,
        /// Whose it is.
        pub person_id: PersonId,
        /// Its parameters, as an address has them.
        pub query: String,
        /// Since when.
        pub made_at: Millis,
        /// Whether its person silenced it.
        pub paused: bool,
        /// Groups opened until then were looked at.
        pub looked_at: Millis,
    }

    /// A group that a search found.
    #[derive(Debug, Clone)]
    pub struct WatchFind {
        /// The search.
        pub watch_id: WatchId,
        /// The group.
        pub group_id: GroupId,
        /// Its part of the address.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// When it was found.
        pub found_at: Millis,
    }
}

/// What looking for one search came to.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The search.
    pub watch: WatchId,
    /// Whose it is.
    pub person: PersonId,
    /// The groups that fit.
    pub groups: Vec<GroupId>,
}
