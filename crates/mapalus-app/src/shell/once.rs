//! Nothing twice: a value that stands in every form and in the Idempotency-Key of an API call,
//! claimed in the write's own transaction.

use super::{AppError, house::queries, work::Place};
use mapalus_core::{Millis, Refusal, RefusalKind};
use mapalus_db::{Tx, params, record};

/// A once-value with what it is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The person, or `stranger`.
    pub subject: String,
    /// Method and path, sealed.
    pub route: String,
    /// The value that the form or the program sent.
    pub value: String,
    /// Digest of the body.
    pub digest: String,
}

record! {
    /// What a claimed value led to.
    struct Claimed {
        digest: String,
        location: Option<String>,
        done: Option<String>,
        undo: Option<String>,
    }
}

/// Claims the value. `Some` is the place to which the same request led before.
pub(super) fn claim(tx: &mut Tx<'_>, once: &Once, now: Millis) -> Result<Option<Place>, AppError> {
    let key = params![&once.subject, &once.route, &once.value, &once.digest, now.0];
    if tx.execute(&queries::CLAIM_ONCE, &key)? == 1 {
        return Ok(None);
    }
    let earlier: Claimed = tx.one(&queries::FIND_ONCE, &key[..3])?;
    if earlier.digest != once.digest {
        return Err(Refusal::new(RefusalKind::Invalid, "refusal-once-differs").into());
    }
    match earlier.location {
        Some(location) => Ok(Some(Place { location, done: earlier.done, undo: earlier.undo })),
        // The claim and what it led to are stored in one transaction.
        None => Err(AppError::internal("a once-value that led nowhere")),
    }
}

/// Notes where the write led.
pub(super) fn finish(tx: &mut Tx<'_>, once: &Once, place: &Place) -> Result<(), AppError> {
    let (done, undo) = (place.done.clone(), place.undo.clone());
    tx.execute(
        &queries::FINISH_ONCE,
        &params![&once.subject, &once.route, &once.value, &place.location, done, undo],
    )?;
    Ok(())
}
