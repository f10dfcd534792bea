//! Finding groups: the index follows what happens, shows nothing that is hidden, and can be filled again.

use crate::{
    testing::Instance,
    world::{self, GROUP, OTHER, enter, sql},
};
use mapalus_app::{
    SOURCE, search,
    shell::{Lang, locale},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

async fn found(demo: &Instance, query: &str) -> Vec<String> {
    let list = demo.browser().api("GET", &format!("/api/v1/groups?{query}"), None).await.is(200).json();
    list["items"].as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}

#[db_test]
async fn words_with_typing_errors_stems_and_synonyms_find_the_group(db: Db) {
    let demo = Instance::demo(db).await;
    for words in ["banjir", "bnajir", "flood", "relawan bencana", "disaster", "siaga"] {
        let first = found(&demo, &format!("q={}", words.replace(' ', "+"))).await;
        assert!(first.contains(&OTHER.to_owned()), "{words}: {first:?}");
    }
    assert!(found(&demo, "q=perawat").await.iter().any(|slug| slug.contains("perawat")));
    assert!(found(&demo, "q=nurse").await.iter().any(|slug| slug.contains("perawat")));
    assert_eq!(found(&demo, "q=%22%3A%28%2A%29").await.len(), found(&demo, "").await.len());
}

#[db_test]
async fn everyday_sentences_find_what_their_words_say(db: Db) {
    let demo = Instance::demo(db).await;
    let loosened = locale::message(Lang::Id, "home-loosened", &[]);
    for (sentence, slug) in [
        ("nurses in manado", "dokter-dan-perawat-manado"),
        ("lawyers in makassar", "forum-advokat-makassar"),
        ("doctors near manado", "dokter-dan-perawat-manado"),
        ("relawan untuk bencana", OTHER),
        ("kelompok yang peduli difabel", "friends-of-people-with-disabilities-makassar"),
        ("cari kelompok perawat", "dokter-dan-perawat-manado"),
        ("saya ingin bergabung dengan guru di yogyakarta", "komunitas-guru-yogyakarta"),
        ("a group for people with disabilities", "friends-of-people-with-disabilities-makassar"),
        ("dokter anak di manado", "dokter-dan-perawat-manado"),
    ] {
        let query = format!("q={}", sentence.replace(' ', "+"));
        let first = found(&demo, &query).await;
        assert_eq!(first.first().map(String::as_str), Some(slug), "{sentence}: {first:?}");
        demo.browser().get(&format!("/groups?{query}")).await.is(200).lacks(&loosened);
    }
}

#[db_test]
async fn filters_narrow_and_are_counted(db: Db) {
    let demo = Instance::demo(db).await;
    let all = found(&demo, "").await;
    let volunteers = found(&demo, "kind=volunteer").await;
    let others = found(&demo, "kind=occupational").await;
    assert!(!volunteers.is_empty() && !others.is_empty());
    let total = demo.browser().api("GET", "/api/v1/groups", None).await.json()["total"].as_u64().unwrap();
    assert_eq!(total as usize, all.len());
    assert_eq!(volunteers.len() + others.len(), all.len());
    // What the page offers to narrow by, a program gets as well: with as many groups as it then finds.
    let facets = demo.browser().api("GET", "/api/v1/groups", None).await.json()["facets"].clone();
    let count = |list: &str, key: &str| {
        let counts = facets[list].as_array().unwrap();
        counts.iter().find(|count| count["key"] == key).map_or(0, |count| count["groups"].as_u64().unwrap())
    };
    assert_eq!(count("kinds", "volunteer") as usize, volunteers.len());
    assert_eq!(count("provinces", "71") as usize, found(&demo, "area=71").await.len());
    assert_eq!(count("causes", "flood") as usize, found(&demo, "cause=flood").await.len());
    assert_eq!(count("occupations", "22") as usize, found(&demo, "occupation=22").await.len());
    assert_eq!(facets["open"].as_u64().unwrap() as usize, found(&demo, "open=yes").await.len());
    // A broader occupation finds those below it.
    assert!(found(&demo, "occupation=22").await.iter().any(|slug| slug.contains("perawat")));
    // And a narrower one those for all of something above it, as the words do.
    let doctors = found(&demo, "q=dokter").await.into_iter().find(|slug| slug.starts_with("dokter")).unwrap();
    for narrow in ["occupation=dokter+anak", "occupation=2212", "q=dokter+anak"] {
        assert!(found(&demo, narrow).await.contains(&doctors), "{narrow}");
    }
    assert!(!found(&demo, "occupation=2341").await.contains(&doctors));
    assert!(found(&demo, "area=71").await.contains(&OTHER.to_owned()));
    assert!(!found(&demo, "area=31").await.contains(&OTHER.to_owned()));
    assert!(found(&demo, "area=71.71&km=10").await.contains(&OTHER.to_owned()));
    let page = demo.browser().get("/groups").await.is(200);
    assert!(page.body.contains("/groups?kind=volunteer"));
    demo.browser().get("/groups?area=Atlantis").await.is(422).says("Atlantis");
    demo.browser().get("/groups?occupation=zzzz").await.is(422);
}

#[db_test]
async fn a_group_is_found_when_it_opens_and_not_when_it_hides(db: Db) {
    let demo = Instance::demo(db).await;
    let mut novi = enter(&demo, "novi").await;
    let group = json!({
        "template": "orphanage", "name": "Sahabat Panti Tondano", "area": "Kabupaten Minahasa",
        "summary": "Menemani anak panti belajar.", "sign_up": "application", "visibility": "public",
    });
    novi.api("POST", "/api/v1/groups", Some(group)).await.is(201);
    demo.settle().await;
    let slug = "sahabat-panti-tondano".to_owned();
    assert!(found(&demo, "q=tondano").await.contains(&slug));
    let renamed = json!({ "name": "Teman Panti Zamrud" });
    novi.api("PATCH", &format!("/api/v1/groups/{slug}"), Some(renamed)).await.is(200);
    demo.settle().await;
    assert!(found(&demo, "q=zamrud").await.contains(&slug));
    // Hidden with the follower stopped: the index still knows it, and it is found nowhere.
    world::set_visibility(&demo.app.db, &slug, "private").await;
    assert!(!found(&demo, "q=zamrud").await.contains(&slug));
    assert!(!demo.browser().get("/groups?q=zamrud").await.is(200).body.contains(&slug));
    let body = json!({ "summary": "Menemani anak panti bermain." });
    novi.api("PATCH", &format!("/api/v1/groups/{slug}"), Some(body)).await.is(200);
    demo.settle().await;
    let list = demo.browser().api("GET", "/api/v1/groups?q=zamrud", None).await.json();
    assert_eq!(list["total"], json!(0), "the follower took it out");
}

#[db_test]
async fn the_order_fits_the_one_who_looks_and_says_why(db: Db) {
    let demo = Instance::demo(db).await;
    let mut seeker = demo.enters("seeker").await;
    sql(
        &demo.app.db,
        "update persons set occupation = '2221', area = '71.71.04' where mail_folded = $1",
        &params![world::mail("meylan")],
    )
    .await;
    let list = seeker.api("GET", "/api/v1/groups", None).await.is(200).json();
    let first = &list["items"][0];
    assert!(first["slug"].as_str().unwrap().contains("perawat"), "{first}");
    let whys = first["why"].as_array().unwrap();
    let why: Vec<&str> = whys.iter().filter_map(|why| why["text"].as_str()).collect();
    assert!(why[0].starts_with("untuk profesi Anda"), "a group for all nurses: {why:?}");
    assert!(why.contains(&"di kecamatan Anda"), "the distance is not told beside it: {why:?}");
    assert_eq!(why.len(), 3, "{why:?}");
    assert!(why.contains(&"membuka pendaftaran"), "{why:?}");
    // A program reads the same without the words, and in every language alike.
    let keys: Vec<&str> = whys.iter().filter_map(|why| why["key"].as_str()).collect();
    assert_eq!(keys, ["occupation", "district", "open"]);
    assert_eq!(whys[0]["arguments"], json!({ "occupation": "222" }));
    assert_eq!(whys[1]["arguments"], json!({ "area": "71.71.04" }));
    let english = seeker.api("GET", "/api/v1/groups?lang=en", None).await.is(200).json();
    let own = &english["items"][0]["why"];
    assert_eq!((&own[1]["key"], &own[1]["arguments"]), (&json!("district"), &whys[1]["arguments"]));
    assert_ne!(own[1]["text"], whys[1]["text"]);
}

#[db_test]
async fn words_are_understood_as_occupations_and_not_one_by_one(db: Db) {
    let demo = Instance::demo(db).await;
    for (words, slug) in [
        ("dokter anak", "dokter"),
        ("SpOG", "dokter"),
        ("paediatrician", "dokter"),
        ("lawyer", "advokat"),
        ("advokat", "advokat"),
        ("guru SD", "guru"),
    ] {
        let address = format!("/api/v1/groups?q={}", words.replace(' ', "+"));
        let list = demo.browser().api("GET", &address, None).await.is(200).json();
        let items = list["items"].as_array().unwrap();
        assert!(!items.is_empty(), "{words}: {list}");
        for item in items {
            let found = item["slug"].as_str().unwrap();
            assert!(found.contains(slug), "{words}: {list}");
        }
        let page = demo.browser().get(&address.replace("/api/v1", "")).await.is(200);
        page.lacks(&locale::message(Lang::Id, "home-loosened", &[]));
    }
}

#[db_test]
async fn the_start_page_says_what_waits_and_what_fits(db: Db) {
    let demo = Instance::demo(db).await;
    let board = format!("href=\"/groups/{OTHER}/applications\"");
    let coordinator = demo.enters("coordinator").await.get("/").await.is(200);
    assert!(coordinator.body.contains(&board) && coordinator.body.contains("10 pendaftaran menunggu"));
    assert!(coordinator.body.contains(&format!("href=\"/groups/{OTHER}/questions\"")));
    // Meylan's profession and place are known: groups that fit her, with the reasons, and no word about her profile.
    let seeker = demo.enters("seeker").await.get("/").await.is(200);
    assert!(seeker.body.contains("Yang cocok untuk Anda") && seeker.body.contains("class=\"why\""));
    assert!(!seeker.body.contains("href=\"/me/profile\"") && !seeker.body.contains(&board));
}

#[db_test]
async fn a_place_that_was_searched_is_not_called_ones_own(db: Db) {
    let demo = Instance::demo(db).await;
    let why = async |area: &str| {
        let list =
            demo.browser().api("GET", &format!("/api/v1/groups?area={area}"), None).await.is(200).json();
        let items = list["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["why"].to_string()).collect::<String>()
    };
    let found = why("71.71.03").await;
    let place = locale::message(Lang::Id, "home-why-place", &[("place", "Singkil, Kota Manado".into())]);
    assert!(found.contains(&place), "{place}: {found}");
    assert!(!found.contains("Anda"), "a stranger has no place: {found}");
}

#[db_test]
async fn events_that_were_forgotten_fill_the_index_anew(db: Db) {
    let demo = Instance::demo(db).await;
    demo.settle().await;
    let before = found(&demo, "").await.len();
    world::set_visibility(&demo.app.db, GROUP, "unlisted").await;
    sql(&demo.app.db, "update outbox set position = position + 1000 where position is not null", &[]).await;
    search::follow(&demo.app, SOURCE).await.unwrap();
    assert_eq!(found(&demo, "").await.len(), before - 1);
    assert_eq!(search::fill(&demo.app, SOURCE).await.unwrap() as usize, before - 1);
}

#[db_test]
async fn results_stand_on_a_map_with_a_table_beside_and_one_looks_closer(db: Db) {
    let demo = Instance::demo(db).await;
    let mut browser = demo.browser();
    browser.get("/groups?q=bencana").await.is(200).says("/groups/map?q=bencana");
    let page = browser.get("/groups/map?q=bencana&area=Manado").await.is(200).says("<svg class=\"map\"");
    let closer = page.body.split("href=\"/groups/map?").nth(1).unwrap().split('"').next().unwrap();
    let closer = format!("/groups/map?{}", closer.replace("&#38;", "&").replace("&amp;", "&"));
    assert!(closer.contains("zoom=1"), "{closer}");
    browser.get(&closer).await.is(200).says("Perkecil");
    browser.get("/groups/map?q=tidakadasamasekali").await.is(200).lacks("<svg class=\"map\"");
    browser.get("/groups/map?area=Atlantis").await.is(422);
}

#[db_test]
async fn an_instance_without_groups_says_so_and_leads_on(db: Db) {
    let instance = Instance::new(db);
    let said = locale::message(Lang::Id, "home-nobody-title", &[]);
    for page in ["/", "/groups"] {
        instance.browser().get(page).await.is(200).says(&said).says("href=\"/groups/new\"");
    }
}
