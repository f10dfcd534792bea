//! What may be answered, sent and decided: pure decisions.

pub mod acquaintance;
mod advance;
mod answer;
mod decide;
pub mod figures;
pub mod file;
pub mod interview;
pub mod path;
pub mod remind;
pub mod screening;
pub mod sending;
pub mod told;
pub mod training;
pub mod vouch;
pub mod whose;

pub use advance::{Advance, advance, spared, spared_by_age};
pub use answer::answers;
pub use decide::{Decided, decide, is_turn, needed, skip, skippable};

use super::model::{Application, ApplicationState, Path, Step, StepKind};
use crate::groups::{Openness, model::Spared};
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
        // Who is invited may join, also while the group takes nobody who comes by themselves.
        Some(MembershipState::Invited) => {}
        Some(MembershipState::Applied | MembershipState::Left) | None => {
            if sign_up == Openness::Invitation {
                return refuse("joining-invited-only");
            }
            if !taking {
                return refuse("joining-closed");
            }
        }
    }
    if !has_path {
        return refuse("joining-no-path");
    }
    Ok(())
}

/// Days that joining takes at most: along the steps that apply to everybody, and if all apply. Of steps beside one another
/// the longest counts.
pub fn days(steps: &[Step]) -> (i64, i64) {
    let sum = |also_if: bool| {
        let mut longest = std::collections::BTreeMap::new();
        for step in steps.iter().filter(|step| also_if || step.only_if.is_none()) {
            let days: &mut i64 = longest.entry(step.block).or_default();
            *days = step.days.max(*days);
        }
        longest.values().sum()
    };
    (sum(false), sum(true))
}

/// Whether a step of this kind is passed over by one who is spared these. One step at least stays the applicant's own.
pub fn is_spared(kind: StepKind, spares: &[Spared], steps: &[Step]) -> bool {
    let spared = |kind: StepKind| spares.iter().any(|spared| spared.word() == kind.word());
    spared(kind) && steps.iter().any(|step| !spared(step.kind))
}

/// The step of this kind that may be done now: the one that is wanted, or the first of those that are open.
///
/// # Errors
/// `joining-over` when the application has ended, `joining-not-this-step` when no such step is open.
pub fn may_do<'p>(
    application: &Application,
    path: &'p Path,
    kind: StepKind,
    wanted: Option<StepId>,
) -> Result<&'p Step, Refusal> {
    use ApplicationState::{Accepted, Draft, Sent};
    if !matches!(application.state, Draft | Sent | Accepted) {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-over"));
    }
    path.open(application)
        .find(|step| step.kind == kind && wanted.is_none_or(|wanted| wanted == step.id))
        .ok_or_else(|| Refusal::new(RefusalKind::Conflict, "joining-not-this-step"))
}

/// The steps with which the applicant has to do now.
pub fn own_turns<'p>(application: &Application, path: &'p Path) -> Vec<&'p Step> {
    path.open(application).filter(|step| step.kind.concerns_applicant()).collect()
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
    Refusal::if_changed(application.version, seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::joining::model::{Done, How};
    use ApplicationState::{Declined, Draft, Sent, Waiting, Withdrawn};
    use StepKind::{Agreement, Decision, Form, Vouch};
    use mapalus_core::{ApplicationId, GroupId, Id, Millis, PathId, PersonId, chance::Counted};

    pub(super) fn path(kinds: &[StepKind]) -> Path {
        let chance = Counted::default();
        let step = |(place, kind): (i64, &StepKind)| Step {
            id: StepId::new(Millis(0), &chance),
            place,
            block: place,
            only_if: None,
            kind: *kind,
            name: String::new(),
            text: String::new(),
            days: 7,
            remind_days: 1,
            overdue: crate::joining::model::Overdue::Remind,
            approvals: 2,
            needed: 2,
            other_workplace: false,
            details: crate::joining::model::Details::default(),
        };
        Path { steps: (0..).zip(kinds).map(step).collect(), questions: Vec::new(), done: Vec::new() }
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
        assert_eq!(begin(false, Some(MembershipState::Invited)), Ok(()));
        assert_eq!(begin(false, Some(MembershipState::Left)), Err("joining-closed"));
    }

    #[test]
    fn steps_are_neither_skipped_nor_done_out_of_order() {
        let path = path(&[Form, Agreement, Decision]);
        let may = |state, place, kind| may_do(&application(state, place), &path, kind, None).is_ok();
        assert!(may(Draft, 0, Form) && !may(Draft, 0, Agreement));
        assert!(!may(Sent, 1, Form) && may(Sent, 2, Decision));
        for over in [Declined, Withdrawn, Waiting] {
            assert!(!may(over, 0, Form));
        }
    }

    #[test]
    fn joining_takes_the_longest_of_what_is_done_beside_one_another_and_what_may_apply_stands_apart() {
        let mut path = path(&[Form, Agreement, Vouch, Decision]);
        for (n, days) in [3, 21, 14, 7].into_iter().enumerate() {
            path.steps[n].days = days;
        }
        assert_eq!(days(&path.steps), (45, 45));
        (path.steps[1].block, path.steps[2].block) = (1, 1);
        assert_eq!(days(&path.steps), (31, 31));
        path.steps[1].only_if = "@age below 18".parse().ok();
        assert_eq!(days(&path.steps), (24, 31));
        assert_eq!(days(&[]), (0, 0));
    }

    #[test]
    fn who_is_spared_everything_but_an_agreement_still_agrees() {
        let steps = path(&[Form, Decision, Agreement]).steps;
        let spared = |kind, spares: &[Spared]| is_spared(kind, spares, &steps);
        assert!(spared(Decision, &[Spared::Decision]));
        assert!(!spared(Decision, &[Spared::Vouch]));
        assert!(!spared(Agreement, Spared::ALL) && !spared(Form, Spared::ALL));
        let decision = path(&[Decision]).steps;
        assert!(!is_spared(Decision, Spared::ALL, &decision), "nothing would be left");
    }

    #[test]
    fn a_decision_that_is_spared_is_passed_over_and_the_agreement_after_it_ends_the_path() {
        let mut path = path(&[Form, Decision, Agreement]);
        let (first, last) = (path.steps[0].clone(), path.steps[2].clone());
        path.done.push(Done {
            step_id: path.steps[1].id,
            done_at: Millis(0),
            how: How::Skipped,
            skipped_for: "Diajak Fera.".to_owned(),
        });
        let sent = advance(&application(Draft, 0), &path, &first, &[]);
        assert_eq!((sent.place, sent.state, sent.membership), (2, Sent, MembershipState::Applied));
        path.done.push(Done { step_id: first.id, how: How::Done, ..path.done[0].clone() });
        let agreed = advance(&application(Sent, 2), &path, &last, &[]);
        assert_eq!(
            (agreed.place, agreed.state, agreed.membership),
            (3, ApplicationState::Accepted, MembershipState::Active)
        );
    }

    #[test]
    fn beside_one_another_each_is_open_until_it_is_done() {
        let mut path = path(&[Form, Agreement, Vouch, Decision]);
        (path.steps[1].block, path.steps[2].block) = (0, 0);
        let open =
            |path: &Path, state| path.open(&application(state, 0)).map(|step| step.place).collect::<Vec<_>>();
        // Until it is sent, only the applicant has to do with it.
        assert_eq!(open(&path, Draft), [0, 1]);
        assert_eq!(open(&path, Sent), [0, 1, 2]);
        let (first, second) = (path.steps[0].id, path.steps[1].id);
        assert!(may_do(&application(Sent, 0), &path, Agreement, Some(second)).is_ok());
        assert!(may_do(&application(Sent, 0), &path, Form, Some(second)).is_err());
        path.done.push(Done {
            step_id: first,
            done_at: Millis(0),
            how: How::Done,
            skipped_for: String::new(),
        });
        assert_eq!(open(&path, Sent), [1, 2]);
    }
}
