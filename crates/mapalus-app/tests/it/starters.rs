//! The operator's starters: drafts of the templates, never a group, nobody else's business.

use crate::{
    testing::{Browser, Instance},
    world::{enter, mail, sql, value},
};
use mapalus_app::{
    home::starters,
    shell::{Lang, locale},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

const FIELDS: [(&str, &str); 5] = [
    ("name", "Siaga Bencana Tomohon"),
    ("summary", "Warga yang siap membantu saat bencana."),
    ("area", "Kota Tomohon"),
    ("sign_up", "application"),
    ("visibility", "public"),
];

async fn count(db: &Db, table: &str) -> i64 {
    value(db, &format!("select count(*) from {table}"), &[]).await
}

/// Makes a person of the demonstration its operator and signs them in.
async fn operator<'i>(demo: &'i Instance, key: &str) -> Browser<'i> {
    let operates = "update persons set operator = true where mail_folded = $1";
    sql(&demo.app.db, operates, &params![mail(key)]).await;
    enter(demo, key).await
}

/// Gives the starters; how many were made, were there as drafts, were there as groups.
async fn give(demo: &Instance) -> (usize, usize, usize) {
    let (given, _) = starters::give(&demo.app).await.unwrap().expect("there is an operator");
    (given.made, given.there, given.opened)
}

/// The path of the draft of a template.
async fn draft_of(db: &Db, template: &str) -> String {
    let id: String = value(db, "select id from group_drafts where template = $1", &params![template]).await;
    format!("/drafts/{id}")
}

#[db_test]
async fn the_operator_gets_eight_drafts_once_and_no_group_lives_by_them(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (groups, found) = (count(&db, "groups").await, demo.app.index.groups());
    assert!(starters::give(&demo.app).await.unwrap().is_none(), "nobody operates it");
    assert_eq!(count(&db, "group_drafts").await, 0);
    let mut bagas = operator(&demo, "bagas").await;
    bagas.get("/drafts").await.is(200);
    assert_eq!(give(&demo).await, (8, 0, 0));
    assert_eq!(give(&demo).await, (0, 8, 0));
    demo.settle().await;
    mapalus_app::search::follow(&demo.app, mapalus_app::SOURCE).await.unwrap();
    assert_eq!(count(&db, "groups").await, groups);
    assert_eq!(demo.app.index.groups(), found, "nothing more is found");
    let list = bagas.get("/drafts").await.is(200);
    assert_eq!(list.body.matches("href=\"/drafts/").count(), 8);
    bagas.get("/groups/new").await.is(200).says("href=\"/drafts\"");
    bagas.get("/admin").await.is(200).says("href=\"/drafts\"");
}

#[db_test]
async fn an_operator_without_a_confirmed_account_gets_nothing(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let closing =
        "update persons set operator = true, state = 'closing', closing_at = 0 where mail_folded = $1";
    sql(&db, closing, &params![mail("bagas")]).await;
    assert!(starters::give(&demo.app).await.unwrap().is_none());
    assert_eq!(count(&db, "group_drafts").await, 0);
}

#[db_test]
async fn a_draft_is_there_for_its_owner_alone(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut bagas = operator(&demo, "bagas").await;
    give(&demo).await;
    let path = draft_of(&db, "doctors").await;
    bagas.get(&path).await.is(200);
    let mut novi = operator(&demo, "novi").await;
    let mut stranger = demo.browser();
    novi.get(&path).await.is(404);
    assert!(stranger.get(&path).await.is(303).location().starts_with("/sign-in"));
    let list = novi.get("/drafts").await.is(200);
    assert_eq!(list.body.matches("href=\"/drafts/").count(), 0);
    for way in [path.clone(), format!("{path}/discard")] {
        novi.post(&way, &FIELDS).await.is(404);
        assert!(stranger.post(&way, &FIELDS).await.is(303).location().starts_with("/sign-in"));
    }
    assert_eq!(count(&db, "group_drafts").await, 8);
    // The draft's own address as a group's leads nowhere, even for its owner.
    let id = path.rsplit('/').next().unwrap();
    bagas.get(&format!("/groups/{id}")).await.is(404);
}

#[db_test]
async fn a_draft_is_kept_half_filled_in_and_opened_as_a_group_once(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut bagas = operator(&demo, "bagas").await;
    give(&demo).await;
    let groups = count(&db, "groups").await;
    let path = draft_of(&db, "disaster").await;
    // Without a place it can be kept, but not opened.
    let fields = |version: &'static str, area: &'static str| {
        let mut fields = FIELDS.to_vec();
        fields[2].1 = area;
        fields.push(("version", version));
        fields
    };
    let kept = [fields("1", ""), vec![("do", "save")]].concat();
    assert_eq!(bagas.post(&path, &kept).await.is(303).location(), path);
    bagas.get(&path).await.is(200).says("Siaga Bencana Tomohon").says("name=\"version\" value=\"2\"");
    bagas.post(&path, &fields("2", "")).await.is(422).says("Siaga Bencana Tomohon");
    // What was open in another tab is not written over.
    bagas.post(&path, &kept).await.is(412);
    assert_eq!(count(&db, "groups").await, groups);

    let once = mapalus_app::shell::secrets::nonce(&mapalus_core::chance::SystemChance);
    let complete = fields("2", "Kota Tomohon");
    let opened = bagas.post_once(&path, &complete, &once).await.is(303);
    // The button was pressed twice.
    assert_eq!(bagas.post_once(&path, &complete, &once).await.is(303).location(), opened.location());
    assert_eq!(count(&db, "groups").await, groups + 1);
    demo.browser().get(opened.location()).await.is(200).says("Siaga Bencana Tomohon");
    // Whoever still has its page open is led to the group; what was typed there is shown again, and where it may go.
    assert_eq!(bagas.get(&path).await.is(303).location(), opened.location());
    assert_eq!(bagas.post(&format!("{path}/discard"), &[]).await.is(303).location(), opened.location());
    for save in [vec![("do", "save")], Vec::new()] {
        let mut late = [complete.clone(), save].concat();
        late[1].1 = "Kalimat yang baru saja diketik di tab lain.";
        let told = bagas.post(&path, &late).await.is(410).says("Kalimat yang baru saja diketik di tab lain.");
        told.says(&format!("href=\"{}\"", opened.location()))
            .says(&locale::message(Lang::Id, "groups-draft-opened", &[]))
            .says(&format!("href=\"{}/settings\"", opened.location()));
    }
    assert_eq!(count(&db, "groups").await, groups + 1);
    // The group stands for the draft: another is not made. One that was thrown away is, when asked for again.
    let other = draft_of(&db, "lawyers").await;
    bagas.post(&format!("{other}/discard"), &[]).await.is(303);
    bagas.get(&other).await.is(410);
    bagas.post(&format!("{other}/discard"), &[]).await.is(410);
    let mut typed = FIELDS.to_vec();
    typed[1].1 = "Kalimat yang diketik terlambat.";
    let told = bagas.post(&other, &[typed.clone(), vec![("do", "save")]].concat()).await.is(410);
    let told = told.says("Kalimat yang diketik terlambat.").says("action=\"/groups\"");
    told.says(&locale::message(Lang::Id, "groups-draft-discarded", &[]));
    // It is another's no more than before.
    enter(&demo, "novi").await.get(&other).await.is(404);
    assert_eq!(give(&demo).await, (1, 6, 1));
}

#[db_test]
async fn a_program_reads_changes_opens_and_throws_away_the_drafts_of_its_person(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut bagas = operator(&demo, "bagas").await;
    give(&demo).await;
    let token = bagas.makes_token(&["groups:read", "groups:write"]).await;
    let mut program = bagas.with_token(&token);
    let list = program.api("GET", "/api/v1/drafts", None).await.is(200).json();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["next"]), (8, &json!(null)));
    let path = format!("/api/v1{}", draft_of(&db, "disaster").await);
    let read = program.api("GET", &path, None).await.is(200);
    assert_eq!(read.headers["etag"], "\"1\"");
    assert!(list["items"].as_array().unwrap().contains(&read.json()));

    let body = |summary: &str| json!({ "name": "Siaga Tomohon", "summary": summary, "sign_up": "application", "visibility": "public" });
    let kept = program.api_if("PUT", &path, 1, body("Warga yang siap.")).await.is(200);
    assert_eq!((kept.json()["version"].clone(), kept.json()["area"].clone()), (json!(2), json!("")));
    // Whoever changes what has changed is told how it stands now, with the version to send next.
    let stale = program.api_if("PUT", &path, 1, body("Yang kedua.")).await.is(412);
    assert_eq!((stale.json()["newer"].clone(), &stale.headers["etag"]), (kept.json(), &kept.headers["etag"]));
    assert_eq!(stale.json()["key"], "refusal-changed");
    for way in ["", "/open"] {
        let method = if way.is_empty() { "DELETE" } else { "POST" };
        let stale = program.api_if(method, &format!("{path}{way}"), 1, json!(null)).await.is(412).json();
        assert_eq!(stale["newer"]["version"], 2);
    }
    let wrong = program.api_if("PUT", &path, 2, json!({ "sign_up": "x", "visibility": "public" })).await;
    assert_eq!(wrong.is(422).json()["fields"][0]["field"], "sign_up");

    // Without a place it is no group.
    let open = format!("{path}/open");
    assert_eq!(program.api("POST", &open, None).await.is(422).json()["fields"][0]["field"], "area");
    let mut whole = body("Warga yang siap.");
    whole["area"] = json!("Kota Tomohon");
    program.api_if("PUT", &path, 2, whole).await.is(200);
    let group = program.api("POST", &open, None).await.is(201);
    assert_eq!(group.json()["name"], "Siaga Tomohon");
    let gone = program.api("GET", &path, None).await.is(410).json();
    assert_eq!(
        (&gone["key"], &gone["arguments"]["group"]),
        (&json!("groups-draft-opened"), &group.json()["slug"])
    );
    program.api("POST", &open, None).await.is(410);

    let other = format!("/api/v1{}", draft_of(&db, "lawyers").await);
    program.api("DELETE", &other, None).await.is(204);
    let gone = program.api("DELETE", &other, None).await.is(410).json();
    assert_eq!(gone["key"], "groups-draft-discarded");
    // Another's, and a program that may only read.
    let third = format!("/api/v1{}", draft_of(&db, "doctors").await);
    enter(&demo, "novi").await.api("GET", &third, None).await.is(404);
    let reads = bagas.makes_token(&["groups:read"]).await;
    let mut reader = bagas.with_token(&reads);
    reader.api("GET", &third, None).await.is(200);
    reader.api("DELETE", &third, None).await.is(403);
    // What came of a draft is forgotten after 30 days.
    demo.clock.advance(31 * mapalus_core::time::DAY);
    demo.settle().await;
    assert_eq!(count(&db, "draft_ends").await, 0);
    enter(&demo, "bagas").await.api("GET", &path, None).await.is(404);
}

#[db_test]
async fn a_draft_goes_with_its_person_and_stands_in_the_own_data(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut meylan = operator(&demo, "meylan").await;
    give(&demo).await;
    let data = meylan.get("/api/v1/me/data").await.is(200).json();
    assert_eq!(data["groups"]["drafts"].as_array().unwrap().len(), 8);
    let discard = format!("{}/discard", draft_of(&db, "lawyers").await);
    meylan.post(&discard, &[]).await.is(303);
    assert_eq!(count(&db, "draft_ends").await, 1);
    sql(
        &db,
        "update persons set state = 'closing', closing_at = 0 where mail_folded = $1",
        &params![mail("meylan")],
    )
    .await;
    demo.clock.advance(15 * mapalus_core::time::DAY);
    demo.settle().await;
    assert_eq!((count(&db, "group_drafts").await, count(&db, "draft_ends").await), (0, 0));
}
