//! Made-up groups: places in proportion to population, words by Zipf, all from one seed.

use std::path::Path;

use mapalus_search::{Document, Profile};

/// A source of numbers that is the same for the same seed.
pub struct Source(pub u64);

impl Source {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this.
    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    /// A number from 0 to 1.
    pub fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn weighted(&mut self, sums: &[f64]) -> usize {
        let all = sums.last().copied().unwrap_or_default();
        let at = self.part() * all;
        sums.partition_point(|sum| *sum < at).min(sums.len() - 1)
    }
}

fn sums(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    let add = |sum: &mut f64, weight| {
        *sum += weight;
        Some(*sum)
    };
    weights.scan(0.0, add).collect()
}

/// A district: code and middle.
pub struct District {
    pub code: String,
    pub lat: f64,
    pub lon: f64,
}

/// What groups are made of.
pub struct World {
    cities: Vec<f64>,
    around: Vec<Vec<usize>>,
    districts: Vec<District>,
    pub words: Vec<String>,
    zipf: Vec<f64>,
    occupations: Vec<String>,
    causes: Vec<String>,
}

impl World {
    /// Reads the reference data; `words` is how many different words there are.
    pub fn read(data: &Path, words: usize, source: &mut Source) -> Result<Self, std::io::Error> {
        let read = |file: &str| std::fs::read_to_string(data.join(file));
        let districts: Vec<District> = read("areas/areas.csv")?.lines().filter_map(district).collect();
        let cities: Vec<(f64, f64, f64)> = read("places/cities_id.tsv")?.lines().filter_map(city).collect();
        let around = cities.iter().map(|(lat, lon, _)| {
            let mut near: Vec<usize> = (0..districts.len()).collect();
            let away = |at: &usize| (districts[*at].lat - lat).powi(2) + (districts[*at].lon - lon).powi(2);
            near.sort_by(|a, b| away(a).total_cmp(&away(b)));
            near.truncate(12);
            near
        });
        let around = around.collect();
        let first = |line: &str| line.split(',').next().unwrap_or_default().to_owned();
        let occupations: Vec<String> =
            read("occupations/occupations.csv")?.lines().skip(1).map(first).collect();
        let occupations = occupations.into_iter().filter(|code| code.len() == 4).collect();
        let causes = read("causes/causes.csv")?.lines().skip(1).map(first).collect();
        let texts = ["causes/causes.csv", "words/occupations.csv", "occupations/occupation_titles_id.csv"];
        let mut vocabulary: Vec<String> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for text in texts {
            for word in read(text)?.to_lowercase().split(|letter: char| !letter.is_ascii_alphabetic()) {
                if word.len() > 3 && seen.insert(word.to_owned()) {
                    vocabulary.push(word.to_owned());
                }
            }
        }
        let syllables = [
            "ba", "ngu", "ti", "ra", "kon", "se", "man", "lu", "pe", "dar", "yo", "ki", "sa", "jem", "wo",
            "ta",
        ];
        while vocabulary.len() < words {
            let word: String =
                (0..3 + source.below(3)).map(|_| syllables[source.below(syllables.len())]).collect();
            if seen.insert(word.clone()) {
                vocabulary.push(word);
            }
        }
        Ok(Self {
            cities: sums(cities.iter().map(|city| city.2)),
            around,
            districts,
            zipf: sums((1..=vocabulary.len()).map(|rank| 1.0 / rank as f64)),
            words: vocabulary,
            occupations,
            causes,
        })
    }

    fn text(&self, source: &mut Source, words: usize) -> String {
        let words: Vec<&str> = (0..words).map(|_| self.words[source.weighted(&self.zipf)].as_str()).collect();
        words.join(" ")
    }

    /// A district, likelier where more people live.
    pub fn district(&self, source: &mut Source) -> &District {
        let near = &self.around[source.weighted(&self.cities)];
        &self.districts[near[source.below(near.len())]]
    }

    /// A group.
    pub fn group(&self, source: &mut Source, number: usize) -> Document {
        let district = self.district(source);
        let occupational = source.below(2) == 0;
        let some = |source: &mut Source, list: &[String], most: usize| {
            let count = 1 + source.below(most);
            (0..count).map(|_| list[source.below(list.len())].clone()).collect()
        };
        let (name, summary, about) = (3 + source.below(3), 8 + source.below(8), 20 + source.below(30));
        Document {
            id: format!("{:08x}-0000-7000-8000-{:012x}", number, source.next() >> 16),
            name: self.text(source, name),
            summary: self.text(source, summary),
            about: self.text(source, about),
            words: vec![self.text(source, 4)],
            kind: if occupational { "occupational" } else { "volunteer" }.to_owned(),
            occupations: if occupational { some(source, &self.occupations, 2) } else { Vec::new() },
            causes: if occupational { Vec::new() } else { some(source, &self.causes, 3) },
            areas: vec![district.code.clone()],
            point: Some((
                district.lat + (source.part() - 0.5) * 0.06,
                district.lon + (source.part() - 0.5) * 0.06,
            )),
            taking: source.below(3) > 0,
            members: (1.0 / (source.part() + 0.002)) as u64,
            made_at: number as i64,
        }
    }

    /// Somebody who looks.
    pub fn profile(&self, source: &mut Source, district: &District) -> Profile {
        Profile {
            occupations: vec![self.occupations[source.below(self.occupations.len())].clone()],
            areas: vec![district.code.clone()],
            causes: (0..2).map(|_| self.causes[source.below(self.causes.len())].clone()).collect(),
        }
    }
}

fn district(line: &str) -> Option<District> {
    let mut parts = line.split(',');
    let (code, level) = (parts.next()?, parts.next()?);
    let mut back = line.rsplit(',').skip(1);
    let (lon, lat) = (back.next()?.parse().ok()?, back.next()?.parse().ok()?);
    (level == "district").then(|| District { code: code.to_owned(), lat, lon })
}

fn city(line: &str) -> Option<(f64, f64, f64)> {
    let mut parts = line.split('\t').skip(1);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The word with one typing error in its middle.
pub fn mistyped(word: &str, source: &mut Source) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + source.below(letters.len() - 2);
    match source.below(3) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        _ => letters[at] = 'x',
    }
    letters.into_iter().collect()
}
