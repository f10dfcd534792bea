//! The words of a command line.

use std::{collections::HashMap, str::FromStr};

/// A command, its files, its options.
#[derive(Debug, Default)]
pub(super) struct Args {
    pub(super) command: String,
    files: Vec<String>,
    options: HashMap<String, String>,
}

/// Names of the files and of the options of each command.
const COMMANDS: &[(&str, &[&str], &[&str])] = &[
    ("solve", &["INSTANCE"], &["seconds", "threads", "seed", "steps", "start", "out"]),
    ("check", &["INSTANCE", "SOLUTION"], &[]),
    ("explain", &["INSTANCE", "SOLUTION"], &["seat"]),
    ("draw", &["INSTANCE", "SOLUTION"], &["out"]),
];

impl Args {
    /// Reads the words; nothing where help is asked for.
    pub(super) fn of(words: impl IntoIterator<Item = String>) -> Result<Option<Self>, String> {
        let mut words = words.into_iter().peekable();
        let command = words.next().unwrap_or_default();
        if matches!(&*command, "--help" | "-h" | "help") {
            return Ok(None);
        }
        let known = COMMANDS.iter().find(|(name, ..)| *name == command);
        let Some((_, files, options)) = known else {
            return Err(format!("expected solve, check, explain or draw, not {command:?}; try --help"));
        };
        let mut out = Self { command, ..Self::default() };
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                Some("help") => return Ok(None),
                None if word == "-h" => return Ok(None),
                None => out.files.push(word),
                Some(word) => {
                    let (name, value) =
                        word.split_once('=').map_or((word, None), |(n, v)| (n, Some(v.to_owned())));
                    if !options.contains(&name) {
                        let known: Vec<String> = options.iter().map(|option| format!("--{option}")).collect();
                        return Err(format!(
                            "{}: --{name}: expected one of [{}]",
                            out.command,
                            known.join(", ")
                        ));
                    }
                    let value = value
                        .or_else(|| words.next())
                        .ok_or_else(|| format!("--{name}: expected a value"))?;
                    if out.options.insert(name.into(), value).is_some() {
                        return Err(format!("--{name}: expected once"));
                    }
                }
            }
        }
        if out.files.len() != files.len() {
            return Err(format!(
                "{}: expected {}, not {} files",
                out.command,
                files.join(" "),
                out.files.len()
            ));
        }
        Ok(Some(out))
    }

    /// A file; the command has it.
    pub(super) fn file(&self, i: usize) -> &str {
        self.files.get(i).map_or("", String::as_str)
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
