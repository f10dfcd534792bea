//! What members are told by those who run their group.

use super::{
    actions,
    model::{INVITATION_LINK, Invitation, InvitationState, InvitedTo, WatchFind, marks::Mark},
    queries::{self, changes},
};
use crate::{
    people,
    qualifications::{self, model::Known, rules::OVER},
    shell::{
        Day, Happened,
        notice::{Draft, Kind, Recipient, Secret},
    },
};
use mapalus_core::{Event, GroupId, LinkId, MembershipState, Millis, Permission, PersonId, QualificationId};
use mapalus_db::{DbError, Tx, params};

/// The notices that an event asks for.
///
/// # Errors
/// The database's error.
pub fn of(tx: &mut Tx<'_>, happened: &Happened) -> Result<Vec<Draft>, DbError> {
    match happened.event {
        Event::MemberManaged { group, person, state } => {
            let key = match state {
                MembershipState::Invited => "groups-notice-invited",
                MembershipState::Suspended => "groups-notice-suspended",
                MembershipState::Excluded => "groups-notice-excluded",
                _ => "groups-notice-restored",
            };
            // Undone meanwhile: there is nothing to tell.
            let now: Option<(MembershipState, String)> =
                tx.optional(&queries::WHY, &params![group, person])?;
            match now {
                Some((now, why)) if now == state => tell(tx, group, person, key, &why),
                _ => Ok(Vec::new()),
            }
        }
        Event::GroupEnded { group, by } => ended(tx, group, by),
        Event::GroupVerified { group } => marked(tx, group, Mark::Verified),
        Event::VerificationEnded { group } => marked(tx, group, Mark::Unverified),
        Event::GroupHidden { group } => marked(tx, group, Mark::Hidden),
        Event::GroupShown { group } => marked(tx, group, Mark::Shown),
        Event::HidingAnswered { group } => answered(tx, group),
        Event::AddressInvited { group, link } => invited(tx, group, link),
        Event::InvitationDeclined { group, link } => declined(tx, group, link),
        Event::GroupsFound { person, at } => found(tx, person, at),
        Event::GroupReopened { group, at } => reopened(tx, group, at),
        Event::RolesRest { group, person, rest } => rests(tx, group, person, rest),
        Event::RolesGoOn { group, person } => tell(tx, group, person, "groups-notice-goes-on", ""),
        Event::QualificationEnds { person, qualification, until, days } if days == OVER || days == 14 => {
            ends(tx, (person, qualification), Day::from_number(until), days == OVER)
        }
        Event::RolesChanged { group, person } => tell(tx, group, person, "groups-notice-roles", ""),
        _ => Ok(Vec::new()),
    }
}

/// That roles rest or go on: to their holder, and if they rest to the others who give roles.
fn rests(tx: &mut Tx<'_>, group: GroupId, person: PersonId, rest: bool) -> Result<Vec<Draft>, DbError> {
    let key = if rest { "groups-notice-rests" } else { "groups-notice-rests-no-more" };
    let mut drafts = tell(tx, group, person, key, "")?;
    if rest {
        let to = super::holders(tx, group, Permission::Roles)?;
        let to: Vec<PersonId> = to.into_iter().filter(|to| *to != person).collect();
        drafts.extend(of_member(tx, (group, person), &to, "groups-notice-rests-other", None)?);
    }
    Ok(drafts)
}

/// That a qualification which groups have seen is over or ends, to those in each who check.
fn ends(
    tx: &mut Tx<'_>,
    (person, qualification): (PersonId, QualificationId),
    until: Day,
    over: bool,
) -> Result<Vec<Draft>, DbError> {
    let groups: Vec<(GroupId,)> = tx.all(&queries::rest::SEEN_IN, &params![qualification, until])?;
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let kind: String = tx.scalar(&queries::rest::KIND_OF, &params![qualification])?;
    let mut drafts = Vec::new();
    for (group,) in groups {
        let known = qualifications::known(tx, group)?;
        let to = super::holders(tx, group, Permission::Qualifications)?;
        let to: Vec<PersonId> = to.into_iter().filter(|to| *to != person).collect();
        let key = if over { "groups-notice-over" } else { "groups-notice-ends" };
        drafts.extend(of_member(tx, (group, person), &to, key, Some((&known, &kind, until)))?);
    }
    Ok(drafts)
}

/// What is told of a member to others of the group.
fn of_member(
    tx: &mut Tx<'_>,
    (group, person): (GroupId, PersonId),
    to: &[PersonId],
    key: &'static str,
    what: Option<(&Known, &str, Day)>,
) -> Result<Vec<Draft>, DbError> {
    let (name, path) = super::name_and_path(tx, group)?;
    let Some(of) = people::contacts(tx, &[person])?.pop() else { return Ok(Vec::new()) };
    let draft = |to: people::Contact| {
        let mut arguments = vec![("group", name.as_str().into()), ("name", of.name.as_str().into())];
        if let Some((known, kind, until)) = what {
            let kind = known.name(kind, to.lang).unwrap_or_default();
            arguments.extend([("kind", kind.into()), ("until", until.text(to.lang).into())]);
        }
        let page = if what.is_some() { "/qualifications" } else { "" };
        Draft {
            to: to.into(),
            key,
            kind: Kind::Groups,
            group: Some(group),
            arguments,
            path: format!("{path}/members/{person}{page}"),
            secret: None,
            mail_only: false,
            about: Some(person),
        }
    };
    Ok(people::contacts(tx, to)?.into_iter().map(draft).collect())
}

/// The mail to an address that no account has: in the group's language, for nobody's is known.
fn invited(tx: &mut Tx<'_>, group: GroupId, link: LinkId) -> Result<Vec<Draft>, DbError> {
    let found: Option<Invitation> = tx.optional(&changes::INVITATION, &params![link])?;
    let Some(invitation) = found.filter(|invitation| invitation.state == InvitationState::Sent) else {
        return Ok(Vec::new());
    };
    let to: InvitedTo = tx.one(&changes::INVITED_TO, &params![group])?;
    let recipient = Recipient {
        person: None,
        name: String::new(),
        call: String::new(),
        mail: invitation.mail,
        lang: to.lang,
        zone: chrono_tz::Asia::Jakarta,
    };
    Ok(vec![Draft {
        to: recipient,
        key: "groups-mail-invited",
        kind: Kind::Groups,
        group: None,
        arguments: vec![("group", to.name.into()), ("until_at", invitation.ends_at.0.into())],
        path: format!("/groups/{}", to.slug),
        secret: Some(Secret { purpose: INVITATION_LINK.to_owned(), link }),
        mail_only: true,
        about: None,
    }])
}

/// That searches found new groups, if they are there still.
fn found(tx: &mut Tx<'_>, person: PersonId, at: Millis) -> Result<Vec<Draft>, DbError> {
    let found: Vec<WatchFind> = tx.all(&queries::watches::FOUND_AT, &params![person, at])?;
    let mut names: Vec<&str> = found.iter().map(|find| find.name.as_str()).collect();
    names.dedup();
    let Some(first) = names.first() else {
        return Ok(Vec::new());
    };
    let others = i64::try_from(names.len() - 1).unwrap_or(i64::MAX);
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key: "groups-notice-found",
        kind: Kind::Found,
        group: None,
        arguments: vec![("name", (*first).into()), ("count", others.into())],
        path: "/watches".to_owned(),
        secret: None,
        mail_only: false,
        about: None,
    };
    Ok(people::contacts(tx, &[person])?.into_iter().map(draft).collect())
}

/// That the group takes people again, to those who waited for it.
fn reopened(tx: &mut Tx<'_>, group: GroupId, at: Millis) -> Result<Vec<Draft>, DbError> {
    let all: Vec<(PersonId,)> = tx.all(&queries::doors::AT_DOOR, &params![group, at])?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let to: Vec<PersonId> = all.into_iter().map(|(person,)| person).collect();
    let (name, path) = super::name_and_path(tx, group)?;
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key: "groups-notice-reopened",
        kind: Kind::Found,
        group: None,
        arguments: vec![("group", name.as_str().into())],
        path: path.clone(),
        secret: None,
        mail_only: false,
        about: None,
    };
    Ok(people::contacts(tx, &to)?.into_iter().map(draft).collect())
}

/// That the group was closed, to its people but the one who closed it.
fn ended(tx: &mut Tx<'_>, group: GroupId, by: PersonId) -> Result<Vec<Draft>, DbError> {
    let all: Vec<(PersonId,)> = tx.all(&queries::ending::PEOPLE, &params![group])?;
    let to: Vec<PersonId> = all.into_iter().map(|(person,)| person).filter(|person| *person != by).collect();
    let (name, _) = super::name_and_path(tx, group)?;
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key: "groups-notice-ended",
        kind: Kind::Groups,
        group: Some(group),
        arguments: vec![("group", name.as_str().into())],
        path: "/groups".to_owned(),
        secret: None,
        mail_only: false,
        about: None,
    };
    Ok(people::contacts(tx, &to)?.into_iter().map(draft).collect())
}

/// What those who operate the instance said of a group, to those who may answer for it; unless it is otherwise by now.
fn marked(tx: &mut Tx<'_>, group: GroupId, mark: Mark) -> Result<Vec<Draft>, DbError> {
    let Some(now) = super::find(tx, group)?.filter(|group| group.ended_at.is_none()) else {
        return Ok(Vec::new());
    };
    let (key, holds) = match mark {
        Mark::Verified => ("groups-notice-verified", now.verified_at.is_some()),
        Mark::Unverified => ("groups-notice-unverified", now.verified_at.is_none()),
        Mark::Hidden => ("groups-notice-hidden", now.hidden_at.is_some()),
        Mark::Shown => ("groups-notice-shown", now.hidden_at.is_none()),
    };
    let marks = actions::marks::marks(tx, group)?;
    let Some(said) = marks.iter().find(|said| said.mark == mark).filter(|_| holds) else {
        return Ok(Vec::new());
    };
    let hidden = if mark == Mark::Hidden { "/hidden" } else { "" };
    let to = super::holders(tx, group, Permission::Settings)?;
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key,
        // It is mailed in any case: who does not hear of it cannot answer.
        kind: Kind::Account,
        group: None,
        arguments: vec![("group", now.name.as_str().into()), ("reason", said.reason.as_str().into())],
        path: format!("{}{hidden}", now.path()),
        secret: None,
        mail_only: false,
        about: None,
    };
    Ok(people::contacts(tx, &to)?.into_iter().map(draft).collect())
}

/// That those who run a hidden group answered, to the operator.
fn answered(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<Draft>, DbError> {
    let Some((operator, _)) = people::operator(tx)? else { return Ok(Vec::new()) };
    let (name, _) = super::name_and_path(tx, group)?;
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key: "groups-notice-answered",
        kind: Kind::Account,
        group: None,
        arguments: vec![("group", name.as_str().into())],
        path: format!("/admin/groups/{group}"),
        secret: None,
        mail_only: false,
        about: None,
    };
    Ok(people::contacts(tx, &[operator])?.into_iter().map(draft).collect())
}

/// That somebody who was invited does not wish to join, to those who may invite. They know the address alone.
fn declined(tx: &mut Tx<'_>, group: GroupId, link: LinkId) -> Result<Vec<Draft>, DbError> {
    let found: Option<Invitation> = tx.optional(&changes::INVITATION, &params![link])?;
    let Some(invitation) = found.filter(|invitation| !invitation.mail.is_empty()) else {
        return Ok(Vec::new());
    };
    let to = super::holders(tx, group, Permission::Members)?;
    let (name, path) = super::name_and_path(tx, group)?;
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key: "groups-notice-declined",
        kind: Kind::Groups,
        group: Some(group),
        arguments: vec![("group", name.as_str().into()), ("mail", invitation.mail.as_str().into())],
        path: format!("{path}/members"),
        secret: None,
        mail_only: false,
        about: None,
    };
    Ok(people::contacts(tx, &to)?.into_iter().map(draft).collect())
}

fn tell(
    tx: &mut Tx<'_>,
    group: GroupId,
    person: PersonId,
    key: &'static str,
    why: &str,
) -> Result<Vec<Draft>, DbError> {
    let (name, path) = super::name_and_path(tx, group)?;
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key,
        kind: Kind::Groups,
        group: Some(group),
        arguments: vec![("group", name.as_str().into()), ("reason", why.into())],
        path: path.clone(),
        secret: None,
        mail_only: false,
        about: Some(person),
    };
    Ok(people::contacts(tx, &[person])?.into_iter().map(draft).collect())
}
