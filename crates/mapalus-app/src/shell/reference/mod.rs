//! Reference data that is part of the program: areas, occupations, causes. Read once, at first use.
//!
//! Where each file comes from and what its licence asks stands in `data/SOURCES.md`.

use super::Lang;
use serde::Deserialize;
use std::cmp::Ordering;

pub mod areas;
pub mod causes;
mod everyday;
pub mod languages;
pub mod occupations;

pub use areas::{Area, Areas, Level, areas};
pub use causes::{Cause, causes};
pub use everyday::says_nothing;
pub use occupations::{Occupation, occupations};

/// A text in both languages.
#[derive(Debug, Clone, Deserialize)]
pub struct Both {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The text in a language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

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

/// How many letters of a word may be wrong: one of a short word, two of a longer one, none of the shortest.
fn mistakes(word: &str) -> usize {
    match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// How far folded words with typing errors are from a folded name: the smaller the nearer, `None` if a word is like
/// none of the name. A letter too many, missing, wrong or swapped with its neighbour counts once; what of the name
/// was not typed counts after that.
pub(crate) fn near(words: &str, name: &str) -> Option<(usize, usize)> {
    let mut wrong = 0;
    let mut typed = 0;
    for word in words.split(' ') {
        let most = mistakes(word);
        let length = word.chars().count();
        let like = name.split(' ').filter(|own| own.chars().count().abs_diff(length) <= most);
        let best = like.map(|own| strsim::osa_distance(word, own)).min().filter(|far| *far <= most)?;
        wrong += best;
        typed += 1;
    }
    Some((wrong, name.split(' ').count().abs_diff(typed)))
}

/// Of what was found with how far it is, that which has the fewest errors: nearest first, at most five.
pub(crate) fn nearest<T>(
    found: impl Iterator<Item = ((usize, usize), T)>,
    order: impl Fn(&T, &T) -> Ordering,
) -> Vec<T> {
    let mut found: Vec<_> = found.collect();
    let fewest = found.iter().map(|((wrong, _), _)| *wrong).min();
    found.retain(|((wrong, _), _)| Some(*wrong) == fewest);
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| order(&a.1, &b.1)));
    found.into_iter().take(5).map(|(_, one)| one).collect()
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

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_typing_error_is_forgiven_a_word_that_is_like_none_is_not() {
        assert_eq!(near("mandao", "kota manado"), Some((1, 1)));
        assert_eq!(near("perawt anak", "perawat anak"), Some((1, 0)));
        assert_eq!(near("mandao zzzzzz", "kota manado"), None);
        assert_eq!(near("xx", "xy"), None, "of two letters none may be wrong");
        assert_eq!(near("padi", "pada"), Some((1, 0)));
        assert_eq!(near("padang", "pandan"), Some((2, 0)));
    }
}
