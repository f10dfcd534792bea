//! A basis as the product of two triangles, sparse, with a file of the exchanges since.
//!
//! Left-looking elimination, columns with the fewest entries first; of the rows that are large enough that with the
//! fewest entries is the pivot. Each exchange of a column adds one entry to the file (product form of the inverse).

/// Smaller than this is nothing.
const TINY: f64 = 1e-11;

/// Share of the largest entry of a column that a pivot must have.
const LARGE_ENOUGH: f64 = 0.1;

/// Lists of (index, value), one after the other.
#[derive(Default)]
struct Lists {
    from: Vec<usize>,
    index: Vec<u32>,
    value: Vec<f64>,
}

impl Lists {
    fn clear(&mut self) {
        self.from.clear();
        self.from.push(0);
        self.index.clear();
        self.value.clear();
    }

    fn push(&mut self, index: u32, value: f64) {
        self.index.push(index);
        self.value.push(value);
    }

    fn close(&mut self) {
        self.from.push(self.index.len());
    }

    #[inline]
    fn of(&self, i: usize) -> impl Iterator<Item = (usize, f64)> {
        let range = self.from[i]..self.from[i + 1];
        self.index[range.clone()].iter().zip(&self.value[range]).map(|(&i, &v)| (i as usize, v))
    }

    fn len(&self) -> usize {
        self.from.len() - 1
    }
}

#[derive(Default)]
pub(super) struct Factor {
    rows: usize,
    lower: Lists,
    /// Entries by step; the diagonal apart.
    upper: Lists,
    diagonal: Vec<f64>,
    /// Row and column of each step.
    row: Vec<u32>,
    column: Vec<u32>,
    /// Exchanges: the place, the entry there, and the others.
    place: Vec<(u32, f64)>,
    others: Lists,
    /// Entries that have been touched: a clock that is the same on every machine.
    pub work: u64,
}

impl Factor {
    /// Factors the columns of a basis, given as (row, value). The places of columns that depend on the others, and the
    /// rows that they leave, come back: there a unit column was taken instead.
    pub(super) fn build<'c>(
        &mut self,
        rows: usize,
        column: &dyn Fn(usize) -> (&'c [u32], &'c [f64]),
    ) -> Vec<(usize, usize)> {
        self.rows = rows;
        for lists in [&mut self.lower, &mut self.upper, &mut self.others] {
            lists.clear();
        }
        self.place.clear();
        self.diagonal.clear();
        self.row.clear();
        self.column.clear();
        let mut in_row = vec![0_u32; rows];
        for c in 0..rows {
            column(c).0.iter().for_each(|&r| in_row[r as usize] += 1);
        }
        let mut order: Vec<u32> = (0..rows as u32).collect();
        order.sort_by_key(|&c| {
            let entries = column(c as usize).0;
            (entries.len(), entries.iter().map(|&r| in_row[r as usize]).min(), c)
        });
        let mut step_of = vec![u32::MAX; rows];
        let mut work = vec![0.0_f64; rows];
        let mut seen = vec![u32::MAX; rows];
        let (mut reached, mut stack): (Vec<u32>, Vec<(u32, usize)>) = (Vec::new(), Vec::new());
        let mut left = Vec::new();
        for (mark, &c) in (0..).zip(&order) {
            let (index, value) = column(c as usize);
            reached.clear();
            for (&r, &v) in index.iter().zip(value) {
                work[r as usize] = v;
                self.reach(r, mark, &step_of, &mut seen, &mut stack, &mut reached);
            }
            // Deepest first in the list: the last that was closed depends on nothing before it.
            for &r in reached.iter().rev() {
                let step = step_of[r as usize];
                let v = work[r as usize];
                if step == u32::MAX || v == 0.0 {
                    continue;
                }
                for (i, m) in self.lower.of(step as usize) {
                    work[i] -= m * v;
                }
            }
            let free = |r: &&u32| step_of[**r as usize] == u32::MAX;
            let largest = reached.iter().filter(free).map(|&r| work[r as usize].abs()).fold(0.0, f64::max);
            let fits = |r: &&u32| work[**r as usize].abs() >= LARGE_ENOUGH * largest;
            let pivot = (largest > 1e-9)
                .then(|| reached.iter().filter(free).filter(fits).min_by_key(|&&r| (in_row[r as usize], r)))
                .flatten()
                .copied();
            match pivot {
                Some(pivot) => {
                    let scale = work[pivot as usize];
                    for &r in &reached {
                        let v = work[r as usize];
                        if v.abs() > TINY && r != pivot {
                            match step_of[r as usize] {
                                u32::MAX => self.lower.push(r, v / scale),
                                step => self.upper.push(step, v),
                            }
                        }
                    }
                    step_of[pivot as usize] = self.row.len() as u32;
                    self.row.push(pivot);
                    self.column.push(c);
                    self.diagonal.push(scale);
                    self.lower.close();
                    self.upper.close();
                }
                None => left.push(c as usize),
            }
            for &r in &reached {
                work[r as usize] = 0.0;
            }
        }
        let mut open = (0..rows).filter(|&r| step_of[r] == u32::MAX).collect::<Vec<_>>();
        let mut replaced = Vec::new();
        for c in left {
            let Some(r) = open.pop() else { break };
            self.row.push(r as u32);
            self.column.push(c as u32);
            self.diagonal.push(1.0);
            self.lower.close();
            self.upper.close();
            replaced.push((c, r));
        }
        replaced
    }

    /// The rows that an entry in row `r` fills, each after those that it fills.
    fn reach(
        &self,
        r: u32,
        mark: u32,
        step_of: &[u32],
        seen: &mut [u32],
        stack: &mut Vec<(u32, usize)>,
        reached: &mut Vec<u32>,
    ) {
        if seen[r as usize] == mark {
            return;
        }
        seen[r as usize] = mark;
        stack.push((r, 0));
        while let Some((r, next)) = stack.last_mut() {
            let step = step_of[*r as usize];
            let mut deeper = None;
            if step != u32::MAX {
                let (from, to) = (self.lower.from[step as usize], self.lower.from[step as usize + 1]);
                while from + *next < to {
                    let i = self.lower.index[from + *next];
                    *next += 1;
                    if seen[i as usize] != mark {
                        deeper = Some(i);
                        break;
                    }
                }
            }
            match deeper {
                Some(i) => {
                    seen[i as usize] = mark;
                    stack.push((i, 0));
                }
                None => {
                    reached.push(*r);
                    stack.pop();
                }
            }
        }
    }

    /// How many exchanges since the last building.
    pub(super) fn exchanges(&self) -> usize {
        self.place.len()
    }

    /// Entries of the exchanges.
    pub(super) fn weight(&self) -> usize {
        self.others.index.len()
    }

    /// Solves `B x = w`: `w` by rows becomes `x` by places. `w` is cleared.
    pub(super) fn forward(&mut self, w: &mut [f64], x: &mut [f64]) {
        let mut touched = 2 * self.rows;
        for step in 0..self.row.len() {
            let v = w[self.row[step] as usize];
            if v != 0.0 {
                for (i, m) in self.lower.of(step) {
                    w[i] -= m * v;
                    touched += 1;
                }
            }
        }
        for step in (0..self.row.len()).rev() {
            let r = self.row[step] as usize;
            let v = w[r];
            w[r] = 0.0;
            if v.abs() <= TINY {
                x[self.column[step] as usize] = 0.0;
                continue;
            }
            let v = v / self.diagonal[step];
            x[self.column[step] as usize] = v;
            for (before, u) in self.upper.of(step) {
                w[self.row[before] as usize] -= u * v;
                touched += 1;
            }
        }
        for (e, &(place, entry)) in self.place.iter().enumerate() {
            let v = x[place as usize];
            if v != 0.0 {
                let v = v / entry;
                x[place as usize] = v;
                for (i, a) in self.others.of(e) {
                    x[i] -= a * v;
                    touched += 1;
                }
            }
        }
        self.work += touched as u64;
    }

    /// Solves `y B = c`: `c` by places becomes `y` by rows. `c` is used up; `z` is room of the same size.
    pub(super) fn backward(&mut self, c: &mut [f64], z: &mut [f64], y: &mut [f64]) {
        for (e, &(place, entry)) in self.place.iter().enumerate().rev() {
            let sum: f64 = self.others.of(e).map(|(i, a)| a * c[i]).sum();
            c[place as usize] = (c[place as usize] - sum) / entry;
        }
        for step in 0..self.row.len() {
            let sum: f64 = self.upper.of(step).map(|(before, u)| u * z[before]).sum();
            z[step] = (c[self.column[step] as usize] - sum) / self.diagonal[step];
        }
        for step in (0..self.row.len()).rev() {
            let sum: f64 = self.lower.of(step).map(|(i, m)| m * y[i]).sum();
            y[self.row[step] as usize] = z[step] - sum;
        }
        self.work += (self.lower.index.len() + self.upper.index.len() + self.others.index.len()) as u64;
        self.work += 2 * self.rows as u64;
    }

    /// The column at `place` gives way to one that is `alpha` in terms of the basis.
    pub(super) fn exchange(&mut self, place: usize, alpha: &[f64]) {
        debug_assert_eq!(self.others.len(), self.place.len(), "a list for each exchange");
        self.place.push((place as u32, alpha[place]));
        for (i, &a) in alpha.iter().enumerate() {
            if i != place && a.abs() > TINY {
                self.others.push(i as u32, a);
            }
        }
        self.others.close();
    }
}
