//! Files as answers.

use super::{Answer, Path, QuestionKind};
use crate::shell::text;
use mapalus_core::{ApplicationId, FileId, Millis, StepId};
use serde::Serialize;

mapalus_core::words! {
    /// What a file is, by its content.
    pub enum FileKind {
        /// A document.
        Pdf = "pdf",
        /// A picture.
        Jpeg = "jpeg",
        /// A picture.
        Png = "png",
    }
}

mapalus_db::text_columns!(FileKind);

mapalus_db::record! {
    /// A file that an answer names.
    #[derive(Debug, Clone)]
    pub struct StoredFile {
        /// The file.
        pub id: FileId,
        /// The application.
        pub application_id: ApplicationId,
        /// Its name.
        pub name: String,
        /// What it is.
        pub kind: FileKind,
        /// Its bytes.
        pub size: i64,
        /// Their digest.
        pub digest: String,
        /// When it was sent.
        pub made_at: Millis,
    }
}

impl FileKind {
    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// How names of such files end; the first one is given to a name that ends otherwise.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
        }
    }
}

/// A file with the answer that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The step.
    pub step: StepId,
    /// The question.
    pub key: String,
    /// The file.
    pub file: FileId,
}

/// The files of an answer's value.
pub fn ids(value: &str) -> impl Iterator<Item = FileId> {
    value.lines().filter_map(|line| line.parse().ok())
}

/// The files that these answers name, in their order.
pub fn named(path: &Path, answers: &[Answer]) -> Vec<Named> {
    let asks = |answer: &&Answer| {
        let of = path.questions.iter().find(|q| q.step_id == answer.step_id && q.key == answer.key);
        of.is_some_and(|question| question.kind == QuestionKind::File)
    };
    let of = |answer: &Answer| -> Vec<Named> {
        let named = |file| Named { step: answer.step_id, key: answer.key.clone(), file };
        ids(&answer.value).map(named).collect()
    };
    answers.iter().filter(asks).flat_map(of).collect()
}

/// A file as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FileView {
    /// Its id.
    pub id: String,
    /// The step of its question.
    pub step: String,
    /// The key of its question.
    pub question: String,
    /// Its name.
    pub name: String,
    /// `pdf`, `jpeg` or `png`.
    #[schema(value_type = String)]
    pub kind: FileKind,
    /// Its bytes.
    pub size: i64,
    /// When it was sent, RFC 3339 in UTC.
    pub made_at: String,
}

/// Of these files those that answers name, as the API shows them.
pub fn views(named: &[Named], files: &[StoredFile]) -> Vec<FileView> {
    let view = |named: &Named| {
        let file = files.iter().find(|file| file.id == named.file)?;
        Some(FileView {
            id: file.id.to_string(),
            step: named.step.to_string(),
            question: named.key.clone(),
            name: file.name.clone(),
            kind: file.kind,
            size: file.size,
            made_at: text::machine(file.made_at),
        })
    };
    named.iter().filter_map(view).collect()
}
