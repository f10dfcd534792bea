//! The index from outside: what is put into it, and what is found.

mod folder;
mod judged;
mod made;
mod oracle;
mod places;
mod words;

use mapalus_search::{Change, Document, Found, Index, Query, Settings};

/// An index in memory with these documents.
pub(crate) fn index(documents: impl IntoIterator<Item = Document>) -> Index {
    let index = Index::in_memory(Settings::default()).expect("an index");
    index.apply(documents.into_iter().map(Change::from), 1).expect("put");
    index
}

/// A document with this id and name, and nothing else.
pub(crate) fn named(id: &str, name: &str) -> Document {
    Document { id: id.to_owned(), name: name.to_owned(), kind: "volunteer".to_owned(), ..Document::default() }
}

/// A query for words.
pub(crate) fn words(words: &str) -> Query {
    Query { words: Some(words.to_owned()), ..all() }
}

/// A query for everything.
pub(crate) fn all() -> Query {
    Query { limit: 50, ..Query::default() }
}

/// The ids found, best first.
pub(crate) fn ids(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.id.as_str()).collect()
}

/// The ids found for the query, in the order of the alphabet.
pub(crate) fn found(index: &Index, query: &Query) -> Vec<String> {
    let mut ids: Vec<_> = index.search(query).expect("found").hits.into_iter().map(|hit| hit.id).collect();
    ids.sort();
    ids
}
