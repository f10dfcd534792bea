//! The operator's starters: drafts of the templates, never a group, nobody else's business.

use crate::{
    testing::{Browser, Instance},
    world::{enter, mail, sql, value},
};
use mapalus_app::home::starters;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;

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
    bagas.get(&path).await.is(404);
    bagas.post(&path, &complete).await.is(404);
    // The group stands for the draft: another is not made. One that was thrown away is, when asked for again.
    let other = draft_of(&db, "lawyers").await;
    bagas.post(&format!("{other}/discard"), &[]).await.is(303);
    bagas.get(&other).await.is(404);
    assert_eq!(give(&demo).await, (1, 6, 1));
}

#[db_test]
async fn a_draft_goes_with_its_person_and_stands_in_the_own_data(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut meylan = operator(&demo, "meylan").await;
    give(&demo).await;
    let data = meylan.get("/me/data").await.is(200).json();
    assert_eq!(data["groups"]["drafts"].as_array().unwrap().len(), 8);
    sql(
        &db,
        "update persons set state = 'closing', closing_at = 0 where mail_folded = $1",
        &params![mail("meylan")],
    )
    .await;
    demo.clock.advance(15 * mapalus_core::time::DAY);
    demo.settle().await;
    assert_eq!(count(&db, "group_drafts").await, 0);
}
