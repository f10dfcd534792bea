//! Rubbish in, a clear refusal out: never a 5xx, always in the language asked, and nothing of it done.

mod again;
mod bodies;
mod entering;
mod forged;

use crate::{
    testing::{Answer, Browser, Instance, ORIGIN},
    world::{self, GROUP, enter},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use mapalus_app::shell::paging;
use mapalus_db::Db;
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

/// Asserts a problem of this status and key, whole and in words.
#[track_caller]
fn problem(answer: Answer, status: u16, key: &str) -> Json {
    let kind = answer.headers.get(header::CONTENT_TYPE).unwrap().clone();
    let problem = answer.is(status).json();
    assert_eq!(kind, "application/problem+json");
    assert_eq!(problem["key"], key, "{problem}");
    assert_eq!(problem["status"], status);
    assert!(!problem["title"].as_str().unwrap().is_empty(), "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.len() > 5 && detail != key, "{problem}");
    problem
}

/// A call of the API with a language and a body of any kind.
async fn call(
    browser: &mut Browser<'_>,
    (method, path): (&str, &str),
    lang: &str,
    kind: &str,
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ORIGIN, ORIGIN)
        .header(header::ACCEPT_LANGUAGE, lang);
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    browser.send(request, body.into()).await
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn new_group() -> Json {
    json!({
        "template": "orphanage", "name": "Sahabat Panti Tondano", "area": "Kabupaten Minahasa",
        "summary": "Menemani anak panti belajar dan bermain.", "sign_up": "application", "visibility": "public",
    })
}

#[db_test]
async fn a_refusal_is_told_in_the_language_asked(db: Db) {
    let instance = Instance::new(db);
    let mut stranger = instance.browser();
    let sign_in = ("POST", "/api/v1/sessions");
    for (lang, words) in [
        ("en", "Send JSON"),
        ("id", "Kirim JSON"),
        ("de, en;q=0.5, id;q=0.4", "Send JSON"),
        ("ja", "Kirim JSON"),
        ("en;q=0, *", "Kirim JSON"),
        ("\u{7f}", "Kirim JSON"),
    ] {
        let request = Request::builder()
            .method(sign_in.0)
            .uri(sign_in.1)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "text/plain");
        let request = match lang.parse::<header::HeaderValue>() {
            Ok(lang) => request.header(header::ACCEPT_LANGUAGE, lang),
            Err(_) => request,
        };
        let answer = stranger.send(request, Body::from("{}")).await;
        let problem = problem(answer, 415, "refusal-json-type");
        assert!(problem["detail"].as_str().unwrap().starts_with(words), "{lang}: {problem}");
    }
    let page = call(&mut stranger, ("GET", "/groups/tidak-ada"), "en", "", "").await;
    page.is(404).says("<html lang=\"en\"").says("There is no such page");
    let page = call(&mut stranger, ("GET", "/groups/tidak-ada"), "id", "", "").await;
    page.is(404).says("<html lang=\"id\"").says("Halaman ini tidak ada");
}

#[db_test]
async fn a_page_with_a_cursor_that_is_not_ours_begins_at_the_start_and_the_api_refuses_it(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    let group = "relawan-siaga-bencana-manado-dan-minahasa";
    let cursors = [
        "%25%25%25".to_owned(),
        "AAAA".to_owned(),
        "x".repeat(5_000),
        "%FF%FE".to_owned(),
        paging::cursor(&["a"]),
        paging::cursor(&["a", "b", "c"]),
        paging::cursor(&["a", "b"]),
        paging::cursor(&["\u{0}", "\u{0}"]),
        paging::cursor(&["\u{0}"]),
        paging::cursor(&["-99999999999999999999", "x"]),
        paging::cursor(&["' or 1=1 --", "x"]),
    ];
    for cursor in &cursors {
        for path in [
            "/groups".to_owned(),
            "/api/v1/groups".to_owned(),
            format!("/groups/{group}/members"),
            format!("/api/v1/groups/{group}/members"),
            "/notices".to_owned(),
            "/api/v1/notices".to_owned(),
        ] {
            let answer = member.get(&format!("{path}?after={cursor}")).await;
            if path.starts_with("/api/") && *cursor != "%FF%FE" {
                let told = problem(answer, 422, "refusal-invalid");
                assert_eq!(told["fields"][0]["field"], "after", "{path} {cursor:.40}: {told}");
                assert_eq!(told["fields"][0]["key"], "wrong-cursor", "{path} {cursor:.40}: {told}");
            } else {
                let status = answer.status.as_u16();
                assert!([200, 400, 422].contains(&status), "{path} {cursor:.40}: {status} {}", answer.body);
            }
        }
    }
}

#[db_test]
async fn a_parameter_that_the_api_does_not_know_is_refused(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    for path in ["/api/v1/groups", "/api/v1/templates", "/api/v1/notices", "/api/v1/me", "/api/v1/areas"] {
        for lang in ["id", "en"] {
            let answer = call(&mut member, ("GET", &format!("{path}?page=2")), lang, "", "").await;
            let told = problem(answer, 400, "refusal-parameter");
            assert_eq!(told["arguments"]["name"], "page", "{told}");
            assert!(told["detail"].as_str().unwrap().contains("page"), "{told}");
        }
        member.get(&format!("{path}?lang=en")).await.is(200);
    }
    let body = json!({ "mail": "a@b.id", "password": "x" }).to_string();
    let answer = call(&mut member, ("POST", "/api/v1/sessions?next=/"), "en", JSON, body).await;
    problem(answer, 400, "refusal-parameter");
    // A link that was sent through other programs may hold what they add.
    member.get("/groups?utm_source=x&q=perawat").await.is(200);
}

#[db_test]
async fn every_time_of_the_api_has_its_zone_beside_it(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    let me = member.api("GET", "/api/v1/me", None).await.is(200).json();
    assert!(me["zone"].as_str().unwrap().starts_with("Asia/"), "{me}");
    let members = format!("/api/v1/groups/{}/members", world::OTHER);
    let list = member.api("GET", &members, None).await.is(200).json();
    let items = list["items"].as_array().unwrap();
    assert!(!items.is_empty() && items.iter().all(|item| item["zone"] == me["zone"]), "{list}");
    assert!(list.get("zone").is_none(), "{list}");
}

#[db_test]
async fn the_words_that_calls_take_can_be_looked_up(db: Db) {
    let demo = Instance::demo(db).await;
    let mut stranger = demo.browser();
    let mut items = async |path: &str| {
        let list = stranger.api("GET", path, None).await.is(200).json();
        list["items"].as_array().unwrap().clone()
    };
    let manado = items("/api/v1/areas?q=manado&level=regency").await;
    assert_eq!(manado[0]["code"], "71.71", "{manado:?}");
    assert_eq!(manado[0]["zone"], "Asia/Makassar");
    assert_eq!(manado[0]["within"], "71");
    let districts = items("/api/v1/areas?within=71.71").await;
    assert!(districts.len() > 5 && districts.iter().all(|one| one["level"] == "district"), "{districts:?}");
    assert!(items("/api/v1/areas").await.len() >= 34, "the provinces");
    let doctors = items("/api/v1/occupations?q=dokter+anak").await;
    assert_eq!(doctors[0]["code"], "2212", "{doctors:?}");
    let nurse = items("/api/v1/occupations?q=2221").await;
    assert_eq!(nurse.len(), 1, "{nurse:?}");
    let texts = ["name", "title", "called"].map(|field| nurse[0][field].as_str().unwrap_or(""));
    assert_eq!(texts, ["Perawat", "Profesional Keperawatan", "Perawat"]);
    let by_title = items("/api/v1/occupations?q=nursing+professionals").await;
    assert_eq!(by_title[0]["name"], "Perawat", "{by_title:?}");
    assert_eq!(items("/api/v1/occupations").await.len(), 10, "the major groups");
    assert!(items("/api/v1/languages?q=indones").await.iter().any(|one| one["key"] == "id"));
    assert!(items("/api/v1/causes?q=banjir").await.iter().any(|one| one["key"] == "flood"));
    let wrong =
        [("areas?level=village", "level"), ("areas?within=99", "within"), ("areas?level=district", "q")];
    for (path, field) in wrong {
        let told = problem(stranger.get(&format!("/api/v1/{path}")).await, 422, "refusal-invalid");
        assert_eq!(told["fields"][0]["field"], field, "{told}");
    }
}

#[db_test]
async fn an_id_that_is_none_is_not_found(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut vina = enter(&demo, "vina").await;
    let id = world::apply(&mut vina, GROUP).await;
    let ids = [
        id.to_uppercase(),
        id.replace('-', ""),
        format!("{{{id}}}"),
        format!("{id}%00"),
        format!("%20{id}"),
        "%00".to_owned(),
        "..%2F..%2Fetc%2Fpasswd".to_owned(),
        "%F0%9F%90%98".to_owned(),
        "%FF".to_owned(),
        "'%20or%20'1'='1".to_owned(),
        "x".repeat(3_000),
        "00000000-0000-0000-0000-000000000000".to_owned(),
    ];
    for id in &ids {
        for path in [
            "/applications/{}",
            "/api/v1/applications/{}",
            "/groups/{}",
            "/api/v1/groups/{}",
            "/groups/{}/members",
            "/groups/{}/join",
            "/groups/new/{}",
            "/api/v1/groups/{}/path",
            "/mailbox/{}",
            "/confirm/{}",
            "/reset/{}",
            "/setup/{}",
        ] {
            let answer = vina.get(&path.replace("{}", id)).await;
            let status = answer.status.as_u16();
            assert!([400, 404].contains(&status), "{path} {id:.40}: {status} {}", answer.body);
            if path.starts_with("/api") {
                let kind = answer.headers.get(header::CONTENT_TYPE).unwrap();
                assert_eq!(kind, "application/problem+json", "{path} {id:.40}");
            }
        }
        for path in ["/me/sessions/{}/end", "/demo/{}", "/admin/people/{}/confirm", "/applications/{}/agree"]
        {
            let status = vina.post(&path.replace("{}", id), &[]).await.status.as_u16();
            assert!([400, 404].contains(&status), "{path} {id:.40}: {status}");
        }
        let path = format!("/api/v1/sessions/{id}");
        let status = vina.api("DELETE", &path, None).await.status.as_u16();
        assert!([400, 404].contains(&status), "{path:.60}: {status}");
    }
}

#[db_test]
async fn a_way_of_asking_that_a_route_does_not_take_is_told(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    for (method, path) in [("DELETE", "/api/v1/groups"), ("PUT", "/api/v1/me"), ("POST", "/api/openapi.json")]
    {
        let answer = member.api(method, path, None).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        problem(answer, 405, "refusal-method");
    }
    let answer = call(&mut member, ("POST", "/about"), "id", FORM, "once=a").await;
    answer.is(405).says("Alamat ini tidak menerima");
    problem(member.get("/api/v1/tidak-ada").await, 404, "refusal-not-found");
    member.get("/api/v1/groups/").await.is(404);
    member.get("//evil.example/").await.is(404);
}

#[db_test]
async fn texts_too_long_or_with_what_no_text_needs_are_told_or_cleaned(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    let mut group = new_group();
    group["name"] = json!("a".repeat(81));
    group["summary"] = json!("b".repeat(161));
    group["about"] = json!("c".repeat(4_001));
    let answer = member.api("POST", "/api/v1/groups", Some(group)).await;
    let told = problem(answer, 422, "refusal-invalid");
    let fields: Vec<_> = told["fields"].as_array().unwrap().iter().collect();
    assert_eq!(
        fields.iter().map(|f| f["field"].as_str().unwrap()).collect::<Vec<_>>(),
        ["name", "summary", "about"]
    );
    assert!(fields.iter().all(|f| f["key"] == "wrong-long"), "{told}");
    assert!(fields[0]["detail"].as_str().unwrap().contains("80"), "{told}");

    let mut group = new_group();
    group["name"] = json!("Panti\u{0}\u{202e}\u{7} Tondano\u{feff}");
    group["about"] = json!("Satu.\r\n\u{0}Dua.\u{1b}[31m");
    let made = member.api("POST", "/api/v1/groups", Some(group)).await.is(201).json();
    assert_eq!(made["name"], "Panti Tondano");
    assert_eq!(made["about"], "Satu.\nDua.[31m");

    for name in ["\u{0}\u{0}\u{0}", "\u{202e}\u{202e}\u{202e}", "   \t\n  ", "ab"] {
        let mut group = new_group();
        group["name"] = json!(name);
        let answer = member.api("POST", "/api/v1/groups", Some(group)).await;
        problem(answer, 422, "refusal-invalid");
    }
    let long = "x".repeat(5_000);
    for q in ["%00", "%FF", "%25", "_", "'", "\\", "%F0%9F%90%98", &long] {
        for path in ["/groups?q=", "/api/v1/groups?q=", "/suggest/areas?q=", "/suggest/occupations?q="] {
            // What nobody reads to its end is refused, not passed over: it would find everything.
            let too_long = q.len() > 100 && path.contains("groups");
            member.get(&format!("{path}{q}")).await.is(if too_long { 422 } else { 200 });
        }
    }
}

#[db_test]
async fn an_answer_that_a_form_does_not_ask_for_is_refused(db: Db) {
    let demo = Instance::demo(db).await;
    let mut vina = enter(&demo, "vina").await;
    let id = world::apply(&mut vina, GROUP).await;
    let path = format!("/api/v1/applications/{id}");
    let save = async |browser: &mut Browser<'_>, answers: Json| {
        let body = json!({ "answers": answers });
        browser.api("PATCH", &path, Some(body)).await
    };
    let answer = save(&mut vina, json!({ "salary": ["1"] })).await;
    problem(answer, 400, "joining-unknown-question");
    for (key, value) in [
        ("interests", json!(["planting", "mining"])),
        ("swim", json!(["like a fish"])),
        ("hours", json!(["99999999999999999999"])),
        ("hours", json!(["NaN"])),
        ("neighbourhood", json!(["x".repeat(2_001)])),
    ] {
        let answer = save(&mut vina, json!({ key: value })).await;
        let told = problem(answer, 422, "refusal-invalid");
        assert_eq!(told["fields"][0]["field"], key, "{told}");
    }
    let answer = save(&mut vina, json!({ "neighbourhood": ["a\u{0}b\u{202e}c"] })).await;
    let kept = answer.is(200).json();
    assert!(kept["answers"].to_string().contains("abc"), "{kept}");
    save(&mut vina, json!({ "neighbourhood": [] })).await.is(200);
    // Nothing is skipped: what is needed is needed when it is sent.
    let answer = vina.api("POST", &format!("{path}/send"), Some(json!({ "answers": {} }))).await;
    problem(answer, 422, "refusal-invalid");
    for early in ["agree", "accept", "undo"] {
        let body = (early == "accept").then(|| json!({}));
        let status = vina.api("POST", &format!("{path}/{early}"), body).await.status.as_u16();
        assert!([404, 409].contains(&status), "{early}: {status}");
    }
}

#[db_test]
async fn an_unknown_occupation_or_area_is_refused_with_the_nearest(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    let mut stranger = demo.browser();
    let blank = |occupation: &str, area: &str| {
        json!({
            "kind": "occupational", "name": "Guru Minahasa", "summary": "Guru yang saling belajar.",
            "occupation": occupation, "area": area, "sign_up": "open", "visibility": "public",
        })
    };
    let mut field = async |occupation: &str, area: &str, name: &str| {
        let answer = member.api("POST", "/api/v1/groups", Some(blank(occupation, area))).await;
        let told = problem(answer, 422, "refusal-invalid");
        assert_eq!(told["fields"].as_array().unwrap().len(), 1, "{told}");
        assert_eq!(told["fields"][0]["field"], name, "{told}");
        let text = |part: &str| told["fields"][0][part].as_str().unwrap().to_owned();
        (text("key"), text("detail"))
    };
    let (key, detail) = field("gur", "Kota Manado", "occupation").await;
    assert_eq!(key, "wrong-occupation-near");
    assert!(detail.matches("uru").count() > 1, "{detail}");
    let (key, detail) = field("zzz", "Kota Manado", "occupation").await;
    assert_eq!(key, "wrong-occupation");
    assert!(detail.contains("zzz"), "{detail}");
    let (key, detail) = field("2221", "Minahas", "area").await;
    assert_eq!(key, "wrong-area-near");
    assert!(detail.contains("Kabupaten Minahasa"), "{detail}");
    let (key, _) = field("2221", "Atlantis", "area").await;
    assert_eq!(key, "wrong-area");
    let (_, detail) = field("2221", &"<b>".repeat(2_000), "area").await;
    assert!(detail.len() < 400, "{detail}");

    let answer = call(&mut stranger, ("GET", "/api/v1/groups?area=Atlantis"), "en", "", "").await;
    let told = problem(answer, 422, "refusal-invalid");
    let words = told["fields"][0]["detail"].as_str().unwrap();
    assert!(words.starts_with("The area \"Atlantis\" is not known."), "{words}");
    let answer = call(&mut stranger, ("GET", "/api/v1/groups?kind=secret"), "en", "", "").await;
    problem(answer, 422, "refusal-invalid");
    stranger.get("/groups?area=Atlantis%22%3E%3Cscript%3E&lang=en").await.is(422).says("is not known");
    let page = stranger.get("/groups?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!page.is(200).body.contains("<script>alert"));
}
