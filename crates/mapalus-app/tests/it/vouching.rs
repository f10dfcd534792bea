//! Members vouch: asked, given, declined, taken back; and the quota, for one after the other and at once.

use crate::{
    testing::{Browser, Instance},
    world::{self, Saved, at_once, enter, sql, value},
};
use mapalus_app::shell::{Lang, locale};
use mapalus_core::{ApplicationId, Id, Millis, PersonId, VouchId, chance::SystemChance, time::DAY};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

/// Vina's application to the doctors, which stands at its vouches.
async fn application(vina: &mut Browser<'_>) -> String {
    let mine = vina.api("GET", "/api/v1/applications", None).await.is(200).json();
    let items = mine["items"].as_array().unwrap();
    let of = items.iter().find(|item| item["group"]["name"].as_str().unwrap().starts_with("Dokter")).unwrap();
    format!("/api/v1/applications/{}", of["id"].as_str().unwrap())
}

/// Asks a member by address; gives the id of the request.
async fn ask(db: &Db, applicant: &mut Browser<'_>, path: &str, key: &str) -> String {
    let mail = json!({ "mail": world::mail(key) });
    applicant.api("POST", &format!("{path}/vouches"), Some(mail)).await.is(200);
    let find = "select vouches.id from vouches join persons on persons.id = giver_id
        where mail_folded = $1 and vouches.state = 'asked'";
    value(db, find, &params![world::mail(key)]).await
}

fn how() -> Option<Json> {
    Some(json!({ "relation": "work", "known": "three-to-five", "note": "Rekan satu bangsal." }))
}

async fn workplace(db: &Db, key: &str, name: &str) {
    sql(db, "update persons set workplace = $1 where mail_folded = $2", &params![name, world::mail(key)])
        .await;
}

#[db_test]
async fn two_members_vouch_and_the_coordinators_are_next(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut vina, mut fera) = (enter(&demo, "vina").await, enter(&demo, "fera").await);
    let (mut ningsih, mut johan) = (enter(&demo, "ningsih").await, enter(&demo, "johan").await);
    for (key, name) in [("vina", "RS Kandou"), ("fera", "rs  kandou"), ("ningsih", "Puskesmas Bahu")] {
        workplace(&db, key, name).await;
    }
    let path = application(&mut vina).await;
    let (one, other) =
        (ask(&db, &mut vina, &path, "fera").await, ask(&db, &mut vina, &path, "ningsih").await);
    // An address that nobody has is answered alike, and shown alike.
    let nobody = json!({ "mail": "tidak.ada@contoh.id" });
    let view = vina.api("POST", &format!("{path}/vouches"), Some(nobody)).await.is(200).json();
    let states: Vec<&str> =
        view["vouches"].as_array().unwrap().iter().map(|v| v["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["asked"; 3]);
    let again = json!({ "mail": world::mail("fera") });
    vina.api("POST", &format!("{path}/vouches"), Some(again)).await.is(409).says("asked-already");
    // Nor is one asked by id who blocked the applicant.
    let id = "select id from persons where mail_folded = $1";
    let [own, blocks]: [String; 2] = [
        value(&db, id, &params![world::mail("vina")]).await,
        value(&db, id, &params![world::mail("johan")]).await,
    ];
    let block = "insert into person_blocks (person_id, other_id, made_at) values ($1, $2, 0)";
    sql(&db, block, &params![&blocks, &own]).await;
    let asked = json!({ "person": &blocks });
    vina.api("POST", &format!("{path}/vouches"), Some(asked)).await.is(404);
    sql(&db, "delete from person_blocks", &[]).await;
    // Only the one who was asked finds the request.
    ningsih.get(&format!("/vouches/{one}")).await.is(404);
    fera.get(&format!("/vouches/{one}")).await.is(200);
    fera.api("POST", &format!("/api/v1/vouches/{one}/give"), Some(json!({}))).await.is(422);
    fera.api("POST", &format!("/api/v1/vouches/{one}/give"), how()).await.is(200);
    fera.api("POST", &format!("/api/v1/vouches/{one}/give"), how()).await.is(409).says("answered");
    let now = vina.api("GET", &path, None).await.is(200).json();
    assert_eq!(now["next"], "members");
    vina.get(&path.replace("/api/v1", "")).await.is(200);
    ningsih.api("POST", &format!("/api/v1/vouches/{other}/give"), how()).await.is(200);
    let now = vina.api("GET", &path, None).await.is(200).json();
    assert_eq!(now["next"], "coordinators");
    assert_eq!(now["vouches"][0]["relation"], Json::Null);
    let review = johan.api("GET", &path, None).await.is(200).json();
    assert_eq!(review["vouches"][0]["known"], "three-to-five");
    johan.get(&path.replace("/api/v1", "")).await.is(200).says("Rekan satu bangsal.");
    // Taken back before the decision: it lacks again. After it: noted.
    ningsih.api("POST", &format!("/api/v1/vouches/{other}/withdraw"), None).await.is(200);
    let now = vina.api("GET", &path, None).await.is(200).json();
    assert_eq!(now["next"], "members");
    let third = ask(&db, &mut vina, &path, "yanti").await;
    workplace(&db, "yanti", "RS Siloam").await;
    let mut yanti = enter(&demo, "yanti").await;
    yanti.api("POST", &format!("/api/v1/vouches/{third}/give"), how()).await.is(200);
    johan.api("POST", &format!("{path}/accept"), Some(json!({}))).await.is(200);
    yanti.api("POST", &format!("/api/v1/vouches/{third}/withdraw"), None).await.is(200);
    let state: String = value(&db, "select state from vouches where id = $1", &params![&third]).await;
    assert_eq!(state, "given");
}

#[db_test]
async fn two_from_the_same_workplace_do_not_suffice_where_one_from_another_is_asked(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut vina = enter(&demo, "vina").await;
    let path = application(&mut vina).await;
    workplace(&db, "vina", "RS Kandou").await;
    for key in ["fera", "ningsih"] {
        workplace(&db, key, "RS Kandou").await;
        let id = ask(&db, &mut vina, &path, key).await;
        enter(&demo, key).await.api("POST", &format!("/api/v1/vouches/{id}/give"), how()).await.is(200);
    }
    assert_eq!(vina.api("GET", &path, None).await.json()["next"], "members");
}

/// So many requests to a member, of as many applicants: applications of its own made by hand.
async fn requests(db: &Db, count: usize, key: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0..count {
        let application = ApplicationId::new(Millis(n as i64), &SystemChance).to_string();
        let vouch = VouchId::new(Millis(n as i64), &SystemChance).to_string();
        let person = PersonId::new(Millis(n as i64), &SystemChance).to_string();
        let someone = "insert into persons select $1, name, call_name, $1, $1, password_hash, age_band, birth_year, lang,
                area, occupation, workplace, languages, '', skills, about, shown, false, state, closing_at,
                consent_version, consent_at, made_at, version from persons where mail_folded = $2";
        assert_eq!(sql(db, someone, &params![&person, world::mail("vina")]).await, 1);
        let begin = "insert into applications (id, group_id, person_id, path_id, state, place, step_since, made_at,
                reason, version)
            select $1, applications.group_id, $2, applications.path_id, 'sent', applications.place, 0, 0, '', 1
            from applications join persons on persons.id = person_id join groups on groups.id = group_id
            where mail_folded = $3 and groups.name like 'Dokter%'";
        assert_eq!(sql(db, begin, &params![&application, &person, world::mail("vina")]).await, 1);
        let asks =
            "insert into vouches (id, application_id, step_id, giver_id, typed, state, asked_at, ends_at,
                relation, known, note)
            select $1, applications.id, steps.id, persons.id, '', 'asked', 0, 9000000000000, '', '', ''
            from applications
            join steps on steps.path_id = applications.path_id and steps.place = applications.place
            join persons on persons.mail_folded = $3
            where applications.id = $2";
        assert_eq!(sql(db, asks, &params![&vouch, &application, world::mail(key)]).await, 1);
        ids.push(vouch);
    }
    ids
}

#[db_test]
async fn of_five_hundred_vouches_of_one_member_at_once_three_get_through(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let ids = requests(&db, 500, "ningsih").await;
    let browser = enter(&nodes[0], "ningsih").await;
    let saved = Saved::new(&db).await;
    // A twentieth of the rounds of other races: each is five hundred requests.
    for round in 0..crate::races::rounds().div_ceil(20) {
        if round > 0 {
            saved.restore(&db).await;
        }
        let mut tabs: Vec<Browser<'_>> = (0..ids.len()).map(|n| browser.at(&nodes[n % 2])).collect();
        let answers = at_once(tabs.iter_mut().zip(&ids).map(|(tab, id)| {
            let path = format!("/api/v1/vouches/{id}/give");
            async move { tab.api("POST", &path, how()).await }
        }))
        .await;
        let good = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
        assert_eq!(good, 3, "{}", answers[0].body);
        for answer in answers.iter().filter(|answer| answer.status.as_u16() != 200) {
            assert_eq!(answer.status.as_u16(), 409, "{}", answer.body);
            assert!(answer.body.contains("joining-vouch-quota"), "{}", answer.body);
        }
        let given = "select count(*) from vouches where state = 'given'";
        assert_eq!(value::<i64>(&db, given, &[]).await, 3);
    }
    // Thirty days later there is room again.
    nodes[0].clock.advance(31 * DAY);
    let mut later = enter(&nodes[0], "ningsih").await;
    let left: String = value(&db, "select min(id) from vouches where state = 'asked'", &[]).await;
    later.api("POST", &format!("/api/v1/vouches/{left}/give"), how()).await.is(200);
}

#[db_test]
async fn nobody_vouches_for_one_on_whom_their_own_membership_rests(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut vina, mut fera) = (enter(&demo, "vina").await, enter(&demo, "fera").await);
    let mut johan = enter(&demo, "johan").await;
    workplace(&db, "vina", "RS Kandou").await;
    let path = application(&mut vina).await;
    for key in ["fera", "ningsih"] {
        let id = ask(&db, &mut vina, &path, key).await;
        enter(&demo, key).await.api("POST", &format!("/api/v1/vouches/{id}/give"), how()).await.is(200);
    }
    johan.api("POST", &format!("{path}/accept"), Some(json!({}))).await.is(200);
    // Fera, who vouched for Vina, leaves; when she comes back, Vina is not the one to speak for her.
    let of = "select slug from groups where name like 'Dokter%'";
    let slug: String = value(&db, of, &[]).await;
    fera.post(&format!("/groups/{slug}/leave"), &[]).await.is(303);
    demo.clock.advance(31 * DAY);
    let (mut vina, mut fera) = (enter(&demo, "vina").await, enter(&demo, "fera").await);
    let id = world::apply(&mut fera, &slug).await;
    let mut johan = enter(&demo, "johan").await;
    world::step(&mut fera, &mut johan, &id).await;
    let request = ask(&db, &mut fera, &format!("/api/v1/applications/{id}"), "vina").await;
    let give = format!("/api/v1/vouches/{request}/give");
    vina.get(&format!("/vouches/{request}")).await.is(200).says("Keanggotaan Anda sendiri");
    vina.api("POST", &give, how()).await.is(409).says("joining-vouch-circle");
    // Somebody else may.
    let other = ask(&db, &mut fera, &format!("/api/v1/applications/{id}"), "yanti").await;
    let mut yanti = enter(&demo, "yanti").await;
    yanti.api("POST", &format!("/api/v1/vouches/{other}/give"), how()).await.is(200);
}

/// The page of a request that cannot be answered says why, offers no form, and leads on.
async fn closed(browser: &mut Browser<'_>, vouch: &str, key: &str) {
    let page = browser.get(&format!("/vouches/{vouch}")).await.is(200);
    let why = locale::message(Lang::Id, key, &[]);
    assert!(page.body.contains(&why), "{key}: {}", page.body);
    assert!(!page.body.contains(&format!("/vouches/{vouch}/give")), "{key}");
    assert!(page.body.contains("href=\"/vouches\"") && page.body.contains("href=\"/groups/dokter"), "{key}");
}

#[db_test]
async fn a_request_that_is_over_says_what_happened_and_the_way_on(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut vina, mut fera) = (enter(&demo, "vina").await, enter(&demo, "fera").await);
    let path = application(&mut vina).await;
    // Used twice.
    let one = ask(&db, &mut vina, &path, "fera").await;
    fera.get(&format!("/vouches/{one}")).await.is(200).says(&format!("/vouches/{one}/give"));
    let form = [("relation", "work"), ("known", "three-to-five")];
    fera.post(&format!("/vouches/{one}/give"), &form).await.is(303);
    let again = fera.post(&format!("/vouches/{one}/give"), &form).await.is(409);
    again.says(&locale::message(Lang::Id, "joining-vouch-answered", &[]));
    // It is one's own: once it was told it may still be taken back, and is then over.
    demo.clock.advance(20_000);
    demo.settle().await;
    fera.get(&format!("/vouches/{one}")).await.is(200).says(&format!("/vouches/{one}/withdraw"));
    fera.post(&format!("/vouches/{one}/withdraw"), &[]).await.is(303);
    closed(&mut fera, &one, "joining-vouch-answered").await;
    // Taken back by the applicant.
    let mut ningsih = enter(&demo, "ningsih").await;
    let two = ask(&db, &mut vina, &path, "ningsih").await;
    vina.api("POST", &format!("{path}/vouches/{two}/cancel"), None).await.is(200);
    closed(&mut ningsih, &two, "joining-vouch-cancelled").await;
    // Too late.
    let mut yanti = enter(&demo, "yanti").await;
    let three = ask(&db, &mut vina, &path, "yanti").await;
    sql(&db, "update vouches set ends_at = 1 where id = $1", &params![&three]).await;
    closed(&mut yanti, &three, "joining-vouch-expired").await;
    yanti.post(&format!("/vouches/{three}/give"), &form).await.is(409);
    // The application is over.
    let mut alfrits = enter(&demo, "alfrits").await;
    let four = ask(&db, &mut vina, &path, "alfrits").await;
    vina.api("POST", &format!("{path}/withdraw"), None).await.is(200);
    let kept: i64 =
        value(&db, "select count(*) from vouches where id = $1 and state = 'asked'", &params![&four]).await;
    let key = if kept == 1 { "joining-vouch-no-longer" } else { "joining-vouch-cancelled" };
    closed(&mut alfrits, &four, key).await;
}

#[db_test]
async fn a_search_that_leads_to_nothing_yet_stays_where_it_is(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut vina = enter(&demo, "vina").await;
    let page = application(&mut vina).await.replace("/api/v1", "");
    let said = |key| locale::message(Lang::Id, key, &[]);
    let short = vina.get(&format!("{page}?name=fe")).await.is(200).says(&said("joining-vouch-search-short"));
    assert!(short.body.contains("id=\"e-name\"") && !short.body.contains(&said("joining-vouch-nobody")));
    // The only one who is found is chosen already.
    let one = vina.get(&format!("{page}?name=fera")).await.is(200).says("Fera Lumenta");
    assert_eq!(one.body.matches(" checked").count(), 1, "{}", one.body);
    // Without a choice the error stands at the choice, and whoever was found stays.
    let none = vina.post(&format!("{page}/vouches"), &[("name", "fera")]).await.is(422);
    let none = none.says(&said("joining-vouch-choose")).says("id=\"e-person\"").says("Fera Lumenta");
    assert!(!none.body.contains("id=\"e-mail\""), "{}", none.body);
    assert_eq!(none.body.matches("role=\"alert\"").count(), 1, "{}", none.body);
}
