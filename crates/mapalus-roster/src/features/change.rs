//! A previous assignment that is given up costs; one that must stand is given up by nobody.

use super::Allow;
use crate::model::Assignment;

/// To leave another seat, which loses the person.
pub(crate) const ALLOW: Allow = Allow { key: "give_up", hardness: 4 };

/// What an assignment gives back that stood before: `previous` in order, where one that stands there twice counts twice.
pub(crate) fn more(cost: i64, previous: &[Assignment], a: Assignment) -> i64 {
    let before = previous.partition_point(|other| *other < a);
    let stood = previous[before..].iter().take_while(|other| **other == a).count() as i64;
    -stood * cost
}
