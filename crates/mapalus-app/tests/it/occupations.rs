//! What people read of occupations is what they say of themselves; the official titles are for finding.

use crate::{
    testing::Instance,
    world::{enter, mail, sql, value},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;

const NURSES: &str = "dokter-dan-perawat-manado";
/// Official titles, in both languages, of what the pages of the demonstration show.
const OFFICIAL: [&str; 8] = [
    "Profesional",
    "Praktisi",
    "YTDL",
    "YBDI",
    "Dokter Medis",
    "Nursing Professionals",
    "Medical Practitioners",
    "Midwifery Professionals",
];

#[db_test]
async fn pages_name_occupations_as_people_do_in_both_languages(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let johan: String =
        value(&db, "select id from persons where mail_folded = $1", &params![mail("johan")]).await;
    let mut fera = enter(&demo, "fera").await;
    let person = format!("/people/{johan}");
    let group = format!("/groups/{NURSES}");
    for (path, said) in [
        (format!("{person}?lang=id"), "Dokter spesialis"),
        (format!("{person}?lang=en"), "Specialist doctor"),
        (format!("{group}?lang=id"), "Perawat dan bidan"),
        (format!("{group}?lang=en"), "Nurses and midwives"),
        ("/me/profile?lang=id".to_owned(), "value=\"Perawat\""),
        ("/me/profile?lang=en".to_owned(), "value=\"Nurse\""),
        ("/groups?lang=id".to_owned(), "Tenaga kesehatan"),
        ("/groups?lang=id".to_owned(), "untuk profesi Anda: Perawat dan bidan"),
        ("/groups?occupation=2221&lang=en".to_owned(), "for your profession: Nurses and midwives"),
        ("/groups?occupation=2221&lang=en".to_owned(), "value=\"Nurse\""),
        ("/groups.atom?occupation=2221&lang=id".to_owned(), "· Perawat<"),
        ("/groups.atom?occupation=2221&lang=en".to_owned(), "· Nurse<"),
    ] {
        let mut page = fera.get(&path).await.is(200).says(said);
        for title in OFFICIAL {
            page = page.lacks(title);
        }
    }
    let view = fera.api("GET", &format!("/api/v1{person}"), None).await.is(200).json();
    assert_eq!(view["occupation"], "2212", "{view}");
    assert_eq!(view["occupation_name"], "Dokter spesialis", "{view}");
}

#[db_test]
async fn suggestions_find_by_every_name_and_say_the_everyday_one(db: Db) {
    let demo = Instance::demo(db).await;
    let mut fera = enter(&demo, "fera").await;
    let mut first = async |q: &str| {
        let list = fera.get(&format!("/suggest/occupations?q={q}")).await.is(200).json();
        let one = list.as_array().unwrap()[0].clone();
        (one["value"].as_str().unwrap().to_owned(), one["label"].as_str().unwrap().to_owned())
    };
    let pair = |value: &str, label: &str| (value.to_owned(), label.to_owned());
    assert_eq!(first("perawat").await, pair("Perawat", "Perawat"));
    assert_eq!(first("spog").await, pair("SpOG", "SpOG (Dokter spesialis)"));
    let official = "Profesional Keperawatan";
    assert_eq!(first("profesional+keperawatan").await, pair(official, &format!("{official} (Perawat)")));
}

#[db_test]
async fn whoever_types_an_official_title_has_that_occupation_and_reads_its_name(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    sql(&db, "update persons set occupation = null where mail_folded = $1", &params![mail("fera")]).await;
    let mut fera = enter(&demo, "fera").await;
    for typed in ["Praktisi Dokter Spesialis", "specialist medical practitioners", "Dokter spesialis"] {
        let body = Some(serde_json::json!({ "occupation": typed }));
        let done = fera.api("PATCH", "/api/v1/me", body).await;
        assert!(done.status.is_success(), "{typed}: {}", done.body);
        fera.get("/me/profile?lang=id").await.is(200).says("value=\"Dokter spesialis\"");
        fera.get("/me/profile?lang=en").await.is(200).says("value=\"Specialist doctor\"");
        sql(&db, "update persons set occupation = null where mail_folded = $1", &params![mail("fera")]).await;
    }
}
