//! Instances like the public ones, of other sizes: made from a seed, each around a roster that keeps every rule, so that
//! it can be filled.

use std::fmt::Write;

/// Days, staff, shift types.
const SIZES: [(usize, usize, usize); 10] = [
    (14, 10, 1),
    (14, 24, 2),
    (21, 16, 2),
    (28, 22, 3),
    (28, 36, 4),
    (28, 56, 8),
    (42, 30, 4),
    (56, 26, 3),
    (84, 28, 4),
    (126, 40, 5),
];

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `from` up to and with `to`.
    fn number(&mut self, from: usize, to: usize) -> usize {
        from + (self.bits() % (to - from + 1) as u64) as usize
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.number(0, 99) < chance
    }
}

/// A row of the roster around which an instance is made.
type Row = Vec<Option<usize>>;

/// The ten instances of a seed: name, text.
pub fn instances(seed: u64) -> impl Iterator<Item = (String, String)> {
    with_rosters(seed).into_iter().map(|(name, text, _)| (name, text))
}

/// The instances with the rosters around which they are made.
fn with_rosters(seed: u64) -> Vec<(String, String, String)> {
    let of_size = |(i, &(days, staff, kinds)): (usize, &(usize, usize, usize))| {
        let mut chance = Chance(seed.wrapping_mul(1_000_003).wrapping_add(i as u64));
        let (text, roster) = instance(&mut chance, days, staff, kinds);
        (format!("family{seed}-{days}x{staff}x{kinds}"), text, roster)
    };
    SIZES.iter().enumerate().map(of_size).collect()
}

fn id(kind: usize) -> String {
    format!("S{}", kind + 1)
}

/// An instance, and a roster that keeps its rules.
fn instance(chance: &mut Chance, days: usize, staff: usize, kinds: usize) -> (String, String) {
    let mut out = format!("SECTION_HORIZON\n{days}\n\nSECTION_SHIFTS\n");
    // From early to late: after a late one no early one the next day.
    let lengths: Vec<usize> = (0..kinds).map(|_| 30 * chance.number(12, 24)).collect();
    for (kind, minutes) in lengths.iter().enumerate() {
        let never: Vec<String> = (0..kind).filter(|_| chance.percent(70)).map(id).collect();
        let _ = writeln!(out, "{},{minutes},{}", id(kind), never.join("|"));
    }
    let (mut people, mut off, mut wishes) = (String::new(), String::new(), [String::new(), String::new()]);
    let mut cover = vec![vec![0_usize; kinds]; days];
    let mut roster = String::new();
    for person in 0..staff {
        let (least_work, most_work) = (chance.number(1, 2), chance.number(4, 6));
        let least_off = chance.number(1, 3);
        let row = row(chance, days, kinds, (least_work, most_work), least_off);
        let _ = write!(roster, "P{person}");
        for (day, cell) in row.iter().enumerate() {
            if let Some(kind) = *cell {
                cover[day][kind] += 1;
            }
            let _ = write!(roster, " {}", cell.map_or_else(|| "-".to_owned(), id));
        }
        roster.push('\n');
        let minutes: usize = row.iter().flatten().map(|&kind| lengths[kind]).sum();
        let most: Vec<String> = (0..kinds)
            .map(|kind| {
                let count = row.iter().filter(|&&cell| cell == Some(kind)).count();
                let limit = if chance.percent(35) { count + chance.number(0, 2) } else { days };
                format!("{}={limit}", id(kind))
            })
            .collect();
        let weekends =
            (5..days).step_by(7).filter(|&d| row[d].is_some() || row.get(d + 1).is_some_and(Option::is_some));
        let (below, above) = (60 * chance.number(2, 10), 60 * chance.number(2, 10));
        let _ = writeln!(
            people,
            "P{person},{},{},{},{most_work},{least_work},{least_off},{}",
            most.join("|"),
            minutes + above,
            minutes.saturating_sub(below),
            weekends.count() + chance.number(0, 1)
        );
        let mut free: Vec<String> = Vec::new();
        for (day, _) in row.iter().enumerate().filter(|(_, cell)| cell.is_none()) {
            if chance.percent(10) {
                free.push(day.to_string());
            }
        }
        let _ = writeln!(off, "P{person},{}", free.join(","));
        for wish in &mut wishes {
            for _ in 0..chance.number(0, days / 5) {
                let (day, kind) = (chance.number(0, days - 1), chance.number(0, kinds - 1));
                let line = format!("P{person},{day},{}", id(kind));
                if !wish.contains(&format!("{line},")) {
                    let _ = writeln!(wish, "{line},{}", chance.number(1, 3));
                }
            }
        }
    }
    let _ = write!(out, "\nSECTION_STAFF\n{people}\nSECTION_DAYS_OFF\n{off}");
    let _ =
        write!(out, "\nSECTION_SHIFT_ON_REQUESTS\n{}\nSECTION_SHIFT_OFF_REQUESTS\n{}", wishes[0], wishes[1]);
    out.push_str("\nSECTION_COVER\n");
    for (day, counts) in cover.iter().enumerate() {
        for (kind, &count) in counts.iter().enumerate() {
            // Now and then one more or one less than the roster has: a cost of 0 is not to be had.
            let asked = match chance.number(0, 9) {
                0 => count + 1,
                1 => count.saturating_sub(1),
                _ => count,
            };
            let _ = writeln!(out, "{day},{},{asked},100,1", id(kind));
        }
    }
    (out, roster)
}

/// A row that keeps its own runs, with kinds that never go back to an earlier one within a run.
fn row(
    chance: &mut Chance,
    days: usize,
    kinds: usize,
    (least, most): (usize, usize),
    least_off: usize,
) -> Row {
    let mut row = Row::new();
    if chance.percent(60) {
        row.extend(std::iter::repeat_n(None, chance.number(1, 3)));
    }
    while row.len() < days {
        let mut kind = chance.number(0, kinds - 1);
        for _ in 0..chance.number(least, most) {
            row.push(Some(kind));
            if chance.percent(25) {
                kind = chance.number(kind, kinds - 1);
            }
        }
        row.extend(std::iter::repeat_n(None, chance.number(least_off, least_off + 2)));
    }
    row.truncate(days);
    row
}

#[cfg(test)]
mod tests {
    use super::super::runs::{Instance, Kind, judged};
    use crate::place::{self, Folder};
    use std::fs;

    #[test]
    fn every_instance_of_the_family_can_be_filled() {
        let folder = Folder::make(&place::scratch().unwrap(), "family", false).unwrap();
        let mut costs = Vec::new();
        for (name, text, roster) in super::with_rosters(1) {
            let (file, solution) = (folder.path().join(format!("{name}.txt")), folder.path().join(&name));
            fs::write(&file, text).unwrap();
            fs::write(&solution, roster).unwrap();
            let instance = Instance { name, file, kind: Kind::Benchmark, best_known: None };
            let cost = judged(&instance, &solution).unwrap();
            costs.push(cost.unwrap_or_else(|| panic!("{} has no roster", instance.name)));
        }
        assert_eq!(costs.len(), 10);
        println!("costs of the rosters in it: {costs:?}");
    }
}
