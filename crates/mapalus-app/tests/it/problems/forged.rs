//! Cookies, addresses and headers that somebody made up.

use super::{FORM, call, new_group};
use crate::{
    testing::{Answer, Browser, Instance},
    world::{OTHER, enter, mail, value},
};
use axum::{
    body::Body,
    http::{HeaderValue, Request, header},
};
use mapalus_core::{Id, Millis, chance::SystemChance};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

/// Asks for a page as a stranger with this cookie header.
async fn with_cookie(instance: &Instance, path: &str, cookie: &[u8]) -> Answer {
    let cookie = HeaderValue::from_bytes(cookie).unwrap();
    let request = Request::get(path).header(header::COOKIE, cookie);
    instance.browser().send(request, Body::empty()).await
}

#[db_test]
async fn a_forged_session_is_a_strangers(db: Db) {
    let demo = Instance::demo(db).await;
    let long = format!("__Host-mapalus={}", "A".repeat(60_000));
    let cookies: [&[u8]; 8] = [
        b"__Host-mapalus=",
        b"__Host-mapalus=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        b"__Host-mapalus=' or 1=1 --",
        b"__Host-mapalus=\xff\xfe",
        b"mapalus=AAAA; __Host-mapalus=\"\"",
        b";;;===;;;",
        b"__Host-mapalus",
        long.as_bytes(),
    ];
    for cookie in cookies {
        let answer = with_cookie(&demo, "/me", cookie).await;
        assert_eq!(answer.is(303).location(), "/sign-in?next=%2Fme");
        with_cookie(&demo, "/api/v1/me", cookie).await.is(401);
        with_cookie(&demo, "/", cookie).await.is(200);
    }
    // A session that has ended is no session, though the browser still sends it.
    let mut member = demo.enters("member").await;
    let mut other_tab = member.again();
    member.post("/sign-out", &[]).await.is(303);
    other_tab.get("/api/v1/me").await.is(401);
}

#[db_test]
async fn a_forged_flash_tells_nothing_and_offers_nothing(db: Db) {
    let demo = Instance::demo(db).await;
    let honest = with_cookie(&demo, "/", b"flash=people-done-signed-out|").await.is(200);
    assert!(honest.body.contains("role=\"status\""), "a true one is told: {}", honest.body);
    let cookies: [&[u8]; 9] = [
        b"flash=<script>alert(1)</script>|",
        b"flash=Kirim uang ke rekening ini|",
        b"flash=refusal-internal|",
        b"flash=-done-|",
        b"flash=people-done-nothing|",
        b"flash=|||",
        b"flash=",
        b"flash=\xff|\xfe",
        b"flash=people-done-signed-out",
    ];
    for cookie in cookies {
        let page = with_cookie(&demo, "/", cookie).await.is(200);
        let shown = String::from_utf8_lossy(cookie).into_owned();
        assert!(!page.body.contains("role=\"status\""), "{shown}: {}", page.body);
        assert!(!page.body.contains("alert(1)") && !page.body.contains("rekening"), "{shown}");
    }
    for undo in [
        "//evil.example/x",
        "https://evil.example/x",
        "/\\evil.example/x",
        "/\t/evil.example/x",
        "javascript:alert(1)",
        "/x\"><script>alert(1)</script>",
    ] {
        let cookie = format!("flash=people-done-signed-out|{undo}");
        let page = with_cookie(&demo, "/", cookie.as_bytes()).await.is(200);
        for bad in ["evil.example", "<script>alert", "javascript:"] {
            assert!(!page.body.contains(bad), "{undo}: {}", page.body);
        }
    }
}

#[db_test]
async fn a_forged_offer_to_undo_is_passed_over(db: Db) {
    let demo = Instance::demo(db).await;
    let mut stenly = enter(&demo, "stenly").await;
    let fera = "select id from persons where mail_folded = $1";
    let fera: String = value(&demo.app.db, fera, &params![mail("fera")]).await;
    let at = format!("/groups/{OTHER}/members/{fera}");
    stenly.post(&format!("{at}/suspend"), &[("reason", "Melanggar aturan keselamatan.")]).await.is(303);
    let true_one = stenly.cookie("undo").expect("it can be undone").to_owned();
    let offered = format!("action=\"{at}/undo\"");
    stenly.get("/notices").await.is(200).says(&offered);
    let [mark, until, key, path] = true_one.splitn(4, '|').collect::<Vec<_>>().try_into().unwrap();
    let later = (until.parse::<i64>().unwrap() + 900_000).to_string();
    let foreign = demo.app.key.mark(Id::new(Millis(0), &SystemChance));
    for [mark, until, key, path] in [
        [mark, later.as_str(), key, path],
        [mark, "-1", key, path],
        [mark, "9223372036854775807", key, path],
        [mark, until, "refusal-internal", path],
        [mark, until, key, "//evil.example/x"],
        [mark, until, key, "/\\evil.example"],
        [&foreign, until, key, path],
        ["", until, key, path],
    ] {
        let forged = format!("{mark}|{until}|{key}|{path}");
        stenly.forges("undo", &forged);
        let page = stenly.get("/notices").await.is(200);
        assert!(!page.body.contains("data-undo"), "{forged}: {}", page.body);
    }
    stenly.forges("undo", &true_one);
    stenly.get("/notices").await.is(200).says(&offered);
    for cookie in ["undo=", "undo=|||", "undo=a|b|c", "undo=a|9223372036854775807|c|/"] {
        with_cookie(&demo, "/groups", cookie.as_bytes()).await.is(200);
    }
}

#[db_test]
async fn a_forged_language_is_passed_over(db: Db) {
    let demo = Instance::demo(db).await;
    for cookie in ["lang=xx", "lang=", "lang=en-US", "lang=<script>", "lang=ID"] {
        with_cookie(&demo, "/", cookie.as_bytes()).await.is(200).says("<html lang=\"id\"");
    }
    with_cookie(&demo, "/", b"lang=en").await.is(200).says("<html lang=\"en\"");
    let mut browser = demo.browser();
    for query in ["lang=xx", "lang=", "lang=%00", "lang=en%22%3E", "lang", "lang=xx&lang=en"] {
        browser.get(&format!("/?{query}")).await.is(200).says("<html lang=\"id\"");
    }
    let unknown = [("value", "xx"), ("next", "/")];
    browser.post("/language", &unknown).await.is(404);
}

const FOREIGN: [&str; 12] = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\r\n/evil.example",
    "/x\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "evil.example",
    "/\u{0}/evil.example",
    "///evil.example",
];

#[db_test]
async fn one_is_sent_to_our_own_pages_only(db: Db) {
    let demo = Instance::demo(db).await;
    for next in FOREIGN {
        let query = serde_html_form::to_string([("next", next)]).unwrap();
        let page = demo.browser().get(&format!("/sign-in?{query}")).await.is(200);
        assert!(page.body.contains("name=\"next\" value=\"/\""), "{next:?}: {}", page.body);
        let mut member = demo.enters("member").await;
        let seen = member.get(&format!("/sign-in?{query}")).await.is(303);
        assert_eq!(seen.location(), "/", "{next:?}");
        let chosen = member.post("/language", &[("value", "id"), ("next", next)]).await.is(303);
        assert_eq!(chosen.location(), "/", "{next:?}");
        assert!(!chosen.headers.get_all(header::SET_COOKIE).iter().any(|c| c == "a=b"));
    }
    // What a stranger asked for comes back as it was asked.
    let asked = demo.browser().get("/notices?after=a%26b%23c").await.is(303);
    assert_eq!(asked.location(), "/sign-in?next=%2Fnotices%3Fafter%3Da%2526b%2523c");
}

#[db_test]
async fn no_header_is_made_of_a_name(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    let name = "Panti Tondano\r\nSet-Cookie: jahat=1\r\n\r\n<b>";
    let mut group = new_group();
    group["name"] = json!(name);
    let made = member.api("POST", "/api/v1/groups", Some(group)).await.is(201);
    assert!(made.headers.get(header::SET_COOKIE).is_none());
    assert_eq!(made.json()["name"], "Panti Tondano Set-Cookie: jahat=1 <b>");
    let slug = made.json()["slug"].as_str().unwrap().to_owned();
    assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
    let page = member.get(&format!("/groups/{slug}")).await.is(200);
    assert!(!page.body.contains("<b>") && page.body.contains("&#60;b&#62;"), "{}", page.body);

    // A name goes into mail: it holds no address, no link, no second line.
    let ask = async |browser: &mut Browser<'_>, name: &str, call: &str, mail: &str| {
        let fields = [
            ("name", name),
            ("call", call),
            ("mail", mail),
            ("password", "kopi tiga gelas pagi"),
            ("age", "adult"),
            ("consent", "yes"),
        ];
        browser.post("/sign-up", &fields).await.status.as_u16()
    };
    let mut person = demo.browser();
    for (name, call, mail) in [
        ("Budi\r\nBcc: semua@contoh.id", "", "budi@contoh.id"),
        ("Menangkan http://evil.example", "", "budi@contoh.id"),
        ("Budi", "http://evil.example", "budi@contoh.id"),
        ("Budi", "tulis ke jahat@evil.example", "budi@contoh.id"),
        ("Budi", "", "budi@contoh.id\r\nBcc: semua@contoh.id"),
        ("Budi", "", "budi@contoh.id, semua@contoh.id"),
        ("Budi", "", "<budi@contoh.id>"),
    ] {
        assert_eq!(ask(&mut person, name, call, mail).await, 422, "{name:?} {call:?} {mail:?}");
    }
    assert_eq!(ask(&mut person, "Budi\r\n Santoso", "Pak\tBudi", "budi@contoh.id").await, 303);
    demo.settle().await;
    let mailbox = person.get("/mailbox").await.is(200);
    assert!(mailbox.body.contains("budi@contoh.id"));
}

#[db_test]
async fn requests_that_come_from_nowhere_change_nothing(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    let bare = Request::post("/sign-out").header(header::CONTENT_TYPE, FORM);
    member.send(bare, Body::from("once=a")).await.is(403);
    for (name, value) in [
        ("sec-fetch-site", "none"),
        ("sec-fetch-site", "same-site"),
        ("origin", "null"),
        ("origin", "https://mapalus.test.evil.example"),
        ("origin", "http://mapalus.test"),
        ("authorization", "Bearer x"),
        ("x-http-method-override", "GET"),
    ] {
        let request = Request::post("/sign-out").header(header::CONTENT_TYPE, FORM).header(name, value);
        member.send(request, Body::from("once=a")).await.is(403);
    }
    let answer = call(&mut member, ("POST", "/sign-out"), "id", FORM, "once=a").await;
    answer.is(303);
}
