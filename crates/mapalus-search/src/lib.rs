//! Finding groups: words in two languages, facets, distance, and how well each fits who looks.
//!
//! [`Document`], [`Query`] and [`Hit`] are all that goes in and out. The crate knows no slice, no database and no
//! page; it gives reasons as data, never as text.
//!
//! # Words
//! A word matches as it was typed, by its Indonesian or its English stem, by what the caller says that it means
//! ([`Meaning`]), and, if the index hardly knows it, with typing errors: one from four letters on, two from eight, where
//! two exchanged neighbours are one error. The last word also matches as the beginning of a longer one, from three
//! letters on. A group has to have all the words; only if none within the other filters does, those with any of them are
//! given, and [`Found::loosened`] says so. Words that mean something together count together then, not one by one.
//!
//! # Order
//! Relevance of the words (BM25, brought between 0 and 3) and [`fit()`] are added; without words the fit stands alone.
//! Equal ones: more members first, then the younger, then by a digest of the id. Everything that matches is looked at, so nothing better
//! is lost on later pages, and as long as the index stays the same no hit is repeated or left out from page to page.

mod collect;
mod document;
mod fit;
mod index;
mod place;
mod plan;
mod query;
mod spots;
mod table;
mod ways;
mod words;

pub use document::{Change, Document};
pub use fit::{
    Facts, NEAR, NEAR_HALF_KM, OPEN, Profile, Reason, SAME_CAUSE, SAME_DISTRICT, SAME_MAJOR, SAME_MINOR,
    SAME_PROVINCE, SAME_REGENCY, SAME_SUB_MAJOR, SAME_UNIT, fit,
};
pub use index::{Error, Index, Opened, Settings};
pub use query::{Count, Facets, Fit, Found, Hit, MOST_HITS, MOST_SKIPPED, Meaning, Near, Query};
pub use words::{MOST_CHARS, MOST_TERMS, terms};
