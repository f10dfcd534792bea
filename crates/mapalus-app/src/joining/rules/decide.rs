//! What a reviewer may decide or skip, and what follows: pure decisions.

use super::super::model::{Application, ApplicationState, Outcome, Path, Step, StepKind};
use crate::shell::forms::Wrong;
use mapalus_core::{Refusal, RefusalKind, StepId};

/// What a reviewer's decision leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Decided {
    /// One more approval; others are needed.
    Approved,
    /// The state of the application from now on.
    Now(ApplicationState),
}

/// How many must agree to accept: what the step says, but never more than there are who may.
pub fn needed(step: Option<&Step>, reviewers: i64) -> i64 {
    step.map_or(1, |step| step.approvals).min(reviewers).max(1)
}

/// Whether it is the coordinators' turn to decide so, where an application stands so and a step of this kind is next.
/// One may decline at any step; accepting and waiting are for the coordinators' own step.
pub fn is_turn(outcome: Outcome, state: ApplicationState, next: Option<StepKind>) -> bool {
    use ApplicationState::{Sent, Waiting};
    let own_step = next == Some(StepKind::Decision);
    match outcome {
        Outcome::Decline => matches!(state, Sent | Waiting),
        Outcome::Accept => own_step && matches!(state, Sent | Waiting),
        Outcome::Wait => own_step && state == Sent,
    }
}

/// Whether a reviewer may decide so, and what follows. `approvals` counts the other reviewers who have
/// accepted already, `reviewers` all who may decide on this application.
///
/// # Errors
/// `joining-not-decidable` when it is not the coordinators' turn, `joining-own` for one's own
/// application, `joining-reason-needed` for a decline without a reason.
pub fn decide(
    application: &Application,
    path: &Path,
    outcome: Outcome,
    own: bool,
    reason: &str,
    (approvals, reviewers): (i64, i64),
) -> Result<Decided, Refusal> {
    use ApplicationState::{Accepted, Declined, Waiting};
    if own {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-own"));
    }
    let step = path.at(application.place).filter(|step| step.kind == StepKind::Decision);
    if !is_turn(outcome, application.state, step.map(|step| step.kind)) {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-not-decidable"));
    }
    if outcome == Outcome::Decline && reason.trim().is_empty() {
        let flaw = mapalus_core::Flaw {
            field: "reason".to_owned(),
            key: "joining-reason-needed",
            arguments: vec![],
        };
        return Err(Refusal::invalid(vec![flaw]));
    }
    Ok(match outcome {
        Outcome::Accept if approvals + 1 < needed(step, reviewers) => Decided::Approved,
        Outcome::Accept => Decided::Now(Accepted),
        Outcome::Decline => Decided::Now(Declined),
        Outcome::Wait => Decided::Now(Waiting),
    })
}

/// Whether a coordinator may skip an open step, and which it is: the one that is wanted, or the first. Decisions are not
/// skipped: they are made.
///
/// # Errors
/// `joining-own` for one's own application, `joining-not-skippable` when there is nothing to skip,
/// `joining-skip-needed` without a reason.
pub fn skip<'p>(
    application: &Application,
    path: &'p Path,
    wanted: Option<StepId>,
    own: bool,
    reason: &str,
) -> Result<&'p Step, Refusal> {
    if own {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-own"));
    }
    let step = skippable(application, path)
        .into_iter()
        .find(|step| wanted.is_none_or(|wanted| wanted == step.id))
        .ok_or_else(|| Refusal::new(RefusalKind::Conflict, "joining-not-skippable"))?;
    if reason.trim().is_empty() {
        return Err(Wrong::plain("joining-skip-needed").at("skip_reason"));
    }
    Ok(step)
}

/// The open steps that can be skipped at all.
pub fn skippable<'p>(application: &Application, path: &'p Path) -> Vec<&'p Step> {
    use ApplicationState::{Accepted, Sent};
    let under_way = matches!(application.state, Sent | Accepted);
    path.open(application).filter(|step| step.kind != StepKind::Decision && under_way).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{application, path},
        *,
    };
    use ApplicationState::{Accepted, Declined, Draft, Sent};
    use StepKind::{Agreement, Decision, Form};

    #[test]
    fn two_approvals_are_needed_where_the_step_says_two() {
        let path = path(&[Form, Decision]);
        let at = application(Sent, 1);
        assert_eq!(decide(&at, &path, Outcome::Accept, false, "", (0, 5)), Ok(Decided::Approved));
        assert_eq!(decide(&at, &path, Outcome::Accept, false, "", (1, 5)), Ok(Decided::Now(Accepted)));
        assert_eq!(decide(&at, &path, Outcome::Decline, false, "penuh", (0, 5)), Ok(Decided::Now(Declined)));
    }

    #[test]
    fn a_group_with_one_reviewer_accepts_by_one_whatever_its_path_says() {
        let path = path(&[Form, Decision]);
        let at = application(Sent, 1);
        assert_eq!(decide(&at, &path, Outcome::Accept, false, "", (0, 1)), Ok(Decided::Now(Accepted)));
        assert_eq!(decide(&at, &path, Outcome::Accept, false, "", (0, 0)), Ok(Decided::Now(Accepted)));
    }

    #[test]
    fn nobody_decides_on_their_own_application_before_its_turn_or_without_a_reason() {
        let path = path(&[Form, Decision]);
        let key = |r: Result<Decided, Refusal>| r.map_err(|r| r.key);
        assert_eq!(
            key(decide(&application(Sent, 1), &path, Outcome::Accept, true, "", (5, 5))),
            Err("joining-own")
        );
        assert_eq!(
            key(decide(&application(Draft, 0), &path, Outcome::Accept, false, "", (5, 5))),
            Err("joining-not-decidable")
        );
        assert_eq!(
            key(decide(&application(Sent, 0), &path, Outcome::Accept, false, "", (5, 5))),
            Err("joining-not-decidable")
        );
        let silent = decide(&application(Sent, 1), &path, Outcome::Decline, false, " ", (0, 5));
        assert_eq!(key(silent), Err("refusal-invalid"));
        assert_eq!(
            key(decide(&application(Accepted, 2), &path, Outcome::Decline, false, "x", (0, 5))),
            Err("joining-not-decidable")
        );
    }

    #[test]
    fn a_step_is_skipped_by_others_with_a_reason_and_a_decision_never() {
        let path = path(&[Form, Agreement, Decision]);
        let key = |r: Result<&Step, Refusal>| r.map(|step| step.place).map_err(|r| r.key);
        assert_eq!(key(skip(&application(Sent, 1), &path, None, false, "Sudah dikenal.")), Ok(1));
        assert_eq!(key(skip(&application(Sent, 1), &path, None, true, "x")), Err("joining-own"));
        assert_eq!(key(skip(&application(Sent, 1), &path, None, false, " ")), Err("refusal-invalid"));
        assert_eq!(key(skip(&application(Sent, 2), &path, None, false, "x")), Err("joining-not-skippable"));
        assert_eq!(key(skip(&application(Draft, 0), &path, None, false, "x")), Err("joining-not-skippable"));
        assert_eq!(
            key(skip(&application(Declined, 1), &path, None, false, "x")),
            Err("joining-not-skippable")
        );
    }
}
