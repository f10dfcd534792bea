//! What is told is so when it is told; who is closing the account is spoken of by nobody; a closed group takes no draft.

use crate::{
    testing::Instance,
    world::{self, GROUP, OTHER, enter, sql, value},
};
use mapalus_core::time::{MINUTE, SECOND};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

/// How many mails of a message stand or stood in the outgoing box of a person.
async fn mails(db: &Db, to: &str, key: &str) -> i64 {
    let of = "select count(*) from mails where address = $1 and key = $2";
    value(db, of, &params![world::mail(to), key]).await
}

/// An application that waits for the decision of `stenly`, of which everybody was told.
async fn sent(demo: &Instance, key: &str, group: &str, by: &str) -> String {
    let (mut applicant, mut coordinator) = (enter(demo, key).await, enter(demo, by).await);
    let id = world::apply(&mut applicant, group).await;
    loop {
        let now = world::step(&mut applicant, &mut coordinator, &id).await;
        if now["next"] == "coordinators" {
            return id;
        }
    }
}

async fn open(db: &Db, group: &str, taking: bool) {
    assert_eq!(sql(db, "update groups set taking = $1 where slug = $2", &params![taking, group]).await, 1);
}

#[db_test]
async fn a_draft_of_a_group_that_closed_is_kept_and_sent_when_it_opens_again(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    demo.settle().await;
    let mut seeker = demo.enters("seeker").await;
    let id = world::apply(&mut seeker, GROUP).await;
    let mut novi = enter(&demo, "novi").await;
    let group = format!("/api/v1/groups/{GROUP}");
    novi.api("PATCH", &group, Some(json!({ "taking": false }))).await.is(200);
    demo.clock.advance(21 * SECOND);
    demo.settle().await;
    assert_eq!(mails(&db, "meylan", "joining-notice-closed").await, 1);
    seeker.get("/notices").await.is(200).says("sedang tidak menerima pendaftaran");
    let page = format!("/applications/{id}");
    seeker.get(&page).await.is(200).says("sedang tidak menerima pendaftaran");
    let api = format!("/api/v1{page}");
    let now = seeker.api("GET", &api, None).await.is(200).json();
    let asked = now["steps"][0]["questions"].as_array().unwrap();
    let written = asked.iter().find(|question| question["kind"] == "long" || question["kind"] == "short");
    let key = written.unwrap()["key"].as_str().unwrap().to_owned();
    // Refused in words, with what was typed; saving goes on.
    let version = now["version"].to_string();
    let typed =
        [("version", version.as_str()), (key.as_str(), "Saya dokter gigi di Tondano."), ("do", "save")];
    seeker.post(&format!("{page}/form"), &typed).await.is(303);
    seeker.get(&page).await.is(200).says("Saya dokter gigi di Tondano.");
    let coordinator = &mut enter(&demo, "novi").await;
    let all = json!({ "answers": world::answers(&now["steps"][0]) });
    seeker.api("POST", &format!("{api}/send"), Some(all)).await.is(409).says("joining-closed");
    let state = "select state from applications where id = $1";
    assert_eq!(value::<String>(&db, state, &params![&id]).await, "draft");
    open(&db, GROUP, true).await;
    world::step(&mut seeker, coordinator, &id).await;
    assert_eq!(value::<String>(&db, state, &params![&id]).await, "sent");
    // What is sent goes on.
    open(&db, GROUP, false).await;
    seeker.get(&page).await.is(200);
}

#[db_test]
async fn whoever_closes_the_account_is_hidden_at_once_and_returns_as_before(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let id = sent(&demo, "vina", GROUP, "novi").await;
    demo.clock.advance(21 * SECOND);
    demo.settle().await;
    let mut novi = enter(&demo, "novi").await;
    let name: String =
        value(&db, "select name from persons where mail_folded = $1", &params![world::mail("vina")]).await;
    let pages = [format!("/groups/{GROUP}/applications"), "/notices".to_owned()];
    for page in &pages {
        novi.get(page).await.is(200).says(&name);
    }
    let state = "update persons set state = $1 where mail_folded = $2";
    sql(&db, state, &params!["closing", world::mail("vina")]).await;
    for page in &pages {
        assert!(!novi.get(page).await.is(200).body.contains(&name), "{page}");
    }
    novi.get(&format!("/applications/{id}")).await.is(404);
    novi.api("GET", &format!("/api/v1/applications/{id}"), None).await.is(404);
    novi.api("POST", &format!("/api/v1/applications/{id}/accept"), Some(json!({}))).await.is(404);
    sql(&db, state, &params!["confirmed", world::mail("vina")]).await;
    for page in &pages {
        novi.get(page).await.is(200).says(&name);
    }
    novi.get(&format!("/applications/{id}")).await.is(200);
}

#[db_test]
async fn what_was_sent_and_withdrawn_is_still_among_ones_applications(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut vina = enter(&demo, "vina").await;
    let drafted = world::apply(&mut vina, OTHER).await;
    vina.post(&format!("/applications/{drafted}/withdraw"), &[]).await.is(303);
    let id = sent(&demo, "vina", GROUP, "novi").await;
    let mut vina = enter(&demo, "vina").await;
    vina.post(&format!("/applications/{id}/withdraw"), &[]).await.is(303);
    vina.get("/applications").await.is(200).says(&format!("/applications/{id}")).says("ditarik");
}

#[db_test]
async fn a_mail_says_the_reason_and_only_what_is_so_when_it_goes(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    demo.settle().await;
    // Decided before the coordinator was told of it: there is nothing new to tell.
    let id = sent(&demo, "vina", GROUP, "novi").await;
    let mut novi = enter(&demo, "novi").await;
    let path = format!("/api/v1/applications/{id}");
    let wait = json!({ "reason": "Kelompok penuh." });
    novi.api("POST", &format!("{path}/wait"), Some(wait)).await.is(200);
    let why = json!({ "reason": "Pengalaman Anda kami perlukan." });
    novi.api("POST", &format!("{path}/accept"), Some(why)).await.is(200);
    demo.clock.advance(21 * SECOND);
    demo.settle().await;
    assert_eq!(mails(&db, "novi", "joining-notice-sent").await, 0);
    assert_eq!(mails(&db, "vina", "joining-notice-waits-why").await, 0, "corrected in time");
    let mut mailbox = demo.enters("seeker").await;
    let find = "select id from mails where address = $1 and key = 'joining-notice-accepted-why'";
    let mail: String = value(&db, find, &params![world::mail("vina")]).await;
    mailbox.get(&format!("/mailbox/{mail}")).await.is(200).says("Pengalaman Anda kami perlukan.");

    // A mail that waits for company is held against what it speaks of when it goes.
    let first = sent(&demo, "rio", GROUP, "novi").await;
    demo.clock.advance(21 * SECOND);
    demo.settle().await;
    assert_eq!(mails(&db, "novi", "joining-notice-sent").await, 1, "{first}");
    let second = sent(&demo, "meylan", GROUP, "novi").await;
    demo.clock.advance(21 * SECOND);
    demo.settle().await;
    assert_eq!(mails(&db, "novi", "joining-notice-sent").await, 2, "the second one waits");
    let waits = "select id from mails where address = $1 and key = 'joining-notice-sent' and state = 'due'";
    let waits: String = value(&db, waits, &params![world::mail("novi")]).await;
    let shown = mailbox.get("/mailbox").await.is(200).body;
    assert!(
        !shown.contains(&waits),
        "what has not gone is not shown: it would vanish when it goes with others"
    );
    let mut novi = enter(&demo, "novi").await;
    novi.api("POST", &format!("/api/v1/applications/{second}/accept"), Some(json!({}))).await.is(200);
    demo.clock.advance(11 * MINUTE);
    demo.settle().await;
    assert_eq!(mails(&db, "novi", "joining-notice-sent").await, 1);
}

#[db_test]
async fn who_has_a_draft_of_a_group_with_many_applications_is_told_in_a_later_portion(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    demo.settle().await;
    let mut seeker = demo.enters("seeker").await;
    world::apply(&mut seeker, GROUP).await;
    // So many that are over stand before it that it comes in the third portion.
    let many = "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)
        insert into applications (id, group_id, person_id, path_id, state, place, step_since, made_at, decided_at,
            reason, version)
        select '00000000-0000-7000-8000-' || cast(100000000000 + i as text), group_id, person_id, path_id,
            'withdrawn', 0, 0, 0, 0, '', 1
        from applications, n
        where state = 'draft' and group_id = (select id from groups where slug = $1)";
    assert_eq!(sql(&db, many, &params![GROUP]).await, 1_000);
    let mut novi = enter(&demo, "novi").await;
    let group = format!("/api/v1/groups/{GROUP}");
    novi.api("PATCH", &group, Some(json!({ "taking": false }))).await.is(200);
    demo.clock.advance(21 * SECOND);
    demo.settle().await;
    assert_eq!(mails(&db, "meylan", "joining-notice-closed").await, 1, "once");
    let portions = "select count(*) from outbox where payload like '%drafts-left%'";
    assert_eq!(value::<i64>(&db, portions, &[]).await, 2);
}
