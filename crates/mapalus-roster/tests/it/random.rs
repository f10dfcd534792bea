//! Random instances and rosters, small and tight, so that every rule is broken and kept often.

mod any;
mod dice;

pub(crate) use any::any_problem;
pub(crate) use dice::Dice;
use mapalus_roster::{
    checker::check,
    formats::read_problem,
    model::{Assignment, Problem, Roster},
};
use serde_json::{Value, json};

/// Adds assignments in random order as long as nothing breaks that was not broken before.
pub(crate) fn greedy(dice: &mut Dice, problem: &Problem, tries: usize, start: Vec<Assignment>) -> Roster {
    let mut roster = Roster::new(start);
    let mut broken = check(problem, &roster).broken;
    for _ in 0..tries {
        let shift = dice.index(problem.shifts.len());
        let seats = &problem.shifts[shift as usize].seats;
        if seats.is_empty() {
            continue;
        }
        let mut more = roster.assignments.clone();
        // Sometimes two at once: a guarded shift has nobody or enough.
        for _ in 0..dice.number(1, 2) {
            let seat = &seats[dice.index(seats.len()) as usize];
            more.push(Assignment { person: dice.index(problem.people.len()), shift, role: seat.role });
        }
        let more = Roster::new(more);
        let now = check(problem, &more).broken;
        if now.iter().all(|new| broken.contains(new)) {
            (roster, broken) = (more, now);
        }
    }
    roster
}

fn solution_text(problem: &Problem, roster: &Roster) -> Vec<Value> {
    let name = |a: &Assignment| {
        json!({"person": problem.people[a.person as usize].id, "shift": problem.shifts[a.shift as usize].id,
            "role": problem.roles[a.role as usize].id})
    };
    roster.assignments.iter().map(name).collect()
}

/// An instance of `mapalus-roster/1` and a roster of it, legal or broken, as texts.
pub(crate) fn volunteer(dice: &mut Dice) -> (String, String) {
    let instance = volunteer_instance(dice).to_string();
    let (problem, _) = read_problem("random", &instance).unwrap_or_else(|e| panic!("{e}\n{instance}"));
    let start = problem.fixed.clone();
    let mut roster = greedy(dice, &problem, 30, start);
    if dice.percent(50) {
        for _ in 0..dice.number(1, 2) {
            let shift = dice.index(problem.shifts.len());
            let seats = &problem.shifts[shift as usize].seats;
            let role = seats[dice.index(seats.len()) as usize].role;
            roster.assignments.push(Assignment { person: dice.index(problem.people.len()), shift, role });
        }
        if dice.percent(20) && !roster.assignments.is_empty() {
            let twice = dice.pick(&roster.assignments);
            roster.assignments.push(twice);
        }
        if dice.percent(30) {
            roster.assignments.retain(|a| !problem.fixed.contains(a));
        }
    }
    let mut assignments = solution_text(&problem, &roster);
    if dice.percent(5) {
        assignments.push(json!({"person": "nobody", "shift": "s0", "role": "r0"}));
    }
    let solution =
        json!({"format": "mapalus-roster-solution/1", "instance": "random", "assignments": assignments});
    (instance, solution.to_string())
}

pub(crate) fn volunteer_instance(dice: &mut Dice) -> Value {
    let days = dice.number(1, 5);
    let horizon = days * 1440 - dice.pick(&[0, 0, 300]);
    let qualifications = ["a", "b", "c"].map(str::to_owned);
    let ids = |letter: &str, n: i64| -> Vec<String> { (0..n).map(|i| format!("{letter}{i}")).collect() };
    let (roles, places) = (ids("r", dice.number(1, 3)), ids("ö", dice.number(1, 3)));
    let (shifts, people) = (ids("s", dice.number(2, 8)), ids("p", dice.number(2, 5)));
    let shift_list: Vec<Value> = shifts
        .iter()
        .map(|id| {
            let start = dice.number(0, horizon / 30 - 1) * 30;
            let mut slots: Vec<Value> = Vec::new();
            for (i, role) in roles.iter().enumerate() {
                if i == 0 || dice.percent(50) {
                    let (min, more, most) = (dice.number(0, 1), dice.number(0, 1), dice.number(0, 1));
                    slots
                        .push(json!({"role": role, "min": min, "want": min + more, "max": min + more + most,
                        "weight": dice.number(1, 3)}));
                }
            }
            let mut shift = json!({"id": id, "start": start, "end": start + dice.number(1, 10) * 60,
                "place": dice.pick(&places), "slots": slots});
            if dice.percent(25) {
                shift["guard"] = json!({"needs": dice.some(&qualifications, 40), "least": dice.number(1, 2)});
            }
            shift
        })
        .collect();
    let wish = |dice: &mut Dice| {
        let cost = dice.number(-9, 9);
        match dice.number(0, 3) {
            0 => json!({"cost": cost, "shift": dice.pick(&shifts)}),
            1 => json!({"cost": cost, "role": dice.pick(&roles)}),
            2 => json!({"cost": cost, "place": dice.pick(&places)}),
            _ => json!({"cost": cost, "shift": "a shift that is not here"}),
        }
    };
    let people_list: Vec<Value> = people
        .iter()
        .map(|id| {
            let (mut free, mut at) = (Vec::new(), dice.number(-2, 6) * 60);
            while at < horizon {
                let to = at + dice.number(4, 40) * 60;
                free.push(json!([at, to]));
                at = to + dice.number(1, 8) * 60;
            }
            let mut person = json!({"id": id, "has": dice.some(&qualifications, 65), "newcomer": dice.percent(40),
                "free": if dice.percent(60) { vec![json!([-1000, 100_000])] } else { free },
                "max_minutes": dice.number(8, 30) * 60, "max_minutes_per_day": dice.number(5, 14) * 60,
                "max_days_in_row": dice.number(1, 4), "min_rest": dice.number(0, 11) * 60,
                "fair_minutes": dice.number(0, 10) * 50, "min_minutes": dice.pick(&[0, 0, 130, 600]),
                "wishes": (0..dice.number(0, 3)).map(|_| wish(dice)).collect::<Vec<_>>()});
            if dice.percent(30) {
                person["before"] = json!({"end": dice.number(-10, 4) * 60, "place": dice.pick(&places),
                    "days": dice.number(0, 4)});
            }
            person
        })
        .collect();
    let mut pairs = |chance: i64| -> Vec<Value> {
        let mut out = Vec::new();
        for i in 1..people.len() {
            if dice.percent(chance) {
                out.push(json!([people[i - 1], people[i]]));
            }
        }
        out
    };
    let (apart, together) = (pairs(30), pairs(30));
    let mut promises = |chance: i64, gone: i64| -> Vec<Value> {
        let mut out = Vec::new();
        while dice.percent(chance) {
            let shift = dice.pick(&shift_list);
            let slot = dice.pick(shift["slots"].as_array().unwrap());
            let id = if dice.percent(gone) { json!("gone") } else { shift["id"].clone() };
            out.push(json!({"person": dice.pick(&people), "shift": id, "role": slot["role"]}));
        }
        out
    };
    let (fixed, previous) = (promises(15, 0), promises(50, 15));
    let travel: Vec<Vec<i64>> = (0..places.len())
        .map(|a| (0..places.len()).map(|b| if a == b { 0 } else { dice.number(0, 5) * 20 }).collect())
        .collect();
    let with_id = |ids: &[String]| -> Vec<Value> { ids.iter().map(|id| json!({"id": id})).collect() };
    let role_list: Vec<Value> =
        roles.iter().map(|id| json!({"id": id, "needs": dice.some(&qualifications, 20)})).collect();
    json!({"format": "mapalus-roster/1", "name": "random", "start": "2026-12-04T00:00:00+07:00", "horizon": horizon,
        "roles": role_list, "places": with_id(&places), "travel": travel, "shifts": shift_list,
        "people": people_list, "apart": apart, "together": together, "fixed": fixed, "previous": previous,
        "costs": {"unfilled_min": 1000, "unfilled_want": 100, "newcomer_alone": 70, "overload": [[2, 3], [0, 4], [null, 9]],
            "underload": 4, "together": 15, "change": 25}})
}

/// An instance of the benchmark's text and a roster of it, legal or broken.
pub(crate) fn benchmark(dice: &mut Dice) -> (String, String) {
    let days = dice.number(5, 16);
    let kinds = dice.pick(&[vec!["E"], vec!["E", "L"], vec!["E", "L", "N"]]);
    let people: Vec<String> = (0..dice.number(1, 3)).map(|i| format!("p{i}")).collect();
    // Each person's row first, so that limits around it are kept or just broken.
    let rows: Vec<Vec<Option<usize>>> = people.iter().map(|_| random_row(dice, days, kinds.len())).collect();
    let mut text = format!("# made up\nSECTION_HORIZON\n{days}\n\nSECTION_SHIFTS\n");
    for (i, kind) in kinds.iter().enumerate() {
        let next: Vec<&str> = kinds[..i].iter().filter(|_| dice.percent(35)).copied().collect();
        text += &format!("{kind},{},{}\n", 480 + 60 * i, next.join("|"));
    }
    text += "SECTION_STAFF\n# ID, most of each, six numbers\n";
    for (id, row) in people.iter().zip(&rows) {
        text += &staff_line(dice, id, row, &kinds);
    }
    text += "SECTION_DAYS_OFF\n";
    for (id, row) in people.iter().zip(&rows) {
        let off: Vec<String> = (0..days)
            .filter(|&day| (row[day as usize].is_none() && dice.percent(30)) || dice.percent(1))
            .map(|day| day.to_string())
            .collect();
        text += &format!("{id},{}\n", off.join(","));
    }
    for section in ["SECTION_SHIFT_ON_REQUESTS", "SECTION_SHIFT_OFF_REQUESTS"] {
        text += &format!("{section}\n");
        for _ in 0..dice.number(0, 4) {
            let (person, day) = (dice.pick(&people), dice.number(0, days - 1));
            text += &format!("{person},{day},{},{}\n", dice.pick(&kinds), dice.number(1, 3));
        }
    }
    text += "SECTION_COVER\n";
    for day in 0..days {
        for kind in &kinds {
            if dice.percent(90) {
                text += &format!("{day},{kind},{},100,{}\n", dice.number(0, 2), dice.number(0, 2));
            }
        }
    }
    let mut solution = String::from("# made up\n");
    for (id, row) in people.iter().zip(&rows) {
        let mut cells: Vec<&str> = row.iter().map(|cell| cell.map_or("-", |kind| kinds[kind])).collect();
        if dice.percent(2) {
            cells[0] = "unheard-of";
        }
        if dice.percent(1) {
            cells.pop();
        }
        solution += &format!("{id} {}\n", cells.join(" "));
    }
    (text, solution)
}

fn random_row(dice: &mut Dice, days: i64, kinds: usize) -> Vec<Option<usize>> {
    let mut row = Vec::new();
    while (row.len() as i64) < days {
        for _ in 0..dice.number(0, 3) {
            row.push(None);
        }
        let mut kind = dice.index(kinds) as usize;
        for _ in 0..dice.number(1, 5) {
            row.push(Some(kind));
            // Mostly later kinds, since earlier ones may be forbidden after them.
            kind = if dice.percent(90) {
                kind.max(dice.index(kinds) as usize)
            } else {
                dice.index(kinds) as usize
            };
        }
    }
    row.truncate(days as usize);
    row
}

/// Limits that the row keeps, one of them sometimes by one too tight.
fn staff_line(dice: &mut Dice, id: &str, row: &[Option<usize>], kinds: &[&str]) -> String {
    let minutes: i64 = row.iter().flatten().map(|&kind| 480 + 60 * kind as i64).sum();
    let runs = |works: bool, inner: bool| -> Vec<i64> {
        let mut out = Vec::new();
        let mut at = 0;
        while at < row.len() {
            let end = (at..row.len()).find(|&i| row[i].is_some() != row[at].is_some()).unwrap_or(row.len());
            if row[at].is_some() == works && (!inner || (at > 0 && end < row.len())) {
                out.push((end - at) as i64);
            }
            at = end;
        }
        out
    };
    let weekends = (5..row.len())
        .step_by(7)
        .filter(|&d| row[d].is_some() || row.get(d + 1).is_some_and(Option::is_some));
    let tight = if dice.percent(30) { dice.number(0, 6) } else { -1 };
    let by = |which: i64| i64::from(tight == which);
    let slack = dice.number(0, 1);
    let most: Vec<String> = kinds
        .iter()
        .enumerate()
        .map(|(i, kind)| {
            let count = row.iter().filter(|&&cell| cell == Some(i)).count() as i64;
            format!("{kind}={}", (count + slack - by(0) * (1 + slack)).max(0))
        })
        .collect();
    format!(
        "{id},{},{},{},{},{},{},{}\n",
        most.join("|"),
        minutes + slack * 60 - by(1) * (60 + slack * 60),
        (minutes - slack * 60 + by(2) * (60 + slack * 60)).max(0),
        runs(true, false).into_iter().max().unwrap_or(1) - by(3),
        runs(true, true).into_iter().min().unwrap_or(1) + by(4),
        runs(false, true).into_iter().min().unwrap_or(1) + by(5),
        (weekends.count() as i64 - by(6)).max(0),
    )
}
