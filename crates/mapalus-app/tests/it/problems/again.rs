//! The same request again, and a change of what has changed meanwhile.

use super::{JSON, new_group, problem};
use crate::{
    testing::{Browser, Instance, ORIGIN},
    world::{self, GROUP, enter},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use mapalus_db::Db;
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

#[db_test]
async fn a_key_counts_once_for_one_body_and_one_person(db: Db) {
    let demo = Instance::demo(db).await;
    let (mut member, mut seeker) = (demo.enters("member").await, demo.enters("seeker").await);
    let open = async |browser: &mut Browser<'_>, key: &str, body: &Json| {
        let request = Request::post("/api/v1/groups")
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, JSON)
            .header("idempotency-key", key);
        browser.send(request, Body::from(body.to_string())).await
    };
    let first = open(&mut member, "kunci-1", &new_group()).await.is(201).json();
    let again = open(&mut member, "kunci-1", &new_group()).await.is(201).json();
    assert_eq!(first["id"], again["id"]);
    let mut other = new_group();
    other["name"] = json!("Sahabat Panti Tomohon");
    let answer = open(&mut member, "kunci-1", &other).await;
    problem(answer, 422, "refusal-once-differs");
    let theirs = open(&mut seeker, "kunci-1", &other).await.is(201).json();
    assert_ne!(first["id"], theirs["id"]);
    for key in ["", "  ", &"k".repeat(201), "\"\""] {
        let answer = open(&mut member, key, &other).await;
        problem(answer, 400, "refusal-idempotency-key");
    }
    // A refused request claims nothing: mended, it goes through with the same key.
    let mut wrong = new_group();
    wrong["area"] = json!("Atlantis");
    open(&mut member, "kunci-2", &wrong).await.is(422);
    open(&mut member, "kunci-2", &new_group()).await.is(201);
}

#[db_test]
async fn two_strangers_with_the_same_key_do_not_meet(db: Db) {
    let instance = Instance::demo(db).await;
    let ask = async |mail: &str| {
        let account = json!({
            "name": "Suharti", "mail": mail, "password": "kopi tiga gelas pagi", "age": "adult", "consent": true,
        });
        let request = Request::post("/api/v1/people")
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, JSON)
            .header("idempotency-key", "1");
        let body = Body::from(account.to_string());
        instance.browser().send(request, body).await
    };
    ask("satu@contoh.id").await.is(202);
    ask("dua@contoh.id").await.is(202);
}

#[db_test]
async fn a_change_of_an_older_state_is_refused(db: Db) {
    let demo = Instance::demo(db).await;
    let mut vina = enter(&demo, "vina").await;
    let mut novi = enter(&demo, "novi").await;
    let id = world::apply(&mut vina, GROUP).await;
    let path = format!("/api/v1/applications/{id}");
    let change = async |browser: &mut Browser<'_>, method: &str, path: &str, tag: &str| {
        let body = match path.rsplit('/').next().unwrap() {
            "agree" | "withdraw" => String::new(),
            "accept" | "decline" | "wait" => json!({ "reason": "Penuh." }).to_string(),
            _ => json!({ "answers": {} }).to_string(),
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, JSON)
            .header(header::IF_MATCH, tag);
        browser.send(request, Body::from(body)).await
    };
    let read = vina.get(&path).await.is(200);
    let tag = read.headers.get(header::ETAG).unwrap().to_str().unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", read.json()["version"]));
    change(&mut vina, "PATCH", &path, &tag).await.is(200);
    for (method, verb) in [("PATCH", ""), ("POST", "/send"), ("POST", "/agree"), ("POST", "/withdraw")] {
        let answer = change(&mut vina, method, &format!("{path}{verb}"), &tag).await;
        problem(answer, 412, "refusal-changed");
    }
    world::step(&mut vina, &mut novi, &id).await;
    for verb in ["accept", "decline", "wait"] {
        let answer = change(&mut novi, "POST", &format!("{path}/{verb}"), &tag).await;
        problem(answer, 412, "refusal-changed");
    }
    // A version that cannot be read is not the present one.
    for tag in ["\"abc\"", "\"1\", \"2\"", "\"\"", "99999999999999999999"] {
        let answer = change(&mut novi, "POST", &format!("{path}/wait"), tag).await;
        let status = answer.status.as_u16();
        assert!([400, 412].contains(&status), "{tag}: {status}");
    }
    assert_eq!(novi.get(&path).await.is(200).json()["state"], "sent");
    change(&mut novi, "POST", &format!("{path}/wait"), "W/\"1\"").await.is(412);
}
