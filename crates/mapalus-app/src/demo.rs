//! The demonstration: invented people, groups from the templates, applications under way.

use crate::{
    asking::{self, model::Asker, model::NewAsk},
    groups::{self, actions::Opened, model::OpenInput, template},
    growth, home,
    joining::{model::Answers, on_behalf},
    people::{
        actions::{Making, account::store_profile},
        guardian::Ages,
        model::{AccountState, Mail, PersonName, SignUp},
        pages::demo::mail_of,
        profile::NewProfile,
        rules,
    },
    qualifications, safeguarding,
    shell::{App, AppError, Day, Lang, Work, reference::data_file},
};
use mapalus_core::{
    GroupId, MembershipState, PersonId, Standing, access,
    time::{DAY, HOUR},
};
use serde::Deserialize;
use std::{collections::HashMap, sync::Arc};

#[derive(Debug, Deserialize)]
struct People {
    sign_ins: HashMap<String, String>,
    people: Vec<Person>,
}

#[derive(Debug, Deserialize)]
struct Person {
    key: String,
    name: String,
    call: String,
    area: String,
    occupation: Option<String>,
    /// Of a minor: how old at least, and the key of the guardian.
    age: Option<i64>,
    guardian: Option<String>,
    #[serde(default)]
    workplace: String,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    causes: Vec<String>,
    #[serde(default)]
    skills: Vec<String>,
    about: Option<template::Both>,
}

#[derive(Debug, Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Debug, Clone, Deserialize)]
struct Group {
    template: String,
    area: String,
    districts: Vec<String>,
    #[serde(default)]
    point: String,
    founder: String,
    members: Vec<String>,
    roles: Vec<Held>,
    /// The language in which its people write.
    #[serde(default = "indonesian")]
    lang: Lang,
    name: template::Both,
    summary: Option<template::Both>,
    #[serde(default)]
    pending: Vec<Pending>,
    #[serde(default)]
    asked: Vec<Asked>,
    /// Sessions of trainings ahead.
    #[serde(default)]
    sessions: Vec<Session>,
    /// The youngest whom it takes.
    youngest: Option<Ages>,
    /// Who looks after the safety of minors.
    safeguard: Option<Safeguard>,
    /// What the founder has seen of members.
    #[serde(default)]
    seen: Vec<Seen>,
}

fn indonesian() -> Lang {
    Lang::Id
}

#[derive(Debug, Clone, Deserialize)]
struct Held {
    person: String,
    role: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Session {
    /// Key of the template's training.
    training: String,
    /// How many days from today it is, and from when to when by the clock there.
    days: i64,
    from: String,
    to: String,
    area: String,
    place: String,
    seats: i64,
}

#[derive(Debug, Clone, Deserialize)]
struct Safeguard {
    person: String,
    confirmed_by: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Seen {
    person: String,
    kind: String,
    /// How many days from today it holds.
    days: i64,
}

#[derive(Debug, Clone, Deserialize)]
struct Pending {
    person: String,
    sent_days_ago: i64,
    stage: String,
    answers: toml::Table,
}

#[derive(Debug, Clone, Deserialize)]
struct Asked {
    /// Key of a person, or the name of one without an account.
    person: Option<String>,
    name: Option<String>,
    days_ago: i64,
    question: String,
    /// What the founder answers, and what is said to that.
    answer: Option<String>,
    more: Option<String>,
}

type Known = Arc<HashMap<String, PersonId>>;

/// Fills an empty instance with the demonstration; does nothing where somebody has an account.
///
/// # Errors
/// The database's error. What was filled in before stays.
pub async fn seed(app: &App) -> Result<(), AppError> {
    let people: People = toml::from_str(data_file!("demo/people.toml")).map_err(AppError::caused)?;
    let groups: Groups = toml::from_str(data_file!("demo/groups.toml")).map_err(AppError::caused)?;
    let Some(known) = seed_people(app, people).await? else {
        return Ok(());
    };
    for group in groups.groups {
        seed_group(app, &Arc::new(group), &known).await?;
    }
    Ok(())
}

/// The mail address of an invented person: the three doors have addresses of their own.
fn address(people: &HashMap<String, String>, key: &str) -> String {
    let door = people.iter().find(|(_, person)| *person == key).map(|(door, _)| door.as_str());
    mail_of(door.unwrap_or(key))
}

/// Who knows whom from elsewhere.
const KNOW_EACH_OTHER: [(&str, &str); 2] = [("meylan", "fera"), ("meylan", "deisy")];

async fn seed_people(app: &App, people: People) -> Result<Option<Known>, AppError> {
    app.write_as(None, "demo::seed_people", move |work| {
        let today = work.now;
        work.now = today.plus(-120 * DAY);
        let mut known = HashMap::new();
        for person in &people.people {
            let mail = address(&people.sign_ins, &person.key);
            let account = SignUp {
                name: PersonName(person.name.clone()),
                call: person.call.clone(),
                mail: Mail { written: mail.clone(), folded: mail },
                password: None,
                lang: Lang::Id,
                next: String::new(),
                minor: None,
            };
            // No password fits this hash: one enters by the doors alone.
            let making = Making {
                account: &account,
                password_hash: "-",
                operator: false,
                state: AccountState::Confirmed,
            };
            let Some(id) = crate::people::actions::make(work, &making)? else {
                return Ok(None);
            };
            store_profile(work, id, &profile_of(person), 1)?;
            known.insert(person.key.clone(), id);
        }
        for young in people.people.iter() {
            let (Some(age), Some(guardian)) = (young.age, &young.guardian) else { continue };
            let born = rules::guardian::year(today) - age - 1;
            crate::people::guard(work, person(&known, &young.key)?, (born, person(&known, guardian)?))?;
        }
        for (one, other) in KNOW_EACH_OTHER {
            let (one, other) = (person(&known, one)?, person(&known, other)?);
            crate::people::connect(work, one, other)?;
        }
        Ok(Some(Arc::new(known)))
    })
    .await
}

fn profile_of(person: &Person) -> NewProfile {
    NewProfile {
        name: person.name.clone(),
        call: person.call.clone(),
        occupation: person.occupation.clone(),
        workplace: person.workplace.clone(),
        area: Some(person.area.clone()),
        languages: person.languages.join(" "),
        causes: person.causes.join(" "),
        skills: person.skills.join("\n"),
        about: person.about.as_ref().map_or(String::new(), |about| about.id.clone()),
        shown: "occupation=signed-in skills=signed-in about=signed-in".parse().unwrap_or_default(),
    }
}

/// Opens a group and lets its applicants apply: a write for each, so that a slow machine ends each in time.
async fn seed_group(app: &App, group: &Arc<Group>, known: &Known) -> Result<(), AppError> {
    let (own, people) = (Arc::clone(group), Arc::clone(known));
    let opened = app.write_as(None, "demo::open_group", move |work| open_group(work, &own, &people)).await?;
    for n in 0..group.pending.len() {
        let (own, people, opened) = (Arc::clone(group), Arc::clone(known), opened.clone());
        app.write_as(None, "demo::apply", move |work| {
            let pending = &own.pending[n];
            work.now = work.now.plus(-pending.sent_days_ago * DAY);
            apply(work, &opened, person(&people, &pending.person)?, pending)
        })
        .await?;
    }
    for n in 0..group.asked.len() {
        let (own, people, opened) = (Arc::clone(group), Arc::clone(known), opened.clone());
        let seal = app.key.seal(mail_of(&format!("asked-{n}")));
        app.write_as(None, "demo::ask", move |work| {
            let founder = person(&people, &own.founder)?;
            let asked = &own.asked[n];
            let (asker, mail) = match (&asked.person, &asked.name) {
                (Some(key), _) => (Asker::Person(person(&people, key)?), String::new()),
                (None, name) => {
                    let (name, mail) = (name.clone().unwrap_or_default(), mail_of(&format!("asked-{n}")));
                    (Asker::Stranger { name, mail: mail.clone(), lang: own.lang }, mail)
                }
            };
            let new = NewAsk { asker, mail_folded: mail, seal: seal.clone(), text: asked.question.clone() };
            ask(work, &opened, founder, asked, &new)
        })
        .await?;
    }
    Ok(())
}

/// A question is asked in the morning, answered before noon, and goes on a day later.
fn ask(
    work: &mut Work<'_, '_>,
    opened: &Opened,
    founder: PersonId,
    asked: &Asked,
    new: &NewAsk,
) -> Result<(), AppError> {
    let today = work.now;
    work.now = today.plus(-asked.days_ago * DAY);
    let id = asking::on_behalf::ask(work, opened.id, new)?;
    if let Some(answer) = &asked.answer {
        work.now = work.now.plus(2 * HOUR);
        asking::on_behalf::answer(work, id, founder, answer)?;
    }
    if let (Some(more), Asker::Person(person)) = (&asked.more, &new.asker) {
        work.now = work.now.plus(DAY);
        asking::on_behalf::more(work, id, *person, more)?;
    }
    Ok(())
}

fn person(known: &HashMap<String, PersonId>, key: &str) -> Result<PersonId, AppError> {
    known.get(key).copied().ok_or(AppError::internal("an unknown person of the demonstration"))
}

fn open_group(
    work: &mut Work<'_, '_>,
    group: &Group,
    known: &HashMap<String, PersonId>,
) -> Result<Opened, AppError> {
    let today = work.now;
    work.now = today.plus(-100 * DAY);
    let opened = open(work, group, person(known, &group.founder)?)?;
    for (n, key) in (0i64..).zip(&group.members) {
        work.now = today.plus((n * 9 - 90) * DAY);
        let (person, why) = (person(known, key)?, "founding member");
        groups::actions::move_membership(work, opened.id, person, MembershipState::Active, why)?;
    }
    for Held { person: key, role } in &group.roles {
        let role = opened.roles.iter().find(|(own, _)| own == role);
        let (_, role) = role.ok_or(AppError::internal("an unknown role of the demonstration"))?;
        groups::actions::appoint(work, opened.id, *role, person(known, key)?)?;
    }
    let founder = person(known, &group.founder)?;
    let standing = groups::standing_of(work.tx, opened.id, Some(founder))?;
    let standing = Standing { person: Some(founder), group: standing, ..Standing::default() };
    (work.actor, work.now) = (Some(founder), today.plus(-90 * DAY));
    for seen in &group.seen {
        let permit = standing.permit::<access::RunQualifications>()?;
        let until = Day::of(today.plus(seen.days * DAY)).to_string();
        let name = group.name.get(group.lang);
        let what = (seen.kind.as_str(), until.as_str());
        qualifications::actions::see(work, &permit, (opened.id, name), person(known, &seen.person)?, what)?;
    }
    work.now = today;
    for session in &group.sessions {
        plan(work, opened.id, group, session)?;
    }
    if let Some(Safeguard { person: key, confirmed_by }) = &group.safeguard {
        work.now = today.plus(-30 * DAY);
        let by = (founder, person(known, confirmed_by)?);
        safeguarding::appoint(work, opened.id, person(known, key)?, by)?;
        let own = groups::for_person(work.tx, opened.id, founder)?;
        groups::actions::set_ages(work, &own, (group.youngest.unwrap_or(Ages::Adult), false))?;
    }
    Ok(opened)
}

/// Plans a session of a training that the template brought.
fn plan(work: &mut Work<'_, '_>, id: GroupId, group: &Group, session: &Session) -> Result<(), AppError> {
    let unknown = || AppError::internal("an unknown training of the demonstration");
    let template = template::get(&group.template).ok_or_else(unknown)?;
    let training = template.trainings.iter().find(|training| training.key == session.training);
    let title = training.ok_or_else(unknown)?.title.get(group.lang);
    let trainings = growth::trainings(work.tx, id)?;
    let training = trainings.iter().find(|training| training.title == title).ok_or_else(unknown)?;
    let day = Day::of(work.now.plus(session.days * DAY)).to_string();
    let input = growth::model::SittingInput {
        starts: format!("{day}T{}", session.from),
        ends: format!("{day}T{}", session.to),
        area: session.area.clone(),
        place: session.place.clone(),
        link: String::new(),
        seats: session.seats.to_string(),
    };
    let new = growth::rules::sitting(&input, work.now)?;
    growth::on_behalf::add_date(work, (work.id(), training.id, id), &new)?;
    Ok(())
}

fn open(work: &mut Work<'_, '_>, group: &Group, founder: PersonId) -> Result<Opened, AppError> {
    let lang = group.lang;
    let template = template::get(&group.template)
        .ok_or(AppError::internal("an unknown template of the demonstration"))?;
    let summary = group.summary.as_ref().unwrap_or(&template.summary);
    let input = OpenInput {
        template: group.template.clone(),
        name: group.name.get(lang).to_owned(),
        summary: summary.get(lang).to_owned(),
        area: group.area.clone(),
        districts: group.districts.clone(),
        point: group.point.clone(),
        sign_up: "application".to_owned(),
        visibility: "public".to_owned(),
        ..OpenInput::default()
    };
    let new = groups::rules::open(&input, lang)?;
    let standing = Standing { person: Some(founder), ..Standing::default() };
    let permit = standing.permit::<access::OpenGroup>()?;
    work.actor = Some(founder);
    home::open_group(work, &permit, &new)
}

fn apply(
    work: &mut Work<'_, '_>,
    opened: &Opened,
    person: PersonId,
    pending: &Pending,
) -> Result<(), AppError> {
    work.actor = Some(person);
    let id = on_behalf::begin(work, opened.id, person)?;
    on_behalf::send(work, id, person, &answers(&pending.answers))?;
    if pending.stage != "agreement" {
        on_behalf::agree(work, id, person)?;
    }
    Ok(())
}

fn answers(table: &toml::Table) -> Answers {
    let value = |value: &toml::Value| match value {
        toml::Value::Array(list) => list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        toml::Value::Boolean(true) => vec!["yes".to_owned()],
        toml::Value::Boolean(false) => Vec::new(),
        toml::Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    };
    table.iter().map(|(key, v)| (key.clone(), value(v))).collect()
}
