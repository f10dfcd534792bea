//! Minors and their guardians: who answers for whom, and how that stands.

use super::rules::guardian as rules;
use crate::shell::text;
use mapalus_core::{Millis, PersonId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// How a guardianship stands.
    pub enum GuardianState {
        /// The minor named an address: nobody has answered.
        Asked = "asked",
        /// The one who was asked does not consent. The minor may name another one.
        Declined = "declined",
        /// The guardian consents.
        Given = "given",
        /// The guardian withdrew their consent: the account is being closed.
        Withdrawn = "withdrawn",
    }
}

mapalus_core::words! {
    /// The age of somebody as far as a group looks at it, told from the year of birth alone: who has a birthday in
    /// this year counts as younger until the year is over.
    pub enum Ages {
        /// 18 and older.
        Adult = "adult",
        /// 16 and 17.
        Older = "older",
        /// 13 to 15.
        Younger = "younger",
    }
}

mapalus_db::text_columns!(GuardianState, Ages);

impl Ages {
    /// The age with which it begins.
    pub const fn from(self) -> i64 {
        match self {
            Self::Adult => 18,
            Self::Older => 16,
            Self::Younger => 13,
        }
    }

    /// Whether one of these ages is under 18.
    pub const fn is_minor(self) -> bool {
        !matches!(self, Self::Adult)
    }
}

/// A minor, checked: the year of birth and who is to consent.
#[derive(Debug, Clone)]
pub struct Minor {
    /// Year of birth.
    pub birth_year: i64,
    /// The guardian's address.
    pub guardian: super::model::Mail,
}

mapalus_db::record! {
    /// A guardianship with the account that it is about.
    #[derive(Debug, Clone)]
    pub struct Guardianship {
        /// The minor.
        pub ward_id: PersonId,
        /// The minor's full name.
        pub name: String,
        /// The minor's mail address.
        pub ward_mail: String,
        /// The address that the minor named; empty once the guardian is known.
        pub mail: String,
        /// Who consented.
        pub guardian_id: Option<PersonId>,
        /// How it stands.
        pub state: GuardianState,
        /// When the guardian was asked last.
        pub asked_at: Millis,
        /// To which version of the privacy notice the guardian consented.
        pub consent_version: Option<i64>,
        /// When.
        pub consent_at: Option<Millis>,
        /// When that was withdrawn.
        pub withdrawn_at: Option<Millis>,
        /// To which version the minor consented.
        pub own_version: i64,
        /// When.
        pub own_at: Millis,
        /// The minor's year of birth.
        pub birth_year: Option<i64>,
        /// When the minor's account is erased, if it is being closed.
        pub closing_at: Option<Millis>,
    }

    /// A minor whose account is open, with who answers for them.
    #[derive(Debug, Clone)]
    pub struct Young {
        /// The minor.
        pub id: PersonId,
        /// Year of birth.
        pub birth_year: i64,
        /// The guardian.
        pub guardian_id: Option<PersonId>,
    }
}

impl Young {
    /// The ages to which the minor belongs.
    pub fn ages(&self, now: Millis) -> Ages {
        rules::ages_of(Some(self.birth_year), now)
    }
}

impl Guardianship {
    /// When an account that nobody consents to is deleted.
    pub const fn ends_at(&self) -> Millis {
        self.asked_at.plus(super::rules::STALE_MILLIS)
    }

    /// The ages to which the minor belongs.
    pub fn ages(&self, now: Millis) -> Ages {
        rules::ages_of(self.birth_year, now)
    }
}

/// Another guardian.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardianInput {
    /// The guardian's mail address.
    pub guardian: String,
}

/// What a guardian says to consent.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentInput {
    /// That one is 18 or older and the parent or legal guardian of the minor.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub parent: bool,
    /// That one consents to the privacy notice for the minor.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub consent: bool,
}

/// What an account waits for, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WaitingView {
    /// `asked` or `declined`.
    #[schema(value_type = String)]
    pub state: GuardianState,
    /// The guardian's address.
    pub guardian: String,
    /// When the guardian was asked, RFC 3339 in UTC.
    pub asked_at: String,
    /// When the account is deleted if nobody consents.
    pub ends_at: String,
}

impl From<&Guardianship> for WaitingView {
    fn from(of: &Guardianship) -> Self {
        Self {
            state: of.state,
            guardian: of.mail.clone(),
            asked_at: text::machine(of.asked_at),
            ends_at: text::machine(of.ends_at()),
        }
    }
}

/// For whom somebody is asked to consent, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AskedForView {
    /// The minor's name.
    pub name: String,
    /// The minor's mail address.
    pub mail: String,
    /// Until when it can be answered, RFC 3339 in UTC.
    pub ends_at: String,
}

/// A ward over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WardView {
    /// The minor's id.
    pub person: String,
    /// The minor's name.
    pub name: String,
    /// `given` or `withdrawn`.
    #[schema(value_type = String)]
    pub state: GuardianState,
    /// `older` (16 and 17) or `younger` (13 to 15).
    #[schema(value_type = String)]
    pub ages: Ages,
    /// To which version of the privacy notice one consented.
    pub consent_version: Option<i64>,
    /// When.
    pub consent_at: Option<String>,
    /// When the minor consented.
    pub own_consent_at: String,
    /// After a withdrawal: when the account is erased.
    pub erased_at: Option<String>,
}

impl WardView {
    /// A ward as the guardian sees them.
    pub fn new(of: &Guardianship, now: Millis) -> Self {
        Self {
            person: of.ward_id.to_string(),
            name: of.name.clone(),
            state: of.state,
            ages: of.ages(now),
            consent_version: of.consent_version,
            consent_at: of.consent_at.map(text::machine),
            own_consent_at: text::machine(of.own_at),
            erased_at: of.closing_at.map(text::machine),
        }
    }
}
