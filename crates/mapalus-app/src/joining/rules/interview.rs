//! When an interview may be, who may take and move it, whose turn it is: pure decisions.

use super::super::model::{
    Actor, Application, ApplicationState, Path, Step,
    interview::{Course, Interview, InterviewState, MoveInput, OfferInput, Slot, SlotState},
};
use crate::shell::{
    Checks,
    forms::{self, Wrong},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use mapalus_core::{
    Argument, Millis, Refusal, RefusalKind, StepId,
    time::{DAY, HOUR, MINUTE},
};

/// Minutes of an interview at least.
pub const LEAST_MINUTES: i64 = 5;
/// Minutes of an interview at most.
pub const MOST_MINUTES: i64 = 480;
/// Times offered one after the other at most.
pub const MOST_IN_A_ROW: i64 = 20;
/// People who may take one time at most.
pub const MOST_SEATS: i64 = 50;
/// Times of a group that are still to come, at most.
pub const MOST_AHEAD: i64 = 200;
/// Days ahead for which times are offered at most.
const MOST_DAYS: i64 = 365;
/// Hours before an interview when both are reminded.
const REMIND_HOURS: i64 = 24;
/// Hours after its end when who interviews is asked how it went.
const ASK_HOURS: i64 = 1;

fn conflict<T>(key: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new(RefusalKind::Conflict, key))
}

fn within(number: i64, least: i64, most: i64) -> Result<i64, Wrong> {
    let bounds = || vec![("least", Argument::Number(least)), ("most", Argument::Number(most))];
    if (least..=most).contains(&number) { Ok(number) } else { Err(Wrong("joining-wrong-range", bounds())) }
}

/// The instant of a day and an hour in a zone: to come, and within a year.
fn instant(
    day: &str,
    time: &str,
    zone: Tz,
    now: Millis,
) -> (Result<NaiveDate, Wrong>, Result<Millis, Wrong>) {
    let date = match day.trim() {
        "" => Err(Wrong::plain("wrong-needed")),
        day => NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(|_| Wrong::plain("wrong-day")),
    };
    let hour = match time.trim() {
        "" => Err(Wrong::plain("wrong-needed")),
        text => forms::time(text).ok_or(Wrong::plain("joining-wrong-time")),
    };
    let at = match (&date, hour) {
        (Ok(date), Ok(hour)) => {
            let at = forms::at_clock(date.and_time(hour), zone).ok_or(Wrong::plain("joining-wrong-time"));
            at.and_then(|at| match at {
                at if at <= now => Err(Wrong::plain("joining-wrong-past")),
                at if at > now.plus(MOST_DAYS * DAY) => Err(Wrong::plain("joining-wrong-far")),
                at => Ok(at),
            })
        }
        (_, Err(wrong)) => Err(wrong),
        // What is wrong with the day is told there.
        (Err(_), Ok(_)) => Ok(now),
    };
    (date, at)
}

/// Times that hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Offer {
    /// When each begins and ends.
    pub times: Vec<(Millis, Millis)>,
    /// Where.
    pub place: String,
    /// How many may take each.
    pub seats: i64,
}

/// The times that coordinators offer for a step of one of these names.
///
/// # Errors
/// What is wrong, under the names of the fields.
pub fn offer(input: &OfferInput, names: &[String], zone: Tz, now: Millis) -> Result<Offer, Refusal> {
    let mut checks = Checks::new();
    let known = if names.contains(&input.step) { Ok(()) } else { Err(Wrong::plain("wrong-choice")) };
    let known = checks.field("step", known);
    let (day, at) = instant(&input.day, &input.time, zone, now);
    let day = checks.field("day", day);
    let at = checks.field("time", at);
    let minutes = checks.field("minutes", within(input.minutes, LEAST_MINUTES, MOST_MINUTES));
    let count = checks.field("count", within(input.count, 1, MOST_IN_A_ROW));
    let place = checks.field("place", forms::line(&input.place, 1, 300));
    let seats = checks.field("seats", within(input.seats, 1, MOST_SEATS));
    let parts = known.zip(day).zip(at.zip(minutes)).zip(count.zip(place).zip(seats));
    let ((_, (at, minutes)), ((count, place), seats)) = checks.done(parts)?;
    let time = |n: i64| (at.plus(n * minutes * MINUTE), at.plus((n + 1) * minutes * MINUTE));
    Ok(Offer { times: (0..count).map(time).collect(), place, seats })
}

/// A time as coordinators move it: when it begins and ends, where, for how many, and why. One that stays when and where it is
/// needs no reason, and keeps the one that it has.
///
/// # Errors
/// What is wrong, under the names of the fields; `joining-interview-over` for one that has begun.
pub fn moved(slot: &Slot, input: &MoveInput, now: Millis) -> Result<(Offer, String), Refusal> {
    may_run(slot, now)?;
    let mut checks = Checks::new();
    let zone = slot.zone.parse().unwrap_or(Tz::Asia__Jakarta);
    let (day, at) = instant(&input.day, &input.time, zone, now);
    let day = checks.field("day", day);
    let at = checks.field("time", at);
    let minutes = checks.field("minutes", within(input.minutes, LEAST_MINUTES, MOST_MINUTES));
    let place = checks.field("place", forms::line(&input.place, 1, 300));
    let seats = checks.field("seats", within(input.seats, slot.taken.max(1), MOST_SEATS));
    let ends_at = at.zip(minutes).map(|(at, minutes)| at.plus(minutes * MINUTE));
    // More places alone concern nobody who has one.
    let stays =
        (at, ends_at, place.as_deref()) == (Some(slot.starts_at), Some(slot.ends_at), Some(&*slot.place));
    let reason = if stays { Ok(slot.reason.clone()) } else { reason(slot, &input.reason) };
    let reason = checks.field("reason", reason);
    let parts = day.zip(at.zip(minutes)).zip(place.zip(seats).zip(reason));
    let ((_, (at, minutes)), ((place, seats), reason)) = checks.done(parts)?;
    Ok((Offer { times: vec![(at, at.plus(minutes * MINUTE))], place, seats }, reason))
}

/// Why a time is moved or cancelled: who has taken it reads it.
///
/// # Errors
/// `joining-interview-reason` where somebody has taken it and nothing is said.
pub fn reason(slot: &Slot, reason: &str) -> Result<String, Wrong> {
    let reason = forms::line(reason, 0, 300)?;
    if slot.taken > 0 && reason.is_empty() {
        Err(Wrong::plain("joining-interview-reason"))
    } else {
        Ok(reason)
    }
}

/// Whether coordinators may still move or cancel a time.
///
/// # Errors
/// `joining-interview-cancelled` or `joining-interview-over`.
pub fn may_run(slot: &Slot, now: Millis) -> Result<(), Refusal> {
    match slot.state {
        SlotState::Cancelled => conflict("joining-interview-cancelled"),
        SlotState::Offered if slot.starts_at <= now => conflict("joining-interview-over"),
        SlotState::Offered => Ok(()),
    }
}

/// Until when an applicant may choose another time than this one, or give it back.
pub fn changes_until(step: &Step, starts_at: Millis) -> Millis {
    starts_at.plus(-step.details.change_hours * HOUR)
}

/// Whether an applicant may choose another time than the one that is taken, or give it back.
///
/// # Errors
/// `joining-interview-over` once it has begun, `joining-interview-late` if it is too near.
pub fn may_change(step: &Step, starts_at: Millis, now: Millis) -> Result<(), Refusal> {
    if starts_at <= now {
        return conflict("joining-interview-over");
    }
    if changes_until(step, starts_at) < now { conflict("joining-interview-late") } else { Ok(()) }
}

/// When to look whether somebody is to be reminded of an interview that was taken or moved at an instant: a day
/// before it, and after its end.
pub fn remind_at(starts_at: Millis, ends_at: Millis, now: Millis) -> Millis {
    let before = starts_at.plus(-REMIND_HOURS * HOUR);
    if now < before { before } else { asks_at(ends_at) }
}

/// When who interviews is asked how it went.
pub fn asks_at(ends_at: Millis) -> Millis {
    ends_at.plus(ASK_HOURS * HOUR)
}

/// Whose turn it is at an open interview: the applicant's where there is a time to take, the coordinators' where there is none
/// or one is over; nobody's while one that is taken is to come.
pub fn turn(interview: Option<&Interview>, free: bool, now: Millis) -> Option<Actor> {
    match interview.filter(|interview| interview.open()).map(|i| (i.state, i.at())) {
        Some((_, Some((_, _, ends_at)))) => (ends_at <= now).then_some(Actor::Coordinators),
        Some((InterviewState::Wanted, _)) => Some(Actor::Coordinators),
        _ if free => Some(Actor::Applicant),
        _ => Some(Actor::Coordinators),
    }
}

/// The interview of which coordinators may note how it went: the one that is taken and has begun, or the last one to which
/// the applicant did not come, as long as no other is under way.
///
/// # Errors
/// `joining-own`, `joining-over`, `joining-not-this-step`, `joining-interview-none`, `joining-interview-early`, or
/// `joining-interview-decides` where nobody decides after it on one who does not fit.
pub fn may_note<'i, 'p>(
    (application, path): (&Application, &'p Path),
    interviews: &'i [Interview],
    own: bool,
    result: Course,
    now: Millis,
) -> Result<(&'i Interview, &'p Step), Refusal> {
    if own {
        return conflict("joining-own");
    }
    let step = super::may_do(application, path, super::super::model::StepKind::Interview, None)?;
    let (interview, starts_at) = noted(interviews, step.id)
        .ok_or_else(|| Refusal::new(RefusalKind::Conflict, "joining-interview-none"))?;
    if now < starts_at {
        return conflict("joining-interview-early");
    }
    let decided = application.state == ApplicationState::Accepted || !path.decides_from(step.place);
    if result == Course::Unsuited && decided {
        return conflict("joining-interview-decides");
    }
    Ok((interview, step))
}

/// The interview of a step that may be noted, with its beginning.
pub fn noted(interviews: &[Interview], step: StepId) -> Option<(&Interview, Millis)> {
    let of = || interviews.iter().filter(|interview| interview.step_id == step);
    if let Some(open) = of().find(|interview| interview.open()) {
        return open.at().map(|(_, starts_at, _)| (open, starts_at));
    }
    let missed = of().rfind(|interview| interview.state == InterviewState::Missed);
    missed.and_then(|missed| missed.starts_at.map(|starts_at| (missed, starts_at)))
}

#[cfg(test)]
pub(super) mod tests {
    use super::{
        super::tests::{application, path},
        *,
    };
    use crate::joining::model::StepKind::{Decision, Form, Interview as Talk};
    use mapalus_core::{ApplicationId, GroupId, Id, InterviewId, PersonId, SlotId, chance::Counted};

    /// Sat 5 Dec 2026, 08:00 in Manado.
    pub(in crate::joining::rules) const EIGHT: Millis = Millis(1_796_428_800_000);

    fn slot(taken: i64) -> Slot {
        let chance = Counted::default();
        Slot {
            id: SlotId::new(Millis(0), &chance),
            group_id: GroupId::new(Millis(0), &chance),
            step_name: "Wawancara".to_owned(),
            starts_at: EIGHT,
            ends_at: EIGHT.plus(30 * MINUTE),
            zone: "Asia/Makassar".to_owned(),
            place: "Posko".to_owned(),
            seats: 2,
            taken,
            host_id: PersonId::new(Millis(0), &chance),
            host: String::new(),
            state: SlotState::Offered,
            reason: String::new(),
            version: 1,
        }
    }

    pub(in crate::joining::rules) fn interview(step_id: StepId, state: InterviewState) -> Interview {
        let chance = Counted::default();
        Interview {
            id: InterviewId::new(Millis(0), &chance),
            application_id: ApplicationId::new(Millis(0), &chance),
            step_id,
            slot_id: Some(SlotId::new(Millis(0), &chance)),
            state,
            sequence: 0,
            changed_at: Millis(0),
            note: String::new(),
            noter: String::new(),
            noted_at: None,
            event_id: None,
            told_to: None,
            starts_at: Some(EIGHT),
            ends_at: Some(EIGHT.plus(30 * MINUTE)),
            zone: "Asia/Makassar".to_owned(),
            place: String::new(),
            host_id: None,
            host: String::new(),
            reason: String::new(),
        }
    }

    fn offered(time: &str, count: i64) -> OfferInput {
        OfferInput {
            step: "Wawancara".to_owned(),
            day: "2026-12-05".to_owned(),
            time: time.to_owned(),
            minutes: 30,
            count,
            place: "Posko".to_owned(),
            seats: 1,
            host: String::new(),
        }
    }

    #[test]
    fn times_are_those_of_the_groups_place_and_follow_one_another() {
        let names = ["Wawancara".to_owned()];
        let zone = Tz::Asia__Makassar;
        let before = EIGHT.plus(-DAY);
        let made = offer(&offered("08.00", 2), &names, zone, before).unwrap();
        assert_eq!(made.times[0], (EIGHT, EIGHT.plus(30 * MINUTE)));
        assert_eq!(made.times[1].0, made.times[0].1);
        let key = |input: &OfferInput, now| {
            let refusal = offer(input, &names, zone, now).unwrap_err();
            (refusal.fields[0].field.clone(), refusal.fields[0].key)
        };
        assert_eq!(key(&offered("08.00", 1), EIGHT), ("time".to_owned(), "joining-wrong-past"));
        assert_eq!(key(&offered("25.00", 1), before), ("time".to_owned(), "joining-wrong-time"));
        assert_eq!(key(&offered("08.00", 21), before), ("count".to_owned(), "joining-wrong-range"));
        let far = OfferInput { day: "2028-01-01".to_owned(), ..offered("08:00", 1) };
        assert_eq!(key(&far, before), ("time".to_owned(), "joining-wrong-far"));
        let other = OfferInput { step: "Tes".to_owned(), ..offered("08:00", 1) };
        assert_eq!(key(&other, before), ("step".to_owned(), "wrong-choice"));
    }

    #[test]
    fn who_has_taken_a_time_is_told_why_it_is_moved_and_keeps_the_place() {
        let input = |seats, reason: &str| MoveInput {
            day: "2026-12-06".to_owned(),
            time: "09:00".to_owned(),
            minutes: 30,
            place: "Posko".to_owned(),
            seats,
            reason: reason.to_owned(),
        };
        let before = EIGHT.plus(-DAY);
        let field = |taken, seats, reason| {
            moved(&slot(taken), &input(seats, reason), before).err().map(|r| r.fields[0].field.clone())
        };
        assert_eq!(field(0, 1, ""), None);
        assert_eq!(field(2, 2, "").as_deref(), Some("reason"));
        assert_eq!(field(2, 1, "Ruangan dipakai.").as_deref(), Some("seats"));
        assert_eq!(field(2, 2, "Ruangan dipakai."), None);
        let stays = MoveInput { day: "2026-12-05".to_owned(), time: "08:00".to_owned(), ..input(3, "") };
        assert!(moved(&slot(2), &stays, before).is_ok(), "more places are no move");
        assert_eq!(moved(&slot(0), &input(1, ""), EIGHT).unwrap_err().key, "joining-interview-over");
    }

    #[test]
    fn one_chooses_another_time_until_the_path_says_so() {
        let mut path = path(&[Form, Talk, Decision]);
        path.steps[1].details.change_hours = 24;
        let key = |now| may_change(&path.steps[1], EIGHT, now).err().map(|r| r.key);
        assert_eq!(key(EIGHT.plus(-DAY)), None);
        assert_eq!(key(EIGHT.plus(-DAY + 1)), Some("joining-interview-late"));
        assert_eq!(key(EIGHT), Some("joining-interview-over"));
        assert_eq!(remind_at(EIGHT, EIGHT.plus(HOUR), EIGHT.plus(-3 * DAY)), EIGHT.plus(-DAY));
        assert_eq!(remind_at(EIGHT, EIGHT.plus(HOUR), EIGHT.plus(-HOUR)), EIGHT.plus(2 * HOUR));
    }

    #[test]
    fn the_applicant_chooses_where_there_is_a_time_and_the_coordinators_do_the_rest() {
        let path = path(&[Form, Talk]);
        let of = |state| interview(path.steps[1].id, state);
        let (before, after) = (EIGHT.plus(-DAY), EIGHT.plus(HOUR));
        assert_eq!(turn(None, true, before), Some(Actor::Applicant));
        assert_eq!(turn(None, false, before), Some(Actor::Coordinators));
        assert_eq!(turn(Some(&of(InterviewState::Wanted)), true, before), Some(Actor::Coordinators));
        assert_eq!(turn(Some(&of(InterviewState::Taken)), true, before), None);
        assert_eq!(turn(Some(&of(InterviewState::Taken)), true, after), Some(Actor::Coordinators));
        assert_eq!(turn(Some(&of(InterviewState::Free)), true, after), Some(Actor::Applicant));
        assert_eq!(turn(Some(&of(InterviewState::Missed)), true, after), Some(Actor::Applicant));
    }

    #[test]
    fn an_interview_is_noted_once_it_has_begun_and_who_does_not_fit_is_decided_on() {
        use ApplicationState::{Accepted, Declined, Sent};
        let mut path = path(&[Form, Talk, Decision]);
        let step = path.steps[1].id;
        let key = |path: &Path, interviews: &[Interview], state, result, now| {
            let of = application(state, 1);
            may_note((&of, path), interviews, false, result, now).err().map(|refusal| refusal.key)
        };
        let taken = [interview(step, InterviewState::Taken)];
        assert_eq!(key(&path, &taken, Sent, Course::Held, EIGHT.plus(-1)), Some("joining-interview-early"));
        assert_eq!(key(&path, &taken, Sent, Course::Held, EIGHT), None);
        assert_eq!(key(&path, &[], Sent, Course::Held, EIGHT), Some("joining-interview-none"));
        assert_eq!(key(&path, &taken, Declined, Course::Held, EIGHT), Some("joining-over"));
        // A note that was wrong is put right, but not once another time is chosen.
        let missed = interview(step, InterviewState::Missed);
        assert_eq!(key(&path, std::slice::from_ref(&missed), Sent, Course::Held, EIGHT), None);
        let again = [missed, interview(step, InterviewState::Free)];
        assert_eq!(key(&path, &again, Sent, Course::Held, EIGHT), Some("joining-interview-none"));
        assert_eq!(key(&path, &taken, Sent, Course::Unsuited, EIGHT), None);
        assert_eq!(key(&path, &taken, Accepted, Course::Unsuited, EIGHT), Some("joining-interview-decides"));
        path.steps.pop();
        assert_eq!(key(&path, &taken, Sent, Course::Unsuited, EIGHT), Some("joining-interview-decides"));
    }
}
