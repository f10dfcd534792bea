//! Answering a query.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::schema::OwnedValue;
use tantivy::{Searcher, TantivyDocument};

use super::{Error, Index, lock};
use crate::collect::{Collect, Marks, Rank};
use crate::fit::{Facts, Profile, Reason, fit};
use crate::plan::{Word, ask, words};
use crate::query::{Fit, Found, Hit, MOST_HITS, MOST_MEANINGS, MOST_SKIPPED, Meaning, Query};
use crate::words::{alike, forgiven, terms};

impl Index {
    fn tables(&self, searcher: &Searcher) -> tantivy::Result<HashMap<SegmentId, Arc<Marks>>> {
        let mut kept = lock(&self.tables);
        let mut out = HashMap::new();
        for segment in searcher.segment_readers() {
            let id = segment.segment_id();
            let table = match kept.get(&id) {
                Some(table) => Arc::clone(table),
                None => Arc::new(Marks::read(segment)?),
            };
            kept.insert(id, Arc::clone(&table));
            out.insert(id, table);
        }
        Ok(out)
    }

    /// Answers the query. Takes as long as there are groups that match its words and its place; meant for a thread that
    /// may block.
    ///
    /// # Errors
    /// The engine fails.
    pub fn search(&self, query: &Query) -> Result<Found, Error> {
        let searcher = self.reader.searcher();
        let terms = query.words.as_deref().map(terms).unwrap_or_default();
        let words = words(&searcher, self.fields, &self.stems, terms)?;
        let mut profile = query.profile.clone().unwrap_or_default();
        if let Some(near) = &query.near {
            profile.areas.clone_from(&near.areas);
        }
        let skip = query.offset.min(MOST_SKIPPED);
        let most = skip + query.limit.min(MOST_HITS);
        let collect = Collect::new(query, &profile, self.tables(&searcher)?, !words.is_empty(), most);
        let mut loosened = false;
        let all = ask(self.fields, &self.stems, query, &words, true);
        let mut collected = searcher.search(&*all, &collect)?;
        if !collected.any && words.len() > 1 {
            let any = ask(self.fields, &self.stems, query, &words, false);
            collected = searcher.search(&*any, &collect)?;
            loosened = collected.any;
        }
        let best = collected.best.iter().skip(skip);
        let hits = best.map(|rank| self.hit(&searcher, &collect, query, &profile, &words, rank));
        let hits = hits.collect::<tantivy::Result<Vec<_>>>()?;
        Ok(Found { hits, total: collected.total, facets: collected.facets, loosened })
    }

    fn hit(
        &self,
        searcher: &Searcher,
        collect: &Collect,
        query: &Query,
        profile: &Profile,
        words: &[Word],
        rank: &Rank,
    ) -> tantivy::Result<Hit> {
        let stored: TantivyDocument = searcher.doc(rank.address)?;
        let text = |field| match stored.get_first(field).map(OwnedValue::from) {
            Some(OwnedValue::Str(text)) => text,
            _ => String::new(),
        };
        let facts = facts(searcher, collect, rank)?;
        let (sum, lines) = fit(profile, &facts);
        let mut reasons = Vec::new();
        if self.in_name(&text(self.fields.name), words) {
            reasons.push(Reason::NameMatches);
        }
        let meant =
            query.meanings.iter().take(MOST_MEANINGS).filter(|meaning| meaning.terms.start < words.len());
        reasons.extend(meant.flat_map(|meaning| meant_by(meaning, &facts)));
        reasons.extend(lines);
        let fit = Fit { sum, reasons, distance_km: rank.distance_km };
        Ok(Hit { id: text(self.fields.id), score: rank.score, fit })
    }

    /// Whether one of the words stands in the name, in any of the ways in which it may match.
    fn in_name(&self, name: &str, words: &[Word]) -> bool {
        let of_name = terms(name);
        words.iter().any(|word| {
            of_name.iter().any(|term| {
                let (indonesian, english) = self.stems.of(term);
                word.stems.iter().any(|stem| *stem == indonesian || Some(stem) == english.as_ref())
                    || (word.mistyped && alike(term, &word.term, forgiven(&word.term)))
            })
        })
    }
}

/// What the meaning and the group have in common.
fn meant_by(meaning: &Meaning, facts: &Facts) -> Vec<Reason> {
    let occupations = meaning.occupations.iter().filter(|code| facts.occupations.contains(code));
    let causes = meaning.causes.iter().filter(|cause| facts.causes.contains(cause));
    let occupations = occupations.cloned().map(Reason::OccupationMeant);
    occupations.chain(causes.cloned().map(Reason::CauseMeant)).collect()
}

/// What the marks of a group say, ancestors among them.
fn facts(searcher: &Searcher, collect: &Collect, rank: &Rank) -> tantivy::Result<Facts> {
    let segment = searcher.segment_reader(rank.address.segment_ord);
    let mut facts = Facts { distance_km: rank.distance_km, ..Facts::default() };
    let column = segment.fast_fields().str("marks")?;
    let Some((column, table)) = column.zip(collect.tables.get(&segment.segment_id())) else {
        return Ok(facts);
    };
    for mark in column.term_ords(rank.address.doc_id).filter_map(|number| table.get(number)) {
        match mark.split_once(':') {
            Some(("o", code)) => facts.occupations.push(code.to_owned()),
            Some(("a", code)) => facts.areas.push(code.to_owned()),
            Some(("c", cause)) => facts.causes.push(cause.to_owned()),
            Some(_) => {}
            None => facts.taking = true,
        }
    }
    Ok(facts)
}
