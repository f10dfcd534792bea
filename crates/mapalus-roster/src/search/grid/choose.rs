//! Whom and which days to solve for next.

use super::{board::Board, layout::NEVER, row::Stretch, settle::window};
use crate::search::Chance;

/// Some people and some days, so that the linear programme has about `rows` rows: mostly around a cell that lacks
/// somebody, with people of whom half could work there.
pub(super) fn choose(board: &Board<'_>, rows: usize, chance: &mut Chance) -> (Vec<usize>, Stretch) {
    let (n, grid) = (board.rows.len(), board.grid);
    let most = n.min(rows / 2).max(1);
    let group = (most.min(4) + chance.below(most)).min(most);
    let length = (rows.saturating_sub(group) / grid.kinds).max(7);
    let short: Vec<usize> =
        (0..grid.want.len()).filter(|&c| board.counts[c] < grid.want[c] && grid.below[c] > 0).collect();
    let cell = (!short.is_empty() && chance.below(4) > 0).then(|| short[chance.below(short.len())]);
    let days = match cell {
        // A little more than would fit is all.
        _ if length * 5 >= grid.days * 4 => Stretch::whole(grid),
        None => window(grid.days, length, chance),
        Some(cell) => {
            let from = (cell / grid.kinds).saturating_sub(chance.below(length)).min(grid.days - length);
            Stretch { from, to: from + length }
        }
    };
    let mut people: Vec<usize> = (0..n).collect();
    for i in 0..n {
        people.swap(i, i + chance.below(n - i));
    }
    if let Some(cell) = cell {
        let mut half = 0;
        for i in 0..n {
            if half < group / 2 && grid.lines[people[i]].cost[cell] < NEVER {
                people.swap(half, i);
                half += 1;
            }
        }
    }
    people.truncate(group);
    people.sort_unstable();
    (people, days)
}
