//! The bare page.

use crate::{MAKE, THING, Thing, open};
use anyhow::Result;
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use mapalus_db::{Db, DbError, Options, params};

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    thing: Thing,
}

/// Serves the page at `/things/one` until it is stopped; says where.
pub async fn serve(file: &str) -> Result<()> {
    let db = open(file, Options::default()).await?;
    let about = "Warga yang siap membantu saat banjir dan longsor.";
    let made: Result<u64, DbError> =
        db.write("make", move |tx| tx.execute(&MAKE, &params!["one", "Relawan Siaga", about, 1])).await;
    made?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let router = Router::new().route("/things/{thing}", get(thing)).with_state(db);
    Ok(axum::serve(listener, router).await?)
}

async fn thing(State(db): State<Db>, Path(id): Path<String>) -> Response {
    let found: Result<Option<Thing>, DbError> =
        db.read("thing", move |tx| tx.optional(&THING, &params![id])).await;
    let Ok(Some(thing)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match (Page { thing }).render() {
        Ok(page) => Html(page).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
