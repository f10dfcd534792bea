//! What a change of rows says of itself is what the judge says of the roster.

use super::{
    Cell,
    anneal::{Schedule, walk},
    board::Board,
    columns::in_parts,
    dual::Dual,
    layout::{Grid, NEVER},
    row::Pricer,
};
use crate::{
    checker::check,
    search::{
        Chance,
        examples::{Dice, for_all, grid},
    },
};

/// Changes somebody's days at random and takes them back where they break a rule; holds each against the judge.
fn wander(mut dice: Dice) {
    let mut chance = Chance::new(dice.number(0, 1 << 30) as u64);
    let problem = grid(&mut chance, 3, dice.number(2, 16), 2);
    let grid = Grid::of(&problem).expect("the example is a grid");
    let mut board = Board::new(&grid, vec![vec![0; grid.days]; grid.lines.len()]);
    for _ in 0..60 {
        let (p, q) = (dice.index(3) as usize, dice.index(3) as usize);
        let from = dice.index(grid.days) as usize;
        let to = from + 1 + dice.index((grid.days - from).min(5)) as usize;
        let before = board.rows.clone();
        let cost = board.cost;
        let (room, delta) = if p != q && dice.percent(40) {
            let (mine, theirs) = (before[p][from..to].to_vec(), before[q][from..to].to_vec());
            let room = board.has_room(p, from, &theirs) && board.has_room(q, from, &mine);
            if !room {
                continue;
            }
            (room, board.trade(p, q, from, to))
        } else {
            let mut cells: Vec<Cell> = (from..to).map(|_| dice.index(grid.kinds + 1) as Cell).collect();
            let room = board.has_room(p, from, &cells);
            let cost = |day: usize, cell: Cell| grid.lines[p].cost[day * grid.kinds + cell as usize - 1];
            if (from..to).zip(&cells).any(|(day, &cell)| cell > 0 && cost(day, cell) >= NEVER) {
                assert!(!room, "there is room for what is not allowed");
                continue;
            }
            (room, board.swap_in(p, from, &mut cells))
        };
        assert_eq!(board.cost, cost + delta);
        assert_eq!(board.cost, grid.cost(&board.rows));
        assert_eq!(board.counts, grid.counts(&board.rows));
        let verdict = check(&problem, &grid.roster(&problem, &board.rows));
        let keeps = board.keeps(p, from, to) && board.keeps(q, from, to);
        assert_eq!(keeps, verdict.broken.is_empty(), "{:?}", verdict.broken);
        assert!(room || !keeps, "what keeps the rules has room");
        if keeps {
            assert_eq!(board.cost, verdict.cost);
        } else {
            for who in [p, q] {
                board.swap_in(who, from, &mut before[who][from..to].to_vec());
            }
            assert_eq!((board.cost, &board.rows), (cost, &before));
        }
    }
}

#[test]
fn every_change_of_rows_costs_and_keeps_what_the_judge_says() {
    for_all(150, wander);
}

#[test]
fn the_bound_of_the_prices_is_never_above_what_a_walk_finds() {
    for_all(60, |mut dice| {
        let mut chance = Chance::new(dice.number(0, 1 << 30) as u64);
        let problem = grid(&mut chance, 3, dice.number(2, 12), 2);
        let grid = Grid::of(&problem).expect("the example is a grid");
        let parts = in_parts(&grid);
        let mut board = Board::new(&grid, vec![vec![0; grid.days]; grid.lines.len()]);
        let (mut best, schedule) =
            (board.cost, Schedule { hot: 60.0, cold: 0.7, steps: 4000, refill: 50, weekend: 5 });
        walk(&mut board, &mut Pricer::new(&grid), &schedule, &mut chance, &mut |board, _| {
            best = best.min(board.cost);
            false
        });
        let mut dual = Dual::new(&grid, &parts);
        let first = best;
        for _ in 0..80 {
            let goes_on = dual.round(first, &mut || false);
            assert!(dual.bound().is_some_and(|bound| bound <= best), "{:?} above {best}", dual.bound());
            if !goes_on {
                break;
            }
        }
        let idle: i64 = grid.base + (0..grid.want.len()).map(|cell| grid.cover(cell, 0)).sum::<i64>();
        assert!(dual.advice().is_some_and(|advice| advice.worth.len() == grid.want.len()));
        assert!(idle >= best);
    });
}
