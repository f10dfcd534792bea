//! The privacy notice has changed: who agreed to an earlier one is asked once, and nothing is written before.

use crate::{
    testing::{Browser, Instance},
    world::{enter, mail, sql, value},
};
use axum::{body::Body, http::Request};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

const OLDER: &str = "update persons set consent_version = 1, consent_at = 1 where mail_folded = $1";

async fn version(db: &Db, key: &str) -> i64 {
    value(db, "select consent_version from persons where mail_folded = $1", &params![mail(key)]).await
}

#[db_test]
async fn who_agreed_to_an_earlier_notice_reads_but_writes_nothing_until_they_agree(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut meylan = enter(&demo, "meylan").await;
    sql(&db, OLDER, &params![mail("meylan")]).await;
    meylan.get("/me").await.is(200);
    let body = json!({ "about": "Saya perawat." });
    let problem = meylan.api("PATCH", "/api/v1/me", Some(body.clone())).await.is(403).json();
    assert_eq!(problem["key"], "refusal-consent");
    // A form leads to the notice, and stands filled afterwards.
    let page = meylan.get("/me/profile").await.is(200).body;
    let once = page.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("name", "Meylan"), ("about", "Kalimat yang panjang sekali")];
    let asked = meylan.post_from("/me/profile", "/me/profile", &fields, &once).await.is(303);
    assert_eq!(asked.location(), "/consent?next=%2Fme%2Fprofile");
    meylan.get(asked.location()).await.is(200).says("Versi 2").says("/me/settings#close");
    let consent = |version, consent| [("version", version), ("consent", consent), ("next", "/me/profile")];
    meylan.post("/consent", &consent("2", "")).await.is(422);
    meylan.post("/consent", &consent("1", "yes")).await.is(409);
    assert_eq!(version(&db, "meylan").await, 1);
    assert_eq!(meylan.post("/consent", &consent("2", "yes")).await.is(303).location(), "/kept");
    assert_eq!(version(&db, "meylan").await, 2);
    let page = meylan.get("/kept").await.is(303);
    meylan.get(page.location()).await.is(200).says("Kalimat yang panjang sekali</textarea>");
    meylan.api("PATCH", "/api/v1/me", Some(body)).await.is(200);
    assert_eq!(meylan.get("/consent?next=/me").await.is(303).location(), "/me", "asked once");
    let recorded: i64 =
        value(&db, "select count(*) from audit where why = 'privacy notice 2'", &params![]).await;
    assert_eq!(recorded, 1);
}

#[db_test]
async fn who_does_not_agree_may_leave_and_a_guardian_agrees_for_the_wards(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut johan = enter(&demo, "johan").await;
    sql(&db, OLDER, &params![mail("johan")]).await;
    sql(&db, "update guardianships set consent_version = 1", &params![]).await;
    johan.get("/consent").await.is(200).says("Gita");
    let own = johan.api("GET", "/api/v1/me/consent", None).await.is(200).json();
    assert_eq!((&own["version"], &own["agreed"]), (&json!(2), &json!(1)));
    let agreed = json!({ "version": 2, "consent": true });
    let own = johan.api("POST", "/api/v1/me/consent", Some(agreed)).await.is(200).json();
    assert_eq!(own["agreed"], 2);
    let wards: i64 =
        value(&db, "select count(*) from guardianships where consent_version < 2", &params![]).await;
    assert_eq!(wards, 0);
    let mut meylan = enter(&demo, "meylan").await;
    sql(&db, OLDER, &params![mail("meylan")]).await;
    meylan.post("/me/sessions/end", &[]).await.is(303);
    meylan.post("/sign-out", &[]).await.is(303);
}

/// Sends a profile's photo by a form, as a browser does.
async fn send_photo(browser: &mut Browser<'_>, once: &str) -> crate::testing::Answer {
    let part =
        |head: &str, body: &str| format!("--x\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let body = part("name=\"once\"", once)
        + &part("name=\"photo\"; filename=\"saya.jpg\"", "bytes of a picture")
        + "--x--\r\n";
    let request = Request::post("/me/photo")
        .header("sec-fetch-site", "same-origin")
        .header("referer", format!("{}/me/profile", crate::testing::ORIGIN))
        .header("content-type", "multipart/form-data; boundary=x");
    browser.send(request, Body::from(body)).await
}

#[db_test]
async fn a_file_of_a_form_that_was_kept_is_asked_for_again(db: Db) {
    let demo = Instance::demo(db).await;
    let mut meylan = demo.enters("seeker").await;
    let page = meylan.get("/me/profile").await.is(200).lacks("Pilih berkasnya sekali lagi").body;
    let once = page.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    meylan.post("/sign-out", &[]).await.is(303);
    send_photo(&mut meylan, &once).await.is(303);
    // The door of a demonstration leads back to the form as signing in does.
    assert_eq!(meylan.post("/demo/seeker", &[]).await.is(303).location(), "/kept");
    let page = meylan.get("/kept").await.is(303);
    meylan.get(page.location()).await.is(200).says("Pilih berkasnya sekali lagi");
    meylan.get("/kept?list=1").await.is(200).says("Pilih berkasnya sekali lagi");
}
