//! Problems with all rules of the model.

use super::Dice;
use mapalus_roster::model::{
    Assignment, Before, Costs, Guard, Kind, Limits, Parts, Person, Place, Problem, Role, Seat, Shift, Tier,
    Window, Wish, WishFor,
};

/// A problem with every rule of the model, those included that no file format knows.
pub(crate) fn any_problem(dice: &mut Dice) -> Problem {
    let days = dice.number(2, 12);
    let id = |i: i64| i.to_string();
    let kinds = (0..3).map(|i| Kind { id: id(i), never_next: dice.some(&[0, 1, 2], 15) }).collect();
    let roles: Vec<Role> = (0..2).map(|i| Role { id: id(i), needs: dice.some(&[0, 1], 30) }).collect();
    let shifts: Vec<Shift> = (0..dice.number(4, 10)).map(|i| any_shift(dice, id(i), days)).collect();
    let people: Vec<Person> =
        (0..dice.number(2, 5)).map(|i| any_person(dice, id(i), days, shifts.len())).collect();
    let pairs = |dice: &mut Dice| -> Vec<(u32, u32)> {
        (1..people.len() as u32).filter(|_| dice.percent(25)).map(|i| (i - 1, i)).collect()
    };
    let seat = |dice: &mut Dice| {
        let shift = dice.index(shifts.len());
        let role = dice.pick(&shifts[shift as usize].seats).role;
        Assignment { person: dice.index(people.len()), shift, role }
    };
    let parts = Parts {
        name: "any".into(),
        horizon: days * 1440,
        first_weekday: dice.number(0, 6),
        qualifications: vec!["a".into(), "b".into()],
        kinds,
        places: vec![Place { id: "x".into() }, Place { id: "y".into() }],
        travel: vec![0, dice.number(0, 4) * 30, dice.number(0, 4) * 30, 0],
        apart: pairs(dice),
        together: pairs(dice),
        fixed: (0..dice.number(0, 1)).map(|_| seat(dice)).collect(),
        previous: (0..dice.number(0, 3)).map(|_| seat(dice)).collect(),
        unavoidable: 0,
        costs: Costs {
            newcomer_alone: 70,
            overload: vec![Tier { hours: Some(2), rate: 3 }, Tier { hours: None, rate: 9 }],
            underload: 4,
            together: 15,
            change: 25,
        },
        roles,
        shifts,
        people,
    };
    Problem::new(parts).unwrap_or_else(|defect| panic!("{defect}"))
}

fn any_shift(dice: &mut Dice, id: String, days: i64) -> Shift {
    let start = dice.number(0, days * 24 - 1) * 60;
    let end = start + dice.number(2, 9) * 60;
    let seats = (0..dice.number(1, 2) as u32)
        .map(|role| {
            let (min, want) = (dice.number(0, 1) as u32, dice.number(1, 2) as u32);
            Seat {
                role,
                min,
                want,
                max: want + dice.index(2),
                below_min: 1000,
                below_want: dice.pick(&[0, 10, 100]),
                above_want: dice.pick(&[0, 1]),
            }
        })
        .collect();
    let guard =
        dice.percent(20).then(|| Guard { needs: dice.some(&[0, 1], 50), least: dice.number(1, 2) as u32 });
    let (kind, place) = (dice.percent(80).then(|| dice.index(3)), dice.index(2));
    Shift { id, kind, start, end, minutes: end - start, place, seats, guard }
}

fn any_person(dice: &mut Dice, id: String, days: i64, shifts: usize) -> Person {
    let mut limit = |chance: i64, from: i64, to: i64| dice.percent(chance).then(|| dice.number(from, to));
    let limits = Limits {
        max_minutes: limit(50, 5, 25).map(|h| h * 60),
        min_minutes: limit(15, 2, 8).map(|h| h * 60),
        max_minutes_per_day: limit(40, 4, 12).map(|h| h * 60),
        max_minutes_per_week: limit(40, 6, 20).map(|h| h * 60),
        max_days_in_row: limit(50, 1, 3),
        min_days_in_row: limit(20, 1, 3),
        min_days_off_in_row: limit(20, 1, 3),
        max_weekends: limit(30, 0, 1),
        min_rest: limit(70, 0, 11).unwrap_or(0) * 60,
        max_of_kind: limit(30, 0, 2).map(|n| (1, n)).into_iter().collect(),
    };
    let about = |dice: &mut Dice| match dice.number(0, 2) {
        0 => WishFor::Shift(dice.index(shifts)),
        1 => WishFor::Role(dice.index(2)),
        _ => WishFor::Place(dice.index(2)),
    };
    let middle = dice.number(0, days * 24) * 60;
    let free = match dice.percent(60) {
        true => vec![Window { from: -100, to: days * 3000 }],
        false => vec![Window { from: -100, to: middle }, Window { from: middle + 60, to: days * 3000 }],
    };
    Person {
        id,
        has: dice.some(&[0, 1], 70),
        newcomer: dice.percent(40),
        free,
        limits,
        fair_minutes: dice.percent(70).then(|| dice.number(0, 10) * 50),
        wanted_minutes: dice.pick(&[0, 0, 130, 400]),
        wishes: (0..dice.number(0, 3))
            .map(|_| Wish { cost: dice.number(-9, 9), about: about(dice) })
            .collect(),
        before: dice.percent(30).then(|| Before {
            end: dice.number(-10, 4) * 60,
            place: dice.index(2),
            days: dice.number(0, 3),
        }),
    }
}
