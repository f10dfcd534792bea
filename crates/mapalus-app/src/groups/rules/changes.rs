//! What can be undone, and which invitations can be answered.

use crate::groups::model::{Change, ChangeKind, ChangedRole, InvitationState};
use mapalus_core::{Millis, Permissions, Refusal, RefusalKind, time::DAY};

/// How long a mailed invitation can be taken up.
pub const INVITATION_MILLIS: i64 = 14 * DAY;

/// Whether a change can be undone: within its time, and with the memberships as it left them. `versions` are those
/// of the member and of the one who undoes.
///
/// # Errors
/// `groups-too-late`, or `groups-undo-changed` if something has happened since.
pub fn may_undo(
    change: &Change,
    (theirs, own): (Option<i64>, Option<i64>),
    now: Millis,
    undo_millis: i64,
) -> Result<(), Refusal> {
    if now >= change.made_at.plus(undo_millis) {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-too-late"));
    }
    let stands = change.version_after.is_none() || change.version_after == theirs;
    let own_stands = change.actor_version_after.is_none() || change.actor_version_after == own;
    if stands && own_stands { Ok(()) } else { Err(changed()) }
}

/// Whether the roles of a change can change hands again: all are there and allow what they did, and no more than
/// the one who undoes may give. Who handed over only gets back what they had.
///
/// # Errors
/// `groups-undo-changed` or `groups-more-than-held`.
pub fn may_undo_roles(kind: ChangeKind, held: Permissions, roles: &[ChangedRole]) -> Result<(), Refusal> {
    if roles.iter().any(|role| role.allows != Some(role.permissions)) {
        return Err(changed());
    }
    if kind == ChangeKind::HandOver {
        return Ok(());
    }
    let all = roles.iter().fold(Permissions::NONE, |all, role| all.union(role.permissions));
    super::may_give(held, all)
}

fn changed() -> Refusal {
    Refusal::new(RefusalKind::Conflict, "groups-undo-changed")
}

/// Whether a mailed invitation can be answered.
///
/// # Errors
/// `groups-invitation-used` or `groups-invitation-over`; `groups-invitation-undone` if it was taken back.
pub fn may_answer(state: InvitationState, ends_at: Millis, now: Millis) -> Result<(), Refusal> {
    let gone = |key| Err(Refusal::new(RefusalKind::Gone, key));
    match state {
        InvitationState::Taken | InvitationState::Declined => gone("groups-invitation-used"),
        InvitationState::Undone => gone("groups-invitation-undone"),
        InvitationState::Sent if ends_at <= now => gone("groups-invitation-over"),
        InvitationState::Sent => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{EventId, Id, Permission, RoleId, chance::Counted};

    fn change(kind: ChangeKind) -> Change {
        Change {
            id: EventId::new(Millis(0), &Counted::default()),
            kind,
            person_id: None,
            invitation_id: None,
            made_at: Millis(1_000),
            event_id: None,
            state_before: None,
            since_before: None,
            changed_at_before: None,
            changed_by_before: None,
            why_before: None,
            version_after: Some(4),
            actor_version_after: None,
        }
    }

    fn key(result: Result<(), Refusal>) -> &'static str {
        result.map_or_else(|refusal| refusal.key, |()| "")
    }

    #[test]
    fn undoing_ends_with_its_time_and_with_whatever_happens_first() {
        let made = change(ChangeKind::Membership);
        let may = |versions, now| key(may_undo(&made, versions, Millis(now), 20_000));
        assert_eq!(may((Some(4), None), 20_999), "");
        assert_eq!(may((Some(4), None), 21_000), "groups-too-late");
        assert_eq!(may((Some(5), None), 2_000), "groups-undo-changed");
        assert_eq!(may((None, None), 2_000), "groups-undo-changed");
        let handed = Change { actor_version_after: Some(7), ..change(ChangeKind::HandOver) };
        let may = |own| key(may_undo(&handed, (Some(4), own), Millis(2_000), 20_000));
        assert_eq!((may(Some(7)), may(Some(8))), ("", "groups-undo-changed"));
        // An invitation that moved nobody's membership.
        let mailed = Change { version_after: None, ..change(ChangeKind::Invitation) };
        assert!(may_undo(&mailed, (None, Some(1)), Millis(2_000), 20_000).is_ok());
    }

    #[test]
    fn a_role_that_has_changed_does_not_come_back_and_nobody_gives_more_than_they_hold() {
        let members: Permissions = [Permission::Members].into_iter().collect();
        let role = |allows| ChangedRole {
            role_id: RoleId::new(Millis(0), &Counted::default()),
            permissions: members,
            allows,
        };
        let may = |kind, held, allows| key(may_undo_roles(kind, held, &[role(allows)]));
        assert_eq!(may(ChangeKind::Roles, members, Some(members)), "");
        assert_eq!(may(ChangeKind::Roles, Permissions::all(), None), "groups-undo-changed");
        let more = Some(Permissions::all());
        assert_eq!(may(ChangeKind::HandOver, Permissions::all(), more), "groups-undo-changed");
        assert_eq!(may(ChangeKind::Membership, Permissions::NONE, Some(members)), "groups-more-than-held");
        assert_eq!(may(ChangeKind::HandOver, Permissions::NONE, Some(members)), "");
    }

    #[test]
    fn an_invitation_is_answered_once_and_in_time() {
        let may = |state, now| key(may_answer(state, Millis(100), Millis(now)));
        assert_eq!(may(InvitationState::Sent, 99), "");
        assert_eq!(may(InvitationState::Sent, 100), "groups-invitation-over");
        assert_eq!(may(InvitationState::Taken, 1), "groups-invitation-used");
        assert_eq!(may(InvitationState::Declined, 1), "groups-invitation-used");
        assert_eq!(may(InvitationState::Undone, 1), "groups-invitation-undone");
    }
}
