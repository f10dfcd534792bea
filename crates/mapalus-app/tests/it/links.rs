//! A friend is brought by a link: with its limits, by a browser and by a program, many at once.

use crate::{
    account::PASSWORD,
    races,
    testing::{Browser, Instance},
    world::{self, GROUP, OTHER, at_once, crowd, enter, mail, set_visibility, sql, value},
};
use mapalus_core::time::DAY;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

/// Makes a link; gives it, and the path of its address.
async fn make(browser: &mut Browser<'_>, group: &str, input: Json) -> (Json, String) {
    let made =
        browser.api("POST", &format!("/api/v1/groups/{group}/links"), Some(input)).await.is(201).json();
    let path = made["url"].as_str().unwrap().strip_prefix(crate::testing::ORIGIN).unwrap().to_owned();
    (made, path)
}

/// Lets links of a group spare these kinds of steps, and its members make them or not.
async fn allow(browser: &mut Browser<'_>, group: &str, by_members: bool, spares: &[&str]) {
    let rules = json!({ "by_members": by_members, "spares": spares });
    browser.api("PUT", &format!("/api/v1/groups/{group}/link-rules"), Some(rules)).await.is(200);
}

async fn state_of(db: &Db, group: &str, key: &str) -> String {
    let find = "select memberships.state from memberships join groups on groups.id = group_id
        join persons on persons.id = person_id where slug = $1 and mail_folded = $2";
    value(db, find, &params![group, mail(key)]).await
}

#[db_test]
async fn who_comes_by_a_link_is_a_member_after_three_taps_where_it_spares_the_decision(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut novi, mut meylan) = (enter(&demo, "novi").await, enter(&demo, "meylan").await);
    allow(&mut novi, GROUP, false, &["vouch", "decision"]).await;
    let input = json!({ "uses": 2, "days": 7, "spares": ["decision"], "note": "Pasar Bersehati" });
    let (made, path) = make(&mut novi, GROUP, input).await;
    let stored = "select count(*) from invite_links where id || note || spares like '%' || $1 || '%'";
    let secret = path.rsplit('.').next().unwrap();
    assert_eq!(value::<i64>(&db, stored, &params![secret]).await, 0, "the secret is nowhere");
    meylan.get(&path).await.is(200).says("Novi").says("Dilewati berkat undangan ini");
    // One: join.
    let begun = meylan.post(&path, &[]).await.is(303).location().to_owned();
    let id = begun.rsplit('/').next().unwrap();
    // Two: the form. Three: the agreement.
    let now = world::step(&mut meylan, &mut novi, id).await;
    assert_eq!((now["place"].as_i64(), now["state"].as_str()), (Some(2), Some("sent")), "{now}");
    let skipped = now["skipped"].as_object().unwrap();
    assert!(skipped.values().all(|why| why.as_str().unwrap().contains("Novi")) && skipped.len() == 1);
    world::step(&mut meylan, &mut novi, id).await;
    assert_eq!(state_of(&db, GROUP, "meylan").await, "active");
    let link = format!("/api/v1/groups/{GROUP}/links/{}", made["id"].as_str().unwrap());
    let seen = novi.api("GET", &link, None).await.is(200).json();
    assert_eq!((&seen["used"], &seen["takers"][0]["state"]), (&json!(1), &json!("active")));
    novi.get(&format!("/groups/{GROUP}/links")).await.is(200).says("Meylan").says("Pasar Bersehati");
    // A member does not take the place of another.
    meylan.get(&path).await.is(200).says("sudah termasuk");
    meylan.post(&path, &[]).await.is(409);
    assert_eq!(novi.api("GET", &link, None).await.is(200).json()["used"], 1);
    let own = meylan.get("/api/v1/me/data").await.is(200).json();
    assert_eq!(own["groups"]["links_taken"].as_array().unwrap().len(), 1);
    assert_eq!(
        novi.get("/api/v1/me/data").await.is(200).json()["groups"]["links_made"][0]["note"],
        "Pasar Bersehati"
    );
}

#[db_test]
async fn one_without_an_account_makes_it_on_the_page_of_the_link_and_comes_back_to_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    sql(&db, "update groups set sign_up = 'invitation' where slug = $1", &params![OTHER]).await;
    let (_, path) = make(&mut stenly, OTHER, json!({ "uses": 1, "days": 1 })).await;
    let mut browser = demo.browser();
    let page = browser.get(&path).await.is(200).says("action=\"/sign-up\"");
    assert!(page.body.contains(&format!("name=\"next\" value=\"{path}\"")));
    // What is typed: three fields.
    let typed = ["name=\"name\"", "name=\"mail\"", "name=\"password\"", "name=\"call\""]
        .map(|name| page.body.contains(name));
    assert_eq!(typed, [true, true, true, false]);
    let fields = [
        ("name", "Suharti"),
        ("mail", "suharti@contoh.id"),
        ("password", PASSWORD),
        ("age", "adult"),
        ("consent", "yes"),
        ("next", path.as_str()),
    ];
    browser.post("/sign-up", &fields).await.is(303);
    assert_eq!(
        value::<i64>(&db, "select cast(coalesce(sum(used), 0) as bigint) from invite_links", &[]).await,
        0,
        "not before it is confirmed"
    );
    let id: String = value(&db, "select max(id) from links where purpose = 'confirm'", &[]).await;
    let confirm = demo.app.key.link("confirm", id.parse().unwrap());
    let confirmed = browser.post(&format!("/confirm/{confirm}"), &[]).await.is(303);
    assert_eq!(confirmed.location(), path);
    let begun = browser.post(&path, &[]).await.is(303);
    assert!(begun.location().starts_with("/applications/"));
    browser.get(begun.location()).await.is(200);
    // Again, by the same person: to the same application, and no second place is taken.
    assert_eq!(browser.post(&path, &[]).await.is(303).location(), begun.location());
    let mut other = enter(&demo, "meylan").await;
    other.post(&path, &[]).await.is(410).says("sudah dipakai oleh semua orang");
    other.get(&path).await.is(410).says(&format!("/groups/{OTHER}"));
}

#[db_test]
async fn a_link_that_does_not_hold_says_what_happened(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut meylan) = (enter(&demo, "stenly").await, enter(&demo, "meylan").await);
    let (made, path) = make(&mut stenly, OTHER, json!({ "uses": 5, "days": 1 })).await;
    let one = format!("/groups/{OTHER}/links/{}", made["id"].as_str().unwrap());
    stenly.get(&one).await.is(200).says(&path).says("wa.me");
    stenly.post(&format!("{one}/withdraw"), &[]).await.is(303);
    meylan.get(&path).await.is(410).says("sudah ditarik");
    meylan.api("POST", &format!("/api/v1/invites/{}", path.rsplit('/').next().unwrap()), None).await.is(410);
    let (_, path) = make(&mut stenly, OTHER, json!({ "uses": 5, "days": 1 })).await;
    demo.clock.advance(DAY);
    meylan.get(&path).await.is(410).says("sudah habis");
    meylan.get("/invite/tidak.ada").await.is(404);
    // Of a private group a link that does not hold tells nothing.
    let (_, path) = make(&mut stenly, OTHER, json!({ "uses": 1, "days": 1 })).await;
    set_visibility(&db, OTHER, "private").await;
    meylan.get(&path).await.is(200).says("Relawan Siaga Bencana");
    demo.clock.advance(DAY);
    meylan.get(&path).await.is(410).lacks("Relawan Siaga Bencana").says("href=\"/groups\"");
    // Nor does it hold longer than its maker may invite.
    let (_, path) = make(&mut stenly, OTHER, json!({ "uses": 1, "days": 1 })).await;
    let taken = "delete from role_holders where person_id = (select id from persons where mail_folded = $1)";
    sql(&db, taken, &params![mail("stenly")]).await;
    meylan.post(&path, &[]).await.is(410).says("sudah ditarik");
    // In the end nothing is kept of it.
    demo.clock.advance(40 * DAY);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, "select count(*) from invite_links", &[]).await, 0);
}

#[db_test]
async fn members_make_links_where_the_group_says_so_and_spare_no_decision(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let links = format!("/api/v1/groups/{OTHER}/links");
    let input = |spares: &[&str]| Some(json!({ "uses": 5, "days": 7, "spares": spares }));
    fera.api("POST", &links, input(&[])).await.is(409).says("groups-links-not-by-members");
    fera.get(&format!("/groups/{OTHER}/links")).await.is(200).says("hanya pengurus yang membuat");
    allow(&mut stenly, OTHER, true, &["vouch", "decision"]).await;
    fera.api("POST", &links, input(&["decision"])).await.is(422).says("groups-wrong-spares");
    let (made, path) = make(&mut fera, OTHER, input(&["vouch"]).unwrap()).await;
    let (_, other) = make(&mut stenly, OTHER, input(&["decision"]).unwrap()).await;
    // One sees one's own; who may invite sees all.
    let count = |list: Json| list["items"].as_array().unwrap().len();
    assert_eq!(count(fera.api("GET", &links, None).await.is(200).json()), 1);
    assert_eq!(count(stenly.api("GET", &links, None).await.is(200).json()), 2);
    let one = format!("{links}/{}", made["id"].as_str().unwrap());
    stenly.api("GET", &one, None).await.is(200);
    enter(&demo, "meylan").await.api("GET", &one, None).await.is(404);
    // The rules change as they were read.
    let rules = format!("/api/v1/groups/{OTHER}/link-rules");
    let none = json!({ "by_members": false, "spares": [] });
    stenly.api_if("PUT", &rules, 7, none.clone()).await.is(412);
    stenly.api_if("PUT", &rules, 1, none.clone()).await.is(200);
    fera.api("PUT", &rules, Some(none)).await.is(403);
    // What the group allows no more does not hold, nor is it spared.
    let mut meylan = enter(&demo, "meylan").await;
    meylan.get(&path).await.is(410);
    meylan.get(&other).await.is(200).lacks("Dilewati");
    let fields = [("by_members", "yes"), ("spares", "vouch"), ("version", "2")];
    stenly.post(&format!("/groups/{OTHER}/links/rules"), &fields).await.is(303);
    meylan.get(&path).await.is(200);
    let form = [("uses", "1"), ("days", "1"), ("note", "")];
    let done = fera.post(&format!("/groups/{OTHER}/links"), &form).await.is(303).location().to_owned();
    fera.get(&done).await.is(200).says("/invite/");
    fera.api("DELETE", &format!("/api/v1{done}"), None).await.is(204);
}

#[db_test]
async fn who_was_sent_away_does_not_come_back_by_a_link(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let (_, path) = make(&mut stenly, OTHER, json!({ "uses": 5, "days": 7 })).await;
    let mut fera = enter(&demo, "fera").await;
    for state in ["excluded", "suspended"] {
        world::set_membership(&db, OTHER, "fera", state).await;
        fera.post(&path, &[]).await.is(409);
    }
    fera.post(&format!("/groups/{OTHER}/leave"), &[]).await.is(303);
    fera.post(&path, &[]).await.is(409);
    assert_eq!(
        value::<i64>(&db, "select cast(coalesce(sum(used), 0) as bigint) from invite_links", &[]).await,
        0
    );
    sql(&db, "update groups set taking = false where slug = $1", &params![OTHER]).await;
    // Who is invited comes, also while the group takes nobody who comes by themselves.
    enter(&demo, "meylan").await.post(&path, &[]).await.is(303);
    assert_eq!(
        value::<i64>(&db, "select cast(coalesce(sum(used), 0) as bigint) from invite_links", &[]).await,
        1
    );
}

#[db_test]
async fn a_draft_that_is_carried_to_another_path_is_spared_there_too(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut novi, mut meylan) = (enter(&demo, "novi").await, enter(&demo, "meylan").await);
    allow(&mut novi, GROUP, false, &["vouch", "decision"]).await;
    let (_, path) =
        make(&mut novi, GROUP, json!({ "uses": 1, "days": 7, "spares": ["vouch", "decision"] })).await;
    let begun = meylan.post(&path, &[]).await.is(303).location().to_owned();
    let steps = json!({ "items": [
        { "kind": "form", "name": "Formulir", "days": 7, "questions": [{ "key": "why", "kind": "short", "required": true,
            "label": "Mengapa?", "why": "Supaya kenal.", "visible": "reviewers", "delete_days": 30 }] },
        { "kind": "vouch", "name": "Rekomendasi", "days": 7, "needed": 1 },
        { "kind": "agreement", "name": "Janji", "text": "Saya datang tepat waktu.", "days": 7 },
        { "kind": "decision", "name": "Keputusan", "days": 7 },
    ] });
    novi.api("PUT", &format!("/api/v1/groups/{GROUP}/path"), Some(steps)).await.is(200);
    demo.clock.advance(20_000);
    demo.settle().await;
    let one = format!("/api/v1{begun}");
    let now = meylan.api("GET", &one, None).await.is(200).json();
    assert_eq!((now["place"].as_i64(), now["skipped"].as_object().unwrap().len()), (Some(0), 2), "{now}");
    let answers = json!({ "answers": { "why": ["Diajak teman."] } });
    let now = meylan.api("POST", &format!("{one}/send"), Some(answers)).await.is(200).json();
    assert_eq!(now["place"], 2, "the vouch is passed over: {now}");
    meylan.api("POST", &format!("{one}/agree"), None).await.is(200);
    assert_eq!(state_of(&db, GROUP, "meylan").await, "active");
}

#[db_test]
async fn of_five_hundred_who_come_by_a_link_for_five_exactly_five_get_in(db: Db) {
    let nodes = races::nodes(&db).await;
    let mut stenly = enter(&nodes[0], "stenly").await;
    let (made, path) = make(&mut stenly, OTHER, json!({ "uses": 5, "days": 7 })).await;
    let all = crowd(&nodes[0], 500).await;
    let mut all = races::spread(&all, &nodes);
    let answers = at_once(all.iter_mut().map(|browser| browser.post(&path, &[]))).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status.as_u16() == status).count();
    let others: Vec<u16> =
        answers.iter().map(|a| a.status.as_u16()).filter(|status| ![303, 410].contains(status)).collect();
    assert_eq!((count(303), count(410), others), (5, 495, Vec::new()));
    let told = answers.iter().filter(|answer| answer.status.as_u16() == 410);
    assert!(told.clone().all(|answer| answer.body.contains("sudah dipakai oleh semua orang")));
    let taken = "select count(*) from link_takers where link_id = $1";
    let id = made["id"].as_str().unwrap();
    assert_eq!(value::<i64>(&db, taken, &params![id]).await, 5);
    assert_eq!(value::<i64>(&db, "select used from invite_links where id = $1", &params![id]).await, 5);
    let invited = "select count(*) from memberships join persons on persons.id = person_id
        where mail_folded like 'orang%' and memberships.state = 'invited'";
    assert_eq!(value::<i64>(&db, invited, &[]).await, 5);
}
