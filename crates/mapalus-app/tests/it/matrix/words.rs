//! The matrix in words: `docs/reference/access.md`. `MAPALUS_BLESS=1` writes it.

use super::{Cell, Given, Who};
use mapalus_app::shell::routes::Line;
use mapalus_core::{ByToken, GroupVisibility, Permission};
use std::{collections::BTreeSet, path::Path};

const HEAD: &str = "\
# Access

Who gets in where: every route of Mapalus with the action of the access table (`crates/mapalus-core/src/access.rs`)
that it serves. This page is written by a test that asks every route as everybody named here, of a public and of a
private group; `cargo xtask docs` writes it again.

Who comes: *strangers* have not signed in. *Unrelated people* are signed in and have nothing to do with the group;
*coordinators of other groups* and *operators* of the instance are unrelated too, *former members* have left, *invited people* have not answered. The
*applicant* has an open application, *accepted people* have steps left after the decision, *active members* are
through. Members hold the *permissions* of their roles, coordinators hold all. *Suspended people* held all of them
before. An application or a question is always that of the applicant, a draft, a kept search or a ward that of the operator; a session is always one's own. One of the active members is appointed for safeguarding.
A concern is reported by the guardian of one of the group's people as well.
To get in is to be allowed: whether the thing can be done now is told by the group's rules afterwards.

Everybody else is told to sign in, that it is not allowed, or that there is no such thing, as the last column says.
What belongs to a demonstration is not there on a real instance.

A route marked *proved* asks whoever gets in, ten minutes after they signed in or proved it last, to prove anew who they
are: it cannot be undone, or it opens a door. What others entrust to somebody (a permission of a role, operating the
instance) is closed to those who have let the time pass to set up a second step of signing in.

A program that comes with a personal token gets as far as its person would, where the last column names a scope and the
token has it; nowhere else.

What changes something is taken from our own pages only, or from such a program; a route marked *from anywhere* takes a
post from whoever knows the secret in its path, which says who does what. Cookies count for nothing there.

| action | route | who gets in | others are told | a token needs |
| --- | --- | --- | --- | --- |
";

/// Compares the page with what was seen, or writes it.
pub fn compare(lines: &[Line], seen: &[Vec<Cell>]) {
    let mut rows: Vec<(&str, &str, &str, String)> = lines
        .iter()
        .zip(seen)
        .map(|(line, cells)| (line.action, line.path, line.method, row(line, cells)))
        .collect();
    rows.sort();
    let page: String =
        std::iter::once(HEAD.to_owned()).chain(rows.into_iter().map(|(.., row)| row)).collect();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/access.md");
    if std::env::var_os("MAPALUS_BLESS").is_some() {
        std::fs::write(&place, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&place).unwrap_or_default();
    let differing = page.lines().zip(kept.lines()).find(|(now, kept)| now != kept);
    assert!(
        page == kept,
        "docs/reference/access.md is not what is so; look, then run with MAPALUS_BLESS=1: {differing:#?}"
    );
}

fn row(line: &Line, cells: &[Cell]) -> String {
    let of = |visibility| cells.iter().filter(move |cell| cell.visibility == visibility);
    let (public, private) = (both(of(GroupVisibility::Public)), both(of(GroupVisibility::Private)));
    let cell = |public: String, private: String| {
        if public == private {
            public
        } else if public == "-" {
            format!("private group: {private}")
        } else {
            format!("{public}. Private group: {private}")
        }
    };
    let (who, told) = (cell(public.0, private.0), cell(public.1, private.1));
    let token = match line.by_token {
        Some(ByToken::With(scope)) => format!("`{scope}`"),
        Some(ByToken::Never) | None => "-".to_owned(),
    };
    let anywhere = if line.from_anywhere { ", from anywhere" } else { "" };
    let proved = if line.proved { ", proved" } else { "" };
    format!(
        "| {} | {} `{}`{anywhere}{proved} | {who} | {told} | {token} |\n",
        line.action, line.method, line.path
    )
}

/// Who gets in and what others are told.
fn both<'c>(cells: impl Iterator<Item = &'c Cell>) -> (String, String) {
    let (mut inside, mut stranger, mut others) = (BTreeSet::new(), None, BTreeSet::new());
    for cell in cells {
        match cell.given {
            Given::In => {
                inside.insert(cell.who);
            }
            given if cell.who == Who::Stranger => stranger = Some(given),
            given => {
                others.insert(given);
            }
        }
    }
    (people(inside), told(stranger, &others))
}

fn told(stranger: Option<Given>, others: &BTreeSet<Given>) -> String {
    let word = |given: &Given| match given {
        Given::In => "",
        Given::SignIn => "sign in first",
        Given::Forbidden => "not allowed",
        Given::NotFound => "no such thing",
    };
    let others = others.iter().map(word).collect::<Vec<_>>().join(" or ");
    match stranger.as_ref().map(word) {
        None if others.is_empty() => "-".to_owned(),
        None => others,
        Some(stranger) if others.is_empty() || stranger == others => stranger.to_owned(),
        Some(stranger) => format!("strangers: {stranger}; others: {others}"),
    }
}

/// A set of visitors in words.
fn people(mut who: BTreeSet<Who>) -> String {
    let all = Who::all().len();
    if who.len() == all {
        return "everybody".to_owned();
    }
    if who.len() == all - 1 && !who.contains(&Who::Stranger) {
        return "whoever is signed in".to_owned();
    }
    if who.is_empty() {
        return "nobody".to_owned();
    }
    let mut parts = Vec::new();
    let holders: BTreeSet<Who> = Permission::ALL.iter().copied().map(Who::Holds).collect();
    let members: BTreeSet<Who> = holders.iter().copied().chain([Who::Active, Who::Coordinator]).collect();
    if who.is_superset(&members) {
        who.retain(|one| !members.contains(one));
        parts.push("active members".to_owned());
    } else if who.is_superset(&holders) && who.remove(&Who::Coordinator) {
        who.retain(|one| !holders.contains(one));
        parts.push("members with any permission".to_owned());
    }
    for one in who {
        parts.push(match one {
            Who::Stranger => "strangers".to_owned(),
            Who::Unrelated => "unrelated people".to_owned(),
            Who::Elsewhere => "coordinators of other groups".to_owned(),
            Who::Former => "former members".to_owned(),
            Who::Invited => "invited people".to_owned(),
            Who::Operator => "operators".to_owned(),
            Who::Applicant => "the applicant".to_owned(),
            Who::Accepted => "accepted people".to_owned(),
            Who::Active => "active members without a permission".to_owned(),
            Who::Holds(permission) => format!("members with *{permission}*"),
            Who::Coordinator => "coordinators".to_owned(),
            Who::Suspended => "suspended people".to_owned(),
        });
    }
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => "nobody".to_owned(),
    }
}
