//! `cargo xtask test`: the steps in their order, each named and timed; the first that fails ends the run.

use crate::clock::Stopwatch;
use crate::demo::{self, Demo};
use crate::needs::{self, Need};
use crate::place::{Folder, root, scratch};
use crate::postgres::Postgres;
use crate::process::{answers, capture, cargo, command, run as run_command};
use crate::{Outcome, http};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

/// A default build of more crates than this takes a newcomer too long.
const MOST_CRATES: usize = 450;

/// A warm `--fast` run that takes longer gets a word about it.
const FAST_SECONDS: f64 = 60.0;

/// How `cargo xtask test` was asked to run.
#[derive(Debug, Default)]
pub struct Options {
    fast: bool,
    keep: bool,
    only: Option<&'static Step>,
}

impl Options {
    /// Reads the words after `test`.
    pub fn parse(words: &[&str]) -> Outcome<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--fast" => options.fast = true,
                "--keep" => options.keep = true,
                "--only" => options.only = Some(step(words.next().copied().unwrap_or_default())?),
                other => {
                    return Err(format!(
                        "test: unknown option {other}; there are --fast, --only STEP, --keep"
                    ));
                }
            }
        }
        Ok(options)
    }
}

/// One step of the test run.
#[derive(Debug)]
struct Step {
    name: &'static str,
    /// Part of `--fast`.
    fast: bool,
    needs: &'static [Need],
    run: fn(&mut Run) -> Outcome,
}

const fn quick(name: &'static str, needs: &'static [Need], run: fn(&mut Run) -> Outcome) -> Step {
    Step { name, fast: true, needs, run }
}

const fn full(name: &'static str, needs: &'static [Need], run: fn(&mut Run) -> Outcome) -> Step {
    Step { name, fast: false, needs, run }
}

static STEPS: &[Step] = &[
    quick("needs", &[], |run| needs::provide(&run.needs)),
    quick("format", &[Need::Components], |_| run_command(&mut cargo(["fmt", "--all", "--check"]))),
    quick("lints", &[Need::Components], |_| {
        run_command(&mut cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    }),
    full("data", &[Need::Python], |_| {
        run_command(command("python3").arg("data/check.py").current_dir(root()))
    }),
    quick("build", &[], |_| build()),
    full("crates", &[Need::Python], |_| crates()),
    full("postgres", &[Need::Postgres], |run| run.postgres().map(|_| ())),
    // Python runs the foreign checkers of rosters.
    quick("tests", &[Need::Postgres, Need::Python], tests),
    full("html", &[Need::Java, Need::NodePackages], |_| html()),
    full("demo", &[], |run| run.demo().map(|_| ())),
    full("e2e", &[Need::Chromium, Need::NodePackages], browser),
    full("api", &[Need::Schemathesis], api),
    quick("stop", &[], |run| {
        run.demo = None;
        run.postgres = None;
        Ok(())
    }),
];

fn step(name: &str) -> Outcome<&'static Step> {
    STEPS.iter().find(|step| step.name == name).ok_or_else(|| {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        format!("test: no step {name:?}; there are {}", names.join(", "))
    })
}

/// What the steps of one run share. Servers stop when it goes, whichever way.
struct Run {
    keep: bool,
    fast: bool,
    needs: Vec<Need>,
    postgres: Option<Postgres>,
    demo: Option<Demo>,
}

impl Run {
    /// The database server, started when it is first asked for.
    fn postgres(&mut self) -> Outcome<&Postgres> {
        let server = match self.postgres.take() {
            Some(server) => server,
            None => Postgres::start(self.keep)?,
        };
        Ok(self.postgres.insert(server))
    }

    /// The demo, built and started when it is first asked for.
    fn demo(&mut self) -> Outcome<&Demo> {
        let demo = match self.demo.take() {
            Some(demo) => demo,
            None => {
                build()?;
                Demo::start(self.keep)?
            }
        };
        Ok(self.demo.insert(demo))
    }
}

/// Runs the chosen steps and prints a table of them.
pub fn run(options: &Options) -> Outcome {
    let around = ["needs", "stop"];
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| match options.only {
            Some(only) => step.name == only.name || around.contains(&step.name),
            None => step.fast || !options.fast,
        })
        .collect();
    let mut run = Run {
        keep: options.keep,
        fast: options.fast,
        needs: chosen
            .iter()
            .flat_map(|step| step.needs)
            .copied()
            .filter(|need| !(options.fast && matches!(need, Need::Postgres)))
            .collect(),
        postgres: None,
        demo: None,
    };

    let whole = Stopwatch::start();
    let mut table = Vec::new();
    let mut failure = None;
    for step in &chosen {
        println!("-- {}", step.name);
        let since = Stopwatch::start();
        let outcome = (step.run)(&mut run);
        let seconds = since.seconds();
        match outcome {
            Ok(()) => {
                println!("== {} ({seconds:.1} s)\n", step.name);
                table.push(format!("   {:<10} {seconds:>8.1} s", step.name));
            }
            Err(reason) => {
                println!("== {} FAILED ({seconds:.1} s)\n", step.name);
                table.push(format!("   {:<10} {seconds:>8.1} s  FAILED", step.name));
                failure = Some(format!("{} failed: {reason}", step.name));
                break;
            }
        }
    }
    drop(run);

    let done = table.len() - usize::from(failure.is_some());
    table.extend(chosen.iter().skip(table.len()).map(|step| format!("   {:<10}     not run", step.name)));
    let seconds = whole.seconds();
    println!("{}\n   {:<10} {seconds:>8.1} s", table.join("\n"), "in all");
    if options.fast && seconds > FAST_SECONDS {
        println!("   a warm --fast run should take {FAST_SECONDS:.0} s at most");
    }
    println!("steps: {done} passed, {} failed", u8::from(failure.is_some()));
    failure.map_or(Ok(()), Err)
}

/// Exactly what `cargo run` builds.
pub fn build() -> Outcome {
    run_command(&mut cargo(["build"]))
}

/// Counts the crates of the default build; sees that tests would build none of them again with other features; licences,
/// bans and sources are those that `deny.toml` allows, by cargo-deny or, where it is not installed, by a script.
fn crates() -> Outcome {
    let tree = |arguments: &[&str]| -> Outcome<BTreeSet<String>> {
        let mut tree = cargo(["tree", "--prefix", "none", "--no-dedupe", "--format", "{p} {f}"]);
        Ok(capture(tree.args(arguments))?.lines().map(str::to_owned).collect())
    };
    let default = tree(&["--package", "mapalus", "--edges", "normal,build"])?;
    let names: BTreeSet<_> = default.iter().filter_map(|line| line.split(" v").next()).collect();
    let versions: BTreeSet<_> =
        default.iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    println!(
        "   {} crates in the default build ({} names), {MOST_CRATES} at most",
        versions.len(),
        names.len()
    );
    if versions.len() > MOST_CRATES {
        return Err(format!("{} crates in the default build; {MOST_CRATES} at most", versions.len()));
    }

    let with_tests = tree(&["--workspace", "--edges", "normal,build,dev"])?;
    let twice: Vec<_> = default.difference(&with_tests).cloned().collect();
    if !twice.is_empty() {
        return Err(format!("tests build these again, with other features:\n  {}", twice.join("\n  ")));
    }

    if answers("cargo", ["deny", "--version"]) {
        return run_command(&mut cargo(["deny", "check", "bans", "licenses", "sources"]));
    }
    let metadata = scratch()?.join("metadata.json");
    let known = capture(&mut cargo(["metadata", "--format-version", "1", "--locked"]))?;
    fs::write(&metadata, known).map_err(|error| format!("cannot write {}: {error}", metadata.display()))?;
    let mut licences = command("python3");
    run_command(licences.args(["xtask/licences.py", "deny.toml"]).arg(&metadata).current_dir(root()))
}

/// Every Rust test, on both databases and as hard as the rules of reliability ask: 20 kills with 10,000 writes, 50 stops
/// under load, races run 100 times. A fast run asks SQLite alone and kills less.
fn tests(run: &mut Run) -> Outcome {
    let pages = root().join("target/pages");
    if pages.exists() {
        // Pages that no test renders any more are not to be judged.
        fs::remove_dir_all(&pages).map_err(|error| format!("cannot empty {}: {error}", pages.display()))?;
    }
    let mut tests = workspace_tests(run.fast);
    if !run.fast {
        tests.env("MAPALUS_TEST_POSTGRES", run.postgres()?.url());
        for (size, rounds) in [("KILL", "20"), ("STOP", "50"), ("RACE", "100")] {
            tests.env(format!("MAPALUS_{size}_ROUNDS"), rounds);
        }
    }
    run_command(&mut tests)
}

/// The command that runs the tests of all crates, or those that need no PostgreSQL: nextest where it is installed.
pub fn workspace_tests(on_sqlite_alone: bool) -> Command {
    let nextest = answers("cargo", ["nextest", "--version"]);
    let mut tests = if nextest {
        cargo(["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        cargo(["test", "--workspace", "--no-fail-fast"])
    };
    match (on_sqlite_alone, nextest) {
        (false, _) => {}
        (true, true) => {
            tests.args(["-E", "not (test(postgres) or test(both_databases))"]);
        }
        (true, false) => {
            tests.args(["--", "--skip", "postgres", "--skip", "both_databases"]);
        }
    }
    tests
}

/// Every page that the tests have rendered, through the HTML validator.
fn html() -> Outcome {
    let pages = root().join("target/pages");
    if !pages.is_dir() {
        return Err("no pages in target/pages: they are written by the step `tests`".to_owned());
    }
    let mut java = command("java");
    java.arg("-jar").arg(needs::validator());
    run_command(java.args(["--errors-only", "--skip-non-html", "--format", "gnu"]).arg(&pages))
}

/// The browser stories and the rules for every page.
fn browser(run: &mut Run) -> Outcome {
    let demo = run.demo()?;
    run_command(&mut browser_command("run.mjs", demo)?)?;
    if let Some(megabytes) = demo.resident_megabytes() {
        println!("   the demo holds {megabytes:.0} MB of memory after the browser tests");
    }
    Ok(())
}

/// A script of `e2e/` that looks at `demo`.
pub fn browser_command(script: &str, demo: &Demo) -> Outcome<Command> {
    let mut node = command("node");
    node.arg(script)
        .current_dir(root().join("e2e"))
        .env("CHROMIUM", needs::chromium())
        .env("MAPALUS_URL", demo.url())
        .env("MAPALUS_PROGRAM", crate::place::built("mapalus")?)
        .env("MAPALUS_COMMUNITY", demo.community());
    Ok(node)
}

/// The API runner over the OpenAPI document, as a stranger, as the demo's member and as its coordinator, and as the
/// operator of an empty instance.
fn api(run: &mut Run) -> Outcome {
    let site = run.demo()?.url().to_owned();
    println!("   as a stranger");
    run_command(&mut schemathesis(&site)?)?;
    // Each may do what the one before may not. The coordinator comes last: much of the demo is changed by then.
    for who in ["member", "coordinator"] {
        fuzzed(who, &site, &http::cookies_of(&site, &format!("/demo/{who}"))?)?;
    }
    let folder = Folder::make(&scratch()?, "serve", run.keep)?;
    let (_server, site, setup) = demo::serve(folder.path())?;
    fuzzed("operator", &site, &http::cookies_for(&site, &setup, OPERATOR)?)
}

/// The form by which the operator's account is made.
const OPERATOR: &str = "once=the-operators-account&name=Maria+Lontoh&mail=maria%40contoh.id&password=kopi+pagi+di+teras&consent=yes";

/// Runs the API runner as somebody who is signed in by these cookies.
fn fuzzed(who: &str, site: &str, cookies: &str) -> Outcome {
    println!("   as the {who}");
    let signed_in = |choose: &str| -> Outcome {
        let ending = ENDING.iter().flat_map(|operation| [choose, operation]);
        run_command(schemathesis(site)?.args(["--header", &format!("Cookie: {cookies}")]).args(ending))
    };
    signed_in("--exclude-operation-id")?;
    // Otherwise most of the run was a stranger's, and showed nothing of what they may do.
    let status = http::status(site, "/api/v1/me", cookies)?;
    if status != 200 {
        return Err(format!(
            "the {who}'s session ended during the run (/api/v1/me answers {status}): what ends it comes last"
        ));
    }
    signed_in("--include-operation-id")
}

/// What ends the session by which the API runner is signed in.
const ENDING: [&str; 2] = ["post_me_close", "delete_sessions_session"];

fn schemathesis(site: &str) -> Outcome<Command> {
    let checks =
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    let mut runner = command(needs::schemathesis_program()?);
    runner
        .args(["run", &format!("{site}/api/openapi.json"), "--origin", site, "--checks", checks])
        // Without it the runner makes up tokens, and every answer is that they are unknown.
        .args(["--header", "Authorization: None"])
        .args(["--header", &format!("Origin: {site}"), "--phases", "examples,coverage,fuzzing"])
        .args(["--max-examples", "25", "--seed", "1", "--workers", "2", "--request-timeout", "15"])
        .args(["--generation-database", "none", "--warnings", "off"])
        .current_dir(scratch()?);
    Ok(runner)
}
