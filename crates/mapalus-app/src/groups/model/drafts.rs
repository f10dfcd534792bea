//! Groups that somebody prepares.

use super::{OpenInput, Openness};
use crate::shell::{Lang, text};
use mapalus_core::{DraftId, GroupVisibility, Millis};
use serde::{Deserialize, Serialize};

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
        /// Its point, as it was typed.
        pub point: String,
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

    /// What came of a draft that is gone.
    #[derive(Debug, Clone)]
    pub struct DraftEnd {
        /// Key of the template from which it came.
        pub template: String,
        /// The group as which it was opened, by its part of the address; none if it was thrown away.
        pub slug: Option<String>,
    }
}

/// What is to stand in the fields of a draft: all of them.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftInput {
    /// Name of the group to be, at most 80 characters.
    #[serde(default)]
    pub name: String,
    /// One sentence, at most 160 characters.
    #[serde(default)]
    pub summary: String,
    /// Paragraphs, at most 4,000 characters.
    #[serde(default)]
    pub about: String,
    /// Regency or town, by code or name; it is looked up when the group is opened.
    #[serde(default)]
    pub area: String,
    /// Districts served, by code or name, separated by semicolons or lines.
    #[serde(default)]
    pub districts: String,
    /// Latitude and longitude in degrees, as `1.4748, 124.8421`; looked at when the group is opened.
    #[serde(default)]
    pub point: String,
    /// `open`, `application` or `invitation`.
    pub sign_up: String,
    /// `public`, `unlisted` or `private`.
    pub visibility: String,
}

impl From<DraftInput> for OpenInput {
    fn from(input: DraftInput) -> Self {
        Self {
            name: input.name,
            summary: input.summary,
            about: input.about,
            area: input.area,
            districts: vec![input.districts],
            point: input.point,
            sign_up: input.sign_up,
            visibility: input.visibility,
            ..Self::default()
        }
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
    /// Its point.
    pub point: String,
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
            districts: vec![self.districts.clone()],
            point: self.point.clone(),
            sign_up: self.sign_up.word().to_owned(),
            visibility: self.visibility.word().to_owned(),
            ..OpenInput::default()
        }
    }
}

/// A draft as its owner gets it over the API and in the download of the own data.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DraftView {
    /// The draft's id.
    pub id: String,
    /// Key of the template from which it comes.
    pub template: String,
    /// Name of the group to be; may be empty.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Paragraphs.
    pub about: String,
    /// Regency or town, as it was typed.
    pub area: String,
    /// Districts served, as they were typed.
    pub districts: String,
    /// Its point, as it was typed.
    pub point: String,
    /// `open`, `application` or `invitation`.
    #[schema(value_type = String)]
    pub sign_up: Openness,
    /// `public`, `unlisted` or `private`.
    #[schema(value_type = String)]
    pub visibility: GroupVisibility,
    /// The language of its texts, and of what the template adds.
    #[schema(value_type = String)]
    pub language: Lang,
    /// When it was changed, RFC 3339 in UTC.
    pub changed_at: String,
    /// Counts its changes: send it as If-Match.
    pub version: i64,
}

impl From<Draft> for DraftView {
    fn from(draft: Draft) -> Self {
        Self {
            id: draft.id.to_string(),
            version: draft.version,
            template: draft.template,
            name: draft.name,
            summary: draft.summary,
            about: draft.about,
            area: draft.area,
            districts: draft.districts,
            point: draft.point,
            sign_up: draft.sign_up,
            visibility: draft.visibility,
            language: draft.lang,
            changed_at: text::machine(draft.changed_at),
        }
    }
}
