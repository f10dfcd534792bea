//! Those who train say how each did; who passes holds what the training grants.

use super::{
    super::{
        model::{Enrolment, Noted, Sitting, State, Training},
        queries, rules,
    },
    conflict,
};
use crate::{
    qualifications::{self, model::KindFacts},
    shell::{AppError, Day, Work, outbox},
};
use mapalus_core::{Event, EventId, GroupId, Millis, Permit, PersonId, SeenId, access::RunTrainings};
use mapalus_db::params;

/// A group and its name.
type Named<'g> = (GroupId, &'g str);

/// Notes how somebody did, who is told when the time to undo it is over; who passes holds what the training grants,
/// seen by the one who trains.
///
/// # Errors
/// `refusal-changed`, if others noted something meanwhile.
pub fn note_outcome(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    of: (&Training, &Sitting, &str),
    enrolment: &Enrolment,
    outcome: (State, &str),
) -> Result<(), AppError> {
    let facts = qualifications::actions::facts(work.tx, &of.0.grants)?;
    note(work, permit, (of, facts.as_ref()), enrolment, outcome)
}

/// The same, with what is known of the kind that the training grants.
fn note(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    ((training, sitting, group_name), facts): ((&Training, &Sitting, &str), Option<&KindFacts>),
    enrolment: &Enrolment,
    (state, word): (State, &str),
) -> Result<(), AppError> {
    let (group, person) = (training.group_id, enrolment.person_id);
    if (enrolment.state, enrolment.word.as_str()) == (state, word) {
        // The same again tells nobody anything.
        return Ok(());
    }
    let before: Option<EventId> = work.tx.scalar(&queries::OUTCOME_EVENT, &params![enrolment.id])?;
    // Corrected before anybody was told: the new word alone is told.
    let untold = match before {
        Some(before) => outbox::take_back(work, before)?,
        None => false,
    };
    let event = work.emit_held(&Event::TrainingAssessed { group, person, enrolment: enrolment.id })?;
    let passes = state == State::Passed && enrolment.state != State::Passed;
    let seen = match facts.filter(|_| passes) {
        Some(facts) => grant(work, permit, (group, group_name), (facts, sitting), person)?,
        None => None,
    };
    let row = params![enrolment.id, state, word, event, work.now, untold, work.actor, seen, enrolment.state];
    work.tx.execute_one(&queries::SET_OUTCOME, &row)?;
    work.record(permit, enrolment.id, state.word())?;
    Ok(())
}

/// Notes the same of all who had a seat and of whom nothing was noted yet, forty at most; how many they are.
///
/// # Errors
/// `growth-nobody-left`; those of [`note_outcome`].
pub fn note_all(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    of: (&Training, &Sitting, &str),
    state: State,
) -> Result<usize, AppError> {
    let rows: Vec<Enrolment> =
        work.tx.all(&queries::UNTOLD, &params![of.1.id, permit.signed_in()?, rules::MOST_AT_ONCE])?;
    if rows.is_empty() {
        return Err(conflict("growth-nobody-left"));
    }
    let facts = qualifications::actions::facts(work.tx, &of.0.grants)?;
    for enrolment in &rows {
        note(work, permit, (of, facts.as_ref()), enrolment, (state, ""))?;
    }
    Ok(rows.len())
}

/// A kind that is no longer offered is granted no more: the pass stands without it. It is valid from the date on, not
/// from when it was noted.
fn grant(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    group: Named<'_>,
    (facts, sitting): (&KindFacts, &Sitting),
    person: PersonId,
) -> Result<Option<SeenId>, AppError> {
    let held = Millis(sitting.ends_at.0.min(work.now.0));
    let until = match facts.months {
        0 => String::new(),
        months => {
            let until = Day::of(held).plus_months(months);
            if until < Day::of(work.now) {
                return Ok(None);
            }
            until.to_string()
        }
    };
    let what = (facts.key.as_str(), until.as_str());
    qualifications::actions::see(work, permit, group, person, what).map(Some)
}

/// Undoes what one noted last of a date: what stood before stands again, and nobody is told.
///
/// # Errors
/// `growth-too-late`.
pub fn undo_outcomes(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    sitting: &Sitting,
) -> Result<(), AppError> {
    let too_late = || conflict("growth-too-late");
    let (actor, since) = (permit.signed_in()?, work.now.plus(-work.undo_millis));
    let mut noted: Vec<Noted> = work.tx.all(&queries::NOTED, &params![sitting.id, actor, since])?;
    noted.retain(|noted| noted.person_id != actor);
    if noted.is_empty() {
        return Err(too_late());
    }
    for one in &noted {
        let taken = match one.event_id {
            Some(event) => outbox::take_back(work, event)?,
            None => false,
        };
        if !taken {
            return Err(too_late());
        }
        if let Some(seen) = one.seen_id {
            let sight = qualifications::sight(work.tx, sitting.group_id, &seen.to_string())?;
            qualifications::actions::undo(work, permit, (&sight.0, sight.1))?;
        }
        work.tx.execute_one(&queries::SET_BACK, &params![one.id])?;
        work.record(permit, one.id, "undone")?;
    }
    Ok(())
}
