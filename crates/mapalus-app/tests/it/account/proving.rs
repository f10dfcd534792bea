//! Proving anew who one is, the time until coordinators and operators need a second step, and signed-in devices.

use super::{PASSWORD, mail, newcomer, once, opens_a_group, steps};
use crate::{
    testing::Instance,
    world::{sql, value},
};
use mapalus_core::time::{DAY, HOUR, MINUTE, SECOND};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

const MAIL: &str = "suharti@contoh.id";

#[db_test]
async fn what_matters_asks_anew_who_it_is_and_what_was_typed_stands_there_again(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    demo.clock.advance(9 * MINUTE);
    person.get("/me/settings").await.is(200).says("name=\"new_password\"");
    demo.clock.advance(MINUTE);
    let page = person.get("/me/settings").await.is(200).says("/prove?next=/me/settings").body;
    assert!(!page.contains("name=\"new_password\""), "a password that is typed now would be lost");
    let fields = [("mail", "baru.sekali@contoh.id")];
    let asked = person.post_from("/me/settings", "/me/mail", &fields, &once(&page)).await.is(303);
    assert_eq!(asked.location(), "/prove?next=%2Fme%2Fsettings");
    person.get(asked.location()).await.is(200).says("Kata sandi Anda sekarang").lacks("name=\"code\"");
    let wrong = [("next", "/me/settings"), ("password", "bukan ini")];
    person.post("/prove", &wrong).await.is(422).says("tidak cocok").says("value=\"/me/settings\"");
    let right = [("next", "/me/settings"), ("password", PASSWORD)];
    assert_eq!(person.post("/prove", &right).await.is(303).location(), "/kept");
    let filled = person.get("/kept").await.is(303);
    person
        .get(filled.location())
        .await
        .is(200)
        .says("value=\"baru.sekali@contoh.id\"")
        .says("belum terkirim");
    person.post("/me/mail", &fields).await.is(303);
    demo.settle().await;
    mail(&mut person, "baru.sekali@contoh.id", "Pastikan alamat baru").await;

    // It holds for ten minutes, in this session alone, and leads on to a page that only shows.
    demo.clock.advance(10 * MINUTE);
    let asked = person.get("/me/data").await.is(303);
    assert_eq!(asked.location(), "/prove?next=%2Fme%2Fdata");
    let next = [("next", "/me/data"), ("password", PASSWORD)];
    assert_eq!(person.post("/prove", &next).await.is(303).location(), "/me/data");
    person.get("/me/data").await.is(200);
    assert_eq!(
        person.post("/prove", &[("next", "//evil.example"), ("password", PASSWORD)]).await.location(),
        "/"
    );
    let mut elsewhere = demo.browser();
    elsewhere.post("/sign-in", &[("mail", MAIL), ("password", PASSWORD)]).await.is(303);
    demo.clock.advance(9 * MINUTE);
    person.post("/prove", &right).await.is(303);
    demo.clock.advance(2 * MINUTE);
    person.get("/me/data").await.is(200);
    elsewhere.get("/me/data").await.is(303);
}

#[db_test]
async fn every_route_that_is_marked_so_asks_for_the_proof(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    opens_a_group(&mut person).await;
    demo.clock.advance(HOUR);
    let me = person.api("GET", "/api/v1/me", None).await.is(200).json();
    // One who operates the instance, and has a ward.
    let own = me["id"].as_str().unwrap();
    assert_eq!(sql(&db, "update persons set operator = true where id = $1", &params![own]).await, 1);
    assert_eq!(sql(&db, "update guardianships set guardian_id = $1", &params![own]).await, 1);
    let ward: String = value(&db, "select ward_id from guardianships", &[]).await;
    let lines = mapalus_app::routes().lines().to_vec();
    let proved: Vec<_> = lines.iter().filter(|line| line.proved).collect();
    assert!(proved.len() >= 21, "{proved:?}");
    for line in proved {
        let path = line.path.replace("{group}", "guru-tondano-bersatu");
        let path = path.replace("{person}", own).replace("{ward}", &ward).replace("{passkey}", own);
        let body = match line.path.rsplit('/').next().unwrap() {
            "tokens" => json!({ "name": "Skrip", "scopes": ["groups:read"] }),
            "close" => json!({ "version": 1 }),
            "passkeys" => json!({ "ceremony": "x", "credential": {} }),
            "app" => json!({ "seed": "c2FtcGxlLXNlZWQtc2FtcA", "code": "123456" }),
            "mail" => json!({ "mail": "baru@contoh.id" }),
            "password" => json!({ "new_password": PASSWORD }),
            _ => json!(null),
        };
        let answer = match line.method {
            _ if path.starts_with("/api/") => {
                person.api(line.method, &path, Some(body).filter(|body| !body.is_null())).await
            }
            "GET" => person.get(&path).await,
            _ => {
                let fields = [
                    ("mail", "baru@contoh.id"),
                    ("new_password", PASSWORD),
                    ("version", "1"),
                    ("name", "Skrip"),
                    ("scopes", "groups:read"),
                    ("seed", "c2FtcGxlLXNlZWQtc2FtcA"),
                    ("code", "123456"),
                ];
                let taken: &[usize] = match line.path.rsplit('/').next().unwrap() {
                    "mail" => &[0],
                    "password" => &[1],
                    "tokens" => &[3, 4],
                    "app" => &[5, 6],
                    "close" if line.path.contains("{group}") => &[2],
                    _ => &[],
                };
                let fields: Vec<_> = taken.iter().map(|n| fields[*n]).collect();
                person.post(&path, &fields).await
            }
        };
        if path.starts_with("/api/") {
            assert_eq!(answer.is(403).json()["key"], "refusal-prove", "{} {path}", line.method);
        } else {
            assert!(answer.location().starts_with("/prove?next="), "{} {path}: {}", line.method, answer.body);
        }
    }
}

#[db_test]
async fn a_program_proves_by_password_or_by_code(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    let (secret, recovery) = steps::sets_up(&demo, &mut person).await;
    let token = || Some(json!({ "name": "Skrip", "scopes": ["groups:read"] }));
    for proof in
        [json!({ "password": PASSWORD }), json!({ "code": null }), json!({ "code": recovery[0].clone() })]
    {
        demo.clock.advance(HOUR);
        let problem = person.api("POST", "/api/v1/tokens", token()).await.is(403).json();
        assert_eq!(problem["key"], "refusal-prove");
        let proof = if proof["code"].is_null() && proof.get("code").is_some() {
            json!({ "code": steps::shows(&demo, &secret) })
        } else {
            proof
        };
        person.api("POST", "/api/v1/sessions/proof", Some(json!({ "code": "000000" }))).await.is(422);
        person.api("POST", "/api/v1/sessions/proof", Some(proof)).await.is(204);
        person.api("POST", "/api/v1/tokens", token()).await.is(201);
    }
    person.get("/prove").await.is(200).says("name=\"code\"").says("name=\"password\"");
    person.api("POST", "/api/v1/sessions/proof", Some(json!({}))).await.is(422);
    // Those of a demonstration have nothing to prove it by, and need not.
    let mut member = demo.enters("member").await;
    demo.clock.advance(DAY);
    member.get("/me/data").await.is(200);
}

#[db_test]
async fn who_runs_a_group_sets_up_a_second_step_in_fourteen_days_or_runs_it_no_more(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let real = demo.node(db.clone(), false);
    let mut person = newcomer(&demo, "Suharti", MAIL).await.at(&real);
    person.get("/me").await.is(200).lacks("Siapkan langkah kedua");
    opens_a_group(&mut person).await;
    let desk = "/groups/guru-tondano-bersatu/applications";
    for page in ["/me", "/groups", desk] {
        person.get(page).await.is(200).says("Siapkan langkah kedua").says("href=\"/me/factors\"");
    }
    let due = person.api("GET", "/api/v1/factors", None).await.is(200).json();
    assert!(due["due_at"].is_string(), "{due}");
    let token = person.makes_token(&["joining:read", "groups:read"]).await;
    let mut program = person.with_token(&token);
    let board = format!("/api/v1{desk}");
    program.api("GET", &board, None).await.is(200);

    demo.clock.advance(14 * DAY - MINUTE);
    person.get(desk).await.is(200);
    demo.clock.advance(MINUTE);
    let closed = person.get(desk).await.is(403).says("langkah kedua").says("Siapkan sekarang");
    assert!(closed.body.contains("Waktunya sudah lewat"));
    let refused = person.api("GET", &board, None).await.is(403).json();
    assert_eq!(refused["key"], "refusal-factor");
    assert_eq!(program.api("GET", &board, None).await.is(403).json()["key"], "refusal-factor");
    // What is one's own, and what is for everybody, stays open.
    for page in ["/me", "/groups/guru-tondano-bersatu", "/applications", "/me/factors"] {
        person.get(page).await.is(200);
    }
    let asked = person.get("/me/factors/app").await.is(303);
    assert!(asked.location().starts_with("/prove"), "{}", asked.location());
    person.post("/prove", &[("password", PASSWORD)]).await.is(303);
    steps::sets_up(&demo, &mut person).await;
    person.get(desk).await.is(200).lacks("Siapkan langkah kedua");
    program.api("GET", &board, None).await.is(200);
    // Given up again, it is missed at once.
    person.post("/me/factors/app/remove", &[]).await.is(303);
    person.get(desk).await.is(403);
}

#[db_test]
async fn the_operator_needs_one_too_and_mail_is_not_needed_for_it(db: Db) {
    let instance = Instance::new(db.clone());
    let secret = mapalus_app::people::first_link(&instance.app).await.unwrap().unwrap();
    let fields = [("name", "Ratna"), ("mail", "ratna@contoh.id"), ("password", PASSWORD), ("consent", "yes")];
    let mut operator = instance.browser();
    operator.post(&format!("/setup/{secret}"), &fields).await.is(303);
    operator.get("/admin").await.is(200).says("Siapkan langkah kedua");
    operator.get("/sign-in/mail").await.is(200).says("belum dapat mengirim email");
    instance.browser().post("/sign-in/mail", &[("mail", "ratna@contoh.id")]).await.is(409);
    instance.clock.advance(14 * DAY);
    operator.get("/admin").await.is(403).says("langkah kedua");
    operator.get("/mailbox").await.is(403);
    operator.post("/prove", &[("password", PASSWORD)]).await.is(303);
    let (app, _) = steps::sets_up(&instance, &mut operator).await;
    operator.get("/admin").await.is(200).lacks("Siapkan langkah kedua");
    instance.clock.advance(30 * SECOND);
    let mut elsewhere = instance.browser();
    let place = elsewhere.post("/sign-in", &[("mail", "ratna@contoh.id"), ("password", PASSWORD)]).await;
    assert_eq!(place.location(), "/sign-in/code?next=%2F");
    elsewhere.post("/sign-in/code", &[("code", &steps::shows(&instance, &app))]).await.is(303);
    elsewhere.get("/admin").await.is(200);

    // An instance that is older than this counts from its first start with it, whenever that was looked up first.
    let now = instance.app.clock.now();
    let first = mapalus_app::shell::house::asks_for_factor_since(&db, now).await.unwrap();
    let later = mapalus_app::shell::house::asks_for_factor_since(&db, now.plus(DAY)).await.unwrap();
    assert_eq!((first, later), (now, now));
}

#[db_test]
async fn devices_are_named_in_words_seen_to_the_hour_and_ended_one_or_all(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    let [mut second, mut third] = [demo.browser(), demo.browser()];
    for browser in [&mut second, &mut third] {
        browser.post("/sign-in", &[("mail", MAIL), ("password", PASSWORD)]).await.is(303);
    }
    let agent = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36";
    sql(&db, "update sessions set agent = $1 where person_id is not null", &params![agent]).await;
    person.get("/me").await.is(200).says("Chrome di Android").says("perangkat ini").says("Terakhir terlihat");
    demo.clock.advance(3 * HOUR);
    second.get("/groups").await.is(200);
    let seen = "select count(*) from sessions where seen_at = $1";
    let now = demo.app.clock.now();
    assert_eq!(value::<i64>(&db, seen, &params![now]).await, 1);
    demo.clock.advance(59 * MINUTE);
    second.get("/groups").await.is(200);
    assert_eq!(value::<i64>(&db, seen, &params![now]).await, 1, "once an hour");
    person.post("/me/sessions/end", &[]).await.is(303);
    person.get("/me").await.is(200).says("Semua perangkat lain sudah keluar").lacks("Akhiri semua yang lain");
    for browser in [&mut second, &mut third] {
        browser.get("/me").await.is(303);
    }
}
