//! The kinds of qualification that every group knows: a data file, part of the program.

use crate::shell::{
    Lang,
    reference::{Both, data_file},
};
use serde::Deserialize;
use std::sync::OnceLock;

#[derive(Debug, Deserialize)]
struct Kinds {
    kinds: Vec<Kind>,
}

/// A kind of qualification of the instance.
#[derive(Debug, Deserialize)]
pub struct Kind {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Both,
    /// Who issues it.
    pub issuer: Both,
    /// Months from the date of issue during which it holds; 0 for life.
    pub validity_months: i64,
    /// What renews it.
    pub renewed_by: Both,
    /// Whether it says something of a person's past, for those alone who check.
    #[serde(default)]
    pub clearance: bool,
}

/// The kinds of the instance, in their order.
pub fn all() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    KINDS.get_or_init(|| {
        let kinds: Result<Kinds, _> = toml::from_str(data_file!("qualifications.toml"));
        kinds.unwrap_or_else(|error| panic!("qualifications.toml does not fit: {error}")).kinds
    })
}

/// A kind of the instance by its key.
pub fn get(key: &str) -> Option<&'static Kind> {
    all().iter().find(|kind| kind.key == key)
}

/// The name of a kind of the instance.
pub fn name(key: &str, lang: Lang) -> Option<&'static str> {
    get(key).map(|kind| kind.name.get(lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clearance_is_known_as_one_and_a_licence_is_none() {
        assert!(get("police-clearance").is_some_and(|kind| kind.clearance));
        assert!(get("str").is_some_and(|kind| !kind.clearance && kind.validity_months == 0));
        assert_eq!(name("magic", Lang::Id), None);
    }
}
