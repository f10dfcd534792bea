//! Members are asked to vouch; they give, decline, take back.

use super::{
    super::{
        model::{
            Application, ApplicationState, Path, Step, StepKind,
            vouch::{Candidate, Counted, GiveInput, Known, Relation, Vouch, VouchState, Workplaces},
        },
        queries,
        rules::{
            self,
            remind::Debt,
            vouch::{self, Giver, TakenBack},
        },
    },
    advance,
};
use crate::{
    groups,
    people::Mail,
    shell::{
        AppError, Checks, Work,
        forms::{self, Wrong},
        outbox,
    },
};
use mapalus_core::{
    ApplicationId, Event, EventId, Flaw, GroupId, MembershipState, Millis, Permit, PersonId, Refusal,
    RefusalKind, VouchId,
    access::{UseApplication, Vouch as ToVouch},
    time::DAY,
};
use mapalus_db::{DbError, Tx, params};

/// Whom an applicant asks.
pub enum Whom {
    /// A member chosen by name.
    Person(PersonId),
    /// Whoever of the members has this address.
    Mail(Mail),
}

fn conflict(key: &'static str) -> AppError {
    Refusal::new(RefusalKind::Conflict, key).into()
}

/// Asks a member to vouch. An address is answered alike whether it is a member's or not.
pub fn ask(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
    whom: &Whom,
) -> Result<VouchId, AppError> {
    let step = rules::may_do(application, path, StepKind::Vouch, None)?;
    let asked: Vec<Vouch> = work.tx.all(&queries::vouch::VOUCHES, &params![application.id])?;
    if asked.len() >= vouch::MOST_ASKED {
        return Err(conflict("joining-vouch-many"));
    }
    if step.other_workplace {
        let (given, workplaces) = counted(work.tx, application, step, work.now)?;
        vouch::may_ask(vouch::asked(step, &workplaces, &given))?;
    }
    work.tx.execute(&queries::vouch::CANCEL_EXPIRED, &params![application.id, work.now])?;
    let (found, typed) = match whom {
        Whom::Person(person) if *person == application.person_id => {
            return Err(conflict("joining-vouch-own"));
        }
        Whom::Person(person) => {
            let row = params![application.group_id, *person, application.person_id];
            let found: Option<Candidate> = work.tx.optional(&queries::vouch::MEMBER, &row)?;
            let found = found.ok_or_else(Refusal::not_found)?;
            (Some(found), String::new())
        }
        Whom::Mail(mail) => {
            if asked.iter().any(|vouch| vouch.typed == mail.folded && vouch.open(work.now)) {
                return Err(conflict("joining-vouch-asked-already"));
            }
            let row = params![application.group_id, &mail.folded, application.person_id];
            (work.tx.optional(&queries::vouch::MEMBER_BY_MAIL, &row)?, mail.folded.clone())
        }
    };
    let mut typed = typed;
    let giver = match found {
        Some(member) => {
            let of = |vouch: &&Vouch| {
                let is_open = vouch.open(work.now) || vouch.given_at.is_some();
                let refused = vouch.state == VouchState::Declined;
                vouch.giver_id == Some(member.id) && vouch.step_id == step.id && (is_open || refused)
            };
            match asked.iter().find(of) {
                // Chosen by name twice; the other ways say nothing about whose an address is.
                Some(earlier) if typed.is_empty() && earlier.typed.is_empty() => {
                    return Err(conflict("joining-vouch-asked-already"));
                }
                Some(_) => {
                    if typed.is_empty() {
                        typed = member.name;
                    }
                    None
                }
                None => Some(member.id),
            }
        }
        None => None,
    };
    let id: VouchId = work.id();
    let ends_at = vouch::ends_at(step, application.step_since, work.now);
    let debt = Debt { since: work.now, due_at: ends_at, remind_days: step.remind_days, once: false };
    let row = params![id, application.id, step.id, giver, &typed, work.now, ends_at, debt.first_at()];
    work.tx.execute(&queries::vouch::ASK, &row)?;
    // One version on: two requests at once see each other.
    queries::keep(work.tx, application)?;
    if giver.is_some() {
        work.emit_held(&Event::VouchAsked { vouch: id, application: application.id })?;
    }
    work.record(permit, application.id, "vouch-asked")?;
    Ok(id)
}

/// Takes a request back that was not answered.
pub fn cancel(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: ApplicationId,
    id: VouchId,
) -> Result<(), AppError> {
    if work.tx.execute(&queries::vouch::CANCEL, &params![id, application])? == 0 {
        return Err(conflict("joining-vouch-answered"));
    }
    work.record(permit, application, "vouch-cancelled")?;
    Ok(())
}

/// What counts at a step, and where those work who have to do with it: two statements.
pub(in crate::joining) fn counted(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
    now: Millis,
) -> Result<(Vec<Counted>, Workplaces), DbError> {
    let given = tx.all(&queries::vouch::COUNTED, &params![application.id, step.id])?;
    let since = now.plus(-vouch::MEMBER_DAYS * DAY);
    let mut workplaces = Workplaces::default();
    for (workplace, givers) in groups::workplaces(tx, (application.group_id, application.person_id), since)? {
        match givers {
            Some(givers) => workplaces.givers.push((workplace, givers)),
            None => workplaces.own = workplace,
        }
    }
    Ok((given, workplaces))
}

/// Looks again at applications that may lack nothing any more: somebody says now where they work, or there are others who
/// may vouch than before. Whoever has left meanwhile, or was barred, is not joining any more: that is no failure.
pub(in crate::joining) fn look_again(
    work: &mut Work<'_, '_>,
    applications: &[(ApplicationId,)],
) -> Result<(), DbError> {
    for (id,) in applications {
        let found: Option<Application> = work.tx.optional(&queries::APPLICATION, &params![*id, false])?;
        let Some(application) = found else { continue };
        super::settled(settle(work, &application))?;
    }
    Ok(())
}

/// An application whose open vouches are enough moves on, and its applicant is told.
pub(in crate::joining) fn settle(
    work: &mut Work<'_, '_>,
    application: &Application,
) -> Result<bool, AppError> {
    let path = queries::walk(work.tx, application)?;
    let Some(step) = path.open(application).find(|step| step.kind == StepKind::Vouch) else {
        return Ok(false);
    };
    let (given, workplaces) = counted(work.tx, application, step, work.now)?;
    if given.is_empty() || vouch::missing(step, &workplaces, &given) > 0 {
        return Ok(false);
    }
    let (after, _) = advance(work, application.clone(), &path, step, "")?;
    let (id, group, person) = (after.id, after.group_id, after.person_id);
    if after.state == ApplicationState::Accepted && application.state != after.state {
        work.emit_held(&Event::ApplicationAccepted { application: id, group, person })?;
    } else {
        work.emit_held(&Event::ApplicationMoved { application: id, group, person })?;
    }
    Ok(true)
}

/// What follows for vouches from what happened elsewhere: where somebody works, or who belongs to a group.
pub(in crate::joining) fn follow(work: &mut Work<'_, '_>, event: &Event) -> Result<(), DbError> {
    let applications: Vec<(ApplicationId,)> = match *event {
        Event::WorkplaceChanged { person } => work.tx.all(&queries::vouch::HANG_ON, &params![person])?,
        Event::MembershipChanged { group, state, .. } if state != MembershipState::Applied => {
            work.tx.all(&queries::vouch::VOUCHED_IN, &params![group])?
        }
        _ => return Ok(()),
    };
    look_again(work, &applications)
}

fn giver(
    tx: &mut Tx<'_>,
    group: GroupId,
    (person, applicant): (PersonId, PersonId),
    now: Millis,
) -> Result<Giver, DbError> {
    let since: Option<(Millis, Millis)> =
        tx.optional(&queries::vouch::MEMBER_SINCE, &params![group, person])?;
    let (since, opened_at) = since.unwrap_or((now, Millis(0)));
    let from = now.plus(-vouch::QUOTA_DAYS * DAY);
    Ok(Giver {
        standing: groups::standing_of(tx, group, Some(person))?,
        since,
        opened_at,
        given: tx.scalar(&queries::vouch::GIVEN_SINCE, &params![person, from])?,
        rests_on_applicant: tx
            .scalar::<i64>(&queries::vouch::RESTS_ON, &params![person, group, applicant])?
            > 0,
    })
}

/// Whether a member may answer a request with a vouch, now.
pub(in crate::joining) fn may_give(
    tx: &mut Tx<'_>,
    permit: &Permit<ToVouch>,
    asked: &Vouch,
    (application, path): (&Application, &Path),
    now: Millis,
) -> Result<(), AppError> {
    vouch::may_answer(asked, application, path, now)?;
    let person = permit.signed_in()?;
    let giver = giver(tx, application.group_id, (person, application.person_id), now)?;
    Ok(vouch::may_give(&giver, now)?)
}

/// Vouches. The last one that was lacking moves the application on.
pub fn give(
    work: &mut Work<'_, '_>,
    permit: &Permit<ToVouch>,
    asked: &Vouch,
    (application, path): (&Application, &Path),
    input: &GiveInput,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    // Two vouches of one person at once see each other: the quota holds.
    work.tx.execute(&queries::vouch::BEGIN_VOUCHER, &params![person])?;
    work.tx.execute_one(&queries::vouch::LOCK_VOUCHER, &params![person])?;
    may_give(work.tx, permit, asked, (application, path), work.now)?;
    let mut checks = Checks::new();
    let relation = checks.field("relation", forms::word::<Relation>(&input.relation));
    let known = checks.field("known", forms::word::<Known>(&input.known));
    let note = checks.field("note", forms::bounded(&input.note, 0, 500));
    let parts = relation.zip(known).zip(note);
    let ((relation, known), note) = checks.done(parts)?;
    let row = params![asked.id, work.now, relation.word(), known.word(), note];
    if work.tx.execute(&queries::vouch::GIVE, &row)? == 0 {
        return Err(conflict("joining-vouch-answered"));
    }
    let step = rules::may_do(application, path, StepKind::Vouch, None)?;
    let (given, workplaces) = counted(work.tx, application, step, work.now)?;
    let turn = if vouch::missing(step, &workplaces, &given) == 0 {
        advance(work, application.clone(), path, step, "")?.1
    } else {
        queries::keep(work.tx, application)?;
        None
    };
    let event = work.emit_held(&Event::VouchGiven { vouch: asked.id, application: application.id })?;
    work.tx.execute(&queries::vouch::TELLS, &params![asked.id, event, turn])?;
    work.record(permit, application.id, "vouch-given")?;
    Ok(())
}

/// Does not vouch.
pub fn decline(
    work: &mut Work<'_, '_>,
    permit: &Permit<ToVouch>,
    asked: &Vouch,
    (application, path): (&Application, &Path),
) -> Result<(), AppError> {
    vouch::may_answer(asked, application, path, work.now)?;
    if work.tx.execute(&queries::vouch::DECLINE, &params![asked.id])? == 0 {
        return Err(conflict("joining-vouch-answered"));
    }
    let event = work.emit_held(&Event::VouchDeclined { vouch: asked.id, application: application.id })?;
    work.tx.execute(&queries::vouch::TELLS, &params![asked.id, event, None::<EventId>])?;
    work.record(permit, application.id, "vouch-declined")?;
    Ok(())
}

/// Takes an answer away of which nobody was told; `false` if it was told.
fn unanswer(work: &mut Work<'_, '_>, asked: &Vouch) -> Result<bool, AppError> {
    let told: (Option<EventId>, Option<EventId>) =
        work.tx.one(&queries::vouch::TOLD_BY, &params![asked.id])?;
    let (Some(event), turn) = told else {
        return Ok(false);
    };
    if !outbox::take_back(work, event)? {
        return Ok(false);
    }
    if let Some(turn) = turn {
        // Told already, it is held against how the application stands then.
        outbox::take_back(work, turn)?;
    }
    Ok(work.tx.execute(&queries::vouch::UNANSWER, &params![asked.id])? == 1)
}

/// Takes a vouch back: before the decision it counts no longer, and the application falls back to its step if too
/// few are left; after it, it is noted. As long as nobody was told, what was answered leaves no trace, and one may
/// answer again; so it is with a vouch that was declined.
pub fn take_back(
    work: &mut Work<'_, '_>,
    permit: &Permit<ToVouch>,
    asked: &Vouch,
    (application, path): (&Application, &Path),
) -> Result<(), AppError> {
    if asked.state == VouchState::Declined {
        if !unanswer(work, asked)? {
            return Err(conflict("joining-vouch-not-given"));
        }
        work.record(permit, application.id, "vouch-undone")?;
        return Ok(());
    }
    let what = vouch::take_back(asked, application, path)?;
    let noted = what == TakenBack::Noted;
    let undone = !noted && unanswer(work, asked)?;
    let state = if noted { "given" } else { "withdrawn" };
    if !undone && work.tx.execute(&queries::vouch::TAKE_BACK, &params![asked.id, work.now, state])? == 0 {
        return Err(conflict("joining-vouch-not-given"));
    }
    if !noted {
        let step = path.step(asked.step_id);
        let step = step.ok_or(AppError::internal("a vouch is of a step of its path"))?;
        let (given, workplaces) = counted(work.tx, application, step, work.now)?;
        let mut changed = application.clone();
        if vouch::missing(step, &workplaces, &given) > 0 && path.behind(step.id).is_some() {
            let here = path.at(application.place).is_some_and(|now| now.block == step.block);
            // The step begins anew: its deadline too, or it would be over before anybody could act.
            changed.step_since = work.now;
            if !here {
                changed.state = ApplicationState::Sent;
            }
            changed.place = step.place.min(application.place);
            work.tx.execute(&queries::UNDO_DONE, &params![application.id, step.id])?;
            // Who approved did so in the light of that vouch.
            work.tx.execute(&queries::VOID_DECISIONS, &params![application.id, work.now, step.id])?;
        }
        queries::keep(work.tx, &changed)?;
    }
    if !undone {
        work.emit_held(&Event::VouchWithdrawn { vouch: asked.id, application: application.id })?;
    }
    let done = match (undone, noted) {
        (true, _) => "vouch-undone",
        (false, true) => "vouch-noted",
        (false, false) => "vouch-withdrawn",
    };
    work.record(permit, application.id, done)?;
    Ok(())
}

/// Reads whom to ask.
///
/// # Errors
/// What is wrong with the address, or not found for an id that is none.
pub fn whom(person: &str, mail: &str) -> Result<Whom, Refusal> {
    if !person.is_empty() {
        return person.parse().map(Whom::Person).map_err(|_| Refusal::not_found());
    }
    Mail::parse(mail).map(Whom::Mail).map_err(|Wrong(key, arguments)| {
        Refusal::invalid(vec![Flaw { field: "mail".to_owned(), key, arguments }])
    })
}
