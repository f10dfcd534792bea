//! One's own account over HTTP: profile, photo, address, password, new browsers, kept forms, erasure.

mod api;
mod authenticator;
mod passkeys;
mod proving;
mod steps;
mod tokens;

use crate::testing::{Browser, Instance};
use axum::{body::Body, http::Request};
use mapalus_core::time::DAY;
use mapalus_db::Db;
use mapalus_db_test::db_test;
use serde_json::json;

/// The password of those who make accounts here.
pub const PASSWORD: &str = "kopi tiga gelas pagi";

/// The path of the newest mail to an address that holds a text, and the mail's page.
async fn mail(browser: &mut Browser<'_>, to: &str, subject: &str) -> String {
    let mailbox = browser.get("/mailbox").await.is(200).body;
    let rows = mailbox.split("href=\"/mailbox/").skip(1);
    let row = rows.into_iter().find(|row| row.contains(to) && row.contains(subject));
    let id =
        row.unwrap_or_else(|| panic!("no mail `{subject}` to {to} in {mailbox}")).split('"').next().unwrap();
    browser.get(&format!("/mailbox/{id}")).await.is(200).body
}

fn link<'m>(mail: &'m str, purpose: &str) -> &'m str {
    let start = format!("https://mapalus.test/{purpose}/");
    mail.split(start.as_str()).nth(1).unwrap().split('"').next().unwrap()
}

/// A browser of a new person, signed in.
async fn newcomer<'i>(demo: &'i Instance, name: &str, address: &str) -> Browser<'i> {
    let mut browser = demo.browser();
    let fields =
        [("name", name), ("mail", address), ("password", PASSWORD), ("age", "adult"), ("consent", "yes")];
    browser.post("/sign-up", &fields).await.is(303);
    demo.settle().await;
    let mail = mail(&mut browser, address, "Aktifkan akun").await;
    browser.post(&format!("/confirm/{}", link(&mail, "confirm")), &[]).await.is(303);
    browser
}

/// The person opens a group, and is its only coordinator.
async fn opens_a_group(person: &mut Browser<'_>) {
    let group = [
        ("template", "teachers"),
        ("name", "Guru Tondano Bersatu"),
        ("summary", "Guru Tondano saling berbagi bahan ajar."),
        ("area", "Kabupaten Minahasa"),
        ("sign_up", "application"),
        ("visibility", "public"),
    ];
    person.post("/groups", &group).await.is(303);
}

fn version(page: &str) -> String {
    page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[db_test]
async fn a_profile_is_filled_in_and_each_part_shown_to_its_audience(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    let page = person.get("/me/profile").await.is(200).body;
    let version = version(&page);
    let mut fields = vec![
        ("version", version.as_str()),
        ("name", "Suharti"),
        ("occupation", "dokter anak"),
        ("area", "Atlantis"),
        ("skills", "mendengar, menulis"),
        ("about", "Rahasia kecil"),
        ("shown_about", "me"),
        ("shown_skills", "public"),
        ("shown_occupation", "signed-in"),
    ];
    person.post("/me/profile", &fields).await.is(422).says("Atlantis").says("Rahasia kecil");
    fields[3].1 = "Sario, Kota Manado";
    person.post("/me/profile", &fields).await.is(303);
    person.post("/me/profile", &fields).await.is(412);
    person.get("/me/profile/preview?as=public").await.is(200).says("mendengar");
    let me = person.api("GET", "/api/v1/me", None).await.is(200).json();
    assert_eq!(me["profile"]["area"].as_str().map(|code| &code[..5]), Some("71.71"));
    let path = format!("/people/{}", me["id"].as_str().unwrap());
    let stranger = demo.browser().get(&path).await.is(200).says("mendengar").body;
    assert!(!stranger.contains("Rahasia") && !stranger.contains("Dokter"));
    let other = demo.enters("member").await.get(&path).await.is(200).says("Dokter").body;
    assert!(!other.contains("Rahasia"));
    let patch = json!({ "name": "Suharti", "languages": ["Klingon"] });
    person.api("PATCH", "/api/v1/me", Some(patch)).await.is(422).says("wrong-language");
}

#[db_test]
async fn a_program_changes_the_parts_of_a_profile_that_it_sends_and_no_others(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    let path = "/api/v1/me";
    let filled = json!({ "occupation": "dokter anak", "area": "Sario, Kota Manado", "workplace": "RS Contoh",
        "languages": ["Indonesia", "en"], "skills": ["mendengar", "menulis"], "about": "Rahasia kecil",
        "shown": { "about": "me", "skills": "public" } });
    let before = person.api("PATCH", path, Some(filled)).await.is(200).json();
    assert_eq!((&before["shown"]["about"], &before["shown"]["skills"]), (&json!("me"), &json!("public")));
    assert_eq!((&before["shown"]["photo"], &before["name"]), (&json!("groups"), &json!("Suharti")));
    let named = person.api("PATCH", path, Some(json!({ "name": "Suharti Baru" }))).await.is(200).json();
    let mut expected = before.clone();
    (expected["name"], expected["profile"]["name"]) = (json!("Suharti Baru"), json!("Suharti Baru"));
    expected["version"] = named["version"].clone();
    // The zone is that of the place, as it stood before the request.
    expected["zone"] = named["zone"].clone();
    assert_eq!(named, expected);
    // Lists go in as they come out.
    let lists = json!({ "languages": named["profile"]["languages"], "skills": named["profile"]["skills"],
        "shown": named["shown"] });
    let again = person.api("PATCH", path, Some(lists)).await.is(200).json();
    assert_eq!((&again["profile"], &again["shown"]), (&named["profile"], &named["shown"]));
    let old = named["version"].as_i64().unwrap();
    let late = person.api_if("PATCH", path, old, json!({ "about": "" })).await.is(412).json();
    assert_eq!(late["newer"]["profile"]["about"], "Rahasia kecil");
    person.api_if("PATCH", path, old + 1, json!({ "about": "" })).await.is(200).lacks("Rahasia");
    let wrong = json!({ "shown": { "about": "all" } });
    person.api("PATCH", path, Some(wrong)).await.is(422).says("shown_about");
    person.api("PATCH", path, Some(json!({ "shown": { "shoes": "me" } }))).await.is(400);
}

fn png() -> Vec<u8> {
    use image::{DynamicImage, ImageFormat, RgbImage};
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(900, 600, image::Rgb([20, 90, 100])));
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn upload(browser: &mut Browser<'_>, once: &str, bytes: &[u8]) -> crate::testing::Answer {
    let mut body = Vec::new();
    body.extend_from_slice(
        format!("--x\r\nContent-Disposition: form-data; name=\"once\"\r\n\r\n{once}\r\n").as_bytes(),
    );
    body.extend_from_slice(
        b"--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n",
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = Request::post("/me/photo")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=x");
    browser.send(request, Body::from(body)).await
}

#[db_test]
async fn a_photo_is_made_small_and_follows_its_audience(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    upload(&mut member, "1", b"not a picture at all").await.is(415).says("bukan foto");
    upload(&mut member, "2", &vec![0; 9 * 1024 * 1024]).await.is(413);
    upload(&mut member, "3", &png()).await.is(303);
    let page = member.get("/me/profile").await.is(200).body;
    let photo = page.split("class=\"photo\" src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let answer = member.get(&photo).await.is(200);
    assert_eq!(answer.headers["content-type"], "image/jpeg");
    demo.browser().get(&photo).await.is(404);
    demo.enters("coordinator").await.get(&photo).await.is(200);
    demo.enters("seeker").await.get(&photo).await.is(404);
    member.post("/me/photo", &[("do", "remove")]).await.is(303);
    member.get(&photo).await.is(404);
}

#[db_test]
async fn address_and_password_change_and_the_new_ones_hold(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    person.post("/me/mail", &[("mail", "baru@")]).await.is(422).says("alamat email lengkap");
    person.post("/me/mail", &[("mail", "baru@contoh.id")]).await.is(303);
    demo.settle().await;
    let letter = mail(&mut person, "baru@contoh.id", "Pastikan alamat baru").await;
    person.get("/me").await.is(200).says("suharti@contoh.id");
    person.post(&format!("/mail/{}", link(&letter, "mail")), &[]).await.is(303);
    person.get("/me").await.is(200).says("baru@contoh.id");

    let mut elsewhere = demo.browser();
    elsewhere.post("/sign-in", &[("mail", "baru@contoh.id"), ("password", PASSWORD)]).await.is(303);
    elsewhere.get("/me").await.is(200);
    let change = [("new_password", "teh dua cangkir sore")];
    person.post("/me/password", &change).await.is(303);
    elsewhere.get("/me").await.is(303);
    person.get("/me").await.is(200);
    elsewhere.post("/sign-in", &[("mail", "baru@contoh.id"), ("password", PASSWORD)]).await.is(422);
    elsewhere.post("/sign-in", &[("mail", "baru@contoh.id"), ("password", change[0].1)]).await.is(303);
}

#[db_test]
async fn a_coordinator_confirms_each_new_browser_by_a_mailed_code(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    opens_a_group(&mut person).await;
    let credentials = [("mail", "suharti@contoh.id"), ("password", PASSWORD), ("next", "/desk")];
    let mut new = demo.browser();
    let answer = new.post("/sign-in", &credentials).await.is(303);
    assert_eq!(answer.location(), "/sign-in/code?next=%2Fdesk");
    new.get("/desk").await.is(303);
    for _ in 0..2 {
        new.post("/sign-in/code", &[("code", "000000x")]).await.is(422).says("tidak cocok");
    }
    demo.settle().await;
    let letter = mail(&mut new, "suharti@contoh.id", "Kode masuk").await;
    let code = letter.split("Kode Anda: ").nth(1).unwrap()[..8].to_owned();
    demo.browser().post("/sign-in/code", &[("code", &code)]).await.is(410);
    let entered = new.post("/sign-in/code", &[("code", &code), ("next", "/desk")]).await.is(303);
    assert_eq!(entered.location(), "/desk");
    new.get("/desk").await.is(200).says("Guru Tondano");
    new.post("/sign-out", &[]).await.is(303);
    assert_eq!(new.post("/sign-in", &credentials).await.is(303).location(), "/desk", "the browser is known");

    demo.clock.advance(1_000);
    let mut program = demo.browser();
    let secret = json!({ "mail": "suharti@contoh.id", "password": PASSWORD });
    let waits = program.api("POST", "/api/v1/sessions", Some(secret)).await.is(201).json();
    assert_eq!(waits["next"], "code");
    program.api("GET", "/api/v1/me", None).await.is(401);
    demo.clock.advance(1_000);
    demo.settle().await;
    let letter = mail(&mut program, "suharti@contoh.id", "Kode masuk").await;
    let code = &letter.split("Kode Anda: ").nth(1).unwrap()[..8];
    let entered =
        program.api("POST", "/api/v1/sessions/code", Some(json!({ "code": code }))).await.is(201).json();
    assert!(entered["next"].is_null());
    program.api("GET", "/api/v1/me", None).await.is(200);
}

#[db_test]
async fn five_wrong_codes_spend_the_code(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    opens_a_group(&mut person).await;
    let mut new = demo.browser();
    new.post("/sign-in", &[("mail", "suharti@contoh.id"), ("password", PASSWORD)]).await.is(303);
    for _ in 0..5 {
        new.post("/sign-in/code", &[("code", "no")]).await.is(422);
    }
    demo.settle().await;
    let letter = mail(&mut new, "suharti@contoh.id", "Kode masuk").await;
    let code = letter.split("Kode Anda: ").nth(1).unwrap()[..8].to_owned();
    new.post("/sign-in/code", &[("code", &code)]).await.is(410);
}

/// What stands in a page's form for the once-value.
fn once(page: &str) -> String {
    page.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn credentials<'c>(mail: &'c str, next: &'c str) -> [(&'c str, &'c str); 3] {
    [("mail", mail), ("password", PASSWORD), ("next", next)]
}

const SESSION: &str = "__Host-mapalus";

#[db_test]
async fn a_form_posted_after_the_session_ended_is_kept_for_this_person_and_browser(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    newcomer(&demo, "Orang Lain", "lain@contoh.id").await;
    let page = person.get("/me/profile").await.body;
    let (version, once) = (version(&page), once(&page));
    let fields = [
        ("version", version.as_str()),
        ("name", "Suharti"),
        ("shown_about", "public"),
        ("about", "Kalimat yang \"panjang\" sekali"),
    ];
    // The browser drops the cookie at the instant at which the session ends.
    demo.clock.advance(31 * DAY);
    person.forgets(SESSION);
    let asked = person.post_from("/me/profile", "/me/profile", &fields, &once).await.is(303);
    assert_eq!(asked.location(), "/sign-in?next=%2Fme%2Fprofile");
    person.get(asked.location()).await.is(200).says("Isian Anda kami simpan");

    let mut other = person.again();
    let place = other.post("/sign-in", &credentials("lain@contoh.id", "/me")).await.is(303);
    assert_eq!(place.location(), "/me", "somebody else is shown nothing");
    other.get("/kept").await.is(404);
    other.get("/kept?list=1").await.is(404);
    assert!(!other.get("/me/profile?kept=1").await.is(200).body.contains("panjang"));

    let suharti = credentials("suharti@contoh.id", "/me");
    assert_eq!(person.post("/sign-in", &suharti).await.is(303).location(), "/kept");
    let page = person.get("/kept").await.is(303);
    let filled = person.get(page.location()).await.is(200).says("Periksa, lalu kirim");
    let filled = filled.says("Kalimat yang &#34;panjang&#34; sekali</textarea>");
    assert!(filled.body.contains("value=\"public\" selected"), "what was chosen stands there as well");
    person.get("/kept?list=1").await.is(200).says("Kalimat yang");
    let plain = person.get("/me/profile").await.is(200);
    assert!(!plain.body.contains("Kalimat yang"), "it is not sent by itself");
    person.post("/me/profile", &fields).await.is(303);

    person.post("/sign-out", &[]).await.is(303);
    assert_eq!(person.post("/sign-in", &suharti).await.is(303).location(), "/me", "offered once");
    demo.clock.advance(31 * 60_000);
    person.get("/kept").await.is(404);
}

#[db_test]
async fn a_form_is_kept_after_signing_out_in_another_tab_but_not_for_who_signed_in_since(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    newcomer(&demo, "Orang Lain", "lain@contoh.id").await;
    let once = once(&person.get("/me/profile").await.body);
    let fields = [("name", "Suharti"), ("about", "Kalimat yang panjang sekali")];
    person.post("/sign-out", &[]).await.is(303);
    person.post_from("/me/profile", "/me/profile", &fields, &once).await.is(303);
    let suharti = credentials("suharti@contoh.id", "/me");
    assert_eq!(person.post("/sign-in", &suharti).await.is(303).location(), "/kept");
    person.post("/sign-out", &[]).await.is(303);

    // A form that was drawn for one person is not kept for the next.
    person.post("/sign-in", &credentials("lain@contoh.id", "/me")).await.is(303);
    person.post("/sign-out", &[]).await.is(303);
    person.post_from("/me/profile", "/me/profile", &fields, &once).await.is(303);
    let place = person.post("/sign-in", &credentials("lain@contoh.id", "/me")).await.is(303);
    assert_eq!(place.location(), "/me");
}

#[db_test]
async fn a_kept_form_whose_page_does_not_take_it_is_shown_in_words(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    person.post("/sign-out", &[]).await.is(303);
    let fields = [("mail", "Alamat yang panjang sekali")];
    person.post_from("/me", "/me/mail", &fields, "once-value-of-it").await.is(303);
    person.post("/sign-in", &credentials("suharti@contoh.id", "/me")).await.is(303);
    let page = person.get("/kept").await.is(303);
    assert_eq!(person.get(page.location()).await.is(303).location(), "/kept?list=1");
    person.get("/kept?list=1").await.is(200).says("Alamat yang panjang sekali").says("href=\"/me\"");
    person.post("/sign-out", &[]).await.is(303);
    person.post_from("/groups/none", "/me/mail", &fields, "another-once-value").await.is(303);
    person.post("/sign-in", &credentials("suharti@contoh.id", "/me")).await.is(303);
    let page = person.get("/kept").await.is(303);
    person.get(page.location()).await.is(404).says("/kept?list=1");
}

#[db_test]
async fn signing_up_leads_on_to_the_page_that_was_wanted(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = demo.browser();
    let wanted = "/groups/relawan-siaga-bencana-manado-dan-minahasa/join";
    person.get(&format!("/sign-in?next={wanted}")).await.is(200).says("/sign-up?next=%2Fgroups%2F");
    let form = person.get(&format!("/sign-up?next={wanted}")).await.is(200);
    form.says(&format!("name=\"next\" value=\"{wanted}\""));
    let other = ("https://evil.example", "/", "ratna@contoh.id");
    for (next, place, address) in [other, (wanted, wanted, "suharti@contoh.id")] {
        let fields = [
            ("name", "Suharti"),
            ("mail", address),
            ("password", PASSWORD),
            ("age", "adult"),
            ("consent", "yes"),
            ("next", next),
        ];
        person.post("/sign-up", &fields).await.is(303);
        demo.settle().await;
        let letter = mail(&mut person, address, "Aktifkan akun").await;
        let path = format!("/confirm/{}", link(&letter, "confirm"));
        assert_eq!(demo.browser().post(&path, &[]).await.is(303).location(), place);
        let used = demo.browser().get(&path).await.is(410);
        used.says("href=\"/sign-in\"");
    }
}

#[db_test]
async fn guesses_of_others_do_not_shut_out_the_browser_in_which_one_signed_in_before(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    person.post("/sign-out", &[]).await.is(303);
    let wrong = [("mail", "suharti@contoh.id"), ("password", "tebakan saja")];
    let right = credentials("suharti@contoh.id", "/me");
    let mut stranger = demo.browser();
    for _ in 0..10 {
        stranger.post("/sign-in", &wrong).await.is(422);
    }
    stranger.post("/sign-in", &right).await.is(429).says("Tunggu sebentar");
    person.post("/sign-in", &right).await.is(303);
    person.post("/sign-out", &[]).await.is(303);
    // Whoever finds the browser guesses no more than anybody.
    for _ in 0..10 {
        person.post("/sign-in", &wrong).await.is(422);
    }
    person.post("/sign-in", &right).await.is(429);
    // A mark that was made up is none.
    stranger.forgets("mark");
    let made_up = Request::post("/sign-in")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", "mark=AAAAAAAAAAAAAAAAAAAAAAAA")
        .header("content-type", "application/x-www-form-urlencoded");
    let form = format!("once=x&mail=suharti%40contoh.id&password={}&next=", PASSWORD.replace(' ', "+"));
    demo.browser().send(made_up, Body::from(form)).await.is(429);
}

#[db_test]
async fn the_doors_of_a_demonstration_keep_the_language(db: Db) {
    let demo = Instance::demo(db).await;
    let mut visitor = demo.browser();
    visitor
        .send(Request::post("/language").header("sec-fetch-site", "same-origin"), Body::from("value=en"))
        .await;
    visitor.post("/demo/seeker", &[]).await.is(303);
    visitor.get("/me").await.is(200).says("<html lang=\"en\">");
    let mut seeker = demo.enters("seeker").await;
    seeker.get("/me").await.is(200).says("<html lang=\"id\">");
    // A shared address in the other language is shown in it, and changes nothing.
    seeker.get("/groups?lang=en").await.is(200).says("<html lang=\"en\">");
    seeker.get("/groups").await.is(200).says("<html lang=\"id\">");
}

#[db_test]
async fn without_a_mail_server_nobody_is_told_that_mail_was_sent(db: Db) {
    let instance = Instance::new(db);
    let mut person = instance.browser();
    let early = person.get("/sign-up").await.is(200).says("belum punya pengelola");
    assert!(!early.body.contains("name=\"password\""));
    let secret = mapalus_app::people::first_link(&instance.app).await.unwrap().unwrap();
    let fields = |name, mail| [("name", name), ("mail", mail), ("password", PASSWORD), ("consent", "yes")];
    let operator = fields("Ratna", "ratna@contoh.id");
    instance.browser().post(&format!("/setup/{secret}"), &operator).await.is(303);
    person.get("/sign-up").await.is(200).says("name=\"password\"");
    let account = [&fields("Suharti", "suharti@contoh.id")[..], &[("age", "adult")]].concat();
    person.post("/sign-up", &account).await.is(303);
    let told = person.post("/sign-in", &credentials("suharti@contoh.id", "/")).await.is(422);
    assert!(!told.says("belum dapat mengirim email").body.contains("baru saja mengirim"));
    person.get("/forgot").await.is(200).says("belum dapat mengirim email");
    person.get("/forgot/sent").await.is(200).says("belum dapat mengirim email");
    person.get("/sign-up/sent").await.is(200).says("Pendaftaran akun tercatat");
}

#[db_test]
async fn a_photo_of_nine_megabytes_brings_the_form_back(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"once\"\r\n\r\nvalue\r\n--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n".to_vec();
    body.resize(body.len() + 9 * 1024 * 1024, b'j');
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = Request::post("/me/photo")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=x");
    let told = person.send(request, Body::from(body)).await.is(413);
    told.says("paling banyak 8 MB").says("name=\"photo\"");
}

#[db_test]
async fn a_closed_account_is_hidden_at_once_and_erased_after_fourteen_days(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut person = newcomer(&demo, "Zulkarnainwati", "zulkarnainwati@contoh.id").await;
    let me = person.api("GET", "/api/v1/me", None).await.json();
    let id = me["id"].as_str().unwrap().to_owned();
    let group = "/groups/relawan-siaga-bencana-manado-dan-minahasa";
    let begun = person.post(&format!("{group}/join"), &[]).await.is(303).location().to_owned();
    let answers = [
        ("where", "post"),
        ("roles", "medical"),
        ("experience", "Zulkarnainwati pernah di posko"),
        ("calls", "yes"),
    ];
    person.post(&format!("{begun}/form"), &answers).await.is(303);
    person.post(&format!("{begun}/agree"), &[]).await.is(303);
    demo.clock.advance(30_000);
    demo.settle().await;
    let data = person.get("/me/data").await.is(200);
    assert!(data.headers["content-disposition"].to_str().unwrap().contains("mapalus.zip"));
    let data = person.get("/api/v1/me/data").await.is(200);
    data.says("zulkarnainwati@contoh.id").says("pernah di posko");

    person.post("/me/close", &[]).await.is(303);
    person.get("/me").await.is(303);
    demo.enters("coordinator").await.get(&format!("/people/{id}")).await.is(404);
    let credentials = [("mail", "zulkarnainwati@contoh.id"), ("password", PASSWORD)];
    demo.clock.advance(13 * DAY);
    demo.settle().await;
    let back = person.post("/sign-in", &credentials).await.is(303);
    let place = back.location().to_owned();
    person.get(&place).await.is(200).says("Penutupan akun Anda dibatalkan");
    person.get("/me").await.is(200).says("Zulkarnainwati");
    person.post("/me/close", &[]).await.is(303);
    demo.clock.advance(15 * DAY);
    demo.settle().await;
    person.post("/sign-in", &credentials).await.is(422);
    let tables = [
        &dump::PERSONS,
        &dump::ANSWERS,
        &dump::NOTICES,
        &dump::MAILS,
        &dump::AUDIT,
        &dump::OUTBOX,
        &dump::ONCE,
        &dump::KEPT,
        &dump::LINKS,
        &dump::SESSIONS,
        &dump::APPLICATIONS,
        &dump::DECISIONS,
        &dump::TRIES,
    ];
    for table in tables {
        let rows: Vec<(String,)> = db.read("dump", move |tx| tx.all::<(String,)>(table, &[])).await.unwrap();
        for (row,) in rows {
            assert!(!row.to_lowercase().contains("zulkarnainwati"), "{} still holds: {row}", table.name);
        }
    }
    demo.enters("coordinator").await.get(&begun).await.is(200).says("Mantan anggota");
}

#[db_test]
async fn the_only_coordinator_of_a_group_cannot_close_the_account(db: Db) {
    let demo = Instance::demo(db).await;
    let mut person = newcomer(&demo, "Suharti", "suharti@contoh.id").await;
    opens_a_group(&mut person).await;
    person.post("/me/close", &[]).await.is(409).says("Guru Tondano Bersatu");
}

#[db_test]
async fn answers_are_deleted_when_their_question_promises(db: Db) {
    let demo = Instance::demo(db).await;
    let mut seeker = demo.enters("seeker").await;
    let group = "/groups/relawan-siaga-bencana-manado-dan-minahasa";
    let begun = seeker.post(&format!("{group}/join"), &[]).await.is(303).location().to_owned();
    let answers =
        [("where", "post"), ("roles", "medical"), ("experience", "Pernah di posko"), ("calls", "yes")];
    seeker.post(&format!("{begun}/form"), &answers).await.is(303);
    seeker.post(&format!("{begun}/withdraw"), &[]).await.is(303);
    demo.clock.advance(89 * DAY);
    demo.settle().await;
    let mut again = demo.enters("seeker").await;
    again.get(&begun).await.is(200).says("Pernah di posko");
    demo.clock.advance(2 * DAY);
    demo.settle().await;
    let mut again = demo.enters("seeker").await;
    assert!(!again.get(&begun).await.is(200).body.contains("Pernah di posko"));
}

mod dump {
    mapalus_db::statements! {
        /// All text of persons.
        PERSONS = "select name || call_name || mail || mail_folded || about || workplace || skills from persons";
        /// All text of answers.
        ANSWERS = "select value from answers";
        /// All text of notices.
        NOTICES = "select arguments from notices";
        /// All text of mails.
        MAILS = "select address || name || call_name || arguments || problem from mails";
        /// All text of the audit.
        AUDIT = "select action || subject || why from audit";
        /// All text of the outbox.
        OUTBOX = "select payload from outbox";
        /// All text of once-values.
        ONCE = "select route || coalesce(location, '') from once";
        /// All text of kept forms.
        KEPT = "select path || fields from kept_forms";
        /// All text of links.
        LINKS = "select detail from links";
        /// All text of sessions.
        SESSIONS = "select agent from sessions";
        /// All text of applications.
        APPLICATIONS = "select reason from applications";
        /// All text of decisions.
        DECISIONS = "select reason from decisions";
        /// All text of tries.
        TRIES = "select subject from tries";
    }
}
