//! An occupation, an area, a language typed with an error: refused with the nearest matches, on every page and over the
//! API.

use crate::{testing::Instance, world::enter};
use mapalus_db::Db;
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};

const TYPED: [(&str, &str, &str); 3] = [
    ("area", "Mandao", "Kota Manado, Sulawesi Utara"),
    ("occupation", "perawt", "Perawat"),
    ("languages", "Indonesa", "Indonesia"),
];

/// The nearest matches that a problem names for a field, and how it says them.
fn near<'p>(problem: &'p Json, field: &str) -> (&'p str, &'p str) {
    let fields = problem["fields"].as_array().unwrap();
    let flaw = fields.iter().find(|flaw| flaw["field"] == field);
    let flaw = flaw.unwrap_or_else(|| panic!("nothing is wrong with {field}: {problem}"));
    (flaw["arguments"]["near"].as_str().unwrap_or(""), flaw["detail"].as_str().unwrap())
}

#[db_test]
async fn a_profile_with_typing_errors_gets_the_nearest_matches(db: Db) {
    let demo = Instance::demo(db).await;
    let mut vina = enter(&demo, "vina").await;
    let mut form = vec![("name", "Vina Kandou"), ("version", "1")];
    form.extend(TYPED.map(|(field, typed, _)| (field, typed)));
    let mut page = vina.post("/me/profile", &form).await.is(422);
    for (_, typed, meant) in TYPED {
        // What was typed stays in its field, and what it may mean stands beside it.
        page = page.says(&format!("value=\"{typed}\"")).says(meant);
    }
    let body = TYPED.map(|(field, typed, _)| (field.to_owned(), json!(typed)));
    let mut body = Json::Object(body.into_iter().collect());
    body["name"] = json!("Vina Kandou");
    body["languages"] = json!([TYPED[2].1]);
    let problem = vina.api("PATCH", "/api/v1/me", Some(body)).await.is(422).json();
    for (field, typed, meant) in TYPED {
        let (near, detail) = near(&problem, field);
        assert!(near.contains(meant), "{typed}: {near}");
        assert!(detail.contains(typed) && detail.contains(meant), "{detail}");
    }
}

#[db_test]
async fn a_group_and_a_search_with_typing_errors_get_the_nearest_matches(db: Db) {
    let demo = Instance::demo(db).await;
    let mut vina = enter(&demo, "vina").await;
    let form = [
        ("kind", "occupational"),
        ("name", "Perawat Rumahan Manado"),
        ("summary", "Perawat yang datang ke rumah."),
        ("occupation", "perawt"),
        ("area", "Mandao"),
        ("sign_up", "application"),
        ("visibility", "public"),
    ];
    let page = vina.post("/groups", &form).await.is(422);
    page.says("Kota Manado, Sulawesi Utara").says("Perawat; ");
    let mut body =
        Json::Object(form.map(|(field, value)| (field.to_owned(), json!(value))).into_iter().collect());
    let problem = vina.api("POST", "/api/v1/groups", Some(body.clone())).await.is(422).json();
    assert!(near(&problem, "area").0.contains("Kota Manado"), "{problem}");
    assert!(near(&problem, "occupation").0.contains("Perawat"), "{problem}");
    body["area"] = json!("Kota Manado");
    body["districts"] = json!(["Wennang"]);
    let problem = vina.api("POST", "/api/v1/groups", Some(body)).await.is(422).json();
    // That of the group's own regency, whatever else is like it elsewhere.
    assert!(near(&problem, "districts").0.starts_with("Wenang"), "{problem}");
    // A word that is like none has no matches, and says so.
    let lost = vina.api("GET", "/api/v1/groups?area=Qqqqqqqq", None).await.is(422).json();
    assert_eq!((near(&lost, "area").0, &lost["fields"][0]["key"]), ("", &json!("wrong-area")));
    let sought = vina.api("GET", "/api/v1/groups?area=Mandao&occupation=perawt", None).await.is(422);
    let problem = sought.json();
    let told = problem["fields"][0]["arguments"]["near"].as_str().unwrap();
    assert!(told.contains("Manado") || told.contains("Perawat"), "{problem}");
}

#[db_test]
async fn a_match_is_chosen_on_the_page_without_a_script(db: Db) {
    let demo = Instance::demo(db).await;
    let mut meylan = demo.enters("seeker").await;
    let page = meylan.get("/me/profile").await.is(200).body;
    let version = page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut fields = vec![("version", version), ("name", "Meylan"), ("occupation", "doktr anak")];
    let asked = meylan.post("/me/profile", &fields).await.is(422);
    asked.says("name=\"pick:occupation\" value=\"dokter anak\"");
    fields.push(("pick:occupation", "dokter anak"));
    meylan.post("/me/profile", &fields).await.is(303);
    let me = meylan.api("GET", "/api/v1/me", None).await.is(200).json();
    assert_eq!(me["profile"]["occupation"], "2212");
    let search = "/groups?occupation=doktr+anak";
    meylan.get(search).await.is(422).says("name=\"pick:occupation\" value=\"dokter anak\"");
    meylan.get(&format!("{search}&pick%3Aoccupation=dokter+anak")).await.is(200);
}
