//! Who may use whom: crates, slices, the files of a slice.
//!
//! The sources are read as text, so that these tests need no compiler and say the line. Each checker
//! is also run on made-up text that it must refuse: one that has gone blind fails too.

pub(crate) mod source;
mod templates;

use source::{Source, app_path, named, settle, words};

/// What each crate may use of ours.
const CRATES: &[(&str, &[&str])] = &[
    ("mapalus", &["mapalus-app", "mapalus-core", "mapalus-db", "mapalus-roster", "mapalus-search"]),
    ("mapalus-app", &["mapalus-core", "mapalus-db", "mapalus-search", "mapalus-roster", "mapalus-calendar"]),
    ("mapalus-db", &["mapalus-core"]),
    ("mapalus-search", &["mapalus-core"]),
    ("mapalus-roster", &["mapalus-core"]),
    ("mapalus-calendar", &["mapalus-core"]),
    ("mapalus-core", &[]),
    ("mapalus-db-test", &[]),
    ("xtask", &[]),
    ("bench", &["mapalus-app", "mapalus-core", "mapalus-db", "mapalus-search"]),
];

/// Crates that speak to a database.
const DRIVERS: &[&str] = &["rusqlite", "libsqlite3-sys", "tokio-postgres", "tokio-postgres-rustls"];

/// Crates whose tests or benchmarks measure themselves against a driver: crate, driver.
const MEASURED_AGAINST: &[(&str, &str)] = &[("mapalus-search", "rusqlite")];

/// The slices, line by line from the bottom.
const LINES: &[&[&str]] = &[
    &["people"],
    &["qualifications"],
    &["groups"],
    &["safeguarding"],
    &["growth", "availability"],
    &["joining", "activities", "asking"],
    &["roster"],
    &["attendance", "exchange", "library"],
    &["bridges"],
    &["home"],
];

/// Slices that know no other and that no other knows.
const APART: &[&str] = &["notices", "search", "admin"];

/// Files beside `lib.rs` that see every slice, and that no slice sees.
const TOP: &[&str] = &["background", "demo", "openapi", "samples"];

/// Macros of the crate's root that any file may use.
const MACROS: &[&str] = &["texts"];

/// The line on which a slice stands, counted from the bottom.
pub(crate) fn line_of(slice: &str) -> Option<usize> {
    LINES.iter().position(|line| line.contains(&slice))
}

/// Every slice.
pub(crate) fn slices() -> impl Iterator<Item = &'static str> {
    LINES.iter().flat_map(|line| line.iter()).chain(APART).copied()
}

/// Why one part of the app may not use another, if it may not.
fn refusal(own: &str, other: &str) -> Option<String> {
    if own == other || other == "shell" || MACROS.contains(&other) || TOP.contains(&own) {
        return None;
    }
    if TOP.contains(&other) {
        return Some(format!("`{other}` stands above all slices: let lib.rs bring the two together"));
    }
    let known = slices().any(|slice| slice == other);
    match (line_of(own), line_of(other)) {
        _ if !known => Some(format!("`crate::{other}` is neither shell nor a slice: name what is meant")),
        _ if own == "shell" => {
            Some(format!("shell knows no slice, not even `{other}`: take it as an argument"))
        }
        _ if APART.contains(&own) => {
            Some(format!("{own} knows no slice: `{other}` registers with it in lib.rs"))
        }
        _ if APART.contains(&other) => Some(format!("no slice uses {other}: register with it in lib.rs")),
        (Some(line), Some(below)) if below < line => None,
        _ => Some(format!("{own} does not stand above {other}: let it follow an event, or move the code")),
    }
}

/// (a) Arrows between crates, from the texts of `Cargo.toml` by crate name.
fn crate_arrows(manifests: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in manifests {
        let Some((_, allowed)) = CRATES.iter().find(|(known, _)| known == name) else {
            found.push(format!("{name}/Cargo.toml:1: a crate without a place: add it to CRATES"));
            continue;
        };
        for (line, dev, used) in dependencies(text) {
            let ours = CRATES.iter().any(|(known, _)| *known == used) || used.starts_with("mapalus");
            let test_attribute = dev && used == "mapalus-db-test";
            if ours && !test_attribute && !allowed.contains(&used.as_str()) {
                found.push(format!("{name}/Cargo.toml:{line}: {name} must not use {used}"));
            }
            let measured = dev && MEASURED_AGAINST.contains(&(name.as_str(), used.as_str()));
            if DRIVERS.contains(&used.as_str()) && name != "mapalus-db" && !measured {
                found.push(format!(
                    "{name}/Cargo.toml:{line}: only mapalus-db names a database driver ({used})"
                ));
            }
        }
    }
    found
}

/// The dependencies of a manifest: line, whether for tests only, name.
fn dependencies(manifest: &str) -> Vec<(usize, bool, String)> {
    let mut out = Vec::new();
    let mut section = "";
    for (line, text) in (1..).zip(manifest.lines().map(str::trim)) {
        if let Some(header) = text.strip_prefix('[') {
            section = header.trim_end_matches(']');
            if let Some((table, name)) = section.rsplit_once('.')
                && table.ends_with("dependencies")
            {
                out.push((line, table.contains("dev-"), name.trim_matches('"').to_owned()));
            }
        } else if let Some((key, _)) = text.split_once('=')
            && !text.starts_with('#')
        {
            let dev = section.contains("dev-");
            if section.ends_with("dependencies") {
                let name = key.split('.').next().unwrap_or(key).trim().trim_matches('"');
                out.push((line, dev, name.to_owned()));
            }
            // A dependency under another name is still the one it names.
            if section.contains("dependencies")
                && let Some((_, package)) = text.split_once("package")
                && let Some(name) = package.split('"').nth(1)
            {
                out.push((line, dev, name.to_owned()));
            }
        }
    }
    out
}

/// (b) Arrows between slices.
fn slice_arrows(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let module = source.module();
        let Some(own) = module.first() else { continue };
        if own != "shell" && !TOP.contains(&own.as_str()) && !slices().any(|slice| slice == own) {
            found.push(format!(
                "{}: `{own}` is no slice: give it a line in LINES, or a slice",
                source.place(0)
            ));
            continue;
        }
        for (at, path) in source.crate_paths() {
            let other = path.first().map_or("*", String::as_str);
            if let Some(why) = refusal(own, other) {
                found.push(format!("{}: {why}", source.place(at)));
            }
        }
    }
    found
}

/// How high a file of a slice stands in it: a file may use those as high and those below.
fn height(role: &str) -> Option<u8> {
    match role {
        "model" => Some(0),
        "rules" | "queries" => Some(1),
        "actions" => Some(2),
        "pages" | "api" => Some(3),
        _ => None,
    }
}

fn is_constant(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// (c) What the files of a slice may use and hold.
fn files_of_a_slice(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let module = source.module();
        let Some(own) = module.first().filter(|own| *own != "shell") else {
            continue;
        };
        let role = module.get(1).map_or("", String::as_str);
        let mut say = |at: usize, why: String| {
            if !source.in_tests(at) {
                found.push(format!("{}: {why}", source.place(at)));
            }
        };
        for (at, path) in source.crate_paths() {
            let (Some(slice), Some(other)) = (path.first(), path.get(1)) else {
                continue;
            };
            let (Some(mine), Some(its)) = (height(role), height(other)) else {
                continue;
            };
            let constant = path.get(2).is_some_and(|name| is_constant(name));
            if slice == own && its > mine {
                say(
                    at,
                    format!("{role} must not use {other}: pages, api -> actions -> rules, queries -> model"),
                );
            }
            if slice == own && role == "rules" && other == "queries" {
                say(at, "rules and queries do not meet: let the action load and pass it".to_owned());
            }
            if slice == own && role == "queries" && other == "rules" && !constant {
                say(at, "queries take only constants from rules: `super::rules::NAME`".to_owned());
            }
        }
        if matches!(role, "rules" | "model") {
            for word in ["async", "await", "axum", "Tx", "statements"] {
                for at in words(&source.code, word) {
                    say(at, format!("{role} is pure: no `{word}` here"));
                }
            }
        }
        if matches!(role, "pages" | "api" | "panel" | "notice" | "document" | "model" | "rules") {
            for (at, _) in source.code.match_indices(".execute") {
                say(at, format!("{role} writes nothing: call an action"));
            }
        }
        if module.len() == 1 {
            private_queries(source, &mut say);
        }
    }
    found
}

/// `queries` is the wall of a slice: private, and only its list of statements and its types go out.
fn private_queries(source: &Source, say: &mut impl FnMut(usize, String)) {
    for at in words(&source.code, "queries") {
        let before = source.code[..at].trim_end();
        let line = before.rsplit(['\n', ';', '}', '{']).next().unwrap_or(before).trim();
        if line.starts_with("pub") && line.ends_with("mod") {
            say(at, "`queries` is private: write `mod queries;`".to_owned());
        }
        if line.starts_with("pub") && line.ends_with("use") {
            for path in named(&source.code, at) {
                let name = path.last().map_or("*", String::as_str);
                let own_type = name.starts_with(|c: char| c.is_ascii_uppercase()) && !is_constant(name);
                if name != "STATEMENTS" && !own_type {
                    say(at, format!("`queries::{name}` goes out of the slice: offer a function in mod.rs"));
                }
            }
        }
    }
}

#[test]
fn crates_use_only_what_stands_below_them() {
    let of_crates = ["crates", "xtask"].into_iter().flat_map(|folder| source::files(folder, "Cargo.toml"));
    let of_crates = of_crates.filter_map(|(path, text)| {
        let folder = path.strip_suffix("/Cargo.toml")?;
        // Fuzz targets stand outside the workspace and call their own crate alone.
        if folder.ends_with("/fuzz") {
            return None;
        }
        Some((folder.rsplit('/').next().unwrap_or(folder).to_owned(), text))
    });
    let manifests: Vec<_> = of_crates.collect();
    assert!(manifests.len() >= 5, "the manifests were not found");
    settle("arrows between crates", &crate_arrows(&manifests));
}

#[test]
fn slices_use_only_lower_lines_and_shell() {
    settle("arrows between slices", &slice_arrows(&source::app()));
}

#[test]
fn files_of_a_slice_keep_their_roles() {
    settle("files of a slice", &files_of_a_slice(&source::app()));
}

#[test]
fn wrong_crate_arrows_are_refused() {
    let core = ("mapalus-core", "[dependencies]\nserde.workspace = true\nmapalus-db.workspace = true\n");
    let app = (
        "mapalus-app",
        "[dependencies.rusqlite]\nworkspace = true\n[dev-dependencies]\nmapalus-db-test.workspace = true\n\
         pg = { version = \"0.7\", package = \"tokio-postgres\" }\nmapalus = { path = \"../mapalus\" }\n",
    );
    let unknown = ("mapalus-extra", "");
    let search =
        ("mapalus-search", "[dependencies]\nrusqlite = \"1\"\n[dev-dependencies]\nrusqlite = \"1\"\n");
    let manifests = [core, app, search, unknown].map(|(name, text)| (name.to_owned(), text.to_owned()));
    let found = crate_arrows(&manifests).join("\n");
    for wrong in [
        "mapalus-core/Cargo.toml:3:",
        "mapalus-app/Cargo.toml:1:",
        "mapalus-app/Cargo.toml:5:",
        "mapalus-app/Cargo.toml:6:",
        "mapalus-search/Cargo.toml:2:",
        "mapalus-extra/Cargo.toml:1:",
    ] {
        assert!(found.contains(wrong), "{wrong} is missing in\n{found}");
    }
    assert_eq!(found.lines().count(), 6, "{found}");
}

#[test]
fn wrong_slice_arrows_are_refused() {
    let wrong = [
        ("people/actions.rs", "use crate::groups::Group;"),
        (
            "people/rules.rs",
            "use crate::{\n    people::model,\n    shell::{self, Lang},\n    joining::rules,\n};",
        ),
        ("growth/mod.rs", "fn f() { crate::availability::busy() }"),
        ("groups/pages/members.rs", "use super::super::super::home::HomePage;"),
        (
            "groups/pages/members.rs",
            "mod inner { use super::super::super::super::{joining::Path as Way, people}; }",
        ),
        ("shell/cx.rs", "fn f() -> Option<crate::people::Account> { None }"),
        ("notices/mod.rs", "use crate::people;"),
        ("home/mod.rs", "use crate::notices::unread;"),
        ("home/mod.rs", "use crate::*;"),
        ("home/mod.rs", "use crate::demo;"),
        ("helpers/mod.rs", ""),
    ];
    for (path, text) in wrong {
        let found = slice_arrows(&[Source::rust(&format!("{}{path}", app_path()), text)]);
        assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
    }
    let right = [
        (
            "people/actions.rs",
            "use crate::{people::model, shell::Lang}; // crate::groups\nconst X: &str = \"crate::groups\";",
        ),
        (
            "groups/pages/members.rs",
            "pub(in crate::groups) fn f<'a>(x: &'a str) -> char { '\"' }\nuse super::super::super::people;",
        ),
        (
            "home/mod.rs",
            "pub static T: crate::shell::locale::Texts = crate::texts!(\"home\"); use crate::bridges;",
        ),
        ("lib.rs", "use crate::{notices, home, people};"),
    ];
    for (path, text) in right {
        let found = slice_arrows(&[Source::rust(&format!("{}{path}", app_path()), text)]);
        assert_eq!(found, Vec::<String>::new(), "{path}: {text}");
    }
}

#[test]
fn files_out_of_their_role_are_refused() {
    let wrong = [
        ("people/rules.rs", "use super::queries;"),
        ("people/rules.rs", "pub async fn f() {}"),
        ("people/rules/age.rs", "use crate::people::{model::Age, actions};"),
        ("people/model.rs", "use mapalus_db::Tx;"),
        ("people/model/name.rs", "use axum::Json;"),
        ("people/queries.rs", "use super::rules;"),
        ("people/queries.rs", "use super::{model::Age, rules::{MOST, usable}};"),
        ("people/actions.rs", "use super::pages;"),
        ("people/pages/me.rs", "fn f(work: &mut Work) { work.tx\n    .execute(&queries::MAKE, &[]); }"),
        ("people/mod.rs", "pub(crate) mod queries;"),
        ("people/mod.rs", "mod queries;\npub use queries::{STATEMENTS, Filter, MAKE};"),
        ("people/mod.rs", "mod queries;\npub use queries::*;"),
    ];
    for (path, text) in wrong {
        let found = files_of_a_slice(&[Source::rust(&format!("{}{path}", app_path()), text)]);
        assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
    }
    let right = [
        ("people/rules.rs", "use super::model::Age;\n#[cfg(test)]\nmod tests { use super::super::queries; }"),
        ("people/model.rs", "mapalus_db::record! { struct Age { years: i64, } }"),
        (
            "people/queries.rs",
            "use super::{model::Age, rules::MOST}; fn f(g: G) { g.rules.join(super::rules::TRIES_2); }",
        ),
        ("people/actions.rs", "use super::{queries, rules}; fn f() { tx.execute(&queries::MAKE, &[]) }"),
        ("people/mod.rs", "mod queries;\npub use queries::{Filter, STATEMENTS};\npub mod rules;"),
    ];
    for (path, text) in right {
        let found = files_of_a_slice(&[Source::rust(&format!("{}{path}", app_path()), text)]);
        assert_eq!(found, Vec::<String>::new(), "{path}: {text}");
    }
}
