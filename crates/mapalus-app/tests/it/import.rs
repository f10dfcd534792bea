//! Groups from a table: all of them or none, and each bad cell told with its place.

use crate::{
    testing::Instance,
    world::{mail, value},
};
use mapalus_app::{
    home::import::{self, MOST_BYTES, MOST_ROWS},
    shell::Lang,
};
use mapalus_db::Db;
use mapalus_db_test::db_test;

const HEAD: &str = "name,kind,summary,occupation,causes,area,sign_up,visibility,coordinator";

fn row(name: &str, area: &str, coordinator: &str) -> String {
    format!(
        "{name},volunteer,Warga yang saling membantu,,disaster-relief,{area},application,public,{coordinator}"
    )
}

async fn count(db: &Db) -> i64 {
    value(db, "select count(*) from groups", &[]).await
}

/// What is told, without what it wrote.
async fn told(demo: &Instance, table: &str) -> Vec<String> {
    let before = count(&demo.app.db).await;
    let outcome = import::groups(&demo.app, table.as_bytes(), Lang::En, true).await.unwrap();
    assert_eq!(count(&demo.app.db).await, before, "nothing is written: {table}");
    outcome.unwrap_err().iter().map(|complaint| complaint.text(Lang::En)).collect()
}

#[db_test]
async fn groups_of_a_table_are_opened_once_and_only_when_asked(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (one, two) =
        (row("Siaga Satu", "Kota Manado", &mail("novi")), row("Siaga Dua", "Kota Bitung", &mail("fera")));
    let table = format!("{HEAD}\n{one}\n{two}\n");
    let before = count(&db).await;
    let import = |apply| import::groups(&demo.app, table.as_bytes(), Lang::Id, apply);
    assert_eq!(import(false).await.unwrap(), Ok(2));
    assert_eq!(count(&db).await, before);
    assert_eq!(import(true).await.unwrap(), Ok(2));
    assert_eq!(count(&db).await, before + 2);
    // The coordinator is a member who may do everything, and the path is there.
    let coordinates = "
        select count(*) from role_holders
        join groups on groups.id = role_holders.group_id
        join persons on persons.id = role_holders.person_id
        join paths on paths.group_id = groups.id
        where groups.name_folded = 'siaga satu' and persons.mail_folded = $1";
    assert_eq!(value::<i64>(&db, coordinates, &[mail("novi").into()]).await, 1);
    // The same table again: they are there already.
    assert_eq!(import(true).await.unwrap().unwrap_err().len(), 2);
    assert_eq!(count(&db).await, before + 2);
}

#[db_test]
async fn one_bad_row_keeps_all_out_and_each_is_told_with_its_line_and_column(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let good = row("Siaga Satu", "Kota Manado", &mail("novi"));
    let bad = [
        row("x", "Kota Mando", &mail("novi")),
        row("Siaga Dua", "Kota Bitung", "nobody@contoh.id"),
        row("Siaga Satu", "Kota Manado", &mail("fera")),
        good.replace("disaster-relief", "bencna").replace("Satu", "Tiga"),
        format!(
            "Perawat Uji,occupational,Perawat yang saling membantu,perawt,,Kota Manado,open,public,{}",
            mail("novi")
        ),
        "too,few".to_owned(),
        good.replace("volunteer", "relawan")
            .replace("application", "buka")
            .replace(&mail("novi"), "no@contoh.id"),
    ];
    let told = told(&demo, &format!("{HEAD}\n{good}\n{}\n", bad.join("\n"))).await;
    let expected = [
        ("Line 3, column name:", ""),
        ("Line 3, column area:", "Kota Mando"),
        ("Line 4, column coordinator:", "account"),
        ("Line 5, column name:", "already"),
        ("Line 6, column causes:", "bencna"),
        ("Line 7, column occupation:", "perawt"),
        ("Line 8:", ""),
        ("Line 9, column kind:", "occupational, volunteer"),
        ("Line 9, column sign_up:", "buka"),
        ("Line 9, column coordinator:", "account"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for ((place, word), text) in expected.iter().zip(&told) {
        assert!(text.starts_with(place) && text.contains(word), "{place} {word}: {text}");
    }
}

#[db_test]
async fn what_is_no_such_table_is_refused_as_a_whole(db: Db) {
    let demo = Instance::demo(db).await;
    let novi = mail("novi");
    assert_eq!(told(&demo, "").await.len(), 6);
    assert_eq!(told(&demo, HEAD).await.len(), 1);
    let unknown = told(&demo, &format!("{HEAD},nama\n")).await;
    assert!(unknown[0].contains("column nama") && unknown[0].contains("coordinator"), "{unknown:?}");
    let many: Vec<String> =
        (0..=MOST_ROWS).map(|n| row(&format!("Siaga {n}"), "Kota Manado", &novi)).collect();
    let many = told(&demo, &format!("{HEAD}\n{}\n", many.join("\n"))).await;
    assert!(many.len() == 1 && many[0].contains("200"), "{many:?}");
    let long = format!("{HEAD}\n{}", " ".repeat(MOST_BYTES));
    assert!(told(&demo, &long).await[0].contains("1 MB"));
}

#[db_test]
async fn a_spreadsheet_with_semicolons_and_a_mark_of_its_encoding_is_read(db: Db) {
    let demo = Instance::demo(db).await;
    let table = format!("\u{feff}{HEAD}\r\n{}\r\n", row("Siaga Satu", "Kota Manado", &mail("novi")))
        .replace(',', ";");
    assert_eq!(import::groups(&demo.app, table.as_bytes(), Lang::Id, false).await.unwrap(), Ok(1));
}

#[db_test]
async fn the_example_of_the_guide_holds_but_for_its_people(db: Db) {
    let demo = Instance::demo(db).await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/groups-example.csv");
    let told = told(&demo, &std::fs::read_to_string(file).unwrap()).await;
    assert!(told.len() == 3 && told.iter().all(|text| text.contains("column coordinator")), "{told:?}");
}
