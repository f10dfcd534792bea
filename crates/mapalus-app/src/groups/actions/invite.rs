//! People are invited by mail address; who is invited takes the invitation up or declines it.

use super::{
    super::queries::{self, changes},
    marks, move_membership, stands,
    undo::{self, Kept},
};
use crate::{
    groups::{
        model::{ChangeKind, Invitation, InvitationState, Stands},
        rules,
    },
    people,
    shell::{AppError, Work},
};
use mapalus_core::{
    Event, GroupId, LinkId, MembershipState, Millis, Permit, PersonId, Refusal, RefusalKind,
    access::{ChangeMembers, DeclineInvitation, Enter, UseAccount},
    time::DAY,
};
use mapalus_db::{Tx, params};

/// Invitations that a group may send in a day.
const OF_GROUP_A_DAY: i64 = 100;
/// Invitations that one person may send in a day, in all groups.
const OF_PERSON_A_DAY: i64 = 30;

/// What an invitation does: the membership that moved, as it stood, and the event that tells of it.
type Does = (Option<(PersonId, Option<Stands>)>, Option<Event>);

/// Invites whoever has a mail address: the account that has it, or by a mailed link. The answer is the same whether
/// there is an account or not, and whether it belongs to the group already. Gives the invitation.
pub fn invite(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeMembers>,
    group: GroupId,
    mail: &people::Mail,
) -> Result<LinkId, AppError> {
    let actor = permit.signed_in()?;
    if marks::is_hidden(work.tx, group)? {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-hidden-invites").into());
    }
    // All groups that one runs: two invitations at once are counted one after the other.
    work.tx.execute_one(&queries::roles::LOCK_HELD, &params![actor])?;
    let counted = params![group, actor, work.now.plus(-DAY)];
    let (of_group, of_person): (i64, i64) = work.tx.one(&changes::INVITED_SINCE, &counted)?;
    if of_group >= OF_GROUP_A_DAY || of_person >= OF_PERSON_A_DAY {
        return Err(Refusal::new(RefusalKind::TooMany, "groups-many-invitations").into());
    }
    people::count_mail_to(work, mail)?;
    let link: LinkId = work.id();
    let open: i64 = work.tx.scalar(&changes::OPEN_TO, &params![group, &mail.folded, work.now])?;
    let account = people::accounts_by_mail(work.tx, std::slice::from_ref(&mail.folded))?.pop();
    let account = account.map(|(_, person)| person);
    let ends_at = work.now.plus(rules::INVITATION_MILLIS);
    let row = params![link, group, &mail.written, &mail.folded, account, work.now, actor, ends_at];
    work.tx.execute(&changes::INVITE, &row)?;
    let (moved, event): Does = match account {
        Some(person) => ask(work, group, person)?,
        None if open == 0 => (None, Some(Event::AddressInvited { group, link })),
        // Asked already, and not yet answered.
        None => (None, None),
    };
    let event = event.map(|event| work.emit_held(&event)).transpose()?;
    let (person, before) = moved.map_or((None, None), |(person, before)| (Some(person), before));
    let version = person.map(|_| before.as_ref().map_or(1, |before| before.version + 1));
    let kind = ChangeKind::Invitation;
    let kept = Kept { kind, person, invitation: Some(link), before, event, version, own_version: None };
    undo::keep(work, actor, group, &kept)?;
    work.record(permit, group, "invited")?;
    Ok(link)
}

/// Asks the person of an account to join, unless they belong to the group or have been asked.
fn ask(work: &mut Work<'_, '_>, group: GroupId, person: PersonId) -> Result<Does, AppError> {
    let before = stands(work, group, person)?;
    let state = before.as_ref().map(|before| before.state);
    if !matches!(state, None | Some(MembershipState::Left | MembershipState::Excluded)) {
        return Ok((None, None));
    }
    move_membership(work, group, person, MembershipState::Invited, "invited")?;
    let event = Event::MemberManaged { group, person, state: MembershipState::Invited };
    Ok((Some((person, before)), Some(event)))
}

/// Declines a group's invitation: those who run the group see it, and may invite anew. It is undone as what those do
/// who run a group.
pub fn decline(
    work: &mut Work<'_, '_>,
    permit: &Permit<DeclineInvitation>,
    group: GroupId,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    let before = stands(work, group, person)?;
    let version = before.as_ref().map(|before| before.version + 1);
    move_membership(work, group, person, MembershipState::Left, "declined")?;
    let latest: Option<Invitation> = work.tx.optional(&changes::LATEST_OF, &params![group, person])?;
    let row = params![group, person, InvitationState::Declined, work.now];
    work.tx.execute(&changes::ANSWER_ALL, &row)?;
    let told = latest.filter(|latest| latest.state == InvitationState::Sent);
    let told = told.map(|latest| work.emit_held(&Event::InvitationDeclined { group, link: latest.id }));
    let kept = Kept { before, event: told.transpose()?, version, ..Kept::of(ChangeKind::Decline, person) };
    undo::keep(work, person, group, &kept)?;
    work.record(permit, group, "")?;
    Ok(())
}

/// An invitation by its mailed link that can still be answered.
///
/// # Errors
/// What [`rules::may_answer`] says; not found for a link that is none of ours.
pub fn open(tx: &mut Tx<'_>, link: Option<LinkId>, now: Millis) -> Result<Invitation, AppError> {
    let unknown = || Refusal::new(RefusalKind::NotFound, "people-link-unknown");
    let link = link.ok_or_else(unknown)?;
    let found: Option<Invitation> = tx.optional(&changes::INVITATION, &params![link])?;
    let found = found.ok_or_else(unknown)?;
    rules::may_answer(found.state, found.ends_at, now)?;
    if marks::is_hidden(tx, found.group_id)? {
        return Err(Refusal::new(RefusalKind::Gone, "groups-link-hidden").into());
    }
    Ok(found)
}

/// Takes up a mailed invitation with one's account: one is invited then, as if the address had been the account's.
/// The link opens nothing any more. Gives the group.
pub fn take_up(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    link: Option<LinkId>,
) -> Result<GroupId, AppError> {
    let person = permit.signed_in()?;
    let invitation = open(work.tx, link, work.now)?;
    let group = invitation.group_id;
    let state = stands(work, group, person)?.map(|stands| stands.state);
    // Neither is undone by a link: it takes those who run the group.
    if matches!(state, Some(MembershipState::Suspended | MembershipState::Excluded)) {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-barred").into());
    }
    answer(work, &invitation, InvitationState::Taken, Some(person))?;
    if matches!(state, None | Some(MembershipState::Left)) {
        move_membership(work, group, person, MembershipState::Invited, "invited")?;
    }
    work.record(permit, group, "invitation")?;
    Ok(group)
}

/// Declines a mailed invitation; the link is all that it takes.
pub fn refuse(work: &mut Work<'_, '_>, permit: &Permit<Enter>, link: Option<LinkId>) -> Result<(), AppError> {
    let invitation = open(work.tx, link, work.now)?;
    answer(work, &invitation, InvitationState::Declined, None)?;
    work.emit_held(&Event::InvitationDeclined { group: invitation.group_id, link: invitation.id })?;
    work.record(permit, invitation.group_id, "invitation")?;
    Ok(())
}

fn answer(
    work: &mut Work<'_, '_>,
    invitation: &Invitation,
    state: InvitationState,
    person: Option<PersonId>,
) -> Result<(), AppError> {
    // Two at once: the second one reads anew, and finds it answered.
    Ok(work.tx.execute_one(&changes::ANSWER, &params![invitation.id, state, work.now, person])?)
}
