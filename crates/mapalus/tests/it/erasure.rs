//! Whoever was erased stands nowhere: not in a row, not in a byte of the folder, not in what was logged.

use crate::{
    http::{Answer, Line},
    lines::Lines,
    server::Server,
};
use mapalus_core::{Clock, time::SystemClock};
use mapalus_db::{Db, DbError, Options, Statement, params, testing::TestFolder};
use serde_json::{Value as Json, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

/// In the name, in both addresses, and in all that the person writes or others write about them.
const RARE: &str = "Qwontarelia";
const PASSWORD: &str = "kopi tiga gelas pagi";
const FIRST: &str = "qwontarelia.satu@contoh.id";
const SECOND: &str = "qwontarelia.dua@contoh.id";

/// The disaster group: a form, a promise, the decision. The door `coordinator` runs it.
const DISASTER: &str = "relawan-siaga-bencana-manado-dan-minahasa";
/// Its form asks for a file.
const LAWYERS: &str = "forum-advokat-makassar";

fn words(what: &str) -> String {
    format!("{RARE} {what}")
}

/// Somebody with cookies.
struct Visitor {
    line: Line,
    cookies: Vec<(String, String)>,
    posts: u32,
}

impl Visitor {
    fn new(server: &Server) -> Self {
        let line = Line::open(&server.address).expect("it listens");
        Self { line, cookies: Vec::new(), posts: 0 }
    }

    /// By a door of the demonstration.
    fn enters(server: &Server, door: &str) -> Self {
        let mut visitor = Self::new(server);
        visitor.ask("POST", &format!("/demo/{door}"), &[], "", 303);
        visitor
    }

    #[track_caller]
    fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
        status: u16,
    ) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let headers = [headers, &[("Cookie", cookies.as_str())]].concat();
        let answer = self.line.ask(method, path, &headers, body).expect("it answers");
        for set in answer.all("set-cookie") {
            let (name, value) = set.split(';').next().and_then(|set| set.split_once('=')).expect("a cookie");
            self.cookies.retain(|(own, _)| own != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
        answer
    }

    #[track_caller]
    fn get(&mut self, path: &str) -> String {
        self.ask("GET", path, &[], "", 200).body
    }

    /// Sends a form.
    #[track_caller]
    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.posts += 1;
        let once = format!("once-{}", self.posts);
        let fields: Vec<String> = [("once", once.as_str())].iter().chain(fields).map(pair).collect();
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        self.ask("POST", path, &form, fields.join("&"), 303)
    }

    #[track_caller]
    fn api(&mut self, method: &str, path: &str, body: &Json, status: u16) -> Json {
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.ask(method, path, &[("Content-Type", "application/json")], text, status);
        serde_json::from_str(&answer.body).unwrap_or_default()
    }

    /// The path of a mailed link, from the mailbox of the demonstration; waits until it is there.
    fn mailed(&mut self, to: &str, purpose: &str) -> String {
        let start = format!("/{purpose}/");
        wait_for(&format!("a mail to {to} with {start}"), || {
            let mailbox = self.get("/mailbox");
            let rows = mailbox.split("href=\"/mailbox/").skip(1).filter(|row| row.contains(to));
            let ids: Vec<String> = rows.filter_map(|row| row.split('"').next()).map(str::to_owned).collect();
            ids.iter().find_map(|id| {
                let mail = self.get(&format!("/mailbox/{id}"));
                let link = mail.split(start.as_str()).nth(1)?.split('"').next()?;
                Some(format!("{start}{link}"))
            })
        })
    }
}

fn pair((name, value): &(&str, &str)) -> String {
    let escaped: String =
        value
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
    format!("{name}={escaped}")
}

/// Asks until it is there, for a minute at most.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = SystemClock.now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(SystemClock.now().0 - begun.0 < 60_000, "{what} did not come");
        std::thread::yield_now();
    }
}

/// A photograph whose camera wrote a remark into it.
fn photo() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let picture = image::RgbImage::from_pixel(64, 64, image::Rgb([20, 90, 100]));
    image::codecs::jpeg::JpegEncoder::new(&mut jpeg).encode_image(&picture).expect("it is a picture");
    let remark = words("di kamera");
    let length = u16::try_from(remark.len() + 2).expect("it is short").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xFE], &length, remark.as_bytes(), &jpeg[2..]].concat()
}

/// Files of a folder and below.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The files in which the rare word stands in any case, as text or as the database's files hold it.
fn holding(folder: &Path, word: &str) -> Vec<PathBuf> {
    let word = word.to_lowercase().into_bytes();
    let holds = |path: &PathBuf| {
        let mut bytes = fs::read(path).unwrap_or_default();
        bytes.make_ascii_lowercase();
        bytes.windows(word.len()).any(|part| part == word)
    };
    files(folder).into_iter().filter(holds).collect()
}

mapalus_db::statements! {
    /// Every column that holds an instant.
    INSTANTS = "
        select tables.name, columns.name from sqlite_master as tables
        join pragma_table_info(tables.name) as columns
        where tables.type = 'table' and (columns.name like '%_at' or columns.name in ('since', 'until', 'step_since'))";
    /// A draft of a group, as an operator gets it.
    DRAFT = "
        insert into group_drafts (id, person_id, template, name, summary, about, area, districts, point, sign_up,
            visibility, lang, changed_at, version)
        select 'draft', id, 'doctors', $1, $1, $1, $1, '', '', 'open', 'public', 'id', 0, 1 from persons
        where mail_folded = $2
        on conflict do nothing";
}

/// So many milliseconds pass while nothing runs: all that was written stands that much further back.
fn later(data: &Path, millis: u64) {
    let url = format!("sqlite:{}", data.join("mapalus.db").display());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(&url, Options::default()).await.expect("it opens");
        let columns: Vec<(String, String)> =
            db.read("instants", |tx| tx.all(&INSTANTS, &[])).await.expect("it is read");
        assert!(columns.len() > 60, "there are {} columns with instants", columns.len());
        let moved: Vec<&'static Statement> = columns
            .iter()
            .map(|(table, column)| {
                let sql = format!("update {table} set {column} = {column} - {millis}");
                &*Box::leak(Box::new(Statement::new("moved", "Moves instants back.", sql.leak())))
            })
            .collect();
        let written: Result<(), DbError> = db
            .write("moved", move |tx| {
                tx.execute(&DRAFT, &params![words("menyiapkan"), SECOND])?;
                moved.iter().try_for_each(|statement| tx.execute(statement, &[]).map(drop))
            })
            .await;
        written.expect("it is written");
        db.close().await;
    });
}

/// Does all that a person can do, and has done to them what can be done; ends with the account being closed.
fn live(server: &Server) {
    let mut stenly = Visitor::enters(server, "coordinator");
    let (mut johan, mut fera) = (Visitor::enters(server, "johan"), Visitor::enters(server, "member"));
    // Invited before there is an account.
    let invitations = format!("/api/v1/groups/{DISASTER}/invitations");
    stenly.api("POST", &invitations, &json!({ "mail": FIRST }), 201);

    let mut person = Visitor::new(server);
    let name = words("Binti Sarundajang");
    let account = [
        ("name", name.as_str()),
        ("mail", FIRST),
        ("password", PASSWORD),
        ("age", "adult"),
        ("consent", "yes"),
    ];
    person.post("/sign-up", &account);
    let confirm = person.mailed(FIRST, "confirm");
    person.post(&confirm, &[]);
    let profile = json!({
        "name": name, "call": RARE, "workplace": words("Husada"), "skills": [words("menjahit luka")],
        "about": words("tinggal di Wenang"), "occupation": "perawat", "area": "Kota Manado",
    });
    person.api("PATCH", "/api/v1/me", &profile, 200);
    let head = "--x\r\nContent-Disposition: form-data; name=\"once\"\r\n\r\nfoto\r\n--x\r\n\
        Content-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n";
    let upload = [head.as_bytes(), &photo(), b"\r\n--x--\r\n"].concat();
    person.ask("POST", "/me/photo", &[("Content-Type", "multipart/form-data; boundary=x")], upload, 303);
    let token = json!({ "name": words("laporan"), "scopes": ["groups:read"] });
    person.api("POST", "/api/v1/tokens", &token, 201);

    // Another address; what was mailed to the first one stands there still.
    person.post("/me/mail", &[("mail", SECOND)]);
    let change = person.mailed(SECOND, "mail");
    person.post(&change, &[]);
    stenly.api("POST", &invitations, &json!({ "mail": SECOND }), 201);

    // A form with answers, a step that was skipped, a decision with a reason.
    let begun = person.ask("POST", &format!("/api/v1/groups/{DISASTER}/applications"), &[], "", 201);
    let path = begun.header("location").expect("it has an address").to_owned();
    let answers = json!({ "answers": {
        "where": ["post"], "roles": ["medical"], "experience": [words("pernah di posko")], "calls": ["yes"],
    } });
    person.api("POST", &format!("{path}/send"), &answers, 200);
    stenly.api("POST", &format!("{path}/skip"), &json!({ "reason": words("menandatanganinya") }), 200);
    stenly.api("POST", &format!("{path}/accept"), &json!({ "reason": words("dapat dipercaya") }), 200);

    // A file, in a draft that is never sent.
    let begun = person.ask("POST", &format!("/api/v1/groups/{LAWYERS}/applications"), &[], "", 201);
    let files = format!("{}/files", begun.header("location").expect("it has an address"));
    let file = format!("%PDF-1.7\n{}", words("bersumpah ").repeat(20_000));
    person.ask("POST", &format!("{files}?question=oath-record&name={RARE}.pdf"), &[], file, 201);

    // Vouched for.
    let doctors = doctors(&mut person);
    let begun = person.ask("POST", &format!("/api/v1/groups/{doctors}/applications"), &[], "", 201);
    let path = begun.header("location").expect("it has an address").to_owned();
    let step = person.api("GET", &path, &Json::Null, 200)["steps"][0].clone();
    let answers = json!({ "answers": answers_to(&step) });
    person.api("POST", &format!("{path}/send"), &answers, 200);
    let asked = person.api(
        "POST",
        &format!("{path}/vouches"),
        &json!({ "mail": "member@demo.mapalus.example" }),
        200,
    );
    assert_eq!(asked["vouches"][0]["state"], "asked");
    let vouches = fera.get("/vouches");
    let ids = vouches.split("href=\"/vouches/").skip(1).filter_map(|row| row.split('"').next());
    let given = ids.into_iter().find(|id| fera.get(&format!("/vouches/{id}")).contains(RARE));
    let give = format!("/api/v1/vouches/{}/give", given.expect("it was asked"));
    let how = json!({ "relation": "work", "known": "three-to-five", "note": words("rekan sebangsal") });
    fera.api("POST", &give, &how, 200);
    assert!(johan.get(&path.replace("/api/v1", "")).contains(RARE));

    // Asked, and answered by name; asked by name by a stranger is somebody else's.
    let questions = format!("/api/v1/groups/{DISASTER}/questions");
    let asked = person.api("POST", &questions, &json!({ "text": words("bertanya") }), 201);
    let asked = format!("/api/v1/questions/{}", asked["id"].as_str().expect("it has an id"));
    stenly.api("POST", &format!("{asked}/answers"), &json!({ "text": words("boleh ikut") }), 200);
    person.api("POST", &format!("{asked}/report"), &json!({ "reason": words("melapor") }), 204);

    // A form that was posted after the session had ended.
    let page = person.get("/me/profile");
    let once = page.split("name=\"once\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let mut elsewhere = Visitor::new(server);
    elsewhere.cookies.clone_from(&person.cookies);
    elsewhere.post("/sign-out", &[]);
    let referer = format!("http://{}/me/profile", server.address);
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Referer", referer.as_str())];
    let (once, about) = (("once", once.expect("a form has it")), words("menulis lagi"));
    let fields: Vec<String> = [once, ("name", &name), ("about", &about)].iter().map(pair).collect();
    person.ask("POST", "/me/profile", &form, fields.join("&"), 303);
    person.post("/sign-in", &[("mail", SECOND), ("password", PASSWORD), ("next", "/me")]);
    person.post("/me/close", &[]);
}

/// The slug of the group in which members vouch.
fn doctors(visitor: &mut Visitor) -> String {
    let found = visitor.get("/api/v1/groups?q=dokter+perawat+manado");
    let found: Json = serde_json::from_str(&found).expect("it is JSON");
    found["items"][0]["slug"].as_str().expect("it is found").to_owned()
}

/// An answer to every question of a form.
fn answers_to(step: &Json) -> Json {
    let answer = |question: &Json| match question["kind"].as_str() {
        Some("choice" | "several") => question["options"][0]["key"].as_str().unwrap_or_default().to_owned(),
        Some("number") => "3".to_owned(),
        Some("date") => "1990-05-17".to_owned(),
        Some("consent") => "yes".to_owned(),
        _ => words("ingin membantu"),
    };
    let questions = step["questions"].as_array().into_iter().flatten();
    let answered = questions.filter(|question| question["kind"] != "file");
    answered
        .map(|question| (question["key"].as_str().unwrap_or_default().to_owned(), json!([answer(question)])))
        .collect()
}

#[test]
fn whoever_was_erased_stands_in_no_row_no_byte_and_no_log() {
    let folder = TestFolder::new();
    let place = |name: &str| folder.path().join(name);
    let (data, log) = (place("data"), place("log"));
    let server = Server::start_logging(&data, &log);
    live(&server);
    let before = Lines::of(&data, &place("before"));
    let rows = before.0.iter().filter(|line| line.contains(RARE)).count();
    assert!(rows >= 20, "there is something to forget: {rows} rows");
    assert!(!holding(&data, RARE).is_empty());
    server.ask_to_stop();
    server.ended();
    // Whoever was to be told is told: a start does the work that is due before it stops.
    later(&data, MINUTE);
    let server = Server::start_logging(&data, &log);
    server.ask_to_stop();
    server.ended();
    later(&data, 15 * DAY);

    // While it runs: the log of the database is emptied too.
    let server = Server::start_logging(&data, &log);
    let begun = SystemClock.now();
    while !holding(&data, RARE).is_empty() {
        if SystemClock.now().0 - begun.0 > 30_000 {
            let left: Vec<String> = Lines::of(&data, &place("left")).0;
            let left: Vec<&String> =
                left.iter().filter(|line| line.to_lowercase().contains("qwontarelia")).collect();
            panic!("it still stands in {:?}: {left:#?}", holding(&data, RARE));
        }
        std::thread::yield_now();
    }
    server.kill();
    let after = Lines::of(&data, &place("after"));
    let left: Vec<&String> =
        after.0.iter().filter(|line| line.to_lowercase().contains("qwontarelia")).collect();
    assert!(left.is_empty(), "{left:#?}");
    assert!(after.rows("persons").iter().any(|row| row.contains("\"gone\"")));
    assert_eq!(holding(&data, RARE), Vec::<PathBuf>::new());
    let logged = fs::read_to_string(&log).expect("it was logged");
    assert!(logged.contains("transaction"), "it logs all there is");
    let told: Vec<&str> = logged.lines().filter(|line| line.to_lowercase().contains("qwontarelia")).collect();
    assert!(told.is_empty(), "{told:#?}");
}
