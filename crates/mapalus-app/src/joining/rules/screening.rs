//! Who may score an applicant, who sees which scores, what they come to: pure decisions.

use super::super::model::{
    Application, ApplicationState, Path, Step, StepKind,
    screening::{Criterion, Scores},
};
use crate::shell::{
    Checks,
    forms::{self, Wrong},
};
use mapalus_core::{Argument, PersonId, Refusal, RefusalKind, StepId};

/// The lowest score.
pub const LEAST: i64 = 1;
/// The highest score.
pub const MOST: i64 = 5;

fn conflict<T>(key: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new(RefusalKind::Conflict, key))
}

/// Those who may score an applicant: who may decide, but neither the applicant nor who vouched for them.
pub fn eligible(holders: &[PersonId], applicant: PersonId, vouchers: &[PersonId]) -> Vec<PersonId> {
    holders.iter().copied().filter(|one| *one != applicant && !vouchers.contains(one)).collect()
}

/// How many must give their scores: what the step says, but never more than there are who may.
pub fn needed(step: &Step, eligible: usize) -> usize {
    usize::try_from(step.details.reviewers).unwrap_or(1).min(eligible).max(1)
}

/// The screening that a reviewer may score now: the one that is wanted, or the first. A new one scores while it is open; who
/// has scored changes that until something is decided on it.
///
/// # Errors
/// `joining-own`, `joining-screening-voucher`, `joining-over`, `joining-screening-decided` or `joining-not-this-step`.
pub fn may_score<'p>(
    (application, path): (&Application, &'p Path),
    wanted: Option<StepId>,
    (reviewer, vouched): (PersonId, bool),
    has_scored: impl Fn(StepId) -> bool,
) -> Result<&'p Step, Refusal> {
    use ApplicationState::{Accepted, Sent, Waiting};
    if reviewer == application.person_id {
        return conflict("joining-own");
    }
    if vouched {
        return conflict("joining-screening-voucher");
    }
    if !matches!(application.state, Sent | Waiting | Accepted) {
        return conflict("joining-over");
    }
    let is_wanted =
        |step: &&Step| step.kind == StepKind::Screening && wanted.is_none_or(|wanted| wanted == step.id);
    if let Some(open) = path.open(application).find(is_wanted) {
        return Ok(open);
    }
    let scored = |step: &&Step| is_wanted(step) && has_scored(step.id);
    let Some(step) = path.steps.iter().rfind(scored) else {
        return conflict("joining-not-this-step");
    };
    if decided_since(path, step) { conflict("joining-screening-decided") } else { Ok(step) }
}

/// Whether something was decided after a step.
fn decided_since(path: &Path, step: &Step) -> bool {
    let later = |other: &&Step| other.kind == StepKind::Decision && other.place > step.place;
    path.steps.iter().filter(later).any(|decision| path.behind(decision.id).is_some())
}

/// The scores of a reviewer: one for each criterion, 1 to 5.
///
/// # Errors
/// What is wrong, under `scores.0` and so on; `scores` for too many.
pub fn held(criteria: &[Criterion], given: &[i64], note: &str) -> Result<(Scores, String), Refusal> {
    let mut checks = Checks::new();
    for n in 0..criteria.len() {
        let score = given.get(n).copied().filter(|score| (LEAST..=MOST).contains(score));
        checks.field(&format!("scores.{n}"), score.ok_or(Wrong::plain("joining-wrong-score")));
    }
    if given.len() > criteria.len() {
        let most = vec![("most", Argument::Number(i64::try_from(criteria.len()).unwrap_or(i64::MAX)))];
        checks.wrong("scores", Wrong("joining-wrong-many", most));
    }
    let note = checks.field("note", forms::bounded(note, 0, 500));
    checks.done(note.map(|note| (given.iter().copied().collect(), note)))
}

/// Whether reviewers see one another's scores: once the screening is behind, so many have given theirs as were needed.
pub fn revealed(path: &Path, step: StepId) -> bool {
    path.behind(step).is_some()
}

/// What the scores of an applicant come to, in tenths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The mean of what the reviewers give, each criterion by its weight.
    pub mean: i64,
    /// How far the highest of them is above the lowest.
    pub spread: i64,
    /// The same of each criterion.
    pub criteria: Vec<(i64, i64)>,
}

/// The mean of so many, rounded.
fn mean(sum: i64, count: i64) -> i64 {
    if count == 0 { 0 } else { (2 * sum + count) / (2 * count) }
}

fn over(values: &[i64]) -> (i64, i64) {
    let spread = values.iter().max().unwrap_or(&0) - values.iter().min().unwrap_or(&0);
    (mean(values.iter().sum(), i64::try_from(values.len()).unwrap_or(i64::MAX)), spread)
}

/// What the scores of so many reviewers come to; nothing if there are none.
pub fn figures(criteria: &[Criterion], scores: &[Scores]) -> Option<Figures> {
    if scores.is_empty() {
        return None;
    }
    let whole: i64 = criteria.iter().map(|criterion| criterion.weight).sum();
    let weighed = |scores: &Scores| {
        let sum = criteria.iter().zip(scores.iter()).map(|(criterion, score)| criterion.weight * score * 10);
        mean(sum.sum(), whole)
    };
    let (mean, spread) = over(&scores.iter().map(weighed).collect::<Vec<_>>());
    let one = |n: usize| over(&scores.iter().filter_map(|of| of.at(n)).map(|s| s * 10).collect::<Vec<_>>());
    Some(Figures { mean, spread, criteria: (0..criteria.len()).map(one).collect() })
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{application, path},
        *,
    };
    use crate::joining::model::{Done, How};
    use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting};
    use StepKind::{Decision, Form, Screening};
    use mapalus_core::{Id, Millis, chance::Counted};

    fn people<const N: usize>() -> [PersonId; N] {
        let chance = Counted::default();
        // The first one is the applicant of the tests.
        std::array::from_fn(|n| PersonId::new(Millis(n as i64 + 1), &chance))
    }

    fn criterion(weight: i64) -> Criterion {
        Criterion { name: String::new(), good: String::new(), weight }
    }

    fn scores(text: &str) -> Scores {
        text.parse().unwrap()
    }

    #[test]
    fn neither_the_applicant_nor_who_vouched_scores_and_a_small_group_needs_fewer() {
        let [applicant, voucher, one, other] = people();
        assert_eq!(eligible(&[applicant, voucher, one, other], applicant, &[voucher]), [one, other]);
        let mut path = path(&[Form, Screening]);
        path.steps[1].details.reviewers = 2;
        let step = &path.steps[1];
        assert_eq!((needed(step, 5), needed(step, 1), needed(step, 0)), (2, 1, 1));
    }

    #[test]
    fn one_scores_while_it_is_open_and_changes_that_until_something_is_decided() {
        let [_, reviewer] = people();
        let mut path = path(&[Form, Screening, Decision, Form]);
        let key = |path: &Path, state, place, vouched, scored: bool| {
            let application = application(state, place);
            may_score((&application, path), None, (reviewer, vouched), |_| scored)
                .map(|_| ())
                .map_err(|r| r.key)
        };
        assert_eq!(key(&path, Draft, 0, false, false), Err("joining-over"));
        assert_eq!(key(&path, Sent, 0, false, false), Err("joining-not-this-step"));
        assert_eq!(key(&path, Sent, 1, false, false), Ok(()));
        assert_eq!(key(&path, Sent, 1, true, false), Err("joining-screening-voucher"));
        let done = |n: usize| Done {
            step_id: path.steps[n].id,
            done_at: Millis(0),
            how: How::Done,
            skipped_for: String::new(),
        };
        let (form, screening, decision) = (done(0), done(1), done(2));
        path.done.extend([form, screening]);
        assert_eq!(key(&path, Sent, 2, false, false), Err("joining-not-this-step"));
        assert_eq!(key(&path, Sent, 2, false, true), Ok(()));
        assert_eq!(key(&path, Waiting, 2, false, true), Ok(()));
        path.done.push(decision);
        assert_eq!(key(&path, Accepted, 3, false, true), Err("joining-screening-decided"));
        assert_eq!(key(&path, Declined, 2, false, true), Err("joining-over"));
    }

    #[test]
    fn scores_are_weighed_and_their_spread_is_told() {
        let criteria = [criterion(1), criterion(3)];
        assert_eq!(figures(&criteria, &[]), None);
        // 5 and 3 weighed are 3.5, 2 and 5 are 4.25.
        let found = figures(&criteria, &[scores("5 3"), scores("2 5")]).unwrap();
        assert_eq!((found.mean, found.spread), (39, 8));
        assert_eq!(found.criteria, [(35, 30), (40, 20)]);
        let one = figures(&criteria, &[scores("4 4")]).unwrap();
        assert_eq!((one.mean, one.spread), (40, 0));
    }

    #[test]
    fn every_criterion_gets_a_score_from_one_to_five() {
        let criteria = [criterion(1), criterion(1)];
        let fields = |given: &[i64]| {
            let refusal = held(&criteria, given, "").err();
            refusal.map_or(Vec::new(), |r| r.fields.into_iter().map(|flaw| flaw.field).collect())
        };
        assert_eq!(fields(&[1, 5]), [""; 0]);
        assert_eq!(fields(&[0, 6]), ["scores.0", "scores.1"]);
        assert_eq!(fields(&[3]), ["scores.1"]);
        assert_eq!(fields(&[3, 3, 3]), ["scores"]);
    }
}
