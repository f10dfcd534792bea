//! Coordinators bring an applicant and members together; members say whether they meet, and that they have.

use super::{
    super::{
        model::{
            Actor, Application, Path, Step, StepKind,
            acquaintance::{Acquaintance, AcquaintanceState, BringInput, Reply},
            vouch::Candidate,
        },
        queries,
        rules::acquaintance as rules,
    },
    advance, hold,
};
use crate::{
    groups,
    shell::{
        AppError, Work,
        forms::{self, Wrong},
        outbox,
    },
};
use mapalus_core::{
    AcquaintanceId, ApplicationId, Event, EventId, Permission, Permit, PersonId, Refusal, RefusalKind,
    access::{BringTogether, GetToKnow},
};
use mapalus_db::{DbError, Tx, params};

/// Whom coordinators asked to get to know an applicant, if its path has such a step.
pub(in crate::joining) fn of(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    path: &Path,
) -> Result<Vec<Acquaintance>, DbError> {
    let meets = path.steps.iter().any(|step| step.kind == StepKind::Acquaintance);
    if meets { tx.all(&queries::acquaintance::ACQUAINTANCES, &params![application]) } else { Ok(Vec::new()) }
}

/// Asks members to get to know an applicant, or arranges anew where and when.
pub fn bring(
    work: &mut Work<'_, '_>,
    permit: &Permit<BringTogether>,
    application: &Application,
    path: &Path,
    input: &BringInput,
) -> Result<(), AppError> {
    let coordinator = permit.signed_in()?;
    hold(work, application)?;
    let asked = of(work.tx, application.id, path)?;
    let own = coordinator == application.person_id;
    let mut people: Vec<PersonId> = Vec::new();
    for person in input.person.iter().filter(|person| !person.is_empty()) {
        let id = person.parse().map_err(|_| Wrong::plain("wrong-choice").at("person"))?;
        if !people.contains(&id) {
            people.push(id);
        }
    }
    let step = rules::may_bring((application, path), &asked, own, people.len())?;
    let typed = forms::bounded(&input.how, 0, 500).map_err(|wrong| wrong.at("how"))?;
    let of_step = |one: &&Acquaintance| one.step_id == step.id && !one.how.is_empty();
    let before = asked.iter().rfind(of_step).map(|one| one.how.clone());
    let how = match (typed.is_empty(), before) {
        (false, _) => typed,
        (true, Some(before)) => before,
        (true, None) => return Err(Wrong::plain("wrong-needed").at("how").into()),
    };
    if people.is_empty() && asked.is_empty() {
        return Err(Wrong::plain("joining-acquaintance-choose").at("person").into());
    }
    for person in people {
        if asked.iter().any(|one| one.person_id == person && one.step_id == step.id) {
            return Err(Wrong::plain("joining-acquaintance-asked").at("person").into());
        }
        let row = params![application.group_id, person, application.person_id];
        let member: Option<Candidate> = work.tx.optional(&queries::vouch::MEMBER, &row)?;
        if member.is_none() || person == application.person_id {
            return Err(Wrong::plain("wrong-choice").at("person").into());
        }
        let id: AcquaintanceId = work.id();
        let row = params![id, application.id, step.id, person, &how, coordinator, work.now];
        work.tx.execute(&queries::acquaintance::ASK, &row)?;
        work.emit_held(&Event::AcquaintanceAsked { acquaintance: id, application: application.id })?;
    }
    let row = params![application.id, step.id, &how];
    if work.tx.execute(&queries::acquaintance::ARRANGE, &row)? > 0 {
        let told = |one: &&Acquaintance| {
            let waits = matches!(one.state, AcquaintanceState::Asked | AcquaintanceState::Agreed);
            one.step_id == step.id && waits && one.how != how
        };
        for one in asked.iter().filter(told) {
            let (acquaintance, application) = (one.id, one.application_id);
            work.emit_held(&Event::AcquaintanceChanged { acquaintance, application })?;
        }
    }
    // One version on: two coordinators who choose at once see each other.
    queries::keep(work.tx, application)?;
    work.record(permit, application.id, "")?;
    Ok(())
}

/// Takes a request back: another member can be asked then. Who knows that they were to meet is told.
pub fn cancel(
    work: &mut Work<'_, '_>,
    permit: &Permit<BringTogether>,
    application: &Application,
    id: AcquaintanceId,
) -> Result<(), AppError> {
    use AcquaintanceState::{Agreed, Asked};
    let answered = || AppError::from(Refusal::new(RefusalKind::Conflict, "joining-acquaintance-answered"));
    let found: Option<Acquaintance> = work.tx.optional(&queries::acquaintance::ACQUAINTANCE, &params![id])?;
    let asked = found
        .filter(|one| one.application_id == application.id && matches!(one.state, Asked | Agreed))
        .ok_or_else(answered)?;
    let told = match asked.event_id {
        Some(event) if !outbox::take_back(work, event)? => Some(event),
        _ => None,
    };
    if work.tx.execute(&queries::acquaintance::CANCEL, &params![id, asked.state, told])? == 0 {
        return Err(answered());
    }
    let knows = asked.state == Agreed || asked.asked_at.plus(work.undo_millis) <= work.now;
    if knows {
        work.emit_held(&Event::AcquaintanceOff { acquaintance: id, application: application.id })?;
    }
    queries::keep(work.tx, application)?;
    work.record(permit, application.id, "cancelled")?;
    Ok(())
}

/// A member answers. When as many have met the applicant as the path asks for, the application goes on.
pub fn answer(
    work: &mut Work<'_, '_>,
    permit: &Permit<GetToKnow>,
    asked: &Acquaintance,
    (application, path): (&Application, &Path),
    reply: Reply,
) -> Result<(), AppError> {
    let to = rules::answered(asked, (application, path), reply)?;
    let late = || AppError::from(Refusal::new(RefusalKind::Conflict, "joining-acquaintance-told"));
    if reply == Reply::Undo && asked.state != AcquaintanceState::Met {
        let event = asked.event_id.ok_or_else(late)?;
        if !outbox::take_back(work, event)? {
            return Err(late());
        }
    }
    let (acquaintance, id) = (asked.id, application.id);
    let told = match (to, reply) {
        (_, Reply::Undo) => None,
        (AcquaintanceState::Agreed, _) => Some(Event::AcquaintanceAgreed { acquaintance, application: id }),
        (AcquaintanceState::Declined, _) => {
            Some(Event::AcquaintanceDeclined { acquaintance, application: id })
        }
        _ => None,
    };
    let event: Option<EventId> = told.map(|event| work.emit_held(&event)).transpose()?;
    let row = params![asked.id, asked.state, to, work.now, event];
    if work.tx.execute(&queries::acquaintance::ANSWER, &row)? == 0 {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-acquaintance-answered").into());
    }
    let all = of(work.tx, id, path)?;
    let step =
        path.step(asked.step_id).ok_or(AppError::internal("an acquaintance is of a step of its path"))?;
    if to == AcquaintanceState::Met && rules::met(&all, step.id) >= step.needed {
        let (after, _) = advance(work, application.clone(), path, step, "")?;
        if after.place != application.place {
            let (group, person) = (after.group_id, after.person_id);
            work.emit_held(&Event::ApplicationMoved { application: id, group, person })?;
        }
    } else {
        // One version on: two who say so at once see each other.
        queries::keep(work.tx, application)?;
    }
    work.record(permit, id, to.word())?;
    Ok(())
}

/// Who is to act at an acquaintance now.
pub(super) fn owing(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
) -> Result<Vec<PersonId>, DbError> {
    let asked: Vec<Acquaintance> = tx.all(&queries::acquaintance::ACQUAINTANCES, &params![application.id])?;
    if rules::turn(&asked, step.id) == Actor::Coordinators {
        let mut people = groups::holders(tx, application.group_id, Permission::Applications)?;
        people.retain(|one| *one != application.person_id);
        return Ok(people);
    }
    let waits = |one: &&Acquaintance| {
        one.step_id == step.id && matches!(one.state, AcquaintanceState::Asked | AcquaintanceState::Agreed)
    };
    Ok(asked.iter().filter(waits).map(|one| one.person_id).collect())
}

/// Forgets what was arranged with a person, as applicant and as member.
pub(in crate::joining) fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::acquaintance::FORGET_OF, &params![person])?;
    work.tx.execute(&queries::acquaintance::FORGET_BY, &params![person])?;
    Ok(())
}

/// Whether as many members are asked as are brought together: it is their turn then.
pub(in crate::joining) fn owing_members(
    tx: &mut Tx<'_>,
    application: &Application,
    step: mapalus_core::StepId,
) -> Result<bool, DbError> {
    let asked: Vec<Acquaintance> = tx.all(&queries::acquaintance::ACQUAINTANCES, &params![application.id])?;
    Ok(rules::turn(&asked, step) == Actor::Members)
}
