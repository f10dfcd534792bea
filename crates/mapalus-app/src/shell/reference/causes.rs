//! Causes of volunteer groups, with the classes of ICNP/TSO and the goals of the United Nations they belong to.

use super::{super::locale::Lang, super::text::fold, data_file};
use std::sync::OnceLock;

/// A cause.
#[derive(Debug, Clone)]
pub struct Cause {
    /// Its key.
    pub key: String,
    id: String,
    en: String,
    /// Class of the classification of non-profit activity.
    pub icnptso: String,
    /// Goal of sustainable development, 1 to 17.
    pub sdg: u8,
    words: Vec<String>,
}

impl Cause {
    /// The name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }

    /// Names and everyday words in both languages, folded.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether the words speak of this cause.
    pub fn fits(&self, text: &str) -> bool {
        let words = fold(text);
        !words.is_empty() && self.words.iter().any(|own| super::fit(&words, own).is_some())
    }
}

/// The causes, in the order in which they are shown.
pub fn causes() -> &'static [Cause] {
    static CAUSES: OnceLock<Vec<Cause>> = OnceLock::new();
    CAUSES.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(data_file!("causes/causes.csv").as_bytes());
        let rows = reader.records().filter_map(Result::ok);
        rows.map(|row| {
            let words = [&row[1], &row[2]].into_iter().chain(row[5].split('|')).chain(row[6].split('|'));
            Cause {
                key: row[0].to_owned(),
                id: row[1].to_owned(),
                en: row[2].to_owned(),
                icnptso: row[3].to_owned(),
                sdg: row[4].parse().unwrap_or_default(),
                words: words.map(fold).filter(|word| !word.is_empty()).collect(),
            }
        })
        .collect()
    })
}

/// The cause of a key.
pub fn get(key: &str) -> Option<&'static Cause> {
    causes().iter().find(|cause| cause.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_words_find_their_cause() {
        for word in ["bencana", "banjir", "panti asuhan", "difabel", "sampah", "flood", "orphanage", "waste"]
        {
            assert!(causes().iter().any(|cause| cause.fits(word)), "{word}");
        }
        assert!(!causes().iter().any(|cause| cause.fits("xyzzy")));
    }

    #[test]
    fn every_cause_has_both_names_and_a_goal() {
        for cause in causes() {
            assert!(
                !cause.id.is_empty() && !cause.en.is_empty() && (1..=17).contains(&cause.sdg),
                "{}",
                cause.key
            );
        }
    }
}
