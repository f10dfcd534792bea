//! Words: how a text becomes terms, in the index and in a query alike.

use std::collections::HashMap;

use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, Token, TokenStream,
    Tokenizer,
};

/// How much of a query's words is read, in characters.
pub const MOST_CHARS: usize = 200;
/// How many terms of a query are looked for.
pub const MOST_TERMS: usize = 12;

/// Stems that one tokenizer remembers: most words of a text are among few.
const MOST_REMEMBERED: usize = 20_000;

/// Longest term that is kept, in bytes.
const LONGEST_TERM: usize = 48;

/// The terms of a text: split where letters and digits end, lower case, without accents.
///
/// In a query, at most [`MOST_TERMS`] from the first [`MOST_CHARS`] characters; the positions in
/// [`Meaning::terms`](crate::Meaning::terms) count these.
#[must_use]
pub fn terms(text: &str) -> Vec<String> {
    let cut: String = text.chars().take(MOST_CHARS).collect();
    let mut out = split(&mut plain(), &cut);
    out.truncate(MOST_TERMS);
    out
}

/// How many letters may be wrong in a term of this length.
pub(crate) fn forgiven(term: &str) -> u8 {
    if term.chars().any(char::is_numeric) {
        return 0;
    }
    match term.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Whether two terms differ by no more errors than this: a letter more, less, other, or two neighbours exchanged.
pub(crate) fn alike(a: &str, b: &str, errors: u8) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > usize::from(errors) {
        return false;
    }
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect::<Vec<_>>(), vec![0; b.len() + 1]];
    for (i, letter) in a.iter().enumerate() {
        rows.rotate_left(1);
        // rows[0] is the row before, rows[1] this one after the swap below, rows[2] the one two before.
        let [before, row, two_before] = &mut rows;
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let mut least = (before[j + 1] + 1).min(row[j] + 1).min(before[j] + usize::from(letter != other));
            if i > 0 && j > 0 && *letter == b[j - 1] && a[i - 1] == *other {
                least = least.min(two_before[j - 1] + 1);
            }
            row[j + 1] = least;
        }
    }
    rows[1][b.len()] <= usize::from(errors)
}

fn plain() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST_TERM))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// Accents that stand as characters of their own would end a word.
fn is_combining(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

fn split(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let without;
    let text = if text.chars().any(is_combining) {
        without = text.chars().filter(|letter| !is_combining(*letter)).collect::<String>();
        &without
    } else {
        text
    };
    let mut out = Vec::new();
    let mut stream = analyzer.token_stream(text);
    while stream.advance() {
        out.push(std::mem::take(&mut stream.token_mut().text));
    }
    out
}

/// The stemmers of both languages.
#[derive(Clone)]
pub(crate) struct Stems {
    indonesian: Stemmer,
    english: Stemmer,
}

impl Stems {
    pub(crate) fn new() -> Self {
        Self { indonesian: Stemmer::new(Algorithm::Indonesian), english: Stemmer::new(Algorithm::English) }
    }

    /// The stems of a term: the Indonesian one, and the English one where it differs.
    pub(crate) fn of(&self, term: &str) -> (String, Option<String>) {
        let indonesian = self.indonesian.stem(term).into_owned();
        let english = self.english.stem(term).into_owned();
        let english = (english != indonesian).then_some(english);
        (indonesian, english)
    }
}

/// Makes the terms of a field: as written, or their stems.
#[derive(Clone)]
pub(crate) struct Words {
    analyzer: TextAnalyzer,
    stems: Option<Stems>,
    remembered: HashMap<String, (String, Option<String>)>,
}

impl Words {
    pub(crate) fn plain() -> Self {
        Self { analyzer: plain(), stems: None, remembered: HashMap::new() }
    }

    pub(crate) fn stemmed() -> Self {
        Self { stems: Some(Stems::new()), ..Self::plain() }
    }
}

/// The terms of one text.
pub(crate) struct Terms {
    rest: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        let mut terms = split(&mut self.analyzer, text);
        if let Some(stems) = &self.stems {
            let mut stemmed = Vec::with_capacity(terms.len() * 2);
            for term in terms {
                if let Some((indonesian, english)) = self.remembered.get(&term) {
                    stemmed.push(indonesian.clone());
                    stemmed.extend(english.clone());
                    continue;
                }
                let (indonesian, english) = stems.of(&term);
                stemmed.push(indonesian.clone());
                stemmed.extend(english.clone());
                if self.remembered.len() >= MOST_REMEMBERED {
                    self.remembered.clear();
                }
                self.remembered.insert(term, (indonesian, english));
            }
            terms = stemmed;
        }
        Terms { rest: terms.into_iter(), token: Token::default() }
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let Some(text) = self.rest.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text = text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_lower_case_and_without_accents() {
        assert_eq!(terms("Café, Cafe\u{301} & BANJIR-2026!"), ["cafe", "cafe", "banjir", "2026"]);
    }

    #[test]
    fn a_query_is_cut() {
        assert_eq!(terms(&"a ".repeat(90)).len(), MOST_TERMS);
        assert_eq!(terms(&"x".repeat(10_000)), Vec::<String>::new());
    }

    #[test]
    fn words_of_both_languages_meet_in_their_stem() {
        let stems = Stems::new();
        for word in ["mengajar", "pengajar"] {
            assert_eq!(stems.of(word).0, "ajar", "{word}");
        }
        assert_eq!(stems.of("volunteers").1, stems.of("volunteer").1.or(Some("volunt".to_owned())));
    }

    #[test]
    fn errors_are_counted_as_people_make_them() {
        for (a, b, errors) in [
            ("perwat", "perawat", 1),
            ("bnajir", "banjir", 1),
            ("banjir", "banjir", 0),
            ("dokterr", "dokter", 1),
            ("kesehtaan", "kesehatan", 1),
            ("abcdef", "abdcfe", 2),
        ] {
            assert!(alike(a, b, errors), "{a} {b}");
            assert!(errors == 0 || !alike(a, b, errors - 1), "{a} {b}");
        }
    }
}
