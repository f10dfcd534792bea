//! Simulated annealing: two people exchange a block of days; one person's days change; work moves far ([`super::far`]);
//! one person's window is filled anew by the programme.

use super::{
    Cell,
    board::Board,
    far::{complete, transfer},
    layout::NEVER,
    row::Pricer,
    settle::window,
};
use crate::search::chance::Chance;

/// One walk from a hot to a cold temperature.
pub(super) struct Schedule {
    /// Temperature at the start and at the end, in costs.
    pub hot: f64,
    pub cold: f64,
    /// Steps in all.
    pub steps: u64,
    /// A window is refilled once in this many steps; 0 is never.
    pub refill: u64,
    /// What each weekend with work costs besides while it is hot, so that weekends are not worked by halves.
    pub weekend: i64,
}

/// Walks; calls `tell` at every better roster and now and then, and ends early where it says so. The board ends at the
/// last roster, not at the best. Gives the steps it took.
pub(super) fn walk(
    board: &mut Board<'_>,
    pricer: &mut Pricer<'_>,
    schedule: &Schedule,
    chance: &mut Chance,
    tell: &mut dyn FnMut(&Board<'_>, f64) -> bool,
) -> u64 {
    let mut best = board.cost;
    let ratio = schedule.cold / schedule.hot;
    let mut temperature = schedule.hot;
    let mut mine: Vec<Cell> = Vec::new();
    let mut prices = Vec::new();
    for step in 0..schedule.steps {
        if step % 1024 == 0 {
            let share = step as f64 / schedule.steps as f64;
            temperature = schedule.hot * ratio.powf(share);
            board.weekend_price = (schedule.weekend as f64 * ((0.9 - share) * 3.0).clamp(0.0, 1.0)) as i64;
            if tell(board, share) {
                return step;
            }
        }
        if schedule.refill > 0 && step % schedule.refill == 0 {
            refill(board, pricer, temperature, &mut prices, chance);
        } else {
            match chance.below(8) {
                0 => change(board, temperature, &mut mine, chance),
                1 | 2 => transfer(board, temperature, &mut mine, chance),
                3 => complete(board, temperature, &mut mine, chance),
                _ => exchange(board, temperature, chance),
            }
        }
        debug_assert!(
            step % 16 > 0 || board.cost == board.grid.cost(&board.rows),
            "a step costs something else"
        );
        if board.cost < best {
            best = board.cost;
            if tell(board, -1.0) {
                return step;
            }
        }
    }
    schedule.steps
}

/// Two people exchange a block of days.
fn exchange(board: &mut Board<'_>, temperature: f64, chance: &mut Chance) {
    let (people, days) = (board.rows.len(), board.grid.days);
    let (p, q) = (chance.below(people), chance.below(people));
    let longest = days.min(14);
    let length = 1 + chance.below(longest).min(chance.below(longest));
    let from = chance.below(days - length + 1);
    let to = from + length;
    let (mine, theirs) = (&board.rows[p][from..to], &board.rows[q][from..to]);
    if p == q || mine == theirs || !board.has_room(p, from, theirs) || !board.has_room(q, from, mine) {
        return;
    }
    let before = board.valued();
    board.trade(p, q, from, to);
    if (board.valued() - before) as f64 > chance.patience(temperature)
        || !board.keeps(p, from, to)
        || !board.keeps(q, from, to)
    {
        board.trade(p, q, from, to);
    }
}

/// One person's days change: one kind for another, or a day of work moves to another day.
fn change(board: &mut Board<'_>, temperature: f64, mine: &mut Vec<Cell>, chance: &mut Chance) {
    let grid = board.grid;
    let p = chance.below(board.rows.len());
    let day = chance.below(grid.days);
    let kind = chance.below(grid.kinds + 1) as Cell;
    let before = board.valued();
    if kind == board.rows[p][day]
        || (kind > 0 && grid.lines[p].cost[day * grid.kinds + kind as usize - 1] >= NEVER)
    {
        return;
    }
    mine.clear();
    // Alone, or with a second day of the same week or so that gets what this one had.
    let other = (chance.below(2) == 0 || kind == 0 || board.rows[p][day] == 0)
        .then(|| (day + 1 + chance.below(8)).min(grid.days - 1))
        .filter(|&other| other > day);
    let to = other.map_or(day, |other| other) + 1;
    mine.extend_from_slice(&board.rows[p][day..to]);
    match other {
        Some(_) => {
            let last = mine.len() - 1;
            let had = mine[0];
            mine[0] = if chance.below(2) == 0 { mine[last] } else { kind };
            mine[last] = had;
        }
        None => mine[0] = kind,
    }
    if !board.has_room(p, day, mine) {
        return;
    }
    board.swap_in(p, day, mine);
    if (board.valued() - before) as f64 > chance.patience(temperature) || !board.keeps(p, day, to) {
        board.swap_in(p, day, mine);
    }
}

/// One person's window gets its best content at prices that are shaken by the temperature.
fn refill(
    board: &mut Board<'_>,
    pricer: &mut Pricer<'_>,
    temperature: f64,
    prices: &mut Vec<i64>,
    chance: &mut Chance,
) {
    let days = board.grid.days;
    let p = chance.below(board.rows.len());
    let length = 4 + chance.below(18);
    let stretch = window(days, length, chance);
    board.marginal(p, prices);
    let kinds = board.grid.kinds;
    for price in &mut prices[stretch.from * kinds..stretch.to * kinds] {
        *price += (chance.patience(temperature) - chance.patience(temperature)) as i64;
    }
    let Some(found) = pricer.best(p, prices, Some((&board.rows[p], stretch))) else { return };
    let mut cells: Vec<Cell> = found.row[stretch.from..stretch.to].to_vec();
    if cells == board.rows[p][stretch.from..stretch.to] {
        return;
    }
    let before = board.valued();
    board.swap_in(p, stretch.from, &mut cells);
    if (board.valued() - before) as f64 > chance.patience(temperature)
        || !board.keeps(p, stretch.from, stretch.to)
    {
        board.swap_in(p, stretch.from, &mut cells);
    }
}
