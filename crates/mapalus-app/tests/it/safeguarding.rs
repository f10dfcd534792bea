//! Who looks after the safety of minors: appointed, appointed anew, dismissed; who never reads a concern.

use crate::{
    minors::{id_of, later, told},
    testing::{Browser, Instance},
    world::{self, GROUP, OTHER, enter, mail as address, sql, value},
};
use mapalus_core::time::DAY;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

/// A browser of the operator.
async fn operator(demo: &Instance) -> Browser<'_> {
    let operates = "update persons set operator = true where mail_folded = $1";
    sql(&demo.app.db, operates, &params![address("bagas")]).await;
    enter(demo, "bagas").await
}

/// Appoints a member straight away.
async fn appointed(db: &Db, key: &str) {
    let appoint = "insert into safeguards (group_id, person_id, since)
        select group_id, person_id, since from memberships where state = 'active'
            and group_id = (select id from groups where slug = $1)
            and person_id = (select id from persons where mail_folded = $2)";
    assert_eq!(sql(db, appoint, &params![OTHER, address(key)]).await, 1, "{key}");
}

/// Proposes it; gives the proposal's id.
async fn proposes(demo: &Instance, by: &mut Browser<'_>, person: &str, kind: &str) -> String {
    let proposals = format!("/api/v1/groups/{OTHER}/safeguarding/proposals");
    by.api("POST", &proposals, Some(json!({ "person": person, "kind": kind }))).await.is(204);
    value(&demo.app.db, "select id from safeguard_proposals where person_id = $1", &params![person]).await
}

fn as_operator(proposal: &str) -> String {
    format!("/api/v1/safeguarding/proposals/{proposal}/confirm")
}

#[db_test]
async fn whoever_was_suspended_or_left_is_appointed_anew(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let mut bagas = operator(&demo).await;
    let fera_id = id_of(&db, &address("fera")).await;
    let concerns = format!("/groups/{OTHER}/concerns");
    appointed(&db, "fera").await;
    fera.get(&concerns).await.is(200);
    demo.clock.advance(1);
    let member = format!("/groups/{OTHER}/members/{fera_id}");
    stenly.post(&format!("{member}/suspend"), &[("reason", "Tidak hadir.")]).await.is(303);
    fera.get(&concerns).await.is(404);
    demo.clock.advance(1);
    stenly.post(&format!("{member}/restore"), &[]).await.is(303);
    fera.get(&concerns).await.is(404);
    let proposal = proposes(&demo, &mut stenly, &fera_id, "appoint").await;
    bagas.api("POST", &as_operator(&proposal), None).await.is(204);
    fera.get(&concerns).await.is(200);
}

#[db_test]
async fn a_coordinator_whom_a_concern_is_about_does_not_read_it_when_appointed_later(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera, mut meylan) =
        (enter(&demo, "stenly").await, enter(&demo, "fera").await, enter(&demo, "meylan").await);
    appointed(&db, "fera").await;
    let stenly_id = id_of(&db, &address("stenly")).await;
    let (form, list) = (format!("/groups/{OTHER}/concern"), format!("/groups/{OTHER}/concerns"));
    let page = meylan.get(&form).await.is(200);
    assert_eq!(page.body.matches(&format!("value=\"{stenly_id}\"")).count(), 1);
    let text = "Seorang pengurus mengajak peserta bertemu sendirian.";
    meylan.post(&form, &[("text", text), ("about", &stenly_id)]).await.is(303);
    let concern: String = value(&db, "select id from concerns", &[]).await;
    appointed(&db, "stenly").await;
    let page = meylan.get(&form).await.is(200);
    assert_eq!(page.body.matches(&format!("value=\"{stenly_id}\"")).count(), 1, "without doubles");
    stenly.get(&list).await.is(200).lacks(&concern);
    stenly.get(&format!("{list}/{concern}")).await.is(404);
    fera.get(&format!("{list}/{concern}")).await.is(200).says(text);
}

#[db_test]
async fn nobody_proposes_themselves_and_whom_it_is_about_does_not_cancel_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let (stenly_id, fera_id) = (id_of(&db, &address("stenly")).await, id_of(&db, &address("fera")).await);
    let page = format!("/groups/{OTHER}/safeguarding");
    let proposals = format!("/api/v1{page}/proposals");
    let itself = Some(json!({ "person": stenly_id, "kind": "appoint" }));
    let refused = stenly.api("POST", &proposals, itself).await.is(409).json();
    assert_eq!(refused["key"], "safeguarding-self");
    stenly.get(&page).await.is(200).lacks(&format!("value=\"{stenly_id}\""));
    let members = format!("/groups/{OTHER}/members");
    stenly.get(&format!("{members}/{stenly_id}")).await.is(200).lacks("/safeguarding/propose");
    stenly.get(&format!("{members}/{fera_id}")).await.is(200).says("/safeguarding/propose");

    appointed(&db, "fera").await;
    world::appoint(&db, OTHER, "fera", "roles").await;
    let proposal = proposes(&demo, &mut stenly, &fera_id, "dismiss").await;
    fera.get(&page).await.is(200).lacks(&format!("{proposal}/cancel"));
    let refused = fera.api("DELETE", &format!("{proposals}/{proposal}"), None).await.is(409).json();
    assert_eq!(refused["key"], "safeguarding-own-cancel");
    fera.post(&format!("{page}/{proposal}/cancel"), &[]).await.is(409);
    stenly.post(&format!("{page}/{proposal}/cancel"), &[]).await.is(303);
}

#[db_test]
async fn a_proposal_counts_as_long_as_its_proposer_gives_roles_and_lapses_after_a_month(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let mut bagas = operator(&demo).await;
    let fera_id = id_of(&db, &address("fera")).await;
    let proposal = proposes(&demo, &mut stenly, &fera_id, "appoint").await;
    let holders = "update role_holders set rests_since = $1
        where person_id = (select id from persons where mail_folded = $2)";
    sql(&db, holders, &params![1, address("stenly")]).await;
    let refused = bagas.api("POST", &as_operator(&proposal), None).await.is(409).json();
    assert_eq!(refused["key"], "safeguarding-proposer-gone");
    sql(&db, holders, &params![None::<i64>, address("stenly")]).await;
    // Whom it is about is not there while their account is being closed.
    let state = "update persons set state = $1 where id = $2";
    sql(&db, state, &params!["closing", &fera_id]).await;
    bagas.api("POST", &as_operator(&proposal), None).await.is(404);
    sql(&db, state, &params!["confirmed", &fera_id]).await;
    later(&demo).await;
    assert!(told(&db, "safeguarding-notice-proposed", &address("bagas")).await > 0);
    demo.clock.advance(30 * DAY - 20_001);
    demo.settle().await;
    let count = "select count(*) from safeguard_proposals";
    assert_eq!(value::<i64>(&db, count, &[]).await, 1);
    demo.clock.advance(DAY);
    demo.settle().await;
    assert_eq!(value::<i64>(&db, count, &[]).await, 0);
}

#[db_test]
async fn what_waits_for_the_operator_is_not_hidden_by_what_does_not(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let mut bagas = operator(&demo).await;
    world::crowd(&demo, 101).await;
    let member = "insert into memberships (group_id, person_id, state, since, changed_at, why, version)
        select groups.id, persons.id, 'active', 0, 0, '', 1 from groups, persons
        where slug = $1 and mail_folded = $2";
    let proposed =
        "insert into safeguard_proposals (id, group_id, person_id, kind, proposed_by, made_at, event_id)
        select persons.id, groups.id, persons.id, 'appoint', persons.id, 0, persons.id from groups, persons
        where slug = $1 and mail_folded like 'orang%'";
    let gives = "insert into role_holders (role_id, person_id, group_id, since)
        select roles.id, persons.id, roles.group_id, 0 from roles, persons
        where mail_folded = $1 and roles.id = (
            select max(roles.id) from roles join groups on groups.id = group_id
            where slug = $2 and permissions like '%roles%'
        )";
    for n in 0..3 {
        let mail = format!("orang{n}@contoh.id");
        sql(&db, member, &params![GROUP, &mail]).await;
        assert_eq!(sql(&db, gives, &params![&mail, GROUP]).await, 1);
    }
    assert_eq!(sql(&db, proposed, &params![GROUP]).await, 101);
    let fera_id = id_of(&db, &address("fera")).await;
    let proposal = proposes(&demo, &mut stenly, &fera_id, "appoint").await;
    bagas.get("/admin/safeguarding").await.is(200).says(&proposal).lacks("Orang");
}
