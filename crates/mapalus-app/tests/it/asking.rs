//! Asking a group: with an account and without, answered by several, and what becomes of it.

use crate::{
    testing::{Browser, Instance},
    world::{self, GROUP, OTHER, at_once, enter, set_visibility, sql, value},
};
use mapalus_core::{LinkId, time::DAY};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

const TEXT: &str = "Bolehkah saya ikut tanpa pengalaman? Saya tinggal di Wenang.";

fn text(text: &str) -> Option<Json> {
    Some(json!({ "text": text }))
}

/// Asks with an account; gives the path of the question in the API.
async fn ask(browser: &mut Browser<'_>) -> String {
    let path = format!("/api/v1/groups/{GROUP}/questions");
    let asked = browser.api("POST", &path, text(TEXT)).await.is(201).json();
    format!("/api/v1/questions/{}", asked["id"].as_str().unwrap())
}

/// Asks without an account; gives the two mailed secrets.
async fn ask_as_stranger(demo: &Instance, mail: &str) -> (String, String) {
    let fields = [("text", TEXT), ("name", "Suharti"), ("mail", mail)];
    let sent = demo.browser().post(&format!("/groups/{GROUP}/ask"), &fields).await.is(303);
    assert_eq!(sent.location(), format!("/groups/{GROUP}/ask/sent"));
    let find = "select link from asks where mail = $1 and state = 'unconfirmed'";
    let link: String = value(&demo.app.db, find, &params![mail]).await;
    let link: LinkId = link.parse().unwrap();
    (demo.app.key.link("ask", link), demo.app.key.link("asked", link))
}

/// The time to undo is over, and everybody is told.
async fn later(demo: &Instance) {
    demo.clock.advance(20_000);
    demo.settle().await;
}

async fn inbox(browser: &mut Browser<'_>, show: &str) -> Vec<Json> {
    let path = format!("/api/v1/groups/{GROUP}/questions?show={show}");
    let list = browser.api("GET", &path, None).await.is(200).json();
    list["items"].as_array().unwrap().clone()
}

#[db_test]
async fn a_person_asks_a_coordinator_answers_and_both_are_told(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let path = ask(&mut meylan).await;
    demo.settle().await;
    novi.get("/notices").await.is(200).says("Meylan Rumengan bertanya kepada");
    let waiting = inbox(&mut novi, "open").await;
    assert_eq!(waiting[0]["subject"], "Bolehkah saya ikut tanpa pengalaman?");
    assert_eq!(waiting[0]["state"], "open");
    // Nobody else reads it.
    enter(&demo, "fera").await.api("GET", &path, None).await.is(404);
    demo.browser().api("GET", &path, None).await.is(401);
    meylan.api("POST", &format!("{path}/answers"), text("Boleh.")).await.is(404);
    let now = novi.api("POST", &format!("{path}/answers"), text("Boleh. Datang Sabtu.")).await.is(200).json();
    assert_eq!((&now["state"], &now["words"][1]["side"]), (&json!("answered"), &json!("group")));
    assert!(now["assigned"].is_string(), "whoever answers first has it: {now}");
    later(&demo).await;
    meylan.get("/notices").await.is(200).says("sudah menjawab pertanyaan Anda");
    meylan.get("/questions").await.is(200).says("Bolehkah saya ikut tanpa pengalaman?");
    let own = meylan.api("GET", &path, None).await.is(200).json();
    assert_eq!(own["assigned"], Json::Null, "whose it is in the group is the group's own");
    assert_eq!(inbox(&mut novi, "mine").await.len(), 1);
    assert!(inbox(&mut novi, "open").await.is_empty());
    for wrong in ["show=new", "after=x", "shown=mine"] {
        let list = format!("/api/v1/groups/{GROUP}/questions?{wrong}");
        let refused = novi.api("GET", &list, None).await;
        assert!([400, 422].contains(&refused.status.as_u16()), "{wrong}: {}", refused.body);
    }
    novi.api("POST", &format!("{path}/close"), None).await.is(200);
    assert!(inbox(&mut novi, "mine").await.is_empty());
    // Who asked goes on: it waits again.
    meylan.api("POST", &format!("{path}/words"), text("Terima kasih. Jam berapa?")).await.is(200);
    assert_eq!(inbox(&mut novi, "open").await.len(), 1);
    let page = novi.get(&path.replace("/api/v1", "")).await.is(200);
    page.says("Jam berapa?").says("Datang Sabtu.");
}

#[db_test]
async fn of_two_who_answer_at_once_one_is_told_and_what_was_typed_stays(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let path = ask(&mut meylan).await;
    let page = path.replace("/api/v1", "");
    let mut tabs: Vec<Browser<'_>> = (0..8).map(|_| novi.at(&demo)).collect();
    let answers = at_once(tabs.iter_mut().map(|tab| {
        let to = format!("{page}/answer");
        async move { tab.post(&to, &[("text", "Boleh, datang saja."), ("version", "1")]).await }
    }))
    .await;
    let good = answers.iter().filter(|answer| answer.status.as_u16() == 303).count();
    assert_eq!(good, 1);
    for answer in answers.iter().filter(|answer| answer.status.as_u16() != 303) {
        assert_eq!(answer.status.as_u16(), 412);
        assert!(answer.body.contains("Boleh, datang saja.</textarea>"), "what was typed stays");
        assert!(answer.body.contains("name=\"version\" value=\"2\""), "and counts when it is sent again");
    }
    let count = "select count(*) from ask_words where text = 'Boleh, datang saja.'";
    assert_eq!(value::<i64>(&db, count, &[]).await, 1);
    novi.post(&format!("{page}/answer"), &[("text", "Lagi."), ("version", "2")]).await.is(303);
    novi.api_if("POST", &format!("{path}/answers"), 2, json!({ "text": "Lama." })).await.is(412);
}

#[db_test]
async fn a_question_is_given_to_those_alone_who_may_answer(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let mut fera = enter(&demo, "fera").await;
    world::join(&mut fera, &mut novi, GROUP).await;
    let path = ask(&mut meylan).await;
    let id: String =
        value(&db, "select id from persons where mail_folded = $1", &params![world::mail("fera")]).await;
    let give = || Some(json!({ "person": id }));
    novi.api("PUT", &format!("{path}/assigned"), give()).await.is(422).says("wrong-choice");
    world::appoint(&db, GROUP, "fera", "questions").await;
    let given = novi.api("PUT", &format!("{path}/assigned"), give()).await.is(200).json();
    assert_eq!(given["assigned"], json!(id));
    later(&demo).await;
    fera.get("/notices").await.is(200).says("Anda diminta menjawab Meylan Rumengan");
    fera.get(&format!("/groups/{GROUP}/questions?show=mine")).await.is(200).says("Bolehkah saya ikut");
    // What comes afterwards is told to her alone.
    sql(&db, "delete from notices", &[]).await;
    meylan.api("POST", &format!("{path}/words"), text("Masih menunggu.")).await.is(200);
    demo.settle().await;
    let told = "select count(*) from notices where key = 'asking-notice-continued'";
    assert_eq!(value::<i64>(&db, told, &[]).await, 1);
    novi.api("PUT", &format!("{path}/assigned"), Some(json!({ "person": "" }))).await.is(200);
}

#[db_test]
async fn a_strangers_question_reaches_the_group_by_the_mailed_link_once(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut novi = enter(&demo, "novi").await;
    let (confirm, go_on) = ask_as_stranger(&demo, "suharti@contoh.id").await;
    demo.settle().await;
    assert!(inbox(&mut novi, "open").await.is_empty(), "nothing is shown before the link was followed");
    novi.get("/notices").await.is(200).lacks("Suharti");
    let id: String = value(&db, "select id from asks where mail = 'suharti@contoh.id'", &[]).await;
    novi.get(&format!("/questions/{id}")).await.is(404);
    // The mail holds the link and no word that was typed; the database holds no secret.
    let mail: String = value(&db, "select id from mails where key = 'asking-mail-confirm'", &[]).await;
    let letter = novi.get(&format!("/mailbox/{mail}")).await.is(200);
    letter.says(&format!("/ask/{confirm}")).lacks("Suharti").lacks("pengalaman");
    let secret = confirm.split_once('.').unwrap().1;
    let kept = "select count(*) from mails where arguments || path || coalesce(secret_link, '') like $1";
    assert_eq!(value::<i64>(&db, kept, &params![format!("%{secret}%")]).await, 0);
    // To look at the link does nothing; it is for its own purpose.
    let mut stranger = demo.browser();
    stranger.get(&format!("/ask/{confirm}")).await.is(200).says("Bolehkah saya ikut");
    stranger.get(&format!("/asked/{confirm}")).await.is(404);
    assert!(inbox(&mut novi, "open").await.is_empty());
    let sent = stranger.post(&format!("/ask/{confirm}"), &[]).await.is(303);
    assert_eq!(sent.location(), format!("/asked/{go_on}"));
    // Until the group has answered, a stranger's words lead nowhere.
    let link = [("text", "Lihat bit.ly/abc")];
    stranger.post(&format!("/asked/{go_on}/words"), &link).await.is(422);
    stranger.post(&format!("/ask/{confirm}"), &[]).await.is(410);
    stranger.get(&format!("/ask/{confirm}")).await.is(410);
    assert_eq!(inbox(&mut novi, "open").await.len(), 1);
    let answer = [("text", "Boleh, Bu. Datang Sabtu."), ("version", "2")];
    let page = novi.post(&format!("/questions/{id}/answer"), &answer).await.is(303);
    novi.get(page.location()).await.is(200).lacks("suharti@contoh.id");
    demo.clock.advance(20_000);
    demo.settle().await;
    let told =
        "select count(*) from mails where key = 'asking-mail-answered' and address = 'suharti@contoh.id'";
    assert_eq!(value::<i64>(&db, told, &[]).await, 1);
    // A browser that was never here goes on by the link.
    let mut later = demo.browser();
    later.get(&format!("/asked/{go_on}")).await.is(200).says("Datang Sabtu.");
    later.post(&format!("/asked/{go_on}/words"), &[("text", "Terima kasih.")]).await.is(303);
    for secret in [secret, go_on.split_once('.').unwrap().1] {
        let kept = "select count(*) from once where route like $1 or location like $1";
        assert_eq!(value::<i64>(&db, kept, &params![format!("%{secret}%")]).await, 0, "what was sent once");
    }
    let words = later.api("GET", &format!("/api/v1/asked/{go_on}"), None).await.is(200).json();
    assert_eq!(words["words"].as_array().unwrap().len(), 3);
}

#[db_test]
async fn what_was_never_confirmed_goes_after_a_week_and_the_rest_half_a_year_after_the_last_word(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let left =
        async || value::<i64>(&db, "select count(*) from asks where mail like '%@contoh.id'", &[]).await;
    let (never, _) = ask_as_stranger(&demo, "satu@contoh.id").await;
    let (confirm, go_on) = ask_as_stranger(&demo, "dua@contoh.id").await;
    demo.browser().post(&format!("/ask/{confirm}"), &[]).await.is(303);
    let mut meylan = enter(&demo, "meylan").await;
    let own = ask(&mut meylan).await;
    demo.clock.advance(6 * DAY);
    demo.settle().await;
    assert_eq!(left().await, 2);
    demo.clock.advance(2 * DAY);
    demo.browser().post(&format!("/ask/{never}"), &[]).await.is(410);
    demo.settle().await;
    assert_eq!(left().await, 1);
    demo.clock.advance(170 * DAY);
    demo.browser().post(&format!("/asked/{go_on}/words"), &[("text", "Masih boleh?")]).await.is(303);
    demo.clock.advance(179 * DAY);
    demo.settle().await;
    assert_eq!(left().await, 1, "half a year after the last word, not after the first");
    demo.browser().get(&format!("/asked/{go_on}")).await.is(200);
    demo.clock.advance(2 * DAY);
    demo.settle().await;
    assert_eq!(left().await, 0);
    demo.browser().get(&format!("/asked/{go_on}")).await.is(410);
    let words = "select count(*) from ask_words where person_id is null";
    assert_eq!(value::<i64>(&db, words, &[]).await, 0, "none is left of the demonstration's either");
    assert_eq!(
        value::<i64>(&db, "select count(*) from notices where arguments like '%Suharti%'", &[]).await,
        0
    );
    let mut meylan = enter(&demo, "meylan").await;
    meylan.api("GET", &own, None).await.is(200);
}

#[db_test]
async fn a_private_group_is_asked_by_those_alone_who_see_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (confirm, _) = ask_as_stranger(&demo, "suharti@contoh.id").await;
    set_visibility(&db, GROUP, "private").await;
    let mut meylan = enter(&demo, "meylan").await;
    let (page, api) = (format!("/groups/{GROUP}/ask"), format!("/api/v1/groups/{GROUP}/questions"));
    for browser in [&mut demo.browser(), &mut meylan] {
        browser.get(&page).await.is(404);
        browser.post(&page, &[("text", TEXT), ("name", "Suharti"), ("mail", "s@contoh.id")]).await.is(404);
        browser.api("POST", &api, text(TEXT)).await.is(404);
    }
    // What was written before it turned private does not get in.
    demo.browser().post(&format!("/ask/{confirm}"), &[]).await.is(404);
    set_visibility(&db, GROUP, "public").await;
    demo.browser().get(&page).await.is(200);
}

#[db_test]
async fn questions_are_limited_by_person_by_network_and_by_mail_address(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut meylan = enter(&demo, "meylan").await;
    for _ in 0..5 {
        ask(&mut meylan).await;
    }
    let path = format!("/api/v1/groups/{OTHER}/questions");
    meylan.api("POST", &path, text(TEXT)).await.is(429).says("asking-too-many");
    for _ in 0..5 {
        ask_as_stranger_again(&demo, "suharti@contoh.id").await.is(303);
    }
    ask_as_stranger_again(&demo, "suharti@contoh.id").await.is(429);
    for n in 0..10 {
        ask_as_stranger_again(&demo, &format!("orang{n}@contoh.id")).await.is(303);
    }
    ask_as_stranger_again(&demo, "orang@contoh.id").await.is(429);
    demo.clock.advance(16 * 60_000);
    ask_as_stranger_again(&demo, "orang@contoh.id").await.is(303);
    // No links in the first words of one whom nobody knows.
    let fields = [("text", "Lihat https://contoh.id sekarang"), ("name", "Suharti"), ("mail", "b@contoh.id")];
    demo.browser().post(&format!("/groups/{GROUP}/ask"), &fields).await.is(422);
}

async fn ask_as_stranger_again(demo: &Instance, mail: &str) -> crate::testing::Answer {
    let fields = [("text", TEXT), ("name", "Suharti"), ("mail", mail)];
    demo.browser().post(&format!("/groups/{GROUP}/ask"), &fields).await
}

#[db_test]
async fn the_usual_time_is_told_after_three_answers(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let group = format!("/groups/{GROUP}");
    for n in 1..=3 {
        let mut meylan = enter(&demo, "meylan").await;
        let path = ask(&mut meylan).await;
        demo.browser().get(&group).await.is(200).lacks("Biasanya menjawab");
        demo.clock.advance(n * 3_600_000);
        let mut novi = enter(&demo, "novi").await;
        novi.api("POST", &format!("{path}/answers"), text("Boleh.")).await.is(200);
    }
    // One, two, three hours and the moments in between: the one in the middle, rounded up.
    demo.browser().get(&group).await.is(200).says("Biasanya menjawab dalam 3 jam");
    demo.browser().get(&format!("{group}/ask")).await.is(200).says("Biasanya menjawab dalam 3 jam");
    demo.clock.advance(91 * DAY);
    demo.browser().get(&group).await.is(200).lacks("Biasanya menjawab");
}

#[db_test]
async fn what_an_erased_person_said_and_was_told_is_gone_and_theirs_before(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let path = ask(&mut meylan).await;
    novi.api("POST", &format!("{path}/answers"), text("Boleh, Meylan.")).await.is(200);
    let data = meylan.get("/api/v1/me/data").await.is(200).json();
    let said = data["questions"]["said"].as_array().unwrap();
    assert_eq!(said.last().unwrap()["text"], TEXT);
    let close = "update persons set state = 'closing', closing_at = 0 where mail_folded = $1";
    assert_eq!(sql(&db, close, &params![world::mail("meylan")]).await, 1);
    let page = path.replace("/api/v1", "");
    novi.get(&page).await.is(200).lacks("Meylan Rumengan");
    demo.settle().await;
    let seen = novi.api("GET", &path, None).await.is(200).json();
    assert_eq!(
        (&seen["name"], &seen["words"][0]["text"], &seen["subject"]),
        (&json!(""), &json!(""), &json!(""))
    );
    assert_eq!(seen["words"][1]["text"], "", "who answered called her by name");
    novi.get(&page).await.is(200).says("Mantan anggota").says("Isi pesan ini sudah dihapus");
}

#[db_test]
async fn a_good_answer_is_kept_ready_and_becomes_a_frequent_question(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let path = ask(&mut meylan).await;
    let answer = text("Boleh. Latihan setiap Sabtu.");
    let now = novi.api("POST", &format!("{path}/answers"), answer).await.is(200).json();
    let (asked, word) = (&now["words"][0]["id"], &now["words"][1]["id"]);
    let of = |word: &Json, what: &str| format!("{path}/words/{}/{what}", word.as_str().unwrap());
    novi.api("POST", &of(asked, "keep"), None).await.is(404);
    meylan.api("POST", &of(word, "keep"), None).await.is(404);
    let kept = novi.api("POST", &of(word, "keep"), None).await.is(201).json();
    assert_eq!(kept["text"], "Boleh. Latihan setiap Sabtu.");
    let reply = format!("/api/v1/groups/{GROUP}/replies/{}", kept["id"].as_str().unwrap());
    let changed = json!({ "title": "Tanpa pengalaman", "text": "Boleh." });
    novi.api_if("PUT", &reply, 1, changed.clone()).await.is(200);
    novi.api_if("PUT", &reply, 1, changed).await.is(412);
    let page = path.replace("/api/v1", "");
    let begun = novi.get(&format!("{page}?reply={}", kept["id"].as_str().unwrap())).await.is(200);
    begun.says("Tanpa pengalaman").says("\nBoleh.</textarea>");
    novi.api_if("DELETE", &reply, 2, json!({})).await.is(204);
    // What was asked was for the group alone: it becomes a frequent question in other words.
    let form = novi.get(&of(word, "frequent").replace("/api/v1", "")).await.is(200);
    form.says("Latihan setiap Sabtu.</textarea>").lacks("Bolehkah saya ikut tanpa pengalaman?");
    let frequent = json!({ "ask": "Perlukah pengalaman?", "answer": "Tidak. Latihan setiap Sabtu." });
    novi.api("POST", &of(word, "frequent"), Some(json!({ "ask": "", "answer": "Tidak." }))).await.is(422);
    novi.api("POST", &of(word, "frequent"), Some(frequent.clone())).await.is(204);
    novi.api("POST", &of(word, "frequent"), Some(frequent.clone()))
        .await
        .is(409)
        .says("groups-question-there");
    let group = demo.browser().get(&format!("/groups/{GROUP}")).await.is(200);
    group
        .says("Perlukah pengalaman?")
        .says("Tidak. Latihan setiap Sabtu.")
        .lacks("Bolehkah saya ikut tanpa pengalaman?");
    // Who answers and may not change the group's page cannot.
    let mut fera = enter(&demo, "fera").await;
    world::join(&mut fera, &mut novi, GROUP).await;
    world::appoint(&db, GROUP, "fera", "questions").await;
    fera.api("POST", &of(word, "frequent"), Some(frequent)).await.is(409).says("asking-not-settings");
    fera.get(&page).await.is(200).lacks("/frequent");
}

#[db_test]
async fn who_is_blocked_cannot_send_whatever_way_they_come(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let own = ask(&mut meylan).await;
    let mail = world::mail("meylan");
    let (confirm, _) = ask_as_stranger(&demo, &mail).await;
    novi.api("POST", &format!("{own}/block"), None).await.is(204);
    let refused = meylan.api("POST", &format!("{own}/words"), text("Halo?")).await.is(409);
    assert_eq!(refused.json()["key"], "asking-cannot-send");
    let path = format!("/api/v1/groups/{GROUP}/questions");
    meylan.api("POST", &path, text(TEXT)).await.is(409).says("asking-cannot-send");
    // Also without the account, with the same address, and what was written before.
    demo.browser().post(&format!("/ask/{confirm}"), &[]).await.is(409);
    ask_as_stranger_again(&demo, &mail).await.is(303);
    let other = format!("/api/v1/groups/{OTHER}/questions");
    meylan.api("POST", &other, text(TEXT)).await.is(201);
    let seen = novi.api("GET", &own, None).await.is(200).json();
    assert_eq!(seen["state"], "closed");
    novi.get(&format!("/groups/{GROUP}/blocked")).await.is(200).says("Meylan Rumengan");
    let list = novi.api("GET", &format!("/api/v1/groups/{GROUP}/blocked"), None).await.is(200).json();
    let block = list["items"][0]["id"].as_str().unwrap();
    novi.api("DELETE", &format!("/api/v1/groups/{GROUP}/blocked/{block}"), None).await.is(204);
    meylan.api("POST", &format!("{own}/words"), text("Halo?")).await.is(200);
}

#[db_test]
async fn an_operator_sees_what_was_reported_and_nothing_else_of_the_group(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let (reported, silent) = (ask(&mut meylan).await, ask(&mut meylan).await);
    sql(&db, "update persons set operator = true where mail_folded = $1", &params![world::mail("bagas")])
        .await;
    let mut operator = enter(&demo, "bagas").await;
    for path in [&reported, &silent] {
        operator.api("GET", path, None).await.is(404);
    }
    let why = || Some(json!({ "reason": "Mengancam pengurus." }));
    novi.api("POST", &format!("{reported}/report"), Some(json!({ "reason": "x" }))).await.is(422);
    novi.api("POST", &format!("{reported}/report"), why()).await.is(204);
    novi.api("POST", &format!("{reported}/report"), why()).await.is(409).says("asking-reported");
    // Who asked may report, too.
    meylan
        .post(&format!("{}/report", reported.replace("/api/v1", "")), &[("reason", "Kasar.")])
        .await
        .is(303);
    let list = operator.api("GET", "/api/v1/reports", None).await.is(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let report = list["items"][0]["id"].as_str().unwrap().to_owned();
    operator.get("/admin/reports").await.is(200).says("Mengancam pengurus.");
    operator
        .get(&format!("/admin/reports/{report}"))
        .await
        .is(200)
        .says("Bolehkah saya ikut tanpa pengalaman?");
    operator.api("GET", &reported, None).await.is(404);
    novi.get("/admin/reports").await.is(404);
    operator.post(&format!("/admin/reports/{report}/settle"), &[]).await.is(303);
    operator.get(&format!("/admin/reports/{report}")).await.is(404);
    operator.api("POST", &format!("/api/v1/reports/{report}/settle"), None).await.is(409);
}

#[db_test]
async fn who_answers_is_not_mailed_what_somebody_else_has_answered_meanwhile(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let (first, second) = (ask(&mut meylan).await, ask(&mut meylan).await);
    novi.api("POST", &format!("{first}/answers"), text("Boleh.")).await.is(200);
    demo.settle().await;
    let mailed =
        "select count(*) from mails where key = 'asking-notice-sent' and path = $1 and state <> 'due'";
    for (path, count) in [(first, 0), (second, 1)] {
        let path = path.replace("/api/v1", "");
        assert_eq!(value::<i64>(&db, mailed, &params![&path]).await, count, "{path}");
    }
}
