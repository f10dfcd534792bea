//! What every query asks of every group, of one segment: read once, because a segment never changes.

use std::collections::HashMap;

use tantivy::SegmentReader;

use crate::spots::Spots;

/// The numbers of the four sets in which the marks of a group stand: kind and time, occupations, causes, areas.
pub(crate) type Sets = [u32; 4];

/// A group.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Row {
    /// The packed point, 0 without one.
    pub point: u64,
    /// Members, as far as the number goes.
    pub members: u32,
    /// Its marks.
    pub sets: Sets,
}

/// The groups of one segment: about 70 bytes for each, in the order of their documents.
///
/// Groups have their occupations, causes and areas in common with many others, so the sets are far fewer than the
/// groups, and a query thinks about each set once.
#[derive(Debug, Default)]
pub(crate) struct Table {
    marks: Vec<Box<str>>,
    broad: Vec<u32>,
    pub rows: Vec<Row>,
    pub spots: Spots,
    /// Where the marks of each set begin in `members`, and where the last ones end.
    starts: Vec<u32>,
    members: Vec<u32>,
}

/// Sets while they are found.
struct Finding {
    known: HashMap<Box<[u32]>, u32>,
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Finding {
    fn number(&mut self, marks: &[u32]) -> u32 {
        if let Some(number) = self.known.get(marks) {
            return *number;
        }
        let number = self.known.len() as u32;
        self.known.insert(marks.into(), number);
        self.members.extend_from_slice(marks);
        self.starts.push(self.members.len() as u32);
        number
    }
}

/// In which of the four sets a mark stands.
fn place_of(mark: &str) -> u8 {
    match mark.split_once(':') {
        Some(("o" | "p", _)) => 1,
        Some(("c", _)) => 2,
        Some(("a", _)) => 3,
        _ => 0,
    }
}

/// Whether every answer counts the mark: kinds, causes, provinces, major and sub-major groups of occupations.
fn is_broad(mark: &str) -> bool {
    match mark.split_once(':') {
        Some(("o", code)) => code.len() <= 2,
        Some(("a", code)) => !code.contains('.'),
        Some(("p", _)) => false,
        Some(_) => true,
        None => false,
    }
}

impl Table {
    /// Reads the columns of a segment: about a second for a million groups.
    pub(crate) fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let (points, members) = (columns.u64("point")?, columns.u64("members")?);
        let mut marks: Vec<Box<str>> = Vec::new();
        let column = columns.str("marks")?;
        if let Some(column) = &column {
            let mut stream = column.dictionary().stream()?;
            while stream.advance() {
                marks.push(String::from_utf8_lossy(stream.key()).into());
            }
        }
        let broad = (0..).zip(&marks).filter(|(_, mark)| is_broad(mark)).map(|(number, _)| number).collect();
        let places: Vec<u8> = marks.iter().map(|mark| place_of(mark)).collect();
        let rows = (0..segment.max_doc()).map(|doc| Row {
            point: points.first(doc).unwrap_or(0),
            members: u32::try_from(members.first(doc).unwrap_or(0)).unwrap_or(u32::MAX),
            sets: [0; 4],
        });
        let mut rows: Vec<Row> = rows.collect();
        let mut sets = Finding { known: HashMap::new(), starts: vec![0], members: Vec::new() };
        let mut own: [Vec<u32>; 4] = Default::default();
        let mut sets_of = |doc: u32| -> Sets {
            own.iter_mut().for_each(Vec::clear);
            for number in column.iter().flat_map(|column| column.term_ords(doc)) {
                let number = number as u32;
                if let Some(place) = places.get(number as usize) {
                    own[usize::from(*place)].push(number);
                }
            }
            std::array::from_fn(|at| sets.number(&own[at]))
        };
        // Numbered from place to place, so that sets of what is near on the ground are near in memory.
        let mut spots = Spots::new((0..).zip(&rows).map(|(doc, row)| (doc, row.point)));
        for (doc, sets) in spots.docs() {
            *sets = sets_of(doc);
            rows[doc as usize].sets = *sets;
        }
        for (doc, row) in (0..).zip(&mut rows).filter(|(_, row)| row.point == 0) {
            row.sets = sets_of(doc);
        }
        let Finding { mut starts, mut members, .. } = sets;
        starts.shrink_to_fit();
        members.shrink_to_fit();
        Ok(Self { marks, broad, rows, spots, starts, members })
    }

    /// How many sets there are.
    pub(crate) fn sets(&self) -> usize {
        self.starts.len() - 1
    }

    /// The numbers of the marks of a set.
    pub(crate) fn set(&self, number: u32) -> &[u32] {
        let at = number as usize;
        &self.members[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// All marks, in the order of their numbers.
    pub(crate) fn marks(&self) -> &[Box<str>] {
        &self.marks
    }

    /// The numbers of the marks that every answer counts.
    pub(crate) fn broad(&self) -> &[u32] {
        &self.broad
    }

    /// The number of a mark.
    pub(crate) fn number(&self, mark: &str) -> Option<usize> {
        self.marks.binary_search_by(|other| (**other).cmp(mark)).ok()
    }

    /// The marks of a group.
    pub(crate) fn marks_of(&self, doc: u32) -> impl Iterator<Item = &str> {
        let sets = self.rows.get(doc as usize).map(|row| row.sets).into_iter().flatten();
        sets.flat_map(|set| self.set(set)).map(|number| &*self.marks[*number as usize])
    }
}
