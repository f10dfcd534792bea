//! Who may close a group for good, and until when that is undone.

use mapalus_core::{MembershipState, Millis, Permissions, Refusal, RefusalKind};

/// Whether one who holds these permissions may close the group: who holds all of them.
///
/// # Errors
/// `groups-end-coordinator`.
pub fn may_end(held: Permissions) -> Result<(), Refusal> {
    if held == Permissions::all() {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Conflict, "groups-end-coordinator"))
}

/// Whether the end of a group can be undone.
///
/// # Errors
/// `groups-end-too-late`.
pub fn may_take_back(ended_at: Option<Millis>, now: Millis, undo_millis: i64) -> Result<(), Refusal> {
    if ended_at.is_some_and(|ended_at| now < ended_at.plus(undo_millis)) {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Conflict, "groups-end-too-late"))
}

/// Whether a membership ended because its group was closed.
pub fn is_ended_with_group(state: Option<MembershipState>, why: &str) -> bool {
    state == Some(MembershipState::Left) && why == "group-ended"
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::Permission;

    #[test]
    fn only_who_holds_everything_closes_a_group() {
        assert!(may_end(Permissions::all()).is_ok());
        let settings: Permissions = [Permission::Settings].into_iter().collect();
        assert_eq!(may_end(settings).map_err(|refusal| refusal.key), Err("groups-end-coordinator"));
    }

    #[test]
    fn who_left_before_did_not_end_with_the_group() {
        use MembershipState::{Active, Left};
        let ended = |state, why| is_ended_with_group(state, why);
        assert!(ended(Some(Left), "group-ended"));
        assert!(!ended(Some(Left), "") && !ended(Some(Active), "group-ended") && !ended(None, ""));
    }

    #[test]
    fn it_is_undone_in_its_time_only() {
        let may = |now| may_take_back(Some(Millis(1_000)), Millis(now), 20_000).is_ok();
        assert_eq!([may(1_000), may(20_999), may(21_000)], [true, true, false]);
        assert!(may_take_back(None, Millis(0), 20_000).is_err());
    }
}
