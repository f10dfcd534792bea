//! Who did what in a group, as those read it who run it: no further than their own permissions reach, nothing of
//! safeguarding concerns, nothing of applications that were not sent.

use crate::{
    groups::{self, Group},
    growth, joining, people,
    shell::{
        AppError, Cx, Day, Lang,
        audit::{self, Entry, Sought},
        forms::{self, Wrong},
        locale,
        paging::{self, PAGE},
        text,
    },
};
use mapalus_core::{
    ApplicationId, EventId, Millis, Permission, Permissions, PersonId, Refusal, RoleId,
    access::{self, Need, SeeAudit},
};
use mapalus_db::{DbError, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows of a file at most.
pub(super) const MOST_ROWS: i64 = 10_000;

/// What is looked for, as it was typed.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// Id of a person who did it, or to whom it was done.
    pub person: String,
    /// Name of an action.
    pub action: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Cursor of the page before.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

impl Wanted {
    /// The same as an address has it, at another place or at the start.
    pub(super) fn query(&self, after: &str) -> String {
        let at = Self { after: after.to_owned(), ..self.clone() };
        serde_html_form::to_string(at).unwrap_or_default()
    }
}

/// What is looked for, checked.
struct Filter {
    person: Option<PersonId>,
    action: Option<&'static str>,
    from: Millis,
    to: Millis,
    before: Option<EventId>,
}

/// Something that was done, in words.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub at: Millis,
    /// Who did it, if it was somebody with an account.
    pub actor: Option<PersonId>,
    /// Their name, or who they were.
    pub who: String,
    pub action: String,
    /// What they did.
    pub what: String,
    /// What became of it.
    pub how: Option<String>,
    /// To whom or to what, and where it is.
    pub subject: Option<String>,
    pub href: Option<String>,
    /// The reason that was given.
    pub reason: Option<String>,
    /// Whether a program did it for them.
    pub by_program: bool,
}

/// What was found.
pub(super) struct Found {
    pub group: Group,
    pub lines: Vec<Line>,
    pub next: Option<String>,
    /// The actions that one may look for.
    pub actions: Vec<&'static str>,
    /// The people by whom one may look: those who run the group, and the one who is looked for.
    pub people: Vec<(PersonId, String)>,
}

/// Whether those who hold these permissions read of an action.
fn reads(row: &access::Row, held: Permissions) -> bool {
    if matches!(row.name, "ReportConcern" | "ReadConcerns") {
        return false;
    }
    let mut asks = row.needs.iter().filter_map(|need| match need {
        Need::Holds(permission) => Some(*permission),
        _ => None,
    });
    if let Some(first) = asks.next() {
        return held.has(first) || asks.any(|permission| held.has(permission));
    }
    match row.name {
        // What others do in the group is read by those who see it there.
        "UseApplication" => held.has(Permission::Applications),
        "LeaveGroup" | "DeclineInvitation" | "MakeLinks" => held.has(Permission::Members),
        "AskGroup" | "UseQuestion" => held.has(Permission::Questions),
        "SeeTrainings" => held.has(Permission::Trainings),
        "OpenGroup" | "JudgeGroup" | "ConfirmForGroup" => true,
        _ => false,
    }
}

/// The names of the actions of which one reads.
fn readable(held: Permissions) -> Vec<&'static str> {
    access::TABLE.iter().filter(|row| reads(row, held)).map(|row| row.name).collect()
}

/// The name of an action as message keys have it: `change-group`.
pub(super) fn key_of(action: &str) -> String {
    let mut key = String::with_capacity(action.len() + 4);
    for (n, letter) in action.char_indices() {
        if n > 0 && letter.is_ascii_uppercase() {
            key.push('-');
        }
        key.push(letter.to_ascii_lowercase());
    }
    key
}

/// What one did, in words.
pub(super) fn what(lang: Lang, action: &str) -> String {
    let key = format!("home-audit-did-{}", key_of(action));
    let key = if locale::has(&key) { &key } else { "home-audit-did-something" };
    locale::message(lang, key, &[])
}

/// What became of it, in words; nothing where the record has no word for it.
fn how(lang: Lang, why: &str) -> Option<String> {
    let key = format!("home-audit-how-{why}");
    (!why.is_empty() && locale::has(&key)).then(|| locale::message(lang, &key, &[]))
}

fn filter(cx: &Cx, wanted: &Wanted) -> Result<Filter, Refusal> {
    let zone = cx.viewer.as_ref().map_or(chrono_tz::Asia::Jakarta, |viewer| viewer.zone);
    let day = |text: &str, field: &str| Day::typed(text).map_err(|wrong| wrong.at(field));
    let from = day(&wanted.from, "from")?.map_or(Millis(0), |day| day.begins_in(zone));
    let to = day(&wanted.to, "to")?.map_or(Millis(i64::MAX), |day| day.plus_days(1).begins_in(zone));
    let person = match wanted.person.as_str() {
        "" => None,
        text => Some(forms::word::<PersonId>(text).map_err(|wrong| wrong.at("person"))?),
    };
    let known = |name: &str| access::TABLE.iter().find(|row| row.name == name).map(|row| row.name);
    let action = match wanted.action.as_str() {
        "" => None,
        text => Some(known(text).ok_or_else(|| Wrong::plain("wrong-choice").at("action"))?),
    };
    let before = paging::place(cx, Some(&wanted.after), |[id]: [String; 1]| id.parse().ok())?;
    Ok(Filter { person, action, from, to, before })
}

/// What was done in a group: a page, or up to so many rows.
///
/// # Errors
/// What is wrong with what is looked for; over a page it is passed over.
pub(super) async fn find(
    cx: &Cx,
    group: String,
    wanted: &Wanted,
    most: Option<i64>,
) -> Result<Found, AppError> {
    let filter = filter(cx, wanted)?;
    cx.read("home::audit", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<SeeAudit>()?;
        let actions = readable(group.standing().permissions);
        let offered = |name: &&&'static str| locale::has(&format!("home-audit-did-{}", key_of(name)));
        let wanted: Vec<&'static str> =
            actions.iter().copied().filter(|name| filter.action.is_none_or(|only| only == *name)).collect();
        let sought = Sought {
            group: group.id,
            actions: &wanted,
            person: filter.person,
            from: filter.from,
            to: filter.to,
            before: filter.before,
        };
        let rows = audit::of_group(tx, &sought, most.unwrap_or(PAGE + 1))?;
        let (rows, next) = match most {
            Some(_) => (rows, None),
            None => {
                let page = paging::paged(rows, |entry: &Entry| paging::cursor(&[&entry.id.to_string()]));
                (page.items, page.next)
            }
        };
        let running = groups::coordinators(tx, group.id)?;
        let mut people: Vec<_> = running.into_iter().map(|one| (one.person_id, one.name)).collect();
        let (lines, names) = lines(tx, cx, &group, rows)?;
        // Of one whom no row names the name is nobody's business.
        if let Some(person) = filter.person.filter(|one| people.iter().all(|(id, _)| id != one)) {
            let gone = || locale::message(cx.lang, "people-former-member", &[]);
            people.push((person, names.get(&person).cloned().unwrap_or_else(gone)));
        }
        let actions = actions.iter().filter(offered).copied().collect();
        Ok(Found { group, lines, next, actions, people })
    })
    .await
}

type Names = BTreeMap<PersonId, String>;

/// Rows in words: five statements for 256 of them.
fn lines(
    tx: &mut Tx<'_>,
    cx: &Cx,
    group: &Group,
    mut rows: Vec<Entry>,
) -> Result<(Vec<Line>, Names), DbError> {
    let mut subjects: Vec<String> = rows.iter().map(|row| row.subject.clone()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let typed = |subjects: &[String]| -> Vec<ApplicationId> {
        subjects.iter().filter_map(|subject| subject.parse().ok()).collect()
    };
    let applicants: BTreeMap<ApplicationId, PersonId> =
        joining::applicants(tx, &typed(&subjects))?.into_iter().collect();
    // Nobody but the applicant knows of one that was not sent; whoever asks without an account may never confirm it.
    let is_own = |row: &Entry| match row.action.as_str() {
        "UseApplication" => row.subject.parse().is_ok_and(|id| !applicants.contains_key(&id)),
        "AskGroup" => row.actor.is_none(),
        _ => false,
    };
    rows.retain(|row| !is_own(row));
    let roles: Vec<RoleId> = subjects.iter().filter_map(|subject| subject.parse().ok()).collect();
    let mut things: BTreeMap<String, String> = growth::titles(tx, &subjects)?.into_iter().collect();
    things.extend(groups::role_names(tx, &roles)?.into_iter().map(|(id, name)| (id.to_string(), name)));
    let mut ids: Vec<PersonId> = rows.iter().filter_map(|row| row.actor).collect();
    ids.extend(subjects.iter().filter_map(|subject| subject.parse::<PersonId>().ok()));
    ids.extend(applicants.values());
    ids.sort_unstable();
    ids.dedup();
    let contacts = people::contacts(tx, &ids)?;
    let names: Names = contacts.into_iter().map(|one| (one.id, one.name)).collect();
    let manages = [Permission::Members, Permission::Roles]
        .iter()
        .any(|permission| group.standing().permissions.has(*permission));
    let line = |row: Entry| {
        let application = row.subject.parse().ok().filter(|id| applicants.contains_key(id));
        let person = row.subject.parse().ok().filter(|id| names.contains_key(id));
        let (subject, href) = match (application, person) {
            (Some(id), _) => {
                let name = applicants.get(&id).and_then(|person| names.get(person)).cloned();
                (name, Some(format!("/applications/{id}")))
            }
            (None, Some(id)) => {
                let href = manages.then(|| format!("{}/members/{id}", group.path()));
                (names.get(&id).cloned(), href)
            }
            (None, None) => (things.get(&row.subject).cloned(), None),
        };
        let operates = matches!(row.action.as_str(), "JudgeGroup" | "ConfirmForGroup");
        let message = |key: &str| locale::message(cx.lang, key, &[]);
        let who = match row.actor {
            _ if operates => message("home-audit-operator"),
            Some(actor) => names.get(&actor).cloned().unwrap_or_else(|| message("people-former-member")),
            None => message("home-audit-stranger"),
        };
        // The one action whose record keeps what somebody wrote.
        let reason = (row.action == "SkipStep" && !row.why.is_empty()).then(|| row.why.clone());
        Line {
            at: row.at,
            actor: row.actor.filter(|_| !operates),
            who,
            what: what(cx.lang, &row.action),
            how: if reason.is_some() { None } else { how(cx.lang, &row.why) },
            subject,
            href,
            reason,
            by_program: row.token.is_some(),
            action: row.action,
        }
    };
    let lines = rows.into_iter().map(line).collect();
    Ok((lines, names))
}

/// A cell of a file that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

/// Rows as a file for spreadsheets.
///
/// # Errors
/// If it cannot be written, which memory alone could cause.
pub(super) fn csv(lang: Lang, lines: &[Line]) -> Result<Vec<u8>, AppError> {
    let message = |key: &str| locale::message(lang, key, &[]);
    let heads = ["home-audit-when", "home-audit-who", "home-audit-what", "home-audit-how"];
    let more = ["home-audit-whom", "home-audit-reason", "home-audit-program"];
    let mut out = ::csv::Writer::from_writer(Vec::new());
    out.write_record(heads.iter().chain(&more).map(|key| message(key))).map_err(AppError::caused)?;
    for line in lines {
        let some = |text: &Option<String>| cell(text.as_deref().unwrap_or(""));
        let program = if line.by_program { message("home-audit-yes") } else { String::new() };
        let row = [
            text::machine(line.at),
            cell(&line.who),
            cell(&line.what),
            some(&line.how),
            some(&line.subject),
            some(&line.reason),
            program,
        ];
        out.write_record(&row).map_err(AppError::caused)?;
    }
    out.into_inner().map_err(|error| AppError::caused(error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_of_concerns_and_everybody_no_further_than_their_permissions() {
        let all = readable(Permissions::all());
        for never in ["ReportConcern", "ReadConcerns", "Apply", "Vouch", "UseAccount", "GetToKnow"] {
            assert!(!all.contains(&never), "{never}");
        }
        for always in ["ChangeGroup", "DecideApplication", "UseApplication", "JudgeGroup", "LeaveGroup"] {
            assert!(all.contains(&always), "{always}");
        }
        let one = readable([Permission::Settings].into_iter().collect());
        assert!(one.contains(&"ChangeGroup") && one.contains(&"JudgeGroup"));
        for beyond in ["DecideApplication", "UseApplication", "AnswerQuestion", "LeaveGroup", "ChangeMembers"]
        {
            assert!(!one.contains(&beyond), "{beyond}");
        }
    }

    #[test]
    fn what_a_spreadsheet_would_reckon_is_text() {
        for (text, safe) in [("=1+1", "'=1+1"), ("@a", "'@a"), ("-2", "'-2"), ("Suharti", "Suharti")] {
            assert_eq!(cell(text), safe);
        }
    }

    #[test]
    fn the_name_of_an_action_becomes_a_key() {
        assert_eq!(key_of("ChangeGroup"), "change-group");
        assert_eq!(key_of("Apply"), "apply");
    }
}
