//! What a change of seats says of itself is what the judge says of the roster.

use super::{board::Board, layout::Field};
use crate::{
    checker::{Rule, check},
    model::{Assignment, Problem, Roster},
    search::{
        Chance,
        examples::{Dice, any_problem, crew, for_all},
    },
};

/// Rules of "at least", which no single seat keeps: a walk pays for them instead.
const AT_LEAST: [Rule; 5] =
    [Rule::MinMinutes, Rule::MinDaysInRow, Rule::MinDaysOffInRow, Rule::Guard, Rule::Fixed];

fn broken(problem: &Problem, roster: &Roster) -> Vec<Rule> {
    check(problem, roster).broken.iter().map(|broken| broken.rule).collect()
}

/// Seats and unseats people at random; holds each step against the judge.
fn wander(problem: &Problem, dice: &mut Dice) {
    let field = Field::of(problem);
    let mut board = Board::new(&field);
    let is_legal = |rules: &[Rule]| rules.iter().all(|rule| AT_LEAST.contains(rule));
    for _ in 0..50 {
        let p = dice.index(problem.people.len());
        let options = &field.options[p as usize];
        if options.is_empty() {
            continue;
        }
        let seat = dice.pick(options);
        if board.own[p as usize].contains(&seat) {
            if dice.percent(50) && !board.is_fixed(p, seat) {
                board.remove(p, seat);
            }
        } else {
            let (shift, role) = (field.seats[seat as usize].shift, field.seats[seat as usize].role);
            let (before, fits) = (board.roster(), board.fits(p, seat));
            let more = [Assignment { person: p, shift, role }];
            let after = Roster::new(before.assignments.iter().copied().chain(more).collect());
            let (was, now) = (broken(problem, &before), broken(problem, &after));
            if is_legal(&was) {
                assert!(!fits || is_legal(&now), "{p} fits into {seat}, but {now:?}");
                assert!(
                    fits || !now.iter().all(|rule| *rule == Rule::Fixed),
                    "nothing keeps {p} from {seat}"
                );
            }
            if fits {
                board.add(p, seat);
            }
        }
        assert_eq!(board.cost, board.judged() + board.penalty);
        let lacking = broken(problem, &board.roster()).iter().any(|rule| AT_LEAST[..4].contains(rule));
        assert_eq!(board.penalty > 0, lacking, "a penalty is paid where something lacks");
    }
}

#[test]
fn every_seat_costs_and_keeps_what_the_judge_says() {
    for_all(150, |mut dice| wander(&any_problem(&mut dice), &mut dice));
    for_all(100, |mut dice| {
        let mut chance = Chance::new(dice.number(0, 1 << 30) as u64);
        wander(&crew(&mut chance, 5, 9), &mut dice);
    });
}
