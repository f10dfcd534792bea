//! Those who owe something are reminded: found by an alarm on the row, held by a key, told by an event.

use super::{
    super::{
        model::{
            Actor, Application, ApplicationState, Overdue, Path, Step, StepKind,
            remind::{Stage, StepAlarm, VouchAlarm},
            vouch::Vouch,
        },
        queries,
        rules::{self, remind::Debt, sending::DraftLook, vouch},
    },
    vouch::counted,
};
use crate::{
    groups,
    shell::{App, AppError, Work, locale},
};
use mapalus_core::{Event, MembershipState, Millis, Permission, PersonId, StepId, time::DAY};
use mapalus_db::{DbError, Tx, params};

/// Reminds of everything for which it is time, twenty steps and twenty requests in a write. On several nodes at once each reminder
/// still goes out once.
///
/// # Errors
/// The database's error; what was done before stays done.
pub async fn remind(app: &App) -> Result<(), AppError> {
    app.while_due("joining::remind", &queries::remind::NEXT_ALARM, |work| {
        remind_steps(work)?;
        super::interview::remind(work)?;
        Ok(remind_vouches(work)?)
    })
    .await
}

fn remind_steps(work: &mut Work<'_, '_>) -> Result<(), AppError> {
    let alarms: Vec<StepAlarm> = work.tx.all(&queries::remind::STEP_ALARMS, &params![work.now])?;
    'alarms: for alarm in alarms {
        let application: Application = work.tx.one(&queries::APPLICATION, &params![alarm.id, true])?;
        if super::settled(super::vouch::settle(work, &application))? {
            // Who may vouch has changed with time: it moved on, and its next step set a look of its own.
            continue;
        }
        let path = queries::walk(work.tx, &application)?;
        let (since, once) = (application.step_since, application.state == ApplicationState::Draft);
        let mut next: Option<Millis> = None;
        for step in path.open(&application) {
            let debt = Debt { since, due_at: step.due(since), remind_days: step.remind_days, once };
            let look = debt.look(work.now);
            let closes = look.stage == Some(Stage::Passed) && step.overdue == Overdue::Close;
            if closes && step.kind == StepKind::Interview {
                // What the coordinators left undone ends nobody's application: it is looked at again, and when there is a
                // time to take, the step begins anew.
                let turn = super::interview::turn(work.tx, &application, step, work.now)?;
                if turn != Some(Actor::Applicant) {
                    remind_of(work, &application, step, Stage::Passed)?;
                    next = next.into_iter().chain([work.now.plus(DAY)]).min();
                    continue;
                }
            }
            if closes {
                let (turn, waited) = super::training::turn_since(work.tx, &application, step, work.now)?;
                if rules::training::closes(step, turn) && waited {
                    // Who stood in line in vain until their time was over has it anew: the look is set with it.
                    work.tx.execute_in(&queries::remind::RESTART, &params![work.now], &[alarm.id])?;
                    continue 'alarms;
                }
                if rules::training::closes(step, turn) {
                    // Ended with it: nothing else is owed.
                    lapse(work, &application, step)?;
                    next = None;
                    break;
                }
                // It closes when others have done their part, and the applicant not theirs.
                next = next.into_iter().chain([work.now.plus(DAY)]).min();
            }
            if let Some(stage) = look.stage {
                remind_of(work, &application, step, stage)?;
            }
            next = next.into_iter().chain(look.next).min();
        }
        if application.state == ApplicationState::Draft {
            let Some(look) = draft(work, &application, &path)? else { continue };
            next = next.into_iter().chain([look]).min();
        }
        work.tx.execute(&queries::remind::SET_STEP_ALARM, &params![alarm.id, alarm.remind_at, next])?;
    }
    Ok(())
}

/// What becomes of a draft that lies: its applicant is told that it ends, and it does. Gives when to look again; nothing
/// for one that has ended.
fn draft(
    work: &mut Work<'_, '_>,
    application: &Application,
    path: &Path,
) -> Result<Option<Millis>, AppError> {
    let (id, person) = (application.id, application.person_id);
    let saved_at: Millis = work.tx.scalar(&queries::sending::SAVED_AT, &params![id])?;
    let ends_at = rules::sending::draft_ends(saved_at);
    let warned_at: Option<Millis> =
        work.tx.scalar(&queries::sending::WARNED_AT, &params![id, person, ends_at])?;
    match rules::sending::draft(saved_at, warned_at, work.now) {
        DraftLook::Later(at) => Ok(Some(at)),
        DraftLook::Warn(again) => {
            // Kept under the first of its steps: a path without any has no drafts.
            if let Some(step) = path.steps.first() {
                let row = params![id, step.id, person, Stage::Before, ends_at, work.now];
                if work.tx.execute(&queries::remind::REMIND, &row)? == 1 {
                    work.emit(&Event::DraftEnds { application: id, person, at: again.max(ends_at) })?;
                }
            }
            Ok(Some(again.max(ends_at)))
        }
        DraftLook::End => {
            super::give_up(work, application)?;
            Ok(None)
        }
    }
}

/// Reminds those who owe a step; tells those who run the group when its deadline has passed and its path says so.
fn remind_of(
    work: &mut Work<'_, '_>,
    application: &Application,
    step: &Step,
    stage: Stage,
) -> Result<(), DbError> {
    let due_at = step.due(application.step_since);
    let passed = stage == Stage::Passed;
    let (id, of) = (application.id, step.id);
    let owing = owing(work.tx, application, step, work.now)?;
    for person in &owing {
        let row = params![id, of, *person, stage, due_at, work.now];
        if work.tx.execute(&queries::remind::REMIND, &row)? == 1 {
            work.emit(&Event::StepDue { application: id, step: of, person: *person, due_at, passed })?;
        }
    }
    if passed && step.overdue == Overdue::Escalate {
        for person in groups::holders(work.tx, application.group_id, Permission::Path)? {
            let row = params![id, of, person, stage, due_at, work.now];
            if work.tx.execute(&queries::remind::REMIND, &row)? == 1 {
                work.emit(&Event::StepEscalated { application: id, step: of, person, due_at })?;
            }
        }
    }
    Ok(())
}

/// Ends an application of which a step was not done in time, with the reason in the language of the group.
fn lapse(work: &mut Work<'_, '_>, application: &Application, step: &Step) -> Result<(), AppError> {
    let (id, group, person) = (application.id, application.group_id, application.person_id);
    let standing = groups::standing_of(work.tx, group, Some(person))?;
    let joining = [Some(MembershipState::Applied), Some(MembershipState::Accepted)];
    if !standing.is_some_and(|standing| joining.contains(&standing.membership)) {
        // Who has left, or was barred, owes nothing any more.
        return Ok(());
    }
    let arguments = [("step", step.name.as_str().into())];
    let mut changed = application.clone();
    changed.state = ApplicationState::Declined;
    changed.decided_at = Some(work.now);
    changed.reason = locale::message(application.lang, "joining-lapsed", &arguments);
    queries::keep(work.tx, &changed)?;
    work.tx.execute(&queries::vouch::CANCEL_ALL, &params![id])?;
    groups::actions::move_membership(work, group, person, MembershipState::Left, "lapsed")?;
    work.emit(&Event::ApplicationLapsed { application: id, step: step.id })?;
    Ok(())
}

fn remind_vouches(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let alarms: Vec<VouchAlarm> = work.tx.all(&queries::remind::VOUCH_ALARMS, &params![work.now])?;
    for alarm in alarms {
        let (vouch, application) = (alarm.id, alarm.application_id);
        let debt = Debt {
            since: alarm.asked_at,
            due_at: alarm.ends_at,
            remind_days: alarm.remind_days,
            once: false,
        };
        let look = debt.look(work.now);
        let ours = work
            .tx
            .execute(&queries::remind::SET_VOUCH_ALARM, &params![vouch, alarm.remind_at, look.next])?;
        match (look.stage, alarm.giver_id) {
            _ if ours == 0 => {}
            (Some(Stage::Before), Some(giver)) => {
                let row = params![application, alarm.step_id, giver, Stage::Before, alarm.ends_at, work.now];
                if work.tx.execute(&queries::remind::REMIND, &row)? == 1 {
                    work.emit(&Event::VouchDue { vouch, application })?;
                }
            }
            // Also of an address that is no member's: the applicant cannot tell the one from the other.
            (Some(Stage::Passed), _) => {
                work.emit(&Event::VouchEnded { vouch, application })?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Who is to act at a step now: the applicant; for a decision all who may decide and have not accepted. Of vouches
/// the applicant owes what nobody was asked for. Nobody, if the group has barred the applicant or
/// they have left.
pub(in crate::joining) fn owing(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
    now: Millis,
) -> Result<Vec<PersonId>, DbError> {
    use MembershipState::{Excluded, Suspended};
    let person = application.person_id;
    let standing = groups::standing_of(tx, application.group_id, Some(person))?;
    let membership = standing.and_then(|standing| standing.membership);
    let barred = matches!(membership, Some(Suspended | Excluded));
    if barred || rules::still_joining(application, membership).is_err() {
        return Ok(Vec::new());
    }
    match step.kind {
        StepKind::Form | StepKind::Agreement => Ok(vec![person]),
        StepKind::Vouch => {
            let (given, workplaces) = counted(tx, application, step, now)?;
            let asked: Vec<Vouch> = tx.all(&queries::vouch::VOUCHES, &params![application.id])?;
            let open = asked.iter().filter(|vouch| vouch.step_id == step.id && vouch.open(now)).count();
            let missing = vouch::missing(step, &workplaces, &given);
            Ok(if missing > i64::try_from(open).unwrap_or(i64::MAX) { vec![person] } else { Vec::new() })
        }
        StepKind::Acquaintance => super::acquaintance::owing(tx, application, step),
        StepKind::Screening => super::screening::owing(tx, application, step),
        StepKind::Training => super::training::owing(tx, application, step, now),
        StepKind::Interview => super::interview::owing(tx, application, step, now),
        StepKind::Decision => {
            let accepted: Vec<(PersonId,)> =
                tx.all(&queries::ACCEPTED_BY, &params![application.id, step.id])?;
            let mut people = groups::holders(tx, application.group_id, Permission::Applications)?;
            people.retain(|one| *one != person && accepted.iter().all(|(by,)| by != one));
            Ok(people)
        }
    }
}

/// Whether a step still is what an event spoke of: one that is open, with that deadline.
pub(in crate::joining) fn still_due<'p>(
    application: &Application,
    path: &'p Path,
    (step, due_at): (StepId, Millis),
) -> Option<&'p Step> {
    path.open(application).find(|open| open.id == step && open.due(application.step_since) == due_at)
}
