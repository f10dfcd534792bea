//! Who finds a group closed is told once when it takes people again.

use crate::{
    testing::{Browser, Instance},
    world::{OTHER, enter, mail, sql, value},
};
use mapalus_core::time::{DAY, SECOND};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

async fn takes(coordinator: &mut Browser<'_>, taking: bool) {
    let change = json!({ "taking": taking });
    coordinator.api("PATCH", &format!("/api/v1/groups/{OTHER}"), Some(change)).await.is(200);
}

async fn after(demo: &Instance, seconds: i64) {
    demo.clock.advance(seconds * SECOND);
    demo.settle().await;
    demo.settle().await;
}

async fn mails(db: &Db, key: &str) -> i64 {
    let count = "select count(*) from mails where address = $1 and key = 'groups-notice-reopened'";
    value(db, count, &params![mail(key)]).await
}

#[db_test]
async fn who_waits_for_a_closed_group_is_told_once_when_it_opens_again(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (page, watch) = (format!("/groups/{OTHER}"), format!("/groups/{OTHER}/door-watch"));
    let mut stenly = enter(&demo, "stenly").await;
    let mut meylan = enter(&demo, "meylan").await;
    meylan.get(&page).await.is(200).lacks("door-watch");
    meylan.post(&watch, &[]).await.is(409);
    takes(&mut stenly, false).await;
    // A stranger signs in first, and comes back to the group.
    demo.browser().get(&page).await.is(200).says(&format!("/sign-in?next={page}")).lacks("door-watch");
    demo.browser().post(&watch, &[]).await.is(303);
    meylan.get(&page).await.is(200).says("Kabari saya bila dibuka lagi");
    for _ in 0..2 {
        assert_eq!(meylan.post(&watch, &[]).await.is(303).location(), page);
    }
    meylan.get(&page).await.is(200).says("Tidak usah kabari saya").lacks("Kabari saya bila dibuka lagi");
    meylan.get("/watches").await.is(200).says("Kelompok yang Anda tunggu").says(&page);
    let list = meylan.api("GET", "/api/v1/door-watches", None).await.is(200).json();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["slug"]), (1, &json!(OTHER)));
    // Opened by mistake and closed at once: nobody is told, and they wait on.
    takes(&mut stenly, true).await;
    takes(&mut stenly, false).await;
    after(&demo, 60).await;
    assert_eq!(mails(&db, "meylan").await, 0);
    meylan.get(&page).await.is(200).says("Tidak usah kabari saya");
    takes(&mut stenly, true).await;
    after(&demo, 5).await;
    assert_eq!(mails(&db, "meylan").await, 0, "it can be taken back still");
    after(&demo, 60).await;
    assert_eq!(mails(&db, "meylan").await, 1);
    meylan.get("/notices").await.is(200).says("membuka pendaftaran lagi");
    takes(&mut stenly, false).await;
    takes(&mut stenly, true).await;
    after(&demo, 60).await;
    assert_eq!(mails(&db, "meylan").await, 1, "once");
    after(&demo, 2 * DAY / SECOND).await;
    let left: i64 = value(&db, "select count(*) from door_watches", &params![]).await;
    assert_eq!(left, 0, "who was told is forgotten");
}

#[db_test]
async fn who_waits_no_longer_or_is_a_member_by_now_is_not_told(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let watch = format!("/api/v1/groups/{OTHER}/door-watch");
    let mut stenly = enter(&demo, "stenly").await;
    takes(&mut stenly, false).await;
    let (mut meylan, mut vina) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    for browser in [&mut meylan, &mut vina] {
        let own = browser.api("POST", &watch, None).await.is(201).json();
        assert_eq!(own["slug"], OTHER);
    }
    meylan.api("DELETE", &watch, None).await.is(204);
    let joined = "insert into memberships (group_id, person_id, state, since, changed_at, why, version) \
        select (select id from groups where slug = $1), id, 'active', made_at, made_at, '', 1 from persons where mail_folded = $2";
    sql(&db, joined, &params![OTHER, mail("novi")]).await;
    takes(&mut stenly, true).await;
    after(&demo, 60).await;
    assert_eq!((mails(&db, "meylan").await, mails(&db, "novi").await), (0, 0));
    // A private group is not there for others, waited for or not.
    crate::world::set_visibility(&db, OTHER, "private").await;
    meylan.api("POST", &watch, None).await.is(404);
}
