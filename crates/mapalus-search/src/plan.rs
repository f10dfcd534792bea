//! From a query to what the engine is asked.

use tantivy::query::Bm25Weight;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::query::{MOST_MEANINGS, MOST_OF_A_MEANING, Meaning, Query};
use crate::ways::Way;
use crate::words::{Stems, forgiven};

/// A word of the name counts more: as typed.
const IN_NAME: f32 = 2.0;
/// By its stem in the name.
const STEM_IN_NAME: f32 = 1.0;
/// As typed, anywhere.
const AS_TYPED: f32 = 0.4;
/// By what the word means.
const MEANT: f32 = 4.0;
/// By something wider that what the word means belongs to: doctors of all kinds, for a paediatrician.
const MEANT_WIDELY: f32 = 3.0;
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

/// All ways in which each word may match. Where any of them is enough (`all` is not wanted), words that mean something
/// only together do not match one by one: of "dokter anak" the second alone would bring every children's home.
pub(crate) fn ways(
    searcher: &Searcher,
    fields: Fields,
    stems: &Stems,
    query: &Query,
    words: &[Word],
    all: bool,
) -> tantivy::Result<Vec<Vec<Way>>> {
    let of_word = |(at, word): (usize, &Word)| -> tantivy::Result<Vec<Way>> {
        let meanings = query.meanings.iter().take(MOST_MEANINGS);
        let mut ways = Vec::new();
        let together = |meaning: &Meaning| meaning.terms.len() > 1 && meaning.terms.contains(&at);
        let apart = all || !meanings.clone().any(together);
        if apart {
            as_written(searcher, fields, word, &mut ways)?;
        }
        let meanings = meanings.filter(|meaning| apart || meaning.terms.len() > 1);
        for meaning in meanings.filter(|meaning| meaning.terms.contains(&at)) {
            as_meant(searcher, fields, stems, meaning, &mut ways)?;
        }
        Ok(ways)
    };
    words.iter().enumerate().map(of_word).collect()
}

/// What a term weighs, if it is in the index.
fn weight(searcher: &Searcher, term: &Term, boost: f32) -> tantivy::Result<Option<Box<Bm25Weight>>> {
    if searcher.doc_freq(term)? == 0 {
        return Ok(None);
    }
    let weight = Bm25Weight::for_terms(searcher, std::slice::from_ref(term))?;
    Ok(Some(Box::new(weight.boost_by(boost))))
}

/// The way of a term, if it is in the index.
fn term(searcher: &Searcher, field: Field, text: &str, boost: f32) -> tantivy::Result<Option<Way>> {
    let term = Term::from_field_text(field, text);
    let weight = weight(searcher, &term, boost)?;
    Ok(weight.map(|weight| Way::Term(term, weight)))
}

fn as_written(searcher: &Searcher, fields: Fields, word: &Word, ways: &mut Vec<Way>) -> tantivy::Result<()> {
    for stem in &word.stems {
        ways.extend(term(searcher, fields.text_stems, stem, 1.0)?);
        ways.extend(term(searcher, fields.name_stems, stem, STEM_IN_NAME)?);
    }
    ways.extend(term(searcher, fields.name, &word.term, IN_NAME)?);
    if word.last && word.term.chars().count() >= LEAST_BEGINNING {
        let typed = weight(searcher, &Term::from_field_text(fields.text, &word.term), AS_TYPED)?;
        ways.push(Way::Beginning(fields.text, word.term.clone(), BEGINNING, typed));
    } else {
        ways.extend(term(searcher, fields.text, &word.term, AS_TYPED)?);
    }
    let errors = forgiven(&word.term);
    if word.mistyped && errors > 0 {
        ways.push(Way::Mistyped(fields.text, word.term.clone(), errors, MISTYPED));
    }
    Ok(())
}

fn as_meant(
    searcher: &Searcher,
    fields: Fields,
    stems: &Stems,
    meaning: &Meaning,
    ways: &mut Vec<Way>,
) -> tantivy::Result<()> {
    let occupations = meaning.occupations.iter().take(MOST_OF_A_MEANING).map(|code| format!("o:{code}"));
    let causes = meaning.causes.iter().take(MOST_OF_A_MEANING).map(|cause| format!("c:{cause}"));
    let mark = |mark: String, score| Way::Mark(Term::from_field_text(fields.marks, &mark), score);
    ways.extend(occupations.chain(causes).map(|meant| mark(meant, MEANT)));
    let mut wide: Vec<&str> =
        meaning.occupations.iter().take(MOST_OF_A_MEANING).flat_map(|code| above(code)).collect();
    wide.sort_unstable();
    wide.dedup();
    ways.extend(wide.into_iter().map(|code| mark(format!("p:{code}"), MEANT_WIDELY)));
    for other in meaning.words.iter().take(MOST_OF_A_MEANING) {
        let (indonesian, english) = stems.of(other);
        for stem in [Some(indonesian), english].into_iter().flatten() {
            ways.extend(term(searcher, fields.text_stems, &stem, 1.0)?);
        }
    }
    Ok(())
}

/// What stands above an occupation.
pub(crate) fn above(code: &str) -> impl DoubleEndedIterator<Item = &str> {
    (1..code.len()).filter_map(|length| code.get(..length))
}

/// The marks of which a group of the answer has to have one each, as terms.
pub(crate) fn required(fields: Fields, query: &Query) -> Vec<Vec<Term>> {
    let occupation = query.occupation.iter().map(|code| for_occupation(code).collect());
    let cause = query.cause.iter().map(|cause| vec![format!("c:{cause}")]);
    let area = query.area.iter().map(|area| vec![format!("a:{area}")]);
    let term = |mark: &String| Term::from_field_text(fields.marks, mark);
    let terms = |marks: Vec<String>| marks.iter().map(term).collect();
    occupation.chain(cause).chain(area).map(terms).collect()
}

/// The marks of groups that take an occupation: it or one below it, or all of something above it.
pub(crate) fn for_occupation(code: &str) -> impl Iterator<Item = String> {
    std::iter::once(format!("o:{code}")).chain(above(code).map(|wide| format!("p:{wide}")))
}
