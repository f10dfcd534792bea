//! A role whose qualification is over rests: it gives its permissions no longer. One that the group has never seen takes
//! nothing away, and those who alone run the group go on.

use crate::{
    groups::model::rest::{Holding, Lack},
    qualifications::model::Glance,
    shell::Day,
};
use mapalus_core::{Permissions, PersonId};

/// How many days ahead an end is told to those who run the group.
pub const AHEAD_DAYS: i64 = 45;

/// How it stands with a kind that is asked of a person; nothing to say of one that holds for long.
pub fn lack(kind: &str, person: PersonId, seen: &[Glance], today: Day) -> Option<Lack> {
    let of_it = || seen.iter().filter(|glance| glance.person_id == person && glance.kind == kind);
    let now = of_it()
        .find(|glance| glance.ended_at.is_none() && glance.valid_until.is_none_or(|until| until >= today));
    match now {
        Some(glance) if glance.valid_until.is_some_and(|until| until < today.plus_days(AHEAD_DAYS)) => {
            Some(Lack::Ends)
        }
        Some(_) => None,
        None if of_it().next().is_some() => Some(Lack::Over),
        None => Some(Lack::Missing),
    }
}

/// Whether something that a role asks of its holder is over.
fn is_over(holding: &Holding, seen: &[Glance], today: Day) -> bool {
    let mut wanted = holding.qualifications.split_whitespace();
    wanted.any(|kind| lack(kind, holding.person_id, seen, today) == Some(Lack::Over))
}

/// Of each holding whether it rests, and whether it would if somebody else ran the group.
pub fn rests(holdings: &[Holding], seen: &[Glance], today: Day) -> Vec<(bool, bool)> {
    let runs = |holding: &Holding| holding.permissions == Permissions::all();
    let over: Vec<bool> = holdings.iter().map(|holding| is_over(holding, seen, today)).collect();
    let alone = holdings.iter().zip(&over).filter(|(holding, _)| runs(holding)).all(|(_, over)| *over);
    let each = holdings.iter().zip(over);
    each.map(|(holding, over)| {
        let goes_on = over && alone && runs(holding);
        (over && !goes_on, goes_on)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, Millis, Permission, RoleId, chance::Counted};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn people() -> [PersonId; 2] {
        let chance = Counted::default();
        [PersonId::new(Millis(0), &chance), PersonId::new(Millis(0), &chance)]
    }

    fn glance(person_id: PersonId, until: Option<&str>, ended: bool) -> Glance {
        let valid_until = until.map(day);
        Glance { person_id, kind: "bls".into(), valid_until, ended_at: ended.then_some(Millis(0)) }
    }

    fn holding(person_id: PersonId, permissions: Permissions) -> Holding {
        Holding {
            role_id: RoleId::new(Millis(0), &Counted::default()),
            person_id,
            qualifications: "bls".into(),
            permissions,
            rests_since: None,
        }
    }

    #[test]
    fn what_is_over_is_told_from_what_was_never_seen() {
        let [own, other] = people();
        let at = |seen: &[Glance]| lack("bls", own, seen, day("2026-11-30"));
        assert_eq!(at(&[]), Some(Lack::Missing));
        assert_eq!(at(&[glance(other, None, false)]), Some(Lack::Missing));
        assert_eq!(at(&[glance(own, None, false)]), None);
        assert_eq!(at(&[glance(own, Some("2026-11-29"), false)]), Some(Lack::Over));
        assert_eq!(at(&[glance(own, Some("2026-11-30"), false)]), Some(Lack::Ends));
        assert_eq!(at(&[glance(own, None, true)]), Some(Lack::Over), "taken back, or removed by its holder");
        assert_eq!(
            at(&[glance(own, Some("2026-11-29"), true), glance(own, Some("2027-11-29"), false)]),
            None
        );
    }

    #[test]
    fn a_role_rests_when_its_qualification_is_over_and_not_when_it_was_never_seen() {
        let [own, other] = people();
        let some: Permissions = [Permission::Members].into_iter().collect();
        let holdings = [holding(own, some), holding(other, some)];
        let seen = [glance(own, Some("2026-11-29"), false)];
        assert_eq!(rests(&holdings, &seen, day("2026-11-30")), [(true, false), (false, false)]);
        assert_eq!(rests(&holdings, &seen, day("2026-11-29")), [(false, false), (false, false)]);
    }

    #[test]
    fn a_group_is_never_left_without_anybody_who_runs_it() {
        let [own, other] = people();
        let seen = [glance(own, Some("2026-11-29"), false), glance(other, Some("2026-11-29"), false)];
        let today = day("2026-11-30");
        let alone = [holding(own, Permissions::all())];
        assert_eq!(rests(&alone, &seen, today), [(false, true)]);
        let both = [holding(own, Permissions::all()), holding(other, Permissions::all())];
        assert_eq!(rests(&both, &seen, today), [(false, true), (false, true)]);
        assert_eq!(rests(&both, &seen[..1], today), [(true, false), (false, false)], "another runs it");
        let some: Permissions = [Permission::Members].into_iter().collect();
        let lesser = [holding(own, Permissions::all()), holding(other, some)];
        assert_eq!(rests(&lesser, &seen, today), [(false, true), (true, false)]);
    }
}
