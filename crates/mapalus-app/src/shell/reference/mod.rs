//! Reference data that is part of the program: areas, occupations, causes. Read once, at first use.
//!
//! Where each file comes from and what its licence asks stands in `data/SOURCES.md`.

pub mod areas;
pub mod causes;
pub mod languages;
pub mod occupations;

pub use areas::{Area, Areas, Level, areas};
pub use causes::{Cause, causes};
pub use occupations::{Occupation, occupations};

/// A file of the `data` folder, embedded.
macro_rules! data_file {
    ($path:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/", $path))
    };
}
pub(crate) use data_file;

/// How well folded words fit a folded name: the smaller the better, `None` if a word is missing.
/// 0: the same; 1: the name begins so; 2: every word begins a word of the name.
pub(crate) fn fit(words: &str, name: &str) -> Option<u8> {
    if name == words {
        return Some(0);
    }
    if name.starts_with(words) {
        return Some(1);
    }
    words.split(' ').all(|word| name.split(' ').any(|own| own.starts_with(word))).then_some(2)
}

/// Everyday words that were written without a look at the reference data, each with what it should find.
#[cfg(test)]
pub(crate) fn everyday(kind: &str) -> Vec<(String, Vec<String>)> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/everyday_words.csv"));
    let rows =
        csv::Reader::from_reader(text.as_bytes()).into_records().map(|row| row.expect("a row is whole"));
    rows.filter(|row| &row[1] == kind)
        .map(|row| (row[2].to_owned(), row[3].split(' ').map(str::to_owned).collect()))
        .collect()
}
