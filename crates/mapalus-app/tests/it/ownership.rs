//! One writer per table: every registered statement writes only tables of its slice, and reads of
//! others only what they publish.
//!
//! A slice's `mod.rs` says what it owns (`Owns: ...`) and what of it others may read (`Published to
//! slices above: ...`); the migrations say which tables and columns there are. Statements are read
//! where they are registered, and there must be no SQL elsewhere.

mod sql;
mod statement;

use crate::arrows::{
    line_of,
    source::{self, Source, app_path, closing, settle, words},
};
use sql::Schema;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// The tables of the house itself, which shell keeps.
const HOUSE: &[&str] = &["outbox", "cursors", "leases", "once", "kept_forms", "audit", "starts"];

/// The tables, their owners, and what these publish.
struct House {
    schema: Schema,
    owners: BTreeMap<String, String>,
    published: BTreeSet<(String, String)>,
    found: Vec<String>,
}

/// A registered statement: where it stands in its file, and its text.
struct Registered {
    name: String,
    range: Range<usize>,
    sql: String,
}

/// The text of a statement that is put together of several, as the program has it.
fn compiled(source: &Source, name: &str) -> Option<String> {
    let full = format!("mapalus_app::{}::{name}", source.module().join("::"));
    mapalus_app::statements()
        .find(|statement| statement.name == full)
        .map(|statement| statement.sql.to_owned())
}

/// Whether a slice may read what another publishes.
fn reads(slice: &str, owner: &str) -> bool {
    matches!((line_of(slice), line_of(owner)), (Some(line), Some(below)) if below < line)
}

impl House {
    fn new(migrations: &[(String, String)], sources: &[Source]) -> Self {
        let mut schema = Schema::default();
        for (path, sql) in migrations {
            schema.migrate(path, sql);
        }
        let house = HOUSE.iter().map(|table| ((*table).to_owned(), "shell".to_owned()));
        let mut it = Self { schema, owners: house.collect(), published: BTreeSet::new(), found: Vec::new() };
        for source in
            sources.iter().filter(|source| source.module().len() == 1 && source.path.ends_with("/mod.rs"))
        {
            it.hear(source);
        }
        it.found.append(&mut it.schema.unread);
        for table in it.schema.columns.keys().filter(|table| !it.owners.contains_key(*table)) {
            it.found.push(format!(
                "migrations: nobody owns `{table}`: say `Owns: ...` in the mod.rs of its slice"
            ));
        }
        for (table, other) in &it.schema.references {
            let (owner, its) = (it.owners.get(table), it.owners.get(other));
            if let (Some(owner), Some(its)) = (owner, its)
                && owner != its
                && !reads(owner, its)
            {
                it.found.push(format!(
                    "migrations: `{table}` of {owner} refers to `{other}` of {its}, not below it"
                ));
            }
        }
        it
    }

    /// What the documentation of a slice says of its tables.
    fn hear(&mut self, source: &Source) {
        let Some(slice) = source.module().pop() else {
            return;
        };
        let place = source.place(0);
        for table in listed(&source.text, "Owns: ") {
            if !self.schema.columns.contains_key(&table) {
                self.found.push(format!("{place}: {slice} owns `{table}`, which no migration makes"));
            }
            if let Some(other) = self.owners.insert(table.clone(), slice.clone())
                && other != slice
            {
                self.found.push(format!("{place}: `{table}` has two owners, {slice} and {other}"));
            }
        }
        for name in listed(&source.text, "Published to slices above: ") {
            let Some((table, column)) = name.split_once('.') else {
                self.found.push(format!("{place}: publish columns, `table.column`, not `{name}`"));
                continue;
            };
            if self.owners.get(table) != Some(&slice) || !self.schema.has(table, column) {
                self.found.push(format!("{place}: `{name}` is no column of a table of {slice}"));
            }
            self.published.insert((table.to_owned(), column.to_owned()));
        }
    }
}

/// The names between backticks after some words in a file's documentation, up to the full stop.
fn listed(text: &str, after: &str) -> Vec<String> {
    let lines = text.lines().take_while(|line| line.starts_with("//!"));
    let doc = lines.map(|line| line.trim_start_matches("//!").trim()).collect::<Vec<_>>().join(" ");
    let Some((_, list)) = doc.split_once(after) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    // Odd pieces stand between backticks; a full stop in an even one ends the list.
    for (n, piece) in list.split('`').enumerate() {
        match n % 2 {
            0 if piece.contains('.') => break,
            0 => {}
            _ => names.push(piece.to_owned()),
        }
    }
    names
}

/// The statements of a file, and what is wrong with how they are written down.
fn registered(source: &Source) -> (Vec<Registered>, Vec<String>) {
    let (mut out, mut found) = (Vec::new(), Vec::new());
    for start in words(&source.code, "statements") {
        let Some(open) = source.code[start..].find(['{', '(']).map(|n| start + n) else {
            continue;
        };
        if source.code[start + "statements".len()..open].trim() != "!" {
            continue;
        }
        let end = closing(&source.code, open);
        let mut at = open + 1;
        for entry in source.code[at..end].split(';') {
            let range = at..at + entry.len();
            at += entry.len() + 1;
            let Some((name, value)) = entry.split_once('=') else {
                continue;
            };
            let name = name.trim().to_owned();
            let mut texts = source.strings.iter().filter(|literal| range.contains(&literal.at));
            match (texts.next(), texts.next(), value.trim().trim_matches(['r', '#'])) {
                (Some(text), None, quotes) if quotes.starts_with('"') && quotes.ends_with('"') => {
                    out.push(Registered { name, range, sql: text.value.clone() });
                }
                // A part that several share is a macro of the file.
                _ => match compiled(source, &name) {
                    Some(sql) => out.push(Registered { name, range, sql }),
                    None => found.push(format!(
                        "{}: {name}: write the statement as one text, or register it",
                        source.place(range.start)
                    )),
                },
            }
        }
    }
    (out, found)
}

/// The macros of a file: what several of its statements share. They are read as part of these.
fn shared(source: &Source) -> Vec<Range<usize>> {
    let begin = words(&source.code, "macro_rules");
    let open = begin.filter_map(|start| source.code[start..].find('{').map(|n| start + n));
    open.map(|open| open..closing(&source.code, open)).collect()
}

/// What is wrong with the statements, and where SQL stands that is none.
fn ownership(house: &House, sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let module = source.module();
        let (statements, wrong) = registered(source);
        found.extend(wrong);
        let home = source.path.starts_with(app_path())
            && (module.get(1).is_some_and(|role| role == "queries") || module.join("/") == "shell/house");
        for statement in &statements {
            let place = format!("{}: {}", source.place(statement.range.start), statement.name);
            if !home {
                found.push(format!("{place}: statements stand in the queries.rs of a slice"));
            }
            let slice = module.first().map_or("", String::as_str);
            found.extend(
                statement::check(house, slice, &statement.sql).iter().map(|why| format!("{place}: {why}")),
            );
        }
        let shared = if home { shared(source) } else { Vec::new() };
        for literal in source.strings.iter().filter(|literal| !source.in_tests(literal.at)) {
            let first = literal.value.trim_start().to_ascii_lowercase();
            let sql = ["select", "insert", "update", "delete"].iter().any(|word| {
                first.strip_prefix(word).is_some_and(|rest| rest.starts_with(char::is_whitespace))
            });
            let known = statements.iter().map(|statement| &statement.range).chain(&shared);
            if sql && !known.into_iter().any(|range| range.contains(&literal.at)) {
                found.push(format!(
                    "{}: SQL outside `statements!`: register it in queries.rs",
                    source.place(literal.at)
                ));
            }
        }
        for (at, _) in source.code.match_indices("Statement::new") {
            found.push(format!("{}: a statement outside `statements!`: register it", source.place(at)));
        }
    }
    found
}

fn migrations() -> Vec<(String, String)> {
    let files = source::files("crates/mapalus-app/migrations", ".sql");
    assert!(!files.is_empty(), "no migrations");
    files
}

#[test]
fn every_table_has_one_owner() {
    settle("owners of tables", &House::new(&migrations(), &source::app()).found);
}

#[test]
fn statements_write_own_tables_and_read_what_is_published() {
    let mut sources = source::app();
    let house = House::new(&migrations(), &sources);
    let count: usize = sources.iter().map(|source| registered(source).0.len()).sum();
    assert!(count > 50, "only {count} statements were found");
    sources.extend(source::rust_files("crates/mapalus/src"));
    settle("statements", &ownership(&house, &sources));
}

/// A house of three slices and shell, to try the checkers on.
fn sample() -> House {
    let migration = "
        create table once (subject text primary key);
        create table persons (id text primary key, name text not null, mail text not null, made_at bigint not null);
        create table links (id text primary key, person_id text not null references persons (id));
        create table groups (id text primary key, name text not null, slug text not null);
        create table members (group_id text references groups (id), person_id text references persons (id), state text);";
    let people = "//! People. Owns: `persons`, `links`. Emits: `SignedUp`.\n//!\n\
                  //! Published to slices above: `persons.id`,\n//! `persons.name`.\n";
    let groups = "//! Groups. Owns: `groups`, `members`.\n//!\n//! Published to slices above: `groups.id`.\n";
    let file = |slice: &str, text| Source::rust(&format!("{}{slice}/mod.rs", app_path()), text);
    let house = House::new(
        &[("1.sql".to_owned(), migration.to_owned())],
        &[file("people", people), file("groups", groups)],
    );
    let owned: Vec<_> =
        house.owners.keys().filter(|table| house.schema.columns.contains_key(*table)).collect();
    assert_eq!(owned, ["groups", "links", "members", "once", "persons"]);
    assert_eq!(house.found, Vec::<String>::new());
    assert_eq!(house.published.len(), 3);
    house
}

#[test]
fn wrong_owners_are_refused() {
    let migration = "create table persons (id text); create table groups (id text, by text references joins (id)); \
                     create table joins (id text); create table stray (id text);";
    let people = "//! Owns: `persons`, `ghosts`.\n//! Published to slices above: `persons.name`, `groups.id`, `persons`.\n";
    let groups = "//! Owns: `groups`, `persons`.\n";
    let joining = "//! Owns: `joins`, `outbox`.\n";
    let files = [("people", people), ("groups", groups), ("joining", joining)];
    let files = files.map(|(slice, text)| Source::rust(&format!("{}{slice}/mod.rs", app_path()), text));
    let found = House::new(&[("1.sql".to_owned(), migration.to_owned())], &files).found.join("\n");
    for wrong in [
        "owns `ghosts`",
        "`persons` has two owners",
        "owns `outbox`",
        "`outbox` has two owners",
        "nobody owns `stray`",
        "`persons.name` is no column",
        "`groups.id` is no column",
        "not `persons`",
        "refers to `joins`",
    ] {
        assert!(found.contains(wrong), "{wrong} is missing in\n{found}");
    }
}

#[test]
fn wrong_statements_are_refused() {
    let house = sample();
    let wrong = [
        // Writing what is another's.
        ("groups", "update persons set name = $1 where id = $2"),
        ("groups", "delete from persons where id = $1"),
        ("groups", "insert into persons (id) values ($1)"),
        ("people", "delete from once where subject = $1"),
        // Reading from above, from shell, or as shell.
        ("people", "select id from groups"),
        ("people", "select subject from once"),
        ("shell", "select id from persons"),
        ("notices", "select name from persons"),
        // Reading what is not published.
        ("groups", "select mail from persons"),
        ("groups", "select persons.mail from persons"),
        ("groups", "select p.mail from members join persons as p on p.id = members.person_id"),
        (
            "groups",
            "select state from members join persons on persons.id = person_id order by persons.made_at",
        ),
        (
            "groups",
            "select groups.id from groups where exists (select 1 from persons where mail = groups.name)",
        ),
        ("groups", "select x.mail from (select id, mail from persons) as x"),
        ("groups", "with x as (select mail from persons) select x.mail from x"),
        ("groups", "select name from groups union select mail from persons"),
        (
            "groups",
            "insert into groups (id, name, slug) select id, mail, $1 from persons where true on conflict (id) do nothing",
        ),
        ("groups", "select count(*) from links"),
        ("joining", "select groups.name from groups"),
        // What cannot be placed.
        ("people", "select id from persons join links on persons.id = person_id"),
        ("people", "select nothing_such from persons"),
        ("people", "select p.id from persons"),
        ("people", "update persons set nothing_such = $1"),
        ("people", "select id from ghosts"),
        // What is not portable.
        ("people", "select id from persons where made_at < now()"),
        ("people", "select id from persons where name ilike $1"),
        ("people", "select json_object(id) from persons"),
        ("people", "select id::text from persons"),
        ("people", "SELECT id from persons"),
        ("people", "select * from persons"),
        ("people", "select persons.* from persons"),
        ("people", "delete from persons where id = $1 limit 1"),
        ("people", "insert into persons values ($1)"),
        ("people", "select id from persons for update"),
        ("people", "select \"id\" from persons"),
    ];
    for (slice, sql) in wrong {
        assert!(!statement::check(&house, slice, sql).is_empty(), "{slice}: {sql}");
    }
}

#[test]
fn right_statements_pass() {
    let house = sample();
    let right = [
        (
            "groups",
            "select members.person_id, persons.name, state from members join persons on persons.id = person_id",
        ),
        (
            "groups",
            "select g.id, (select count(*) from members as m where m.group_id = g.id) as count from groups as g order by count desc nulls last, name",
        ),
        (
            "groups",
            "insert into groups (id, name, slug) values ($1, $2, 'Now() ::') on conflict (id) do update set name = excluded.name, slug = groups.slug || '-2' where groups.name <> excluded.name returning id",
        ),
        (
            "groups",
            "update groups set name = due.name from (select id, name from persons where id in ($in) order by id limit 5) as due where due.id = groups.id",
        ),
        (
            "groups",
            "with recursive x (n) as (select 1 union all select n + 1 from x where n < $1), y as (select id as own from persons) select own, cast(n as double precision) as precise from x, y where own is distinct from $2",
        ),
        (
            "people",
            "select id, row_number() over (partition by name order by made_at rows between unbounded preceding and current row) as place from persons",
        ),
        (
            "groups",
            "insert into members (person_id, group_id) select id, $1 from persons where true on conflict do nothing",
        ),
        ("groups", "select name from groups union all select name from persons order by name"),
        ("joining", "select count(*) from groups"),
        ("shell", "delete from once where subject = $1"),
    ];
    for (slice, sql) in right {
        assert_eq!(statement::check(&house, slice, sql), Vec::<String>::new(), "{slice}: {sql}");
    }
}

#[test]
fn sql_out_of_place_is_refused() {
    let house = sample();
    let wrong = [
        ("people/actions.rs", "fn f() { run(\"Select id from persons\") }"),
        ("people/actions.rs", "macro_rules! all { () => { concat!(\"select id\", \" from persons\") }; }"),
        ("people/actions.rs", "mapalus_db::statements! { /// It.\n ONE = \"select id from persons\"; }"),
        (
            "people/queries.rs",
            "mapalus_db::statements! { /// It.\n ONE = concat!(\"select id\", \" from persons\"); }",
        ),
        ("people/queries.rs", "mapalus_db::statements! { /// It.\n ONE = \"select mail from groups\"; }"),
        ("people/queries.rs", "fn f() { tx.all(&Statement::new(\"a\", \"b\", C)) }"),
    ];
    for (path, text) in wrong {
        let source = Source::rust(&format!("{}{path}", app_path()), text);
        assert!(!ownership(&house, &[source]).is_empty(), "{path}: {text}");
    }
    let right = "mapalus_db::statements! {\n/// One; two = it's.\nONE = \"\n select id from persons\";\n/// B.\nTWO = r#\"delete from links\"#; }\n\
                 const KIND: &str = \"selected\"; #[cfg(test)] mod tests { const X: &str = \"select 1\"; } \
                 macro_rules! all { ($w:literal) => { concat!(\"select id from persons\", $w) }; }";
    let source = Source::rust(&format!("{}people/queries.rs", app_path()), right);
    let names: Vec<_> = registered(&source).0.into_iter().map(|statement| statement.name).collect();
    assert_eq!(names, ["ONE", "TWO"]);
    assert_eq!(ownership(&house, &[source]), Vec::<String>::new());
}
