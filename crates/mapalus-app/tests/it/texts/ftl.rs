//! Message files, read as far as the tests need it.

use std::collections::BTreeSet;

/// A message.
#[derive(Debug)]
pub(super) struct Message {
    pub key: String,
    /// `path:line`
    pub place: String,
    /// The values that it takes: `{ $count }`.
    pub variables: BTreeSet<String>,
    /// The messages that stand in it: `{ other-key }`.
    pub parts: BTreeSet<String>,
    pub empty: bool,
}

/// The messages of a file.
pub(super) fn read(path: &str, text: &str) -> Vec<Message> {
    let mut texts: Vec<(usize, &str, String)> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
        match (begins, text.split_once('=')) {
            (true, Some((key, value))) => texts.push((line, key.trim(), value.to_owned())),
            _ if text.starts_with('#') => {}
            _ => {
                if let Some((_, _, value)) = texts.last_mut() {
                    value.push('\n');
                    value.push_str(text);
                }
            }
        }
    }
    let message = |(line, key, value): (usize, &str, String)| Message {
        key: key.to_owned(),
        place: format!("{path}:{line}"),
        variables: after(&value, '$'),
        parts: after(&value, '{').into_iter().filter(|part| part.contains('-')).collect(),
        empty: value.trim().is_empty(),
    };
    texts.into_iter().map(message).collect()
}

/// The names that follow a sign.
fn after(text: &str, sign: char) -> BTreeSet<String> {
    let pieces = text.split(sign).skip(1).map(str::trim_start);
    let name = |piece: &str| {
        piece.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).next().map(str::to_owned)
    };
    pieces.filter_map(name).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).collect()
}

#[test]
fn messages_are_read() {
    let text = "# A note = no\npeople-a = One { $name }\npeople-b = { $count ->\n    [one] one\n   *[other] { $count } of { people-a } for US$5\n}\npeople-c =\n";
    let messages = read("x.ftl", text);
    let told: Vec<_> = messages.iter().map(|m| (m.key.as_str(), m.place.as_str(), m.empty)).collect();
    assert_eq!(
        told,
        [("people-a", "x.ftl:2", false), ("people-b", "x.ftl:3", false), ("people-c", "x.ftl:7", true)]
    );
    assert_eq!(messages[1].variables, BTreeSet::from(["count".to_owned()]));
    assert_eq!(messages[1].parts, BTreeSet::from(["people-a".to_owned()]));
}
