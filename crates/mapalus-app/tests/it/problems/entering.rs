//! Guessing passwords, mailed links, and what one can find out about who has an account.

use super::problem;
use crate::{
    testing::{Answer, Instance, ORIGIN},
    world::value,
};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use mapalus_core::{LinkId, time::MINUTE};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;
use std::net::SocketAddr;

const PASSWORD: &str = "kopi tiga gelas pagi";

fn account(mail: &str) -> [(&'static str, &str); 5] {
    [("name", "Suharti"), ("mail", mail), ("password", PASSWORD), ("age", "adult"), ("consent", "yes")]
}

/// An instance that has its operator and nobody else.
async fn instance(db: Db) -> Instance {
    let instance = Instance::new(db);
    let link = mapalus_app::people::first_link(&instance.app).await.unwrap().unwrap();
    let operator = account("op@contoh.id");
    instance.browser().post(&format!("/setup/{link}"), &operator).await.is(303);
    instance
}

/// The newest link of a purpose, as it stands in the mail.
async fn link(instance: &Instance, purpose: &str) -> String {
    let id: String = value(
        &instance.app.db,
        "select id from links where purpose = $1 and used_at is null order by made_at desc limit 1",
        &params![purpose],
    )
    .await;
    instance.app.key.link(purpose, id.parse::<LinkId>().unwrap())
}

/// A confirmed account.
async fn confirmed(instance: &Instance, mail: &str) {
    instance.browser().post("/sign-up", &account(mail)).await.is(303);
    let path = format!("/confirm/{}", link(instance, "confirm").await);
    instance.browser().post(&path, &[]).await.is(303);
}

/// Tries to sign in from a network address.
async fn sign_in(instance: &Instance, from: &str, mail: &str, password: &str) -> Answer {
    let from: SocketAddr = from.parse().unwrap();
    let request = Request::post("/api/v1/sessions")
        .extension(ConnectInfo(from))
        .header(header::ORIGIN, ORIGIN)
        .header(header::ACCEPT_LANGUAGE, "en")
        .header(header::CONTENT_TYPE, "application/json");
    let body = json!({ "mail": mail, "password": password }).to_string();
    instance.browser().send(request, Body::from(body)).await
}

#[db_test]
async fn the_eleventh_wrong_guess_waits_and_the_owner_still_gets_in(db: Db) {
    let instance = instance(db).await;
    confirmed(&instance, "suharti@contoh.id").await;
    let (guesser, owner) = ("203.0.113.9:1000", "198.51.100.7:2000");
    for n in 0..10 {
        let answer = sign_in(&instance, guesser, "suharti@contoh.id", &format!("tebakan {n}")).await;
        problem(answer, 409, "people-wrong-sign-in");
    }
    for password in ["tebakan 10", PASSWORD] {
        let answer = sign_in(&instance, guesser, "suharti@contoh.id", password).await;
        let told = problem(answer, 429, "people-too-many-tries");
        assert!(told["arguments"]["minutes"].as_i64().unwrap() <= 15, "{told}");
    }
    // Another port or another spelling is the same guesser.
    let answer = sign_in(&instance, "203.0.113.9:4711", " SUHARTI@contoh.id ", PASSWORD).await;
    answer.is(429);
    sign_in(&instance, owner, "suharti@contoh.id", PASSWORD).await.is(201);
    // Nobody else behind the same address is locked out by it.
    confirmed(&instance, "ratna@contoh.id").await;
    sign_in(&instance, guesser, "ratna@contoh.id", PASSWORD).await.is(201);
    instance.clock.advance(15 * MINUTE);
    sign_in(&instance, guesser, "suharti@contoh.id", PASSWORD).await.is(201);
    // An IPv6 guesser changes the address within the network at will: it counts as one.
    for n in 0..10 {
        let from = format!("[2001:db8:1:1::{n:x}]:9");
        let answer = sign_in(&instance, &from, "suharti@contoh.id", "tebakan").await;
        problem(answer, 409, "people-wrong-sign-in");
    }
    let answer = sign_in(&instance, "[2001:db8:1:1:ffff::1]:9", "suharti@contoh.id", PASSWORD).await;
    answer.is(429);
    let answer = sign_in(&instance, "[2001:db8:1:2::1]:9", "suharti@contoh.id", PASSWORD).await;
    answer.is(201);
}

#[db_test]
async fn a_password_that_cannot_be_one_is_wrong_and_nothing_more(db: Db) {
    let instance = instance(db).await;
    confirmed(&instance, "suharti@contoh.id").await;
    for (mail, password) in [
        ("suharti@contoh.id", "x".repeat(10_000)),
        ("suharti@contoh.id", String::new()),
        ("suharti@contoh.id", "a\u{0}b".to_owned()),
        ("suharti@contoh.id\u{0}", PASSWORD.to_owned()),
        ("", PASSWORD.to_owned()),
        (&"x".repeat(300), PASSWORD.to_owned()),
        ("' or 1=1 --", PASSWORD.to_owned()),
    ] {
        let answer = sign_in(&instance, "203.0.113.9:1", mail, &password).await;
        let status = answer.status.as_u16();
        assert!([400, 409].contains(&status), "{mail:.30?}: {status} {}", answer.body);
    }
}

#[db_test]
async fn a_link_is_for_one_purpose_one_time_and_its_time(db: Db) {
    let instance = instance(db).await;
    let mut browser = instance.browser();
    browser.post("/sign-up", &account("suharti@contoh.id")).await.is(303);
    let confirm = link(&instance, "confirm").await;
    browser.post("/forgot", &[("mail", "suharti@contoh.id")]).await.is(303);
    let reset = link(&instance, "reset").await;

    let (id, tag) = confirm.split_once('.').unwrap();
    let other_tag = reset.split_once('.').unwrap().1;
    let flipped = if tag.starts_with('A') { "B" } else { "A" };
    let tampered = [
        format!("{id}.{flipped}{}", &tag[1..]),
        format!("{id}.{other_tag}"),
        format!("{id}.{tag}A"),
        format!("{id}.{}", &tag[..10]),
        format!("{id}."),
        id.to_owned(),
        format!("{}.{tag}", id.to_uppercase()),
        format!("{id}.{tag}.{tag}"),
        "a".repeat(2_000),
        reset.clone(),
    ];
    for link in &tampered {
        browser.get(&format!("/confirm/{link}")).await.is(404).says("Tautan");
        browser.post(&format!("/confirm/{link}"), &[]).await.is(404);
    }
    let password = [("password", "teh dua cangkir sore")];
    for path in [format!("/reset/{confirm}"), format!("/setup/{confirm}")] {
        browser.get(&path).await.is(404);
        let fields =
            if path.starts_with("/reset") { password.to_vec() } else { account("lain@contoh.id").to_vec() };
        browser.post(&path, &fields).await.is(404);
    }
    // A look changes nothing, and neither does a password that does not hold.
    browser.get(&format!("/reset/{reset}")).await.is(200);
    browser.post(&format!("/reset/{reset}"), &[("password", "12345678")]).await.is(422);
    browser.post(&format!("/reset/{reset}"), &password).await.is(303);
    browser.get(&format!("/reset/{reset}")).await.is(410);
    browser.post(&format!("/reset/{reset}"), &password).await.is(410);
    // The newer link has taken the older one's place, and time takes it too.
    browser.post("/forgot", &[("mail", "suharti@contoh.id")]).await.is(303);
    let first = link(&instance, "reset").await;
    instance.clock.advance(1);
    browser.post("/forgot", &[("mail", "suharti@contoh.id")]).await.is(303);
    let second = link(&instance, "reset").await;
    browser.get(&format!("/reset/{first}")).await.is(410);
    browser.get(&format!("/reset/{second}")).await.is(200);
    instance.clock.advance(60 * MINUTE);
    browser.get(&format!("/reset/{second}")).await.is(410);
    browser.post(&format!("/reset/{second}"), &password).await.is(410);
}

#[db_test]
async fn a_new_password_ends_every_session(db: Db) {
    let instance = instance(db).await;
    confirmed(&instance, "suharti@contoh.id").await;
    let mut old = instance.browser();
    let credentials = [("mail", "suharti@contoh.id"), ("password", PASSWORD)];
    old.post("/sign-in", &credentials).await.is(303);
    old.get("/me").await.is(200);
    let mut browser = instance.browser();
    browser.post("/forgot", &[("mail", "suharti@contoh.id")]).await.is(303);
    let path = format!("/reset/{}", link(&instance, "reset").await);
    browser.post(&path, &[("password", "teh dua cangkir sore")]).await.is(303);
    old.get("/me").await.is(303);
    browser.get("/me").await.is(200);
    instance.browser().post("/sign-in", &credentials).await.is(422);
}

/// An answer without what differs between any two: nonces, once-values.
fn plain(answer: &Answer, typed: &str) -> String {
    let mut headers: Vec<String> = answer.headers.iter().map(|(name, _)| name.to_string()).collect();
    headers.sort();
    let body = answer.body.replace(typed, "MAIL");
    let mut out = String::new();
    for (n, part) in body.split(['"', '\'']).enumerate() {
        // 128 bits as base64: the only texts of this length and shape.
        let random =
            part.len() == 22 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if n > 0 {
            out.push('"');
        }
        out.push_str(if random { "RANDOM" } else { part });
    }
    format!("{} {} {headers:?}\n{out}", answer.status, answer.location())
}

#[db_test]
async fn nobody_learns_who_has_an_account(db: Db) {
    let instance = instance(db).await;
    let (known, unknown) = ("suharti@contoh.id", "takdikenal@contoh.id");
    confirmed(&instance, known).await;
    let mut other = account(unknown);
    let same = async |path: &str, known_fields: &[(&str, &str)], unknown_fields: &[(&str, &str)]| {
        let one = instance.browser().post(path, known_fields).await;
        let two = instance.browser().post(path, unknown_fields).await;
        assert_eq!(plain(&one, known), plain(&two, unknown), "{path}");
        one
    };
    same("/forgot", &[("mail", known)], &[("mail", unknown)]).await.is(303);
    let wrong = |mail| [("mail", mail), ("password", "salah sama sekali")];
    same("/sign-in", &wrong(known), &wrong(unknown)).await.is(422);
    same("/sign-up", &account(known), &other).await.is(303);
    other[0].1 = "";
    let mut flawed = account(known);
    flawed[0].1 = "";
    same("/sign-up", &flawed, &other).await.is(422);

    let api = async |mail: &str| {
        let body = json!({
            "name": "Ratna", "mail": mail, "password": PASSWORD, "age": "adult", "consent": true,
        });
        let answer = instance.browser().api("POST", "/api/v1/people", Some(body)).await;
        plain(&answer.is(202), mail)
    };
    assert_eq!(api(known).await, api("ratna@contoh.id").await);
}

#[db_test]
async fn an_address_asks_for_twenty_mails_and_then_waits(db: Db) {
    let instance = instance(db).await;
    let mut browser = instance.browser();
    for n in 0..20 {
        let mail = format!("orang{n}@contoh.id");
        browser.post("/forgot", &[("mail", &mail)]).await.is(303);
    }
    browser.post("/forgot", &[("mail", "suharti@contoh.id")]).await.is(429);
    browser.post("/sign-up", &account("suharti@contoh.id")).await.is(429);
    let elsewhere: SocketAddr = "198.51.100.7:1".parse().unwrap();
    let request = Request::post("/forgot")
        .extension(ConnectInfo(elsewhere))
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = Body::from("once=a&mail=suharti%40contoh.id");
    instance.browser().send(request, body).await.is(303);
    instance.clock.advance(15 * MINUTE);
    browser.post("/forgot", &[("mail", "suharti@contoh.id")]).await.is(303);
}

#[db_test]
async fn one_may_not_say_another_address_than_ones_own(db: Db) {
    let instance = instance(db).await;
    confirmed(&instance, "suharti@contoh.id").await;
    for n in 0..11 {
        let from: SocketAddr = "203.0.113.9:1".parse().unwrap();
        let request = Request::post("/api/v1/sessions")
            .extension(ConnectInfo(from))
            .header(header::ORIGIN, ORIGIN)
            .header("x-forwarded-for", format!("198.51.100.{n}"))
            .header("forwarded", format!("for=198.51.100.{n}"))
            .header("x-real-ip", format!("198.51.100.{n}"))
            .header(header::CONTENT_TYPE, "application/json");
        let body = json!({ "mail": "suharti@contoh.id", "password": "tebakan" }).to_string();
        let answer = instance.browser().send(request, Body::from(body)).await;
        answer.is(if n < 10 { 409 } else { 429 });
    }
}
