//! The fuzz target with a bounded number of texts, on every toolchain: the corpus as it is, and changed at random.

#[path = "../../fuzz/reading.rs"]
mod reading;

use crate::{
    malformed::mutated,
    random::{self, Dice},
};
use std::{fs, path::Path};

/// Times that each text of the corpus is changed.
const CHANGES: u64 = 60;

/// Texts of the corpus, by name.
fn corpus() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/read");
    let mut texts: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned())
        })
        .collect();
    texts.sort();
    texts
}

#[test]
fn every_text_of_the_corpus_is_read_or_refused() {
    let corpus = corpus();
    assert!(corpus.len() >= 10, "{} texts", corpus.len());
    let whole = |(name, text): &&(String, String)| {
        println!("{name}");
        reading::read(text) == (true, true)
    };
    let read = corpus.iter().filter(whole).count();
    assert!(read >= 6, "{read} of {} can be read", corpus.len());
}

#[test]
fn texts_of_the_corpus_changed_at_random_are_read_or_refused() {
    let (mut whole, mut in_part) = (0, 0);
    for (at, (name, text)) in (0..).zip(&corpus()) {
        for change in 0..CHANGES {
            let text = mutated(&mut Dice::new(at << 32 | change), text);
            println!("{name}, change {change}");
            match reading::read(&text) {
                (true, true) => whole += 1,
                (true, false) => in_part += 1,
                _ => {}
            }
        }
    }
    assert!(whole >= 10 && in_part >= 3, "{whole} were read whole, {in_part} in part");
}

#[test]
fn random_instances_with_their_rosters_go_through_all_of_it() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed ^ 0xF0);
        let (instance, solution) = match seed % 2 {
            0 => random::volunteer(&mut dice),
            _ => random::benchmark(&mut dice),
        };
        println!("seed {seed}");
        assert!(reading::read(&format!("{instance}{}{solution}", reading::BETWEEN)).0);
    }
}
