//! Files as answers: sent with the form, removed, given to those who may see the answer.

use super::{AnswerLine, Field};
use crate::{
    joining::{
        self,
        actions::{self, file::Begun},
        model::{
            Answer, Path as JoiningPath,
            file::{Named, StoredFile, named},
        },
        queries,
        rules::file::{self as rules, Cleaned, PART_BYTES},
    },
    shell::{AppError, Cx, FilePart, Frame, Place, secrets},
};
use axum::{
    body::{Body, Bytes},
    extract::Path,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, channel::Channel};
use mapalus_core::{
    ApplicationId, FileId, Refusal, RefusalKind, StepId,
    access::{ReadApplication, UseApplication},
};
use mapalus_db::{DbError, Tx, params};

/// A file on a page.
#[derive(Debug, Clone)]
pub struct FileLine {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it is, and how large.
    pub size: String,
}

fn line(f: &Frame, file: &StoredFile) -> FileLine {
    // In tenths of a megabyte, or in whole kilobytes, rounded up.
    let tenths = (file.size * 10 + 1_048_575) / 1_048_576;
    let size = if file.size < 1_000 * 1_024 {
        f.t1("joining-file-kilobytes", "count", (file.size + 1_023) / 1_024)
    } else {
        f.t2("joining-file-megabytes", "whole", tenths / 10, "tenths", tenths % 10)
    };
    FileLine {
        id: file.id.to_string(),
        href: format!("/applications/{}/files/{}", file.application_id, file.id),
        name: file.name.clone(),
        size: format!("{}, {size}", file.kind.word().to_uppercase()),
    }
}

fn lines(f: &Frame, of: &[FileId], files: &[StoredFile]) -> Vec<FileLine> {
    of.iter().filter_map(|id| files.iter().find(|file| file.id == *id)).map(|file| line(f, file)).collect()
}

/// The files of an application, if its path asks for some.
pub(in crate::joining) fn load(
    tx: &mut Tx<'_>,
    path: &JoiningPath,
    application: ApplicationId,
) -> Result<Vec<StoredFile>, DbError> {
    if path.asks_for_files() { tx.all(&queries::file::FILES, &params![application]) } else { Ok(Vec::new()) }
}

/// Puts files where answers name them.
pub(super) fn show(f: &Frame, answers: &mut [AnswerLine], files: &[StoredFile]) {
    for answer in answers {
        answer.files = lines(f, &answer.named, files);
    }
}

/// Puts the files that stand at the fields of a form.
pub(super) fn show_in_form(
    f: &Frame,
    fields: &mut [Field],
    (path, answers, step): (&JoiningPath, &[Answer], StepId),
    files: &[StoredFile],
) {
    let named = named(path, answers);
    for field in fields {
        let here = named.iter().filter(|named| named.step == step && named.key == field.name);
        field.files = lines(f, &here.map(|named| named.file).collect::<Vec<_>>(), files);
        field.room = field.files.len() < rules::MOST_FILES;
    }
}

/// Samples of files for pages.
pub(super) fn sample(application: ApplicationId) -> Vec<StoredFile> {
    use mapalus_core::{Id, chance::Counted};
    let chance = Counted::default();
    let file = |(name, kind, size): (&str, _, _)| StoredFile {
        id: FileId::new(super::sample::AT, &chance),
        application_id: application,
        name: name.to_owned(),
        kind,
        size,
        digest: String::new(),
        made_at: super::sample::AT,
    };
    use crate::joining::model::file::FileKind::{Jpeg, Pdf};
    [("Berita acara sumpah.pdf", Pdf, 3_250_000), ("ijazah.jpg", Jpeg, 480_000)]
        .into_iter()
        .map(file)
        .collect()
}

/// Takes one file in: judged, cleaned, stored, made an answer. Gives the file that is one then.
pub(in crate::joining) async fn add(cx: &Cx, application: &str, part: FilePart) -> Result<FileId, AppError> {
    let key = part.field.clone();
    let size = i64::try_from(part.size).unwrap_or(i64::MAX);
    let (of, at) = (application.to_owned(), key.clone());
    cx.read("joining::may_add_file", move |tx, cx| {
        let (application, path, standing) = joining::load(tx, cx, &of)?;
        let permit = standing.permit::<UseApplication>()?;
        actions::file::may_add(&permit, &application, &path, &at, size)
    })
    .await?;
    if part.bytes.len() != part.size {
        // One form brought more than is kept of it, though each file for itself would fit.
        let refused = rules::room(0, rules::MOST_OF_ALL, size);
        refused.map_err(|wrong| wrong.at(&key))?;
    }
    let FilePart { name, bytes, .. } = part;
    let (cleaned, digest) = tokio::task::spawn_blocking(move || {
        rules::clean(&bytes).map(|cleaned| {
            let digest = secrets::digest(&cleaned.bytes);
            (cleaned, digest)
        })
    })
    .await
    .map_err(AppError::caused)?
    .map_err(|wrong| wrong.at(&key))?;
    let Cleaned { kind, bytes } = cleaned;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let new = actions::file::NewFile { name: rules::name(&name, &key, kind), kind, size, digest };
    let (cx2, of, at) = (cx.clone(), application.to_owned(), key.clone());
    let begun = cx
        .app
        .write_as(cx.person(), "joining::begin_file", move |work| {
            let (application, path, standing) = joining::load(work.tx, &cx2, &of)?;
            let permit = standing.permit::<UseApplication>()?;
            actions::file::begin(work, &permit, &application, &path, &at, &new)
        })
        .await?;
    let file = match begun {
        Begun::New(file) => file,
        Begun::Stands(file) => return make_answer(cx, application, &key, file).await,
    };
    let of: ApplicationId = application.parse().map_err(|_| Refusal::not_found())?;
    let added = match actions::file::store(&cx.app, file, &bytes).await {
        Ok(()) => make_answer(cx, application, &key, file).await,
        Err(error) => Err(error.into()),
    };
    if added.as_ref().ok() != Some(&file) {
        actions::file::discard(&cx.app, of, file).await?;
    }
    added
}

/// The last write. A call of the API is done once; a form is, by the write that follows with its answers.
async fn make_answer(cx: &Cx, application: &str, key: &str, file: FileId) -> Result<FileId, AppError> {
    let (of, at) = (application.to_owned(), key.to_owned());
    let run = move |work: &mut crate::shell::Work<'_, '_>, cx: &Cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &of)?;
        let permit = standing.permit::<UseApplication>()?;
        let file = actions::file::add(work, &permit, &application, &path, &at, file)?;
        Ok::<_, AppError>(Place::at(format!("/applications/{}/files/{file}", application.id)))
    };
    let place = if cx.api {
        cx.write("joining::add_file", run).await?
    } else {
        let cx2 = cx.clone();
        cx.app.write_as(cx.person(), "joining::add_file", move |work| run(work, &cx2)).await?
    };
    let id = place.location.rsplit('/').next().and_then(|id| id.parse().ok());
    id.ok_or(AppError::internal("a place that is no file"))
}

/// Takes in the files of a form. Those that hold stay, whatever becomes of the form.
///
/// # Errors
/// What is wrong with each of the others, under the names of their fields.
pub(super) async fn add_all(cx: &Cx, application: &str, files: Vec<FilePart>) -> Result<(), AppError> {
    let mut flaws = Vec::new();
    for part in files {
        match add(cx, application, part).await {
            Ok(_) => {}
            Err(AppError::Refusal(refusal)) if refusal.kind == RefusalKind::Invalid => {
                flaws.extend(refusal.fields);
            }
            Err(error) => return Err(error),
        }
    }
    if flaws.is_empty() { Ok(()) } else { Err(Refusal::invalid(flaws).into()) }
}

/// Removes a file of a form that is not sent. Gives whether it was there.
pub(in crate::joining) async fn remove(cx: &Cx, application: &str, file: &str) -> Result<bool, AppError> {
    let file: FileId = file.parse().map_err(|_| Refusal::not_found())?;
    let (cx2, of) = (cx.clone(), application.to_owned());
    cx.app
        .write_as(cx.person(), "joining::remove_file", move |work| {
            let (application, path, standing) = joining::load(work.tx, &cx2, &of)?;
            let permit = standing.permit::<UseApplication>()?;
            actions::file::remove(work, &permit, &application, &path, file)
        })
        .await
}

/// A file that one may see, with the answer that names it.
pub(in crate::joining) async fn seen(
    cx: &Cx,
    application: String,
    file: &str,
) -> Result<(Named, StoredFile), AppError> {
    let file: FileId = file.parse().map_err(|_| Refusal::not_found())?;
    cx.read("joining::file", move |tx, cx| {
        let (application, path, standing) = joining::load(tx, cx, &application)?;
        standing.permit::<ReadApplication>()?;
        let mut answers = queries::answers(tx, application.id)?;
        joining::keep_seen(&standing, &path, &mut answers);
        let named = named(&path, &answers).into_iter().find(|named| named.file == file);
        let named = named.ok_or_else(Refusal::not_found)?;
        let stored: Option<StoredFile> = tx.optional(&queries::file::FILE, &params![file, application.id])?;
        Ok((named, stored.ok_or_else(Refusal::not_found)?))
    })
    .await
}

/// `GET /applications/{application}/files/{file}`: to be kept, never shown by the browser in our place.
pub async fn file(cx: Cx, Path((application, file)): Path<(String, String)>) -> Result<Response, AppError> {
    let (_, file) = seen(&cx, application, &file).await?;
    let header = |text: String| HeaderValue::from_str(&text).map_err(AppError::caused);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.kind.media())),
        (header::CONTENT_LENGTH, HeaderValue::from(file.size)),
        (header::CONTENT_DISPOSITION, header(disposition(&file.name))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox"),
        ),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    Ok((StatusCode::OK, headers, body(&cx, &file)).into_response())
}

/// The bytes, read part by part as they are taken.
fn body(cx: &Cx, file: &StoredFile) -> Body {
    let (mut sender, body) = Channel::<Bytes, DbError>::new(1);
    let (app, id, size) = (cx.app.clone(), file.id, file.size);
    tokio::spawn(async move {
        for place in 0..(size + PART_BYTES as i64 - 1) / PART_BYTES as i64 {
            let part: Result<(Vec<u8>,), DbError> = app
                .db
                .read("joining::file_part", move |tx| tx.one(&queries::file::FILE_PART, &params![id, place]))
                .await;
            match part {
                Ok((bytes,)) => {
                    if sender.send_data(bytes.into()).await.is_err() {
                        return;
                    }
                }
                // Deleted in the midst of it: the answer ends short of its length, and is known as cut off.
                Err(error) => return sender.abort(error),
            }
        }
    });
    Body::new(body.fuse())
}

/// To be kept under this name: in ASCII for old programs, and as it is (RFC 5987).
fn disposition(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || " ._-()".contains(c) { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    let whole: String = name.bytes().map(byte).collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{whole}")
}

/// The answers of a form as they were typed: files are not among them.
pub(super) fn wish(typed: &str) -> (bool, Option<&str>) {
    let removed = typed.strip_prefix("remove:");
    (typed == "save" || removed.is_some(), removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_into_the_header_whole_and_cannot_leave_it() {
        assert_eq!(
            disposition("Ijazah \"S1\"; é.pdf"),
            "attachment; filename=\"Ijazah _S1__ _.pdf\"; filename*=UTF-8''Ijazah%20%22S1%22%3B%20%C3%A9.pdf"
        );
        assert!(HeaderValue::from_str(&disposition("a\r\nSet-Cookie: b=1.pdf")).is_ok());
    }
}
