//! What those who run a group do to its people is undone before anybody is told, and not afterwards.

use crate::{
    races::nodes,
    testing::{Browser, Instance},
    world::{self, OTHER, Saved, at_once, enter, mail, sql, value},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};
use std::pin::Pin;

async fn id_of(db: &Db, key: &str) -> String {
    value(db, "select id from persons where mail_folded = $1", &params![mail(key)]).await
}

/// State, reason and beginning of a membership, and how many roles its person holds.
async fn stands(db: &Db, key: &str) -> String {
    let of = "select memberships.state || ' ' || why || ' ' || cast(since as text) || ' ' || cast((
            select count(*) from role_holders
            where role_holders.group_id = memberships.group_id and role_holders.person_id = memberships.person_id
        ) as text)
        from memberships
        join groups on groups.id = group_id
        join persons on persons.id = person_id
        where slug = $1 and mail_folded = $2";
    value(db, of, &params![OTHER, mail(key)]).await
}

async fn state(db: &Db, key: &str) -> String {
    stands(db, key).await.split(' ').next().unwrap().to_owned()
}

/// How many notices and mails of these keys there are to a person.
async fn told(db: &Db, key: &str, about: &str) -> i64 {
    let count = "select (select count(*) from notices where person_id = $1 and notices.key like $2)
        + (select count(*) from mails where person_id = $1 and mails.key like $2)";
    value(db, count, &params![id_of(db, key).await, format!("groups-notice-{about}%")]).await
}

async fn later(demo: &Instance) {
    demo.clock.advance(20_000);
    demo.settle().await;
}

fn why() -> Option<Json> {
    Some(json!({ "reason": "Melanggar aturan pertama." }))
}

/// The address of fera's membership over the API.
async fn member(db: &Db) -> String {
    format!("/api/v1/groups/{OTHER}/members/{}", id_of(db, "fera").await)
}

#[db_test]
async fn an_exclusion_is_undone_before_anybody_is_told_and_roles_come_back(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    world::appoint(&db, OTHER, "fera", "path").await;
    let before = stands(&db, "fera").await;
    let at = format!("/groups/{OTHER}/members/{}", id_of(&db, "fera").await);
    stenly.post(&format!("{at}/exclude"), &[("reason", "Melanggar aturan pertama.")]).await.is(303);
    assert_eq!(state(&db, "fera").await, "excluded");
    fera.get(&format!("/groups/{OTHER}/members")).await.is(403);
    // The page that follows offers to undo it; who was excluded, and others, cannot.
    stenly.get(&format!("/groups/{OTHER}/members")).await.is(200).says(&format!("action=\"{at}/undo\""));
    fera.post(&format!("{at}/undo"), &[]).await.is(403);
    demo.clock.advance(19_999);
    demo.settle().await;
    stenly.post(&format!("{at}/undo"), &[]).await.is(303);
    assert_eq!(stands(&db, "fera").await, before);
    fera.get(&format!("/groups/{OTHER}/path")).await.is(200);
    later(&demo).await;
    assert_eq!(told(&db, "fera", "").await, 0);
    stenly.post(&format!("{at}/undo"), &[]).await.is(409);
    let recorded = "select string_agg(why, ' ') from (
            select why from audit where subject = $1 and action in ('ChangeMembers', 'UndoChange') order by at, id
        ) as all_of_it";
    let recorded: String = value(&db, recorded, &params![id_of(&db, "fera").await]).await;
    assert_eq!(recorded, "excluded undone");
}

#[db_test]
async fn suspending_and_restoring_are_undone_over_the_api_each_by_itself(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, member) = (enter(&demo, "stenly").await, member(&db).await);
    let undo = format!("{member}/undo");
    stenly.api("POST", &undo, None).await.is(409).says("groups-too-late");
    stenly.api("POST", &format!("{member}/suspend"), why()).await.is(204);
    stenly.api("POST", &undo, None).await.is(204);
    assert_eq!(state(&db, "fera").await, "active");
    stenly.api("POST", &format!("{member}/suspend"), why()).await.is(204);
    later(&demo).await;
    assert_eq!(told(&db, "fera", "suspended").await, 2, "by notice and by mail");
    stenly.api("POST", &undo, None).await.is(409).says("groups-too-late");
    stenly.api("POST", &format!("{member}/restore"), None).await.is(204);
    stenly.api("POST", &undo, None).await.is(204);
    assert!(stands(&db, "fera").await.starts_with("suspended Melanggar aturan pertama."));
    // What came before it is not the state that the earlier one left.
    stenly.api("POST", &undo, None).await.is(409);
    later(&demo).await;
    assert_eq!(told(&db, "fera", "restored").await, 0);
    demo.browser().api("POST", &undo, None).await.is(401);
}

#[db_test]
async fn roles_that_were_given_and_taken_change_back(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, member) = (enter(&demo, "stenly").await, member(&db).await);
    world::appoint(&db, OTHER, "fera", "path").await;
    let roles = stenly.api("GET", &format!("/api/v1/groups/{OTHER}/roles"), None).await.is(200).json();
    let id = |pick: &dyn Fn(&Json) -> bool| {
        let found = roles["items"].as_array().unwrap().iter().find(|role| pick(role));
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let path = id(&|role| role["permissions"] == json!(["path"]));
    let held = "select count(*) from role_holders where person_id = $1 and role_id = $2 and since = $3";
    let fera = id_of(&db, "fera").await;
    let others = |role: &Json| !role["holders"].as_array().unwrap().contains(&json!(fera));
    let none = id(&|role| role["permissions"] == json!([]) && others(role));
    let set = format!("{member}/roles");
    stenly.api("PUT", &set, Some(json!({ "roles": [none] }))).await.is(204);
    assert_eq!(value::<i64>(&db, held, &params![&fera, &path, 0]).await, 0);
    stenly.api("POST", &format!("{member}/undo"), None).await.is(204);
    // The one that was taken is held since then, as before.
    assert_eq!(value::<i64>(&db, held, &params![&fera, &path, 0]).await, 1);
    let all = "select count(*) from role_holders where person_id = $1 and role_id = $2";
    assert_eq!(value::<i64>(&db, all, &params![&fera, &none]).await, 0);
    later(&demo).await;
    assert_eq!(told(&db, "fera", "roles").await, 0);
    // A role that allows something else meanwhile is not given back.
    stenly.api("PUT", &set, Some(json!({ "roles": [] }))).await.is(204);
    let more = json!({ "name": "Alur", "permissions": ["path", "members"] });
    stenly.api("PUT", &format!("/api/v1/groups/{OTHER}/roles/{path}"), Some(more)).await.is(200);
    stenly.api("POST", &format!("{member}/undo"), None).await.is(409).says("groups-undo-changed");
    // Nor one that is there no more.
    stenly.api("DELETE", &format!("/api/v1/groups/{OTHER}/roles/{path}"), None).await.is(204);
    stenly.api("POST", &format!("{member}/undo"), None).await.is(409).says("groups-undo-changed");
}

#[db_test]
async fn who_handed_over_takes_it_back_without_holding_anything(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let before = (stands(&db, "stenly").await, stands(&db, "fera").await);
    let at = format!("/groups/{OTHER}/members/{}", id_of(&db, "fera").await);
    stenly.post(&format!("{at}/hand-over"), &[]).await.is(303);
    stenly.get(&format!("/groups/{OTHER}/settings")).await.is(403);
    stenly.post(&format!("{at}/undo"), &[]).await.is(303);
    assert_eq!((stands(&db, "stenly").await, stands(&db, "fera").await), before);
    stenly.get(&format!("/groups/{OTHER}/settings")).await.is(200);
    fera.get(&format!("/groups/{OTHER}/settings")).await.is(403);
    later(&demo).await;
    assert_eq!(told(&db, "fera", "roles").await, 0);
    // Who got it has acted: whoever handed over is a member like others then.
    let member = member(&db).await;
    stenly.api("POST", &format!("{member}/hand-over"), None).await.is(204);
    let own = format!("/api/v1/groups/{OTHER}/members/{}", id_of(&db, "stenly").await);
    fera.api("POST", &format!("{own}/suspend"), why()).await.is(204);
    stenly.api("POST", &format!("{member}/undo"), None).await.is(409).says("groups-undo-changed");
    fera.api("POST", &format!("{own}/undo"), None).await.is(204);
    assert_eq!(state(&db, "stenly").await, "active");
}

#[db_test]
async fn nothing_is_undone_over_what_others_did_meanwhile(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let member = member(&db).await;
    stenly.api("POST", &format!("{member}/suspend"), why()).await.is(204);
    // A suspended member may leave, and comes back by an invitation alone.
    fera.get(&format!("/groups/{OTHER}")).await.is(200).says("/leave");
    fera.api("POST", &format!("/api/v1/groups/{OTHER}/leave"), None).await.is(204);
    stenly.api("POST", &format!("{member}/undo"), None).await.is(409).says("groups-undo-changed");
    assert!(stands(&db, "fera").await.starts_with("left left-suspended "));
    let apply = format!("/api/v1/groups/{OTHER}/applications");
    fera.api("POST", &apply, None).await.is(409).says("joining-left-suspended");
    let invite = format!("/api/v1/groups/{OTHER}/invitations");
    let to = Some(json!({ "mail": mail("fera") }));
    let invited = stenly.api("POST", &invite, to).await.is(201).json();
    fera.api("POST", &apply, None).await.is(201);
    // Who was invited has begun to join.
    let undo = format!("{invite}/{}/undo", invited["id"].as_str().unwrap());
    stenly.api("POST", &undo, None).await.is(409).says("groups-undo-changed");
    assert_eq!(state(&db, "fera").await, "invited");
}

#[db_test]
async fn one_coordinator_does_not_undo_what_another_did(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut johan) = (enter(&demo, "stenly").await, enter(&demo, "johan").await);
    world::join(&mut johan, &mut stenly, OTHER).await;
    world::appoint(
        &db,
        OTHER,
        "johan",
        "applications members roles settings path questions qualifications trainings",
    )
    .await;
    let member = member(&db).await;
    stenly.api("POST", &format!("{member}/suspend"), why()).await.is(204);
    johan.api("POST", &format!("{member}/undo"), None).await.is(409).says("groups-too-late");
    // Nor who may do it no more.
    let own = format!("/api/v1/groups/{OTHER}/members/{}/roles", id_of(&db, "stenly").await);
    johan.api("PUT", &own, Some(json!({ "roles": [] }))).await.is(204);
    stenly.api("POST", &format!("{member}/undo"), None).await.is(403);
    assert_eq!(state(&db, "fera").await, "suspended");
}

#[db_test]
async fn a_step_that_was_skipped_is_undone_and_nobody_hears_of_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut meylan) = (enter(&demo, "stenly").await, enter(&demo, "meylan").await);
    let id = world::apply(&mut meylan, OTHER).await;
    let before = world::step(&mut meylan, &mut stenly, &id).await;
    let path = format!("/api/v1/applications/{id}");
    let skip = || Some(json!({ "reason": "Janji ditandatangani di kertas." }));
    for _ in 0..2 {
        stenly.api("POST", &format!("{path}/skip"), skip()).await.is(200);
        let after = stenly.api("POST", &format!("{path}/undo"), None).await.is(200).json();
        assert_eq!((&after["place"], &after["state"]), (&before["place"], &before["state"]));
        assert_eq!(after["skipped"], before["skipped"]);
    }
    later(&demo).await;
    let notices =
        "select count(*) from notices where notices.key in ('joining-notice-moved', 'joining-notice-sent')
        and about = $1";
    let about = params![id_of(&db, "meylan").await];
    assert_eq!(value::<i64>(&db, notices, &about).await, 0, "neither the applicant nor the coordinators");
    let page = format!("/applications/{id}");
    let version = meylan.api("GET", &path, None).await.json()["version"].to_string();
    let fields = [("skip_reason", "Janji ditandatangani di kertas."), ("version", version.as_str())];
    stenly.post(&format!("{page}/skip"), &fields).await.is(303);
    stenly.get(&page).await.is(200).says(&format!("action=\"{page}/undo\""));
    later(&demo).await;
    assert_eq!(value::<i64>(&db, notices, &about).await, 2);
    stenly.api("POST", &format!("{path}/undo"), None).await.is(409).says("joining-too-late");
}

#[db_test]
async fn a_decision_is_not_undone_over_an_exclusion(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut meylan) = (enter(&demo, "stenly").await, enter(&demo, "meylan").await);
    world::join(&mut meylan, &mut stenly, OTHER).await;
    let id: String = value(
        &db,
        "select applications.id from applications join persons on persons.id = person_id where mail_folded = $1",
        &params![mail("meylan")],
    )
    .await;
    let at = format!("/api/v1/groups/{OTHER}/members/{}", id_of(&db, "meylan").await);
    stenly.api("POST", &format!("{at}/exclude"), why()).await.is(204);
    let undo = format!("/api/v1/applications/{id}/undo");
    stenly.api("POST", &undo, None).await.is(409).says("joining-too-late");
    assert_eq!(state(&db, "meylan").await, "excluded");
    // The exclusion first, then the decision.
    stenly.api("POST", &format!("{at}/undo"), None).await.is(204);
    stenly.api("POST", &undo, None).await.is(200);
    assert_eq!(state(&db, "meylan").await, "applied");
}

/// What runs at once: an answer's status, or nothing for the background work.
type Runs<'a> = Pin<Box<dyn Future<Output = Option<u16>> + 'a>>;

fn posts<'a>(browser: &'a mut Browser<'_>, path: String, body: Option<Json>) -> Runs<'a> {
    Box::pin(async move { Some(browser.api("POST", &path, body).await.status.as_u16()) })
}

#[db_test]
async fn undone_while_it_is_being_told_it_is_one_or_the_other(db: Db) {
    let nodes = nodes(&db).await;
    let browser = enter(&nodes[0], "stenly").await;
    let member = member(&db).await;
    let saved = Saved::new(&db).await;
    for round in 0..6 {
        let mut stenly = browser.at(&nodes[round % 2]);
        stenly.api("POST", &format!("{member}/exclude"), why()).await.is(204);
        // Its time comes while the undo is on its way.
        sql(&db, "update outbox set due_at = 0 where position is null", &[]).await;
        let other = &nodes[(round + 1) % 2];
        let told_at_once: Runs<'_> = Box::pin(async move {
            other.settle().await;
            None
        });
        let undone = at_once([posts(&mut stenly, format!("{member}/undo"), None), told_at_once]).await;
        nodes[0].settle().await;
        let told = told(&db, "fera", "excluded").await;
        match (undone[0], state(&db, "fera").await.as_str()) {
            (Some(204), "active") => assert_eq!(told, 0),
            (Some(409), "excluded") => assert_eq!(told, 2),
            other => panic!("{other:?}, told {told}"),
        }
        saved.restore(&db).await;
    }
}

#[db_test]
async fn undone_by_one_and_excluded_by_another_at_once_the_exclusion_stands(db: Db) {
    let nodes = nodes(&db).await;
    let (stenly, mut johan) = (enter(&nodes[0], "stenly").await, enter(&nodes[0], "johan").await);
    world::join(&mut johan, &mut stenly.again(), OTHER).await;
    world::appoint(
        &db,
        OTHER,
        "johan",
        "applications members roles settings path questions qualifications trainings",
    )
    .await;
    let member = member(&db).await;
    let saved = Saved::new(&db).await;
    for round in 0..6 {
        let mut one = stenly.at(&nodes[round % 2]);
        let (mut again, mut two) = (one.again(), johan.at(&nodes[(round + 1) % 2]));
        one.api("POST", &format!("{member}/suspend"), why()).await.is(204);
        let undo = format!("{member}/undo");
        let answers = at_once([
            posts(&mut one, undo.clone(), None),
            posts(&mut again, undo, None),
            posts(&mut two, format!("{member}/exclude"), why()),
        ])
        .await;
        let undone = answers[..2].iter().filter(|status| **status == Some(204)).count();
        assert!(undone <= 1 && answers[2] == Some(204), "{answers:?}");
        assert!(answers.iter().all(|status| [204, 409].contains(&status.unwrap())), "{answers:?}");
        assert_eq!(state(&db, "fera").await, "excluded", "{answers:?}");
        saved.restore(&db).await;
    }
}

#[db_test]
async fn what_can_be_undone_is_offered_on_each_page_until_its_time_is_over(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let at = format!("/groups/{OTHER}/members/{}", id_of(&db, "fera").await);
    let why = [("reason", "Melanggar aturan pertama.")];
    stenly.post(&format!("{at}/exclude"), &why).await.is(303);
    let offer = |seconds: i64| format!("action=\"{at}/undo\" data-form data-undo=\"{seconds}\"");
    let members = stenly.get(&format!("/groups/{OTHER}/members")).await.is(200).says(&offer(20));
    assert_eq!(members.body.matches(&offer(20)).count(), 1, "once, with what was done");
    demo.clock.advance(7_500);
    for page in ["/groups", "/notices", "/me", "/desk", &format!("/groups/{OTHER}")] {
        let page = stenly.get(page).await.is(200).says(&offer(13)).says("class=\"flash quiet\"");
        assert!(!page.body.contains("role=\"status\""), "it is told once");
    }
    // A page that is not there offers it too; another person in this browser is offered nothing.
    stenly.get("/groups/tidak-ada").await.is(404).says(&offer(13));
    let mut other = stenly.again();
    other.post("/sign-out", &[]).await.is(303);
    assert!(!other.get("/groups").await.is(200).body.contains(&offer(13)));
    other.post("/demo/member", &[]).await.is(303);
    assert!(!other.get("/groups").await.is(200).body.contains("data-undo"));
    let mut stenly = enter(&demo, "stenly").await;
    stenly.post(&format!("{at}/undo"), &[]).await.is(303);
    assert!(!stenly.get("/groups").await.is(200).body.contains("data-undo"), "it is undone");
    // It goes when its time is over; who presses late is told so in words.
    stenly.post(&format!("{at}/exclude"), &why).await.is(303);
    demo.clock.advance(19_999);
    stenly.get("/me").await.is(200).says(&offer(1));
    demo.clock.advance(1);
    assert!(!stenly.get("/me").await.is(200).body.contains("data-undo"));
    let late = mapalus_app::shell::locale::message(mapalus_app::shell::Lang::Id, "groups-too-late", &[]);
    stenly.post(&format!("{at}/undo"), &[]).await.is(409).says(&late);
}

#[db_test]
async fn a_decision_is_offered_to_be_undone_and_the_offer_goes_with_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let id: String = value(
        &db,
        "select min(applications.id) from applications join groups on groups.id = group_id
        join steps on steps.path_id = applications.path_id and steps.place = applications.place
        where slug = $1 and applications.state = 'sent' and steps.kind = 'decision'",
        &params![OTHER],
    )
    .await;
    let version: i64 = value(&db, "select version from applications where id = $1", &params![&id]).await;
    let wait = [("outcome", "wait"), ("version", &version.to_string())];
    stenly.post(&format!("/applications/{id}/decide"), &wait).await.is(303);
    let undo = format!("/applications/{id}/undo");
    stenly.get("/notices").await.is(200).says(&format!("action=\"{undo}\""));
    let mut other_tab = stenly.again();
    stenly.post(&undo, &[]).await.is(303);
    assert!(!stenly.get("/notices").await.is(200).body.contains("data-undo"));
    // The other tab still shows it; pressed there it is answered in words.
    let late = mapalus_app::shell::locale::message(mapalus_app::shell::Lang::Id, "joining-too-late", &[]);
    other_tab.post(&undo, &[]).await.is(409).says(&late);
}
