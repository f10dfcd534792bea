//! What was acknowledged stands, whenever the process is killed.

use crate::{
    http::Line,
    lines::Lines,
    load::{Load, place, write},
    server::Server,
};
use mapalus_core::{Chance, Clock, chance::SystemChance, time::SystemClock};
use mapalus_db::{Db, Options, testing::TestFolder};
use std::collections::BTreeSet;

/// Rounds, and writes in all. `MAPALUS_KILL_ROUNDS` asks for so many rounds of 500 writes, as
/// `cargo xtask test` does.
fn size() -> (u64, u64) {
    let asked = std::env::var("MAPALUS_KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    asked.map_or((8, 1_600), |rounds: u64| (rounds, rounds * 500))
}

fn random(below: u64) -> u64 {
    let mut bytes = [0; 8];
    SystemChance.fill(&mut bytes);
    u64::from_le_bytes(bytes) % below
}

#[test]
fn every_acknowledged_write_stands_once_after_kills_at_random() {
    let folder = TestFolder::new();
    let data = folder.path().join("data");
    let (rounds, most) = size();
    let load = Load::default();
    let (mut lost_answers, mut slowest) = (0, 0);
    for round in 0..rounds {
        let since = SystemClock.now();
        let server = Server::start(&data);
        // Ready again in 3 s, whatever was left behind; the first round makes the community.
        let millis = SystemClock.now().0 - since.0;
        assert!(round == 0 || millis <= 3_000, "ready again after {millis} ms");
        slowest = if round == 0 { slowest } else { millis.max(slowest) };
        let cookies = server.enter("member");
        // Those of the last round to which no answer came: done or not, they are asked for again.
        let unanswered: Vec<u64> =
            load.outcomes().iter().filter(|(_, place)| place.is_none()).map(|(n, _)| *n).collect();
        lost_answers += unanswered.len();
        let mut line = Line::open(&server.address).expect("it listens");
        for n in unanswered {
            let answer = write(&mut line, &cookies, n).expect("it answers");
            load.outcomes().insert(n, Some(place(n, &answer)));
        }
        // Counted before the clients begin: they are quick.
        let (address, begun, answered) = (server.address.clone(), load.begun(), load.answered());
        let last = round + 1 == rounds;
        let left = (most - begun) / (rounds - round);
        let after = if last { most } else { random(left.max(2)) + left / 2 };
        load.run(&address, &cookies, most, || {
            load.until(answered + after.min(most - begun));
            server.kill();
        });
    }
    assert!(lost_answers > 0, "no kill hit a write: the test shows nothing");
    assert_eq!(load.begun(), most);

    let server = Server::start(&data);
    let cookies = server.enter("member");
    let before = Lines::of(&data, &folder.path().join("before"));
    let outcomes = load.outcomes().clone();
    let groups = before.groups();
    for (n, place) in &outcomes {
        let count = groups.get(n).copied().unwrap_or(0);
        assert!(count == 1 || (count == 0 && place.is_none()), "write {n} ({place:?}) stands {count} times");
    }
    assert_eq!(before.once_values(), groups.len());

    // Replayed, all of them: the same answers, and nothing is written.
    let mut line = Line::open(&server.address).expect("it listens");
    for (n, earlier) in &outcomes {
        let answer = write(&mut line, &cookies, *n).expect("it answers");
        let place = place(*n, &answer);
        assert!(earlier.as_ref().is_none_or(|earlier| *earlier == place), "write {n} led elsewhere");
    }
    let after = Lines::of(&data, &folder.path().join("after"));
    // Only what the last kill had kept from standing was written now; every row from before is as it was.
    let missing = outcomes.len() - groups.len();
    assert_eq!(after.groups().len(), outcomes.len());
    for table in ["groups", "roles", "memberships", "paths", "steps", "audit", "once"] {
        let (before, after) = (before.rows(table), after.rows(table));
        let there: BTreeSet<&String> = after.iter().collect();
        let gone: Vec<&String> = before.iter().filter(|row| !there.contains(row)).collect();
        assert_eq!(gone, Vec::<&String>::new(), "{table}");
        assert!(
            missing > 0 || after.len() == before.len(),
            "{table}: {} rows more",
            after.len() - before.len()
        );
    }
    server.kill();

    let url = format!("sqlite:{}", data.join("mapalus.db").display());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(&url, Options::default()).await.expect("it opens after the last kill");
        db.integrity().await.expect("the database is sound");
        db.close().await;
    });
    println!(
        "{rounds} kills, {} writes, {lost_answers} without an answer, ready again in {slowest} ms at most",
        outcomes.len()
    );
}
