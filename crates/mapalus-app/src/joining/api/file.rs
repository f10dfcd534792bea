//! Files as answers over the API.

use crate::{
    joining::{
        model::file::{FileView, views},
        pages::file,
    },
    shell::{AppError, Cx, FilePart, Place, Uploaded},
};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use mapalus_core::Refusal;
use serde::Deserialize;

/// Which answer it is, and what the file is called.
#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    question: String,
    #[serde(default)]
    name: String,
}

/// Give a file as an answer to a question of the form that is next: PDF, JPEG or PNG of 10 MB, 30 MB in all.
#[utoipa::path(post, path = "/api/v1/applications/{application}/files", tag = "joining",
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    params(("application" = String, Path, description = "The application's id"),
        ("question" = String, Query, description = "The key of the question"),
        ("name" = Option<String>, Query, description = "The file's name")),
    responses((status = 201, description = "The file", body = FileView)))]
pub async fn add(Path(id): Path<String>, sent: Uploaded) -> Result<Response, AppError> {
    let Uploaded { cx, bytes, held } = sent;
    let wanted: Wanted = cx.query()?;
    let part = FilePart { field: wanted.question, name: wanted.name, size: bytes.len(), bytes };
    let place = match file::add(&cx, &id, part).await {
        Ok(file) => Place::at(format!("/applications/{id}/files/{file}")),
        Err(error) => cx.earlier(error).await?,
    };
    drop(held);
    let file = place.location.rsplit('/').next().unwrap_or("");
    let (named, stored) = file::seen(&cx, id.clone(), file).await?;
    let view = views(&[named], &[stored]).pop().ok_or_else(Refusal::not_found)?;
    let mut answer = cx.json(StatusCode::CREATED, &view)?;
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/applications/{id}/files/{file}")) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    Ok(answer)
}

/// A file, for its applicant and for those who may see the answer.
#[utoipa::path(get, path = "/api/v1/applications/{application}/files/{file}", tag = "joining",
    params(("application" = String, Path, description = "The application's id"),
        ("file" = String, Path, description = "The file's id")),
    responses((status = 200, description = "The file, to be kept",
        content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png")))))]
pub async fn one(cx: Cx, path: Path<(String, String)>) -> Result<Response, AppError> {
    file::file(cx, path).await
}

/// Remove a file from the form that is next.
#[utoipa::path(delete, path = "/api/v1/applications/{application}/files/{file}", tag = "joining",
    params(("application" = String, Path, description = "The application's id"),
        ("file" = String, Path, description = "The file's id")),
    responses((status = 200, description = "The application", body = super::ApplicationView)))]
pub async fn remove(cx: Cx, Path((id, file)): Path<(String, String)>) -> Result<Response, AppError> {
    if !file::remove(&cx, &id, &file).await? {
        return Err(Refusal::not_found().into());
    }
    super::answer(&cx, StatusCode::OK, id).await
}
