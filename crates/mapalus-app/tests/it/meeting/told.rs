//! Who hears of interviews and acquaintances, of what, and of what not.

use super::*;
use crate::world::GROUP;

const SET: &str = "joining-notice-interview-set";
const OFF: &str = "joining-notice-interview-off";

/// How many have taken a time.
async fn seats(db: &Db, slot: &str) -> i64 {
    value(db, "select taken from interview_slots where id = $1", &params![slot]).await
}

async fn next(browser: &mut Browser<'_>, id: &str) -> Json {
    browser.api("GET", &format!("/api/v1/applications/{id}"), None).await.is(200).json()["next"].clone()
}

/// Offers one time that another coordinator holds.
async fn offer_of(demo: &Instance, coordinator: &mut Browser<'_>, days: i64, host: &str) -> String {
    let mut one = times(demo, days, 1).unwrap();
    one["host"] = json!(id_of(&demo.app.db, host).await);
    let path = format!("/api/v1/groups/{OTHER}/interviews");
    let made = coordinator.api("POST", &path, Some(one)).await.is(201).json();
    made["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned()
}

#[db_test]
async fn nobody_hears_that_a_time_is_off_of_which_they_had_not_heard(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly, id) = at_talk(&demo).await;
    world::appoint(&db, OTHER, "fera", "applications").await;
    let own = format!("/api/v1/applications/{id}/interview");
    let a = offer(&demo, &mut stenly, 5, 1).await.remove(0);
    let b = offer_of(&demo, &mut stenly, 6, "fera").await;
    for time in [&a, &b] {
        meylan.api("PUT", &own, slot(time)).await.is(200);
        meylan.api("DELETE", &own, None).await.is(200);
    }
    later(&demo, 41 * SECOND).await;
    let told = "select count(*) from mails where key in ($1, $2)";
    assert_eq!(value::<i64>(&db, told, &params![SET, OFF]).await, 0);
    meylan.api("PUT", &own, slot(&a)).await.is(200);
    later(&demo, 5 * SECOND).await;
    meylan.api("PUT", &own, slot(&b)).await.is(200);
    later(&demo, 41 * SECOND).await;
    let all = |key: &'static str| {
        let demo = &demo;
        async move {
            (
                count(demo, "meylan", key).await,
                count(demo, "stenly", key).await,
                count(demo, "fera", key).await,
            )
        }
    };
    assert_eq!((all(SET).await, all(OFF).await), ((1, 0, 1), (0, 0, 0)));
    // Whoever knows of it hears it, and once.
    meylan.api("PUT", &own, slot(&a)).await.is(200);
    later(&demo, 21 * SECOND).await;
    assert_eq!((all(SET).await, all(OFF).await), ((2, 1, 1), (0, 0, 1)));
    meylan.api("DELETE", &own, None).await.is(200);
    later(&demo, 5 * SECOND).await;
    meylan.api("PUT", &own, slot(&b)).await.is(200);
    later(&demo, 16 * SECOND).await;
    assert_eq!(all(OFF).await, (0, 1, 1), "the applicant has another time");
    meylan.api("DELETE", &own, None).await.is(200);
    later(&demo, 21 * SECOND).await;
    assert_eq!((all(SET).await, all(OFF).await), ((2, 1, 1), (1, 1, 1)), "and has none now");
}

#[db_test]
async fn who_was_accepted_gives_the_time_back_with_their_account_and_with_the_group(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let items = json!({ "items": [
        { "kind": "agreement", "name": "Janji", "text": "Saya datang.", "days": 7 },
        { "kind": "decision", "name": "Keputusan", "days": 7 },
        talk(),
    ] });
    stenly.api("PUT", &format!("/api/v1/groups/{OTHER}/path"), Some(items)).await.is(200);
    let all = offer(&demo, &mut stenly, 20, 2).await;
    for (key, time) in ["bagas", "meylan"].into_iter().zip(&all) {
        let mut applicant = enter(&demo, key).await;
        let id = waits(&mut applicant).await;
        let path = format!("/api/v1/applications/{id}");
        stenly.api("POST", &format!("{path}/accept"), Some(json!({}))).await.is(200);
        applicant.api("PUT", &format!("{path}/interview"), slot(time)).await.is(200);
    }
    later(&demo, 21 * SECOND).await;
    let closing = "update persons set state = 'closing', closing_at = $2 where id = $1";
    sql(&db, closing, &params![id_of(&db, "bagas").await, demo.app.clock.now()]).await;
    later(&demo, 15 * DAY).await;
    later(&demo, MINUTE).await;
    assert_eq!((seats(&db, &all[0]).await, seats(&db, &all[1]).await), (0, 1));
    assert_eq!(count(&demo, "stenly", OFF).await, 1);
    let version: i64 = value(&db, "select version from groups where slug = $1", &params![OTHER]).await;
    let seen = Some(json!({ "version": version }));
    let mut stenly = enter(&demo, "stenly").await;
    stenly.api("POST", &format!("/api/v1/groups/{OTHER}/close"), seen).await.is(204);
    later(&demo, 21 * SECOND).await;
    later(&demo, 21 * SECOND).await;
    assert_eq!(seats(&db, &all[1]).await, 0);
    assert_eq!(count(&demo, "meylan", OFF).await, 1);
}

#[db_test]
async fn a_wish_for_other_times_is_met_by_one_that_is_free(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly, id) = at_talk(&demo).await;
    let want = format!("/api/v1/applications/{id}/interview/want");
    let offered = "joining-notice-interview-offered";
    offer(&demo, &mut stenly, 5, 1).await;
    later(&demo, 5 * SECOND).await;
    // Seen, and not suited: the wish stands, though the offer is told only now.
    meylan.api("POST", &want, None).await.is(200);
    later(&demo, 21 * SECOND).await;
    assert_eq!(next(&mut meylan, &id).await, "coordinators");
    assert_eq!(count(&demo, "stenly", "joining-notice-interview-wanted").await, 1);
    let before = count(&demo, "meylan", offered).await;
    let all = offer(&demo, &mut stenly, 6, 2).await;
    let cancel = |slot: &str| format!("/api/v1/groups/{OTHER}/interviews/{slot}/cancel");
    stenly.api("POST", &cancel(&all[1]), Some(json!({}))).await.is(200);
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "meylan", offered).await, before + 1);
    assert_eq!(next(&mut meylan, &id).await, "applicant");
    meylan.api("POST", &want, None).await.is(200);
    later(&demo, 21 * SECOND).await;
    let all = offer(&demo, &mut stenly, 7, 1).await;
    stenly.api("POST", &cancel(all.last().unwrap()), Some(json!({}))).await.is(200);
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "meylan", offered).await, before + 1);
    assert_eq!(next(&mut meylan, &id).await, "coordinators");
}

#[db_test]
async fn why_a_time_was_moved_is_read_by_who_had_it_then(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly, id) = at_talk(&demo).await;
    let all = offer(&demo, &mut stenly, 5, 2).await;
    let (page, own) = (format!("/applications/{id}"), format!("/api/v1/applications/{id}/interview"));
    meylan.api("PUT", &own, slot(&all[0])).await.is(200);
    let list = format!("/api/v1/groups/{OTHER}/interviews");
    let moving = format!("{list}/{}", all[0]);
    let to = |seats: i64, reason: &str| {
        Some(json!({ "day": day(&demo, 6), "time": "10:00", "minutes": 45, "place": "Balai", "seats": seats,
            "reason": reason }))
    };
    let reason = "Ibu Meylan sakit.";
    stenly.api("PUT", &moving, to(1, reason)).await.is(200);
    meylan.get(&page).await.is(200).says(reason);
    meylan.api("PUT", &own, slot(&all[1])).await.is(200);
    meylan.get(&page).await.is(200).lacks(reason);
    let mut bagas = enter(&demo, "bagas").await;
    let other = waits(&mut bagas).await;
    let free = bagas.api("GET", &format!("/api/v1/applications/{other}/slots"), None).await.is(200);
    assert!(free.body.contains(&all[0]) && !free.body.contains(reason), "{}", free.body);
    bagas.api("PUT", &format!("/api/v1/applications/{other}/interview"), slot(&all[0])).await.is(200);
    bagas.get(&format!("/applications/{other}")).await.is(200).says("Balai").lacks(reason);
    // More places are no move.
    stenly.api("PUT", &moving, to(2, "")).await.is(200).says(reason);
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "bagas", "joining-notice-interview-moved").await, 0);
    assert_eq!(count(&demo, "bagas", SET).await, 1);
}

#[db_test]
async fn who_gives_a_time_back_after_the_deadline_has_as_long_as_at_first(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly, id) = at_talk(&demo).await;
    let all = offer(&demo, &mut stenly, 14, 1).await;
    let own = format!("/api/v1/applications/{id}/interview");
    meylan.api("PUT", &own, slot(&all[0])).await.is(200);
    later(&demo, 10 * DAY + 12 * HOUR).await;
    let mut meylan = enter(&demo, "meylan").await;
    meylan.api("DELETE", &own, None).await.is(200);
    later(&demo, 2 * DAY).await;
    let state = "select state from applications where id = $1";
    assert_eq!(value::<String>(&db, state, &params![&id]).await, "sent");
}

#[db_test]
async fn of_many_times_those_to_come_are_shown(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (_, mut stenly, _) = at_talk(&demo).await;
    let past =
        "insert into interview_slots (id, group_id, step_name, starts_at, ends_at, zone, place, seats, taken,
            host_id, state, reason, made_at, version)
        select $1, groups.id, 'Wawancara', $2, $3, 'Asia/Makassar', 'Posko', 1, 0, $4, 'offered', '', 0, 1
        from groups where slug = $5";
    let (host, since) = (id_of(&db, "stenly").await, demo.app.clock.now().plus(-2 * DAY));
    for n in 0..320 {
        let (id, at) = (format!("00000000-0000-7000-8000-{n:012}"), since.plus(n * SECOND));
        sql(&db, past, &params![&id, at, at.plus(1), &host, OTHER]).await;
    }
    offer(&demo, &mut stenly, 5, 1).await;
    let all = stenly.api("GET", &format!("/api/v1/groups/{OTHER}/interviews"), None).await.is(200).json();
    let starts: Vec<&str> =
        all["items"].as_array().unwrap().iter().map(|item| item["starts_at"].as_str().unwrap()).collect();
    assert_eq!(starts.len(), 300);
    assert!(starts.is_sorted() && starts[299][..10] == day(&demo, 5), "{starts:?}");
}

#[db_test]
async fn nothing_speaks_of_one_who_is_barred_or_goes(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly, id) = at_talk(&demo).await;
    let all = offer(&demo, &mut stenly, 3, 2).await;
    meylan.api("PUT", &format!("/api/v1/applications/{id}/interview"), slot(&all[0])).await.is(200);
    let mut bagas = enter(&demo, "bagas").await;
    let other = waits(&mut bagas).await;
    bagas.api("PUT", &format!("/api/v1/applications/{other}/interview"), slot(&all[1])).await.is(200);
    let closing = "update persons set state = 'closing', closing_at = $2 where id = $1";
    sql(&db, closing, &params![id_of(&db, "bagas").await, demo.app.clock.now()]).await;
    later(&demo, 21 * SECOND).await;
    assert_eq!(count(&demo, "stenly", SET).await, 1);
    world::set_membership(&db, OTHER, "meylan", "suspended").await;
    later(&demo, 2 * DAY + 12 * HOUR).await;
    later(&demo, 2 * DAY).await;
    let told =
        "select count(*) from mails where key in ('joining-remind-appointment', 'joining-remind-outcome')";
    assert_eq!(value::<i64>(&db, told, &[]).await, 0);
}

fn acquaintance() -> Json {
    json!({ "kind": "acquaintance", "name": "Berkenalan", "days": 14, "needed": 1 })
}

#[db_test]
async fn who_was_to_meet_hears_that_it_is_off(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    path_with(&mut stenly, &[acquaintance()]).await;
    let id = waits(&mut meylan).await;
    // A minor is not suggested.
    let gita = id_of(&db, "gita").await;
    let joined = "insert into memberships (group_id, person_id, state, since, changed_at, why, version)
        select id, $1, 'active', 0, 0, '', 1 from groups where slug = $2";
    sql(&db, joined, &params![&gita, OTHER]).await;
    sql(&db, "update persons set name = 'Aaltje' where id = $1", &params![&gita]).await;
    stenly.get(&format!("/applications/{id}")).await.is(200).says("name=\"person\"").lacks(&gita);

    let (off, own) = ("joining-notice-acquaintance-off", "joining-notice-acquaintance-off-own");
    let bring = format!("/api/v1/applications/{id}/acquaintances");
    let fera_id = id_of(&db, "fera").await;
    let asks = || Some(json!({ "person": [&fera_id], "how": "Kantin, Sabtu." }));
    let mut fera = enter(&demo, "fera").await;
    stenly.api("POST", &bring, asks()).await.is(200);
    let cancel = format!("{bring}/{}/cancel", request(&db, "fera").await);
    stenly.api("POST", &cancel, None).await.is(200);
    stenly.api("POST", &cancel, None).await.is(409);
    later(&demo, 41 * SECOND).await;
    assert_eq!(count(&demo, "fera", "joining-notice-acquaintance-asked").await, 0);
    assert_eq!(count(&demo, "fera", off).await, 0, "who was not asked is not told");
    // Who is told that somebody is ready is told that they are not to come.
    for (wait, hears) in [(21, 1), (5, 1)] {
        stenly.api("POST", &bring, asks()).await.is(200);
        later(&demo, 21 * SECOND).await;
        let one = request(&db, "fera").await;
        fera.api("POST", &format!("/api/v1/acquaintances/{one}/agree"), None).await.is(200);
        later(&demo, wait * SECOND).await;
        stenly.api("POST", &format!("{bring}/{one}/cancel"), None).await.is(200);
        later(&demo, 41 * SECOND).await;
        assert_eq!(count(&demo, "meylan", own).await, hears);
        let now = fera.api("GET", &format!("/api/v1/acquaintances/{one}"), None).await.is(200).json();
        assert_eq!(now["state"], "cancelled");
        meylan.api("GET", &format!("/api/v1/acquaintances/{one}"), None).await.is(404);
    }
    assert_eq!(count(&demo, "fera", off).await, 2);
    assert_eq!(count(&demo, "meylan", "joining-notice-acquaintance-agreed").await, 1);
}

#[db_test]
async fn a_guardian_hears_when_a_minor_meets_somebody(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut gita, mut novi) = (enter(&demo, "gita").await, enter(&demo, "novi").await);
    let items = json!({ "items": [
        { "kind": "agreement", "name": "Janji", "text": "Saya datang.", "days": 7 },
        acquaintance(),
        talk(),
        { "kind": "decision", "name": "Keputusan", "days": 7 },
    ] });
    novi.api("PUT", &format!("/api/v1/groups/{GROUP}/path"), Some(items)).await.is(200);
    let id = world::apply(&mut gita, GROUP).await;
    let path = format!("/api/v1/applications/{id}");
    gita.api("POST", &format!("{path}/agree"), None).await.is(200);
    let mut johan = enter(&demo, "johan").await;
    johan.api("POST", &format!("/api/v1/joinings/{id}/agree"), None).await.is(204);
    let told = |what: &'static str| {
        let (demo, key) = (&demo, format!("joining-notice-ward-{what}"));
        async move {
            later(demo, 41 * SECOND).await;
            count(demo, "johan", &key).await
        }
    };
    let bring = format!("{path}/acquaintances");
    let novi_id = id_of(&db, "novi").await;
    let asks = |how: &str| Some(json!({ "person": [&novi_id], "how": how }));
    novi.api("POST", &bring, asks("Kantin.")).await.is(200);
    let one = request(&db, "novi").await;
    novi.api("POST", &format!("/api/v1/acquaintances/{one}/agree"), None).await.is(200);
    assert_eq!(told("acquaintance-agreed").await, 1);
    novi.api("POST", &bring, Some(json!({ "how": "Pantai." }))).await.is(200);
    assert_eq!(told("acquaintance-changed").await, 1);
    novi.api("POST", &format!("{bring}/{one}/cancel"), None).await.is(200);
    assert_eq!(told("acquaintance-off").await, 1);
    novi.api("POST", &bring, asks("Kantin.")).await.is(200);
    let one = request(&db, "novi").await;
    novi.api("POST", &format!("/api/v1/acquaintances/{one}/meet"), None).await.is(200);

    let list = format!("/api/v1/groups/{GROUP}/interviews");
    let made = novi.api("POST", &list, times(&demo, 5, 1)).await.is(201).json();
    let time = made["items"][0]["id"].as_str().unwrap().to_owned();
    gita.api("PUT", &format!("{path}/interview"), slot(&time)).await.is(200);
    assert_eq!(told("interview-set").await, 1);
    let moved =
        json!({ "day": day(&demo, 6), "time": "10:00", "minutes": 45, "place": "Balai", "reason": "Hujan." });
    novi.api("PUT", &format!("{list}/{time}"), Some(moved)).await.is(200);
    assert_eq!(told("interview-moved").await, 1);
    let why = Some(json!({ "reason": "Banjir." }));
    novi.api("POST", &format!("{list}/{time}/cancel"), why).await.is(200);
    assert_eq!(told("interview-off").await, 1);
    assert_eq!(count(&demo, "novi", "joining-notice-ward-interview-set").await, 0);
}
