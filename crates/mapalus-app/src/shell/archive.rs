//! Files in one archive, written while it is taken: no more than a part of a file is in memory.

use super::App;
use axum::body::{Body, Bytes};
use chrono::{Datelike, Timelike};
use http_body_util::{
    BodyExt,
    channel::{Channel, Sender},
};
use mapalus_core::Millis;
use mapalus_db::{DbError, Tx};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// A part of the bytes of a file, by the file's id and the place of the part from 0; none after the last.
pub type Part = fn(&mut Tx<'_>, &str, i64) -> Result<Option<Vec<u8>>, DbError>;

/// A stored file of a person, for the archive of their data.
pub struct OwnFile {
    /// Where it stands in the archive: the path of its address, its own name last.
    pub place: String,
    /// Its id.
    pub id: String,
    /// What gives its bytes.
    pub part: Part,
}

/// What was written to an archive and not yet sent.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Pipe {
    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A ZIP archive of a text and of files, each read part by part as the archive is taken. A file that is deleted meanwhile
/// is empty or cut short; an error ends the archive before its end, which every program notices.
pub fn archive(app: &App, now: Millis, text: (&'static str, String), files: Vec<OwnFile>) -> Body {
    let (mut sender, body) = Channel::<Bytes, io::Error>::new(1);
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = write(&app, now, text, files, &mut sender).await {
            tracing::error!(error = &error as &dyn std::error::Error, "an archive broke off");
            sender.abort(error);
        }
    });
    // A channel is not to be asked after its end, and a layer around it may.
    Body::new(body.fuse())
}

async fn write(
    app: &App,
    now: Millis,
    (name, text): (&str, String),
    files: Vec<OwnFile>,
    sender: &mut Sender<Bytes, io::Error>,
) -> io::Result<()> {
    let pipe = Pipe::default();
    let mut zip = ZipWriter::new_stream(pipe.clone());
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(made(now));
    zip.start_file(name, options)?;
    zip.write_all(text.as_bytes())?;
    for OwnFile { place, id, part } in files {
        zip.start_file(place, options)?;
        for n in 0.. {
            let id = id.clone();
            let read = app.db.read("shell::archive", move |tx| part(tx, &id, n)).await;
            let Some(bytes) = read.map_err(|error: DbError| io::Error::other(error))? else { break };
            zip.write_all(&bytes)?;
            if sender.send_data(pipe.take()).await.is_err() {
                // Nobody takes it any more.
                return Ok(());
            }
        }
    }
    drop(zip.finish()?);
    // Gone or not, there is nothing more to say.
    drop(sender.send_data(pipe.take()).await);
    Ok(())
}

/// The time in an archive, in UTC: in steps of two seconds, from 1980 on.
fn made(now: Millis) -> DateTime {
    let at = chrono::DateTime::from_timestamp_millis(now.0).unwrap_or_default();
    let small = |n: u32| u8::try_from(n).unwrap_or_default();
    DateTime::from_date_and_time(
        u16::try_from(at.year()).unwrap_or_default(),
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    )
    .unwrap_or_default()
}
