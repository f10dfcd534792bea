//! Bodies that cannot be read: the wrong shape, the wrong kind, too big.

use super::{FORM, JSON, call, problem};
use crate::testing::Instance;
use mapalus_db::Db;
use mapalus_db_test::db_test;
use serde_json::json;

#[db_test]
async fn json_that_does_not_fit_is_refused(db: Db) {
    let instance = Instance::new(db);
    let mut stranger = instance.browser();
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let fields = [
        (r#"{"mail":"a@b.id","password":"x","remember":true}"#, "remember", "wrong-field-unknown"),
        (r#"{"mail":1,"password":"x"}"#, "mail", "wrong-field-kind"),
        (r#"{"mail":"a@b.id"}"#, "password", "wrong-field-missing"),
        (r#"{"mail":"a@b.id","mail":"c@d.id","password":"x"}"#, "mail", "wrong-field-twice"),
    ];
    for (body, field, key) in fields {
        for lang in ["id", "en"] {
            let answer = call(&mut stranger, ("POST", "/api/v1/sessions"), lang, JSON, body.to_owned()).await;
            let problem = problem(answer, 400, "refusal-json-field");
            assert_eq!(problem["arguments"]["field"], field, "{problem}");
            assert_eq!(problem["fields"][0]["field"], field, "{problem}");
            assert_eq!(problem["fields"][0]["key"], key, "{problem}");
            let told = problem["fields"][0]["detail"].as_str().unwrap();
            assert!(!told.contains("expected") && !told.contains('`'), "the words are ours: {told}");
        }
    }
    for body in ["null", "[]"] {
        let answer = call(&mut stranger, ("POST", "/api/v1/sessions"), "en", JSON, body.to_owned()).await;
        problem(answer, 400, "refusal-json-object");
    }
    let broken = [r#"{"mail":"a@b.id","password":"x"} {}"#, r#"{"mail":"\ud800","password":"x"}"#, "", "{"];
    for body in broken {
        let answer = call(&mut stranger, ("POST", "/api/v1/sessions"), "en", JSON, body.to_owned()).await;
        let problem = problem(answer, 400, "refusal-json");
        let arguments = &problem["arguments"];
        assert!(arguments["line"].is_number() && arguments["column"].is_number(), "{problem}");
    }
    let answer = call(&mut stranger, ("POST", "/api/v1/sessions"), "en", JSON, deep).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let latin: &[u8] = b"{\"mail\":\"\xff\",\"password\":\"x\"}";
    let answer = call(&mut stranger, ("POST", "/api/v1/sessions"), "en", JSON, latin).await;
    problem(answer, 400, "refusal-json");
    // What a program may add to the kind does no harm.
    let answer =
        call(&mut stranger, ("POST", "/api/v1/sessions"), "en", "application/json; charset=utf-8", "{}")
            .await;
    problem(answer, 400, "refusal-json-field");
}

#[db_test]
async fn a_body_of_another_kind_is_refused(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    for kind in ["", "text/plain", FORM, "multipart/form-data; boundary=x", "application/jsonx"] {
        let answer = call(&mut member, ("POST", "/api/v1/groups"), "id", kind, "{}").await;
        problem(answer, 415, "refusal-json-type");
    }
    for kind in ["", "text/plain", JSON] {
        let answer = call(&mut member, ("POST", "/groups"), "id", kind, "once=a").await;
        answer.is(415).says("Formulir dikirim dalam bentuk yang tidak dikenali");
    }
    for kind in ["multipart/form-data; boundary=x", "multipart/form-data"] {
        let status = call(&mut member, ("POST", "/groups"), "id", kind, "once=a").await.status.as_u16();
        assert!([400, 413, 415].contains(&status), "{kind}: {status}");
    }
}

#[db_test]
async fn a_body_over_64_kb_is_refused_everywhere(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    let just_over = 64 * 1024 + 1;
    let json = format!("{{\"name\":\"{}\"}}", "a".repeat(just_over));
    let answer = call(&mut member, ("POST", "/api/v1/groups"), "id", JSON, json).await;
    let told = problem(answer, 413, "refusal-body-too-large");
    assert_eq!(told["arguments"]["most"], 64);
    let form = format!("once=a&name={}", "a".repeat(just_over));
    for path in ["/groups", "/sign-in", "/notices/read", "/language"] {
        let answer = call(&mut member, ("POST", path), "id", FORM, form.clone()).await;
        assert_eq!(answer.status, 413, "{path}");
    }
    // Just under it, only what is in it counts.
    let json = json!({ "name": "a".repeat(60_000) }).to_string();
    let answer = call(&mut member, ("POST", "/api/v1/groups"), "id", JSON, json).await;
    problem(answer, 400, "refusal-json-field");
}

#[db_test]
async fn a_form_that_is_not_ours_is_refused(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    let fields = "name=A&summary=B&area=C&sign_up=open&visibility=public";
    let forms = [
        ("/groups", fields.to_owned(), "Formulir ini tidak lengkap"),
        ("/groups", format!("once=&{fields}"), "Formulir ini tidak lengkap"),
        ("/groups", format!("once={}&{fields}", "a".repeat(65)), "Formulir ini tidak lengkap"),
        ("/groups", format!("once=a&{fields}&founder=x"), "Formulir ini tidak dikenali"),
        ("/groups", "once=a&name=A".to_owned(), "Formulir ini tidak dikenali"),
        ("/groups", format!("once=a&name=A&name=B&{fields}"), "Formulir ini tidak dikenali"),
    ];
    for (path, body, words) in forms {
        let answer = call(&mut member, ("POST", path), "id", FORM, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        answer.says(words);
    }
    let name = "Sahabat+Panti&summary=Menemani+anak+panti.&area=71.71&template=orphanage";
    let nul = format!("once=a%00&sign_up=open&visibility=public&name={name}");
    let status = call(&mut member, ("POST", "/groups"), "id", FORM, nul).await.status.as_u16();
    assert!([303, 400].contains(&status), "{status}");
    let many = format!("once=a&{}", "x=1&".repeat(15_000));
    call(&mut member, ("POST", "/groups"), "id", FORM, many).await.is(400);
    for version in ["", "x", "1e3", "99999999999999999999", "-1.5"] {
        let mut coordinator = demo.enters("coordinator").await;
        let path = "/applications/0197f0a2-7c4e-7abc-8def-0123456789ab/decide";
        coordinator.post(path, &[("outcome", "accept"), ("version", version)]).await.is(400);
    }
}

#[db_test]
async fn a_file_may_be_larger_than_a_form_and_is_not_taken_for_what_it_is_not(db: Db) {
    let demo = Instance::demo(db).await;
    let mut member = demo.enters("member").await;
    let mut send = async |kind: &str, bytes: &[u8]| {
        let mut body = b"--x\r\ncontent-disposition: form-data; name=\"once\"\r\n\r\na\r\n--x\r\n".to_vec();
        let head = format!(
            "content-disposition: form-data; name=\"photo\"; filename=\"../../a.{kind}\"\r\n\
            content-type: image/{kind}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let kind = "multipart/form-data; boundary=x";
        call(&mut member, ("POST", "/me/photo"), "id", kind, body).await.status.as_u16()
    };
    let not_a_picture = vec![b'x'; 3 * 1024 * 1024];
    let status = send("png", &not_a_picture).await;
    assert!([415, 422].contains(&status), "3 MB of rubbish: {status}");
    assert_eq!(send("png", &vec![b'x'; 9 * 1024 * 1024]).await, 413);
    for bytes in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..],
        &b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"[..],
        &b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x06\x00\x00\x00"[..],
        &b"\xff\xd8\xff\xe0\x00\x10JFIF"[..],
        &b"%PDF-1.7"[..],
        &b""[..],
    ] {
        let status = send("jpeg", bytes).await;
        assert!([413, 415, 422].contains(&status), "{bytes:?}: {status}");
    }
}
