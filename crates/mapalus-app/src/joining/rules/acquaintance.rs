//! Who may be asked to get to know an applicant, what members may answer, when it is done: pure decisions.

use super::super::model::{
    Actor, Application, Path, Step, StepKind,
    acquaintance::{Acquaintance, AcquaintanceState, Reply},
};
use mapalus_core::{Refusal, RefusalKind, StepId};

/// Members with whom an applicant is brought together.
pub const MEMBERS: i64 = 2;
/// Members asked for one application at most, with those who declined.
pub const MOST_ASKED: usize = 20;

fn conflict<T>(key: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new(RefusalKind::Conflict, key))
}

/// How many of a step's members are asked, are ready or have met the applicant.
pub fn standing(asked: &[Acquaintance], step: StepId) -> i64 {
    let counts = |one: &&Acquaintance| {
        one.step_id == step
            && !matches!(one.state, AcquaintanceState::Declined | AcquaintanceState::Cancelled)
    };
    i64::try_from(asked.iter().filter(counts).count()).unwrap_or(i64::MAX)
}

/// How many of a step's members have met the applicant.
pub fn met(asked: &[Acquaintance], step: StepId) -> i64 {
    let counts = |one: &&Acquaintance| one.step_id == step && one.state == AcquaintanceState::Met;
    i64::try_from(asked.iter().filter(counts).count()).unwrap_or(i64::MAX)
}

/// Whose turn it is: the coordinators' until as many are asked as are brought together, then the members'.
pub fn turn(asked: &[Acquaintance], step: StepId) -> Actor {
    if standing(asked, step) < MEMBERS { Actor::Coordinators } else { Actor::Members }
}

/// The step at which coordinators may ask so many more members.
///
/// # Errors
/// `joining-own`, `joining-over`, `joining-not-this-step`, or `joining-acquaintance-enough` when so many are asked already.
pub fn may_bring<'p>(
    (application, path): (&Application, &'p Path),
    asked: &[Acquaintance],
    own: bool,
    more: usize,
) -> Result<&'p Step, Refusal> {
    if own {
        return conflict("joining-own");
    }
    let step = super::may_do(application, path, StepKind::Acquaintance, None)?;
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    let many = asked.len() >= MOST_ASKED && more > 0;
    if more > 0 && (many || standing(asked, step.id) + more > MEMBERS) {
        return conflict("joining-acquaintance-enough");
    }
    Ok(step)
}

/// What follows from what a member says.
///
/// # Errors
/// `joining-acquaintance-answered` for what does not follow from how it stands, `joining-acquaintance-over` when the step
/// is not open any more.
pub fn answered(
    asked: &Acquaintance,
    (application, path): (&Application, &Path),
    reply: Reply,
) -> Result<AcquaintanceState, Refusal> {
    use AcquaintanceState::{Agreed, Asked, Cancelled, Declined, Met};
    if asked.state == Cancelled {
        return conflict("joining-acquaintance-cancelled");
    }
    if !path.open(application).any(|step| step.id == asked.step_id) {
        return conflict("joining-acquaintance-over");
    }
    match (asked.state, reply) {
        (Asked, Reply::Agree) => Ok(Agreed),
        (Asked | Agreed, Reply::Decline) => Ok(Declined),
        // Who met the applicant without a word before has agreed by it.
        (Asked | Agreed, Reply::Meet) => Ok(Met),
        (Agreed | Declined, Reply::Undo) => Ok(Asked),
        (Met, Reply::Undo) => Ok(Agreed),
        _ => conflict("joining-acquaintance-answered"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{
        super::{
            super::model::ApplicationState::{Declined as Refused, Sent},
            tests::{application, path},
        },
        *,
    };
    use mapalus_core::{AcquaintanceId, ApplicationId, Id, Millis, PersonId, chance::Counted};

    pub(in crate::joining::rules) fn asked(step_id: StepId, state: AcquaintanceState) -> Acquaintance {
        let chance = Counted::default();
        Acquaintance {
            id: AcquaintanceId::new(Millis(0), &chance),
            application_id: ApplicationId::new(Millis(0), &chance),
            step_id,
            person_id: PersonId::new(Millis(0), &chance),
            name: String::new(),
            state,
            how: String::new(),
            asked_at: Millis(0),
            event_id: None,
        }
    }

    #[test]
    fn two_are_brought_together_and_who_declined_is_replaced() {
        use AcquaintanceState::{Agreed, Asked, Declined, Met};
        let path = path(&[StepKind::Form, StepKind::Acquaintance, StepKind::Vouch]);
        let step = path.steps[1].id;
        let of = |states: &[AcquaintanceState]| states.iter().map(|s| asked(step, *s)).collect::<Vec<_>>();
        let key = |states: &[AcquaintanceState], more| {
            let at = application(Sent, 1);
            may_bring((&at, &path), &of(states), false, more).err().map(|refusal| refusal.key)
        };
        assert_eq!(key(&[], 2), None);
        assert_eq!(key(&[], 3), Some("joining-acquaintance-enough"));
        assert_eq!(key(&[Asked, Agreed], 1), Some("joining-acquaintance-enough"));
        assert_eq!(key(&[Asked, Agreed], 0), None);
        assert_eq!(key(&[Asked, Declined], 1), None);
        assert_eq!(key(&[Declined; 20], 1), Some("joining-acquaintance-enough"));
        assert_eq!(turn(&of(&[Asked, Declined]), step), Actor::Coordinators);
        assert_eq!(turn(&of(&[Met, Asked]), step), Actor::Members);
        assert_eq!(met(&of(&[Met, Asked]), step), 1);
        let over = application(Refused, 1);
        assert_eq!(may_bring((&over, &path), &[], false, 1).unwrap_err().key, "joining-over");
        let at = application(Sent, 1);
        assert_eq!(may_bring((&at, &path), &[], true, 1).unwrap_err().key, "joining-own");
    }

    #[test]
    fn a_member_declines_until_they_have_met_and_takes_back_what_was_said() {
        use AcquaintanceState::{Agreed, Asked, Cancelled, Declined, Met};
        let path = path(&[StepKind::Form, StepKind::Acquaintance, StepKind::Vouch]);
        let step = path.steps[1].id;
        let say = |state, reply, place| {
            let at = application(Sent, place);
            answered(&asked(step, state), (&at, &path), reply).map_err(|refusal| refusal.key)
        };
        assert_eq!(say(Asked, Reply::Agree, 1), Ok(Agreed));
        assert_eq!(say(Asked, Reply::Meet, 1), Ok(Met));
        assert_eq!(say(Agreed, Reply::Decline, 1), Ok(Declined));
        assert_eq!(say(Met, Reply::Decline, 1), Err("joining-acquaintance-answered"));
        assert_eq!(say(Declined, Reply::Meet, 1), Err("joining-acquaintance-answered"));
        assert_eq!(say(Declined, Reply::Undo, 1), Ok(Asked));
        assert_eq!(say(Asked, Reply::Undo, 1), Err("joining-acquaintance-answered"));
        assert_eq!(say(Cancelled, Reply::Agree, 1), Err("joining-acquaintance-cancelled"));
        assert_eq!(say(Asked, Reply::Meet, 2), Err("joining-acquaintance-over"));
    }
}
