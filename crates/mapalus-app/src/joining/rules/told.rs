//! Whether what is about to be told still holds: a pure decision.

use super::super::model::{Actor, ApplicationState, StepKind};

/// Whether a message about an application still holds when it stands so, and steps of these kinds are open.
pub fn holds(key: &str, state: ApplicationState, open: &[StepKind]) -> bool {
    use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting};
    let under_way = matches!(state, Sent | Accepted);
    match key {
        "joining-notice-sent"
        | "joining-notice-turn"
        | "joining-remind-review"
        | "joining-remind-review-late" => under_way && open.iter().any(|kind| kind.asks_coordinators()),
        "joining-notice-accepted" | "joining-notice-accepted-why" => state == Accepted,
        "joining-notice-declined" | "joining-notice-declined-why" | "joining-notice-lapsed" => {
            state == Declined
        }
        "joining-notice-waits" | "joining-notice-waits-why" => state == Waiting,
        "joining-notice-moved" => under_way,
        "joining-notice-vouch-ended" => under_way && open.contains(&StepKind::Vouch),
        "joining-remind-draft" | "joining-notice-draft-ends" => state == Draft,
        "joining-remind-step" | "joining-remind-step-late" => {
            under_way && open.iter().any(|kind| kind.actor() == Actor::Applicant)
        }
        "joining-notice-session"
        | "joining-remind-training"
        | "joining-remind-training-late"
        | "joining-remind-train"
        | "joining-remind-train-late" => under_way && open.contains(&StepKind::Training),
        "joining-remind-vouches" | "joining-remind-vouches-late" => {
            under_way && open.contains(&StepKind::Vouch)
        }
        "joining-remind-decision" | "joining-remind-decision-late" => {
            state == Sent && open.contains(&StepKind::Decision)
        }
        "joining-remind-interview" | "joining-remind-interview-late" => {
            under_way && open.contains(&StepKind::Interview)
        }
        "joining-notice-escalated" => under_way && !open.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_that_was_made_anew_is_told_as_it_is_now() {
        use ApplicationState::{Accepted, Declined, Sent, Waiting};
        let decision = &[StepKind::Decision][..];
        assert!(holds("joining-notice-sent", Sent, decision));
        for (state, open) in [(Accepted, &[][..]), (Waiting, decision), (Sent, &[StepKind::Vouch])] {
            assert!(!holds("joining-notice-sent", state, open), "{state}");
        }
        assert!(holds("joining-notice-waits-why", Waiting, decision));
        assert!(!holds("joining-notice-waits-why", Accepted, &[]));
        assert!(holds("joining-notice-accepted", Accepted, &[]));
        assert!(!holds("joining-notice-accepted", Declined, decision));
        assert!(holds("joining-notice-withdrawn", Declined, &[]));
    }
}
