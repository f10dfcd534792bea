//! The requests of the matrix: a route's parameters filled from the world, a body that its handler can read.

use super::{
    Given, Visitor,
    expect::About,
    places::{ACCOUNT, DATE, KNOWN, NEW_GROUP, Places, QUESTION, SEED, STEP},
};
use crate::{testing::Answer, world::GROUP};
use mapalus_app::shell::routes::Line;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a route speaks of.
pub fn about(path: &str) -> About {
    // A question and a qualification have an owner too: the same applicant.
    let own = ["{application}", "{ask}", "{qualification}"];
    let application = own.iter().any(|name| path.contains(name));
    About {
        group: path.contains("{group}") || path.contains("{short}"),
        application,
        vouch: !application && (path.contains("{vouch}") || path.contains("{acquaintance}")),
        draft: ["{draft}", "{watch}", "{ward}", "{joining}"].iter().any(|name| path.contains(name)),
    }
}

/// Whether what a route shows or removes may rightly not be there: a form is kept only when a session ended under it, and
/// nobody who asks here has a second step, a passkey, a photo or an interview.
pub fn may_be_absent(path: &str) -> bool {
    let own = [
        "/kept",
        "/applications/{application}/interview.ics",
        "/me/factors/app/remove",
        "/api/v1/factors/app",
        "/api/v1/me/photo",
    ];
    own.contains(&path) || path.contains("{passkey}")
}

impl Places {
    fn fill(&self, line: &Line, visitor: &Visitor<'_>) -> String {
        let mut path = line.path.to_owned();
        while let Some((before, rest)) = path.split_once('{') {
            let (name, after) = rest.split_once('}').unwrap();
            let filled = match name {
                "group" => GROUP,
                "application" => &self.application,
                "ask" => &self.ask,
                "word" => &self.word,
                "reply" => &self.reply,
                "block" => &self.block,
                "report" if before.contains("people-reports") => &self.person_report,
                "report" => &self.report,
                "vouch" => &self.vouch,
                "acquaintance" => &self.acquaintance,
                "slot" => &self.slot,
                "invitation" => &self.invitation,
                "invite" => &self.invite,
                "watch" => &self.watch,
                "ward" => &self.ward,
                "joining" => &self.joining,
                "proposal" => &self.proposal,
                "concern" => &self.concern,
                "file" => &self.file,
                "session" => &visitor.session,
                "token" => &visitor.token,
                "person" if before.starts_with("/admin/") || before.ends_with("/accounts/") => &self.waiting,
                "person" if before.contains("/members/") => &self.member,
                "role" => &self.role,
                "person" => &self.person,
                "mail" => &self.mail,
                "step" | "question" => "1",
                "draft" => &self.draft,
                "qualification" => &self.qualification,
                "kind" => &self.kind,
                "sight" => &self.sight,
                "training" => &self.training,
                "sitting" => &self.sitting,
                "enrolment" => &self.enrolment,
                "way" => &self.way,
                "short" => &self.short,
                "listed" => &self.listed,
                "sheet" => "pages",
                "template" => "orphanage",
                "who" => "member",
                "passkey" => "0195b1d0-0000-7000-8000-000000000000",
                "link" => &self.links[before.trim_matches('/').rsplit('/').next().unwrap()],
                other => panic!("the matrix does not know what to put for {{{other}}} of {}", line.path),
            };
            path = format!("{before}{filled}{after}");
        }
        path
    }

    /// The fields of a route's form.
    fn form(&self, path: &str) -> Vec<(&'static str, &str)> {
        match path {
            "/sign-up" | "/setup/{link}" => ACCOUNT.to_vec(),
            "/sign-in" => vec![("mail", KNOWN), ("password", ACCOUNT[2].1)],
            "/sign-in/mail" => vec![("mail", KNOWN)],
            "/sign-in/code" => vec![("code", "123456")],
            "/sign-up/passkey" => ACCOUNT.to_vec(),
            "/me/factors/passkeys/{passkey}" => vec![("name", "Ponsel")],
            "/prove" => vec![("password", "salah")],
            "/consent" => vec![("version", "2"), ("consent", "yes")],
            "/me/mail" => vec![("mail", "baru@contoh.id")],
            "/me/password" => vec![("new_password", ACCOUNT[2].1)],
            "/me/factors/app" => vec![("seed", SEED), ("code", "123456")],
            "/me/profile" => vec![("name", "Suharti"), ("version", "0")],
            "/me/tokens" => vec![("name", "Laporan"), ("scopes", "groups:read"), ("days", "30")],
            "/me/notices" => vec![("mail", "groups")],
            "/me/photo" => vec![("do", "remove")],
            "/forgot" => vec![("mail", "suharti@contoh.id")],
            "/reset/{link}" => vec![("password", "kopi tiga gelas pagi")],
            "/language" => vec![("value", "en"), ("next", "/")],
            "/groups" => NEW_GROUP.to_vec(),
            "/drafts/{draft}" => NEW_GROUP[1..].to_vec(),
            "/groups/{group}/roles" | "/groups/{group}/roles/{role}" => vec![("name", "Pencatat")],
            "/groups/{group}/invite" => vec![("mail", KNOWN)],
            "/waiting/guardian" => vec![("guardian", "ibu@contoh.id")],
            "/guardian/{link}" => vec![("parent", "yes"), ("consent", "yes")],
            "/groups/{group}/safeguarding/ages" => vec![("youngest", "older"), ("version", "0")],
            "/groups/{group}/safeguarding/propose" => vec![("kind", "dismiss"), ("person", &self.member)],
            "/groups/{group}/concern" => vec![("text", "Seseorang mengajak bertemu sendirian.")],
            "/groups/{group}/concerns/{concern}/close" => vec![("outcome", "Sudah dibicarakan.")],
            "/admin/groups/{listed}/mark" => {
                vec![("mark", "verified"), ("reason", "Surat izin sudah dilihat.")]
            }
            "/groups/{group}/hidden" => vec![("text", "Kami sudah membenahinya.")],
            "/watches" => vec![("query", "q=sungai")],
            "/network/known-to" => vec![("known_to", "nobody")],
            "/people/{person}/report" => vec![("reason", "Mengirim ancaman.")],
            "/groups/{group}/links" => vec![("uses", "5"), ("days", "7")],
            "/groups/{group}/links/rules" => vec![("version", "0")],
            "/groups/{group}/close" => vec![("version", "0")],
            "/groups/{group}/settings" => {
                NEW_GROUP[1..].iter().copied().chain([("causes", "environment"), ("version", "1")]).collect()
            }
            "/groups/{group}/members/{person}/suspend" | "/groups/{group}/members/{person}/exclude" => {
                vec![("reason", "Tidak pernah hadir.")]
            }
            "/groups/{group}/ask" => QUESTION.to_vec(),
            "/groups/{group}/trainings" => vec![("title", "Latihan lanjutan")],
            "/groups/{group}/trainings/{training}" => vec![("title", "Latihan dasar"), ("version", "1")],
            "/groups/{group}/trainings/{training}/retire" => vec![("version", "1")],
            "/groups/{group}/trainings/{training}/sittings" => DATE.to_vec(),
            "/groups/{group}/sittings/{sitting}" => DATE.iter().copied().chain([("version", "1")]).collect(),
            "/groups/{group}/sittings/{sitting}/cancel" => vec![("reason", "Pelatih sakit.")],
            "/groups/{group}/enrolments/{enrolment}" | "/groups/{group}/sittings/{sitting}/outcomes" => {
                vec![("outcome", "passed")]
            }
            "/me/qualifications" => vec![("kind", "sip"), ("valid_until", "2030-01-31")],
            "/me/qualifications/{qualification}" => vec![("number", "STR 1"), ("version", "1")],
            "/me/qualifications/{qualification}/remove" => vec![("version", "1")],
            "/groups/{group}/members/{person}/qualifications" => vec![("kind", "braille")],
            "/groups/{group}/sights/{sight}/withdraw" => vec![("reason", "Nomornya salah.")],
            "/groups/{group}/qualifications/kinds" => vec![("name", "Latihan dasar")],
            "/groups/{group}/qualifications/kinds/{kind}" => {
                vec![("name", "Latihan dasar"), ("version", "1")]
            }
            "/groups/{group}/qualifications/kinds/{kind}/retire" => vec![("version", "1")],
            "/questions/{ask}/words" | "/asked/{link}/words" => vec![QUESTION[0]],
            "/questions/{ask}/answer" => vec![QUESTION[0], ("version", &self.asked)],
            "/questions/{ask}/report" => vec![("reason", "Mengancam pengurus.")],
            "/questions/{ask}/words/{word}/frequent" => vec![("ask", "Perlukah alat?"), ("answer", "Tidak.")],
            "/questions/{ask}/assign" | "/questions/{ask}/close" | "/questions/{ask}/reopen" => {
                vec![("version", &self.asked)]
            }
            "/groups/{group}/replies" => vec![("title", "Alat"), ("text", "Sarung tangan.")],
            "/groups/{group}/replies/{reply}" => {
                vec![("title", "Alat"), ("text", "Sarung tangan."), ("version", "1")]
            }
            "/groups/{group}/replies/{reply}/remove" => vec![("version", "1")],
            "/groups/{group}/path/new" => STEP.to_vec(),
            "/groups/{group}/path/{step}" => STEP.to_vec(),
            "/groups/{group}/path/{step}/new" | "/groups/{group}/path/{step}/{question}" => vec![
                ("label", "Kapan Anda bisa?"),
                ("kind", "short"),
                ("visible", "reviewers"),
                ("delete_days", "90"),
                ("version", "0"),
            ],
            "/groups/{group}/path/publish" | "/groups/{group}/path/discard" => vec![("version", "0")],
            path if path.starts_with("/groups/{group}/path/") => vec![("do", "down"), ("version", "0")],
            "/applications/{application}/form" => vec![("do", "save")],
            "/applications/{application}/decide" => vec![("outcome", "wait"), ("version", &self.version)],
            "/groups/{group}/applications/decide" => vec![("outcome", "wait")],
            "/applications/{application}/scores" => vec![("scores.0", "3"), ("version", &self.version)],
            "/applications/{application}/vouches" => vec![("mail", "suharti@contoh.id")],
            "/vouches/{vouch}/give" => vec![("relation", "work"), ("known", "under-one")],
            "/applications/{application}/skip" => vec![("skip_reason", "Ya."), ("version", &self.version)],
            _ => Vec::new(),
        }
    }

    /// Asks for a route as this visitor.
    pub async fn send(&self, line: &Line, visitor: &Visitor<'_>) -> Answer {
        let path = self.fill(line, visitor);
        // What an answer does to a browser's cookies is not seen by the next request.
        let mut browser = visitor.browser.again();
        match line.method {
            "GET" if path == "/suggest/near" => browser.get("/suggest/near?lat=1.5&lon=124.9").await,
            "GET" => browser.get(&path).await,
            "POST" if !path.starts_with("/api/") => browser.post(&path, &self.form(line.path)).await,
            method => browser.api(method, &path, body(line)).await,
        }
    }
}

/// The body of a route of the API.
fn body(line: &Line) -> Option<Json> {
    let object = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        Json::Object(fields.collect())
    };
    let part = line.path.strip_prefix("/api/v1/").unwrap_or(line.path);
    match (line.method, part) {
        ("POST", "me/qualifications") => Some(json!({ "kind": "sip", "valid_until": "2030-01-31" })),
        ("PUT", "me/qualifications/{qualification}") => Some(json!({ "number": "STR 1" })),
        ("POST", "groups/{group}/members/{person}/qualifications") => Some(json!({ "kind": "braille" })),
        ("POST", "groups/{group}/sights/{sight}/withdraw") => Some(json!({ "reason": "Nomornya salah." })),
        ("POST", "groups/{group}/qualifications/kinds")
        | ("PUT", "groups/{group}/qualifications/kinds/{kind}") => Some(json!({ "name": "Latihan dasar" })),
        ("POST", "groups/{group}/trainings") | ("PUT", "groups/{group}/trainings/{training}") => {
            Some(json!({ "title": "Latihan dasar", "for_applicants": true }))
        }
        ("POST", "groups/{group}/trainings/{training}/sittings")
        | ("PUT", "groups/{group}/sittings/{sitting}") => Some(object(&DATE)),
        ("POST", "groups/{group}/sittings/{sitting}/cancel") => Some(json!({ "reason": "Pelatih sakit." })),
        ("PUT", "groups/{group}/enrolments/{enrolment}")
        | ("POST", "groups/{group}/sittings/{sitting}/outcomes") => Some(json!({ "outcome": "passed" })),
        ("POST", "people") => {
            let mut account = object(&ACCOUNT);
            account["consent"] = json!(true);
            Some(account)
        }
        ("POST", "sessions") => Some(object(&[("mail", KNOWN), ACCOUNT[2]])),
        ("POST", "sessions/mail") => Some(object(&[("mail", KNOWN)])),
        ("POST", "sessions/code") => Some(object(&[("code", "123456")])),
        ("POST", "people/passkey/new") => {
            let mut account = object(&[ACCOUNT[0], ACCOUNT[1], ACCOUNT[3]]);
            account["consent"] = json!(true);
            Some(account)
        }
        ("POST", "people/passkey" | "sessions/passkey" | "sessions/proof/passkey" | "passkeys") => {
            Some(json!({ "ceremony": "", "credential": {} }))
        }
        ("PATCH", "passkeys/{passkey}") => Some(object(&[("name", "Ponsel")])),
        ("POST", "sessions/proof") => Some(object(&[("password", "salah")])),
        ("POST", "factors/app") => Some(object(&[("seed", SEED), ("code", "123456")])),
        ("POST", "forgot") => Some(object(&[("mail", KNOWN)])),
        ("POST", "reset/{link}") => Some(object(&[ACCOUNT[2]])),
        ("POST", "me/mail") => Some(object(&[("mail", "baru@contoh.id")])),
        ("POST", "me/consent") => Some(json!({ "version": 2, "consent": true })),
        ("POST", "me/password") => Some(object(&[("new_password", ACCOUNT[2].1)])),
        ("POST", "tokens") => Some(json!({ "name": "Laporan", "scopes": ["groups:read"] })),
        ("PATCH", "me/notices") => Some(json!({ "mail": { "groups": false } })),
        ("PATCH", "me") => Some(object(&ACCOUNT[..1])),
        ("POST", "applications/{application}/vouches") => Some(json!({ "mail": "suharti@contoh.id" })),
        ("POST", "vouches/{vouch}/give") => Some(json!({ "relation": "work", "known": "under-one" })),
        ("POST", "groups/{group}/questions") => Some(object(&QUESTION)),
        ("POST", "questions/{ask}/words" | "questions/{ask}/answers" | "asked/{link}/words") => {
            Some(object(&QUESTION[..1]))
        }
        ("POST", "questions/{ask}/words/{word}/frequent") => {
            Some(json!({ "ask": "Perlukah alat?", "answer": "Tidak." }))
        }
        ("POST", "questions/{ask}/report") => Some(json!({ "reason": "Mengancam pengurus." })),
        ("POST", "groups/{group}/replies") | ("PUT", "groups/{group}/replies/{reply}") => {
            Some(json!({ "title": "Alat", "text": "Sarung tangan." }))
        }
        ("PUT", "questions/{ask}/assigned") => Some(json!({ "person": "" })),
        ("POST", "groups") => Some(object(&NEW_GROUP)),
        ("PUT", "drafts/{draft}") => Some(object(&NEW_GROUP[1..])),
        ("PATCH", "groups/{group}") => Some(json!({ "summary": "Menjaga pantai bersama-sama." })),
        ("POST", "groups/{group}/roles") | ("PUT", "groups/{group}/roles/{role}") => {
            Some(json!({ "name": "Pencatat", "permissions": [] }))
        }
        ("PUT", "groups/{group}/path") => Some(json!({ "items": [
            { "kind": "agreement", "name": "Janji", "text": "Saya datang tepat waktu.", "days": 7 },
            { "kind": "decision", "name": "Keputusan pengurus", "days": 7 },
        ] })),
        ("PUT", "groups/{group}/members/{person}/roles") => Some(json!({ "roles": [] })),
        ("POST", "waiting/guardian") => Some(json!({ "guardian": "ibu@contoh.id" })),
        ("POST", "guardian/{link}") => Some(json!({ "parent": true, "consent": true })),
        ("PUT", "groups/{group}/safeguarding") => Some(json!({ "youngest": "older" })),
        ("POST", "groups/{group}/safeguarding/proposals") => {
            Some(json!({ "kind": "dismiss", "person": "0190" }))
        }
        ("POST", "groups/{group}/concerns") => {
            Some(json!({ "text": "Seseorang mengajak bertemu sendirian." }))
        }
        ("POST", "groups/{group}/concerns/{concern}/close") => {
            Some(json!({ "outcome": "Sudah dibicarakan." }))
        }
        ("POST", "listed-groups/{listed}/marks") => {
            Some(json!({ "mark": "hidden", "reason": "Meminta uang muka." }))
        }
        ("POST", "groups/{group}/hidden") => Some(json!({ "text": "Kami sudah membenahinya." })),
        ("POST", "watches") => Some(json!({ "q": "sungai" })),
        ("PATCH", "watches/{watch}") => Some(json!({ "paused": true })),
        ("PATCH", "network") => Some(json!({ "known_to": "nobody" })),
        ("POST", "people/{person}/connection") => Some(json!({ "word": "Rekan lama." })),
        ("POST", "people/{person}/report") => Some(json!({ "reason": "Mengirim ancaman." })),
        ("POST", "groups/{group}/links") => Some(json!({ "uses": 5, "days": 7 })),
        ("PUT", "groups/{group}/link-rules") => Some(json!({ "by_members": true })),
        ("POST", "groups/{group}/invitations") => Some(json!({ "mail": KNOWN })),
        ("POST", "groups/{group}/close") => Some(json!({ "version": 0 })),
        ("POST", "groups/{group}/members/{person}/suspend" | "groups/{group}/members/{person}/exclude") => {
            Some(json!({ "reason": "Tidak pernah hadir." }))
        }
        ("POST", "groups/{group}/applications/decide") => {
            Some(json!({ "outcome": "wait", "applications": [] }))
        }
        ("POST", "groups/{group}/applications/undo") => Some(json!({ "applications": [] })),
        ("POST", "groups/{group}/interviews") => Some(json!({
            "step": "Wawancara", "day": "2026-12-05", "time": "09:00", "minutes": 30, "place": "Posko",
        })),
        ("PUT", "groups/{group}/interviews/{slot}") => Some(json!({
            "day": "2026-12-05", "time": "09:00", "minutes": 30, "place": "Posko",
        })),
        ("POST", "groups/{group}/interviews/{slot}/cancel") => Some(json!({ "reason": "Hujan." })),
        ("PUT", "applications/{application}/interview") => Some(json!({ "slot": "" })),
        ("POST", "applications/{application}/interview/note") => Some(json!({ "result": "held" })),
        ("POST", "applications/{application}/acquaintances") => Some(json!({ "how": "Kantin." })),
        ("PUT", "applications/{application}/scores") => Some(json!({ "scores": [3, 4] })),
        ("PATCH", "applications/{application}") | ("POST", "applications/{application}/send") => {
            Some(json!({ "answers": {} }))
        }
        (
            "POST",
            "applications/{application}/accept"
            | "applications/{application}/decline"
            | "applications/{application}/wait"
            | "applications/{application}/skip",
        ) => Some(json!({ "reason": "Penuh." })),
        _ => None,
    }
}

/// What the document says of each route of the API: the statuses that it may answer.
pub fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for (path, methods) in mapalus_app::openapi::document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let statuses = operation["responses"].as_object().unwrap().keys().cloned();
            all.insert(format!("{} {path}", method.to_uppercase()), statuses.collect());
        }
    }
    all
}

/// What is wrong with an answer besides to whom it was given.
pub fn flaw(
    line: &Line,
    given: Given,
    answer: &Answer,
    documented: &BTreeMap<String, BTreeSet<String>>,
) -> Option<String> {
    let status = answer.status.as_u16();
    let known = documented.get(&format!("{} {}", line.method, line.path));
    if known.is_some_and(|known| !known.contains(&status.to_string())) {
        return Some("which the document does not say".to_owned());
    }
    let rule = line.method != "GET" && [409, 410, 412, 422].contains(&status);
    let absent = status == 404 && may_be_absent(line.path);
    if given == Given::In && status >= 400 && !rule && !absent {
        return Some(format!("the matrix does not ask well: {:.300}", answer.body));
    }
    let kind = answer.headers.get("content-type").map_or("", |v| v.to_str().unwrap());
    if line.path.starts_with("/api/v1/") && status >= 400 && kind != "application/problem+json" {
        return Some(format!("in the wrong shape: {kind}"));
    }
    if line.path.starts_with("/api/v1/") && (300..400).contains(&status) {
        return Some("a program is not sent elsewhere".to_owned());
    }
    None
}
