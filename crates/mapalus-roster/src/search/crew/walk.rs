//! Steps of the walk: fill, leave, move, take over, exchange; each undone where it is not accepted.

use super::board::Board;
use crate::search::Chance;

/// One walk from a hot to a cold temperature.
pub(super) struct Schedule {
    pub hot: f64,
    pub cold: f64,
    pub steps: u64,
}

/// What a step did: sign, person, seat.
type Journal = Vec<(bool, u32, u32)>;

struct Walker<'b, 'a> {
    board: &'b mut Board<'a>,
    done: Journal,
}

impl Walker<'_, '_> {
    fn take(&mut self, p: u32, seat: u32) -> bool {
        let fits = self.board.fits(p, seat);
        if fits {
            self.board.add(p, seat);
            self.done.push((true, p, seat));
        }
        fits
    }

    fn leave(&mut self, p: u32, seat: u32) -> bool {
        let may = !self.board.is_fixed(p, seat) && self.board.may_leave(p, seat);
        if may {
            self.board.remove(p, seat);
            self.done.push((false, p, seat));
        }
        may
    }

    /// Takes the seat, leaving what stands in the way in time, or at random where the person has no room left.
    fn take_at_any_cost(&mut self, p: u32, seat: u32, chance: &mut Chance) -> bool {
        if !self.board.has_room(p, seat) {
            return false;
        }
        match self.board.obstacle(p, seat) {
            None => return false,
            Some(Some(x)) => {
                if !self.leave(p, x) {
                    return false;
                }
            }
            Some(None) => {}
        }
        if self.take(p, seat) {
            return true;
        }
        let own = &self.board.own[p as usize];
        if own.is_empty() {
            return false;
        }
        let x = own[chance.below(own.len())];
        self.leave(p, x) && self.take(p, seat)
    }

    fn undo(&mut self) {
        while let Some((added, p, seat)) = self.done.pop() {
            match added {
                true => self.board.remove(p, seat),
                false => self.board.add(p, seat),
            }
        }
    }
}

/// Walks; calls `tell` now and then with the share that is done and at each better roster (-1), and ends early where
/// it says so.
pub(super) fn walk<'a>(
    board: &mut Board<'a>,
    schedule: &Schedule,
    chance: &mut Chance,
    tell: &mut dyn FnMut(&Board<'a>, f64) -> bool,
) {
    let field = board.field;
    if field.seats.is_empty() || field.problem.people.is_empty() {
        return;
    }
    let ratio = schedule.cold / schedule.hot;
    let mut temperature = schedule.hot;
    let mut best = if board.penalty == 0 { board.cost } else { i64::MAX };
    let mut walker = Walker { board, done: Vec::new() };
    for step in 0..schedule.steps {
        if step % 512 == 0 {
            let share = step as f64 / schedule.steps as f64;
            temperature = schedule.hot * ratio.powf(share);
            if tell(walker.board, share) {
                return;
            }
        }
        let before = walker.board.cost;
        walker.done.clear();
        let guarded = !field.guarded.is_empty() && chance.below(100) == 0;
        let tried = match chance.below(16) {
            _ if guarded => turn_guarded(&mut walker, chance),
            0..=4 => fill(&mut walker, chance),
            5 => drop_one(&mut walker, chance),
            6..=8 => relocate(&mut walker, chance),
            9..=12 => take_over(&mut walker, chance),
            _ => exchange(&mut walker, chance),
        };
        let delta = (walker.board.cost - before) as f64;
        if !tried || (delta > 0.0 && delta > chance.patience(temperature)) {
            walker.undo();
            continue;
        }
        debug_assert!(
            step % 16 > 0 || walker.board.cost == walker.board.judged() + walker.board.penalty,
            "the cost of a step is not what the judge says"
        );
        if walker.board.penalty == 0 && walker.board.cost < best {
            best = walker.board.cost;
            if tell(walker.board, -1.0) {
                return;
            }
        }
    }
}

fn pick<T: Copy>(list: &[T], chance: &mut Chance) -> Option<T> {
    (!list.is_empty()).then(|| list[chance.below(list.len())])
}

/// Somebody who sits somewhere, and where.
fn somebody(walker: &Walker<'_, '_>, chance: &mut Chance) -> Option<(u32, u32)> {
    for _ in 0..8 {
        let seat = chance.below(walker.board.field.seats.len()) as u32;
        if let Some(p) = pick(&walker.board.crew[seat as usize], chance) {
            return Some((p, seat));
        }
    }
    None
}

fn fill(walker: &mut Walker<'_, '_>, chance: &mut Chance) -> bool {
    let field = walker.board.field;
    let seat = match chance.below(8) {
        0 => Some(chance.below(field.seats.len()) as u32),
        _ => pick(&walker.board.short, chance),
    };
    let Some(seat) = seat else { return false };
    let Some(p) = pick(&field.candidates[seat as usize], chance) else { return false };
    walker.take_at_any_cost(p, seat, chance)
}

fn drop_one(walker: &mut Walker<'_, '_>, chance: &mut Chance) -> bool {
    somebody(walker, chance).is_some_and(|(p, seat)| walker.leave(p, seat))
}

fn relocate(walker: &mut Walker<'_, '_>, chance: &mut Chance) -> bool {
    let Some((p, seat)) = somebody(walker, chance) else { return false };
    let Some(to) = pick(&walker.board.field.options[p as usize], chance) else { return false };
    walker.leave(p, seat) && walker.take_at_any_cost(p, to, chance)
}

/// Another person takes over a seat; the one who sat there may go to what the other leaves.
fn take_over(walker: &mut Walker<'_, '_>, chance: &mut Chance) -> bool {
    let Some((p, seat)) = somebody(walker, chance) else { return false };
    let Some(q) = pick(&walker.board.field.candidates[seat as usize], chance) else { return false };
    if p == q || walker.board.is_fixed(p, seat) {
        return false;
    }
    walker.board.remove(p, seat);
    walker.done.push((false, p, seat));
    if !walker.take_at_any_cost(q, seat, chance) {
        return false;
    }
    let left: Vec<u32> = walker.done.iter().filter(|d| !d.0 && d.1 == q).map(|d| d.2).collect();
    for x in left {
        let may = walker.board.field.candidates[x as usize].binary_search(&p).is_ok();
        if may && chance.below(4) > 0 {
            walker.take(p, x);
        }
    }
    true
}

/// A shift under guard begins to be worked, by enough cleared people and whoever else fits; or it is given up.
fn turn_guarded(walker: &mut Walker<'_, '_>, chance: &mut Chance) -> bool {
    let field = walker.board.field;
    let (shift, cleared) = &field.guarded[chance.below(field.guarded.len())];
    let (from, to) = field.seats_of[*shift as usize];
    if walker.board.lacks_cleared(*shift) == 0 {
        if chance.below(4) > 0 {
            return false;
        }
        for seat in from..to {
            for p in walker.board.crew[seat as usize].clone() {
                if walker.board.is_fixed(p, seat) {
                    return false;
                }
                walker.board.remove(p, seat);
                walker.done.push((false, p, seat));
            }
        }
        return true;
    }
    for _ in 0..12 {
        let (p, seat) = cleared[chance.below(cleared.len())];
        walker.take_at_any_cost(p, seat, chance);
        if walker.board.lacks_cleared(*shift) == 0 {
            break;
        }
    }
    if walker.board.lacks_cleared(*shift) > 0 {
        return false;
    }
    for seat in from..to {
        let candidates = &field.candidates[seat as usize];
        for _ in 0..8 {
            if (walker.board.crew[seat as usize].len() as i64) >= field.seats[seat as usize].want {
                break;
            }
            if let Some(p) = pick(candidates, chance) {
                walker.take(p, seat);
            }
        }
    }
    true
}

/// Two people exchange seats.
fn exchange(walker: &mut Walker<'_, '_>, chance: &mut Chance) -> bool {
    let Some((p, a)) = somebody(walker, chance) else { return false };
    let Some(b) = pick(&walker.board.field.options[p as usize], chance) else { return false };
    let Some(q) = pick(&walker.board.crew[b as usize], chance) else { return false };
    if p == q || a == b || walker.board.is_fixed(p, a) || walker.board.is_fixed(q, b) {
        return false;
    }
    if walker.board.field.candidates[a as usize].binary_search(&q).is_err() {
        return false;
    }
    for (who, seat) in [(p, a), (q, b)] {
        walker.board.remove(who, seat);
        walker.done.push((false, who, seat));
    }
    walker.take(p, b) && walker.take(q, a)
}
