//! Templates of groups: data files, part of the program.

use super::model::GroupKind;
pub use crate::shell::reference::Both;

use crate::shell::reference::data_file;
use serde::Deserialize;
use std::sync::OnceLock;

/// A template of a group.
#[derive(Debug, Deserialize)]
pub struct Template {
    /// Its key.
    pub key: String,
    /// The kind of group.
    kind: String,
    /// Occupations of an occupational group.
    pub occupations: Vec<String>,
    /// Causes of a volunteer group.
    pub causes: Vec<String>,
    /// How one becomes a member.
    pub sign_up: String,
    /// Suggested name; `{area}` stands for the place.
    pub name: Both,
    /// One sentence.
    pub summary: Both,
    /// Paragraphs.
    pub about: Both,
    /// Five rules.
    pub rules: Vec<Both>,
    /// Frequent questions.
    pub questions: Vec<Asked>,
    /// Roles.
    pub roles: Vec<TemplateRole>,
    /// Trainings that its path asks for.
    #[serde(default)]
    pub trainings: Vec<TemplateTraining>,
    /// The joining path.
    pub steps: Vec<TemplateStep>,
}

impl Template {
    /// The kind of group.
    pub fn kind(&self) -> GroupKind {
        self.kind.parse().unwrap_or(GroupKind::Volunteer)
    }
}

/// A frequent question of a template.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The question.
    pub ask: Both,
    /// The answer.
    pub answer: Both,
}

/// A role of a template.
#[derive(Debug, Deserialize)]
pub struct TemplateRole {
    /// Its key.
    pub key: String,
    /// Words of permissions.
    pub permissions: Vec<mapalus_core::Permission>,
    /// Keys of qualifications.
    pub qualifications: Vec<String>,
    /// Its name.
    pub name: Both,
    /// Its duties.
    pub duties: Vec<Both>,
}

/// A training of a template.
#[derive(Debug, Deserialize)]
pub struct TemplateTraining {
    /// Its key: by it a step names it.
    pub key: String,
    /// Key of the qualification that who passes holds then; empty for none.
    #[serde(default)]
    pub grants: String,
    /// Its title.
    pub title: Both,
    /// What it teaches.
    pub teaches: Both,
}

/// A step of a template's joining path.
#[derive(Debug, Deserialize)]
pub struct TemplateStep {
    /// `form`, `acquaintance`, `vouch`, `screening`, `interview`, `training`, `agreement` or `decision`.
    pub kind: String,
    /// Its name.
    pub name: Both,
    /// Deadline, days after the step begins.
    pub days: i64,
    /// Reminder, days before the deadline.
    pub remind_days: i64,
    /// What follows when the deadline passes: `remind`, `close` or `escalate`.
    #[serde(default = "remind")]
    pub overdue: String,
    /// Whether it is done beside the step before it.
    #[serde(default)]
    pub beside: bool,
    /// When it applies, as it is stored: `question test value`.
    #[serde(default)]
    pub only_if: Option<String>,
    /// Questions of a form.
    #[serde(default)]
    pub questions: Vec<TemplateQuestion>,
    /// Vouches needed.
    #[serde(default)]
    pub needed: i64,
    /// Whether one vouch comes from another workplace.
    #[serde(default)]
    pub other_workplace: bool,
    /// Text of an agreement.
    #[serde(default)]
    pub text: Option<Both>,
    /// Coordinators who must agree.
    #[serde(default)]
    pub approvals: i64,
    /// Criteria of a screening.
    #[serde(default)]
    pub criteria: Vec<TemplateCriterion>,
    /// Reviewers who give their scores.
    #[serde(default)]
    pub reviewers: i64,
    /// Key of the training to be passed.
    #[serde(default)]
    pub training: Option<String>,
    /// Hours before an interview until which its applicant may choose another time.
    #[serde(default)]
    pub change_hours: i64,
}

/// A criterion of a template's screening.
#[derive(Debug, Deserialize)]
pub struct TemplateCriterion {
    /// Its name.
    pub name: Both,
    /// What good looks like.
    pub good: Both,
    /// How much it weighs.
    pub weight: i64,
}

fn remind() -> String {
    "remind".to_owned()
}

/// A question of a template's form.
#[derive(Debug, Deserialize)]
pub struct TemplateQuestion {
    /// Its key.
    pub key: String,
    /// `short`, `long`, `choice`, `several`, `number`, `date`, `file` or `consent`.
    pub kind: String,
    /// Whether an answer is needed.
    pub required: bool,
    /// `reviewers` or `coordinators`.
    pub visible: String,
    /// Days after the decision when the answer is deleted.
    pub delete_days: i64,
    /// The question.
    pub label: Both,
    /// Why it is asked.
    pub why: Both,
    /// Possible answers.
    #[serde(default)]
    pub options: Vec<TemplateOption>,
}

/// A possible answer.
#[derive(Debug, Deserialize)]
pub struct TemplateOption {
    /// Its key.
    pub key: String,
    /// The answer.
    #[serde(flatten)]
    pub label: Both,
}

/// The eight templates, occupational ones first.
pub fn templates() -> &'static [Template] {
    static TEMPLATES: OnceLock<Vec<Template>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        [
            data_file!("templates/doctors.toml"),
            data_file!("templates/teachers.toml"),
            data_file!("templates/lawyers.toml"),
            data_file!("templates/architects.toml"),
            data_file!("templates/disaster.toml"),
            data_file!("templates/disability.toml"),
            data_file!("templates/orphanage.toml"),
            data_file!("templates/environment.toml"),
        ]
        .iter()
        .map(|text| toml::from_str(text).unwrap_or_else(|error| panic!("a template does not fit: {error}")))
        .collect()
    })
}

/// The template of a key.
pub fn get(key: &str) -> Option<&'static Template> {
    templates().iter().find(|template| template.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        qualifications::kinds,
        shell::reference::{causes, occupations},
    };

    #[test]
    fn doctors_and_disaster_relief_have_the_roles_of_their_field() {
        let roles = |key| {
            let template = get(key).expect("the template is there");
            template.roles.iter().map(|role| role.key.as_str()).collect::<Vec<_>>()
        };
        for (key, wanted) in [
            (
                "doctors",
                ["specialist", "general-practitioner", "nurse", "midwife", "other-medical-staff"].as_slice(),
            ),
            (
                "disaster",
                &[
                    "coordinator",
                    "medical",
                    "evacuation",
                    "logistics",
                    "kitchen",
                    "shelter",
                    "data-information",
                    "psychosocial",
                ],
            ),
        ] {
            let there = roles(key);
            let lacking: Vec<_> = wanted.iter().filter(|role| !there.contains(role)).collect();
            assert!(lacking.is_empty(), "{key} lacks {lacking:?}");
        }
    }

    #[test]
    fn the_eight_templates_are_whole_in_both_languages() {
        assert_eq!(templates().len(), 8);
        for template in templates() {
            let key = &template.key;
            assert_eq!(template.rules.len(), 5, "{key}");
            assert!(template.roles.len() >= 4 && template.questions.len() >= 4, "{key}");
            assert_eq!(template.steps.iter().filter(|step| step.kind == "decision").count(), 1, "{key}");
            assert!(template.occupations.iter().all(|code| occupations().get(code).is_some()), "{key}");
            assert!(template.causes.iter().all(|cause| causes::get(cause).is_some()), "{key}");
            let asked = template.roles.iter().flat_map(|role| &role.qualifications);
            for wanted in asked {
                assert!(kinds::get(wanted).is_some(), "{key}: {wanted}");
            }
            for text in [&template.name, &template.summary, &template.about] {
                assert!(!text.id.is_empty() && !text.en.is_empty() && text.id != text.en, "{key}");
            }
        }
    }
}
