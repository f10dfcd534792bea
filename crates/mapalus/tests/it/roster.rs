//! `mapalus roster` is the engine's own command line.

use crate::server::program;
use std::fs;

#[test]
fn a_roster_is_filled_and_checked_with_the_status_of_the_engine() {
    let folder = mapalus_db::testing::TestFolder::new();
    let (instance, solution) = (folder.path().join("two-days.txt"), folder.path().join("two-days.roster"));
    let text = "SECTION_HORIZON\n2\nSECTION_SHIFTS\nD,480,\nSECTION_STAFF\nAni,D=2,960,0,2,1,1,1\n\
        SECTION_COVER\n0,D,1,100,1\n1,D,1,100,1\n";
    fs::write(&instance, text).unwrap();
    let solved = program()
        .args(["roster", "solve"])
        .arg(&instance)
        .args(["--seconds", "5", "--out"])
        .arg(&solution)
        .output();
    let solved = solved.unwrap();
    let said = String::from_utf8(solved.stdout).unwrap();
    assert!(
        solved.status.success() && said.contains("\"cost\":0") && said.contains("\"optimal\":true"),
        "{said}"
    );
    fs::write(&solution, "Ani D -\nEve - D\n").unwrap();
    let broken = program().args(["roster", "check"]).arg(&instance).arg(&solution).output().unwrap();
    assert_eq!(broken.status.code(), Some(1));
    let bad = program().args(["roster", "solve", "not-there.json"]).output().unwrap();
    assert_eq!(bad.status.code(), Some(2));
    let help = program().args(["roster", "--help"]).output().unwrap();
    assert!(String::from_utf8(help.stdout).unwrap().contains("solve INSTANCE [--seconds 60]"));
}
