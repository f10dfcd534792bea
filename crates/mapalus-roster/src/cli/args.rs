//! The words of a command line.

use std::{collections::HashMap, str::FromStr};

/// A command, its files, its options.
#[derive(Debug, Default)]
pub(super) struct Args {
    pub(super) command: String,
    files: Vec<String>,
    options: HashMap<String, String>,
}

const OPTIONS: &[&str] = &["seconds", "threads", "seed", "steps", "start", "out", "seat"];

impl Args {
    pub(super) fn of(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = words.into_iter();
        let mut out = Self { command: words.next().unwrap_or_default(), ..Self::default() };
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                None => out.files.push(word),
                Some(name) if OPTIONS.contains(&name) => {
                    let value = words.next().ok_or_else(|| format!("--{name}: expected a value"))?;
                    out.options.insert(name.into(), value);
                }
                Some(name) => return Err(format!("--{name}: expected one of {}", OPTIONS.join(", "))),
            }
        }
        Ok(out)
    }

    pub(super) fn file(&self, i: usize) -> Option<&str> {
        self.files.get(i).map(String::as_str)
    }

    pub(super) fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    pub(super) fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T, String> {
        match self.option(name) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| format!("--{name}: expected a number, not {text:?}")),
        }
    }
}
