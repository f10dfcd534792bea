//! Personal tokens: made, used, noted, ended; and what they never open.

use super::{PASSWORD, mail, newcomer};
use crate::{
    races::nodes,
    testing::{Answer, Browser, Instance, ORIGIN},
    world::{at_once, sql, value},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use mapalus_core::time::{DAY, HOUR, MINUTE};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

const FORM: [(&str, &str); 4] =
    [("name", "Laporan bulanan"), ("scopes", "profile:read"), ("scopes", "groups:read"), ("days", "7")];

/// The secret that a page tells.
fn secret(page: &str) -> String {
    let at = page.find("map_").unwrap_or_else(|| panic!("no secret in {page}"));
    page[at..].split('<').next().unwrap().to_owned()
}

/// Asserts that a token was refused, and what is told of it.
#[track_caller]
fn refused(answer: Answer, which: &str) {
    let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap().to_owned();
    let problem = answer.is(401).json();
    assert_eq!(problem["key"], format!("refusal-token-{which}"));
    let told = format!("Bearer realm=\"mapalus\", error=\"invalid_token\", error_description=\"{which}\"");
    assert_eq!(challenge, told);
}

async fn used_at(db: &Db) -> i64 {
    value(db, "select coalesce(max(used_at), 0) from tokens", &[]).await
}

#[db_test]
async fn a_token_is_made_by_a_form_shown_once_used_and_ended(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    person.get("/me/settings").await.is(200).says("href=\"/me/tokens\"");
    person.get("/me/tokens").await.is(200).says("Belum ada token");
    person.post("/me/tokens", &[("name", ""), ("days", "7")]).await.is(422).says("Bagian ini perlu diisi");
    person.post("/me/tokens", &[("name", "X"), ("scopes", "all"), ("days", "7")]).await.is(422);
    person.post("/me/tokens", &[("name", "X"), ("scopes", "groups:read"), ("days", "8")]).await.is(422);
    let made = person.post("/me/tokens", &FORM).await.is(201);
    assert_eq!(made.headers[header::CACHE_CONTROL], "no-store");
    let secret = secret(&made.body);
    assert_eq!(secret.len(), 60);

    let mut program = demo.browser().with_token(&secret);
    assert_eq!(program.api("GET", "/api/v1/me", None).await.is(200).json()["name"], "Suharti");
    let listed = person.get("/me/tokens").await.is(200).says("Laporan bulanan").says("Terakhir dipakai").body;
    assert!(!listed.contains("map_"), "it is shown once: {listed}");
    let data = person.get("/api/v1/me/data").await.is(200).says("Laporan bulanan").body;
    assert!(!data.contains("map_") && data.contains("groups:read"), "{data}");

    // Nothing of the secret is kept anywhere but its digest.
    let body = secret[4..].to_owned();
    for rows in [
        "select count(*) from tokens where name || secret_digest || scopes like $1",
        "select count(*) from audit where action || subject || why like $1",
        "select count(*) from outbox where payload like $1",
        "select count(*) from once where value || coalesce(location, '') || coalesce(done, '') like $1",
        "select count(*) from mails where arguments || path like $1",
    ] {
        assert_eq!(value::<i64>(&db, rows, &params![format!("%{body}%")]).await, 0, "{rows}");
    }

    let id = listed.split("/me/tokens/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    demo.enters("member").await.post(&format!("/me/tokens/{id}/end"), &[]).await.is(404);
    program.api("GET", "/api/v1/me", None).await.is(200);
    person.post(&format!("/me/tokens/{id}/end"), &[]).await.is(303);
    refused(program.api("GET", "/api/v1/me", None).await, "ended");
    person.post(&format!("/me/tokens/{id}/end"), &[]).await.is(404);
    person.get("/me/tokens").await.is(200).says("Belum ada token");
}

#[db_test]
async fn the_same_form_sent_twice_makes_one_token_and_tells_the_same_secret(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    let first = person.post_once("/me/tokens", &FORM, "formulir").await.is(201).body;
    let second = person.post_once("/me/tokens", &FORM, "formulir").await.is(201).body;
    assert_eq!(secret(&first), secret(&second));
    let call = async |browser: &mut Browser<'_>| {
        let request = Request::post("/api/v1/tokens")
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "1");
        let body = json!({ "name": "Skrip", "scopes": ["groups:read"] });
        browser.send(request, Body::from(body.to_string())).await.is(201).json()
    };
    let (first, second) = (call(&mut person).await, call(&mut person).await);
    assert_eq!(first, second);
    assert_eq!(value::<i64>(&db, "select count(*) from tokens", &[]).await, 2);
    // Ended meanwhile: the secret of a token that opens nothing is not told again.
    sql(&db, "update tokens set ended_at = 1, place = null", &[]).await;
    person.post_once("/me/tokens", &FORM, "formulir").await.is(410).says("sudah Anda akhiri");
}

#[db_test]
async fn a_request_with_a_token_is_answered_by_the_token_alone(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut member = demo.enters("member").await;
    let secret = member.makes_token(&["groups:read", "joining:write"]).await;
    member.api("GET", "/api/v1/me", None).await.is(200);
    let last = if secret.ends_with('0') { "1" } else { "0" };
    let mistyped = format!("{}{last}", &secret[..59]);
    let foreign = mapalus_app::shell::secrets::InstanceKey::new(&mapalus_core::chance::SystemChance);
    let id = member.api("GET", "/api/v1/tokens", None).await.json()["items"][0]["id"].clone();
    let forged = foreign.token(id.as_str().unwrap().parse().unwrap(), "");
    for wrong in ["", "x", "map_", &mistyped, &forged, "' or 1=1 --", &"a".repeat(5_000)] {
        refused(member.with_token(wrong).api("GET", "/api/v1/groups", None).await, "unknown");
    }
    for scheme in ["bearer", "BEARER"] {
        let request =
            Request::get("/api/v1/groups").header(header::AUTHORIZATION, format!("{scheme} {secret}"));
        demo.browser().send(request, Body::empty()).await.is(200);
    }
    let not_text = [b"Bearer \xff".as_slice(), b"Bearer"];
    for header_value in not_text {
        let value = axum::http::HeaderValue::from_bytes(header_value).unwrap();
        let request = Request::get("/api/v1/groups").header(header::AUTHORIZATION, value);
        refused(member.again().send(request, Body::empty()).await, "unknown");
    }

    // A scope that is missing is named, for people and for programs.
    let answer = member.with_token(&secret).api("GET", "/api/v1/me", None).await;
    let challenge = answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap().to_owned();
    assert!(challenge.contains("insufficient_scope") && challenge.ends_with("scope=\"profile:read\""));
    assert_eq!(answer.is(403).json()["arguments"]["scope"], "profile:read");
    let stranger = demo.browser().api("GET", "/api/v1/me", None).await.is(401);
    assert_eq!(stranger.headers[header::WWW_AUTHENTICATE], "Bearer realm=\"mapalus\"");

    // A page is for no program, and a token of another house is a proxy's affair.
    member.with_token(&secret).get("/me").await.is(403).says("Token tidak berlaku di sini");
    member.with_token("map_x").get("/").await.is(403);
    member.with_token("of a proxy").get("/me").await.is(200);
    member.with_token(&secret).get("/api/openapi.json").await.is(200);

    // No browser sends it by itself: where the request comes from is not asked.
    let begin = Request::post("/api/v1/groups/relawan-lingkungan-teluk-manado/applications")
        .header("sec-fetch-site", "cross-site");
    member.with_token(&secret).send(begin, Body::empty()).await.is(201);
    // The record says which program did it.
    let recorded = "select count(*) from audit where action = 'Apply' and token = $1";
    assert_eq!(value::<i64>(&db, recorded, &params![id.as_str().unwrap()]).await, 1);
    assert_eq!(value::<i64>(&db, "select count(*) from audit where token is not null", &[]).await, 1);
}

#[db_test]
async fn a_token_ends_by_itself_and_is_forgotten_a_month_later(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    let secret = secret(&person.post("/me/tokens", &FORM).await.is(201).body);
    let mut program = demo.browser().with_token(&secret);
    demo.clock.advance(7 * DAY - MINUTE);
    demo.settle().await;
    program.api("GET", "/api/v1/me", None).await.is(200);
    demo.clock.advance(MINUTE);
    refused(program.api("GET", "/api/v1/me", None).await, "expired");
    person.get("/me/tokens").await.is(200).says("lewat waktu");
    demo.clock.advance(30 * DAY - MINUTE);
    demo.settle().await;
    refused(program.api("GET", "/api/v1/me", None).await, "expired");
    demo.clock.advance(HOUR + MINUTE);
    demo.settle().await;
    refused(program.api("GET", "/api/v1/me", None).await, "unknown");
    assert_eq!(value::<i64>(&db, "select count(*) from tokens", &[]).await, 0);
}

#[db_test]
async fn the_use_of_a_token_is_noted_once_an_hour(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let secret = demo.enters("member").await.makes_token(&["groups:read", "profile:read"]).await;
    let mut program = demo.browser().with_token(&secret);
    assert_eq!(used_at(&db).await, 0);
    program.api("GET", "/api/v1/me", None).await.is(200);
    let first = used_at(&db).await;
    assert_eq!(first, demo.app.clock.now().0);
    demo.clock.advance(59 * MINUTE);
    program.api("GET", "/api/v1/me", None).await.is(200);
    assert_eq!(used_at(&db).await, first);
    demo.clock.advance(MINUTE);
    program.api("GET", "/api/v1/me", None).await.is(200);
    assert_eq!(used_at(&db).await, first + HOUR);
}

#[db_test]
async fn of_many_tokens_that_are_made_at_once_twenty_work(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut member = demo.enters("member").await;
    for _ in 0..16 {
        member.makes_token(&["groups:read"]).await;
    }
    let input = || json!({ "name": "Skrip", "scopes": ["groups:read"], "days": 7 });
    demo.clock.advance(16 * MINUTE);
    let mut tabs: Vec<Browser<'_>> = (0..8).map(|_| member.again()).collect();
    let answers = at_once(tabs.iter_mut().map(|tab| tab.api("POST", "/api/v1/tokens", Some(input())))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 201, 409, 409, 409, 409]);
    let full = answers.iter().find(|answer| answer.status == 409).unwrap().json();
    assert_eq!((&full["key"], &full["arguments"]["most"]), (&"people-tokens-full".into(), &20.into()));

    // One that ended, and those that are over, make room.
    let list = member.api("GET", "/api/v1/tokens", None).await.is(200).json();
    let id = list["items"][19]["id"].as_str().unwrap();
    member.api("DELETE", &format!("/api/v1/tokens/{id}"), None).await.is(204);
    member.makes_token(&["groups:read"]).await;
    member.api("POST", "/api/v1/tokens", Some(input())).await.is(409);
    demo.clock.advance(8 * DAY);
    for _ in 0..4 {
        member.makes_token(&["groups:read"]).await;
    }
    member.api("POST", "/api/v1/tokens", Some(input())).await.is(409);
}

#[db_test]
async fn tokens_are_made_twenty_times_in_a_quarter_of_an_hour_at_most(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    for _ in 0..20 {
        member.makes_token(&["groups:read"]).await;
        let list = member.api("GET", "/api/v1/tokens", None).await.is(200).json();
        let id = list["items"][0]["id"].as_str().unwrap();
        member.api("DELETE", &format!("/api/v1/tokens/{id}"), None).await.is(204);
    }
    let input = json!({ "name": "Skrip", "scopes": ["groups:read"] });
    let often = member.api("POST", "/api/v1/tokens", Some(input)).await.is(429).json();
    assert_eq!(often["key"], "people-tokens-often");
    demo.clock.advance(15 * MINUTE);
    member.makes_token(&["groups:read"]).await;
}

#[db_test]
async fn a_new_token_is_told_and_no_token_makes_ends_or_lists_any(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    let every: Vec<&str> = mapalus_core::Scope::ALL.iter().map(|scope| scope.word()).collect();
    let secret = person.makes_token(&every).await;
    demo.settle().await;
    let letter = mail(&mut person, "suharti@contoh.id", "Token API baru").await;
    assert!(letter.contains("Laporan") && !letter.contains("map_"), "{letter}");
    person.get("/notices").await.is(200).says("href=\"/me/tokens\"").says("Laporan");

    let id = person.api("GET", "/api/v1/tokens", None).await.json()["items"][0]["id"].clone();
    let mut program = person.with_token(&secret);
    let input = json!({ "name": "Skrip", "scopes": ["groups:read"] });
    for (method, path, body) in [
        ("GET", "/api/v1/tokens".to_owned(), None),
        ("POST", "/api/v1/tokens".to_owned(), Some(input)),
        ("DELETE", format!("/api/v1/tokens/{}", id.as_str().unwrap()), None),
        (
            "POST",
            "/api/v1/sessions".to_owned(),
            Some(json!({ "mail": "suharti@contoh.id", "password": PASSWORD })),
        ),
    ] {
        let problem = program.api(method, &path, body).await.is(403).json();
        assert_eq!(problem["key"], "refusal-token-never", "{method} {path}");
    }
}

#[db_test]
async fn a_token_outlives_a_password_and_dies_with_the_account(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    let secret = person.makes_token(&["profile:read"]).await;
    let mut program = demo.browser().with_token(&secret);
    let change = [("new_password", "teh dua cangkir sore")];
    person.post("/me/password", &change).await.is(303);
    program.api("GET", "/api/v1/me", None).await.is(200);

    // A new one by mail is for who lost the account: whoever made tokens meanwhile loses them.
    let again = person.makes_token(&["profile:read"]).await;
    let mut thief = demo.browser().with_token(&again);
    thief.api("GET", "/api/v1/me", None).await.is(200);
    demo.browser().post("/forgot", &[("mail", "suharti@contoh.id")]).await.is(303);
    demo.settle().await;
    let letter = mail(&mut person, "suharti@contoh.id", "kata sandi baru").await;
    let mut owner = demo.browser();
    let reset = format!("/reset/{}", super::link(&letter, "reset"));
    owner.post(&reset, &[("password", change[0].1)]).await.is(303);
    refused(thief.api("GET", "/api/v1/me", None).await, "ended");
    refused(program.api("GET", "/api/v1/me", None).await, "ended");
    let mut person = owner;

    person.post("/me/close", &[]).await.is(303);
    refused(program.api("GET", "/api/v1/me", None).await, "unknown");
    assert_eq!(value::<i64>(&db, "select count(*) from tokens", &[]).await, 0);
    demo.clock.advance(DAY);
    person.post("/sign-in", &[("mail", "suharti@contoh.id"), ("password", change[0].1)]).await.is(303);
    person.get("/me").await.is(200);
    refused(program.api("GET", "/api/v1/me", None).await, "unknown");
}

#[db_test]
async fn a_person_is_reminded_once_of_a_token_that_ends_in_a_week_whichever_node_looks(db: Db) {
    let nodes = nodes(&db).await;
    let demo = &nodes[0];
    let mut person = newcomer(demo, "Suharti", "suharti@contoh.id").await;
    for (name, days) in [("Laporan bulanan", "30"), ("Yang diakhiri", "30"), ("Sepekan", "7")] {
        let form = [("name", name), ("scopes", "groups:read"), ("days", days)];
        person.post("/me/tokens", &form).await.is(201);
    }
    let ended: String = value(&db, "select id from tokens where name = $1", &params!["Yang diakhiri"]).await;
    person.api("DELETE", &format!("/api/v1/tokens/{ended}"), None).await.is(204);
    let told = "select count(*) from notices where key = 'people-remind-token'";
    demo.clock.advance(23 * DAY - HOUR);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, told, &[]).await, 0);
    demo.clock.advance(2 * HOUR);
    let looks = [demo, &nodes[1], demo, &nodes[1]].map(|node| mapalus_app::people::remind(&node.app));
    let looked = at_once(looks).await;
    assert!(looked.iter().all(Result::is_ok), "{looked:?}");
    at_once([demo.settle(), nodes[1].settle()]).await;
    assert_eq!(value::<i64>(&db, told, &[]).await, 1);
    let mails = "select count(*) from mails where key = 'people-remind-token' and kind = 'reminders'";
    assert_eq!(value::<i64>(&db, mails, &[]).await, 1);
    let letter = mail(&mut person, "suharti@contoh.id", "Laporan bulanan").await;
    assert!(letter.contains("/me/tokens") && letter.contains("berlaku sampai"), "{letter}");
    // It still works, and nothing more is said of it.
    demo.clock.advance(10 * DAY);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, told, &[]).await, 1);
    // A server that slept through the week has nothing to say of a token that is over.
    sql(&db, "update tokens set remind_at = 1", &[]).await;
    demo.settle().await;
    assert_eq!(value::<i64>(&db, told, &[]).await, 1);
}
