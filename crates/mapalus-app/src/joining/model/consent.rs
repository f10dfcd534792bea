//! What a guardian says of their ward's joining a group.

use super::ApplicationState;
use crate::shell::{Lang, text};
use mapalus_core::{ApplicationId, GroupVisibility, MembershipState, Millis, PersonId, StepId};
use serde::Serialize;

mapalus_core::words! {
    /// How it stands.
    pub enum ConsentState {
        /// The application was to be sent: it waits for the guardian.
        Asked = "asked",
        /// The guardian agrees.
        Given = "given",
        /// The guardian does not agree.
        Declined = "declined",
    }
}

mapalus_db::text_columns!(ConsentState);

mapalus_db::record! {
    /// What a guardian is asked, or was.
    #[derive(Debug, Clone)]
    pub struct Consent {
        /// The application.
        pub application_id: ApplicationId,
        /// Who is asked.
        pub guardian_id: PersonId,
        /// The step with which it is sent.
        pub step_id: StepId,
        /// How it stands.
        pub state: ConsentState,
        /// When the guardian was asked.
        pub asked_at: Millis,
    }

    /// An application of a ward as the guardian sees it.
    #[derive(Debug, Clone)]
    pub struct OfWard {
        /// The application.
        pub id: ApplicationId,
        /// The ward.
        pub person_id: PersonId,
        /// The group's name.
        pub group_name: String,
        /// The group's part of the address.
        pub slug: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// The group in one sentence.
        pub summary: String,
        /// Who sees its page.
        pub visibility: GroupVisibility,
        /// How the ward stands to it now.
        pub membership: Option<MembershipState>,
        /// How it stands.
        pub state: ApplicationState,
        /// When it was begun.
        pub made_at: Millis,
        /// What the guardian said; nothing before they were asked.
        pub consent: Option<ConsentState>,
        /// When the guardian was asked.
        pub asked_at: Option<Millis>,
        /// When they answered.
        pub answered_at: Option<Millis>,
    }
}

impl OfWard {
    /// Whether it waits for the guardian.
    pub fn waits(&self) -> bool {
        self.state == ApplicationState::Draft && self.consent == Some(ConsentState::Asked)
    }

    /// Whether the guardian may report a concern there: the ward is one of the group's people.
    pub fn reports(&self) -> bool {
        use MembershipState::{Accepted, Active, Suspended};
        let people = matches!(self.membership, Some(Accepted | Active | Suspended));
        people && self.state == ApplicationState::Accepted
    }

    /// Whether a guardian sees the group's page.
    pub fn is_seen(&self) -> bool {
        self.visibility != GroupVisibility::Private
    }
}

/// An application of a ward, over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OfWardView {
    /// The application's id.
    pub id: String,
    /// The ward's id.
    pub ward: String,
    /// The group's name.
    pub group: String,
    /// The group's part of the address.
    pub slug: String,
    /// The group in one sentence.
    pub summary: String,
    /// The state of the application.
    #[schema(value_type = String)]
    pub state: ApplicationState,
    /// What one said as the guardian: `asked` while it waits, `given` or `declined`.
    #[schema(value_type = Option<String>)]
    pub consent: Option<ConsentState>,
    /// When one was asked, RFC 3339 in UTC.
    pub asked_at: Option<String>,
    /// When one answered.
    pub answered_at: Option<String>,
}

impl From<&OfWard> for OfWardView {
    fn from(of: &OfWard) -> Self {
        Self {
            id: of.id.to_string(),
            ward: of.person_id.to_string(),
            group: of.group_name.clone(),
            slug: of.slug.clone(),
            summary: of.summary.clone(),
            state: of.state,
            consent: of.consent,
            asked_at: of.asked_at.map(text::machine),
            answered_at: of.answered_at.map(text::machine),
        }
    }
}
