//! Documents made by a seeded source, the same on every run.

use mapalus_search::Document;

/// A source of numbers that is the same for the same seed.
pub(crate) struct Source(u64);

impl Source {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % most as u64) as usize
    }

    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    pub(crate) fn some<T: Copy + ToString>(&mut self, list: &[T], most: usize) -> Vec<String> {
        (0..self.below(most + 1)).map(|_| self.pick(list).to_string()).collect()
    }
}

/// Words of which none is like another: other stems, other beginnings, more than two errors apart.
pub(crate) const WORDS: &[&str] =
    &["perawat", "banjir", "sampah", "kelas", "hukum", "terumbu", "gizi", "kota"];
pub(crate) const OCCUPATIONS: &[&str] =
    &["2221", "2222", "2212", "222", "2611", "5321", "2", "9", "0110", "bad", "22211"];
pub(crate) const CAUSES: &[&str] = &["flood", "waste", "reef"];
pub(crate) const AREAS: &[&str] =
    &["71.71.03", "71.71.04", "71.71", "71.72.01", "31.71.01", "31", "71.71.03.1001"];

pub(crate) fn document(source: &mut Source, number: usize) -> Document {
    let point = (source.below(4) > 0)
        .then(|| (1.0 + source.below(1_000_000) as f64 / 1e6, 124.5 + source.below(1_000_000) as f64 / 1e6));
    Document {
        id: format!("group-{number}"),
        name: source.pick(WORDS).to_owned(),
        summary: source.some(WORDS, 3).join(" "),
        about: source.some(WORDS, 2).join(", "),
        words: source.some(WORDS, 1),
        kind: source.pick(&["occupational", "volunteer"]).to_owned(),
        occupations: source.some(OCCUPATIONS, 3),
        causes: source.some(CAUSES, 2),
        areas: source.some(AREAS, 2),
        point,
        taking: source.below(2) == 0,
        members: source.below(4) as u64,
        made_at: number as i64,
    }
}
