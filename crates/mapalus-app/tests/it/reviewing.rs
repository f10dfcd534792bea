//! What those who decide see of an applicant, what the applicant is told of that; and the pages before one gives up.

use crate::{
    testing::Instance,
    world::{self, GROUP, OTHER, enter, sql, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;

fn said(key: &str) -> String {
    locale::message(Lang::Id, key, &[])
}

fn said_of(key: &str, name: &'static str, value: &str) -> String {
    locale::message(Lang::Id, key, &[(name, value.into())])
}

/// What somebody tells of themselves, and to whom the workplace is shown.
async fn profile(db: &Db, key: &str, workplace_to: &str) {
    let set = "update persons set occupation = '2221', workplace = 'RS Contoh Bahu', shown = $2 where mail_folded = $1";
    let shown = format!("workplace={workplace_to}");
    assert_eq!(sql(db, set, &params![world::mail(key), shown]).await, 1);
}

/// An application to the group that waits for a decision, and its applicant's id.
async fn waiting(db: &Db) -> (String, String) {
    let of = |what: &str| {
        format!(
            "select {what} from applications where id = (
                select min(applications.id) from applications join groups on groups.id = group_id
                join steps on steps.path_id = applications.path_id and steps.place = applications.place
                where slug = $1 and applications.state = 'sent' and steps.kind = 'decision'
            )"
        )
    };
    let group = params![OTHER];
    (value(db, &of("id"), &group).await, value(db, &of("person_id"), &group).await)
}

#[db_test]
async fn reviewers_see_profession_workplace_and_town_as_far_as_the_applicant_shows_them(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (id, person) = waiting(&db).await;
    let set =
        "update persons set occupation = '2221', workplace = 'RS Contoh Bahu', shown = $2 where id = $1";
    sql(&db, set, &params![&person, ""]).await;
    let mut stenly = enter(&demo, "stenly").await;
    let page = stenly.get(&format!("/applications/{id}")).await.is(200).says("RS Contoh Bahu");
    let profession = format!("<dt>{}</dt>", said("people-occupation"));
    assert!(page.body.contains(&profession) && page.body.contains(&format!("href=\"/people/{person}\"")));
    // It is a page of the desk, and not of one's own applications.
    assert!(page.body.contains("<a href=\"/desk\" aria-current=\"page\""), "{}", page.body);
    assert!(!page.body.contains("<a href=\"/applications\" aria-current"));
    let board = format!("/groups/{OTHER}/applications");
    stenly.get(&board).await.is(200).says("RS Contoh Bahu");
    let api = format!("/api/v1/applications/{id}");
    let told = stenly.api("GET", &api, None).await.is(200).json();
    assert_eq!(told["profile"]["workplace"], "RS Contoh Bahu");
    // Whoever was declined has nothing more to do with those who decided.
    sql(&db, "update applications set state = 'declined' where id = $1", &params![&id]).await;
    assert!(stenly.api("GET", &api, None).await.is(200).json()["profile"].is_null());
    stenly.get(&format!("/applications/{id}")).await.is(200).lacks("RS Contoh Bahu");
    sql(&db, "update applications set state = 'sent' where id = $1", &params![&id]).await;
    // What is for oneself alone is passed on to nobody.
    sql(&db, set, &params![&person, "workplace=me"]).await;
    for page in [&format!("/applications/{id}"), &board, &api] {
        let page = stenly.get(page).await.is(200);
        assert!(!page.body.contains("RS Contoh Bahu"), "{}", page.body);
    }
}

#[db_test]
async fn whoever_decides_second_reads_who_decided_what_and_keeps_what_was_typed(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    world::appoint(&db, OTHER, "fera", "applications").await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let (id, _) = waiting(&db).await;
    let at = format!("/applications/{id}");
    let page = stenly.get(&at).await.is(200).body;
    let version =
        page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let decide = format!("{at}/decide");
    let waits = [("outcome", "wait"), ("reason", "Tim penuh bulan ini."), ("version", &version)];
    fera.post(&decide, &waits).await.is(303);
    // It can still be decided: what was typed stands in its field, and counts when it is sent again.
    let declines = [("outcome", "decline"), ("reason", "Rumahnya terlalu jauh."), ("version", &version)];
    let late = stenly.post(&decide, &declines).await.is(412).says("Tim penuh bulan ini.");
    let late = late.says(&format!("{}</strong>: {}", "Fera Lumenta", said("joining-outcome-wait")));
    assert!(late.body.contains("Rumahnya terlalu jauh.</textarea>"), "{}", late.body);
    assert!(late.body.contains(&said_of("joining-late-wish", "outcome", &said("joining-outcome-decline"))));
    assert_eq!(late.body.matches("role=\"alert\"").count(), 1);
    let newer = late.body.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_ne!(newer, version);
    let declines = [declines[0], declines[1], ("version", newer)];
    stenly.post(&decide, &declines).await.is(303);
    // It can no longer be decided: what was typed can still be read and copied.
    let accepts = [("outcome", "accept"), ("reason", "Selamat datang di tim."), ("version", newer)];
    let late = fera.post(&decide, &accepts).await.is(412).says("Rumahnya terlalu jauh.");
    assert!(late.body.contains("Selamat datang di tim.</textarea>"), "{}", late.body);
    assert!(!late.body.contains(&format!("action=\"{decide}\"")));
    // The same from the board, whose buttons send no reason.
    let late = fera.post(&decide, &[("outcome", "wait"), ("version", newer)]).await.is(412);
    late.says(&said_of("joining-late-wish", "outcome", &said("joining-outcome-wait")));
}

#[db_test]
async fn the_form_tells_the_applicant_what_is_passed_on(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    profile(&db, "meylan", "groups").await;
    let mut meylan = enter(&demo, "meylan").await;
    let id = world::apply(&mut meylan, GROUP).await;
    let at = format!("/applications/{id}");
    let page = meylan.get(&at).await.is(200).says(&said("joining-passed-on"));
    assert!(page.body.contains(" · RS Contoh Bahu"), "after the profession: {}", page.body);
    assert!(page.body.contains("<a href=\"/applications\" aria-current=\"page\""));
    profile(&db, "meylan", "me").await;
    assert!(!meylan.get(&at).await.is(200).body.contains("RS Contoh Bahu"));
}

#[db_test]
async fn what_people_wrote_stands_in_its_language_on_pages_of_the_other(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (id, _) = waiting(&db).await;
    sql(&db, "update persons set lang = 'en'", &[]).await;
    let mut stenly = enter(&demo, "stenly").await;
    let step = "select steps.name from steps join applications on applications.path_id = steps.path_id
        where applications.id = $1 and steps.place = 0";
    let step: String = value(&db, step, &params![&id]).await;
    let review = stenly.get(&format!("/applications/{id}")).await.is(200).says("<html lang=\"en\"");
    assert!(review.body.contains(&format!("<strong lang=\"id\">{step}</strong>")), "{}", review.body);
    assert!(review.body.contains("<dt lang=\"id\">"), "questions: {}", review.body);
    for page in ["path", "path/1", "applications", "roles"] {
        stenly.get(&format!("/groups/{OTHER}/{page}")).await.is(200).says("lang=\"id\">Relawan Siaga");
    }
    let mut meylan = enter(&demo, "meylan").await;
    let begun = world::apply(&mut meylan, OTHER).await;
    let form = meylan.get(&format!("/applications/{begun}")).await.is(200).says("<h1 lang=\"id\">");
    assert!(form.body.matches("<span lang=\"id\">").count() > 2, "labels: {}", form.body);
}

#[db_test]
async fn before_one_leaves_or_withdraws_a_page_says_what_goes_and_what_stays(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut fera, mut stenly) = (enter(&demo, "fera").await, enter(&demo, "stenly").await);
    let at = format!("/groups/{OTHER}");
    let leave = format!("{at}/leave");
    fera.get(&at).await.is(200).says(&format!("href=\"{leave}\""));
    fera.get(&leave)
        .await
        .is(200)
        .says(&said("groups-leave-membership"))
        .says(&format!("action=\"{leave}\""));
    let others = "delete from role_holders where group_id = (select id from groups where slug = $1)
        and person_id <> (select id from persons where mail_folded = $2)";
    sql(&db, others, &params![OTHER, world::mail("stenly")]).await;
    let last = stenly.get(&leave).await.is(200).says(&said("groups-last-coordinator"));
    assert!(!last.body.contains(&format!("action=\"{leave}\"")), "there is nothing to press");
    fera.post(&leave, &[]).await.is(303);
    fera.get(&leave).await.is(403);

    let mut meylan = enter(&demo, "meylan").await;
    let id = world::apply(&mut meylan, GROUP).await;
    let withdraw = format!("/applications/{id}/withdraw");
    meylan.get(&format!("/applications/{id}")).await.is(200).says(&format!("href=\"{withdraw}\""));
    meylan.get(&withdraw).await.is(200).says(&said("joining-withdraw-draft-answers"));
    stenly.get(&withdraw).await.is(404);
    world::step(&mut meylan, &mut stenly, &id).await;
    meylan.get(&withdraw).await.is(200).says(&said("joining-withdraw-told"));
    meylan.post(&withdraw, &[]).await.is(303);
    meylan.get(&withdraw).await.is(409);
}
