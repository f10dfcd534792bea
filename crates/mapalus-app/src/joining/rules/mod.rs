//! What may be answered, sent and decided: pure decisions.

pub mod file;
pub mod path;
pub mod remind;
pub mod told;
pub mod vouch;

use super::model::{
    Answers, Application, ApplicationState, Outcome, Path, Question, QuestionKind, Step, StepKind,
};
use crate::{
    groups::Openness,
    shell::{
        Checks,
        forms::{self, Wrong},
    },
};
use mapalus_core::{MembershipState, Refusal, RefusalKind, StepId};

/// Whether one may begin an application.
///
/// # Errors
/// `joining-closed`, `joining-invited-only`, `joining-is-member`, `joining-barred` or `joining-no-path`.
pub fn may_begin(
    taking: bool,
    sign_up: Openness,
    membership: Option<MembershipState>,
    has_path: bool,
) -> Result<(), Refusal> {
    let refuse = |key| Err(Refusal::new(RefusalKind::Conflict, key));
    match membership {
        Some(MembershipState::Active | MembershipState::Accepted) => return refuse("joining-is-member"),
        Some(MembershipState::Suspended | MembershipState::Excluded) => return refuse("joining-barred"),
        Some(MembershipState::Invited) => {}
        Some(MembershipState::Applied | MembershipState::Left) | None => {
            if sign_up == Openness::Invitation {
                return refuse("joining-invited-only");
            }
        }
    }
    if !taking {
        return refuse("joining-closed");
    }
    if !has_path {
        return refuse("joining-no-path");
    }
    Ok(())
}

/// Whether the applicant may do a step of this kind now.
///
/// # Errors
/// `joining-over` when the application has ended, `joining-not-this-step` when another step is next.
pub fn may_do<'p>(application: &Application, path: &'p Path, kind: StepKind) -> Result<&'p Step, Refusal> {
    use ApplicationState::{Accepted, Draft, Sent};
    if !matches!(application.state, Draft | Sent | Accepted) {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-over"));
    }
    path.at(application.place)
        .filter(|step| step.kind == kind)
        .ok_or_else(|| Refusal::new(RefusalKind::Conflict, "joining-not-this-step"))
}

/// Whether one who was accepted and has steps left still is joining: not one who has left meanwhile.
///
/// # Errors
/// `joining-over`.
pub fn still_joining(application: &Application, membership: Option<MembershipState>) -> Result<(), Refusal> {
    let accepted = application.state == ApplicationState::Accepted;
    if accepted && membership != Some(MembershipState::Accepted) {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-over"));
    }
    Ok(())
}

/// What happens when the step at the application's place is done.
#[derive(Debug, PartialEq, Eq)]
pub struct Advance {
    /// The place of the next step; beyond the last when all is done.
    pub place: i64,
    /// The application's state then.
    pub state: ApplicationState,
    /// The membership's state then.
    pub membership: MembershipState,
}

/// What happens when the step at the application's place is done. Steps that were done before it are passed over.
pub fn advance(application: &Application, path: &Path, done: &[StepId]) -> Advance {
    use ApplicationState::{Accepted, Sent};
    let step = path.at(application.place);
    let left = path.steps.iter().filter(|s| s.place > application.place && !done.contains(&s.id));
    let end = path.steps.iter().map(|step| step.place + 1).max().unwrap_or(0);
    let place = left.map(|step| step.place).min().unwrap_or(end);
    let last = path.at(place).is_none();
    // The last of its decisions accepts; a path without any takes who has walked it.
    let decided = step.is_some_and(|step| step.kind == StepKind::Decision);
    let accepted = application.state == Accepted || ((decided || last) && !path.decides_from(place));
    let membership = match (accepted, last) {
        (true, true) => MembershipState::Active,
        (true, false) => MembershipState::Accepted,
        (false, _) => MembershipState::Applied,
    };
    Advance { place, state: if accepted { Accepted } else { Sent }, membership }
}

/// The membership that goes with an application that was sent and stands there.
pub fn membership_of(state: ApplicationState, place: i64, path: &Path) -> MembershipState {
    use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting, Withdrawn};
    match state {
        Accepted if path.at(place).is_none() => MembershipState::Active,
        Accepted => MembershipState::Accepted,
        Declined | Withdrawn => MembershipState::Left,
        Draft | Sent | Waiting => MembershipState::Applied,
    }
}

/// Checks the answers of a form. A draft may lack answers, but holds no wrong ones. Files are sent and removed
/// by themselves: `files` are those that stand, by the key of their question, and an answer may only repeat them.
///
/// # Errors
/// Every answer that does not hold, under the name of its question.
pub fn answers(
    questions: &[&Question],
    given: &Answers,
    files: &Answers,
    draft: bool,
) -> Result<Vec<(String, String)>, Refusal> {
    let mut checks = Checks::new();
    if given.keys().any(|key| questions.iter().all(|question| &question.key != key)) {
        return Err(Refusal::new(RefusalKind::Malformed, "joining-unknown-question"));
    }
    let mut kept = Vec::with_capacity(questions.len());
    for question in questions {
        let typed = given.get(&question.key).into_iter().flatten().map(|value| value.trim());
        let mut values: Vec<&str> = typed.filter(|value| !value.is_empty()).collect();
        if question.kind == QuestionKind::File {
            let stand: Vec<&str> =
                files.get(&question.key).into_iter().flatten().map(String::as_str).collect();
            if values.iter().any(|value| !stand.contains(value)) {
                checks.wrong(&question.key, Wrong::plain("joining-file-elsewhere"));
                continue;
            }
            values = stand;
        }
        if values.is_empty() {
            if question.required && !draft {
                let consent = question.kind == QuestionKind::Consent;
                let key = if consent { "joining-consent-needed" } else { "wrong-needed" };
                checks.wrong(&question.key, Wrong::plain(key));
            }
            continue;
        }
        if let Some(value) = checks.field(&question.key, answer(question, &values)) {
            kept.push((question.key.clone(), value));
        }
    }
    checks.done(Some(kept))
}

fn answer(question: &Question, values: &[&str]) -> Result<String, Wrong> {
    let first = values.first().copied().unwrap_or("");
    let known = |value: &str| question.options().any(|(key, _)| key == value);
    match question.kind {
        QuestionKind::Short => forms::line(first, 1, 200),
        QuestionKind::Long => forms::bounded(first, 1, 2_000),
        QuestionKind::Choice => known(first).then(|| first.to_owned()).ok_or(Wrong::plain("wrong-choice")),
        QuestionKind::Several => {
            if values.iter().all(|value| known(value)) {
                // In the order of the options, each once.
                let kept = question.options().map(|(key, _)| key).filter(|key| values.contains(key));
                Ok(kept.collect::<Vec<_>>().join("\n"))
            } else {
                Err(Wrong::plain("wrong-choice"))
            }
        }
        QuestionKind::Number => {
            let number: Result<i64, _> = first.parse();
            number.map(|n| n.to_string()).map_err(|_| Wrong::plain("joining-wrong-number"))
        }
        QuestionKind::Date => chrono::NaiveDate::parse_from_str(first, "%Y-%m-%d")
            .ok()
            .filter(|date| (1900..2200).contains(&chrono::Datelike::year(date)))
            .map(|date| date.to_string())
            .ok_or(Wrong::plain("joining-wrong-date")),
        QuestionKind::File => Ok(values.join("\n")),
        QuestionKind::Consent => {
            (first == "yes").then(|| first.to_owned()).ok_or(Wrong::plain("wrong-choice"))
        }
    }
}

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

/// Whether a coordinator may skip the step that is next, and which it is. Decisions are not skipped: they are made.
///
/// # Errors
/// `joining-own` for one's own application, `joining-not-skippable` when there is nothing to skip,
/// `joining-skip-needed` without a reason.
pub fn skip<'p>(
    application: &Application,
    path: &'p Path,
    own: bool,
    reason: &str,
) -> Result<&'p Step, Refusal> {
    if own {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-own"));
    }
    let step = skippable(application, path)
        .ok_or_else(|| Refusal::new(RefusalKind::Conflict, "joining-not-skippable"))?;
    if reason.trim().is_empty() {
        return Err(Wrong::plain("joining-skip-needed").at("skip_reason"));
    }
    Ok(step)
}

/// The step that is next, if it is one that can be skipped at all.
pub fn skippable<'p>(application: &Application, path: &'p Path) -> Option<&'p Step> {
    use ApplicationState::{Accepted, Sent};
    let under_way = matches!(application.state, Sent | Accepted);
    path.at(application.place).filter(|step| step.kind != StepKind::Decision && under_way)
}

/// Whether an application may be withdrawn.
///
/// # Errors
/// `joining-over`.
pub fn may_withdraw(application: &Application) -> Result<(), Refusal> {
    if application.state.open() { Ok(()) } else { Err(Refusal::new(RefusalKind::Conflict, "joining-over")) }
}

/// Whether the state that somebody saw is the present one.
///
/// # Errors
/// `refusal-changed`.
pub fn unchanged(application: &Application, seen: Option<i64>) -> Result<(), Refusal> {
    match seen {
        Some(version) if version != application.version => {
            Err(Refusal::new(RefusalKind::Changed, "refusal-changed"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::model::Seen, *};
    use mapalus_core::{ApplicationId, GroupId, Id, Millis, PathId, PersonId, chance::Counted};

    fn path(kinds: &[StepKind]) -> Path {
        let chance = Counted::default();
        let step = |(place, kind): (i64, &StepKind)| Step {
            id: StepId::new(Millis(0), &chance),
            place,
            kind: *kind,
            name: String::new(),
            text: String::new(),
            days: 7,
            remind_days: 1,
            approvals: 2,
            needed: 2,
            other_workplace: false,
        };
        Path { steps: (0..).zip(kinds).map(step).collect(), questions: Vec::new() }
    }

    pub(super) fn application(state: ApplicationState, place: i64) -> Application {
        let chance = Counted::default();
        Application {
            id: ApplicationId::new(Millis(0), &chance),
            group_id: GroupId::new(Millis(0), &chance),
            slug: String::new(),
            group_name: String::new(),
            lang: crate::shell::Lang::Id,
            person_id: PersonId::new(Millis(0), &chance),
            name: String::new(),
            path_id: PathId::new(Millis(0), &chance),
            state,
            place,
            step_since: Millis(0),
            made_at: Millis(0),
            sent_at: None,
            decided_at: None,
            reason: String::new(),
            version: 1,
        }
    }

    fn question(key: &str, kind: QuestionKind, required: bool) -> Question {
        Question {
            step_id: StepId::new(Millis(0), &Counted::default()),
            key: key.into(),
            kind,
            required,
            label: String::new(),
            why: String::new(),
            visible: Seen::Reviewers,
            delete_days: 90,
            options: "a\tSatu\nb\tDua".into(),
        }
    }

    use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting, Withdrawn};
    use StepKind::{Agreement, Decision, Form};

    #[test]
    fn a_member_and_an_excluded_person_do_not_apply_and_a_closed_group_takes_nobody() {
        let begin = |taking, membership| {
            may_begin(taking, Openness::Application, membership, true).map_err(|r| r.key)
        };
        assert_eq!(begin(true, None), Ok(()));
        assert_eq!(begin(true, Some(MembershipState::Left)), Ok(()));
        assert_eq!(begin(false, None), Err("joining-closed"));
        assert_eq!(begin(true, Some(MembershipState::Active)), Err("joining-is-member"));
        assert_eq!(begin(true, Some(MembershipState::Excluded)), Err("joining-barred"));
        let invited = |membership| may_begin(true, Openness::Invitation, membership, true).is_ok();
        assert!(!invited(None) && invited(Some(MembershipState::Invited)));
    }

    #[test]
    fn steps_are_neither_skipped_nor_done_out_of_order() {
        let path = path(&[Form, Agreement, Decision]);
        assert!(may_do(&application(Draft, 0), &path, Form).is_ok());
        assert!(may_do(&application(Draft, 0), &path, Agreement).is_err());
        assert!(may_do(&application(Sent, 1), &path, Form).is_err());
        assert!(may_do(&application(Sent, 2), &path, Decision).is_ok());
        for over in [Declined, Withdrawn, Waiting] {
            assert!(may_do(&application(over, 0), &path, Form).is_err());
        }
    }

    #[test]
    fn one_is_a_member_when_accepted_and_nothing_remains() {
        let after = path(&[Form, Decision, Agreement]);
        let sent = advance(&application(Draft, 0), &after, &[]);
        assert_eq!(sent, Advance { place: 1, state: Sent, membership: MembershipState::Applied });
        let decided = advance(&application(Sent, 1), &after, &[]);
        assert_eq!(decided, Advance { place: 2, state: Accepted, membership: MembershipState::Accepted });
        let signed = advance(&application(Accepted, 2), &after, &[]);
        assert_eq!(signed, Advance { place: 3, state: Accepted, membership: MembershipState::Active });
    }

    #[test]
    fn of_several_decisions_the_last_accepts() {
        let twice = path(&[Form, Decision, Agreement, Decision]);
        let first = advance(&application(Sent, 1), &twice, &[]);
        assert_eq!(first, Advance { place: 2, state: Sent, membership: MembershipState::Applied });
        let last = advance(&application(Sent, 3), &twice, &[]);
        assert_eq!(last, Advance { place: 4, state: Accepted, membership: MembershipState::Active });
    }

    #[test]
    fn a_step_is_skipped_by_others_with_a_reason_and_a_decision_never() {
        let path = path(&[Form, Agreement, Decision]);
        let key = |r: Result<&Step, Refusal>| r.map(|step| step.place).map_err(|r| r.key);
        assert_eq!(key(skip(&application(Sent, 1), &path, false, "Sudah dikenal.")), Ok(1));
        assert_eq!(key(skip(&application(Sent, 1), &path, true, "x")), Err("joining-own"));
        assert_eq!(key(skip(&application(Sent, 1), &path, false, " ")), Err("refusal-invalid"));
        assert_eq!(key(skip(&application(Sent, 2), &path, false, "x")), Err("joining-not-skippable"));
        assert_eq!(key(skip(&application(Draft, 0), &path, false, "x")), Err("joining-not-skippable"));
        assert_eq!(key(skip(&application(Declined, 1), &path, false, "x")), Err("joining-not-skippable"));
    }

    #[test]
    fn an_open_group_takes_who_walks_its_path() {
        let open = path(&[Form]);
        let done = advance(&application(Draft, 0), &open, &[]);
        assert_eq!(done, Advance { place: 1, state: Accepted, membership: MembershipState::Active });
    }

    #[test]
    fn answers_are_of_their_kind_and_needed_ones_are_given() {
        let several = question("several", QuestionKind::Several, true);
        let number = question("number", QuestionKind::Number, false);
        let date = question("date", QuestionKind::Date, false);
        let questions = [&several, &number, &date];
        let give = |pairs: &[(&str, &[&str])]| -> Answers {
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), v.iter().map(|x| (*x).to_owned()).collect()))
                .collect()
        };
        let none = Answers::new();
        let good =
            answers(&questions, &give(&[("several", &["b", "a", "b"]), ("number", &["007"])]), &none, false);
        assert_eq!(good, Ok(vec![("several".into(), "a\nb".into()), ("number".into(), "7".into())]));
        let bad = give(&[("several", &["c"]), ("number", &["x"]), ("date", &["2026-02-30"])]);
        let flaws: Vec<_> = answers(&questions, &bad, &none, false)
            .unwrap_err()
            .fields
            .into_iter()
            .map(|f| f.field)
            .collect();
        assert_eq!(flaws, ["several", "number", "date"]);
        assert!(answers(&questions, &give(&[]), &none, false).is_err());
        assert_eq!(answers(&questions, &give(&[]), &none, true), Ok(vec![]));
        assert!(answers(&questions, &give(&[("other", &["x"])]), &none, true).is_err());
    }

    #[test]
    fn files_stand_as_they_were_sent_whatever_is_typed_for_them() {
        let question = question("oath", QuestionKind::File, true);
        let questions = [&question];
        let of = |values: &[&str]| -> Answers {
            [("oath".to_owned(), values.iter().map(|value| (*value).to_owned()).collect())].into()
        };
        let (none, two) = (Answers::new(), of(&["a", "b"]));
        let kept = |given: &Answers, draft| answers(&questions, given, &two, draft);
        assert_eq!(kept(&none, false), Ok(vec![("oath".into(), "a\nb".into())]));
        assert_eq!(kept(&of(&["b"]), true), Ok(vec![("oath".into(), "a\nb".into())]));
        assert!(kept(&of(&["c"]), true).is_err(), "the file of somebody else");
        assert!(answers(&questions, &none, &none, false).is_err(), "one is needed");
        assert_eq!(answers(&questions, &none, &none, true), Ok(vec![]));
    }

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
}
