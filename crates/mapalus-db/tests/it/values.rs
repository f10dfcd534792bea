//! What goes in comes out, on both databases alike.

use crate::testing::*;
use mapalus_db::{Db, DbError, Value, params, record};
use mapalus_db_test::db_test;

mapalus_db::statements! {
    /// Adds a row of every type.
    ADD = "insert into kinds (id, words, amount, truth, raw) values ($1, $2, $3, $4, $5)";
    /// That row.
    READ = "select raw, truth, amount, words, id from kinds where id = $1";
    /// Its columns by position.
    BY_POSITION = "select words, amount, truth, raw from kinds where id = $1";
    /// Rows whose words begin so.
    LIKE = "select id from kinds where words like $1";
    /// Words in the order of their bytes.
    ORDERED = "select words from kinds order by words";
    /// The words, taken for an integer by its reader.
    WRONG_TYPE = "select words as id from kinds";
    /// The average, whose type is not portable on PostgreSQL.
    NOT_PORTABLE = "select sum(id) * 1.5 as total from kinds";
    /// An optional filter.
    FILTERED = "
        select id
        from kinds
        where (cast($1 as bigint) is null or id = $1)
          and (cast($2 as text) is null or words = $2)
        order by id";
    /// Not SQL.
    NONSENSE = "selec 1";
    /// A text in double quotes is a column, and there is none.
    DOUBLE_QUOTED = "select id from kinds where words = \"x\"";
}

record! {
    /// A row of every type.
    #[derive(Debug, PartialEq)]
    struct Kinds {
        id: i64,
        words: Option<String>,
        amount: Option<f64>,
        truth: Option<bool>,
        raw: Option<Vec<u8>>,
    }
}

async fn add(db: &Db, params: [Value; 5]) -> Result<(), DbError> {
    db.write("add", move |tx| tx.execute(&ADD, &params).map(drop)).await
}

async fn read(db: &Db, id: i64) -> Kinds {
    db.read("read", move |tx| tx.one::<Kinds>(&READ, &params![id])).await.unwrap()
}

#[db_test]
async fn every_type_is_read_back_as_it_was_written(db: Db) {
    let words = "Puskesmas \u{1F3E5} 'quoted' $1 ?2";
    add(&db, params![i64::MAX, words, 0.1, true, vec![0u8, 255]]).await.unwrap();
    let expected = Kinds {
        id: i64::MAX,
        words: Some(words.to_owned()),
        amount: Some(0.1),
        truth: Some(true),
        raw: Some(vec![0, 255]),
    };
    assert_eq!(read(&db, i64::MAX).await, expected);
}

#[db_test]
async fn null_of_every_type_is_read_back_as_none(db: Db) {
    let none = Value::Null;
    add(&db, params![1, none.clone(), none.clone(), none.clone(), none]).await.unwrap();
    let expected = Kinds { id: 1, words: None, amount: None, truth: None, raw: None };
    assert_eq!(read(&db, 1).await, expected);
}

#[db_test]
async fn empty_text_bytes_and_an_integer_for_a_real_number_stay_what_they_are(db: Db) {
    add(&db, params![-1, "", 3, false, Vec::<u8>::new()]).await.unwrap();
    let row = db
        .read("position", |tx| tx.one::<(String, f64, bool, Vec<u8>)>(&BY_POSITION, &params![-1]))
        .await
        .unwrap();
    assert_eq!(row, (String::new(), 3.0, false, Vec::new()));
}

#[db_test]
async fn text_sorts_by_its_bytes_and_like_tells_cases_apart(db: Db) {
    for (id, words) in ["b", "A", "a", "É", "B", "z"].into_iter().enumerate() {
        add(&db, params![id as i64, words, 0.0, true, vec![0u8]]).await.unwrap();
    }
    let (ordered, like) = db
        .read("order", |tx| {
            let ordered = tx.all::<(String,)>(&ORDERED, &[])?;
            Ok::<_, DbError>((ordered, tx.all::<(i64,)>(&LIKE, &params!["a%"])?))
        })
        .await
        .unwrap();
    let ordered: Vec<String> = ordered.into_iter().map(|(words,)| words).collect();
    assert_eq!(ordered, ["A", "B", "a", "b", "z", "É"]);
    assert_eq!(like, [(2,)]);
}

#[db_test]
async fn a_parameter_may_stand_twice_and_be_absent(db: Db) {
    for id in 1..=3 {
        add(&db, params![id, "w", 0.0, true, vec![0u8]]).await.unwrap();
    }
    let found = async |id: Option<i64>, words: Option<&'static str>| {
        db.read("filter", move |tx| tx.all::<(i64,)>(&FILTERED, &params![id, words])).await.unwrap().len()
    };
    assert_eq!(found(None, None).await, 3);
    assert_eq!(found(Some(2), None).await, 1);
    assert_eq!(found(Some(2), Some("x")).await, 0);
}

#[db_test]
async fn the_character_nul_is_refused_by_both(db: Db) {
    let error = add(&db, params![1, "a\0b", 0.0, true, vec![0u8]]).await.unwrap_err();
    assert!(matches!(error, DbError::Check { .. }), "{error:?}");
}

#[db_test]
async fn a_column_of_the_wrong_type_names_the_statement_and_the_column(db: Db) {
    add(&db, params![1, "secret", 0.0, true, vec![0u8]]).await.unwrap();
    let error = db.read("wrong", |tx| tx.scalar::<i64>(&WRONG_TYPE, &[])).await.unwrap_err();
    let text = chain(&error);
    assert_eq!(
        text,
        "column id of it::values::WRONG_TYPE cannot be read: text stands where an integer should"
    );
}

#[db_test]
async fn a_missing_column_is_named(db: Db) {
    add(&db, params![1, "w", 0.0, true, vec![0u8]]).await.unwrap();
    let error = db.read("missing", |tx| tx.one::<Kinds>(&WRONG_TYPE, &[])).await.unwrap_err();
    assert!(matches!(error, DbError::Column { .. }), "{error:?}");
}

#[db_test]
async fn the_wrong_number_of_parameters_is_an_error(db: Db) {
    for given in [params![].to_vec(), params!["a", "b"].to_vec()] {
        let error = db.read("few", move |tx| tx.all::<Shift>(&SHIFT, &given)).await.unwrap_err();
        assert!(matches!(error, DbError::Statement { .. }), "{error:?}");
    }
}

#[db_test]
async fn a_text_that_is_not_sql_is_an_error_with_the_statements_name(db: Db) {
    for statement in [&NONSENSE, &DOUBLE_QUOTED] {
        let error = db.read("bad", move |tx| tx.all::<(i64,)>(statement, &[])).await.unwrap_err();
        assert!(matches!(error, DbError::Statement { .. }), "{error:?}");
        assert!(error.to_string().starts_with("it::values::"), "{error}");
    }
}

#[db_test]
async fn every_good_statement_prepares_and_tells_parameters_and_columns(db: Db) {
    let good = crate::testing::STATEMENTS.iter().copied().chain([&ADD, &READ, &FILTERED]);
    for statement in good {
        let prepared = db.read("prepare", move |tx| tx.prepare(statement)).await;
        assert!(prepared.is_ok(), "{}: {prepared:?}", statement.name);
    }
    let filtered = db.read("prepare", |tx| tx.prepare(&FILTERED)).await.unwrap();
    assert_eq!((filtered.parameters, filtered.columns), (2, vec!["id".to_owned()]));
    assert!(db.read("prepare", |tx| tx.prepare(&NONSENSE)).await.is_err());
}

#[tokio::test]
async fn a_type_outside_of_the_subset_says_so_on_postgres() {
    let test = database(mapalus_db::Backend::Postgres).await;
    add(&test.db, params![1, "w", 0.0, true, vec![0u8]]).await.unwrap();
    let read = test.db.read("numeric", |tx| tx.scalar::<f64>(&NOT_PORTABLE, &[])).await;
    let text = chain(&read.unwrap_err());
    assert!(
        text.ends_with("the type numeric is outside of the portable subset: cast it in the statement"),
        "{text}"
    );
}
