//! Where the program names messages: in Rust, in templates, and as arguments of the components.

use super::{Keys, first_word_is_known, looks_like_a_key};
use crate::arrows::source::Source;
use std::collections::BTreeMap;

/// A message that is named somewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub place: String,
    pub what: What,
}

/// How it is named.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum What {
    /// In full.
    Key(String),
    /// By its beginning; a word of a closed list follows.
    Prefix(String),
    /// By a text that goes on to a call that takes the one or the other.
    Either(String),
}

/// Calls whose first argument is a key, whatever it looks like.
const TAKES_KEY: &[&str] = &[".t(", ".t1(", ".t2(", "cx.text(", ".telling(", "Wrong::plain(", "Wrong("];

/// What a quoted text names, given the code before it.
fn named(before: &str, value: &str) -> Option<What> {
    let before = before.trim_end();
    if before.ends_with("word(") {
        return Some(What::Prefix(value.to_owned()));
    }
    if TAKES_KEY.iter().any(|call| before.ends_with(call)) {
        return Some(What::Key(value.to_owned()));
    }
    if looks_like_a_key(value) && first_word_is_known(value) {
        return Some(What::Either(value.to_owned()));
    }
    let prefix = value.split_once('{').and_then(|(prefix, _)| prefix.strip_suffix('-'))?;
    (looks_like_a_key(prefix) && first_word_is_known(prefix)).then(|| What::Prefix(prefix.to_owned()))
}

/// The messages that a Rust file names.
pub(super) fn in_rust(source: &Source) -> Vec<Use> {
    let literals = source.strings.iter().filter(|literal| !source.in_tests(literal.at));
    let uses = literals.filter_map(|literal| {
        let what = named(&source.code[..literal.at], &literal.value)?;
        Some(Use { place: source.place(literal.at), what })
    });
    uses.collect()
}

/// The messages that a template names.
pub(super) fn in_template(template: &Source) -> Vec<Use> {
    let mut uses = Vec::new();
    for (at, block) in template.blocks("{{", "}}").into_iter().chain(template.blocks("{%", "%}")) {
        let quotes: Vec<_> = block.match_indices('"').map(|(n, _)| n).collect();
        for pair in quotes.chunks_exact(2) {
            let value = &block[pair[0] + 1..pair[1]];
            if let Some(what) = named(&block[..pair[0]], value) {
                uses.push(Use { place: template.place(at + pair[0]), what });
            }
        }
    }
    uses
}

/// The components that take keys: for each the names of all its arguments.
pub(super) fn components(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut out = BTreeMap::new();
    for definition in text.split("macro ").skip(1) {
        let Some((name, rest)) = definition.split_once('(') else {
            continue;
        };
        let Some((arguments, _)) = rest.split_once(") ") else {
            continue;
        };
        let arguments =
            arguments.split(',').map(|one| one.split('=').next().unwrap_or(one).trim().to_owned());
        // The twins that begin with `q_` and `link` take texts.
        if !name.starts_with("q_") && name != "link" {
            out.insert(name.to_owned(), arguments.collect());
        }
    }
    out
}

/// Whether an argument of a component is a key. A form's `action` is an address.
fn is_key(component: &str, argument: &str) -> bool {
    match argument {
        "label" | "why" | "title" | "blank" => true,
        "text" => matches!(component, "note" | "empty"),
        "action" => component == "empty",
        _ => false,
    }
}

/// What is wrong with the keys that a template gives to components.
pub(super) fn wrong_arguments(
    template: &Source,
    components: &BTreeMap<String, Vec<String>>,
    keys: &Keys,
) -> Vec<String> {
    let mut found = Vec::new();
    for (at, block) in template.blocks("{{", "}}").into_iter().chain(template.blocks("{%", "%}")) {
        for (n, _) in block.match_indices("::") {
            let Some((name, rest)) = block[n + 2..].split_once('(') else {
                continue;
            };
            let Some(names) = components.get(name) else {
                continue;
            };
            for (place, argument) in (0..).zip(arguments(rest)) {
                let (name_of, value) = match argument.split_once('=') {
                    Some((left, right))
                        if left.trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '_') =>
                    {
                        (left.trim(), right.trim())
                    }
                    _ => (names.get::<usize>(place).map_or("", String::as_str), argument.trim()),
                };
                let text = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                if let Some(text) =
                    text.filter(|text| is_key(name, name_of) && !text.is_empty() && !text.contains('"'))
                    && !keys.contains_key(text)
                {
                    found.push(format!(
                        "{}: `{name}` has {name_of}=\"{text}\", which is no key",
                        template.place(at + n)
                    ));
                }
            }
        }
    }
    found
}

/// The arguments of a call, from behind its bracket to the one that closes it.
fn arguments(rest: &str) -> Vec<&str> {
    let (mut out, mut depth, mut quoted, mut start) = (Vec::new(), 0, false, 0);
    for (at, c) in rest.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => {
                out.push(&rest[start..at]);
                break;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&rest[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out
}
