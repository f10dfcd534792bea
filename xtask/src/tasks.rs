//! Tasks beside the tests.

use crate::demo::Demo;
use crate::needs::{self, Need};
use crate::postgres::Postgres;
use crate::process::run;
use crate::{Outcome, steps};

/// Screenshots of the demo's screens, in both languages and two widths, into `docs/guide/images`.
pub fn shots() -> Outcome {
    needs::provide(&[Need::Chromium, Need::NodePackages])?;
    steps::build()?;
    let demo = Demo::start(false)?;
    run(&mut steps::browser_command("shots.mjs", &demo)?)
}

/// Writes the generated references in `docs/reference` again: the tests that check them write them instead.
pub fn docs() -> Outcome {
    needs::provide(&[Need::Postgres])?;
    let postgres = Postgres::start(false)?;
    run(steps::workspace_tests(false).env("MAPALUS_TEST_POSTGRES", postgres.url()).env("MAPALUS_BLESS", "1"))
}
