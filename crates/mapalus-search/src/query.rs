//! What is asked, and what is answered.

use std::ops::Range;

use crate::fit::{Profile, Reason};

/// Hits of one answer at most.
pub const MOST_HITS: usize = 50;
/// Hits that may be skipped at most.
pub const MOST_SKIPPED: usize = 5_000;
/// Meanings of words that are looked at.
pub(crate) const MOST_MEANINGS: usize = 12;
/// Codes, keys or words of one meaning that are looked at.
pub(crate) const MOST_OF_A_MEANING: usize = 24;

/// What is looked for. Everything that is left out restricts nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// Words as typed. What is longer than the bounds of [`terms`](crate::terms) is not read.
    pub words: Option<String>,
    /// What some of the words mean besides themselves.
    pub meanings: Vec<Meaning>,
    /// Only groups of this kind.
    pub kind: Option<String>,
    /// Only groups of this occupation, of one below it, or for all of something above it.
    pub occupation: Option<String>,
    /// Only groups of this cause.
    pub cause: Option<String>,
    /// Only groups that serve this area or one in it.
    pub area: Option<String>,
    /// From where one looks.
    pub near: Option<Near>,
    /// Only groups that take members now.
    pub open_now: bool,
    /// Who looks, for the order and the reasons.
    pub profile: Option<Profile>,
    /// How many hits to skip, at most [`MOST_SKIPPED`].
    pub offset: usize,
    /// How many hits to give, at most [`MOST_HITS`].
    pub limit: usize,
}

/// What some words mean: a group that has one of these counts as if it had the words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meaning {
    /// Which of the [`terms`](crate::terms) of the words: `0..2` for the first two together ("dokter anak").
    pub terms: Range<usize>,
    /// Codes of occupations; those below them count too, and groups that are for all of something above them.
    pub occupations: Vec<String>,
    /// Keys of causes.
    pub causes: Vec<String>,
    /// Other words, one term each.
    pub words: Vec<String>,
}

/// A place from which one looks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Near {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Only groups with a point so near, in kilometres.
    pub radius_km: Option<f64>,
    /// Dotted codes of the areas of this place; they stand in for those of the profile.
    pub areas: Vec<String>,
}

/// The answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The best from `offset` on.
    pub hits: Vec<Hit>,
    /// How many groups there are in all.
    pub total: u64,
    /// How many of them have what.
    pub facets: Facets,
    /// No group had all the words, so these have at least one of them.
    pub loosened: bool,
}

/// A group that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Identifier, as it was put.
    pub id: String,
    /// What it was ordered by: relevance of the words (0 to 3) and fit.
    pub score: f64,
    /// Why it fits.
    pub fit: Fit,
}

/// Why a group fits, as data: the words are the caller's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fit {
    /// The sum, as [`fit()`](crate::fit()) says it.
    pub sum: f64,
    /// What comes from the words first, then the lines of the sum.
    pub reasons: Vec<Reason>,
    /// The group is for everybody of this occupation, and the person's own lies below it.
    pub whole: Option<String>,
    /// Distance in kilometres, if both places are known.
    pub distance_km: Option<f64>,
}

/// How many of the groups have what. Each list: most first, then by key.
///
/// The kinds are counted as if `kind` were not given, the open ones as if `open_now` were not, so that one sees what the
/// other choice would give. All else counts the groups of the answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facets {
    /// Groups of each kind.
    pub kinds: Vec<Count>,
    /// Groups of each cause.
    pub causes: Vec<Count>,
    /// Groups of each major and sub-major group of occupations (codes of one and two digits), and of those one level
    /// below the occupation that was asked for, each with the groups that are for all of something above it: as many as
    /// are found by it. A group with several occupations counts once in each.
    pub occupations: Vec<Count>,
    /// Groups of each province.
    pub provinces: Vec<Count>,
    /// Groups that take members now.
    pub open: u64,
    /// Groups that do not.
    pub closed: u64,
}

/// How many groups have something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Kind, key of the cause, or code.
    pub key: String,
    /// Groups.
    pub groups: u64,
}
