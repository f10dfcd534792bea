//! Files that come with a form, or alone: read within bounds, into memory of which there is a budget.

use super::{
    App, AppError, Cx, Posted,
    cx::{BODY_BYTES, body, body_too_large, content_type, idempotency_key},
    seen::Seen,
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
use mapalus_core::{Refusal, RefusalKind};
use std::sync::Arc;
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
pub(super) const BUDGET_MIB: usize = 160;

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
    Bounds { whole: PICTURE_BYTES, each: PICTURE_BYTES, all: PICTURE_BYTES };
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

/// A part of the budget; given back when dropped.
#[derive(Debug, Default)]
pub struct Held(Option<OwnedSemaphorePermit>);

impl Held {
    /// Takes what so many bytes need.
    fn grow(&mut self, bytes: usize, budget: &Arc<Semaphore>) -> Result<(), AppError> {
        let have = self.0.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = u32::try_from(bytes.div_ceil(MIB).saturating_sub(have)).unwrap_or(u32::MAX);
        if more == 0 {
            return Ok(());
        }
        let busy = |_| AppError::from(Refusal::new(RefusalKind::Unavailable, "refusal-busy"));
        let taken = Arc::clone(budget).try_acquire_many_owned(more).map_err(busy)?;
        match &mut self.0 {
            Some(permit) => permit.merge(taken),
            None => self.0 = Some(taken),
        }
        Ok(())
    }
}

/// The fields of a form and its files, and what these take of the budget.
type FormParts = (Vec<(String, String)>, Vec<FilePart>, Held);

/// A body over its limit ends as an error of the part that was being read.
fn too_large(most: usize) -> AppError {
    let most = (most / MIB) as i64;
    Refusal::new(RefusalKind::TooLarge, "refusal-file-too-large").with("most", most).into()
}

/// Of a stranger nothing is kept but the fields.
async fn for_whom(parts: &Parts, app: &App, bounds: Bounds) -> Result<Bounds, AppError> {
    let seen = parts.extensions.get::<Seen>().cloned();
    let seen = seen.ok_or_else(|| AppError::internal("the route is not behind the house's guard"))?;
    let known = seen.viewer(app, &parts.headers).await?.is_some();
    Ok(if known { bounds } else { Bounds { each: 0, all: 0, ..bounds } })
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
            let bounds = for_whom(parts, app, bounds).await?;
            let limited = Body::new(Limited::new(stream, bounds.whole));
            let request = Request::from_parts(parts.clone(), limited);
            let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| malformed())?;
            let (mut fields, mut files, mut held) = (Vec::new(), Vec::new(), Held::default());
            let (mut typed, mut kept) = (0, 0);
            let over = |_: MultipartError| too_large(bounds.all.max(PICTURE_BYTES));
            while let Some(field) = multipart.next_field().await.map_err(over)? {
                let name = field.name().unwrap_or("").to_owned();
                if field.file_name().is_some() {
                    let room = bounds.each.min(bounds.all - kept);
                    let grow = |bytes: usize, held: &mut Held| held.grow(kept + bytes, &app.uploads);
                    let file = file(field, name, room, grow, &mut held).await?.map_err(over)?;
                    kept += file.bytes.len();
                    // A field left empty is sent as a file without name and bytes.
                    if file.size > 0 {
                        files.push(file);
                    }
                } else {
                    let bytes = field.bytes().await.map_err(over)?;
                    typed += bytes.len();
                    fields.push((name, String::from_utf8(bytes.to_vec()).map_err(|_| malformed())?));
                }
                if fields.len() + files.len() > 200 {
                    return Err(malformed());
                }
                if typed > BODY_BYTES {
                    return Err(body_too_large());
                }
            }
            Ok((fields, files, held))
        }
        _ => Err(Refusal::new(RefusalKind::WrongKind, "refusal-form-type").into()),
    }
}

/// One file of a form; what goes beyond the room is counted and dropped.
async fn file(
    mut part: Field<'_>,
    field: String,
    room: usize,
    grow: impl Fn(usize, &mut Held) -> Result<(), AppError>,
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
                    grow(size, held)?;
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
        let bounds = for_whom(&parts, app, SEVERAL_FILES).await?;
        let mut held = Held::default();
        let mut bytes = Vec::new();
        let mut stream = Limited::new(stream, FILE_BYTES);
        while let Some(frame) = stream.frame().await {
            let frame = frame.map_err(|_| too_large(FILE_BYTES))?;
            if let Some(chunk) = frame.data_ref()
                && bounds.each > 0
            {
                held.grow(bytes.len() + chunk.len(), &app.uploads)?;
                bytes.extend_from_slice(chunk);
            }
        }
        let key = idempotency_key(&parts)?.map(|value| (value, app.key.seal(&bytes)));
        let cx = Cx::new(&mut parts, app, key).await?;
        Ok(Self { cx, bytes: bytes.into(), held })
    }
}
