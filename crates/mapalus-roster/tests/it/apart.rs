//! The judge and the explanations know nothing of the search.

use std::{fs, path::Path};

/// Lines of a source that use what they must not.
fn arrows(folder: &str, text: &str) -> Vec<String> {
    let forbidden: &[&str] = match folder {
        "model" => &["checker", "search", "features", "explain", "formats", "cli", "draw"],
        "checker" | "formats" => &["search", "features", "explain", "cli", "draw"],
        _ => &["search", "formats", "cli", "draw"],
    };
    let code = text.lines().map(|line| line.split("//").next().unwrap_or(line));
    // A name of ours stands behind `crate::`, behind `super::`, or alone in the braces of a `use`.
    let uses = |line: &str, name: &str| {
        line.match_indices(name).any(|(at, _)| {
            let (before, after) = (&line[..at], &line[at + name.len()..]);
            let whole = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            let path = before.ends_with("crate::")
                || before.ends_with("super::")
                || before.ends_with("mapalus_roster::");
            let listed = before.trim().is_empty() && after.starts_with("::");
            whole && (path || listed)
        })
    };
    let wrong =
        |line: &str| forbidden.iter().find(|name| uses(line, name)).map(|name| format!("{name}: {line}"));
    code.filter_map(wrong).collect()
}

#[test]
fn the_judge_the_rules_and_the_explanations_use_nothing_of_the_search() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = 0;
    for folder in ["model", "checker", "formats", "explain", "features"] {
        for entry in fs::read_dir(src.join(folder)).unwrap().flatten() {
            assert!(entry.path().is_file(), "{folder} has grown a folder: look into it too");
            let found = arrows(folder, &fs::read_to_string(entry.path()).unwrap());
            assert!(found.is_empty(), "{}: {found:?}", entry.path().display());
            files += 1;
        }
    }
    assert!(files >= 20, "only {files} files were read");
}

#[test]
fn a_judge_that_asks_the_search_is_found() {
    for text in
        ["use crate::search::Chance;", "use crate::{\n    search::Chance,\n};", "crate::features::rest();"]
    {
        assert_eq!(arrows("checker", text).len(), 1, "{text}");
    }
    assert!(arrows("checker", "use crate::model::Problem; // crate::search\nlet research = 1;").is_empty());
}

#[test]
fn every_rule_of_the_judge_has_its_words_in_one_file() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let text = fs::read_to_string(src.join("checker/broken.rs")).unwrap();
    let rules = text.split_once("pub enum Rule {").unwrap().1.split_once('}').unwrap().0;
    let names = rules.lines().filter_map(|line| line.trim().strip_suffix(','));
    let files: Vec<String> = fs::read_dir(src.join("features"))
        .unwrap()
        .flatten()
        .map(|entry| fs::read_to_string(entry.path()).unwrap())
        .collect();
    // What is not there and what must stand have no reasons: nobody is asked about them.
    let with_words = names.filter(|name| !["Unknown", "Fixed"].contains(name));
    let mut count = 0;
    for name in with_words {
        let words = format!("rule: Rule::{name},");
        let homes = files.iter().filter(|text| text.contains(&words)).count();
        assert_eq!(homes, 1, "{name} has its words in {homes} files");
        count += 1;
    }
    assert_eq!(count, 17);
}
