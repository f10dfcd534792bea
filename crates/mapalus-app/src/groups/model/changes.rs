//! What was done to members and can be undone; whom a group invited.

use crate::shell::{Lang, text};
use mapalus_core::{EventId, GroupId, LinkId, MembershipState, Millis, Permissions, PersonId, RoleId};
use serde::Serialize;

/// What the links of invitations are for: the first part of their path.
pub const INVITATION_LINK: &str = "invitation";

mapalus_core::words! {
    /// What somebody who runs a group did to one of its people.
    pub enum ChangeKind {
        /// Suspended, restored or excluded.
        Membership = "membership",
        /// Gave or took roles.
        Roles = "roles",
        /// Handed over the own roles.
        HandOver = "hand-over",
        /// Invited.
        Invitation = "invitation",
        /// Declined an invitation: what one did to the own membership.
        Decline = "decline",
    }
}

mapalus_core::words! {
    /// What became of an invitation.
    pub enum InvitationState {
        /// It went out, or is about to.
        Sent = "sent",
        /// Its link was followed.
        Taken = "taken",
        /// Who was invited does not wish to join.
        Declined = "declined",
        /// Whoever invited thought better of it.
        Undone = "undone",
    }
}

mapalus_db::text_columns!(ChangeKind, InvitationState);

mapalus_db::record! {
    /// A membership as it stands.
    #[derive(Debug, Clone)]
    pub struct Stands {
        /// Its state.
        pub state: MembershipState,
        /// Since when the person belongs to the group.
        pub since: Millis,
        /// When the state changed.
        pub changed_at: Millis,
        /// By whose hand.
        pub changed_by: Option<PersonId>,
        /// Why.
        pub why: String,
        /// Counts its changes.
        pub version: i64,
    }

    /// What was done, with what stood before.
    #[derive(Debug, Clone)]
    pub struct Change {
        /// The change.
        pub id: EventId,
        /// What was done.
        pub kind: ChangeKind,
        /// To whom; nobody for an invitation that moved no membership.
        pub person_id: Option<PersonId>,
        /// By which invitation.
        pub invitation_id: Option<LinkId>,
        /// When.
        pub made_at: Millis,
        /// The event that tells of it, if it tells anybody.
        pub event_id: Option<EventId>,
        /// The state of the membership before; none if there was no membership, or it did not move.
        pub state_before: Option<MembershipState>,
        /// Since when the person belonged to the group.
        pub since_before: Option<Millis>,
        /// When the state had changed.
        pub changed_at_before: Option<Millis>,
        /// By whose hand.
        pub changed_by_before: Option<PersonId>,
        /// Why.
        pub why_before: Option<String>,
        /// The version of the membership after it.
        pub version_after: Option<i64>,
        /// The version of the own membership after handing over.
        pub actor_version_after: Option<i64>,
    }

    /// A role that was given or taken with a change, and what it allows now.
    #[derive(Debug, Clone)]
    pub struct ChangedRole {
        /// The role.
        pub role_id: RoleId,
        /// What it allowed then.
        pub permissions: Permissions,
        /// What it allows now; none if it was removed.
        pub allows: Option<Permissions>,
    }

    /// An invitation as those who run the group see it.
    #[derive(Debug, Clone)]
    pub struct Invitation {
        /// The invitation: the id of its mailed link.
        pub id: LinkId,
        /// The group.
        pub group_id: GroupId,
        /// The address as it was typed.
        pub mail: String,
        /// What became of it.
        pub state: InvitationState,
        /// When it was made.
        pub made_at: Millis,
        /// Until when its link holds.
        pub ends_at: Millis,
        /// When it was answered.
        pub answered_at: Option<Millis>,
    }

    /// What a mailed invitation shows of its group.
    #[derive(Debug, Clone)]
    pub struct InvitedTo {
        /// The group.
        pub id: GroupId,
        /// Its part of the address.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// One sentence.
        pub summary: String,
        /// The language in which its people write.
        pub lang: Lang,
    }

    /// An invitation for the download of one's own data.
    pub struct OwnInvitation {
        /// Name of the group.
        pub name: String,
        /// The address.
        pub mail: String,
        /// What became of it.
        pub state: InvitationState,
        /// When it was made.
        pub made_at: Millis,
    }
}

/// An invitation over the API. Whether an account has the address is told by nothing here.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InvitationView {
    /// The invitation's id.
    pub id: String,
    /// The address as it was typed.
    pub mail: String,
    /// `sent`, `taken`, `declined` or `undone`.
    pub state: String,
    /// When it was made.
    pub made_at: String,
    /// Until when its link holds.
    pub ends_at: String,
    /// When it was answered.
    pub answered_at: Option<String>,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            state: invitation.state.to_string(),
            made_at: text::machine(invitation.made_at),
            ends_at: text::machine(invitation.ends_at),
            answered_at: invitation.answered_at.map(text::machine),
            mail: invitation.mail,
        }
    }
}
