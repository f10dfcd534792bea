//! A group is closed for good: at once nobody finds it, its people are told when that cannot be undone any more.

use crate::{
    testing::Instance,
    world::{OTHER, apply, enter, mail, sql, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

async fn notices(db: &Db, key: &str, about: &str) -> i64 {
    let count = "select count(*) from notices
        join persons on persons.id = notices.person_id
        where mail_folded = $1 and notices.key = $2";
    value(db, count, &params![mail(key), about]).await
}

async fn version(demo: &Instance, slug: &str) -> i64 {
    value(&demo.app.db, "select version from groups where slug = $1", &params![slug]).await
}

async fn later(demo: &Instance) {
    demo.clock.advance(20_000);
    demo.settle().await;
}

#[db_test]
async fn a_closed_group_is_gone_at_once_and_its_people_are_told_later(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let mut fera = enter(&demo, "fera").await;
    stenly.get(&format!("/groups/{OTHER}/settings")).await.is(200).says(&format!("/groups/{OTHER}/close"));
    let page = stenly.get(&format!("/groups/{OTHER}/close")).await.is(200);
    assert!(page.body.contains(&format!("action=\"/groups/{OTHER}/close\"")), "{}", page.body);
    let version = version(&demo, OTHER).await.to_string();
    stenly.post(&format!("/groups/{OTHER}/close"), &[("version", &version)]).await.is(303);
    demo.settle().await;
    demo.browser().get(&format!("/groups/{OTHER}")).await.is(404);
    let list = demo.browser().api("GET", "/api/v1/groups?q=siaga", None).await.is(200).json();
    assert!(!list.to_string().contains(OTHER), "{list}");
    fera.get(&format!("/groups/{OTHER}")).await.is(200);
    assert_eq!(notices(&db, "fera", "groups-notice-ended").await, 0);
    // Nobody runs it any more, and nobody closes it twice.
    stenly.get(&format!("/groups/{OTHER}/settings")).await.is(403);
    later(&demo).await;
    assert_eq!(notices(&db, "fera", "groups-notice-ended").await, 1);
    assert_eq!(notices(&db, "stenly", "groups-notice-ended").await, 0, "who closed it knows");
    // Who belonged to it reads when it was closed, as long as its page is kept; nobody else.
    let ended = fera.get(&format!("/groups/{OTHER}")).await.is(410);
    let today = mapalus_app::shell::text::day(demo.app.clock.now(), chrono_tz::Asia::Makassar, Lang::Id);
    ended.says(&today).says("Relawan Siaga");
    fera.api("GET", &format!("/api/v1/groups/{OTHER}"), None).await.is(410).says("groups-ended-on");
    stenly.get(&format!("/groups/{OTHER}")).await.is(410);
    enter(&demo, "novi").await.get(&format!("/groups/{OTHER}")).await.is(404);
    demo.browser().get(&format!("/groups/{OTHER}")).await.is(404);
    let left = "select count(*) from memberships join groups on groups.id = group_id
        where slug = $1 and state in ('invited', 'applied', 'accepted', 'active', 'suspended')";
    assert_eq!(value::<i64>(&db, left, &params![OTHER]).await, 0);
    let open = "select count(*) from applications join groups on groups.id = group_id
        where slug = $1 and applications.state in ('sent', 'waiting')";
    assert_eq!(value::<i64>(&db, open, &params![OTHER]).await, 0);
    assert_eq!(notices(&db, "rio", "joining-notice-ended").await, 1);
    let mut rio = enter(&demo, "rio").await;
    let own = "select applications.id from applications
        join groups on groups.id = group_id join persons on persons.id = person_id
        where slug = $1 and mail_folded = $2";
    let id: String = value(&db, own, &params![OTHER, mail("rio")]).await;
    rio.get(&format!("/applications/{id}")).await.is(200).says("Kelompok ini ditutup oleh pengurusnya");
}

#[db_test]
async fn who_closed_a_group_opens_it_again_in_time_and_nobody_was_told(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let seen = json!({ "version": version(&demo, OTHER).await });
    let close = format!("/api/v1/groups/{OTHER}/close");
    stenly.api("POST", &close, Some(json!({ "version": 0 }))).await.is(412);
    fera.api("POST", &close, Some(seen.clone())).await.is(403);
    stenly.api("POST", &close, Some(seen.clone())).await.is(204);
    stenly.api("POST", &close, Some(seen)).await.is(403);
    fera.api("POST", &format!("{close}/undo"), None).await.is(403);
    demo.clock.advance(19_999);
    demo.settle().await;
    stenly.api("POST", &format!("{close}/undo"), None).await.is(204);
    demo.settle().await;
    demo.browser().get(&format!("/groups/{OTHER}")).await.is(200);
    let list = demo.browser().api("GET", "/api/v1/groups?q=siaga", None).await.is(200).json();
    assert!(list.to_string().contains(OTHER), "{list}");
    stenly.get(&format!("/groups/{OTHER}/settings")).await.is(200);
    later(&demo).await;
    assert_eq!(notices(&db, "fera", "groups-notice-ended").await, 0);
    stenly.api("POST", &format!("{close}/undo"), None).await.is(409);
}

#[db_test]
async fn undoing_comes_too_late_when_the_end_stands(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let close = format!("/api/v1/groups/{OTHER}/close");
    let seen = json!({ "version": version(&demo, OTHER).await });
    stenly.api("POST", &close, Some(seen)).await.is(204);
    demo.clock.advance(20_000);
    stenly.api("POST", &format!("{close}/undo"), None).await.is(409).says("groups-end-too-late");
    demo.settle().await;
    stenly.api("POST", &format!("{close}/undo"), None).await.is(404);
}

#[db_test]
async fn a_group_that_nobody_runs_any_more_stays_closed(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let close = format!("/api/v1/groups/{OTHER}/close");
    let seen = json!({ "version": version(&demo, OTHER).await });
    stenly.api("POST", &close, Some(seen)).await.is(204);
    stenly.get("/").await.is(200).lacks("href=\"/desk\"");
    stenly.api("POST", &format!("/api/v1/groups/{OTHER}/leave"), None).await.is(204);
    stenly.api("POST", &format!("{close}/undo"), None).await.is(409);
    demo.browser().get(&format!("/groups/{OTHER}")).await.is(404);
}

#[db_test]
async fn a_draft_for_a_closed_group_is_told_the_truth(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let id = apply(&mut meylan, OTHER).await;
    let seen = json!({ "version": version(&demo, OTHER).await });
    stenly.api("POST", &format!("/api/v1/groups/{OTHER}/close"), Some(seen)).await.is(204);
    later(&demo).await;
    demo.settle().await;
    assert_eq!(notices(&db, "meylan", "joining-notice-draft-ended").await, 1);
    assert_eq!(notices(&db, "meylan", "joining-notice-closed").await, 0);
    let page = meylan.get(&format!("/applications/{id}")).await.is(200);
    let said = |key| locale::message(Lang::Id, key, &[]);
    let page = page.says(&said("joining-group-ended")).says(&said("joining-draft-ended"));
    page.says("<a href=\"/applications\"><svg")
        .lacks(&said("joining-closed"))
        .lacks(&format!("href=\"/groups/{OTHER}\""));
}

#[db_test]
async fn questions_end_with_the_group_and_who_waits_is_told(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut meylan = demo.enters("seeker").await;
    let mut stenly = enter(&demo, "stenly").await;
    let own =
        "select asks.id from asks join groups on groups.id = group_id join persons on persons.id = person_id
        where slug = $1 and mail_folded = $2";
    let id: String = value(&db, own, &params![OTHER, mail("meylan")]).await;
    meylan.get(&format!("/questions/{id}")).await.is(200).says("name=\"text\"");
    let seen = json!({ "version": version(&demo, OTHER).await });
    stenly.api("POST", &format!("/api/v1/groups/{OTHER}/close"), Some(seen)).await.is(204);
    later(&demo).await;
    let told = "select count(*) from notices where key = 'asking-notice-ended'";
    assert_eq!(value::<i64>(&db, told, &params![]).await, 1);
    let open = "select count(*) from asks join groups on groups.id = group_id where slug = $1 and asks.state <> 'closed'";
    assert_eq!(value::<i64>(&db, open, &params![OTHER]).await, 0);
    meylan.get(&format!("/questions/{id}")).await.is(200).lacks("name=\"text\"");
    let more = json!({ "text": "Masih adakah yang membaca ini?" });
    let refused = meylan.api("POST", &format!("/api/v1/questions/{id}/words"), Some(more)).await.is(410);
    refused.says("asking-group-ended");
}

#[db_test]
async fn a_sole_coordinator_without_members_closes_the_group_and_then_the_account(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut novi = enter(&demo, "novi").await;
    let group = json!({
        "template": "orphanage", "name": "Sahabat Panti Tondano", "area": "Kabupaten Minahasa",
        "summary": "Menemani anak panti belajar.", "sign_up": "application", "visibility": "public",
    });
    let made = novi.api("POST", "/api/v1/groups", Some(group)).await.is(201).json();
    let slug = "sahabat-panti-tondano";
    novi.api("POST", &format!("/api/v1/groups/{slug}/leave"), None).await.is(409);
    let only = "select count(*) from role_holders
        join roles on roles.id = role_id join groups on groups.id = role_holders.group_id where slug = $1";
    assert!(value::<i64>(&db, only, &params![slug]).await > 0);
    let seen = json!({ "version": made["version"] });
    novi.api("POST", &format!("/api/v1/groups/{slug}/close"), Some(seen)).await.is(204);
    novi.api("POST", &format!("/api/v1/groups/{slug}/leave"), None).await.is(204);
    later(&demo).await;
    assert_eq!(value::<i64>(&db, only, &params![slug]).await, 0);
    // A month later its page is empty; its name stays.
    sql(&db, "update groups set about = 'Kami' where slug = $1", &params![slug]).await;
    demo.clock.advance(31 * 86_400_000);
    demo.settle().await;
    let about = "select name || about || summary || rules from groups where slug = $1";
    assert_eq!(value::<String>(&db, about, &params![slug]).await, "Sahabat Panti Tondano");
    for parts in ["roles", "group_topics", "group_questions"] {
        let left =
            format!("select count(*) from {parts} join groups on groups.id = group_id where slug = $1");
        assert_eq!(value::<i64>(&db, &left, &params![slug]).await, 0, "{parts}");
    }
}
