//! What is seen of a decision before its time to be undone is over, and when a draft ends: pure decisions.

use super::super::model::{Application, ApplicationState, Path, sending::Held};
use mapalus_core::{Millis, time::DAY};

/// Days after which a draft ends that nobody has saved since.
pub const DRAFT_DAYS: i64 = 90;
/// Days before that when its applicant is told.
pub const DRAFT_NOTICE_DAYS: i64 = 14;

/// An application as its applicant sees it: what was decided on it and is not told yet has not happened. What they
/// themselves did since shows that they know.
pub fn as_told(application: &mut Application, path: Option<&mut Path>, held: &[Held]) {
    let own: Vec<&Held> = held.iter().filter(|held| held.application_id == application.id).collect();
    let (Some(first), Some(last)) = (own.first(), own.last()) else {
        return;
    };
    if last.version_after != application.version {
        return;
    }
    application.state = first.state_before;
    application.place = first.place_before;
    application.step_since = first.since_before;
    application.reason.clone_from(&first.reason_before);
    if first.state_before != ApplicationState::Accepted {
        application.decided_at = None;
    }
    if let Some(path) = path {
        let decided = |step| own.iter().any(|held| held.step_id == step);
        let before: Vec<_> =
            path.steps.iter().filter(|step| step.place <= first.place_before).map(|step| step.id).collect();
        // What was passed at once after the decision goes with it.
        path.done.retain(|done| {
            !decided(done.step_id) && (done.done_at < first.made_at || before.contains(&done.step_id))
        });
    }
}

/// What becomes of a draft at a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftLook {
    /// It is looked at again then.
    Later(Millis),
    /// Its applicant is told that it ends; it is looked at again then.
    Warn(Millis),
    /// It ends.
    End,
}

/// When a draft ends that was saved then.
pub const fn draft_ends(saved_at: Millis) -> Millis {
    saved_at.plus(DRAFT_DAYS * DAY)
}

/// When a draft that was saved then is looked at, so that its applicant is told in time.
pub const fn draft_look_at(saved_at: Millis) -> Millis {
    saved_at.plus((DRAFT_DAYS - DRAFT_NOTICE_DAYS) * DAY)
}

/// What becomes of a draft that was saved then, of which its applicant was told or not. Whoever was told late, since the
/// instance stood still, has as many days as everybody.
pub fn draft(saved_at: Millis, warned_at: Option<Millis>, now: Millis) -> DraftLook {
    let notice = DRAFT_NOTICE_DAYS * DAY;
    match warned_at {
        None if now < draft_look_at(saved_at) => DraftLook::Later(draft_look_at(saved_at)),
        None => DraftLook::Warn(now.plus(notice)),
        Some(warned_at) => {
            let ends_at = draft_ends(saved_at).max(warned_at.plus(notice));
            if now < ends_at { DraftLook::Later(ends_at) } else { DraftLook::End }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::super::model::{Done, How, StepKind},
        *,
    };
    use crate::joining::rules::tests::{application, path};

    const DAYS: fn(i64) -> Millis = |days| Millis(days * DAY);

    #[test]
    fn a_draft_ends_ninety_days_after_it_was_saved_and_fourteen_after_that_was_told() {
        let look = |warned: Option<i64>, day| draft(DAYS(100), warned.map(DAYS), DAYS(day));
        assert_eq!(look(None, 100), DraftLook::Later(DAYS(176)));
        assert_eq!(look(None, 176), DraftLook::Warn(DAYS(190)));
        assert_eq!(look(Some(176), 189), DraftLook::Later(DAYS(190)));
        assert_eq!(look(Some(176), 190), DraftLook::End);
        // The instance stood still for a while.
        assert_eq!(look(None, 400), DraftLook::Warn(DAYS(414)));
        assert_eq!(look(Some(400), 401), DraftLook::Later(DAYS(414)));
        assert_eq!(look(Some(400), 414), DraftLook::End);
    }

    #[test]
    fn what_is_not_told_yet_has_not_happened_for_the_applicant() {
        use ApplicationState::{Accepted, Sent};
        let mut path = path(&[StepKind::Form, StepKind::Decision, StepKind::Agreement]);
        let done =
            |step_id, at| Done { step_id, done_at: Millis(at), how: How::Done, skipped_for: String::new() };
        path.done = vec![done(path.steps[0].id, 50), done(path.steps[1].id, 50)];
        let mut decided = application(Accepted, 2);
        (decided.decided_at, decided.reason, decided.version) = (Some(Millis(50)), "Selamat.".to_owned(), 3);
        let held = Held {
            application_id: decided.id,
            step_id: path.steps[1].id,
            state_before: Sent,
            place_before: 1,
            since_before: Millis(40),
            reason_before: String::new(),
            made_at: Millis(50),
            version_after: 3,
        };
        let (mut seen, mut walked) = (decided.clone(), path.clone());
        as_told(&mut seen, Some(&mut walked), std::slice::from_ref(&held));
        assert_eq!((seen.state, seen.place, seen.decided_at), (Sent, 1, None));
        assert!(
            seen.reason.is_empty() && walked.done.len() == 1 && walked.behind(path.steps[0].id).is_some()
        );
        // Once the applicant has gone on, or nothing is held, it is as it is.
        let gone_on = Held { version_after: 2, ..held };
        for held in [&[gone_on][..], &[]] {
            let mut seen = decided.clone();
            as_told(&mut seen, None, held);
            assert_eq!((seen.state, seen.place), (Accepted, 2));
        }
    }
}
