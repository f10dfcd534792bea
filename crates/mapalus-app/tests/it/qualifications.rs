//! Qualifications: stated, seen, taken back, told of their end, and what that does to those who run a group.

use crate::{
    testing::{Browser, Instance},
    world::{self, GROUP, OTHER, at_once, enter, sql, value},
};
use mapalus_app::shell::Day;
use mapalus_core::time::{DAY, MINUTE};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

async fn id_of(db: &Db, key: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![world::mail(key)]).await
}

fn today(demo: &Instance) -> Day {
    Day::of(demo.app.clock.now())
}

/// Records that a coordinator has seen a document that holds so many days more.
async fn see(
    demo: &Instance,
    coordinator: &mut Browser<'_>,
    (group, person): (&str, &str),
    (kind, days): (&str, i64),
) -> Json {
    let path = format!("/api/v1/groups/{group}/members/{person}/qualifications");
    let input = json!({ "kind": kind, "valid_until": today(demo).plus_days(days).to_string() });
    coordinator.api("POST", &path, Some(input)).await.is(201).json()
}

async fn told(db: &Db, person: &str, key: &str) -> i64 {
    let count = "select count(*) from notices where person_id = $1 and key = $2";
    value(db, count, &params![person, key]).await
}

/// Moves the clock by this much and does what is due then.
async fn pass(demo: &Instance, millis: i64) {
    demo.clock.advance(millis);
    demo.settle().await;
    demo.settle().await;
}

#[db_test]
async fn what_one_states_is_shown_as_one_says_and_its_number_to_those_alone_who_check(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut deisy, mut stenly) = (enter(&demo, "deisy").await, enter(&demo, "stenly").await);
    let own = "/api/v1/me/qualifications";
    let input =
        json!({ "kind": "bls", "issued_on": "2026-01-15", "number": "BHD-0412", "audience": "groups" });
    let made = deisy.api("POST", own, Some(input.clone())).await.is(201).json();
    assert_eq!(made["valid_until"], "2028-01-15", "two years, as the kind says");
    deisy.api("POST", own, Some(input)).await.is(409);
    let clearance = json!({ "kind": "police-clearance", "issued_on": "2026-10-01", "audience": "public" });
    deisy.api("POST", own, Some(clearance.clone())).await.is(422);
    let kept = json!({ "audience": "groups", "kind": "police-clearance", "issued_on": "2026-10-01" });
    deisy.api("POST", own, Some(kept)).await.is(201);
    let person = id_of(&db, "deisy").await;
    let page = format!("/people/{person}");
    stenly.get(&page).await.is(200).says("(BHD/BLS)").lacks("SKCK").lacks("BHD-0412");
    let shown = format!("/api/v1/people/{person}/qualifications");
    let shown = stenly.api("GET", &shown, None).await.is(200).json();
    assert_eq!(shown["items"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!(shown["items"][0]["kind"], "bls");
    enter(&demo, "meylan").await.get(&page).await.is(200).lacks("(BHD/BLS)");
    deisy.get("/me/qualifications").await.is(200).says("(BHD/BLS)").says("SKCK");
    let check = format!("/groups/{OTHER}/members/{person}/qualifications");
    stenly.get(&check).await.is(200).says("BHD-0412");
    let kinds = async |browser: &mut Browser<'_>| -> Vec<String> {
        let all = browser.api("GET", &format!("/api/v1{check}"), None).await.is(200).json();
        let items = all["items"].as_array().unwrap().clone();
        items.into_iter().map(|held| held["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&mut stenly).await, ["bls", "police-clearance"]);
    enter(&demo, "fera").await.get(&check).await.is(403);
    // It is corrected as it was read, and not by another.
    let path = format!("{own}/{}", made["id"].as_str().unwrap());
    stenly.api("GET", &path, None).await.is(404);
    let input = json!({ "valid_until": "2027-06-30", "audience": "me" });
    deisy.api_if("PUT", &path, 7, input.clone()).await.is(412);
    let now = deisy.api_if("PUT", &path, 1, input).await.is(200).json();
    assert_eq!((&now["valid_until"], &now["audience"]), (&json!("2027-06-30"), &json!("me")));
    assert_eq!(kinds(&mut stenly).await, ["police-clearance"]);
    let form = [("valid_until", "2027-05-31"), ("audience", "me"), ("version", "1")];
    let page = path.replace("/api/v1", "");
    deisy.post(&page, &form).await.is(412).says("2027-05-31");
    deisy.post(&format!("{page}/remove"), &[("version", "2")]).await.is(303);
    deisy.api("GET", &path, None).await.is(404);
}

#[db_test]
async fn a_coordinator_sees_a_document_the_holder_is_told_and_it_is_undone_or_taken_back(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut deisy, mut stenly) = (enter(&demo, "deisy").await, enter(&demo, "stenly").await);
    let person = id_of(&db, "deisy").await;
    let all = see(&demo, &mut stenly, (OTHER, &person), ("food-handler", 200)).await;
    let sight = all["items"][0]["seen"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        all["items"][0]["stated"], false,
        "nothing of it is shown to others before its holder says so"
    );
    let undo = format!("/api/v1/groups/{OTHER}/sights/{sight}/undo");
    stenly.api("POST", &undo, None).await.is(204);
    stenly.api("POST", &undo, None).await.is(404);
    let list = deisy.api("GET", "/api/v1/me/qualifications", None).await.is(200).json();
    assert_eq!(list["items"], json!([]), "nothing remains of what was undone");
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, &person, "qualifications-notice-seen").await, 0);
    let all = see(&demo, &mut stenly, (OTHER, &person), ("food-handler", 200)).await;
    let first = all["items"][0]["seen"][0]["id"].as_str().unwrap().to_owned();
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, &person, "qualifications-notice-seen").await, 1);
    deisy.get("/me/qualifications").await.is(200).says("Relawan Siaga Bencana");
    let late = format!("/api/v1/groups/{OTHER}/sights/{first}/undo");
    stenly.api("POST", &late, None).await.is(409);
    // Seen anew, the older one counts no longer; undone, it counts again.
    let all = see(&demo, &mut stenly, (OTHER, &person), ("food-handler", 400)).await;
    let second = &all["items"][0]["seen"][0];
    assert_eq!(all["items"][0]["seen"][1]["counts"], false);
    let undo = format!("/groups/{OTHER}/sights/{}/undo", second["id"].as_str().unwrap());
    stenly.post(&undo, &[]).await.is(303);
    let path = format!("/api/v1/groups/{OTHER}/members/{person}/qualifications");
    let now = stenly.api("GET", &path, None).await.is(200).json();
    assert_eq!(now["items"][0]["seen"][0]["counts"], true);
    // Taken back with a reason that its holder reads.
    let withdraw = format!("/groups/{OTHER}/sights/{first}/withdraw");
    stenly.post(&withdraw, &[("reason", "x")]).await.is(422);
    let gone = stenly.post(&withdraw, &[("reason", "Nomornya milik orang lain.")]).await.is(303);
    stenly.get(gone.location()).await.is(200).says("Nomornya milik orang lain.");
    stenly.post(&withdraw, &[("reason", "Nomornya milik orang lain.")]).await.is(409);
    pass(&demo, MINUTE).await;
    assert_eq!(told(&db, &person, "qualifications-notice-withdrawn").await, 1);
    deisy.get("/notices").await.is(200).says("Nomornya milik orang lain.");
    // Nobody records their own; another group's coordinator sees nothing of it.
    let own = id_of(&db, "stenly").await;
    let own = format!("/api/v1/groups/{OTHER}/members/{own}/qualifications");
    stenly.api("POST", &own, Some(json!({ "kind": "str" }))).await.is(409);
    enter(&demo, "novi").await.api("GET", &path, None).await.is(403);
    let over = json!({ "kind": "food-handler", "valid_until": today(&demo).plus_days(-1).to_string() });
    stenly.api("POST", &path, Some(over)).await.is(422);
    stenly.api("POST", &path, Some(json!({ "kind": "food-handler" }))).await.is(422);
}

#[db_test]
async fn holders_are_told_45_14_and_3_days_ahead_and_on_the_last_day_each_once(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let person = id_of(&db, "deisy").await;
    see(&demo, &mut stenly, (OTHER, &person), ("food-handler", 50)).await;
    demo.settle().await;
    let ends = async || told(&db, &person, "qualifications-notice-ends").await;
    let last = async || told(&db, &person, "qualifications-notice-last-day").await;
    assert_eq!(ends().await, 0);
    for (days, so_far) in [(4, 0), (1, 1), (1, 1), (30, 2), (11, 3)] {
        pass(&demo, days * DAY).await;
        assert_eq!((ends().await, last().await), (so_far, 0), "{days} days on");
    }
    pass(&demo, 3 * DAY).await;
    assert_eq!((ends().await, last().await), (3, 1));
    let coordinator = id_of(&db, "stenly").await;
    // The demonstration has one of its own that has ended meanwhile.
    let over = async || told(&db, &coordinator, "groups-notice-over").await - 1;
    assert_eq!(over().await, 0, "the last day counts");
    pass(&demo, DAY).await;
    assert_eq!(over().await, 1);
    pass(&demo, 40 * DAY).await;
    assert_eq!((ends().await, last().await), (3, 1));
    assert_eq!(over().await, 1);
    let mut stenly = enter(&demo, "stenly").await;
    let page = stenly.get(&format!("/groups/{OTHER}/qualifications")).await.is(200);
    page.says("Deisy Rorimpandey").says("Kedaluwarsa sejak");
}

#[db_test]
async fn two_nodes_that_look_at_once_tell_an_end_once(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let demo = &nodes[0];
    let mut stenly = enter(demo, "stenly").await;
    let person = id_of(&db, "deisy").await;
    see(demo, &mut stenly, (OTHER, &person), ("food-handler", 20)).await;
    demo.clock.advance(7 * DAY);
    at_once((0..8).map(|n| mapalus_app::qualifications::remind(&nodes[n % 2].app))).await;
    demo.settle().await;
    assert_eq!(told(&db, &person, "qualifications-notice-ends").await, 1);
}

/// Makes `deisy` hold a role with these permissions that asks for first aid; gives her id.
async fn runs_by_first_aid(db: &Db, permissions: &str) -> String {
    world::appoint(db, OTHER, "deisy", permissions).await;
    sql(db, "update roles set qualifications = 'first-aid' where place = 100", &[]).await;
    id_of(db, "deisy").await
}

#[db_test]
async fn a_role_rests_when_what_it_asks_for_is_over_and_goes_on_when_it_is_seen_anew(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut deisy, mut stenly) = (enter(&demo, "deisy").await, enter(&demo, "stenly").await);
    let person = runs_by_first_aid(&db, "members questions").await;
    let room = format!("/groups/{OTHER}/questions");
    demo.settle().await;
    deisy.get(&room).await.is(200);
    let list = format!("/api/v1/groups/{OTHER}/members");
    let gaps = async |browser: &mut Browser<'_>| {
        let all = browser.api("GET", &list, None).await.is(200).json();
        let items = all["items"].as_array().unwrap().clone();
        let own = items.iter().find(|item| item["person"] == json!(person)).unwrap();
        own["gaps"].as_array().unwrap().iter().find(|gap| gap["kind"] == "first-aid").cloned()
    };
    let missing = gaps(&mut stenly).await.unwrap();
    assert_eq!((&missing["lack"], &missing["rests"]), (&json!("missing"), &json!(false)));
    see(&demo, &mut stenly, (OTHER, &person), ("first-aid", 30)).await;
    assert_eq!(gaps(&mut stenly).await.unwrap()["lack"], "ends");
    assert!(gaps(&mut deisy).await.is_none(), "what ends soon is told to those who check");
    pass(&demo, 30 * DAY).await;
    (deisy, stenly) = (enter(&demo, "deisy").await, enter(&demo, "stenly").await);
    deisy.get(&room).await.is(200);
    pass(&demo, DAY).await;
    deisy.get(&room).await.is(403);
    deisy.get(&format!("/groups/{OTHER}/members")).await.is(200).says("Wewenang terhenti");
    let over = gaps(&mut stenly).await.unwrap();
    assert_eq!((&over["lack"], &over["rests"]), (&json!("over"), &json!(true)));
    let roles = stenly.api("GET", &format!("/api/v1/groups/{OTHER}/roles"), None).await.is(200).json();
    assert!(roles["items"].as_array().unwrap().iter().any(|role| role["gaps"][0]["rests"] == true));
    stenly.get(&format!("/groups/{OTHER}/roles")).await.is(200).says("Wewenang terhenti");
    assert_eq!(told(&db, &person, "groups-notice-rests").await, 1);
    let coordinator = id_of(&db, "stenly").await;
    assert_eq!(told(&db, &coordinator, "groups-notice-rests-other").await, 1);
    see(&demo, &mut stenly, (OTHER, &person), ("first-aid", 300)).await;
    demo.settle().await;
    deisy.get(&room).await.is(200);
    assert_eq!(told(&db, &person, "groups-notice-rests-no-more").await, 1);
    // Who removes what was seen gains nothing by it.
    let own = deisy.api("GET", "/api/v1/me/qualifications", None).await.is(200).json();
    let find = |own: &Json| {
        let items = own["items"].as_array().unwrap().clone();
        items.into_iter().find(|held| held["kind"] == "first-aid").unwrap()["id"].as_str().unwrap().to_owned()
    };
    deisy.api("DELETE", &format!("/api/v1/me/qualifications/{}", find(&own)), None).await.is(204);
    demo.settle().await;
    deisy.get(&room).await.is(403);
}

#[db_test]
async fn a_group_is_never_left_without_anybody_who_runs_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let own = id_of(&db, "stenly").await;
    let mut deisy = enter(&demo, "deisy").await;
    // The coordinator's own role asks for first aid; another saw it.
    let other = runs_by_first_aid(&db, "qualifications").await;
    see(&demo, &mut deisy, (OTHER, &own), ("first-aid", 10)).await;
    pass(&demo, 11 * DAY).await;
    let room = format!("/groups/{OTHER}/roles");
    stenly.get(&room).await.is(200);
    assert_eq!(told(&db, &own, "groups-notice-goes-on").await, 1);
    assert_eq!(told(&db, &own, "groups-notice-rests").await, 0);
    // Once another runs the group, his role rests.
    let all = "applications members roles settings path questions qualifications trainings";
    world::appoint(&db, OTHER, "fera", all).await;
    let roles = json!({ "roles": [] });
    let frangky = id_of(&db, "frangky").await;
    let path = format!("/api/v1/groups/{OTHER}/members/{frangky}/roles");
    stenly.api("PUT", &path, Some(roles)).await.is(204);
    demo.settle().await;
    stenly.get(&room).await.is(403);
    assert_eq!(told(&db, &own, "groups-notice-rests").await, 1);
    assert_eq!(told(&db, &other, "groups-notice-rests").await, 0);
}

#[db_test]
async fn what_was_taken_back_does_not_count_again_beside_what_was_seen_since(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let person = id_of(&db, "deisy").await;
    let all = see(&demo, &mut stenly, (OTHER, &person), ("food-handler", 200)).await;
    let first = all["items"][0]["seen"][0]["id"].as_str().unwrap().to_owned();
    pass(&demo, MINUTE).await;
    let sight = format!("/api/v1/groups/{OTHER}/sights/{first}");
    let reason = json!({ "reason": "Nomornya milik orang lain." });
    stenly.api("POST", &format!("{sight}/withdraw"), Some(reason)).await.is(204);
    see(&demo, &mut stenly, (OTHER, &person), ("food-handler", 400)).await;
    stenly.api("POST", &format!("{sight}/undo"), None).await.is(409).says("qualifications-too-late");
    let count = "select count(*) from sights where ended_at is null and qualification_id = (
        select qualification_id from sights where id = $1)";
    assert_eq!(value::<i64>(&db, count, &params![&first]).await, 1);
}

#[db_test]
async fn what_was_a_clearance_is_shown_to_nobody_new_when_it_is_none_any_more(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let kinds = format!("/api/v1/groups/{OTHER}/qualifications/kinds");
    let input = json!({ "name": "Catatan kepolisian", "clearance": true });
    let made = stenly.api("POST", &kinds, Some(input)).await.is(201).json();
    let kind = made["kind"].as_str().unwrap().to_owned();
    let person = id_of(&db, "deisy").await;
    see(&demo, &mut stenly, (OTHER, &person), (&kind, 100)).await;
    sql(&db, "update qualifications set audience = 'groups' where kind = $1", &params![&kind]).await;
    let plain = json!({ "name": "Catatan kepolisian", "clearance": false });
    stenly.api_if("PUT", &format!("{kinds}/{kind}"), 1, plain).await.is(200);
    let audience = "select audience from qualifications where kind = $1";
    assert_eq!(value::<String>(&db, audience, &params![&kind]).await, "me");
}

#[db_test]
async fn a_group_makes_kinds_of_its_own_that_its_roles_ask_for(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut novi) = (enter(&demo, "stenly").await, enter(&demo, "novi").await);
    let kinds = format!("/api/v1/groups/{OTHER}/qualifications/kinds");
    let input = json!({ "name": "Orientasi relawan", "months": "12", "issuer": "Pengurus" });
    let made = stenly.api("POST", &kinds, Some(input.clone())).await.is(201).json();
    let kind = made["kind"].as_str().unwrap().to_owned();
    stenly.api("POST", &kinds, Some(json!({ "name": "Orientasi", "months": "999" }))).await.is(422);
    let roles = format!("/api/v1/groups/{OTHER}/roles");
    let role = json!({ "name": "Pencatat", "qualifications": [kind] });
    stenly.api("POST", &roles, Some(role.clone())).await.is(201);
    demo.browser().get(&format!("/groups/{OTHER}")).await.is(200).says("Orientasi relawan");
    novi.api("POST", &format!("/api/v1/groups/{GROUP}/roles"), Some(role)).await.is(422);
    let person = id_of(&db, "deisy").await;
    see(&demo, &mut stenly, (OTHER, &person), (&kind, 100)).await;
    let path = format!("{kinds}/{kind}");
    stenly.api_if("PUT", &path, 9, input.clone()).await.is(412);
    stenly.api_if("PUT", &path, 1, json!({ "name": "Orientasi dasar" })).await.is(200);
    stenly.api("DELETE", &path, None).await.is(204);
    stenly.api("DELETE", &path, None).await.is(404);
    enter(&demo, "deisy").await.get("/me/qualifications").await.is(200).says("Orientasi dasar");
    let again = json!({ "kind": kind, "valid_until": "2030-01-01" });
    let member = format!("/api/v1/groups/{OTHER}/members/{person}/qualifications");
    stenly.api("POST", &member, Some(again)).await.is(422);
}

#[db_test]
async fn what_is_held_is_in_the_download_and_goes_with_its_holder(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut deisy, mut stenly) = (enter(&demo, "deisy").await, enter(&demo, "stenly").await);
    let person = id_of(&db, "deisy").await;
    let input = json!({ "kind": "food-handler", "valid_until": "2027-03-01", "number": "PP-77" });
    deisy.api("POST", "/api/v1/me/qualifications", Some(input)).await.is(201);
    see(&demo, &mut stenly, (OTHER, &person), ("food-handler", 90)).await;
    let data = deisy.get("/api/v1/me/data").await.is(200).json();
    assert_eq!(data["qualifications"][0]["number"], "PP-77");
    assert_eq!(data["qualifications"][0]["seen"][0]["seen_by"], "Stenly Walangitan");
    sql(&db, "update persons set state = 'closing', closing_at = 0 where id = $1", &params![&person]).await;
    pass(&demo, 15 * DAY).await;
    let left = "select (select count(*) from qualifications where person_id = $1)
        + (select count(*) from sights where qualification_id in (select id from qualifications where person_id = $1))
        + (select count(*) from end_reminders where qualification_id not in (select id from qualifications))";
    assert_eq!(value::<i64>(&db, left, &params![&person]).await, 0);
    let sights = "select count(*) from sights where qualification_id not in (select id from qualifications)";
    assert_eq!(value::<i64>(&db, sights, &[]).await, 0);
}
