//! The board: several applications at once, and the figures of the path.

use crate::{
    testing::{Browser, Instance},
    world::{OTHER, enter, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

/// The applications of the group that wait for a decision, and one that waits for its applicant.
async fn on_board(coordinator: &mut Browser<'_>) -> (Vec<Json>, Json) {
    let list = format!("/api/v1/groups/{OTHER}/applications");
    let items = coordinator.api("GET", &list, None).await.is(200).json()["items"].as_array().unwrap().clone();
    let (mut decidable, mut other) = (Vec::new(), Json::Null);
    for item in items.into_iter().filter(|item| item["state"] == "sent") {
        let path = format!("/api/v1/applications/{}", item["id"].as_str().unwrap());
        let one = coordinator.api("GET", &path, None).await.is(200).json();
        let chosen = json!({ "id": one["id"], "version": one["version"] });
        match one["next"].as_str().unwrap() {
            "coordinators" => decidable.push(chosen),
            _ => other = chosen,
        }
    }
    (decidable, other)
}

#[db_test]
async fn several_are_decided_at_once_each_under_its_own_rule_and_undone_together(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let (waits, not_yet) = on_board(&mut stenly).await;
    assert!(waits.len() >= 2 && not_yet != Json::Null, "{waits:?} {not_yet}");
    let decide = format!("/api/v1/groups/{OTHER}/applications/decide");
    let all = json!([waits[0], waits[1], not_yet]);
    let body = |outcome: &str, reason: &str| {
        Some(json!({ "outcome": outcome, "reason": reason, "applications": all }))
    };
    fera.api("POST", &decide, body("wait", "")).await.is(403);
    stenly.api("POST", &decide, body("decline", " ")).await.is(422).says("joining-reason-needed");
    stenly.api("POST", &decide, body("fire", "")).await.is(422).says("outcome");
    let none = json!({ "outcome": "wait", "applications": [] });
    stenly.api("POST", &decide, Some(none)).await.is(422).says("joining-bulk-none");
    let done = stenly.api("POST", &decide, body("wait", "")).await.is(200).json();
    let fate = |n: usize| (done["items"][n]["done"].clone(), done["items"][n]["key"].clone());
    assert_eq!(fate(0), (json!(true), json!("joining-done-wait")));
    assert_eq!(fate(1).0, json!(true));
    assert_eq!(fate(2), (json!(false), json!("joining-not-decidable")));
    // Sent again, what has changed is left as it is.
    let again = stenly.api("POST", &decide, body("wait", "")).await.is(200).json();
    assert_eq!(
        (&again["items"][0]["done"], &again["items"][0]["key"]),
        (&json!(false), &json!("refusal-changed"))
    );
    let undo = format!("/api/v1/groups/{OTHER}/applications/undo");
    let ids = json!({ "applications": [{ "id": waits[0]["id"] }, { "id": waits[1]["id"] }] });
    let undone = stenly.api("POST", &undo, Some(ids)).await.is(200).json();
    assert!(undone["items"].as_array().unwrap().iter().all(|item| item["done"] == true), "{undone}");
    let states = "select count(*) from applications where state = 'waiting' and id in ($1, $2)";
    let [first, second] = [0, 1].map(|n: usize| waits[n]["id"].as_str().unwrap().to_owned());
    assert_eq!(value::<i64>(&db, states, &params![&first, &second]).await, 0);
    demo.clock.advance(20_000);
    demo.settle().await;
    let told = "select count(*) from notices where key = 'joining-notice-waits'";
    assert_eq!(value::<i64>(&db, told, &[]).await, 0);
}

#[db_test]
async fn cards_are_chosen_on_the_board_and_the_answer_names_each(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let (waits, not_yet) = on_board(&mut stenly).await;
    let board = format!("/groups/{OTHER}/applications");
    let choice = |one: &Json| format!("{}:{}", one["id"].as_str().unwrap(), one["version"]);
    let (ready, early) = (choice(&waits[0]), choice(&not_yet));
    stenly.get(&board).await.is(200).says(&format!("form=\"bulk\" name=\"applications\" value=\"{ready}\""));
    let decide = format!("{board}/decide");
    let none = locale::message(Lang::Id, "joining-bulk-none", &[]);
    stenly.post(&decide, &[("outcome", "accept")]).await.is(422).says(&none);
    let chosen = [("outcome", "decline"), ("reason", ""), ("applications", ready.as_str())];
    let kept = stenly.post(&decide, &chosen).await.is(422);
    kept.says(&format!("value=\"{ready}\" checked"));
    // The step that is open is skipped for one of them, a decision never is.
    let skip = [
        ("outcome", "skip"),
        ("reason", "Sudah dikenal di posko."),
        ("applications", ready.as_str()),
        ("applications", early.as_str()),
    ];
    let page = stenly.post(&decide, &skip).await.is(200);
    let text = |key: &str| locale::message(Lang::Id, key, &[]);
    let page = page.says(&text("joining-not-skippable")).says(&text("joining-done-skipped"));
    let page = page.says(&text("joining-bulk-undo"));
    assert!(page.body.contains(&format!("value=\"{}\"", not_yet["id"].as_str().unwrap())));
    let undo = [("applications", not_yet["id"].as_str().unwrap())];
    stenly.post(&format!("{board}/undo"), &undo).await.is(200).says(&text("joining-done-undone"));
}

#[db_test]
async fn a_form_that_is_sent_twice_decides_on_each_once(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let (waits, _) = on_board(&mut stenly).await;
    let [one, other] = [0, 1].map(|n: usize| waits[n]["id"].as_str().unwrap().to_owned());
    let decide = format!("/groups/{OTHER}/applications/decide");
    let chosen = [("outcome", "wait"), ("reason", ""), ("applications", &*one), ("applications", &*other)];
    let done = locale::message(Lang::Id, "joining-done-wait", &[]);
    for _ in 0..2 {
        let page = stenly.post_once(&decide, &chosen, "the-same").await.is(200);
        assert_eq!(page.body.matches(&done).count(), 2);
    }
    let decisions = "select count(*) from decisions where application_id in ($1, $2)";
    assert_eq!(value::<i64>(&db, decisions, &params![&one, &other]).await, 2);
    // One that is none of the group's leaves all the others as they are.
    let stranger = "0198c6a0-0000-7000-8000-000000000000";
    let chosen = json!({ "outcome": "decline", "reason": "Sudah penuh.",
        "applications": [{ "id": &one }, { "id": stranger }] });
    let api = format!("/api/v1/groups/{OTHER}/applications/decide");
    stenly.api("POST", &api, Some(chosen)).await.is(404);
    assert_eq!(value::<i64>(&db, decisions, &params![&one, &other]).await, 2);
}

#[db_test]
async fn the_figures_of_a_path_tell_who_came_and_where_people_leave(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let path = format!("/api/v1/groups/{OTHER}/applications/figures");
    fera.api("GET", &path, None).await.is(403);
    let before = stenly.api("GET", &path, None).await.is(200).json();
    let sent = "select count(*) from applications join groups on groups.id = group_id
        where slug = $1 and sent_at is not null";
    let count: i64 = value(&db, sent, &params![OTHER]).await;
    assert_eq!(before["items"][0]["entered"], json!(count), "{before}");
    let (waits, _) = on_board(&mut stenly).await;
    let decline = format!("/api/v1/applications/{}/decline", waits[0]["id"].as_str().unwrap());
    stenly.api("POST", &decline, Some(json!({ "reason": "Penuh." }))).await.is(200);
    let after = stenly.api("GET", &path, None).await.is(200).json();
    // The decision; a training of those who serve in the field follows it.
    let last = before["items"].as_array().unwrap().len() - 2;
    let step = |of: &Json, what: &str| of["items"][last][what].as_i64().unwrap();
    assert_eq!(step(&after, "left"), step(&before, "left") + 1);
    assert_eq!(step(&after, "there"), step(&before, "there") - 1);
    assert_eq!(step(&after, "entered"), step(&before, "entered"));
    let page = stenly.get(&format!("/groups/{OTHER}/applications/figures")).await.is(200);
    page.says("<svg").says(after["items"][0]["name"].as_str().unwrap());
    let board = stenly.get(&format!("/groups/{OTHER}/applications")).await.is(200);
    board.says(&format!("/groups/{OTHER}/applications/figures"));
}
