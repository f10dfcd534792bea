//! What follows when a step is behind: pure decisions.

use super::super::model::{Application, ApplicationState, Path, Step, StepKind};
use mapalus_core::{MembershipState, StepId};

/// What follows when a step is done or skipped.
#[derive(Debug, PartialEq, Eq)]
pub struct Advance {
    /// The place of the first step that is open then; beyond the last when all is done.
    pub place: i64,
    /// Whether other steps are open then than before: their time begins.
    pub begins: bool,
    /// The application's state then.
    pub state: ApplicationState,
    /// The membership's state then.
    pub membership: MembershipState,
}

/// What follows when a step is done or skipped, and these do not apply from then on. The steps of a block are open until
/// each of them is behind; those that were done before are passed over.
pub fn advance(application: &Application, path: &Path, step: &Step, spared: &[StepId]) -> Advance {
    use ApplicationState::{Accepted, Sent};
    let behind = |id: StepId| id == step.id || spared.contains(&id) || path.behind(id).is_some();
    let left = path.steps.iter().filter(|step| !behind(step.id));
    let end = path.steps.iter().map(|step| step.place + 1).max().unwrap_or(0);
    let place = left.map(|step| step.place).min().unwrap_or(end);
    let next = path.at(place);
    // The last of its decisions accepts; a path without any takes who has walked it.
    let decided = step.kind == StepKind::Decision;
    let accepted =
        application.state == Accepted || ((decided || next.is_none()) && !path.decides_from(place));
    let membership = match (accepted, next) {
        (true, None) => MembershipState::Active,
        (true, Some(_)) => MembershipState::Accepted,
        (false, _) => MembershipState::Applied,
    };
    let begins = next.map(|next| next.block) != Some(step.block);
    Advance { place, begins, state: if accepted { Accepted } else { Sent }, membership }
}

/// The steps that do not apply once a form is sent with these answers: those whose condition they do not meet, and those
/// that hang on a form that does not apply.
pub fn spared(path: &Path, form: StepId, answers: &[(String, String)]) -> Vec<StepId> {
    let mut gone: Vec<StepId> = Vec::new();
    for step in &path.steps {
        let Some(condition) = &step.only_if else {
            continue;
        };
        let asked = path.questions.iter().find(|question| question.key == condition.question);
        let Some(of) = asked.map(|question| question.step_id) else {
            continue;
        };
        let answer =
            answers.iter().find(|(key, _)| *key == condition.question).map(|(_, value)| value.as_str());
        if gone.contains(&of) || (of == form && !condition.met(answer)) {
            gone.push(step.id);
        }
    }
    gone
}

/// The steps that do not apply to somebody of at least that age, an adult if none is given, and are not behind. It is
/// settled when an application is sent: nobody is asked for less since a year has passed.
pub fn spared_by_age(path: &Path, least_age: Option<i64>) -> Vec<StepId> {
    let other = |step: &&Step| {
        let condition = step.only_if.as_ref().filter(|condition| condition.is_age());
        condition.is_some_and(|condition| !condition.met_by_age(least_age)) && path.behind(step.id).is_none()
    };
    path.steps.iter().filter(other).map(|step| step.id).collect()
}

#[cfg(test)]
mod tests;
