//! A whole shift lies in a time that the person offered; what is fixed stands all the same.

use super::{Allow, Words};
use crate::{
    checker::Rule,
    model::{Person, Window},
};

pub(crate) const WORDS: Words = Words { key: "free", rule: Rule::Free, looks: 3 };
pub(crate) const ALLOW: Allow = Allow { key: "free", hardness: 3 };

/// Whether one of the person's windows covers all of `from..to`. Cost: a search in them.
#[inline]
pub(crate) fn fits(person: &Person, from: i64, to: i64) -> bool {
    is_in(&person.free, from, to)
}

/// Whether one of some windows covers all of `from..to`.
#[inline]
pub(crate) fn is_in(windows: &[Window], from: i64, to: i64) -> bool {
    let at = windows.partition_point(|window| window.to < to);
    windows.get(at).is_some_and(|window| window.covers(from, to))
}

/// Lets a person come at a time that they did not offer.
pub(crate) fn allow(person: &mut Person, more: Window) {
    let mut all = std::mem::take(&mut person.free);
    all.push(more);
    all.sort_unstable();
    for window in all {
        match person.free.last_mut() {
            Some(last) if last.to >= window.from => last.to = last.to.max(window.to),
            _ => person.free.push(window),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_more_joins_those_it_touches() {
        let window = |from, to| Window { from, to };
        let free = vec![window(0, 60), window(120, 180)];
        let mut person = Person { free, ..Person::default() };
        assert!(fits(&person, 0, 60) && !fits(&person, 30, 90) && !fits(&person, 60, 120));
        allow(&mut person, window(60, 90));
        assert_eq!(person.free, [window(0, 90), window(120, 180)]);
        allow(&mut person, window(80, 130));
        assert_eq!(person.free, [window(0, 180)]);
        assert!(fits(&person, 30, 170));
    }
}
