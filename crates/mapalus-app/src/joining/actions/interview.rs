//! Times for interviews are offered, taken, moved; how they went is noted.

use super::{
    super::{
        model::{
            Actor, Application, Path, Step, StepKind,
            interview::{Course, Interview, InterviewAlarm, InterviewState, ResultInput, Slot},
        },
        queries,
        rules::{self, interview as rule},
    },
    advance, hold,
};
use crate::{
    groups,
    shell::{
        App, AppError, Work,
        forms::{self, Wrong},
        outbox,
    },
};
use mapalus_core::{
    ApplicationId, Event, EventId, GroupId, InterviewId, Millis, Permission, Permit, PersonId, Refusal,
    RefusalKind, SlotId,
    access::{NoteInterview, UseApplication},
    time::DAY,
};
use mapalus_db::{DbError, Tx, params};

mod offering;

use offering::call_off;
pub use offering::{cancel_slot, move_slot, offer};
pub(in crate::joining) use offering::{left, names, restart, slot};

fn conflict(key: &'static str) -> AppError {
    Refusal::new(RefusalKind::Conflict, key).into()
}

/// The interviews of an application, if its path has one.
pub(in crate::joining) fn of(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    path: &Path,
) -> Result<Vec<Interview>, DbError> {
    let talks = path.steps.iter().any(|step| step.kind == StepKind::Interview);
    if talks { tx.all(&queries::interview::INTERVIEWS, &params![application]) } else { Ok(Vec::new()) }
}

/// The times that an applicant may take at a step.
pub(in crate::joining) fn free(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
    now: Millis,
) -> Result<Vec<Slot>, DbError> {
    let row = params![application.group_id, &step.name, now, application.person_id];
    tx.all(&queries::interview::FREE_SLOTS, &row)
}

/// The interview of a step that is under way.
fn open_of(interviews: Vec<Interview>, step: &Step) -> Option<Interview> {
    interviews.into_iter().find(|interview| interview.step_id == step.id && interview.open())
}

/// Takes a time, or another one instead: the last place of it goes to one.
pub fn take(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
    wanted: &str,
) -> Result<(), AppError> {
    let step = rules::may_do(application, path, StepKind::Interview, None)?;
    if wanted.is_empty() {
        return Err(Wrong::plain("wrong-needed").at("slot").into());
    }
    let slot: SlotId = wanted.parse().map_err(|_| Wrong::plain("wrong-choice").at("slot"))?;
    hold(work, application)?;
    let open = open_of(of(work.tx, application.id, path)?, step);
    let before = open.as_ref().and_then(Interview::at);
    if let Some((old, starts_at, _)) = before {
        if old == slot {
            return Ok(());
        }
        rule::may_change(step, starts_at, work.now)?;
    }
    // In the order of their ids: two who exchange theirs do not wait for one another.
    let old = before.map(|(old, ..)| old);
    if let Some(old) = old.filter(|old| *old < slot) {
        work.tx.execute(&queries::interview::GIVE_SEAT, &params![old])?;
    }
    let seat = params![slot, application.group_id, &step.name, work.now, application.person_id];
    if work.tx.execute(&queries::interview::TAKE_SEAT, &seat)? == 0 {
        return Err(Wrong::plain("joining-interview-gone").at("slot").into());
    }
    if let Some(old) = old.filter(|old| *old > slot) {
        work.tx.execute(&queries::interview::GIVE_SEAT, &params![old])?;
    }
    let at = self::slot(work.tx, application.group_id, slot)?;
    let look = rule::remind_at(at.starts_at, at.ends_at, work.now);
    let (interview, sequence) =
        open.as_ref().map_or_else(|| (work.id(), 0), |open| (open.id, open.sequence + 1));
    let id = application.id;
    if let Some((before, old)) = open.as_ref().zip(old) {
        let told = told(work, before)?;
        // Another one may interview at the other time: who was to do it before, and knows of it, is told first.
        if told.is_some_and(|told| Some(told) == before.host_id && told != at.host_id) {
            let off =
                Event::InterviewOff { interview, application: id, slot: old, sequence, by_group: false };
            work.emit_held(&off)?;
        }
    }
    let event =
        work.emit_held(&Event::InterviewSet { interview, application: id, sequence, moved: false })?;
    let taken = InterviewState::Taken;
    match &open {
        Some(open) => {
            let row = params![open.id, slot, taken, work.now, event, look, open.sequence, ""];
            work.tx.execute_one(&queries::interview::CHANGE, &row)?;
        }
        None => {
            let row = params![interview, id, step.id, slot, taken, work.now, event, look];
            work.tx.execute(&queries::interview::BEGIN, &row)?;
        }
    }
    work.record(permit, application.id, "interview-taken")?;
    Ok(())
}

/// The interview step that is open, held against others who would change it, and how the interview at it stands.
fn held_open<'p>(
    work: &mut Work<'_, '_>,
    application: &Application,
    path: &'p Path,
) -> Result<(&'p Step, Option<Interview>), AppError> {
    let step = rules::may_do(application, path, StepKind::Interview, None)?;
    hold(work, application)?;
    Ok((step, open_of(of(work.tx, application.id, path)?, step)))
}

/// Gives a time back that was taken.
pub fn leave(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
) -> Result<(), AppError> {
    let (step, open) = held_open(work, application, path)?;
    let taken = open.as_ref().and_then(|open| open.at().map(|at| (open, at)));
    let (open, (slot, starts_at, _)) = taken.ok_or_else(|| conflict("joining-interview-none"))?;
    rule::may_change(step, starts_at, work.now)?;
    give_back(work, open, (slot, starts_at))?;
    if step.due(application.step_since) <= work.now {
        // There is as long to choose another time as at first.
        work.tx.execute_in(&queries::remind::RESTART, &params![work.now], &[application.id])?;
    }
    work.record(permit, application.id, "interview-left")?;
    Ok(())
}

/// An interview that stands as it was read has no time any more.
fn timeless(
    work: &mut Work<'_, '_>,
    id: InterviewId,
    state: InterviewState,
    sequence: i64,
) -> Result<(), DbError> {
    let (slot, event, look) = (None::<SlotId>, None::<EventId>, None::<Millis>);
    let row = params![id, slot, state, work.now, event, look, sequence, ""];
    work.tx.execute_one(&queries::interview::CHANGE, &row)
}

/// Keeps who was told of the time of an interview, if it still is as it was told.
pub(in crate::joining) fn heard(
    work: &mut Work<'_, '_>,
    id: InterviewId,
    sequence: i64,
) -> Result<(), DbError> {
    work.tx.execute(&queries::interview::TOLD, &params![id, sequence])?;
    Ok(())
}

/// Keeps that those who knew of a time were told that an interview is not then.
pub(in crate::joining) fn unheard(
    work: &mut Work<'_, '_>,
    id: InterviewId,
    slot: SlotId,
) -> Result<(), DbError> {
    work.tx.execute(&queries::interview::UNTOLD, &params![id, slot])?;
    Ok(())
}

/// Who knows of the time of an interview from us, after what would tell of it is taken back: kept, where that is out.
fn told(work: &mut Work<'_, '_>, taken: &Interview) -> Result<Option<PersonId>, DbError> {
    let out = match taken.event_id {
        Some(event) => !outbox::take_back(work, event)?,
        None => false,
    };
    if !out {
        return Ok(taken.told_to);
    }
    heard(work, taken.id, taken.sequence)?;
    Ok(taken.host_id)
}

/// Gives the place of an interview back, and tells those who know of it, if it was still to come.
fn give_back(
    work: &mut Work<'_, '_>,
    taken: &Interview,
    (slot, starts_at): (SlotId, Millis),
) -> Result<(), DbError> {
    let told = told(work, taken)?;
    work.tx.execute(&queries::interview::GIVE_SEAT, &params![slot])?;
    timeless(work, taken.id, InterviewState::Free, taken.sequence)?;
    if told.is_some() && starts_at > work.now {
        let (interview, application) = (taken.id, taken.application_id);
        let sequence = taken.sequence + 1;
        work.emit_held(&Event::InterviewOff { interview, application, slot, sequence, by_group: false })?;
    }
    Ok(())
}

/// Says that none of the times suits, or that there are none.
pub fn want(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
) -> Result<(), AppError> {
    let (step, open) = held_open(work, application, path)?;
    let interview = match open {
        Some(open) if open.state == InterviewState::Wanted => return Ok(()),
        Some(open) if open.state == InterviewState::Taken => {
            return Err(conflict("joining-interview-is-taken"));
        }
        Some(open) => {
            timeless(work, open.id, InterviewState::Wanted, open.sequence)?;
            open.id
        }
        None => {
            let id: InterviewId = work.id();
            let row = params![
                id,
                application.id,
                step.id,
                None::<SlotId>,
                InterviewState::Wanted,
                work.now,
                None::<EventId>,
                None::<Millis>
            ];
            work.tx.execute(&queries::interview::BEGIN, &row)?;
            id
        }
    };
    work.emit_held(&Event::InterviewWanted { interview, application: application.id })?;
    work.record(permit, application.id, "interview-wanted")?;
    Ok(())
}

/// Notes how an interview went. Held, the application goes on; gives whether it does. Who did not come may choose
/// another time, and the time of the step begins anew.
pub fn note(
    work: &mut Work<'_, '_>,
    permit: &Permit<NoteInterview>,
    application: &Application,
    path: &Path,
    input: &ResultInput,
) -> Result<bool, AppError> {
    let coordinator = permit.signed_in()?;
    let result = forms::word::<Course>(&input.result).map_err(|wrong| wrong.at("result"))?;
    let note = forms::bounded(&input.note, 0, 1_000).map_err(|wrong| wrong.at("interview_note"))?;
    let interviews = of(work.tx, application.id, path)?;
    let own = coordinator == application.person_id;
    let (interview, step) = rule::may_note((application, path), &interviews, own, result, work.now)?;
    let state = match result {
        Course::Held => InterviewState::Held,
        Course::Unsuited => InterviewState::Unsuited,
        Course::Missed => InterviewState::Missed,
    };
    let row = params![interview.id, state, &note, coordinator, work.now, interview.sequence];
    work.tx.execute_one(&queries::interview::NOTE, &row)?;
    let (id, group, person) = (application.id, application.group_id, application.person_id);
    let goes_on = result != Course::Missed;
    if goes_on {
        let (after, _) = advance(work, application.clone(), path, step, "")?;
        if after.place != application.place {
            work.emit_held(&Event::ApplicationMoved { application: id, group, person })?;
        }
    } else {
        let mut again = application.clone();
        again.step_since = work.now;
        queries::keep(work.tx, &again)?;
        if interview.state != InterviewState::Missed {
            work.emit_held(&Event::InterviewMissed { interview: interview.id, application: id })?;
        }
    }
    work.record(permit, id, "")?;
    Ok(goes_on)
}

/// Gives back what an application has taken at a step that is over: skipped, or ended with the application. To be called when
/// the time to undo that is over.
pub(in crate::joining) fn settle(work: &mut Work<'_, '_>, id: ApplicationId) -> Result<(), DbError> {
    give_up(work, id, false)
}

/// Gives back what an application has taken: at steps that are over, or at all of them.
fn give_up(work: &mut Work<'_, '_>, id: ApplicationId, all: bool) -> Result<(), DbError> {
    let found: Option<Application> = work.tx.optional(&queries::APPLICATION, &params![id, true])?;
    let Some(application) = found else {
        return Ok(());
    };
    let path = queries::walk(work.tx, &application)?;
    for taken in of(work.tx, id, &path)? {
        let open = path.open(&application).any(|step| step.id == taken.step_id);
        // What was decided on may be undone: one who waits keeps the time.
        let waits = application.state == super::ApplicationState::Waiting;
        if let Some((slot, starts_at, _)) = taken.at().filter(|_| all || !(open || waits)) {
            give_back(work, &taken, (slot, starts_at))?;
        }
    }
    Ok(())
}

/// Gives back all that was taken in a group that was closed for good.
pub(super) fn settle_group(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), DbError> {
    let taken: Vec<(ApplicationId,)> = work.tx.all(&queries::interview::TAKEN_IN, &params![group])?;
    taken.into_iter().try_for_each(|(application,)| give_up(work, application, true))
}

/// Gives back all that a person has taken, and cancels what they were to hold.
pub(in crate::joining) fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    let taken: Vec<(ApplicationId,)> = work.tx.all(&queries::interview::TAKEN_BY, &params![person])?;
    taken.into_iter().try_for_each(|(application,)| give_up(work, application, true))?;
    let hosted: Vec<(SlotId, GroupId)> =
        work.tx.all(&queries::interview::HOSTED, &params![person, work.now])?;
    for (id, group) in hosted {
        let slot: Slot = work.tx.one(&queries::interview::SLOT, &params![id, group])?;
        work.tx.execute_one(&queries::interview::CANCEL_SLOT, &params![id, "", slot.version])?;
        call_off(work, id, true)?;
    }
    work.tx.execute(&queries::interview::FORGET_NOTES_OF, &params![person])?;
    work.tx.execute(&queries::interview::FORGET_NOTES_BY, &params![person])?;
    Ok(())
}

/// Whose turn it is at an interview.
pub(in crate::joining) fn turn(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
    now: Millis,
) -> Result<Option<Actor>, DbError> {
    let all: Vec<Interview> = tx.all(&queries::interview::INTERVIEWS, &params![application.id])?;
    let open = open_of(all, step);
    let row = params![application.group_id, &step.name, now, application.person_id];
    let free: i64 = tx.scalar(&queries::interview::COUNT_FREE, &row)?;
    Ok(rule::turn(open.as_ref(), free > 0, now))
}

/// Who is to act at an interview now.
pub(super) fn owing(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
    now: Millis,
) -> Result<Vec<PersonId>, DbError> {
    match turn(tx, application, step, now)? {
        None => Ok(Vec::new()),
        Some(Actor::Applicant) => Ok(vec![application.person_id]),
        Some(_) => {
            let mut people = groups::holders(tx, application.group_id, Permission::Applications)?;
            people.retain(|one| *one != application.person_id);
            Ok(people)
        }
    }
}

/// Reminds of interviews for which it is time.
pub(super) fn remind(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let alarms: Vec<InterviewAlarm> = work.tx.all(&queries::interview::ALARMS, &params![work.now])?;
    for alarm in alarms {
        let asks_at = rule::asks_at(alarm.ends_at);
        let next = (work.now < asks_at).then_some(asks_at);
        let row = params![alarm.id, alarm.remind_at, next];
        let ours = work.tx.execute(&queries::interview::SET_ALARM, &row)? == 1;
        let over = next.is_none();
        // Whoever looks while it is held has nothing to say.
        if ours && (over || work.now < alarm.starts_at) {
            let (interview, application, sequence) = (alarm.id, alarm.application_id, alarm.sequence);
            work.emit(&Event::InterviewDue { interview, application, sequence, over })?;
        }
    }
    Ok(())
}

/// Deletes notes whose time after the decision is over, those of 200 applications at a time.
///
/// # Errors
/// The database's error; what was deleted before stays deleted.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    loop {
        let before = app.clock.now().plus(-super::screening::KEPT_DAYS * DAY);
        let old: Vec<(ApplicationId,)> = app
            .db
            .read("joining::old_notes", move |tx| tx.all(&queries::interview::OLD_NOTES, &params![before]))
            .await?;
        if old.is_empty() {
            return Ok(());
        }
        app.write_as(None, "joining::sweep_notes", move |work| {
            let ids: Vec<ApplicationId> = old.iter().map(|(id,)| *id).collect();
            work.tx.execute_in(&queries::interview::DROP_NOTES, &[], &ids)?;
            Ok::<_, DbError>(())
        })
        .await?;
    }
}
