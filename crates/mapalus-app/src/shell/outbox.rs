//! The outbox: events written with the rows they speak of, numbered after the commit, followed in order.
//!
//! A row is born without a position. One leased sequencer numbers committed rows whose time has come,
//! so that no follower passes a gap that a slower writer fills later. A follower applies events and
//! moves its cursor in one transaction: in our own tables an event acts once.

use super::{App, house::queries, work::Work};
use mapalus_core::{Event, EventId, Millis, PersonId, time::SECOND};
use mapalus_db::{DbError, Tx, params, record};

record! {
    /// A numbered event with who did it and when.
    struct Row {
        position: i64,
        payload: String,
        actor: Option<String>,
        made_at: i64,
    }
}

/// An event as a follower gets it.
#[derive(Debug, Clone)]
pub struct Happened {
    /// What happened.
    pub event: Event,
    /// Who did it, if a person did.
    pub actor: Option<PersonId>,
    /// When.
    pub at: Millis,
}

/// Follows events: applies one inside the transaction that moves the cursor.
pub type Follow = fn(&mut Work<'_, '_>, &Happened) -> Result<(), DbError>;

/// A follower: its name (stored with its cursor) and what it does with an event.
#[derive(Clone, Copy)]
pub struct Follower {
    /// Name of the cursor; never change it.
    pub name: &'static str,
    /// What it does with an event.
    pub follow: Follow,
}

pub(super) fn put(work: &mut Work<'_, '_>, event: &Event, due_at: Millis) -> Result<EventId, DbError> {
    let id = work.id::<EventId>();
    // Events are our own closed enum of ids and words: writing it as JSON cannot fail.
    let payload = serde_json::to_string(event).expect("an event can be written as JSON");
    let actor = work.actor.map(|person| person.to_string());
    work.emitted = true;
    work.tx.execute(&queries::PUT_EVENT, &params![id, payload, actor, work.now.0, due_at.0])?;
    Ok(id)
}

/// Takes back an event that has not gone out; `false` if it has.
///
/// # Errors
/// The database's error.
pub fn take_back(work: &mut Work<'_, '_>, event: EventId) -> Result<bool, DbError> {
    Ok(work.tx.execute(&queries::TAKE_BACK_EVENT, &params![event])? == 1)
}

/// Events that are followed in one transaction; one alone when the batch fails.
const BATCH: i64 = 64;

/// Numbers what is due and lets each follower follow, until nothing is left. Writes only if there is
/// something to do. `node` names this process in the lease.
///
/// # Errors
/// The database's error; what was followed before stays followed.
pub async fn run(app: &App, node: &str, followers: &'static [Follower]) -> Result<(), DbError> {
    loop {
        let numbered = number(app, node).await?;
        let mut followed = 0;
        for follower in followers {
            let name = follower.name;
            let behind = app
                .db
                .read("outbox::behind", move |tx| tx.scalar::<i64>(&queries::COUNT_BEHIND, &params![name]));
            if behind.await? > 0 {
                followed += match follow(app, *follower, BATCH).await {
                    Ok(count) => count,
                    Err(error) => {
                        tracing::warn!(follower = name, %error, "a batch of events failed; they are followed one by one");
                        follow(app, *follower, 1).await?
                    }
                };
            }
        }
        if numbered == 0 && followed == 0 {
            return Ok(());
        }
    }
}

async fn number(app: &App, node: &str) -> Result<u64, DbError> {
    let now = app.clock.now();
    let due = app.db.read("outbox::due", move |tx| tx.scalar::<i64>(&queries::COUNT_DUE, &params![now]));
    if due.await? == 0 {
        return Ok(0);
    }
    let holder = node.to_owned();
    app.write_as(None, "outbox::number", move |work| {
        let lease = params!["sequencer", &holder, work.now.plus(10 * SECOND), work.now];
        if work.tx.execute(&queries::TAKE_LEASE, &lease)? == 0 {
            return Ok(0);
        }
        work.tx.execute(&queries::NUMBER_EVENTS, &params![work.now])
    })
    .await
}

async fn follow(app: &App, follower: Follower, batch: i64) -> Result<usize, DbError> {
    app.write_as(None, follower.name, move |work| {
        work.tx.execute(&queries::BEGIN_CURSOR, &params![follower.name])?;
        let position: i64 = work.tx.scalar(&queries::LOCK_CURSOR, &params![follower.name])?;
        let rows: Vec<Row> = work.tx.all(&queries::EVENTS_AFTER, &params![position, batch])?;
        let Some(last) = rows.last().map(|row| row.position) else {
            return Ok(0);
        };
        for row in &rows {
            match serde_json::from_str(&row.payload) {
                Ok(event) => {
                    let actor = row.actor.as_deref().and_then(|id| id.parse().ok());
                    (follower.follow)(work, &Happened { event, actor, at: Millis(row.made_at) })?;
                }
                // Written by a newer version that was rolled back: an event this version does not know.
                Err(error) => {
                    tracing::warn!(position = row.position, %error, "an unknown event is passed over");
                }
            }
        }
        work.tx.execute(&queries::MOVE_CURSOR, &params![follower.name, last])?;
        Ok(rows.len())
    })
    .await
}

/// Events after a position, for a follower that keeps its own: at most so many.
#[derive(Debug)]
pub struct Ahead {
    /// The events; those of a newer version are left out.
    pub events: Vec<Event>,
    /// The position of the last of them; the one asked for if there is none.
    pub position: i64,
    /// Whether events after that position are gone, or were never there: what was followed cannot be trusted.
    pub broken: bool,
}

/// The events after a position.
///
/// # Errors
/// The database's error.
pub fn ahead(tx: &mut Tx<'_>, position: i64, most: i64) -> Result<Ahead, DbError> {
    let rows: Vec<Row> = tx.all(&queries::EVENTS_AFTER, &params![position, most])?;
    let first = rows.first().map(|row| row.position);
    // With something after the position, the head says nothing more.
    let head = if first.is_some() { position } else { head(tx)? };
    Ok(Ahead {
        position: rows.last().map_or(position, |row| row.position),
        events: rows.iter().filter_map(|row| serde_json::from_str(&row.payload).ok()).collect(),
        broken: is_broken(position, first, head),
    })
}

/// The last number given; 0 if none was.
///
/// # Errors
/// The database's error.
pub fn head(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.scalar(&queries::HEAD, &[])
}

/// Numbers follow one another: a gap after the position means that events were forgotten before they were
/// followed, a head before it that this is another database, or an older state of it.
fn is_broken(position: i64, first_after: Option<i64>, head: i64) -> bool {
    match first_after {
        Some(first) => first != position + 1,
        None => head != position,
    }
}

/// When the next held event is due; `None` if none waits.
///
/// # Errors
/// The database's error.
pub async fn next_due(app: &App) -> Result<Option<Millis>, DbError> {
    app.db
        .read("outbox::next_due", |tx| tx.scalar::<Option<i64>>(&queries::NEXT_DUE, &[]))
        .await
        .map(|due| due.map(Millis))
}

/// Forgets what everybody has followed and once-values that no longer count.
///
/// # Errors
/// The database's error.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    app.write_as(None, "outbox::sweep", |work| {
        let day_ago = work.now.plus(-mapalus_core::time::DAY).0;
        work.tx.execute(&queries::FORGET_ONCE, &params![day_ago])?;
        work.tx.execute(&queries::FORGET_KEPT_FORMS, &params![work.now])?;
        work.tx.execute(&queries::FORGET_EVENTS, &params![work.now.plus(-30 * mapalus_core::time::DAY).0])?;
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::is_broken;

    #[test]
    fn a_gap_or_another_database_is_noticed() {
        assert!(!is_broken(7, None, 7) && !is_broken(7, Some(8), 12));
        assert!(is_broken(7, Some(9), 12), "events were forgotten");
        assert!(is_broken(7, None, 40), "all events were forgotten");
        assert!(is_broken(7, None, 3), "an older state was restored");
    }
}
