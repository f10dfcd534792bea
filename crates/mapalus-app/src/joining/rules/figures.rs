//! What becomes of those who walk a path, step by step: pure counting.

use super::super::model::{
    ApplicationState, Path, Step,
    figures::{StepFigures, Walk, Walked},
};
use mapalus_core::{ApplicationId, Millis, StepId, time::DAY};
use std::collections::BTreeMap;

/// What became of a step in one application, if it was reached: its time if it is behind.
enum Fate {
    Done(i64),
    There,
    Left,
}

/// The steps that are behind one application, with their instant and whether each was needed.
type Behind<'w> = BTreeMap<StepId, &'w Walked>;

fn fate(path: &Path, walk: &Walk, behind: &Behind<'_>, step: &Step) -> Option<Fate> {
    use ApplicationState::{Accepted, Declined, Sent, Waiting, Withdrawn};
    if let Some(walked) = behind.get(&step.id) {
        let before = path.steps.iter().filter(|other| other.block < step.block);
        let began = before.filter_map(|other| behind.get(&other.id)).map(|walked| walked.done_at).max();
        let began = began.unwrap_or(walk.made_at);
        return walked.needed.then_some(Fate::Done((walked.done_at.0 - began.0).max(0)));
    }
    let here = path.at(walk.place).is_some_and(|now| now.block == step.block);
    match walk.state {
        Sent | Waiting | Accepted if here => Some(Fate::There),
        Declined | Withdrawn if here => Some(Fate::Left),
        _ => None,
    }
}

/// The median of so many, in tenths of a day; none of none.
fn median_tenths(mut millis: Vec<i64>) -> Option<i64> {
    millis.sort_unstable();
    let middle = millis.len() / 2;
    let median = match millis.len() {
        0 => return None,
        odd if odd % 2 == 1 => millis[middle],
        _ => i64::midpoint(millis[middle - 1], millis[middle]),
    };
    Some((10 * median + DAY / 2) / DAY)
}

/// The figures of each step of a path. What an answer spared is not counted: it was not reached.
pub fn figures(path: &Path, walks: &[Walk], walked: &[Walked]) -> Vec<StepFigures> {
    let mut behind: BTreeMap<ApplicationId, Behind<'_>> = BTreeMap::new();
    for step in walked {
        behind.entry(step.application_id).or_default().insert(step.step_id, step);
    }
    let none = Behind::new();
    let of = |step: &Step| {
        let mut figures =
            StepFigures { place: step.place, name: step.name.clone(), ..StepFigures::default() };
        let mut times = Vec::new();
        for walk in walks {
            match fate(path, walk, behind.get(&walk.id).unwrap_or(&none), step) {
                Some(Fate::Done(millis)) => times.push(millis),
                Some(Fate::There) => figures.there += 1,
                Some(Fate::Left) => figures.left += 1,
                None => {}
            }
        }
        figures.entered = figures.there + figures.left + i64::try_from(times.len()).unwrap_or(i64::MAX);
        figures.median_days_tenths = median_tenths(times);
        figures
    };
    path.steps.iter().map(of).collect()
}

/// The step at which most give up, if any do.
pub fn where_people_leave(figures: &[StepFigures]) -> Option<&StepFigures> {
    figures.iter().filter(|step| step.left > 0).max_by_key(|step| (step.left, -step.place))
}

/// So many days back: older applications say little of the path as it is.
pub const SINCE_DAYS: i64 = 365;

/// Since when applications are counted.
pub const fn since(now: Millis) -> Millis {
    now.plus(-SINCE_DAYS * DAY)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::path, *};
    use crate::joining::model::StepKind::{Agreement, Decision, Form};
    use mapalus_core::{Id, chance::Counted};

    #[test]
    fn each_step_tells_who_came_who_is_there_who_left_and_how_long_it_takes() {
        let mut path = path(&[Form, Agreement, Form, Decision]);
        for (step, block) in path.steps.iter_mut().zip([0, 1, 1, 2]) {
            step.block = block;
        }
        let chance = Counted::default();
        let walk = |n: i64, state, place| Walk {
            id: ApplicationId::new(Millis(n), &chance),
            state,
            place,
            made_at: Millis(0),
        };
        let (done, there, left) = (
            walk(1, ApplicationState::Accepted, 4),
            walk(2, ApplicationState::Sent, 2),
            walk(3, ApplicationState::Withdrawn, 1),
        );
        let at = |of: &Walk, step: usize, days: i64, needed| Walked {
            application_id: of.id,
            step_id: path.steps[step].id,
            done_at: Millis(days * DAY),
            needed,
        };
        let walked = [
            at(&done, 0, 1, true),
            at(&done, 1, 3, true),
            at(&done, 2, 1, false),
            at(&done, 3, 7, true),
            at(&there, 0, 2, true),
            at(&there, 1, 4, true),
            at(&left, 0, 4, true),
        ];
        let found = figures(&path, &[done.clone(), there.clone(), left.clone()], &walked);
        let row = |n: usize| (found[n].entered, found[n].there, found[n].left, found[n].median_days_tenths);
        assert_eq!(row(0), (3, 0, 0, Some(20)));
        // One waits at the form beside it, one gave up at both.
        assert_eq!(row(1), (3, 0, 1, Some(20)));
        assert_eq!(row(2), (2, 1, 1, None));
        assert_eq!(row(3), (1, 0, 0, Some(40)));
        assert_eq!(where_people_leave(&found).map(|step| step.place), Some(1));
        assert_eq!(where_people_leave(&figures(&path, &[], &[])), None);
    }

    #[test]
    fn a_median_lies_in_the_middle() {
        assert_eq!(median_tenths(vec![]), None);
        assert_eq!(median_tenths(vec![3 * DAY, DAY, 2 * DAY]), Some(20));
        assert_eq!(median_tenths(vec![DAY, 2 * DAY]), Some(15));
    }
}
