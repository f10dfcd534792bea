//! Looks at every group that matches: counts, measures, and keeps the best.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, SegmentReader};

use crate::document::{area_line, occupation_line};
use crate::fit;
use crate::place::Point;
use crate::plan::for_occupation;
use crate::query::{Count, Facets, Query};
use crate::table::{Sets, Table};

/// The relevance that the best match may add.
const MOST_RELEVANCE: f64 = 3.0;
/// The score of BM25 at which half of it is reached.
const HALF_RELEVANCE: f64 = 8.0;
/// More than what rounding adds to a score.
const ROUNDING: f64 = 2e-6;

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
/// Those on which the fit depends.
const OF_FIT: Bits = (1 << 9) - 1;
const WANTED_KIND: Bits = 1 << 9;
const WANTED_OCCUPATION: Bits = 1 << 10;
const WANTED_CAUSE: Bits = 1 << 11;
const WANTED_AREA: Bits = 1 << 12;
/// The bits of a set are known.
const KNOWN: Bits = 1 << 15;
/// The part of the sets that are looked up one by one.
const MANY: usize = 8;
/// One group, above the bits.
const ONE: u64 = 1 << Bits::BITS;

/// What the fit is from the bits, distance left out; the same sum as [`fit::fit`], which a test compares.
fn fit_of(bits: Bits) -> f64 {
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
    occupation + cause + place + open
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

/// Collects the answer to one query, segment by segment.
pub(crate) struct Collect {
    /// What marks mean to the query.
    bits: Vec<(String, Bits)>,
    /// Bits that a group of the answer has.
    required: Bits,
    /// What the fit is for each combination of bits.
    fits: Vec<f64>,
    any_kind: bool,
    open_now: bool,
    from: Option<Point>,
    below: Option<String>,
    within: Option<String>,
    most: usize,
    best: BinaryHeap<Reverse<Rank>>,
    counts: HashMap<Box<str>, u64>,
    /// How many groups are for all of a major group, by its code; and for all of what was asked for or of something above it.
    wide: HashMap<Box<str>, u64>,
    wide_of_asked: u64,
    /// How many of those have the narrower mark too, by that mark.
    both: HashMap<Box<str>, u64>,
    total: u64,
    open: u64,
    closed: u64,
    /// Whether anything matched, were it of another kind or closed.
    pub any: bool,
}

/// The columns of one segment, and what of it was seen.
pub(crate) struct OfSegment {
    table: Arc<Table>,
    number: u32,
    /// Of each set its bits, and above them how many groups of the answer have it: one place in memory for both.
    sets: Vec<u64>,
    /// What each mark means.
    meant: Vec<Bits>,
    /// The sets that were seen, as long as they are few.
    seen: Option<Vec<u32>>,
    /// How many groups of another kind have each set of kind and time.
    others: Vec<u32>,
    members: Column<u64>,
    made_at: Column<i64>,
    orders: Column<u64>,
}

impl Collect {
    /// For this query, with the profile that counts; `most` hits are kept.
    pub(crate) fn new(query: &Query, profile: &fit::Profile, most: usize) -> Self {
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
        bits.extend(query.kind.iter().map(|kind| (format!("k:{kind}"), WANTED_KIND)));
        let wanted = wanted(query);
        let required = wanted.iter().fold(0, |all, (_, bit)| all | bit);
        bits.extend(wanted);
        Self {
            bits,
            required,
            fits: (0..=OF_FIT).map(fit_of).collect(),
            any_kind: query.kind.is_none(),
            open_now: query.open_now,
            from: query.near.as_ref().and_then(|near| Point::new(near.lat, near.lon)),
            below: query.occupation.clone(),
            within: query.area.clone(),
            most,
            best: BinaryHeap::with_capacity(most.min(1024) + 1),
            counts: HashMap::new(),
            wide: HashMap::new(),
            wide_of_asked: 0,
            both: HashMap::new(),
            total: 0,
            open: 0,
            closed: 0,
            any: false,
        }
    }

    /// Begins a segment.
    pub(crate) fn begin(
        &self,
        number: u32,
        table: &Arc<Table>,
        segment: &SegmentReader,
    ) -> tantivy::Result<OfSegment> {
        let columns = segment.fast_fields();
        let mut meant = vec![0; table.marks().len()];
        for (mark, bit) in &self.bits {
            if let Some(number) = table.number(mark) {
                meant[number] |= bit;
            }
        }
        Ok(OfSegment {
            number,
            sets: vec![0; table.sets()],
            meant,
            seen: Some(Vec::new()),
            others: vec![0; table.sets()],
            members: columns.u64("members")?,
            made_at: columns.i64("made_at")?,
            orders: columns.u64("order")?,
            table: Arc::clone(table),
        })
    }

    /// Looks at a group that has the words and lies within the radius. `relevance` is the score of its words, `least_km`
    /// no more than its distance; both may be 0.
    #[inline]
    pub(crate) fn take(&mut self, of: &mut OfSegment, doc: DocId, sets: Sets, relevance: f32, least_km: f64) {
        let all = sets.iter().fold(0, |all, set| all | of.bits_of(*set));
        if all & self.required != self.required {
            return;
        }
        self.any = true;
        let taking = all & TAKING != 0;
        let right_kind = self.any_kind || all & WANTED_KIND != 0;
        let right_time = !self.open_now || taking;
        if right_kind {
            self.open += u64::from(taking);
            self.closed += u64::from(!taking);
        }
        if right_kind && right_time {
            self.total += 1;
            for set in sets {
                of.sets[set as usize] += ONE;
            }
            let relevance = f64::from(relevance.max(0.0));
            let score = MOST_RELEVANCE * relevance / (relevance + HALF_RELEVANCE);
            self.keep(of, doc, score + self.fits[usize::from(all & OF_FIT)], least_km);
        } else if right_time {
            of.others[sets[0] as usize] += 1;
        }
    }

    /// Keeps it, if it is among the best so far. What is dear is reckoned only when it may be.
    #[inline]
    fn keep(&mut self, of: &OfSegment, doc: DocId, score: f64, least_km: f64) {
        let full = self.best.len() >= self.most;
        let least = self.best.peek().filter(|_| full).map(|least| least.0);
        let nearest = if self.from.is_some() { fit::near(least_km) } else { 0.0 };
        if self.most == 0 || least.is_some_and(|least| score + nearest + ROUNDING < least.score) {
            return;
        }
        self.measure(of, doc, score, least);
    }

    #[inline(never)]
    fn measure(&mut self, of: &OfSegment, doc: DocId, score: f64, least: Option<Rank>) {
        let row = of.table.rows[doc as usize];
        let distance_km = self.from.and_then(|from| Some(from.distance_km(Point::unpack(row.point)?)));
        let score = score + distance_km.map_or(0.0, fit::near);
        // Sums of the same weights in another order are equal; only rounded ones are so to the machine.
        let score = (score * 1e6).round() / 1e6;
        let fewer = |least: Rank| u64::from(row.members) < least.members && row.members < u32::MAX;
        if least.is_some_and(|least| score < least.score || score == least.score && fewer(least)) {
            return;
        }
        let rank = Rank {
            score,
            members: of.members.first(doc).unwrap_or(0),
            made_at: of.made_at.first(doc).unwrap_or(0),
            order: of.orders.first(doc).unwrap_or(0),
            address: DocAddress::new(of.number, doc),
            distance_km,
        };
        if least.is_some_and(|least| rank < least) {
            return;
        }
        if least.is_some() {
            self.best.pop();
        }
        self.best.push(Reverse(rank));
    }

    /// Adds up what was seen of a segment.
    pub(crate) fn end(&mut self, of: &OfSegment) {
        let marks = of.table.marks();
        let mut counts = vec![0_u64; marks.len()];
        let mut add = |set: u32| {
            let (own, others) = (of.sets[set as usize] / ONE, of.others[set as usize]);
            if own == 0 && others == 0 {
                return;
            }
            for mark in of.table.set(set) {
                counts[*mark as usize] += own;
                if others > 0 && marks[*mark as usize].starts_with("k:") {
                    counts[*mark as usize] += u64::from(others);
                }
            }
        };
        match &of.seen {
            Some(seen) => seen.iter().for_each(|set| add(*set)),
            None => (0..of.sets.len() as u32).for_each(add),
        }
        self.add_wide(of);
        for facet in self.facets(&of.table) {
            let (mark, count) = (&marks[facet as usize], counts[facet as usize]);
            if count > 0 {
                match self.counts.get_mut(mark) {
                    Some(sum) => *sum += count,
                    None => {
                        self.counts.insert(mark.clone(), count);
                    }
                }
            }
        }
    }

    /// Adds up which groups are for all of something wider: they take every profession in it.
    fn add_wide(&mut self, of: &OfSegment) {
        let (table, asked) = (&of.table, self.asked_for().to_owned());
        let number = |code: &str| table.number(&format!("p:{code}")).map(|number| number as u32);
        let majors: Vec<u32> = (0..10).filter_map(|digit: u8| number(&digit.to_string())).collect();
        let line: Vec<u32> = occupation_line(&asked).filter_map(number).collect();
        if majors.is_empty() && line.is_empty() {
            return;
        }
        for (set, own) in (0..).zip(&of.sets).map(|(set, seen)| (set, seen / ONE)).filter(|(_, own)| *own > 0)
        {
            let marks = table.set(set);
            let mark = |number: &u32| &*table.marks()[*number as usize];
            let majors: Vec<&str> =
                marks.iter().filter(|one| majors.contains(one)).map(|one| &mark(one)[2..]).collect();
            let wide = marks.iter().any(|one| line.contains(one));
            if majors.is_empty() && !wide {
                continue;
            }
            for major in &majors {
                *self.wide.entry((*major).into()).or_default() += own;
            }
            self.wide_of_asked += if wide { own } else { 0 };
            let narrower = marks.iter().map(mark).filter(|mark| {
                let code = mark.strip_prefix("o:").unwrap_or("");
                let in_major = code.len() == 2 && majors.contains(&&code[..1]);
                in_major || wide && self.is_next(code)
            });
            let narrower: Vec<&str> = narrower.collect();
            for mark in narrower {
                *self.both.entry(mark.into()).or_default() += own;
            }
        }
    }

    /// The occupation that was asked for, where those one level below it are counted.
    fn asked_for(&self) -> &str {
        self.below.as_deref().filter(|code| code.len() >= 2).unwrap_or("")
    }

    /// Whether an occupation is one level below the one that was asked for.
    fn is_next(&self, code: &str) -> bool {
        let asked = self.asked_for();
        !asked.is_empty() && code.len() == asked.len() + 1 && code.starts_with(asked)
    }

    /// How many groups take an occupation of which `own` have the mark.
    fn taking(&self, code: &str, own: u64) -> u64 {
        let wide = match code.len() {
            2 => self.wide.get(&code[..1]).copied().unwrap_or(0),
            _ if self.is_next(code) => self.wide_of_asked,
            _ => 0,
        };
        let both = self.both.get(format!("o:{code}").as_str()).copied().unwrap_or(0);
        own + wide - both.min(wide)
    }

    /// The marks of a segment that are counted in the answer: the broad ones, and those one level below the occupation
    /// and the area that were asked for.
    fn facets(&self, table: &Table) -> Vec<u32> {
        let mut facets = table.broad().to_vec();
        if let Some(above) = self.below.as_ref().filter(|above| above.len() >= 2) {
            let (begin, marks) = (format!("o:{above}"), table.marks());
            let from = marks.partition_point(|mark| **mark < *begin);
            let under = marks[from..].iter().take_while(|mark| mark.starts_with(&begin)).enumerate();
            let next = under.filter(|(_, mark)| mark.len() == begin.len() + 1);
            facets.extend(next.map(|(at, _)| (from + at) as u32));
        }
        if let Some(area) = &self.within {
            let (begin, marks) = (format!("a:{area}."), table.marks());
            let from = marks.partition_point(|mark| **mark < *begin);
            let under = marks[from..].iter().take_while(|mark| mark.starts_with(&begin)).enumerate();
            let next = under.filter(|(_, mark)| !mark[begin.len()..].contains('.'));
            facets.extend(next.map(|(at, _)| (from + at) as u32));
        }
        facets
    }

    /// The answer.
    pub(crate) fn finish(self) -> Collected {
        let list = |letter: &str| {
            let of_letter = self.counts.iter().filter_map(|(mark, groups)| {
                let key = mark.strip_prefix(letter)?.strip_prefix(':')?;
                let groups = if letter == "o" { self.taking(key, *groups) } else { *groups };
                Some(Count { key: key.to_owned(), groups })
            });
            let mut list: Vec<Count> = of_letter.collect();
            list.sort_unstable_by(|a, b| b.groups.cmp(&a.groups).then_with(|| a.key.cmp(&b.key)));
            list
        };
        let (areas, provinces) = list("a").into_iter().partition(|count| count.key.contains('.'));
        let facets = Facets {
            kinds: list("k"),
            causes: list("c"),
            occupations: list("o"),
            provinces,
            areas,
            open: self.open,
            closed: self.closed,
        };
        let mut best: Vec<Rank> = self.best.into_iter().map(|rank| rank.0).collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        Collected { total: self.total, facets, best }
    }
}

/// The marks that a group of the answer has to have.
fn wanted(query: &Query) -> Vec<(String, Bits)> {
    let occupation = query.occupation.iter().flat_map(|code| for_occupation(code));
    let occupation = occupation.map(|mark| (mark, WANTED_OCCUPATION));
    let cause = query.cause.iter().map(|cause| (format!("c:{cause}"), WANTED_CAUSE));
    let area = query.area.iter().map(|area| (format!("a:{area}"), WANTED_AREA));
    occupation.chain(cause).chain(area).collect()
}

/// What all segments gave together.
pub(crate) struct Collected {
    pub total: u64,
    pub facets: Facets,
    /// The best first.
    pub best: Vec<Rank>,
}

impl OfSegment {
    #[inline]
    fn bits_of(&mut self, set: u32) -> Bits {
        let known = self.sets[set as usize] as Bits;
        if known & KNOWN != 0 { known } else { self.read(set) }
    }

    /// Reads what a set means. Sets that are asked for one by one lie anywhere in memory: once they are many, all are
    /// read in a row.
    #[inline(never)]
    fn read(&mut self, set: u32) -> Bits {
        if let Some(seen) = &mut self.seen {
            seen.push(set);
            if seen.len() <= self.sets.len() / MANY {
                self.sets[set as usize] = u64::from(meaning(&self.table, &self.meant, set));
            } else {
                self.seen = None;
                for (set, known) in (0..).zip(&mut self.sets).filter(|(_, known)| **known == 0) {
                    *known = u64::from(meaning(&self.table, &self.meant, set));
                }
            }
        }
        self.sets[set as usize] as Bits
    }
}

/// The bits of a set, of which it is now known that they are.
#[inline]
fn meaning(table: &Table, meant: &[Bits], set: u32) -> Bits {
    table.set(set).iter().fold(KNOWN, |all, mark| all | meant[*mark as usize])
}
