//! Languages that people speak.

use super::{super::locale::Lang, super::text::fold, data_file, near};
use std::sync::OnceLock;

/// A language.
#[derive(Debug, Clone)]
pub struct Language {
    /// Its code.
    pub code: String,
    id: String,
    en: String,
}

impl Language {
    /// The name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

/// The languages, in the order in which they are shown.
pub fn languages() -> &'static [Language] {
    static LANGUAGES: OnceLock<Vec<Language>> = OnceLock::new();
    LANGUAGES.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(data_file!("languages/languages.csv").as_bytes());
        let rows = reader.records().filter_map(Result::ok);
        rows.map(|row| Language { code: row[0].to_owned(), id: row[1].to_owned(), en: row[2].to_owned() })
            .collect()
    })
}

/// The language of a code.
pub fn get(code: &str) -> Option<&'static Language> {
    languages().iter().find(|language| language.code == code)
}

/// The language that a person typed: a code or a name in either language, with or without *bahasa*.
///
/// # Errors
/// The nearest names in both languages, at most five.
pub fn typed(text: &str) -> Result<&'static Language, Vec<String>> {
    let folded = fold(text);
    let bare = folded.strip_prefix("bahasa ").unwrap_or(&folded);
    let is = |language: &&Language| {
        language.code == bare || fold(&language.id) == bare || fold(&language.en) == bare
    };
    if let Some(language) = languages().iter().find(is) {
        return Ok(language);
    }
    // By its last word alone, if only one ends so: "Manado" is Manado Malay.
    let ends = |name: &str| fold(name).rsplit_once(' ').is_some_and(|(_, last)| last == bare);
    let named =
        |l: &&Language| ends(&l.id) || fold(&l.en).split_once(' ').is_some_and(|(first, _)| first == bare);
    let mut named = languages().iter().filter(named);
    if let (Some(language), None) = (named.next(), named.next()) {
        return Ok(language);
    }
    if bare.is_empty() {
        return Err(Vec::new());
    }
    // What begins so, then what is like it.
    let rank = |name: &str| {
        let folded = fold(name);
        let like = || near(bare, &folded).map(|far| (1, far));
        if folded.starts_with(bare) { Some((0, (0, 0))) } else { like() }
    };
    let both = |language: &'static Language| {
        let names = [language.id.as_str(), language.en.as_str()];
        names.into_iter().filter_map(|name| Some((rank(name)?, name))).min()
    };
    let mut found: Vec<_> = languages().iter().filter_map(both).collect();
    found.sort_by_key(|(rank, _)| *rank);
    Err(found.into_iter().take(5).map(|(_, name)| name.to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_language_is_refused_with_the_nearest_names() {
        let near = |text: &str| typed(text).map(|language| language.code.as_str()).unwrap_err();
        assert_eq!(near("Indonesa").first().map(String::as_str), Some("Indonesia"));
        assert_eq!(near("bahasa Ingris").first().map(String::as_str), Some("Inggris"));
        assert_eq!(near("Englsh").first().map(String::as_str), Some("English"));
        assert!(near("zzzzz").is_empty() && near(" ").is_empty());
        assert_eq!(typed("bahasa Indonesia").map(|language| language.code.as_str()), Ok("id"));
    }
}
