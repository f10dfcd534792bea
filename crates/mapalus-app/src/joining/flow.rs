//! The path with which a new group begins: its template's, or a short form and a decision.

use super::{
    actions,
    model::{
        Details, Overdue, QuestionKind, Seen, StepKind,
        path::{NewQuestion, NewStep},
        screening::Criterion,
    },
};
use crate::{
    groups::{Openness, template::Template},
    growth::{self, model::NewTraining},
    shell::{Lang, Work, locale},
};
use mapalus_core::{GroupId, TrainingId};
use mapalus_db::DbError;
use std::collections::HashMap;

/// Makes the first path of a new group, in the group's transaction.
pub(crate) fn begin_path(
    work: &mut Work<'_, '_>,
    group: GroupId,
    template: Option<&Template>,
    sign_up: Openness,
    lang: Lang,
) -> Result<(), DbError> {
    let trainings = match template {
        Some(template) => make_trainings(work, group, template, lang)?,
        None => HashMap::new(),
    };
    let mut steps =
        template.map_or_else(|| blank(lang), |template| from_template(template, &trainings, lang));
    if sign_up == Openness::Open {
        steps.retain(|step| step.kind != StepKind::Decision);
    }
    actions::path::store(work, group, 1, &steps)?;
    Ok(())
}

/// Makes the template's trainings, in one language; gives them by their keys.
fn make_trainings(
    work: &mut Work<'_, '_>,
    group: GroupId,
    template: &Template,
    lang: Lang,
) -> Result<HashMap<String, TrainingId>, DbError> {
    let mut made = HashMap::new();
    for training in &template.trainings {
        let new = NewTraining {
            title: training.title.get(lang).to_owned(),
            teaches: training.teaches.get(lang).trim().to_owned(),
            grants: training.grants.clone(),
            for_applicants: false,
        };
        made.insert(training.key.clone(), growth::on_behalf::begin(work, group, &new)?);
    }
    Ok(made)
}

/// The template's steps, in one language, with its trainings.
fn from_template(template: &Template, trainings: &HashMap<String, TrainingId>, lang: Lang) -> Vec<NewStep> {
    let question = |q: &crate::groups::template::TemplateQuestion| {
        let options = q.options.iter().map(|o| format!("{}\t{}", o.key, o.label.get(lang)));
        Some(NewQuestion {
            key: q.key.clone(),
            kind: q.kind.parse().ok()?,
            required: q.required,
            label: q.label.get(lang).to_owned(),
            why: q.why.get(lang).to_owned(),
            visible: q.visible.parse().ok()?,
            delete_days: q.delete_days,
            options: options.collect::<Vec<_>>().join("\n"),
        })
    };
    let criterion = |criterion: &crate::groups::template::TemplateCriterion| Criterion {
        name: criterion.name.get(lang).to_owned(),
        good: criterion.good.get(lang).to_owned(),
        weight: criterion.weight,
    };
    let step = |step: &crate::groups::template::TemplateStep| {
        Some(NewStep {
            kind: step.kind.parse().ok()?,
            name: step.name.get(lang).to_owned(),
            text: step.text.as_ref().map_or(String::new(), |text| text.get(lang).trim().to_owned()),
            beside: step.beside,
            only_if: step.only_if.as_deref().map(str::parse).transpose().ok()?,
            days: step.days,
            remind_days: step.remind_days,
            overdue: step.overdue.parse().ok()?,
            approvals: step.approvals.max(1),
            needed: step.needed,
            other_workplace: step.other_workplace,
            details: Details {
                criteria: step.criteria.iter().map(criterion).collect(),
                reviewers: step.reviewers,
                training: step.training.as_ref().and_then(|key| trainings.get(key).copied()),
                change_hours: step.change_hours,
            },
            questions: step.questions.iter().filter_map(question).collect(),
        })
    };
    template.steps.iter().filter_map(step).collect()
}

fn blank(lang: Lang) -> Vec<NewStep> {
    let text = |key| locale::message(lang, key, &[]);
    let why = NewQuestion {
        key: "why".to_owned(),
        kind: QuestionKind::Long,
        required: true,
        label: text("joining-blank-question"),
        why: text("joining-blank-question-why"),
        visible: Seen::Reviewers,
        delete_days: 90,
        options: String::new(),
    };
    let step = |kind, name, days, questions| NewStep {
        kind,
        name: text(name),
        text: String::new(),
        beside: false,
        only_if: None,
        days,
        remind_days: 2,
        overdue: Overdue::Remind,
        approvals: 1,
        needed: 0,
        other_workplace: false,
        details: Details::default(),
        questions,
    };
    vec![
        step(StepKind::Form, "joining-blank-form", 14, vec![why]),
        step(StepKind::Decision, "joining-blank-decision", 7, Vec::new()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::groups::template::templates;
    use mapalus_core::{Id, chance::Counted};

    #[test]
    fn every_first_path_is_one_that_coordinators_could_build() {
        use crate::joining::{
            model::path::{ConditionInput, PathInput, QuestionInput, StepInput},
            rules,
        };
        let option = |line: &str| line.split_once('\t').unwrap().into();
        let question = |q: &NewQuestion| QuestionInput {
            key: q.key.clone(),
            kind: q.kind.to_string(),
            label: q.label.clone(),
            why: q.why.clone(),
            required: q.required,
            visible: q.visible.to_string(),
            delete_days: q.delete_days,
            options: q.options.lines().map(option).collect(),
        };
        let step = |step: &NewStep| StepInput {
            kind: step.kind.to_string(),
            name: step.name.clone(),
            beside: step.beside,
            only_if: step.only_if.as_ref().map(ConditionInput::from),
            days: step.days,
            remind_days: step.remind_days,
            overdue: step.overdue.to_string(),
            text: step.text.clone(),
            approvals: step.approvals,
            needed: step.needed,
            other_workplace: step.other_workplace,
            criteria: step.details.criteria.clone(),
            reviewers: step.details.reviewers,
            training: step.details.training.map_or_else(String::new, |training| training.to_string()),
            change_hours: step.details.change_hours,
            questions: step.questions.iter().map(question).collect(),
        };
        for lang in [Lang::Id, Lang::En] {
            let of_templates = templates().iter().map(|template| {
                let id = |training: &crate::groups::template::TemplateTraining| {
                    (training.key.clone(), TrainingId::new(mapalus_core::Millis(0), &Counted::default()))
                };
                from_template(template, &template.trainings.iter().map(id).collect(), lang)
            });
            for steps in of_templates.chain([blank(lang)]) {
                let items = steps.iter().map(step).collect();
                let held = rules::path::whole(&PathInput { items, open: false }, Openness::Application);
                assert!(held.is_ok(), "{:?}", held.unwrap_err());
            }
        }
    }
}
