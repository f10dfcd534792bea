//! What roles ask for, and what the group has seen of it.

use crate::shell::Day;
use mapalus_core::{Millis, Permissions, PersonId, RoleId};
use serde::Serialize;

mapalus_core::words! {
    /// How it stands with a qualification that a role asks for.
    pub enum Lack {
        /// The group has never seen it.
        Missing = "missing",
        /// It is over, or the group took back that it has seen it.
        Over = "over",
        /// It is over within 45 days.
        Ends = "ends",
    }
}

mapalus_db::record! {
    /// A role with a permission that somebody holds now.
    #[derive(Debug, Clone)]
    pub struct Holding {
        /// The role.
        pub role_id: RoleId,
        /// Who holds it.
        pub person_id: PersonId,
        /// Keys of the qualifications it asks for, with spaces between.
        pub qualifications: String,
        /// What it allows.
        pub permissions: Permissions,
        /// Since when it rests.
        pub rests_since: Option<Millis>,
    }

    /// What a role of a person asks for.
    #[derive(Debug, Clone)]
    pub struct Wanted {
        /// Who holds it.
        pub person_id: PersonId,
        /// The role.
        pub role_id: RoleId,
        /// Its name.
        pub name: String,
        /// Keys of the qualifications it asks for, with spaces between.
        pub qualifications: String,
        /// Since when it rests.
        pub rests_since: Option<Millis>,
    }

    /// What the group has seen of a person and is over, or will be soon.
    #[derive(Debug, Clone)]
    pub struct Ending {
        /// The person.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
        /// Key of the kind.
        pub kind: String,
        /// The last day on which it holds.
        pub valid_until: Day,
    }
}

/// A qualification that a role asks for and its holder lacks, or will lack soon.
#[derive(Debug, Clone)]
pub struct Gap {
    /// Who holds the role.
    pub person_id: PersonId,
    /// The role.
    pub role_id: RoleId,
    /// Its name.
    pub role: String,
    /// Key of the kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How it stands with it.
    pub lack: Lack,
    /// Whether the role rests.
    pub rests: bool,
}

/// The same as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GapView {
    /// The person's id.
    pub person: String,
    /// The role's id.
    pub role: String,
    /// Key of the kind of qualification, or id of the group's own.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `missing`, `over` or `ends`.
    #[schema(value_type = String)]
    pub lack: Lack,
    /// Whether the role gives its permissions no longer.
    pub rests: bool,
}

impl From<&Gap> for GapView {
    fn from(gap: &Gap) -> Self {
        Self {
            person: gap.person_id.to_string(),
            role: gap.role_id.to_string(),
            kind: gap.kind.clone(),
            name: gap.name.clone(),
            lack: gap.lack,
            rests: gap.rests,
        }
    }
}

/// What the group has seen and is over, or will be soon, as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EndingView {
    /// The person's id.
    pub person: String,
    /// Full name.
    pub name: String,
    /// Key of the kind of qualification, or id of the group's own.
    pub kind: String,
    /// The last day on which it holds.
    pub valid_until: String,
}

impl From<Ending> for EndingView {
    fn from(ending: Ending) -> Self {
        Self {
            person: ending.person_id.to_string(),
            name: ending.name,
            kind: ending.kind,
            valid_until: ending.valid_until.to_string(),
        }
    }
}
