//! Minors: the account that waits for a guardian, joining with their consent, who finds a minor, who looks after them.

use crate::{
    testing::{Browser, Instance},
    world::{self, GROUP, OTHER, apply, at_once, enter, mail as address, sql, value},
};
use mapalus_core::time::DAY;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

pub const PASSWORD: &str = "kopi tiga gelas pagi";

pub async fn id_of(db: &Db, mail: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![mail]).await
}

/// The last part of the newest link of a purpose that was mailed for an account.
pub async fn link(demo: &Instance, mail: &str, purpose: &str) -> String {
    let find = "select max(links.id) from links join persons on persons.id = person_id
        where mail_folded = $1 and purpose = $2";
    let id: String = value(&demo.app.db, find, &params![mail, purpose]).await;
    demo.app.key.link(purpose, id.parse().unwrap())
}

pub fn account<'a>(name: &'a str, mail: &'a str, age: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![("name", name), ("mail", mail), ("password", PASSWORD), ("age", age), ("consent", "yes")]
}

/// A browser of a new person whose address is confirmed.
pub async fn newcomer<'i>(demo: &'i Instance, fields: &[(&str, &str)]) -> Browser<'i> {
    let mut browser = demo.browser();
    browser.post("/sign-up", fields).await.is(303);
    let confirm = link(demo, fields[1].1, "confirm").await;
    browser.post(&format!("/confirm/{confirm}"), &[]).await.is(303);
    browser
}

pub fn teen<'a>(mail: &'a str, guardian: &'a str) -> Vec<(&'static str, &'a str)> {
    [account("Tasya Pangemanan", mail, "teen"), vec![("birth_year", "2009"), ("guardian", guardian)]].concat()
}

pub async fn later(demo: &Instance) {
    demo.clock.advance(20_000);
    demo.settle().await;
}

pub async fn told(db: &Db, key: &str, to: &str) -> i64 {
    let count = "select (select count(*) from notices join persons on persons.id = person_id
            where notices.key = $1 and mail_folded = $2)
        + (select count(*) from mails where mails.key = $1 and address = $2)";
    value(db, count, &params![key, to]).await
}

/// Sends the form of an application; gives the application then.
pub async fn send(browser: &mut Browser<'_>, id: &str) -> serde_json::Value {
    let path = format!("/api/v1/applications/{id}");
    let now = browser.api("GET", &path, None).await.is(200).json();
    let answers = json!({ "answers": world::answers(&now["steps"][0]) });
    browser.api("POST", &format!("{path}/send"), Some(answers)).await.is(200).json()
}

#[db_test]
async fn a_minor_waits_for_a_guardian_and_joins_with_their_consent(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (child, ibu) = ("tasya@contoh.id", "ibu@contoh.id");
    let small = account("Budi", "budi@contoh.id", "child");
    demo.browser().post("/sign-up", &small).await.is(422).says("di bawah 13 tahun");
    let alone = account("Tasya", child, "teen");
    demo.browser().post("/sign-up", &alone).await.is(422).says("Pilih tahun lahir");
    demo.browser().post("/sign-up", &teen(child, "Tasya@contoh.id")).await.is(422).says("bukan alamat Anda");
    let mut tasya = newcomer(&demo, &teen(child, "salah@contoh.id")).await;
    demo.settle().await;
    assert_eq!(told(&db, "people-mail-guardian", "salah@contoh.id").await, 1);
    // Until then it is a stranger that sees what it waits for.
    tasya.get("/waiting").await.is(200).says("salah@contoh.id");
    tasya.get("/me").await.is(303);
    assert_eq!(tasya.get("/sign-in").await.is(303).location(), "/waiting");
    for (method, path) in [("GET", "/api/v1/me"), ("GET", "/api/v1/wards"), ("GET", "/api/v1/me/data")] {
        tasya.api(method, path, None).await.is(401);
    }
    tasya.post(&format!("/groups/{GROUP}/join"), &[]).await.is(303);
    assert_eq!(value::<i64>(&db, "select count(*) from applications where state = 'draft'", &[]).await, 0);
    let wrong = link(&demo, child, "guardian").await;
    tasya.post("/waiting/guardian", &[("guardian", child)]).await.is(422);
    demo.clock.advance(1);
    tasya.post("/waiting/guardian", &[("guardian", ibu)]).await.is(303);
    demo.browser().get(&format!("/guardian/{wrong}")).await.is(410);

    let page = format!("/guardian/{}", link(&demo, child, "guardian").await);
    demo.browser().get(&page).await.is(200).says("Tasya Pangemanan").says("Masuk dengan akun Anda sendiri");
    let mut guardian = newcomer(&demo, &account("Ibu Tasya", ibu, "adult")).await;
    let both = [("parent", "yes"), ("consent", "yes")];
    enter(&demo, "gita").await.post(&page, &both).await.is(409).says("Wali harus orang dewasa");
    guardian.post(&page, &both[..1]).await.is(422).says("pemberitahuan privasi");
    guardian.post(&page, &both).await.is(303);
    guardian.post(&page, &both).await.is(410);
    tasya.get("/me").await.is(200);
    demo.settle().await;
    assert!(told(&db, "people-notice-ward-accepted", child).await > 0);
    let own = tasya.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert_eq!(own["account"]["age"], "teen");
    assert_eq!(own["account"]["guardian"]["state"], "given");
    guardian.get("/wards").await.is(200).says("Tasya Pangemanan").says("versi 2");

    // Only adults, only those from 16 on, and those of 13 to 15 not yet.
    tasya.post(&format!("/groups/{OTHER}/join"), &[]).await.is(409).says("18 tahun ke atas");
    tasya.get(&format!("/groups/{OTHER}")).await.is(200).says("berusia 18 tahun ke atas");
    sql(&db, "update persons set birth_year = 2010 where mail_folded = $1", &params![child]).await;
    tasya.post(&format!("/groups/{GROUP}/join"), &[]).await.is(409).says("16 tahun ke atas");
    sql(&db, "update persons set birth_year = 2009 where mail_folded = $1", &params![child]).await;
    let id = apply(&mut tasya, GROUP).await;
    let held = send(&mut tasya, &id).await;
    assert_eq!(held["state"], "draft");
    tasya.get(&format!("/applications/{id}")).await.is(200).says("menunggu persetujuan orang tua");
    let mut novi = enter(&demo, "novi").await;
    novi.get(&format!("/groups/{GROUP}/applications")).await.is(200).lacks("Tasya");
    later(&demo).await;
    assert!(told(&db, "joining-notice-held", ibu).await > 0);
    let (agree, decline) = (format!("/joinings/{id}/agree"), format!("/joinings/{id}/decline"));
    for other in ["meylan", "novi", "gita"] {
        enter(&demo, other).await.post(&agree, &[]).await.is(404);
    }
    tasya.post(&agree, &[]).await.is(404);
    guardian.get("/wards").await.is(200).says("ingin bergabung");
    guardian.post(&decline, &[]).await.is(303);
    guardian.post(&agree, &[]).await.is(409);
    demo.settle().await;
    assert!(told(&db, "joining-notice-refused", child).await > 0);
    tasya.get(&format!("/applications/{id}")).await.is(200).says("tidak menyetujui kelompok ini");
    assert_eq!(send(&mut tasya, &id).await["state"], "draft");
    // Two tabs of the guardian at once: one of them counts.
    let mut tab = guardian.again();
    let answers = at_once([guardian.post(&agree, &[]), tab.post(&agree, &[])]).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let now = tasya.api("GET", &format!("/api/v1/applications/{id}"), None).await.is(200).json();
    assert_eq!(now["state"], "sent");
    novi.get(&format!("/groups/{GROUP}/applications")).await.is(200).says("Tasya");
    loop {
        let now = world::step(&mut tasya, &mut novi, &id).await;
        if now["place"].as_i64().unwrap() as usize >= now["steps"].as_array().unwrap().len() {
            break;
        }
    }
    later(&demo).await;
    assert!(told(&db, "safeguarding-notice-ward-accepted", ibu).await > 0);
    guardian.get("/wards").await.is(200).says("Relawan Lingkungan Teluk Manado");
    // No role that entrusts others to a minor, and no group of their own.
    let tasya_id = id_of(&db, child).await;
    let role: String = value(
        &db,
        "select min(roles.id) from roles join groups on groups.id = group_id where slug = $1 and permissions <> ''",
        &params![GROUP],
    )
    .await;
    let member = novi.get(&format!("/groups/{GROUP}/members/{tasya_id}")).await.is(200);
    member.says("16 sampai 17 tahun").lacks("/safeguarding/propose");
    let roles = format!("/api/v1/groups/{GROUP}/members/{tasya_id}/roles");
    let refused = novi.api("PUT", &roles, Some(json!({ "roles": [role] }))).await.is(409).json();
    assert_eq!(refused["key"], "groups-role-minor");
    let group = json!({ "template": "teachers", "name": "Kelompok Anak", "summary": "Kami belajar bersama di sini.",
        "area": "Kota Manado", "sign_up": "open", "visibility": "public" });
    let refused = tasya.api("POST", "/api/v1/groups", Some(group)).await.is(409).json();
    assert_eq!(refused["key"], "groups-open-minor");
}

#[db_test]
async fn a_minor_is_found_by_their_groups_and_guardian_alone_and_connects_with_no_adult(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let gita = id_of(&db, &address("gita")).await;
    let (page, connect) = (format!("/people/{gita}"), format!("/api/v1/people/{gita}/connection"));
    sql(&db, "update persons set shown = 'photo=public about=public' where id = $1", &params![&gita]).await;
    let join = "insert into memberships (group_id, person_id, state, since, changed_at, why, version)
        select id, $1, 'active', 0, 0, '', 1 from groups where slug = $2";
    sql(&db, join, &params![&gita, GROUP]).await;
    let (mut meylan, mut novi, mut johan) =
        (enter(&demo, "meylan").await, enter(&demo, "novi").await, enter(&demo, "johan").await);
    demo.browser().get(&page).await.is(404);
    meylan.get(&page).await.is(404);
    meylan.api("GET", &format!("/api/v1/people/{gita}"), None).await.is(404);
    meylan.get(&format!("/groups/{GROUP}/members")).await.is(403);
    novi.get(&page).await.is(200).says("tidak dapat saling terhubung").lacks("/connect");
    for adult in [&mut meylan, &mut novi] {
        adult.api("POST", &connect, Some(json!({}))).await.is(404);
    }
    let novi_id = id_of(&db, &address("novi")).await;
    let mut young = enter(&demo, "gita").await;
    young.api("POST", &format!("/api/v1/people/{novi_id}/connection"), Some(json!({}))).await.is(404);
    // The guardian excepted.
    johan.get(&page).await.is(200).says("Gita");
    johan.api("POST", &connect, Some(json!({}))).await.is(200);
    let johan_id = id_of(&db, &address("johan")).await;
    let held =
        young.api("POST", &format!("/api/v1/people/{johan_id}/connection"), Some(json!({}))).await.is(200);
    assert_eq!(held.json()["state"], "connected");
    // Known, and still not shown among those whom one knows there, nor among those who may vouch.
    johan.get(&format!("/groups/{GROUP}")).await.is(200).lacks("Gita");
    johan.get("/groups?q=lingkungan").await.is(200).lacks("Gita");
    let mut vina = enter(&demo, "vina").await;
    let id = apply(&mut vina, GROUP).await;
    let found =
        vina.api("GET", &format!("/api/v1/applications/{id}/candidates?name=gita"), None).await.is(200);
    assert!(!found.body.contains("Gita"), "{}", found.body);
}

#[db_test]
async fn a_guardian_withdraws_and_restores_their_consent(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (child, ibu) = ("tasya@contoh.id", "ibu@contoh.id");
    let mut tasya = newcomer(&demo, &teen(child, ibu)).await;
    let mut guardian = newcomer(&demo, &account("Ibu Tasya", ibu, "adult")).await;
    let page = format!("/guardian/{}", link(&demo, child, "guardian").await);
    guardian.post(&page, &[("parent", "yes"), ("consent", "yes")]).await.is(303);
    guardian.post("/me/close", &[]).await.is(409).says("Anda wali dari Tasya");
    let ward = id_of(&db, child).await;
    let (withdraw, restore) = (format!("/wards/{ward}/withdraw"), format!("/wards/{ward}/restore"));
    enter(&demo, "meylan").await.post(&withdraw, &[]).await.is(404);
    tasya.post(&withdraw, &[]).await.is(404);
    guardian.post(&withdraw, &[]).await.is(303);
    guardian.post(&withdraw, &[]).await.is(404);
    tasya.get("/me").await.is(303);
    let sign_in = [("mail", child), ("password", PASSWORD)];
    demo.browser().post("/sign-in", &sign_in).await.is(422).says("menarik persetujuannya");
    demo.settle().await;
    assert_eq!(told(&db, "people-mail-consent-withdrawn", child).await, 1);
    guardian.post(&restore, &[]).await.is(303);
    guardian.post(&restore, &[]).await.is(409).says("masih berlaku");
    let mut again = demo.browser();
    again.post("/sign-in", &sign_in).await.is(303);
    again.get("/me").await.is(200);
    guardian.post(&withdraw, &[]).await.is(303);
    demo.clock.advance(14 * DAY + 1);
    demo.settle().await;
    let state: String = value(&db, "select state from persons where id = $1", &params![&ward]).await;
    assert_eq!(state, "gone");
    assert_eq!(
        value::<i64>(&db, "select count(*) from guardianships where ward_id = $1", &params![&ward]).await,
        0
    );
}

#[db_test]
async fn whom_nobody_answers_for_is_deleted_after_a_week_and_whoever_is_of_age_is_free(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let child = "tasya@contoh.id";
    let mut tasya = newcomer(&demo, &teen(child, "ibu@contoh.id")).await;
    let link = link(&demo, child, "guardian").await;
    demo.browser().post(&format!("/guardian/{link}/decline"), &[]).await.is(303);
    demo.settle().await;
    assert_eq!(told(&db, "people-mail-ward-declined", child).await, 1);
    tasya.get("/waiting").await.is(200).says("tidak menyetujui");
    demo.clock.advance(6 * DAY);
    demo.settle().await;
    tasya.post("/waiting/guardian", &[("guardian", "ayah@contoh.id")]).await.is(303);
    demo.clock.advance(6 * DAY);
    demo.settle().await;
    tasya.get("/waiting").await.is(200);
    let ward = id_of(&db, child).await;
    demo.clock.advance(DAY + 1);
    demo.settle().await;
    let state: String = value(&db, "select state from persons where id = $1", &params![&ward]).await;
    assert_eq!(state, "gone", "nobody answered for seven days");
    demo.browser().post("/sign-in", &[("mail", child), ("password", PASSWORD)]).await.is(422);

    // Gita is 16 at least in 2026: on the first of January 2028 she is 18 for sure.
    let gita = id_of(&db, &address("gita")).await;
    let band = "select age_band || coalesce(cast(birth_year as text), '') from persons where id = $1";
    assert_eq!(value::<String>(&db, band, &params![&gita]).await, "teen2009");
    let mut johan = enter(&demo, "johan").await;
    johan.get("/wards").await.is(200).says("Gita");
    // From 7 December 2026 to 30 December 2027, and over the end of the year.
    demo.clock.advance(388 * DAY);
    demo.settle().await;
    assert_eq!(value::<String>(&db, band, &params![&gita]).await, "teen2009");
    demo.clock.advance(5 * DAY);
    demo.settle().await;
    assert_eq!(value::<String>(&db, band, &params![&gita]).await, "adult");
    assert_eq!(value::<i64>(&db, "select count(*) from guardianships", &[]).await, 0);
    assert!(told(&db, "people-notice-of-age", &address("gita")).await > 0);
    assert!(told(&db, "people-notice-ward-of-age", &address("johan")).await > 0);
}

#[db_test]
async fn two_people_appoint_who_looks_after_minors_and_only_they_read_concerns(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let path = format!("/api/v1/groups/{OTHER}");
    let page = format!("/groups/{OTHER}/safeguarding");
    let (mut stenly, mut fera, mut bagas) =
        (enter(&demo, "stenly").await, enter(&demo, "fera").await, enter(&demo, "bagas").await);
    sql(&db, "update persons set operator = true where mail_folded = $1", &params![address("bagas")]).await;
    let version = "select cast(version as text) from groups where slug = $1";
    let version: String = value(&db, version, &params![OTHER]).await;
    let minors = [("youngest", "younger"), ("version", version.as_str())];
    stenly.post(&format!("{page}/ages"), &minors).await.is(409).says("Tunjuk dulu");
    let fera_id = id_of(&db, &address("fera")).await;
    let stenly_id = id_of(&db, &address("stenly")).await;
    let propose = |person: &str, kind: &str| Some(json!({ "person": person, "kind": kind }));
    let proposals = format!("{path}/safeguarding/proposals");
    fera.api("POST", &proposals, propose(&fera_id, "appoint")).await.is(403);
    let gita = id_of(&db, &address("gita")).await;
    stenly.api("POST", &proposals, propose(&gita, "appoint")).await.is(409);
    stenly.api("POST", &proposals, propose(&fera_id, "appoint")).await.is(204);
    stenly.api("POST", &proposals, propose(&fera_id, "appoint")).await.is(409);
    let id: String = value(&db, "select id from safeguard_proposals", &[]).await;
    let confirm = format!("{proposals}/{id}/confirm");
    assert_eq!(stenly.api("POST", &confirm, None).await.is(409).json()["key"], "safeguarding-own");
    later(&demo).await;
    // Nobody else gives roles in the group: the operator is the second person.
    assert!(told(&db, "safeguarding-notice-proposed", &address("bagas")).await > 0);
    bagas.get("/admin/safeguarding").await.is(200).says("Fera Lumenta");
    bagas.post(&format!("/admin/safeguarding/{id}/confirm"), &[]).await.is(303);
    bagas.post(&format!("/admin/safeguarding/{id}/confirm"), &[]).await.is(404);
    demo.settle().await;
    assert!(told(&db, "safeguarding-notice-appointed", &address("fera")).await > 0);
    stenly.post(&format!("{page}/ages"), &minors).await.is(303);
    stenly.post(&format!("{page}/ages"), &minors).await.is(412);
    demo.browser().get(&format!("/groups/{OTHER}")).await.is(200).says("Mulai usia 13");
    let listed = demo.browser().api("GET", "/api/v1/groups?q=bencana", None).await.is(200).json();
    assert!(listed["items"].as_array().unwrap().iter().any(|group| group["from_age"] == 13), "{listed}");
    // The last one is not dismissed while the group takes minors.
    stenly.api("POST", &proposals, propose(&fera_id, "dismiss")).await.is(204);
    let id: String = value(&db, "select id from safeguard_proposals", &[]).await;
    let refused =
        bagas.api("POST", &format!("/api/v1/safeguarding/proposals/{id}/confirm"), None).await.is(409);
    assert_eq!(refused.json()["key"], "safeguarding-last");
    stenly.post(&format!("{page}/{id}/cancel"), &[]).await.is(303);
    later(&demo).await;
    assert_eq!(told(&db, "safeguarding-notice-proposed-dismissal", &address("bagas")).await, 0);

    // Whoever sees the group reports; those alone read it who are appointed, and not if it is about them.
    let form = format!("/groups/{OTHER}/concern");
    demo.browser().get(&form).await.is(303);
    let mut meylan = enter(&demo, "meylan").await;
    meylan.get(&form).await.is(200).says("SAPA 129").says("Fera Lumenta");
    let text = "Seorang pengurus mengajak peserta bertemu sendirian.";
    meylan.post(&form, &[("text", "x")]).await.is(422);
    meylan
        .post(&form, &[("text", text), ("about", &fera_id)])
        .await
        .is(409)
        .says("tidak ada penanggung jawab");
    meylan.post(&form, &[("text", text)]).await.is(303);
    demo.settle().await;
    assert!(told(&db, "safeguarding-notice-concern", &address("fera")).await > 0);
    assert_eq!(told(&db, "safeguarding-notice-concern", &address("stenly")).await, 0);
    let concern: String = value(&db, "select id from concerns", &[]).await;
    let (list, one) = (format!("/groups/{OTHER}/concerns"), format!("/groups/{OTHER}/concerns/{concern}"));
    for other in [&mut stenly, &mut bagas, &mut meylan] {
        other.get(&list).await.is(404);
        other.get(&one).await.is(404);
        other.api("GET", &format!("{path}/concerns/{concern}"), None).await.is(404);
    }
    fera.get(&list).await.is(200).says(&concern).lacks(text);
    fera.get(&one).await.is(200).says(text).says("Meylan Rumengan");
    let read = "select count(*) from audit where action = 'ReadConcerns' and subject = $1 and why = 'read'";
    assert!(value::<i64>(&db, read, &params![&concern]).await > 0, "that it was read is recorded");
    let own = meylan.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert_eq!(own["safeguarding"]["concerns_reported"][0]["text"], text);
    fera.post(&format!("{one}/close"), &[("outcome", "")]).await.is(422);
    fera.post(&format!("{one}/close"), &[("outcome", "Sudah dibicarakan dengan keduanya.")]).await.is(303);
    fera.post(&format!("{one}/close"), &[("outcome", "Sudah dibicarakan dengan keduanya.")]).await.is(409);
    // Whoever leaves the group, or gives it up, reads nothing any more; and nobody joins under 18 then.
    fera.post(&format!("{list}/leave"), &[]).await.is(303);
    fera.get(&one).await.is(404);
    let mut gita = enter(&demo, "gita").await;
    gita.post(&format!("/groups/{OTHER}/join"), &[]).await.is(409).says("belum siap menerima anak");
    demo.clock.advance(366 * DAY);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, "select count(*) from concerns", &[]).await, 0);
    assert_ne!(stenly_id, fera_id);
}

#[db_test]
async fn a_step_may_be_for_minors_alone(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut novi = enter(&demo, "novi").await;
    let step = |kind: &str, name: &str| json!({ "kind": kind, "name": name, "days": 7 });
    let mut minors = step("agreement", "Janji untuk yang muda");
    minors["text"] = json!("Saya datang bersama seorang teman.");
    minors["only_if"] = json!({ "question": "@age", "test": "below", "value": "18" });
    let mut form = step("form", "Formulir");
    form["questions"] = json!([{ "key": "why", "kind": "long", "label": "Mengapa?", "visible": "reviewers",
        "delete_days": 30, "required": true }]);
    let path = format!("/api/v1/groups/{GROUP}/path");
    let first = json!({ "items": [minors.clone(), step("decision", "Keputusan")] });
    let refused = novi.api("PUT", &path, Some(first)).await.is(422).json();
    assert_eq!(refused["fields"][0]["key"], "joining-path-if-age-first");
    let whole = json!({ "items": [form, minors, step("decision", "Keputusan")] });
    novi.api("PUT", &path, Some(whole)).await.is(200);
    demo.browser()
        .get(&format!("/groups/{GROUP}"))
        .await
        .is(200)
        .says("langkah tambahan:")
        .says("Janji untuk yang muda");
    novi.get(&format!("/groups/{GROUP}/path/2")).await.is(200).says("hanya bila pendaftar di bawah 18 tahun");
    let (mut vina, mut gita, mut johan) =
        (enter(&demo, "vina").await, enter(&demo, "gita").await, enter(&demo, "johan").await);
    let id = apply(&mut vina, GROUP).await;
    let sent = send(&mut vina, &id).await;
    assert_eq!((sent["place"].as_i64(), sent["spared"].as_array().unwrap().len()), (Some(2), 1), "an adult");
    let id = apply(&mut gita, GROUP).await;
    send(&mut gita, &id).await;
    johan.api("POST", &format!("/api/v1/joinings/{id}/agree"), None).await.is(204);
    let now = gita.api("GET", &format!("/api/v1/applications/{id}"), None).await.is(200).json();
    assert_eq!((now["state"].as_str(), now["place"].as_i64()), (Some("sent"), Some(1)), "a minor");
    assert_eq!(now["answers"].as_object().unwrap().len(), 1, "what was written is sent as it was");
}
