//! `mapalus seed starters` where there is nobody to give them to.

use crate::server::{Server, program, refused};
use mapalus_db::testing::TestFolder;

#[test]
fn starters_are_refused_without_an_operator_and_in_a_demonstration() {
    let folder = TestFolder::new();
    let (fresh, demo) = (folder.path().join("fresh"), folder.path().join("demo"));
    let seed = |data| refused(program().args(["seed", "starters", "--data"]).arg(data));
    let words = seed(&fresh);
    assert!(words.contains("mapalus serve"), "it says what to do first: {words}");
    assert!(!fresh.exists(), "nothing is made");
    Server::start(&demo).kill();
    let words = seed(&demo);
    assert!(words.contains("demonstration"), "{words}");
}
