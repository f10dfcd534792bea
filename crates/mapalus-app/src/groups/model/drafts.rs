//! Groups that somebody prepares.

use super::{OpenInput, Openness};
use crate::shell::{Lang, text};
use mapalus_core::{DraftId, GroupVisibility, Millis};
use serde::Serialize;

mapalus_db::record! {
    /// A draft of a group.
    #[derive(Debug, Clone)]
    pub struct Draft {
        /// The draft.
        pub id: DraftId,
        /// Key of the template from which it comes.
        pub template: String,
        /// Name of the group to be.
        pub name: String,
        /// One sentence.
        pub summary: String,
        /// Paragraphs.
        pub about: String,
        /// Where it is to be at home, as it was typed.
        pub area: String,
        /// The districts it is to serve, as they were typed.
        pub districts: String,
        /// How one is to become a member.
        pub sign_up: Openness,
        /// Who is to find it.
        pub visibility: GroupVisibility,
        /// The language of its texts, and of what the template adds.
        pub lang: Lang,
        /// When it was changed.
        pub changed_at: Millis,
        /// Counts its changes.
        pub version: i64,
    }
}

/// What stands in the fields of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftText {
    /// Name of the group to be.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Paragraphs.
    pub about: String,
    /// Where it is to be at home.
    pub area: String,
    /// The districts it is to serve.
    pub districts: String,
    /// How one is to become a member.
    pub sign_up: Openness,
    /// Who is to find it.
    pub visibility: GroupVisibility,
}

impl Draft {
    /// The path of its page.
    pub fn path(&self) -> String {
        format!("/drafts/{}", self.id)
    }

    /// The input that would open it as it stands.
    pub fn input(&self) -> OpenInput {
        OpenInput {
            template: self.template.clone(),
            name: self.name.clone(),
            summary: self.summary.clone(),
            about: self.about.clone(),
            area: self.area.clone(),
            districts: self.districts.clone(),
            sign_up: self.sign_up.word().to_owned(),
            visibility: self.visibility.word().to_owned(),
            ..OpenInput::default()
        }
    }
}

/// A draft as its owner gets it in the download of the own data.
#[derive(Debug, Serialize)]
pub struct DraftView {
    template: String,
    name: String,
    summary: String,
    about: String,
    area: String,
    districts: String,
    sign_up: Openness,
    visibility: GroupVisibility,
    language: Lang,
    changed_at: String,
}

impl From<Draft> for DraftView {
    fn from(draft: Draft) -> Self {
        Self {
            template: draft.template,
            name: draft.name,
            summary: draft.summary,
            about: draft.about,
            area: draft.area,
            districts: draft.districts,
            sign_up: draft.sign_up,
            visibility: draft.visibility,
            language: draft.lang,
            changed_at: text::machine(draft.changed_at),
        }
    }
}
