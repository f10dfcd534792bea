//! What may stand as the answer to a question: pure decisions.

use super::super::model::{Answers, Question, QuestionKind};
use crate::shell::{
    Checks,
    forms::{self, Wrong},
};
use mapalus_core::{Refusal, RefusalKind};

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

#[cfg(test)]
mod tests {
    use super::{super::super::model::Seen, *};
    use mapalus_core::{Id, Millis, StepId, chance::Counted};

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
}
