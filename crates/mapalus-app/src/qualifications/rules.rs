//! What a qualification may state, when its end is told, who sees it.

use super::model::{KindFacts, KindInput, NewHeld, NewKind, QualificationInput, Sight};
use crate::{
    people::profile::{Audience, Closeness, sees},
    shell::{
        Checks, Day,
        forms::{self, Wrong},
    },
};
use mapalus_core::{Millis, PersonId, Refusal, RefusalKind};

/// Qualifications that a person may state at most.
pub const MOST_HELD: i64 = 40;
/// Kinds of its own that a group may have at most.
pub const MOST_KINDS: i64 = 40;
/// How many days before the end its holder is told, and on the last day itself.
pub const STAGES: [i64; 4] = [45, 14, 3, 0];
/// The stage at which it is over.
pub const OVER: i64 = -1;

/// Checks what one states to hold.
///
/// # Errors
/// Every field that does not hold.
pub fn stated(input: &QualificationInput, kind: Option<&KindFacts>, today: Day) -> Result<NewHeld, Refusal> {
    let mut checks = Checks::new();
    let kind = checks.field("kind", kind.ok_or_else(|| needed(&input.kind)));
    let number = checks.field("number", forms::line(&input.number, 0, 60));
    let issuer = checks.field("issuer", forms::line(&input.issuer, 0, 120));
    let issued_on = checks.field("issued_on", issued(&input.issued_on, today));
    let valid_until = match (kind, issued_on) {
        (Some(kind), Some(issued_on)) => {
            checks.field("valid_until", until(&input.valid_until, kind.months, issued_on))
        }
        _ => None,
    };
    let audience =
        checks.field("audience", audience(&input.audience, kind.is_some_and(|kind| kind.clearance)));
    let parts = (|| {
        Some(NewHeld {
            kind: kind?.key.clone(),
            number: number?,
            issuer: issuer?,
            issued_on: issued_on?,
            valid_until: valid_until?,
            audience: audience?,
        })
    })();
    checks.done(parts)
}

fn needed(typed: &str) -> Wrong {
    Wrong::plain(if typed.is_empty() { "wrong-needed" } else { "wrong-choice" })
}

fn issued(text: &str, today: Day) -> Result<Option<Day>, Wrong> {
    match Day::typed(text)? {
        Some(day) if day > today => Err(Wrong::plain("qualifications-wrong-issued")),
        day => Ok(day),
    }
}

/// The last day on which it holds: the typed one, or so many months from the day of issue.
fn until(text: &str, months: i64, issued_on: Option<Day>) -> Result<Option<Day>, Wrong> {
    match (Day::typed(text)?, issued_on) {
        (Some(until), Some(issued)) if until < issued => Err(Wrong::plain("qualifications-wrong-until")),
        (Some(until), _) => Ok(Some(until)),
        (None, _) if months == 0 => Ok(None),
        (None, Some(issued)) => Ok(Some(issued.plus_months(months))),
        (None, None) => Err(Wrong::plain("qualifications-wrong-until-needed")),
    }
}

fn audience(text: &str, clearance: bool) -> Result<Audience, Wrong> {
    let chosen = if text.is_empty() { Audience::Groups } else { forms::word(text)? };
    if clearance && !matches!(chosen, Audience::Me | Audience::Groups) {
        return Err(Wrong::plain("qualifications-wrong-audience"));
    }
    Ok(chosen)
}

/// Until when what a group saw holds: not over already; for life only where the kind allows that.
///
/// # Errors
/// `wrong-day`, `qualifications-wrong-over`, `qualifications-wrong-until-needed`.
pub fn seen_until(text: &str, months: i64, today: Day) -> Result<Option<Day>, Refusal> {
    let until = Day::typed(text).and_then(|until| match until {
        Some(day) if day < today => Err(Wrong::plain("qualifications-wrong-over")),
        None if months > 0 => Err(Wrong::plain("qualifications-wrong-until-needed")),
        until => Ok(until),
    });
    until.map_err(|wrong| wrong.at("valid_until"))
}

/// Nobody records their own.
///
/// # Errors
/// `qualifications-not-oneself`.
pub fn not_oneself(actor: PersonId, person: PersonId) -> Result<(), Refusal> {
    if actor == person {
        Err(Refusal::new(RefusalKind::Conflict, "qualifications-not-oneself"))
    } else {
        Ok(())
    }
}

/// Why a group takes back that it has seen one.
///
/// # Errors
/// If it is missing, short or long.
pub fn reason(text: &str) -> Result<String, Refusal> {
    forms::bounded(text, 5, 500).map_err(|wrong| wrong.at("reason"))
}

/// Whether what was just recorded or taken back may be undone by this person.
///
/// # Errors
/// `qualifications-too-late`.
pub fn may_undo(sight: &Sight, actor: PersonId, now: Millis, undo_millis: i64) -> Result<(), Refusal> {
    let (who, at) = match sight.ended_at {
        Some(at) => (sight.ended_by, at),
        None => (sight.seen_by, sight.seen_at),
    };
    if who == Some(actor) && now.0 - at.0 <= undo_millis {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Conflict, "qualifications-too-late"))
}

/// Checks a kind that a group makes.
///
/// # Errors
/// Every field that does not hold.
pub fn kind(input: &KindInput) -> Result<NewKind, Refusal> {
    let mut checks = Checks::new();
    let name = checks.field("name", forms::line(&input.name, 3, 80));
    let issuer = checks.field("issuer", forms::line(&input.issuer, 0, 120));
    let months = match input.months.trim() {
        "" => Ok(0),
        text => text.parse().ok().filter(|months| (0..=120).contains(months)).ok_or(()),
    };
    let months = checks.field("months", months.map_err(|()| Wrong::plain("qualifications-wrong-months")));
    let renewed_by = checks.field("renewed_by", forms::line(&input.renewed_by, 0, 200));
    let parts = (|| {
        Some(NewKind {
            name: name?,
            issuer: issuer?,
            months: months?,
            renewed_by: renewed_by?,
            clearance: input.clearance,
        })
    })();
    checks.done(parts)
}

/// The instant of a stage of an end.
fn stage_at(until: Day, days: i64) -> Millis {
    until.plus_days(-days).begins_at()
}

/// The stages, from the first to the day after the last.
fn stages() -> impl Iterator<Item = i64> {
    STAGES.into_iter().chain([OVER])
}

/// The stage that an end has reached: days that are left, or [`OVER`].
pub fn reached(until: Day, now: Millis) -> Option<i64> {
    stages().filter(|days| stage_at(until, *days) <= now).last()
}

/// When to look again at these ends: at the next stage of any.
pub fn next_look(ends: &[Day], now: Millis) -> Option<Millis> {
    let next = |until: &Day| stages().map(|days| stage_at(*until, days)).find(|at| *at > now);
    ends.iter().filter_map(next).min()
}

/// Whether one this close sees that a person holds a qualification. A clearance is for its holder and those who check.
pub fn shows(audience: Audience, clearance: bool, closeness: Closeness) -> bool {
    if clearance { closeness == Closeness::Oneself } else { sees(closeness, audience) }
}

/// Whether those who check for a group of its holder see it: if it is not the holder's alone, or if the group has seen it.
pub fn shows_to_checker(audience: Audience, seen_here: bool) -> bool {
    seen_here || audience != Audience::Me
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{EventId, GroupId, Id, QualificationId, SeenId, chance::Counted, time::DAY};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn facts(months: i64, clearance: bool) -> KindFacts {
        KindFacts { key: "bls".into(), months, clearance }
    }

    fn input() -> QualificationInput {
        QualificationInput {
            kind: "bls".into(),
            issued_on: "2026-01-31".into(),
            ..QualificationInput::default()
        }
    }

    fn flaw(input: &QualificationInput, kind: &KindFacts) -> (String, &'static str) {
        let flaw = stated(input, Some(kind), day("2026-11-30")).unwrap_err().fields.remove(0);
        (flaw.field, flaw.key)
    }

    #[test]
    fn without_a_last_day_the_kind_says_how_long_it_holds() {
        let held = |months| stated(&input(), Some(&facts(months, false)), day("2026-11-30")).unwrap();
        assert_eq!(held(13).valid_until, Some(day("2027-02-28")));
        assert_eq!(held(0).valid_until, None);
        assert_eq!(held(0).audience, Audience::Groups);
        let never = QualificationInput { issued_on: String::new(), ..input() };
        assert_eq!(
            flaw(&never, &facts(24, false)),
            ("valid_until".into(), "qualifications-wrong-until-needed")
        );
    }

    #[test]
    fn nothing_is_issued_tomorrow_or_ends_before_it_began() {
        let tomorrow = QualificationInput { issued_on: "2026-12-01".into(), ..input() };
        assert_eq!(flaw(&tomorrow, &facts(0, false)), ("issued_on".into(), "qualifications-wrong-issued"));
        let early = QualificationInput { valid_until: "2026-01-30".into(), ..input() };
        assert_eq!(flaw(&early, &facts(0, false)), ("valid_until".into(), "qualifications-wrong-until"));
        assert_eq!(stated(&input(), None, day("2026-11-30")).unwrap_err().fields[0].key, "wrong-choice");
    }

    #[test]
    fn a_clearance_is_shown_to_nobody_but_its_holder_and_those_who_check() {
        let public = QualificationInput { audience: "public".into(), ..input() };
        assert_eq!(flaw(&public, &facts(6, true)), ("audience".into(), "qualifications-wrong-audience"));
        assert!(!shows(Audience::Groups, true, Closeness::SameGroup));
        assert!(shows(Audience::Groups, false, Closeness::SameGroup));
        assert!(shows(Audience::Me, true, Closeness::Oneself));
        assert!(shows_to_checker(Audience::Groups, false) && !shows_to_checker(Audience::Me, false));
        assert!(shows_to_checker(Audience::Me, true), "what the group has seen it knows");
    }

    #[test]
    fn an_end_is_told_at_each_stage_and_looked_at_until_it_is_over() {
        let until = day("2027-03-01");
        let at = |days: i64| until.plus_days(-days).begins_at();
        assert_eq!(reached(until, at(46)), None);
        assert_eq!(reached(until, at(45)), Some(45));
        assert_eq!(reached(until, at(10)), Some(14), "whoever looks late tells the latest alone");
        assert_eq!(reached(until, at(0).plus(DAY - 1)), Some(0), "the last day counts");
        assert_eq!(reached(until, at(-1)), Some(OVER));
        let next = |now| next_look(&[until, until.plus_days(90)], now);
        assert_eq!(next(at(60)), Some(at(45)));
        assert_eq!(next(at(3)), Some(at(0)));
        assert_eq!(next(at(-1)), Some(until.plus_days(45).begins_at()));
        assert_eq!(next_look(&[until], at(-1)), None);
    }

    #[test]
    fn what_is_seen_is_not_over_already() {
        let seen = |text, months| seen_until(text, months, day("2026-11-30")).map_err(|r| r.fields[0].key);
        assert_eq!(seen("2026-11-29", 6), Err("qualifications-wrong-over"));
        assert_eq!(seen("2026-11-30", 6), Ok(Some(day("2026-11-30"))));
        assert_eq!(seen("", 6), Err("qualifications-wrong-until-needed"));
        assert_eq!(seen("", 0), Ok(None));
    }

    #[test]
    fn who_recorded_it_undoes_it_while_nobody_was_told() {
        let chance = Counted::default();
        let (own, other) = (PersonId::new(Millis(0), &chance), PersonId::new(Millis(0), &chance));
        let sight = Sight {
            id: SeenId::new(Millis(0), &chance),
            qualification_id: QualificationId::new(Millis(0), &chance),
            group_id: GroupId::new(Millis(0), &chance),
            group_name: String::new(),
            valid_until: None,
            seen_at: Millis(0),
            seen_by: Some(own),
            seer: String::new(),
            event_id: Some(EventId::new(Millis(0), &chance)),
            ended_at: None,
            ended_by: None,
            reason: String::new(),
            replaces: None,
        };
        assert!(may_undo(&sight, own, Millis(20_000), 20_000).is_ok());
        assert!(may_undo(&sight, own, Millis(20_001), 20_000).is_err());
        assert!(may_undo(&sight, other, Millis(1), 20_000).is_err());
    }
}
