//! How well a group fits a person: one sum, small enough to be explained on a page.
//!
//! Each line gives its weight once, or nothing:
//!
//! | what both have in common | weight |
//! | --- | --- |
//! | the occupation: its unit group, else its minor group, else its sub-major group, else its major group | 1.0, 0.7, 0.4, 0.1 |
//! | a cause | 0.6 |
//! | the place: the district, else the regency, else the province | 0.7, 0.5, 0.2 |
//! | distance: 0.6 on the spot, half of it at 10 km, a quarter at 30 km | 0.6 × 10 / (10 + km) |
//! | the group takes members now | 0.3 |
//!
//! Of several occupations, causes and places the nearest pair counts.

use crate::document::{area_line, occupation_line};

/// The same unit group of ISCO-08 (four digits).
pub const SAME_UNIT: f64 = 1.0;
/// The same minor group (three digits).
pub const SAME_MINOR: f64 = 0.7;
/// The same sub-major group (two digits).
pub const SAME_SUB_MAJOR: f64 = 0.4;
/// The same major group (one digit).
pub const SAME_MAJOR: f64 = 0.1;
/// A cause that is among the interests.
pub const SAME_CAUSE: f64 = 0.6;
/// The same district.
pub const SAME_DISTRICT: f64 = 0.7;
/// The same regency or town.
pub const SAME_REGENCY: f64 = 0.5;
/// The same province.
pub const SAME_PROVINCE: f64 = 0.2;
/// On the spot.
pub const NEAR: f64 = 0.6;
/// The distance at which half of [`NEAR`] is left, in kilometres.
pub const NEAR_HALF_KM: f64 = 10.0;
/// The group takes members now.
pub const OPEN: f64 = 0.3;

/// What counts of the person who looks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Profile {
    /// Codes of ISCO-08.
    pub occupations: Vec<String>,
    /// Dotted codes of the own areas.
    pub areas: Vec<String>,
    /// Keys of the causes of interest.
    pub causes: Vec<String>,
}

/// What counts of a group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Codes of ISCO-08; their ancestors may be among them.
    pub occupations: Vec<String>,
    /// Dotted codes of areas; their ancestors may be among them.
    pub areas: Vec<String>,
    /// Keys of causes.
    pub causes: Vec<String>,
    /// How far away it is, in kilometres, if both places are known.
    pub distance_km: Option<f64>,
    /// Whether it takes members now.
    pub taking: bool,
}

/// Why a group fits. Codes are those that both have in common.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// A word that was looked for stands in the name.
    NameMatches,
    /// The words meant this occupation, or one below it.
    OccupationMeant(String),
    /// The words meant this cause.
    CauseMeant(String),
    /// The same unit group of occupations.
    SameUnit(String),
    /// The same minor group of occupations.
    SameMinor(String),
    /// The same sub-major group of occupations.
    SameSubMajor(String),
    /// The same major group of occupations.
    SameMajor(String),
    /// A cause of interest.
    SameCause(String),
    /// The same district.
    SameDistrict(String),
    /// The same regency or town.
    SameRegency(String),
    /// The same province.
    SameProvince(String),
    /// So many kilometres away.
    Near(f64),
    /// It takes members now.
    Open,
}

impl Reason {
    /// What it adds to the fit; 0 for those that come from the words.
    #[must_use]
    pub fn weight(&self) -> f64 {
        match self {
            Self::NameMatches | Self::OccupationMeant(_) | Self::CauseMeant(_) => 0.0,
            Self::SameUnit(_) => SAME_UNIT,
            Self::SameMinor(_) => SAME_MINOR,
            Self::SameSubMajor(_) => SAME_SUB_MAJOR,
            Self::SameMajor(_) => SAME_MAJOR,
            Self::SameCause(_) => SAME_CAUSE,
            Self::SameDistrict(_) => SAME_DISTRICT,
            Self::SameRegency(_) => SAME_REGENCY,
            Self::SameProvince(_) => SAME_PROVINCE,
            Self::Near(km) => near(*km),
            Self::Open => OPEN,
        }
    }
}

/// What a distance adds.
pub(crate) fn near(km: f64) -> f64 {
    NEAR * NEAR_HALF_KM / (NEAR_HALF_KM + km.max(0.0))
}

/// How well the group fits the person, and why, in the order of the table above.
///
/// The sum is that of the weights of the reasons.
#[must_use]
pub fn fit(profile: &Profile, facts: &Facts) -> (f64, Vec<Reason>) {
    let mut reasons = Vec::new();
    let occupation = deepest(&profile.occupations, &facts.occupations, occupation_line);
    reasons.extend(occupation.map(|code| {
        let same = match code.len() {
            4.. => Reason::SameUnit,
            3 => Reason::SameMinor,
            2 => Reason::SameSubMajor,
            _ => Reason::SameMajor,
        };
        same(code.to_owned())
    }));
    let cause = profile.causes.iter().find(|cause| facts.causes.contains(cause));
    reasons.extend(cause.map(|cause| Reason::SameCause(cause.clone())));
    let area = deepest(&profile.areas, &facts.areas, area_line);
    reasons.extend(area.map(|code| {
        let same = match code.matches('.').count() {
            0 => Reason::SameProvince,
            1 => Reason::SameRegency,
            _ => Reason::SameDistrict,
        };
        same(code.to_owned())
    }));
    reasons.extend(facts.distance_km.map(Reason::Near));
    reasons.extend(facts.taking.then_some(Reason::Open));
    (reasons.iter().map(Reason::weight).sum(), reasons)
}

/// The deepest that stands in a line of both; of several the first of the person's.
fn deepest<'a, I: Iterator<Item = &'a str>>(
    own: &'a [String],
    its: &'a [String],
    line: impl Fn(&'a str) -> I,
) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for (depth, mine) in own.iter().flat_map(|code| line(code).enumerate()) {
        let deeper = best.is_none_or(|(deepest, _)| depth > deepest);
        if deeper && its.iter().flat_map(|code| line(code)).any(|code| code == mine) {
            best = Some((depth, mine));
        }
    }
    best.map(|(_, code)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    fn nurse() -> Profile {
        Profile {
            occupations: texts(&["2221"]),
            areas: texts(&["71.71.03"]),
            causes: texts(&["flood", "waste"]),
        }
    }

    #[test]
    fn the_nearer_occupation_fits_better() {
        let mut last = f64::INFINITY;
        for (codes, reason) in [
            (["5311", "2221"].as_slice(), Reason::SameUnit("2221".to_owned())),
            (&["2222"], Reason::SameMinor("222".to_owned())),
            (&["2212"], Reason::SameSubMajor("22".to_owned())),
            (&["2611"], Reason::SameMajor("2".to_owned())),
        ] {
            let (sum, reasons) = fit(&nurse(), &Facts { occupations: texts(codes), ..Facts::default() });
            assert_eq!(reasons, [reason]);
            assert!(sum < last);
            last = sum;
        }
        assert_eq!(fit(&nurse(), &Facts { occupations: texts(&["5311"]), ..Facts::default() }).0, 0.0);
    }

    #[test]
    fn the_nearer_place_fits_better() {
        let of = |codes: &[&str], km| {
            fit(&nurse(), &Facts { areas: texts(codes), distance_km: km, ..Facts::default() })
        };
        assert_eq!(of(&["71.71.03"], None).1, [Reason::SameDistrict("71.71.03".to_owned())]);
        assert_eq!(of(&["71", "71.71", "71.71.04"], None).1, [Reason::SameRegency("71.71".to_owned())]);
        assert_eq!(of(&["71.72.01"], None).1, [Reason::SameProvince("71".to_owned())]);
        assert_eq!(of(&["7.71.03"], None).1, []);
        assert!(of(&[], Some(1.0)).0 > of(&[], Some(2.0)).0);
        assert_eq!(of(&[], Some(10.0)).0, NEAR / 2.0);
    }

    #[test]
    fn the_sum_is_that_of_the_reasons() {
        let facts = Facts {
            occupations: texts(&["2221"]),
            areas: texts(&["71.71"]),
            causes: texts(&["waste"]),
            distance_km: Some(0.0),
            taking: true,
        };
        let (sum, reasons) = fit(&nurse(), &facts);
        assert_eq!(reasons.len(), 5);
        assert!((sum - (SAME_UNIT + SAME_REGENCY + SAME_CAUSE + NEAR + OPEN)).abs() < 1e-9);
    }
}
