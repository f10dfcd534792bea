//! Where a SQLite database stands.

use crate::testing::*;
use mapalus_db::{Backend, Db, DbError, testing::options};
use std::path::Path;

async fn open(path: &Path) -> Result<Db, DbError> {
    Db::open(&format!("sqlite:{}", path.display()), options()).await
}

#[tokio::test]
async fn a_second_process_is_refused_naming_the_folder_until_the_first_has_closed() {
    let folder = mapalus_db::testing::TestFolder::new();
    let path = folder.path().join("new/folder/mapalus.db");
    let first = open(&path).await.unwrap();
    first.migrate(MIGRATIONS).await.unwrap();
    add_shift(&first, "a").await.unwrap();
    let error = open(&path).await.map(drop).unwrap_err();
    assert!(matches!(error, DbError::Taken(_)));
    assert!(error.to_string().contains("new/folder"), "{error}");
    first.close().await;
    let second = open(&path).await.unwrap();
    assert_eq!(count(&second).await, 1);
}

#[tokio::test]
async fn what_is_no_database_is_refused_in_words() {
    let folder = mapalus_db::testing::TestFolder::new();
    for url in ["sqlite:", "sqlite::memory:", "sqlite:/", "mysql://x/y", "mapalus.db"] {
        let error = Db::open(url, options()).await.map(drop).unwrap_err();
        assert!(matches!(error, DbError::Refused(_)), "{url}: {error:?}");
    }
    let path = folder.path().join("text.db");
    std::fs::write(&path, "this is no database, however long it may be ".repeat(100)).unwrap();
    assert!(open(&path).await.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = mapalus_db::testing::TestFolder::new();
    let path = folder.path().join("mapalus.db");
    let db = open(&path).await.unwrap();
    db.migrate(MIGRATIONS).await.unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.file_name());
        seen += 1;
    }
    assert!(seen >= 4, "database, log, its index and lock");
}

#[tokio::test]
async fn a_closed_database_leaves_no_log() {
    let folder = mapalus_db::testing::TestFolder::new();
    let path = folder.path().join("mapalus.db");
    let db = open(&path).await.unwrap();
    db.migrate(MIGRATIONS).await.unwrap();
    add_shift(&db, "a").await.unwrap();
    db.close().await;
    let log = folder.path().join("mapalus.db-wal");
    assert!(!log.exists() || std::fs::metadata(log).unwrap().len() == 0);
}

#[tokio::test]
async fn a_test_database_is_gone_when_dropped() {
    let test = database(Backend::Sqlite).await;
    let path = test.url.strip_prefix("sqlite:").unwrap().to_owned();
    assert!(Path::new(&path).exists());
    drop(test);
    assert!(!Path::new(&path).parent().unwrap().exists());
}

#[tokio::test]
async fn what_was_deleted_leaves_no_byte_once_all_was_written_anew() {
    let folder = mapalus_db::testing::TestFolder::new();
    let path = folder.path().join("mapalus.db");
    let db = open(&path).await.unwrap();
    db.migrate(MIGRATIONS).await.unwrap();
    let held = || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file).unwrap()).collect();
        bytes.windows(11).filter(|part| part == b"qwontarelia").count()
    };
    // Keys in no order and rows of many lengths: pages are split and rows move.
    let name = |n: usize| {
        format!("{:08x}-{}{n}", n.wrapping_mul(0x9E37_79B1) & 0xFFFF_FFFF, "qwontarelia ".repeat(n % 9))
    };
    for n in 0..1_500 {
        add_shift(&db, &name(n)).await.unwrap();
    }
    assert!(held() > 1_500);
    remove_shifts(&db).await;
    assert!(db.rewrite().await.unwrap());
    assert_eq!(held(), 0);
    assert_eq!(std::fs::metadata(path.with_extension("db-wal")).unwrap().len(), 0);
    add_shift(&db, "after").await.unwrap();
    assert_eq!(count(&db).await, 1);
}
