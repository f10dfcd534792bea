//! Which groups of a segment have the words, and how well: one list of documents after the other.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{Bm25Weight, FuzzyTermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader, Term};

use crate::words::alike;

/// A set of documents, one bit for each.
#[derive(Debug, Clone)]
pub(crate) struct Docs(Vec<u64>);

impl Docs {
    /// None of so many.
    pub(crate) fn none(most: u32) -> Self {
        Self(vec![0; (most as usize).div_ceil(64)])
    }

    pub(crate) fn has(&self, doc: DocId) -> bool {
        self.0[(doc / 64) as usize] & (1 << (doc % 64)) != 0
    }

    /// Adds it; whether it was not there.
    #[inline]
    pub(crate) fn add(&mut self, doc: DocId) -> bool {
        let (part, bit) = (&mut self.0[(doc / 64) as usize], 1 << (doc % 64));
        let new = *part & bit == 0;
        *part |= bit;
        new
    }

    /// The first from this one on.
    fn from(&self, doc: DocId) -> Option<DocId> {
        let at = (doc / 64) as usize;
        let first = self.0.get(at)? & (u64::MAX << (doc % 64));
        let rest = self.0[at + 1..].iter().enumerate().map(|(more, bits)| (at + 1 + more, *bits));
        let (at, bits) = std::iter::once((at, first)).chain(rest).find(|(_, bits)| *bits != 0)?;
        Some(at as u32 * 64 + bits.trailing_zeros())
    }

    /// Every one of them.
    pub(crate) fn each(&self, mut call: impl FnMut(DocId)) {
        for (at, bits) in self.0.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                call(at as u32 * 64 + bits.trailing_zeros());
                bits &= bits - 1;
            }
        }
    }

    fn unite(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }
}

/// One way in which a word may match.
pub(crate) enum Way {
    /// As this term; the score is that of BM25.
    Term(Term, Box<Bm25Weight>),
    /// As the beginning of a term; the term itself scores by BM25 besides.
    Beginning(Field, String, f32, Option<Box<Bm25Weight>>),
    /// With so many errors at most; a score for each number of errors from there on.
    Mistyped(Field, String, u8, f32),
    /// By a mark of the group.
    Mark(Term, f32),
}

/// The documents that have the words, with their scores.
pub(crate) struct Matched {
    pub docs: Docs,
    pub scores: Vec<f32>,
}

/// Looks for words, each with its ways, in one segment: `all` of them or any. Of `among`, if it is given.
pub(crate) fn matched(
    segment: &SegmentReader,
    words: &[Vec<Way>],
    all: bool,
    among: Option<&Docs>,
) -> tantivy::Result<Matched> {
    let most = segment.max_doc();
    let mut scores = vec![0.0; most as usize];
    let mut docs: Option<Docs> = None;
    for ways in words {
        let among = if all { docs.as_ref().or(among) } else { among };
        let mut word = Word { segment, among, docs: Docs::none(most), scores: &mut scores };
        for way in ways {
            word.go(way)?;
        }
        let found = word.docs;
        match &mut docs {
            // Looked for among the earlier ones only, so these are those of both.
            Some(before) if !all => before.unite(&found),
            _ => docs = Some(found),
        }
        if all && docs.as_ref().is_some_and(Docs::is_empty) {
            break;
        }
    }
    Ok(Matched { docs: docs.unwrap_or_else(|| Docs::none(most)), scores })
}

struct Word<'a> {
    segment: &'a SegmentReader,
    among: Option<&'a Docs>,
    docs: Docs,
    scores: &'a mut [f32],
}

impl Word<'_> {
    fn go(&mut self, way: &Way) -> tantivy::Result<()> {
        match way {
            Way::Term(term, weight) => self.term(term, weight),
            Way::Mark(term, score) => {
                let inverted = self.segment.inverted_index(term.field())?;
                let found = inverted.get_term_info(term)?;
                self.lists(&inverted, found.as_slice(), *score)
            }
            Way::Beginning(field, begin, score, typed) => {
                self.beginning(*field, begin, *score, typed.as_deref())
            }
            Way::Mistyped(field, term, errors, score) => self.mistyped(*field, term, *errors, *score),
        }
    }

    fn term(&mut self, term: &Term, weight: &Bm25Weight) -> tantivy::Result<()> {
        let inverted = self.segment.inverted_index(term.field())?;
        let Some(postings) = inverted.read_block_postings(term, IndexRecordOption::WithFreqs)? else {
            return Ok(());
        };
        let norms: FieldNormReader = self.segment.get_fieldnorms_reader(term.field())?;
        let (docs, scores) = (&mut self.docs, &mut *self.scores);
        each(postings, self.among, |doc, often| {
            docs.add(doc);
            scores[doc as usize] += weight.score(norms.fieldnorm_id(doc), often);
        });
        Ok(())
    }

    /// The term itself and all that begin like it, read once each.
    fn beginning(
        &mut self,
        field: Field,
        begin: &str,
        score: f32,
        typed: Option<&Bm25Weight>,
    ) -> tantivy::Result<()> {
        let inverted = self.segment.inverted_index(field)?;
        let norms = self.segment.get_fieldnorms_reader(field)?;
        let mut seen = Docs::none(self.segment.max_doc());
        let mut stream = inverted.terms().range().ge(begin.as_bytes()).into_stream()?;
        while stream.advance() && stream.key().starts_with(begin.as_bytes()) {
            let typed = typed.filter(|_| stream.key().len() == begin.len());
            let option =
                if typed.is_some() { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
            let postings = inverted.read_block_postings_from_terminfo(stream.value(), option)?;
            let (docs, scores) = (&mut self.docs, &mut *self.scores);
            each(postings, self.among, |doc, often| {
                if seen.add(doc) {
                    docs.add(doc);
                    let own = typed.map_or(0.0, |typed| typed.score(norms.fieldnorm_id(doc), often));
                    scores[doc as usize] += score + own;
                }
            });
        }
        Ok(())
    }

    /// Terms that are like this one. The more alike, the oftener they score.
    fn mistyped(&mut self, field: Field, term: &str, errors: u8, score: f32) -> tantivy::Result<()> {
        let inverted = self.segment.inverted_index(field)?;
        let mut found: Vec<Vec<TermInfo>> = vec![Vec::new(); usize::from(errors)];
        let near = FuzzyTermQuery::new(Term::from_field_text(field, term), errors, true).automaton()?;
        let mut stream = inverted.terms().search(near).into_stream()?;
        while stream.advance() {
            let other = String::from_utf8_lossy(stream.key());
            let least = (1..errors).find(|errors| alike(&other, term, *errors)).unwrap_or(errors);
            for list in &mut found[usize::from(least) - 1..] {
                list.push(stream.value().clone());
            }
        }
        for list in found {
            self.lists(&inverted, &list, score)?;
        }
        Ok(())
    }

    /// Documents of several terms that score once together.
    fn lists(
        &mut self,
        inverted: &Arc<InvertedIndexReader>,
        terms: &[TermInfo],
        score: f32,
    ) -> tantivy::Result<()> {
        let mut seen = (terms.len() > 1).then(|| Docs::none(self.segment.max_doc()));
        let (docs, scores) = (&mut self.docs, &mut *self.scores);
        for term in terms {
            let postings = inverted.read_block_postings_from_terminfo(term, IndexRecordOption::Basic)?;
            each(postings, self.among, |doc, _| {
                if seen.as_mut().is_none_or(|seen| seen.add(doc)) {
                    docs.add(doc);
                    scores[doc as usize] += score;
                }
            });
        }
        Ok(())
    }
}

/// Every document of a list, with how often it has the term; of `among`, if it is given: what has none of them is
/// skipped unread.
fn each(mut postings: BlockSegmentPostings, among: Option<&Docs>, mut call: impl FnMut(DocId, u32)) {
    let Some(among) = among else {
        while !postings.docs().is_empty() {
            for (at, doc) in postings.docs().iter().enumerate() {
                call(*doc, postings.freq(at));
            }
            postings.advance();
        }
        return;
    };
    let mut next = among.from(0);
    while let Some(wanted) = next {
        if postings.docs().last().is_some_and(|last| *last < wanted) {
            postings.seek(wanted);
        }
        let Some(last) = postings.docs().last().copied().filter(|last| *last >= wanted) else { return };
        for (at, doc) in postings.docs().iter().enumerate() {
            if among.has(*doc) {
                call(*doc, postings.freq(at));
            }
        }
        next = among.from(last + 1);
        postings.advance();
    }
}

/// Every document that has the term, living or not.
pub(crate) fn having(
    segment: &SegmentReader,
    term: &Term,
    call: impl FnMut(DocId, u32),
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(term.field())?;
    if let Some(postings) = inverted.read_block_postings(term, IndexRecordOption::Basic)? {
        each(postings, None, call);
    }
    Ok(())
}
