//! What one statement reads and writes: every table and column in it is looked up, subselects with
//! their own names, so that none is overlooked. A word that cannot be placed is reported too.

use super::{
    House,
    sql::{Part, read, word},
};

/// Words that the databases do not share, or that take time from them.
const FORBIDDEN: &str = "now current_timestamp current_date current_time ilike glob regexp autoincrement rowid strftime \
    datetime julianday date_trunc extract to_timestamp ifnull array unnest serial";

/// Words of the language; no column has such a name.
const KEYWORDS: &str = "select from where and or not null is in like between case when then else end as on join left right \
    full inner outer cross group by having order asc desc nulls limit offset distinct union all \
    intersect except exists with recursive insert into values update set delete returning conflict do \
    nothing using cast true false over partition filter escape default excluded";

/// Words of the language that may also be names: a column of that name comes first.
const SOFT: &str = "first last row rows range current unbounded preceding following materialized precision";

fn listed(words: &str, word: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

/// Where the rows of a name come from.
enum Rows {
    Table(String),
    /// The table into which rows go: what is selected for it does not see it.
    Target(String),
    /// A subselect, with the names of its columns.
    Made(Vec<String>),
}

/// The names that count inside one select.
struct Scope {
    rows: Vec<(String, Rows)>,
    made: Vec<String>,
}

/// Reads a statement on behalf of a slice.
struct Reader<'a> {
    house: &'a House,
    slice: &'a str,
    scopes: Vec<Scope>,
    /// Named subselects of `with`.
    named: Vec<(String, Vec<String>)>,
    /// The table that is written.
    target: String,
    found: Vec<String>,
}

/// What is wrong with a statement of a slice.
pub(super) fn check(house: &House, slice: &str, sql: &str) -> Vec<String> {
    let parts = read(sql);
    let mut reader = Reader {
        house,
        slice,
        scopes: Vec::new(),
        named: Vec::new(),
        target: String::new(),
        found: Vec::new(),
    };
    reader.portable(&parts, true);
    reader.block(&parts);
    reader.found.sort();
    reader.found.dedup();
    reader.found
}

impl Reader<'_> {
    fn say(&mut self, what: String) {
        self.found.push(what);
    }

    /// The portable subset: what is said with words alone.
    fn portable(&mut self, parts: &[Part], whole: bool) {
        let changes = parts.iter().enumerate().any(|(at, part)| {
            matches!(part.word(), "update" | "delete") && (at == 0 || word(parts, at - 1) != "do")
        });
        for (at, part) in parts.iter().enumerate() {
            let before = if at == 0 { "" } else { word(parts, at - 1) };
            match part {
                Part::Group(inside) => self.portable(inside, false),
                Part::Word(one) if one.chars().any(char::is_uppercase) => {
                    self.say(format!("`{one}`: SQL is lower case"));
                }
                Part::Word(one) if listed(FORBIDDEN, one) || one.starts_with("json") => {
                    self.say(format!("`{one}`: not in the portable subset"));
                }
                Part::Word(one) if one == "limit" && whole && changes => {
                    self.say("`limit` in an update or delete: choose the rows in a subselect".to_owned());
                }
                Part::Word(one) if one == "update" && before == "for" => {
                    self.say("`for update`: update the row that protects the others instead".to_owned());
                }
                Part::Mark(':') => self.say("`::`: write `cast(x as type)`".to_owned()),
                Part::Mark('"' | '`' | '[') => {
                    self.say("a quoted name: choose one that needs no quotes".to_owned());
                }
                Part::Mark('*') => {
                    let after_mark = at > 0 && (parts[at - 1].is(',') || parts[at - 1].is('.'));
                    if after_mark || matches!(before, "select" | "distinct" | "returning") {
                        self.say("`*`: write the columns out".to_owned());
                    }
                }
                _ => {}
            }
        }
    }

    /// A select, insert, update or delete; gives the names of the columns it makes.
    fn block(&mut self, parts: &[Part]) -> Vec<String> {
        let parts = &parts[self.with(parts)..];
        let mut names = None;
        // Each side of a union has its own tables; the first one names the columns.
        for part in parts.split(|part| matches!(part.word(), "union" | "intersect" | "except")) {
            let (rows, seen) = self.rows(part);
            let made = (1..part.len()).filter(|at| word(part, at - 1) == "as");
            let made = made.map(|at| word(part, at).to_owned()).collect();
            self.scopes.push(Scope { rows, made });
            self.expression(part, &seen);
            self.scopes.pop();
            names = names.or_else(|| Some(columns_made(part)));
        }
        names.unwrap_or_default()
    }

    /// Reads the named subselects before a statement; gives the place where it begins.
    fn with(&mut self, parts: &[Part]) -> usize {
        if word(parts, 0) != "with" {
            return 0;
        }
        let mut at = if word(parts, 1) == "recursive" { 2 } else { 1 };
        loop {
            let name = word(parts, at).to_owned();
            let listed = parts.get(at + 1).and_then(Part::group);
            let columns = listed.map(|list| list.iter().map(|part| part.word().to_owned()).collect());
            let Some(body) =
                (at + 1..parts.len()).find(|n| word(parts, n - 1) != name && parts[*n].group().is_some())
            else {
                return parts.len();
            };
            let inside = parts[body].group().unwrap_or_default();
            // A recursive one names itself.
            self.named.push((name, columns.clone().unwrap_or_else(|| columns_made(inside))));
            let made = self.block(inside);
            if let (None, Some(last)) = (columns, self.named.last_mut()) {
                last.1 = made;
            }
            at = body + 1;
            if !parts.get(at).is_some_and(|part| part.is(',')) {
                return at;
            }
            at += 1;
        }
    }

    /// The tables and subselects of a block, and which of its parts are read thereby.
    fn rows(&mut self, parts: &[Part]) -> (Vec<(String, Rows)>, Vec<usize>) {
        let (mut rows, mut seen) = (Vec::new(), Vec::new());
        for (at, part) in parts.iter().enumerate() {
            let before = if at == 0 { "" } else { word(parts, at - 1) };
            let writes = match part.word() {
                "from" if before == "distinct" => continue,
                "from" => before == "delete",
                "join" => false,
                "into" => true,
                "update" if before != "do" && before != "for" => true,
                _ => continue,
            };
            let mut at = at + 1;
            loop {
                let (name, next) = self.one(parts, at, writes, &mut rows, &mut seen);
                at = next;
                if part.word() == "into" {
                    self.own_columns(parts.get(at), &name);
                    seen.push(at);
                }
                if part.word() != "from" || !parts.get(at).is_some_and(|part| part.is(',')) {
                    break;
                }
                at += 1;
            }
        }
        (rows, seen)
    }

    /// One table or subselect with its other name; gives the table and the place after it.
    fn one(
        &mut self,
        parts: &[Part],
        at: usize,
        writes: bool,
        rows: &mut Vec<(String, Rows)>,
        seen: &mut Vec<usize>,
    ) -> (String, usize) {
        let table = word(parts, at).to_owned();
        seen.push(at);
        let from = match parts.get(at).and_then(Part::group) {
            Some(inside) => Rows::Made(self.block(inside)),
            None => match self.named.iter().find(|(name, _)| *name == table) {
                Some((_, columns)) => Rows::Made(columns.clone()),
                None => Rows::Table(table.clone()),
            },
        };
        let from = match from {
            Rows::Table(table) => {
                self.table(&table, writes);
                if at > 0 && word(parts, at - 1) == "into" { Rows::Target(table) } else { Rows::Table(table) }
            }
            made => made,
        };
        if writes {
            self.target.clone_from(&table);
        }
        let named = if word(parts, at + 1) == "as" { at + 2 } else { at + 1 };
        let alias = word(parts, named);
        if alias.is_empty() || listed(KEYWORDS, alias) {
            rows.push((table.clone(), from));
            return (table, at + 1);
        }
        seen.extend(at + 1..=named);
        rows.push((alias.to_owned(), from));
        (table, named + 1)
    }

    /// Whether the slice may touch a table.
    fn table(&mut self, table: &str, writes: bool) {
        let house = self.house;
        match house.owners.get(table).map(String::as_str) {
            None => self.say(format!("`{table}`: no slice owns such a table")),
            Some(owner) if owner == self.slice => {}
            Some(owner) if writes => self.say(format!("`{table}`: only {owner} writes it")),
            Some(owner) if !super::reads(self.slice, owner) => {
                self.say(format!("`{table}`: {} must not read tables of {owner}", self.slice));
            }
            Some(owner) if !house.published.iter().any(|(one, _)| one == table) => {
                self.say(format!("`{table}`: {owner} publishes nothing of it"));
            }
            Some(_) => {}
        }
    }

    /// Whether the slice may name a column of a table.
    fn column(&mut self, table: &str, column: &str) {
        let house = self.house;
        let Some(owner) = house.owners.get(table) else {
            return;
        };
        if !house.schema.has(table, column) {
            self.say(format!("`{table}.{column}`: there is no such column"));
        } else if owner != self.slice && !house.published.contains(&(table.to_owned(), column.to_owned())) {
            self.say(format!("`{table}.{column}`: {owner} does not publish it"));
        }
    }

    /// A list of columns of the written table.
    fn own_columns(&mut self, list: Option<&Part>, table: &str) {
        let Some(list) = list.and_then(Part::group) else {
            self.say(format!("`insert into {table}`: write the columns out"));
            return;
        };
        for part in list.iter().filter(|part| !part.word().is_empty()) {
            self.column(table, part.word());
        }
    }

    /// Everything that names columns.
    fn expression(&mut self, parts: &[Part], seen: &[usize]) {
        let mut sets = false;
        let mut at = 0;
        while at < parts.len() {
            let before = if at == 0 { "" } else { word(parts, at - 1) };
            let step = match &parts[at] {
                _ if seen.contains(&at) => 1,
                Part::Group(_) if before == "conflict" => {
                    let target = self.target.clone();
                    self.own_columns(parts.get(at), &target);
                    1
                }
                Part::Group(inside) => {
                    if matches!(word(inside, 0), "select" | "with") {
                        self.block(inside);
                    } else {
                        self.expression(inside, &[]);
                    }
                    1
                }
                Part::Word(name) if parts.get(at + 1).is_some_and(|part| part.is('.')) => {
                    self.qualified(name, word(parts, at + 2));
                    3
                }
                // A name that is given, or a type: `double precision` has two words.
                Part::Word(name) if name == "as" => 2,
                Part::Word(name) if listed(KEYWORDS, name) => {
                    sets = sets || name == "set";
                    1
                }
                Part::Word(_) if parts.get(at + 1).is_some_and(|part| part.group().is_some()) => 1,
                Part::Word(name) => {
                    let left = before == "set" || (at > 0 && parts[at - 1].is(','));
                    if sets && left && parts.get(at + 1).is_some_and(|part| part.is('=')) {
                        let target = self.target.clone();
                        self.column(&target, name);
                    } else {
                        self.bare(name);
                    }
                    1
                }
                _ => 1,
            };
            at += step;
        }
    }

    /// `name.column`
    fn qualified(&mut self, name: &str, column: &str) {
        if column.is_empty() {
            return; // `name.*` is reported already.
        }
        if name == "excluded" {
            let target = self.target.clone();
            return self.column(&target, column);
        }
        let rows = self.scopes.iter().rev().flat_map(|scope| &scope.rows);
        match rows.filter(|(alias, _)| alias == name).map(|(_, rows)| rows).next() {
            Some(Rows::Table(table) | Rows::Target(table)) => {
                let table = table.clone();
                self.column(&table, column);
            }
            Some(Rows::Made(columns)) if columns.iter().any(|one| one == column) => {}
            _ => self.say(format!("`{name}.{column}`: there is no such name here")),
        }
    }

    /// A column without its table: the innermost select that has one of that name counts.
    fn bare(&mut self, column: &str) {
        for scope in self.scopes.iter().rev() {
            let (mut tables, mut targets) = (Vec::new(), Vec::new());
            let mut made = scope.made.iter().any(|name| name == column);
            for (_, rows) in &scope.rows {
                match rows {
                    Rows::Table(table) if self.house.schema.has(table, column) => tables.push(table.clone()),
                    Rows::Target(table) if self.house.schema.has(table, column) => {
                        targets.push(table.clone());
                    }
                    Rows::Made(columns) => made = made || columns.iter().any(|one| one == column),
                    Rows::Table(_) | Rows::Target(_) => {}
                }
            }
            let tables = if tables.is_empty() { targets } else { tables };
            if !made && tables.is_empty() {
                continue;
            }
            match tables.as_slice() {
                [one, other, ..] if !made => {
                    self.say(format!(
                        "`{column}`: {one} and {other} have such a column: say which, `{one}.{column}`"
                    ));
                }
                _ => tables.iter().for_each(|table| self.column(table, column)),
            }
            return;
        }
        if !listed(SOFT, column) {
            self.say(format!("`{column}`: no table here has such a column"));
        }
    }
}

/// The names of the columns that a select makes.
fn columns_made(parts: &[Part]) -> Vec<String> {
    let Some(start) = parts.iter().position(|part| part.word() == "select") else {
        return Vec::new();
    };
    let list = &parts[start + 1..];
    let ends = ["from", "where", "union", "group", "order", "limit", "except", "intersect"];
    let end = list.iter().position(|part| ends.contains(&part.word())).unwrap_or(list.len());
    let names = list[..end].split(|part| part.is(',')).map(|item| item.last().map_or("", Part::word));
    names.map(str::to_owned).collect()
}
