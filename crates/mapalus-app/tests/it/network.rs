//! People connect, part, block and report each other; whom one knows in a group.

use crate::{
    testing::{Browser, Instance},
    world::{OTHER, at_once, crowd, enter, mail, sql, value},
};
use mapalus_core::time::DAY;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

async fn id_of(db: &Db, key: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![mail(key)]).await
}

async fn later(demo: &Instance) {
    demo.clock.advance(20_000);
    demo.settle().await;
}

/// The state of a person in one's network; nothing if they are not in it.
async fn state(browser: &mut Browser<'_>, person: &str) -> Option<String> {
    let network = browser.api("GET", "/api/v1/network", None).await.is(200).json();
    let item = network["items"].as_array().unwrap().iter().find(|item| item["person"] == person).cloned();
    item.map(|item| item["state"].as_str().unwrap().to_owned())
}

#[db_test]
async fn one_asks_the_other_accepts_and_both_know_each_other_until_one_ends_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let (meylan_id, novi_id) = (id_of(&db, "meylan").await, id_of(&db, "novi").await);
    let novi_page = format!("/people/{novi_id}");
    meylan.get(&novi_page).await.is(200).says("Minta terhubung");
    meylan
        .post(&format!("{novi_page}/connect"), &[("word", "Lihat https://contoh.id")])
        .await
        .is(422)
        .says("Tulis tanpa tautan");
    meylan.post(&format!("{novi_page}/connect"), &[("word", "Dari kampus.")]).await.is(303);
    assert_eq!(state(&mut meylan, &novi_id).await.as_deref(), Some("asked"));
    demo.settle().await;
    novi.get("/notices").await.is(200).lacks("meminta terhubung");
    later(&demo).await;
    novi.get("/notices").await.is(200).says("Meylan Rumengan meminta terhubung");
    novi.get("/network").await.is(200).says("Dari kampus.");
    novi.post(&format!("/people/{meylan_id}/connect"), &[]).await.is(303);
    later(&demo).await;
    meylan.get("/notices").await.is(200).says("menerima permintaan Anda");
    assert_eq!(state(&mut meylan, &novi_id).await.as_deref(), Some("connected"));
    let own = meylan.get("/api/v1/me/data").await.is(200).json();
    assert!(
        own["account"]["network"]["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|known| known["person"] == novi_id.as_str())
    );
    novi.api("DELETE", &format!("/api/v1/people/{meylan_id}/connection"), None).await.is(204);
    assert_eq!(state(&mut meylan, &novi_id).await, None);
    meylan.get(&novi_page).await.is(200).says("Minta terhubung");
}

#[db_test]
async fn who_takes_the_question_back_in_time_tells_nobody_and_who_is_declined_is_not_told(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let (meylan_id, novi_id) = (id_of(&db, "meylan").await, id_of(&db, "novi").await);
    let to_novi = format!("/api/v1/people/{novi_id}/connection");
    let asked = meylan.api("POST", &to_novi, Some(json!({}))).await.is(200).json();
    assert_eq!(asked["state"], "asked");
    meylan.api("DELETE", &to_novi, None).await.is(204);
    later(&demo).await;
    novi.get("/notices").await.is(200).lacks("meminta terhubung");
    meylan.api("POST", &to_novi, Some(json!({}))).await.is(200);
    later(&demo).await;
    novi.get("/notices").await.is(200).says("meminta terhubung");
    novi.post(&format!("/people/{meylan_id}/part"), &[]).await.is(303);
    assert_eq!(state(&mut novi, &meylan_id).await, None);
    assert_eq!(state(&mut meylan, &novi_id).await.as_deref(), Some("asked"), "they are not told");
    // Asked again and again: nobody hears of it.
    let mails = "select count(*) from mails where address = $1";
    let before: i64 = value(&db, mails, &params![mail("novi")]).await;
    meylan.api("DELETE", &to_novi, None).await.is(204);
    meylan.api("POST", &to_novi, Some(json!({}))).await.is(200);
    later(&demo).await;
    assert_eq!(value::<i64>(&db, mails, &params![mail("novi")]).await, before);
    demo.clock.advance(91 * DAY);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, "select count(*) from connections where state <> 'held'", &[]).await, 0);
}

#[db_test]
async fn who_is_blocked_finds_nobody_and_is_not_told(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut fera) = (enter(&demo, "meylan").await, enter(&demo, "fera").await);
    let (meylan_id, fera_id) = (id_of(&db, "meylan").await, id_of(&db, "fera").await);
    assert_eq!(state(&mut meylan, &fera_id).await.as_deref(), Some("connected"), "the demonstration says so");
    let members = format!("/groups/{OTHER}/members");
    sql(
        &db,
        "insert into memberships (group_id, person_id, state, since, changed_at, why, version)
        select id, $1, 'active', 0, 0, '', 1 from groups where slug = $2",
        &params![&meylan_id, OTHER],
    )
    .await;
    meylan.get(&members).await.is(200).says(&fera_id);
    fera.post(&format!("/people/{meylan_id}/block"), &[]).await.is(303);
    later(&demo).await;
    meylan.get("/notices").await.is(200).lacks("Fera");
    meylan.get(&format!("/people/{fera_id}")).await.is(404);
    meylan.get(&format!("/people/{fera_id}/photo")).await.is(404);
    meylan.api("GET", &format!("/api/v1/people/{fera_id}"), None).await.is(404);
    meylan.api("POST", &format!("/api/v1/people/{fera_id}/connection"), Some(json!({}))).await.is(404);
    let short = [("reason", "x")];
    meylan.post(&format!("/people/{fera_id}/report"), &short).await.is(404).lacks("Fera");
    meylan.get(&members).await.is(200).lacks(&fera_id);
    meylan.get(&format!("/groups/{OTHER}")).await.is(200).lacks(&fera_id);
    assert_eq!(state(&mut meylan, &fera_id).await, None);
    // Those who run the group see both.
    enter(&demo, "stenly").await.get(&members).await.is(200).says(&fera_id).says(&meylan_id);
    // Who blocks sees whom, and unblocks first.
    fera.get(&format!("/people/{meylan_id}")).await.is(200).says("Buka blokir");
    fera.post(&format!("/people/{meylan_id}/connect"), &[]).await.is(409);
    fera.api("DELETE", &format!("/api/v1/people/{meylan_id}/block"), None).await.is(204);
    meylan.get(&format!("/people/{fera_id}")).await.is(200);
    assert_eq!(state(&mut meylan, &fera_id).await, None, "what ended stays so");
}

#[db_test]
async fn one_sees_whom_one_knows_in_a_group_as_far_as_each_lets_it_be_known(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut fera) = (enter(&demo, "meylan").await, enter(&demo, "fera").await);
    let page = format!("/groups/{OTHER}");
    meylan.get(&page).await.is(200).says("Yang Anda kenal di sini").says("Fera Lumenta");
    meylan.get("/groups?q=bencana").await.is(200).says("Yang Anda kenal").says("Fera Lumenta");
    let found = meylan.api("GET", "/api/v1/groups?q=bencana", None).await.is(200);
    assert!(found.body.contains("Fera Lumenta"));
    demo.browser().get(&page).await.is(200).lacks("Yang Anda kenal di sini");
    enter(&demo, "novi").await.get(&page).await.is(200).lacks("Yang Anda kenal di sini");
    fera.post("/network/known-to", &[("known_to", "siapa")]).await.is(422);
    fera.post("/network/known-to", &[("known_to", "nobody")]).await.is(303);
    meylan.get("/groups?q=bencana").await.is(200).lacks("Fera Lumenta");
    let set = fera.api("PATCH", "/api/v1/network", Some(json!({ "known_to": "connections" }))).await.is(200);
    assert_eq!(set.json()["known_to"], "connections");
    meylan.get("/groups?q=bencana").await.is(200).says("Fera Lumenta");
}

#[db_test]
async fn questions_are_bounded_and_two_who_ask_each_other_at_once_are_connected(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let crowd = crowd(&demo, 24).await;
    let ids: Vec<String> = {
        let mut ids = Vec::new();
        for n in 0..24 {
            let find = "select id from persons where mail = $1";
            ids.push(value(&db, find, &params![format!("orang{n}@contoh.id")]).await);
        }
        ids
    };
    let path = |id: &str| format!("/api/v1/people/{id}/connection");
    let mut first = crowd[0].again();
    for id in &ids[1..21] {
        first.api("POST", &path(id), Some(json!({}))).await.is(200);
    }
    first.api("POST", &path(&ids[21]), Some(json!({}))).await.is(429).says("people-connect-many");
    demo.clock.advance(DAY + 1);
    for id in &ids[21..24] {
        first.api("POST", &path(id), Some(json!({}))).await.is(200);
    }
    let (mut one, mut other) = (crowd[22].again(), crowd[23].again());
    let (to_other, to_one) = (path(&ids[23]), path(&ids[22]));
    let both = [(&mut one, &to_other), (&mut other, &to_one)];
    let answers = at_once(both.map(|(browser, path)| browser.api("POST", path, Some(json!({}))))).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses, [200, 200]);
    let held = "select count(*) from connections where state = 'held' and asked_by in ($1, $2)";
    assert_eq!(value::<i64>(&db, held, &params![&ids[22], &ids[23]]).await, 1);
}

#[db_test]
async fn a_report_reaches_the_operator_but_not_one_who_is_reported(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut bagas) = (enter(&demo, "meylan").await, enter(&demo, "bagas").await);
    let (bagas_id, yanti_id) = (id_of(&db, "bagas").await, id_of(&db, "yanti").await);
    sql(&db, "update persons set operator = true where id in ($1, $2)", &params![&bagas_id, &yanti_id]).await;
    meylan.post(&format!("/people/{bagas_id}/report"), &[("reason", "Kasar")]).await.is(422);
    let reason = [("reason", "Mengirim ancaman kepada saya.")];
    meylan.post(&format!("/people/{bagas_id}/report"), &reason).await.is(303);
    meylan.post(&format!("/people/{bagas_id}/report"), &reason).await.is(409);
    later(&demo).await;
    bagas.get("/notices").await.is(200).lacks("dilaporkan");
    bagas.get("/admin/people-reports").await.is(200).lacks("Mengirim ancaman");
    let mut yanti = enter(&demo, "yanti").await;
    yanti.get("/notices").await.is(200).says("dilaporkan");
    yanti.get("/admin/people-reports").await.is(200).says("Mengirim ancaman");
    let reports = yanti.api("GET", "/api/v1/people-reports", None).await.is(200).json();
    let settle = format!("/people-reports/{}/settle", reports["items"][0]["id"].as_str().unwrap());
    bagas.api("POST", &format!("/api/v1{settle}"), None).await.is(404);
    yanti.post(&format!("/admin{settle}"), &[]).await.is(303);
    yanti.get("/admin/people-reports").await.is(200).lacks("Mengirim ancaman");
}

#[db_test]
async fn of_a_person_who_was_erased_no_network_is_left(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, fera_id) = (enter(&demo, "meylan").await, id_of(&db, "fera").await);
    sql(
        &db,
        "update persons set state = 'closing', closing_at = 0 where mail_folded = $1",
        &params![mail("fera")],
    )
    .await;
    assert_eq!(state(&mut meylan, &fera_id).await, None);
    demo.settle().await;
    let left = "select count(*) from connections where low_id = $1 or high_id = $1";
    assert_eq!(value::<i64>(&db, left, &params![&fera_id]).await, 0);
}
