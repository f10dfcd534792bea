//! The main job, end to end over HTTP: find a group, apply, be decided on, be a member.

use crate::testing::Instance;
use mapalus_db::Db;
use mapalus_db_test::db_test;
use serde_json::json;

const DISASTER: &str = "/groups/relawan-siaga-bencana-manado-dan-minahasa";

#[db_test]
async fn a_seeker_finds_a_group_applies_and_becomes_a_member(db: Db) {
    let demo = Instance::demo(db).await;
    let mut seeker = demo.enters("seeker").await;
    seeker.get("/groups?q=banjir").await.is(200).says("Relawan Siaga Bencana Manado dan Minahasa");
    seeker.get(DISASTER).await.is(200).says("Bergabung");
    let begun = seeker.post(&format!("{DISASTER}/join"), &[]).await.is(303);
    let application = begun.location().to_owned();
    let saved =
        seeker.post(&format!("{application}/form"), &[("where", "post"), ("do", "save")]).await.is(303);
    assert_eq!(saved.location(), application);
    seeker.get(&application).await.is(200).says("value=\"post\" checked");
    seeker
        .post(&format!("{application}/form"), &[("where", "mars")])
        .await
        .is(422)
        .says("Pilih salah satu jawaban");
    let answers = [("where", "post"), ("roles", "medical"), ("roles", "kitchen"), ("calls", "yes")];
    seeker.post(&format!("{application}/form"), &answers).await.is(303);
    seeker.get(&application).await.is(200).says("Saya setuju");
    seeker.post(&format!("{application}/agree"), &[]).await.is(303);
    seeker.get(&application).await.is(200).says("giliran pengurus");

    let mut coordinator = demo.enters("coordinator").await;
    coordinator.get(&format!("{DISASTER}/applications")).await.is(200).says("Meylan");
    let review = coordinator.get(&application).await.is(200).says("Medis, Dapur umum");
    let version =
        review.body.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let decide = format!("{application}/decide");
    coordinator.post(&decide, &[("outcome", "accept"), ("version", "1")]).await.is(412);
    coordinator.post(&decide, &[("outcome", "accept"), ("version", &version)]).await.is(303);
    seeker.get(&format!("{DISASTER}/members")).await.is(200).says("Meylan");

    demo.settle().await;
    assert!(
        !seeker.get("/notices").await.is(200).body.contains("menerima Anda"),
        "nobody is told while it can be undone"
    );
    demo.clock.advance(20_000);
    demo.settle().await;
    seeker.get("/notices").await.is(200).says("Relawan Siaga Bencana Manado dan Minahasa menerima Anda.");
    seeker.get("/mailbox").await.is(200).says("menerima Anda");
    coordinator.post(&format!("{application}/undo"), &[]).await.is(409);
}

#[db_test]
async fn a_decision_can_be_taken_back_for_twenty_seconds(db: Db) {
    let demo = Instance::demo(db).await;
    let mut coordinator = demo.enters("coordinator").await;
    let board = coordinator.api("GET", &format!("/api/v1{DISASTER}/applications"), None).await.is(200).json();
    let waiting = board["items"].as_array().unwrap().iter().filter(|item| item["state"] == "sent");
    let mut declined = None;
    for item in waiting {
        let path = format!("/api/v1/applications/{}", item["id"].as_str().unwrap());
        let one = coordinator.api("GET", &path, None).await.is(200).json();
        if one["next"] == "coordinators" {
            coordinator
                .api("POST", &format!("{path}/decline"), Some(json!({})))
                .await
                .is(422)
                .says("joining-reason-needed");
            coordinator
                .api("POST", &format!("{path}/decline"), Some(json!({"reason": "Penuh"})))
                .await
                .is(200)
                .says("declined");
            declined = Some(path);
            break;
        }
    }
    let path = declined.unwrap();
    let again = coordinator.api("POST", &format!("{path}/undo"), None).await.is(200).json();
    assert_eq!((again["state"].as_str(), again["reason"].as_str()), (Some("sent"), Some("")));
    coordinator.api("POST", &format!("{path}/undo"), None).await.is(409).says("joining-too-late");
    demo.clock.advance(30_000);
    demo.settle().await;
    assert!(
        !coordinator.get("/mailbox").await.body.contains("Keputusan pendaftaran Anda"),
        "nobody was told"
    );
}

#[db_test]
async fn one_signs_up_confirms_by_the_mailed_link_and_signs_in(db: Db) {
    let demo = Instance::demo(db).await;
    // What the demonstration has to tell is told: the two mails below are made in one round.
    demo.settle().await;
    let mut person = demo.browser();
    let fields = [
        ("name", "Suharti"),
        ("call", ""),
        ("mail", "suharti@contoh.id"),
        ("password", "kopi tiga gelas pagi"),
        ("age", "adult"),
        ("consent", "yes"),
    ];
    person
        .post("/sign-up", &[("name", ""), ("mail", "x"), ("password", "123")])
        .await
        .is(422)
        .says("Bagian ini perlu diisi");
    let sent = person.post("/sign-up", &fields).await.is(303);
    assert_eq!(sent.location(), "/sign-up/sent");
    demo.clock.advance(1_000);
    let credentials = [("mail", "suharti@contoh.id"), ("password", "kopi tiga gelas pagi")];
    person.post("/sign-in", &credentials).await.is(422).says("belum dikonfirmasi");
    demo.settle().await;
    let mailbox = person.get("/mailbox").await.is(200);
    let mail = mailbox
        .body
        .split("suharti@contoh.id")
        .next()
        .unwrap()
        .rsplit("href=\"/mailbox/")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let letter = person.get(&format!("/mailbox/{mail}")).await.is(200);
    let link = letter
        .body
        .split("https://mapalus.test/confirm/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    person.get(&format!("/confirm/{link}")).await.is(200).says("Aktifkan akun saya");
    person.post(&format!("/confirm/{link}"), &[]).await.is(303);
    person.get("/me").await.is(200).says("suharti@contoh.id");
    person.post(&format!("/confirm/{link}"), &[]).await.is(410).says("sudah dipakai");
    person.post("/sign-out", &[]).await.is(303);
    assert_eq!(person.get("/me").await.is(303).location(), "/sign-in?next=%2Fme");
    let mut wrong = credentials;
    wrong[1].1 = "salah sama sekali";
    person.post("/sign-in", &wrong).await.is(422).says("tidak cocok");
    person.post("/sign-in", &credentials).await.is(303);
    person.get("/me").await.is(200);
}

#[db_test]
async fn the_same_form_sent_twice_does_it_once(db: Db) {
    let demo = Instance::demo(db).await;
    let mut coordinator = demo.enters("coordinator").await;
    let fields = [
        ("template", "orphanage"),
        ("name", "Sahabat Panti Tondano"),
        ("summary", "Menemani anak panti belajar dan bermain."),
        ("about", ""),
        ("area", "Kabupaten Minahasa"),
        ("districts", ""),
        ("sign_up", "application"),
        ("visibility", "public"),
    ];
    let first = coordinator.post_once("/groups", &fields, "sekali").await.is(303);
    let second = coordinator.post_once("/groups", &fields, "sekali").await.is(303);
    assert_eq!(first.location(), second.location());
    let mut other = fields;
    other[1].1 = "Nama lain";
    coordinator.post_once("/groups", &other, "sekali").await.is(422);
    demo.settle().await;
    let found = coordinator.api("GET", "/api/v1/groups?q=tondano", None).await.json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
}

#[db_test]
async fn a_request_from_another_site_is_refused(db: Db) {
    use axum::{body::Body, http::Request};
    let demo = Instance::demo(db).await;
    let mut browser = demo.browser();
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("accept", "*/*")]
    {
        let request = Request::post("/demo/member").header(name, value);
        browser.send(request, Body::empty()).await.is(403);
    }
    let request = Request::post("/demo/member").header("origin", crate::testing::ORIGIN);
    browser.send(request, Body::empty()).await.is(303);
}

#[db_test]
async fn an_empty_instance_makes_its_operator_who_confirms_accounts_by_hand(db: Db) {
    let instance = Instance::new(db);
    let link = mapalus_app::people::first_link(&instance.app).await.unwrap().unwrap();
    let account = |name, mail| {
        let password = ("password", "kopi tiga gelas pagi");
        vec![("name", name), ("mail", mail), password, ("age", "adult"), ("consent", "yes")]
    };
    let mut operator = instance.browser();
    operator.get(&format!("/setup/{link}")).await.is(200).says("Akun pengelola");
    operator.post("/setup/wrong.link", &account("Ibu Operator", "op@contoh.id")).await.is(404);
    operator.post(&format!("/setup/{link}"), &account("Ibu Operator", "op@contoh.id")).await.is(303);
    operator.get("/admin").await.is(200).says("Belum ada server email");
    operator.post(&format!("/setup/{link}"), &account("Lain", "lain@contoh.id")).await.is(410);
    assert_eq!(mapalus_app::people::first_link(&instance.app).await.unwrap(), None);

    let mut person = instance.browser();
    person.post("/sign-up", &account("Suharti", "suharti@contoh.id")).await.is(303);
    person.get("/mailbox").await.is(404);
    person.get("/demo").await.is(404);
    let admin = operator.get("/admin").await.is(200).says("suharti@contoh.id");
    let confirm =
        admin.body.split("action=\"/admin/people/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    person.post(&format!("/admin/people/{confirm}"), &[]).await.is(404);
    operator.post(&format!("/admin/people/{confirm}"), &[]).await.is(303);
    let credentials = [("mail", "SUHARTI@contoh.id"), ("password", "kopi tiga gelas pagi")];
    person.post("/sign-in", &credentials).await.is(303);
    person.get("/me").await.is(200).says("Suharti");
    instance.settle().await;
    operator.get("/mailbox").await.is(200).says("Aktifkan akun Mapalus Anda");
}

#[db_test]
async fn events_are_still_told_after_two_quiet_months(db: Db) {
    use mapalus_core::{Millis, time::DAY};
    let demo = Instance::demo(db).await;
    demo.settle().await;
    demo.clock.advance(61 * DAY);
    let mut swept = Millis(0);
    mapalus_app::background::events(&demo.app, "test", &mut swept).await.unwrap();
    let mut person = demo.browser();
    person.post("/forgot", &[("mail", "member@demo.mapalus.example")]).await.is(303);
    demo.settle().await;
    person.get("/mailbox").await.is(200).says("Buat kata sandi baru");
}

#[db_test]
async fn a_quiet_round_only_looks(db: Db) {
    use mapalus_core::Millis;
    let demo = Instance::demo(db).await;
    demo.settle().await;
    let mut swept = Millis(i64::MAX);
    let (round, count) =
        mapalus_db::count_statements(mapalus_app::background::events(&demo.app, "test", &mut swept)).await;
    round.unwrap();
    assert!(count <= 11, "{count} statements");
}

#[db_test]
async fn a_group_named_like_the_id_of_another_stands_in_nobodys_way(db: Db) {
    let demo = Instance::demo(db).await;
    let mut coordinator = demo.enters("coordinator").await;
    let victim = coordinator.api("GET", &format!("/api/v1{DISASTER}"), None).await.is(200).json();
    let id = victim["id"].as_str().unwrap();
    let group = json!({
        "template": "teachers", "name": id, "summary": "Kelompok dengan nama yang aneh.",
        "area": "71.71", "sign_up": "application", "visibility": "public",
    });
    coordinator.api("POST", "/api/v1/groups", Some(group)).await.is(201);
    let still = coordinator.api("GET", &format!("/api/v1/groups/{id}"), None).await.is(200).json();
    assert_eq!(still["name"], victim["name"]);
    coordinator.get(&format!("{DISASTER}/applications")).await.is(200);
}

#[db_test]
async fn one_who_left_cannot_come_back_by_an_old_application(db: Db) {
    let demo = Instance::demo(db).await;
    let mut founder = demo.enters("member").await;
    let group = json!({
        "template": "environment", "name": "Hijau Tondano", "summary": "Menanam dan merawat pohon bersama.",
        "area": "Kabupaten Minahasa", "sign_up": "application", "visibility": "public",
    });
    let opened = founder.api("POST", "/api/v1/groups", Some(group)).await.is(201).json();
    let group = format!("/api/v1/groups/{}", opened["slug"].as_str().unwrap());
    let mut seeker = demo.enters("seeker").await;
    let begun = seeker.api("POST", &format!("{group}/applications"), None).await.is(201).json();
    let path = format!("/api/v1/applications/{}", begun["id"].as_str().unwrap());
    let mut answers = serde_json::Map::new();
    for question in begun["steps"][0]["questions"].as_array().unwrap() {
        let value = match question["kind"].as_str().unwrap() {
            "choice" | "several" => question["options"][0]["key"].as_str().unwrap().to_owned(),
            "number" => "3".to_owned(),
            "date" => "2026-01-31".to_owned(),
            "consent" => "yes".to_owned(),
            _ => "Saya suka menanam.".to_owned(),
        };
        answers.insert(question["key"].as_str().unwrap().to_owned(), json!([value]));
    }
    seeker.api("POST", &format!("{path}/send"), Some(json!({ "answers": answers }))).await.is(200);
    founder.api("POST", &format!("{path}/accept"), Some(json!({}))).await.is(200);
    seeker.api("POST", &format!("{group}/leave"), None).await.is(204);
    seeker.api("POST", &format!("{path}/agree"), None).await.is(409).says("joining-over");
    seeker.api("GET", &format!("{group}/members"), None).await.is(403);
}

#[db_test]
async fn a_stranger_cannot_sign_up_before_there_is_an_operator(db: Db) {
    let instance = Instance::new(db);
    let account = [
        ("name", "Suharti"),
        ("mail", "suharti@contoh.id"),
        ("password", "kopi tiga gelas pagi"),
        ("age", "adult"),
        ("consent", "yes"),
    ];
    instance.browser().post("/sign-up", &account).await.is(409).says("belum punya pengelola");
    assert!(mapalus_app::people::first_link(&instance.app).await.unwrap().is_some());
}
