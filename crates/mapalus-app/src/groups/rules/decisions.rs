//! Pure decisions about the log of decisions: what a change decides, and what stands in one line.

use crate::groups::model::{Changed, Group, decisions::Kind};
use crate::shell::Day;
use mapalus_core::{DecisionId, Millis};

/// Which decisions stand in one line: each by itself, but of those that concern a person all of a kind and a day. Nobody
/// reads from the hour which of the members it was.
pub fn line(kind: Kind, id: DecisionId, now: Millis) -> String {
    if kind.is_personal() { format!("{kind} {}", Day::of(now).number()) } else { id.to_string() }
}

/// What a change of a group's page decides, beside its texts.
pub fn decided(group: &Group, changed: &Changed) -> Vec<(Kind, &'static str)> {
    let mut all = Vec::new();
    if group.rules != changed.rules {
        all.push((Kind::Rules, ""));
    }
    if group.sign_up != changed.sign_up {
        all.push((Kind::SignUp, changed.sign_up.word()));
    }
    if group.visibility != changed.visibility {
        all.push((Kind::Visibility, changed.visibility.word()));
    }
    if group.taking != changed.taking {
        all.push((Kind::Taking, yes(changed.taking)));
    }
    all
}

/// A word for what is so or is not.
pub const fn yes(so: bool) -> &'static str {
    if so { "yes" } else { "no" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, chance::Counted, time::DAY};

    #[test]
    fn those_who_are_suspended_on_one_day_stand_in_one_line() {
        let chance = Counted::default();
        let id = |at| DecisionId::new(Millis(at), &chance);
        let at = |kind, at: i64| line(kind, id(at), Millis(at));
        assert_eq!(at(Kind::Suspended, 1_000), at(Kind::Suspended, 90_000));
        assert_ne!(at(Kind::Suspended, 1_000), at(Kind::Excluded, 1_000));
        assert_ne!(at(Kind::Suspended, 1_000), at(Kind::Suspended, DAY + 1_000));
        assert_ne!(at(Kind::Rules, 1_000), at(Kind::Rules, 1_001));
    }
}
