//! What was decided in the name of a group, as its members read it.

use crate::shell::{Day, text};
use mapalus_core::{DecisionId, Millis, PersonId};
use serde::Serialize;

mapalus_core::words! {
    /// What a decision is about: by that members look for it.
    pub enum Topic {
        /// The group itself: opened, closed, who finds it.
        Group = "group",
        /// How one joins.
        Joining = "joining",
        /// Roles, and who holds them.
        Roles = "roles",
        /// Members who were suspended, restored or excluded.
        People = "people",
        /// Trainings and kinds of qualification.
        Qualifications = "qualifications",
        /// Who looks after the safety of minors and vulnerable people.
        Safeguarding = "safeguarding",
        /// What those who operate the instance say of the group.
        Operator = "operator",
    }
}

mapalus_core::words! {
    /// What was decided.
    pub enum Kind {
        /// The group was opened.
        Opened = "opened",
        /// It was closed for good.
        Ended = "ended",
        /// It takes applications, or none: `yes` or `no`.
        Taking = "taking",
        /// Who finds it.
        Visibility = "visibility",
        /// Its rules.
        Rules = "rules",
        /// How one becomes a member.
        SignUp = "sign-up",
        /// The joining path: the number of the new version.
        Path = "path",
        /// The youngest whom it takes.
        Ages = "ages",
        /// Whether it works with vulnerable people: `yes` or `no`.
        Vulnerable = "vulnerable",
        /// Who makes links that invite: `members` or `coordinators`.
        Links = "links",
        /// A role was made.
        RoleMade = "role-made",
        /// A role was changed.
        RoleChanged = "role-changed",
        /// A role was removed.
        RoleRemoved = "role-removed",
        /// Somebody was given a role.
        RoleGiven = "role-given",
        /// A role was taken from somebody.
        RoleTaken = "role-taken",
        /// Somebody handed over the roles by which one runs the group.
        HandedOver = "handed-over",
        /// A member was suspended.
        Suspended = "suspended",
        /// A member's suspension ended.
        Restored = "restored",
        /// A member was excluded.
        Excluded = "excluded",
        /// A training was made.
        TrainingMade = "training-made",
        /// A training was changed.
        TrainingChanged = "training-changed",
        /// A training ended.
        TrainingRetired = "training-retired",
        /// A kind of qualification was made.
        KindMade = "kind-made",
        /// A kind of qualification was changed.
        KindChanged = "kind-changed",
        /// A kind of qualification is offered no longer.
        KindRetired = "kind-retired",
        /// Somebody was appointed for safeguarding.
        SafeguardAppointed = "safeguard-appointed",
        /// Somebody was dismissed from it, or gave it up.
        SafeguardEnded = "safeguard-ended",
        /// The group was verified.
        Verified = "verified",
        /// It is verified no longer.
        Unverified = "unverified",
        /// It was hidden.
        Hidden = "hidden",
        /// It is shown again.
        Shown = "shown",
    }
}

mapalus_db::text_columns!(Topic, Kind);

impl Kind {
    /// What it is about.
    pub const fn topic(self) -> Topic {
        match self {
            Self::Opened | Self::Ended | Self::Taking | Self::Visibility => Topic::Group,
            Self::Rules | Self::SignUp | Self::Path | Self::Ages | Self::Vulnerable | Self::Links => {
                Topic::Joining
            }
            Self::RoleMade
            | Self::RoleChanged
            | Self::RoleRemoved
            | Self::RoleGiven
            | Self::RoleTaken
            | Self::HandedOver => Topic::Roles,
            Self::Suspended | Self::Restored | Self::Excluded => Topic::People,
            Self::TrainingMade
            | Self::TrainingChanged
            | Self::TrainingRetired
            | Self::KindMade
            | Self::KindChanged
            | Self::KindRetired => Topic::Qualifications,
            Self::SafeguardAppointed | Self::SafeguardEnded => Topic::Safeguarding,
            Self::Verified | Self::Unverified | Self::Hidden | Self::Shown => Topic::Operator,
        }
    }

    /// Whether nobody but the person concerned reads of whom it speaks.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Suspended | Self::Restored | Self::Excluded)
    }
}

mapalus_db::record! {
    /// A line of the log: a decision, or those of a day that are personal.
    #[derive(Debug, Clone)]
    pub struct Decided {
        /// The latest of them.
        pub id: DecisionId,
        /// When it was made.
        pub made_at: Millis,
        /// What was decided.
        pub kind: Kind,
        /// The name of a thing, a number, a word or a sentence; empty where there is none.
        pub what: String,
        /// How many there are.
        pub many: i64,
        /// How many of them concern the one who reads.
        pub own: i64,
        /// The reason, for whom it concerns.
        pub why: String,
        /// Who is named by it; none who is gone.
        pub named: Option<String>,
        /// With whom they changed places.
        pub other: Option<String>,
    }

    /// A decision that speaks of a person, for the download of their data.
    pub struct OwnDecision {
        /// Name of the group.
        pub name: String,
        /// What was decided.
        pub kind: Kind,
        /// The name of a thing.
        pub what: String,
        /// Why, where it is about their membership.
        pub why: String,
        /// When.
        pub made_at: Millis,
    }
}

/// Whom the log is for.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Who reads.
    pub person: PersonId,
    /// Whether they belong to the group; others read what concerns them alone.
    pub belongs: bool,
}

/// A line of the log over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DecidedView {
    /// When it was made, RFC 3339 in UTC; of members who were suspended, restored or excluded the day alone.
    pub made_at: String,
    /// `group`, `joining`, `roles`, `people`, `qualifications`, `safeguarding` or `operator`.
    #[schema(value_type = String)]
    pub topic: Topic,
    /// What was decided.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// The name of a role, training or kind as it was then, a number, a word or a sentence.
    pub what: Option<String>,
    /// Who is named by it: the holder of a role.
    pub person: Option<String>,
    /// From whom they took over.
    pub from: Option<String>,
    /// How many: of members who were suspended, restored or excluded those of a day, without their names.
    pub count: i64,
    /// Whether it concerns the one who asks.
    pub own: bool,
    /// Why, if it does.
    pub reason: Option<String>,
    /// The same in words, in the language of the request.
    pub text: String,
}

impl Decided {
    /// When, as it is told: of what concerns a person the day alone.
    pub fn at(&self) -> Millis {
        if self.kind.is_personal() { Day::of(self.made_at).begins_at() } else { self.made_at }
    }
}

impl DecidedView {
    /// A line with its words.
    pub fn of(decided: Decided, words: String) -> Self {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            made_at: text::machine(decided.at()),
            topic: decided.kind.topic(),
            kind: decided.kind,
            what: some(decided.what),
            person: decided.named,
            from: decided.other,
            count: decided.many,
            own: decided.own > 0,
            reason: some(decided.why),
            text: words,
        }
    }
}
