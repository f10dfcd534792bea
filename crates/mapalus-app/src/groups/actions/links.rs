//! Links that invite are made, withdrawn and followed.

use super::{
    super::queries::links as queries,
    decisions::{self, Decision},
    marks, move_membership, stands,
};
use crate::{
    groups::{
        Group,
        model::{InviteLink, LinkInput, LinkRules, LinkRulesInput, Spared, decisions::Kind, spared, words},
        rules,
    },
    shell::{AppError, Work},
};
use mapalus_core::{
    GroupId, LinkId, MembershipState, Millis, Permit, PersonId, Refusal, RefusalKind,
    access::{ChangeGroup, MakeLinks, RunLink, UseAccount},
    time::DAY,
};
use mapalus_db::{DbError, Tx, params};

/// What a group lets its people do with links.
pub fn rules_of(tx: &mut Tx<'_>, group: GroupId) -> Result<LinkRules, DbError> {
    let found: Option<LinkRules> = tx.optional(&queries::LINK_RULES, &params![group])?;
    Ok(found.unwrap_or_else(LinkRules::none))
}

/// Says what a group lets its people do with links, if that stands as it was read.
pub fn set_rules(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeGroup>,
    group: GroupId,
    input: &LinkRulesInput,
) -> Result<(), AppError> {
    let spares = words(&rules::link_rules(&input.spares)?);
    let now = rules_of(work.tx, group)?;
    let seen = input.version.unwrap_or(now.version);
    let stored = if seen == 0 {
        work.tx.execute(&queries::MAKE_LINK_RULES, &params![group, input.by_members, &spares])?
    } else {
        work.tx.execute(&queries::CHANGE_LINK_RULES, &params![group, input.by_members, &spares, seen])?
    };
    if stored == 0 {
        return Err(Refusal::new(RefusalKind::Changed, "refusal-changed").into());
    }
    if (now.by_members, now.spares.as_str()) != (input.by_members, spares.as_str()) {
        let who = if input.by_members { "members" } else { "coordinators" };
        decisions::made(work, group, &Decision::of(Kind::Links, who))?;
    }
    work.record(permit, group, "links")?;
    Ok(())
}

/// Makes a link for a group. The secret of its address is nowhere stored.
pub fn make(
    work: &mut Work<'_, '_>,
    permit: &Permit<MakeLinks>,
    group: &Group,
    input: &LinkInput,
) -> Result<LinkId, AppError> {
    let maker = permit.signed_in()?;
    if group.hidden_at.is_some() {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-hidden-invites").into());
    }
    // Two at once are counted one after the other.
    work.tx.execute_one(&super::queries::LOCK, &params![group.id])?;
    let allowed = rules_of(work.tx, group.id)?;
    let counted = params![group.id, maker, work.now, work.now.plus(-DAY)];
    let counts: (i64, i64) = work.tx.one(&queries::COUNT_LINKS, &counted)?;
    let link = rules::link(input, (group.standing(), &allowed), counts)?;
    let (id, ends_at): (LinkId, _) = (work.id(), work.now.plus(link.days * DAY));
    let row = params![id, group.id, maker, &link.note, words(&link.spares), link.uses, work.now, ends_at];
    work.tx.execute(&queries::MAKE_LINK, &row)?;
    work.record(permit, group.id, &id.to_string())?;
    Ok(id)
}

/// Withdraws a link: who has come by it stays, nobody new comes.
pub fn withdraw(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunLink>,
    link: &InviteLink,
) -> Result<(), AppError> {
    work.tx.execute(&queries::WITHDRAW_LINK, &params![link.id, work.now])?;
    work.record(permit, link.group_id, &link.id.to_string())?;
    Ok(())
}

/// A link, whether it holds or not.
///
/// # Errors
/// Not found for one that is none of ours.
pub fn find(tx: &mut Tx<'_>, link: Option<LinkId>) -> Result<InviteLink, AppError> {
    let unknown = || Refusal::new(RefusalKind::NotFound, "people-link-unknown");
    let link = link.ok_or_else(unknown)?;
    let found: Option<InviteLink> = tx.optional(&queries::INVITE_LINK, &params![link])?;
    Ok(found.ok_or_else(unknown)?)
}

/// Whether one may come by a link now, and what it spares then: no more than its maker may spare now.
///
/// # Errors
/// The database's error; within, what [`rules::may_come`] says.
pub fn holds(
    tx: &mut Tx<'_>,
    link: &InviteLink,
    now: Millis,
) -> Result<Result<Vec<Spared>, Refusal>, DbError> {
    if marks::is_hidden(tx, link.group_id)? {
        return Ok(Err(Refusal::new(RefusalKind::Gone, "groups-link-hidden")));
    }
    let maker = crate::groups::standing_of(tx, link.group_id, Some(link.made_by))?;
    let allowed = rules_of(tx, link.group_id)?;
    Ok(rules::may_come(link, (maker, &allowed), now).map(|()| {
        let may = maker.map_or_else(Vec::new, |maker| rules::may_spare(maker, &allowed));
        spared(&link.spares).into_iter().filter(|spared| may.contains(spared)).collect()
    }))
}

/// Follows a link as a person: one is invited then, and one of its places is taken. Who comes again takes no second one.
/// Gives what it spares.
pub fn take(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    link: &InviteLink,
) -> Result<Vec<Spared>, AppError> {
    let (person, group) = (permit.signed_in()?, link.group_id);
    let state = stands(work, group, person)?.map(|now| now.state);
    let left_suspended = crate::groups::left_suspended(work.tx, group, person)?;
    rules::may_be_invited(state, left_suspended)?;
    let again = work.tx.scalar::<i64>(&queries::HAS_TAKEN, &params![link.id, person])? > 0;
    let spares = match holds(work.tx, link, work.now)? {
        Ok(spares) => spares,
        Err(refusal) if again && refusal.key == "groups-link-used-up" => Vec::new(),
        Err(refusal) => return Err(refusal.into()),
    };
    if work.tx.execute(&queries::TAKE, &params![link.id, person, work.now])? > 0
        && work.tx.execute(&queries::TAKE_PLACE, &params![link.id, work.now])? == 0
    {
        // Somebody was quicker.
        let now = find(work.tx, Some(link.id))?;
        holds(work.tx, &now, work.now)??;
        return Err(DbError::Stale.into());
    }
    if matches!(state, None | Some(MembershipState::Left)) {
        move_membership(work, group, person, MembershipState::Invited, "invited")?;
    }
    work.record(permit, group, &link.id.to_string())?;
    Ok(spares)
}

/// Whose links one sees in a group: all by one who may invite, otherwise one's own.
pub fn whose(group: &Group, person: Option<PersonId>) -> Option<PersonId> {
    person.filter(|_| !group.standing().permissions.has(mapalus_core::Permission::Members))
}

/// Forgets links that ended a while ago, and who came by them.
pub fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let before = work.now.plus(-rules::LINK_KEPT_MILLIS);
    work.tx.execute(&queries::FORGET_OLD_TAKERS, &params![before])?;
    work.tx.execute(&queries::FORGET_OLD_LINKS, &params![before])?;
    Ok(())
}
