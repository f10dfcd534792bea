//! Files that come with a form, or alone: read within bounds, into memory of which there is a budget.

use super::{
    App, AppError, Cx, Posted,
    cx::{BODY_BYTES, admitted, body, body_too_large, content_type, idempotency_key},
};
use axum::{
    body::{Body, Bytes},
    extract::{
        FromRequest, Multipart,
        multipart::{Field, MultipartError},
    },
    http::{Request, request::Parts},
};
use http_body_util::{BodyExt, Limited};
use mapalus_core::{PersonId, Refusal, RefusalKind};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

const MIB: usize = 1024 * 1024;

/// Bytes of one file at most, where a form takes several.
pub const FILE_BYTES: usize = 10 * MIB;
/// Bytes of all files of one form at most.
pub const FILES_BYTES: usize = 30 * MIB;
/// Bytes of a form with a picture at most: a file of 8 MB and the rest of the form.
pub(super) const PICTURE_BYTES: usize = 8 * MIB + BODY_BYTES;
/// Bytes of a body that is read at all. What is above the bounds of a form is read and dropped, so that
/// the form can come back with the limit beside its field; above this the request ends.
pub(super) const UPLOAD_BYTES: usize = 64 * MIB;
/// Mebibytes that all files being read take in memory; one more request is asked to try again.
const BUDGET_MIB: usize = 160;
/// Requests with files of one person that are read at once: nobody takes the whole budget.
const AT_ONCE: usize = 2;

/// How much of a form is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Bytes of the whole body.
    whole: usize,
    /// Bytes of one file.
    each: usize,
    /// Bytes of all files.
    all: usize,
}

/// A form with one picture.
pub(super) const ONE_PICTURE: Bounds =
    Bounds { whole: UPLOAD_BYTES, each: PICTURE_BYTES, all: PICTURE_BYTES };
/// A form with files as answers.
const SEVERAL_FILES: Bounds = Bounds { whole: UPLOAD_BYTES, each: FILE_BYTES, all: FILES_BYTES };

/// A file that was sent.
#[derive(Debug, Clone)]
pub struct FilePart {
    /// The form's field.
    pub field: String,
    /// The name that the browser gave it.
    pub name: String,
    /// How many bytes were sent.
    pub size: usize,
    /// The bytes; none if they were more than is kept.
    pub bytes: Bytes,
}

/// The memory there is for files being read, and how many requests of each person take of it now.
#[derive(Debug)]
pub struct Uploads {
    budget: Arc<Semaphore>,
    people: Mutex<HashMap<PersonId, usize>>,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { budget: Arc::new(Semaphore::new(BUDGET_MIB)), people: Mutex::default() }
    }
}

impl Uploads {
    fn people(&self) -> MutexGuard<'_, HashMap<PersonId, usize>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a request of a person; refused while others of theirs are still being read.
    fn begin(self: &Arc<Self>, person: PersonId) -> Result<Held, AppError> {
        let mut people = self.people();
        let now = people.entry(person).or_default();
        if *now >= AT_ONCE {
            return Err(busy());
        }
        *now += 1;
        Ok(Held { permit: None, turn: Some((Arc::clone(self), person)) })
    }
}

fn busy() -> AppError {
    Refusal::new(RefusalKind::Unavailable, "refusal-busy").into()
}

/// A request's part of the budget; given back when dropped. A stranger has none, and nothing of theirs is kept.
#[derive(Debug, Default)]
pub struct Held {
    permit: Option<OwnedSemaphorePermit>,
    turn: Option<(Arc<Uploads>, PersonId)>,
}

impl Held {
    /// Takes what so many bytes need.
    fn grow(&mut self, bytes: usize) -> Result<(), AppError> {
        let (uploads, _) = self.turn.as_ref().ok_or_else(busy)?;
        let have = self.permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(bytes.div_ceil(MIB).saturating_sub(have)).unwrap_or(u32::MAX);
        if more == 0 {
            return Ok(());
        }
        let taken = Arc::clone(&uploads.budget).try_acquire_many_owned(more).map_err(|_| busy())?;
        match &mut self.permit {
            Some(permit) => permit.merge(taken),
            None => self.permit = Some(taken),
        }
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((uploads, person)) = self.turn.take() {
            let mut people = uploads.people();
            if let Some(now) = people.get_mut(&person) {
                *now -= 1;
                if *now == 0 {
                    people.remove(&person);
                }
            }
        }
    }
}

/// The fields of a form and its files, and what these take of the budget.
type FormParts = (Vec<(String, String)>, Vec<FilePart>, Held);

/// A body over its limit ends as an error of the part that was being read.
fn too_large(most: usize) -> AppError {
    let most = (most / MIB) as i64;
    Refusal::new(RefusalKind::TooLarge, "refusal-file-too-large").with("most", most).into()
}

/// Who sends, before anything of it is read: of a stranger nothing is kept but the fields; a token that does not reach
/// the route is refused.
async fn for_whom(parts: &Parts, app: &App, bounds: Bounds) -> Result<(Bounds, Held), AppError> {
    let (_, viewer) = admitted(parts, app).await?;
    Ok(match viewer {
        Some(viewer) => (bounds, app.uploads.begin(viewer.person)?),
        None => (Bounds { each: 0, all: 0, ..bounds }, Held::default()),
    })
}

/// The fields and files of a form, in either of its two shapes.
pub(super) async fn form_parts(
    parts: &Parts,
    stream: Body,
    app: &App,
    bounds: Bounds,
) -> Result<FormParts, AppError> {
    let malformed = || AppError::from(Refusal::new(RefusalKind::Malformed, "refusal-form"));
    match content_type(parts) {
        "application/x-www-form-urlencoded" => {
            let bytes = body(stream).await?;
            let fields = serde_html_form::from_bytes(&bytes).map_err(|_| malformed())?;
            Ok((fields, Vec::new(), Held::default()))
        }
        "multipart/form-data" => {
            let (bounds, mut held) = for_whom(parts, app, bounds).await?;
            let limited = Body::new(Limited::new(stream, bounds.whole));
            let request = Request::from_parts(parts.clone(), limited);
            let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| malformed())?;
            let (mut fields, mut files) = (Vec::new(), Vec::new());
            let (mut typed, mut kept) = (0, 0);
            let over = |_: MultipartError| too_large(bounds.all.max(PICTURE_BYTES));
            while let Some(field) = multipart.next_field().await.map_err(over)? {
                let name = field.name().unwrap_or("").to_owned();
                if field.file_name().is_some() {
                    let room = bounds.each.min(bounds.all - kept);
                    let file = file(field, name, (room, kept), &mut held).await?.map_err(over)?;
                    kept += file.bytes.len();
                    // A field left empty is sent as a file without name and bytes.
                    if file.size > 0 || !file.name.is_empty() {
                        files.push(file);
                    }
                } else {
                    let bytes = text(field, BODY_BYTES - typed).await?.map_err(over)?;
                    typed += bytes.len();
                    fields.push((name, String::from_utf8(bytes).map_err(|_| malformed())?));
                }
                if fields.len() + files.len() > 200 {
                    return Err(malformed());
                }
            }
            Ok((fields, files, held))
        }
        _ => Err(Refusal::new(RefusalKind::WrongKind, "refusal-form-type").into()),
    }
}

/// What was typed into one field; a form with more than there is room for is refused before it is read to its end.
async fn text(mut part: Field<'_>, room: usize) -> Result<Result<Vec<u8>, MultipartError>, AppError> {
    let mut bytes = Vec::new();
    loop {
        match part.chunk().await {
            Err(error) => return Ok(Err(error)),
            Ok(None) => return Ok(Ok(bytes)),
            Ok(Some(chunk)) if bytes.len() + chunk.len() > room => return Err(body_too_large()),
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
        }
    }
}

/// One file of a form, beside `kept` bytes of others; what goes beyond the room is counted and dropped.
async fn file(
    mut part: Field<'_>,
    field: String,
    (room, kept): (usize, usize),
    held: &mut Held,
) -> Result<Result<FilePart, MultipartError>, AppError> {
    let name = part.file_name().unwrap_or("").to_owned();
    let (mut bytes, mut size) = (Vec::new(), 0);
    loop {
        match part.chunk().await {
            Err(error) => return Ok(Err(error)),
            Ok(None) => break,
            Ok(Some(chunk)) => {
                size += chunk.len();
                if size > room {
                    bytes = Vec::new();
                } else {
                    held.grow(kept + size)?;
                    bytes.extend_from_slice(&chunk);
                }
            }
        }
    }
    Ok(Ok(FilePart { field, name, size, bytes: bytes.into() }))
}

/// A posted form that may bring several files: its route is one of [`Routes::upload`](super::Routes::upload).
pub struct PostedFiles(pub Posted);

impl FromRequest<App> for PostedFiles {
    type Rejection = AppError;
    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, AppError> {
        Posted::read(request, app, SEVERAL_FILES).await.map(Self)
    }
}

/// A file as the whole body of a call: its context and the bytes.
pub struct Uploaded {
    /// The context.
    pub cx: Cx,
    /// The bytes; of a stranger none.
    pub bytes: Bytes,
    /// What they take of the memory there is for files.
    pub held: Held,
}

impl FromRequest<App> for Uploaded {
    type Rejection = AppError;
    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, AppError> {
        let (mut parts, stream) = request.into_parts();
        let (bounds, mut held) = for_whom(&parts, app, SEVERAL_FILES).await?;
        let mut bytes = Vec::new();
        let mut stream = Limited::new(stream, FILE_BYTES);
        while let Some(frame) = stream.frame().await {
            let frame = frame.map_err(|_| too_large(FILE_BYTES))?;
            if let Some(chunk) = frame.data_ref()
                && bounds.each > 0
            {
                held.grow(bytes.len() + chunk.len())?;
                bytes.extend_from_slice(chunk);
            }
        }
        let key = idempotency_key(&parts)?.map(|value| (value, app.key.seal(&bytes)));
        let cx = Cx::new(&mut parts, app, key).await?;
        Ok(Self { cx, bytes: bytes.into(), held })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, Millis, chance::Counted};

    #[test]
    fn nobody_takes_the_whole_budget_and_what_was_taken_is_given_back() {
        let uploads = Arc::new(Uploads::default());
        let chance = Counted::default();
        let [one, other] = [(); 2].map(|()| PersonId::new(Millis(0), &chance));
        let mut first = uploads.begin(one).unwrap();
        let second = uploads.begin(one).unwrap();
        assert!(uploads.begin(one).is_err());
        first.grow(60 * MIB).unwrap();
        let mut theirs = uploads.begin(other).unwrap();
        theirs.grow(100 * MIB).unwrap();
        assert!(theirs.grow(101 * MIB).is_err());
        drop(first);
        theirs.grow(101 * MIB).unwrap();
        assert!(uploads.begin(one).is_ok());
        drop((second, theirs));
        assert!(uploads.people().is_empty());
        assert_eq!(uploads.budget.available_permits(), BUDGET_MIB);
        // A stranger has no part of it.
        assert!(Held::default().grow(1).is_err());
    }
}
