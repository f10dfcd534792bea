//! Answering a query.

use std::sync::Arc;

use tantivy::schema::OwnedValue;
use tantivy::{Searcher, SegmentReader, TantivyDocument, Term};

use super::{Error, Index};
use crate::collect::{Collect, OfSegment, Rank};
use crate::fit::{Facts, Profile, Reason, fit};
use crate::place::Point;
use crate::plan::{Word, above, required, ways, words};
use crate::query::{Fit, Found, Hit, MOST_HITS, MOST_MEANINGS, MOST_SKIPPED, Meaning, Query};
use crate::table::Table;
use crate::ways::{Docs, Way, having, matched};
use crate::words::{alike, forgiven, terms};

/// What every segment is asked.
struct Asked {
    words: Vec<Vec<Way>>,
    /// From where and how far, in kilometres.
    within: Option<(Point, f64)>,
    required: Vec<Vec<Term>>,
}

impl Index {
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
        let near = query.near.as_ref();
        let within = near.and_then(|near| Some((Point::new(near.lat, near.lon)?, near.radius_km?)));
        let mut asked = Asked {
            words: ways(&searcher, self.fields, &self.stems, query, &words, true)?,
            within,
            required: required(self.fields, query),
        };
        let tables = self.tables(&searcher)?;
        let collect = |asked: &Asked, all: bool| -> tantivy::Result<Collect> {
            let mut collect = Collect::new(query, &profile, most);
            for (number, (segment, table)) in searcher.segment_readers().iter().zip(&tables).enumerate() {
                let mut of = collect.begin(number as u32, table, segment)?;
                self::collect(asked, segment, table, all, &mut collect, &mut of)?;
                collect.end(&of);
            }
            Ok(collect)
        };
        let mut collected = collect(&asked, true)?;
        let mut loosened = false;
        if !collected.any && words.len() > 1 {
            asked.words = ways(&searcher, self.fields, &self.stems, query, &words, false)?;
            collected = collect(&asked, false)?;
            loosened = collected.any;
        }
        let collected = collected.finish();
        let best = collected.best.iter().skip(skip);
        let hits = best.map(|rank| self.hit(&searcher, &tables, query, &profile, &words, rank));
        let hits = hits.collect::<tantivy::Result<Vec<_>>>()?;
        Ok(Found { hits, total: collected.total, facets: collected.facets, loosened })
    }

    fn hit(
        &self,
        searcher: &Searcher,
        tables: &[Arc<Table>],
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
        let (facts, wide) = facts(&tables[rank.address.segment_ord as usize], rank);
        let (sum, lines) = fit(profile, &facts);
        let mut reasons = Vec::new();
        if self.in_name(&text(self.fields.name), words) {
            reasons.push(Reason::NameMatches);
        }
        let meant =
            query.meanings.iter().take(MOST_MEANINGS).filter(|meaning| meaning.terms.start < words.len());
        reasons.extend(meant.flat_map(|meaning| meant_by(meaning, &facts, &wide)));
        reasons.extend(lines);
        let own = profile.occupations.iter().flat_map(|code| above(code).rev());
        let whole = own.filter(|code| wide.iter().any(|one| one == code)).max_by_key(|code| code.len());
        let fit = Fit { sum, reasons, whole: whole.map(str::to_owned), distance_km: rank.distance_km };
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

/// What the meaning and the group have in common: of an occupation it, else the nearest above it that the group is for.
fn meant_by(meaning: &Meaning, facts: &Facts, wide: &[String]) -> Vec<Reason> {
    let has = |code: &&str| facts.occupations.iter().any(|own| own == code);
    let for_all = |code: &&str| wide.iter().any(|own| own == code);
    let occupation = |code: &'_ String| {
        let meant = Some(code.as_str()).filter(has).or_else(|| above(code).rev().find(for_all));
        meant.map(|code| Reason::OccupationMeant(code.to_owned()))
    };
    let causes = meaning.causes.iter().filter(|cause| facts.causes.contains(cause));
    let occupations = meaning.occupations.iter().filter_map(occupation);
    occupations.chain(causes.cloned().map(Reason::CauseMeant)).collect()
}

/// Looks for the groups of a segment by what restricts them most.
fn collect(
    asked: &Asked,
    segment: &SegmentReader,
    table: &Table,
    all: bool,
    collect: &mut Collect,
    of: &mut OfSegment,
) -> tantivy::Result<()> {
    let living = segment.alive_bitset();
    let lives = |doc| living.is_none_or(|living| living.is_alive(doc));
    if asked.words.is_empty() {
        let mut take = |doc, sets, least_km| {
            if lives(doc) {
                collect.take(of, doc, sets, 0.0, least_km);
            }
        };
        let sets = |doc: u32| table.rows[doc as usize].sets;
        if let Some((from, radius_km)) = asked.within {
            table.spots.within(from, radius_km, take);
        } else if let Some(rarest) = rarest(segment, &asked.required)? {
            having_any(segment, rarest, |doc| take(doc, sets(doc), 0.0))?;
        } else {
            (0..segment.max_doc()).for_each(|doc| take(doc, sets(doc), 0.0));
        }
        return Ok(());
    }
    let mut among = None;
    if let Some((from, radius_km)) = asked.within {
        let mut docs = Docs::none(segment.max_doc());
        table.spots.within(from, radius_km, |doc, _, _| {
            docs.add(doc);
        });
        among = Some(docs);
    } else if let Some(rarest) = rarest(segment, &asked.required)? {
        let mut docs = Docs::none(segment.max_doc());
        having_any(segment, rarest, |doc| {
            docs.add(doc);
        })?;
        among = Some(docs);
    }
    let found = matched(segment, &asked.words, all, among.as_ref())?;
    found.docs.each(|doc| {
        if lives(doc) {
            collect.take(of, doc, table.rows[doc as usize].sets, found.scores[doc as usize], 0.0);
        }
    });
    Ok(())
}

/// Those marks that the fewest groups have.
fn rarest<'a>(segment: &SegmentReader, required: &'a [Vec<Term>]) -> tantivy::Result<Option<&'a [Term]>> {
    let mut rarest = None;
    for marks in required {
        let mut groups = 0;
        for mark in marks {
            groups += segment.inverted_index(mark.field())?.doc_freq(mark)?;
        }
        if rarest.is_none_or(|(fewest, _)| groups < fewest) {
            rarest = Some((groups, marks.as_slice()));
        }
    }
    Ok(rarest.map(|(_, marks)| marks))
}

/// Every document that has one of the marks, once, living or not.
fn having_any(segment: &SegmentReader, marks: &[Term], mut call: impl FnMut(u32)) -> tantivy::Result<()> {
    let mut seen = (marks.len() > 1).then(|| Docs::none(segment.max_doc()));
    for mark in marks {
        having(segment, mark, |doc, _| {
            if seen.as_mut().is_none_or(|seen| seen.add(doc)) {
                call(doc);
            }
        })?;
    }
    Ok(())
}

/// What the marks of a group say, ancestors among them; and the occupations that are for everybody below them.
fn facts(table: &Table, rank: &Rank) -> (Facts, Vec<String>) {
    let mut wide = Vec::new();
    let mut facts = Facts { distance_km: rank.distance_km, ..Facts::default() };
    for mark in table.marks_of(rank.address.doc_id) {
        match mark.split_once(':') {
            Some(("o", code)) => facts.occupations.push(code.to_owned()),
            Some(("p", code)) => wide.push(code.to_owned()),
            Some(("a", code)) => facts.areas.push(code.to_owned()),
            Some(("c", cause)) => facts.causes.push(cause.to_owned()),
            Some(_) => {}
            None => facts.taking = true,
        }
    }
    (facts, wide)
}
