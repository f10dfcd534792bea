//! Small problems of chance, and the best roster of one by trying all.

use mapalus_roster::{
    checker::check,
    model::{
        Assignment, Costs, DAY, Guard, Kind, Limits, Parts, Person, Place, Problem, Role, Roster, Seat,
        Shift, Tier, Window, Wish, WishFor,
    },
    search::Chance,
};

fn number(chance: &mut Chance, from: i64, to: i64) -> i64 {
    from + chance.below((to - from + 1) as usize) as i64
}

fn maybe(chance: &mut Chance, one_in: usize, value: impl FnOnce(&mut Chance) -> i64) -> Option<i64> {
    (chance.below(one_in) == 0).then(|| value(chance))
}

fn role(id: usize, needs: Vec<u32>) -> Role {
    Role { id: format!("role-{id}"), needs }
}

fn problem(parts: Parts) -> Problem {
    Problem::new(parts).unwrap_or_else(|defect| panic!("{defect}"))
}

/// People and days who meet only in head counts. Nobody must work, so that everybody has days that keep the rules.
pub(crate) fn grid(chance: &mut Chance, people: usize, days: i64, kinds: usize) -> Problem {
    let never = chance.below(2) == 0;
    let list: Vec<Kind> = (0..kinds as u32)
        .map(|k| Kind {
            id: format!("kind-{k}"),
            never_next: if never { (0..k).collect() } else { Vec::new() },
        })
        .collect();
    let lengths: Vec<i64> = (0..kinds).map(|_| [360, 480, 480, 600][chance.below(4)]).collect();
    let mut shifts = Vec::new();
    for day in 0..days {
        for (kind, &minutes) in (0..).zip(&lengths) {
            let want = chance.below(people.min(3)) as u32;
            let seat = Seat {
                role: 0,
                min: 0,
                want,
                max: people as u32,
                below_min: 0,
                below_want: 100,
                above_want: 1,
            };
            shifts.push(Shift {
                id: format!("{day}-{kind}"),
                kind: Some(kind),
                start: day * DAY,
                end: day * DAY + minutes,
                minutes,
                place: 0,
                seats: vec![seat],
                guard: None,
            });
        }
    }
    let people = (0..people)
        .map(|p| Person {
            id: format!("person-{p}"),
            free: vec![Window { from: 0, to: days * DAY }],
            limits: Limits {
                max_minutes: maybe(chance, 2, |c| number(c, 600, days * 400)),
                max_days_in_row: maybe(chance, 2, |c| number(c, 1, 5)),
                min_days_off_in_row: maybe(chance, 2, |c| number(c, 1, 3)),
                max_weekends: maybe(chance, 2, |c| number(c, 0, 2)),
                max_of_kind: if chance.below(3) == 0 { vec![(0, number(chance, 0, 3))] } else { Vec::new() },
                ..Limits::default()
            },
            wishes: (0..4)
                .map(|_| Wish {
                    cost: number(chance, -3, 3),
                    about: WishFor::Shift(chance.below(shifts.len()) as u32),
                })
                .collect(),
            ..Person::default()
        })
        .collect();
    problem(Parts {
        name: "grid".into(),
        horizon: days * DAY,
        first_weekday: number(chance, 0, 6),
        kinds: list,
        roles: vec![role(0, Vec::new())],
        places: vec![Place { id: "place".into() }],
        travel: vec![0],
        shifts,
        people,
        ..Parts::default()
    })
}

/// Shifts of several lengths at two places, with a guard, newcomers, pairs and loads.
pub(crate) fn crew(chance: &mut Chance, people: usize, shifts: usize) -> Problem {
    let days = 3;
    let shifts: Vec<Shift> = (0..shifts)
        .map(|s| {
            let start = number(chance, 0, days - 1) * DAY + 60 * number(chance, 5, 18);
            let minutes = 120 * number(chance, 1, 3);
            let seat = |role: u32, chance: &mut Chance| {
                let min = chance.below(2) as u32;
                let want = min + chance.below(2) as u32;
                Seat { role, min, want, max: want + 1, below_min: 1000, below_want: 100, above_want: 0 }
            };
            let mut seats = vec![seat(0, chance)];
            if chance.below(3) == 0 {
                seats.push(seat(1, chance));
            }
            Shift {
                id: format!("shift-{s}"),
                kind: None,
                start,
                end: start + minutes,
                minutes,
                place: chance.below(2) as u32,
                seats,
                guard: (chance.below(4) == 0).then(|| Guard { needs: vec![0], least: 2 }),
            }
        })
        .collect();
    let list: Vec<Person> = (0..people)
        .map(|p| Person {
            id: format!("person-{p}"),
            has: if chance.below(2) == 0 { vec![0] } else { Vec::new() },
            newcomer: chance.below(3) == 0,
            free: vec![Window { from: 0, to: number(chance, 1, days + 1) * DAY }],
            limits: Limits {
                max_minutes: Some(number(chance, 3, 12) * 60),
                max_minutes_per_day: maybe(chance, 2, |c| number(c, 4, 10) * 60),
                max_days_in_row: maybe(chance, 2, |c| number(c, 1, 2)),
                min_rest: number(chance, 0, 10) * 60,
                ..Limits::default()
            },
            fair_minutes: Some(number(chance, 2, 8) * 60),
            wanted_minutes: number(chance, 0, 2) * 120,
            wishes: vec![Wish {
                cost: number(chance, -8, 8),
                about: WishFor::Shift(chance.below(shifts.len()) as u32),
            }],
            ..Person::default()
        })
        .collect();
    problem(Parts {
        name: "crew".into(),
        horizon: days * DAY,
        qualifications: vec!["cleared".into()],
        roles: vec![role(0, Vec::new()), role(1, vec![0])],
        places: vec![Place { id: "a".into() }, Place { id: "b".into() }],
        travel: vec![0, 30, 45, 0],
        shifts,
        people: list,
        apart: if chance.below(2) == 0 { vec![(0, 1)] } else { Vec::new() },
        together: if chance.below(2) == 0 { vec![(0, 2)] } else { Vec::new() },
        costs: Costs {
            newcomer_alone: 200,
            overload: vec![Tier { hours: Some(2), rate: 2 }, Tier { hours: None, rate: 9 }],
            underload: 4,
            together: 15,
            change: 25,
        },
        ..Parts::default()
    })
}

/// The cost of the best roster, by trying all; `None` where there are too many.
pub(crate) fn best_of_all(problem: &Problem) -> Option<i64> {
    let mut all: Vec<Assignment> = Vec::new();
    for person in 0..problem.people.len() as u32 {
        for (shift, at) in (0..).zip(&problem.shifts) {
            let roles = at.seats.iter().map(|seat| seat.role).filter(|&role| problem.qualifies(person, role));
            all.extend(roles.map(|role| Assignment { person, shift, role }));
        }
    }
    if all.len() > 16 {
        return None;
    }
    let rosters = 0..1_u32 << all.len();
    let legal = rosters.filter_map(|set| {
        let chosen = all.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, &a)| a);
        let verdict = check(problem, &Roster::new(chosen.collect()));
        verdict.broken.is_empty().then_some(verdict.cost)
    });
    legal.min()
}
