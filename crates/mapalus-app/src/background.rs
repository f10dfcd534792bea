//! The work that nobody waits for: numbering and following events, sending mail, sweeping.

use crate::{
    FOLLOWERS, joining,
    notices::{
        self,
        deliver::{self, Mailer},
    },
    people,
    shell::{App, outbox},
};
use mapalus_core::{Millis, time::HOUR};
use mapalus_db::{Backend, DbError};
use std::time::Duration;

/// Runs until the future of `stop` is ready. Woken by every write of this process; on PostgreSQL, where
/// other nodes write too, every two seconds at least.
pub async fn run(app: App, node: String, mailer: Option<Mailer>, stop: impl Future<Output = ()>) {
    let rest = match app.db.backend() {
        Backend::Sqlite => Duration::from_secs(60),
        Backend::Postgres => Duration::from_secs(2),
    };
    let mut swept = Millis(0);
    tokio::pin!(stop);
    loop {
        let next = once(&app, &node, mailer.as_ref(), &mut swept)
            .await
            .unwrap_or_else(|error| {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the background work failed; it is tried again"
                );
                Some(app.clock.now().plus(5_000))
            });
        let until_next =
            next.map(|at| Duration::from_millis(u64::try_from(at.0 - app.clock.now().0).unwrap_or(0)));
        let pause = until_next
            .map_or(rest, |until| until.min(rest))
            .max(Duration::from_millis(20));
        tokio::select! {
            () = &mut stop => return,
            () = app.wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// One round. Gives when the next thing is due.
///
/// # Errors
/// The database's error; the round is done again.
pub async fn once(
    app: &App,
    node: &str,
    mailer: Option<&Mailer>,
    swept: &mut Millis,
) -> Result<Option<Millis>, DbError> {
    outbox::run(app, node, FOLLOWERS).await?;
    let next_mail = deliver::deliver(app, mailer).await?;
    let now = app.clock.now();
    if now.0 - swept.0 > HOUR {
        outbox::sweep(app).await?;
        app.write_as(None, "sweep", |work| {
            people::actions::sweep(work)?;
            joining::sweep(work)?;
            notices::sweep(work)
        })
        .await?;
        // What was just erased is forgotten by all before the round ends.
        outbox::run(app, node, FOLLOWERS).await?;
        *swept = now;
    }
    let next_event = outbox::next_due(app).await?;
    Ok([next_mail, next_event].into_iter().flatten().min())
}
