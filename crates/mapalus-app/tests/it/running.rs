//! Running a group: its page is changed, roles are given and handed over, members invited, suspended, excluded.

use crate::{
    testing::{Browser, Instance},
    world::{self, GROUP, OTHER, at_once, enter, mail, value},
};
use mapalus_core::Permission;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

async fn id_of(db: &Db, key: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![mail(key)]).await
}

async fn role_named(browser: &mut Browser<'_>, group: &str, pick: impl Fn(&Json) -> bool) -> String {
    let roles = browser.api("GET", &format!("/api/v1/groups/{group}/roles"), None).await.is(200).json();
    let found = roles["items"].as_array().unwrap().iter().find(|role| pick(role)).expect("there is one");
    found["id"].as_str().unwrap().to_owned()
}

fn leads(role: &Json) -> bool {
    role["permissions"].as_array().unwrap().len() == Permission::ALL.len()
}

#[db_test]
async fn a_profile_names_the_groups_that_both_belong_to_and_no_other(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut fera, stenly) = (enter(&demo, "fera").await, id_of(&db, "stenly").await);
    let profile = format!("/people/{stenly}");
    let shared = "<a href=\"/groups/relawan-siaga";
    world::sql(&db, "update groups set visibility = 'private' where slug = $1", &params![OTHER]).await;
    let page = fera.get(&profile).await.is(200).says(shared);
    assert!(page.body.contains("Koordinator"), "the role stands beside it: {}", page.body);
    // Of who was suspended or has left the group's name is kept, as of a stranger.
    for state in ["suspended", "left"] {
        for one in ["stenly", "fera"] {
            let set =
                "update memberships set state = $2 where group_id = (select id from groups where slug = $3)
                and person_id = (select id from persons where mail_folded = $1)";
            world::sql(&db, set, &params![mail(one), state, OTHER]).await;
            let page = fera.get(&profile).await;
            assert!(!page.body.contains(shared), "{one} {state}: {}", page.body);
            world::sql(&db, set, &params![mail(one), "active", OTHER]).await;
        }
    }
    let mut meylan = enter(&demo, "meylan").await;
    assert!(!meylan.get(&profile).await.body.contains(shared));
}

#[db_test]
async fn a_coordinator_changes_the_page_and_everybody_sees_it(db: Db) {
    let demo = Instance::demo(db).await;
    let mut novi = enter(&demo, "novi").await;
    let form = novi.get(&format!("/groups/{GROUP}/settings")).await.is(200);
    assert!(form.body.contains("name=\"version\" value=\"2\""));
    let path = format!("/api/v1/groups/{GROUP}");
    let body = json!({
        "summary": "Menjaga pantai dan sungai bersama.",
        "rules": ["Pilah sampah.", "Pulang sebelum gelap."],
        "questions": [{ "ask": "Perlu membawa apa?", "answer": "Sarung tangan dan air minum." }],
        "taking": false,
    });
    let changed = novi.api("PATCH", &path, Some(body)).await.is(200).json();
    assert_eq!((changed["version"].as_i64(), changed["taking"].as_bool()), (Some(3), Some(false)));
    let page = demo.browser().get(&format!("/groups/{GROUP}")).await.is(200);
    for text in ["Menjaga pantai dan sungai bersama.", "Pulang sebelum gelap.", "Perlu membawa apa?"] {
        assert!(page.body.contains(text), "{text}");
    }
    let mut seeker = demo.enters("seeker").await;
    seeker.post(&format!("/groups/{GROUP}/join"), &[]).await.is(409);
    // What somebody else changed meanwhile is not written over.
    let fields = [
        ("name", "Nama lain"),
        ("summary", "Kalimat yang cukup panjang."),
        ("causes", "environment"),
        ("area", "Kota Manado"),
        ("sign_up", "application"),
        ("visibility", "public"),
        ("version", "1"),
    ];
    novi.post(&format!("/groups/{GROUP}/settings"), &fields).await.is(412).says("Nama lain");
}

#[db_test]
async fn a_group_turned_private_is_found_by_its_people_and_the_invited_alone(db: Db) {
    let demo = Instance::demo(db).await;
    let mut novi = enter(&demo, "novi").await;
    let body = json!({ "visibility": "private", "sign_up": "invitation" });
    novi.api("PATCH", &format!("/api/v1/groups/{GROUP}"), Some(body)).await.is(200);
    let mut meylan = demo.enters("seeker").await;
    meylan.get(&format!("/groups/{GROUP}")).await.is(404);
    let invite = format!("/groups/{GROUP}/invite");
    novi.post(&invite, &[("mail", &mail("meylan"))]).await.is(303);
    novi.post(&invite, &[("mail", "tidak.ada@contoh.id")]).await.is(303);
    novi.post(&invite, &[("mail", "bukan alamat")]).await.is(422);
    demo.clock.advance(20_000);
    demo.settle().await;
    meylan.get("/notices").await.is(200).says("Anda diundang bergabung");
    meylan.get(&format!("/groups/{GROUP}")).await.is(200);
    world::apply(&mut meylan, GROUP).await;
}

#[db_test]
async fn the_last_coordinator_hands_over_and_then_may_leave(db: Db) {
    let demo = Instance::demo(db).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let leave = format!("/groups/{OTHER}/leave");
    stenly.post(&leave, &[]).await.is(409);
    let id = id_of(&demo.app.db, "fera").await;
    fera.get(&format!("/groups/{OTHER}/settings")).await.is(403);
    stenly.post(&format!("/groups/{OTHER}/members/{id}/hand-over"), &[]).await.is(303);
    fera.get(&format!("/groups/{OTHER}/settings")).await.is(200);
    stenly.get(&format!("/groups/{OTHER}/settings")).await.is(403);
    stenly.post(&leave, &[]).await.is(303);
    demo.clock.advance(20_000);
    demo.settle().await;
    fera.get("/notices").await.is(200).says("Peran Anda");
}

#[db_test]
async fn a_member_is_suspended_restored_and_excluded_and_told_why(db: Db) {
    let demo = Instance::demo(db).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let at = format!("/groups/{OTHER}/members/{}", id_of(&demo.app.db, "fera").await);
    stenly.post(&format!("{at}/suspend"), &[("reason", "")]).await.is(422);
    stenly.post(&format!("{at}/suspend"), &[("reason", "Tiga kali tidak hadir.")]).await.is(303);
    fera.get(&format!("/groups/{OTHER}")).await.is(200).says("Tiga kali tidak hadir.");
    fera.get(&format!("/groups/{OTHER}/members")).await.is(403);
    stenly.get(&at).await.is(200).says("Tiga kali tidak hadir.");
    stenly.get(&format!("/groups/{OTHER}/members")).await.is(200).says("Ditangguhkan");
    // Undone within 20 seconds: nobody hears of it.
    stenly.post(&format!("{at}/restore"), &[]).await.is(303);
    demo.clock.advance(20_000);
    demo.settle().await;
    assert!(!fera.get("/notices").await.is(200).body.contains("ditangguhkan"));
    stenly.post(&format!("{at}/restore"), &[]).await.is(409);
    stenly.post(&format!("{at}/exclude"), &[("reason", "Melanggar aturan pertama.")]).await.is(303);
    demo.clock.advance(20_000);
    demo.settle().await;
    fera.get("/notices").await.is(200).says("Melanggar aturan pertama.");
    stenly.get(&at).await.is(404);
    fera.post(&format!("/groups/{OTHER}/join"), &[]).await.is(409);
}

#[db_test]
async fn one_who_arranges_roles_gives_no_more_than_they_hold(db: Db) {
    let demo = Instance::demo(db).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let leading = role_named(&mut stenly, OTHER, leads).await;
    world::appoint(&demo.app.db, OTHER, "fera", "roles").await;
    let id = id_of(&demo.app.db, "fera").await;
    let own = format!("/api/v1/groups/{OTHER}/members/{id}/roles");
    fera.api("PUT", &own, Some(json!({ "roles": [leading] }))).await.is(409);
    let roles = format!("/api/v1/groups/{OTHER}/roles");
    let all = json!({ "name": "Semua", "permissions": ["applications", "members", "roles", "settings", "path", "questions"] });
    fera.api("POST", &roles, Some(all.clone())).await.is(409);
    fera.api("PUT", &format!("{roles}/{leading}"), Some(json!({ "name": "Kosong" }))).await.is(409);
    let small = json!({ "name": "Pencatat", "permissions": ["roles"] });
    fera.api("POST", &roles, Some(small)).await.is(201);
    // The one role by which the group is run cannot lose what it allows, nor be removed.
    stenly.api("PUT", &format!("{roles}/{leading}"), Some(json!({ "name": "Kosong" }))).await.is(409);
    stenly.api("DELETE", &format!("{roles}/{leading}"), None).await.is(409);
    let other = role_named(&mut stenly, OTHER, |role| role["name"] == "Pencatat").await;
    stenly.api("DELETE", &format!("{roles}/{other}"), None).await.is(204);
    let foreign = role_named(&mut enter(&demo, "novi").await, GROUP, leads).await;
    stenly.api("PUT", &format!("{roles}/{foreign}"), Some(all)).await.is(404);
    stenly.api("PUT", &own, Some(json!({ "roles": [foreign] }))).await.is(404);
}

#[db_test]
async fn two_coordinators_who_go_at_once_leave_one(db: Db) {
    let demo = Instance::demo(db).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let leading = role_named(&mut stenly, OTHER, leads).await;
    let at = |id: &str| format!("/api/v1/groups/{OTHER}/members/{id}");
    let (one, two) = (id_of(&demo.app.db, "stenly").await, id_of(&demo.app.db, "fera").await);
    stenly.api("PUT", &format!("{}/roles", at(&two)), Some(json!({ "roles": [leading] }))).await.is(204);
    // Each takes the other's role away: one of them comes second, and is refused.
    let (first, second) = (format!("{}/roles", at(&two)), format!("{}/roles", at(&one)));
    let none = || Some(json!({ "roles": [] }));
    let answers = at_once([stenly.api("PUT", &first, none()), fera.api("PUT", &second, none())]).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert!(statuses == [204, 403] || statuses == [204, 409], "{statuses:?}");
    let left: i64 =
        value(&demo.app.db, "select count(*) from role_holders where role_id = $1", &params![leading]).await;
    assert_eq!(left, 1);
}

#[db_test]
async fn why_one_was_suspended_is_in_the_own_data_and_forgotten_with_the_person(db: Db) {
    let demo = Instance::demo(db).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let id = id_of(&demo.app.db, "fera").await;
    let reason = "Tiga kali tidak hadir tanpa kabar.";
    let suspend = format!("/groups/{OTHER}/members/{id}/suspend");
    stenly.post(&suspend, &[("reason", reason)]).await.is(303);
    fera.get("/api/v1/me/data").await.is(200).says(reason);
    let closing = "update persons set state = 'closing', closing_at = 1 where id = $1";
    assert_eq!(world::sql(&demo.app.db, closing, &params![&id]).await, 1);
    demo.settle().await;
    let of = "select state || ' ' || why from memberships
        join groups on groups.id = group_id where slug = $1 and person_id = $2";
    assert_eq!(value::<String>(&demo.app.db, of, &params![OTHER, &id]).await, "left erased");
}

#[db_test]
async fn a_role_that_was_changed_meanwhile_is_not_overwritten(db: Db) {
    let demo = Instance::demo(db).await;
    let mut stenly = enter(&demo, "stenly").await;
    let roles = format!("/api/v1/groups/{OTHER}/roles");
    let role =
        role_named(&mut stenly, OTHER, |role| role["permissions"].as_array().unwrap().is_empty()).await;
    let (at, page) = (format!("{roles}/{role}"), format!("/groups/{OTHER}/roles/{role}"));
    stenly.get(&page).await.is(200).says("name=\"version\" value=\"1\"");
    let named = |name: &str| json!({ "name": name });
    stenly.api_if("PUT", &at, 1, named("Dapur pertama")).await.is(200);
    // Over the API the newer state comes with the refusal.
    let late = stenly.api_if("PUT", &at, 1, named("Dapur kedua")).await.is(412);
    assert!(late.body.contains("Dapur pertama"), "{}", late.body);
    // On the page what was typed stays beside it, and sending it again counts.
    let form = [("name", "Dapur kedua"), ("version", "1")];
    let page_late = stenly.post(&page, &form).await.is(412);
    page_late.says("value=\"Dapur kedua\"").says("Dapur pertama").says("name=\"version\" value=\"2\"");
    stenly.post(&page, &[("name", "Dapur kedua"), ("version", "2")]).await.is(303);
    // What does not hold keeps the version that was seen.
    let short = stenly.post(&page, &[("name", ""), ("version", "1")]).await;
    assert!(short.body.contains("name=\"version\" value=\"1\"") || short.status == 412, "{}", short.body);
    stenly.api_if("DELETE", &at, 2, json!(null)).await.is(412);
}

#[db_test]
async fn of_two_who_change_a_role_at_once_one_is_told(db: Db) {
    let demo = Instance::demo(db).await;
    let mut stenly = enter(&demo, "stenly").await;
    let role =
        role_named(&mut stenly, OTHER, |role| role["permissions"].as_array().unwrap().is_empty()).await;
    let at = format!("/api/v1/groups/{OTHER}/roles/{role}");
    let mut other = stenly.again();
    for version in 1..4 {
        let body = |who: &str| json!({ "name": format!("{who} {version}") });
        let answers = at_once([
            stenly.api_if("PUT", &at, version, body("Satu")),
            other.api_if("PUT", &at, version, body("Dua")),
        ])
        .await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
    }
}

#[db_test]
async fn of_two_who_give_a_member_roles_at_once_one_is_told(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let fera = id_of(&db, "fera").await;
    let member = format!("/api/v1/groups/{OTHER}/members/{fera}");
    let seen = stenly.api("GET", &member, None).await.is(200).json();
    let version = seen["version"].as_i64().unwrap();
    assert!(!seen["roles"].as_array().unwrap().is_empty(), "{seen}");
    // One that she does not hold: else nothing would change, and nobody would have to be told.
    let is_new =
        |role: &Json| role["permissions"].as_array().unwrap().is_empty() && role["id"] != seen["roles"][0];
    let role = role_named(&mut stenly, OTHER, is_new).await;
    let mut other = stenly.again();
    let put = format!("{member}/roles");
    let answers = at_once([
        stenly.api_if("PUT", &put, version, json!({ "roles": [] })),
        other.api_if("PUT", &put, version, json!({ "roles": [role, seen["roles"][0]] })),
    ])
    .await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 412]);
    let late = answers.iter().find(|answer| answer.status == 412).unwrap();
    assert!(late.body.contains(&fera), "the member as they stand: {}", late.body);
    // By the page as well.
    let page = format!("/groups/{OTHER}/members/{fera}");
    let form = [("version", version.to_string())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    stenly.post(&format!("{page}/roles"), &form).await.is(412);
}
