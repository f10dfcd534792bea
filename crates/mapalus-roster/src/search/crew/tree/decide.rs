//! What is decided at a branch, what follows from it, and what to decide next.

use super::{Choice, Tree};

/// What is decided at a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Decision {
    /// The person takes the option, or does not.
    Option(usize, usize, bool),
    /// A guarded shift, by its place among them, is worked or not.
    Worked(usize, bool),
    /// A whole number, by its place among the groups, is at least this, or less.
    AtLeast(usize, usize, bool),
}

impl Decision {
    /// The other side of the branch.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Option(p, o, take) => Self::Option(p, o, !take),
            Self::Worked(w, worked) => Self::Worked(w, !worked),
            Self::AtLeast(group, least, holds) => Self::AtLeast(group, least, !holds),
        }
    }
}

/// One more decision of a kind, or one less.
fn count(decisions: &mut u32, holds: bool) {
    *decisions = if holds { *decisions + 1 } else { *decisions - 1 };
}

impl Tree<'_, '_> {
    /// From the decisions that hold to others.
    pub(super) fn go(&mut self, path: &mut Vec<Decision>, next: Vec<Decision>) {
        let same = path.iter().zip(&next).take_while(|(a, b)| a == b).count();
        while path.len() > same {
            if let Some(decision) = path.pop() {
                self.decide(decision, false);
            }
        }
        for &decision in &next[same..] {
            self.decide(decision, true);
        }
        *path = next;
        self.rows.linear.reprice();
    }

    /// Whether the decision contradicts the choice.
    fn contradicts(&self, decision: Decision, choice: &Choice) -> bool {
        match decision {
            Decision::Option(p, o, take) => choice.person == p && choice.options.contains(&o) != take,
            Decision::Worked(w, false) => {
                let shift = self.rows.worked[w].1;
                let of = |&o: &usize| {
                    let seat = self.field.options[choice.person][o];
                    self.field.seats[seat as usize].shift == shift
                };
                choice.options.iter().any(of)
            }
            Decision::Worked(_, true) | Decision::AtLeast(..) => false,
        }
    }

    pub(super) fn decide(&mut self, decision: Decision, holds: bool) {
        match decision {
            Decision::Option(p, o, true) => count(&mut self.forced[p][o], holds),
            Decision::Option(p, o, false) => count(&mut self.barred[p][o], holds),
            Decision::AtLeast(group, least, true) => {
                for unit in 0..least {
                    self.rows.force(self.rows.groups[group][unit], holds);
                }
            }
            Decision::AtLeast(group, least, false) => {
                for unit in least - 1..self.rows.groups[group].len() {
                    self.rows.close(self.rows.groups[group][unit], holds);
                }
            }
            Decision::Worked(w, true) => self.rows.force(self.rows.worked[w].0, holds),
            Decision::Worked(w, false) => {
                self.rows.close(self.rows.worked[w].0, holds);
                let shift = self.rows.worked[w].1;
                for (p, options) in self.field.options.iter().enumerate() {
                    for (o, &x) in options.iter().enumerate() {
                        if self.field.seats[x as usize].shift == shift {
                            count(&mut self.barred[p][o], holds);
                        }
                    }
                }
            }
        }
        for c in 0..self.choices.len() {
            if self.contradicts(decision, &self.choices[c]) {
                let choice = &mut self.choices[c];
                count(&mut choice.against, holds);
                let (number, closed) = (choice.number, choice.against > 0);
                self.rows.linear.close(number, closed);
            }
        }
    }

    /// What is most in doubt; `None` where nothing is.
    pub(super) fn branch(&self, shares: &[(f64, usize)]) -> Option<Decision> {
        let doubt = |share: f64| share.min(1.0 - share);
        let mut best: Option<(f64, Decision)> = None;
        for (w, &(slack, _)) in self.rows.worked.iter().enumerate() {
            let share = self.rows.share(slack);
            if doubt(share) > best.map_or(0.02, |b| b.0) {
                best = Some((doubt(share), Decision::Worked(w, share > 0.4)));
            }
        }
        if let Some((_, decision)) = best {
            return Some(decision);
        }
        for (group, units) in self.rows.groups.iter().enumerate() {
            let used: f64 = units.iter().map(|&unit| self.rows.share(unit)).sum();
            let (least, part) = (used.floor() as usize + 1, used - used.floor());
            if least < units.len().max(2) && doubt(part) > best.map_or(0.02, |b| b.0) {
                best = Some((doubt(part), Decision::AtLeast(group, least, part > 0.3)));
            }
            // Sums of many come first.
            if best.is_some() && group + 1 == self.rows.sums {
                break;
            }
        }
        if let Some((_, decision)) = best {
            return Some(decision);
        }
        let mut of_option: Vec<Vec<f64>> = self.field.options.iter().map(|o| vec![0.0; o.len()]).collect();
        for &(share, c) in shares {
            let choice = &self.choices[c];
            choice.options.iter().for_each(|&o| of_option[choice.person][o] += share);
        }
        for (p, options) in of_option.iter().enumerate() {
            for (o, &share) in options.iter().enumerate() {
                if doubt(share) > best.map_or(1e-3, |b| b.0 + 1e-6) {
                    best = Some((doubt(share), Decision::Option(p, o, share > 0.3)));
                }
            }
        }
        best.map(|(_, decision)| decision)
    }
}
