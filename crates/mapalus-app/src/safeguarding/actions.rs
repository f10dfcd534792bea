//! Ages are set, people appointed by two, concerns reported and closed.

use super::{
    model::{
        AgesInput, Concern, ConcernInput, ConcernLine, Proposal, ProposalInput, ProposalKind, Safeguard,
    },
    queries, rules,
};
use crate::{
    groups::{
        self, Group,
        actions::decisions::{self, Decision},
        model::decisions::Kind,
    },
    people::{self, guardian::Ages},
    shell::{AppError, Work, forms, outbox},
};
use mapalus_core::{
    ConcernId, Event, GroupId, MembershipState, Permission, Permit, PersonId, ProposalId, Refusal,
    RefusalKind,
    access::{
        Action, ChangeGroup, ConfirmForGroup, ConfirmSafeguard, ProposeSafeguard, ReadConcerns, ReportConcern,
    },
};
use mapalus_db::{DbError, Tx, params};

/// The safeguarding people of a group.
pub fn safeguards(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<Safeguard>, DbError> {
    tx.all(&queries::SAFEGUARDS, &params![group])
}

/// What is proposed in a group.
pub fn proposals(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<Proposal>, DbError> {
    tx.all(&queries::PROPOSALS, &params![group, None::<ProposalId>])
}

/// What is proposed in groups in which nobody else could confirm it: for operators. A hundred at
/// most; two statements.
pub fn for_operators(tx: &mut Tx<'_>) -> Result<Vec<Proposal>, DbError> {
    let mut all: Vec<Proposal> =
        tx.all(&queries::PROPOSALS, &params![None::<GroupId>, None::<ProposalId>])?;
    let mut ids: Vec<GroupId> = all.iter().map(|of| of.group_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let counts = groups::count_holders(tx, &ids, Permission::Roles)?;
    // Up to two who give roles: who proposed it, and whom it is about. Whether that is so is told at the confirmation.
    let few =
        |of: &Proposal| counts.iter().find(|(group, _)| *group == of.group_id).is_none_or(|(_, n)| *n <= 2);
    all.retain(few);
    all.truncate(100);
    Ok(all)
}

/// A proposal of a group, or of any.
///
/// # Errors
/// Not found.
pub fn proposal(tx: &mut Tx<'_>, id: &str, group: Option<GroupId>) -> Result<Proposal, AppError> {
    let id: ProposalId = id.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<Proposal> = tx.optional(&queries::PROPOSALS, &params![group, id])?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// Sets which ages a group takes that stands as it was read.
///
/// # Errors
/// `safeguarding-needed` as long as nobody is appointed, `refusal-changed`.
pub fn set_ages(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeGroup>,
    (group, seen): (&Group, Option<i64>),
    input: &AgesInput,
) -> Result<(), AppError> {
    Refusal::if_changed(group.version, seen)?;
    let youngest: Ages = forms::word(&input.youngest).map_err(|wrong| wrong.at("youngest"))?;
    groups::actions::hold(work, group.id)?;
    let appointed = safeguards(work.tx, group.id)?.len();
    rules::may_open(youngest, input.vulnerable, appointed)?;
    groups::actions::set_ages(work, group, (youngest, input.vulnerable))?;
    work.record(permit, group.id, "ages")?;
    Ok(())
}

/// Proposes to appoint or dismiss somebody. The others are told when the time to undo it is over.
///
/// # Errors
/// Those of [`rules::may_propose`]; `safeguarding-proposed` if something is proposed about the person already.
pub fn propose(
    work: &mut Work<'_, '_>,
    permit: &Permit<ProposeSafeguard>,
    group: GroupId,
    input: &ProposalInput,
) -> Result<ProposalId, AppError> {
    let own = permit.signed_in()?;
    let kind: ProposalKind = forms::word(&input.kind).map_err(|wrong| wrong.at("kind"))?;
    let person: PersonId = forms::word(&input.person).map_err(|wrong| wrong.at("person"))?;
    let now = safeguards(work.tx, group)?;
    rules::may_propose(kind, (own, person), fits(work.tx, group, person)?, &now)?;
    let event = work.emit_held(&Event::SafeguardProposed { group, person, by: own })?;
    let id: ProposalId = work.id();
    let row = params![id, group, person, kind, own, work.now, event];
    if work.tx.execute(&queries::PROPOSE, &row)? == 0 {
        return Err(Refusal::new(RefusalKind::Conflict, "safeguarding-proposed").into());
    }
    work.record(permit, person, kind.word())?;
    Ok(id)
}

/// Whether a person is an active member, and whether they are a minor.
fn fits(tx: &mut Tx<'_>, group: GroupId, person: PersonId) -> Result<(bool, bool), DbError> {
    let membership = groups::standing_of(tx, group, Some(person))?.and_then(|of| of.membership);
    Ok((membership == Some(MembershipState::Active), people::young(tx, person)?.is_some()))
}

/// Takes a proposal back, or does not agree with it.
///
/// # Errors
/// That of [`rules::may_cancel`]; not found.
pub fn cancel(
    work: &mut Work<'_, '_>,
    permit: &Permit<ProposeSafeguard>,
    of: &Proposal,
) -> Result<(), AppError> {
    rules::may_cancel(of, permit.signed_in()?)?;
    if work.tx.execute(&queries::TAKE_PROPOSAL, &params![of.id])? == 0 {
        return Err(Refusal::not_found().into());
    }
    // Nobody hears of it, if there is time still.
    outbox::take_back(work, of.event_id)?;
    work.record(permit, of.person_id, "cancelled")?;
    Ok(())
}

/// Confirms what another one of the group proposed.
///
/// # Errors
/// Those of [`rules::may_confirm`] and [`rules::may_dismiss`].
pub fn confirm(
    work: &mut Work<'_, '_>,
    permit: &Permit<ConfirmSafeguard>,
    group: &Group,
    of: &Proposal,
) -> Result<(), AppError> {
    carry_out(work, permit, (group, of), false)
}

/// Confirms it as an operator, for a group in which nobody else could.
///
/// # Errors
/// Those of [`confirm`].
pub fn confirm_for_group(
    work: &mut Work<'_, '_>,
    permit: &Permit<ConfirmForGroup>,
    of: &Proposal,
) -> Result<(), AppError> {
    let group = groups::find(work.tx, of.group_id)?.ok_or_else(Refusal::not_found)?;
    carry_out(work, permit, (&group, of), true)
}

fn carry_out<A: Action>(
    work: &mut Work<'_, '_>,
    permit: &Permit<A>,
    (group, of): (&Group, &Proposal),
    for_group: bool,
) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    // Two who dismiss at once see each other.
    groups::actions::hold(work, group.id)?;
    let holders = groups::holders(work.tx, group.id, Permission::Roles)?;
    rules::may_confirm(of, own, for_group, &holders)?;
    if work.tx.execute(&queries::TAKE_PROPOSAL, &params![of.id])? == 0 {
        return Err(Refusal::not_found().into());
    }
    let now = safeguards(work.tx, group.id)?;
    let person = of.person_id;
    match of.kind {
        ProposalKind::Appoint => {
            let fits = fits(work.tx, group.id, person)?;
            rules::may_propose(of.kind, (of.proposed_by, person), fits, &now)?;
            super::appoint(work, group.id, person, (of.proposed_by, own))?;
            decide(work, group.id, Kind::SafeguardAppointed, person)?;
            work.emit(&Event::SafeguardAppointed { group: group.id, person })?;
        }
        ProposalKind::Dismiss => {
            rules::may_dismiss(group.youngest, group.vulnerable, now.len())?;
            work.tx.execute(&queries::DISMISS, &params![group.id, person])?;
            decide(work, group.id, Kind::SafeguardEnded, person)?;
            work.emit(&Event::SafeguardEnded { group: group.id, person })?;
        }
    }
    work.record_in(permit, group.id, person, of.kind.word())?;
    Ok(())
}

/// Notes for the group's members who looks after safety.
fn decide(work: &mut Work<'_, '_>, group: GroupId, kind: Kind, person: PersonId) -> Result<(), AppError> {
    Ok(decisions::made(work, group, &Decision::of(kind, "").naming(person))?)
}

/// Gives up one's own appointment.
pub fn leave(work: &mut Work<'_, '_>, permit: &Permit<ReadConcerns>, group: GroupId) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    work.tx.execute(&queries::DISMISS, &params![group, own])?;
    decide(work, group, Kind::SafeguardEnded, own)?;
    work.record(permit, own, "left")?;
    work.emit(&Event::SafeguardEnded { group, person: own })?;
    Ok(())
}

/// Whom a reporter may name so that they never read the concern: the safeguarding people, and who runs the group and
/// may be appointed later; each with the name.
pub fn nameable(
    tx: &mut Tx<'_>,
    group: GroupId,
    now: &[Safeguard],
) -> Result<Vec<(PersonId, String)>, DbError> {
    let mut all: Vec<_> = now.iter().map(|one| (one.person_id, one.name.clone())).collect();
    let run_by = groups::coordinators(tx, group)?.into_iter();
    all.extend(
        run_by
            .filter(|of| now.iter().all(|one| one.person_id != of.person_id))
            .map(|of| (of.person_id, of.name)),
    );
    Ok(all)
}

/// Reports a concern to the safeguarding people but those whom it is about.
///
/// # Errors
/// `safeguarding-unread` if nobody would read it; `people-too-many-tries`; what is wrong with the text.
pub fn report(
    work: &mut Work<'_, '_>,
    permit: &Permit<ReportConcern>,
    group: GroupId,
    input: &ConcernInput,
) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    let text = rules::concern(&input.text)?;
    let about: Result<Vec<PersonId>, _> = input.about.iter().map(|id| forms::word(id)).collect();
    let about = about.map_err(|wrong| wrong.at("about"))?;
    let now = safeguards(work.tx, group)?;
    rules::readers(&now, own, &about)?;
    people::limit(work, "concern", &own.to_string(), rules::REPORTED)?;
    let id: ConcernId = work.id();
    work.tx.execute(&queries::REPORT, &params![id, group, own, text, work.now])?;
    let nameable = nameable(work.tx, group, &now)?.into_iter().map(|(person, _)| person);
    for person in nameable.filter(|id| *id == own || about.contains(id)) {
        work.tx.execute(&queries::BAR, &params![id, person])?;
    }
    work.record(permit, id, "reported")?;
    work.emit(&Event::ConcernReported { group, concern: id })?;
    Ok(())
}

/// The concerns that one of the safeguarding people reads.
pub fn concerns(
    tx: &mut Tx<'_>,
    permit: &Permit<ReadConcerns>,
    group: GroupId,
) -> Result<Vec<ConcernLine>, AppError> {
    Ok(tx.all(&queries::CONCERNS, &params![group, permit.signed_in()?])?)
}

/// A concern; that it was read is recorded.
///
/// # Errors
/// Not found, also for one whom it is about.
pub fn read(
    work: &mut Work<'_, '_>,
    permit: &Permit<ReadConcerns>,
    group: GroupId,
    concern: &str,
) -> Result<Concern, AppError> {
    let found = find(work.tx, permit, group, concern)?;
    work.record(permit, found.id, "read")?;
    Ok(found)
}

fn find(
    tx: &mut Tx<'_>,
    permit: &Permit<ReadConcerns>,
    group: GroupId,
    concern: &str,
) -> Result<Concern, AppError> {
    let id: ConcernId = concern.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<Concern> = tx.optional(&queries::CONCERN, &params![id, group, permit.signed_in()?])?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// Closes a concern, telling what was done.
///
/// # Errors
/// `safeguarding-closed` if it is.
pub fn close(
    work: &mut Work<'_, '_>,
    permit: &Permit<ReadConcerns>,
    (group, concern): (GroupId, &str),
    outcome: &str,
) -> Result<(), AppError> {
    let found = find(work.tx, permit, group, concern)?;
    let outcome = rules::outcome(outcome)?;
    let row = params![found.id, work.now, permit.signed_in()?, outcome];
    if work.tx.execute(&queries::CLOSE_CONCERN, &row)? == 0 {
        return Err(Refusal::new(RefusalKind::Conflict, "safeguarding-closed").into());
    }
    work.record(permit, found.id, "closed")?;
    Ok(())
}
