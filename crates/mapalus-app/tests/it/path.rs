//! A group's path is prepared, put into use, and followed by drafts; applications under way keep theirs.

use crate::{
    testing::{Browser, Instance},
    world::{self, OTHER, at_once, enter, value},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

/// A path as it was read, to be written.
fn written(read: &Json) -> Vec<Json> {
    let without = |thing: &Json, names: &[&str]| {
        let mut thing = thing.as_object().unwrap().clone();
        thing.retain(|name, _| !names.contains(&name.as_str()));
        Json::Object(thing)
    };
    read["items"].as_array().unwrap().iter().map(|step| without(step, &["id", "place", "actor"])).collect()
}

async fn path_of(browser: &mut Browser<'_>) -> Json {
    browser.api("GET", &format!("/api/v1/groups/{OTHER}/path"), None).await.is(200).json()
}

/// The version at which what is prepared stands.
async fn version(browser: &mut Browser<'_>) -> String {
    let page = browser.get(&format!("/groups/{OTHER}/path")).await.is(200).body;
    let at = page.split("name=\"version\" value=\"").nth(1).unwrap();
    at.split('"').next().unwrap().to_owned()
}

#[db_test]
async fn a_path_is_taken_back_as_long_as_nobody_walks_it(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let mut johan = enter(&demo, "johan").await;
    let draft = format!("/api/v1/applications/{}", world::apply(&mut meylan, OTHER).await);
    let saved = meylan.api("GET", &draft, None).await.is(200).json();
    let (put, page) = (format!("/api/v1/groups/{OTHER}/path"), format!("/groups/{OTHER}/path"));
    let undo = format!("{put}/undo");
    let read = path_of(&mut stenly).await;
    let number = read["number"].as_i64().unwrap();
    let mut items = written(&read);
    items[0]["questions"].as_array_mut().unwrap().truncate(1);
    items[0]["name"] = json!("Formulir singkat");
    let shorter = json!({ "items": items });

    // Nothing was put into use: nothing is taken back.
    stenly.api("POST", &undo, None).await.is(409).says("joining-path-too-late");
    stenly.api_if("PUT", &put, number, shorter.clone()).await.is(200);
    johan.api("POST", &undo, None).await.is(403);
    let back = stenly.api("POST", &undo, None).await.is(200).json();
    // By its number nobody takes it for the one that was taken back.
    assert_eq!((&back["number"], &back["items"]), (&json!(number + 2), &read["items"]));
    stenly.api_if("PUT", &put, number + 1, shorter.clone()).await.is(412);
    stenly.api("POST", &undo, None).await.is(409);
    // The change is not lost: it is prepared, on the path that is in use again.
    stenly.get(&page).await.is(200).says("Formulir singkat");
    let version = version(&mut stenly).await;
    demo.clock.advance(30_000);
    demo.settle().await;
    assert_eq!(meylan.api("GET", &draft, None).await.is(200).json()["version"], saved["version"]);
    let told = "select count(*) from notices where key like 'joining-notice-path%'";
    assert_eq!(value::<i64>(&db, told, &params![]).await, 0);

    // By the page, too; the offer stands on it.
    let used = stenly.post(&format!("{page}/publish"), &[("version", &version)]).await.is(303);
    let cookies: Vec<&str> = used.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("undo=")), "{cookies:?}");
    stenly.post(&format!("{page}/undo"), &[]).await.is(303);
    let number = path_of(&mut stenly).await["number"].as_i64().unwrap();
    // Who has begun on it would lose it: then it stays.
    stenly.api_if("PUT", &put, number, shorter.clone()).await.is(200);
    let other = world::apply(&mut johan, OTHER).await;
    stenly.api("POST", &undo, None).await.is(409).says("joining-path-walked");
    stenly.post(&format!("{page}/undo"), &[]).await.is(409);
    demo.clock.advance(20_000);
    demo.settle().await;
    let carried = meylan.api("GET", &draft, None).await.is(200).json();
    assert_eq!(carried["steps"][0]["name"], "Formulir singkat");
    let own = johan.api("GET", &format!("/api/v1/applications/{other}"), None).await.is(200).json();
    assert_eq!(own["steps"][0]["id"], carried["steps"][0]["id"]);
    stenly.api("POST", &undo, None).await.is(409).says("joining-path-too-late");
}

#[db_test]
async fn drafts_follow_a_change_question_by_question_and_applications_under_way_do_not(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let mut vina = enter(&demo, "vina").await;
    let mine = vina.api("GET", "/api/v1/applications", None).await.is(200).json();
    let of_vina = mine["items"].as_array().unwrap().iter();
    let mut of_vina = of_vina.filter(|item| item["state"] == "sent").map(|item| item["id"].as_str().unwrap());
    let of_vina = format!("/api/v1/applications/{}", of_vina.next_back().unwrap());
    let before = vina.api("GET", &of_vina, None).await.is(200).json();

    let id = world::apply(&mut meylan, OTHER).await;
    let draft = format!("/api/v1/applications/{id}");
    let read = path_of(&mut stenly).await;
    let questions = read["items"][0]["questions"].as_array().unwrap();
    let texts: Vec<&Json> =
        questions.iter().filter(|q| q["kind"] == "long" || q["kind"] == "short").take(2).collect();
    let [gone, kept] = texts[..] else { panic!("two questions of text in {questions:?}") };
    let (gone, kept) = (gone["key"].as_str().unwrap(), kept["key"].as_str().unwrap());
    let answers = json!({ "answers": { gone: ["Hilang."], kept: ["Tetap."] } });
    let saved = meylan.api("PATCH", &draft, Some(answers.clone())).await.is(200).json();

    let mut items = written(&read);
    let form = items[0]["questions"].as_array_mut().unwrap();
    form.retain(|question| question["key"] != gone);
    let mended = form.iter_mut().find(|question| question["key"] == kept).unwrap();
    mended["label"] = json!("Apa yang sudah pernah Anda lakukan?");
    form.push(json!({ "key": "berkendara", "kind": "choice", "label": "Dapat berkendara?", "visible": "reviewers",
        "delete_days": 30, "options": [{ "key": "ya", "label": "Ya" }, { "key": "tidak", "label": "Tidak" }] }));
    let put = format!("/api/v1/groups/{OTHER}/path");
    let number = read["number"].as_i64().unwrap();
    let now = stenly.api_if("PUT", &put, number, json!({ "items": items })).await.is(200).json();
    assert_eq!(now["number"], json!(number + 1));
    stenly.api_if("PUT", &put, number, json!({ "items": items })).await.is(412);

    // As long as it can be taken back, it concerns nobody.
    let waits = meylan.api("GET", &draft, None).await.is(200).json();
    assert_eq!((&waits["version"], &waits["answers"]), (&saved["version"], &saved["answers"]));
    demo.clock.advance(20_000);
    demo.settle().await;
    let carried = meylan.api("GET", &draft, None).await.is(200).json();
    let step = carried["steps"][0]["id"].as_str().unwrap();
    assert_eq!(carried["answers"], json!({ step: { kept: ["Tetap."] } }));
    assert!(carried["version"].as_i64() > saved["version"].as_i64());
    meylan.api_if("PATCH", &draft, saved["version"].as_i64().unwrap(), answers).await.is(412);
    let page = meylan.get(&format!("/applications/{id}")).await.is(200);
    assert!(page.body.contains("Apa yang sudah pernah Anda lakukan?"));
    // What was not asked before is marked, until the applicant has sent the form.
    let new = mapalus_app::shell::locale::message(mapalus_app::shell::Lang::Id, "joining-question-new", &[]);
    let after = page.body.split(&new).collect::<Vec<_>>();
    assert_eq!(after.len(), 2, "one is new: {}", page.body);
    assert!(after[1].find("Dapat berkendara?") < after[1].find("</fieldset>"), "{}", after[1]);
    let version = carried["version"].as_i64().unwrap();
    meylan.api_if("PATCH", &draft, version, json!({ "answers": { kept: ["Tetap."] } })).await.is(200);
    meylan.get(&format!("/applications/{id}")).await.is(200).says(&new);
    let after = vina.api("GET", &of_vina, None).await.is(200).json();
    assert_eq!((&after["steps"], &after["version"]), (&before["steps"], &before["version"]));

    let told = "select count(*) from notices join persons on persons.id = notices.person_id
        where notices.key = 'joining-notice-path' and mail_folded = $1";
    assert_eq!(value::<i64>(&db, told, &params![world::mail("meylan")]).await, 1);
    assert_eq!(value::<i64>(&db, told, &params![world::mail("vina")]).await, 0);
}

#[db_test]
async fn a_coordinator_builds_a_path_with_forms_and_two_who_do_so_at_once_lose_nothing(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let before = path_of(&mut stenly).await;
    let page = format!("/groups/{OTHER}/path");
    let drawn = stenly.get(&page).await.is(200).says(before["items"][0]["name"].as_str().unwrap());
    // The first does not go up and the last not down; each may go away.
    let steps = before["items"].as_array().unwrap().len();
    let count = |how: &str| drawn.body.matches(&format!("name=\"do\" value=\"{how}\"")).count();
    assert_eq!((count("up"), count("down"), count("remove")), (steps - 1, steps - 1, steps));
    let step =
        [("kind", "form"), ("name", "Cerita lain"), ("days", "5"), ("remind_days", "1"), ("version", "0")];
    let mut broken = step;
    broken[2].1 = "lima";
    stenly.post(&format!("{page}/new"), &broken).await.is(422).says("365");
    let made = stenly.post(&format!("{page}/new"), &step).await.is(303);
    // A new step stands at the end, as this path does not end with its decision.
    let steps = before["items"].as_array().unwrap().len() + 1;
    let below = made.location().split(['?', '#']).next().unwrap().to_owned();
    assert_eq!(below, format!("{page}/{steps}"));
    let late = stenly.post(&format!("{page}/new"), &step).await.is(412);
    late.says(&format!("<a href=\"{page}\">")).says("Cerita lain");
    // What another one did is shown beside what was typed, with who it was.
    let mut renamed = step;
    (renamed[1].1, renamed[4].1) = ("Cerita baru", "0");
    let late = stenly.post(&below, &renamed).await.is(412).says("<strong lang=\"id\">Cerita lain</strong>");
    late.says("value=\"Cerita baru\"").says("Stenly Walangitan");
    let first = version(&mut stenly).await;
    let publish = [("version", first.as_str())];
    stenly.post(&format!("{page}/publish"), &publish).await.is(422).says("Cerita lain");
    let question = [
        ("label", "Apa hobi Anda?"),
        ("kind", "several"),
        ("options", "Musik\nMasak"),
        ("visible", "coordinators"),
        ("delete_days", "30"),
        ("version", &first),
    ];
    stenly.post(&format!("{below}/new"), &question).await.is(303);
    stenly.get(&format!("{below}/1")).await.is(200).says("Musik");
    let second = version(&mut stenly).await;
    stenly.post(&format!("{below}/move"), &[("do", "up"), ("version", &second)]).await.is(303);
    stenly.post(&format!("{page}/publish"), &[("version", &second)]).await.is(412);
    stenly.post(&format!("{page}/discard"), &[("version", &second)]).await.is(412);
    // Until it is put into use, nobody else sees it.
    assert_eq!(path_of(&mut stenly).await, before);
    let third = version(&mut stenly).await;
    stenly.post(&format!("{page}/publish"), &[("version", &third)]).await.is(303);
    let after = path_of(&mut stenly).await;
    let made = &after["items"][steps - 2];
    assert_eq!(
        (&made["name"], &made["questions"][0]["visible"]),
        (&json!("Cerita lain"), &json!("coordinators"))
    );
    let option = &made["questions"][0]["options"][1];
    assert_eq!(option["label"], "Masak");
    assert!(option["key"].as_str().unwrap().starts_with("o2-"), "{option}");
    let key = made["questions"][0]["key"].as_str().unwrap();
    assert!(key.starts_with("apa-hobi-anda-"), "{key}");
    // What is prepared can be thrown away.
    stenly.post(&format!("{page}/1/move"), &[("do", "remove"), ("version", "0")]).await.is(303);
    let thrown = version(&mut stenly).await;
    stenly.post(&format!("{page}/discard"), &[("version", &thrown)]).await.is(303);
    stenly.post(&format!("{page}/publish"), &[("version", &thrown)]).await.is(412);
    assert_eq!(path_of(&mut stenly).await, after);
    // Another one that is prepared is not the one that was thrown away, whoever still looks at that.
    demo.clock.advance(1);
    stenly.post(&format!("{page}/2/move"), &[("do", "down"), ("version", "0")]).await.is(303);
    stenly.post(&format!("{page}/publish"), &[("version", &thrown)]).await.is(412);
    // A program that puts a path into use takes nobody's preparation away: it is told to be outdated.
    let put = format!("/api/v1/groups/{OTHER}/path");
    stenly.api("PUT", &put, Some(json!({ "items": written(&after) }))).await.is(200);
    let outdated = version(&mut stenly).await;
    stenly.get(&page).await.is(200).says("Alur lain sudah diberlakukan");
    stenly.post(&format!("{page}/publish"), &[("version", &outdated)]).await.is(412);
    stenly.post(&format!("{page}/discard"), &[("version", &outdated)]).await.is(303);
    // The applicant begins a path.
    let mut turned = written(&after);
    turned.reverse();
    stenly.api("PUT", &put, Some(json!({ "items": turned }))).await.is(422).says("joining-path-begins");
}

#[db_test]
async fn a_path_without_a_decision_opens_its_group_when_that_is_confirmed(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let read = path_of(&mut stenly).await;
    let put = format!("/api/v1/groups/{OTHER}/path");
    let all = written(&read);
    let open: Vec<Json> = all.iter().filter(|step| step["kind"] != "decision").cloned().collect();
    let body = |items: &[Json], open: bool| Some(json!({ "items": items, "open": open }));
    stenly.api("PUT", &put, body(&open, false)).await.is(422).says("joining-path-opens");
    stenly.api("PUT", &put, body(&[], false)).await.is(422).says("joining-path-empty");
    stenly.api("PUT", &put, body(&open, true)).await.is(200);
    let sign_up = "select sign_up from groups where slug = $1";
    assert_eq!(value::<String>(&db, sign_up, &params![OTHER]).await, "open");
    let mut meylan = enter(&demo, "meylan").await;
    world::join(&mut meylan, &mut stenly, OTHER).await;
    stenly.api("PUT", &put, body(&all, false)).await.is(200);
    assert_eq!(value::<String>(&db, sign_up, &params![OTHER]).await, "application");
}

#[db_test]
async fn of_two_paths_put_into_use_at_once_one_is(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let browser = enter(&nodes[0], "stenly").await;
    let mut first = browser.at(&nodes[0]);
    let read = path_of(&mut first).await;
    let number = read["number"].as_i64().unwrap();
    let put = format!("/api/v1/groups/{OTHER}/path");
    let mut tabs: Vec<Browser<'_>> = (0..8).map(|n| browser.at(&nodes[n % 2])).collect();
    let answers = at_once(tabs.iter_mut().map(|tab| {
        let (put, body) = (put.clone(), json!({ "items": written(&read) }));
        async move { tab.api_if("PUT", &put, number, body).await }
    }))
    .await;
    let mut all: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    all.sort_unstable();
    assert_eq!(all, [200, 412, 412, 412, 412, 412, 412, 412]);
    assert_eq!(path_of(&mut first).await["number"], json!(number + 1));
}

#[db_test]
async fn who_begins_on_a_path_that_is_taken_back_at_once_walks_one_that_is_there(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let coordinator = enter(&nodes[0], "stenly").await;
    let mut reader = coordinator.at(&nodes[0]);
    let people = world::crowd(&nodes[0], 8).await;
    let put = format!("/api/v1/groups/{OTHER}/path");
    let (undo, begin) = (format!("{put}/undo"), format!("/api/v1/groups/{OTHER}/applications"));
    for (round, person) in people.iter().enumerate() {
        let items = written(&path_of(&mut reader).await);
        reader.api("PUT", &put, Some(json!({ "items": items }))).await.is(200);
        let mut both = [coordinator.at(&nodes[round % 2]), person.at(&nodes[(round + 1) % 2])];
        let paths = [undo.as_str(), begin.as_str()];
        let answers =
            at_once(both.iter_mut().zip(paths).map(|(one, path)| one.api("POST", path, None))).await;
        let [undone, begun] = answers.try_into().unwrap_or_else(|_| panic!("two answers"));
        assert!([200, 409].contains(&undone.status.as_u16()), "round {round}: {}", undone.body);
        let begun = begun.is(201).json();
        let in_use = path_of(&mut reader).await;
        assert_eq!(begun["steps"][0]["id"], in_use["items"][0]["id"], "round {round}");
    }
}

#[db_test]
async fn a_draft_that_is_saved_while_it_is_carried_to_another_path_loses_nothing(db: Db) {
    let nodes = crate::races::nodes(&db).await;
    let coordinator = enter(&nodes[0], "stenly").await;
    let mut meylan = enter(&nodes[0], "meylan").await;
    let draft = format!("/api/v1/applications/{}", world::apply(&mut meylan, OTHER).await);
    let mut reader = coordinator.at(&nodes[0]);
    let read = path_of(&mut reader).await;
    let texts = read["items"][0]["questions"].as_array().unwrap().iter();
    let key = texts.clone().find(|q| q["kind"] == "long").unwrap()["key"].as_str().unwrap().to_owned();
    let put = format!("/api/v1/groups/{OTHER}/path");
    let mut last = Vec::new();
    for round in 0..12 {
        let [mut saves, mut publishes] =
            [meylan.at(&nodes[round % 2]), coordinator.at(&nodes[(round + 1) % 2])];
        let (save, path) = (json!({ "answers": { &key: [format!("Jawaban {round}")] } }), put.clone());
        let (draft, items) = (draft.clone(), written(&read));
        publishes.api("PUT", &path, Some(json!({ "items": items }))).await.is(200);
        // When it can be taken back no longer, the draft follows, at the same time as it is saved.
        nodes[0].clock.advance(20_000);
        let saved = {
            let saving = async { Some(saves.api("PATCH", &draft, Some(save)).await) };
            let following = async {
                nodes[(round + 1) % 2].settle().await;
                None
            };
            let both: [std::pin::Pin<Box<dyn Future<Output = Option<crate::testing::Answer>>>>; 2] =
                [Box::pin(saving), Box::pin(following)];
            at_once(both).await.remove(0).expect("an answer")
        };
        if saved.status.as_u16() == 200 {
            last = vec![format!("Jawaban {round}")];
        } else {
            saved.is(412);
        }
        // What the applicant was told is saved stands at the question of the path that is in use.
        let now = meylan.api("GET", &draft, None).await.is(200).json();
        let step = now["steps"][0]["id"].as_str().unwrap();
        let stands = &now["answers"][step][&key];
        assert_eq!(*stands, if last.is_empty() { Json::Null } else { json!(last) }, "round {round}");
        assert_eq!(now["steps"][0]["id"], path_of(&mut reader).await["items"][0]["id"], "round {round}");
    }
    assert!(!last.is_empty());
}

#[db_test]
async fn a_path_that_asks_for_more_vouches_than_members_may_give_warns(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut stenly, mut fera) = (enter(&demo, "stenly").await, enter(&demo, "fera").await);
    let read = path_of(&mut stenly).await;
    assert_eq!(read.get("warnings"), None);
    let mut items = written(&read);
    items.insert(1, json!({ "kind": "vouch", "name": "Dua rekan", "days": 14, "needed": 5 }));
    let put = format!("/api/v1/groups/{OTHER}/path");
    // One who runs the group and one who belongs to it long enough: two may vouch.
    let only = "update memberships set since = $3 where group_id = (select id from groups where slug = $1)
        and person_id <> (select id from persons where mail_folded = $2)";
    let now = demo.app.clock.now();
    world::sql(&db, only, &params![OTHER, world::mail("fera"), now]).await;
    let but = "delete from role_holders where group_id = (select id from groups where slug = $1)
        and person_id <> (select id from persons where mail_folded = $2)";
    world::sql(&db, but, &params![OTHER, world::mail("stenly")]).await;
    let number = read["number"].as_i64().unwrap();
    let done = stenly.api_if("PUT", &put, number, json!({ "items": items })).await.is(200).json();
    let warning = &done["warnings"][0];
    assert_eq!((&warning["place"], &warning["key"]), (&json!(1), &json!("joining-path-few-givers")));
    assert_eq!(warning["arguments"], json!({ "needed": 5, "members": 2 }));
    let detail = warning["detail"].as_str().unwrap();
    stenly.get(&format!("/groups/{OTHER}/path")).await.is(200).says(detail);
    assert_eq!(path_of(&mut fera).await.get("warnings"), None, "it is for those who may change it");
}
