//! Every page is rendered from its samples in both languages; `cargo xtask test` then validates the HTML.

use mapalus_app::{
    TEXTS, samples,
    shell::{Lang, locale},
};
use std::{collections::HashSet, fs, path::PathBuf};

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

/// Texts of a language that are long enough to be told apart, and differ from the other language's.
fn phrases(of: Lang) -> HashSet<String> {
    let texts = |lang: Lang| -> HashSet<String> {
        let source = TEXTS.iter().map(|text| if lang == Lang::Id { text.id } else { text.en });
        let lines = source
            .flat_map(str::lines)
            .filter_map(|line| line.split_once(" = "))
            .map(|(_, text)| text.trim());
        lines.map(str::to_owned).collect()
    };
    let (own, other) = (texts(of), texts(of.other()));
    own.into_iter().filter(|text| text.len() >= 12 && !text.contains('{') && !other.contains(text)).collect()
}

#[test]
fn no_page_holds_a_text_of_the_other_language() {
    locale::install(TEXTS);
    for lang in [Lang::Id, Lang::En] {
        let foreign = phrases(lang.other());
        assert!(foreign.len() > 150, "the texts were read");
        for sample in samples::all(lang) {
            let html = sample.html.unwrap();
            // The description of the API is English in both languages, and marked so.
            let html = html.split("<div class=\"api\" lang=\"en\">").next().unwrap();
            let found = foreign.iter().find(|text| html.contains(text.as_str()));
            assert_eq!(found, None, "{} in {lang}", sample.name);
        }
    }
}
