//! The work that nobody waits for: numbering and following events, sending mail, sweeping.

use crate::{
    FOLLOWERS, SOURCE, asking, groups, growth, home, joining,
    notices::{
        self,
        deliver::{self, Mailer},
    },
    people, qualifications, safeguarding, search,
    shell::{App, outbox},
};
use mapalus_core::{Millis, time::HOUR};
use mapalus_db::{Backend, DbError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Runs until it is told to stop. Woken by every event of this process; on PostgreSQL, where other nodes
/// write too, every two seconds at least. Mail has a loop of its own: a mail server that hangs holds up
/// nothing else.
pub async fn run(app: App, node: String, mailer: Option<Mailer>, stopped: watch::Receiver<bool>) {
    let events = async {
        let mut swept = Millis(0);
        let mut stop = stopped.clone();
        loop {
            let next = events(&app, &node, &mut swept).await.unwrap_or_else(|error| later(&app, &error));
            if rest(&app, next, &app.wake, &mut stop).await {
                return;
            }
        }
    };
    let mails = async {
        let mut stop = stopped.clone();
        loop {
            let sent = tokio::select! {
                sent = deliver::deliver(&app, mailer.as_ref()) => sent,
                // A mail in flight may go out once more after the restart, with the same Message-ID.
                _ = stop.wait_for(|stop| *stop) => return,
            };
            let next = sent.unwrap_or_else(|error| later(&app, &error));
            if rest(&app, next, &app.wake_mail, &mut stop).await {
                return;
            }
        }
    };
    tokio::join!(events, mails);
}

fn later(app: &App, error: &DbError) -> Option<Millis> {
    tracing::error!(error = error as &dyn std::error::Error, "the background work failed; it is tried again");
    Some(app.clock.now().plus(5_000))
}

/// Waits for the next thing that is due, a call, or the stop; `true` for the stop.
async fn rest(app: &App, next: Option<Millis>, wake: &Notify, stop: &mut watch::Receiver<bool>) -> bool {
    let most = match app.db.backend() {
        Backend::Sqlite => Duration::from_secs(60),
        Backend::Postgres => Duration::from_secs(2),
    };
    let until = next.map(|at| Duration::from_millis(u64::try_from(at.0 - app.clock.now().0).unwrap_or(0)));
    let pause = until.map_or(most, |until| until.min(most)).max(Duration::from_millis(20));
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => true,
        () = wake.notified() => false,
        () = tokio::time::sleep(pause) => false,
    }
}

/// One round of events. Gives when the next held one is due.
///
/// # Errors
/// The database's error; the round is done again.
pub async fn events(app: &App, node: &str, swept: &mut Millis) -> Result<Option<Millis>, DbError> {
    if let Err(error) = people::remind(app).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "people could not be reminded of their tokens"
        );
    }
    if let Err(error) = qualifications::remind(app).await {
        tracing::error!(error = &error as &dyn std::error::Error, "people could not be told what ends");
    }
    if let Err(error) = growth::remind(app).await {
        tracing::error!(error = &error as &dyn std::error::Error, "sessions and seats could not be told");
    }
    if let Err(error) = joining::remind(app).await {
        // Whatever ails a reminder, events go on; the next round tries again.
        tracing::error!(error = &error as &dyn std::error::Error, "people could not be reminded");
    }
    outbox::run(app, node, FOLLOWERS).await?;
    let now = app.clock.now();
    if now.0 - swept.0 > HOUR {
        outbox::sweep(app).await?;
        app.write_as(None, "sweep", |work| {
            people::actions::sweep(work)?;
            groups::sweep(work)?;
            safeguarding::sweep(work)?;
            notices::sweep(work)
        })
        .await?;
        joining::sweep(app).await?;
        asking::sweep(app).await?;
        let mut erased = 0;
        loop {
            match app.write_as(None, "people::erase", people::actions::account::erase_overdue).await? {
                0 => break,
                some => erased += some,
            }
        }
        // What was just erased is forgotten by all before the round ends.
        outbox::run(app, node, FOLLOWERS).await?;
        joining::sweep_files(app).await?;
        let emptied = if erased > 0 { app.db.rewrite().await? } else { app.db.empty_log().await? };
        if !emptied {
            tracing::warn!("somebody reads for long: what was deleted stands in the log for an hour more");
        }
        *swept = now;
    }
    if let Err(error) = search::follow(app, SOURCE).await {
        // Pages go on with what the index knows; the next round tries again.
        tracing::error!(error = ?error, "the search index could not follow");
    }
    if let Err(error) = home::watching::tell(app).await {
        tracing::error!(error = ?error, "new groups could not be held against searches");
    }
    app.wake_mail.notify_one();
    outbox::next_due(app).await
}

/// One round of everything: for tests, which move the clock by hand.
///
/// # Errors
/// The database's error.
pub async fn once(app: &App, node: &str, mailer: Option<&Mailer>, swept: &mut Millis) -> Result<(), DbError> {
    events(app, node, swept).await?;
    deliver::deliver(app, mailer).await?;
    Ok(())
}
