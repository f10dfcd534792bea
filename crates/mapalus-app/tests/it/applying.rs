//! The applicant's side of joining: what is asked of them, what they take back, what they are told, what ends.

use crate::{
    testing::{Browser, Instance},
    world::{self, GROUP, OTHER, enter, mail, sql, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_core::time::DAY;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

fn text(key: &str) -> String {
    locale::message(Lang::Id, key, &[])
}

/// Vina's application to the doctors, which stands at its vouches.
async fn at_vouches(vina: &mut Browser<'_>) -> String {
    let mine = vina.api("GET", "/api/v1/applications", None).await.is(200).json();
    let items = mine["items"].as_array().unwrap();
    let of = items.iter().find(|item| item["group"]["name"].as_str().unwrap().starts_with("Dokter")).unwrap();
    format!("/api/v1/applications/{}", of["id"].as_str().unwrap())
}

async fn ask(vina: &mut Browser<'_>, path: &str, key: &str) {
    let mail = json!({ "mail": mail(key) });
    vina.api("POST", &format!("{path}/vouches"), Some(mail)).await.is(200);
}

/// The member vouches for the one who asked.
async fn give(demo: &Instance, db: &Db, key: &str) {
    let find = "select vouches.id from vouches join persons on persons.id = giver_id
        where mail_folded = $1 and vouches.state = 'asked'";
    let id: String = value(db, find, &params![mail(key)]).await;
    let how = json!({ "relation": "work", "known": "three-to-five", "note": "" });
    enter(demo, key).await.api("POST", &format!("/api/v1/vouches/{id}/give"), Some(how)).await.is(200);
}

/// Everybody works there, but those who are named.
async fn all_work_at(db: &Db, name: &str, but: &[(&str, &str)]) {
    sql(db, "update persons set workplace = $1", &params![name]).await;
    for (key, other) in but {
        let set = "update persons set workplace = $1 where mail_folded = $2";
        sql(db, set, &params![*other, mail(key)]).await;
    }
}

/// Says in the profile where one works.
async fn works_at(browser: &mut Browser<'_>, name: &str) {
    browser.api("PATCH", "/api/v1/me", Some(json!({ "workplace": name }))).await.is(200);
}

async fn state(browser: &mut Browser<'_>, path: &str) -> (Json, Json) {
    let now = browser.api("GET", path, None).await.is(200).json();
    (now["state"].clone(), now["next"].clone())
}

#[db_test]
async fn who_does_not_say_where_they_work_is_led_to_the_profile_and_goes_on_once_they_do(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut vina = enter(&demo, "vina").await;
    let path = at_vouches(&mut vina).await;
    let page = path.replace("/api/v1", "");
    all_work_at(&db, "RS Kandou", &[("vina", "")]).await;
    let asked = json!({ "mail": mail("fera") });
    vina.api("POST", &format!("{path}/vouches"), Some(asked)).await.is(409).says("joining-vouch-workplace");
    vina.get(&page).await.is(200).says("href=\"/me/profile\"").says(&text("joining-vouch-workplace"));
    // Asked while it was said, given while it was not: it goes on when it is said again.
    let set = "update persons set workplace = $1 where mail_folded = $2";
    sql(&db, set, &params!["RS Siloam", mail("vina")]).await;
    for key in ["fera", "ningsih"] {
        ask(&mut vina, &path, key).await;
    }
    sql(&db, set, &params!["", mail("vina")]).await;
    for key in ["fera", "ningsih"] {
        give(&demo, &db, key).await;
    }
    assert_eq!(state(&mut vina, &path).await.1, "members");
    works_at(&mut vina, "RS Siloam").await;
    demo.settle().await;
    assert_eq!(state(&mut vina, &path).await.1, "coordinators");
}

#[db_test]
async fn a_vouch_from_elsewhere_counts_once_its_giver_says_where_they_work(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut vina = enter(&demo, "vina").await;
    let path = at_vouches(&mut vina).await;
    all_work_at(&db, "RS Kandou", &[("fera", ""), ("yanti", "RS Siloam")]).await;
    for key in ["fera", "ningsih"] {
        ask(&mut vina, &path, key).await;
        give(&demo, &db, key).await;
    }
    assert_eq!(state(&mut vina, &path).await.1, "members");
    let mut fera = enter(&demo, "fera").await;
    works_at(&mut fera, "Puskesmas Bahu").await;
    demo.settle().await;
    assert_eq!(state(&mut vina, &path).await.1, "coordinators");
}

#[db_test]
async fn a_new_group_asks_for_no_more_vouches_than_its_members_can_give(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut vina = enter(&demo, "vina").await;
    let path = at_vouches(&mut vina).await;
    all_work_at(&db, "RS Kandou", &[]).await;
    // Only the one who runs it has been there for long enough.
    let young = "update memberships set since = $1 where group_id in (select id from groups where name like 'Dokter%')";
    sql(&db, young, &params![demo.app.clock.now()]).await;
    let others =
        "delete from role_holders where person_id <> (select id from persons where mail_folded = $1)";
    sql(&db, others, &params![mail("johan")]).await;
    let page = path.replace("/api/v1", "");
    vina.get(&page).await.is(200).says(&text("joining-vouch-waived"));
    let slug: String = value(&db, "select slug from groups where name like 'Dokter%'", &[]).await;
    let mut johan = enter(&demo, "johan").await;
    johan.get(&format!("/groups/{slug}")).await.is(200).says("rekomendasi baru 1");
    ask(&mut vina, &path, "johan").await;
    give(&demo, &db, "johan").await;
    assert_eq!(state(&mut vina, &path).await.1, "coordinators");
}

#[db_test]
async fn who_is_invited_joins_also_while_the_group_takes_nobody_else(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut novi, mut meylan) = (enter(&demo, "novi").await, enter(&demo, "meylan").await);
    sql(&db, "update groups set taking = false where slug = $1", &params![GROUP]).await;
    let (page, join) = (format!("/groups/{GROUP}"), format!("/groups/{GROUP}/join"));
    // Whoever comes by themselves reads why not, and the way on, instead of a button.
    meylan.get(&join).await.is(200).says(&text("joining-closed")).lacks(&text("joining-begin"));
    meylan.post(&join, &[]).await.is(409);
    novi.get(&join).await.is(200).says(&text("joining-is-member")).lacks(&text("joining-begin"));
    let invite = json!({ "mail": mail("meylan") });
    novi.api("POST", &format!("/api/v1/groups/{GROUP}/invitations"), Some(invite)).await.is(201);
    meylan.get(&page).await.is(200).says(&format!("href=\"{join}\"")).lacks(&text("joining-closed"));
    meylan.get(&join).await.is(200).says(&text("joining-begin"));
    let begun =
        meylan.api("POST", &format!("/api/v1/groups/{GROUP}/applications"), None).await.is(201).json();
    let now = world::step(&mut meylan, &mut novi, begun["id"].as_str().unwrap()).await;
    assert_eq!(now["state"], "sent", "it can be sent, too");
    // By a link as well.
    let mut vina = enter(&demo, "vina").await;
    let input = json!({ "uses": 2, "days": 7, "spares": [], "note": "" });
    let link = novi.api("POST", &format!("/api/v1/groups/{GROUP}/links"), Some(input)).await.is(201).json();
    let at = link["url"].as_str().unwrap().strip_prefix(crate::testing::ORIGIN).unwrap().to_owned();
    vina.get(&at).await.is(200).says(&text("joining-invited-join"));
    vina.post(&at, &[]).await.is(303);
    // Uninvited, where only those are taken who are.
    let only = "update groups set taking = true, sign_up = 'invitation' where slug = $1";
    sql(&db, only, &params![OTHER]).await;
    let other = format!("/groups/{OTHER}/join");
    let mut rio = enter(&demo, "ningsih").await;
    rio.get(&other).await.is(200).says(&text("joining-invited-only")).lacks(&text("joining-begin"));
}

#[db_test]
async fn what_was_sent_is_taken_back_with_its_answers_and_nobody_hears_of_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let id = world::apply(&mut meylan, OTHER).await;
    let (path, page) = (format!("/api/v1/applications/{id}"), format!("/applications/{id}"));
    let undo = format!("{path}/send/undo");
    meylan.api("POST", &undo, None).await.is(409).says("joining-send-told");
    let sent = world::step(&mut meylan, &mut stenly, &id).await;
    assert_eq!(sent["state"], "sent");
    stenly.api("POST", &undo, None).await.is(404);
    let back = meylan.api("POST", &undo, None).await.is(200).json();
    assert_eq!(
        (&back["state"], &back["place"], &back["sent_at"]),
        (&json!("draft"), &json!(0), &json!(null))
    );
    assert_eq!(back["answers"], sent["answers"], "they stand as they were");
    meylan.api("POST", &undo, None).await.is(409);
    stenly.get(&format!("/groups/{OTHER}/applications")).await.is(200).lacks(&id);
    // Sent anew; the agreement is taken back by itself, on the page.
    world::step(&mut meylan, &mut stenly, &id).await;
    demo.clock.advance(1_000);
    let before = meylan.api("GET", &path, None).await.is(200).json();
    meylan.post(&format!("{page}/agree"), &[("version", &before["version"].to_string())]).await.is(303);
    meylan.get(&page).await.is(200).says(&format!("action=\"{page}/send/undo\""));
    meylan.post(&format!("{page}/send/undo"), &[]).await.is(303);
    let after = meylan.api("GET", &path, None).await.is(200).json();
    for part in ["state", "place", "next", "sent_at", "due_at"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    demo.clock.advance(30_000);
    demo.settle().await;
    let told = "select count(*) from notices where notices.key like 'joining-notice-sent' and path = $1";
    assert_eq!(value::<i64>(&db, told, &params![&page]).await, 0);
    // Once its time is over, or a coordinator was faster, it stands.
    meylan.api("POST", &format!("{path}/agree"), None).await.is(200);
    demo.clock.advance(21_000);
    meylan.api("POST", &undo, None).await.is(409).says("joining-send-told");
}

#[db_test]
async fn who_applies_again_finds_the_answers_that_are_still_kept(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let id = world::apply(&mut meylan, OTHER).await;
    let sent = world::step(&mut meylan, &mut stenly, &id).await;
    meylan.api("POST", &format!("/api/v1/applications/{id}/withdraw"), None).await.is(200);
    let again = world::apply(&mut meylan, OTHER).await;
    let draft = meylan.api("GET", &format!("/api/v1/applications/{again}"), None).await.is(200).json();
    let asked = sent["steps"][0]["questions"].as_array().unwrap();
    let anew = |key: &str| {
        let of = asked.iter().find(|question| question["key"] == key).unwrap();
        of["kind"] == "consent" || of["kind"] == "file"
    };
    let of =
        |application: &Json| application["answers"].as_object().unwrap().values().next().unwrap().clone();
    let mut kept = of(&sent);
    kept.as_object_mut().unwrap().retain(|key, _| !anew(key));
    assert_eq!(of(&draft), kept);
    assert!(!kept.as_object().unwrap().is_empty());
}

#[db_test]
async fn a_decision_is_seen_when_its_time_to_be_undone_is_over(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let id = world::apply(&mut meylan, OTHER).await;
    let (path, page) = (format!("/api/v1/applications/{id}"), format!("/applications/{id}"));
    while world::step(&mut meylan, &mut stenly, &id).await["next"] != "coordinators" {}
    let before = meylan.api("GET", &path, None).await.is(200).json();
    let reason = || Some(json!({ "reason": "Kelompok kami penuh." }));
    for outcome in ["decline", "wait", "accept"] {
        stenly.api("POST", &format!("{path}/{outcome}"), reason()).await.is(200);
        let seen = meylan.api("GET", &path, None).await.is(200).json();
        for part in ["state", "place", "next", "decided_at", "reason", "steps", "skipped"] {
            assert_eq!(seen[part], before[part], "{outcome}: {part}");
        }
        meylan.get(&page).await.is(200).lacks("Kelompok kami penuh.").lacks(&text("joining-member-now"));
        meylan.get("/applications").await.is(200).says(&text("joining-state-sent"));
        meylan.get("/").await.is(200).says(&page);
        meylan.get(&format!("/groups/{OTHER}")).await.is(200).says(&format!("href=\"{page}\""));
        meylan.get(&format!("/groups/{OTHER}/join")).await.is(303);
        let own = meylan.get("/api/v1/me/data").await.is(200).json().to_string();
        assert!(!own.contains("Kelompok kami penuh."), "{outcome}");
        stenly.api("POST", &format!("{path}/undo"), None).await.is(200);
        demo.clock.advance(1_000);
    }
    stenly.api("POST", &format!("{path}/decline"), reason()).await.is(200);
    demo.clock.advance(20_000);
    demo.settle().await;
    assert_eq!(meylan.api("GET", &path, None).await.is(200).json()["state"], "declined");
    meylan.get(&page).await.is(200).says("Kelompok kami penuh.");
}

#[db_test]
async fn a_list_says_of_each_application_the_step_whose_turn_it_is_and_until_when(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let id = world::apply(&mut meylan, OTHER).await;
    let button = format!("class=\"button primary\" href=\"/applications/{id}\"");
    meylan.get("/applications").await.is(200).says(&button).says("Langkah 1 dari").says("Anda · sampai");
    while world::step(&mut meylan, &mut stenly, &id).await["next"] != "coordinators" {}
    meylan.get("/applications").await.is(200).lacks(&button).says("Pengurus · sampai");
    let mine = meylan.api("GET", "/api/v1/applications", None).await.is(200).json();
    let of = mine["items"].as_array().unwrap().iter().find(|item| item["id"] == *id).unwrap();
    assert_eq!(of["stand"]["next"], "coordinators");
    assert!(of["stand"]["due_at"].is_string() && of["stand"]["number"].as_i64() > Some(1), "{of}");
    // Coordinators read on the card who acts and how many vouches there are.
    let slug: String = value(&db, "select slug from groups where name like 'Dokter%'", &[]).await;
    let board = format!("/groups/{slug}/applications");
    let mut johan = enter(&demo, "johan").await;
    johan.get(&board).await.is(200).says("0 dari 2 rekomendasi · Anggota");
    let list = johan.api("GET", &format!("/api/v1{board}"), None).await.is(200).json();
    let vouched = list["items"].as_array().unwrap().iter().find(|item| item["stand"]["next"] == "members");
    assert_eq!(vouched.unwrap()["vouches"]["needed"], 2);
}

#[db_test]
async fn a_draft_that_nobody_saves_ends_after_ninety_days_and_its_applicant_is_told_before(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    sql(&db, "update applications set remind_at = null", &[]).await;
    sql(&db, "update vouches set remind_at = null", &[]).await;
    let mut vina = enter(&demo, "vina").await;
    let id = world::apply(&mut vina, GROUP).await;
    let path = format!("/api/v1/applications/{id}");
    let asked = vina.api("GET", &path, None).await.is(200).json();
    let answers = json!({ "answers": world::answers(&asked["steps"][0]) });
    vina.api("PATCH", &path, Some(answers.clone())).await.is(200);
    let told = "select count(*) from notices where notices.key = 'joining-notice-draft-ends'";
    let stands = "select state from applications where id = $1";
    let left = "select count(*) from answers where application_id = $1";
    let pass = async |days: i64| {
        for _ in 0..days {
            demo.clock.advance(DAY);
            demo.settle().await;
        }
    };
    pass(75).await;
    assert_eq!(value::<i64>(&db, told, &[]).await, 0);
    pass(1).await;
    assert_eq!(value::<i64>(&db, told, &[]).await, 1);
    // Saved again it has its time anew.
    let mut vina = enter(&demo, "vina").await;
    vina.get("/notices").await.is(200).says("sudah lama tidak disimpan");
    vina.api("PATCH", &path, Some(answers)).await.is(200);
    pass(75).await;
    assert_eq!(value::<String>(&db, stands, &params![&id]).await, "draft");
    assert_eq!(value::<i64>(&db, told, &[]).await, 1);
    pass(14).await;
    assert_eq!(value::<i64>(&db, told, &[]).await, 2);
    assert!(value::<i64>(&db, left, &params![&id]).await > 0);
    pass(1).await;
    assert_eq!(value::<String>(&db, stands, &params![&id]).await, "withdrawn");
    assert_eq!(value::<i64>(&db, left, &params![&id]).await, 0);
}
