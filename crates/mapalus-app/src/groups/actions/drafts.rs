//! Drafts are made of the templates, changed, taken.

use crate::{
    groups::{
        model::{Draft, DraftText},
        queries, rules,
        template::templates,
    },
    shell::{AppError, Lang, Work},
};
use mapalus_core::{DraftId, GroupId, Permissions, Permit, access::UseDraft, time::DAY};
use mapalus_db::{DbError, params};
use std::collections::HashSet;

/// What came of giving somebody the starters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Drafts that were made.
    pub made: usize,
    /// Templates of which the person has a draft already.
    pub there: usize,
    /// Templates from which a group comes that the person runs.
    pub opened: usize,
}

/// Gives a person a draft of each template of which they have neither a draft nor a group that they run.
pub fn give_starters(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseDraft>,
    lang: Lang,
) -> Result<Given, AppError> {
    let person = permit.signed_in()?;
    let runs: Vec<(String,)> =
        work.tx.all(&queries::drafts::RUNS_FROM, &params![person, Permissions::all()])?;
    let runs: HashSet<String> = runs.into_iter().map(|(template,)| template).collect();
    let mut given = Given { made: 0, there: 0, opened: 0 };
    for template in templates() {
        if runs.contains(&template.key) {
            given.opened += 1;
            continue;
        }
        let (id, text) = (work.id::<DraftId>(), rules::starter(template, lang));
        let row = params![
            id,
            person,
            &template.key,
            &text.name,
            &text.summary,
            &text.about,
            &text.area,
            &text.districts,
            &text.point,
            text.sign_up,
            text.visibility,
            lang,
            work.now
        ];
        if work.tx.execute(&queries::drafts::MAKE_DRAFT, &row)? == 0 {
            given.there += 1;
            continue;
        }
        work.record(permit, id, "starter")?;
        given.made += 1;
    }
    Ok(given)
}

/// Keeps what stands in the fields of a draft.
pub fn change(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseDraft>,
    draft: &Draft,
    text: &DraftText,
) -> Result<(), DbError> {
    let row = params![
        draft.id,
        &text.name,
        &text.summary,
        &text.about,
        &text.area,
        &text.districts,
        &text.point,
        text.sign_up,
        text.visibility,
        work.now,
        draft.version
    ];
    work.tx.execute_one(&queries::drafts::CHANGE_DRAFT, &row)?;
    work.record(permit, draft.id, "changed")
}

/// Takes a draft away: it was opened as a group, or thrown away. What came of it is noted for 30 days.
pub fn take(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseDraft>,
    draft: &Draft,
    group: Option<GroupId>,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    work.tx.execute_one(&queries::drafts::TAKE_DRAFT, &params![draft.id, draft.version])?;
    work.tx
        .execute(&queries::drafts::END_DRAFT, &params![draft.id, person, &draft.template, group, work.now])?;
    work.record(permit, draft.id, if group.is_some() { "opened" } else { "discarded" })?;
    Ok(())
}

/// Forgets what came of drafts that have been gone for 30 days.
pub fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    work.tx.execute(&queries::drafts::FORGET_OLD_DRAFT_ENDS, &params![work.now.plus(-30 * DAY)])?;
    Ok(())
}
