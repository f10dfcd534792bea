//! The rules, one file each: what it asks, what it costs, what a single change does to it, and its words.
//!
//! A file answers, as far as it arises for its rule:
//! - `WORDS` and `ALLOW`: the keys that an app looks its texts up by, and how much it asks to be let off;
//! - `broken`: what of a person's shifts breaks it, and by how far ([`Own`]): for explanations;
//! - `fits`: whether one shift more keeps it, from what stands around ([`Around`]): for each step of a walk;
//! - `lacks`: how far a rule of "at least" is from being kept: what a walk pays for it;
//! - `keeps`: whether a row of days keeps it where some were changed: for each step on a grid;
//! - `cost` and `more`: what it costs, and what one person more in a seat adds;
//! - `relaxed` and `allow`: what would have to be allowed, and the limits once it is.
//!
//! The judge ([`crate::checker`]) has the rules once more, from their text, and uses nothing of this.

pub(crate) mod apart;
pub(crate) mod availability;
pub(crate) mod change;
pub(crate) mod days_in_row;
pub(crate) mod days_off_in_row;
pub(crate) mod guard;
pub(crate) mod head_count;
pub(crate) mod kind_count;
pub(crate) mod load;
pub(crate) mod minutes;
pub(crate) mod minutes_per_day;
pub(crate) mod minutes_per_week;
pub(crate) mod newcomer;
pub(crate) mod once;
mod own;
pub(crate) mod qualification;
mod reason;
mod relaxation;
pub(crate) mod spacing;
pub(crate) mod succession;
pub(crate) mod together;
pub(crate) mod weekends;
pub(crate) mod wishes;

pub(crate) use own::{Around, Own, runs};
pub use reason::Reason;
pub(crate) use reason::worse;
pub use relaxation::Relaxation;

use crate::checker::Rule;

/// What a reason is called.
pub(crate) struct Words {
    /// A stable key for an app's texts.
    pub(crate) key: &'static str,
    /// The rule of the checker that would be broken.
    pub(crate) rule: Rule,
    /// How hard it looks to be let off it, before anybody has looked closer; see [`Relaxation::hardness`].
    pub(crate) looks: u32,
}

/// What it is called to be let off a rule.
pub(crate) struct Allow {
    /// A stable key for an app's texts.
    pub(crate) key: &'static str,
    /// How much it asks, from 0.
    pub(crate) hardness: u32,
}

/// Every rule about the shifts of one person that these break. Cost: some tens of nanoseconds a shift.
pub(crate) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    spacing::broken(own, out);
    minutes::broken(own, out);
    minutes_per_day::broken(own, out);
    minutes_per_week::broken(own, out);
    kind_count::broken(own, out);
    succession::broken(own, out);
    days_in_row::broken(own, out);
    days_off_in_row::broken(own, out);
    weekends::broken(own, out);
}
