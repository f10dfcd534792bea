//! Provinces, regencies and towns, districts of Indonesia.

use super::{super::text::fold, data_file, fit, near, nearest};
use chrono_tz::Tz;
use std::{collections::HashMap, sync::OnceLock};

/// The level of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// *Provinsi*.
    Province,
    /// *Kabupaten* or *kota*.
    Regency,
    /// *Kecamatan*.
    District,
}

/// An area.
#[derive(Debug, Clone)]
pub struct Area {
    /// Code of the ministry: `71`, `71.71`, `71.71.05`.
    pub code: &'static str,
    /// Its level.
    pub level: Level,
    /// Its name, as the ministry writes it.
    pub name: &'static str,
    /// Degrees north of its position.
    pub latitude: f64,
    /// Degrees east of its position.
    pub longitude: f64,
    folded: String,
    /// What people call it besides, folded: the name without its kind, everyday words.
    called: Vec<String>,
}

/// Kinds of areas that people leave out of the name.
const KINDS: [&str; 6] = [
    "kota administrasi ",
    "kabupaten administrasi ",
    "kota ",
    "kabupaten ",
    "daerah khusus ibukota ",
    "daerah istimewa ",
];

impl Area {
    /// How well folded words fit what it is called.
    fn fit(&self, words: &str) -> Option<u8> {
        std::iter::once(&self.folded).chain(&self.called).filter_map(|name| fit(words, name)).min()
    }

    /// How far its position is from another, in kilometres. The land lies along the equator: a flat map is true enough
    /// to tell neighbours apart.
    pub fn km_to(&self, latitude: f64, longitude: f64) -> f64 {
        const DEGREE_KM: f64 = 111.2;
        let narrower = latitude.to_radians().cos();
        (self.latitude - latitude).hypot((self.longitude - longitude) * narrower) * DEGREE_KM
    }

    /// Whether it is called exactly so.
    fn is_called(&self, folded: &str) -> bool {
        self.folded == folded || self.called.iter().any(|name| name == folded)
    }

    /// Whether this one is meant where both are called so: the larger, or the town and not the land around it.
    fn outranks(&self, other: &Self) -> bool {
        (self.order().0, self.order().1) < (other.order().0, other.order().1)
    }

    /// The larger first, and of two that share a name the town, which is meant more often than the land around it.
    fn order(&self) -> (Level, bool, &'static str) {
        (self.level, !self.folded.starts_with("kota "), self.code)
    }
}

/// All areas.
#[derive(Debug)]
pub struct Areas {
    list: Vec<Area>,
    by_code: HashMap<&'static str, usize>,
    /// By what only one is called, folded: with its parent or without.
    by_name: HashMap<String, Option<usize>>,
}

/// The areas.
pub fn areas() -> &'static Areas {
    static AREAS: OnceLock<Areas> = OnceLock::new();
    AREAS.get_or_init(|| Areas::read(data_file!("areas/areas.csv"), data_file!("words/areas.csv")))
}

impl Areas {
    fn read(csv: &'static str, words: &'static str) -> Self {
        let everyday: Vec<(&str, &str)> =
            words.lines().skip(1).filter_map(|row| row.split_once(',')).collect();
        // Fields hold no commas: the checker of the data folder sees to it.
        let list: Vec<Area> = csv
            .lines()
            .skip(1)
            .filter_map(|row| {
                let mut fields = row.split(',');
                let (code, level, _parent, name) =
                    (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
                let (latitude, longitude) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
                let level = match level {
                    "province" => Level::Province,
                    "regency" => Level::Regency,
                    _ => Level::District,
                };
                let folded = fold(name);
                let bare = KINDS.iter().find_map(|kind| folded.strip_prefix(kind)).map(str::to_owned);
                let called = everyday.iter().filter(|(of, _)| *of == code).map(|(_, word)| fold(word));
                let called = bare.into_iter().chain(called).collect();
                Some(Area { code, level, name, latitude, longitude, folded, called })
            })
            .collect();
        let by_code = list.iter().enumerate().map(|(n, area)| (area.code, n)).collect();
        let mut areas = Self { list, by_code, by_name: HashMap::new() };
        let mut by_name = HashMap::with_capacity(3 * areas.list.len());
        for (n, area) in areas.list.iter().enumerate() {
            let label = fold(&areas.label(area.code));
            for name in [&area.folded, &label].into_iter().chain(&area.called) {
                let one = by_name.entry(name.clone()).or_insert(Some(n));
                *one = one.filter(|one| *one == n);
            }
        }
        areas.by_name = by_name;
        areas
    }

    /// The area of a code.
    pub fn get(&self, code: &str) -> Option<&Area> {
        self.by_code.get(code).map(|n| &self.list[*n])
    }

    /// All areas, in the order of their codes.
    pub fn all(&self) -> &[Area] {
        &self.list
    }

    /// The area that holds this one; `None` for a province.
    pub fn parent(&self, area: &Area) -> Option<&Area> {
        area.code.rsplit_once('.').and_then(|(parent, _)| self.get(parent))
    }

    /// The name with its parent: 668 names are shared. "Wenang, Kota Manado".
    pub fn label(&self, code: &str) -> String {
        match self.get(code) {
            None => code.to_owned(),
            Some(area) => match self.parent(area) {
                Some(parent) => format!("{}, {}", area.name, parent.name),
                None => area.name.to_owned(),
            },
        }
    }

    /// The area that a person typed: a code, or a name with or without its parent, if only one fits.
    ///
    /// # Errors
    /// The labels of the nearest matches, best first, at most five.
    pub fn typed(&self, text: &str, levels: &[Level]) -> Result<&Area, Vec<String>> {
        if let Some(area) = self.get(text.trim()).filter(|area| levels.contains(&area.level)) {
            return Ok(area);
        }
        let folded = fold(text);
        if let Some(Some(n)) = self.by_name.get(&folded)
            && levels.contains(&self.list[*n].level)
        {
            return Ok(&self.list[*n]);
        }
        let found = self.search(text, levels, 6);
        let exact = |area: &&Area| fold(&self.label(area.code)) == folded;
        if let Some(area) = found.iter().copied().find(exact) {
            return Ok(area);
        }
        // Sorted by level: of those that are called so the first is meant, unless another of its level is, too.
        let mut called = found.iter().copied().filter(|area| area.is_called(&folded));
        match (found.as_slice(), called.next(), called.next()) {
            ([only], ..) => Ok(only),
            (_, Some(one), None) => Ok(one),
            (_, Some(one), Some(other)) if one.outranks(other) => Ok(one),
            ([], ..) => {
                let near = self.near(&folded, levels);
                Err(near.into_iter().map(|area| self.label(area.code)).collect())
            }
            _ => Err(found.iter().take(5).map(|area| self.label(area.code)).collect()),
        }
    }

    /// Areas whose name, or name and parent, fit the words; best first.
    pub fn search(&self, text: &str, levels: &[Level], most: usize) -> Vec<&Area> {
        let words = fold(text);
        if words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u8, &Area)> = self
            .list
            .iter()
            .filter(|area| levels.contains(&area.level))
            .filter_map(|area| {
                let own = area.fit(&words);
                let rank = own.or_else(|| {
                    let parent = self.parent(area)?;
                    // Of thousands of areas few have all words: only those get their names joined.
                    let begins = |name: &str, word: &str| name.split(' ').any(|own| own.starts_with(word));
                    let there = |word: &str| begins(&area.folded, word) || begins(&parent.folded, word);
                    if !words.split(' ').all(there) {
                        return None;
                    }
                    fit(&words, &format!("{} {}", area.folded, parent.folded))
                        .map(|rank| rank.saturating_add(1))
                })?;
                Some((rank, area))
            })
            .collect();
        found.sort_by_key(|(rank, area)| (*rank, area.order()));
        found.truncate(most);
        found.into_iter().map(|(_, area)| area).collect()
    }

    /// The district whose middle is nearest to a position in degrees, if one is within 100 km.
    pub fn nearest(&self, latitude: f64, longitude: f64) -> Option<&Area> {
        const MOST_KM: f64 = 100.0;
        let districts = self.list.iter().filter(|area| area.level == Level::District);
        let nearest =
            districts.map(|area| (area.km_to(latitude, longitude), area)).min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.filter(|(km, _)| *km <= MOST_KM).map(|(_, area)| area)
    }

    /// Areas whose name is like words with typing errors, by itself or with the parent's, nearest first; at most five.
    fn near(&self, words: &str, levels: &[Level]) -> Vec<&Area> {
        let like = |area: &Area| {
            let names = std::iter::once(&area.folded).chain(&area.called);
            let own = names.filter_map(|name| near(words, name)).min();
            let parent = || near(words, &format!("{} {}", area.folded, self.parent(area)?.folded));
            // The joined name is looked at only where there is more than one word to place.
            own.or_else(|| if words.contains(' ') { parent() } else { None })
        };
        let areas = self.list.iter().filter(|area| levels.contains(&area.level));
        let found = areas.filter_map(|area| Some((like(area)?, area)));
        nearest(found, |a, b| a.order().cmp(&b.order()))
    }

    /// The time zone of an area: fixed by province.
    pub fn zone(code: &str) -> Tz {
        match code.get(..2) {
            Some("51" | "52" | "53" | "63" | "64" | "65" | "71" | "72" | "73" | "74" | "75" | "76") => {
                chrono_tz::Asia::Makassar
            }
            Some("81" | "82" | "91" | "92" | "93" | "94" | "95" | "96" | "97") => chrono_tz::Asia::Jayapura,
            _ => chrono_tz::Asia::Jakarta,
        }
    }
}

/// Whether an area is another or lies in it.
pub fn within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Level] = &[Level::Province, Level::Regency, Level::District];

    #[test]
    fn a_position_lies_in_the_district_whose_middle_is_nearest() {
        let near = |latitude, longitude| areas().nearest(latitude, longitude).map(|area| area.code);
        assert!(near(1.52, 124.88).is_some_and(|code| code.starts_with("71.71.")));
        assert!(near(-7.80, 110.37).is_some_and(|code| code.starts_with("34.")));
        assert_eq!([near(52.52, 13.40), near(f64::NAN, 0.0)], [None, None]);
    }

    #[test]
    fn the_whole_country_is_there() {
        let count = |level| areas().all().iter().filter(|area| area.level == level).count();
        assert_eq!((count(Level::Province), count(Level::Regency), count(Level::District)), (38, 514, 7285));
        assert!(
            areas().all().iter().all(|area| area.level == Level::Province || areas().parent(area).is_some())
        );
    }

    #[test]
    fn a_name_that_many_share_asks_for_its_parent() {
        let near = areas().typed("Sario", &[Level::District]);
        assert_eq!(near.map(|area| areas().label(area.code)), Ok("Sario, Kota Manado".to_owned()));
        let twice = |area: &&Area| areas().all().iter().filter(|other| other.name == area.name).count() > 1;
        let shared =
            areas().all().iter().find(|area| area.level == Level::District && twice(area)).expect("some do");
        let many = areas().typed(shared.name, &[Level::District]).expect_err("it is not clear");
        assert!(many.len() > 1, "{many:?}");
        assert_eq!(
            areas().typed(&many[0], &[Level::District]).map(|a| areas().label(a.code)),
            Ok(many[0].clone())
        );
    }

    #[test]
    fn a_place_is_known_by_what_people_call_it() {
        let meant = |text: &str| areas().typed(text, ALL).map(|area| area.name);
        for town in ["Bandung", "Bogor", "Semarang", "Malang", "Sorong", "Manado", "surakarta"] {
            let official = meant(town).expect(town);
            assert_eq!(fold(official).trim_start_matches("kota "), fold(town), "{official}");
        }
        for (called, official) in [
            ("Minahasa", "Kabupaten Minahasa"),
            ("Solo", "Kota Surakarta"),
            ("Jogja", "Kota Yogyakarta"),
            ("Sulut", "Sulawesi Utara"),
            ("Jakarta", "Daerah Khusus Ibukota Jakarta"),
            ("jakarta selatan", "Kota Administrasi Jakarta Selatan"),
            ("Jaksel", "Kota Administrasi Jakarta Selatan"),
            ("kabupaten bandung", "Kabupaten Bandung"),
        ] {
            assert_eq!(meant(called), Ok(official), "{called}");
        }
        let below = &[Level::Regency, Level::District];
        assert_eq!(areas().typed("manado", below).map(|area| area.name), Ok("Kota Manado"));
    }

    #[test]
    fn everyday_words_name_areas_that_are_there() {
        let words = data_file!("words/areas.csv");
        for (code, word) in words.lines().skip(1).filter_map(|row| row.split_once(',')) {
            assert_eq!(areas().typed(word, ALL).map(|area| area.code), Ok(code), "{word}");
        }
    }

    #[test]
    fn a_town_is_found_by_its_bare_name_and_rubbish_by_none() {
        assert_eq!(areas().search("manado", ALL, 1)[0].name, "Kota Manado");
        assert!(areas().search("xyzzy", ALL, 5).is_empty());
        assert!(areas().search("  ", ALL, 5).is_empty());
    }

    #[test]
    fn the_zone_of_every_district_is_that_of_the_nearest_place() {
        let places: Vec<(f64, f64, Tz)> = data_file!("places/cities_id.tsv")
            .lines()
            .skip(1)
            .filter_map(|row| {
                let f: Vec<&str> = row.split('\t').collect();
                Some((f[1].parse().ok()?, f[2].parse().ok()?, f.last()?.parse().ok()?))
            })
            .collect();
        assert!(places.len() > 400);
        let offset = |zone: Tz| match zone {
            chrono_tz::Asia::Pontianak => chrono_tz::Asia::Jakarta,
            other => other,
        };
        let differing = areas()
            .all()
            .iter()
            .filter(|area| area.level == Level::Province)
            .filter(|area| {
                let near = places.iter().min_by(|a, b| {
                    let far =
                        |p: &(f64, f64, Tz)| (p.0 - area.latitude).powi(2) + (p.1 - area.longitude).powi(2);
                    far(a).total_cmp(&far(b))
                });
                near.is_some_and(|(_, _, zone)| offset(*zone) != Areas::zone(area.code))
            })
            .map(|area| area.name)
            .collect::<Vec<_>>();
        assert!(differing.is_empty(), "{differing:?}");
    }

    #[test]
    fn an_area_holds_itself_and_what_lies_in_it() {
        assert!(within("71.71.05", "71.71") && within("71", "71"));
        assert!(!within("71.7", "71.71") && !within("71.711", "71.71"));
    }
}
