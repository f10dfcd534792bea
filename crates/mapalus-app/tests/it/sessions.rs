//! Sessions to their end: results that are undone, trainings that are ended, lines without end, whose link is whose.

use crate::{
    growth::{does, id_of, pass, planned, session},
    testing::{Answer, Browser, Instance},
    world::{self, OTHER, at_once, enter, sql, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_core::{
    RoleId,
    chance::SystemChance,
    time::{DAY, HOUR, MINUTE},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

fn id_in(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn fresh() -> String {
    use mapalus_core::Id;
    RoleId::new(mapalus_core::Millis(0), &SystemChance).to_string()
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status.as_u16()).collect()
}

/// The path of the training of a session in the API.
async fn training_of(db: &Db, sitting: &str) -> String {
    let find = "select training_id from sittings where id = $1";
    let id: String = value(db, find, &params![id_in(sitting)]).await;
    format!("/api/v1/groups/{OTHER}/trainings/{id}")
}

/// So many sessions more like this one; gives their ids.
async fn copies(db: &Db, sitting: &str, count: usize) -> Vec<String> {
    let copy = "insert into sittings (id, training_id, group_id, starts_at, ends_at, area, place, link, seats, taken,
            reason, made_at, version)
        select $1, training_id, group_id, starts_at, ends_at, area, place, link, seats, taken, reason, made_at, 1
        from sittings where id = $2";
    let ids: Vec<String> = (0..count).map(|_| fresh()).collect();
    for id in &ids {
        sql(db, copy, &params![id, id_in(sitting)]).await;
    }
    ids
}

/// Says how somebody did in a session.
async fn did(db: &Db, stenly: &mut Browser<'_>, (key, sitting): (&str, &str), outcome: Json) {
    let find = "select enrolments.id from enrolments join persons on persons.id = enrolments.person_id
        where sitting_id = $1 and mail_folded = $2";
    let id: String = value(db, find, &params![id_in(sitting), world::mail(key)]).await;
    let put = format!("/api/v1/groups/{OTHER}/enrolments/{id}");
    stenly.api("PUT", &put, Some(outcome)).await.is(200);
}

fn passed(word: &str) -> Json {
    json!({ "outcome": "passed", "word": word })
}

async fn held(browser: &mut Browser<'_>) -> usize {
    let held = browser.api("GET", "/api/v1/me/qualifications", None).await.is(200).json();
    held["items"].as_array().unwrap().len()
}

#[db_test]
async fn a_pass_that_is_undone_grants_nothing_and_one_that_was_told_stays_noted(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut deisy) = (enter(&demo, "stenly").await, enter(&demo, "deisy").await);
    let sitting = planned(&demo, &mut stenly, (2, "5"), "bls").await;
    does(&mut deisy, &sitting, "enrol").await.is(200);
    pass(&demo, 3 * DAY).await;
    let undo = format!("{sitting}/outcomes/undo");
    did(&db, &mut stenly, ("deisy", &sitting), passed("Bagus.")).await;
    did(&db, &mut stenly, ("deisy", &sitting), passed("Bagus sekali.")).await;
    assert_eq!(held(&mut deisy).await, 1);
    stenly.api("POST", &undo, None).await.is(200);
    assert_eq!(held(&mut deisy).await, 0);
    // The word of a pass that was told is corrected, and that is undone: the pass counts as before.
    did(&db, &mut stenly, ("deisy", &sitting), passed("Bagus.")).await;
    pass(&demo, MINUTE).await;
    did(&db, &mut stenly, ("deisy", &sitting), passed("Bagus sekali.")).await;
    stenly.api("POST", &undo, None).await.is(200);
    assert_eq!(held(&mut deisy).await, 1);
    let counts =
        "select count(*) from enrolments where state = 'passed' and word = 'Bagus.' and noted_at > 0";
    assert_eq!(value::<i64>(&db, counts, &[]).await, 1);
    let data = deisy.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert!(data["trainings"][0]["since"].is_string() && data["trainings"][0]["noted_at"].is_string());
}

#[db_test]
async fn a_training_ends_when_its_sessions_are_over_and_their_results_are_noted_even_then(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut deisy) = (enter(&demo, "stenly").await, enter(&demo, "deisy").await);
    let sitting = planned(&demo, &mut stenly, (2, "5"), "bls").await;
    does(&mut deisy, &sitting, "enrol").await.is(200);
    does(&mut enter(&demo, "fera").await, &sitting, "enrol").await.is(200);
    let (training, id) = (training_of(&db, &sitting).await, id_in(&sitting));
    let now = demo.app.clock.now();
    let spans = "update sittings set starts_at = $2, ends_at = $3 where id = $1";
    sql(&db, spans, &params![id, now.plus(-HOUR), now.plus(HOUR)]).await;
    stenly.api("DELETE", &training, None).await.is(409).says("growth-has-dates");
    sql(&db, spans, &params![id, now.plus(-2 * HOUR), now.plus(-HOUR)]).await;
    stenly.api("DELETE", &training, None).await.is(204);
    did(&db, &mut stenly, ("deisy", &sitting), passed("")).await;
    assert_eq!(held(&mut deisy).await, 1);
    let all = Some(json!({ "outcome": "attended" }));
    stenly.api("POST", &format!("{sitting}/outcomes"), all).await.is(200);
}

#[db_test]
async fn no_session_lies_ahead_of_a_training_that_was_ended(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let mut stenly = enter(&nodes[0], "stenly").await;
    let sitting = planned(&nodes[0], &mut stenly, (10, "5"), "").await;
    let reason = Some(json!({ "reason": "Pelatih sakit." }));
    stenly.api("POST", &format!("{sitting}/cancel"), reason).await.is(200);
    stenly.api("DELETE", &training_of(&db, &sitting).await, None).await.is(204);
    stenly.api("POST", &format!("{sitting}/undo"), None).await.is(409).says("growth-over");
    // One ends it while another plans a session.
    let mut both = [enter(&nodes[0], "stenly").await, enter(&nodes[1], "stenly").await];
    for _ in 0..6 {
        let path = format!("/api/v1/groups/{OTHER}/trainings");
        let made = stenly.api("POST", &path, Some(json!({ "title": "Simpul" }))).await.is(201).json();
        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        let add = format!("{one}/sittings");
        let asked = [("DELETE", &one, None), ("POST", &add, Some(session(&nodes[0], 9, "5")))];
        let sent = both.iter_mut().zip(asked);
        let answers =
            at_once(sent.map(|(browser, (method, path, body))| browser.api(method, path, body))).await;
        let done = answers.iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(done, 1, "{:?}", statuses(&answers));
    }
}

#[db_test]
async fn of_many_who_plan_the_last_session_of_a_training_at_once_one_does(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let mut stenly = enter(&nodes[0], "stenly").await;
    let sitting = planned(&nodes[0], &mut stenly, (10, "5"), "").await;
    copies(&db, &sitting, 48).await;
    let add = format!("{}/sittings", training_of(&db, &sitting).await);
    let mut all = [enter(&nodes[0], "stenly").await, enter(&nodes[1], "stenly").await];
    let input = session(&nodes[0], 9, "5");
    let answers = at_once(all.iter_mut().map(|browser| browser.api("POST", &add, Some(input.clone())))).await;
    let mut statuses = statuses(&answers);
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[db_test]
async fn a_training_shows_its_sessions_however_many_others_are_planned_before_them(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let first = planned(&demo, &mut stenly, (5, "5"), "").await;
    copies(&db, &first, 110).await;
    let late = planned(&demo, &mut stenly, (20, "5"), "").await;
    let page = training_of(&db, &late).await.replace("/api/v1", "");
    stenly.get(&page).await.is(200).says("Aula RSU Teduh");
    let next = locale::message(Lang::Id, "growth-next", &[("when", "".into())]);
    let list = stenly.get(&format!("/groups/{OTHER}/trainings")).await.is(200);
    let own = list.body.split(&page).nth(1).unwrap().split("</li>").next().unwrap();
    assert!(own.contains(next.trim()), "{own}");
}

#[db_test]
async fn the_address_over_the_net_is_told_to_those_with_a_seat_and_the_town_to_all(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let sitting = planned(&demo, &mut stenly, (10, "1"), "").await;
    does(&mut enter(&demo, "deisy").await, &sitting, "enrol").await.is(200);
    does(&mut enter(&demo, "fera").await, &sitting, "enrol").await.is(200);
    let mut moved = session(&demo, 9, "1");
    moved["link"] = json!("https://rapat.example/bhd");
    stenly.api("PUT", &sitting, Some(moved)).await.is(200);
    pass(&demo, MINUTE).await;
    for (key, seated) in [("deisy", true), ("fera", false)] {
        let find = "select arguments from notices join persons on persons.id = notices.person_id
            where mail_folded = $1 and key = 'growth-notice-moved'";
        let told: String = value(&db, find, &params![world::mail(key)]).await;
        assert_eq!(told.contains("rapat.example"), seated, "{key}: {told}");
        assert!(told.contains("Aula RSU Teduh") && told.contains("Manado"), "{told}");
    }
}

#[db_test]
async fn without_a_limit_there_is_none_a_line_is_bounded_and_more_seats_go_to_all_of_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let (mut deisy, mut fera) = (enter(&demo, "deisy").await, enter(&demo, "fera").await);
    let open = planned(&demo, &mut stenly, (10, ""), "").await;
    sql(&db, "update sittings set taken = 1000 where id = $1", &params![id_in(&open)]).await;
    assert_eq!(does(&mut deisy, &open, "enrol").await.is(200).json()["own"], "in");
    let small = planned(&demo, &mut stenly, (10, "1"), "").await;
    does(&mut deisy, &small, "enrol").await.is(200);
    world::crowd(&demo, 500).await;
    let line = "insert into enrolments (id, sitting_id, person_id, state, since, word)
        select persons.id, $1, persons.id, 'waiting', 0, '' from persons where mail_folded like 'orang%'";
    assert_eq!(sql(&db, line, &params![id_in(&small)]).await, 500);
    does(&mut fera, &small, "enrol").await.is(409).says("growth-line-full");
    stenly.api("PUT", &small, Some(session(&demo, 10, "301"))).await.is(200);
    let offered = "select count(*) from enrolments where sitting_id = $1 and state = 'offered'";
    assert_eq!(value::<i64>(&db, offered, &params![id_in(&small)]).await, 300);
    let taken = "select taken from sittings where id = $1";
    assert_eq!(value::<i64>(&db, taken, &params![id_in(&small)]).await, 301);
    assert_eq!(does(&mut fera, &small, "enrol").await.is(200).json()["own"], "waiting");
}

#[db_test]
async fn who_is_erased_frees_all_their_seats(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let sitting = planned(&demo, &mut stenly, (60, "5"), "").await;
    does(&mut enter(&demo, "deisy").await, &sitting, "enrol").await.is(200);
    let person = id_of(&db, "deisy").await;
    let ids = copies(&db, &sitting, 110).await;
    let enrol = "insert into enrolments (id, sitting_id, person_id, state, since, word)
        values ($1, $1, $2, 'in', 0, '')";
    for id in &ids {
        sql(&db, enrol, &params![id, &person]).await;
    }
    let taken = "select count(*) from sittings where taken > 0";
    assert_eq!(value::<i64>(&db, taken, &[]).await, 111);
    sql(&db, "update persons set state = 'closing', closing_at = 0 where id = $1", &params![&person]).await;
    pass(&demo, 15 * DAY).await;
    assert_eq!(value::<i64>(&db, taken, &[]).await, 0);
}
