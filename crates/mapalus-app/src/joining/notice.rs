//! What applicants and coordinators are told.

mod due;
mod meeting;

use super::{
    Application,
    actions::{self},
    model::{
        Actor, ApplicationState, Step, StepKind,
        consent::ConsentState,
        vouch::{Vouch, VouchState},
    },
    queries,
    rules::{self, told},
};
use crate::{
    groups, people,
    shell::{
        Happened, Work,
        notice::{Draft, Kind, Told},
    },
};
use mapalus_core::{
    ApplicationId, Event, GroupId, MembershipState, Millis, PathId, Permission, PersonId, VouchId,
};
use mapalus_db::{DbError, Tx, params};
use std::collections::BTreeSet;

/// The notices that an event asks for.
///
/// # Errors
/// The database's error.
pub fn of(tx: &mut Tx<'_>, happened: &Happened) -> Result<Vec<Draft>, DbError> {
    match happened.event {
        Event::ApplicationSent { application, group, person } => {
            let to = groups::holders(tx, group, Permission::Applications)?;
            their_turn(tx, application, &others(to, person), happened.at)
        }
        Event::ApplicationWithdrawn { application, group, person } => {
            let to = groups::holders(tx, group, Permission::Applications)?;
            tell(tx, application, &others(to, person), "joining-notice-withdrawn")
        }
        Event::ApplicationAccepted { application, person, .. } => {
            tell_decision(tx, application, person, ("joining-notice-accepted", "joining-notice-accepted-why"))
        }
        Event::VouchAsked { vouch, application } => {
            let asked: Option<Vouch> = tx.optional(&queries::vouch::VOUCH, &params![vouch])?;
            let to = asked.filter(|vouch| vouch.state == VouchState::Asked).and_then(|vouch| vouch.giver_id);
            let to: Vec<PersonId> = to.into_iter().collect();
            let mut drafts = tell(tx, application, &to, "joining-notice-vouch-asked")?;
            drafts.iter_mut().for_each(|draft| draft.path = format!("/vouches/{vouch}"));
            Ok(drafts)
        }
        Event::VouchGiven { application, .. } => {
            let to = applicant(tx, application)?;
            tell(tx, application, &to, "joining-notice-vouch-given")
        }
        Event::VouchDeclined { application, .. } => {
            let to = applicant(tx, application)?;
            tell(tx, application, &to, "joining-notice-vouch-declined")
        }
        Event::VouchWithdrawn { application, .. } => {
            let to = applicant(tx, application)?;
            tell(tx, application, &to, "joining-notice-vouch-withdrawn")
        }
        Event::JoiningHeld { application, guardian, .. } => held(tx, application, guardian),
        Event::JoiningAgreed { application, person } => {
            told_of_guardian(tx, application, person, "joining-notice-agreed")
        }
        Event::JoiningRefused { application, person } => {
            told_of_guardian(tx, application, person, "joining-notice-refused")
        }
        Event::VouchDue { vouch, .. } => due::vouch_due(tx, vouch, happened.at),
        Event::VouchEnded { vouch, application } => due::vouch_ended(tx, vouch, application),
        Event::StepDue { application, step, person, due_at, passed } => {
            due::step_due(tx, application, (step, due_at), person, passed, happened.at)
        }
        Event::StepEscalated { application, step, person, due_at } => {
            due::escalated(tx, application, (step, due_at), person)
        }
        Event::ApplicationLapsed { application, step } => due::lapsed(tx, application, step),
        Event::DraftEnds { application, person, at } => due::draft_ends(tx, application, (person, at)),
        Event::SittingAdded { group, sitting } => due::session_added(tx, group, sitting, happened.at),
        Event::ApplicationMoved { application, person, .. } => {
            tell(tx, application, &[person], "joining-notice-moved")
        }
        Event::DraftsCarried { group, path, dropped } => path_changed(tx, group, (path, dropped), None),
        Event::GroupClosed { group } => group_closed(tx, group, None),
        Event::DraftsLeft { group, path: Some(path), dropped, after } => {
            path_changed(tx, group, (path, dropped), Some(after))
        }
        Event::DraftsLeft { group, path: None, after, .. } => group_closed(tx, group, Some(after)),
        Event::GroupEnded { group, .. } => group_ended(tx, group),
        Event::ApplicationDeclined { application, person, .. } => {
            tell_decision(tx, application, person, ("joining-notice-declined", "joining-notice-declined-why"))
        }
        Event::ApplicationWaits { application, person, .. } => {
            tell_decision(tx, application, person, ("joining-notice-waits", "joining-notice-waits-why"))
        }
        _ => meeting::of(tx, happened),
    }
}

/// It is the coordinators' turn: for the first time, or again.
fn their_turn(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    to: &[PersonId],
    now: Millis,
) -> Result<Vec<Draft>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application, false])?;
    let Some(of) = found else {
        return Ok(Vec::new());
    };
    let path = queries::walk(tx, &of)?;
    let theirs = |step: &&Step| step.kind.asks_coordinators();
    let again = path.steps.iter().filter(theirs).any(|step| path.behind(step.id).is_some());
    let mut open: Vec<&Step> = path.open(&of).filter(theirs).collect();
    if let Some(talk) = open.iter().position(|step| step.kind == StepKind::Interview) {
        // Where there is a time to take it is the applicant's turn, and of those who apply one hears in any case.
        let turn = actions::interview::turn(tx, &of, open[talk], now)?;
        if turn != Some(Actor::Coordinators) && again {
            open.remove(talk);
            if open.is_empty() {
                return Ok(Vec::new());
            }
        }
    }
    let Some(step) = open.first().filter(|_| again) else {
        return tell(tx, application, to, "joining-notice-sent");
    };
    let mut drafts = tell(tx, application, to, "joining-notice-turn")?;
    drafts.iter_mut().for_each(|draft| draft.arguments.push(("step", step.name.as_str().into())));
    Ok(drafts)
}

fn applicant(tx: &mut Tx<'_>, application: ApplicationId) -> Result<Vec<PersonId>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application, true])?;
    Ok(found.map(|application| application.person_id).into_iter().collect())
}

fn others(mut people: Vec<PersonId>, but: PersonId) -> Vec<PersonId> {
    people.retain(|person| *person != but);
    people
}

fn tell(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    to: &[PersonId],
    key: &'static str,
) -> Result<Vec<Draft>, DbError> {
    // Nothing speaks of one whose account is being closed.
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application, false])?;
    let Some(application) = found else {
        return Ok(Vec::new());
    };
    let path = queries::walk(tx, &application)?;
    let open: Vec<StepKind> = path.open_at(application.place).map(|step| step.kind).collect();
    if !told::holds(key, application.state, &open) {
        // Withdrawn, decided or decided otherwise before anybody was told.
        return Ok(Vec::new());
    }
    drafts(tx, &application, to, key)
}

/// A ward wishes to join a group, to the guardian, if it waits for them still.
fn held(tx: &mut Tx<'_>, application: ApplicationId, guardian: PersonId) -> Result<Vec<Draft>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application, false])?;
    let consent = actions::consent::of(tx, application)?;
    let asked = consent.is_some_and(|of| of.state == ConsentState::Asked && of.guardian_id == guardian);
    let Some(of) = found.filter(|of| asked && of.state == ApplicationState::Draft) else {
        return Ok(Vec::new());
    };
    let mut drafts = drafts(tx, &of, &[guardian], "joining-notice-held")?;
    for draft in &mut drafts {
        draft.path = "/wards".to_owned();
        draft.kind = Kind::Account;
    }
    Ok(drafts)
}

/// What the guardian said, to the ward.
fn told_of_guardian(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    person: PersonId,
    key: &'static str,
) -> Result<Vec<Draft>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application, false])?;
    match found {
        Some(of) => drafts(tx, &of, &[person], key),
        None => Ok(Vec::new()),
    }
}

/// A decision, with its reason if there is one.
fn tell_decision(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    person: PersonId,
    (plain, why): (&'static str, &'static str),
) -> Result<Vec<Draft>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application, true])?;
    let reason = found.map(|application| application.reason).unwrap_or_default();
    if reason.trim().is_empty() {
        return tell(tx, application, &[person], plain);
    }
    let mut drafts = tell(tx, application, &[person], why)?;
    drafts.iter_mut().for_each(|draft| draft.arguments.push(("reason", reason.as_str().into())));
    Ok(drafts)
}

/// So many applications of a group are looked at for one event: no write is held up by a group that has many. What
/// is left comes with an event of its own.
pub const PORTION: i64 = 500;

/// Where a portion begins: after an application, or with the first.
fn start(after: Option<ApplicationId>) -> String {
    after.map_or_else(String::new, |after| after.to_string())
}

/// What follows once an event was told. Sees to it that those are told, too, who have a draft beyond the portion that this
/// event tells. A portion is counted over all applications, which stay: so it ends at the same one for whoever asks.
///
/// # Errors
/// The database's error.
pub fn go_on(work: &mut Work<'_, '_>, happened: &Happened) -> Result<(), DbError> {
    let (group, path, dropped, after) = match happened.event {
        Event::ApplicationDeclined { application, .. }
        | Event::ApplicationWithdrawn { application, .. }
        | Event::ApplicationMoved { application, .. }
        | Event::ApplicationAccepted { application, .. }
        | Event::ApplicationLapsed { application, .. } => {
            return actions::interview::settle(work, application);
        }
        Event::InterviewOffered { group, slot } => {
            return actions::interview::restart(work, group, slot, happened.at);
        }
        Event::InterviewSet { interview, sequence, .. } => {
            let told = meeting::stands(work.tx, interview, sequence)?.is_some();
            return if told { actions::interview::heard(work, interview, sequence) } else { Ok(()) };
        }
        Event::InterviewOff { interview, slot, .. } => {
            return actions::interview::unheard(work, interview, slot);
        }
        Event::DraftsCarried { group, path, dropped } => (group, Some(path), dropped, None),
        Event::GroupClosed { group } => (group, None, false, None),
        Event::DraftsLeft { group, path, dropped, after } => (group, path, dropped, Some(after)),
        _ => return Ok(()),
    };
    let (last, count): (Option<ApplicationId>, i64) =
        work.tx.one(&queries::PORTION, &params![group, start(after), PORTION])?;
    if let Some(after) = last.filter(|_| count == PORTION) {
        work.emit(&Event::DraftsLeft { group, path, dropped, after })?;
    }
    Ok(())
}

/// Those of a portion who have a draft, with its path and how they stand to the group.
fn drafted(
    tx: &mut Tx<'_>,
    group: GroupId,
    after: Option<ApplicationId>,
) -> Result<Vec<(PersonId, PathId, Option<MembershipState>)>, DbError> {
    tx.all(&queries::DRAFTED, &params![group, start(after), PORTION])
}

/// Those whose draft was carried over to this path, unless that was replaced meanwhile.
fn path_changed(
    tx: &mut Tx<'_>,
    group: GroupId,
    (path, dropped): (PathId, bool),
    after: Option<ApplicationId>,
) -> Result<Vec<Draft>, DbError> {
    let of = |(person, on, _): &(PersonId, PathId, _)| (*on == path).then_some(*person);
    let drafted: Vec<PersonId> = drafted(tx, group, after)?.iter().filter_map(of).collect();
    let (name, _) = groups::name_and_path(tx, group)?;
    let key = if dropped { "joining-notice-path" } else { "joining-notice-path-kept" };
    applicants_told(tx, group, (key, &name), &drafted)
}

/// Those who have a draft that they cannot send now, unless the group has opened again meanwhile.
fn group_closed(
    tx: &mut Tx<'_>,
    group: GroupId,
    after: Option<ApplicationId>,
) -> Result<Vec<Draft>, DbError> {
    let Some(found) = groups::find(tx, group)? else {
        return Ok(Vec::new());
    };
    let closed = |membership| {
        found.ended_at.is_some() || rules::may_begin(found.taking, found.sign_up, membership, true).is_err()
    };
    let of = |(person, _, membership): &(PersonId, _, _)| closed(*membership).then_some(*person);
    let drafted: Vec<PersonId> = drafted(tx, group, after)?.iter().filter_map(of).collect();
    let key = if found.ended_at.is_some() { "joining-notice-draft-ended" } else { "joining-notice-closed" };
    applicants_told(tx, group, (key, &found.name), &drafted)
}

/// What is told of a group to those who wish to join it.
fn applicants_told(
    tx: &mut Tx<'_>,
    group: GroupId,
    (key, name): (&'static str, &str),
    drafted: &[PersonId],
) -> Result<Vec<Draft>, DbError> {
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key,
        kind: Kind::Applications,
        group: Some(group),
        arguments: vec![("group", name.into())],
        path: "/applications".to_owned(),
        secret: None,
        mail_only: false,
        about: None,
    };
    Ok(people::contacts(tx, drafted)?.into_iter().map(draft).collect())
}

/// Those who have an application under way in a group that was closed for good.
fn group_ended(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<Draft>, DbError> {
    let sent: Vec<(PersonId,)> = tx.all(&queries::UNDECIDED_IN, &params![group])?;
    let (name, _) = groups::name_and_path(tx, group)?;
    let people: Vec<PersonId> = sent.into_iter().map(|(person,)| person).collect();
    applicants_told(tx, group, ("joining-notice-ended", &name), &people)
}

/// Which of these still hold, as the applications and requests stand to which their pages lead.
///
/// # Errors
/// The database's error.
pub fn holds(tx: &mut Tx<'_>, told: &[Told]) -> Result<Vec<bool>, DbError> {
    fn ids<T: std::str::FromStr + Ord + Copy>(told: &[Told], start: &str) -> Vec<T> {
        let of = |told: &Told| told.path.strip_prefix(start).and_then(|id| id.parse().ok());
        told.iter()
            .filter(|told| told.key.starts_with("joining-"))
            .filter_map(of)
            .collect::<BTreeSet<T>>()
            .into_iter()
            .collect()
    }
    let applications: Vec<ApplicationId> = ids(told, "/applications/");
    let vouches: Vec<VouchId> = ids(told, "/vouches/");
    let stands: Vec<(ApplicationId, ApplicationState, Option<StepKind>)> =
        tx.all_in(&queries::STANDS, &[], &applications)?;
    let waiting: Vec<(VouchId,)> = tx.all_in(&queries::vouch::VOUCHES_WAIT, &[], &vouches)?;
    let open_of = |id: ApplicationId| -> Vec<StepKind> {
        stands.iter().filter(|stand| stand.0 == id).filter_map(|stand| stand.2).collect()
    };
    let one = |told: &Told| match told.path.split('/').collect::<Vec<_>>()[..] {
        _ if !told.key.starts_with("joining-") => true,
        ["", "applications", id] => {
            let found =
                id.parse().ok().and_then(|id: ApplicationId| stands.iter().find(|stand| stand.0 == id));
            found.is_some_and(|(id, state, _)| told::holds(&told.key, *state, &open_of(*id)))
        }
        ["", "vouches", id] => id.parse().is_ok_and(|id: VouchId| waiting.iter().any(|(one,)| *one == id)),
        _ => true,
    };
    Ok(told.iter().map(one).collect())
}

/// Which of the kinds a message is.
fn kind(key: &str) -> Kind {
    match key {
        "joining-notice-sent"
        | "joining-notice-turn"
        | "joining-notice-withdrawn"
        | "joining-notice-escalated"
        | "joining-notice-interview-wanted"
        | "joining-notice-acquaintance-declined" => Kind::Decisions,
        "joining-notice-vouch-asked"
        | "joining-notice-acquaintance-asked"
        | "joining-notice-acquaintance-changed"
        | "joining-notice-acquaintance-off" => Kind::Vouches,
        key if key.starts_with("joining-remind") => Kind::Reminders,
        _ => Kind::Applications,
    }
}

fn drafts(
    tx: &mut Tx<'_>,
    application: &Application,
    to: &[PersonId],
    key: &'static str,
) -> Result<Vec<Draft>, DbError> {
    let path = format!("/applications/{}", application.id);
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key,
        kind: kind(key),
        group: Some(application.group_id),
        arguments: vec![
            ("name", application.name.as_str().into()),
            ("group", application.group_name.as_str().into()),
        ],
        path: path.clone(),
        secret: None,
        mail_only: false,
        about: Some(application.person_id),
    };
    Ok(people::contacts(tx, to)?.into_iter().map(draft).collect())
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind};

    #[test]
    fn a_message_is_of_the_kind_of_those_to_whom_it_goes() {
        let kinds = [
            (Kind::Decisions, &["escalated", "interview-wanted", "acquaintance-declined"][..]),
            (
                Kind::Vouches,
                &["vouch-asked", "acquaintance-asked", "acquaintance-changed", "acquaintance-off"],
            ),
            (Kind::Applications, &["acquaintance-agreed", "acquaintance-elsewhere", "acquaintance-off-own"]),
        ];
        for (of, keys) in kinds {
            for key in keys {
                assert_eq!(kind(&format!("joining-notice-{key}")), of, "{key}");
            }
        }
    }
}
