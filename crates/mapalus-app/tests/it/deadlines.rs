//! The deadline of a training as a step: whoever could do nothing before has the whole time once they can.

use crate::{
    testing::{Browser, Instance},
    training::{begun, days, now, pass, path, session, training, trains, turn},
    world::{self, enter, sql, value},
};
use mapalus_core::time::MINUTE;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;

/// A training that a step asks for whose deadline ends an application; gives its id.
async fn closing(db: &Db, stenly: &mut Browser<'_>) -> String {
    sql(db, "update applications set remind_at = null", &[]).await;
    let course = training(stenly, false).await;
    path(stenly, &[trains(&course, "close")]).await;
    course
}

async fn state(demo: &Instance, key: &str, application: &str) -> String {
    let seen = now(&mut enter(demo, key).await, application).await;
    seen["state"].as_str().unwrap().to_owned()
}

async fn takes(browser: &mut Browser<'_>, application: &str, session: &str) {
    browser.api("POST", &format!("{application}/sessions/{session}/take"), None).await.is(200);
}

#[db_test]
async fn who_had_no_session_to_take_has_the_whole_time_once_one_is_planned(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let course = closing(&db, &mut stenly).await;
    let api = begun(&mut meylan).await;
    days(&demo, 9).await;
    assert_eq!(state(&demo, "meylan", &api).await, "sent");
    // Two that are planned together do not hide each other.
    stenly = enter(&demo, "stenly").await;
    session(&demo, &mut stenly, &course, 30, "5").await;
    demo.clock.advance(1);
    session(&demo, &mut stenly, &course, 40, "5").await;
    pass(&demo, MINUTE).await;
    days(&demo, 5).await;
    assert_eq!(state(&demo, "meylan", &api).await, "sent");
    assert_eq!(turn(&mut enter(&demo, "meylan").await, &api).await, "take");
    // Who had one to take gets no more time by another.
    session(&demo, &mut enter(&demo, "stenly").await, &course, 50, "5").await;
    pass(&demo, MINUTE).await;
    days(&demo, 3).await;
    assert_eq!(state(&demo, "meylan", &api).await, "declined");
}

#[db_test]
async fn who_stood_in_line_has_the_whole_time_once_a_seat_is_offered(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let mut stenly = enter(&demo, "stenly").await;
    let course = closing(&db, &mut stenly).await;
    let only = session(&demo, &mut stenly, &course, 30, "1").await;
    let (api, other) = (begun(&mut meylan).await, begun(&mut novi).await);
    takes(&mut novi, &other, &only).await;
    takes(&mut meylan, &api, &only).await;
    days(&demo, 9).await;
    assert_eq!(turn(&mut enter(&demo, "meylan").await, &api).await, "line");
    let leave = format!("{other}/sessions/{only}/leave");
    enter(&demo, "novi").await.api("POST", &leave, None).await.is(200);
    pass(&demo, MINUTE).await;
    assert_eq!(turn(&mut enter(&demo, "meylan").await, &api).await, "confirm");
    days(&demo, 5).await;
    assert_eq!(state(&demo, "meylan", &api).await, "sent");
    assert_eq!(turn(&mut enter(&demo, "meylan").await, &api).await, "take");
    // The seat is held no longer: an applicant is led to a page that is there.
    let led = "select path from notices join persons on persons.id = notices.person_id
        where mail_folded = $1 and key = 'growth-notice-lapsed'";
    let led: String = value(&db, led, &params![world::mail("meylan")]).await;
    enter(&demo, "meylan").await.get(&led).await.is(200);
    days(&demo, 3).await;
    assert_eq!(state(&demo, "meylan", &api).await, "declined");
}

#[db_test]
async fn who_stood_in_line_in_vain_has_the_whole_time_for_another_session(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let mut stenly = enter(&demo, "stenly").await;
    let course = closing(&db, &mut stenly).await;
    let first = session(&demo, &mut stenly, &course, 9, "1").await;
    session(&demo, &mut stenly, &course, 60, "1").await;
    let (api, other) = (begun(&mut meylan).await, begun(&mut novi).await);
    takes(&mut novi, &other, &first).await;
    takes(&mut meylan, &api, &first).await;
    days(&demo, 10).await;
    assert_eq!(turn(&mut enter(&demo, "meylan").await, &api).await, "take");
    days(&demo, 5).await;
    assert_eq!(state(&demo, "meylan", &api).await, "sent");
    days(&demo, 4).await;
    assert_eq!(state(&demo, "meylan", &api).await, "declined");
}
