//! A path is prepared step by step and put into use as a whole.

use super::super::{
    model::{
        Path,
        path::{NewStep, PathDraft, PathInput, Prepared, StepInput},
    },
    queries,
    rules::{path as rules, vouch::MEMBER_DAYS},
};
use crate::{
    groups::{
        self, Group, Openness,
        actions::decisions::{self, Decision},
        model::decisions::Kind,
    },
    growth,
    shell::{AppError, Work, outbox},
};
use mapalus_core::{
    Event, EventId, GroupId, Millis, PathId, Permit, Refusal, RefusalKind, StepId, TrainingId,
    access::ChangePath, time::DAY,
};
use mapalus_db::{DbError, Tx, params};

fn changed() -> AppError {
    Refusal::new(RefusalKind::Changed, "refusal-changed").into()
}

/// The path in use: its id and number, since when, and its steps. Nothing for a group that has none.
pub(in crate::joining) fn in_use(
    tx: &mut Tx<'_>,
    group: GroupId,
) -> Result<Option<(i64, Millis, Path)>, DbError> {
    let found: Option<(PathId, i64, Millis)> = tx.optional(&queries::path::PATH_IN_USE, &params![group])?;
    found.map(|(id, number, since)| Ok((number, since, queries::path(tx, id)?))).transpose()
}

/// The path in use by its id. Nothing for a group that has none.
pub(in crate::joining) fn walked(tx: &mut Tx<'_>, group: GroupId) -> Result<Option<(PathId, Path)>, DbError> {
    let found: Option<(PathId, i64, Millis)> = tx.optional(&queries::path::PATH_IN_USE, &params![group])?;
    found.map(|(id, ..)| Ok((id, queries::path(tx, id)?))).transpose()
}

/// What the coordinators prepare, or the path in use as they would write it.
pub(in crate::joining) fn prepared(tx: &mut Tx<'_>, group: GroupId) -> Result<Prepared, AppError> {
    let now = in_use(tx, group)?;
    let draft: Option<PathDraft> = tx.optional(&queries::path::PATH_DRAFT, &params![group])?;
    let (number, since) = now.as_ref().map_or((0, Millis(0)), |(number, since, _)| (*number, *since));
    let steps = match (&draft, &now) {
        (Some(draft), _) => serde_json::from_str(&draft.body).map_err(AppError::caused)?,
        (None, Some((_, _, path))) => path.steps.iter().map(|step| StepInput::of(path, step)).collect(),
        (None, None) => Vec::new(),
    };
    Ok(Prepared { steps, number, since, draft })
}

/// How many members of a group may vouch, as far as their membership goes.
pub(in crate::joining) fn givers(tx: &mut Tx<'_>, group: GroupId, now: Millis) -> Result<i64, DbError> {
    groups::settled(tx, group, now.plus(-MEMBER_DAYS * DAY))
}

/// Keeps what is prepared, if nobody changed it since `seen`.
pub fn prepare(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangePath>,
    group: GroupId,
    (before, seen): (&Prepared, i64),
    steps: &[StepInput],
) -> Result<(), AppError> {
    rules::bounded(steps)?;
    let body = serde_json::to_string(steps).map_err(AppError::caused)?;
    let stored = if seen == 0 {
        // Its versions begin at the instant: none of them is that of an earlier draft that was thrown away.
        let row = params![group, body, before.number, work.now, work.actor];
        work.tx.execute(&queries::path::BEGIN_PATH_DRAFT, &row)?
    } else {
        work.tx
            .execute(&queries::path::CHANGE_PATH_DRAFT, &params![group, body, work.now, work.actor, seen])?
    };
    if stored == 0 {
        return Err(changed());
    }
    work.record(permit, group, "prepared")?;
    Ok(())
}

/// Ends what is prepared, if nobody changed it since `seen`.
fn end(work: &mut Work<'_, '_>, group: GroupId, seen: i64) -> Result<(), AppError> {
    if work.tx.execute(&queries::path::END_PATH_DRAFT, &params![group, seen])? == 0 {
        return Err(changed());
    }
    Ok(())
}

/// Throws away what is prepared, if nobody changed it since `seen`.
pub fn discard(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangePath>,
    group: GroupId,
    seen: i64,
) -> Result<(), AppError> {
    end(work, group, seen)?;
    work.record(permit, group, "discarded")?;
    Ok(())
}

/// Puts what is prepared into use, if nobody changed it since `seen`.
pub fn publish_prepared(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangePath>,
    group: &Group,
    (prepared, seen): (Prepared, i64),
    open: bool,
) -> Result<(), AppError> {
    if prepared.version() != seen || prepared.outdated() {
        return Err(changed());
    }
    end(work, group.id, seen)?;
    publish(work, permit, group, Some(prepared.number), &PathInput { items: prepared.steps, open })
}

/// Puts a path into use, if the present one still is that of the number `seen`. Applications under way keep theirs; drafts
/// follow question by question when it can be taken back no longer: an answer goes with the key and kind of its question.
/// What coordinators prepare meanwhile stays, and is told to be outdated.
pub fn publish(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangePath>,
    group: &Group,
    seen: Option<i64>,
    input: &PathInput,
) -> Result<(), AppError> {
    let (steps, openness) = rules::whole(input, group.sign_up)?;
    let found: Option<(PathId, i64, Millis)> =
        work.tx.optional(&queries::path::PATH_IN_USE, &params![group.id])?;
    let offered: Vec<_> = growth::trainings(work.tx, group.id)?.iter().map(|training| training.id).collect();
    rules::has_trainings(&steps, &offered)?;
    let number = found.map_or(0, |(_, number, _)| number);
    if seen.is_some_and(|seen| seen != number) {
        return Err(changed());
    }
    let path = store(work, group.id, number + 1, &steps).map_err(|error| match error {
        DbError::Unique { .. } => changed(),
        other => other.into(),
    })?;
    let event = work.emit_held(&Event::PathChanged { group: group.id, path })?;
    let before = Some(group.sign_up).filter(|before| *before != openness);
    work.tx.execute_one(&queries::path::HOLD_PATH, &params![path, event, before])?;
    if openness != group.sign_up {
        groups::actions::set_openness(work, group, openness)?;
    }
    let (version, word) = ((number + 1).to_string(), openness.word());
    decisions::held(work, group.id, &Decision::of(Kind::Path, &version), path)?;
    if before.is_some() {
        decisions::held(work, group.id, &Decision::of(Kind::SignUp, word), path)?;
    }
    work.record(permit, group.id, "in-use")?;
    Ok(())
}

/// Takes the drafts of a group to a path that stands. Those who have one are told.
pub(in crate::joining) fn carry(
    work: &mut Work<'_, '_>,
    group: GroupId,
    path: PathId,
) -> Result<(), DbError> {
    // First: it waits for a draft that is being saved, and what follows sees the answers then.
    if work.tx.execute(&queries::path::CARRY_DRAFTS, &params![group, path])? == 0 {
        return Ok(());
    }
    work.tx.execute(&queries::path::CARRY_ANSWERS, &params![group, path])?;
    let dropped = work.tx.execute(&queries::path::DROP_ANSWERS, &params![group, path])? > 0;
    super::invited::pass_over(work, group, None)?;
    work.emit(&Event::DraftsCarried { group, path, dropped })?;
    Ok(())
}

/// Takes back a path that was just put into use and that nobody walks yet: what was in use before is again, and the
/// change is prepared as it was, unless another one is by now.
///
/// # Errors
/// `joining-path-too-late`, `joining-path-walked`.
pub fn undo(work: &mut Work<'_, '_>, permit: &Permit<ChangePath>, group: &Group) -> Result<(), AppError> {
    let conflict = |key| AppError::from(Refusal::new(RefusalKind::Conflict, key));
    let last: Option<(PathId, i64, Option<EventId>, Option<Openness>)> =
        work.tx.optional(&queries::path::LAST_PATH, &params![group.id])?;
    let Some((id, number, Some(event), before)) = last else {
        return Err(conflict("joining-path-too-late"));
    };
    let path = queries::path(work.tx, id)?;
    if !outbox::take_back(work, event)? {
        return Err(conflict("joining-path-too-late"));
    }
    if work.tx.scalar::<i64>(&queries::path::WALKED, &params![id])? > 0 {
        return Err(conflict("joining-path-walked"));
    }
    work.tx.execute(&queries::path::DROP_QUESTIONS, &params![id])?;
    work.tx.execute(&queries::path::DROP_STEPS, &params![id])?;
    // Somebody who begins on it at the same moment is not seen above; the database sees them.
    work.tx.execute_one(&queries::path::DROP_PATH, &params![id]).map_err(|error| match error {
        DbError::ForeignKey => conflict("joining-path-walked"),
        other => other.into(),
    })?;
    let earlier = walked(work.tx, group.id)?;
    let asked = earlier.iter().flat_map(|(_, path)| &path.steps).filter_map(|step| step.details.training);
    growth::on_behalf::bind(work, group.id, &asked.collect::<Vec<_>>())?;
    let number = match &earlier {
        Some((earlier, _)) => {
            work.tx.execute_one(&queries::path::RENUMBER_PATH, &params![*earlier, number + 1])?;
            number + 1
        }
        None => 0,
    };
    if let Some(before) = before.filter(|before| *before != group.sign_up) {
        groups::actions::set_openness(work, group, before)?;
    }
    let steps: Vec<StepInput> = path.steps.iter().map(|step| StepInput::of(&path, step)).collect();
    let body = serde_json::to_string(&steps).map_err(AppError::caused)?;
    let row = params![group.id, body, number, work.now, work.actor];
    work.tx.execute(&queries::path::BEGIN_PATH_DRAFT, &row)?;
    decisions::undone(work, id)?;
    work.record(permit, group.id, "taken-back")?;
    Ok(())
}

/// Stores a path of a group.
pub(in crate::joining) fn store(
    work: &mut Work<'_, '_>,
    group: GroupId,
    number: i64,
    steps: &[NewStep],
) -> Result<PathId, DbError> {
    let path: PathId = work.id();
    let asked: Vec<TrainingId> = steps.iter().filter_map(|step| step.details.training).collect();
    growth::on_behalf::bind(work, group, &asked)?;
    work.tx.execute(&queries::path::MAKE_PATH, &params![path, group, number, work.now, work.actor])?;
    let mut block = 0;
    for (place, step) in (0i64..).zip(steps) {
        let id: StepId = work.id();
        block += i64::from(place > 0 && !step.beside);
        let row = params![
            id,
            path,
            place,
            block,
            step.only_if.as_ref(),
            step.kind,
            &step.name,
            &step.text,
            step.days,
            step.remind_days,
            step.overdue,
            step.approvals,
            step.needed,
            step.other_workplace,
            &step.details
        ];
        work.tx.execute(&queries::path::ADD_STEP, &row)?;
        for (place, q) in (0i64..).zip(&step.questions) {
            let row = params![
                id,
                place,
                &q.key,
                q.kind,
                q.required,
                &q.label,
                &q.why,
                q.visible,
                q.delete_days,
                &q.options
            ];
            work.tx.execute(&queries::path::ADD_QUESTION, &row)?;
        }
    }
    Ok(path)
}
