//! A training as a step of joining: a session is taken, held, passed or to be repeated; deadlines are fair to who waits for
//! others; the last seat goes to one.

use crate::{
    testing::{Browser, Instance},
    world::{self, OTHER, at_once, enter, sql, value},
};
use mapalus_core::time::{DAY, MINUTE};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

pub(crate) async fn told(db: &Db, key: &str, notice: &str) -> i64 {
    let count = "select count(*) from notices join persons on persons.id = notices.person_id
        where mail_folded = $1 and key = $2";
    value(db, count, &params![world::mail(key), notice]).await
}

pub(crate) async fn pass(demo: &Instance, millis: i64) {
    demo.clock.advance(millis);
    demo.settle().await;
}

/// So many days pass, one after the other.
pub(crate) async fn days(demo: &Instance, days: i64) {
    for _ in 0..days {
        pass(demo, DAY).await;
    }
}

/// A training; gives its id.
pub(crate) async fn training(stenly: &mut Browser<'_>, for_applicants: bool) -> String {
    let input = json!({ "title": "Latihan evakuasi", "grants": "bls", "for_applicants": for_applicants });
    let path = format!("/api/v1/groups/{OTHER}/trainings");
    stenly.api("POST", &path, Some(input)).await.is(201).json()["id"].as_str().unwrap().to_owned()
}

/// A session of it so many days from now, from eight to twelve; gives its id.
pub(crate) async fn session(
    demo: &Instance,
    stenly: &mut Browser<'_>,
    training: &str,
    days: i64,
    seats: &str,
) -> String {
    let day = mapalus_app::shell::Day::of(demo.app.clock.now()).plus_days(days);
    let input = json!({ "starts": format!("{day}T08:00"), "ends": format!("{day}T12:00"), "area": "Kota Manado",
        "place": "Aula BPBD", "seats": seats });
    let path = format!("/api/v1/groups/{OTHER}/trainings/{training}/sittings");
    stenly.api("POST", &path, Some(input)).await.is(201).json()["id"].as_str().unwrap().to_owned()
}

pub(crate) fn trains(training: &str, overdue: &str) -> Json {
    json!({ "kind": "training", "name": "Pelatihan", "training": training, "days": 7, "remind_days": 2,
        "overdue": overdue })
}

/// Puts a path into use: a promise, then these, then a decision.
pub(crate) async fn path(stenly: &mut Browser<'_>, steps: &[Json]) {
    let promise = json!({ "kind": "agreement", "name": "Janji", "text": "Saya datang.", "days": 7 });
    let decision = json!({ "kind": "decision", "name": "Keputusan", "days": 7 });
    let items: Vec<Json> = [promise].into_iter().chain(steps.iter().cloned()).chain([decision]).collect();
    let put = format!("/api/v1/groups/{OTHER}/path");
    stenly.api("PUT", &put, Some(json!({ "items": items }))).await.is(200);
}

/// An application whose promise is given; gives its path in the API.
pub(crate) async fn begun(applicant: &mut Browser<'_>) -> String {
    let path = format!("/api/v1/applications/{}", world::apply(applicant, OTHER).await);
    applicant.api("POST", &format!("{path}/agree"), None).await.is(200);
    path
}

pub(crate) async fn now(browser: &mut Browser<'_>, application: &str) -> Json {
    browser.api("GET", application, None).await.is(200).json()
}

pub(crate) async fn turn(browser: &mut Browser<'_>, application: &str) -> Json {
    now(browser, application).await["course"]["turn"].clone()
}

/// Says how somebody did in a session.
pub(crate) async fn did(db: &Db, stenly: &mut Browser<'_>, key: &str, session: &str, outcome: &str) {
    let find = "select enrolments.id from enrolments join persons on persons.id = enrolments.person_id
        where sitting_id = $1 and mail_folded = $2";
    let id: String = value(db, find, &params![session, world::mail(key)]).await;
    let put = format!("/api/v1/groups/{OTHER}/enrolments/{id}");
    let input = json!({ "outcome": outcome, "word": "Simpul talinya." });
    stenly.api("PUT", &put, Some(input)).await.is(200);
}

#[db_test]
async fn who_is_to_repeat_takes_another_session_and_who_passes_goes_on(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let course = training(&mut stenly, false).await;
    let (first, second) = (
        session(&demo, &mut stenly, &course, 3, "5").await,
        session(&demo, &mut stenly, &course, 9, "5").await,
    );
    path(&mut stenly, &[trains(&course, "remind")]).await;
    // Before it is the turn of the training, none of its sessions can be taken.
    let id = world::apply(&mut meylan, OTHER).await;
    let (api, page) = (format!("/api/v1/applications/{id}"), format!("/applications/{id}"));
    meylan.api("POST", &format!("{api}/sessions/{first}/take"), None).await.is(409);
    meylan.api("POST", &format!("{api}/agree"), None).await.is(200);
    meylan.api("POST", &format!("/api/v1/groups/{OTHER}/sittings/{first}/enrol"), None).await.is(404);
    let seen = now(&mut meylan, &api).await;
    assert_eq!(
        (&seen["place"], &seen["next"], &seen["course"]["turn"]),
        (&json!(1), &json!("applicant"), &json!("take"))
    );
    meylan.get(&page).await.is(200).says("Latihan evakuasi").says("Aula BPBD");
    meylan.post(&format!("{page}/sessions/{first}/take"), &[("step", "")]).await.is(303);
    // Twice is once, and one is in one session at a time.
    meylan.post(&format!("{page}/sessions/{first}/take"), &[]).await.is(409);
    meylan.api("POST", &format!("{api}/sessions/{second}/take"), None).await.is(409).says("growth-elsewhere");
    assert_eq!(turn(&mut meylan, &api).await, "come");
    let board = format!("/groups/{OTHER}/applications");
    stenly.get(&board).await.is(200).says("Punya kursi");
    stenly.get(&page).await.is(200).says("Punya kursi").says(&format!("/trainings/{course}"));
    days(&demo, 4).await;
    let seen = now(&mut meylan, &api).await;
    assert_eq!((&seen["next"], &seen["course"]["turn"]), (&json!("coordinators"), &json!("tell")));
    assert_eq!(told(&db, "stenly", "growth-notice-held").await, 1);
    did(&db, &mut stenly, "meylan", &first, "repeat").await;
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, "meylan", "growth-notice-repeat").await, 1);
    meylan.get(&page).await.is(200).says("Simpul talinya.");
    assert_eq!(turn(&mut meylan, &api).await, "take");
    meylan.api("POST", &format!("{api}/sessions/{second}/take"), None).await.is(200);
    days(&demo, 6).await;
    did(&db, &mut stenly, "meylan", &second, "passed").await;
    assert_eq!(now(&mut meylan, &api).await["place"], 1, "it can be undone");
    pass(&demo, MINUTE).await;
    let seen = now(&mut meylan, &api).await;
    assert_eq!((&seen["place"], &seen["state"]), (&json!(2), &json!("sent")));
    stenly.api("POST", &format!("{api}/accept"), Some(json!({}))).await.is(200);
    assert_eq!(now(&mut stenly, &api).await["place"], 3);
    let held = meylan.api("GET", "/api/v1/me/qualifications", None).await.is(200).json();
    assert_eq!(held["items"][0]["kind"], "bls");
    let data = meylan.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert_eq!(data["trainings"].as_array().unwrap().len(), 2);
}

#[db_test]
async fn a_result_that_is_undone_in_time_moves_nobody_and_grants_nothing(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let course = training(&mut stenly, false).await;
    let first = session(&demo, &mut stenly, &course, 3, "5").await;
    path(&mut stenly, &[trains(&course, "remind")]).await;
    let api = begun(&mut meylan).await;
    meylan.api("POST", &format!("{api}/sessions/{first}/take"), None).await.is(200);
    days(&demo, 4).await;
    let sitting = format!("/api/v1/groups/{OTHER}/sittings/{first}");
    let all = stenly.api("POST", &format!("{sitting}/outcomes"), Some(json!({ "outcome": "passed" }))).await;
    assert_eq!(all.is(200).json()["items"][0]["state"], "passed");
    let held = meylan.api("GET", "/api/v1/me/qualifications", None).await.is(200).json();
    assert_eq!(held["items"].as_array().unwrap().len(), 1);
    stenly.api("POST", &format!("{sitting}/outcomes"), Some(json!({ "outcome": "passed" }))).await.is(409);
    let back = stenly.api("POST", &format!("{sitting}/outcomes/undo"), None).await.is(200).json();
    assert_eq!(back["items"][0]["state"], "in");
    pass(&demo, MINUTE).await;
    assert_eq!(now(&mut meylan, &api).await["place"], 1);
    assert_eq!(told(&db, "meylan", "growth-notice-passed").await, 0);
    let held = meylan.api("GET", "/api/v1/me/qualifications", None).await.is(200).json();
    assert_eq!(held["items"], json!([]));
    // What was told stays.
    did(&db, &mut stenly, "meylan", &first, "passed").await;
    pass(&demo, MINUTE).await;
    stenly.api("POST", &format!("{sitting}/outcomes/undo"), None).await.is(409).says("growth-too-late");
    assert_eq!(now(&mut meylan, &api).await["place"], 2);
}

#[db_test]
async fn a_deadline_ends_nobodys_application_who_has_a_seat_or_waits_for_others(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    sql(&db, "update applications set remind_at = null", &[]).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let course = training(&mut stenly, false).await;
    path(&mut stenly, &[trains(&course, "close")]).await;
    let api = begun(&mut meylan).await;
    // No session is planned: those who train hear of it, and the applicant loses nothing.
    let seen = now(&mut meylan, &api).await;
    assert_eq!((&seen["course"]["turn"], &seen["next"]), (&json!("plan"), &json!("coordinators")));
    days(&demo, 9).await;
    meylan = enter(&demo, "meylan").await;
    stenly = enter(&demo, "stenly").await;
    assert_eq!(told(&db, "stenly", "joining-remind-train").await, 1);
    assert_eq!(told(&db, "stenly", "joining-remind-train-late").await, 1);
    assert_eq!(told(&db, "meylan", "joining-remind-training").await, 0);
    assert_eq!(now(&mut meylan, &api).await["state"], "sent");
    let first = session(&demo, &mut stenly, &course, 3, "5").await;
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, "meylan", "joining-notice-session").await, 1);
    meylan.api("POST", &format!("{api}/sessions/{first}/take"), None).await.is(200);
    days(&demo, 5).await;
    meylan = enter(&demo, "meylan").await;
    stenly = enter(&demo, "stenly").await;
    assert_eq!(turn(&mut meylan, &api).await, "tell");
    did(&db, &mut stenly, "meylan", &first, "absent").await;
    session(&demo, &mut stenly, &course, 60, "5").await;
    pass(&demo, MINUTE).await;
    // The time begins anew, and ends this time.
    days(&demo, 6).await;
    meylan = enter(&demo, "meylan").await;
    assert_eq!(now(&mut meylan, &api).await["state"], "sent");
    assert_eq!(told(&db, "meylan", "joining-remind-training").await, 1);
    days(&demo, 2).await;
    meylan = enter(&demo, "meylan").await;
    assert_eq!(now(&mut meylan, &api).await["state"], "declined");
    assert_eq!(told(&db, "meylan", "joining-notice-lapsed").await, 1);
}

#[db_test]
async fn a_session_that_is_called_off_gives_the_time_anew_and_those_who_run_the_group_hear_of_one_that_is_late(
    db: Db,
) {
    let demo = Instance::demo(db.clone()).await;
    sql(&db, "update applications set remind_at = null", &[]).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let course = training(&mut stenly, false).await;
    let first = session(&demo, &mut stenly, &course, 6, "5").await;
    session(&demo, &mut stenly, &course, 50, "5").await;
    path(&mut stenly, &[trains(&course, "escalate")]).await;
    let api = begun(&mut meylan).await;
    meylan.api("POST", &format!("{api}/sessions/{first}/take"), None).await.is(200);
    days(&demo, 5).await;
    let cancel = format!("/api/v1/groups/{OTHER}/sittings/{first}/cancel");
    enter(&demo, "stenly")
        .await
        .api("POST", &cancel, Some(json!({ "reason": "Banjir di aula." })))
        .await
        .is(200);
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, "meylan", "growth-notice-cancelled").await, 1);
    days(&demo, 6).await;
    assert_eq!(told(&db, "stenly", "joining-notice-escalated").await, 0);
    days(&demo, 2).await;
    assert_eq!(told(&db, "stenly", "joining-notice-escalated").await, 1);
    assert_eq!(told(&db, "meylan", "joining-remind-training-late").await, 1);
    assert_eq!(turn(&mut enter(&demo, "meylan").await, &api).await, "take");
}

#[db_test]
async fn what_was_passed_before_the_step_is_open_is_behind_when_it_opens(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let course = training(&mut stenly, true).await;
    let first = session(&demo, &mut stenly, &course, 3, "5").await;
    let second = json!({ "kind": "agreement", "name": "Janji kedua", "text": "Saya pulang.", "days": 30 });
    path(&mut stenly, &[second, trains(&course, "remind")]).await;
    let api = begun(&mut meylan).await;
    meylan.api("POST", &format!("/api/v1/groups/{OTHER}/sittings/{first}/enrol"), None).await.is(200);
    days(&demo, 4).await;
    did(&db, &mut stenly, "meylan", &first, "passed").await;
    pass(&demo, MINUTE).await;
    assert_eq!(now(&mut meylan, &api).await["place"], 1, "the order is kept");
    let seen = meylan.api("POST", &format!("{api}/agree"), None).await.is(200).json();
    assert_eq!(seen["place"], 3);
    stenly.api("POST", &format!("{api}/accept"), Some(json!({}))).await.is(200);
}

#[db_test]
async fn who_withdraws_gives_the_seat_up_unless_that_is_undone(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let mut vina = enter(&demo, "novi").await;
    let course = training(&mut stenly, false).await;
    let first = session(&demo, &mut stenly, &course, 9, "1").await;
    path(&mut stenly, &[trains(&course, "remind")]).await;
    let (api, other) = (begun(&mut meylan).await, begun(&mut vina).await);
    meylan.api("POST", &format!("{api}/sessions/{first}/take"), None).await.is(200);
    vina.api("POST", &format!("{other}/sessions/{first}/take"), None).await.is(200);
    assert_eq!(turn(&mut vina, &other).await, "line");
    meylan.api("POST", &format!("{api}/withdraw"), None).await.is(200);
    demo.settle().await;
    meylan.api("POST", &format!("{api}/withdraw/undo"), None).await.is(200);
    pass(&demo, MINUTE).await;
    assert_eq!(turn(&mut meylan, &api).await, "come");
    // Leaving the session is undone too; then it is meant.
    let leave = format!("{api}/sessions/{first}/leave");
    meylan.api("POST", &leave, None).await.is(200);
    demo.settle().await;
    assert_eq!(turn(&mut vina, &other).await, "line");
    meylan.api("POST", &format!("{leave}/undo"), None).await.is(200);
    pass(&demo, MINUTE).await;
    assert_eq!(turn(&mut meylan, &api).await, "come");
    meylan.api("POST", &leave, None).await.is(200);
    pass(&demo, MINUTE).await;
    demo.settle().await;
    meylan.api("POST", &format!("{leave}/undo"), None).await.is(409).says("growth-too-late");
    assert_eq!(turn(&mut vina, &other).await, "confirm");
    assert_eq!(told(&db, "novi", "growth-notice-offered").await, 1);
    vina.api("POST", &format!("{other}/sessions/{first}/claim"), None).await.is(200);
    vina.api("POST", &format!("{other}/withdraw"), None).await.is(200);
    pass(&demo, MINUTE).await;
    pass(&demo, MINUTE).await;
    assert_eq!(value::<i64>(&db, "select taken from sittings where id = $1", &params![&first]).await, 0);
}

#[db_test]
async fn a_path_asks_for_a_training_of_its_group_which_is_not_ended_then(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let course = training(&mut stenly, false).await;
    let put = format!("/api/v1/groups/{OTHER}/path");
    let read = stenly.api("GET", &put, None).await.is(200).json();
    assert_eq!(read["items"][3]["kind"], "training", "the template brings one: {read}");
    let other = "0197f0a2-7c4e-7abc-8def-0123456789ab";
    for (wrong, flaw) in
        [(other, "joining-wrong-training"), ("", "wrong-needed"), ("x", "joining-wrong-training")]
    {
        let items = json!([{ "kind": "agreement", "name": "Janji", "text": "Ya.", "days": 7 }, trains(wrong, "remind"),
            { "kind": "decision", "name": "Keputusan", "days": 7 }]);
        let answer = stenly.api("PUT", &put, Some(json!({ "items": items }))).await;
        answer.is(422).says("items.1.training").says(flaw);
    }
    path(&mut stenly, &[trains(&course, "remind")]).await;
    let own = format!("/api/v1/groups/{OTHER}/trainings/{course}");
    stenly.api("DELETE", &own, None).await.is(409).says("growth-in-path");
    // In the builder it is chosen from those that the group has.
    let new = format!("/groups/{OTHER}/path/new?kind=training");
    stenly.get(&new).await.is(200).says("Latihan evakuasi").says("Pelatihan dasar lapangan");
    path(&mut stenly, &[]).await;
    stenly.api("DELETE", &own, None).await.is(204);
    stenly.get(&new).await.is(200).lacks("Latihan evakuasi");
}

#[db_test]
async fn of_two_hundred_applicants_who_want_the_last_seat_at_once_one_has_it(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let mut stenly = enter(&nodes[0], "stenly").await;
    let course = training(&mut stenly, false).await;
    let last = session(&nodes[0], &mut stenly, &course, 10, "1").await;
    path(&mut stenly, &[trains(&course, "remind")]).await;
    let mut all = world::crowd(&nodes[0], 200).await;
    let others = enter(&nodes[1], "meylan").await;
    let mut paths = Vec::new();
    for (n, browser) in all.iter_mut().enumerate() {
        paths.push(format!("{}/sessions/{last}/take", begun(browser).await));
        if n % 2 == 1 {
            *browser = others.again();
            browser.forges("__Host-mapalus", &format!("orang-{n}"));
        }
    }
    let takes = all.iter_mut().zip(&paths).map(|(browser, path)| browser.api("POST", path, None));
    let answers = at_once(takes).await;
    let count = |turn: &str| {
        let ok = answers.iter().filter(|answer| answer.status.as_u16() == 200);
        ok.filter(|answer| answer.json()["course"]["turn"] == json!(turn)).count()
    };
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!((count("come"), count("line")), (1, 199), "{statuses:?}");
    let held = "select count(*) from enrolments where sitting_id = $1 and state = 'in'";
    assert_eq!(value::<i64>(&db, held, &params![&last]).await, 1);
    assert_eq!(value::<i64>(&db, "select taken from sittings where id = $1", &params![&last]).await, 1);
}
