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

/// The branches under which causes are offered, in their order, each with the classes of ICNP/TSO that belong to it: some
/// sections have a single cause, and one has a third of all.
const BRANCHES: [(&str, &[&str]); 7] = [
    ("relief", &["D3"]),
    ("family", &["D"]),
    ("health", &["C"]),
    ("learning", &["A", "B"]),
    ("nature", &["E", "F40"]),
    ("community", &["F", "I"]),
    ("rights", &["G", "K"]),
];

/// The branches that have causes, each with its causes.
pub fn branches() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static Cause>)> {
    let of = |branch: &'static str| causes().iter().filter(move |cause| cause.branch() == branch);
    BRANCHES.iter().map(move |(branch, _)| (*branch, of(branch)))
}

impl Cause {
    /// The branch under which it is offered: that of the narrowest class.
    pub fn branch(&self) -> &'static str {
        let fits = |class: &&&str| self.icnptso.starts_with(**class);
        let narrowest = |classes: &[&str]| classes.iter().filter(fits).map(|class| class.len()).max();
        let found = BRANCHES.iter().filter_map(|(branch, classes)| Some((narrowest(classes)?, *branch)));
        found.max_by_key(|(length, _)| *length).map_or("family", |(_, branch)| branch)
    }

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
    fn every_cause_stands_in_one_branch_and_none_is_alone() {
        let sizes: Vec<(&str, usize)> = branches().map(|(branch, causes)| (branch, causes.count())).collect();
        assert!(sizes.iter().all(|(_, size)| *size > 1), "{sizes:?}");
        assert_eq!(sizes.iter().map(|(_, size)| size).sum::<usize>(), causes().len());
        let of = |key: &str| get(key).map(Cause::branch);
        assert_eq!(
            [of("flood"), of("orphans"), of("waste"), of("village")],
            [Some("relief"), Some("family"), Some("nature"), Some("community")]
        );
        for cause in causes() {
            let known =
                BRANCHES.iter().any(|(_, classes)| classes.iter().any(|c| cause.icnptso.starts_with(c)));
            assert!(known, "{} has no branch", cause.key);
        }
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
