//! Files as answers: stored part by part, then named by the answer; removed; swept away when nothing names them.
//!
//! A file is many bytes, and a write holds up others. So its bytes go in by writes of their own, while no answer
//! names it; the last write makes it an answer or refuses it.

use super::hold;
use crate::{
    joining::{
        model::{
            Answer, Answers, Application, Path, Question, QuestionKind,
            file::{FileKind, Named, StoredFile, named},
        },
        queries,
        rules::{self, file::PART_BYTES},
    },
    shell::{App, AppError, Work},
};
use mapalus_core::{ApplicationId, FileId, Permit, StepId, access::UseApplication, time::HOUR};
use mapalus_db::{DbError, Tx, params};

/// A file that is being stored.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its bytes.
    pub size: i64,
    /// Their digest.
    pub digest: String,
}

/// What becomes of a file that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It stands already.
    Stands(FileId),
    /// Its bytes are to be stored.
    New(FileId),
}

/// What stands in the answers of an application.
struct Standing {
    named: Vec<Named>,
    files: Vec<StoredFile>,
}

impl Standing {
    fn load(tx: &mut Tx<'_>, application: &Application, path: &Path) -> Result<Self, DbError> {
        let answers: Vec<Answer> = queries::answers(tx, application.id)?;
        let files = tx.all(&queries::file::FILES, &params![application.id])?;
        Ok(Self { named: named(path, &answers), files })
    }

    /// Files at a question, in their order.
    fn at(&self, step: StepId, key: &str) -> Vec<FileId> {
        let here = self.named.iter().filter(|named| named.step == step && named.key == key);
        here.map(|named| named.file).collect()
    }

    /// The file with these bytes at a question.
    fn same(&self, question: &Question, digest: &str) -> Option<FileId> {
        let here = self.at(question.step_id, &question.key);
        self.files.iter().find(|file| file.digest == digest && here.contains(&file.id)).map(|file| file.id)
    }

    fn room(&self, question: &Question, size: i64) -> Result<(), AppError> {
        let stands = |file: &&StoredFile| self.named.iter().any(|named| named.file == file.id);
        let all = self.files.iter().filter(stands).map(|file| file.size).sum();
        let here = self.at(question.step_id, &question.key).len();
        Ok(rules::file::room(here, all, size).map_err(|wrong| wrong.at(&question.key))?)
    }
}

/// The files that stand at the questions of a step, by their keys.
pub(super) fn standing(
    tx: &mut Tx<'_>,
    application: &Application,
    path: &Path,
    questions: &[&Question],
) -> Result<Answers, DbError> {
    let mut answers = Answers::new();
    if questions.iter().any(|question| question.kind == QuestionKind::File) {
        let stored = queries::answers(tx, application.id)?;
        for named in named(path, &stored) {
            if questions.iter().any(|q| q.step_id == named.step && q.key == named.key) {
                answers.entry(named.key).or_default().push(named.file.to_string());
            }
        }
    }
    Ok(answers)
}

/// Whether a file of this size can be an answer to a question now: asked before it is looked at.
pub fn may_add(
    _permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
    key: &str,
    size: i64,
) -> Result<(), AppError> {
    rules::file::question(application, path, key)?;
    Ok(rules::file::fits(size).map_err(|wrong| wrong.at(key))?)
}

/// Begins a file, which no answer names yet; or finds the one with the same bytes that stands.
pub fn begin(
    work: &mut Work<'_, '_>,
    _permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
    key: &str,
    file: &NewFile,
) -> Result<Begun, AppError> {
    let question = rules::file::question(application, path, key)?;
    let stands = Standing::load(work.tx, application, path)?;
    if let Some(same) = stands.same(question, &file.digest) {
        return Ok(Begun::Stands(same));
    }
    stands.room(question, file.size)?;
    let since = work.now.plus(-HOUR);
    let sent = work.tx.scalar(&queries::file::FILES_SINCE, &params![application.person_id, since])?;
    rules::file::one_more(sent)?;
    let id: FileId = work.id();
    let row = params![id, application.id, &file.name, file.kind, file.size, &file.digest, work.now];
    work.tx.execute(&queries::file::ADD_FILE, &row)?;
    Ok(Begun::New(id))
}

/// Stores its bytes, a write for each part.
pub async fn store(app: &App, file: FileId, bytes: &[u8]) -> Result<(), DbError> {
    for (place, part) in (0i64..).zip(bytes.chunks(PART_BYTES)) {
        let part = part.to_vec();
        app.write_as(None, "joining::store_file_part", move |work| {
            work.tx.execute(&queries::file::ADD_FILE_PART, &params![file, place, part.clone()])
        })
        .await?;
    }
    Ok(())
}

/// Makes a stored file an answer. Gives the file that is one then: the same bytes twice are one file.
pub fn add(
    work: &mut Work<'_, '_>,
    _permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
    key: &str,
    file: FileId,
) -> Result<FileId, AppError> {
    let question = rules::file::question(application, path, key)?;
    hold(work, application)?;
    let stands = Standing::load(work.tx, application, path)?;
    let new = stands.files.iter().find(|stored| stored.id == file);
    let new = new.ok_or(AppError::internal("a file that was stored is gone"))?;
    if let Some(same) = stands.same(question, &new.digest) {
        return Ok(same);
    }
    stands.room(question, new.size)?;
    let mut here = stands.at(question.step_id, key);
    here.push(file);
    answer(work, application, question.step_id, key, &here)?;
    super::sending::saved(work, application)?;
    Ok(file)
}

/// Removes a file from its answer and from the house. Gives whether it was there.
pub fn remove(
    work: &mut Work<'_, '_>,
    _permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
    file: FileId,
) -> Result<bool, AppError> {
    hold(work, application)?;
    let stands = Standing::load(work.tx, application, path)?;
    let Some(found) = stands.named.iter().find(|named| named.file == file) else {
        return Ok(false);
    };
    // What was sent to others stays as long as its question promises.
    let question = rules::file::question(application, path, &found.key)?;
    if question.step_id != found.step {
        return Ok(false);
    }
    let mut here = stands.at(found.step, &found.key);
    here.retain(|id| *id != file);
    answer(work, application, found.step, &found.key, &here)?;
    drop_file(work, file)?;
    Ok(true)
}

/// These files are the answer.
fn answer(
    work: &mut Work<'_, '_>,
    application: &Application,
    step: StepId,
    key: &str,
    files: &[FileId],
) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_ANSWER, &params![application.id, step, key])?;
    if !files.is_empty() {
        let value = files.iter().map(FileId::to_string).collect::<Vec<_>>().join("\n");
        work.tx.execute(&queries::KEEP_ANSWER, &params![application.id, step, key, value])?;
    }
    Ok(())
}

fn drop_file(work: &mut Work<'_, '_>, file: FileId) -> Result<(), DbError> {
    work.tx.execute(&queries::file::DROP_FILE_PARTS, &params![file])?;
    work.tx.execute(&queries::file::DROP_FILE, &params![file])?;
    Ok(())
}

/// Drops a file that became no answer. One that did stays, also when the write that made it one seemed to fail.
pub async fn discard(app: &App, application: ApplicationId, file: FileId) -> Result<(), DbError> {
    app.write_as(None, "joining::discard_file", move |work| {
        let named: i64 = work.tx.scalar(&queries::file::NAMED_BY, &params![application, file])?;
        if named == 0 { drop_file(work, file) } else { Ok(()) }
    })
    .await
}

/// Deletes what no answer names: files of answers that were deleted, and what never became one within an hour.
/// A write for each, since a file is many bytes.
///
/// # Errors
/// The database's error; what was deleted before stays deleted.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    loop {
        let before = app.clock.now().plus(-HOUR);
        let loose: Vec<(FileId, ApplicationId)> = app
            .db
            .read("joining::loose_files", move |tx| tx.all(&queries::file::LOOSE_FILES, &params![before]))
            .await?;
        if loose.is_empty() {
            return Ok(());
        }
        for (file, application) in loose {
            discard(app, application, file).await?;
        }
    }
}
