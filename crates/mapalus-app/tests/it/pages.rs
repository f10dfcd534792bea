//! Every page is rendered from its samples in both languages; `cargo xtask test` then validates the HTML.

mod foreign;

use crate::arrows::source::{self, Source, app_path};
use foreign::Foreign;
use mapalus_app::{
    TEXTS, samples,
    shell::{Lang, locale},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/pages"))
}

#[test]
fn every_page_is_rendered_in_both_languages_without_a_missing_text() {
    locale::install(TEXTS);
    for lang in [Lang::Id, Lang::En] {
        let folder = folder().join(lang.code());
        fs::create_dir_all(&folder).unwrap();
        for sample in samples::all(lang) {
            let html = sample.html.unwrap();
            let missing =
                html.find('[').filter(|at| html[at + 1..].starts_with(|c: char| c.is_ascii_lowercase()));
            let key = missing.map(|at| html[at..].chars().take(60).collect::<String>());
            let key = key.filter(|key| !key.starts_with("[mail]"));
            assert_eq!(key, None, "{} in {lang}", sample.name);
            fs::write(folder.join(format!("{}.html", sample.name)), html).unwrap();
        }
    }
}

/// The pages of a source: the type by its template, where that is a whole page.
fn pages_of(text: &str) -> Vec<(String, String)> {
    let found = text.split("#[template(path = \"").skip(1).filter_map(|rest| {
        let (path, rest) = rest.split_once('"')?;
        let file = path.rsplit('/').next()?;
        let (_, rest) = rest.split_once("struct ")?;
        let name = rest.split(|c: char| !c.is_alphanumeric()).next()?;
        let page = file.ends_with(".html") && !file.starts_with('_');
        page.then(|| (name.to_owned(), path.to_owned()))
    });
    found.collect()
}

/// The part of the program to which a path of Rust or of a file belongs.
fn part(path: &str) -> &str {
    let path = path.strip_prefix(app_path()).or_else(|| path.strip_prefix("mapalus_app::")).unwrap_or(path);
    path.split(['/', ':', '.']).next().unwrap_or(path)
}

#[test]
fn every_page_has_samples() {
    locale::install(TEXTS);
    let rendered: BTreeSet<(String, String)> = samples::all(Lang::Id)
        .iter()
        .map(|sample| {
            let name = sample.page.rsplit("::").next().unwrap_or(sample.page);
            (part(sample.page).to_owned(), name.to_owned())
        })
        .collect();
    let sources = source::app();
    let of = |source: &Source| {
        let part = part(&source.path).to_owned();
        pages_of(&source.text)
            .into_iter()
            .map(move |(name, path)| ((part.clone(), name), path))
            .collect::<Vec<_>>()
    };
    let pages: BTreeMap<(String, String), String> = sources.iter().flat_map(of).collect();
    assert!(pages.len() > 50, "the pages were read: {pages:?}");
    // A mail is no page: its sample is a letter.
    let without = pages.keys().filter(|page| page.1 != "LetterHtml" && !rendered.contains(*page));
    assert_eq!(without.collect::<Vec<_>>(), Vec::<&(String, String)>::new());
    // Nor does a page lie there that nobody renders.
    let templates: BTreeSet<String> = pages.into_values().collect();
    let parts = ["shell/templates/layout.html", "shell/templates/components.html"];
    for template in source::templates() {
        let path = template.path.strip_prefix(app_path()).unwrap_or(&template.path);
        let file = path.rsplit('/').next().unwrap_or(path);
        let whole = file.ends_with(".html") && !file.starts_with('_') && !parts.contains(&path);
        assert!(!whole || templates.contains(path), "{path} is the template of no page");
    }
}

#[test]
fn a_page_is_known_by_its_template() {
    let source = "#[derive(Template)]\n#[template(path = \"a/templates/b.html\")]\npub struct BPage<'a> {}
        #[template(path = \"a/templates/_c.html\")]\nstruct C;\n#[template(path = \"a/d.xml\")]\nstruct D;";
    assert_eq!(pages_of(source), [("BPage".to_owned(), "a/templates/b.html".to_owned())]);
}

#[test]
fn no_page_holds_a_text_of_the_other_language() {
    locale::install(TEXTS);
    for lang in [Lang::Id, Lang::En] {
        let foreign = Foreign::to(lang);
        for sample in samples::all(lang) {
            let html = sample.html.unwrap();
            // The description of the API is English in both languages, and marked so.
            let html = html.split("<div class=\"api\" lang=\"en\">").next().unwrap();
            assert_eq!(foreign.found_in(html), None, "{} in {lang}", sample.name);
        }
    }
}

#[test]
fn no_mail_holds_a_text_of_the_other_language() {
    locale::install(TEXTS);
    let keys: Vec<&str> = TEXTS
        .iter()
        .flat_map(|text| text.id.lines())
        .filter_map(|line| line.split_once(" =")?.0.strip_suffix("-subject"))
        .collect();
    assert!(keys.len() > 30, "the mails were found: {keys:?}");
    for lang in [Lang::Id, Lang::En] {
        let foreign = Foreign::to(lang);
        for ((plain, html), key) in samples::letters(lang, &keys).into_iter().zip(&keys) {
            assert_eq!(foreign.found_in(&html.unwrap()), None, "{key} in {lang}");
            assert_eq!(foreign.found_in(&plain), None, "{key} in {lang}, as text");
        }
    }
}
