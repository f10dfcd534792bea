//! What a training may be, who takes part in a date of it, what becomes of a freed seat: pure decisions.

use super::model::{
    CancelInput, Enrolment, NewSitting, NewTraining, OutcomeInput, Sitting, SittingInput, State,
    TrainingInput,
};
use crate::shell::{
    Checks,
    forms::{self, Wrong},
    reference::{Areas, Level},
};
use mapalus_core::{
    MembershipState, Millis, PersonId, Refusal, RefusalKind,
    time::{DAY, HOUR},
};

/// Trainings that a group may have at most.
pub const MOST_TRAININGS: i64 = 100;
/// Dates ahead that a training may have at most.
pub const MOST_SITTINGS: i64 = 50;
/// Seats of a date at most.
pub const MOST_SEATS: i64 = 1_000;
/// People who may stand in line for a date at most.
pub const MOST_IN_LINE: i64 = 500;
/// Results that are noted at once at most.
pub const MOST_AT_ONCE: i64 = 40;
/// How long after a date those who train are asked how each did.
const AFTER_MILLIS: i64 = HOUR;
/// How long a freed seat is held for the first of the line.
pub const OFFER_MILLIS: i64 = DAY;
/// How long before a date those who are enrolled are reminded.
const AHEAD_MILLIS: i64 = DAY;

fn conflict(key: &'static str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, key)
}

/// Checks a training; whether the kind that it grants is known is told by the one who asks.
///
/// # Errors
/// Every field that does not hold.
pub fn training(input: &TrainingInput, grants_known: bool) -> Result<NewTraining, Refusal> {
    let mut checks = Checks::new();
    let title = checks.field("title", forms::line(&input.title, 3, 80));
    let teaches = checks.field("teaches", forms::bounded(&input.teaches, 0, 2_000));
    let grants = if input.grants.is_empty() || grants_known {
        Ok(input.grants.clone())
    } else {
        Err(Wrong::plain("wrong-choice"))
    };
    let grants = checks.field("grants", grants);
    let parts = (|| {
        let for_applicants = input.for_applicants;
        Some(NewTraining { title: title?, teaches: teaches?, grants: grants?, for_applicants })
    })();
    checks.done(parts)
}

/// Checks a date: it lies ahead, ends after it begins, and has a place or an address.
///
/// # Errors
/// Every field that does not hold.
pub fn sitting(input: &SittingInput, now: Millis) -> Result<NewSitting, Refusal> {
    let mut checks = Checks::new();
    let area = checks.field("area", forms::area(&input.area, &[Level::Regency, Level::District]));
    let zone = Areas::zone(area.as_deref().unwrap_or(""));
    let starts_at = checks.field("starts", hour(&input.starts, zone).and_then(|at| ahead(at, now)));
    let ends_at = checks.field("ends", hour(&input.ends, zone).and_then(|at| after(at, starts_at)));
    let place = checks.field("place", forms::line(&input.place, 0, 160));
    let link = checks.field("link", link(&input.link));
    let seats = checks.field("seats", seats(&input.seats));
    if place.as_deref() == Some("") && link.as_deref() == Some("") {
        checks.wrong("place", Wrong::plain("growth-wrong-nowhere"));
    }
    let parts = (|| {
        Some(NewSitting {
            starts_at: starts_at?,
            ends_at: ends_at?,
            area: area?,
            place: place?,
            link: link?,
            seats: seats?,
        })
    })();
    checks.done(parts)
}

/// An hour as the clock shows it in a zone.
fn hour(text: &str, zone: chrono_tz::Tz) -> Result<Millis, Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::plain("wrong-needed"));
    }
    let shown = text.trim().split_once('T').and_then(|(day, time)| {
        let day = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
        Some(day.and_time(forms::time(time)?))
    });
    shown.and_then(|shown| forms::at_clock(shown, zone)).ok_or(Wrong::plain("growth-wrong-hour"))
}

fn ahead(at: Millis, now: Millis) -> Result<Millis, Wrong> {
    if at <= now {
        return Err(Wrong::plain("growth-wrong-past"));
    }
    if at.0 - now.0 > 800 * DAY { Err(Wrong::plain("growth-wrong-far")) } else { Ok(at) }
}

fn after(ends_at: Millis, starts_at: Option<Millis>) -> Result<Millis, Wrong> {
    let Some(starts_at) = starts_at else { return Ok(ends_at) };
    let lasts = ends_at.0 - starts_at.0;
    if (1..=14 * DAY).contains(&lasts) { Ok(ends_at) } else { Err(Wrong::plain("growth-wrong-end")) }
}

fn link(text: &str) -> Result<String, Wrong> {
    let link = forms::line(text, 0, 300)?;
    let plain = link.starts_with("https://") && !link.contains(char::is_whitespace);
    if link.is_empty() || plain { Ok(link) } else { Err(Wrong::plain("growth-wrong-link")) }
}

fn seats(text: &str) -> Result<Option<i64>, Wrong> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let seats = text.trim().parse().ok().filter(|seats| (1..=MOST_SEATS).contains(seats));
    seats.map(Some).ok_or(Wrong::plain("growth-wrong-seats"))
}

/// Whether a date may have so many seats only: not fewer than are taken.
///
/// # Errors
/// `growth-seats-taken`.
pub fn enough_seats(seats: Option<i64>, taken: i64) -> Result<(), Refusal> {
    if seats.is_none_or(|seats| seats >= taken) {
        Ok(())
    } else {
        Err(Wrong::plain("growth-seats-taken").at("seats"))
    }
}

/// Whether one who stands so to the group may take part in a date.
///
/// # Errors
/// `growth-over`, `growth-not-for-applicants`.
pub fn may_enrol(sitting: &Sitting, membership: Option<MembershipState>, now: Millis) -> Result<(), Refusal> {
    lies_ahead(sitting, now)?;
    let belongs = membership.is_some_and(MembershipState::belongs);
    if belongs || sitting.for_applicants { Ok(()) } else { Err(conflict("growth-not-for-applicants")) }
}

/// Whether one may take this of the dates of a training, as one stands to them: it lies ahead, and one has no other.
pub fn may_take(sittings: &[Sitting], sitting: &Sitting, now: Millis) -> bool {
    let has = |other: &&Sitting| {
        matches!(other.own, Some(State::In | State::Offered | State::Waiting)) && other.is_ahead(&now)
    };
    sitting.is_ahead(&now) && !sittings.iter().any(|other| has(&other))
}

/// Whether one may leave a date: not once it has begun.
///
/// # Errors
/// `growth-over`, `growth-not-enrolled`.
pub fn may_leave(sitting: &Sitting, now: Millis) -> Result<(), Refusal> {
    if !matches!(sitting.own, Some(State::In | State::Waiting | State::Offered)) {
        return Err(conflict("growth-not-enrolled"));
    }
    lies_ahead(sitting, now)
}

/// Whether one more may stand in line where so many do.
///
/// # Errors
/// `growth-line-full`.
pub fn line_has_room(waiting: i64) -> Result<(), Refusal> {
    if waiting < MOST_IN_LINE { Ok(()) } else { Err(conflict("growth-line-full")) }
}

/// Whether a seat is held for one, who takes it now.
///
/// # Errors
/// `growth-offer-over`.
pub fn may_confirm(sitting: &Sitting, now: Millis) -> Result<(), Refusal> {
    let held = sitting.own == Some(State::Offered) && sitting.offer_ends_at.is_some_and(|until| until > now);
    if held && sitting.is_ahead(&now) { Ok(()) } else { Err(conflict("growth-offer-over")) }
}

/// Until when a freed seat is held: a day, and not into the date itself.
pub fn offer_ends(starts_at: Millis, now: Millis) -> Millis {
    starts_at.min(now.plus(OFFER_MILLIS))
}

/// When to look at a date first: the day before, if that lies ahead; else once it is over.
pub fn first_look((starts_at, ends_at): (Millis, Millis), now: Millis) -> Millis {
    Some(starts_at.plus(-AHEAD_MILLIS)).filter(|at| *at > now).unwrap_or_else(|| after_it(ends_at))
}

/// When to look whether those who train have said how each did.
pub const fn after_it(ends_at: Millis) -> Millis {
    ends_at.plus(AFTER_MILLIS)
}

/// Whether somebody may take part in a date who takes part in so many others ahead of the same training.
///
/// # Errors
/// `growth-elsewhere`.
pub fn once(elsewhere: i64) -> Result<(), Refusal> {
    if elsewhere == 0 { Ok(()) } else { Err(conflict("growth-elsewhere")) }
}

/// Whether a date of which one knows may be taken at all now.
///
/// # Errors
/// `growth-over`.
pub fn lies_ahead(sitting: &Sitting, now: Millis) -> Result<(), Refusal> {
    if sitting.is_ahead(&now) { Ok(()) } else { Err(conflict("growth-over")) }
}

/// Why a date is called off.
///
/// # Errors
/// If it is missing, short or long.
pub fn reason(input: &CancelInput) -> Result<String, Refusal> {
    forms::bounded(&input.reason, 5, 500).map_err(|wrong| wrong.at("reason"))
}

/// Whether a calling off may be undone by this person.
///
/// # Errors
/// `growth-too-late`.
pub fn may_undo(sitting: &Sitting, actor: PersonId, now: Millis, undo_millis: i64) -> Result<(), Refusal> {
    let recent = sitting.cancelled_at.is_some_and(|at| now.0 - at.0 <= undo_millis);
    if recent && sitting.cancelled_by == Some(actor) { Ok(()) } else { Err(conflict("growth-too-late")) }
}

/// How somebody did: told once the date has begun, of one who had a seat, by another. A pass stays, once told: what
/// rests on it does.
///
/// # Errors
/// `growth-not-begun`, `growth-no-seat`, `growth-not-oneself`, `growth-passed-stays`; the fields that do not hold.
pub fn outcome(
    input: &OutcomeInput,
    (sitting, enrolment): (&Sitting, &Enrolment),
    actor: PersonId,
    now: Millis,
) -> Result<(State, String), Refusal> {
    begun(sitting, now)?;
    if matches!(enrolment.state, State::Waiting | State::Offered | State::Left) {
        return Err(conflict("growth-no-seat"));
    }
    if enrolment.person_id == actor {
        return Err(conflict("growth-not-oneself"));
    }
    let mut checks = Checks::new();
    let state = checks.field("outcome", forms::word::<State>(&input.outcome));
    let state = state.and_then(|state| {
        let outcome = State::OUTCOMES.contains(&state).then_some(state).ok_or(Wrong::plain("wrong-choice"));
        checks.field("outcome", outcome)
    });
    let word = checks.field("word", forms::bounded(&input.word, 0, 500));
    let (state, word) = checks.done(state.zip(word))?;
    if enrolment.state == State::Passed && state != State::Passed {
        return Err(conflict("growth-passed-stays"));
    }
    Ok((state, word))
}

/// How all did of whom nothing is noted yet.
///
/// # Errors
/// `growth-not-begun`; an outcome that is none.
pub fn outcome_of_all(outcome: &str, sitting: &Sitting, now: Millis) -> Result<State, Refusal> {
    begun(sitting, now)?;
    let state = forms::word::<State>(outcome).ok().filter(|state| State::OUTCOMES.contains(state));
    state.ok_or_else(|| Wrong::plain("wrong-choice").at("outcome"))
}

/// Whether a date has begun: those who come early are noted too.
fn begun(sitting: &Sitting, now: Millis) -> Result<(), Refusal> {
    if sitting.cancelled_at.is_some() || sitting.starts_at.plus(-HOUR) > now {
        return Err(conflict("growth-not-begun"));
    }
    Ok(())
}

/// Whether one may still say how those of a date did: an hour before it begins, and ever after.
pub fn tells(sitting: &Sitting, now: Millis) -> bool {
    begun(sitting, now).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_795_500_000_000);

    fn input() -> SittingInput {
        SittingInput {
            starts: "2026-12-05T08:00".into(),
            ends: "2026-12-05T12:00".into(),
            area: "Kota Manado".into(),
            place: "Aula RSU Teduh".into(),
            seats: "20".into(),
            ..SittingInput::default()
        }
    }

    fn flaw(input: &SittingInput) -> (String, &'static str) {
        let flaw = sitting(input, NOW).unwrap_err().fields.remove(0);
        (flaw.field, flaw.key)
    }

    #[test]
    fn a_date_is_told_by_the_clock_of_its_place() {
        let manado = sitting(&input(), NOW).unwrap();
        let jakarta = sitting(&SittingInput { area: "Kota Bandung".into(), ..input() }, NOW).unwrap();
        assert_eq!(jakarta.starts_at.0 - manado.starts_at.0, HOUR);
        assert_eq!(manado.ends_at.0 - manado.starts_at.0, 4 * HOUR);
        assert_eq!(manado.seats, Some(20));
    }

    #[test]
    fn an_hour_may_have_seconds_as_browsers_send_them() {
        let seconds = SittingInput { starts: "2026-12-05T08:00:00".into(), ..input() };
        assert_eq!(sitting(&seconds, NOW).unwrap().starts_at, sitting(&input(), NOW).unwrap().starts_at);
        let none = SittingInput { starts: "2026-12-05 08:00".into(), ..input() };
        assert_eq!(flaw(&none), ("starts".into(), "growth-wrong-hour"));
    }

    #[test]
    fn a_line_has_an_end() {
        assert!(line_has_room(MOST_IN_LINE - 1).is_ok());
        assert_eq!(line_has_room(MOST_IN_LINE).unwrap_err().key, "growth-line-full");
    }

    #[test]
    fn a_date_lies_ahead_ends_after_it_begins_and_is_somewhere() {
        let past = SittingInput { starts: "2026-11-01T08:00".into(), ..input() };
        assert_eq!(flaw(&past), ("starts".into(), "growth-wrong-past"));
        let early = SittingInput { ends: "2026-12-05T07:00".into(), ..input() };
        assert_eq!(flaw(&early), ("ends".into(), "growth-wrong-end"));
        let nowhere = SittingInput { place: String::new(), ..input() };
        assert_eq!(flaw(&nowhere), ("place".into(), "growth-wrong-nowhere"));
        let net = SittingInput { link: "https://rapat.example/a".into(), ..nowhere.clone() };
        assert!(sitting(&net, NOW).is_ok());
        let wrong = SittingInput { link: "javascript:x".into(), ..nowhere };
        assert_eq!(flaw(&wrong), ("link".into(), "growth-wrong-link"));
        let none = SittingInput { seats: "0".into(), ..input() };
        assert_eq!(flaw(&none), ("seats".into(), "growth-wrong-seats"));
    }

    #[test]
    fn a_freed_seat_is_held_for_a_day_and_not_into_the_date() {
        assert_eq!(offer_ends(NOW.plus(5 * DAY), NOW), NOW.plus(DAY));
        assert_eq!(offer_ends(NOW.plus(HOUR), NOW), NOW.plus(HOUR));
        let look = |starts: i64| first_look((NOW.plus(starts), NOW.plus(starts + HOUR)), NOW);
        assert_eq!(look(3 * DAY), NOW.plus(2 * DAY));
        assert_eq!(look(HOUR), NOW.plus(3 * HOUR));
    }
}
