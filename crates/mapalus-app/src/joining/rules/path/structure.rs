//! How the steps of a path hang together: what is done beside one another, and what applies only if. Pure decisions.

use super::super::super::model::{
    AGE, Condition, QuestionKind, StepKind, Test,
    path::{ConditionInput, QuestionInput, StepInput},
};
use crate::shell::{
    Checks,
    forms::{self, Wrong},
};
use mapalus_core::Refusal;

/// The blocks to which steps belong, in their order.
fn blocks(items: &[StepInput]) -> Vec<usize> {
    let mut block = 0;
    let of = |(n, step): (usize, &StepInput)| {
        block += usize::from(n > 0 && !step.beside);
        block
    };
    items.iter().enumerate().map(of).collect()
}

/// The conditions of the steps of a path, if it hangs together.
///
/// # Errors
/// What is wrong, each under its place: `items.2.beside`, `items.2.only_if`.
pub(super) fn conditions(items: &[StepInput]) -> Result<Vec<Option<Condition>>, Refusal> {
    let blocks = blocks(items);
    let mut checks = Checks::new();
    let mut conditions = Vec::with_capacity(items.len());
    for (n, step) in items.iter().enumerate() {
        if step.beside {
            let before: Vec<&StepInput> =
                (0..n).filter(|m| blocks[*m] == blocks[n]).map(|m| &items[m]).collect();
            checks.field(&format!("items.{n}.beside"), beside(step, &before));
        }
        let earlier = (0..n).filter(|m| blocks[*m] < blocks[n]).flat_map(|m| &items[m].questions);
        let held = match &step.only_if {
            Some(given) if given.question == AGE => age(step, given, blocks[n]).map(Some),
            Some(given) => condition(step, given, earlier).map(Some),
            None => Ok(None),
        };
        conditions.push(checks.field(&format!("items.{n}.only_if"), held).flatten());
    }
    checks.done(Some(conditions))
}

/// Whether a step can be done beside those before it in its block.
fn beside(step: &StepInput, before: &[&StepInput]) -> Result<(), Wrong> {
    let decides = |step: &StepInput| step.kind == StepKind::Decision.word();
    if before.is_empty() {
        return Err(Wrong::plain("joining-path-beside-first"));
    }
    if decides(step) || before.iter().any(|step| decides(step)) {
        return Err(Wrong::plain("joining-path-beside-decision"));
    }
    let several = step.kind.parse().is_ok_and(StepKind::several);
    if !several && before.iter().any(|other| other.kind == step.kind) {
        return Err(Wrong::plain("joining-path-beside-twice"));
    }
    Ok(())
}

/// The ages below which a step may apply: all minors, or the younger ones.
pub const AGES: [&str; 2] = ["18", "16"];

/// A condition on the age: settled when an application is sent, so not in the first block.
fn age(step: &StepInput, given: &ConditionInput, block: usize) -> Result<Condition, Wrong> {
    if step.kind == StepKind::Decision.word() {
        return Err(Wrong::plain("joining-path-if-decision"));
    }
    if block == 0 {
        return Err(Wrong::plain("joining-path-if-age-first"));
    }
    let test = forms::word::<Test>(&given.test)?;
    if test != Test::Below || !AGES.contains(&given.value.as_str()) {
        return Err(Wrong::plain("joining-path-if-age"));
    }
    Ok(Condition { question: AGE.to_owned(), test, value: given.value.clone() })
}

fn condition<'q>(
    step: &StepInput,
    given: &ConditionInput,
    mut earlier: impl Iterator<Item = &'q QuestionInput>,
) -> Result<Condition, Wrong> {
    if step.kind == StepKind::Decision.word() {
        return Err(Wrong::plain("joining-path-if-decision"));
    }
    let asked = earlier.find(|question| question.key == given.question);
    let Some(asked) = asked else {
        return Err(Wrong::plain("joining-path-if-earlier"));
    };
    if !asked.required {
        return Err(Wrong::plain("joining-path-if-required"));
    }
    let test = forms::word::<Test>(&given.test)?;
    if !asked.kind.parse::<QuestionKind>().is_ok_and(|kind| test.fits(kind)) {
        return Err(Wrong::plain("joining-path-if-test"));
    }
    let value = match test {
        Test::Is => {
            let known = asked.options.iter().any(|option| option.key == given.value);
            known.then(|| given.value.clone()).ok_or(Wrong::plain("joining-path-if-choice"))?
        }
        _ => {
            let number = given.value.trim().parse::<i64>();
            number.map(|number| number.to_string()).map_err(|_| Wrong::plain("joining-wrong-number"))?
        }
    };
    Ok(Condition { question: given.question.clone(), test, value })
}

/// Whether a step at a place stands in the first block.
pub fn is_first(items: &[StepInput], at: usize, beside: bool) -> bool {
    match at.checked_sub(1).and_then(|before| blocks(items).get(before).copied()) {
        None => true,
        Some(before) => before == 0 && beside,
    }
}

/// What a step may hang on: the questions of forms before its block to which an answer is needed, as far as their answers
/// can be held against something. `at` is its place among the steps, `beside` whether it is done beside the one before.
pub fn askable(items: &[StepInput], at: usize, beside: bool) -> Vec<&QuestionInput> {
    let blocks = blocks(items);
    let own = match at.checked_sub(1).and_then(|before| blocks.get(before)) {
        None => return Vec::new(),
        Some(before) => before + usize::from(!beside),
    };
    let earlier = items.iter().zip(&blocks).take(at).filter(|(_, block)| **block < own);
    let fits = |question: &&QuestionInput| {
        let kind = question.kind.parse::<QuestionKind>();
        question.required && kind.is_ok_and(|kind| Test::ALL.iter().any(|test| test.fits(kind)))
    };
    earlier.flat_map(|(step, _)| &step.questions).filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::joining::model::path::OptionInput;

    fn step(kind: &str) -> StepInput {
        StepInput { kind: kind.into(), ..StepInput::default() }
    }

    fn asking(kind: &str, key: &str, required: bool) -> StepInput {
        let options = match kind {
            "choice" | "several" => {
                vec![OptionInput::from(("yes", "Ya")), OptionInput::from(("no", "Tidak"))]
            }
            _ => Vec::new(),
        };
        let question =
            QuestionInput { key: key.into(), kind: kind.into(), required, options, ..Default::default() };
        StepInput { questions: vec![question], ..step("form") }
    }

    fn beside(step: StepInput) -> StepInput {
        StepInput { beside: true, ..step }
    }

    fn only_if(step: StepInput, question: &str, test: &str, value: &str) -> StepInput {
        let only_if = ConditionInput { question: question.into(), test: test.into(), value: value.into() };
        StepInput { only_if: Some(only_if), ..step }
    }

    fn flaws(items: &[StepInput]) -> Vec<(String, &'static str)> {
        let refusal = conditions(items).err();
        refusal.map_or(Vec::new(), |r| r.fields.into_iter().map(|flaw| (flaw.field, flaw.key)).collect())
    }

    #[test]
    fn a_decision_stands_alone_and_the_first_step_is_beside_nothing() {
        let told = flaws(&[
            beside(step("form")),
            beside(step("vouch")),
            beside(step("form")),
            beside(step("vouch")),
            beside(step("decision")),
            beside(step("agreement")),
        ]);
        let expected = [
            (0, "joining-path-beside-first"),
            (3, "joining-path-beside-twice"),
            (4, "joining-path-beside-decision"),
            (5, "joining-path-beside-decision"),
        ];
        let expected: Vec<_> = expected.iter().map(|(n, key)| (format!("items.{n}.beside"), *key)).collect();
        assert_eq!(told, expected);
        assert_eq!(flaws(&[step("form"), beside(step("form")), beside(step("vouch")), step("decision")]), []);
    }

    #[test]
    fn a_condition_looks_back_at_a_question_that_must_be_answered() {
        let age = || asking("number", "age", true);
        let key = |items: &[StepInput]| flaws(items).first().map(|(_, key)| *key);
        let guardian = || only_if(step("agreement"), "age", "below", "18");
        assert_eq!(key(&[age(), guardian(), step("decision")]), None);
        assert_eq!(key(&[age(), beside(guardian())]), Some("joining-path-if-earlier"));
        assert_eq!(key(&[guardian(), age()]), Some("joining-path-if-earlier"));
        assert_eq!(key(&[asking("number", "age", false), guardian()]), Some("joining-path-if-required"));
        assert_eq!(key(&[asking("choice", "age", true), guardian()]), Some("joining-path-if-test"));
        let wrong = only_if(step("agreement"), "age", "below", "muda");
        assert_eq!(key(&[age(), wrong]), Some("joining-wrong-number"));
        let children = |value| only_if(step("agreement"), "children", "is", value);
        assert_eq!(key(&[asking("several", "children", true), children("yes")]), None);
        assert_eq!(
            key(&[asking("several", "children", true), children("x")]),
            Some("joining-path-if-choice")
        );
        let decision = only_if(step("decision"), "age", "below", "18");
        assert_eq!(key(&[age(), decision]), Some("joining-path-if-decision"));
    }

    #[test]
    fn a_step_after_the_first_block_may_be_for_minors_alone() {
        let key = |items: &[StepInput]| flaws(items).first().map(|(_, key)| *key);
        let minors = |value| only_if(step("agreement"), AGE, "below", value);
        assert_eq!(key(&[step("form"), minors("18"), step("decision")]), None);
        assert_eq!(key(&[step("form"), minors("16")]), None);
        assert_eq!(key(&[minors("18"), step("decision")]), Some("joining-path-if-age-first"));
        assert_eq!(key(&[step("form"), beside(minors("18"))]), Some("joining-path-if-age-first"));
        assert_eq!(key(&[step("form"), minors("40")]), Some("joining-path-if-age"));
        assert_eq!(
            key(&[step("form"), only_if(step("decision"), AGE, "below", "18")]),
            Some("joining-path-if-decision")
        );
    }

    #[test]
    fn what_a_step_may_hang_on_stands_before_its_block() {
        let items = [asking("number", "age", true), beside(asking("several", "what", true)), step("vouch")];
        let keys =
            |at, beside| askable(&items, at, beside).iter().map(|q| q.key.as_str()).collect::<Vec<_>>();
        assert_eq!(keys(0, false), [""; 0]);
        assert_eq!(keys(1, true), [""; 0]);
        assert_eq!(keys(2, false), ["age", "what"]);
        assert_eq!(keys(3, true), ["age", "what"]);
    }
}
