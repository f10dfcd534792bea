//! Templates of groups and kinds of qualification: data files, part of the program.

use super::model::GroupKind;
use crate::shell::{Lang, reference::data_file};
use serde::Deserialize;
use std::sync::OnceLock;

/// A text in both languages.
#[derive(Debug, Clone, Deserialize)]
pub struct Both {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The text in a language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

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

/// A step of a template's joining path.
#[derive(Debug, Deserialize)]
pub struct TemplateStep {
    /// `form`, `vouch`, `screening`, `agreement` or `decision`.
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

#[derive(Debug, Deserialize)]
struct Kinds {
    kinds: Vec<Qualification>,
}

/// A kind of qualification.
#[derive(Debug, Deserialize)]
pub struct Qualification {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Both,
    /// Who issues it.
    pub issuer: Both,
    /// Months for which it is valid; 0 for life.
    pub validity_months: u16,
    /// What renews it.
    pub renewed_by: Both,
}

/// The kinds of qualification.
pub fn qualifications() -> &'static [Qualification] {
    static KINDS: OnceLock<Kinds> = OnceLock::new();
    let read = || {
        toml::from_str(data_file!("qualifications.toml"))
            .unwrap_or_else(|error| panic!("qualifications.toml does not fit: {error}"))
    };
    &KINDS.get_or_init(read).kinds
}

/// The name of a kind of qualification.
pub fn qualification(key: &str, lang: Lang) -> Option<&'static str> {
    qualifications().iter().find(|kind| kind.key == key).map(|kind| kind.name.get(lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::reference::{causes, occupations};

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
                assert!(qualification(wanted, Lang::Id).is_some(), "{key}: {wanted}");
            }
            for text in [&template.name, &template.summary, &template.about] {
                assert!(!text.id.is_empty() && !text.en.is_empty() && text.id != text.en, "{key}");
            }
        }
    }
}
