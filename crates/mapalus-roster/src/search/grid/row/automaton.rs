//! What may follow what in one person's row: the rules of successions and runs as states and steps.

use super::super::layout::{Grid, Line, NEVER};

#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Group of kinds, or `groups` for a day off.
    pub group: u16,
    /// State after it.
    pub to: u16,
    /// 0: always; 1: only where the run before it began on day 0 (it may be short).
    pub if_first: bool,
}

/// What does not change from call to call for one person.
#[derive(Clone, Debug)]
pub(super) struct Automaton {
    pub states: usize,
    /// Steps of each state; the last entry is that of nothing before day 0.
    pub steps: Vec<Vec<Step>>,
    /// For each state whether it is a day off, and its run.
    pub off: Vec<(bool, usize)>,
    /// Kinds of each group.
    pub groups: Vec<Vec<usize>>,
    pub group_units: Vec<i64>,
    /// Group of each kind; that of a kind nobody may work is no group.
    pub group_of: Vec<u16>,
    /// Kinds whose counts are carried.
    pub tracked: Vec<usize>,
    /// Most units that `n` days can hold.
    pub reach: Vec<i64>,
}

impl Automaton {
    pub(super) fn new(grid: &Grid, line: &Line, tracked: &[usize]) -> Self {
        let allowed: Vec<usize> = (0..grid.kinds)
            .filter(|&k| (0..grid.days).any(|d| line.cost[d * grid.kinds + k] < NEVER))
            .collect();
        let after = |k: usize| allowed.iter().map(|&b| grid.follows[k * grid.kinds + b]).collect::<Vec<_>>();
        let upon = |k: usize| allowed.iter().map(|&a| grid.follows[a * grid.kinds + k]).collect::<Vec<_>>();
        let mut classes: Vec<Vec<bool>> = Vec::new();
        let mut class_of = vec![0; grid.kinds];
        for &k in &allowed {
            class_of[k] = classes.iter().position(|c| *c == after(k)).unwrap_or_else(|| {
                classes.push(after(k));
                classes.len() - 1
            });
        }
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for &k in &allowed {
            let alike = |g: &&mut Vec<usize>| {
                let a = g[0];
                grid.length[a] == grid.length[k]
                    && class_of[a] == class_of[k]
                    && upon(a) == upon(k)
                    && !tracked.contains(&a)
                    && !tracked.contains(&k)
            };
            match groups.iter_mut().find(alike) {
                Some(group) => group.push(k),
                None => groups.push(vec![k]),
            }
        }
        let (runs, offs) = (line.max_run.min(grid.days + 1), line.min_off.min(grid.days + 1));
        let works = classes.len() * runs;
        let states = works + offs;
        let state = |class: usize, run: usize| (class * runs + run - 1) as u16;
        let work = |from: Option<usize>, run: usize, if_first: bool, steps: &mut Vec<Step>| {
            for (g, kinds) in groups.iter().enumerate() {
                if from.is_none_or(|class| {
                    let at = allowed.iter().position(|&a| a == kinds[0]);
                    at.is_some_and(|at| classes[class][at])
                }) {
                    steps.push(Step { group: g as u16, to: state(class_of[kinds[0]], run), if_first });
                }
            }
        };
        let rest = groups.len() as u16;
        let mut steps = vec![Vec::new(); states + 1];
        let mut off = vec![(true, 0); states + 1];
        for class in 0..classes.len() {
            for run in 1..=runs {
                let s = state(class, run) as usize;
                off[s] = (false, run);
                if run < runs || !line.bounded {
                    work(Some(class), (run + 1).min(runs), false, &mut steps[s]);
                }
                let if_first = run < line.min_run;
                steps[s].push(Step { group: rest, to: works as u16, if_first });
            }
        }
        for run in 1..=offs {
            let s = works + run - 1;
            off[s] = (true, run);
            work(None, 1, run < offs, &mut steps[s]);
            steps[s].push(Step {
                group: rest,
                to: (works + (run + 1).min(offs) - 1) as u16,
                if_first: false,
            });
        }
        let first = line.before + 1;
        if runs > 0 && (first <= runs || !line.bounded) {
            work(None, first.min(runs), false, &mut steps[states]);
        }
        steps[states].push(Step { group: rest, to: works as u16, if_first: false });
        let longest = groups.iter().map(|g| grid.length[g[0]]).max().unwrap_or(0);
        let reach = (0..=grid.days)
            .map(|n| {
                let worked = match line.bounded {
                    true => n / (runs + offs) * runs + (n % (runs + offs)).min(runs),
                    false => n,
                };
                worked as i64 * longest
            })
            .collect();
        let mut group_of = vec![u16::MAX; grid.kinds];
        for (g, kinds) in (0..).zip(&groups) {
            kinds.iter().for_each(|&k| group_of[k] = g);
        }
        let group_units = groups.iter().map(|g| grid.length[g[0]]).collect();
        Self { states, steps, off, groups, group_units, group_of, tracked: tracked.to_vec(), reach }
    }
}
