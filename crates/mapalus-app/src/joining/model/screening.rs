//! Screening: criteria of the group's own, and what reviewers give for each.

use super::Details;
use mapalus_core::{Millis, PersonId, StepId};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A criterion by which applicants are screened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its name.
    pub name: String,
    /// What good looks like.
    #[serde(default)]
    pub good: String,
    /// How much it weighs, 1 to 3.
    #[serde(default = "one")]
    pub weight: i64,
}

const fn one() -> i64 {
    1
}

/// What one reviewer gives: a score for each criterion, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scores(Vec<i64>);

impl Scores {
    /// The scores, in the order of the criteria.
    pub fn iter(&self) -> impl Iterator<Item = i64> {
        self.0.iter().copied()
    }

    /// The score for a criterion.
    pub fn at(&self, criterion: usize) -> Option<i64> {
        self.0.get(criterion).copied()
    }
}

impl FromIterator<i64> for Scores {
    fn from_iter<T: IntoIterator<Item = i64>>(scores: T) -> Self {
        Self(scores.into_iter().collect())
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(i64::to_string).collect::<Vec<_>>().join(" "))
    }
}

impl FromStr for Scores {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_whitespace().map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

mapalus_db::text_columns!(Scores);

mapalus_db::record! {
    /// What a reviewer gave.
    #[derive(Debug, Clone)]
    pub struct Scored {
        /// The screening.
        pub step_id: StepId,
        /// Who gave it.
        pub person_id: PersonId,
        /// Their name.
        pub name: String,
        /// A score for each criterion.
        pub scores: Scores,
        /// Why, in words.
        pub note: String,
        /// When it was given first.
        pub given_at: Millis,
    }
}

mapalus_db::record! {
    /// Scores as a person's own data: given by them, or to them.
    #[derive(Debug, Clone)]
    pub struct OwnScores {
        /// The group's name.
        pub group_name: String,
        /// The criteria.
        pub details: Details,
        /// A score for each.
        pub scores: Scores,
        /// Why, in words.
        pub note: String,
        /// When they were given first.
        pub given_at: Millis,
    }
}

impl OwnScores {
    /// The scores by the name of their criterion.
    pub fn by_name(&self) -> std::collections::BTreeMap<&str, i64> {
        let names = self.details.criteria.iter().map(|criterion| criterion.name.as_str());
        names.zip(self.scores.iter()).collect()
    }
}

/// Scores as a reviewer sends them.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoresInput {
    /// The id of the screening; without it the first that can be scored.
    #[serde(default)]
    pub step: String,
    /// A score for each criterion in their order, 1 to 5.
    pub scores: Vec<i64>,
    /// Why, in words; other reviewers read it when they have given theirs.
    #[serde(default)]
    pub note: String,
}
