//! Words of everyday sentences that say nothing of what is looked for: of "nurses in Manado", the second.

use super::{super::text::fold, data_file};
use std::{collections::HashSet, sync::OnceLock};

/// Whether a word says nothing of what is looked for. It is folded, as the terms of a search are.
pub fn says_nothing(term: &str) -> bool {
    static WORDS: OnceLock<HashSet<String>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(data_file!("words/everyday.csv").as_bytes());
        reader.records().filter_map(Result::ok).map(|row| fold(&row[1])).collect()
    });
    words.contains(term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_between_others_say_nothing_names_of_things_do() {
        for word in ["di", "yang", "untuk", "kelompok", "in", "near", "the", "for"] {
            assert!(says_nothing(word), "{word}");
        }
        for word in ["perawat", "anak", "nurses", "manado", "dalam", "tanpa", "without", "sd", "it", ""] {
            assert!(!says_nothing(word), "{word}");
        }
    }
}
