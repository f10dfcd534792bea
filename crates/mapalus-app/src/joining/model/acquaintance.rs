//! Acquaintances: members whom coordinators bring together with an applicant who knows nobody.

use crate::shell::{Lang, text};
use mapalus_core::{AcquaintanceId, ApplicationId, EventId, Millis, PersonId, StepId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// How it stands between a member and an applicant.
    pub enum AcquaintanceState {
        /// The member is asked.
        Asked = "asked",
        /// The member is ready to meet the applicant.
        Agreed = "agreed",
        /// The member cannot.
        Declined = "declined",
        /// They have met.
        Met = "met",
        /// Taken back by the coordinators.
        Cancelled = "cancelled",
    }
}

mapalus_core::words! {
    /// What a member says.
    pub enum Reply {
        /// Is ready to meet the applicant.
        Agree = "agree",
        /// Cannot.
        Decline = "decline",
        /// Has met the applicant.
        Meet = "meet",
        /// Takes the last answer back.
        Undo = "undo",
    }
}

mapalus_db::text_columns!(AcquaintanceState);

mapalus_db::record! {
    /// A member who is asked to get to know an applicant.
    #[derive(Debug, Clone)]
    pub struct Acquaintance {
        /// The request.
        pub id: AcquaintanceId,
        /// The application.
        pub application_id: ApplicationId,
        /// The step.
        pub step_id: StepId,
        /// The member.
        pub person_id: PersonId,
        /// Their name; empty if they are gone.
        pub name: String,
        /// How it stands.
        pub state: AcquaintanceState,
        /// Where and when they meet, or how.
        pub how: String,
        /// When the member was asked.
        pub asked_at: Millis,
        /// The event that tells of the answer.
        pub event_id: Option<EventId>,
    }

    /// A request in a member's own list.
    #[derive(Debug, Clone)]
    pub struct AskedTo {
        /// The request.
        pub id: AcquaintanceId,
        /// The applicant's name.
        pub applicant: String,
        /// The group's name.
        pub group_name: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// How it stands.
        pub state: AcquaintanceState,
        /// Where and when they meet, or how.
        pub how: String,
        /// When the member was asked.
        pub asked_at: Millis,
    }
}

/// Whom coordinators ask to get to know an applicant.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BringInput {
    /// The ids of members: one, or both.
    #[serde(default)]
    pub person: Vec<String>,
    /// Where and when they meet, or how: all three read it. Empty leaves what was arranged.
    #[serde(default)]
    pub how: String,
}

/// A request to get to know an applicant as the API shows it to the member.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AskedToView {
    /// Its id.
    pub id: String,
    /// The applicant's name.
    pub applicant: String,
    /// The group's name.
    pub group: String,
    /// `asked`, `agreed`, `declined` or `met`; one that is read by its id also `cancelled`.
    #[schema(value_type = String)]
    pub state: AcquaintanceState,
    /// Where and when they meet, or how.
    pub how: String,
    /// When the member was asked, RFC 3339 in UTC.
    pub asked_at: String,
}

impl From<AskedTo> for AskedToView {
    fn from(a: AskedTo) -> Self {
        Self {
            id: a.id.to_string(),
            applicant: a.applicant,
            group: a.group_name,
            state: a.state,
            how: a.how,
            asked_at: text::machine(a.asked_at),
        }
    }
}
