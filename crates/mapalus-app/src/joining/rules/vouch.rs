//! Who may be asked to vouch, who may give, and what follows: pure decisions.

use super::super::model::{
    Application, ApplicationState, Path, Step, StepKind,
    vouch::{Counted, Vouch, VouchState, Workplaces},
};
use crate::shell::text::fold;
use mapalus_core::{MembershipState, Millis, Refusal, RefusalKind, access::GroupStanding, time::DAY};

/// Days for which one is a member before one vouches.
pub const MEMBER_DAYS: i64 = 30;
/// Vouches that one gives in [`QUOTA_DAYS`] at most, in all groups together.
pub const QUOTA: i64 = 3;
/// Days over which vouches are counted.
pub const QUOTA_DAYS: i64 = 30;
/// Days after which a request ends, if its step does not end earlier.
pub const ASK_DAYS: i64 = 14;
/// Requests of one application at most.
pub const MOST_ASKED: usize = 20;

fn conflict<T>(key: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new(RefusalKind::Conflict, key))
}

/// What is known of a member who is to vouch.
#[derive(Debug, Clone, Copy)]
pub struct Giver {
    /// How they stand to the group.
    pub standing: Option<GroupStanding>,
    /// Since when they belong to it.
    pub since: Millis,
    /// When the group was opened.
    pub opened_at: Millis,
    /// How many vouches they gave in the last [`QUOTA_DAYS`].
    pub given: i64,
    /// Whether their own admission rests on the applicant.
    pub rests_on_applicant: bool,
}

/// Whether a member may vouch now.
///
/// # Errors
/// `joining-vouch-not-active`, `joining-vouch-too-new`, `joining-vouch-quota` or `joining-vouch-circle`.
pub fn may_give(giver: &Giver, now: Millis) -> Result<(), Refusal> {
    let Some(standing) = giver.standing.filter(|s| s.membership == Some(MembershipState::Active)) else {
        return conflict("joining-vouch-not-active");
    };
    // Those who founded the group and those who run it, or a new group could never begin.
    let exempt = !standing.permissions.is_empty() || giver.since <= giver.opened_at;
    if !exempt && now < giver.since.plus(MEMBER_DAYS * DAY) {
        return conflict("joining-vouch-too-new");
    }
    if giver.given >= QUOTA {
        return conflict("joining-vouch-quota");
    }
    if giver.rests_on_applicant {
        return conflict("joining-vouch-circle");
    }
    Ok(())
}

/// Whether a request may be answered now.
///
/// # Errors
/// `joining-vouch-cancelled`, `joining-vouch-answered`, `joining-vouch-expired` or `joining-vouch-no-longer`.
pub fn may_answer(vouch: &Vouch, application: &Application, path: &Path, now: Millis) -> Result<(), Refusal> {
    match vouch.state {
        VouchState::Cancelled => return conflict("joining-vouch-cancelled"),
        VouchState::Asked => {}
        _ => return conflict("joining-vouch-answered"),
    }
    if !vouch.open(now) {
        return conflict("joining-vouch-expired");
    }
    let there = path.open(application).any(|step| step.id == vouch.step_id);
    if !there || application.state == ApplicationState::Draft {
        return conflict("joining-vouch-no-longer");
    }
    Ok(())
}

/// Until when a request may be answered: fourteen days, or the deadline of the step if that comes earlier and is
/// not over.
pub fn ends_at(step: &Step, since: Millis, now: Millis) -> Millis {
    let own = now.plus(ASK_DAYS * DAY);
    let due = step.due(since);
    if now < due && due < own { due } else { own }
}

/// Whether one works elsewhere than the other: where one of the two does not say it, nobody can tell.
fn is_elsewhere(own: &str, theirs: &str) -> bool {
    let (own, theirs) = (fold(own), fold(theirs));
    !own.is_empty() && !theirs.is_empty() && theirs != own
}

/// Whether one of an application's vouches comes from another workplace than the applicant's, where its path asks for
/// it: of those that were given at such a step and not taken back. Whoever keeps the workplace to themselves is not told
/// of by it.
pub fn from_elsewhere(path: &Path, workplace: Option<&str>, vouches: &[Vouch]) -> Option<bool> {
    let workplace = workplace.filter(|workplace| !workplace.is_empty())?;
    let asks = |step: &&Step| step.kind == StepKind::Vouch && step.other_workplace;
    let steps: Vec<_> = path.steps.iter().filter(asks).map(|step| step.id).collect();
    let holds = |vouch: &Vouch| {
        vouch.state == VouchState::Given
            && vouch.withdrawn_at.is_none()
            && steps.contains(&vouch.step_id)
            && is_elsewhere(workplace, &vouch.workplace)
    };
    (!steps.is_empty()).then(|| vouches.iter().any(holds))
}

/// What a step asks for now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// How many vouches.
    pub vouches: i64,
    /// Whether one of them comes from another workplace.
    pub elsewhere: bool,
    /// Whether the step says more vouches than there are members who may give them.
    pub fewer: bool,
    /// Whether the step says another workplace, and nobody who may vouch is from one.
    pub waived: bool,
    /// Whether the applicant is to say where they work, or nobody can tell what another workplace is.
    pub unsaid: bool,
}

/// What a step asks for: what it says, but never more than the members who may vouch can give; one from another
/// workplace only while one of them works elsewhere. Who has vouched already counts as one who may.
pub fn asked(step: &Step, workplaces: &Workplaces, given: &[Counted]) -> Asked {
    let may: i64 = workplaces.givers.iter().map(|(_, count)| count).sum();
    let given_now = i64::try_from(given.len()).unwrap_or(i64::MAX);
    let vouches = step.needed.min(may.max(given_now)).max(1);
    let own = fold(&workplaces.own);
    let other = |theirs: &str| {
        let theirs = fold(theirs);
        // While the applicant's own is not said, any that is said may be another.
        !theirs.is_empty() && (own.is_empty() || theirs != own)
    };
    let some = workplaces.givers.iter().any(|(theirs, _)| other(theirs))
        || given.iter().any(|vouch| other(&vouch.workplace));
    let elsewhere = step.other_workplace && some;
    Asked {
        vouches,
        elsewhere,
        fewer: vouches < step.needed,
        waived: step.other_workplace && !some,
        unsaid: elsewhere && own.is_empty(),
    }
}

/// Whether the applicant may ask somebody to vouch at a step that asks so.
///
/// # Errors
/// `joining-vouch-workplace` while they do not say where they work and one vouch is to come from elsewhere.
pub fn may_ask(asked: Asked) -> Result<(), Refusal> {
    if asked.unsaid { conflict("joining-vouch-workplace") } else { Ok(()) }
}

/// How many vouches a step still lacks; at least one while it lacks one from another workplace.
pub fn missing(step: &Step, workplaces: &Workplaces, given: &[Counted]) -> i64 {
    let asked = asked(step, workplaces, given);
    let other = |vouch: &Counted| is_elsewhere(&workplaces.own, &vouch.workplace);
    let lacking = asked.vouches - i64::try_from(given.len()).unwrap_or(i64::MAX);
    let least = i64::from(asked.elsewhere && !given.iter().any(other));
    lacking.max(least)
}

/// What follows when a vouch is taken back.
#[derive(Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// It counts no longer.
    Counted,
    /// It is only noted: something was decided since.
    Noted,
}

/// Whether a vouch may be taken back, and what follows.
///
/// # Errors
/// `joining-vouch-not-given`.
pub fn take_back(vouch: &Vouch, application: &Application, path: &Path) -> Result<TakenBack, Refusal> {
    use ApplicationState::{Accepted, Sent, Waiting};
    if vouch.state != VouchState::Given || vouch.withdrawn_at.is_some() {
        return conflict("joining-vouch-not-given");
    }
    let place = path.step(vouch.step_id).map_or(0, |step| step.place);
    let decided = path
        .steps
        .iter()
        .any(|step| step.kind == StepKind::Decision && step.place > place && step.place < application.place);
    // What is done beside it is still under way, or nothing was decided since.
    let block = path.step(vouch.step_id).map(|step| step.block);
    let here = block.is_some() && path.at(application.place).map(|step| step.block) == block;
    let under_way = here && matches!(application.state, Sent | Accepted);
    let open = matches!(application.state, Sent | Waiting) && !decided;
    Ok(if under_way || open { TakenBack::Counted } else { TakenBack::Noted })
}

/// What a path may say, but can hardly mean: a step asks for more vouches than there are members who may give them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FewGivers {
    /// Number of the step, from 1.
    pub step: usize,
    /// The vouches it asks for.
    pub needed: i64,
    /// The members who may vouch.
    pub members: i64,
}

impl FewGivers {
    /// Message key of it.
    pub const KEY: &str = "joining-path-few-givers";
}

/// The steps that ask for more vouches than `members` may give; of each step its kind and the vouches it asks for.
pub fn few_givers(steps: impl Iterator<Item = (Option<StepKind>, i64)>, members: i64) -> Vec<FewGivers> {
    let lacks = |(n, (kind, needed)): (usize, (Option<StepKind>, i64))| {
        let lacks = kind == Some(StepKind::Vouch) && needed > members;
        lacks.then_some(FewGivers { step: n + 1, needed, members })
    };
    steps.enumerate().filter_map(lacks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{GroupId, GroupVisibility, Id, Permission, Permissions, PersonId, StepId, chance};

    const NOW: Millis = Millis(1_800_000_000_000);

    fn giver(days: i64) -> Giver {
        let standing = GroupStanding {
            id: GroupId::new(NOW, &chance::Counted::default()),
            visibility: GroupVisibility::Public,
            membership: Some(MembershipState::Active),
            permissions: Permissions::NONE,
        };
        Giver {
            standing: Some(standing),
            since: NOW.plus(-days * DAY),
            opened_at: NOW.plus(-400 * DAY),
            given: 0,
            rests_on_applicant: false,
        }
    }

    fn key(giver: &Giver) -> Option<&'static str> {
        may_give(giver, NOW).err().map(|refusal| refusal.key)
    }

    #[test]
    fn one_vouches_after_thirty_days_three_times_in_thirty_days_and_not_in_a_circle() {
        assert_eq!(key(&giver(30)), None);
        assert_eq!(key(&giver(29)), Some("joining-vouch-too-new"));
        assert_eq!(key(&Giver { given: 2, ..giver(90) }), None);
        assert_eq!(key(&Giver { given: 3, ..giver(90) }), Some("joining-vouch-quota"));
        assert_eq!(key(&Giver { rests_on_applicant: true, ..giver(90) }), Some("joining-vouch-circle"));
        assert_eq!(key(&Giver { standing: None, ..giver(90) }), Some("joining-vouch-not-active"));
        let mut accepted = giver(90);
        accepted.standing = accepted
            .standing
            .map(|standing| GroupStanding { membership: Some(MembershipState::Accepted), ..standing });
        assert_eq!(key(&accepted), Some("joining-vouch-not-active"));
    }

    #[test]
    fn founders_and_those_who_run_the_group_need_not_wait() {
        assert_eq!(key(&Giver { opened_at: NOW.plus(-2 * DAY), ..giver(2) }), None);
        let mut runs = giver(2);
        let held = [Permission::Applications].into_iter().collect();
        runs.standing = runs.standing.map(|standing| GroupStanding { permissions: held, ..standing });
        assert_eq!(key(&runs), None);
        assert_eq!(key(&Giver { given: 3, ..runs }), Some("joining-vouch-quota"));
    }

    fn step(needed: i64, other_workplace: bool) -> Step {
        Step {
            id: StepId::new(NOW, &chance::Counted::default()),
            place: 1,
            block: 1,
            only_if: None,
            kind: StepKind::Vouch,
            name: String::new(),
            text: String::new(),
            days: 10,
            remind_days: 2,
            overdue: super::super::super::model::Overdue::Remind,
            approvals: 1,
            needed,
            other_workplace,
            details: super::super::super::model::Details::default(),
        }
    }

    fn from(workplaces: &[&str]) -> Vec<Counted> {
        let id = || PersonId::new(NOW, &chance::Counted::default());
        workplaces.iter().map(|at| Counted { giver_id: id(), workplace: (*at).to_owned() }).collect()
    }

    #[test]
    fn one_of_them_comes_from_another_workplace_where_the_step_says_so() {
        let members = work("RS Kandou", &[("RS Kandou", 3), ("RS Siloam", 2), ("", 1)]);
        let lacking = |at: &[&str]| missing(&step(2, true), &members, &from(at));
        assert_eq!([lacking(&[]), lacking(&["RS Siloam"])], [2, 1]);
        assert_eq!(lacking(&["rs  kandou", "RS KANDOU"]), 1);
        assert_eq!(lacking(&["RS Kandou", "RS Siloam"]), 0);
        // Nobody knows where they work: that is not another workplace.
        assert_eq!(lacking(&["RS Kandou", ""]), 1);
        assert_eq!(missing(&step(2, false), &members, &from(&["RS Kandou", "RS Kandou"])), 0);
    }

    fn work(own: &str, givers: &[(&str, i64)]) -> Workplaces {
        let givers = givers.iter().map(|(at, count)| ((*at).to_owned(), *count)).collect();
        Workplaces { own: own.to_owned(), givers }
    }

    #[test]
    fn a_step_asks_for_no_more_than_the_members_can_give() {
        let of = |givers: &[(&str, i64)], given: &[&str]| {
            let asked = asked(&step(2, true), &work("RS Kandou", givers), &from(given));
            (asked.vouches, asked.elsewhere, asked.fewer, asked.waived)
        };
        // A founder alone, who works elsewhere, where the applicant works, or does not say where.
        assert_eq!(of(&[("RS Siloam", 1)], &[]), (1, true, true, false));
        assert_eq!(of(&[("rs kandou", 1)], &[]), (1, false, true, true));
        assert_eq!(of(&[("", 1)], &[]), (1, false, true, true));
        assert_eq!(of(&[("RS Kandou", 4)], &[]), (2, false, false, true));
        assert_eq!(of(&[("RS Kandou", 4), ("RS Siloam", 1)], &[]), (2, true, false, false));
        // Who has vouched and left counts still; with nobody at all one is asked for.
        assert_eq!(of(&[("RS Kandou", 1)], &["RS Siloam", "RS Kandou"]), (2, true, false, false));
        assert_eq!(of(&[], &[]), (1, false, true, true));
    }

    #[test]
    fn who_does_not_say_where_they_work_is_told_so_before_they_ask() {
        let of = |own: &str, givers: &[(&str, i64)], other: bool| {
            may_ask(asked(&step(2, other), &work(own, givers), &[])).map_err(|refusal| refusal.key)
        };
        let members = [("RS Kandou", 3), ("", 1)];
        assert_eq!(of("", &members, true), Err("joining-vouch-workplace"));
        assert_eq!(of(" ", &members, true), Err("joining-vouch-workplace"));
        assert_eq!(of("RS Siloam", &members, true), Ok(()));
        assert_eq!(of("", &members, false), Ok(()));
        assert_eq!(of("", &[("", 4)], true), Ok(()), "nobody could be from elsewhere");
    }

    #[test]
    fn reviewers_are_told_of_another_workplace_as_far_as_the_applicant_shows_the_own() {
        let asks = step(2, true);
        let vouch = |workplace: &str, withdrawn_at| Vouch {
            id: mapalus_core::VouchId::new(NOW, &chance::Counted::default()),
            application_id: mapalus_core::ApplicationId::new(NOW, &chance::Counted::default()),
            step_id: asks.id,
            giver_id: None,
            giver: None,
            workplace: workplace.to_owned(),
            typed: String::new(),
            state: VouchState::Given,
            asked_at: NOW,
            ends_at: NOW,
            given_at: Some(NOW),
            withdrawn_at,
            relation: String::new(),
            known: String::new(),
            note: String::new(),
        };
        let path = |step: &Step| Path { steps: vec![step.clone()], questions: Vec::new(), done: Vec::new() };
        let told = |at: Option<&str>, vouches: &[Vouch]| from_elsewhere(&path(&asks), at, vouches);
        let own = Some("RS Kandou");
        assert_eq!(told(own, &[vouch("RS Siloam", None)]), Some(true));
        assert_eq!(told(own, &[vouch("rs kandou", None), vouch("", None)]), Some(false));
        assert_eq!(told(own, &[vouch("RS Siloam", Some(NOW))]), Some(false), "it was taken back");
        assert_eq!(told(None, &[vouch("RS Siloam", None)]), None, "it is not shown");
        let does_not_ask = path(&step(2, false));
        assert_eq!(from_elsewhere(&does_not_ask, own, &[vouch("RS Siloam", None)]), None);
    }

    #[test]
    fn a_request_ends_with_its_step_or_after_fourteen_days() {
        assert_eq!(ends_at(&step(2, false), NOW, NOW), NOW.plus(10 * DAY));
        assert_eq!(ends_at(&step(2, false), NOW.plus(-20 * DAY), NOW), NOW.plus(14 * DAY));
        let late = NOW.plus(9 * DAY);
        assert_eq!(ends_at(&step(2, false), NOW, late), NOW.plus(10 * DAY));
    }

    #[test]
    fn a_vouch_taken_back_counts_no_longer_until_something_was_decided_on_it() {
        use ApplicationState::{Accepted, Declined, Sent, Waiting};
        use StepKind::{Decision, Form};
        let chance = chance::Counted::default();
        let kinds = [Form, StepKind::Vouch, Decision, StepKind::Vouch];
        let steps = (0..).zip(kinds).map(|(place, kind)| {
            let id = StepId::new(NOW, &chance);
            Step { id, place, block: place, kind, ..step(2, false) }
        });
        let path = Path { steps: steps.collect(), questions: Vec::new(), done: Vec::new() };
        let back = |asked: usize, state, place| {
            let vouch = Vouch {
                id: mapalus_core::VouchId::new(NOW, &chance),
                application_id: mapalus_core::ApplicationId::new(NOW, &chance),
                step_id: path.steps[asked].id,
                giver_id: None,
                giver: None,
                workplace: String::new(),
                typed: String::new(),
                state: VouchState::Given,
                asked_at: NOW,
                ends_at: NOW,
                given_at: Some(NOW),
                withdrawn_at: None,
                relation: String::new(),
                known: String::new(),
                note: String::new(),
            };
            let application = super::super::tests::application(state, place);
            take_back(&vouch, &application, &path).unwrap()
        };
        for (state, place) in [(Sent, 1), (Sent, 2), (Waiting, 2)] {
            assert_eq!(back(1, state, place), TakenBack::Counted, "{state} {place}");
        }
        for (state, place) in [(Sent, 3), (Accepted, 3), (Accepted, 4), (Declined, 1)] {
            assert_eq!(back(1, state, place), TakenBack::Noted, "{state} {place}");
        }
        // Asked for after the acceptance: as long as its step is not done.
        assert_eq!(back(3, Accepted, 3), TakenBack::Counted);
        assert_eq!(back(3, Accepted, 4), TakenBack::Noted);
    }

    #[test]
    fn a_request_is_answered_once_in_time_and_while_its_step_is_next() {
        use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting, Withdrawn};
        let chance = chance::Counted::default();
        let step = Step { id: StepId::new(NOW, &chance), ..step(2, false) };
        let other = Step {
            id: StepId::new(NOW, &chance),
            place: 2,
            block: 2,
            kind: StepKind::Decision,
            ..step.clone()
        };
        let path = Path { steps: vec![step.clone(), other], questions: Vec::new(), done: Vec::new() };
        let vouch = |state| Vouch {
            id: mapalus_core::VouchId::new(NOW, &chance),
            application_id: mapalus_core::ApplicationId::new(NOW, &chance),
            step_id: step.id,
            giver_id: None,
            giver: None,
            workplace: String::new(),
            typed: String::new(),
            state,
            asked_at: NOW,
            ends_at: NOW.plus(ASK_DAYS * DAY),
            given_at: None,
            withdrawn_at: None,
            relation: String::new(),
            known: String::new(),
            note: String::new(),
        };
        let key = |vouch: &Vouch, state, place, now| {
            let application = super::super::tests::application(state, place);
            may_answer(vouch, &application, &path, now).err().map(|refusal| refusal.key)
        };
        let asked = vouch(VouchState::Asked);
        for state in [Sent, Accepted] {
            assert_eq!(key(&asked, state, 1, NOW), None, "{state}");
        }
        for answered in [VouchState::Given, VouchState::Declined, VouchState::Withdrawn] {
            assert_eq!(key(&vouch(answered), Sent, 1, NOW), Some("joining-vouch-answered"), "{answered}");
        }
        let cancelled = vouch(VouchState::Cancelled);
        assert_eq!(key(&cancelled, Sent, 1, NOW), Some("joining-vouch-cancelled"));
        // In the last instant it holds, at the end it does not; a cancelled one is told as cancelled.
        assert_eq!(key(&asked, Sent, 1, asked.ends_at.plus(-1)), None);
        assert_eq!(key(&asked, Sent, 1, asked.ends_at), Some("joining-vouch-expired"));
        assert_eq!(key(&cancelled, Sent, 1, asked.ends_at), Some("joining-vouch-cancelled"));
        // The application went on, or is over.
        assert_eq!(key(&asked, Sent, 2, NOW), Some("joining-vouch-no-longer"));
        for state in [Draft, Waiting, Declined, Withdrawn] {
            assert_eq!(key(&asked, state, 1, NOW), Some("joining-vouch-no-longer"), "{state}");
        }
    }

    #[test]
    fn a_step_that_asks_for_more_vouches_than_members_may_give_is_named() {
        let steps = || {
            [(StepKind::Form, 9), (StepKind::Vouch, 3), (StepKind::Vouch, 2), (StepKind::Decision, 9)]
                .map(|(kind, needed)| (Some(kind), needed))
                .into_iter()
        };
        let named = |members| few_givers(steps(), members).iter().map(|few| few.step).collect::<Vec<_>>();
        assert_eq!((named(3), named(2), named(1)), (vec![], vec![2], vec![2, 3]));
    }
}
