//! What is decided in the name of a group and read by its members, who did what in it, and what those who operate the
//! instance say of it: verified, hidden, shown again.

use crate::{
    testing::{Answer, Browser, Instance},
    world::{self, GROUP, OTHER, at_once, enter, mail, sql, value},
};
use mapalus_app::shell::locale;
use mapalus_core::{
    access::{Need, Row, TABLE},
    time::DAY,
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};
use std::{collections::BTreeSet, path::Path};

async fn id_of(db: &Db, key: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![mail(key)]).await
}

async fn group_id(db: &Db, slug: &str) -> String {
    value(db, "select id from groups where slug = $1", &params![slug]).await
}

async fn told(db: &Db, key: &str, who: &str) -> i64 {
    let count = "select (select count(*) from notices where notices.key = $1 and person_id = $2)
        + (select count(*) from mails where mails.key = $1 and person_id = $2)";
    value(db, count, &params![key, id_of(db, who).await]).await
}

async fn later(demo: &Instance) {
    demo.clock.advance(20_000);
    demo.settle().await;
}

/// Makes somebody of the demonstration its operator.
async fn operator<'i>(demo: &'i Instance, key: &str) -> Browser<'i> {
    let set = "update persons set operator = true where mail_folded = $1";
    assert_eq!(sql(&demo.app.db, set, &params![mail(key)]).await, 1);
    enter(demo, key).await
}

async fn log(browser: &mut Browser<'_>, group: &str, query: &str) -> Vec<Json> {
    let path = format!("/api/v1/groups/{group}/decisions{query}");
    browser.api("GET", &path, None).await.is(200).json()["items"].as_array().unwrap().clone()
}

fn kinds(lines: &[Json]) -> Vec<&str> {
    lines.iter().map(|line| line["kind"].as_str().unwrap()).collect()
}

async fn mark(browser: &mut Browser<'_>, group: &str, mark: &str, reason: &str) -> Answer {
    let body = json!({ "mark": mark, "reason": reason });
    browser.api("POST", &format!("/api/v1/listed-groups/{group}/marks"), Some(body)).await
}

/// The words that stand in records of a source: what became of something, written out.
fn recorded_words(source: &str) -> Vec<&str> {
    let calls = source.split(".record(permit,").skip(1).chain(source.split(".record_in(permit,").skip(1));
    let words = calls.filter_map(|call| {
        let call = call.split_once(")?").map_or(call, |(call, _)| call);
        call.trim_end().strip_suffix('"')?.rsplit_once('"').map(|(_, word)| word)
    });
    words.filter(|word| !word.is_empty()).collect()
}

#[test]
fn every_word_of_a_record_that_coordinators_read_is_said_in_their_language() {
    assert_eq!(recorded_words("x; work.record(permit, id, \"added\")?; y"), ["added"]);
    locale::install(mapalus_app::TEXTS);
    let mut words = BTreeSet::new();
    for slice in ["groups", "joining", "growth", "asking", "safeguarding"] {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(slice)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    words.extend(recorded_words(&text).into_iter().map(str::to_owned));
                }
            }
        }
    }
    assert!(words.len() > 25, "they are found: {words:?}");
    // What is one's own, or stands in no group's record.
    let own = [
        "starter",
        "opened",
        "paused",
        "goes on",
        "invitation",
        "settled",
        "read",
        "waits",
        "vouch-given",
        "vouch-declined",
        "vouch-undone",
    ];
    let missing: Vec<_> = words
        .iter()
        .filter(|word| !own.contains(&word.as_str()) && !locale::has(&format!("home-audit-how-{word}")))
        .collect();
    assert!(missing.is_empty(), "home.ftl has no word for {missing:?}");
}

#[test]
fn every_action_that_stands_in_a_groups_record_has_its_words() {
    locale::install(mapalus_app::TEXTS);
    // These show something and record nothing.
    let shows = ["SeeAudit", "ManageMember", "ReadApplication", "SeeApplications", "SeeSafeguarding"];
    let of_group = |row: &&Row| row.needs.iter().any(|need| matches!(need, Need::Holds(_)));
    let key = |name: &str| {
        let letter = |c: char| {
            if c.is_ascii_uppercase() { format!("-{}", c.to_ascii_lowercase()) } else { c.to_string() }
        };
        format!("home-audit-did{}", name.chars().map(letter).collect::<String>())
    };
    let rows = TABLE.iter().filter(of_group).map(|row| row.name).filter(|name| !shows.contains(name));
    let mute: Vec<_> = rows.filter(|name| !locale::has(&key(name))).collect();
    assert!(mute.is_empty(), "say in home.ftl what these did: {mute:?}");
}

#[db_test]
async fn members_read_what_was_decided_in_words_and_the_newest_first(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut novi, mut deisy) = (enter(&demo, "novi").await, enter(&demo, "deisy").await);
    let path = format!("/api/v1/groups/{GROUP}");
    let body =
        json!({ "rules": ["Pulang sebelum gelap."], "taking": false, "summary": "Menjaga pantai bersama." });
    novi.api("PATCH", &path, Some(body)).await.is(200);
    demo.clock.advance(1_000);
    let role = json!({ "name": "Pencatat", "permissions": [] });
    let made = novi.api("POST", &format!("{path}/roles"), Some(role)).await;
    assert!(made.status.is_success(), "{}", made.body);
    demo.clock.advance(1_000);
    let kind = json!({ "name": "Orientasi relawan" });
    novi.api("POST", &format!("{path}/qualifications/kinds"), Some(kind)).await.is(201);
    demo.clock.advance(1_000);
    let training = json!({ "title": "Latihan dasar" });
    novi.api("POST", &format!("{path}/trainings"), Some(training)).await.is(201);
    let lines = log(&mut deisy, GROUP, "").await;
    let now = kinds(&lines);
    assert_eq!(now[..3], ["training-made", "kind-made", "role-made"], "{now:?}");
    let page = now[3..5].iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(page, ["rules", "taking"].into_iter().collect());
    assert_eq!(now.last(), Some(&"opened"));
    assert_eq!(lines[2]["text"], "Peran baru: Pencatat.");
    let only = log(&mut deisy, GROUP, "?topic=roles").await;
    assert!(only.iter().all(|line| line["topic"] == "roles") && !only.is_empty());
    let shown = deisy.get(&format!("/groups/{GROUP}/decisions")).await.is(200);
    shown.says("Pelatihan baru: Latihan dasar.").says("Kelompok untuk sementara tidak menerima pendaftaran.");
    deisy.get(&format!("/groups/{GROUP}/decisions?topic=rubbish")).await.is(200);
    deisy.api("GET", &format!("{path}/decisions?topic=rubbish"), None).await.is(422);
    deisy.api("GET", &format!("{path}/decisions?after=rubbish"), None).await.is(422);
    deisy.get(&format!("/groups/{GROUP}")).await.is(200).says(&format!("/groups/{GROUP}/decisions"));
    // Others read nothing of it.
    enter(&demo, "meylan").await.get(&format!("/groups/{GROUP}/decisions")).await.is(403);
    demo.browser().api("GET", &format!("{path}/decisions"), None).await.is(401);
}

#[db_test]
async fn a_change_that_is_undone_was_never_decided(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let id = id_of(&db, "maikel").await;
    let role = json!({ "name": "Pencatat", "permissions": [] });
    let roles = stenly.api("POST", &format!("/api/v1/groups/{OTHER}/roles"), Some(role)).await.is(201).json();
    let role = roles["items"].as_array().unwrap().iter().find(|role| role["name"] == "Pencatat").unwrap();
    let body = json!({ "roles": [role["id"]] });
    let set = format!("/api/v1/groups/{OTHER}/members/{id}");
    stenly.api("PUT", &format!("{set}/roles"), Some(body.clone())).await.is(204);
    // Nobody reads it as long as it can be undone.
    assert!(!kinds(&log(&mut fera, OTHER, "?topic=roles").await).contains(&"role-given"));
    stenly.api("POST", &format!("{set}/undo"), None).await.is(204);
    later(&demo).await;
    assert!(!kinds(&log(&mut fera, OTHER, "?topic=roles").await).contains(&"role-given"));
    stenly.api("PUT", &format!("{set}/roles"), Some(body)).await.is(204);
    later(&demo).await;
    let lines = log(&mut fera, OTHER, "?topic=roles").await;
    let given = lines.iter().find(|line| line["kind"] == "role-given").expect("it stands");
    assert_eq!(given["what"], "Pencatat");
    assert!(given["person"].as_str().unwrap().starts_with("Maikel"), "{given}");
}

#[db_test]
async fn who_was_suspended_is_read_by_themselves_alone(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut novi = enter(&demo, "novi").await;
    let mut left = Vec::new();
    for key in ["fera", "frangky"] {
        let mut applicant = enter(&demo, key).await;
        world::join(&mut applicant, &mut novi, GROUP).await;
        left.push(applicant);
    }
    later(&demo).await;
    let reason = "Tidak hadir tiga kali tanpa kabar.";
    for key in ["fera", "frangky"] {
        let path = format!("/api/v1/groups/{GROUP}/members/{}/suspend", id_of(&db, key).await);
        novi.api("POST", &path, Some(json!({ "reason": reason }))).await.is(204);
    }
    later(&demo).await;
    let mut deisy = enter(&demo, "deisy").await;
    let lines = log(&mut deisy, GROUP, "?topic=people").await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((&lines[0]["count"], &lines[0]["own"]), (&json!(2), &json!(false)));
    assert_eq!(lines[0]["text"], "2 anggota ditangguhkan.");
    let page = deisy.get(&format!("/groups/{GROUP}/decisions")).await.is(200);
    page.lacks("Fera").lacks("Frangky").lacks(reason).says("2 anggota ditangguhkan.");
    // The day alone is told, not the hour.
    assert!(lines[0]["made_at"].as_str().unwrap().ends_with(":00:00Z"), "{}", lines[0]);
    let fera = &mut left[0];
    let own = log(fera, GROUP, "").await;
    assert_eq!(kinds(&own), ["suspended"], "nothing else of the group");
    assert_eq!((&own[0]["count"], &own[0]["reason"]), (&json!(1), &json!(reason)));
    fera.get(&format!("/groups/{GROUP}/decisions")).await.is(200).says(reason).says("Ini tentang Anda");
    let data = fera.api("GET", "/api/v1/me/data", None).await.is(200).json();
    assert!(data["groups"]["decisions"].to_string().contains(reason), "{}", data["groups"]["decisions"]);
    // Excluded they read why, and no more.
    let path = format!("/api/v1/groups/{GROUP}/members/{}/exclude", id_of(&db, "fera").await);
    novi.api("POST", &path, Some(json!({ "reason": "Mengancam anggota lain." }))).await;
    later(&demo).await;
    let own = log(fera, GROUP, "").await;
    assert_eq!(kinds(&own), ["excluded", "suspended"]);
    assert_eq!(own[0]["reason"], "Mengancam anggota lain.");
}

#[db_test]
async fn a_coordinator_who_is_suspended_is_named_and_whoever_was_erased_is_not(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let roles = stenly.api("GET", &format!("/api/v1/groups/{OTHER}/roles"), None).await.is(200).json();
    let all = roles["items"].as_array().unwrap();
    let leads = all.iter().max_by_key(|role| role["permissions"].as_array().unwrap().len()).unwrap();
    let member = "select min(memberships.person_id) from memberships
        join groups on groups.id = memberships.group_id join persons on persons.id = memberships.person_id
        where slug = $1 and memberships.state = 'active' and persons.age_band = 'adult'
            and mail_folded not in ($2, $3)";
    let other: String = value(&db, member, &params![OTHER, mail("stenly"), mail("fera")]).await;
    let name: String = value(&db, "select name from persons where id = $1", &params![&other]).await;
    let path = format!("/api/v1/groups/{OTHER}/members/{other}");
    let body = json!({ "roles": [leads["id"]] });
    stenly.api("PUT", &format!("{path}/roles"), Some(body)).await.is(204);
    later(&demo).await;
    let reason = json!({ "reason": "Memakai uang kas." });
    stenly.api("POST", &format!("{path}/suspend"), Some(reason)).await.is(204);
    later(&demo).await;
    let lines = log(&mut fera, OTHER, "?topic=people").await;
    assert_eq!(lines[0]["text"], format!("{name} ditangguhkan."));
    assert!(!lines[0].to_string().contains("uang kas"), "{}", lines[0]);
    // Whoever blocked one is not named to them; whoever is erased to nobody.
    let block = "insert into person_blocks (person_id, other_id, made_at) values ($1, $2, 0)";
    sql(&db, block, &params![&other, id_of(&db, "fera").await]).await;
    let lines = log(&mut fera, OTHER, "").await;
    assert!(!Json::from(lines).to_string().contains(&name));
    let again = log(&mut stenly, OTHER, "?topic=people").await;
    assert_eq!(again[0]["text"], format!("{name} ditangguhkan."));
    sql(&db, "update persons set state = 'closing' where id = $1", &params![&other]).await;
    let again = log(&mut stenly, OTHER, "").await;
    assert!(!Json::from(again).to_string().contains(&name));
}

#[db_test]
async fn a_long_log_goes_on_page_by_page(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut novi, mut deisy) = (enter(&demo, "novi").await, enter(&demo, "deisy").await);
    let path = format!("/api/v1/groups/{GROUP}");
    for n in 0..27 {
        demo.clock.advance(1_000);
        let body = json!({ "rules": [format!("Aturan nomor {n}.")] });
        novi.api("PATCH", &path, Some(body)).await.is(200);
    }
    let first = deisy.api("GET", &format!("{path}/decisions?topic=joining"), None).await.is(200).json();
    assert_eq!(first["items"].as_array().unwrap().len(), 20);
    let next = first["next"].as_str().unwrap();
    let rest = log(&mut deisy, GROUP, &format!("?topic=joining&after={next}")).await;
    assert!(rest.len() >= 7, "{}", rest.len());
    let page = deisy.get(&format!("/groups/{GROUP}/decisions?topic=joining")).await.is(200);
    page.says(&format!("/groups/{GROUP}/decisions?topic=joining&#38;after="));
}

#[db_test]
async fn those_who_run_a_group_see_who_did_what_as_far_as_they_may(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut novi, mut vina) = (enter(&demo, "novi").await, enter(&demo, "vina").await);
    let path = format!("/api/v1/groups/{GROUP}");
    novi.api("PATCH", &path, Some(json!({ "summary": "Menjaga pantai bersama-sama." }))).await.is(200);
    let draft = world::apply(&mut enter(&demo, "rio").await, GROUP).await;
    let id = world::apply(&mut vina, GROUP).await;
    world::step(&mut vina, &mut novi, &id).await;
    let worry = json!({ "text": "Seseorang mengajak bertemu sendirian." });
    enter(&demo, "maikel").await.api("POST", &format!("{path}/concerns"), Some(worry)).await.is(204);
    let all = novi.api("GET", &format!("{path}/audit"), None).await.is(200).json();
    let items = all["items"].as_array().unwrap();
    let of = |action: &str| items.iter().filter(|item| item["action"] == action).collect::<Vec<_>>();
    assert!(!of("ChangeGroup").is_empty() && !of("UseApplication").is_empty(), "{all}");
    assert!(of("ChangeGroup")[0]["name"].as_str().unwrap().starts_with("Novi"));
    assert!(of("UseApplication")[0]["subject"].as_str().unwrap().starts_with("Vina"));
    // Neither a draft nor a concern is anybody's business here.
    assert!(of("Apply").is_empty() && of("ReportConcern").is_empty() && of("ReadConcerns").is_empty());
    let recorded = "select count(*) from audit where action = 'ReportConcern' and group_id is not null";
    assert!(value::<i64>(&db, recorded, &[]).await > 0, "it stands on record, and is not shown");
    assert!(!all.to_string().contains(&draft) && !all.to_string().contains("\"Rio"), "{all}");
    // One who may change settings alone reads nothing of applications.
    world::appoint(&db, GROUP, "deisy", "settings").await;
    let mut deisy = enter(&demo, "deisy").await;
    let some = deisy.api("GET", &format!("{path}/audit"), None).await.is(200).json();
    assert!(some.to_string().contains("ChangeGroup") && !some.to_string().contains("Vina"), "{some}");
    deisy.get(&format!("/groups/{GROUP}/audit?action=UseApplication")).await.is(200).lacks("Vina");
    // Members read nothing of it, nor do others.
    enter(&demo, "maikel").await.get(&format!("/groups/{GROUP}/audit")).await.is(403);
    enter(&demo, "stenly").await.get(&format!("/groups/{GROUP}/audit.csv")).await.is(403);
    demo.browser().get(&format!("/groups/{GROUP}/audit")).await.is(303);
}

#[db_test]
async fn the_record_is_narrowed_by_person_action_and_day_and_taken_along(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut novi = enter(&demo, "novi").await;
    let (path, page) = (format!("/api/v1/groups/{GROUP}/audit"), format!("/groups/{GROUP}/audit"));
    let own = id_of(&db, "novi").await;
    let role = json!({ "name": "=HYPERLINK(1)", "permissions": [] });
    let made = novi.api("POST", &format!("/api/v1/groups/{GROUP}/roles"), Some(role)).await;
    assert!(made.status.is_success(), "{}", made.body);
    let find = async |browser: &mut Browser<'_>, query: &str| -> Vec<Json> {
        let found = browser.api("GET", &format!("{path}?{query}"), None).await.is(200).json();
        found["items"].as_array().unwrap().clone()
    };
    let roles = find(&mut novi, "action=ChangeRoles").await;
    assert!(!roles.is_empty() && roles.iter().all(|one| one["action"] == "ChangeRoles"));
    assert_eq!(roles[0]["subject"], "=HYPERLINK(1)");
    let mine = find(&mut novi, &format!("person={own}")).await;
    assert!(mine.iter().any(|one| one["action"] == "ChangeRoles"));
    assert!(mine.iter().all(|one| one["person"] == own.as_str()));
    assert!(find(&mut novi, "to=2001-01-01").await.is_empty());
    // Whoever is looked for and did nothing here is not named.
    let foreign = id_of(&db, "meylan").await;
    novi.get(&format!("{page}?person={foreign}")).await.is(200).lacks("Meylan");
    assert!(!find(&mut novi, "from=2001-01-01&action=ChangeRoles").await.is_empty());
    for wrong in ["person=x", "action=x", "from=x", "to=31.12.2026", "after=x"] {
        novi.api("GET", &format!("{path}?{wrong}"), None).await.is(422);
    }
    novi.get(&format!("{page}?from=kemarin")).await.is(422).says("kemarin");
    novi.get(&format!("{page}?action=ChangeRoles&person={own}")).await.is(200).says("=HYPERLINK(1)");
    let file = novi.get(&format!("{page}.csv?action=ChangeRoles")).await.is(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(file.body.lines().count() > 1 && file.body.starts_with("Kapan,Siapa,"), "{}", file.body);
    assert!(file.body.contains("'=HYPERLINK(1)") && !file.body.contains(",=HYPERLINK"), "{}", file.body);
}

#[db_test]
async fn a_hidden_group_is_gone_at_once_and_its_people_read_why(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut ops, mut stenly) = (operator(&demo, "bagas").await, enter(&demo, "stenly").await);
    let (id, page) = (group_id(&db, OTHER).await, format!("/groups/{OTHER}"));
    let link = json!({ "uses": 5, "days": 7 });
    let made = stenly.api("POST", &format!("/api/v1{page}/links"), Some(link)).await.is(201).json();
    let invite = made["url"].as_str().unwrap().strip_prefix(crate::testing::ORIGIN).unwrap().to_owned();
    let sheets = demo.browser().get("/sitemap.xml").await.is(200).body;
    let sheet = sheets.rsplit_once("/sitemaps/").unwrap().1.split('<').next().unwrap().to_owned();
    let sheet = format!("/sitemaps/{sheet}");
    let reason = "Meminta uang muka dari pendaftar.";
    demo.browser().get(&sheet).await.is(200).says(OTHER);
    // With the follower stopped: the index still knows it, and it is found nowhere.
    mark(&mut ops, &id, "hidden", reason).await.is(200);
    for _ in 0..2 {
        for path in [page.clone(), format!("{page}/join"), format!("{page}/card.png"), format!("{page}/ask")]
        {
            let status = demo.browser().get(&path).await.status;
            assert_eq!(status, 404, "{path}");
        }
        demo.browser().api("GET", &format!("/api/v1{page}"), None).await.is(404);
        enter(&demo, "meylan").await.get(&page).await.is(404);
        ops.get(&page).await.is(404);
        let list = demo.browser().api("GET", "/api/v1/groups?q=siaga", None).await.is(200).json();
        assert!(!list.to_string().contains(OTHER), "{list}");
        demo.browser().get("/groups?q=siaga").await.is(200).lacks(OTHER);
        demo.browser().get("/groups/map").await.is(200).lacks(OTHER);
        demo.browser().get("/groups.atom").await.is(200).lacks(OTHER);
        demo.browser().get(&sheet).await.lacks(OTHER);
        demo.settle().await;
    }
    // Its own people see it, with the reason; those who may answer are shown how.
    let banner = enter(&demo, "fera").await.get(&page).await.is(200);
    banner.says(reason).lacks("schema.org").lacks("og:title").lacks(&format!("{page}/hidden"));
    stenly.get(&page).await.is(200).says(reason).says(&format!("{page}/hidden"));
    let view = stenly.api("GET", &format!("/api/v1{page}"), None).await.is(200).json();
    assert_eq!(view["hidden"]["reason"], reason);
    // Nobody new comes by the back door.
    let mut meylan = enter(&demo, "meylan").await;
    meylan.get(&invite).await.is(410).lacks("Relawan Siaga");
    assert!(meylan.post(&invite, &[]).await.status.is_client_error());
    stenly.post(&format!("{page}/invite"), &[("mail", &mail("meylan"))]).await.is(409);
    // Those who run it are told when it can be undone no longer, by notice and mail.
    assert_eq!(told(&db, "groups-notice-hidden", "stenly").await, 0);
    later(&demo).await;
    assert_eq!(told(&db, "groups-notice-hidden", "stenly").await, 2);
    assert_eq!(told(&db, "groups-notice-hidden", "fera").await, 0);
    // They change what they like: it stays hidden.
    let body = json!({ "visibility": "public", "summary": "Warga yang siap membantu kapan saja." });
    stenly.api("PATCH", &format!("/api/v1{page}"), Some(body)).await.is(200);
    demo.settle().await;
    demo.browser().get(&page).await.is(404);
    // They answer, the operator is told, and shows it again.
    let answer = "Uang itu untuk seragam. Kami sudah mengembalikannya.";
    enter(&demo, "fera").await.post(&format!("{page}/hidden"), &[("text", answer)]).await.is(403);
    stenly.post(&format!("{page}/hidden"), &[("text", "x")]).await.is(422);
    stenly.post(&format!("{page}/hidden"), &[("text", answer)]).await.is(303);
    demo.settle().await;
    assert_eq!(told(&db, "groups-notice-answered", "bagas").await, 2);
    ops.get(&format!("/admin/groups/{id}"))
        .await
        .is(200)
        .says(answer)
        .says(reason)
        .lacks(&format!("\"{page}\""));
    ops.get("/admin/groups?state=hidden").await.is(200).says(&id);
    let shown = [("mark", "shown"), ("reason", "Uang pendaftar sudah kembali.")];
    ops.post(&format!("/admin/groups/{id}/mark"), &shown).await.is(303);
    demo.browser().get(&page).await.is(200);
    later(&demo).await;
    assert_eq!(told(&db, "groups-notice-shown", "stenly").await, 2);
    let list = demo.browser().api("GET", "/api/v1/groups?q=siaga", None).await.is(200).json();
    assert!(list.to_string().contains(OTHER), "{list}");
    let lines = log(&mut enter(&demo, "fera").await, OTHER, "?topic=operator").await;
    assert_eq!(kinds(&lines), ["shown", "hidden"]);
    stenly.post(&format!("{page}/hidden"), &[("text", answer)]).await.is(303);
    stenly.api("POST", &format!("/api/v1{page}/hidden"), Some(json!({ "text": answer }))).await.is(409);
    let acts =
        stenly.api("GET", &format!("/api/v1{page}/audit?action=JudgeGroup"), None).await.is(200).json();
    assert_eq!(acts["items"].as_array().unwrap().len(), 2, "{acts}");
    assert_eq!(acts["items"][0]["person"], Json::Null, "the operator is not named");
    assert!(!acts.to_string().contains("Bagas"), "{acts}");
}

#[db_test]
async fn hiding_is_undone_in_time_and_nobody_was_told(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut ops = operator(&demo, "bagas").await;
    let (id, page) = (group_id(&db, OTHER).await, format!("/groups/{OTHER}"));
    let undo = format!("/api/v1/listed-groups/{id}/marks/undo");
    mark(&mut ops, &id, "hidden", "Salah kelompok.").await.is(200);
    demo.browser().get(&page).await.is(404);
    let mut other = operator(&demo, "lastri").await;
    other.api("POST", &undo, None).await.is(409).says("groups-mark-too-late");
    ops.api("POST", &undo, None).await.is(200);
    demo.browser().get(&page).await.is(200);
    later(&demo).await;
    assert_eq!(told(&db, "groups-notice-hidden", "stenly").await, 0);
    assert!(log(&mut enter(&demo, "fera").await, OTHER, "?topic=operator").await.is_empty());
    ops.api("POST", &undo, None).await.is(409);
    // What is shown again by mistake is hidden as before, with the reason of before.
    mark(&mut ops, &id, "hidden", "Meminta uang muka.").await.is(200);
    later(&demo).await;
    mark(&mut ops, &id, "shown", "Salah tekan tombol.").await.is(200);
    demo.browser().get(&page).await.is(200);
    ops.post(&format!("/admin/groups/{id}/undo"), &[]).await.is(303);
    demo.browser().get(&page).await.is(404);
    enter(&demo, "fera").await.get(&page).await.is(200).says("Meminta uang muka.");
    // Too late when those who run it were told.
    mark(&mut ops, &id, "shown", "Sudah dibenahi.").await.is(200);
    demo.clock.advance(20_000);
    ops.api("POST", &undo, None).await.is(409);
}

#[db_test]
async fn a_verified_group_has_its_mark_wherever_it_is_shown(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut ops = operator(&demo, "bagas").await;
    let (id, page) = (group_id(&db, OTHER).await, format!("/groups/{OTHER}"));
    let reason = "Surat izin yayasan sudah dilihat.";
    let form = format!("/admin/groups/{id}");
    ops.post(&format!("{form}/mark"), &[("mark", "verified"), ("reason", "x")]).await.is(422);
    ops.post(&format!("{form}/mark"), &[("mark", "x"), ("reason", reason)]).await.is(422);
    ops.post(&format!("{form}/mark"), &[("mark", "verified"), ("reason", reason)]).await.is(303);
    mark(&mut ops, &id, "verified", reason).await.is(409).says("groups-mark-same");
    mark(&mut ops, &id, "shown", reason).await.is(409);
    demo.browser().get(&page).await.is(200).says("Terverifikasi").says(reason);
    demo.browser().get("/groups?q=siaga").await.is(200).says("Terverifikasi");
    let view = demo.browser().api("GET", &format!("/api/v1{page}"), None).await.is(200).json();
    assert_eq!(view["verified"]["reason"], reason);
    let list = demo.browser().api("GET", "/api/v1/groups?q=siaga", None).await.is(200).json();
    assert!(list["items"][0]["verified_at"].is_string(), "{list}");
    later(&demo).await;
    assert_eq!(told(&db, "groups-notice-verified", "stenly").await, 2);
    mark(&mut ops, &id, "unverified", "Izinnya sudah berakhir.").await.is(200);
    demo.browser().get(&page).await.is(200).lacks("Terverifikasi").lacks(reason);
    later(&demo).await;
    assert_eq!(told(&db, "groups-notice-unverified", "stenly").await, 2);
    let lines = log(&mut enter(&demo, "fera").await, OTHER, "?topic=operator").await;
    assert_eq!(kinds(&lines), ["unverified", "verified"]);
    // Nobody else judges groups.
    let mut stenly = enter(&demo, "stenly").await;
    stenly.get("/admin/groups").await.is(404);
    stenly.post(&format!("{form}/mark"), &[("mark", "verified"), ("reason", reason)]).await.is(404);
}

#[db_test]
async fn an_operator_sees_that_a_private_group_is_there_and_nothing_in_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut ops = operator(&demo, "bagas").await;
    world::set_visibility(&db, OTHER, "private").await;
    let id = group_id(&db, OTHER).await;
    let summary: String = value(&db, "select summary from groups where slug = $1", &params![OTHER]).await;
    for path in ["/admin/groups?q=siaga".to_owned(), format!("/admin/groups/{id}")] {
        let page = ops.get(&path).await.is(200).says("Relawan Siaga");
        page.lacks(&summary).lacks("Stenly").lacks(&format!("href=\"/groups/{OTHER}\""));
    }
    for path in ["", "/members", "/decisions", "/audit", "/audit.csv", "/hidden", "/settings"] {
        ops.get(&format!("/groups/{OTHER}{path}")).await.is(404);
    }
    ops.get("/admin/groups?q=%25_").await.is(200).says("Relawan Siaga");
    ops.get("/admin/groups?q=zzzz").await.is(200).lacks("Relawan Siaga");
    ops.get("/admin/groups/rubbish").await.is(404);
}

#[db_test]
async fn what_was_decided_and_answered_goes_with_a_group_that_has_been_closed_for_long(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut ops, mut stenly) = (operator(&demo, "bagas").await, enter(&demo, "stenly").await);
    let id = group_id(&db, OTHER).await;
    mark(&mut ops, &id, "hidden", "Meminta uang muka.").await.is(200);
    later(&demo).await;
    let answer = json!({ "text": "Kami sudah membenahinya." });
    stenly.api("POST", &format!("/api/v1/groups/{OTHER}/hidden"), Some(answer)).await.is(200);
    let version: i64 = value(&db, "select version from groups where id = $1", &params![&id]).await;
    let close = format!("/api/v1/groups/{OTHER}/close");
    stenly.api("POST", &close, Some(json!({ "version": version }))).await.is(204);
    later(&demo).await;
    let left = "select (select count(*) from group_decisions where group_id = $1)
        + (select count(*) from hiding_answers where group_id = $1)";
    assert!(value::<i64>(&db, left, &params![&id]).await > 1);
    ops.get(&format!("/admin/groups/{id}")).await.is(200).lacks("name=\"mark\"");
    mark(&mut ops, &id, "verified", "Surat izin sudah dilihat.").await.is(409).says("groups-mark-ended");
    demo.clock.advance(30 * DAY);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, left, &params![&id]).await, 0);
}

#[db_test]
async fn of_many_who_hide_a_group_at_once_one_does(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let ops = operator(&demo, "bagas").await;
    let id = group_id(&db, OTHER).await;
    let tries = (0..12).map(|_| {
        let (mut own, id) = (ops.again(), id.clone());
        async move { mark(&mut own, &id, "hidden", "Meminta uang muka.").await.status.as_u16() }
    });
    let mut done = at_once(tries).await;
    done.sort_unstable();
    assert_eq!(done[0], 200, "{done:?}");
    assert!(done[1..].iter().all(|status| *status == 409), "{done:?}");
    later(&demo).await;
    assert_eq!(told(&db, "groups-notice-hidden", "stenly").await, 2);
    let marks = "select count(*) from group_marks where group_id = $1";
    assert_eq!(value::<i64>(&db, marks, &params![&id]).await, 1);
}
