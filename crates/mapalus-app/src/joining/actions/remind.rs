//! Those who owe something are reminded: found by an alarm on the row, held by a key, told by an event.

use super::{
    super::{
        model::{
            Application, ApplicationState, Path, Step, StepKind,
            remind::{Stage, StepAlarm, VouchAlarm},
            vouch::Vouch,
        },
        queries,
        rules::{self, remind::Debt, vouch},
    },
    vouch::counted,
};
use crate::{
    groups,
    shell::{App, Work},
};
use mapalus_core::{ApplicationId, Event, MembershipState, Millis, Permission, PersonId, StepId, time::DAY};
use mapalus_db::{DbError, Tx, params};

/// Reminds of everything for which it is time, twenty steps and twenty requests in a write. On several nodes at once each reminder
/// still goes out once.
///
/// # Errors
/// The database's error; what was done before stays done.
pub async fn remind(app: &App) -> Result<(), DbError> {
    loop {
        let now = app.clock.now();
        let next = app
            .db
            .read("joining::next_alarm", |tx| tx.scalar::<Option<Millis>>(&queries::remind::NEXT_ALARM, &[]));
        if next.await?.is_none_or(|at| at > now) {
            return Ok(());
        }
        app.write_as(None, "joining::remind", |work| {
            remind_steps(work)?;
            remind_vouches(work)
        })
        .await?;
    }
}

fn remind_steps(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let alarms: Vec<StepAlarm> = work.tx.all(&queries::remind::STEP_ALARMS, &params![work.now])?;
    for alarm in alarms {
        let mut next = None;
        if let (Some(days), Some(remind_days)) = (alarm.days, alarm.remind_days) {
            let (since, once) = (alarm.step_since, alarm.state == ApplicationState::Draft);
            let debt = Debt { since, due_at: since.plus(days * DAY), remind_days, once };
            let look = debt.look(work.now);
            if let Some(stage) = look.stage {
                remind_of(work, alarm.id, debt.due_at, stage)?;
            }
            next = look.next;
        }
        work.tx.execute(&queries::remind::SET_STEP_ALARM, &params![alarm.id, alarm.remind_at, next])?;
    }
    Ok(())
}

fn remind_of(
    work: &mut Work<'_, '_>,
    id: ApplicationId,
    due_at: Millis,
    stage: Stage,
) -> Result<(), DbError> {
    let application: Application = work.tx.one(&queries::APPLICATION, &params![id, true])?;
    let path = queries::path(work.tx, application.path_id)?;
    let next = path.at(application.place).map(|step| step.id);
    let Some(step) = next.and_then(|next| still_due(&application, &path, (next, due_at))) else {
        return Ok(());
    };
    for person in owing(work.tx, &application, step, work.now)? {
        let row = params![application.id, step.id, person, stage, due_at, work.now];
        if work.tx.execute(&queries::remind::REMIND, &row)? == 1 {
            let passed = stage == Stage::Passed;
            let (application, step) = (application.id, step.id);
            work.emit(&Event::StepDue { application, step, person, due_at, passed })?;
        }
    }
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
            let (given, workplace) = counted(tx, application, step)?;
            let asked: Vec<Vouch> = tx.all(&queries::vouch::VOUCHES, &params![application.id])?;
            let open = asked.iter().filter(|vouch| vouch.step_id == step.id && vouch.open(now)).count();
            let missing = vouch::missing(step, &workplace, &given);
            Ok(if missing > i64::try_from(open).unwrap_or(i64::MAX) { vec![person] } else { Vec::new() })
        }
        StepKind::Decision => {
            let accepted: Vec<(PersonId,)> =
                tx.all(&queries::ACCEPTED_BY, &params![application.id, step.id])?;
            let mut people = groups::holders(tx, application.group_id, Permission::Applications)?;
            people.retain(|one| *one != person && accepted.iter().all(|(by,)| by != one));
            Ok(people)
        }
    }
}

/// Whether a step still is what an event spoke of: the one that is next, with that deadline.
pub(in crate::joining) fn still_due<'p>(
    application: &Application,
    path: &'p Path,
    (step, due_at): (StepId, Millis),
) -> Option<&'p Step> {
    use ApplicationState::{Accepted, Draft, Sent};
    path.at(application.place).filter(|next| {
        next.id == step
            && next.due(application.step_since) == due_at
            && matches!(application.state, Draft | Sent | Accepted)
    })
}
