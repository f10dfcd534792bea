//! What each person carries, and how evenly.

use super::Standing;
use crate::features;

/// What one person carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// The person.
    pub person: u32,
    /// Shifts.
    pub shifts: usize,
    /// Days with a shift.
    pub days: usize,
    /// Weekends with a shift.
    pub weekends: usize,
    /// Minutes worked.
    pub minutes: i64,
    /// Minutes of the fair share, where there is one.
    pub fair_minutes: Option<i64>,
    /// Minutes that they asked for.
    pub wanted_minutes: i64,
    /// Assignments that match a wish.
    pub wishes_met: usize,
    /// Assignments that match something they would rather not.
    pub wishes_crossed: usize,
    /// Cost of the wishes; below 0 where more were met.
    pub wishes: i64,
    /// Cost of the minutes: above the fair share, and below what they asked for.
    pub load: i64,
}

impl Load {
    /// Thousandths of the fair share; nothing where there is none.
    pub fn share_permille(&self) -> Option<i64> {
        let fair = self.fair_minutes.filter(|&fair| fair > 0)?;
        Some((self.minutes * 1000 + fair / 2) / fair)
    }
}

/// How evenly the work lies on those who have a fair share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fairness {
    /// People with a fair share above 0.
    pub people: usize,
    /// Those without any shift.
    pub without_shift: usize,
    /// Those above their fair share.
    pub above_fair: usize,
    /// Least share, in thousandths of the fair one.
    pub least_permille: i64,
    /// Mean share.
    pub mean_permille: i64,
    /// Largest share.
    pub most_permille: i64,
    /// Gini coefficient of the shares, in thousandths: 0 where all carry the same part of theirs, 1,000 where one
    /// carries all.
    pub gini_permille: i64,
}

impl Standing<'_> {
    /// What each person carries, in the order of the people.
    pub fn loads(&self) -> Vec<Load> {
        (0..self.problem().people.len() as u32).map(|person| self.load(person)).collect()
    }

    fn load(&self, person: u32) -> Load {
        let (problem, own) = (self.problem(), self.own(person));
        let who = &problem.people[person as usize];
        let mut days: Vec<i64> = own.iter().map(|&s| problem.shifts[s as usize].day()).collect();
        days.dedup();
        let mut weekends: Vec<i64> =
            days.iter().filter(|&&day| problem.weekday(day) >= 5).map(|&day| problem.week(day)).collect();
        weekends.dedup();
        let mut load = Load {
            person,
            shifts: own.len(),
            days: days.len(),
            weekends: weekends.len(),
            minutes: self.minutes(person),
            fair_minutes: who.fair_minutes,
            wanted_minutes: who.wanted_minutes,
            load: features::load::cost(problem, person, self.minutes(person)).iter().sum(),
            ..Load::default()
        };
        let mut shifts = own.to_vec();
        shifts.dedup();
        for shift in shifts {
            for &(_, role) in self.crew(shift).iter().filter(|(other, _)| *other == person) {
                let place = problem.shifts[shift as usize].place;
                let cost = features::wishes::cost(&who.wishes, shift, role, place);
                load.wishes += cost;
                load.wishes_met += usize::from(cost < 0);
                load.wishes_crossed += usize::from(cost > 0);
            }
        }
        load
    }
}

/// How even the loads are.
pub fn fairness(loads: &[Load]) -> Fairness {
    let mut shares: Vec<(i64, usize)> =
        loads.iter().filter_map(|load| Some((load.share_permille()?, load.shifts))).collect();
    shares.sort_unstable();
    let (people, sum) = (shares.len(), shares.iter().map(|share| share.0).sum::<i64>());
    let count = people as i64;
    // Of the shares in order: 2 sum(i x_i) / (n sum(x)) - (n + 1) / n, in thousandths.
    let weighted: i64 = (1..).zip(&shares).map(|(i, share)| i * share.0).sum();
    let gini = if sum > 0 { (2 * weighted - (count + 1) * sum) * 1000 / (count * sum) } else { 0 };
    Fairness {
        people,
        without_shift: shares.iter().filter(|share| share.1 == 0).count(),
        above_fair: shares.iter().filter(|share| share.0 > 1000).count(),
        least_permille: shares.first().map_or(0, |share| share.0),
        mean_permille: if count > 0 { sum / count } else { 0 },
        most_permille: shares.last().map_or(0, |share| share.0),
        gini_permille: gini,
    }
}
