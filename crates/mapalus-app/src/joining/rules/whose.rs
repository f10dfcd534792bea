//! Where an application stands, in one line: the step, whose turn it is, until when. Pure decisions.

use super::super::model::{
    Actor, Application, ApplicationState, How, StepKind,
    mine::{Stand, StepOfMine},
};
use mapalus_core::time::DAY;

/// Where an application stands; nothing once it has ended, waits, or is walked.
pub fn stand(application: &Application, steps: &[StepOfMine]) -> Option<Stand> {
    use ApplicationState::{Accepted, Draft, Sent};
    if !matches!(application.state, Draft | Sent | Accepted) {
        return None;
    }
    let apply: Vec<&StepOfMine> = steps.iter().filter(|step| step.how != Some(How::Spared)).collect();
    let block = steps.iter().find(|step| step.place == application.place)?.block;
    // What was decided and is not told yet is open still: the place is that of the first.
    let open =
        |step: &&&StepOfMine| step.block == block && (step.how.is_none() || step.place == application.place);
    let open: Vec<&StepOfMine> = apply.iter().filter(open).copied().collect();
    let own = open.iter().find(|step| turn(step, application.state) == Some(Actor::Applicant));
    let step = own.or(open.first())?;
    let number = apply.iter().position(|one| one.step_id == step.step_id)? + 1;
    Some(Stand {
        step: step.step_id,
        number: i64::try_from(number).unwrap_or(i64::MAX),
        count: i64::try_from(apply.len()).unwrap_or(i64::MAX),
        actor: turn(step, application.state),
        due_at: application.step_since.plus(step.days * DAY),
    })
}

/// Whose turn it is in an open step; nobody's while an interview is to come.
fn turn(step: &StepOfMine, state: ApplicationState) -> Option<Actor> {
    match step.kind {
        StepKind::Form | StepKind::Agreement => Some(Actor::Applicant),
        // Until it is sent nobody else has to do with it.
        _ if state == ApplicationState::Draft => None,
        StepKind::Training => Some(Actor::Applicant),
        // The applicant asks, then it is for the members to answer.
        StepKind::Vouch if step.vouched < step.needed => Some(Actor::Applicant),
        StepKind::Vouch => Some(Actor::Members),
        StepKind::Interview if step.theirs > 0 => Some(Actor::Coordinators),
        StepKind::Interview if step.taken > 0 => None,
        StepKind::Interview => Some(Actor::Applicant),
        StepKind::Acquaintance if step.theirs == 0 => Some(Actor::Members),
        StepKind::Acquaintance | StepKind::Screening | StepKind::Decision => Some(Actor::Coordinators),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::joining::rules::tests::{application, path};
    use StepKind::{Agreement, Decision, Form, Interview, Vouch};
    use mapalus_core::Millis;

    fn steps(kinds: &[StepKind], behind: usize) -> Vec<StepOfMine> {
        let of = |(n, step): (usize, &crate::joining::Step)| StepOfMine {
            id: application(ApplicationState::Sent, 0).id,
            step_id: step.id,
            place: step.place,
            block: step.block,
            kind: step.kind,
            days: step.days,
            needed: step.needed,
            how: (n < behind).then_some(How::Done),
            vouched: 0,
            taken: 0,
            theirs: 0,
        };
        path(kinds).steps.iter().enumerate().map(of).collect()
    }

    #[test]
    fn a_line_says_the_step_whose_turn_it_is_and_until_when() {
        use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting};
        let at = |state, place, steps: &[StepOfMine]| {
            stand(&application(state, place), steps).map(|stand| (stand.number, stand.count, stand.actor))
        };
        let kinds = [Form, Vouch, Decision, Agreement];
        assert_eq!(at(Draft, 0, &steps(&kinds, 0)), Some((1, 4, Some(Actor::Applicant))));
        assert_eq!(at(Sent, 2, &steps(&kinds, 2)), Some((3, 4, Some(Actor::Coordinators))));
        assert_eq!(at(Accepted, 3, &steps(&kinds, 3)), Some((4, 4, Some(Actor::Applicant))));
        assert_eq!(at(Accepted, 4, &steps(&kinds, 4)), None);
        for over in [Declined, Waiting] {
            assert_eq!(at(over, 2, &steps(&kinds, 2)), None);
        }
        let due = stand(&application(Draft, 0), &steps(&kinds, 0)).map(|stand| stand.due_at);
        assert_eq!(due, Some(Millis(7 * DAY)));
        // Whoever asked enough members waits for them.
        let mut asked = steps(&kinds, 1);
        assert_eq!(at(Sent, 1, &asked), Some((2, 4, Some(Actor::Applicant))));
        asked[1].vouched = 2;
        assert_eq!(at(Sent, 1, &asked), Some((2, 4, Some(Actor::Members))));
        // What does not apply is not counted; of steps beside one another one's own comes first.
        let mut beside = steps(&[Form, Vouch, Decision, Agreement], 1);
        (beside[3].block, beside[2].block) = (1, 1);
        beside[2].how = Some(How::Spared);
        beside[1].vouched = 2;
        assert_eq!(at(Sent, 1, &beside), Some((3, 3, Some(Actor::Applicant))));
        // An interview: a time to take, none to take, one that is to come.
        let mut talk = steps(&[Form, Interview], 1);
        assert_eq!(at(Sent, 1, &talk), Some((2, 2, Some(Actor::Applicant))));
        talk[1].theirs = 1;
        assert_eq!(at(Sent, 1, &talk), Some((2, 2, Some(Actor::Coordinators))));
        (talk[1].theirs, talk[1].taken) = (0, 1);
        assert_eq!(at(Sent, 1, &talk), Some((2, 2, None)));
    }
}
