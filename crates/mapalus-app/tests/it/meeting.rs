//! Interviews and acquaintances: times are offered, taken, moved and held; members get to know an applicant.

use crate::{
    testing::{Browser, Instance},
    world::{self, OTHER, at_once, enter, mail, sql, value},
};
use mapalus_core::time::{DAY, HOUR, MINUTE, SECOND};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

mod told;

/// A promise, a step, a decision.
async fn path_with(coordinator: &mut Browser<'_>, steps: &[Json]) {
    let mut items = vec![json!({ "kind": "agreement", "name": "Janji", "text": "Saya datang.", "days": 7 })];
    items.extend_from_slice(steps);
    items.push(json!({ "kind": "decision", "name": "Keputusan", "days": 7 }));
    let put = format!("/api/v1/groups/{OTHER}/path");
    coordinator.api("PUT", &put, Some(json!({ "items": items }))).await.is(200);
}

fn talk() -> Json {
    json!({ "kind": "interview", "name": "Wawancara", "days": 10, "remind_days": 2, "change_hours": 24, "overdue": "close" })
}

/// An application that has come to the step after the promise.
async fn waits(applicant: &mut Browser<'_>) -> String {
    let id = world::apply(applicant, OTHER).await;
    applicant.api("POST", &format!("/api/v1/applications/{id}/agree"), None).await.is(200);
    id
}

/// An applicant at an interview, a coordinator, and the application.
async fn at_talk(demo: &Instance) -> (Browser<'_>, Browser<'_>, String) {
    let (mut meylan, mut stenly) = (enter(demo, "meylan").await, enter(demo, "stenly").await);
    path_with(&mut stenly, &[talk()]).await;
    let id = waits(&mut meylan).await;
    (meylan, stenly, id)
}

/// The day so many days ahead, in the zone of the group.
fn day(demo: &Instance, days: i64) -> String {
    let at = demo.app.clock.now().plus(days * DAY + 8 * HOUR);
    mapalus_app::shell::text::machine(at)[..10].to_owned()
}

fn times(demo: &Instance, days: i64, count: i64) -> Option<Json> {
    Some(json!({
        "step": "Wawancara", "day": day(demo, days), "time": "09:00", "minutes": 30, "count": count,
        "place": "Posko, Jl. Sam Ratulangi 1",
    }))
}

/// Offers so many times; gives their ids, soonest first.
async fn offer(demo: &Instance, coordinator: &mut Browser<'_>, days: i64, count: i64) -> Vec<String> {
    let path = format!("/api/v1/groups/{OTHER}/interviews");
    let made = coordinator.api("POST", &path, times(demo, days, count)).await.is(201).json();
    let items = made["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn slot(id: &str) -> Option<Json> {
    Some(json!({ "slot": id }))
}

async fn later(demo: &Instance, millis: i64) {
    demo.clock.advance(millis);
    demo.settle().await;
}

/// The newest mail of a message to a person, as the mailbox shows it; none if there is none.
async fn mailed(demo: &Instance, to: &str, key: &str) -> Option<Json> {
    let find = "select max(id) from mails where address = $1 and key = $2";
    let id: Option<String> = value(&demo.app.db, find, &params![mail(to), key]).await;
    let mut browser = demo.enters("seeker").await;
    Some(browser.api("GET", &format!("/api/v1/mails/{}", id?), None).await.is(200).json())
}

/// How many mails of a message a person got.
async fn count(demo: &Instance, to: &str, key: &str) -> i64 {
    let find = "select count(*) from mails where address = $1 and key = $2";
    value(&demo.app.db, find, &params![mail(to), key]).await
}

/// A line of an invitation.
fn line(mail: &Json, start: &str) -> String {
    let text = mail["calendar"].as_str().unwrap().replace("\r\n ", "");
    let found = text.split("\r\n").find(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("{start} in {text}")).to_owned()
}

#[db_test]
async fn a_time_is_taken_moved_and_held_and_calendars_follow(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly, id) = at_talk(&demo).await;
    let (page, path) = (format!("/applications/{id}"), format!("/api/v1/applications/{id}"));
    let own = format!("{path}/interview");
    // There are no times yet: the coordinators are next.
    assert_eq!(meylan.api("GET", &path, None).await.is(200).json()["next"], "coordinators");
    meylan.get(&page).await.is(200).says("/interview/want");
    meylan.api("POST", &format!("{own}/want"), None).await.is(200);
    meylan.api("POST", &format!("{own}/want"), None).await.is(200);
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "stenly", "joining-notice-interview-wanted").await, 1);
    let all = offer(&demo, &mut stenly, 5, 3).await;
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "meylan", "joining-notice-interview-offered").await, 1);
    let now = meylan.api("GET", &format!("{path}/slots"), None).await.is(200).json();
    assert_eq!(now["items"].as_array().unwrap().len(), 3);
    assert_eq!(now["items"][0]["zone"], "Asia/Makassar");
    meylan.get(&page).await.is(200).says("WITA").says(&all[0]);

    // Taken twice it is taken once; both get it for their calendar.
    let taken = meylan.api("PUT", &own, slot(&all[0])).await.is(200).json();
    assert_eq!((&taken["interviews"][0]["state"], &taken["next"]), (&json!("taken"), &Json::Null));
    meylan.api("PUT", &own, slot(&all[0])).await.is(200);
    let seats = "select taken from interview_slots where id = $1";
    assert_eq!(value::<i64>(&db, seats, &params![&all[0]]).await, 1);
    assert!(mailed(&demo, "meylan", "joining-notice-interview-set").await.is_none(), "it can be undone");
    later(&demo, 21 * SECOND).await;
    let [hers, his] = [
        mailed(&demo, "meylan", "joining-notice-interview-set").await.unwrap(),
        mailed(&demo, "stenly", "joining-notice-interview-set").await.unwrap(),
    ];
    let uid = line(&hers, "UID:");
    assert_eq!(line(&hers, "METHOD:"), "METHOD:REQUEST");
    assert_eq!(uid, line(&his, "UID:"));
    let first: i64 = line(&hers, "SEQUENCE:")[9..].parse().unwrap();
    assert!(line(&hers, "ATTENDEE").ends_with(&format!("mailto:{}", mail("meylan"))));
    assert!(line(&hers, "DTSTART:").ends_with("T010000Z"), "nine o'clock in Manado");
    meylan.get(&format!("{page}/interview.ics")).await.is(200).says("METHOD:PUBLISH");

    // The applicant chooses another time; then the group moves that one.
    meylan.api("PUT", &own, slot(&all[1])).await.is(200);
    assert_eq!(value::<i64>(&db, seats, &params![&all[0]]).await, 0);
    later(&demo, 21 * SECOND).await;
    let again = mailed(&demo, "meylan", "joining-notice-interview-set").await.unwrap();
    assert_eq!(
        (line(&again, "UID:"), line(&again, "SEQUENCE:")),
        (uid.clone(), format!("SEQUENCE:{}", first + 1))
    );
    let times = format!("/api/v1/groups/{OTHER}/interviews");
    let to = |reason: &str| {
        Some(
            json!({ "day": day(&demo, 6), "time": "10:00", "minutes": 45, "place": "Balai", "reason": reason }),
        )
    };
    let moving = format!("{times}/{}", all[1]);
    stenly.api("PUT", &moving, to("")).await.is(422).says("joining-interview-reason");
    stenly.api("PUT", &moving, to("Ruangan dipakai.")).await.is(200);
    later(&demo, 21 * SECOND).await;
    let moved = mailed(&demo, "meylan", "joining-notice-interview-moved").await.unwrap();
    assert!(moved["text"].as_str().unwrap().contains("Ruangan dipakai."));
    assert_eq!(line(&moved, "SEQUENCE:"), format!("SEQUENCE:{}", first + 2));
    assert!(line(&moved, "DTSTART:").ends_with("T020000Z"));
    assert_eq!(line(&moved, "LOCATION:"), "LOCATION:Balai");

    // A day before it both are reminded, and it can be changed no more.
    later(&demo, 5 * DAY + 3 * HOUR).await;
    assert_eq!(count(&demo, "meylan", "joining-remind-appointment").await, 1);
    assert_eq!(count(&demo, "stenly", "joining-remind-appointment").await, 1);
    let mut meylan = enter(&demo, "meylan").await;
    let mut stenly = enter(&demo, "stenly").await;
    meylan.api("DELETE", &own, None).await.is(409).says("joining-interview-late");
    let held = |note: &str| Some(json!({ "result": "held", "note": note }));
    let noting = format!("{own}/note");
    stenly.api("POST", &noting, held("")).await.is(409).says("joining-interview-early");
    // An hour after it who interviews is asked how it went, and notes it.
    later(&demo, DAY + HOUR).await;
    assert_eq!(count(&demo, "stenly", "joining-remind-outcome").await, 1);
    assert_eq!(stenly.api("GET", &path, None).await.json()["next"], "coordinators");
    meylan.api("POST", &noting, held("")).await.is(404);
    let version = stenly.api("GET", &path, None).await.json()["version"].to_string();
    let typed = [("result", "held"), ("interview_note", "Tahu apa yang dihadapi."), ("version", &version)];
    stenly.post(&format!("{page}/interview/note"), &typed[1..]).await.is(422).says("Tahu apa yang dihadapi.");
    stenly.post(&format!("{page}/interview/note"), &typed).await.is(303);
    let now = stenly.api("GET", &path, None).await.is(200).json();
    assert_eq!(
        (&now["place"], &now["interviews"][0]["note"]),
        (&json!(2), &json!("Tahu apa yang dihadapi."))
    );
    meylan.get(&page).await.is(200).lacks("Tahu apa yang dihadapi.");
    stenly.api("POST", &format!("{path}/accept"), Some(json!({}))).await.is(200);
    let mut meylan = enter(&demo, "meylan").await;
    meylan.api("GET", "/api/v1/me/data", None).await.is(200).says("Tahu apa yang dihadapi.");
    demo.clock.advance(181 * DAY);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, "select count(*) from interviews where note <> ''", &[]).await, 0);
}

#[db_test]
async fn what_is_given_back_in_time_is_told_to_nobody_and_a_cancelled_time_to_both(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly, id) = at_talk(&demo).await;
    let own = format!("/api/v1/applications/{id}/interview");
    let all = offer(&demo, &mut stenly, 5, 2).await;
    meylan.api("PUT", &own, slot(&all[0])).await.is(200);
    meylan.api("DELETE", &own, None).await.is(200);
    meylan.api("DELETE", &own, None).await.is(409).says("joining-interview-none");
    later(&demo, 21 * SECOND).await;
    let any = "select count(*) from mails where key in ('joining-notice-interview-set', 'joining-notice-interview-off')";
    assert_eq!(value::<i64>(&db, any, &[]).await, 0);
    meylan.api("PUT", &own, slot(&all[1])).await.is(200);
    later(&demo, 21 * SECOND).await;
    let sequence = line(&mailed(&demo, "meylan", "joining-notice-interview-set").await.unwrap(), "SEQUENCE:");
    let cancel = format!("/api/v1/groups/{OTHER}/interviews/{}/cancel", all[1]);
    stenly.api("POST", &cancel, Some(json!({}))).await.is(422).says("joining-interview-reason");
    stenly.api("POST", &cancel, Some(json!({ "reason": "Banjir." }))).await.is(200);
    stenly.api("POST", &cancel, Some(json!({ "reason": "Banjir." }))).await.is(409).says("cancelled");
    later(&demo, 21 * SECOND).await;
    for person in ["meylan", "stenly"] {
        let told = mailed(&demo, person, "joining-notice-interview-off-why").await.unwrap();
        assert_eq!(line(&told, "METHOD:"), "METHOD:CANCEL");
        assert!(line(&told, "SEQUENCE:") > sequence);
        assert!(told["text"].as_str().unwrap().contains("Banjir."));
    }
    // Another time is there to take; whoever withdraws gives it back, when it cannot be undone any more.
    let now = meylan.api("PUT", &own, slot(&all[0])).await.is(200).json();
    assert_eq!(now["interviews"][0]["state"], "taken");
    let path = format!("/api/v1/applications/{id}");
    let taken = "select taken from interview_slots where id = $1";
    meylan.api("POST", &format!("{path}/withdraw"), None).await.is(200);
    meylan.api("POST", &format!("{path}/withdraw/undo"), None).await.is(200);
    later(&demo, 21 * SECOND).await;
    assert_eq!(value::<i64>(&db, taken, &params![&all[0]]).await, 1);
    meylan.api("POST", &format!("{path}/withdraw"), None).await.is(200);
    later(&demo, 21 * SECOND).await;
    later(&demo, 21 * SECOND).await;
    assert_eq!(value::<i64>(&db, taken, &params![&all[0]]).await, 0);
    let off = mailed(&demo, "stenly", "joining-notice-interview-off").await.unwrap();
    assert_eq!(line(&off, "METHOD:"), "METHOD:CANCEL");
}

#[db_test]
async fn who_does_not_come_chooses_again_and_who_does_not_fit_is_decided_on(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly, id) = at_talk(&demo).await;
    let (page, path) = (format!("/applications/{id}"), format!("/api/v1/applications/{id}"));
    let own = format!("{path}/interview");
    let all = offer(&demo, &mut stenly, 2, 1).await;
    meylan.api("PUT", &own, slot(&all[0])).await.is(200);
    later(&demo, 3 * DAY).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let note = |result: &str| Some(json!({ "result": result, "note": "Telepon tidak diangkat." }));
    let noting = format!("{own}/note");
    stenly.api("POST", &noting, note("missed")).await.is(200);
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "meylan", "joining-notice-interview-missed").await, 1);
    let more = offer(&demo, &mut stenly, 2, 1).await;
    let more = more.last().unwrap();
    meylan.get(&page).await.is(200).says("tidak datang").says(more).lacks("Telepon tidak diangkat.");
    let again = meylan.api("PUT", &own, slot(more)).await.is(200).json();
    let states: Vec<&Json> = again["interviews"].as_array().unwrap().iter().map(|i| &i["state"]).collect();
    assert_eq!(states, [&json!("missed"), &json!("taken")]);
    later(&demo, 3 * DAY).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let now = stenly.api("POST", &noting, note("unsuited")).await.is(200).json();
    assert_eq!((&now["place"], &now["state"]), (&json!(2), &json!("sent")), "the decision is not made by it");
    // The applicant reads nothing of it.
    let hers = meylan.api("GET", &path, None).await.is(200).json();
    assert_eq!(hers["interviews"][1]["state"], "held");
    let own = meylan.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert!(!own.to_string().contains("unsuited"), "{own}");
    stenly.get(&page).await.is(200).says("menilai pendaftar tidak cocok");
    let why = json!({ "reason": "Kami mencari orang yang dapat hadir setiap Sabtu." });
    stenly.api("POST", &format!("{path}/decline"), Some(why)).await.is(200);
}

#[db_test]
async fn an_application_ends_for_a_time_that_was_not_chosen_but_not_for_one_that_was_not_offered(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (.., id) = at_talk(&demo).await;
    let state = "select state from applications where id = $1";
    later(&demo, 9 * DAY).await;
    assert_eq!(count(&demo, "stenly", "joining-remind-review").await, 1);
    assert_eq!(count(&demo, "meylan", "joining-remind-interview").await, 0);
    later(&demo, 3 * DAY).await;
    assert_eq!(value::<String>(&db, state, &params![&id]).await, "sent");
    assert_eq!(count(&demo, "stenly", "joining-remind-review-late").await, 1);
    let mut stenly = enter(&demo, "stenly").await;
    offer(&demo, &mut stenly, 30, 2).await;
    later(&demo, 21 * SECOND).await;
    later(&demo, 9 * DAY).await;
    assert_eq!(count(&demo, "meylan", "joining-remind-interview").await, 1);
    assert_eq!(value::<String>(&db, state, &params![&id]).await, "sent");
    later(&demo, 3 * DAY).await;
    assert_eq!(value::<String>(&db, state, &params![&id]).await, "declined");
}

#[db_test]
async fn of_two_hundred_who_take_the_last_place_at_once_one_gets_it(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let mut stenly = enter(&nodes[0], "stenly").await;
    path_with(&mut stenly, &[talk()]).await;
    let crowd = world::crowd(&nodes[0], 200).await;
    let mut crowd = crate::races::spread(&crowd, &nodes);
    let mut ids = Vec::new();
    for browser in &mut crowd {
        ids.push(waits(browser).await);
    }
    let all = offer(&nodes[0], &mut stenly, 5, 2).await;
    for round in &all {
        let answers = at_once(crowd.iter_mut().zip(&ids).map(|(browser, id)| {
            let own = format!("/api/v1/applications/{id}/interview");
            let body = slot(round);
            async move { browser.api("PUT", &own, body).await }
        }))
        .await;
        let taken = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
        assert_eq!(taken, 1, "{round}");
        for answer in answers.iter().filter(|answer| answer.status.as_u16() != 200) {
            assert_eq!(answer.status.as_u16(), 422, "{}", answer.body);
            assert!(answer.body.contains("joining-interview-gone"), "{}", answer.body);
        }
        let seats = "select taken from interview_slots where id = $1";
        assert_eq!(value::<i64>(&db, seats, &params![round]).await, 1);
    }
    let rows = "select count(*) from interviews where state = 'taken'";
    assert!(value::<i64>(&db, rows, &[]).await <= 2);
}

#[db_test]
async fn a_time_is_offered_by_those_who_decide_and_never_taken_in_another_group(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    path_with(&mut stenly, &[talk()]).await;
    let list = format!("/groups/{OTHER}/interviews");
    enter(&demo, "fera").await.get(&list).await.is(403);
    stenly.get(&list).await.is(200).says("WITA");
    let day = day(&demo, 3);
    let mut fields = vec![
        ("step", "Wawancara"),
        ("day", day.as_str()),
        ("time", "25:00"),
        ("minutes", "30"),
        ("count", "2"),
        ("place", "https://temu.example/ruang"),
        ("seats", "2"),
        ("host", ""),
    ];
    stenly.post(&list, &fields).await.is(422).says("value=\"https://temu.example/ruang\"").says("e-time");
    fields[2].1 = "09:00";
    stenly.post(&list, &fields).await.is(303);
    let id = waits(&mut meylan).await;
    let page = format!("/applications/{id}");
    // Who is interviewed by a link reads it when the time is taken.
    let choices = meylan.get(&page).await.is(200).lacks("temu.example").body;
    let first = choices.split("name=\"slot\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    meylan.post(&format!("{page}/interview"), &[]).await.is(422).says("e-slot");
    meylan.post(&format!("{page}/interview"), &[("slot", first.as_str())]).await.is(303);
    meylan.get(&page).await.is(200).says("href=\"https://temu.example/ruang\"");
    stenly.get(&list).await.is(200).says(&page);
    // A time of another group is none of this one's.
    let other =
        "update interview_slots set group_id = (select id from groups where slug = $1) where id <> $2";
    sql(&db, other, &params![world::GROUP, &first]).await;
    let find = "select id from interview_slots where id <> $1";
    let elsewhere: String = value(&db, find, &params![&first]).await;
    let own = format!("/api/v1{page}/interview");
    meylan.api("PUT", &own, slot(&elsewhere)).await.is(422).says("joining-interview-gone");
    let change = format!("/groups/{OTHER}/interviews/{elsewhere}");
    stenly.get(&change).await.is(404);
    // Two coordinators who move one time: the second one sees what the first did.
    let change = format!("/groups/{OTHER}/interviews/{first}");
    let version: i64 =
        value(&db, "select version from interview_slots where id = $1", &params![&first]).await;
    let version = version.to_string();
    let moved = |time: &'static str| {
        vec![
            ("day", day.clone()),
            ("time", time.to_owned()),
            ("minutes", "30".to_owned()),
            ("place", "Posko".to_owned()),
            ("seats", "2".to_owned()),
            ("reason", "Hujan.".to_owned()),
            ("version", version.clone()),
        ]
    };
    let as_fields = |fields: &'_ [(&'static str, String)]| -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    };
    for (time, status) in [("10:00", 303), ("11:00", 412)] {
        let fields = as_fields(&moved(time));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = stenly.post(&change, &fields).await.is(status);
        if status == 412 {
            answer.says("value=\"11:00\"");
        }
    }
}

async fn id_of(db: &Db, key: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![mail(key)]).await
}

/// The request to a member to get to know the applicant.
async fn request(db: &Db, key: &str) -> String {
    let find = "select acquaintances.id from acquaintances join persons on persons.id = person_id
        where mail_folded = $1 and acquaintances.state <> 'cancelled'";
    value(db, find, &params![mail(key)]).await
}

#[db_test]
async fn who_knows_nobody_is_brought_together_with_two_who_may_vouch_then(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let steps = [
        json!({ "kind": "acquaintance", "name": "Berkenalan", "days": 14, "remind_days": 3, "needed": 2 }),
        json!({ "kind": "vouch", "name": "Rekomendasi", "days": 14, "needed": 2 }),
    ];
    path_with(&mut stenly, &steps).await;
    let id = waits(&mut meylan).await;
    let (page, path) = (format!("/applications/{id}"), format!("/api/v1/applications/{id}"));
    assert_eq!(meylan.api("GET", &path, None).await.json()["next"], "coordinators");
    later(&demo, 21 * SECOND).await;
    stenly.get(&page).await.is(200).says("name=\"person\"");
    for key in ["fera", "deisy", "johan"] {
        let is = "select count(*) from memberships join persons on persons.id = person_id
            join groups on groups.id = group_id
            where slug = $1 and mail_folded = $2 and memberships.state = 'active'";
        if value::<i64>(&db, is, &params![OTHER, mail(key)]).await == 0 {
            let joined =
                "insert into memberships (group_id, person_id, state, since, changed_at, why, version)
                select groups.id, persons.id, 'active', 0, 0, '', 1 from groups
                join persons on persons.mail_folded = $2 where slug = $1";
            sql(&db, joined, &params![OTHER, mail(key)]).await;
        }
        let old = "update memberships set since = 0 where person_id = (select id from persons where mail_folded = $1)";
        sql(&db, old, &params![mail(key)]).await;
    }
    let [fera, deisy, johan, own] = [
        id_of(&db, "fera").await,
        id_of(&db, "deisy").await,
        id_of(&db, "johan").await,
        id_of(&db, "meylan").await,
    ];
    let bring = format!("{path}/acquaintances");
    let both = |people: &[&String], how: &str| Some(json!({ "person": people, "how": how }));
    meylan.api("POST", &bring, both(&[&fera], "Kantin.")).await.is(404);
    stenly.api("POST", &bring, both(&[&own], "Kantin.")).await.is(422).says("person");
    stenly.api("POST", &bring, both(&[&fera, &deisy], "")).await.is(422).says("how");
    stenly.api("POST", &bring, both(&[&fera, &deisy, &johan], "Kantin.")).await.is(409).says("enough");
    let how = "Sabtu 10.00, kantin Pengadilan Negeri Manado";
    let now = stenly.api("POST", &bring, both(&[&fera, &deisy], how)).await.is(200).json();
    assert_eq!(now["next"], "members");
    // Nobody is named to the applicant before they are ready.
    let seen = meylan.api("GET", &path, None).await.json();
    assert_eq!(seen.get("acquaintances"), None);
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "fera", "joining-notice-acquaintance-asked").await, 1);
    let (first, second) = (request(&db, "fera").await, request(&db, "deisy").await);
    let (mut one, mut other) = (enter(&demo, "fera").await, enter(&demo, "deisy").await);
    one.get(&format!("/acquaintances/{second}")).await.is(404);
    one.get("/vouches").await.is(200).says(&format!("/acquaintances/{first}"));
    one.get(&format!("/acquaintances/{first}")).await.is(200).says("kantin Pengadilan");
    // A no is taken back in time; then it is a no, and the coordinators ask another.
    other.post(&format!("/acquaintances/{second}/decline"), &[]).await.is(303);
    other.post(&format!("/acquaintances/{second}/undo"), &[]).await.is(303);
    other.post(&format!("/acquaintances/{second}/decline"), &[]).await.is(303);
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "stenly", "joining-notice-acquaintance-declined").await, 1);
    other.post(&format!("/acquaintances/{second}/undo"), &[]).await.is(409);
    one.post(&format!("/acquaintances/{first}/agree"), &[]).await.is(303);
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "meylan", "joining-notice-acquaintance-agreed").await, 1);
    meylan.get(&page).await.is(200).says("kantin Pengadilan");
    let board = stenly.get(&format!("/groups/{OTHER}/applications")).await.is(200);
    board.says(&page);
    stenly.api("POST", &bring, both(&[&deisy], "")).await.is(422).says("joining-acquaintance-asked");
    stenly.api("POST", &bring, both(&[&johan], "")).await.is(200);
    let third = request(&db, "johan").await;
    let mut johan = enter(&demo, "johan").await;
    // Both say that they have met the applicant: it goes on to the vouches.
    one.api("POST", &format!("/api/v1/acquaintances/{first}/meet"), None).await.is(200);
    assert_eq!(meylan.api("GET", &path, None).await.json()["place"], json!(1));
    johan.api("POST", &format!("/api/v1/acquaintances/{third}/meet"), None).await.is(200);
    johan.api("POST", &format!("/api/v1/acquaintances/{third}/undo"), None).await.is(409);
    assert_eq!(meylan.api("GET", &path, None).await.json()["place"], json!(2));
    // They stand there to be asked, without a search; others are searched as ever.
    let asks = meylan.get(&page).await.is(200);
    let asks = asks.says(&format!("value=\"{fera}\""));
    assert!(!asks.body.contains(&format!("value=\"{deisy}\"")), "who did not meet them is not offered");
    for (person, key) in [(&fera, "fera"), (&id_of(&db, "johan").await, "johan")] {
        let asked = json!({ "person": person });
        meylan.api("POST", &format!("{path}/vouches"), Some(asked)).await.is(200);
        let find = "select vouches.id from vouches where giver_id = $1 and application_id = $2";
        let vouch: String = value(&db, find, &params![person, &id]).await;
        let gives = json!({ "relation": "community", "known": "under-one" });
        let give = format!("/api/v1/vouches/{vouch}/give");
        enter(&demo, key).await.api("POST", &give, Some(gives)).await.is(200);
    }
    assert_eq!(meylan.api("GET", &path, None).await.json()["place"], json!(3));
    stenly.api("POST", &format!("{path}/accept"), Some(json!({}))).await.is(200);
}

#[db_test]
async fn two_members_who_say_so_at_once_are_both_counted(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let (mut meylan, mut stenly) = (enter(&nodes[0], "meylan").await, enter(&nodes[0], "stenly").await);
    let steps = [json!({ "kind": "acquaintance", "name": "Berkenalan", "days": 14, "needed": 2 })];
    path_with(&mut stenly, &steps).await;
    let id = waits(&mut meylan).await;
    let path = format!("/api/v1/applications/{id}");
    let find = "select persons.id from memberships join persons on persons.id = person_id
        join groups on groups.id = group_id
        where slug = $1 and memberships.state = 'active' and mail_folded = $2";
    let fera: String = value(&db, find, &params![OTHER, mail("fera")]).await;
    let own: String = value(&db, find, &params![OTHER, mail("stenly")]).await;
    let both = json!({ "person": [&fera, &own], "how": "Lewat pesan." });
    stenly.api("POST", &format!("{path}/acquaintances"), Some(both)).await.is(200);
    let (first, second) = (request(&db, "fera").await, request(&db, "stenly").await);
    let fera = enter(&nodes[0], "fera").await;
    let mut two = [(fera.at(&nodes[0]), first), (stenly.at(&nodes[1]), second)];
    let answers = at_once(two.iter_mut().map(|(browser, request)| {
        let meet = format!("/api/v1/acquaintances/{request}/meet");
        async move { browser.api("POST", &meet, None).await }
    }))
    .await;
    for answer in answers {
        answer.is(200);
    }
    assert_eq!(stenly.api("GET", &path, None).await.is(200).json()["place"], json!(2));
}

#[db_test]
async fn who_is_erased_takes_their_interviews_along(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    path_with(&mut stenly, &[talk()]).await;
    world::appoint(&db, OTHER, "fera", "applications").await;
    let host = id_of(&db, "fera").await;
    let mut times = times(&demo, 20, 1).unwrap();
    times["host"] = json!(host);
    let made =
        stenly.api("POST", &format!("/api/v1/groups/{OTHER}/interviews"), Some(times)).await.is(201).json();
    let first = made["items"][0]["id"].as_str().unwrap().to_owned();
    let id = waits(&mut meylan).await;
    meylan.api("PUT", &format!("/api/v1/applications/{id}/interview"), slot(&first)).await.is(200);
    later(&demo, 21 * SECOND).await;
    let closing = "update persons set state = 'closing', closing_at = $2 where id = $1";
    sql(&db, closing, &params![&host, demo.app.clock.now()]).await;
    later(&demo, 15 * DAY).await;
    later(&demo, MINUTE).await;
    let state = "select state from interview_slots where id = $1";
    assert_eq!(value::<String>(&db, state, &params![&first]).await, "cancelled");
    let now = "select state from interviews where application_id = $1";
    assert_eq!(value::<String>(&db, now, &params![&id]).await, "free");
    assert_eq!(count(&demo, "meylan", "joining-notice-interview-off").await, 1);
}
