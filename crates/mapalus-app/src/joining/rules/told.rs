//! Whether what is about to be told still holds: a pure decision.

use super::super::model::{ApplicationState, StepKind};

/// Whether a message about an application still holds when it stands so, and a step of this kind is next.
pub fn holds(key: &str, state: ApplicationState, next: Option<StepKind>) -> bool {
    use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting};
    let under_way = matches!(state, Sent | Accepted);
    match key {
        "joining-notice-sent" => state == Sent && next == Some(StepKind::Decision),
        "joining-notice-accepted" | "joining-notice-accepted-why" => state == Accepted,
        "joining-notice-declined" | "joining-notice-declined-why" => state == Declined,
        "joining-notice-waits" | "joining-notice-waits-why" => state == Waiting,
        "joining-notice-moved" => under_way,
        "joining-notice-vouch-ended" => under_way && next == Some(StepKind::Vouch),
        "joining-remind-draft" => state == Draft,
        "joining-remind-step" | "joining-remind-step-late" => {
            under_way && matches!(next, Some(StepKind::Form | StepKind::Agreement))
        }
        "joining-remind-vouches" | "joining-remind-vouches-late" => {
            under_way && next == Some(StepKind::Vouch)
        }
        "joining-remind-decision" | "joining-remind-decision-late" => {
            state == Sent && next == Some(StepKind::Decision)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_that_was_made_anew_is_told_as_it_is_now() {
        use ApplicationState::{Accepted, Declined, Sent, Waiting};
        let decision = Some(StepKind::Decision);
        assert!(holds("joining-notice-sent", Sent, decision));
        for (state, next) in [(Accepted, None), (Waiting, decision), (Sent, Some(StepKind::Vouch))] {
            assert!(!holds("joining-notice-sent", state, next), "{state}");
        }
        assert!(holds("joining-notice-waits-why", Waiting, decision));
        assert!(!holds("joining-notice-waits-why", Accepted, None));
        assert!(holds("joining-notice-accepted", Accepted, None));
        assert!(!holds("joining-notice-accepted", Declined, decision));
        assert!(holds("joining-notice-withdrawn", Declined, None));
    }
}
