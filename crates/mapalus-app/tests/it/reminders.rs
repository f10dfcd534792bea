//! Who owes something is reminded: before the deadline and once it has passed, each once, on both databases and by
//! two nodes at once; nobody whose turn it is no more.

use crate::{
    races::nodes,
    testing::{Browser, Instance},
    world::{self, GROUP, at_once, enter, sql, value},
};
use mapalus_core::time::DAY;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

/// How many notices of this key a person has.
async fn told(db: &Db, key: &str, what: &str) -> i64 {
    let count = "select count(*) from notices join persons on persons.id = notices.person_id
        where mail_folded = $1 and notices.key = $2";
    value(db, count, &params![world::mail(key), what]).await
}

/// Forgets what the demonstration owes by itself: the tests below count.
async fn quiet(db: &Db) {
    sql(db, "update applications set remind_at = null", &[]).await;
    sql(db, "update vouches set remind_at = null", &[]).await;
}

/// So many days pass, one after the other; the background work is done on each.
async fn days(demo: &Instance, days: i64) {
    for _ in 0..days {
        demo.clock.advance(DAY);
        demo.settle().await;
    }
}

async fn path_of(db: &Db, slug: &str, kind: &str, days: i64, remind_days: i64) {
    let set = "update steps set days = $3, remind_days = $4 where kind = $2 and path_id in (
            select paths.id from paths join groups on groups.id = group_id where slug = $1
        )";
    assert!(sql(db, set, &params![slug, kind, days, remind_days]).await > 0, "{slug} has a {kind}");
}

#[db_test]
async fn a_draft_that_lies_is_spoken_of_once(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    quiet(&db).await;
    path_of(&db, GROUP, "form", 14, 3).await;
    let mut vina = enter(&demo, "vina").await;
    let id = world::apply(&mut vina, GROUP).await;
    days(&demo, 10).await;
    assert_eq!(told(&db, "vina", "joining-remind-draft").await, 0);
    // What is saved in between leaves the day as it is.
    vina = enter(&demo, "vina").await;
    vina.api("PATCH", &format!("/api/v1/applications/{id}"), Some(json!({ "answers": {} }))).await.is(200);
    days(&demo, 1).await;
    assert_eq!(told(&db, "vina", "joining-remind-draft").await, 1);
    vina = enter(&demo, "vina").await;
    vina.api("PATCH", &format!("/api/v1/applications/{id}"), Some(json!({ "answers": {} }))).await.is(200);
    days(&demo, 20).await;
    assert_eq!(told(&db, "vina", "joining-remind-draft").await, 1);
    enter(&demo, "vina").await.get("/notices").await.is(200).says("Draf Anda masih tersimpan");
}

#[db_test]
async fn who_was_accepted_and_has_left_is_reminded_of_no_step(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    quiet(&db).await;
    path_of(&db, GROUP, "agreement", 7, 2).await;
    let (mut vina, mut novi) = (enter(&demo, "vina").await, enter(&demo, "novi").await);
    let id = world::apply(&mut vina, GROUP).await;
    while world::step(&mut vina, &mut novi, &id).await["next"] != "applicant" {}
    vina.api("POST", &format!("/api/v1/groups/{GROUP}/leave"), None).await.is(204);
    days(&demo, 10).await;
    for key in ["joining-remind-step", "joining-remind-step-late"] {
        assert_eq!(told(&db, "vina", key).await, 0, "{key}");
    }
}

#[db_test]
async fn an_applicant_is_reminded_of_a_step_before_its_deadline_and_after_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    quiet(&db).await;
    path_of(&db, GROUP, "agreement", 7, 2).await;
    let (mut vina, mut novi) = (enter(&demo, "vina").await, enter(&demo, "novi").await);
    let id = world::apply(&mut vina, GROUP).await;
    // Up to the step that the applicant does last.
    while world::step(&mut vina, &mut novi, &id).await["next"] != "applicant" {}
    days(&demo, 4).await;
    assert_eq!(told(&db, "vina", "joining-remind-step").await, 0);
    days(&demo, 1).await;
    assert_eq!(told(&db, "vina", "joining-remind-step").await, 1);
    let mut vina = enter(&demo, "vina").await;
    // The day and the hour, with the zone of the one who reads.
    vina.get("/notices").await.is(200).says("menunggu Anda sampai").says("WITA");
    days(&demo, 3).await;
    assert_eq!(told(&db, "vina", "joining-remind-step-late").await, 1);
    days(&demo, 30).await;
    let both = "select count(*) from reminders where application_id = $1";
    assert_eq!(value::<i64>(&db, both, &params![&id]).await, 2);
    assert_eq!(told(&db, "vina", "joining-remind-step-late").await, 1);
}

#[db_test]
async fn what_is_done_in_between_reminds_nobody(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    quiet(&db).await;
    path_of(&db, GROUP, "form", 14, 3).await;
    let mut vina = enter(&demo, "vina").await;
    let id = world::apply(&mut vina, GROUP).await;
    demo.clock.advance(12 * DAY);
    // The reminder is on its way; the form is sent before anybody is told.
    mapalus_app::joining::remind(&demo.app).await.unwrap();
    let asked = "select count(*) from outbox where position is null and payload like '%step-due%'";
    assert_eq!(value::<i64>(&db, asked, &[]).await, 1);
    let (mut vina, mut novi) = (enter(&demo, "vina").await, enter(&demo, "novi").await);
    world::step(&mut vina, &mut novi, &id).await;
    demo.settle().await;
    assert_eq!(told(&db, "vina", "joining-remind-draft").await, 0);
}

#[db_test]
async fn all_who_may_decide_are_reminded_but_those_who_did_and_those_who_are_barred(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    quiet(&db).await;
    path_of(&db, GROUP, "decision", 7, 2).await;
    sql(&db, "update steps set approvals = 3 where kind = 'decision'", &[]).await;
    let (mut vina, mut novi) = (enter(&demo, "vina").await, enter(&demo, "novi").await);
    for key in ["deisy", "hasan", "johan", "fera"] {
        let is_member = "select count(*) from memberships join groups on groups.id = group_id
            join persons on persons.id = person_id where slug = $1 and mail_folded = $2";
        if value::<i64>(&db, is_member, &params![GROUP, world::mail(key)]).await == 0 {
            sql(&db, "update steps set approvals = 1 where kind = 'decision'", &[]).await;
            world::join(&mut enter(&demo, key).await, &mut novi, GROUP).await;
            sql(&db, "update steps set approvals = 3 where kind = 'decision'", &[]).await;
        }
        world::appoint(&db, GROUP, key, "applications").await;
    }
    world::set_membership(&db, GROUP, "hasan", "suspended").await;
    let closing = "update persons set state = 'closing', closing_at = 9000000000000 where mail_folded = $1";
    sql(&db, closing, &params![world::mail("johan")]).await;
    let id = world::apply(&mut vina, GROUP).await;
    while world::step(&mut vina, &mut novi, &id).await["next"] != "coordinators" {}
    let mut deisy = enter(&demo, "deisy").await;
    deisy.api("POST", &format!("/api/v1/applications/{id}/accept"), Some(json!({}))).await.is(200);
    days(&demo, 5).await;
    for (key, count) in [("novi", 1), ("fera", 1), ("deisy", 0), ("hasan", 0), ("johan", 0), ("vina", 0)] {
        assert_eq!(told(&db, key, "joining-remind-decision").await, count, "{key}");
    }
    // The waiting list owes nothing.
    let mut novi = enter(&demo, "novi").await;
    novi.api("POST", &format!("/api/v1/applications/{id}/wait"), Some(json!({}))).await.is(200);
    days(&demo, 10).await;
    assert_eq!(told(&db, "fera", "joining-remind-decision-late").await, 0);
}

/// Vina's application to the doctors, which stands at its vouches.
async fn at_vouches(vina: &mut Browser<'_>) -> String {
    let mine = vina.api("GET", "/api/v1/applications", None).await.is(200).json();
    let items = mine["items"].as_array().unwrap();
    let of = items.iter().find(|item| item["group"]["name"].as_str().unwrap().starts_with("Dokter")).unwrap();
    format!("/api/v1/applications/{}", of["id"].as_str().unwrap())
}

#[db_test]
async fn a_member_is_reminded_of_a_request_and_the_applicant_told_when_it_has_ended(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    quiet(&db).await;
    sql(&db, "update steps set days = 40, remind_days = 3 where kind = 'vouch'", &[]).await;
    let mut vina = enter(&demo, "vina").await;
    let path = at_vouches(&mut vina).await;
    for mail in [world::mail("fera"), "tidak.ada@contoh.id".to_owned(), world::mail("ningsih")] {
        vina.api("POST", &format!("{path}/vouches"), Some(json!({ "mail": mail }))).await.is(200);
    }
    let fera = "select vouches.id from vouches join persons on persons.id = giver_id
        where mail_folded = $1 and vouches.state = 'asked'";
    let id: String = value(&db, fera, &params![world::mail("fera")]).await;
    days(&demo, 10).await;
    assert_eq!(told(&db, "fera", "joining-remind-vouch").await, 0);
    let how = Some(json!({ "relation": "work", "known": "three-to-five" }));
    enter(&demo, "fera").await.api("POST", &format!("/api/v1/vouches/{id}/give"), how).await.is(200);
    days(&demo, 2).await;
    assert_eq!(told(&db, "fera", "joining-remind-vouch").await, 0, "she has answered");
    assert_eq!(told(&db, "ningsih", "joining-remind-vouch").await, 1);
    days(&demo, 10).await;
    assert_eq!(told(&db, "ningsih", "joining-remind-vouch").await, 1);
    // Two requests ended; whether somebody has that address is not told.
    assert_eq!(told(&db, "vina", "joining-notice-vouch-ended").await, 2);
    // Nobody is asked any more and one vouch is lacking: the applicant owes it.
    sql(&db, "update applications set remind_at = 0 where state = 'sent'", &[]).await;
    days(&demo, 30).await;
    assert_eq!(told(&db, "vina", "joining-remind-vouches").await, 1);
    assert_eq!(told(&db, "vina", "joining-remind-vouches-late").await, 1);
}

#[db_test]
async fn a_closing_account_hears_of_nothing(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    quiet(&db).await;
    path_of(&db, GROUP, "form", 14, 3).await;
    let mut vina = enter(&demo, "vina").await;
    world::apply(&mut vina, GROUP).await;
    let closing = "update persons set state = 'closing', closing_at = 9000000000000 where mail_folded = $1";
    sql(&db, closing, &params![world::mail("vina")]).await;
    days(&demo, 20).await;
    assert_eq!(told(&db, "vina", "joining-remind-draft").await, 0);
}

#[db_test]
async fn two_nodes_at_once_remind_once_and_after_a_stop_nothing_is_lost(db: Db) {
    let nodes = nodes(&db).await;
    quiet(&db).await;
    sql(&db, "update steps set days = 14, remind_days = 3 where kind = 'form'", &[]).await;
    let people = ["vina", "rio", "meylan", "fera", "johan", "ningsih", "yanti", "bagas"];
    let mut ids = Vec::new();
    for key in people {
        let mut browser = enter(&nodes[0], key).await;
        let begun = browser.post(&format!("/groups/{GROUP}/join"), &[]).await;
        if begun.status.as_u16() == 303 {
            ids.push(begun.location().rsplit('/').next().unwrap().to_owned());
        }
    }
    assert!(ids.len() > 4, "{ids:?}");
    nodes[0].clock.advance(11 * DAY);
    for round in 0..4 {
        // The alarms go off again, as after a restored backup or a clock that was set back.
        let again = "update applications set remind_at = 1 where state = 'draft'";
        assert!(sql(&db, again, &[]).await >= ids.len() as u64, "{round}");
        let both = at_once(
            [&nodes[0], &nodes[1], &nodes[0], &nodes[1]].map(|node| mapalus_app::joining::remind(&node.app)),
        )
        .await;
        assert!(both.iter().all(Result::is_ok), "{both:?}");
        let rows: i64 = value(&db, "select count(*) from reminders", &[]).await;
        let events = "select count(*) from outbox where payload like '%step-due%'";
        assert_eq!(rows, ids.len() as i64);
        assert_eq!(value::<i64>(&db, events, &[]).await, rows);
        let waits = "select count(*) from applications where remind_at = 1";
        assert_eq!(value::<i64>(&db, waits, &[]).await, 0);
    }
    at_once([nodes[0].settle(), nodes[1].settle()]).await;
    let all = "select count(*) from notices where key = 'joining-remind-draft'";
    assert_eq!(value::<i64>(&db, all, &[]).await, ids.len() as i64);
}
