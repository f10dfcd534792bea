//! Copies of a database that is in use.

use super::{Opener, classify};
use crate::{Cause, DbError, place};
use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};
use std::{
    fs::{self, File},
    io::{Error, ErrorKind},
    path::Path,
};

/// Copies the database, as it is now, into a new file, which appears once it is on the disk.
/// Writers go on meanwhile: in a log that is written ahead a reader hinders nobody.
pub(crate) fn backup(opener: &Opener, to: &Path) -> Result<(), DbError> {
    if to.exists() {
        return Err(DbError::Refused(format!("{} is there already", to.display())));
    }
    let part = to.with_added_extension("part");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let file = place::private(&part).map_err(failed)?;
    copy(opener, &part)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&part, to).map_err(failed)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Where a folder cannot be opened it need not be synced.
    if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
        folder.sync_all().map_err(failed)?;
    }
    Ok(())
}

fn copy(opener: &Opener, to: &Path) -> Result<(), DbError> {
    let from = opener.reader()?;
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    let copy = || {
        let mut target = Connection::open(to)?;
        // In one step, hence one snapshot.
        Backup::new(from.connection(), &mut target)?.step(-1)
    };
    match copy().map_err(|error| classify("backup", error))? {
        StepResult::Done => Ok(()),
        other => Err(DbError::unavailable(format!("the copy ended early ({other:?})"))),
    }
}

fn failed(error: Error) -> DbError {
    match error.kind() {
        ErrorKind::StorageFull => DbError::Full,
        _ => DbError::Unavailable(Cause::new(error)),
    }
}
