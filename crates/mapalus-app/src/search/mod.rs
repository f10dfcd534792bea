//! Search: the index of this node follows the outbox.
//!
//! Knows no slice: what is to be found of a group comes from the [`Source`] that `lib.rs` registers. The
//! index notes in each commit up to where it has followed; a new, damaged or outdated one is filled again
//! from the database. It holds only what a stranger may see, and its hits are candidates: pages load them
//! anew by id, with the conditions of their own.

use crate::shell::{App, AppError, outbox};
use mapalus_core::{Event, GroupId};
use mapalus_db::{DbError, Tx};
use mapalus_search::{Change, Document};
use std::{collections::HashSet, sync::Arc};

/// Events that are followed in one commit of the index.
const BATCH: i64 = 500;
/// Groups that are read in one snapshot when the index is filled.
const PORTION: i64 = 1_000;
/// Groups that go into one commit then.
const COMMIT: usize = 10_000;

/// Ids of groups that everybody may find, in their order, after one of them, so many at most.
pub type PublicAfter = fn(&mut Tx<'_>, Option<GroupId>, i64) -> Result<Vec<GroupId>, DbError>;

/// What is to be found of these groups; those that not everybody may find are left out.
pub type Documents = fn(&mut Tx<'_>, &[GroupId]) -> Result<Vec<Document>, DbError>;

/// Where the documents come from.
#[derive(Clone, Copy)]
pub struct Source {
    /// Which groups there are.
    pub public_after: PublicAfter,
    /// What is to be found of them.
    pub documents: Documents,
}

/// The group whose document an event changes.
fn changed(event: &Event) -> Option<GroupId> {
    match event {
        Event::GroupOpened { group, .. }
        | Event::GroupChanged { group }
        | Event::MembershipChanged { group, .. } => Some(*group),
        _ => None,
    }
}

/// What these groups change in the index: those without a document are taken out.
fn changes(groups: &[GroupId], documents: Vec<Document>) -> Vec<Change> {
    let seen: HashSet<&str> = documents.iter().map(|document| document.id.as_str()).collect();
    let gone = groups.iter().map(GroupId::to_string).filter(|id| !seen.contains(id.as_str()));
    let gone: Vec<Change> = gone.map(Change::Remove).collect();
    documents.into_iter().map(Change::from).chain(gone).collect()
}

/// Brings the index up to what is committed. Fills it again if it is empty, or if events are missing.
///
/// # Errors
/// The database's error, or the index's: what was followed before stays followed.
pub async fn follow(app: &App, source: Source) -> Result<(), AppError> {
    loop {
        let position = app.index.cursor();
        let (ahead, groups, documents) = app
            .db
            .read("search::follow", move |tx| {
                let ahead = outbox::ahead(tx, position, BATCH)?;
                let mut groups: Vec<GroupId> = ahead.events.iter().filter_map(changed).collect();
                groups.sort_unstable();
                groups.dedup();
                let documents = if ahead.broken { Vec::new() } else { (source.documents)(tx, &groups)? };
                Ok::<_, DbError>((ahead, groups, documents))
            })
            .await?;
        // Nothing was ever followed: the groups of before any event are not in it.
        if ahead.broken || position == 0 && ahead.position > 0 {
            return fill(app, source).await.map(|_| ());
        }
        if ahead.position == position {
            return Ok(());
        }
        apply(app, changes(&groups, documents), ahead.position).await?;
    }
}

/// Empties the index and fills it from the database; gives the number of groups. Searches go on meanwhile
/// and find what is in it so far.
///
/// # Errors
/// As [`follow`]; it is then filled from the start again.
pub async fn fill(app: &App, source: Source) -> Result<u64, AppError> {
    let head = app.db.read("search::head", outbox::head).await?;
    let index = Arc::clone(&app.index);
    App::blocking(move || index.clear()).await?;
    let (mut after, mut gathered) = (None, Vec::new());
    loop {
        let (groups, documents) = app
            .db
            .read("search::fill", move |tx| {
                let groups = (source.public_after)(tx, after, PORTION)?;
                let documents = (source.documents)(tx, &groups)?;
                Ok::<_, DbError>((groups, documents))
            })
            .await?;
        after = groups.last().copied();
        // The cursor comes with the last portion: a start in between begins anew.
        let last = after.is_none();
        gathered.extend(changes(&groups, documents));
        if last || gathered.len() >= COMMIT {
            apply(app, std::mem::take(&mut gathered), if last { head } else { 0 }).await?;
        }
        if last {
            let groups = app.index.groups();
            tracing::info!(groups, "the search index is filled");
            return Ok(groups);
        }
    }
}

async fn apply(app: &App, changes: Vec<Change>, cursor: i64) -> Result<(), AppError> {
    let index = Arc::clone(&app.index);
    App::blocking(move || index.apply(changes, cursor)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, Millis, chance::Counted};

    #[test]
    fn a_group_that_not_everybody_may_find_is_taken_out() {
        let chance = Counted::default();
        let (seen, hidden) = (GroupId::new(Millis(0), &chance), GroupId::new(Millis(0), &chance));
        let document = Document { id: seen.to_string(), ..Document::default() };
        let changes = changes(&[seen, hidden], vec![document.clone()]);
        assert_eq!(changes, [Change::from(document), Change::Remove(hidden.to_string())]);
    }
}
