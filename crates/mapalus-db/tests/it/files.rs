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
    assert!(matches!(error, DbError::Refused(_)));
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

#[tokio::test]
async fn a_backup_holds_what_was_committed_and_replaces_nothing() {
    let test = database(Backend::Sqlite).await;
    add_shift(&test.db, "a").await.unwrap();
    let folder = mapalus_db::testing::TestFolder::new();
    let copy = folder.path().join("backup.db");
    test.db.backup_sqlite(&copy).await.unwrap();
    add_shift(&test.db, "b").await.unwrap();

    assert!(matches!(test.db.backup_sqlite(&copy).await, Err(DbError::Refused(_))));
    let restored = open(&copy).await.unwrap();
    assert_eq!(restored.migrate(MIGRATIONS).await.unwrap(), Vec::<&str>::new());
    assert_eq!(count(&restored).await, 1);
    restored.close().await;
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{names:?}");
}

#[tokio::test]
async fn backups_go_on_beside_writers_and_each_is_whole() {
    let test = database(Backend::Sqlite).await;
    let folder = mapalus_db::testing::TestFolder::new();
    let writing = tokio::spawn({
        let db = test.db.clone();
        async move {
            for n in 0..200 {
                add_shift(&db, &n.to_string()).await.unwrap();
            }
        }
    });
    for n in 0..5 {
        test.db.backup_sqlite(&folder.path().join(format!("{n}.db"))).await.unwrap();
    }
    writing.await.unwrap();
    for n in 0..5 {
        #[expect(clippy::disallowed_methods, reason = "looks at the file from outside")]
        let copy = rusqlite::Connection::open(folder.path().join(format!("{n}.db"))).unwrap();
        let verdict: String = copy.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = mapalus_db::testing::TestFolder::new();
    let path = folder.path().join("mapalus.db");
    let db = open(&path).await.unwrap();
    db.migrate(MIGRATIONS).await.unwrap();
    db.backup_sqlite(&folder.path().join("backup.db")).await.unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.file_name());
        seen += 1;
    }
    assert!(seen >= 4, "database, log, its index, lock and backup");
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
