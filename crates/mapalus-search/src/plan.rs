//! From a query to what the engine is asked.

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, Query as Ask, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::place::Point;
use crate::query::{MOST_MEANINGS, MOST_OF_A_MEANING, Meaning, Query};
use crate::words::{Stems, forgiven};

/// A word of the name counts more: as typed.
const IN_NAME: f32 = 2.0;
/// By its stem in the name.
const STEM_IN_NAME: f32 = 1.0;
/// As typed, anywhere.
const AS_TYPED: f32 = 0.4;
/// By what the word means.
const MEANT: f32 = 4.0;
/// As the beginning of a word.
const BEGINNING: f32 = 0.4;
/// With typing errors.
const MISTYPED: f32 = 0.3;
/// Letters a beginning must have.
const LEAST_BEGINNING: usize = 3;
/// A word that fewer than one in so many groups have may be a typing error.
const HARDLY_KNOWN: u64 = 20_000;

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// The id, as one term, kept.
    pub id: Field,
    /// The name, kept: terms as written.
    pub name: Field,
    /// The name: stems.
    pub name_stems: Field,
    /// Everything: terms as written.
    pub text: Field,
    /// Everything: stems.
    pub text_stems: Field,
    /// The marks of [`marks`](crate::document::marks), as terms and as a column.
    pub marks: Field,
    /// The cells around the point.
    pub cells: Field,
    /// The packed point.
    pub point: Field,
    /// Members.
    pub members: Field,
    /// When it was made.
    pub made_at: Field,
    /// A digest of the id, for the last word in the order.
    pub order: Field,
}

/// One term of the words, with its stems.
pub(crate) struct Word {
    pub term: String,
    pub stems: Vec<String>,
    pub last: bool,
    pub mistyped: bool,
}

/// The words of a query: how each may match.
pub(crate) fn words(
    searcher: &Searcher,
    fields: Fields,
    stems: &Stems,
    terms: Vec<String>,
) -> tantivy::Result<Vec<Word>> {
    let count = terms.len();
    let mut out: Vec<Word> = Vec::with_capacity(count);
    for (at, term) in terms.into_iter().enumerate() {
        let (indonesian, english) = stems.of(&term);
        let all: Vec<String> = [Some(indonesian), english].into_iter().flatten().collect();
        let mut known = searcher.doc_freq(&Term::from_field_text(fields.text, &term))?;
        for stem in &all {
            known = known.max(searcher.doc_freq(&Term::from_field_text(fields.text_stems, stem))?);
        }
        let mistyped = known == 0 || known < searcher.num_docs() / HARDLY_KNOWN;
        out.push(Word { term, stems: all, last: at + 1 == count, mistyped });
    }
    Ok(out)
}

type Clause = (Occur, Box<dyn Ask>);

fn term(field: Field, text: &str, boost: f32) -> Box<dyn Ask> {
    let query = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(query), boost))
}

fn mark(fields: Fields, mark: &str, score: f32) -> Box<dyn Ask> {
    let query = TermQuery::new(Term::from_field_text(fields.marks, mark), IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(query), score))
}

/// All ways in which the word at this place may match.
fn ways(fields: Fields, stems: &Stems, word: &Word, meanings: &[&Meaning]) -> Box<dyn Ask> {
    let mut ways: Vec<Clause> = Vec::new();
    let mut way = |query: Box<dyn Ask>| ways.push((Occur::Should, query));
    for stem in &word.stems {
        way(term(fields.text_stems, stem, 1.0));
        way(term(fields.name_stems, stem, STEM_IN_NAME));
    }
    way(term(fields.text, &word.term, AS_TYPED));
    way(term(fields.name, &word.term, IN_NAME));
    let typed = Term::from_field_text(fields.text, &word.term);
    if word.last && word.term.chars().count() >= LEAST_BEGINNING {
        let beginning = FuzzyTermQuery::new_prefix(typed.clone(), 0, true);
        way(Box::new(BoostQuery::new(Box::new(beginning), BEGINNING)));
    }
    if word.mistyped {
        for errors in 1..=forgiven(&word.term) {
            let near = FuzzyTermQuery::new(typed.clone(), errors, true);
            way(Box::new(BoostQuery::new(Box::new(near), MISTYPED)));
        }
    }
    for meaning in meanings {
        for code in meaning.occupations.iter().take(MOST_OF_A_MEANING) {
            way(mark(fields, &format!("o:{code}"), MEANT));
        }
        for cause in meaning.causes.iter().take(MOST_OF_A_MEANING) {
            way(mark(fields, &format!("c:{cause}"), MEANT));
        }
        for other in meaning.words.iter().take(MOST_OF_A_MEANING) {
            let (indonesian, english) = stems.of(other);
            for stem in [Some(indonesian), english].into_iter().flatten() {
                way(term(fields.text_stems, &stem, 1.0));
            }
        }
    }
    Box::new(BooleanQuery::new(ways))
}

/// What the engine is asked. `all` demands every word, else one is enough. The kind and whether it is open are left to
/// the collector, which counts what other choices would give.
pub(crate) fn ask(fields: Fields, stems: &Stems, query: &Query, words: &[Word], all: bool) -> Box<dyn Ask> {
    let mut clauses: Vec<Clause> = Vec::new();
    let occupation = query.occupation.as_ref().map(|code| format!("o:{code}"));
    let cause = query.cause.as_ref().map(|cause| format!("c:{cause}"));
    let area = query.area.as_ref().map(|area| format!("a:{area}"));
    for wanted in [occupation, cause, area].into_iter().flatten() {
        clauses.push((Occur::Must, mark(fields, &wanted, 0.0)));
    }
    let near = query.near.as_ref();
    let within = near.and_then(|near| Point::new(near.lat, near.lon)?.cells_within(near.radius_km?));
    if let Some(cells) = within {
        let set = TermSetQuery::new(cells.into_iter().map(|cell| Term::from_field_u64(fields.cells, cell)));
        clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(set), 0.0))));
    }
    let mut any: Vec<Clause> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let meanings =
            query.meanings.iter().take(MOST_MEANINGS).filter(|meaning| meaning.terms.contains(&at));
        let ways = ways(fields, stems, word, &meanings.collect::<Vec<_>>());
        if all {
            clauses.push((Occur::Must, ways));
        } else {
            any.push((Occur::Should, ways));
        }
    }
    if !any.is_empty() {
        clauses.push((Occur::Must, Box::new(BooleanQuery::new(any))));
    }
    match clauses.len() {
        0 => Box::new(AllQuery),
        1 => clauses.remove(0).1,
        _ => Box::new(BooleanQuery::new(clauses)),
    }
}
