//! Looks at every group that matches: counts, measures, and keeps the best.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{DocAddress, DocId, Score, SegmentReader};

use crate::document::{area_line, occupation_line};
use crate::fit;
use crate::place::Point;
use crate::query::{Count, Facets, Query};

/// The relevance that the best match may add.
const MOST_RELEVANCE: f64 = 3.0;
/// The score of BM25 at which half of it is reached.
const HALF_RELEVANCE: f64 = 8.0;

/// What a mark means to this query, as bits that are or-ed over a group's marks.
type Bits = u16;
const UNIT: Bits = 1;
const MINOR: Bits = 1 << 1;
const SUB_MAJOR: Bits = 1 << 2;
const MAJOR: Bits = 1 << 3;
const CAUSE: Bits = 1 << 4;
const DISTRICT: Bits = 1 << 5;
const REGENCY: Bits = 1 << 6;
const PROVINCE: Bits = 1 << 7;
const TAKING: Bits = 1 << 8;
const IS_KIND: Bits = 1 << 9;
const WANTED_KIND: Bits = 1 << 10;

/// The marks of one segment, in the order of their numbers there. They never change, so they are read once.
pub(crate) struct Marks(Vec<Box<str>>);

impl Marks {
    pub(crate) fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let mut out = Vec::new();
        if let Some(column) = segment.fast_fields().str("marks")? {
            let mut stream = column.dictionary().stream()?;
            while stream.advance() {
                out.push(String::from_utf8_lossy(stream.key()).into());
            }
        }
        Ok(Self(out))
    }

    fn number(&self, mark: &str) -> Option<usize> {
        self.0.binary_search_by(|other| (**other).cmp(mark)).ok()
    }

    fn kinds(&self) -> std::ops::Range<usize> {
        self.0.partition_point(|mark| &**mark < "k:")..self.0.partition_point(|mark| &**mark < "k;")
    }

    /// The mark of this number.
    pub(crate) fn get(&self, number: u64) -> Option<&str> {
        self.0.get(usize::try_from(number).ok()?).map(AsRef::as_ref)
    }
}

/// What the fit is from the bits; the same sum as [`fit::fit`], which a test compares.
fn fit_of(bits: Bits, distance_km: Option<f64>) -> f64 {
    let first = |list: [(Bits, f64); 4]| {
        list.iter().find(|(bit, _)| bits & bit != 0).map_or(0.0, |(_, weight)| *weight)
    };
    let occupation = first([
        (UNIT, fit::SAME_UNIT),
        (MINOR, fit::SAME_MINOR),
        (SUB_MAJOR, fit::SAME_SUB_MAJOR),
        (MAJOR, fit::SAME_MAJOR),
    ]);
    let place = first([
        (DISTRICT, fit::SAME_DISTRICT),
        (REGENCY, fit::SAME_REGENCY),
        (PROVINCE, fit::SAME_PROVINCE),
        (0, 0.0),
    ]);
    let cause = if bits & CAUSE == 0 { 0.0 } else { fit::SAME_CAUSE };
    let open = if bits & TAKING == 0 { 0.0 } else { fit::OPEN };
    occupation + cause + place + distance_km.map_or(0.0, fit::near) + open
}

/// By what hits are ordered; the best is the greatest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rank {
    pub score: f64,
    members: u64,
    made_at: i64,
    order: u64,
    pub address: DocAddress,
    pub distance_km: Option<f64>,
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        let equal = || self.members.cmp(&other.members).then(self.made_at.cmp(&other.made_at));
        self.score.total_cmp(&other.score).then_with(equal).then(other.order.cmp(&self.order))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rank {}

/// Collects the answer to one query.
pub(crate) struct Collect {
    pub tables: HashMap<SegmentId, Arc<Marks>>,
    /// Marks that mean something to the fit.
    bits: Vec<(String, Bits)>,
    kind: Option<String>,
    open_now: bool,
    near: Option<(Point, Option<f64>)>,
    below: Option<String>,
    with_words: bool,
    most: usize,
}

impl Collect {
    /// For this query, with the profile that counts; `most` hits are kept.
    pub(crate) fn new(
        query: &Query,
        profile: &fit::Profile,
        tables: HashMap<SegmentId, Arc<Marks>>,
        with_words: bool,
        most: usize,
    ) -> Self {
        let mut bits = vec![("t".to_owned(), TAKING)];
        for code in &profile.occupations {
            let levels = [MAJOR, SUB_MAJOR, MINOR, UNIT];
            bits.extend(occupation_line(code).zip(levels).map(|(code, bit)| (format!("o:{code}"), bit)));
        }
        for code in &profile.areas {
            let levels = [PROVINCE, REGENCY, DISTRICT];
            bits.extend(area_line(code).zip(levels).map(|(code, bit)| (format!("a:{code}"), bit)));
        }
        bits.extend(profile.causes.iter().map(|cause| (format!("c:{cause}"), CAUSE)));
        let place = |near: &crate::Near| Some((Point::new(near.lat, near.lon)?, near.radius_km));
        Self {
            tables,
            bits,
            kind: query.kind.clone(),
            open_now: query.open_now,
            near: query.near.as_ref().and_then(place),
            below: query.occupation.clone(),
            with_words,
            most,
        }
    }

    /// Whether a mark is counted in the answer.
    fn is_facet(&self, mark: &str) -> bool {
        match mark.split_once(':') {
            Some(("o", code)) => {
                code.len() <= 2
                    || self.below.as_ref().is_some_and(|above| {
                        code.len() == above.len() + 1 && code.starts_with(above.as_str())
                    })
            }
            Some(("a", code)) => !code.contains('.'),
            Some(_) => true,
            None => false,
        }
    }
}

/// What all segments gave together.
pub(crate) struct Collected {
    pub total: u64,
    /// Whether anything matched, were it of another kind or closed.
    pub any: bool,
    pub facets: Facets,
    /// The best first.
    pub best: Vec<Rank>,
}

pub(crate) struct OfSegment {
    table: Arc<Marks>,
    bits: Vec<Bits>,
    counts: Vec<u32>,
    marks: Option<Column<u64>>,
    points: Column<u64>,
    members: Column<u64>,
    made_at: Column<i64>,
    orders: Column<u64>,
    numbers: Vec<usize>,
    near: Option<(Point, Option<f64>)>,
    any_kind: bool,
    open_now: bool,
    with_words: bool,
    segment: u32,
    most: usize,
    best: BinaryHeap<std::cmp::Reverse<Rank>>,
    total: u64,
    open: u64,
    closed: u64,
    any: bool,
}

impl OfSegment {
    /// The distance, or `None` as a whole if it lies outside of the radius.
    fn distance(&self, doc: DocId) -> Option<Option<f64>> {
        let Some((from, radius)) = self.near else { return Some(None) };
        let point = self.points.first(doc).and_then(Point::unpack);
        let Some(radius) = radius else { return Some(point.map(|point| from.distance_km(point))) };
        let point = point.filter(|point| !from.beyond(*point, radius))?;
        let km = from.distance_km(point);
        (km <= radius).then_some(Some(km))
    }

    /// Keeps it, if it is among the best so far. What decides equal ones is read only when it is needed.
    fn keep(&mut self, doc: DocId, score: f64, distance_km: Option<f64>) {
        if self.most == 0 {
            return;
        }
        let full = self.best.len() >= self.most;
        let least = self.best.peek().filter(|_| full).map(|least| least.0);
        if least.is_some_and(|least| score < least.score) {
            return;
        }
        let members = self.members.first(doc).unwrap_or(0);
        if least.is_some_and(|least| score == least.score && members < least.members) {
            return;
        }
        let rank = Rank {
            score,
            members,
            made_at: self.made_at.first(doc).unwrap_or(0),
            order: self.orders.first(doc).unwrap_or(0),
            address: DocAddress::new(self.segment, doc),
            distance_km,
        };
        if least.is_some_and(|least| rank < least) {
            return;
        }
        if full {
            self.best.pop();
        }
        self.best.push(std::cmp::Reverse(rank));
    }
}

impl SegmentCollector for OfSegment {
    type Fruit = Self;

    fn collect(&mut self, doc: DocId, score: Score) {
        let Some(distance_km) = self.distance(doc) else { return };
        self.any = true;
        let mut all: Bits = 0;
        self.numbers.clear();
        if let Some(marks) = &self.marks {
            for number in marks.values_for_doc(doc) {
                let number = number as usize;
                all |= self.bits[number];
                self.numbers.push(number);
            }
        }
        let taking = all & TAKING != 0;
        let right_kind = self.any_kind || all & WANTED_KIND != 0;
        let right_time = !self.open_now || taking;
        if right_kind && right_time {
            for number in &self.numbers {
                self.counts[*number] += 1;
            }
            self.total += 1;
            let relevance = f64::from(score.max(0.0));
            let relevance = if self.with_words { relevance / (relevance + HALF_RELEVANCE) } else { 0.0 };
            let score = MOST_RELEVANCE * relevance + fit_of(all, distance_km);
            // Sums of the same weights in another order are equal; only rounded ones are so to the machine.
            self.keep(doc, (score * 1e6).round() / 1e6, distance_km);
        } else if right_time {
            for number in &self.numbers {
                self.counts[*number] += u32::from(self.bits[*number] & IS_KIND != 0);
            }
        }
        if right_kind {
            self.open += u64::from(taking);
            self.closed += u64::from(!taking);
        }
    }

    fn harvest(self) -> Self {
        self
    }
}

impl Collector for Collect {
    type Fruit = Collected;
    type Child = OfSegment;

    fn for_segment(&self, segment: u32, reader: &SegmentReader) -> tantivy::Result<OfSegment> {
        let table = match self.tables.get(&reader.segment_id()) {
            Some(table) => Arc::clone(table),
            None => Arc::new(Marks::read(reader)?),
        };
        let columns = reader.fast_fields();
        let mut bits = vec![0; table.0.len()];
        for number in table.kinds() {
            bits[number] |= IS_KIND;
        }
        for (mark, bit) in &self.bits {
            if let Some(number) = table.number(mark) {
                bits[number] |= bit;
            }
        }
        if let Some(number) = self.kind.as_ref().and_then(|kind| table.number(&format!("k:{kind}"))) {
            bits[number] |= WANTED_KIND;
        }
        Ok(OfSegment {
            counts: vec![0; table.0.len()],
            table,
            bits,
            marks: columns.str("marks")?.map(|column| column.ords().clone()),
            points: columns.u64("point")?,
            members: columns.u64("members")?,
            made_at: columns.i64("made_at")?,
            orders: columns.u64("order")?,
            numbers: Vec::with_capacity(32),
            near: self.near,
            any_kind: self.kind.is_none(),
            open_now: self.open_now,
            with_words: self.with_words,
            segment,
            most: self.most,
            best: BinaryHeap::with_capacity(self.most.min(1024) + 1),
            total: 0,
            open: 0,
            closed: 0,
            any: false,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.with_words
    }

    fn merge_fruits(&self, segments: Vec<OfSegment>) -> tantivy::Result<Collected> {
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for segment in &segments {
            for (mark, count) in segment.table.0.iter().zip(&segment.counts) {
                if *count > 0 && self.is_facet(mark) {
                    *counts.entry(mark).or_default() += u64::from(*count);
                }
            }
        }
        let list = |letter: &str| {
            let of_letter = counts.iter().filter_map(|(mark, groups)| {
                let key = mark.strip_prefix(letter)?.strip_prefix(':')?;
                Some(Count { key: key.to_owned(), groups: *groups })
            });
            let mut list: Vec<Count> = of_letter.collect();
            list.sort_unstable_by(|a, b| b.groups.cmp(&a.groups).then_with(|| a.key.cmp(&b.key)));
            list
        };
        let facets = Facets {
            kinds: list("k"),
            causes: list("c"),
            occupations: list("o"),
            provinces: list("a"),
            open: segments.iter().map(|segment| segment.open).sum(),
            closed: segments.iter().map(|segment| segment.closed).sum(),
        };
        let total = segments.iter().map(|segment| segment.total).sum();
        let any = segments.iter().any(|segment| segment.any);
        let mut best: Vec<Rank> = segments.into_iter().flat_map(|s| s.best).map(|rank| rank.0).collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        best.truncate(self.most);
        Ok(Collected { total, any, facets, best })
    }
}
