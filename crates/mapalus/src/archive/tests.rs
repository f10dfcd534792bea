use super::*;
use anyhow::Result;
use mapalus_core::chance::SystemChance;
use mapalus_db::{
    Value, ValueRef,
    transfer::{Item, Piece, Sink, Source},
};

fn header(key: Option<Sealed>) -> Header {
    Header::new(1_700_000_000_000, Backend::Sqlite, false, key)
}

fn written() -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), header(None));
    let column = |name: &str, kind| Column { name: name.to_owned(), kind };
    let columns = Kind::ALL.map(|kind| column(&format!("a {}", kind.name()), kind)).to_vec();
    let all = Table { name: "all kinds".to_owned(), columns };
    let none = Table { name: "none".to_owned(), columns: vec![column("x", Kind::Text)] };
    let rows: [[ValueRef<'_>; 5]; 3] = [
        [
            ValueRef::Text("[\"é\"\n\u{1}🌋"),
            ValueRef::Integer(i64::MIN),
            ValueRef::Real(0.1 + 0.2),
            ValueRef::Boolean(true),
            ValueRef::Bytes(&[0, 255, 10]),
        ],
        [ValueRef::Null; 5],
        [
            ValueRef::Text(""),
            ValueRef::Integer(i64::MAX),
            ValueRef::Real(f64::NEG_INFINITY),
            ValueRef::Boolean(false),
            ValueRef::Bytes(&[]),
        ],
    ];
    writer.take(Piece::Start(&[Applied { name: "0001_a".into(), checksum: "1:2".into() }])).unwrap();
    writer.take(Piece::Table(&all)).unwrap();
    for row in &rows {
        writer.take(Piece::Row(row)).unwrap();
    }
    writer.take(Piece::Table(&none)).unwrap();
    writer.done().unwrap();
    let (out, rows, tables) = writer.ended();
    assert_eq!((rows, tables), (3, 2));
    out
}

#[test]
fn what_was_written_is_read_again_value_by_value() {
    let file = written();
    let contents = check(&file[..]).unwrap();
    assert_eq!((contents.rows(), contents.tables.len()), (3, 2));
    assert_eq!(contents.header.migrations, [("0001_a".to_owned(), "1:2".to_owned())]);
    let mut rows = Rows::new(&file[..]).unwrap();
    let mut values = Vec::new();
    let mut tables = Vec::new();
    while let Some(item) = rows.next().unwrap() {
        match item {
            Item::Table(table) => tables.push(table.name),
            Item::Row(row) => values.push(row),
        }
    }
    assert_eq!(tables, ["all kinds", "none"]);
    assert_eq!(values[0][0], Value::Text("[\"é\"\n\u{1}🌋".to_owned()));
    assert_eq!(values[0][1..3], [Value::Integer(i64::MIN), Value::Real(0.1 + 0.2)]);
    assert_eq!(values[0][3..], [Value::Boolean(true), Value::Bytes(vec![0, 255, 10])]);
    assert_eq!(values[1], vec![Value::Null; 5]);
    assert_eq!(values[2][1..3], [Value::Integer(i64::MAX), Value::Real(f64::NEG_INFINITY)]);
}

#[test]
fn a_file_that_was_cut_off_anywhere_or_changed_anywhere_is_refused() {
    let file = written();
    for length in 0..file.len() {
        assert!(check(&file[..length]).is_err(), "cut off after {length} bytes");
    }
    for at in 0..file.len() {
        let mut other = file.clone();
        other[at] ^= 1;
        assert!(check(&other[..]).is_err(), "byte {at} changed");
    }
    let mut longer = file;
    longer.push(b'\n');
    assert!(check(&longer[..]).is_err());
}

#[test]
fn another_format_is_named_and_other_files_are_none() -> Result<()> {
    let refusal = |text: &str| format!("{:#}", check(text.as_bytes()).map(drop).unwrap_err());
    assert!(refusal("{\"mapalus_backup\":2,\"new\":1}\n").contains("format 2"));
    for other in ["", "PK", "{}\n", "[1]\n", "hello\n"] {
        assert!(refusal(other).contains("no backup of Mapalus"), "{other}");
    }
    Ok(())
}

#[test]
fn a_sealed_key_opens_with_its_passphrase_only() {
    let sealed = Sealed::new("the key", "correct horse battery", &SystemChance).unwrap();
    let text = serde_json::to_string(&sealed).unwrap();
    assert!(!text.contains("the key"));
    let read: Sealed = serde_json::from_str(&text).unwrap();
    assert_eq!(read.open("correct horse battery").unwrap(), "the key");
    assert!(read.open("correct horse batterx").is_err());
    let cheaper = text.replace("\"passes\":3", "\"passes\":2");
    assert_ne!(cheaper, text);
    let forged: Sealed = serde_json::from_str(&cheaper).unwrap();
    assert!(forged.open("correct horse battery").is_err());
    let dear: Sealed = serde_json::from_str(&text.replace("65536", "4294967295")).unwrap();
    assert!(dear.open("correct horse battery").unwrap_err().to_string().contains("more work"));
    assert!(Sealed::new("x", "short", &SystemChance).is_err());
}
