//! A group's own point: set, shown, refused, and told as exactly as the one who looks is known.

use crate::{
    testing::Instance,
    world::{OTHER, enter, value},
};
use mapalus_app::shell::{Lang, locale, reference::areas};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

/// A place in Manado, and one 1.3 km north of it.
const POINT: &str = "1.4748, 124.8421";
const HERE: &str = "1.487,124.842";

async fn version(db: &Db) -> String {
    value(db, "select cast(version as text) from groups where slug = $1", &params![OTHER]).await
}

fn why(list: &Json) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    let own = items.iter().find(|item| item["slug"] == OTHER).expect("the group is found");
    own["why"].as_array().unwrap().iter().map(|why| why["text"].as_str().unwrap().to_owned()).collect()
}

#[db_test]
async fn a_point_is_set_by_page_and_api_shown_and_taken_away(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let at = format!("/api/v1/groups/{OTHER}");
    let group = stenly.api("PATCH", &at, Some(json!({ "point": POINT }))).await.is(200).json();
    assert_eq!(group["point"], POINT);
    // Its members see the point and find it on a map; everybody else, with an account or without, reads the district.
    let public = format!("/groups/{OTHER}");
    let district = areas().nearest(1.4748, 124.8421).expect("it is in Manado");
    let label = areas().label(district.code);
    stenly.get(&public).await.is(200).says("geo:1.4748,124.8421").says(&label).says("/groups/map?area=71.71");
    for mut other in [demo.browser(), enter(&demo, "meylan").await] {
        other.get(&public).await.is(200).says(&label).lacks("geo:").lacks("1.4748").lacks("124.8421");
        let seen = other.api("GET", &at, None).await.is(200).json();
        assert_eq!((&seen["point"], &seen["meets_in"]), (&Json::Null, &json!(district.code)));
    }
    let page = stenly.get(&format!("/groups/{OTHER}/settings")).await.is(200);
    page.says(&format!("value=\"{POINT}\""));
    for (point, key) in [
        ("Manado", "groups-wrong-point"),
        ("52.52, 13.40", "groups-wrong-point-outside"),
        ("-6.2, 106.8", "groups-wrong-point-far"),
    ] {
        let problem = stenly.api("PATCH", &at, Some(json!({ "point": point }))).await.is(422).json();
        assert_eq!(
            (&problem["fields"][0]["field"], &problem["fields"][0]["key"]),
            (&json!("point"), &json!(key))
        );
    }
    // The page keeps what was typed beside what is wrong with it.
    let version = version(&db).await;
    let form = [
        ("name", "Relawan Siaga Bencana Manado dan Minahasa"),
        ("summary", "Warga yang siap membantu saat banjir."),
        ("causes", "flood"),
        ("area", "71.71"),
        ("point", "-6,2; 106,8"),
        ("sign_up", "application"),
        ("visibility", "public"),
        ("taking", "yes"),
        ("version", version.as_str()),
    ];
    let page = stenly.post(&format!("/groups/{OTHER}/settings"), &form).await.is(422);
    page.says("value=\"-6,2; 106,8\"").says("Kota Manado, Sulawesi Utara");
    let group = stenly.api("PATCH", &at, Some(json!({ "point": "" }))).await.is(200).json();
    assert_eq!(group["point"], Json::Null);
}

#[db_test]
async fn a_new_group_and_a_draft_bring_their_point(db: Db) {
    let demo = Instance::demo(db).await;
    let mut vina = enter(&demo, "vina").await;
    let body = json!({
        "template": "orphanage", "name": "Sahabat Panti Sario", "area": "Kota Manado", "point": POINT,
        "summary": "Menemani anak panti belajar.", "sign_up": "application", "visibility": "public",
    });
    let group = vina.api("POST", "/api/v1/groups", Some(body)).await.is(201).json();
    assert_eq!(group["point"], POINT);
}

#[db_test]
async fn a_distance_is_exact_only_from_a_device_to_a_point(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut stenly = enter(&demo, "stenly").await;
    let mut browser = demo.browser();
    let exact = |km: &str| locale::message(Lang::Id, "home-why-km-exact", &[("km", km.into())]);
    let from_device = format!("/api/v1/groups?at={HERE}");
    let none = Some(json!({ "point": "" }));
    stenly.api("PATCH", &format!("/api/v1/groups/{OTHER}"), none).await.is(200);
    demo.settle().await;
    let told = why(&browser.api("GET", &from_device, None).await.is(200).json());
    assert!(told.iter().all(|why| !why.contains(',') || !why.ends_with("Anda")), "no point is set: {told:?}");
    let point = Some(json!({ "point": POINT }));
    stenly.api("PATCH", &format!("/api/v1/groups/{OTHER}"), point).await.is(200);
    demo.settle().await;
    let told = why(&browser.api("GET", &from_device, None).await.is(200).json());
    assert!(told.contains(&exact("1,4")), "{told:?}");
    // From the middle of a district or town it stays rough, and so does it from another place than that of the device.
    for query in ["area=71.71", "area=71.71.04&km=25", &format!("at={HERE}&area=71.73&km=100")] {
        let told = why(&browser.api("GET", &format!("/api/v1/groups?{query}"), None).await.is(200).json());
        assert!(!told.contains(&exact("1,4")), "{query}: {told:?}");
    }
    let page = browser.get(&format!("/groups?at={HERE}&km=5")).await.is(200);
    page.says(&exact("1,4"));
    let none = browser.get(&format!("/groups?at={HERE}&km=5&open=yes&q=zzzzqqqq")).await.is(200);
    assert!(!none.body.contains(OTHER));
    browser.api("GET", "/api/v1/groups?at=here", None).await.is(422);
}

#[db_test]
async fn the_place_narrows_level_by_level_with_counts(db: Db) {
    let demo = Instance::demo(db).await;
    let mut browser = demo.browser();
    let all = browser.get("/groups").await.is(200);
    assert!(all.body.contains("href=\"/groups?area=71\""), "{}", all.body);
    assert!(!all.body.contains("href=\"/groups?area=71.71\""));
    let province = browser.get("/groups?area=71").await.is(200);
    assert!(province.body.contains("href=\"/groups?area=71.71\""), "{}", province.body);
    assert!(!province.body.contains("href=\"/groups?area=71.71."));
    let town = browser.get("/groups?area=71.71").await.is(200);
    // One level down, and back to the level above.
    assert!(
        town.body.contains("href=\"/groups?area=71.71.0") && town.body.contains("href=\"/groups?area=71\"")
    );
    let named = browser.get("/groups?area=Kota+Manado%2C+Sulawesi+Utara").await.is(200);
    assert!(named.body.contains("href=\"/groups?area=71.71.0"));
    let district = browser.get("/groups?area=71.71.04").await.is(200);
    assert!(district.body.contains("href=\"/groups?area=71.71\""));
    let total = browser.api("GET", "/api/v1/groups?area=71.71", None).await.is(200).json()["total"].clone();
    let counted = format!("({total})");
    assert!(
        province
            .body
            .split("href=\"/groups?area=71.71\"")
            .nth(1)
            .is_some_and(|rest| { rest.split("</a>").next().is_some_and(|way| way.contains(&counted)) })
    );
}

#[db_test]
async fn causes_that_one_chose_bring_groups_forward_and_are_in_the_own_data(db: Db) {
    let demo = Instance::demo(db).await;
    let mut vina = enter(&demo, "vina").await;
    let causes: Vec<&str> = vec!["flood", "waste"];
    let body = json!({ "name": "Vina Kandou", "causes": causes, "shown": { "causes": "me" } });
    vina.api("PATCH", "/api/v1/me", Some(body)).await.is(200);
    let me = vina.api("GET", "/api/v1/me", None).await.is(200).json();
    assert_eq!(me["profile"]["causes"], json!(causes), "{me}");
    vina.get("/api/v1/me/data").await.is(200).says("\"causes\"");
    let list = vina.api("GET", "/api/v1/groups", None).await.is(200).json();
    let told = why(&list);
    let flood = locale::message(Lang::Id, "home-why-cause", &[("cause", "".into())]);
    assert!(told.iter().any(|why| why.starts_with(flood.trim())), "{told:?}");
    let page = vina.get("/me/profile").await.is(200);
    assert!(page.body.contains("name=\"causes\" value=\"flood\" checked"), "{}", page.body);
}
