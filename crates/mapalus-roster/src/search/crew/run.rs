//! The order of the search: a first roster, then walks from hot to cold, each longer than the one before; one thread
//! spends its first part on the bound.

use super::{
    board::Board,
    bound::Bound,
    layout::Field,
    tree::{Owner, Tree},
    walk::{Schedule, walk},
};
use crate::{
    model::{Problem, Roster},
    search::{Chance, Outcome, Progress, Settings, Watch},
};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

const NO_BOUND: i64 = i64::MIN;

struct Shared<'a> {
    settings: &'a Settings,
    watch: &'a Watch<'a>,
    /// The best roster and its thread; of equal ones that of the first thread.
    best: Mutex<Option<(u64, Board<'a>)>>,
    cost: AtomicI64,
    bound: AtomicI64,
    proved: AtomicBool,
    steps: AtomicU64,
}

impl<'a> Shared<'a> {
    fn offer(&self, board: &Board<'a>, thread: u64) {
        if board.penalty > 0 || board.cost > self.cost.load(Ordering::Relaxed) {
            return;
        }
        let mut best = self.best.lock().unwrap_or_else(PoisonError::into_inner);
        if best.as_ref().is_none_or(|(t, b)| (board.cost, thread) < (b.cost, *t)) {
            *best = Some((thread, board.clone()));
            self.cost.store(board.cost, Ordering::Relaxed);
            drop(best);
            self.tell(board);
            self.compare();
        }
    }

    fn tell(&self, board: &Board<'_>) {
        let bound = self.bound.load(Ordering::Relaxed);
        self.watch.tell(&Progress {
            seconds: self.watch.elapsed(),
            cost: board.cost,
            bound: (bound > NO_BOUND).then_some(bound),
            empty: board.empty(),
        });
    }

    fn compare(&self) {
        // With a limit of steps no thread may stop because of what another found.
        let timed = self.settings.steps.is_none();
        if timed && self.bound.load(Ordering::Relaxed) >= self.cost.load(Ordering::Relaxed) {
            self.proved.store(true, Ordering::Relaxed);
        }
    }

    fn over(&self) -> bool {
        self.proved.load(Ordering::Relaxed) || self.watch.is_over(self.settings)
    }
}

/// The search as the tree sees it: for a part of the time only where nobody else walks meanwhile.
struct Proving<'s, 'a> {
    shared: &'s Shared<'a>,
    until: f64,
}

impl<'a> Owner<'a> for Proving<'_, 'a> {
    fn cost(&self) -> i64 {
        self.shared.cost.load(Ordering::Relaxed)
    }

    fn offer(&self, board: &Board<'a>) {
        self.shared.offer(board, 0);
    }

    fn raise(&self, bound: i64) {
        // Where no roster was found there is nothing to be proved of one.
        if bound < i64::MAX {
            self.shared.bound.fetch_max(bound, Ordering::Relaxed);
            self.shared.compare();
        }
    }

    fn over(&self) -> bool {
        self.shared.over() || self.shared.watch.elapsed() > self.until
    }
}

/// Rows of the largest programme that is tried, and branches where steps are limited.
const MOST_ROWS: usize = 3000;
const MOST_NODES: u64 = 60;

/// Searches anything.
pub(crate) fn run(
    problem: &Problem,
    settings: &Settings,
    start: Option<&Roster>,
    watch: &Watch<'_>,
) -> Outcome {
    let field = Field::of(problem);
    let mut chance = Chance::new(settings.seed);
    let previous = Roster::new(problem.previous.clone());
    let given = start.or(Some(&previous).filter(|r| !r.assignments.is_empty()));
    let mut board = Board::new(&field);
    if let Some(roster) = given {
        seat_given(&mut board, roster);
    }
    fill_greedily(&mut board, &mut chance, &mut || watch.is_over(settings));
    board.clear_broken();
    let shared = Shared {
        settings,
        watch,
        best: Mutex::new(None),
        cost: AtomicI64::new(i64::MAX),
        bound: AtomicI64::new(NO_BOUND),
        proved: AtomicBool::new(false),
        steps: AtomicU64::new(0),
    };
    shared.offer(&board, 0);
    let published = given.is_some();
    std::thread::scope(|scope| {
        for thread in 1..settings.threads.max(1) {
            let (shared, board) = (&shared, board.clone());
            scope.spawn(move || walk_on(shared, board, thread as u64, published));
        }
        if settings.steps.is_none() && !prove(&shared, &board, u64::MAX) {
            price(&shared, &field, published);
        }
        walk_on(&shared, board.clone(), 0, published);
    });
    if settings.steps.is_some() {
        let best = shared.best.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !prove(&shared, best.as_ref().map_or(&board, |(_, best)| best), MOST_NODES) {
            price(&shared, &field, published);
        }
    }
    let best = shared.best.into_inner().unwrap_or_else(PoisonError::into_inner);
    let bound = shared.bound.load(Ordering::Relaxed);
    Outcome {
        roster: best.map_or(board, |(_, best)| best).roster(),
        bound: (bound > NO_BOUND).then_some(bound),
        steps: shared.steps.load(Ordering::Relaxed),
        ..Outcome::default()
    }
}

/// Seats what a given roster says, as far as the rules let it.
fn seat_given(board: &mut Board<'_>, roster: &Roster) {
    let field = board.field;
    let mut waiting: Vec<(u32, u32)> = Vec::new();
    for a in &roster.assignments {
        if let Some(seat) = field.seat_of(*a)
            && field.candidates[seat as usize].binary_search(&a.person).is_ok()
        {
            waiting.push((a.person, seat));
        }
    }
    // Twice: the uncleared of a guarded shift wait for the cleared.
    for _ in 0..2 {
        waiting.retain(|&(p, seat)| {
            let fits = board.fits(p, seat);
            if fits {
                board.add(p, seat);
            }
            !fits
        });
    }
}

/// Fills seats one by one, those for whom the fewest can be had first, each with the cheapest of some candidates.
fn fill_greedily(board: &mut Board<'_>, chance: &mut Chance, stop: &mut dyn FnMut() -> bool) {
    let field = board.field;
    let mut order: Vec<u32> = board.short.clone();
    // Under guard the cleared are what is scarce.
    let mut scarce = vec![i64::MAX; field.shifts.len()];
    for (shift, cleared) in &field.guarded {
        let least = field.shifts[*shift as usize].guard.map_or(1, |(_, least)| least.max(1));
        scarce[*shift as usize] = cleared.len() as i64 / least / 2;
    }
    order.sort_by_key(|&x| {
        let seat = &field.seats[x as usize];
        let had = field.candidates[x as usize].len() as i64 / seat.want.max(1);
        (had.min(scarce[seat.shift as usize]), x)
    });
    for to_want in [false, true] {
        for &x in &order {
            let seat = &field.seats[x as usize];
            let goal = if to_want { seat.want } else { seat.min.max(1).min(seat.want) };
            while (board.crew[x as usize].len() as i64) < goal {
                if stop() {
                    return;
                }
                let candidates = &field.candidates[x as usize];
                let tries = candidates.len().min(60);
                let from = chance.below(candidates.len().max(1));
                let mut best: Option<(i64, usize, u32)> = None;
                for i in 0..tries {
                    let p = candidates[(from + i * (candidates.len() / tries).max(1)) % candidates.len()];
                    if board.fits(p, x) {
                        let before = board.cost;
                        board.add(p, x);
                        let value = (board.cost - before, field.options[p as usize].len(), p);
                        board.remove(p, x);
                        if best.is_none_or(|b| value < b) {
                            best = Some(value);
                        }
                    }
                }
                // A guarded shift costs its penalty until the second cleared person is there.
                match best {
                    Some((_, _, p)) => board.add(p, x),
                    None => break,
                }
            }
        }
    }
}

/// Branches and prices, where the roster is small enough. Whether it was.
fn prove<'a>(shared: &Shared<'a>, board: &Board<'a>, most_nodes: u64) -> bool {
    let (settings, began) = (shared.settings, shared.watch.elapsed());
    let until = match settings.threads {
        _ if settings.steps.is_some() => f64::INFINITY,
        0 | 1 => began + 0.5 * (settings.seconds - began),
        _ => settings.seconds,
    };
    let (owner, chance) = (Proving { shared, until }, Chance::new(settings.seed ^ 0x7EEE));
    let Some(mut tree) = Tree::new(board.field, &owner, MOST_ROWS, most_nodes, chance) else { return false };
    tree.run(board);
    true
}

/// Rounds of prices below which there is no bound worth the time.
const ROUNDS: f64 = 150.0;

/// Raises the bound for a part of the time.
fn price(shared: &Shared<'_>, field: &Field<'_>, published: bool) {
    let settings = shared.settings;
    let part = match settings.threads {
        // What is to be mended is to be mended soon.
        _ if published => 0.1,
        1 => 0.2,
        _ => 0.5,
    };
    let began = shared.watch.elapsed();
    let until = began + part * (settings.seconds - began);
    let mut bound = Bound::new(field);
    let idle = Board::new(field).cost;
    for round in 0..settings.steps.map_or(100_000, |_| 300) {
        let late = || shared.over() || (settings.steps.is_none() && shared.watch.elapsed() > until);
        let cost = shared.cost.load(Ordering::Relaxed);
        let goes_on = bound.round(cost.min(idle), &mut || late());
        if let Some(whole) = bound.whole() {
            shared.bound.fetch_max(whole, Ordering::Relaxed);
            shared.compare();
        }
        // Prices need some hundred rounds to say anything; where they do not fit, walking is worth more.
        let slow = settings.steps.is_none()
            && round == 0
            && (shared.watch.elapsed() - began) * ROUNDS > until - began;
        if !goes_on || slow || late() {
            return;
        }
    }
}

/// Steps of the first walk where the time is limited.
const FIRST_STEPS: u64 = 40_000;

/// Walks until it is over; each walk begins where the best ended, and takes longer.
fn walk_on<'a>(shared: &Shared<'a>, mut board: Board<'a>, thread: u64, published: bool) {
    let settings = shared.settings;
    let mut chance = Chance::new(settings.seed ^ (thread << 40) ^ 0x5EED);
    let mut left = settings.steps.unwrap_or(u64::MAX);
    let seats: u64 = board.field.seats.iter().map(|s| s.want as u64).sum();
    let mut steps = (seats * 400).clamp(100_000, 4_000_000);
    if settings.steps.is_none() && !published {
        // A short walk first, to see how many steps there will be time for. What is published is rather left alone.
        steps = steps.min(FIRST_STEPS);
    }
    let mut hot = match settings.steps {
        _ if published => 10.0,
        Some(_) => 60.0,
        None => 20.0,
    };
    let mut speed = 0.0_f64;
    let mut own: Option<Board<'a>> = (board.penalty == 0).then(|| board.clone());
    while left > 0 && !shared.over() {
        let began = shared.watch.elapsed();
        if settings.steps.is_none() && speed > 0.0 {
            // The last walk is as long as what is left.
            let possible = ((settings.seconds - began) * speed) as u64;
            if steps * 2 > possible {
                steps = possible.max(1000);
            }
        }
        let schedule = Schedule { hot, cold: 0.4, steps: steps.min(left) };
        let mut done = 0.0;
        walk(&mut board, &schedule, &mut chance, &mut |board, share| {
            if share >= 0.0 {
                done = share;
            } else if seats < 1000 && own.as_ref().is_none_or(|b| board.cost < b.cost) {
                // A small roster is noted on the way; a large one is best at the end of the walk.
                own = Some(board.clone());
            }
            shared.over()
        });
        board.clear_broken();
        debug_assert!(board.penalty > 0 || board.cost == board.judged());
        if board.penalty == 0 && own.as_ref().is_none_or(|b| board.cost < b.cost) {
            own = Some(board.clone());
        }
        if let Some(own) = &own {
            shared.offer(own, thread);
        }
        let took = shared.watch.elapsed() - began;
        if took > 0.0 {
            speed = done * schedule.steps as f64 / took;
        }
        left -= schedule.steps.min(left);
        shared.steps.fetch_add(schedule.steps, Ordering::Relaxed);
        let longer = if steps < seats * 100 { 8 } else { 2 };
        steps = (steps * longer).min(200_000_000);
        if let Some(own) = &own {
            board = own.clone();
        }
        if settings.steps.is_none()
            && let Some((_, best)) = &*shared.best.lock().unwrap_or_else(PoisonError::into_inner)
            && best.cost < board.cost
        {
            board = best.clone();
        }
        // A long walk can afford to begin where seats are given up.
        let choices = if steps > seats * 3000 { [60.0, 150.0, 400.0] } else { [60.0, 25.0, 40.0] };
        hot = if published { 10.0 } else { choices[chance.below(3)] };
    }
}
