//! What safeguarding people and those who appoint them are told; what guardians are told of their wards.

use super::{
    model::{Proposal, ProposalKind},
    queries, rules,
};
use crate::{
    groups, people,
    shell::{
        Happened,
        notice::{Draft, Kind},
    },
};
use mapalus_core::{ConcernId, Event, GroupId, MembershipState, Permission, PersonId, ProposalId};
use mapalus_db::{DbError, Tx, params};

/// The notices that an event asks for.
///
/// # Errors
/// The database's error.
pub fn of(tx: &mut Tx<'_>, happened: &Happened) -> Result<Vec<Draft>, DbError> {
    match happened.event {
        Event::SafeguardProposed { group, person, .. } => proposed(tx, group, person),
        Event::SafeguardAppointed { group, person } => {
            tell(tx, group, (&[person], None), "safeguarding-notice-appointed", "/concerns")
        }
        Event::SafeguardEnded { group, person } => {
            let mut drafts = tell(tx, group, (&[person], None), "safeguarding-notice-ended", "")?;
            let to = groups::holders(tx, group, Permission::Roles)?;
            let to: Vec<PersonId> = to.into_iter().filter(|to| *to != person).collect();
            let about = (&to[..], Some(person));
            drafts.extend(tell(tx, group, about, "safeguarding-notice-ended-other", "/safeguarding")?);
            Ok(drafts)
        }
        Event::ConcernReported { group, concern } => reported(tx, group, concern),
        Event::ApplicationAccepted { group, person, .. } => {
            of_ward(tx, group, person, "safeguarding-notice-ward-accepted")
        }
        Event::ApplicationDeclined { group, person, .. } => {
            of_ward(tx, group, person, "safeguarding-notice-ward-declined")
        }
        Event::ApplicationWaits { group, person, .. } => {
            of_ward(tx, group, person, "safeguarding-notice-ward-waits")
        }
        Event::ApplicationWithdrawn { group, person, .. } => {
            of_ward(tx, group, person, "safeguarding-notice-ward-withdrew")
        }
        Event::RolesChanged { group, person } => of_ward(tx, group, person, "safeguarding-notice-ward-roles"),
        Event::MemberManaged { group, person, state } => {
            let key = match state {
                MembershipState::Invited => "safeguarding-notice-ward-invited",
                MembershipState::Suspended => "safeguarding-notice-ward-suspended",
                MembershipState::Excluded => "safeguarding-notice-ward-excluded",
                _ => "safeguarding-notice-ward-restored",
            };
            of_ward(tx, group, person, key)
        }
        _ => Ok(Vec::new()),
    }
}

/// What happened to a minor, to their guardian.
fn of_ward(
    tx: &mut Tx<'_>,
    group: GroupId,
    person: PersonId,
    key: &'static str,
) -> Result<Vec<Draft>, DbError> {
    let Some(guardian) = people::young(tx, person)?.and_then(|young| young.guardian_id) else {
        return Ok(Vec::new());
    };
    let mut drafts = tell(tx, group, (&[guardian], Some(person)), key, "")?;
    drafts.iter_mut().for_each(|draft| draft.path = "/wards".to_owned());
    Ok(drafts)
}

/// What is told of a group, and of one of its people if one is named, to others.
fn tell(
    tx: &mut Tx<'_>,
    group: GroupId,
    (to, about): (&[PersonId], Option<PersonId>),
    key: &'static str,
    page: &str,
) -> Result<Vec<Draft>, DbError> {
    let (name, path) = groups::name_and_path(tx, group)?;
    let of = match about {
        Some(person) => people::contacts(tx, &[person])?.pop().map_or_else(String::new, |of| of.name),
        None => String::new(),
    };
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key,
        kind: Kind::Account,
        group: None,
        arguments: vec![("group", name.as_str().into()), ("name", of.as_str().into())],
        path: format!("{path}{page}"),
        secret: None,
        mail_only: false,
        about,
    };
    Ok(people::contacts(tx, to)?.into_iter().map(draft).collect())
}

/// What is proposed, to those who could confirm it: to the operator, if the group has nobody.
fn proposed(tx: &mut Tx<'_>, group: GroupId, person: PersonId) -> Result<Vec<Draft>, DbError> {
    let all: Vec<Proposal> = tx.all(&queries::PROPOSALS, &params![group, None::<ProposalId>])?;
    let Some(of) = all.into_iter().find(|of| of.person_id == person) else {
        // Taken back, or confirmed meanwhile.
        return Ok(Vec::new());
    };
    let key = match of.kind {
        ProposalKind::Appoint => "safeguarding-notice-proposed",
        ProposalKind::Dismiss => "safeguarding-notice-proposed-dismissal",
    };
    let holders = groups::holders(tx, group, Permission::Roles)?;
    let could = |to: &PersonId| *to != of.proposed_by && *to != person;
    if rules::others(&holders, &of) > 0 {
        let to: Vec<PersonId> = holders.into_iter().filter(could).collect();
        return tell(tx, group, (&to, Some(person)), key, "/safeguarding");
    }
    let operator = people::operator(tx)?.map(|(operator, _)| operator).filter(could);
    let to: Vec<PersonId> = operator.into_iter().collect();
    let mut drafts = tell(tx, group, (&to, Some(person)), key, "")?;
    drafts.iter_mut().for_each(|draft| draft.path = "/admin/safeguarding".to_owned());
    Ok(drafts)
}

/// That a concern waits, to those who read it: without a word of it.
fn reported(tx: &mut Tx<'_>, group: GroupId, concern: ConcernId) -> Result<Vec<Draft>, DbError> {
    if tx.scalar::<i64>(&queries::IS_OPEN, &params![concern])? == 0 {
        return Ok(Vec::new());
    }
    let barred: Vec<(PersonId,)> = tx.all(&queries::BARRED, &params![concern])?;
    let now: Vec<super::model::Safeguard> = tx.all(&queries::SAFEGUARDS, &params![group])?;
    let reads = |id: &PersonId| barred.iter().all(|(barred,)| barred != id);
    let to: Vec<PersonId> = now.iter().map(|one| one.person_id).filter(reads).collect();
    tell(tx, group, (&to, None), "safeguarding-notice-concern", &format!("/concerns/{concern}"))
}
