//! Asks and answers in people's names: the demonstration's questions walk the same path as all.

use super::{
    actions,
    model::{Asker, NewAsk, Thread},
    queries,
};
use crate::{
    groups,
    shell::{AppError, Work},
};
use mapalus_core::{
    AskId, GroupId, PersonId, Refusal, Standing,
    access::{AnswerQuestion, AskGroup, Enter, UseQuestion},
};
use std::net::{IpAddr, Ipv4Addr};

fn thread(work: &mut Work<'_, '_>, id: AskId) -> Result<Thread, AppError> {
    Ok(queries::thread(work.tx, id)?.ok_or_else(Refusal::not_found)?)
}

/// Asks a group. One without an account follows the mailed link at once.
pub(crate) fn ask(work: &mut Work<'_, '_>, group: GroupId, new: &NewAsk) -> Result<AskId, AppError> {
    let person = match &new.asker {
        Asker::Person(person) => Some(*person),
        Asker::Stranger { .. } => None,
    };
    work.actor = person;
    let group_standing = groups::standing_of(work.tx, group, person)?;
    let standing = Standing { person, group: group_standing, ..Standing::default() };
    let home = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let id = actions::ask(work, &standing.permit::<AskGroup>()?, group, new, home)?;
    if person.is_none() {
        let thread = thread(work, id)?;
        actions::confirm(work, &standing.permit::<Enter>()?, &thread)?;
    }
    Ok(id)
}

/// Answers for the group.
pub(crate) fn answer(
    work: &mut Work<'_, '_>,
    id: AskId,
    person: PersonId,
    text: &str,
) -> Result<(), AppError> {
    work.actor = Some(person);
    let thread = thread(work, id)?;
    let group = groups::standing_of(work.tx, thread.group_id, Some(person))?;
    let standing = Standing { person: Some(person), group, ..Standing::default() };
    actions::answer(work, &standing.permit::<AnswerQuestion>()?, &thread, text)
}

/// The person who asked says more.
pub(crate) fn more(work: &mut Work<'_, '_>, id: AskId, person: PersonId, text: &str) -> Result<(), AppError> {
    work.actor = Some(person);
    let thread = thread(work, id)?;
    let standing = Standing { person: Some(person), owner: true, ..Standing::default() };
    actions::more(work, &standing.permit::<UseQuestion>()?, &thread, text)
}
