//! Groups from a table (CSV): each row checked by the rules that a form is checked by, all of them or none.

use super::pages::open::open_group;
use crate::{
    groups::{
        self, GroupKind, Openness,
        model::{NewGroup, OpenInput},
        template::templates,
    },
    people::{self, Mail},
    shell::{
        App, AppError, Lang, locale,
        reference::causes::{Cause, causes},
        text::fold,
    },
};
use mapalus_core::{Argument, GroupVisibility, PersonId, Standing, access::OpenGroup};
use mapalus_db::{DbError, Tx};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// The columns of the table. The first row names them, in any order; those that are not needed may be missing.
pub const COLUMNS: [&str; 13] = [
    "template",
    "kind",
    "name",
    "summary",
    "about",
    "occupation",
    "causes",
    "area",
    "districts",
    "point",
    "sign_up",
    "visibility",
    "coordinator",
];

/// Bytes of a table at most.
pub const MOST_BYTES: usize = 1 << 20;

/// Rows at most: all of them are one transaction.
pub const MOST_ROWS: usize = 200;

/// What is wrong with the table, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Line of the file, from 1.
    pub line: u64,
    /// The column; empty if it is the whole line.
    pub column: String,
    /// Message key.
    pub key: &'static str,
    /// Arguments of the message.
    pub arguments: Vec<(&'static str, Argument)>,
}

impl Complaint {
    fn new(line: u64, column: &str, key: &'static str) -> Self {
        Self { line, column: column.to_owned(), key, arguments: Vec::new() }
    }

    /// Line, and column in the order of [`COLUMNS`].
    fn place(&self) -> (u64, usize) {
        (self.line, COLUMNS.iter().position(|column| *column == self.column).unwrap_or(COLUMNS.len()))
    }

    fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// In words.
    pub fn text(&self, lang: Lang) -> String {
        let text = locale::message(lang, self.key, &self.arguments);
        let line = i64::try_from(self.line).unwrap_or(i64::MAX);
        let place = [("line", line.into()), ("column", self.column.as_str().into()), ("text", text.into())];
        let key = if self.column.is_empty() { "home-import-line" } else { "home-import-cell" };
        locale::message(lang, key, &place)
    }
}

/// A row that holds, as far as it says itself.
struct Row {
    line: u64,
    group: NewGroup,
    coordinator: Mail,
}

/// What a table says.
#[derive(Default)]
struct Table {
    /// The rows that hold.
    rows: Vec<Row>,
    /// The coordinators of all rows, of the others too.
    coordinators: Vec<(u64, Mail)>,
}

/// Reads the table and sees whether every group in it could be opened; opens them, in one transaction, if `apply`.
/// Gives how many there are, or everything that is wrong.
///
/// # Errors
/// The database's error; nothing is written then.
pub async fn groups(
    app: &App,
    table: &[u8],
    lang: Lang,
    apply: bool,
) -> Result<Result<usize, Vec<Complaint>>, AppError> {
    let (table, mut complaints) = read(table, lang);
    let table = Arc::new(table);
    let found = Arc::clone(&table);
    let (_, more) = app.db.read("home::check_import", move |tx| look(tx, &found)).await?;
    complaints.extend(more);
    complaints.sort_by_key(Complaint::place);
    if !complaints.is_empty() || !apply {
        return Ok(if complaints.is_empty() { Ok(table.rows.len()) } else { Err(complaints) });
    }
    app.write_as(None, "home::import", move |work| {
        // Looked at once more: what was true for the reading need not be for the writing.
        let (people, complaints) = look(work.tx, &table)?;
        if !complaints.is_empty() {
            return Ok(Err(complaints));
        }
        for row in &table.rows {
            let coordinator = people.get(&row.coordinator.folded).copied();
            let permit = Standing { person: coordinator, ..Standing::default() }.permit::<OpenGroup>()?;
            open_group(work, &permit, &row.group)?;
        }
        Ok::<_, AppError>(Ok(table.rows.len()))
    })
    .await
}

/// Whether the coordinators have accounts, and whether a group is there already: by mail address who they are.
fn look(tx: &mut Tx<'_>, table: &Table) -> Result<(HashMap<String, PersonId>, Vec<Complaint>), DbError> {
    let mails: Vec<String> = table.coordinators.iter().map(|(_, mail)| mail.folded.clone()).collect();
    let people: HashMap<_, _> = people::accounts_by_mail(tx, &mails)?.into_iter().collect();
    let names: Vec<String> = table.rows.iter().map(|row| fold(row.group.name.as_ref())).collect();
    let there: HashSet<_> = groups::named(tx, &names)?.into_iter().collect();
    let unknown = table.coordinators.iter().filter(|(_, mail)| !people.contains_key(&mail.folded));
    let mut complaints: Vec<_> =
        unknown.map(|(line, _)| Complaint::new(*line, "coordinator", "home-import-no-account")).collect();
    let mut seen = HashSet::new();
    for (row, name) in table.rows.iter().zip(names) {
        let group = (name, row.group.area.clone());
        if there.contains(&group) || !seen.insert(group) {
            complaints.push(Complaint::new(row.line, "name", "home-import-there"));
        }
    }
    Ok((people, complaints))
}

/// What the table says, and what is wrong with it.
fn read(table: &[u8], lang: Lang) -> (Table, Vec<Complaint>) {
    let whole = |key| (Table::default(), vec![Complaint::new(1, "", key)]);
    if table.len() > MOST_BYTES {
        return whole("home-import-too-large");
    }
    let first = table.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // Spreadsheets of a country that writes 1,5 put a semicolon between cells.
    let delimiter = if first.contains(&b';') && !first.contains(&b',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(table);
    let Ok(names) = reader.headers().cloned() else {
        return whole("home-import-not-a-table");
    };
    let mut complaints: Vec<Complaint> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if !COLUMNS.contains(&name) || names.iter().take(at).any(|earlier| earlier == name) {
            let complaint = Complaint::new(1, name, "home-import-column");
            complaints.push(complaint.with("columns", COLUMNS.join(", ")));
        }
    }
    for needed in ["name", "summary", "area", "sign_up", "visibility", "coordinator"] {
        if !names.iter().any(|name| name == needed) {
            complaints.push(Complaint::new(1, needed, "home-import-missing"));
        }
    }
    if !complaints.is_empty() {
        return (Table::default(), complaints);
    }
    let mut table = Table::default();
    for (number, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                complaints.push(Complaint::new(line, "", "home-import-not-a-row"));
                continue;
            }
        };
        let line = record.position().map_or(1, csv::Position::line);
        if number == MOST_ROWS {
            let complaint = Complaint::new(line, "", "home-import-too-many");
            complaints.push(complaint.with("most", MOST_ROWS as i64));
            break;
        }
        let cell = |column: &str| {
            let at = names.iter().position(|name| name == column);
            at.and_then(|at| record.get(at)).unwrap_or_default().to_owned()
        };
        table.coordinators.extend(Mail::parse(&cell("coordinator")).ok().map(|mail| (line, mail)));
        match row(line, cell, lang) {
            Ok(row) => table.rows.push(row),
            Err(wrong) => complaints.extend(wrong),
        }
    }
    if table.rows.is_empty() && complaints.is_empty() {
        return whole("home-import-empty");
    }
    (table, complaints)
}

fn row(line: u64, cell: impl Fn(&str) -> String, lang: Lang) -> Result<Row, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut keys = Vec::new();
    for typed in cell("causes").split([';', ',', '|', '\n']).map(str::trim).filter(|typed| !typed.is_empty())
    {
        match cause(typed, lang) {
            Ok(key) => keys.push(key.to_owned()),
            Err(near) => {
                let key = if near.is_empty() { "wrong-cause" } else { "home-import-cause-near" };
                let complaint = Complaint::new(line, "causes", key);
                complaints.push(complaint.with("text", typed).with("near", near.join(", ")));
            }
        }
    }
    let causes_hold = complaints.is_empty();
    let input = OpenInput {
        template: cell("template"),
        kind: cell("kind"),
        name: cell("name"),
        summary: cell("summary"),
        about: cell("about"),
        occupation: cell("occupation"),
        causes: keys,
        area: cell("area"),
        districts: vec![cell("districts")],
        point: cell("point"),
        sign_up: cell("sign_up"),
        visibility: cell("visibility"),
    };
    let group = groups::rules::open(&input, lang);
    let coordinator = Mail::parse(&cell("coordinator"));
    if let Err(refusal) = &group {
        // What is wrong with the causes was said already, with what was typed; a template brings its kind.
        let no_template = refusal.fields.iter().any(|flaw| flaw.field == "template");
        let said = |field: &str| field == "causes" && !causes_hold || field == "kind" && no_template;
        complaints.extend(refusal.fields.iter().filter(|flaw| !said(&flaw.field)).map(|flaw| {
            match choices(&flaw.field).filter(|_| flaw.key == "wrong-choice") {
                Some(choices) => Complaint::new(line, &flaw.field, "home-import-choice")
                    .with("text", cell(&flaw.field))
                    .with("choices", choices.join(", ")),
                None => Complaint {
                    arguments: flaw.arguments.clone(),
                    ..Complaint::new(line, &flaw.field, flaw.key)
                },
            }
        }));
    }
    if let Err(wrong) = &coordinator {
        let (key, arguments) = (wrong.0, wrong.1.clone());
        complaints.push(Complaint { line, column: "coordinator".to_owned(), key, arguments });
    }
    match (group, coordinator) {
        (Ok(group), Ok(coordinator)) if complaints.is_empty() => Ok(Row { line, group, coordinator }),
        _ => Err(complaints),
    }
}

/// What may stand in a column whose values are given.
fn choices(column: &str) -> Option<Vec<&'static str>> {
    match column {
        "template" => Some(templates().iter().map(|template| template.key.as_str()).collect()),
        "kind" => Some(GroupKind::ALL.iter().map(|kind| kind.word()).collect()),
        "sign_up" => Some(Openness::ALL.iter().map(|openness| openness.word()).collect()),
        "visibility" => Some(GroupVisibility::ALL.iter().map(|visibility| visibility.word()).collect()),
        _ => None,
    }
}

/// The cause of this key or name, or the names of those that come near, at most five.
fn cause(typed: &str, lang: Lang) -> Result<&'static str, Vec<String>> {
    let folded = fold(typed);
    let same = |cause: &&Cause| {
        cause.key == typed || fold(cause.name(Lang::Id)) == folded || fold(cause.name(Lang::En)) == folded
    };
    if let Some(cause) = causes().iter().find(same) {
        return Ok(&cause.key);
    }
    let start: String = folded.chars().take(4).collect();
    let near = |cause: &&Cause| {
        let words = format!("{} {}", fold(cause.name(Lang::Id)), fold(cause.name(Lang::En)));
        cause.fits(typed) || words.split(' ').any(|word| word.starts_with(&start))
    };
    Err(causes().iter().filter(near).take(5).map(|cause| cause.name(lang).to_owned()).collect())
}
