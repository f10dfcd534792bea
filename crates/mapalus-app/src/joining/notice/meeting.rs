//! What is told of interviews, with what calendars keep of them, and of acquaintances.

use super::{applicant, drafts, others, tell};
use crate::{
    groups,
    joining::{
        Application, actions,
        model::{
            acquaintance::{Acquaintance, AcquaintanceState},
            interview::{Interview, InterviewState, Slot},
        },
        queries, rules,
    },
    people,
    shell::{
        Happened,
        calendar::{Appointment, Method, Party},
        locale,
        notice::{CALENDAR, Draft, Kind},
    },
};
use mapalus_core::{
    AcquaintanceId, ApplicationId, Argument, Event, GroupId, InterviewId, MembershipState, Millis,
    Permission, PersonId, SlotId,
};
use mapalus_db::{DbError, Tx, params};

/// The notices that an event of an interview or an acquaintance asks for.
pub(super) fn of(tx: &mut Tx<'_>, happened: &Happened) -> Result<Vec<Draft>, DbError> {
    match happened.event {
        Event::InterviewOffered { group, slot } => offered(tx, group, slot, happened.at),
        Event::InterviewSet { interview, sequence, moved, .. } => set(tx, interview, sequence, moved),
        Event::InterviewOff { interview, slot, by_group, .. } => off(tx, interview, slot, by_group),
        Event::InterviewWanted { interview, application } => wanted(tx, interview, application),
        Event::InterviewMissed { interview, application } => {
            let found: Option<Interview> =
                tx.optional(&queries::interview::INTERVIEW, &params![interview])?;
            if found.is_none_or(|found| found.state != InterviewState::Missed) {
                return Ok(Vec::new());
            }
            let to = applicant(tx, application)?;
            tell(tx, application, &to, "joining-notice-interview-missed")
        }
        Event::InterviewDue { interview, sequence, over, .. } => due(tx, interview, sequence, over),
        Event::AcquaintanceAsked { acquaintance, .. } => {
            asked(tx, acquaintance, AcquaintanceState::Asked, "joining-notice-acquaintance-asked")
        }
        Event::AcquaintanceChanged { acquaintance, .. } => changed(tx, acquaintance),
        Event::AcquaintanceOff { acquaintance, .. } => called_off(tx, acquaintance),
        Event::AcquaintanceAgreed { acquaintance, application } => {
            let Some(one) = standing(tx, acquaintance, AcquaintanceState::Agreed)? else {
                return Ok(Vec::new());
            };
            let keys = ("joining-notice-acquaintance-agreed", "joining-notice-ward-acquaintance-agreed");
            to_applicant(tx, application, &one, keys)
        }
        Event::AcquaintanceDeclined { acquaintance, application } => declined(tx, acquaintance, application),
        _ => Ok(Vec::new()),
    }
}

fn load(tx: &mut Tx<'_>, id: InterviewId) -> Result<Option<(Interview, Application)>, DbError> {
    let found: Option<Interview> = tx.optional(&queries::interview::INTERVIEW, &params![id])?;
    let Some(interview) = found else {
        return Ok(None);
    };
    let of = params![interview.application_id, true];
    let application: Option<Application> = tx.optional(&queries::APPLICATION, &of)?;
    Ok(application.map(|application| (interview, application)))
}

/// Applicants who wait for a time hear of the first that they can take, and those whom none suited of each.
fn offered(tx: &mut Tx<'_>, group: GroupId, slot: SlotId, at: Millis) -> Result<Vec<Draft>, DbError> {
    let Some(slot) = actions::interview::left(tx, group, slot, at)? else {
        return Ok(Vec::new());
    };
    let row = params![group, &slot.step_name, at, at];
    let waiting: Vec<(ApplicationId, PersonId)> = tx.all(&queries::interview::WAITERS, &row)?;
    let people: Vec<PersonId> = waiting.iter().map(|(_, person)| *person).collect();
    let (name, _) = groups::name_and_path(tx, group)?;
    let draft = |to: people::Contact| {
        let of = waiting.iter().find(|(_, person)| *person == to.id)?.0;
        Some(Draft {
            to: to.into(),
            key: "joining-notice-interview-offered",
            kind: Kind::Applications,
            group: Some(group),
            arguments: vec![("group", name.as_str().into()), ("step", slot.step_name.as_str().into())],
            path: format!("/applications/{of}"),
            secret: None,
            mail_only: false,
            about: None,
        })
    };
    Ok(people::contacts(tx, &people)?.into_iter().filter_map(draft).collect())
}

/// A time at which an interview is, or was to be.
struct Time<'a> {
    starts_at: Millis,
    ends_at: Millis,
    place: &'a str,
    reason: &'a str,
    host: PersonId,
}

/// What is told of an interview's time to these people, with what their calendars keep of it.
fn appointed(
    tx: &mut Tx<'_>,
    (interview, application): (&Interview, &Application),
    to: &[PersonId],
    time: &Time<'_>,
    (method, key, why): (Method, &'static str, &'static str),
) -> Result<Vec<Draft>, DbError> {
    let key = if time.reason.is_empty() { key } else { why };
    let mut told = drafts(tx, application, to, key)?;
    for draft in &mut told {
        let lang = draft.to.lang;
        let names =
            [("name", application.name.as_str().into()), ("group", application.group_name.as_str().into())];
        let host = draft.to.person == Some(time.host);
        let summary = if host { "joining-interview-of" } else { "joining-interview-at" };
        let appointment = Appointment {
            uid: interview.id.to_string(),
            sequence: interview.sequence,
            method,
            stamp: interview.changed_at,
            starts_at: time.starts_at,
            ends_at: time.ends_at,
            summary: locale::message(lang, summary, &names),
            description: String::new(),
            location: time.place.to_owned(),
            url: String::new(),
            attendee: Party { name: draft.to.name.clone(), mail: draft.to.mail.clone() },
        };
        // An appointment is no matter of others that are told meanwhile: it goes alone, and at once.
        draft.group = None;
        draft.kind = if host { Kind::Decisions } else { Kind::Applications };
        draft.arguments.push(("starts_at", time.starts_at.0.into()));
        draft.arguments.push(("place", time.place.into()));
        draft.arguments.push(("reason", time.reason.into()));
        if host && method == Method::Cancel {
            // Whoever was to come may be gone by now.
            draft.path = format!("/groups/{}/interviews", application.slug);
        }
        let text = serde_json::to_string(&appointment).expect("an appointment is texts and numbers");
        draft.arguments.push((CALENDAR, text.as_str().into()));
    }
    Ok(told)
}

/// An interview with its time, its host and its application, if it was not changed since, and the applicant is there and
/// was not barred.
pub(super) fn stands(tx: &mut Tx<'_>, id: InterviewId, sequence: i64) -> Result<Option<Stands>, DbError> {
    use MembershipState::{Excluded, Suspended};
    let Some((interview, of)) = load(tx, id)?.filter(|(interview, _)| interview.sequence == sequence) else {
        return Ok(None);
    };
    let Some((at, host)) = interview.at().zip(interview.host_id) else {
        return Ok(None);
    };
    let standing = groups::standing_of(tx, of.group_id, Some(of.person_id))?;
    let membership = standing.and_then(|standing| standing.membership);
    let barred = matches!(membership, Some(Suspended | Excluded));
    let joins = !barred && rules::still_joining(&of, membership).is_ok();
    let is_there = joins && !people::contacts(tx, &[of.person_id])?.is_empty();
    Ok(is_there.then_some((interview, of, at, host)))
}

/// An interview, its application, its time, and who talks with the applicant.
type Stands = (Interview, Application, (SlotId, Millis, Millis), PersonId);

/// Both hear when and where an interview is; unless it was changed again since.
fn set(tx: &mut Tx<'_>, id: InterviewId, sequence: i64, moved: bool) -> Result<Vec<Draft>, DbError> {
    let Some((interview, application, (_, starts_at, ends_at), host)) = stands(tx, id, sequence)? else {
        return Ok(Vec::new());
    };
    let reason = if moved { interview.reason.as_str() } else { "" };
    let time = Time { starts_at, ends_at, place: &interview.place, reason, host };
    let to = [application.person_id, host];
    let keys = (Method::Request, "joining-notice-interview-set", "joining-notice-interview-moved");
    let mut told = appointed(tx, (&interview, &application), &to, &time, keys)?;
    let key = if moved { "joining-notice-ward-interview-moved" } else { "joining-notice-ward-interview-set" };
    let arguments = [("starts_at", starts_at.0.into()), ("place", time.place.into())];
    told.append(&mut to_guardian(tx, &application, key, &arguments)?);
    Ok(told)
}

/// What is told of a minor's appointments to who answers for them.
fn to_guardian(
    tx: &mut Tx<'_>,
    application: &Application,
    key: &'static str,
    arguments: &[(&'static str, Argument)],
) -> Result<Vec<Draft>, DbError> {
    let young = people::young(tx, application.person_id)?;
    let Some(guardian) = young.and_then(|young| young.guardian_id) else {
        return Ok(Vec::new());
    };
    let mut told = drafts(tx, application, &[guardian], key)?;
    for draft in &mut told {
        draft.group = None;
        draft.kind = Kind::Account;
        draft.path = "/wards".to_owned();
        draft.arguments.extend_from_slice(arguments);
    }
    Ok(told)
}

/// Those who know of an interview's time hear that it is not then; who has another one by now heard of that. Of a time that
/// the group cancelled the applicant hears in any case: it was chosen.
fn off(tx: &mut Tx<'_>, id: InterviewId, slot: SlotId, by_group: bool) -> Result<Vec<Draft>, DbError> {
    let Some((interview, application)) = load(tx, id)? else {
        return Ok(Vec::new());
    };
    let found: Option<Slot> = tx.optional(&queries::interview::SLOT, &params![slot, application.group_id])?;
    let Some(slot) = found else {
        return Ok(Vec::new());
    };
    let now = interview.slot_id.filter(|_| interview.state == InterviewState::Taken);
    let same = now.is_some_and(|now| now == slot.id || interview.host_id == Some(slot.host_id));
    let host = interview.told_to.filter(|told| *told == slot.host_id && !same);
    let own = now.is_none() && (interview.told_to.is_some() || by_group);
    let to: Vec<PersonId> = own.then_some(application.person_id).into_iter().chain(host).collect();
    let reason = if by_group { slot.reason.as_str() } else { "" };
    let Slot { starts_at, ends_at, .. } = slot;
    let time = Time { starts_at, ends_at, place: &slot.place, reason, host: slot.host_id };
    let keys = (Method::Cancel, "joining-notice-interview-off", "joining-notice-interview-off-why");
    let mut told = appointed(tx, (&interview, &application), &to, &time, keys)?;
    if own {
        let arguments = [("starts_at", starts_at.0.into())];
        told.append(&mut to_guardian(tx, &application, "joining-notice-ward-interview-off", &arguments)?);
    }
    Ok(told)
}

/// Those who decide hear that an applicant needs other times.
fn wanted(
    tx: &mut Tx<'_>,
    interview: InterviewId,
    application: ApplicationId,
) -> Result<Vec<Draft>, DbError> {
    let Some((found, of)) = load(tx, interview)? else {
        return Ok(Vec::new());
    };
    if found.state != InterviewState::Wanted {
        return Ok(Vec::new());
    }
    let to = groups::holders(tx, of.group_id, Permission::Applications)?;
    let mut drafts = tell(tx, application, &others(to, of.person_id), "joining-notice-interview-wanted")?;
    let path = format!("/groups/{}/interviews", of.slug);
    drafts.iter_mut().for_each(|draft| draft.path.clone_from(&path));
    Ok(drafts)
}

/// Both are reminded before; after it who was to hold it is asked how it went, or whoever decides if they are gone.
fn due(tx: &mut Tx<'_>, id: InterviewId, sequence: i64, over: bool) -> Result<Vec<Draft>, DbError> {
    let Some((interview, application, (_, starts_at, _), host)) = stands(tx, id, sequence)? else {
        return Ok(Vec::new());
    };
    let path = queries::walk(tx, &application)?;
    if !path.open(&application).any(|step| step.id == interview.step_id) {
        return Ok(Vec::new());
    }
    let holders = groups::holders(tx, application.group_id, Permission::Applications)?;
    let (to, key) = match over {
        false => (vec![application.person_id, host], "joining-remind-appointment"),
        true if holders.contains(&host) => (vec![host], "joining-remind-outcome"),
        true => (others(holders, application.person_id), "joining-remind-outcome"),
    };
    let mut drafts = drafts(tx, &application, &to, key)?;
    for draft in &mut drafts {
        draft.arguments.push(("starts_at", starts_at.0.into()));
        draft.arguments.push(("place", interview.place.as_str().into()));
    }
    Ok(drafts)
}

/// A request, if it stands so and its step is open.
fn standing(
    tx: &mut Tx<'_>,
    id: AcquaintanceId,
    state: AcquaintanceState,
) -> Result<Option<Acquaintance>, DbError> {
    let found: Option<Acquaintance> = tx.optional(&queries::acquaintance::ACQUAINTANCE, &params![id])?;
    let Some(one) = found.filter(|one| one.state == state) else {
        return Ok(None);
    };
    let application: Application = tx.one(&queries::APPLICATION, &params![one.application_id, true])?;
    let path = queries::walk(tx, &application)?;
    let open = path.open(&application).any(|step| step.id == one.step_id);
    Ok(open.then_some(one))
}

/// The member hears whom to meet, where and when.
fn asked(
    tx: &mut Tx<'_>,
    id: AcquaintanceId,
    state: AcquaintanceState,
    key: &'static str,
) -> Result<Vec<Draft>, DbError> {
    match standing(tx, id, state)? {
        Some(one) => to_member(tx, &one, key),
        None => Ok(Vec::new()),
    }
}

fn to_member(tx: &mut Tx<'_>, one: &Acquaintance, key: &'static str) -> Result<Vec<Draft>, DbError> {
    let mut drafts = tell(tx, one.application_id, &[one.person_id], key)?;
    for draft in &mut drafts {
        draft.path = format!("/acquaintances/{}", one.id);
        draft.arguments.push(("how", one.how.as_str().into()));
    }
    Ok(drafts)
}

/// What is told of a member to the applicant, and of a minor to who answers for them.
fn to_applicant(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    one: &Acquaintance,
    (key, wards): (&'static str, &'static str),
) -> Result<Vec<Draft>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![id, false])?;
    let Some(application) = found else {
        return Ok(Vec::new());
    };
    let arguments = [("member", one.name.as_str().into()), ("how", one.how.as_str().into())];
    let mut told = tell(tx, id, &[application.person_id], key)?;
    told.iter_mut().for_each(|draft| draft.arguments.extend_from_slice(&arguments));
    told.append(&mut to_guardian(tx, &application, wards, &arguments)?);
    Ok(told)
}

/// The member, and an applicant who knows of it, hear that they meet elsewhere or at another time.
fn changed(tx: &mut Tx<'_>, id: AcquaintanceId) -> Result<Vec<Draft>, DbError> {
    let key = "joining-notice-acquaintance-changed";
    let mut told = asked(tx, id, AcquaintanceState::Asked, key)?;
    told.append(&mut asked(tx, id, AcquaintanceState::Agreed, key)?);
    if let Some(one) = standing(tx, id, AcquaintanceState::Agreed)? {
        let keys = ("joining-notice-acquaintance-elsewhere", "joining-notice-ward-acquaintance-changed");
        told.append(&mut to_applicant(tx, one.application_id, &one, keys)?);
    }
    Ok(told)
}

/// The member, and an applicant who knows of it, hear that they do not meet.
fn called_off(tx: &mut Tx<'_>, id: AcquaintanceId) -> Result<Vec<Draft>, DbError> {
    let found: Option<Acquaintance> = tx.optional(&queries::acquaintance::ACQUAINTANCE, &params![id])?;
    let Some(one) = found.filter(|one| one.state == AcquaintanceState::Cancelled) else {
        return Ok(Vec::new());
    };
    let mut told = to_member(tx, &one, "joining-notice-acquaintance-off")?;
    if one.event_id.is_some() {
        let keys = ("joining-notice-acquaintance-off-own", "joining-notice-ward-acquaintance-off");
        told.append(&mut to_applicant(tx, one.application_id, &one, keys)?);
    }
    Ok(told)
}

/// Those who decide hear that another member is needed.
fn declined(tx: &mut Tx<'_>, id: AcquaintanceId, application: ApplicationId) -> Result<Vec<Draft>, DbError> {
    let Some(one) = standing(tx, id, AcquaintanceState::Declined)? else {
        return Ok(Vec::new());
    };
    let of: Application = tx.one(&queries::APPLICATION, &params![application, true])?;
    if actions::acquaintance::owing_members(tx, &of, one.step_id)? {
        // Another one was asked meanwhile.
        return Ok(Vec::new());
    }
    let to = groups::holders(tx, of.group_id, Permission::Applications)?;
    let mut drafts =
        tell(tx, application, &others(to, of.person_id), "joining-notice-acquaintance-declined")?;
    drafts.iter_mut().for_each(|draft| draft.arguments.push(("member", one.name.as_str().into())));
    Ok(drafts)
}
