//! One's own account over the API: what the pages do, a program does too, with a session; a token reaches none of what
//! opens or shuts the account.

use super::{PASSWORD, link, mail, newcomer, png};
use crate::{
    testing::{Browser, Instance, ORIGIN},
    world::{OTHER, enter, sql, value},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use mapalus_core::time::MINUTE;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

async fn sends_photo(browser: &mut Browser<'_>, bytes: Vec<u8>) -> crate::testing::Answer {
    let request = Request::post("/api/v1/me/photo").header(header::ORIGIN, ORIGIN);
    browser.send(request, Body::from(bytes)).await
}

async fn proves(browser: &mut Browser<'_>, password: &str) -> crate::testing::Answer {
    browser.api("POST", "/api/v1/sessions/proof", Some(json!({ "password": password }))).await
}

#[db_test]
async fn an_account_is_made_changed_and_closed_over_the_api(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = demo.browser();
    let account = json!({
        "name": "Suharti", "mail": "suharti@contoh.id", "password": PASSWORD, "age": "adult", "consent": true,
    });
    person.api("POST", "/api/v1/people", Some(account)).await.is(202);
    demo.settle().await;
    let letter = mail(&mut person, "suharti@contoh.id", "Aktifkan akun").await;
    let confirm = format!("/api/v1/confirm/{}", link(&letter, "confirm"));
    let begun = person.api("POST", &confirm, None).await.is(201).json();
    demo.browser().api("POST", &confirm, None).await.is(410);
    let sessions = person.api("GET", "/api/v1/sessions", None).await.is(200).json();
    assert_eq!((&sessions["items"][0]["id"], &sessions["items"][0]["current"]), (&begun["id"], &json!(true)));
    assert!(sessions["items"][0]["browser"].is_string() && sessions["next"].is_null());

    // What opens or shuts the account asks anew who it is, ten minutes after one signed in.
    demo.clock.advance(10 * MINUTE);
    let change = || Some(json!({ "mail": "baru@contoh.id" }));
    let new = || Some(json!({ "new_password": "teh dua cangkir sore" }));
    for (method, path, body) in [
        ("POST", "/api/v1/me/mail", change()),
        ("POST", "/api/v1/me/password", new()),
        ("POST", "/api/v1/me/close", None),
        ("GET", "/api/v1/me/data", None),
    ] {
        assert_eq!(person.api(method, path, body).await.is(403).json()["key"], "refusal-prove", "{path}");
    }
    proves(&mut person, "bukan ini").await.is(422);
    person.api("POST", "/api/v1/me/mail", change()).await.is(403);
    proves(&mut person, PASSWORD).await.is(204);
    person.api("POST", "/api/v1/me/mail", change()).await.is(202);
    demo.settle().await;
    let letter = mail(&mut person, "baru@contoh.id", "Pastikan alamat baru").await;
    person.api("POST", &format!("/api/v1/mail/{}", link(&letter, "mail")), None).await.is(204);
    assert_eq!(person.api("GET", "/api/v1/me", None).await.is(200).json()["mail"], "baru@contoh.id");

    person.api("POST", "/api/v1/me/password", new()).await.is(204);
    person.api("POST", "/api/v1/forgot", Some(json!({ "mail": "baru@contoh.id" }))).await.is(202);
    demo.browser()
        .api("POST", "/api/v1/forgot", Some(json!({ "mail": "tidak.ada@contoh.id" })))
        .await
        .is(202);
    demo.settle().await;
    let letter = mail(&mut person, "baru@contoh.id", "Buat kata sandi baru").await;
    let reset = format!("/api/v1/reset/{}", link(&letter, "reset"));
    let again = json!({ "password": PASSWORD });
    let mut elsewhere = demo.browser();
    elsewhere.api("POST", &reset, Some(again)).await.is(201);
    person.api("GET", "/api/v1/me", None).await.is(401);

    demo.clock.advance(10 * MINUTE);
    elsewhere.api("POST", "/api/v1/me/close", None).await.is(403);
    proves(&mut elsewhere, PASSWORD).await.is(204);
    elsewhere.api("POST", "/api/v1/me/close", None).await.is(204);
    elsewhere.api("GET", "/api/v1/me", None).await.is(401);
    // Who signs in within 14 days returns.
    let credentials = json!({ "mail": "baru@contoh.id", "password": PASSWORD });
    elsewhere.api("POST", "/api/v1/sessions", Some(credentials)).await.is(201);
    elsewhere.api("GET", "/api/v1/me", None).await.is(200);
}

#[db_test]
async fn photo_and_data_go_over_the_api_and_a_token_reaches_only_the_photo(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    person.api("GET", "/api/v1/me/photo", None).await.is(404);
    sends_photo(&mut person, b"not a picture at all".to_vec()).await.is(415);
    sends_photo(&mut person, Vec::new()).await.is(422);
    sends_photo(&mut person, png()).await.is(204);
    let photo = person.api("GET", "/api/v1/me/photo", None).await.is(200);
    assert_eq!(photo.headers[header::CONTENT_TYPE], "image/jpeg");
    assert!(image::load_from_memory(&photo.bytes).is_ok());
    let data = person.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert_eq!(data["account"]["mail"], "suharti@contoh.id");
    assert!(data["groups"]["roles"].is_array() && data["applications"]["decisions"].is_array());

    let secret = person.makes_token(&["profile:read", "profile:write"]).await;
    let mut program = demo.browser().with_token(&secret);
    program.api("GET", "/api/v1/me/photo", None).await.is(200);
    program.api("DELETE", "/api/v1/me/photo", None).await.is(204);
    person.api("GET", "/api/v1/me/photo", None).await.is(404);
    for (method, path) in [
        ("GET", "/api/v1/me/data"),
        ("GET", "/api/v1/sessions"),
        ("POST", "/api/v1/me/mail"),
        ("POST", "/api/v1/me/password"),
        ("POST", "/api/v1/me/close"),
    ] {
        program.api(method, path, Some(json!({}))).await.is(403);
    }
}

#[db_test]
async fn what_stood_on_pages_only_stands_in_the_api(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    demo.settle().await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    // Roles and decisions are in one's own data.
    let data = stenly.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert!(!data["groups"]["roles"].as_array().unwrap().is_empty());
    // The groups that two people share, with the other's roles.
    let id: String =
        value(&db, "select id from persons where mail_folded = $1", &params![crate::world::mail("stenly")])
            .await;
    let seen = fera.api("GET", &format!("/api/v1/people/{id}"), None).await.is(200).json();
    let shared = seen["groups"].as_array().unwrap().iter().find(|group| group["slug"] == OTHER).unwrap();
    assert!(!shared["roles"].as_array().unwrap().is_empty());
    let stranger = demo.browser().api("GET", &format!("/api/v1/people/{id}"), None).await;
    assert!(stranger.status == 404 || stranger.json()["groups"] == json!([]));
    // Notices are marked as read.
    fera.api("POST", "/api/v1/notices/read", None).await.is(204);
    let unread = "select count(*) from notices where person_id = (select id from persons where mail_folded = $1) and read_at is null";
    assert_eq!(value::<i64>(&db, unread, &params![crate::world::mail("fera")]).await, 0);
    assert!(fera.api("GET", "/api/v1/me/notices", None).await.is(200).json()["next"].is_null());
    // The mailbox of a demonstration, and the mailed invitation that stands in it.
    let invite = json!({ "mail": "suharti@contoh.id" });
    stenly.api("POST", &format!("/api/v1/groups/{OTHER}/invitations"), Some(invite)).await.is(201);
    demo.clock.advance(20_000);
    demo.settle().await;
    let mails = fera.api("GET", "/api/v1/mails", None).await.is(200).json();
    let mail =
        mails["items"].as_array().unwrap().iter().find(|mail| mail["to"] == "suharti@contoh.id").unwrap();
    let path = format!("/api/v1/mails/{}", mail["id"].as_str().unwrap());
    let text = fera.api("GET", &path, None).await.is(200).json()["text"].as_str().unwrap().to_owned();
    let link = text.split("/invitation/").nth(1).unwrap().split_whitespace().next().unwrap();
    let invitation = format!("/api/v1/invitation/{link}");
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    assert_eq!(demo.browser().api("GET", &invitation, None).await.is(200).json()["slug"], OTHER);
    demo.browser().api("POST", &invitation, None).await.is(401);
    person.api("POST", &invitation, None).await.is(204);
    person.api("POST", &format!("{invitation}/decline"), None).await.is(410);
    // An operator confirms by hand.
    let account = json!({
        "name": "Wati", "mail": "wati@contoh.id", "password": PASSWORD, "age": "adult", "consent": true,
    });
    demo.browser().api("POST", "/api/v1/people", Some(account)).await.is(202);
    fera.api("GET", "/api/v1/accounts", None).await.is(404);
    sql(
        &db,
        "update persons set operator = true where mail_folded = $1",
        &params![crate::world::mail("fera")],
    )
    .await;
    let waiting = fera.api("GET", "/api/v1/accounts", None).await.is(200).json();
    let wati = waiting["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|account| account["mail"] == "wati@contoh.id")
        .unwrap();
    let confirm = format!("/api/v1/accounts/{}/confirm", wati["id"].as_str().unwrap());
    fera.api("POST", &confirm, None).await.is(204);
    fera.api("POST", &confirm, None).await.is(404);
}

#[db_test]
async fn ones_applications_come_page_by_page(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut meylan = enter(&demo, "meylan").await;
    crate::world::apply(&mut meylan, OTHER).await;
    let more = "insert into applications (id, group_id, person_id, path_id, state, place, step_since, made_at, sent_at, reason, version)
        select $1, group_id, person_id, path_id, 'declined', 0, 0, 5, 5, '', 1 from applications
        where state = 'draft' and person_id = (select id from persons where mail_folded = $2)
        limit 1";
    for n in 0..25 {
        sql(&db, more, &params![format!("00000000-0000-7000-8000-{n:012x}"), crate::world::mail("meylan")])
            .await;
    }
    let (mut after, mut seen) = (String::new(), Vec::<Json>::new());
    loop {
        let page =
            meylan.api("GET", &format!("/api/v1/applications?after={after}"), None).await.is(200).json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 20);
        seen.extend(items.iter().map(|item| item["id"].clone()));
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    let all = seen.len();
    seen.sort_by_key(|id| id.as_str().unwrap().to_owned());
    seen.dedup();
    assert!(all >= 26 && all == seen.len(), "each once: {all}");
    meylan.api("GET", "/api/v1/applications?after=x", None).await.is(422);
}
