//! Vouches: who was asked to speak for an applicant, and what they said.

use crate::shell::{Lang, text};
use mapalus_core::{ApplicationId, Millis, PersonId, StepId, VouchId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// The state of a request to vouch.
    pub enum VouchState {
        /// Asked, not answered.
        Asked = "asked",
        /// The member vouches.
        Given = "given",
        /// The member does not.
        Declined = "declined",
        /// Taken back by the applicant before it was answered.
        Cancelled = "cancelled",
        /// Taken back by the member before the decision.
        Withdrawn = "withdrawn",
    }
}

mapalus_core::words! {
    /// How one knows the applicant.
    pub enum Relation {
        /// From work.
        Work = "work",
        /// From school or training.
        Study = "study",
        /// From volunteering.
        Volunteering = "volunteering",
        /// From the neighbourhood or the community.
        Community = "community",
        /// From family or as friends.
        Private = "private",
    }
}

mapalus_core::words! {
    /// How long one knows the applicant.
    pub enum Known {
        /// Less than one year.
        UnderOne = "under-one",
        /// One or two years.
        OneToTwo = "one-to-two",
        /// Three to five years.
        ThreeToFive = "three-to-five",
        /// More than five years.
        OverFive = "over-five",
    }
}

mapalus_db::text_columns!(VouchState);

mapalus_db::record! {
    /// A request to vouch.
    #[derive(Debug, Clone)]
    pub struct Vouch {
        /// The request.
        pub id: VouchId,
        /// The application.
        pub application_id: ApplicationId,
        /// The step.
        pub step_id: StepId,
        /// Who was asked; nobody, if the address that was typed is no member's.
        pub giver_id: Option<PersonId>,
        /// Their name.
        pub giver: Option<String>,
        /// Where they work.
        pub workplace: String,
        /// What the applicant typed; empty if the member was chosen by name.
        pub typed: String,
        /// Its state.
        pub state: VouchState,
        /// When it was asked.
        pub asked_at: Millis,
        /// Until when it may be answered.
        pub ends_at: Millis,
        /// When it was given.
        pub given_at: Option<Millis>,
        /// When it was taken back.
        pub withdrawn_at: Option<Millis>,
        /// How the member knows the applicant.
        pub relation: String,
        /// How long.
        pub known: String,
        /// More in words.
        pub note: String,
    }

    /// A request in a member's own list.
    #[derive(Debug, Clone)]
    pub struct AskedOf {
        /// The request.
        pub id: VouchId,
        /// The applicant's name.
        pub applicant: String,
        /// The group's name.
        pub group_name: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// Its state.
        pub state: VouchState,
        /// When it was asked.
        pub asked_at: Millis,
        /// Until when it may be answered.
        pub ends_at: Millis,
        /// How the member knows the applicant.
        pub relation: String,
        /// How long.
        pub known: String,
        /// More in words.
        pub note: String,
    }

    /// A member who may be asked.
    #[derive(Debug, Clone)]
    pub struct Candidate {
        /// The person.
        pub id: PersonId,
        /// Their name.
        pub name: String,
    }

    /// A vouch that counts: who gave it, and where they work.
    #[derive(Debug, Clone)]
    pub struct Counted {
        /// Who gave it.
        pub giver_id: PersonId,
        /// Their workplace.
        pub workplace: String,
    }
}

/// Those of a group who may vouch now, by where they work, and where the applicant works.
#[derive(Debug, Clone, Default)]
pub struct Workplaces {
    /// The applicant's; empty if it is not said.
    pub own: String,
    /// Those of the members who may vouch, each with how many they are; empty where they do not say it.
    pub givers: Vec<(String, i64)>,
}

impl Vouch {
    /// Whether it may still be answered, as far as time goes.
    pub fn open(&self, now: Millis) -> bool {
        self.state == VouchState::Asked && now < self.ends_at
    }

    /// Whom the applicant asked: what was typed, until the member has given.
    pub fn shown(&self) -> &str {
        match &self.giver {
            Some(name) if self.typed.is_empty() || self.given_at.is_some() => name,
            _ => &self.typed,
        }
    }
}

/// Whom to ask: one of the two.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskInput {
    /// The id of a member, as the search gives it.
    #[serde(default)]
    pub person: String,
    /// A mail address. The answer is the same whether it is a member's or not.
    #[serde(default)]
    pub mail: String,
}

/// How the member knows the applicant.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveInput {
    /// `work`, `study`, `volunteering`, `community` or `private`.
    #[serde(default)]
    pub relation: String,
    /// `under-one`, `one-to-two`, `three-to-five` or `over-five` years.
    #[serde(default)]
    pub known: String,
    /// More in words.
    #[serde(default)]
    pub note: String,
}

/// A request to vouch as the API shows it to the member.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AskedView {
    /// Its id.
    pub id: String,
    /// The applicant's name.
    pub applicant: String,
    /// The group's name.
    pub group: String,
    /// `asked`, `given`, `declined`, `cancelled` or `withdrawn`.
    #[schema(value_type = String)]
    pub state: VouchState,
    /// When it was asked, RFC 3339 in UTC.
    pub asked_at: String,
    /// Until when it may be answered, RFC 3339 in UTC.
    pub ends_at: String,
    /// How the member knows the applicant.
    pub relation: String,
    /// How long.
    pub known: String,
    /// More in words.
    pub note: String,
}

impl From<AskedOf> for AskedView {
    fn from(a: AskedOf) -> Self {
        Self {
            id: a.id.to_string(),
            applicant: a.applicant,
            group: a.group_name,
            state: a.state,
            asked_at: text::machine(a.asked_at),
            ends_at: text::machine(a.ends_at),
            relation: a.relation,
            known: a.known,
            note: a.note,
        }
    }
}
