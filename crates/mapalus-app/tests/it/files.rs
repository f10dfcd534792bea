//! Files as answers: sent beside others, refused with the limit, shown to those who may see them, deleted in time.

use crate::{
    races,
    testing::{Answer, Browser, Instance},
    world::{self, at_once, enter, sql, value},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use mapalus_core::{chance::SystemChance, time::DAY};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};
use std::io::Read;

/// Its form asks for a file that coordinators see alone; `rahma` runs it.
const LAWYERS: &str = "forum-advokat-makassar";

const MB: usize = 1024 * 1024;

/// A document of so many bytes; no two seeds give the same.
fn pdf(size: usize, seed: u8) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.7\n{seed}").into_bytes();
    bytes.extend((bytes.len()..size).map(|n| (n * 31 + n / 251) as u8 ^ seed));
    bytes
}

/// The rest of the form.
const TYPED: [(&str, &str); 4] =
    [("organisation", "PERADI Makassar"), ("fields", "civil"), ("duty", "monthly"), ("ethics", "yes")];

/// Sends a form with files: field, name, bytes.
async fn send(
    browser: &mut Browser<'_>,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Answer {
    let once = mapalus_app::shell::secrets::nonce(&SystemChance);
    send_once(browser, path, fields, files, &once).await
}

async fn send_once(
    browser: &mut Browser<'_>,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
    once: &str,
) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("once", once)].iter().chain(fields) {
        let part = format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    // As a browser does it: an empty field is a file without name and bytes; the kind is what the name says.
    for (name, file, bytes) in [("oath-record", "", &b""[..])].iter().chain(files) {
        let head = format!(
            "--x\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
            content-type: application/pdf\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    let request = Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    browser.send(request, Body::from(body)).await
}

/// Gives a file by the API.
async fn give(browser: &mut Browser<'_>, id: &str, question: &str, bytes: Vec<u8>) -> Answer {
    let path = format!("/api/v1/applications/{id}/files?question={question}&name=sumpah.pdf");
    let request = Request::post(path).header(header::ORIGIN, crate::testing::ORIGIN);
    browser.send(request, Body::from(bytes)).await
}

async fn view(browser: &mut Browser<'_>, id: &str) -> Json {
    browser.api("GET", &format!("/api/v1/applications/{id}"), None).await.is(200).json()
}

/// A second question for a file, which every reviewer sees.
async fn ask_for_another(db: &Db) {
    let add = "insert into questions (step_id, place, key, kind, required, label, why, visible, delete_days, options)
        select step_id, 90, 'letter', 'file', false, 'Surat pengantar', '', 'reviewers', 60, '' from questions
        where key = 'oath-record'";
    assert_eq!(sql(db, add, &[]).await, 1);
}

async fn rows(db: &Db) -> (i64, i64) {
    let files = value(db, "select count(*) from files", &[]).await;
    (files, value(db, "select count(*) from file_parts", &[]).await)
}

#[db_test]
async fn a_file_is_an_answer_and_no_form_that_comes_back_loses_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut seeker = demo.enters("seeker").await;
    let id = world::apply(&mut seeker, LAWYERS).await;
    let (page, form) = (format!("/applications/{id}"), format!("/applications/{id}/form"));
    seeker.get(&page).await.is(200).says("multipart/form-data").says("Pilih berkas");
    // The form lacks answers; the file stays.
    let (record, other) = (pdf(2 * MB + 7, 1), pdf(900, 2));
    let file: (&str, &str, &[u8]) = ("oath-record", "Berita acara é.pdf", &record);
    let answer = send(&mut seeker, &form, &[("organisation", "PERADI")], &[file]).await.is(422);
    answer.says("Berita acara é.pdf").says("PDF, 2.1 MB".replace('.', ",").as_str()).says("PERADI");
    // The same bytes once more are the same file; another is a second one.
    let save = [("do", "save"), ("organisation", "PERADI")];
    send(&mut seeker, &form, &save, &[file, ("oath-record", "lain", &other)]).await.is(303);
    let stands = view(&mut seeker, &id).await;
    let files = stands["files"].as_array().unwrap();
    assert_eq!(files.len(), 2, "{files:?}");
    assert_eq!((&files[1]["name"], &files[1]["size"]), (&json!("lain.pdf"), &json!(900)));
    assert_eq!(rows(&db).await, (2, 4));
    // It is removed by a button of the form, which keeps what is typed.
    let gone = files[1]["id"].as_str().unwrap();
    let remove = format!("remove:{gone}");
    seeker.get(&page).await.is(200).says(&format!("value=\"{remove}\"")).says("Hapus lain.pdf");
    let fields = [("do", remove.as_str()), ("organisation", "PERADI Makassar")];
    send(&mut seeker, &form, &fields, &[]).await.is(303);
    send(&mut seeker, &form, &fields, &[]).await.is(303);
    seeker.get(&page).await.is(200).says("PERADI Makassar");
    assert_eq!(rows(&db).await, (1, 3));
    // What was sent twice is done once, the second one told the same.
    let once = "the-same-value";
    let first = send_once(&mut seeker, &form, &TYPED, &[file], once).await.is(303);
    let second = send_once(&mut seeker, &form, &TYPED, &[file], once).await.is(303);
    assert_eq!(first.location(), second.location());
    let sent = view(&mut seeker, &id).await;
    assert_eq!((&sent["state"], sent["files"].as_array().unwrap().len()), (&json!("sent"), 1));
    // It is kept, not shown, and under its name.
    let file = sent["files"][0]["id"].as_str().unwrap();
    let answer = seeker.get(&format!("{page}/files/{file}")).await.is(200);
    assert_eq!(answer.bytes, record);
    let head = |name: &str| answer.headers[name].to_str().unwrap();
    assert_eq!(head("content-type"), "application/pdf");
    assert_eq!(
        head("content-disposition"),
        "attachment; filename=\"Berita acara _.pdf\"; filename*=UTF-8''Berita%20acara%20%C3%A9.pdf"
    );
    assert_eq!(head("x-content-type-options"), "nosniff");
    assert_eq!(head("cache-control"), "private, no-store");
    assert!(head("content-security-policy").ends_with("sandbox"));
    assert_eq!(head("content-length"), record.len().to_string());
    assert!(!answer.headers.contains_key("content-encoding"));
    // One's own data names it, and where it is.
    seeker
        .get("/api/v1/me/data")
        .await
        .is(200)
        .says("Berita acara é.pdf")
        .says(&format!("{page}/files/{file}"));
    // The archive of all data holds it, where that address is.
    let archive = seeker.get("/me/data").await.is(200);
    assert_eq!(archive.headers["content-type"], "application/zip");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive.bytes)).unwrap();
    let place = format!("{}/files/{file}/Berita acara é.pdf", page.trim_start_matches('/'));
    let places: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(places, ["mapalus.json".to_owned(), place.clone()]);
    let mut kept = Vec::new();
    archive.by_name(&place).unwrap().read_to_end(&mut kept).unwrap();
    assert_eq!(kept, record);
    let text = std::io::read_to_string(archive.by_name("mapalus.json").unwrap()).unwrap();
    assert!(text.contains(&format!("{page}/files/{file}")), "{text}");
    // What was sent is not changed.
    let path = format!("/api/v1{page}/files/{file}");
    seeker.api("DELETE", &path, None).await.is(409).says("joining-not-this-step");
    give(&mut seeker, &id, "oath-record", pdf(900, 9)).await.is(409);
}

#[db_test]
async fn what_is_too_big_or_something_else_is_refused_with_the_limit_beside_its_field(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut seeker = demo.enters("seeker").await;
    ask_for_another(&db).await;
    let id = world::apply(&mut seeker, LAWYERS).await;
    let form = format!("/applications/{id}/form");
    let save = [("do", "save"), ("organisation", "PERADI Makassar")];
    let text = |key: &str, most: i64| {
        let most = [("most", mapalus_core::Argument::Number(most))];
        mapalus_app::shell::locale::message(mapalus_app::shell::Lang::Id, key, &most)
    };
    let huge = pdf(10 * MB + 1, 1);
    let refused = send(&mut seeker, &form, &save, &[("oath-record", "a.pdf", &huge)]).await.is(422);
    refused.says(&text("joining-file-too-large", 10)).says("id=\"e-oath-record\"").says("PERADI Makassar");
    for bytes in
        [&b"<!doctype html><script>alert(1)</script>"[..], b"MZ", b"\xFF\xD8\xFF\xE0 cut off", b" %PDF-"]
    {
        let files = [("oath-record", "a.pdf", bytes)];
        send(&mut seeker, &form, &save, &files).await.is(422).says(&text("joining-file-kind", 0));
    }
    // One without a byte is not passed over; the limits stand beside the field beforehand.
    let empty = send(&mut seeker, &form, &save, &[("oath-record", "kosong.pdf", b"")]).await.is(422);
    empty.says(&text("joining-file-empty", 0)).says("id=\"e-oath-record\"");
    let page = format!("/applications/{id}");
    seeker.get(&page).await.is(200).says(&text("joining-file-limits", 3));
    assert_eq!(rows(&db).await, (0, 0));
    // Of four at one question three stay, and the fourth is told.
    let four: Vec<Vec<u8>> = (40..44).map(|n| pdf(100, n)).collect();
    let files: Vec<(&str, &str, &[u8])> =
        four.iter().map(|bytes| ("letter", "a.pdf", bytes.as_slice())).collect();
    let refused = send(&mut seeker, &form, &save, &files).await.is(422);
    refused.says(&text("joining-file-too-many", 3)).says("id=\"e-letter\"");
    let stands = view(&mut seeker, &id).await;
    for file in stands["files"].as_array().unwrap() {
        let remove = format!("remove:{}", file["id"].as_str().unwrap());
        send(&mut seeker, &form, &[("do", &remove), ("organisation", "PERADI Makassar")], &[]).await.is(303);
    }
    assert_eq!(rows(&db).await, (0, 0));
    // 31 MB in four files of one form: what fits stays, the fourth is told.
    let parts: Vec<Vec<u8>> = (0..4).map(|n| pdf(31 * MB / 4, n)).collect();
    let at = ["oath-record", "oath-record", "letter", "letter"];
    let files: Vec<(&str, &str, &[u8])> =
        parts.iter().zip(at).map(|(bytes, at)| (at, "a.pdf", bytes.as_slice())).collect();
    let refused = send(&mut seeker, &form, &save, &files).await.is(422);
    refused.says(&text("joining-file-all-too-large", 30)).says("id=\"e-letter\"");
    assert_eq!(rows(&db).await.0, 3);
    // A fourth one at a question, by the API too; and what is there once more is no fourth.
    let small = |n: u8| pdf(100, n);
    give(&mut seeker, &id, "oath-record", small(7)).await.is(201);
    give(&mut seeker, &id, "oath-record", small(8)).await.is(422).says("joining-file-too-many");
    give(&mut seeker, &id, "oath-record", small(7)).await.is(201);
    give(&mut seeker, &id, "organisation", small(9)).await.is(400).says("joining-unknown-question");
    give(&mut seeker, &id, "letter", huge).await.is(413).says("refusal-file-too-large");
    give(&mut seeker, &id, "letter", b"GIF89a".to_vec()).await.is(422).says("joining-file-kind");
    assert_eq!(rows(&db).await.0, 4);
    // A file of one answer is not typed into another.
    let stands = view(&mut seeker, &id).await;
    let file = stands["files"].as_array().unwrap().iter().find(|file| file["question"] == "letter").unwrap();
    let path = format!("/api/v1/applications/{id}");
    let typed = json!({ "answers": { "oath-record": [file["id"]] } });
    seeker.api("PATCH", &path, Some(typed)).await.is(422).says("joining-file-elsewhere");
    let same = json!({ "answers": { "letter": [file["id"]], "organisation": ["PERADI"] } });
    seeker.api("PATCH", &path, Some(same)).await.is(200);
    // Nothing is left of what was refused, and removing makes room.
    seeker.api("DELETE", &format!("{path}/files/{}", file["id"].as_str().unwrap()), None).await.is(200);
    seeker.api("DELETE", &format!("{path}/files/{}", file["id"].as_str().unwrap()), None).await.is(404);
    give(&mut seeker, &id, "letter", pdf(7 * MB, 9)).await.is(201);
}

#[db_test]
async fn of_files_that_come_at_once_as_many_stay_as_there_is_room_for(db: Db) {
    let nodes = races::nodes(&db).await;
    ask_for_another(&db).await;
    let mut seeker = nodes[0].enters("seeker").await;
    let id = world::apply(&mut seeker, LAWYERS).await;
    for n in 0..2 {
        give(&mut seeker, &id, "oath-record", pdf(9 * MB, n)).await.is(201);
    }
    // 18 MB stand: of four times 7 MB one fits.
    let mut tabs: Vec<Browser<'_>> = (0..4).map(|n| seeker.at(&nodes[n % 2])).collect();
    let answers = at_once(tabs.iter_mut().zip(10u8..).map(|(tab, n)| {
        let id = id.clone();
        async move { give(tab, &id, "letter", pdf(7 * MB, n)).await }
    }))
    .await;
    let good = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert_eq!(good, 1, "{:?}", answers.iter().map(|a| (a.status, &a.body)).collect::<Vec<_>>());
    for answer in answers.iter().filter(|answer| answer.status.as_u16() != 201) {
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.body);
        assert!(answer.body.contains("joining-file-all-too-large"), "{}", answer.body);
    }
    assert_eq!(rows(&db).await, (3, 9 + 9 + 7));
    // The form is sent while more come: each of them is in what was sent, or refused.
    let mut tabs: Vec<Browser<'_>> = (0..4).map(|n| seeker.at(&nodes[n % 2])).collect();
    let answers = at_once(tabs.iter_mut().zip(20u8..).map(|(tab, n)| {
        let id = id.clone();
        async move {
            if n == 21 {
                let answers: serde_json::Map<String, Json> =
                    TYPED.iter().map(|(key, value)| ((*key).to_owned(), json!([value]))).collect();
                let path = format!("/api/v1/applications/{id}/send");
                return tab.api("POST", &path, Some(json!({ "answers": answers }))).await;
            }
            give(tab, &id, "letter", pdf(3_000, n)).await
        }
    }))
    .await;
    let came = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    assert!(answers.iter().any(|answer| answer.status.as_u16() == 200), "it was sent");
    let sent = view(&mut seeker, &id).await;
    assert_eq!(sent["files"].as_array().unwrap().len(), 3 + came);
    assert_eq!(rows(&db).await.0, 3 + came as i64);
}

#[db_test]
async fn a_file_is_given_to_those_who_may_see_the_answer_and_to_nobody_else(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    ask_for_another(&db).await;
    let mut seeker = demo.enters("seeker").await;
    let id = world::apply(&mut seeker, LAWYERS).await;
    let record = give(&mut seeker, &id, "oath-record", pdf(500, 1)).await.is(201).json();
    let letter = give(&mut seeker, &id, "letter", pdf(500, 2)).await.is(201).json();
    world::appoint(&db, LAWYERS, "baso", "applications").await;
    let (mut rahma, mut baso) = (enter(&demo, "rahma").await, enter(&demo, "baso").await);
    let (mut other, mut stranger) = (enter(&demo, "fera").await, demo.browser());
    let at = |file: &Json| format!("/applications/{id}/files/{}", file["id"].as_str().unwrap());
    let (record, letter) = (at(&record), at(&letter));
    let api = |path: &str| format!("/api/v1{path}");
    // A draft is the applicant's own matter.
    for path in [&record, &letter, &api(&record)] {
        seeker.get(path).await.is(200);
        for browser in [&mut rahma, &mut baso, &mut other] {
            browser.get(path).await.is(404);
        }
    }
    stranger.get(&record).await.is(303);
    stranger.get(&api(&record)).await.is(401);
    let answers: serde_json::Map<String, Json> =
        TYPED.iter().map(|(key, value)| ((*key).to_owned(), json!([value]))).collect();
    let answers = json!({ "answers": answers });
    seeker.api("POST", &format!("/api/v1/applications/{id}/send"), Some(answers)).await.is(200);
    // Sent: to coordinators both, to other reviewers what reviewers see, to members and others nothing.
    for (path, to_reviewers) in [(&record, 404), (&letter, 200)] {
        for path in [path, &api(path)] {
            seeker.get(path).await.is(200);
            rahma.get(path).await.is(200);
            baso.get(path).await.is(to_reviewers);
            other.get(path).await.is(404);
        }
    }
    let page = format!("/applications/{id}");
    rahma.get(&page).await.is(200).says(&record).says(&letter).says("sumpah.pdf");
    let seen = baso.get(&page).await.is(200).says(&letter);
    assert!(!seen.body.contains(&record), "{}", seen.body);
    let listed = view(&mut baso, &id).await;
    assert_eq!(listed["files"].as_array().unwrap().len(), 1);
    // Nor under another application of one's own, nor by a wrong id.
    let own = world::apply(&mut other, LAWYERS).await;
    let file = record.rsplit('/').next().unwrap();
    other.get(&format!("/applications/{own}/files/{file}")).await.is(404);
    seeker.get(&format!("{page}/files/x")).await.is(404);
    baso.api("DELETE", &api(&letter), None).await.is(404);
    give(&mut baso, &id, "letter", pdf(500, 3)).await.is(404);
    give(&mut stranger, &id, "letter", pdf(500, 3)).await.is(401);
}

#[db_test]
async fn a_file_is_deleted_with_its_answer_with_the_account_and_when_it_became_no_answer(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    ask_for_another(&db).await;
    let mut seeker = demo.enters("seeker").await;
    let id = world::apply(&mut seeker, LAWYERS).await;
    let record = give(&mut seeker, &id, "oath-record", pdf(3 * MB, 1)).await.is(201).json();
    give(&mut seeker, &id, "letter", pdf(500, 2)).await.is(201);
    // An upload that was cut off: begun, a part of its bytes, no answer.
    let begun = "insert into files (id, application_id, name, kind, size, digest, made_at)
        select '0197f0a2-7c4e-7abc-8def-0123456789ab', application_id, name, kind, size, 'x', made_at from files
        where digest = (select min(digest) from files)";
    assert_eq!(sql(&db, begun, &[]).await, 1);
    let part = "insert into file_parts (file_id, place, bytes) values ('0197f0a2-7c4e-7abc-8def-0123456789ab', 0, $1)";
    sql(&db, part, &params![vec![7u8; 9]]).await;
    demo.settle().await;
    assert_eq!(rows(&db).await, (3, 5), "not yet: it may still be under way");
    demo.clock.advance(2 * 3_600_000);
    demo.settle().await;
    assert_eq!(rows(&db).await, (2, 4));
    // Sent and withdrawn: each as long as its question promised, 30 days and 60.
    let mut seeker = enter(&demo, "meylan").await;
    send(&mut seeker, &format!("/applications/{id}/form"), &TYPED, &[]).await.is(303);
    seeker.api("POST", &format!("/api/v1/applications/{id}/withdraw"), None).await.is(200);
    demo.clock.advance(29 * DAY);
    demo.settle().await;
    assert_eq!(rows(&db).await.0, 2);
    demo.clock.advance(DAY);
    demo.settle().await;
    assert_eq!(rows(&db).await, (1, 1));
    let mut seeker = enter(&demo, "meylan").await;
    let path = format!("/applications/{id}/files/{}", record["id"].as_str().unwrap());
    seeker.get(&path).await.is(404);
    demo.clock.advance(31 * DAY);
    demo.settle().await;
    assert_eq!(rows(&db).await, (0, 0));
    // A draft of an account that is erased.
    let mut seeker = enter(&demo, "meylan").await;
    let id = world::apply(&mut seeker, LAWYERS).await;
    give(&mut seeker, &id, "oath-record", pdf(3 * MB, 1)).await.is(201);
    let close = "update persons set state = 'closing', closing_at = $2 where mail_folded = $1";
    sql(&db, close, &params![world::mail("meylan"), demo.app.clock.now()]).await;
    demo.clock.advance(20 * DAY);
    demo.settle().await;
    assert_eq!(rows(&db).await, (0, 0));
}

#[db_test]
async fn a_draft_that_is_given_up_leaves_nothing_and_files_are_sent_so_many_an_hour(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut meylan = enter(&demo, "meylan").await;
    let count = "select count(*) from files";
    for seed in 0..40 {
        if seed % 3 == 0 {
            meylan.post(&format!("/groups/{LAWYERS}/join"), &[]).await.is(303);
        }
        let mine = meylan.api("GET", "/api/v1/applications", None).await.is(200).json();
        let id = mine["items"][0]["id"].as_str().unwrap().to_owned();
        give(&mut meylan, &id, "oath-record", pdf(1000, seed)).await.is(201);
        if seed % 3 == 2 {
            meylan.api("POST", &format!("/api/v1/applications/{id}/withdraw"), None).await.is(200);
        }
    }
    let mine = meylan.api("GET", "/api/v1/applications", None).await.is(200).json();
    let id = mine["items"][0]["id"].as_str().unwrap().to_owned();
    give(&mut meylan, &id, "oath-record", pdf(1000, 99)).await.is(429).says("joining-files-often");
    assert_eq!(value::<i64>(&db, "select count(*) from answers where key = 'oath-record'", &[]).await, 1);
    demo.clock.advance(2 * mapalus_core::time::HOUR);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, count, &[]).await, 1);
    give(&mut meylan, &id, "oath-record", pdf(1000, 99)).await.is(201);
}

#[db_test]
async fn a_form_with_more_text_than_there_is_room_for_is_refused_before_its_end(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stranger = demo.browser();
    let long = "a".repeat(70_000);
    for path in ["/sign-in", "/applications/x/form"] {
        send(&mut stranger, path, &[("password", &long)], &[]).await.is(413);
    }
}
