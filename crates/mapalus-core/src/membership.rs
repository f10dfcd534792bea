//! How a person stands to a group: the state of membership and the permissions of their roles.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Makes an enum whose values are written as the English words of the interface.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that the database, the API and the message keys use.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::membership::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.word() == text).ok_or($crate::membership::UnknownWord)
            }
        }
    };
}

/// A word that is none of the expected ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the known words")]
pub struct UnknownWord;

words! {
    /// The state of a person's membership in a group.
    pub enum MembershipState {
        /// Asked by the group to join; nothing answered yet.
        Invited = "invited",
        /// Has sent the first step of the joining path.
        Applied = "applied",
        /// Accepted; some steps of the path remain. Neither votes nor vouches.
        Accepted = "accepted",
        /// A full member.
        Active = "active",
        /// Barred for a time by the group.
        Suspended = "suspended",
        /// Gone by their own will.
        Left = "left",
        /// Sent away by the group.
        Excluded = "excluded",
    }
}

impl MembershipState {
    /// Whether the person counts among the group's people now.
    pub const fn belongs(self) -> bool {
        matches!(self, Self::Accepted | Self::Active)
    }
}

words! {
    /// Who finds a group and sees its page.
    pub enum GroupVisibility {
        /// In the directory, for everybody.
        Public = "public",
        /// For everybody who has the address.
        Unlisted = "unlisted",
        /// For its own people alone.
        Private = "private",
    }
}

words! {
    /// What a role of a group allows its holders to do. A closed list.
    pub enum Permission {
        /// Read and decide applications.
        Applications = "applications",
        /// Suspend, exclude and restore members.
        Members = "members",
        /// Make roles and appoint people to them.
        Roles = "roles",
        /// Change the group's page and rules.
        Settings = "settings",
        /// Change the joining path.
        Path = "path",
        /// Read and answer what people ask the group.
        Questions = "questions",
        /// Record which qualifications of its people the group has seen, and make kinds of its own.
        Qualifications = "qualifications",
        /// Make trainings and their dates, and say how those who took part did.
        Trainings = "trainings",
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Permission>", into = "Vec<Permission>")]
pub struct Permissions(u16);

impl Permissions {
    /// No permission.
    pub const NONE: Self = Self(0);

    /// Every permission: what a coordinator holds.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether the permission is in the set.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u16) != 0
    }

    /// Both sets together.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether nothing is allowed.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The permissions of the set, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(iter: I) -> Self {
        Self(iter.into_iter().fold(0, |set, permission| set | 1 << permission as u16))
    }
}

impl From<Vec<Permission>> for Permissions {
    fn from(list: Vec<Permission>) -> Self {
        list.into_iter().collect()
    }
}

impl From<Permissions> for Vec<Permission> {
    fn from(set: Permissions) -> Self {
        set.iter().collect()
    }
}

/// The set as words with a space between, as the database keeps it.
impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, permission) in self.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            f.write_str(permission.word())?;
        }
        Ok(())
    }
}

impl FromStr for Permissions {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        text.split_whitespace().map(Permission::from_str).collect()
    }
}
