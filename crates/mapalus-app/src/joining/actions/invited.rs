//! Joining by a link that a member handed on.

use super::super::{
    model::Own,
    queries::{self, spared},
};
use crate::{
    groups::{
        self,
        actions::links,
        model::{InviteLink, words},
    },
    shell::{AppError, Work, locale},
};
use mapalus_core::{
    ApplicationId, GroupId, Permit, Standing,
    access::{Apply, UseAccount},
};
use mapalus_db::{DbError, params};

/// Follows a link: one is invited, and an application is begun that passes over what the link spares. One that was
/// sent goes on as it is, and no place of the link is taken.
pub fn come(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    standing: &Standing,
    link: &InviteLink,
) -> Result<ApplicationId, AppError> {
    let person = permit.signed_in()?;
    let own: Option<Own> = work.tx.optional(&queries::OWN, &params![link.group_id, person])?;
    if let Some(own) = own.filter(|own| own.state.open() && own.state.word() != "draft") {
        return Ok(own.id);
    }
    let spares = links::take(work, permit, link)?;
    let group = groups::for_person(work.tx, link.group_id, person)?;
    let standing = Standing { group: Some(group.standing()), ..standing.clone() };
    let id = super::begin(work, &standing.permit::<Apply>()?, &group)?;
    if !spares.is_empty() {
        let why = locale::message(group.lang, "joining-spared", &[("name", link.maker.as_str().into())]);
        work.tx.execute(&spared::SPARE, &params![id, words(&spares), link.made_by, why])?;
        pass_over(work, group.id, Some(id))?;
    }
    Ok(id)
}

/// Passes over what drafts of a group are spared, on whatever path they are: of one application, or of all.
pub(super) fn pass_over(
    work: &mut Work<'_, '_>,
    group: GroupId,
    application: Option<ApplicationId>,
) -> Result<(), DbError> {
    work.tx.execute(&spared::CLEAR_PASSED, &params![group, application])?;
    work.tx.execute(&spared::PASS_OVER, &params![group, work.now, application])?;
    work.tx.execute(&spared::BEGIN_AFTER, &params![group, application])?;
    Ok(())
}
