//! What somebody does while the write of another is under way: it waits for that, and sees it then.

use crate::{
    minors::{PASSWORD, account, id_of, link, newcomer, teen},
    races::nodes,
    world::{sql, statement, value},
};
use mapalus_db::{Backend, Db, DbError, Statement, Value, params};
use mapalus_db_test::db_test;
use std::{cell::Cell, sync::mpsc};

/// Does something while a write of these statements is under way. That is committed once it is waited for; on SQLite,
/// which has one writer, before the other begins.
async fn beside<T>(db: &Db, written: &[(&str, &[Value])], other: impl Future<Output = T>) -> T {
    let overlaps = db.backend() == Backend::Postgres;
    let rows: Vec<(&'static Statement, Vec<Value>)> =
        written.iter().map(|(text, params)| (statement(text), params.to_vec())).collect();
    let (tell, is_written) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let slow_db = db.clone();
    let slow = tokio::spawn(async move {
        let done: Result<(), DbError> = slow_db
            .write("test", move |tx| {
                for (statement, params) in &rows {
                    assert!(tx.execute(statement, params)? > 0, "{}", statement.sql);
                }
                tell.send(()).expect("the test waits");
                if overlaps {
                    may_go_on.recv().expect("the test tells");
                }
                Ok(())
            })
            .await;
        done
    });
    tokio::task::spawn_blocking(move || is_written.recv().unwrap()).await.unwrap();
    let (ended, waits) = (
        Cell::new(false),
        statement(
            "select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'",
        ),
    );
    let other = async {
        let out = other.await;
        ended.set(true);
        out
    };
    let release = async {
        while overlaps && !ended.get() {
            let waiting: Result<i64, DbError> = db.read("test", move |tx| tx.scalar(waits, &[])).await;
            if waiting.unwrap() > 0 {
                break;
            }
        }
        let _ = go_on.send(());
    };
    let (out, ()) = tokio::join!(other, release);
    slow.await.unwrap().unwrap();
    out
}

#[db_test]
async fn whoever_closes_an_account_is_the_guardian_of_nobody_accepted_meanwhile(db: Db) {
    let demo = &nodes(&db).await[0];
    let db = &demo.app.db;
    let (child, ibu) = ("tasya@contoh.id", "ibu@contoh.id");
    newcomer(demo, &teen(child, ibu)).await;
    let mut guardian = newcomer(demo, &account("Ibu Tasya", ibu, "adult")).await;
    let page = format!("/guardian/{}", link(demo, child, "guardian").await);
    let ward = id_of(db, child).await;
    let close = "update persons set state = 'closing', closing_at = 9000000000000 where mail_folded = $1";
    let both = [("parent", "yes"), ("consent", "yes")];
    beside(db, &[(close, &params![ibu])], guardian.post(&page, &both)).await;
    let state = "select state from guardianships where ward_id = $1";
    assert_eq!(value::<String>(db, state, &params![&ward]).await, "asked");

    let open = "update persons set state = 'confirmed', closing_at = null where mail_folded = $1";
    sql(db, open, &params![ibu]).await;
    let given = "update guardianships set state = 'given', guardian_id = (
            select id from persons where mail_folded = $2
        ) where ward_id = $1";
    let hold = "update persons set version = version where mail_folded = $1";
    let consent: [(&str, &[Value]); 2] = [(given, &params![&ward, ibu]), (hold, &params![ibu])];
    beside(db, &consent, guardian.post("/me/close", &[])).await.is(409).says("Anda wali dari Tasya");
    let state = "select state from persons where mail_folded = $1";
    assert_eq!(value::<String>(db, state, &params![ibu]).await, "confirmed");
}

#[db_test]
async fn a_minor_does_not_come_back_beside_a_withdrawal(db: Db) {
    let demo = &nodes(&db).await[0];
    let db = &demo.app.db;
    let (child, ibu) = ("tasya@contoh.id", "ibu@contoh.id");
    let mut tasya = newcomer(demo, &teen(child, ibu)).await;
    let mut guardian = newcomer(demo, &account("Ibu Tasya", ibu, "adult")).await;
    let page = format!("/guardian/{}", link(demo, child, "guardian").await);
    guardian.post(&page, &[("parent", "yes"), ("consent", "yes")]).await.is(303);
    tasya.post("/me/close", &[]).await.is(303);
    let ward = id_of(db, child).await;
    let withdraw = "update guardianships set state = 'withdrawn', withdrawn_at = 1 where ward_id = $1";
    let hold = "update persons set version = version where id = $1";
    let withdrawal: [(&str, &[Value]); 2] = [(withdraw, &params![&ward]), (hold, &params![&ward])];
    let mut again = demo.browser();
    let sign_in = [("mail", child), ("password", PASSWORD)];
    let refused = beside(db, &withdrawal, again.post("/sign-in", &sign_in)).await;
    refused.is(422).says("menarik persetujuannya");
    let state = "select state from persons where id = $1";
    assert_eq!(value::<String>(db, state, &params![&ward]).await, "closing");
}

#[db_test]
async fn whoever_signs_up_beside_the_owners_confirmation_gets_nothing_of_the_account(db: Db) {
    let demo = &nodes(&db).await[0];
    let db = &demo.app.db;
    let mail = "suharti@contoh.id";
    demo.browser().post("/sign-up", &account("Suharti", mail, "adult")).await.is(303);
    let confirm = "update persons set state = 'confirmed' where mail_folded = $1";
    let (mut stranger, as_minor) = (demo.browser(), teen(mail, "orang@contoh.id"));
    beside(db, &[(confirm, &params![mail])], stranger.post("/sign-up", &as_minor)).await.is(303);
    let band =
        "select age_band || coalesce(cast(birth_year as text), '') from persons where mail_folded = $1";
    assert_eq!(value::<String>(db, band, &params![mail]).await, "adult");
    let links = "select count(*) from links join persons on persons.id = person_id where mail_folded = $1";
    assert_eq!(value::<i64>(db, links, &params![mail]).await, 1, "the owner's own");
}

#[db_test]
async fn a_new_password_leaves_no_passkey_that_a_stranger_adds_beside_it(db: Db) {
    let demo = &nodes(&db).await[0];
    let db = &demo.app.db;
    let mail = "suharti@contoh.id";
    demo.browser().post("/sign-up", &account("Suharti", mail, "adult")).await.is(303);
    demo.browser().post("/forgot", &[("mail", mail)]).await.is(303);
    let reset = format!("/reset/{}", link(demo, mail, "reset").await);
    let hold = "update persons set version = version + 1 where mail_folded = $1";
    let add = "insert into passkeys (id, person_id, place, credential_id, handle, name, credential, synced, made_at,
            used_at, version)
        select id, id, 1, 'x', 'x', 'x', 'x', false, 0, null, 1 from persons where mail_folded = $1";
    let (mut owner, password) = (demo.browser(), [("password", "teh manis panas sekali")]);
    let sign_up: [(&str, &[Value]); 2] = [(hold, &params![mail]), (add, &params![mail])];
    beside(db, &sign_up, owner.post(&reset, &password)).await.is(303);
    assert_eq!(value::<i64>(db, "select count(*) from passkeys", &[]).await, 0);
}
