//! Mail as it leaves: what belongs together in one, the way out of each kind, the same mail again after a stop.

use crate::{
    testing::{Answer, Browser, Instance},
    world::{self, GROUP, enter, sql, value},
};
use axum::{body::Body, http::Request};
use mapalus_app::notices::deliver::{self, Mailer};
use mapalus_core::{
    Millis,
    time::{MINUTE, SECOND},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// A mail server that keeps what it is given; or hears all of it and then never answers.
struct Sink {
    mailer: Mailer,
    mails: Arc<Mutex<Vec<String>>>,
    heard: Arc<Notify>,
}

impl Sink {
    async fn new(answers: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = format!("smtp://{}", listener.local_addr().unwrap());
        let (mails, heard) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
        let (kept, called) = (Arc::clone(&mails), Arc::clone(&heard));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, called) = (Arc::clone(&kept), Arc::clone(&called));
                tokio::spawn(async move { hear(stream, answers, &kept, &called).await });
            }
        });
        let mailer = Mailer::new(&server, "Mapalus <kabar@mapalus.test>").unwrap();
        Self { mailer, mails, heard }
    }

    /// What came since the last time.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.mails.lock().unwrap())
    }

    /// What came to a person since the last time; what came to others is thrown away.
    fn to(&self, key: &str) -> Vec<String> {
        self.to_address(&world::mail(key))
    }

    fn to_address(&self, address: &str) -> Vec<String> {
        self.take().into_iter().filter(|mail| header(mail, "To").contains(address)).collect()
    }
}

async fn hear(stream: TcpStream, answers: bool, kept: &Mutex<Vec<String>>, called: &Notify) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await.unwrap();
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
        let answer: &[u8] = match line.get(..4) {
            Some("DATA") => {
                stream.write_all(b"354 go on\r\n").await.unwrap();
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    assert!(stream.read_line(&mut mail).await.unwrap() > 0, "a mail that ends in the middle");
                }
                kept.lock().unwrap().push(mail);
                called.notify_one();
                if !answers {
                    std::future::pending::<()>().await;
                }
                b"250 kept\r\n"
            }
            Some("QUIT") => b"221 bye\r\n",
            _ => b"250 yes\r\n",
        };
        if stream.write_all(answer).await.is_err() {
            return;
        }
        line.clear();
    }
}

/// A header of a mail, its folds taken out; empty if it is not there.
fn header(mail: &str, name: &str) -> String {
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    let head = head.replace("\r\n ", " ");
    let start = format!("{name}: ");
    head.lines().find_map(|line| line.strip_prefix(start.as_str())).unwrap_or("").trim().to_owned()
}

/// The text of a mail, as quoted-printable makes it.
fn text(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

/// Follows what happened and mails what is due.
async fn deliver(demo: &Instance, sink: &Sink) {
    let mut swept = Millis(0);
    mapalus_app::background::once(&demo.app, "test", Some(&sink.mailer), &mut swept).await.unwrap();
}

/// A demonstration that has told everything it has to tell.
async fn quiet(db: &Db, sink: &Sink) -> Instance {
    let demo = Instance::demo(db.clone()).await;
    sql(db, "update applications set remind_at = null", &[]).await;
    demo.clock.advance(MINUTE);
    deliver(&demo, sink).await;
    demo.clock.advance(60 * MINUTE);
    deliver(&demo, sink).await;
    sink.take();
    demo
}

/// Sends an application to the group; its coordinator hears of it when the time to undo is over.
async fn apply(demo: &Instance, key: &str) -> String {
    let (mut applicant, mut novi) = (enter(demo, key).await, enter(demo, "novi").await);
    let id = world::apply(&mut applicant, GROUP).await;
    world::step(&mut applicant, &mut novi, &id).await;
    id
}

#[db_test]
async fn what_is_due_together_goes_in_one_mail_and_what_comes_soon_after_waits(db: Db) {
    let sink = Sink::new(true).await;
    let demo = quiet(&db, &sink).await;
    for key in ["vina", "rio", "meylan"] {
        apply(&demo, key).await;
    }
    demo.clock.advance(21 * SECOND);
    deliver(&demo, &sink).await;
    let mails = sink.to("novi");
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(header(&mails[0], "Subject").starts_with("3 kabar pendaftaran di"), "{}", mails[0]);
    assert_eq!(text(&mails[0]).matches("mendaftar ke").count(), 6, "three times, as text and as HTML");

    // Two minutes later another two: they wait for the end of the ten minutes, and go in one.
    demo.clock.advance(2 * MINUTE);
    apply(&demo, "fera").await;
    demo.clock.advance(2 * MINUTE);
    apply(&demo, "johan").await;
    demo.clock.advance(2 * MINUTE);
    deliver(&demo, &sink).await;
    assert_eq!(sink.to("novi").len(), 0);
    // A link never waits, and has nobody's company; so with the second one.
    for _ in 0..2 {
        demo.browser().post("/forgot", &[("mail", &world::mail("novi"))]).await.is(303);
        deliver(&demo, &sink).await;
        let links = sink.to("novi");
        assert_eq!(links.len(), 1, "{links:#?}");
        assert_eq!(header(&links[0], "Subject"), "Buat kata sandi baru");
        assert_eq!(header(&links[0], "List-Unsubscribe"), "", "nobody does without these");
    }
    demo.clock.advance(5 * MINUTE);
    deliver(&demo, &sink).await;
    let mails = sink.to("novi");
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(header(&mails[0], "Subject").starts_with("2 kabar pendaftaran di"), "{}", mails[0]);

    // One alone has its own subject, in the language of its recipient; in the program each stands for itself.
    let english = "update persons set lang = 'en' where mail_folded = $1";
    sql(&db, english, &params![world::mail("novi")]).await;
    demo.clock.advance(60 * MINUTE);
    apply(&demo, "ningsih").await;
    demo.clock.advance(21 * SECOND);
    deliver(&demo, &sink).await;
    let mails = sink.to("novi");
    assert!(header(&mails[0], "Subject").starts_with("A new application to"), "{}", mails[0]);
    assert!(text(&mails[0]).contains("Stop mail about: Applications I decide on"), "{}", mails[0]);
    let all = "select count(*) from notices join persons on persons.id = notices.person_id
        where mail_folded = $1 and notices.key = 'joining-notice-sent' and notices.made_at > $2";
    let since = Millis(demo.app.clock.now().0 - 120 * MINUTE);
    assert_eq!(value::<i64>(&db, all, &params![world::mail("novi"), since]).await, 6);
}

#[db_test]
async fn a_mail_that_was_in_flight_at_a_stop_goes_out_again_as_the_same_one(db: Db) {
    let (sink, deaf) = (Sink::new(true).await, Sink::new(false).await);
    let demo = quiet(&db, &sink).await;
    for key in ["vina", "rio"] {
        apply(&demo, key).await;
    }
    demo.clock.advance(21 * SECOND);
    demo_events(&demo).await;
    // The mail server has heard all of it; before it answers, the program is killed.
    tokio::select! {
        _ = deliver::deliver(&demo.app, Some(&deaf.mailer)) => panic!("the server does not answer"),
        () = deaf.heard.notified() => {}
    }
    let first = deaf.take();
    assert_eq!(first.len(), 1, "{first:#?}");
    // Whoever of those who decide is the first.
    let to = header(&first[0], "To");
    // Somebody else applies meanwhile: that is another mail.
    apply(&demo, "meylan").await;
    demo.clock.advance(4 * MINUTE);
    deliver(&demo, &sink).await;
    assert_eq!(
        sink.to_address(&to).len(),
        0,
        "until it is sure that the first one is not under way any more"
    );
    demo.clock.advance(2 * MINUTE);
    deliver(&demo, &sink).await;
    let again = sink.to_address(&to);
    assert_eq!(again.len(), 1, "{again:#?}");
    assert_eq!(header(&again[0], "Message-ID"), header(&first[0], "Message-ID"));
    assert_eq!(header(&again[0], "Subject"), header(&first[0], "Subject"));
    assert!(header(&again[0], "Subject").starts_with("2 kabar"), "{}", again[0]);
    demo.clock.advance(10 * MINUTE);
    deliver(&demo, &sink).await;
    let last = sink.to_address(&to);
    assert_eq!(last.len(), 1, "{last:#?}");
    assert!(text(&last[0]).contains("Meylan"), "{}", last[0]);
    assert_ne!(header(&last[0], "Message-ID"), header(&first[0], "Message-ID"));
    let left = "select count(*) from mails where state <> 'sent'";
    assert_eq!(value::<i64>(&db, left, &[]).await, 0);
}

async fn demo_events(demo: &Instance) {
    mapalus_app::background::events(&demo.app, "test", &mut Millis(i64::MAX)).await.unwrap();
}

/// What a mail program posts by itself: from nowhere, with no cookie, with a body of its own.
async fn one_click(demo: &Instance, path: &str) -> Answer {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    demo.browser().send(request, Body::from("List-Unsubscribe=One-Click")).await
}

/// The path of the way out that a mail names in its header.
fn way_out(mail: &str) -> String {
    assert_eq!(header(mail, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let url = header(mail, "List-Unsubscribe");
    let path = url.strip_prefix("<https://mapalus.test").and_then(|rest| rest.strip_suffix('>'));
    path.unwrap_or_else(|| panic!("{url}")).to_owned()
}

#[db_test]
async fn a_kind_is_stopped_by_one_press_from_its_mail_and_turned_on_again_in_the_settings(db: Db) {
    let sink = Sink::new(true).await;
    let demo = quiet(&db, &sink).await;
    apply(&demo, "vina").await;
    demo.clock.advance(21 * SECOND);
    deliver(&demo, &sink).await;
    let mail = sink.to("novi").pop().unwrap();
    let path = way_out(&mail);
    assert!(
        text(&mail).contains(&format!("https://mapalus.test{path}")),
        "the way out stands in the mail too"
    );

    // To look changes nothing; to post stops this kind, twice as once.
    demo.browser().get(&path).await.is(200).says("Pendaftaran yang saya putuskan");
    let count = "select count(*) from mail_stops";
    assert_eq!(value::<i64>(&db, count, &[]).await, 0);
    // One that waits to go out is not sent either.
    demo.clock.advance(MINUTE);
    apply(&demo, "rio").await;
    demo.clock.advance(21 * SECOND);
    demo_events(&demo).await;
    for _ in 0..2 {
        one_click(&demo, &path).await.is(200);
    }
    assert_eq!(value::<i64>(&db, count, &[]).await, 1);
    apply(&demo, "meylan").await;
    demo.clock.advance(30 * MINUTE);
    deliver(&demo, &sink).await;
    assert_eq!(sink.to("novi").len(), 0);
    let mut novi = enter(&demo, "novi").await;
    novi.get("/notices").await.is(200).says("Meylan");

    // Other kinds still come.
    world::appoint(&db, GROUP, "deisy", "members roles").await;
    let (slug, member) = (format!("/groups/{GROUP}"), id_of(&db, "novi").await);
    let roles = enter(&demo, "deisy").await.api("GET", &format!("/api/v1{slug}/roles"), None).await;
    assert_eq!(roles.status.as_u16(), 200, "{}", roles.body);
    sql(
        &db,
        "insert into outbox (id, payload, made_at, due_at) values ('x', $1, 0, 0)",
        &params![roles_changed(&db, &member).await],
    )
    .await;
    deliver(&demo, &sink).await;
    let mails = sink.to("novi");
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert_ne!(way_out(&mails[0]), path);

    // Turned on again, in a form and over the API.
    let data = novi.get("/api/v1/me/data").await.is(200).json();
    assert_eq!(data["notices"]["not_mailed"], json!(["decisions"]));
    let rest = [
        "applications",
        "vouches",
        "groups",
        "reminders",
        "network",
        "found",
        "questions",
        "answers",
        "account",
    ];
    assert_eq!(mailed(&mut novi).await, rest);
    let kinds: Vec<(&str, &str)> =
        ["applications", "decisions", "vouches"].into_iter().map(|kind| ("mail", kind)).collect();
    novi.post("/me/notices", &kinds).await.is(303);
    assert_eq!(mailed(&mut novi).await, ["applications", "decisions", "vouches", "account"]);
    let page = novi.get("/me/notices").await.is(200).body;
    assert_eq!(page.matches("checked").count(), 3, "{page}");
    let change = |mail| Some(json!({ "mail": mail }));
    let api = "/api/v1/me/notices";
    novi.api("PATCH", api, change(json!({ "groups": true, "vouches": false }))).await.is(200);
    assert_eq!(mailed(&mut novi).await, ["applications", "decisions", "groups", "account"]);
    novi.api("PATCH", api, change(json!({ "account": false }))).await.is(422).says("notices-wrong-fixed");
    novi.api("PATCH", api, change(json!({ "weather": false }))).await.is(400);
    demo.clock.advance(30 * MINUTE);
    apply(&demo, "johan").await;
    demo.clock.advance(21 * SECOND);
    deliver(&demo, &sink).await;
    assert_eq!(sink.to("novi").len(), 1);
}

async fn id_of(db: &Db, key: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![world::mail(key)]).await
}

async fn roles_changed(db: &Db, person: &str) -> String {
    let group: String = value(db, "select id from groups where slug = $1", &params![GROUP]).await;
    json!({ "event": "roles-changed", "group": group, "person": person }).to_string()
}

/// The kinds that are mailed to somebody.
async fn mailed(browser: &mut Browser<'_>) -> Vec<String> {
    let list = browser.api("GET", "/api/v1/me/notices", None).await.is(200).json();
    let items = list["items"].as_array().unwrap().iter();
    let mailed = items.filter(|item| item["mail"] == true);
    mailed.map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[db_test]
async fn a_way_out_holds_for_its_person_and_kind_and_opens_nothing_else(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (novi, vina) = (id_of(&db, "novi").await, id_of(&db, "vina").await);
    let good = demo.app.key.sign("unsubscribe", &format!("{novi}.groups"));
    let account = demo.app.key.sign("unsubscribe", &format!("{novi}.account"));
    let weather = demo.app.key.sign("unsubscribe", &format!("{novi}.weather"));
    let other = demo.app.key.sign("mail", &format!("{novi}.groups"));
    for bad in [
        good.replace("groups", "reminders"),
        good.replace(&novi, &vina),
        good[..good.len() - 1].to_owned(),
        account,
        weather,
        other,
        "x".to_owned(),
    ] {
        demo.browser().get(&format!("/unsubscribe/{bad}")).await.is(404);
        one_click(&demo, &format!("/unsubscribe/{bad}")).await.is(404);
    }
    // Anywhere else a post from nowhere is refused as before, also below and above.
    for path in [format!("/unsubscribe/{good}/x"), "/unsubscribe".to_owned(), "/me/notices".to_owned()] {
        one_click(&demo, &path).await.is(403);
    }
    assert_eq!(value::<i64>(&db, "select count(*) from mail_stops", &[]).await, 0);
    // Whoever is signed in in that browser is not asked: the token is another's.
    let mut signed_in = enter(&demo, "vina").await;
    signed_in.post(&format!("/unsubscribe/{good}"), &[]).await.is(200);
    let whose: String = value(&db, "select person_id from mail_stops", &[]).await;
    assert_eq!(whose, novi);
    // Erased with the person.
    let closing = "update persons set state = 'closing', closing_at = 0 where id = $1";
    sql(&db, closing, &params![&novi]).await;
    demo.settle().await;
    assert_eq!(value::<i64>(&db, "select count(*) from mail_stops", &[]).await, 0);
    // A mail of theirs lies in the mailbox still: its way out says what it always said, and writes nothing.
    let audits: i64 = value(&db, "select count(*) from audit", &[]).await;
    one_click(&demo, &format!("/unsubscribe/{good}")).await.is(200);
    assert_eq!(value::<i64>(&db, "select count(*) from mail_stops", &[]).await, 0);
    assert_eq!(value::<i64>(&db, "select count(*) from audit", &[]).await, audits);
}
