//! Steps beside one another, steps that apply only if an answer says so, deadlines that pass.

use crate::{
    testing::{Browser, Instance},
    world::{self, OTHER, enter, sql, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_core::time::DAY;
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

/// A form that asks for the age, a promise beside another form, a guardian's consent under 18, a decision.
fn items() -> Json {
    let question = |key: &str, kind: &str| json!({ "key": key, "kind": kind, "label": key, "required": true, "visible": "reviewers", "delete_days": 30 });
    json!([
        { "kind": "form", "name": "Data diri", "days": 7, "questions": [question("umur", "number")] },
        { "kind": "agreement", "name": "Janji", "text": "Saya datang.", "days": 7 },
        { "kind": "form", "name": "Cerita", "days": 7, "beside": true, "questions": [question("cerita", "long")] },
        { "kind": "agreement", "name": "Izin wali", "text": "Wali mengizinkan.", "days": 7, "overdue": "close",
            "only_if": { "question": "umur", "test": "below", "value": "18" } },
        { "kind": "decision", "name": "Keputusan", "days": 7, "overdue": "escalate" },
    ])
}

async fn use_path(coordinator: &mut Browser<'_>, items: Json) {
    let put = format!("/api/v1/groups/{OTHER}/path");
    coordinator.api("PUT", &put, Some(json!({ "items": items }))).await.is(200);
}

/// An application whose first form says this age.
async fn aged(applicant: &mut Browser<'_>, age: &str) -> (String, Json) {
    let id = world::apply(applicant, OTHER).await;
    let path = format!("/api/v1/applications/{id}");
    let answers = json!({ "answers": { "umur": [age] } });
    let now = applicant.api("POST", &format!("{path}/send"), Some(answers)).await.is(200).json();
    (id, now)
}

fn text(key: &str) -> String {
    locale::message(Lang::Id, key, &[])
}

#[db_test]
async fn steps_beside_one_another_are_open_at_once_and_what_does_not_apply_is_not_asked(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    use_path(&mut stenly, items()).await;
    let (id, now) = aged(&mut meylan, "30").await;
    let step = |n: usize| now["steps"][n]["id"].clone();
    assert_eq!((&now["open"], &now["spared"]), (&json!([step(1), step(2)]), &json!([step(3)])));
    let page = meylan.get(&format!("/applications/{id}")).await.is(200).says(&text("joining-turns"));
    let [promise, story] = [1, 2].map(|n| step(n).as_str().unwrap().to_owned());
    let why = [("question", "umur".into()), ("value", "18".into())];
    let why = locale::message(Lang::Id, "joining-if-below", &why).replace('"', "&#34;");
    page.says(&format!("name=\"step\" value=\"{promise}\""))
        .says(&format!("name=\"step\" value=\"{story}\""))
        .says(&why);
    // The other order is as good; a step that was done is not done again, and one that is spared is not open.
    let version = now["version"].to_string();
    let form = format!("/applications/{id}/form");
    let told = [("step", story.as_str()), ("cerita", "Saya ingin membantu."), ("version", &version)];
    meylan.post(&form, &told).await.is(303);
    let path = format!("/api/v1/applications/{id}");
    let half = meylan.api("GET", &path, None).await.is(200).json();
    assert_eq!((&half["open"], &half["place"]), (&json!([promise]), &json!(1)));
    let answers = json!({ "step": story, "answers": { "cerita": ["Lagi."] } });
    meylan.api("POST", &format!("{path}/send"), Some(answers)).await.is(409).says("joining-not-this-step");
    let guardian = step(3).as_str().unwrap().to_owned();
    meylan.api("POST", &format!("{path}/agree?step={guardian}"), None).await.is(409);
    stenly.api("POST", &format!("{path}/accept"), Some(json!({}))).await.is(409);
    let ready = meylan.api("POST", &format!("{path}/agree?step={promise}"), None).await.is(200).json();
    assert_eq!((&ready["place"], &ready["next"]), (&json!(4), &json!("coordinators")));
    let done = stenly.api("POST", &format!("{path}/accept"), Some(json!({}))).await.is(200).json();
    assert_eq!((&done["state"], &done["place"]), (&json!("accepted"), &json!(5)));
}

#[db_test]
async fn what_an_answer_calls_for_is_asked_and_of_steps_beside_one_another_one_is_skipped(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    use_path(&mut stenly, items()).await;
    let (id, now) = aged(&mut meylan, "17").await;
    assert_eq!(now.get("spared"), None);
    let path = format!("/api/v1/applications/{id}");
    let story = now["steps"][2]["id"].as_str().unwrap();
    let reason = Some(json!({ "reason": "Sudah bercerita di posko." }));
    let skip = format!("{path}/skip?step={story}");
    stenly.get(&format!("/applications/{id}")).await.is(200).says(&text("joining-skip-which"));
    let now = stenly.api("POST", &skip, reason).await.is(200).json();
    assert_eq!((&now["place"], &now["skipped"][story]), (&json!(1), &json!("Sudah bercerita di posko.")));
    stenly.api("POST", &format!("{path}/undo"), None).await.is(200);
    let again = stenly.api("GET", &path, None).await.is(200).json();
    assert_eq!((again["open"].as_array().unwrap().len(), again.get("skipped")), (2, None));
    meylan.api("POST", &format!("{path}/agree"), None).await.is(200);
    let answers = json!({ "answers": { "cerita": ["Saya ingin membantu."] } });
    let now = meylan.api("POST", &format!("{path}/send"), Some(answers)).await.is(200).json();
    assert_eq!((&now["place"], &now["open"]), (&json!(3), &json!([now["steps"][3]["id"]])));
    let now = meylan.api("POST", &format!("{path}/agree"), None).await.is(200).json();
    assert_eq!(now["place"], json!(4));
}

#[db_test]
async fn a_deadline_that_passes_does_what_the_path_says(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    use_path(&mut stenly, items()).await;
    sql(&db, "update applications set remind_at = null", &[]).await;
    let (id, _) = aged(&mut meylan, "17").await;
    let path = format!("/api/v1/applications/{id}");
    meylan.api("POST", &format!("{path}/agree"), None).await.is(200);
    let answers = json!({ "answers": { "cerita": ["Saya ingin membantu."] } });
    meylan.api("POST", &format!("{path}/send"), Some(answers)).await.is(200);
    meylan.get(&format!("/applications/{id}")).await.is(200).says(&text("joining-step-closes"));
    let told = "select count(*) from notices join persons on persons.id = notices.person_id
        where mail_folded = $1 and notices.key = $2";
    for day in 1..=8 {
        demo.clock.advance(DAY);
        demo.settle().await;
        let lapsed: i64 = value(&db, told, &params![world::mail("meylan"), "joining-notice-lapsed"]).await;
        assert_eq!(lapsed, i64::from(day >= 7), "day {day}");
    }
    let mut meylan = enter(&demo, "meylan").await;
    let ended = meylan.api("GET", &path, None).await.is(200).json();
    let why = locale::message(Lang::Id, "joining-lapsed", &[("step", "Izin wali".into())]);
    assert_eq!((&ended["state"], &ended["reason"]), (&json!("declined"), &json!(why)));
    meylan.api("POST", &format!("{path}/agree"), None).await.is(409).says("joining-over");
    // One may begin again; what the coordinators leave lying is told to those who look after the path.
    let (second, _) = aged(&mut meylan, "40").await;
    assert_ne!(second, id);
    let path = format!("/api/v1/applications/{second}");
    meylan.api("POST", &format!("{path}/agree"), None).await.is(200);
    let answers = json!({ "answers": { "cerita": ["Saya ingin membantu."] } });
    meylan.api("POST", &format!("{path}/send"), Some(answers)).await.is(200);
    world::appoint(&db, OTHER, "fera", "path").await;
    for _ in 0..9 {
        demo.clock.advance(DAY);
        demo.settle().await;
    }
    let told_of = |key, what: &'static str| {
        let row = params![world::mail(key), what];
        let db = db.clone();
        async move { value::<i64>(&db, told, &row).await }
    };
    assert_eq!(told_of("fera", "joining-notice-escalated").await, 1);
    assert_eq!(told_of("stenly", "joining-remind-decision-late").await, 1);
    let mut meylan = enter(&demo, "meylan").await;
    assert_eq!(meylan.api("GET", &path, None).await.is(200).json()["state"], "sent");
}

#[db_test]
async fn coordinators_say_in_the_builder_what_stands_beside_what_and_only_if(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    use_path(&mut stenly, items()).await;
    let page = format!("/groups/{OTHER}/path");
    stenly.get(&page).await.is(200).says(&text("joining-step-beside")).says("umur");
    let form = stenly.get(&format!("{page}/4")).await.is(200);
    form.says("value=\"umur below\" selected").says("value=\"18\"");
    // The first step has nothing before it, and a decision stands alone.
    let beside = "name=\"beside\"";
    stenly.get(&format!("{page}/1")).await.is(200).lacks(beside).lacks("name=\"only_if\"");
    stenly.get(&format!("{page}/5")).await.is(200).lacks(beside).lacks("name=\"only_if\"");
    let step = [
        ("kind", "agreement"),
        ("name", "Izin wali"),
        ("text", "Wali mengizinkan."),
        ("days", "7"),
        ("remind_days", "2"),
        ("overdue", "close"),
        ("only_if", "umur at-most"),
        ("if_number", "17"),
        ("beside", "yes"),
        ("version", "0"),
    ];
    let mut broken = step;
    broken[7].1 = "muda";
    stenly.post(&format!("{page}/4"), &broken).await.is(422).says("if_number");
    broken = step;
    broken[5].1 = "escalate";
    stenly.post(&format!("{page}/4"), &broken).await.is(422).says(&text("joining-wrong-overdue"));
    stenly.post(&format!("{page}/4"), &step).await.is(303);
    let drawn = stenly.get(&page).await.is(200).body;
    let version = drawn.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    stenly.post(&format!("{page}/publish"), &[("version", version)]).await.is(303);
    let read = stenly.api("GET", &format!("/api/v1/groups/{OTHER}/path"), None).await.is(200).json();
    let made = &read["items"][3];
    let condition = json!({ "question": "umur", "test": "at-most", "value": "17" });
    assert_eq!(
        (&made["beside"], &made["only_if"], &made["overdue"]),
        (&json!(true), &condition, &json!("close"))
    );
    // A question that goes takes no condition with it unsaid.
    let put = format!("/api/v1/groups/{OTHER}/path");
    let mut wrong = items();
    wrong[0]["questions"][0]["key"] = json!("usia");
    let flaws = stenly.api("PUT", &put, Some(json!({ "items": wrong }))).await.is(422);
    flaws.says("items.3.only_if").says("joining-path-if-earlier");
}
