//! What happens at once happens once: many people, many tabs, two nodes over one database.

use crate::{
    testing::{Answer, Browser, Instance},
    world::{self, GROUP, OTHER, Saved, at_once, enter, sql, value},
};
use mapalus_app::MIGRATIONS;
use mapalus_core::{Event, GroupId, Id, Millis, chance::SystemChance};
use mapalus_db::{Backend, Db, DbError, Options, params, testing};
use mapalus_db_test::db_test;
use serde_json::json;
use std::sync::mpsc;

/// Two nodes over the database of a test: two handles with many connections on PostgreSQL; on SQLite, where one
/// process has the database, two routers over one handle.
pub async fn nodes(db: &Db) -> [Instance; 2] {
    let handles = match db.backend() {
        Backend::Sqlite => [db.clone(), db.clone()],
        Backend::Postgres => {
            let name: String = value(db, "select cast(current_database() as text)", &[]).await;
            let server = std::env::var("MAPALUS_TEST_POSTGRES").unwrap();
            let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
            let options = || Options { connections: 8, ..testing::options() };
            [Db::open(&url, options()).await.unwrap(), Db::open(&url, options()).await.unwrap()]
        }
    };
    let [one, other] = handles;
    one.migrate(MIGRATIONS).await.unwrap();
    let demo = Instance::demo(one).await;
    let second = demo.node(other, true);
    [demo, second]
}

/// The browsers, one on this node and the next on the other.
pub fn spread<'n>(browsers: &[Browser<'_>], nodes: &'n [Instance; 2]) -> Vec<Browser<'n>> {
    browsers.iter().enumerate().map(|(n, browser)| browser.at(&nodes[n % 2])).collect()
}

/// How often a race is run; `MAPALUS_RACE_ROUNDS` asks for more, as `cargo xtask test` does.
pub fn rounds() -> usize {
    std::env::var("MAPALUS_RACE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5)
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status.as_u16()).collect()
}

/// Asserts that so many answers have this status and all others one of those.
#[track_caller]
fn assert_statuses(answers: &[Answer], count: usize, status: u16, others: &[u16]) {
    let all = statuses(answers);
    let hits = all.iter().filter(|s| **s == status).count();
    let rest = all.iter().filter(|s| **s != status);
    let bodies = || -> Vec<&str> { answers.iter().map(|answer| answer.body.as_str()).collect() };
    assert_eq!(hits, count, "{all:?} {:#?}", bodies());
    for other in rest {
        assert!(others.contains(other), "{all:?} {:#?}", bodies());
    }
}

/// Ten members of a group who hold every permission in it.
async fn ten_coordinators<'n>(demo: &'n Instance, group: &str, founder: &str) -> Vec<Browser<'n>> {
    let mut coordinator = enter(demo, founder).await;
    let mut ten = Vec::new();
    for key in ["fera", "johan", "ningsih", "alfrits", "yanti", "ratih", "slamet", "bagas", "retno", "lastri"]
    {
        let mut browser = enter(demo, key).await;
        let state = "select count(*) from memberships join groups on groups.id = group_id
            join persons on persons.id = person_id where slug = $1 and mail_folded = $2
                and memberships.state = 'active'";
        if value::<i64>(&demo.app.db, state, &params![group, world::mail(key)]).await == 0 {
            world::join(&mut browser, &mut coordinator, group).await;
        }
        let all = "applications members roles settings path questions qualifications trainings";
        world::appoint(&demo.app.db, group, key, all).await;
        ten.push(browser);
    }
    ten
}

#[db_test]
async fn of_ten_coordinators_who_decide_at_once_one_decides(db: Db) {
    let nodes = nodes(&db).await;
    let ten = ten_coordinators(&nodes[0], OTHER, "stenly").await;
    let mut vina = enter(&nodes[0], "vina").await;
    let mine = vina.api("GET", "/api/v1/applications", None).await.is(200).json();
    let mut items = mine["items"].as_array().unwrap().iter();
    let application = items.find(|item| item["group"]["name"].as_str().unwrap().starts_with("Relawan Siaga"));
    let id = application.unwrap()["id"].as_str().unwrap().to_owned();
    let version = application.unwrap()["version"].to_string();
    let saved = Saved::new(&db).await;
    for round in 0..rounds() {
        let mut ten = spread(&ten, &nodes);
        let answers = at_once(ten.iter_mut().enumerate().map(|(n, browser)| {
            let (id, version) = (id.clone(), version.clone());
            async move {
                match (n + round) % 5 {
                    0 => {
                        let path = format!("/api/v1/applications/{id}/accept");
                        browser.api("POST", &path, Some(json!({}))).await
                    }
                    1 => {
                        let path = format!("/api/v1/applications/{id}/decline");
                        let reason = json!({ "reason": "Penuh." });
                        browser.api("POST", &path, Some(reason)).await
                    }
                    n => {
                        let outcome = if n == 2 { "decline" } else { "accept" };
                        let fields = [("outcome", outcome), ("reason", "Ya."), ("version", &version)];
                        browser.post(&format!("/applications/{id}/decide"), &fields).await
                    }
                }
            }
        }))
        .await;
        let good = answers.iter().filter(|answer| answer.status.as_u16() < 400).count();
        assert_eq!(good, 1, "{:?}", statuses(&answers));
        let refused = |answer: &&Answer| answer.status.as_u16() >= 400;
        for answer in answers.iter().filter(refused) {
            let status = answer.status.as_u16();
            assert!([409, 412].contains(&status), "{status} {}", answer.body);
        }
        for count in [
            "select count(*) from decisions where application_id = $1",
            "select count(*) from audit where subject = $1 and action = 'DecideApplication'",
            "select count(*) from outbox where payload like '%application-%' and payload like '%' || $1 || '%'
                and (payload like '%accepted%' or payload like '%declined%')",
        ] {
            assert_eq!(value::<i64>(&db, count, &params![&id]).await, 1, "{count}");
        }
        saved.restore(&db).await;
    }
}

#[db_test]
async fn two_approvals_at_once_are_both_counted(db: Db) {
    let nodes = nodes(&db).await;
    let ten = ten_coordinators(&nodes[0], OTHER, "stenly").await;
    sql(&db, "update steps set approvals = 2 where kind = 'decision'", &[]).await;
    let id: String = value(
        &db,
        "select applications.id from applications join persons on persons.id = person_id
            join groups on groups.id = group_id where slug = $1 and mail_folded = $2",
        &params![OTHER, world::mail("vina")],
    )
    .await;
    let saved = Saved::new(&db).await;
    for _ in 0..5 {
        let mut two = spread(&ten[..2], &nodes);
        let accept = format!("/api/v1/applications/{id}/accept");
        let answers =
            at_once(two.iter_mut().map(|browser| browser.api("POST", &accept, Some(json!({}))))).await;
        assert_statuses(&answers, 2, 200, &[]);
        let state: String = value(&db, "select state from applications where id = $1", &params![&id]).await;
        assert_eq!(state, "accepted");
        saved.restore(&db).await;
    }
}

#[db_test]
async fn a_withdrawal_and_an_acceptance_at_once_leave_one_of_them(db: Db) {
    let nodes = nodes(&db).await;
    let browsers = [enter(&nodes[0], "vina").await, enter(&nodes[0], "stenly").await];
    let id: String = value(
        &db,
        "select applications.id from applications join persons on persons.id = person_id
            join groups on groups.id = group_id where slug = $1 and mail_folded = $2",
        &params![OTHER, world::mail("vina")],
    )
    .await;
    let saved = Saved::new(&db).await;
    for round in 0..6 {
        let mut two = spread(&browsers, &nodes);
        if round % 2 == 1 {
            two.reverse();
        }
        let answers = at_once(two.iter_mut().enumerate().map(|(n, browser)| {
            let id = id.clone();
            async move {
                let (verb, body) =
                    if n == round % 2 { ("withdraw", None) } else { ("accept", Some(json!({}))) };
                browser.api("POST", &format!("/api/v1/applications/{id}/{verb}"), body).await
            }
        }))
        .await;
        assert_statuses(&answers, 1, 200, &[409, 412]);
        let both = "select applications.state || ' ' || memberships.state from applications
            join memberships on memberships.group_id = applications.group_id
                and memberships.person_id = applications.person_id
            where applications.id = $1";
        let state: String = value(&db, both, &params![&id]).await;
        assert!(["withdrawn left", "accepted active"].contains(&state.as_str()), "{state}");
        saved.restore(&db).await;
    }
}

#[db_test]
async fn one_form_sent_fifty_times_at_once_is_done_once(db: Db) {
    let nodes = nodes(&db).await;
    let browser = enter(&nodes[0], "meylan").await;
    let tabs: Vec<Browser<'_>> = (0..50).map(|_| browser.again()).collect();
    let fields = [
        ("template", "orphanage"),
        ("name", "Sahabat Panti Tondano"),
        ("summary", "Menemani anak panti belajar dan bermain."),
        ("area", "Kabupaten Minahasa"),
        ("sign_up", "application"),
        ("visibility", "public"),
    ];
    for round in 0..3 {
        let once = format!("sekali {round}");
        let mut tabs = spread(&tabs, &nodes);
        let answers = at_once(tabs.iter_mut().map(|tab| tab.post_once("/groups", &fields, &once))).await;
        assert_statuses(&answers, 50, 303, &[]);
        let first = answers[0].location();
        assert!(answers.iter().all(|answer| answer.location() == first));
        let opened = value::<i64>(&db, "select count(*) from groups where area = '71.02'", &[]).await;
        assert_eq!(opened, round + 1);
    }
    // The same over the API: one key, one group, one answer.
    let mut tabs = spread(&tabs, &nodes);
    let answers = at_once(tabs.iter_mut().map(|tab| {
        let body = json!({
            "template": "orphanage", "name": "Sahabat Panti Tomohon", "area": "Kota Tomohon",
            "summary": "Menemani anak panti belajar dan bermain.", "sign_up": "application",
            "visibility": "public",
        });
        let request = axum::http::Request::post("/api/v1/groups")
            .header("origin", crate::testing::ORIGIN)
            .header("content-type", "application/json")
            .header("idempotency-key", "satu kunci");
        tab.send(request, axum::body::Body::from(body.to_string()))
    }))
    .await;
    assert_statuses(&answers, 50, 201, &[]);
    assert!(answers.iter().all(|answer| answer.json()["id"] == answers[0].json()["id"]));
}

#[db_test]
async fn two_tabs_that_begin_at_once_begin_one_application(db: Db) {
    let nodes = nodes(&db).await;
    let browser = enter(&nodes[0], "meylan").await;
    let tabs: Vec<Browser<'_>> = (0..8).map(|_| browser.again()).collect();
    let mut tabs = spread(&tabs, &nodes);
    let answers = at_once(tabs.iter_mut().enumerate().map(|(n, tab)| async move {
        if n % 4 < 2 {
            tab.post(&format!("/groups/{GROUP}/join"), &[]).await
        } else {
            tab.api("POST", &format!("/api/v1/groups/{GROUP}/applications"), None).await
        }
    }))
    .await;
    let ids: Vec<String> = answers
        .iter()
        .map(|answer| match answer.status.as_u16() {
            303 => answer.location().rsplit('/').next().unwrap().to_owned(),
            201 => answer.json()["id"].as_str().unwrap().to_owned(),
            other => panic!("{other}: {}", answer.body),
        })
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let count =
        "select count(*) from applications join persons on persons.id = person_id where mail_folded = $1";
    assert_eq!(value::<i64>(&db, count, &params![world::mail("meylan")]).await, 1);
}

#[db_test]
async fn of_two_coordinators_who_leave_at_once_one_stays(db: Db) {
    let nodes = nodes(&db).await;
    let all = "applications members roles settings path questions qualifications trainings";
    world::appoint(&db, GROUP, "deisy", all).await;
    let browsers = [enter(&nodes[0], "novi").await, enter(&nodes[0], "deisy").await];
    let saved = Saved::new(&db).await;
    for round in 0..6 {
        let mut two = spread(&browsers, &nodes);
        let answers = at_once(two.iter_mut().enumerate().map(|(n, browser)| async move {
            if (n + round) % 2 == 0 {
                browser.post(&format!("/groups/{GROUP}/leave"), &[]).await
            } else {
                browser.api("POST", &format!("/api/v1/groups/{GROUP}/leave"), None).await
            }
        }))
        .await;
        let good = answers.iter().filter(|answer| answer.status.as_u16() < 400).count();
        assert_eq!(good, 1, "{:?}", statuses(&answers));
        assert!(
            answers.iter().all(|answer| [204, 303, 409].contains(&answer.status.as_u16())),
            "{:?}",
            statuses(&answers)
        );
        saved.restore(&db).await;
    }
}

#[db_test]
async fn one_address_that_signs_up_many_times_at_once_gets_one_account(db: Db) {
    let nodes = nodes(&db).await;
    let browser = nodes[0].browser();
    let tabs: Vec<Browser<'_>> = (0..12).map(|_| browser.again()).collect();
    let mut tabs = spread(&tabs, &nodes);
    let fields = [
        ("name", "Suharti"),
        ("mail", "suharti@contoh.id"),
        ("password", "kopi tiga gelas pagi"),
        ("age", "adult"),
        ("consent", "yes"),
    ];
    let answers = at_once(tabs.iter_mut().map(|tab| tab.post("/sign-up", &fields))).await;
    let all = statuses(&answers);
    assert!(all.contains(&303) && all.iter().all(|status| [303, 429].contains(status)), "{all:?}");
    let count = "select count(*) from persons where mail_folded = 'suharti@contoh.id'";
    assert_eq!(value::<i64>(&db, count, &[]).await, 1);

    // And the link that came of it opens once.
    let id: String =
        value(&db, "select id from links where purpose = 'confirm' and used_at is null", &[]).await;
    let link = nodes[0].app.key.link("confirm", id.parse().unwrap());
    let path = format!("/confirm/{link}");
    let answers = at_once(tabs.iter_mut().map(|tab| tab.post(&path, &[]))).await;
    assert_statuses(&answers, 1, 303, &[410, 412]);
}

#[db_test]
async fn mails_asked_for_at_once_are_counted_one_by_one(db: Db) {
    let nodes = nodes(&db).await;
    let browser = nodes[0].browser();
    let tabs: Vec<Browser<'_>> = (0..40).map(|_| browser.again()).collect();
    let mut tabs = spread(&tabs, &nodes);
    let answers = at_once(tabs.iter_mut().enumerate().map(|(n, tab)| async move {
        let mail = format!("orang{n}@contoh.id");
        tab.post("/forgot", &[("mail", &mail)]).await
    }))
    .await;
    assert_statuses(&answers, 20, 303, &[429]);
}

#[db_test]
async fn passwords_guessed_at_once_are_counted_one_by_one(db: Db) {
    let nodes = nodes(&db).await;
    let browser = nodes[0].browser();
    let tabs: Vec<Browser<'_>> = (0..40).map(|_| browser.again()).collect();
    let mut tabs = spread(&tabs, &nodes);
    let answers = at_once(tabs.iter_mut().enumerate().map(|(n, tab)| async move {
        let password = format!("tebakan nomor {n}");
        tab.post("/sign-in", &[("mail", "suharti@contoh.id"), ("password", &password)]).await
    }))
    .await;
    let tried = answers.iter().filter(|answer| answer.status.as_u16() == 422).count();
    assert!(tried <= 10, "{tried} guesses were looked at: {:?}", statuses(&answers));
    assert!(answers.iter().all(|a| !a.status.is_server_error()), "{:?}", statuses(&answers));
}

#[db_test]
async fn events_of_one_write_are_told_in_the_order_in_which_they_were_written(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    demo.settle().await;
    let ids: Vec<GroupId> = (1..=20).map(|n| GroupId::new(Millis(n), &SystemChance)).collect();
    let events: Vec<Event> = ids.iter().map(|group| Event::GroupChanged { group: *group }).collect();
    let write = events.clone();
    let done: Result<(), DbError> = demo
        .app
        .write_as(None, "test", move |work| write.iter().try_for_each(|event| work.emit(event).map(drop)))
        .await;
    done.unwrap();
    demo.settle().await;
    for (n, event) in events.iter().enumerate() {
        let payload: String = value(
            &db,
            "select payload from outbox where position = (select max(position) from outbox) - $1",
            &params![(events.len() - 1 - n) as i64],
        )
        .await;
        let told: Event = serde_json::from_str(&payload).unwrap();
        assert_eq!(told, *event, "{n}");
    }
}

#[db_test]
async fn an_event_whose_writer_commits_last_is_passed_over_by_no_follower(db: Db) {
    let nodes = nodes(&db).await;
    nodes[0].settle().await;
    let overlaps = db.backend() == Backend::Postgres;
    let [earlier, later] = [1, 2].map(|n| GroupId::new(Millis(n), &SystemChance));
    let (written, is_written) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let app = nodes[0].app.clone();
    let slow = tokio::spawn(async move {
        app.write_as(None, "test", move |work| {
            work.emit(&Event::GroupChanged { group: earlier })?;
            written.send(()).expect("the test waits");
            // SQLite has one writer: there the other comes after this one, whatever happens.
            if overlaps {
                may_go_on.recv().expect("the test tells");
            }
            Ok::<_, DbError>(())
        })
        .await
    });
    tokio::task::spawn_blocking(move || is_written.recv().unwrap()).await.unwrap();
    let quick: Result<(), DbError> = nodes[1]
        .app
        .write_as(None, "test", move |work| work.emit(&Event::GroupChanged { group: later }).map(drop))
        .await;
    quick.unwrap();
    nodes[1].settle().await;
    let position = async |group: GroupId| -> Option<i64> {
        let of = "select max(position) from outbox where payload like '%' || $1 || '%'";
        value(&db, of, &params![group]).await
    };
    let overtook = position(later).await.expect("it was numbered");
    if overlaps {
        assert_eq!(position(earlier).await, None, "it is not committed");
    }
    let _ = go_on.send(());
    slow.await.unwrap().unwrap();
    nodes[1].settle().await;
    let last = position(earlier).await.expect("it was numbered");
    assert!(!overlaps || last > overtook, "{last} {overtook}");
    let behind = "select count(*) from cursors where position < $1";
    assert_eq!(value::<i64>(&db, behind, &params![last.max(overtook)]).await, 0, "both were followed");
}

#[db_test]
async fn guesses_of_ones_own_password_at_once_are_counted_one_by_one(db: Db) {
    let nodes = nodes(&db).await;
    let browser = enter(&nodes[0], "meylan").await;
    let tabs: Vec<Browser<'_>> = (0..30).map(|_| browser.again()).collect();
    let mut tabs = spread(&tabs, &nodes);
    let answers = at_once(tabs.iter_mut().enumerate().map(|(n, tab)| async move {
        let password = format!("tebakan nomor {n}");
        tab.post("/prove", &[("password", &password)]).await
    }))
    .await;
    assert_statuses(&answers, 10, 422, &[429]);
}
