//! A stop that is asked for fails nothing that was accepted.

use crate::{lines::Lines, load::Load, server::Server};
use mapalus_db::testing::TestFolder;

/// How often; `MAPALUS_STOP_ROUNDS` asks for more, as `cargo xtask test` does.
fn rounds() -> u64 {
    std::env::var("MAPALUS_STOP_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(8)
}

#[test]
fn a_stop_under_load_answers_every_write_that_it_took() {
    let folder = TestFolder::new();
    let data = folder.path().join("data");
    let load = Load::default();
    for round in 0..rounds() {
        let server = Server::start(&data);
        let cookies = server.enter("member");
        let address = server.address.clone();
        load.run(&address, &cookies, u64::MAX, || {
            // While 64 requests are under way, some read, some written, some waiting for the disk.
            load.until(load.answered() + 60 + 37 * (round % 8));
            server.ask_to_stop();
            server.ended();
        });
    }
    // A connection that is closed before the request was read fails nothing: what was accepted is
    // what stands. (Answers other than success have failed the test in the client.)
    let groups = Lines::of(&data, &folder.path().join("backup")).groups();
    let outcomes = load.outcomes();
    for (n, place) in &*outcomes {
        let stands = groups.get(n).copied().unwrap_or(0);
        assert_eq!(stands, usize::from(place.is_some()), "write {n}: answered {place:?}");
    }
    assert!(load.answered() >= 60 * rounds());
}
