//! Roles rest when a qualification that they ask for is over, and go on when it is seen anew.

use super::running::lock;
use crate::{
    groups::{
        model::rest::{Gap, Holding, Lack, Wanted},
        queries::rest as queries,
        rules::rest,
    },
    qualifications,
    shell::{AppError, Day, Lang, Work},
};
use mapalus_core::{Event, GroupId, Millis, PersonId};
use mapalus_db::{DbError, Tx, params};

/// Lets the roles of a group rest or go on, as its people's qualifications stand now; to be called when the group is
/// locked, before it is asked who still runs it. Gives those whose roles go on only because nobody else runs the group.
///
/// # Errors
/// The database's error.
pub fn settle(work: &mut Work<'_, '_>, group: GroupId) -> Result<Vec<PersonId>, DbError> {
    let holdings: Vec<Holding> = work.tx.all(&queries::HOLDINGS, &params![group])?;
    if holdings.iter().all(|holding| holding.qualifications.is_empty() && holding.rests_since.is_none()) {
        return Ok(Vec::new());
    }
    let mut people: Vec<PersonId> = holdings.iter().map(|holding| holding.person_id).collect();
    people.dedup();
    let seen = qualifications::glances(work.tx, group, &people)?;
    let rests = rest::rests(&holdings, &seen, Day::of(work.now));
    let (mut told, mut going_on) = (Vec::new(), Vec::new());
    for (holding, (rests, goes_on)) in holdings.iter().zip(rests) {
        let person = holding.person_id;
        if goes_on {
            going_on.push(person);
        }
        if rests != holding.rests_since.is_some() {
            let since = rests.then_some(work.now);
            work.tx.execute_one(&queries::SET_REST, &params![holding.role_id, person, since])?;
            if !told.contains(&(person, rests)) {
                told.push((person, rests));
                work.emit(&Event::RolesRest { group, person, rest: rests })?;
            }
        }
    }
    going_on.dedup();
    Ok(going_on)
}

/// Follows what happened to a person's qualifications in every group where a role of theirs asks for one; once one is
/// over, who alone runs a group is told that they go on.
///
/// # Errors
/// The database's error.
pub fn follow(work: &mut Work<'_, '_>, person: PersonId, over: bool) -> Result<(), DbError> {
    let groups: Vec<(GroupId,)> = work.tx.all(&queries::ASKED_OF, &params![person])?;
    for (group,) in groups {
        match lock(work, group) {
            Ok(()) => {}
            Err(AppError::Db(error)) => return Err(error),
            Err(_) => continue,
        }
        let going_on = settle(work, group)?;
        if over && going_on.contains(&person) {
            work.emit(&Event::RolesGoOn { group, person })?;
        }
    }
    Ok(())
}

/// What the roles of these people ask for and they lack, or will lack soon: three statements. Of clearances and of what
/// ends soon those alone are told who check.
///
/// # Errors
/// The database's error.
pub fn gaps(
    tx: &mut Tx<'_>,
    group: GroupId,
    people: &[PersonId],
    checks: bool,
    (now, lang): (Millis, Lang),
) -> Result<Vec<Gap>, DbError> {
    let wanted: Vec<Wanted> = tx.all_in(&queries::WANTED, &params![group], people)?;
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let seen = qualifications::glances(tx, group, people)?;
    let known = qualifications::known(tx, group)?;
    let today = Day::of(now);
    let mut gaps = Vec::new();
    for role in &wanted {
        for kind in role.qualifications.split_whitespace() {
            let lack = rest::lack(kind, role.person_id, &seen, today);
            let Some(lack) = lack.filter(|lack| checks || *lack != Lack::Ends) else { continue };
            if known.is_clearance(kind) && !checks {
                continue;
            }
            gaps.push(Gap {
                person_id: role.person_id,
                role_id: role.role_id,
                role: role.name.clone(),
                kind: kind.to_owned(),
                name: known.name(kind, lang).unwrap_or_default(),
                lack,
                rests: role.rests_since.is_some(),
            });
        }
    }
    Ok(gaps)
}
