//! What a button is refused for stands on the page, and its form as it is stored.

use crate::{
    growth::{does, planned},
    testing::Instance,
    world::{OTHER, enter, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;

fn id_in(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn said(key: &str) -> String {
    locale::message(Lang::Id, key, &[])
}

#[db_test]
async fn on_the_page_of_a_training_a_refusal_leaves_the_form_of_its_change_as_it_was(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let sitting = planned(&demo, &mut stenly, (10, "1"), "").await;
    let id: String = value(&db, "select training_id from sittings where seats = 1", &[]).await;
    let own = format!("/groups/{OTHER}/trainings/{id}");
    let filled = "value=\"Bantuan hidup dasar\"";
    let retire = format!("{own}/retire");
    stenly.post(&retire, &[("version", "1")]).await.is(409).says(&said("growth-has-dates")).says(filled);
    let enrol = format!("{}/enrol", sitting.replace("/api/v1", ""));
    stenly.post(&enrol, &[]).await.is(303);
    stenly.post(&enrol, &[]).await.is(409).says(&said("growth-enrolled")).says(filled);
    // What was typed in the form itself stays in it.
    let typed = [("title", "x"), ("version", "1")];
    stenly.post(&own, &typed).await.is(422).says("value=\"x\"").lacks(filled);
}

#[db_test]
async fn on_the_page_of_a_session_each_form_answers_for_itself(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let sitting = planned(&demo, &mut stenly, (10, "5"), "").await;
    does(&mut enter(&demo, "deisy").await, &sitting, "enrol").await.is(200);
    let enrolment: String =
        value(&db, "select id from enrolments where sitting_id = $1", &params![id_in(&sitting)]).await;
    let own = sitting.replace("/api/v1", "");
    let open = "<details open>";
    // Nobody can be said to have done well before it began; nothing is called off by that.
    let noted = [("outcome", "passed"), ("word", "Bagus.")];
    let note = format!("/groups/{OTHER}/enrolments/{enrolment}");
    stenly.post(&note, &noted).await.is(409).says(&said("growth-not-begun")).lacks(open);
    let all = [("outcome", "passed")];
    let note = format!("{own}/outcomes");
    stenly.post(&note, &all).await.is(409).says(&said("growth-not-begun")).lacks(open);
    let cancel = format!("{own}/cancel");
    let error = "id=\"e-reason\"";
    stenly.post(&cancel, &[("reason", "")]).await.is(422).says(open).says(error);
    let typed = [("starts", "kapan"), ("ends", ""), ("area", "Kota Manado"), ("version", "1")];
    stenly.post(&own, &typed).await.is(422).says("value=\"kapan\"").lacks(open).lacks(error);
}

#[db_test]
async fn who_removes_what_changed_meanwhile_reads_why_it_stays(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let (stale, changed) = ([("version", "9")], said("refusal-changed"));
    let kinds = format!("/groups/{OTHER}/qualifications/kinds");
    stenly.post(&kinds, &[("name", "Orientasi"), ("months", "12")]).await.is(303);
    let kind: String = value(&db, "select id from qualification_kinds where name = 'Orientasi'", &[]).await;
    let answer = stenly.post(&format!("{kinds}/{kind}/retire"), &stale).await;
    assert!(answer.status.is_client_error());
    answer.says(&changed).says("value=\"Orientasi\"");
    let replies = format!("/groups/{OTHER}/replies");
    stenly.post(&replies, &[("title", "Bolehkah ikut?"), ("text", "Boleh sekali.")]).await.is(303);
    let reply: String = value(&db, "select id from ask_replies where title = 'Bolehkah ikut?'", &[]).await;
    let answer = stenly.post(&format!("{replies}/{reply}/remove"), &stale).await;
    assert!(answer.status.is_client_error());
    answer.says(&changed).says("value=\"Bolehkah ikut?\"");
    let own = "/me/qualifications";
    stenly
        .post(own, &[("kind", "bls"), ("number", "B-17"), ("issued_on", "2026-06-01"), ("audience", "me")])
        .await
        .is(303);
    let held: String = value(&db, "select id from qualifications where number = 'B-17'", &[]).await;
    let answer = stenly.post(&format!("{own}/{held}/remove"), &stale).await;
    assert!(answer.status.is_client_error());
    answer.says(&changed).says("value=\"B-17\"");
}
