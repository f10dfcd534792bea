//! The demonstration's people put where a test needs them: signed in as anybody, walked along a joining path,
//! appointed, suspended. What has a route goes by its route; the rest is written straight into the tables.

use crate::testing::{Browser, Instance};
use mapalus_app::MIGRATIONS;
use mapalus_core::{Id, Millis, RoleId, chance::SystemChance};
use mapalus_db::{Backend, Db, DbError, FromColumn, Statement, Value, params};
use serde_json::{Value as Json, json};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// A group whose path has a step after the decision; `novi` runs it.
pub const GROUP: &str = "relawan-lingkungan-teluk-manado";

/// A group whose path ends with the decision, for all who do not serve in the field; `stenly` runs it.
pub const OTHER: &str = "relawan-siaga-bencana-manado-dan-minahasa";

/// A statement of a test.
pub fn statement(sql: &str) -> &'static Statement {
    let sql: &'static str = sql.to_owned().leak();
    Box::leak(Box::new(Statement::new("test", "what a test needs", sql)))
}

/// Runs SQL; gives the number of rows it changed.
pub async fn sql(db: &Db, text: &str, params: &[Value]) -> u64 {
    let (statement, params) = (statement(text), params.to_vec());
    let done: Result<u64, DbError> = db.write("test", move |tx| tx.execute(statement, &params)).await;
    done.unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Reads one value by SQL.
pub async fn value<T: FromColumn + Send + 'static>(db: &Db, text: &str, params: &[Value]) -> T {
    let (statement, params) = (statement(text), params.to_vec());
    let found: Result<T, DbError> = db.read("test", move |tx| tx.scalar(statement, &params)).await;
    found.unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The mail address of a person of the demonstration.
pub fn mail(key: &str) -> String {
    let door = match key {
        "meylan" => "seeker",
        "fera" => "member",
        "stenly" => "coordinator",
        own => own,
    };
    format!("{door}@demo.mapalus.example")
}

/// A browser in which this person of the demonstration is signed in.
pub async fn enter<'i>(demo: &'i Instance, key: &str) -> Browser<'i> {
    // A door opens for three people only: the session it gave becomes the other person's.
    demo.clock.advance(1);
    let browser = demo.enters("seeker").await;
    let moved = sql(
        &demo.app.db,
        "update sessions set person_id = (select id from persons where mail_folded = $1)
        where made_at = (select max(made_at) from sessions)",
        &params![mail(key)],
    )
    .await;
    assert_eq!(moved, 1, "{key}");
    browser
}

/// So many confirmed people besides those of the demonstration, each signed in in a browser of their own.
pub async fn crowd<'i>(demo: &'i Instance, count: usize) -> Vec<Browser<'i>> {
    let browser = enter(demo, "meylan").await;
    let cookie = "__Host-mapalus";
    let person = statement(
        "insert into persons (id, name, call_name, mail, mail_folded, password_hash, age_band, lang, area, occupation,
            workplace, languages, causes, skills, about, shown, operator, state, closing_at, consent_version, consent_at,
            made_at, version)
        select $1, 'Orang', 'Orang', $2, $2, '', age_band, lang, area, occupation, workplace, languages, causes, skills,
            about, shown, false, 'confirmed', null, consent_version, consent_at, made_at, 1
        from persons where mail_folded = $3",
    );
    let session = statement(
        "insert into sessions (id, person_id, token_digest, agent, waits, made_at, ends_at, proved_until, seen_at)
        values ($1, $1, $2, '', 'nothing', 0, 9000000000000, 0, 0)",
    );
    let done: Result<(), DbError> = demo
        .app
        .db
        .write("test", move |tx| {
            for n in 0..count {
                let id = RoleId::new(Millis(n as i64), &SystemChance).to_string();
                let (mail_of, token) = (format!("orang{n}@contoh.id"), format!("orang-{n}"));
                tx.execute(person, &params![&id, &mail_of, mail("meylan")])?;
                tx.execute(session, &params![&id, mapalus_app::shell::secrets::digest(&token)])?;
            }
            Ok(())
        })
        .await;
    done.unwrap();
    let of = |n: usize| {
        let mut browser = browser.again();
        browser.forges(cookie, &format!("orang-{n}"));
        browser
    };
    (0..count).map(of).collect()
}

/// Begins an application; gives its id.
pub async fn apply(browser: &mut Browser<'_>, group: &str) -> String {
    let begun = browser.post(&format!("/groups/{group}/join"), &[]).await.is(303);
    let id = begun.location().rsplit('/').next().unwrap();
    id.to_owned()
}

/// Does the step that is next, as its applicant or as a coordinator; gives the application then.
pub async fn step(applicant: &mut Browser<'_>, coordinator: &mut Browser<'_>, id: &str) -> Json {
    let path = format!("/api/v1/applications/{id}");
    // The applicant sees what was decided once it is told.
    let seen = coordinator.api("GET", &path, None).await;
    let now = match seen.status.as_u16() {
        200 => seen.json(),
        _ => applicant.api("GET", &path, None).await.is(200).json(),
    };
    let place = usize::try_from(now["place"].as_i64().unwrap()).unwrap();
    let step = &now["steps"][place];
    let done = match step["kind"].as_str().unwrap() {
        "form" => {
            let answers = json!({ "answers": answers(step) });
            applicant.api("POST", &format!("{path}/send"), Some(answers)).await
        }
        "agreement" => applicant.api("POST", &format!("{path}/agree"), None).await,
        "acquaintance" | "vouch" | "screening" | "interview" | "training" => {
            let reason = Some(json!({ "reason": "Sudah dikenal koordinator." }));
            coordinator.api("POST", &format!("{path}/skip"), reason).await
        }
        "decision" => coordinator.api("POST", &format!("{path}/accept"), Some(json!({}))).await,
        other => panic!("a test does not know how to do the step `{other}`"),
    };
    done.is(200).json()
}

/// An answer to every question of a form.
pub fn answers(step: &Json) -> Json {
    let answer = |question: &Json| {
        // Who serves at the post is spared the training of those who go into the field.
        if question["key"] == "where" {
            return "post".to_owned();
        }
        let option = || question["options"][0]["key"].as_str().unwrap().to_owned();
        match question["kind"].as_str().unwrap() {
            "choice" | "several" => option(),
            "number" => "3".to_owned(),
            "date" => "1990-05-17".to_owned(),
            "consent" => "yes".to_owned(),
            _ => "Saya ingin membantu.".to_owned(),
        }
    };
    // Files are sent by themselves.
    let questions = step["questions"].as_array().unwrap().iter().filter(|q| q["kind"] != "file");
    let answered = questions.map(|q| (q["key"].as_str().unwrap().to_owned(), json!([answer(q)])));
    Json::Object(answered.collect())
}

/// Walks the whole path: the applicant is a member then.
pub async fn join(applicant: &mut Browser<'_>, coordinator: &mut Browser<'_>, group: &str) {
    let id = apply(applicant, group).await;
    loop {
        let now = step(applicant, coordinator, &id).await;
        let place = usize::try_from(now["place"].as_i64().unwrap()).unwrap();
        if place >= now["steps"].as_array().unwrap().len() {
            return;
        }
    }
}

/// Makes a role with these permissions (words with a space between) and appoints the member to it.
pub async fn appoint(db: &Db, group: &str, key: &str, permissions: &str) {
    let role = RoleId::new(Millis(0), &SystemChance).to_string();
    sql(
        db,
        "insert into roles (id, group_id, place, name, duties, qualifications, permissions, version)
        select $1, id, 100, $2, '', '', $3, 1 from groups where slug = $4",
        &params![&role, permissions, permissions, group],
    )
    .await;
    let made = sql(
        db,
        "insert into role_holders (role_id, person_id, group_id, since)
        select $1, memberships.person_id, memberships.group_id, 0 from memberships
        join groups on groups.id = memberships.group_id
        join persons on persons.id = memberships.person_id
        where groups.slug = $2 and persons.mail_folded = $3",
        &params![&role, group, mail(key)],
    )
    .await;
    assert_eq!(made, 1, "{key} is a member of {group}");
}

/// Puts a person's membership into a state that no route leads to yet.
pub async fn set_membership(db: &Db, group: &str, key: &str, state: &str) {
    let set = sql(
        db,
        "update memberships set state = $3, version = version + 1
        where group_id = (select id from groups where slug = $1)
            and person_id = (select id from persons where mail_folded = $2)",
        &params![group, mail(key), state],
    )
    .await;
    assert_eq!(set, 1, "{key} in {group}");
}

/// Who sees a group.
pub async fn set_visibility(db: &Db, group: &str, visibility: &str) {
    let set = sql(db, "update groups set visibility = $2 where slug = $1", &params![group, visibility]).await;
    assert_eq!(set, 1, "{group}");
}

/// All rows of the database, to go back to.
pub struct Saved {
    tables: Vec<Table>,
    /// Where the database notes which tables are written: what asks for them, forgets them, and lets keys be.
    noted: Option<[&'static Statement; 3]>,
}

/// A table, with what empties it and what fills it again.
#[derive(Clone, Copy)]
struct Table {
    name: &'static str,
    empty: &'static Statement,
    fill: &'static Statement,
}

impl Saved {
    /// Keeps all rows as they stand.
    pub async fn new(db: &Db) -> Self {
        let tables: Vec<Table> = MIGRATIONS
            .iter()
            .flat_map(|migration| migration.sql.split("create table ").skip(1))
            .map(|rest| rest.split_whitespace().next().unwrap())
            .map(|name| Table {
                name,
                empty: statement(&format!("delete from {name}")),
                fill: statement(&format!("insert into {name} select * from saved_{name}")),
            })
            .collect();
        for Table { name, .. } in &tables {
            sql(db, &format!("drop table if exists saved_{name}"), &[]).await;
            sql(db, &format!("create table saved_{name} as select * from {name}"), &[]).await;
        }
        Self { tables, noted: None }
    }

    /// The same for one who goes back thousands of times, and where nobody writes at once: PostgreSQL notes which tables
    /// are written, and the others are left alone. Its user must be a superuser.
    pub async fn noted(db: &Db) -> Self {
        let saved = Self::new(db).await;
        if db.backend() == Backend::Sqlite {
            return saved;
        }
        sql(db, "create table if not exists written_tables (name text primary key)", &[]).await;
        let note = "create or replace function note_written() returns trigger language plpgsql as
            'begin insert into written_tables values (tg_table_name) on conflict do nothing; return null; end'";
        sql(db, note, &[]).await;
        for Table { name, .. } in &saved.tables {
            let trigger = format!(
                "create or replace trigger written after insert or update or delete on {name}
                for each statement execute function note_written()"
            );
            sql(db, &trigger, &[]).await;
        }
        let noted = [
            "select name from written_tables",
            "delete from written_tables",
            // Rows of the tables that are left alone may name those that go and come back.
            "set local session_replication_role = replica",
        ];
        Self { noted: Some(noted.map(statement)), ..saved }
    }

    /// Goes back to them.
    pub async fn restore(&self, db: &Db) {
        let (tables, noted) = (self.tables.clone(), self.noted);
        let done: Result<(), DbError> = db
            .write("test", move |tx| {
                let mut written = tables.clone();
                if let Some([ask, forget, let_be]) = noted {
                    let names: Vec<(String,)> = tx.all(ask, &[])?;
                    written.retain(|table| names.iter().any(|(name,)| name == table.name));
                    tx.execute(forget, &[])?;
                    tx.execute(let_be, &[])?;
                }
                for table in written.iter().rev() {
                    tx.execute(table.empty, &[])?;
                }
                for table in &written {
                    tx.execute(table.fill, &[])?;
                }
                Ok(())
            })
            .await;
        done.unwrap();
    }
}

/// Runs all of these at once and waits for the last.
pub async fn at_once<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|cx| {
        for (future, output) in running.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(cx)
            {
                *output = Some(ready);
            }
        }
        if outputs.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}
