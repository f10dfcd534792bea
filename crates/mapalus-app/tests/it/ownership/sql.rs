//! SQL of the portable subset as a tree of words, marks and brackets.

use std::collections::BTreeMap;

/// A piece of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A name or a word of the language.
    Word(String),
    /// A sign.
    Mark(char),
    /// What stands between brackets.
    Group(Vec<Part>),
    /// A number, a parameter or a quoted text.
    Value,
}

impl Part {
    /// The word, if it is one; otherwise nothing, which no word equals.
    pub(super) fn word(&self) -> &str {
        if let Self::Word(word) = self { word } else { "" }
    }

    /// Whether it is this sign.
    pub(super) fn is(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }

    /// What stands between its brackets.
    pub(super) fn group(&self) -> Option<&[Part]> {
        if let Self::Group(parts) = self { Some(parts) } else { None }
    }
}

/// The word at a place of a list; nothing beyond its end.
pub(super) fn word(parts: &[Part], at: usize) -> &str {
    parts.get(at).map_or("", Part::word)
}

/// Reads SQL.
pub(super) fn read(sql: &str) -> Vec<Part> {
    let mut rest = sql;
    group(&mut rest)
}

fn group(rest: &mut &str) -> Vec<Part> {
    let mut parts = Vec::new();
    while let Some(first) = rest.chars().next() {
        let take = |text: &str, fits: fn(char) -> bool| text.find(|c| !fits(c)).unwrap_or(text.len());
        let length = match first {
            '(' => {
                *rest = &rest[1..];
                let inside = group(rest);
                parts.push(Part::Group(inside));
                continue;
            }
            ')' => {
                *rest = &rest[1..];
                return parts;
            }
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '\'' => {
                parts.push(Part::Value);
                text_length(rest)
            }
            '$' => {
                parts.push(Part::Value);
                1 + take(&rest[1..], |c| c.is_ascii_alphanumeric())
            }
            c if c.is_ascii_digit() => {
                parts.push(Part::Value);
                take(rest, |c| c.is_ascii_digit() || c == '.')
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = take(rest, |c| c.is_alphanumeric() || c == '_');
                parts.push(Part::Word(rest[..length].to_owned()));
                length
            }
            c => {
                if !c.is_whitespace() {
                    parts.push(Part::Mark(c));
                }
                c.len_utf8()
            }
        };
        *rest = &rest[length..];
    }
    parts
}

/// The length of a quoted text; a doubled quote belongs to it.
fn text_length(rest: &str) -> usize {
    let mut at = 1;
    loop {
        let Some(end) = rest[at..].find('\'').map(|n| at + n + 1) else {
            return rest.len();
        };
        if !rest[end..].starts_with('\'') {
            return end;
        }
        at = end + 1;
    }
}

/// What the migrations make.
#[derive(Debug, Default)]
pub(super) struct Schema {
    /// The columns of each table.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Tables with those that their rows refer to.
    pub references: Vec<(String, String)>,
    /// Statements that this reader does not know.
    pub unread: Vec<String>,
}

impl Schema {
    /// Reads one migration after those before it.
    pub(super) fn migrate(&mut self, path: &str, sql: &str) {
        for statement in read(sql).split(|part| part.is(';')).filter(|parts| !parts.is_empty()) {
            let words: Vec<_> = statement.iter().map(Part::word).filter(|word| !word.is_empty()).collect();
            match words.as_slice() {
                ["create", "table", .., name] if statement.last().and_then(Part::group).is_some() => {
                    let lines = statement.last().and_then(Part::group).unwrap_or_default();
                    for line in lines.split(|part| part.is(',')) {
                        self.line(name, line);
                    }
                }
                ["create", "index", ..] | ["create", "unique", "index", ..] | ["drop", "index", ..] => {}
                ["insert" | "update" | "delete", ..] => {}
                ["alter", "table", name, "add", "column", ..] => self.line(name, &statement[5..]),
                ["alter", "table", name, "drop", "column", column] => {
                    self.columns.entry((*name).to_owned()).or_default().retain(|one| one != column);
                }
                ["alter", "table", name, "rename", "column", from, "to", to] => {
                    let columns = self.columns.entry((*name).to_owned()).or_default();
                    columns.iter_mut().filter(|one| one == from).for_each(|one| (*to).clone_into(one));
                }
                ["alter", "table", from, "rename", "to", to] => {
                    let columns = self.columns.remove(*from).unwrap_or_default();
                    self.columns.insert((*to).to_owned(), columns);
                    self.references.iter_mut().filter(|(table, _)| table == from).for_each(|(table, _)| {
                        (*to).clone_into(table);
                    });
                }
                ["drop", "table", name] => {
                    self.columns.remove(*name);
                    self.references.retain(|(table, _)| table != name);
                }
                _ => self.unread.push(format!("{path}: `{}`: teach it to ownership/sql.rs", words.join(" "))),
            }
        }
    }

    /// A column or a constraint of a table.
    fn line(&mut self, table: &str, line: &[Part]) {
        const CONSTRAINTS: &[&str] = &["primary", "unique", "foreign", "check", "constraint"];
        let columns = self.columns.entry(table.to_owned()).or_default();
        let first = word(line, 0);
        if !CONSTRAINTS.contains(&first) {
            columns.push(first.to_owned());
        }
        for (at, _) in line.iter().enumerate().filter(|(_, part)| part.word() == "references") {
            self.references.push((table.to_owned(), word(line, at + 1).to_owned()));
        }
    }

    /// Whether a table has a column.
    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.columns.get(table).is_some_and(|columns| columns.iter().any(|one| one == column))
    }
}

#[test]
fn tables_and_columns_are_read() {
    let mut schema = Schema::default();
    schema.migrate("1.sql", "create table a (id text primary key, -- it's\n b text references c (id) check (b in ('x, y')), primary key (id, b));\ncreate index i on a (b) where b = ';';");
    schema.migrate("2.sql", "alter table a add column d bigint not null default 0; alter table a drop column b; create view v as select 1;");
    assert_eq!(schema.columns["a"], ["id", "d"]);
    assert_eq!(schema.references, [("a".to_owned(), "c".to_owned())]);
    assert_eq!(schema.unread.len(), 1);
}
