//! What may be answered, sent and decided: pure decisions.

mod answer;
mod decide;
pub mod file;
pub mod path;
pub mod remind;
pub mod told;
pub mod vouch;

pub use answer::answers;
pub use decide::{Decided, decide, is_turn, needed, skip, skippable};

use super::model::{Application, ApplicationState, Path, Step, StepKind};
use crate::groups::Openness;
use mapalus_core::{MembershipState, Refusal, RefusalKind, StepId};

/// Whether one may begin an application.
///
/// # Errors
/// `joining-closed`, `joining-invited-only`, `joining-is-member`, `joining-barred` or `joining-no-path`.
pub fn may_begin(
    taking: bool,
    sign_up: Openness,
    membership: Option<MembershipState>,
    has_path: bool,
) -> Result<(), Refusal> {
    let refuse = |key| Err(Refusal::new(RefusalKind::Conflict, key));
    match membership {
        Some(MembershipState::Active | MembershipState::Accepted) => return refuse("joining-is-member"),
        Some(MembershipState::Suspended | MembershipState::Excluded) => return refuse("joining-barred"),
        Some(MembershipState::Invited) => {}
        Some(MembershipState::Applied | MembershipState::Left) | None => {
            if sign_up == Openness::Invitation {
                return refuse("joining-invited-only");
            }
        }
    }
    if !taking {
        return refuse("joining-closed");
    }
    if !has_path {
        return refuse("joining-no-path");
    }
    Ok(())
}

/// Whether the applicant may do a step of this kind now.
///
/// # Errors
/// `joining-over` when the application has ended, `joining-not-this-step` when another step is next.
pub fn may_do<'p>(application: &Application, path: &'p Path, kind: StepKind) -> Result<&'p Step, Refusal> {
    use ApplicationState::{Accepted, Draft, Sent};
    if !matches!(application.state, Draft | Sent | Accepted) {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-over"));
    }
    path.at(application.place)
        .filter(|step| step.kind == kind)
        .ok_or_else(|| Refusal::new(RefusalKind::Conflict, "joining-not-this-step"))
}

/// Whether one who was accepted and has steps left still is joining: not one who has left meanwhile.
///
/// # Errors
/// `joining-over`.
pub fn still_joining(application: &Application, membership: Option<MembershipState>) -> Result<(), Refusal> {
    let accepted = application.state == ApplicationState::Accepted;
    if accepted && membership != Some(MembershipState::Accepted) {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-over"));
    }
    Ok(())
}

/// Whether those who decide see the applicant's profile: while they have to do with each other, and no longer.
pub fn shows_profile(state: ApplicationState) -> bool {
    state.open() || state == ApplicationState::Accepted
}

/// What happens when the step at the application's place is done.
#[derive(Debug, PartialEq, Eq)]
pub struct Advance {
    /// The place of the next step; beyond the last when all is done.
    pub place: i64,
    /// The application's state then.
    pub state: ApplicationState,
    /// The membership's state then.
    pub membership: MembershipState,
}

/// What happens when the step at the application's place is done. Steps that were done before it are passed over.
pub fn advance(application: &Application, path: &Path, done: &[StepId]) -> Advance {
    use ApplicationState::{Accepted, Sent};
    let step = path.at(application.place);
    let left = path.steps.iter().filter(|s| s.place > application.place && !done.contains(&s.id));
    let end = path.steps.iter().map(|step| step.place + 1).max().unwrap_or(0);
    let place = left.map(|step| step.place).min().unwrap_or(end);
    let last = path.at(place).is_none();
    // The last of its decisions accepts; a path without any takes who has walked it.
    let decided = step.is_some_and(|step| step.kind == StepKind::Decision);
    let accepted = application.state == Accepted || ((decided || last) && !path.decides_from(place));
    let membership = match (accepted, last) {
        (true, true) => MembershipState::Active,
        (true, false) => MembershipState::Accepted,
        (false, _) => MembershipState::Applied,
    };
    Advance { place, state: if accepted { Accepted } else { Sent }, membership }
}

/// The membership that goes with an application that was sent and stands there.
pub fn membership_of(state: ApplicationState, place: i64, path: &Path) -> MembershipState {
    use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting, Withdrawn};
    match state {
        Accepted if path.at(place).is_none() => MembershipState::Active,
        Accepted => MembershipState::Accepted,
        Declined | Withdrawn => MembershipState::Left,
        Draft | Sent | Waiting => MembershipState::Applied,
    }
}

/// Whether an application may be withdrawn.
///
/// # Errors
/// `joining-over`.
pub fn may_withdraw(application: &Application) -> Result<(), Refusal> {
    if application.state.open() { Ok(()) } else { Err(Refusal::new(RefusalKind::Conflict, "joining-over")) }
}

/// Whether the state that somebody saw is the present one.
///
/// # Errors
/// `refusal-changed`.
pub fn unchanged(application: &Application, seen: Option<i64>) -> Result<(), Refusal> {
    match seen {
        Some(version) if version != application.version => {
            Err(Refusal::new(RefusalKind::Changed, "refusal-changed"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting, Withdrawn};
    use StepKind::{Agreement, Decision, Form};
    use mapalus_core::{ApplicationId, GroupId, Id, Millis, PathId, PersonId, chance::Counted};

    pub(super) fn path(kinds: &[StepKind]) -> Path {
        let chance = Counted::default();
        let step = |(place, kind): (i64, &StepKind)| Step {
            id: StepId::new(Millis(0), &chance),
            place,
            kind: *kind,
            name: String::new(),
            text: String::new(),
            days: 7,
            remind_days: 1,
            approvals: 2,
            needed: 2,
            other_workplace: false,
        };
        Path { steps: (0..).zip(kinds).map(step).collect(), questions: Vec::new() }
    }

    pub(super) fn application(state: ApplicationState, place: i64) -> Application {
        let chance = Counted::default();
        Application {
            id: ApplicationId::new(Millis(0), &chance),
            group_id: GroupId::new(Millis(0), &chance),
            slug: String::new(),
            group_name: String::new(),
            lang: crate::shell::Lang::Id,
            person_id: PersonId::new(Millis(0), &chance),
            name: String::new(),
            path_id: PathId::new(Millis(0), &chance),
            group_ended_at: None,
            carried_from: None,
            state,
            place,
            step_since: Millis(0),
            made_at: Millis(0),
            sent_at: None,
            decided_at: None,
            reason: String::new(),
            version: 1,
        }
    }

    #[test]
    fn a_member_and_an_excluded_person_do_not_apply_and_a_closed_group_takes_nobody() {
        let begin = |taking, membership| {
            may_begin(taking, Openness::Application, membership, true).map_err(|r| r.key)
        };
        assert_eq!(begin(true, None), Ok(()));
        assert_eq!(begin(true, Some(MembershipState::Left)), Ok(()));
        assert_eq!(begin(false, None), Err("joining-closed"));
        assert_eq!(begin(true, Some(MembershipState::Active)), Err("joining-is-member"));
        assert_eq!(begin(true, Some(MembershipState::Excluded)), Err("joining-barred"));
        let invited = |membership| may_begin(true, Openness::Invitation, membership, true).is_ok();
        assert!(!invited(None) && invited(Some(MembershipState::Invited)));
    }

    #[test]
    fn steps_are_neither_skipped_nor_done_out_of_order() {
        let path = path(&[Form, Agreement, Decision]);
        assert!(may_do(&application(Draft, 0), &path, Form).is_ok());
        assert!(may_do(&application(Draft, 0), &path, Agreement).is_err());
        assert!(may_do(&application(Sent, 1), &path, Form).is_err());
        assert!(may_do(&application(Sent, 2), &path, Decision).is_ok());
        for over in [Declined, Withdrawn, Waiting] {
            assert!(may_do(&application(over, 0), &path, Form).is_err());
        }
    }

    #[test]
    fn one_is_a_member_when_accepted_and_nothing_remains() {
        let after = path(&[Form, Decision, Agreement]);
        let sent = advance(&application(Draft, 0), &after, &[]);
        assert_eq!(sent, Advance { place: 1, state: Sent, membership: MembershipState::Applied });
        let decided = advance(&application(Sent, 1), &after, &[]);
        assert_eq!(decided, Advance { place: 2, state: Accepted, membership: MembershipState::Accepted });
        let signed = advance(&application(Accepted, 2), &after, &[]);
        assert_eq!(signed, Advance { place: 3, state: Accepted, membership: MembershipState::Active });
    }

    #[test]
    fn of_several_decisions_the_last_accepts() {
        let twice = path(&[Form, Decision, Agreement, Decision]);
        let first = advance(&application(Sent, 1), &twice, &[]);
        assert_eq!(first, Advance { place: 2, state: Sent, membership: MembershipState::Applied });
        let last = advance(&application(Sent, 3), &twice, &[]);
        assert_eq!(last, Advance { place: 4, state: Accepted, membership: MembershipState::Active });
    }

    #[test]
    fn an_open_group_takes_who_walks_its_path() {
        let open = path(&[Form]);
        let done = advance(&application(Draft, 0), &open, &[]);
        assert_eq!(done, Advance { place: 1, state: Accepted, membership: MembershipState::Active });
    }
}
