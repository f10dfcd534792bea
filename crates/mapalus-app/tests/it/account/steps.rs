//! The second step of signing in, and codes by mail: set up, asked for, taken once, guessed at, lost.

use super::{PASSWORD, link, mail, newcomer};
use crate::{
    races::nodes,
    testing::{Answer, Browser, Instance},
    world::{at_once, sql, value},
};
use mapalus_core::time::{HOUR, MINUTE, SECOND};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;
use totp_rs::{Builder, Secret};

const MAIL: &str = "suharti@contoh.id";

/// What an app shows now that was told a secret.
pub fn shows(demo: &Instance, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let app = Builder::new().with_secret(secret).build().unwrap();
    let seconds = demo.app.clock.now().0 / SECOND;
    app.generate(u64::try_from(seconds).unwrap()).to_string()
}

/// What stands on a page between two texts.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let rest = page.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split(after).next().unwrap()
}

/// Sets up an app; gives its secret and the recovery codes. Its present code is used up.
pub async fn sets_up(demo: &Instance, person: &mut Browser<'_>) -> (String, Vec<String>) {
    let page = person.get("/me/factors/app").await.is(200).says("<svg width=\"240\"").body;
    let seed = between(&page, "name=\"seed\" value=\"", "\"");
    let secret = between(&page, "<pre class=\"code wrap\" tabindex=\"0\">", "<").to_owned();
    let form = [("seed", seed), ("code", &shows(demo, &secret))];
    let told = person.post("/me/factors/app", &form).await.is(201).body;
    (secret, codes(&told))
}

fn codes(page: &str) -> Vec<String> {
    between(page, "<pre class=\"code\" tabindex=\"0\">", "<").lines().map(str::to_owned).collect()
}

/// Signs in by password in a browser; gives where that leads.
async fn signs_in(browser: &mut Browser<'_>) -> String {
    let credentials = [("mail", MAIL), ("password", PASSWORD), ("next", "/me")];
    browser.post("/sign-in", &credentials).await.is(303).location().to_owned()
}

async fn types(browser: &mut Browser<'_>, code: &str) -> Answer {
    browser.post("/sign-in/code", &[("code", code), ("next", "/me")]).await
}

/// The code of the newest mail with this subject.
async fn mailed(demo: &Instance, browser: &mut Browser<'_>) -> String {
    demo.settle().await;
    let letter = mail(browser, MAIL, "Kode masuk").await;
    letter.split("Kode Anda: ").nth(1).unwrap()[..8].to_owned()
}

#[db_test]
async fn an_app_is_set_up_and_asked_for_and_each_of_its_codes_is_taken_once(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    let mut elsewhere = demo.browser();
    assert_eq!(signs_in(&mut elsewhere).await, "/me");
    person.get("/me/settings").await.is(200).says("href=\"/me/factors\"");
    person.get("/me/factors").await.is(200).says("Siapkan aplikasi").lacks("Kode cadangan");
    let page = person.get("/me/factors/app").await.is(200).body;
    let seed = between(&page, "name=\"seed\" value=\"", "\"").to_owned();
    let again = person.post("/me/factors/app", &[("seed", &seed), ("code", "000000")]).await.is(422);
    // The same secret stands there: the app has it already.
    assert!(again.says("Periksa jam ponsel").body.contains(&seed));
    person.post("/me/factors/app", &[("seed", "x"), ("code", "000000")]).await.is(422);
    assert_eq!(value::<i64>(&db, "select count(*) from totps", &[]).await, 0, "nothing is stored before");

    let (secret, recovery) = sets_up(&demo, &mut person).await;
    assert_eq!(recovery.len(), 10, "{recovery:?}");
    elsewhere.get("/me").await.is(303);
    person.get("/me/factors").await.is(200).says("Tersisa 10 kode cadangan").says("Belum pernah dipakai");
    let plain = secret.replace(' ', "");
    let stored = "select count(*) from totps where seed like $1";
    assert_eq!(value::<i64>(&db, stored, &params![format!("%{plain}%")]).await, 0);
    let digests = "select count(*) from recovery_codes where digest like $1 or set_id like $1";
    assert_eq!(value::<i64>(&db, digests, &params![format!("%{}%", &recovery[0][..5])]).await, 0);
    demo.settle().await;
    mail(&mut person, MAIL, "Langkah kedua di akun Anda").await;
    person.get("/notices").await.is(200).says("href=\"/me/factors\"");

    person.post("/sign-out", &[]).await.is(303);
    assert_eq!(signs_in(&mut person).await, "/sign-in/code?next=%2Fme");
    person.get("/sign-in/code?next=%2Fme").await.is(200).says("aplikasi autentikator Anda");
    person.get("/me").await.is(303);
    // That of the set-up, once more; then the next one, in two browsers.
    types(&mut person, &shows(&demo, &secret))
        .await
        .is(422)
        .says("tidak cocok")
        .says("aplikasi autentikator");
    demo.clock.advance(30 * SECOND);
    let code = shows(&demo, &secret);
    types(&mut demo.browser(), &code).await.is(410);
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    let entered = types(&mut person, &spaced).await.is(303);
    assert_eq!(entered.location(), "/me");
    person.get("/me").await.is(200);
    // Whoever taps twice is in all the same.
    assert_eq!(types(&mut person, &code).await.is(303).location(), "/me");
    assert_eq!(signs_in(&mut elsewhere).await, "/sign-in/code?next=%2Fme");
    types(&mut elsewhere, &code).await.is(422);
    demo.clock.advance(60 * SECOND);
    types(&mut elsewhere, &code).await.is(422);
    // One interval off either way is a telephone whose clock is.
    let now = shows(&demo, &secret);
    demo.clock.advance(30 * SECOND);
    types(&mut elsewhere, &now).await.is(303);

    let data = person.get("/api/v1/me/data").await.is(200).json();
    assert_eq!(data["account"]["second_step"]["recovery_left"], 10, "{data}");
    person.post("/me/factors/app/remove", &[]).await.is(303);
    person.post("/me/factors/app/remove", &[]).await.is(404);
    demo.settle().await;
    mail(&mut person, MAIL, "Langkah kedua dihapus").await;
    assert_eq!(signs_in(&mut demo.browser()).await, "/me");
    assert_eq!(value::<i64>(&db, "select count(*) from recovery_codes", &[]).await, 0);
}

#[db_test]
async fn a_recovery_code_works_once_and_the_rest_is_counted(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    let (_, recovery) = sets_up(&demo, &mut person).await;
    let typed = recovery[0].to_uppercase().replace('-', " ");
    for (expected, code) in [(303, typed.as_str()), (422, &recovery[0]), (303, &recovery[1])] {
        person.post("/sign-out", &[]).await;
        signs_in(&mut person).await;
        types(&mut person, code).await.is(expected);
    }
    person.get("/me/factors").await.is(200).says("Tersisa 8 kode cadangan");
    demo.settle().await;
    let letter = mail(&mut person, MAIL, "Kode cadangan dipakai").await;
    assert!(letter.contains("Tersisa 8") || letter.contains("Tersisa 9"), "{letter}");

    // New ones take the place of the old; the same form tells the same, as long as they are those that work.
    let first = person.post_once("/me/factors/recovery", &[], "formulir").await.is(201).body;
    let second = person.post_once("/me/factors/recovery", &[], "formulir").await.is(201).body;
    assert_eq!(codes(&first), codes(&second));
    assert!(codes(&first).iter().all(|code| !recovery.contains(code)));
    person.post("/sign-out", &[]).await.is(303);
    signs_in(&mut person).await;
    types(&mut person, &recovery[2]).await.is(422);
    types(&mut person, &codes(&first)[9]).await.is(303);
    person.post("/me/factors/recovery", &[]).await.is(201);
    person.post_once("/me/factors/recovery", &[], "formulir").await.is(410).says("sudah diganti");
    demo.enters("member").await.post("/me/factors/recovery", &[]).await.is(409);
}

#[db_test]
async fn guesses_at_the_second_step_are_limited_and_do_not_shut_its_owner_out(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    let (secret, _) = sets_up(&demo, &mut person).await;
    person.post("/sign-out", &[]).await.is(303);
    demo.clock.advance(30 * SECOND);
    // Somebody who knows the password.
    let mut thief = demo.browser();
    for n in 0..10 {
        signs_in(&mut thief).await;
        types(&mut thief, &format!("00000{n}")).await.is(422);
    }
    types(&mut thief, &shows(&demo, &secret)).await.is(429);
    signs_in(&mut person).await;
    types(&mut person, &shows(&demo, &secret)).await.is(303);
    // The time for the code passes.
    demo.clock.advance(15 * MINUTE);
    types(&mut thief, &shows(&demo, &secret)).await.is(410);
    thief.get("/sign-in/code").await.is(200);
}

#[db_test]
async fn a_code_by_mail_opens_without_a_password_once_here_and_for_ten_minutes(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    person.post("/sign-out", &[]).await.is(303);
    person.get("/sign-in?next=/me").await.is(200).says("/sign-in/mail?next=%2Fme");
    person.get("/sign-in/mail?next=/me").await.is(200);
    person.post("/sign-in/mail", &[("mail", "suharti")]).await.is(422);
    let asked =
        person.post("/sign-in/mail", &[("mail", " Suharti@contoh.id "), ("next", "/me")]).await.is(303);
    assert_eq!(asked.location(), "/sign-in/code?next=%2Fme");
    person.get("/me").await.is(303);
    let code = mailed(&demo, &mut person).await;
    types(&mut demo.browser(), &code).await.is(410);
    // Another asks meanwhile: each code is for its own browser.
    let mut other = demo.browser();
    other.post("/sign-in/mail", &[("mail", MAIL)]).await.is(303);
    types(&mut other, &code).await.is(422);
    types(&mut person, &code).await.is(303);
    person.get("/me").await.is(200);
    person.post("/sign-out", &[]).await.is(303);
    types(&mut person, &code).await.is(410);

    demo.clock.advance(MINUTE);
    person.post("/sign-in/mail", &[("mail", MAIL)]).await.is(303);
    let code = mailed(&demo, &mut person).await;
    demo.clock.advance(10 * MINUTE);
    types(&mut person, &code).await.is(410);
    demo.clock.advance(2 * HOUR);
    demo.settle().await;
    let left = "select count(*) from links where purpose = 'code'";
    assert_eq!(value::<i64>(&db, left, &[]).await, 0, "what is over is forgotten");
    let waiting = "select count(*) from sessions where waits <> 'nothing'";
    assert_eq!(value::<i64>(&db, waiting, &[]).await, 0);
}

#[db_test]
async fn after_a_mailed_code_or_a_new_password_the_second_step_is_asked_for_all_the_same(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    let (secret, _) = sets_up(&demo, &mut person).await;
    let mut thief = demo.browser();
    thief.post("/sign-in/mail", &[("mail", MAIL), ("next", "/me")]).await.is(303);
    let code = mailed(&demo, &mut thief).await;
    let next = types(&mut thief, &code).await.is(303);
    assert_eq!(next.location(), "/sign-in/code?next=%2Fme");
    thief.get("/me").await.is(303);
    types(&mut thief, &code).await.is(422);

    demo.clock.advance(MINUTE);
    thief.post("/forgot", &[("mail", MAIL)]).await.is(303);
    demo.settle().await;
    let letter = mail(&mut thief, MAIL, "kata sandi baru").await;
    let reset = format!("/reset/{}", link(&letter, "reset"));
    let next = thief.post(&reset, &[("password", "teh dua cangkir sore")]).await.is(303);
    assert_eq!(next.location(), "/sign-in/code?next=%2F");
    thief.get("/me").await.is(303);
    types(&mut thief, &shows(&demo, &secret)).await.is(303);
    thief.get("/me").await.is(200);
}

#[db_test]
async fn asking_for_a_code_tells_nobody_who_has_an_account(db: Db) {
    let demo = Instance::demo(db).await;
    newcomer(&demo, "Suharti", MAIL).await;
    let plain = |answer: &Answer, address: &str| {
        let mut names: Vec<String> = answer.headers.iter().map(|(name, _)| name.to_string()).collect();
        names.sort();
        let cookies = answer.headers.get_all("set-cookie").iter();
        let cookies: Vec<_> =
            cookies.map(|set| set.to_str().unwrap().split('=').next().unwrap().to_owned()).collect();
        let body = answer.body.replace(address, "MAIL");
        let body: Vec<&str> = body.split('"').filter(|part| part.len() != 22).collect();
        format!("{} {} {names:?} {cookies:?} {}", answer.status, answer.location(), body.join("\""))
    };
    let (known, unknown) = (MAIL, "takdikenal@contoh.id");
    let (mut one, mut other) = (demo.browser(), demo.browser());
    let asked = one.post("/sign-in/mail", &[("mail", known)]).await.is(303);
    assert_eq!(
        plain(&asked, known),
        plain(&other.post("/sign-in/mail", &[("mail", unknown)]).await, unknown)
    );
    for n in 0..6 {
        let (first, second) = (types(&mut one, "12345678").await, types(&mut other, "12345678").await);
        assert_eq!(plain(&first, known), plain(&second, unknown), "guess {n}");
        first.is(if n < 5 { 422 } else { 410 });
    }
    let api = async |address: &str| {
        let body = Some(json!({ "mail": address }));
        let mut waits = demo.browser().api("POST", "/api/v1/sessions/mail", body).await.is(201).json();
        waits["id"] = json!("");
        waits
    };
    assert_eq!(api(known).await, api(unknown).await);
    assert_eq!(api(known).await["person"], json!(null));
}

#[db_test]
async fn a_program_sets_up_an_app_and_signs_in_by_its_codes(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    let none = person.api("GET", "/api/v1/factors", None).await.is(200).json();
    assert_eq!(none, json!({ "app": null, "passkeys": [], "recovery_left": 0, "due_at": null }));
    let app = person.api("POST", "/api/v1/factors/app/new", None).await.is(200).json();
    let secret = app["secret"].as_str().unwrap().to_owned();
    assert!(app["uri"].as_str().unwrap().contains(&secret), "{app}");
    let set = json!({ "seed": app["seed"], "code": shows(&demo, &secret) });
    let told = person.api("POST", "/api/v1/factors/app", Some(set)).await.is(201).json();
    assert_eq!(told["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(person.api("GET", "/api/v1/factors", None).await.json()["recovery_left"], 10);

    demo.clock.advance(MINUTE);
    let mut program = demo.browser();
    let secrets = json!({ "mail": MAIL, "password": PASSWORD });
    let waits = program.api("POST", "/api/v1/sessions", Some(secrets)).await.is(201).json();
    assert_eq!((&waits["next"], &waits["person"]), (&json!("factor"), &json!(null)));
    program.api("GET", "/api/v1/me", None).await.is(401);
    let code = |code: String| Some(json!({ "code": code }));
    program.api("POST", "/api/v1/sessions/code", code("000000".to_owned())).await.is(422);
    let entered =
        program.api("POST", "/api/v1/sessions/code", code(shows(&demo, &secret))).await.is(201).json();
    assert!(entered["next"].is_null() && entered["person"].is_string(), "{entered}");
    program.api("GET", "/api/v1/me", None).await.is(200);
    let list = program.api("GET", "/api/v1/sessions", None).await.is(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_eq!(list["items"][0]["current"], true);
    program.api("DELETE", "/api/v1/sessions", None).await.is(204);
    person.get("/me").await.is(303);
    let fresh = program.api("POST", "/api/v1/factors/recovery", None).await.is(201).json();
    assert_ne!(fresh, told);
    program.api("DELETE", "/api/v1/factors/app", None).await.is(204);
    program.api("DELETE", "/api/v1/factors/app", None).await.is(404);
}

#[db_test]
async fn of_many_who_send_the_same_code_at_once_one_gets_in(db: Db) {
    let nodes = nodes(&db).await;
    let demo = &nodes[0];
    let mut person = newcomer(demo, "Suharti", MAIL).await;
    let (secret, recovery) = sets_up(demo, &mut person).await;
    demo.clock.advance(MINUTE);
    for code in [shows(demo, &secret), recovery[0].clone()] {
        sql(&db, "delete from tries", &[]).await;
        let mut browsers = Vec::new();
        for n in 0..8 {
            // Each in a browser of its own, in which Suharti has signed in before.
            let mut browser = person.again().at(&nodes[n % 2]);
            browser.forgets(super::SESSION);
            signs_in(&mut browser).await;
            browsers.push(browser);
        }
        let answers = at_once(browsers.iter_mut().map(|browser| types(browser, &code))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422, 422, 422, 422, 422, 422, 422]);
    }
}

#[db_test]
async fn a_lost_second_step_is_taken_away_at_the_server(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    sets_up(&demo, &mut person).await;
    let remove = async |mail: &str| mapalus_app::people::remove_factor(&demo.app, mail).await.unwrap();
    assert!(!remove("lain@contoh.id").await);
    assert!(remove(" Suharti@contoh.id").await);
    assert!(!remove(MAIL).await);
    assert_eq!(signs_in(&mut demo.browser()).await, "/me");
    demo.settle().await;
    mail(&mut person, MAIL, "Langkah kedua dihapus").await;
}

#[db_test]
async fn the_second_step_stays_while_an_account_is_closing_and_goes_with_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", MAIL).await;
    let (secret, _) = sets_up(&demo, &mut person).await;
    person.post("/me/close", &[]).await.is(303);
    demo.clock.advance(HOUR);
    let closing = "select count(*) from persons where state = 'closing'";
    assert_eq!(signs_in(&mut person).await, "/sign-in/code?next=%2Fme");
    assert_eq!(value::<i64>(&db, closing, &[]).await, 1, "the password alone brings nobody back");
    types(&mut person, &shows(&demo, &secret)).await.is(303);
    assert_eq!(value::<i64>(&db, closing, &[]).await, 0);
    person.post("/me/close", &[]).await.is(303);
    demo.clock.advance(15 * 24 * HOUR);
    demo.settle().await;
    for table in ["totps", "recovery_codes"] {
        assert_eq!(value::<i64>(&db, &format!("select count(*) from {table}"), &[]).await, 0, "{table}");
    }
}
