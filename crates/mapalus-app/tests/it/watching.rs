//! Searches that people keep tell them when a new group fits, once a day at most.

use crate::{
    testing::Instance,
    world::{enter, mail, set_visibility, sql, value},
};
use mapalus_core::time::{DAY, HOUR};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

async fn open(demo: &Instance, name: &str) -> String {
    let input = json!({ "template": "orphanage", "name": name, "summary": "Menemani anak panti belajar.",
        "area": "Kabupaten Minahasa", "sign_up": "application", "visibility": "public" });
    let made = enter(demo, "stenly").await.api("POST", "/api/v1/groups", Some(input)).await.is(201).json();
    made["slug"].as_str().unwrap().to_owned()
}

/// How many groups the search found whose address says this.
fn of(list: &Json, says: &str) -> usize {
    let mut items = list["items"].as_array().unwrap().iter();
    let one = items.find(|item| item["page"].as_str().unwrap().contains(says)).unwrap();
    one["found"].as_array().unwrap().len()
}

async fn after(demo: &Instance, millis: i64) {
    demo.clock.advance(millis);
    demo.settle().await;
    demo.settle().await;
}

async fn mails(db: &Db, key: &str) -> i64 {
    let count = "select count(*) from mails where address = $1 and key = 'groups-notice-found'";
    value(db, count, &params![mail(key)]).await
}

#[db_test]
async fn who_keeps_a_search_is_told_of_new_groups_that_fit_once_a_day(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    demo.settle().await;
    let mut meylan = enter(&demo, "meylan").await;
    let page = meylan.get("/groups?cause=orphans&area=Kabupaten+Minahasa").await.is(200).says("Kabari saya");
    let query = page.body.split("name=\"query\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let query = query.replace("&amp;", "&").replace("&#38;", "&");
    assert!(query.contains("area=71.02"), "{query}");
    meylan.post("/watches", &[("query", &query)]).await.is(303);
    meylan.post("/watches", &[("query", &query)]).await.is(303);
    meylan.api("POST", "/api/v1/watches", Some(json!({ "q": "perpustakaan keliling" }))).await.is(201);
    let list = meylan.api("GET", "/api/v1/watches", None).await.is(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2, "the same one is kept once: {list}");
    after(&demo, HOUR).await;
    meylan.get("/notices").await.is(200).lacks("Kelompok baru yang cocok");
    open(&demo, "Sahabat Panti Tondano").await;
    let hidden = open(&demo, "Sahabat Panti Langowan").await;
    set_visibility(&db, &hidden, "private").await;
    after(&demo, HOUR).await;
    meylan.get("/notices").await.is(200).says("Sahabat Panti Tondano").lacks("Langowan");
    meylan.get("/watches").await.is(200).says("Sahabat Panti Tondano").lacks("Langowan");
    assert_eq!(mails(&db, "meylan").await, 1);
    // More on the same day: told on the next.
    open(&demo, "Sahabat Panti Kawangkoan").await;
    after(&demo, HOUR).await;
    assert_eq!(mails(&db, "meylan").await, 1);
    after(&demo, DAY).await;
    meylan.get("/notices").await.is(200).says("Sahabat Panti Kawangkoan");
    after(&demo, DAY).await;
    let found = meylan.api("GET", "/api/v1/watches", None).await.is(200).json();
    assert_eq!(of(&found, "orphans"), 2, "{found}");
    assert_eq!(of(&found, "perpustakaan"), 0, "{found}");
    let own = meylan.get("/api/v1/me/data").await.is(200).json();
    assert_eq!(own["groups"]["searches"].as_array().unwrap().len(), 2);
}

#[db_test]
async fn a_search_is_paused_removed_and_nobody_elses(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    demo.settle().await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let made =
        meylan.api("POST", "/api/v1/watches", Some(json!({ "cause": "orphans" }))).await.is(201).json();
    let id = made["id"].as_str().unwrap();
    let one = format!("/api/v1/watches/{id}");
    novi.api("PATCH", &one, Some(json!({ "paused": true }))).await.is(404);
    novi.post(&format!("/watches/{id}/remove"), &[]).await.is(404);
    meylan.post(&format!("/watches/{id}/pause"), &[]).await.is(303);
    open(&demo, "Sahabat Panti Tondano").await;
    after(&demo, 2 * HOUR).await;
    meylan.get("/notices").await.is(200).lacks("Sahabat Panti Tondano");
    let goes_on = meylan.api("PATCH", &one, Some(json!({ "paused": false }))).await.is(200).json();
    assert_eq!(goes_on["paused"], false);
    after(&demo, 2 * HOUR).await;
    meylan.get("/notices").await.is(200).lacks("Sahabat Panti Tondano");
    meylan.api("DELETE", &one, None).await.is(204);
    meylan.api("DELETE", &one, None).await.is(404);
    meylan.api("POST", "/api/v1/watches", Some(json!({ "area": "Atlantis" }))).await.is(422);
    for n in 0..10 {
        let input = Some(json!({ "q": format!("kata{n}") }));
        meylan.api("POST", "/api/v1/watches", input).await.is(201);
    }
    meylan.api("POST", "/api/v1/watches", Some(json!({ "q": "lagi" }))).await.is(409);
    sql(
        &db,
        "update persons set state = 'closing', closing_at = 0 where mail_folded = $1",
        &params![mail("meylan")],
    )
    .await;
    demo.settle().await;
    assert_eq!(value::<i64>(&db, "select count(*) from watches", &[]).await, 0);
}
