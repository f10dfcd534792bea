//! Steps of a path that others do: several decisions, and steps that a coordinator skips.

use crate::{
    testing::Instance,
    world::{self, OTHER, enter, sql, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_core::{Id, Millis, StepId, chance::SystemChance};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

#[db_test]
async fn a_coordinator_skips_a_step_with_a_reason_that_the_applicant_reads(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut seeker = demo.enters("seeker").await;
    let mut coordinator = demo.enters("coordinator").await;
    let id = world::apply(&mut seeker, OTHER).await;
    let path = format!("/api/v1/applications/{id}");
    let skip = format!("{path}/skip");
    let reason = || Some(json!({ "reason": "Janji sudah ditandatangani di kertas." }));
    // A draft is the applicant's own matter.
    coordinator.api("POST", &skip, reason()).await.is(409).says("joining-not-skippable");
    let now = world::step(&mut seeker, &mut coordinator, &id).await;
    assert_eq!(now["steps"][1]["kind"], "agreement");
    seeker.api("POST", &skip, reason()).await.is(404);
    coordinator.api("POST", &skip, Some(json!({ "reason": " " }))).await.is(422).says("joining-skip-needed");
    let page = format!("/applications/{id}/skip");
    coordinator.post(&page, &[("skip_reason", ""), ("version", "2")]).await.is(422).says("skip_reason");
    coordinator.post(&page, &[("skip_reason", "x"), ("version", "1")]).await.is(412);
    let after = coordinator.api("POST", &skip, reason()).await.is(200).json();
    assert_eq!((&after["place"], &after["state"]), (&json!(2), &json!("sent")));
    assert_eq!(after["skipped"].as_object().unwrap().len(), 1);
    coordinator.api("POST", &skip, reason()).await.is(409).says("joining-not-skippable");
    let own = format!("/applications/{id}");
    seeker.get(&own).await.is(200).lacks("Janji sudah ditandatangani di kertas.");
    let why = "select why from audit where subject = $1 and action = 'SkipStep'";
    let why: String = value(&db, why, &params![&id]).await;
    assert_eq!(why, "Janji sudah ditandatangani di kertas.");
    demo.clock.advance(20_000);
    demo.settle().await;
    seeker.get(&own).await.is(200).says("Janji sudah ditandatangani di kertas.");
    let told = "select count(*) from notices join persons on persons.id = notices.person_id
        where mail_folded = $1 and notices.key = 'joining-notice-moved'";
    assert_eq!(value::<i64>(&db, told, &params![world::mail("meylan")]).await, 1);
}

#[db_test]
async fn of_two_decisions_on_one_path_the_same_coordinator_makes_both(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let second = StepId::new(Millis(0), &SystemChance).to_string();
    let add = "insert into steps (id, path_id, place, block, kind, name, text, days, remind_days, overdue, approvals,
            needed, other_workplace, details)
        select $1, path_id, place + 2, block + 2, kind, 'Keputusan akhir', '', 7, 2, 'remind', 1, 0, false, '{}'
        from steps
        where kind = 'decision' and path_id in (
            select paths.id from paths join groups on groups.id = group_id where slug = $2
        )";
    assert_eq!(sql(&db, add, &params![&second, OTHER]).await, 1);
    let mut coordinator = enter(&demo, "stenly").await;
    let mut vina = enter(&demo, "vina").await;
    let mine = vina.api("GET", "/api/v1/applications", None).await.is(200).json();
    let items = mine["items"].as_array().unwrap();
    let of = items
        .iter()
        .find(|item| item["group"]["name"].as_str().unwrap().starts_with("Relawan Siaga"))
        .unwrap();
    let path = format!("/api/v1/applications/{}", of["id"].as_str().unwrap());
    let accept = format!("{path}/accept");
    let first = coordinator.api("POST", &accept, Some(json!({}))).await.is(200).json();
    assert_eq!((&first["state"], &first["decided_at"]), (&json!("sent"), &json!(null)));
    // Each is undone by itself, and made anew.
    let back = coordinator.api("POST", &format!("{path}/undo"), None).await.is(200).json();
    assert_eq!(back["place"], json!(2));
    coordinator.api("POST", &accept, Some(json!({}))).await.is(200);
    let last = coordinator.api("POST", &accept, Some(json!({}))).await.is(200).json();
    assert_eq!((&last["state"], &last["place"]), (&json!("accepted"), &json!(5)));
    demo.clock.advance(30_000);
    demo.settle().await;
    let told = "select count(*) from notices join persons on persons.id = notices.person_id
        where mail_folded = $1 and notices.key in ('joining-notice-moved', 'joining-notice-accepted')";
    assert_eq!(value::<i64>(&db, told, &params![world::mail("vina")]).await, 2);
}

#[db_test]
async fn beside_each_question_stands_who_reads_the_answer_and_when_it_is_deleted(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let only = "update questions set visible = 'coordinators', delete_days = 45 where key in (
            select min(key) from questions join steps on steps.id = questions.step_id
            join paths on paths.id = steps.path_id join groups on groups.id = paths.group_id where slug = $1
        )";
    assert!(sql(&db, only, &params![world::GROUP]).await > 0);
    let mut vina = enter(&demo, "vina").await;
    let id = world::apply(&mut vina, world::GROUP).await;
    let asked = "select count(*) from questions join applications on applications.id = $1
        join steps on steps.path_id = applications.path_id and steps.place = 0 where questions.step_id = steps.id";
    let questions: i64 = value(&db, asked, &params![&id]).await;
    let page = vina.get(&format!("/applications/{id}")).await.is(200).body;
    let said = |key: &str| locale::message(Lang::Id, key, &[]);
    let read = page.matches(&said("joining-seen-reviewers")).count()
        + page.matches(&said("joining-seen-coordinators")).count();
    assert_eq!((read as i64, page.matches(" sesudah keputusan.").count() as i64), (questions, questions));
    assert!(questions > 1 && page.contains(&said("joining-seen-coordinators")));
    assert!(page.contains(&locale::message(Lang::Id, "joining-kept", &[("days", 45.into())])));
}
