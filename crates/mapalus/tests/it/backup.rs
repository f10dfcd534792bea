//! Backed up under load, restored elsewhere, compared row by row and file by file.

use crate::{
    lines::Lines,
    load::Load,
    server::{Server, program, refused, run},
};
use mapalus_db::testing::{TestDatabase, TestFolder};
use std::{fs, path::Path};

const PASSPHRASE: (&str, &str) = ("MAPALUS_BACKUP_PASSPHRASE", "tujuh belas kuda laut");

mapalus_db::statements! {
    /// Makes a database without migrations really empty.
    DROP_MIGRATIONS = "drop table schema_migrations";
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

async fn empty_postgres() -> TestDatabase {
    let made = mapalus_db::testing::postgres(&[]).await;
    made.db.write("empty", |tx| tx.execute(&DROP_MIGRATIONS, &[])).await.expect("it is there");
    made
}

/// All lines but the first, which says when and from where.
fn rest(file: &Path) -> Vec<String> {
    let mut lines = Lines::read(file).0;
    // The last line sums up the first one too.
    lines.pop();
    lines.remove(0);
    lines
}

fn backup(file: &Path, data: &Path, more: &[&str]) -> String {
    run(program().env(PASSPHRASE.0, PASSPHRASE.1).arg("backup").arg(file).arg("--data").arg(data).args(more))
}

fn restore(file: &Path, data: &Path, more: &[&str]) -> String {
    run(program().env(PASSPHRASE.0, PASSPHRASE.1).arg("restore").arg(file).arg("--data").arg(data).args(more))
}

/// A document of more than two parts.
fn paper() -> String {
    format!("%PDF-1.7\n{}", "surat ".repeat(400_000))
}

/// Gives a file as an answer of a new application; gives its address.
fn give_a_file(address: &str, cookies: &str) -> String {
    let mut line = crate::http::Line::open(address).expect("it listens");
    let signed_in = [("Cookie", cookies)];
    let begun = line
        .ask("POST", "/api/v1/groups/forum-advokat-makassar/applications", &signed_in, "")
        .expect("it answers");
    assert_eq!(begun.status, 201, "{begun:?}");
    let files = format!("{}/files", begun.header("location").expect("it has an address"));
    let given =
        line.ask("POST", &format!("{files}?question=oath-record"), &signed_in, paper()).expect("it answers");
    assert_eq!(given.status, 201, "{given:?}");
    given.header("location").expect("it has an address").to_owned()
}

#[test]
fn a_backup_under_load_restores_row_by_row_on_both_databases_and_across() {
    let folder = TestFolder::new();
    let place = |name: &str| folder.path().join(name);
    let data = place("data");
    let server = Server::start(&data);
    let (address, cookies) = (server.address.clone(), server.enter("member"));
    let file = give_a_file(&address, &cookies);
    let load = Load::default();
    load.run(&address, &cookies, u64::MAX, || {
        for n in 1..=3 {
            load.until(load.answered() + 100);
            let acknowledged: Vec<u64> =
                load.outcomes().iter().filter(|(_, place)| place.is_some()).map(|(n, _)| *n).collect();
            let file = place(&format!("backup-{n}"));
            backup(&file, &data, &[]);
            let groups = Lines::read(&file).groups();
            for write in acknowledged {
                assert_eq!(groups.get(&write), Some(&1), "acknowledged before backup {n} began: {write}");
            }
        }
        load.end();
    });
    server.kill();

    let original = place("backup-2");
    let expected = rest(&original);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&original).unwrap().permissions().mode() & 0o777, 0o600);
    }

    // SQLite to SQLite; the database, the key and the mark are all the files there are.
    let said = restore(&original, &place("sqlite"), &[]);
    assert!(said.contains("the same when read back"), "{said}");
    backup(&place("again"), &place("sqlite"), &[]);
    assert_eq!(rest(&place("again")), expected);
    for file in ["instance.key", "this-is-a-demonstration"] {
        assert_eq!(
            fs::read(place("sqlite").join(file)).unwrap(),
            fs::read(data.join(file)).unwrap(),
            "{file}"
        );
    }

    // SQLite to PostgreSQL, PostgreSQL to PostgreSQL, and back to SQLite.
    let (first, second) = runtime().block_on(async { (empty_postgres().await, empty_postgres().await) });
    let (first_url, second_url) = (["--database", &first.url], ["--database", &second.url]);
    restore(&original, &place("with-postgres"), &first_url);
    backup(&place("from-postgres"), &place("with-postgres"), &first_url);
    assert_eq!(rest(&place("from-postgres")), expected);
    restore(&place("from-postgres"), &place("with-postgres-2"), &second_url);
    backup(&place("from-postgres-2"), &place("with-postgres-2"), &second_url);
    assert_eq!(rest(&place("from-postgres-2")), expected);
    restore(&place("from-postgres-2"), &place("home-again"), &[]);
    backup(&place("home"), &place("home-again"), &[]);
    assert_eq!(rest(&place("home")), expected);

    // And it starts, with the sessions that were open.
    let server = Server::start(&place("sqlite"));
    let mut line = crate::http::Line::open(&server.address).unwrap();
    let me = line.ask("GET", "/api/v1/me", &[("Cookie", &cookies)], "").unwrap();
    assert_eq!(me.status, 200, "{me:?}");
    let same = line.ask("GET", &file, &[("Cookie", &cookies)], "").unwrap();
    assert_eq!((same.status, same.body.len()), (200, paper().len()));
    assert!(same.body == paper(), "the file came back as it was");
    drop(server);
    drop((first, second));
}

#[test]
fn nothing_is_overwritten_and_nothing_is_half_restored() {
    let folder = TestFolder::new();
    let place = |name: &str| folder.path().join(name);
    let data = place("data");
    Server::start(&data).kill();
    let file = place("backup");
    backup(&file, &data, &[]);

    let again = refused(program().arg("backup").arg(&file).arg("--data").arg(&data));
    assert!(again.contains("never overwrites"), "{again}");
    let restore = |file: &Path, data: &Path| {
        let mut restore = program();
        restore.arg("restore").arg(file).arg("--data").arg(data).env(PASSPHRASE.0, PASSPHRASE.1);
        restore
    };
    let full = refused(&mut restore(&file, &data));
    assert!(full.contains("is not empty"), "{full}");

    // The key opens with its passphrase only; without it somebody has to say so.
    let target = place("target");
    let without = refused(restore(&file, &target).env_remove(PASSPHRASE.0));
    assert!(without.contains("--without-key"), "{without}");
    let wrong = refused(restore(&file, &target).env(PASSPHRASE.0, "tujuh belas kuda laut!"));
    assert!(wrong.contains("not the one"), "{wrong}");

    // One changed letter in the last row, and nothing is written.
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() - 600;
    bytes[middle] ^= 1;
    fs::write(place("damaged"), &bytes).unwrap();
    let damaged = refused(&mut restore(&place("damaged"), &target));
    assert!(damaged.contains("damaged"), "{damaged}");
    assert!(!target.exists(), "nothing was written");

    // Killed in the midst, it leaves nothing that is taken for an instance, and can be done again.
    let mut killed = restore(&file, &target).spawn().unwrap();
    while killed.try_wait().unwrap().is_none() && !target.join("mapalus.db.restoring").exists() {
        std::thread::yield_now();
    }
    killed.kill().unwrap();
    let ended = killed.wait().unwrap();
    assert!(ended.success() || !target.join("mapalus.db").exists());
    if !ended.success() {
        run(&mut restore(&file, &target));
    }
    assert!(!target.join("mapalus.db.restoring").exists());
    backup(&place("again"), &target, &[]);
    assert_eq!(rest(&place("again")), rest(&file));

    // Without a passphrase the key is left out, and that is said.
    let said = run(program().arg("backup").arg(place("keyless")).arg("--data").arg(&data));
    assert!(said.contains("NOT in it"), "{said}");
    let key = fs::read_to_string(data.join("instance.key")).unwrap();
    for file in ["keyless", "backup"] {
        assert!(!fs::read_to_string(place(file)).unwrap().contains(&key), "{file}");
    }
    let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().ends_with(".part")));
}
