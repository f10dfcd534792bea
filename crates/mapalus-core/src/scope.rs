//! What a personal token reaches: scopes, and what each route of the API asks of a token.

use crate::membership::UnknownWord;
use std::{fmt, str::FromStr};

crate::words! {
    /// A part of the API that a token may reach. A closed list; whoever makes a token chooses from it.
    pub enum Scope {
        /// Read one's own account, and the profiles that one sees.
        ProfileRead = "profile:read",
        /// Change one's own profile.
        ProfileWrite = "profile:write",
        /// Find groups, read their pages, paths and roles.
        GroupsRead = "groups:read",
        /// Open groups, change their pages, paths and roles.
        GroupsWrite = "groups:write",
        /// Read who belongs to a group.
        MembersRead = "members:read",
        /// Invite, suspend, restore and exclude members, give them roles.
        MembersWrite = "members:write",
        /// Read one's own applications, and those that wait for one's vouch or decision.
        JoiningRead = "joining:read",
        /// Apply, go on with one's applications, withdraw them, leave groups.
        JoiningWrite = "joining:write",
        /// Vouch for applicants, decide on applications, skip their steps.
        JoiningDecide = "joining:decide",
        /// Read one's notices.
        NoticesRead = "notices:read",
        /// Read one's own questions, and those to groups whose questions one answers.
        AskingRead = "asking:read",
        /// Ask groups, and write more.
        AskingWrite = "asking:write",
        /// Answer questions, and do what else belongs to a group's inbox.
        AskingAnswer = "asking:answer",
        /// Read the trainings of one's groups, and what one takes part in.
        GrowthRead = "growth:read",
        /// Enrol for trainings and leave them; make trainings and say how people did.
        GrowthWrite = "growth:write",
    }
}

/// What a route asks of a request that comes with a token. A route that says nothing is for no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByToken {
    /// No token gets in, whatever it reaches: entering, and what makes or ends other ways in.
    Never,
    /// A token with this scope gets as far as its person would.
    With(Scope),
}

impl From<Scope> for ByToken {
    fn from(scope: Scope) -> Self {
        Self::With(scope)
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u16);

impl Scopes {
    /// Every scope.
    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }

    /// Whether the scope is in the set.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u16) != 0
    }

    /// Whether nothing is reached.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes of the set, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(iter: I) -> Self {
        Self(iter.into_iter().fold(0, |set, scope| set | 1 << scope as u16))
    }
}

/// The set as words with a space between, as the database keeps it.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, scope) in self.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.word())?;
        }
        Ok(())
    }
}

impl FromStr for Scopes {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        text.split_whitespace().map(Scope::from_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_read_back_as_written_and_holds_nothing_else() {
        let set: Scopes = [Scope::NoticesRead, Scope::GroupsRead].into_iter().collect();
        assert_eq!(set.to_string(), "groups:read notices:read");
        assert_eq!(set.to_string().parse(), Ok(set));
        assert!(set.has(Scope::GroupsRead) && !set.has(Scope::GroupsWrite));
        assert_eq!("groups:read all".parse::<Scopes>(), Err(UnknownWord));
        assert!(Scopes::default().is_empty());
        assert_eq!(Scopes::all().iter().count(), Scope::ALL.len());
    }
}
