//! What members are told by those who run their group.

use super::queries;
use crate::{
    people,
    shell::{
        Happened,
        notice::{Draft, Kind},
    },
};
use mapalus_core::{Event, GroupId, MembershipState, PersonId};
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
        Event::RolesChanged { group, person } => tell(tx, group, person, "groups-notice-roles", ""),
        _ => Ok(Vec::new()),
    }
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
