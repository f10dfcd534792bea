//! Passkeys over HTTP: an account by one, signing in, a second step, a proof, and everything that does not fit.

use super::{
    PASSWORD,
    authenticator::{Key, PRESENT, SYNCED, VERIFIED},
    link, mail, newcomer, opens_a_group,
};
use crate::{
    testing::{Answer, Browser, Instance},
    world::{at_once, sql, value},
};
use mapalus_core::time::{DAY, MINUTE};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

const ADDRESS: &str = "suharti@contoh.id";

/// What somebody does to a passkey before it is shown.
type Spoils = fn(&mut Key);

/// The challenge of a page's script.
fn challenge(page: &str) -> Json {
    let text = page.split("data-challenge=\"").nth(1).unwrap().split('"').next().unwrap();
    let text =
        text.replace("&#34;", "\"").replace("&#38;", "&").replace("&quot;", "\"").replace("&amp;", "&");
    serde_json::from_str(&text).unwrap()
}

async fn asked(browser: &mut Browser<'_>, path: &str) -> Json {
    browser.api("POST", path, None).await.is(201).json()
}

/// Adds a passkey to the account of a browser that has just proved who it is.
async fn adds(browser: &mut Browser<'_>, name: &str) -> Key {
    let mut key = Key::new();
    let asked = asked(browser, "/api/v1/passkeys/new").await;
    let made =
        json!({ "ceremony": asked["ceremony"], "credential": key.made(&asked["options"]), "name": name });
    browser.api("POST", "/api/v1/passkeys", Some(made)).await.is(201).says(name);
    key
}

async fn shows(browser: &mut Browser<'_>, key: &Key, path: &str) -> Answer {
    let asked = asked(browser, &format!("{path}/new")).await;
    let shown = json!({ "ceremony": asked["ceremony"], "credential": key.shown(&asked["options"]) });
    browser.api("POST", path, Some(shown)).await
}

/// Signs in with a passkey in a browser.
async fn enters(browser: &mut Browser<'_>, key: &mut Key) -> Answer {
    key.counter += 1;
    shows(browser, key, "/api/v1/sessions/passkey").await
}

async fn signs_up(browser: &mut Browser<'_>, name: &str) -> Key {
    let fields = [("name", name), ("mail", ADDRESS), ("age", "adult"), ("consent", "yes"), ("password", "")];
    let place = browser.post("/sign-up/passkey", &fields).await.is(303);
    assert_eq!(place.location(), "/sign-up/passkey");
    let page = browser.get("/sign-up/passkey").await.is(200).says(name).says("/passkey.js").body;
    let asked = challenge(&page);
    assert_eq!(asked["options"]["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(asked["options"]["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(asked["options"]["rp"]["id"], "mapalus.test");
    let mut key = Key::new();
    let made = json!({ "ceremony": asked["ceremony"], "credential": key.made(&asked["options"]) });
    browser.api("POST", "/api/v1/people/passkey", Some(made.clone())).await.is(202);
    browser.api("POST", "/api/v1/people/passkey", Some(made)).await.is(410).says("people-passkey-over");
    key
}

#[db_test]
async fn an_account_is_made_by_a_passkey_and_its_address_confirmed(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = demo.browser();
    let fields = [("name", ""), ("mail", "x"), ("age", "teen"), ("password", "kata rahasia")];
    person
        .post("/sign-up/passkey", &fields)
        .await
        .is(422)
        .says("Daftar dengan kunci sandi")
        .lacks("kata rahasia");
    let mut key = signs_up(&mut person, "Suharti").await;
    // Nobody is in before the address is confirmed; the link comes once more, and the earlier one counts no longer.
    demo.clock.advance(MINUTE);
    key.counter += 1;
    let early = asked(&mut person, "/api/v1/sessions/passkey/new").await;
    let shown = json!({ "ceremony": early["ceremony"], "credential": key.shown(&early["options"]) });
    let path = "/api/v1/sessions/passkey";
    person.api("POST", path, Some(shown.clone())).await.is(409).says("people-not-confirmed");
    person.api("POST", path, Some(shown)).await.is(410).says("people-passkey-over");
    person.get("/me").await.is(303);
    demo.settle().await;
    let letter = mail(&mut person, ADDRESS, "Aktifkan akun").await;
    person.post(&format!("/confirm/{}", link(&letter, "confirm")), &[]).await.is(303);
    let mut other = demo.browser();
    let told = enters(&mut other, &mut key).await.is(201).json();
    assert_eq!(told["place"], "/");
    let me = other.api("GET", "/api/v1/me", None).await.is(200).json();
    assert_eq!((&me["id"], &me["name"]), (&told["person"], &json!("Suharti")));
    // There is no password, and none fits.
    for guess in ["", PASSWORD, "-"] {
        demo.browser().post("/sign-in", &[("mail", ADDRESS), ("password", guess)]).await.is(422);
    }
    // A mailed code opens the account too, without any script.
    let mut plain = demo.browser();
    plain.post("/sign-in/mail", &[("mail", ADDRESS)]).await.is(303);
    demo.settle().await;
    let letter = mail(&mut plain, ADDRESS, "Kode masuk").await;
    let code = letter.split("Kode Anda: ").nth(1).unwrap()[..8].to_owned();
    plain.post("/sign-in/code", &[("code", &code), ("next", "/me")]).await.is(303);
    plain.get("/me").await.is(200).says("Suharti");
    let data = plain.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert!(data.to_string().contains("\"passkeys\":[{"), "{data}");
}

#[db_test]
async fn of_two_who_sign_up_with_an_address_the_earlier_has_no_key_to_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stranger = demo.browser();
    let mut theirs = signs_up(&mut stranger, "Orang lain").await;
    let mut person = demo.browser();
    let fields = [
        ("name", "Suharti"),
        ("mail", ADDRESS),
        ("password", PASSWORD),
        ("age", "adult"),
        ("consent", "yes"),
    ];
    // The letters are told apart by their time.
    demo.clock.advance(MINUTE);
    person.post("/sign-up", &fields).await.is(303);
    enters(&mut stranger, &mut theirs).await.is(409).says("people-passkey-unknown");
    // The other way round: the password of the earlier one goes.
    demo.clock.advance(MINUTE);
    let mut key = signs_up(&mut person, "Suharti").await;
    demo.settle().await;
    let letter = mail(&mut person, ADDRESS, "Aktifkan akun").await;
    person.post(&format!("/confirm/{}", link(&letter, "confirm")), &[]).await.is(303);
    stranger.post("/sign-in", &[("mail", ADDRESS), ("password", PASSWORD)]).await.is(422);
    enters(&mut demo.browser(), &mut key).await.is(201);
    // Of an account that is there nobody takes anything: the answer is the same.
    let mut late = signs_up(&mut stranger, "Orang lain").await;
    enters(&mut stranger, &mut late).await.is(409).says("people-passkey-unknown");
    demo.settle().await;
    assert_eq!(value::<i64>(&db, "select count(*) from passkeys", &[]).await, 1);
    mail(&mut person, ADDRESS, "sudah punya akun").await;
}

#[db_test]
async fn accounts_that_nobody_confirms_go_with_their_passkeys_and_challenges(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    signs_up(&mut demo.browser(), "Suharti").await;
    asked(&mut demo.browser(), "/api/v1/sessions/passkey/new").await;
    demo.clock.advance(8 * DAY);
    demo.settle().await;
    for table in ["passkeys", "ceremonies"] {
        assert_eq!(value::<i64>(&db, &format!("select count(*) from {table}"), &[]).await, 0, "{table}");
    }
}

#[db_test]
async fn passkeys_are_added_named_and_removed_by_who_proves_it(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", ADDRESS).await;
    // Listed in the order in which they were made.
    let mut first = adds(&mut person, "Ponsel Suharti").await;
    demo.clock.advance(1);
    let second = adds(&mut person, "").await;
    demo.clock.advance(1);
    assert_eq!(first.handle, second.handle, "devices know one account by one handle");
    let mut synced = Key::new();
    synced.flags |= SYNCED;
    let more = asked(&mut person, "/api/v1/passkeys/new").await;
    assert_eq!(more["options"]["excludeCredentials"].as_array().unwrap().len(), 2);
    let made = json!({ "ceremony": more["ceremony"], "credential": synced.made(&more["options"]) });
    let list = person.api("POST", "/api/v1/passkeys", Some(made)).await.is(201).json();
    let of = |list: &Json, n: usize, part: &str| list["items"][n][part].clone();
    assert_eq!((of(&list, 0, "synced"), of(&list, 2, "synced")), (json!(false), json!(true)));
    let page = person.get("/me/factors").await.is(200).says("Ponsel Suharti").says("tersinkron").body;
    assert!(page.contains("Tambah kunci sandi"));
    let id = of(&list, 0, "id").as_str().unwrap().to_owned();
    let path = format!("/me/factors/passkeys/{id}");
    person.get(&path).await.is(200).says("Ponsel Suharti");
    person.post(&path, &[("name", "")]).await.is(422);
    person.post(&path, &[("name", "Ponsel lama")]).await.is(303);
    person
        .api("PATCH", &format!("/api/v1/passkeys/{id}"), Some(json!({ "name": "x".repeat(61) })))
        .await
        .is(422);
    person.get("/me/factors").await.is(200).says("Ponsel lama");
    // Somebody else has no such passkey.
    let mut other = newcomer(&demo, "Budi", "budi@contoh.id").await;
    other.get(&path).await.is(404);
    other.post(&format!("{path}/remove"), &[]).await.is(404);
    other.api("DELETE", &format!("/api/v1/passkeys/{id}"), None).await.is(404);
    // Whoever found the session open proves it first.
    demo.clock.advance(11 * MINUTE);
    person.get("/me/factors").await.is(200).says("/prove?next=/me/factors");
    person.api("POST", "/api/v1/passkeys/new", None).await.is(403).says("refusal-prove");
    person.post(&format!("{path}/remove"), &[]).await.is(303);
    person.get("/me/factors").await.is(200).says("Ponsel lama");
    person.get("/prove?next=/me/factors").await.is(200).says("Pastikan dengan kunci sandi");
    first.counter += 1;
    let proved = shows(&mut person, &first, "/api/v1/sessions/proof/passkey").await.is(200).json();
    assert_eq!(proved["place"], "/");
    person.post(&format!("{path}/remove"), &[]).await.is(303);
    person.get("/me/factors").await.is(200).lacks("Ponsel lama");
    enters(&mut demo.browser(), &mut first).await.is(409).says("people-passkey-unknown");
    demo.settle().await;
    mail(&mut person, ADDRESS, "Kunci sandi baru").await;
    mail(&mut person, ADDRESS, "Kunci sandi dihapus").await;
}

#[db_test]
async fn a_passkey_is_a_proof_for_its_own_person_alone(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", ADDRESS).await;
    let mut other = newcomer(&demo, "Budi", "budi@contoh.id").await;
    let mut theirs = adds(&mut other, "Budi").await;
    demo.clock.advance(11 * MINUTE);
    theirs.counter += 1;
    shows(&mut person, &theirs, "/api/v1/sessions/proof/passkey").await.is(409).says("people-passkey-other");
    person.api("POST", "/api/v1/passkeys/new", None).await.is(403);
    // What was asked for a proof signs nobody in, nor the other way round.
    let proof = asked(&mut other, "/api/v1/sessions/proof/passkey/new").await;
    theirs.counter += 1;
    let shown = json!({ "ceremony": proof["ceremony"], "credential": theirs.shown(&proof["options"]) });
    other.api("POST", "/api/v1/sessions/passkey", Some(shown)).await.is(410);
}

#[db_test]
async fn who_is_entrusted_shows_the_passkey_after_the_password(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let real = demo.node(db.clone(), false);
    let mut person = newcomer(&demo, "Suharti", ADDRESS).await;
    let mut key = adds(&mut person, "Ponsel").await;
    let password = [("mail", ADDRESS), ("password", PASSWORD), ("next", "/me")];
    // To whom nothing is entrusted the passkey is another way in.
    let mut plain = demo.browser();
    assert_eq!(plain.post("/sign-in", &password).await.is(303).location(), "/me");
    opens_a_group(&mut person).await;
    // Who has no recovery codes is not shut out with a lost device: a mailed code is asked for.
    let mut browser = demo.browser();
    let place = browser.post("/sign-in", &password).await.is(303).location().to_owned();
    browser.get(&place).await.is(200).lacks("Lanjutkan dengan kunci sandi");
    person.post("/me/factors/recovery", &[]).await.is(201);
    let mut browser = demo.browser();
    let place = browser.post("/sign-in", &password).await.is(303).location().to_owned();
    assert!(place.starts_with("/sign-in/code"), "{place}");
    let page =
        browser.get(&place).await.is(200).says("Lanjutkan dengan kunci sandi").says("Kode cadangan").body;
    assert!(page.contains("/passkey.js"));
    browser.post("/sign-in/code", &[("code", "123456")]).await.is(422);
    browser.get("/me").await.is(303);
    enters(&mut browser, &mut key).await.is(201);
    browser.get("/me").await.is(200);
    // The session that waited is over; that of the one who typed no mailed code is left.
    let waiting = value::<i64>(&db, "select count(*) from sessions where waits <> 'nothing'", &[]).await;
    assert_eq!(waiting, 1);
    // A session that came without it from before may no longer do what is entrusted, until it shows the passkey.
    demo.clock.advance(15 * DAY);
    let mut plain = plain.at(&real);
    plain.get("/desk").await.is(200).says("Siapkan langkah kedua");
    plain.get("/me/factors").await.is(200).says("Anda masuk tanpa kunci sandi Anda");
    plain.get("/groups/guru-tondano-bersatu/settings").await.is(403);
    key.counter += 1;
    shows(&mut plain, &key, "/api/v1/sessions/proof/passkey").await.is(200);
    plain.get("/groups/guru-tondano-bersatu/settings").await.is(200);
    plain.get("/me/factors").await.is(200).lacks("Anda masuk tanpa kunci sandi Anda");
    // Codes for who has lost the telephone, and the operator's hand.
    let codes = plain.post("/me/factors/recovery", &[]).await.is(201).body;
    let code =
        codes.split("<pre").nth(1).unwrap().split('>').nth(1).unwrap().split('\n').next().unwrap().to_owned();
    let mut lost = real.browser();
    lost.post("/sign-in", &password).await.is(303);
    lost.post("/sign-in/code", &[("code", code.trim()), ("next", "/me")]).await.is(303);
    lost.get("/groups/guru-tondano-bersatu/settings").await.is(200);
    assert!(mapalus_app::people::remove_factor(&real.app, ADDRESS).await.unwrap());
    assert!(!mapalus_app::people::remove_factor(&real.app, ADDRESS).await.unwrap());
    enters(&mut real.browser(), &mut key).await.is(409);
    let left = "select count(*) from recovery_codes";
    assert_eq!(value::<i64>(&db, left, &[]).await, 0);
}

#[db_test]
async fn what_does_not_fit_is_refused_and_its_challenge_is_over(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", ADDRESS).await;
    let mut key = adds(&mut person, "Ponsel").await;
    let path = "/api/v1/sessions/passkey";
    let mut browser = demo.browser();
    enters(&mut browser, &mut key).await.is(201);
    // Another address, another host, an owner who was not verified, nobody there, another account's handle.
    let cases: [(&str, Spoils); 5] = [
        ("people-passkey-elsewhere", |key| key.origin = "https://mapalus.test.evil.example".to_owned()),
        ("people-passkey-elsewhere", |key| key.host = "evil.example".to_owned()),
        ("people-passkey-unverified", |key| key.flags = PRESENT),
        ("people-passkey-unverified", |key| key.flags = VERIFIED),
        ("people-passkey-unknown", |key| key.handle = "AAAAAAAAAAAAAAAAAAAAAA".to_owned()),
    ];
    for (wanted, spoils) in cases {
        let (origin, host, handle) = (key.origin.clone(), key.host.clone(), key.handle.clone());
        spoils(&mut key);
        let mut browser = demo.browser();
        enters(&mut browser, &mut key).await.is(409).says(wanted);
        browser.get("/me").await.is(303);
        (key.origin, key.host, key.handle, key.flags) = (origin, host, handle, PRESENT | VERIFIED);
    }
    // A copy whose counter lags behind.
    key.counter = 1;
    enters(&mut demo.browser(), &mut key).await.is(409).says("people-passkey-copied");
    key.counter = 50;
    // What somebody overheard is of no use: not twice, not from another browser, not for another challenge, not later.
    let mut browser = demo.browser();
    let first = asked(&mut browser, &format!("{path}/new")).await;
    let shown = json!({ "ceremony": first["ceremony"], "credential": key.shown(&first["options"]) });
    let mut thief = demo.browser();
    thief.api("POST", path, Some(shown.clone())).await.is(410).says("people-passkey-over");
    asked(&mut thief, &format!("{path}/new")).await;
    thief.api("POST", path, Some(shown.clone())).await.is(410);
    browser.again().api("POST", path, Some(shown.clone())).await.is(201);
    browser.api("POST", path, Some(shown.clone())).await.is(410);
    let next = asked(&mut browser, &format!("{path}/new")).await;
    let replayed = json!({ "ceremony": next["ceremony"], "credential": shown["credential"] });
    browser.api("POST", path, Some(replayed)).await.is(410);
    let late = asked(&mut browser, &format!("{path}/new")).await;
    demo.clock.advance(11 * MINUTE);
    key.counter = 60;
    let shown = json!({ "ceremony": late["ceremony"], "credential": key.shown(&late["options"]) });
    browser.api("POST", path, Some(shown)).await.is(410);
    // A signature of somebody else's key under this one's name.
    let asked_for = asked(&mut browser, &format!("{path}/new")).await;
    let mut forged = Key::new();
    (forged.id, forged.handle, forged.counter) = (key.id.clone(), key.handle.clone(), 61);
    let shown =
        json!({ "ceremony": asked_for["ceremony"], "credential": forged.shown(&asked_for["options"]) });
    browser.api("POST", path, Some(shown.clone())).await.is(409).says("people-passkey-refused");
    // A challenge that was answered wrongly is over.
    let right = json!({ "ceremony": asked_for["ceremony"], "credential": key.shown(&asked_for["options"]) });
    browser.api("POST", path, Some(right)).await.is(410);
    // What is no credential.
    for odd in [json!({}), json!(null), json!([]), json!({ "id": "x", "rawId": "!" }), json!("x")] {
        let asked = asked(&mut browser, &format!("{path}/new")).await;
        let body = json!({ "ceremony": asked["ceremony"], "credential": odd });
        browser.api("POST", path, Some(body)).await.is(400).says("people-passkey-malformed");
    }
    for odd in ["", "x", "0195b1d0-0000-7000-8000-000000000000"] {
        let body = json!({ "ceremony": odd, "credential": {} });
        browser.api("POST", path, Some(body)).await.is(410);
    }
    browser.api("POST", path, Some(json!({ "ceremony": "x" }))).await.is(400);
    // The right answer is still taken.
    enters(&mut browser, &mut key).await.is(201);
}

#[db_test]
async fn a_new_passkey_is_taken_once_and_only_from_a_verified_owner(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", ADDRESS).await;
    let path = "/api/v1/passkeys";
    for (flags, origin, wanted) in [
        (PRESENT, None, "people-passkey-unverified"),
        (PRESENT | VERIFIED, Some("https://evil.example"), "people-passkey-elsewhere"),
    ] {
        let mut key = Key::new();
        key.flags = flags;
        if let Some(origin) = origin {
            key.origin = origin.to_owned();
        }
        let asked = asked(&mut person, "/api/v1/passkeys/new").await;
        let made = json!({ "ceremony": asked["ceremony"], "credential": key.made(&asked["options"]) });
        person.api("POST", path, Some(made)).await.is(409).says(wanted);
    }
    let key = adds(&mut person, "Ponsel").await;
    // The same key for another account.
    let mut other = newcomer(&demo, "Budi", "budi@contoh.id").await;
    let mut stolen = Key::new();
    stolen.id = key.id.clone();
    let again = asked(&mut other, "/api/v1/passkeys/new").await;
    let made = json!({ "ceremony": again["ceremony"], "credential": stolen.made(&again["options"]) });
    other.api("POST", path, Some(made)).await.is(409).says("people-passkey-taken");
    // What one person was asked for is nothing to another, in the same browser too.
    let asked_for = asked(&mut other, "/api/v1/passkeys/new").await;
    let mut new = Key::new();
    let made = json!({ "ceremony": asked_for["ceremony"], "credential": new.made(&asked_for["options"]) });
    person.api("POST", path, Some(made.clone())).await.is(410);
    // The same call twice, by its key, adds one.
    let mut calls = Vec::new();
    for _ in 0..2 {
        let request = axum::http::Request::post(path)
            .header("origin", crate::testing::ORIGIN)
            .header("idempotency-key", "satu")
            .header("content-type", "application/json");
        calls.push(other.send(request, made.to_string().into()).await.is(201).json());
    }
    assert_eq!(calls[0], calls[1]);
    assert_eq!(calls[0]["items"].as_array().unwrap().len(), 1);
    // The twenty-first is refused, be it asked for before.
    let early = asked(&mut other, "/api/v1/passkeys/new").await;
    for n in 0..19 {
        adds(&mut other, &format!("Kunci {n}")).await;
    }
    other.api("POST", "/api/v1/passkeys/new", None).await.is(409).says("people-passkeys-full");
    let mut last = Key::new();
    let made = json!({ "ceremony": early["ceremony"], "credential": last.made(&early["options"]) });
    other.api("POST", path, Some(made)).await.is(409).says("people-passkeys-full");
}

#[db_test]
async fn one_answer_sent_by_many_at_once_opens_one_session(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", ADDRESS).await;
    let mut key = adds(&mut person, "Ponsel").await;
    key.counter += 1;
    let mut browser = demo.browser();
    let asked = asked(&mut browser, "/api/v1/sessions/passkey/new").await;
    let shown = json!({ "ceremony": asked["ceremony"], "credential": key.shown(&asked["options"]) });
    let before = value::<i64>(&db, "select count(*) from sessions", &[]).await;
    let calls = (0..8).map(|_| {
        let (mut browser, shown) = (browser.again(), shown.clone());
        async move { browser.api("POST", "/api/v1/sessions/passkey", Some(shown)).await.status.as_u16() }
    });
    let mut told = at_once(calls).await;
    told.sort_unstable();
    assert_eq!(told[0], 201, "{told:?}");
    assert!(told[1..].iter().all(|status| [409, 410].contains(status)), "{told:?}");
    assert_eq!(value::<i64>(&db, "select count(*) from sessions", &[]).await, before + 1);
}

#[db_test]
async fn the_last_way_into_an_account_stays(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Suharti", ADDRESS).await;
    adds(&mut person, "Ponsel").await;
    let list = person.api("GET", "/api/v1/passkeys", None).await.is(200).json();
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    sql(&db, "update persons set password_hash = '' where mail_folded = $1", &params![ADDRESS]).await;
    // No mail goes out of an instance without a mail server: neither code nor link would.
    let real = demo.node(db.clone(), false);
    let mut person = person.at(&real);
    let path = format!("/me/factors/passkeys/{id}/remove");
    person.post(&path, &[]).await.is(409).says("Buat kata sandi dulu");
    let left = value::<i64>(&db, "select count(*) from passkeys", &[]).await;
    assert_eq!(left, 1);
    person.at(&demo).post(&path, &[]).await.is(303);
}

#[db_test]
async fn passkeys_that_come_and_go_at_once_leave_what_one_after_the_other_would(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let mut person = newcomer(&nodes[0], "Suharti", ADDRESS).await;
    for _ in 0..4 {
        let mut bodies = Vec::new();
        for _ in 0..2 {
            let asked = asked(&mut person, "/api/v1/passkeys/new").await;
            bodies.push(
                json!({ "ceremony": asked["ceremony"], "credential": Key::new().made(&asked["options"]) }),
            );
        }
        let mut tabs = [person.at(&nodes[0]), person.at(&nodes[1])];
        let both =
            tabs.iter_mut().zip(bodies).map(|(tab, body)| tab.api("POST", "/api/v1/passkeys", Some(body)));
        for answer in at_once(both).await {
            answer.is(201);
        }
        person.post("/me/factors/recovery", &[]).await.is(201);
        let list = person.api("GET", "/api/v1/passkeys", None).await.is(200).json();
        let ids = list["items"].as_array().unwrap().iter().map(|key| key["id"].as_str().unwrap().to_owned());
        let paths: Vec<String> = ids.map(|id| format!("/api/v1/passkeys/{id}")).collect();
        assert_eq!(paths.len(), 2);
        let both = tabs.iter_mut().zip(&paths).map(|(tab, path)| tab.api("DELETE", path, None));
        for answer in at_once(both).await {
            answer.is(204);
        }
        let codes = "select count(*) from recovery_codes";
        assert_eq!(value::<i64>(&db, codes, &[]).await, 0, "with the last passkey go the codes");
    }
}

#[db_test]
async fn who_comes_back_by_a_passkey_is_told_so(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", ADDRESS).await;
    let mut key = adds(&mut person, "Ponsel").await;
    person.post("/me/close", &[]).await.is(303);
    let mut back = demo.browser();
    enters(&mut back, &mut key).await.is(201);
    back.get("/").await.is(200).says("Penutupan akun Anda dibatalkan");
}
