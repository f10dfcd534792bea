//! New groups are held against the searches that people keep.
//!
//! What fits is found by the same engine as in Discover: the groups that were opened since a search looked last are put
//! into an index of their own, which is asked every search that is due and then thrown away. So a search finds here what
//! it would find there, however far down.

use super::pages::directory::wanted::Wanted;
use crate::{
    groups::{
        self,
        model::{Looked, Watch},
    },
    shell::App,
};
use mapalus_core::{GroupId, Id, Millis, chance::Counted};
use mapalus_db::DbError;
use mapalus_search::{Change, Document, Index, MOST_HITS, Settings};

/// Searches that are looked at in one round.
const PORTION: i64 = 200;
/// New groups that are looked at in one round: there are more only after a long stop.
const MOST_GROUPS: i64 = 5_000;

/// Looks for what is new to the searches that are due.
///
/// # Errors
/// The database's error, or the index's; what was noted before stays so.
pub async fn tell(app: &App) -> Result<(), crate::shell::AppError> {
    loop {
        let now = app.clock.now();
        let (due, documents) = app
            .db
            .read("home::due_watches", move |tx| {
                let due = groups::due_watches(tx, now, PORTION)?;
                let since = due.iter().map(|watch| watch.looked_at).min();
                let first = since.map(|since| GroupId::new(since, &Counted::default()));
                let groups = match first {
                    Some(first) => groups::document::public_after(tx, Some(first), MOST_GROUPS)?,
                    None => Vec::new(),
                };
                Ok::<_, DbError>((due, groups::document::documents(tx, &groups)?))
            })
            .await?;
        let last = (due.len() as i64) < PORTION;
        if !due.is_empty() {
            let looked = App::blocking(move || look(&due, &documents)).await?;
            app.write_as(None, "home::note_found", move |work| groups::note_found(work, now, &looked))
                .await?;
        }
        if last {
            return Ok(());
        }
    }
}

/// What each search finds among these groups, of those opened since it looked last.
fn look(due: &[Watch], documents: &[Document]) -> Result<Vec<Looked>, mapalus_search::Error> {
    let index = match documents {
        [] => None,
        some => {
            let index = Index::in_memory(Settings::default())?;
            index.apply(some.iter().cloned().map(Change::from), 1)?;
            Some(index)
        }
    };
    let found = |watch: &Watch| -> Result<Looked, mapalus_search::Error> {
        let mut looked = Looked { watch: watch.id, person: watch.person_id, groups: Vec::new() };
        let query = Wanted::stored(&watch.query).and_then(|wanted| wanted.query(None).ok());
        let (Some(index), Some(mut query)) = (&index, query) else {
            return Ok(looked);
        };
        query.limit = MOST_HITS;
        let found = index.search(&query)?;
        // Groups that have only some of the words are none that was looked for.
        if !found.loosened {
            let new = |id: &str| {
                let group = documents.iter().find(|document| document.id == id);
                group.is_some_and(|group| Millis(group.made_at) > watch.looked_at)
            };
            let ids = found.hits.iter().filter(|hit| new(&hit.id));
            looked.groups = ids.filter_map(|hit| hit.id.parse().ok()).collect();
        }
        Ok(looked)
    };
    due.iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{PersonId, WatchId};

    #[test]
    fn a_search_finds_what_it_would_find_in_discover_and_nothing_older() {
        let chance = Counted::default();
        let watch = |query: &str, looked_at| Watch {
            id: WatchId::new(Millis(0), &chance),
            person_id: PersonId::new(Millis(0), &chance),
            query: query.to_owned(),
            made_at: Millis(0),
            paused: false,
            looked_at: Millis(looked_at),
        };
        let document = |name: &str, cause: &str, made_at| Document {
            id: GroupId::new(Millis(made_at), &chance).to_string(),
            name: name.to_owned(),
            kind: "volunteer".to_owned(),
            causes: vec![cause.to_owned()],
            areas: vec!["71.71.04".to_owned()],
            made_at,
            ..Document::default()
        };
        let documents =
            [document("Relawan Sungai", "environment", 100), document("Dapur Umum", "flood", 200)];
        let due = [
            watch("q=sungai", 50),
            watch("cause=flood&area=71.71", 50),
            watch("cause=flood", 200),
            watch("q=sungai+bersih", 50),
            watch("area=Atlantis", 50),
        ];
        let counts: Vec<usize> =
            look(&due, &documents).unwrap().iter().map(|looked| looked.groups.len()).collect();
        assert_eq!(counts, [1, 1, 0, 0, 0]);
        assert!(look(&due, &[]).unwrap().iter().all(|looked| looked.groups.is_empty()));
    }
}
