//! People are invited by mail address, with an account or without; they take it up, decline, or let it be.

use crate::{
    account::PASSWORD,
    testing::{Browser, Instance},
    world::{self, OTHER, enter, mail, set_visibility, sql, value},
};
use mapalus_core::time::DAY;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

const NEW: &str = "suharti@contoh.id";

async fn invite(browser: &mut Browser<'_>, address: &str) -> Json {
    let path = format!("/api/v1/groups/{OTHER}/invitations");
    browser.api("POST", &path, Some(json!({ "mail": address }))).await.is(201).json()
}

/// How many mails there are to an address.
async fn mails(db: &Db, address: &str) -> i64 {
    value(db, "select count(*) from mails where address = $1", &params![address]).await
}

/// The path of the invitation that was mailed last.
async fn mailed(demo: &Instance) -> String {
    let id: String =
        value(&demo.app.db, "select max(secret_link) from mails where secret_purpose = 'invitation'", &[])
            .await;
    format!("/invitation/{}", demo.app.key.link("invitation", id.parse().unwrap()))
}

async fn later(demo: &Instance) {
    demo.clock.advance(20_000);
    demo.settle().await;
}

#[db_test]
async fn an_address_without_an_account_leads_by_the_mailed_link_to_sign_up_and_to_the_group(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    set_visibility(&db, OTHER, "private").await;
    sql(&db, "update groups set sign_up = 'invitation' where slug = $1", &params![OTHER]).await;
    invite(&mut stenly, NEW).await;
    demo.settle().await;
    assert_eq!(mails(&db, NEW).await, 0, "it can still be undone");
    later(&demo).await;
    assert_eq!(mails(&db, NEW).await, 1);
    let path = mailed(&demo).await;
    let mut browser = demo.browser();
    let page = browser.get(&path).await.is(200);
    assert!(page.body.contains("Relawan Siaga") && page.body.contains(&format!("/sign-up?next={path}")));
    browser.post(&path, &[]).await.is(303);
    assert_eq!(value::<i64>(&db, "select count(*) from invitations where state = 'sent'", &[]).await, 1);

    let form = browser.get(&format!("/sign-up?next={path}")).await.is(200);
    assert!(form.body.contains(&format!("name=\"next\" value=\"{path}\"")));
    let mut fields = vec![
        ("name", "Suharti"),
        ("mail", NEW),
        ("password", "pendek"),
        ("age", "adult"),
        ("consent", "yes"),
        ("next", path.as_str()),
    ];
    // What was wrong is told with the way on kept.
    let again = browser.post("/sign-up", &fields).await.is(422);
    assert!(again.body.contains(&format!("name=\"next\" value=\"{path}\"")));
    fields[2].1 = PASSWORD;
    browser.post("/sign-up", &fields).await.is(303);
    let id: String = value(&db, "select max(id) from links where purpose = 'confirm'", &[]).await;
    let confirm = demo.app.key.link("confirm", id.parse().unwrap());
    let confirmed = browser.post(&format!("/confirm/{confirm}"), &[]).await.is(303);
    assert_eq!(confirmed.location(), path);
    browser.get(&format!("/groups/{OTHER}")).await.is(404);
    let taken = browser.post(&path, &[]).await.is(303);
    assert_eq!(taken.location(), format!("/groups/{OTHER}"));
    browser.get(&format!("/groups/{OTHER}")).await.is(200).says("/decline");
    world::apply(&mut browser, OTHER).await;
    // Once only, whoever has it.
    enter(&demo, "meylan").await.post(&path, &[]).await.is(410);
    demo.browser().get(&path).await.is(410);
    let own = browser.get("/api/v1/me/data").await.is(200).json();
    assert_eq!(own["groups"]["invitations"][0]["mail"], NEW);
}

#[db_test]
async fn the_answer_does_not_tell_whether_an_address_has_an_account(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    // A stranger to the instance, one to the group, a member of it.
    for address in [NEW.to_owned(), mail("meylan"), mail("fera")] {
        let made = invite(&mut stenly, &address).await;
        assert_eq!((&made["mail"], &made["state"]), (&json!(address), &json!("sent")));
        let undo = format!("/api/v1/groups/{OTHER}/invitations/{}/undo", made["id"].as_str().unwrap());
        stenly.api("POST", &undo, None).await.is(204);
        stenly.api("POST", &undo, None).await.is(409).says("groups-too-late");
        let again = invite(&mut stenly, &address).await;
        later(&demo).await;
        let undo = format!("/api/v1/groups/{OTHER}/invitations/{}/undo", again["id"].as_str().unwrap());
        stenly.api("POST", &undo, None).await.is(409).says("groups-too-late");
    }
    let list = format!("/api/v1/groups/{OTHER}/invitations");
    let list = stenly.api("GET", &list, None).await.is(200).json();
    let states: Vec<&Json> = list["items"].as_array().unwrap().iter().map(|item| &item["state"]).collect();
    assert_eq!(states, [&json!("sent"); 3]);
    enter(&demo, "fera").await.api("GET", &format!("/api/v1/groups/{OTHER}/invitations"), None).await.is(403);
}

#[db_test]
async fn an_invitation_that_is_undone_reaches_nobody(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut meylan) = (enter(&demo, "stenly").await, enter(&demo, "meylan").await);
    set_visibility(&db, OTHER, "private").await;
    // What the demonstration has told them is not counted.
    later(&demo).await;
    sql(&db, "delete from mails", &[]).await;
    let page = format!("/groups/{OTHER}");
    for address in [NEW.to_owned(), mail("meylan")] {
        stenly.post(&format!("{page}/invite"), &[("mail", &address)]).await.is(303);
        let undo = stenly.get(&format!("{page}/members")).await.is(200).body;
        let undo = undo.split(&format!("action=\"{page}/invitations/")).nth(1).unwrap();
        let id = undo.split('/').next().unwrap();
        stenly.post(&format!("{page}/invitations/{id}/undo"), &[]).await.is(303);
    }
    later(&demo).await;
    assert_eq!(mails(&db, NEW).await + mails(&db, &mail("meylan")).await, 0);
    meylan.get(&page).await.is(404);
    let left = "select count(*) from memberships join persons on persons.id = person_id
        join groups on groups.id = group_id where mail_folded = $1 and slug = $2";
    assert_eq!(value::<i64>(&db, left, &params![mail("meylan"), OTHER]).await, 0);
}

#[db_test]
async fn who_is_invited_declines_and_can_be_invited_anew(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut meylan) = (enter(&demo, "stenly").await, enter(&demo, "meylan").await);
    set_visibility(&db, OTHER, "private").await;
    let page = format!("/groups/{OTHER}");
    meylan.post(&format!("{page}/decline"), &[]).await.is(404);
    invite(&mut stenly, &mail("meylan")).await;
    later(&demo).await;
    let waits =
        mapalus_app::shell::locale::message(mapalus_app::shell::Lang::Id, "home-waits-invitation", &[]);
    meylan.get("/").await.is(200).says(&format!("<a href=\"{page}\">{waits}</a>"));
    meylan.get(&page).await.is(200).says(&format!("action=\"{page}/decline\""));
    let declined = meylan.post(&format!("{page}/decline"), &[]).await.is(303);
    assert_eq!(declined.location(), "/", "a private group is not there any more");
    meylan.get(&page).await.is(404);
    later(&demo).await;
    stenly.get("/notices").await.is(200).says("tidak ingin bergabung");
    stenly.get(&format!("{page}/members")).await.is(200).says("Ditolak");
    // Not asked again by itself, but anew by whoever runs the group.
    let before = mails(&db, &mail("meylan")).await;
    demo.clock.advance(DAY);
    demo.settle().await;
    assert_eq!(mails(&db, &mail("meylan")).await, before);
    invite(&mut stenly, &mail("meylan")).await;
    later(&demo).await;
    assert_eq!(mails(&db, &mail("meylan")).await, before + 1);
    let over_api = format!("/api/v1/groups/{OTHER}/decline");
    meylan.api("POST", &over_api, None).await.is(204);
    meylan.api("POST", &over_api, None).await.is(404);
}

#[db_test]
async fn a_mailed_invitation_is_declined_without_an_account_and_ends_by_itself(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    invite(&mut stenly, NEW).await;
    later(&demo).await;
    let first = mailed(&demo).await;
    // Asked already: no second mail.
    invite(&mut stenly, NEW).await;
    later(&demo).await;
    assert_eq!(mails(&db, NEW).await, 1);
    demo.browser().post(&format!("{first}/decline"), &[]).await.is(303);
    demo.browser().post(&format!("{first}/decline"), &[]).await.is(410);
    later(&demo).await;
    stenly.get("/notices").await.is(200).says("tidak ingin bergabung").says(NEW);
    demo.clock.advance(14 * DAY);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, "select count(*) from invitations", &[]).await, 0, "nothing is kept of it");
    invite(&mut stenly, NEW).await;
    later(&demo).await;
    let second = mailed(&demo).await;
    demo.browser().get(&second).await.is(200);
    demo.clock.advance(14 * DAY);
    demo.browser().get(&second).await.is(410);
    demo.browser().get("/invitation/tidak.ada").await.is(404);
}

#[db_test]
async fn invitations_are_bounded_for_each_who_sends_them_and_each_address(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let path = format!("/api/v1/groups/{OTHER}/invitations");
    for n in 0..30 {
        let body = json!({ "mail": format!("orang{n}@contoh.id") });
        stenly.api("POST", &path, Some(body)).await.is(201);
    }
    let more = || Some(json!({ "mail": "lagi@contoh.id" }));
    stenly.api("POST", &path, more()).await.is(429).says("groups-many-invitations");
    demo.clock.advance(DAY + 1);
    stenly.api("POST", &path, more()).await.is(201);
    // To one address not many in a short time, whoever asks: as for other mails.
    for _ in 0..4 {
        stenly.api("POST", &path, more()).await.is(201);
    }
    stenly.api("POST", &path, more()).await.is(429).says("people-too-many-tries");
}
