//! Reviewers score applicants, each alone at first.

use crate::{
    testing::{Browser, Instance},
    world::{self, OTHER, at_once, enter, sql, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_core::time::DAY;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

/// A promise, a screening by two, a decision.
async fn screened(coordinator: &mut Browser<'_>) {
    let items = json!([
        { "kind": "agreement", "name": "Janji", "text": "Saya datang.", "days": 7 },
        { "kind": "screening", "name": "Penilaian", "days": 7, "reviewers": 2, "criteria": [
            { "name": "Motivasi", "good": "Tahu mengapa.", "weight": 3 }, { "name": "Waktu" },
        ] },
        { "kind": "decision", "name": "Keputusan", "days": 7 },
    ]);
    let put = format!("/api/v1/groups/{OTHER}/path");
    coordinator.api("PUT", &put, Some(json!({ "items": items }))).await.is(200);
}

/// An application that waits for its scores.
async fn waits(applicant: &mut Browser<'_>) -> String {
    let id = world::apply(applicant, OTHER).await;
    let path = format!("/api/v1/applications/{id}");
    applicant.api("POST", &format!("{path}/agree"), None).await.is(200);
    id
}

fn gives(scores: [i64; 2]) -> Option<Json> {
    Some(json!({ "scores": scores, "note": "Pernah ikut dapur umum." }))
}

#[db_test]
async fn two_reviewers_see_each_others_scores_when_both_have_given_theirs(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    screened(&mut stenly).await;
    world::appoint(&db, OTHER, "fera", "applications").await;
    let mut fera = enter(&demo, "fera").await;
    let id = waits(&mut meylan).await;
    let (page, path) = (format!("/applications/{id}"), format!("/api/v1/applications/{id}"));
    let put = format!("{path}/scores");
    meylan.api("PUT", &put, gives([5, 5])).await.is(404);
    stenly.api("PUT", &put, gives([5, 6])).await.is(422).says("scores.1");
    let now = stenly.api("PUT", &put, gives([5, 3])).await.is(200).json();
    assert_eq!((&now["place"], &now["screenings"][0]["given"]), (&json!(1), &json!(1)));
    assert_eq!(now["screenings"][0]["scores"].as_array().unwrap().len(), 1, "one sees one's own");
    // The other one sees that somebody gave, not what.
    let hidden = locale::message(Lang::Id, "joining-screening-hidden", &[]);
    fera.get(&page).await.is(200).says(&hidden).lacks("Pernah ikut dapur umum.");
    let seen = fera.api("GET", &path, None).await.is(200).json();
    let screening = &seen["screenings"][0];
    assert_eq!(
        (&screening["given"], &screening["scores"], screening.get("figures")),
        (&json!(1), &json!([]), None)
    );
    let version = seen["version"].to_string();
    let lacking = [("scores.1", "3"), ("version", version.as_str())];
    fera.post(&format!("{page}/scores"), &lacking).await.is(422).says("scores.0");
    let typed = [("scores.0", "3"), ("scores.1", "5"), ("note", "Baru pindah."), ("version", &version)];
    fera.post(&format!("{page}/scores"), &typed).await.is(303);
    let both = stenly.api("GET", &path, None).await.is(200).json();
    // 5 and 3 weighed by 3 and 1 are 4.5, 3 and 5 are 3.5.
    let figures = json!({ "mean_tenths": 40, "spread_tenths": 10 });
    assert_eq!((&both["place"], &both["screenings"][0]["figures"]), (&json!(2), &figures));
    stenly.get(&page).await.is(200).says("Baru pindah.").says("4,0");
    stenly.get(&format!("/groups/{OTHER}/applications")).await.is(200).says("Rata-rata 4,0");
    // One changes the own until something is decided, and nobody else comes in.
    stenly.api("PUT", &put, gives([3, 3])).await.is(200);
    world::appoint(&db, OTHER, "deisy", "applications").await;
    let mut deisy = enter(&demo, "deisy").await;
    deisy.api("PUT", &put, gives([1, 1])).await.is(409).says("joining-not-this-step");
    stenly.api("POST", &format!("{path}/accept"), Some(json!({}))).await.is(200);
    stenly.api("PUT", &put, gives([1, 1])).await.is(409).says("joining-screening-decided");
    // The applicant reads the decision; the scores are in the own data, without names.
    meylan.get(&page).await.is(200).lacks("Baru pindah.");
    let data = meylan.get("/api/v1/me/data").await.is(200);
    data.says("Baru pindah.").lacks("Stenly");
    for _ in 0..181 {
        demo.clock.advance(DAY);
    }
    demo.settle().await;
    assert_eq!(value::<i64>(&db, "select count(*) from scores", &[]).await, 0);
}

#[db_test]
async fn who_vouched_does_not_score_and_who_is_there_is_enough(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    screened(&mut stenly).await;
    world::appoint(&db, OTHER, "fera", "applications").await;
    let but = "delete from role_holders where group_id = (select id from groups where slug = $1)
        and person_id not in (select id from persons where mail_folded in ($2, $3))";
    sql(&db, but, &params![OTHER, world::mail("stenly"), world::mail("fera")]).await;
    let id = waits(&mut meylan).await;
    let vouched = "insert into vouches (id, application_id, step_id, giver_id, typed, state, asked_at, ends_at, given_at,
            relation, known, note)
        select applications.id, applications.id, steps.id, persons.id, '', 'given', 0, 0, 1, 'work', 'under-one', ''
        from applications
        join steps on steps.path_id = applications.path_id and steps.place = 0
        join persons on persons.mail_folded = $2
        where applications.id = $1";
    assert_eq!(sql(&db, vouched, &params![&id, world::mail("fera")]).await, 1);
    let put = format!("/api/v1/applications/{id}/scores");
    let mut fera = enter(&demo, "fera").await;
    fera.api("PUT", &put, gives([5, 5])).await.is(409).says("joining-screening-voucher");
    fera.get(&format!("/applications/{id}")).await.is(200).lacks("name=\"scores.0\"");
    // Two are asked for, one is there.
    let now = stenly.api("PUT", &put, gives([4, 4])).await.is(200).json();
    assert_eq!(now["place"], json!(2));
}

#[db_test]
async fn two_who_give_theirs_at_once_are_both_counted(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let mut stenly = enter(&nodes[0], "stenly").await;
    screened(&mut stenly).await;
    world::appoint(&db, OTHER, "fera", "applications").await;
    let fera = enter(&nodes[0], "fera").await;
    let mut meylan = enter(&nodes[0], "meylan").await;
    let id = waits(&mut meylan).await;
    let put = format!("/api/v1/applications/{id}/scores");
    let mut two = [stenly.at(&nodes[0]), fera.at(&nodes[1])];
    let answers = at_once(two.iter_mut().map(|browser| browser.api("PUT", &put, gives([4, 4])))).await;
    for answer in answers {
        answer.is(200);
    }
    let now = stenly.api("GET", &format!("/api/v1/applications/{id}"), None).await.is(200).json();
    assert_eq!((&now["place"], &now["screenings"][0]["given"]), (&json!(2), &json!(2)));
}

#[db_test]
async fn coordinators_write_the_criteria_in_the_builder(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let page = format!("/groups/{OTHER}/path");
    stenly
        .get(&format!("{page}/new?kind=screening"))
        .await
        .is(200)
        .says("name=\"criterion\" maxlength=\"80\" value=\"\"");
    let row = |title, good, weight| [("criterion", title), ("good", good), ("weight", weight)];
    let step = |rows: &[[(&'static str, &'static str); 3]]| {
        let mut fields = vec![
            ("kind", "screening"),
            ("name", "Penilaian"),
            ("days", "7"),
            ("remind_days", "2"),
            ("overdue", "escalate"),
            ("reviewers", "2"),
            ("version", "0"),
        ];
        fields.extend(rows.iter().flatten().copied());
        fields
    };
    let few = [row("Motivasi", "Tahu mengapa.", "3"), row("", "", "1")];
    let refused = stenly.post(&format!("{page}/new"), &step(&few)).await.is(422);
    refused.says("value=\"Motivasi\"").says("e-criterion");
    let whole = [few[0], few[1], row("Waktu", "", "1")];
    stenly.post(&format!("{page}/new"), &step(&whole)).await.is(303);
    // It stands at the end, its empty row is none.
    let made = stenly.get(&format!("{page}/5")).await.is(200);
    let made = made.says("value=\"Motivasi\"").says("value=\"Tahu mengapa.\"").says("value=\"Waktu\"");
    assert!(made.body.find("value=\"Motivasi\"") < made.body.find("value=\"Waktu\""));
}
