//! Trainings: seats and the line for them, sessions that move or are called off, and what a pass grants.

use crate::{
    testing::{Answer, Browser, Instance},
    world::{self, GROUP, OTHER, at_once, enter, sql, value},
};
use mapalus_core::time::{DAY, HOUR, MINUTE};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

pub(crate) async fn id_of(db: &Db, key: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![world::mail(key)]).await
}

pub(crate) async fn told(db: &Db, key: &str, notice: &str) -> i64 {
    let count = "select count(*) from notices join persons on persons.id = notices.person_id
        where mail_folded = $1 and key = $2";
    value(db, count, &params![world::mail(key), notice]).await
}

/// An hour in Manado so many days from now, at eight.
fn at(demo: &Instance, days: i64, hour: i64) -> String {
    let day = mapalus_app::shell::Day::of(demo.app.clock.now()).plus_days(days);
    format!("{day}T{hour:02}:00")
}

pub(crate) fn session(demo: &Instance, days: i64, seats: &str) -> Json {
    json!({ "starts": at(demo, days, 8), "ends": at(demo, days, 12), "area": "Kota Manado",
        "place": "Aula RSU Teduh", "seats": seats })
}

/// A training with one session so many days from now; gives the path of the session in the API.
pub(crate) async fn planned(
    demo: &Instance,
    stenly: &mut Browser<'_>,
    (days, seats): (i64, &str),
    grants: &str,
) -> String {
    let path = format!("/api/v1/groups/{OTHER}/trainings");
    let input = json!({ "title": "Bantuan hidup dasar", "grants": grants });
    let made = stenly.api("POST", &path, Some(input)).await.is(201).json();
    let path = format!("{path}/{}/sittings", made["id"].as_str().unwrap());
    let made = stenly.api("POST", &path, Some(session(demo, days, seats))).await.is(201).json();
    assert_eq!(made["zone"], "Asia/Makassar", "{made}");
    format!("/api/v1/groups/{OTHER}/sittings/{}", made["id"].as_str().unwrap())
}

pub(crate) async fn does(browser: &mut Browser<'_>, sitting: &str, what: &str) -> Answer {
    browser.api("POST", &format!("{sitting}/{what}"), None).await
}

async fn own(browser: &mut Browser<'_>, sitting: &str) -> Json {
    browser.api("GET", sitting, None).await.is(200).json()["own"].clone()
}

pub(crate) async fn pass(demo: &Instance, millis: i64) {
    demo.clock.advance(millis);
    demo.settle().await;
}

#[db_test]
async fn a_freed_seat_goes_to_the_first_of_the_line_who_takes_it_in_time_or_passes_it_on(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let (mut deisy, mut fera) = (enter(&demo, "deisy").await, enter(&demo, "fera").await);
    let (mut frangky, mut maikel) = (enter(&demo, "frangky").await, enter(&demo, "maikel").await);
    let sitting = planned(&demo, &mut stenly, (10, "1"), "").await;
    let now = does(&mut deisy, &sitting, "enrol").await.is(200).json();
    assert_eq!((&now["own"], &now["taken"]), (&json!("in"), &json!(1)));
    does(&mut deisy, &sitting, "enrol").await.is(409);
    for browser in [&mut fera, &mut frangky, &mut maikel] {
        demo.clock.advance(1);
        let now = does(browser, &sitting, "enrol").await.is(200).json();
        assert_eq!(now["own"], "waiting");
    }
    does(&mut frangky, &sitting, "confirm").await.is(409);
    does(&mut deisy, &sitting, "leave").await.is(200);
    // While that can be undone nobody is told.
    demo.settle().await;
    assert_eq!(own(&mut fera, &sitting).await, "waiting");
    pass(&demo, MINUTE).await;
    assert_eq!(own(&mut fera, &sitting).await, "offered");
    assert_eq!(told(&db, "fera", "growth-notice-offered").await, 1);
    // Who comes anew does not go before the line.
    let now = does(&mut deisy, &sitting, "enrol").await.is(200).json();
    assert_eq!((&now["own"], &now["taken"]), (&json!("waiting"), &json!(1)));
    pass(&demo, DAY + MINUTE).await;
    demo.settle().await;
    assert_eq!(told(&db, "fera", "growth-notice-lapsed").await, 1);
    does(&mut fera, &sitting, "confirm").await.is(409);
    assert_eq!(own(&mut frangky, &sitting).await, "offered");
    does(&mut frangky, &sitting, "confirm").await.is(200);
    assert_eq!(own(&mut frangky, &sitting).await, "in");
    // More seats are offered to the line.
    let mut more = session(&demo, 8, "2");
    more["starts"] = json!(at(&demo, 9, 8));
    more["ends"] = json!(at(&demo, 9, 12));
    stenly.api("PUT", &sitting, Some(more.clone())).await.is(200);
    assert_eq!(own(&mut maikel, &sitting).await, "offered");
    more["seats"] = json!("1");
    stenly.api("PUT", &sitting, Some(more)).await.is(422);
    let page = sitting.replace("/api/v1", "");
    stenly.get(&page).await.is(200).says("Frangky");
    deisy.get(&page).await.is(403);
}

#[db_test]
async fn those_who_take_part_and_only_they_are_told_that_a_session_moves_is_called_off_or_is_tomorrow(
    db: Db,
) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let mut deisy = enter(&demo, "deisy").await;
    let sitting = planned(&demo, &mut stenly, (10, ""), "").await;
    does(&mut deisy, &sitting, "enrol").await.is(200);
    stenly.api_if("PUT", &sitting, 9, session(&demo, 11, "")).await.is(412);
    stenly.api_if("PUT", &sitting, 1, session(&demo, 11, "")).await.is(200);
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, "deisy", "growth-notice-moved").await, 1);
    assert_eq!(told(&db, "fera", "growth-notice-moved").await, 0);
    pass(&demo, 10 * DAY).await;
    assert_eq!(told(&db, "deisy", "growth-notice-soon").await, 1);
    pass(&demo, HOUR).await;
    assert_eq!(told(&db, "deisy", "growth-notice-soon").await, 1);
    let cancel = format!("{sitting}/cancel");
    stenly.api("POST", &cancel, Some(json!({ "reason": "x" }))).await.is(422);
    let reason = || Some(json!({ "reason": "Pelatih sakit." }));
    stenly.api("POST", &cancel, reason()).await.is(200);
    stenly.api("POST", &format!("{sitting}/undo"), None).await.is(200);
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, "deisy", "growth-notice-cancelled").await, 0);
    stenly.api("POST", &cancel, reason()).await.is(200);
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, "deisy", "growth-notice-cancelled").await, 1);
    stenly.api("POST", &format!("{sitting}/undo"), None).await.is(409);
    does(&mut deisy, &sitting, "leave").await.is(409);
    let other = "select count(*) from notices join persons on persons.id = notices.person_id
        where key like 'growth-%' and mail_folded <> $1";
    assert_eq!(value::<i64>(&db, other, &params![world::mail("deisy")]).await, 0);
}

#[db_test]
async fn who_passes_holds_what_the_training_grants(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let mut deisy = enter(&demo, "deisy").await;
    let sitting = planned(&demo, &mut stenly, (2, "5"), "bls").await;
    does(&mut deisy, &sitting, "enrol").await.is(200);
    does(&mut stenly, &sitting, "enrol").await.is(200);
    let all = stenly.api("GET", &format!("{sitting}/enrolments"), None).await.is(200).json();
    let (person, own) = (id_of(&db, "deisy").await, id_of(&db, "stenly").await);
    let find = |person: &str| {
        let items = all["items"].as_array().unwrap().clone();
        let found = items.into_iter().find(|one| one["person"] == json!(person)).unwrap();
        format!("/api/v1/groups/{OTHER}/enrolments/{}", found["id"].as_str().unwrap())
    };
    let passed = || Some(json!({ "outcome": "passed", "word": "Kompresi sudah tepat." }));
    stenly.api("PUT", &find(&person), passed()).await.is(409);
    pass(&demo, 3 * DAY).await;
    stenly.api("PUT", &find(&own), passed()).await.is(409);
    stenly.api("PUT", &find(&person), Some(json!({ "outcome": "in" }))).await.is(422);
    stenly.api("PUT", &find(&person), Some(json!({ "outcome": "repeat" }))).await.is(200);
    stenly.api("PUT", &find(&person), passed()).await.is(200);
    stenly.api("PUT", &find(&person), Some(json!({ "outcome": "repeat" }))).await.is(409);
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, "deisy", "growth-notice-repeat").await, 0, "the last word alone is told");
    assert_eq!(told(&db, "deisy", "growth-notice-passed").await, 1);
    deisy.get("/me/trainings").await.is(200).says("Lulus").says("Kompresi sudah tepat.");
    let held = deisy.api("GET", "/api/v1/me/qualifications", None).await.is(200).json();
    assert_eq!(
        (&held["items"][0]["kind"], &held["items"][0]["seen"][0]["counts"]),
        (&json!("bls"), &json!(true))
    );
    let data = deisy.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert_eq!(data["trainings"][0]["state"], "passed");
    sql(&db, "update persons set state = 'closing', closing_at = 0 where id = $1", &params![&person]).await;
    pass(&demo, 15 * DAY).await;
    let left = "select count(*) from enrolments where person_id = $1";
    assert_eq!(value::<i64>(&db, left, &params![&person]).await, 0);
}

#[db_test]
async fn who_leaves_the_group_leaves_its_sessions_and_applicants_see_what_is_for_them(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let (mut deisy, mut fera) = (enter(&demo, "deisy").await, enter(&demo, "fera").await);
    let sitting = planned(&demo, &mut stenly, (10, "1"), "").await;
    does(&mut deisy, &sitting, "enrol").await.is(200);
    does(&mut fera, &sitting, "enrol").await.is(200);
    deisy.post(&format!("/groups/{OTHER}/leave"), &[]).await.is(303);
    demo.settle().await;
    assert_eq!(own(&mut fera, &sitting).await, "waiting");
    pass(&demo, MINUTE).await;
    assert_eq!(own(&mut fera, &sitting).await, "offered");
    // One who is nobody in the group is told no more than that; an applicant sees what is for applicants.
    enter(&demo, "meylan").await.api("GET", &sitting, None).await.is(403);
    let mut rio = enter(&demo, "rio").await;
    rio.api("GET", &sitting, None).await.is(404);
    does(&mut rio, &sitting, "enrol").await.is(404);
    let list = format!("/api/v1/groups/{OTHER}/trainings");
    let training = stenly.api("GET", &list, None).await.is(200).json()["items"][0].clone();
    assert_eq!(rio.api("GET", &list, None).await.is(200).json()["items"], json!([]));
    let path = format!("{list}/{}", training["id"].as_str().unwrap());
    let open = json!({ "title": "Bantuan hidup dasar", "for_applicants": true });
    stenly.api_if("PUT", &path, 1, open).await.is(200);
    does(&mut rio, &sitting, "enrol").await.is(200);
    stenly.api("DELETE", &path, None).await.is(409);
    let other = format!("/api/v1/groups/{GROUP}/sittings/{}", sitting.rsplit('/').next().unwrap());
    enter(&demo, "novi").await.api("GET", &other, None).await.is(404);
}

/// So many members of a group, each signed in.
async fn members<'n>(nodes: &'n [Instance; 2], count: usize) -> Vec<Browser<'n>> {
    let (mut all, others) = (world::crowd(&nodes[0], count).await, enter(&nodes[1], "meylan").await);
    let joined = "insert into memberships (group_id, person_id, state, since, changed_at, why, version)
        select groups.id, persons.id, 'active', 0, 0, '', 1 from groups, persons
        where slug = $1 and persons.mail_folded like 'orang%'";
    sql(&nodes[0].app.db, joined, &params![OTHER]).await;
    for (n, browser) in all.iter_mut().enumerate().filter(|(n, _)| n % 2 == 1) {
        *browser = others.again();
        browser.forges("__Host-mapalus", &format!("orang-{n}"));
    }
    all
}

#[db_test]
async fn of_two_hundred_who_want_the_last_seat_at_once_one_has_it_and_the_others_stand_in_line(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let mut stenly = enter(&nodes[0], "stenly").await;
    let sitting = planned(&nodes[0], &mut stenly, (10, "1"), "").await;
    let mut all = members(&nodes, 200).await;
    let path = format!("{sitting}/enrol");
    let answers = at_once(all.iter_mut().map(|browser| browser.api("POST", &path, None))).await;
    let count = |state: &str| {
        let ok = answers.iter().filter(|answer| answer.status.as_u16() == 200);
        ok.filter(|answer| answer.json()["own"] == json!(state)).count()
    };
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!((count("in"), count("waiting")), (1, 199), "{statuses:?}");
    let rows = "select count(*) from enrolments where state = 'in'";
    assert_eq!(value::<i64>(&db, rows, &[]).await, 1);
    assert_eq!(value::<i64>(&db, "select max(taken) from sittings where seats = 1", &[]).await, 1);
    // The seat is freed while all of the line ask for it: the first alone is offered it.
    let holder = answers.iter().position(|answer| answer.json()["own"] == json!("in")).unwrap();
    does(&mut all[holder], &sitting, "leave").await.is(200);
    pass(&nodes[0], MINUTE).await;
    let path = format!("{sitting}/confirm");
    let answers = at_once(all.iter_mut().map(|browser| browser.api("POST", &path, None))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 200).count(), 1);
}
