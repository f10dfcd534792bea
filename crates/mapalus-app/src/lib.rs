//! Every capability of Mapalus, a folder each: the list of slices, the router, the background work.

pub mod asking;
pub mod background;
pub mod demo;
pub mod groups;
pub mod growth;
pub mod home;
pub mod joining;
pub mod notices;
pub mod openapi;
pub mod people;
pub mod qualifications;
pub mod safeguarding;
pub mod samples;
pub mod search;
pub mod shell;

use mapalus_core::{Event, Millis, PersonId};
use mapalus_db::{DbError, Migration, Statement, Tx};
use shell::{
    App, Routes, Viewer, Work,
    app::Composed,
    locale::Texts,
    notice::Tell,
    outbox::{Follower, Happened},
};

macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")),
        }
    };
}

/// The schema, in the order in which it grew: one text for both databases.
pub const MIGRATIONS: &[Migration] = &[
    migration!("0001_house"),
    migration!("0002_people"),
    migration!("0003_groups"),
    migration!("0004_joining"),
    migration!("0005_notices"),
    migration!("0006_asking"),
    migration!("0007_signing_in"),
    migration!("0008_qualifications"),
    migration!("0010_connections"),
    migration!("0011_invitations"),
    migration!("0012_searches"),
    migration!("0013_interviews"),
    migration!("0014_growth"),
    migration!("0015_minors"),
    migration!("0016_passkeys"),
    migration!("0017_decisions"),
    migration!("0018_applying"),
];

/// The messages of all slices.
pub const TEXTS: &[Texts] = &[
    texts!("shell"),
    texts!("refusals"),
    texts!("people"),
    texts!("qualifications"),
    texts!("groups"),
    texts!("growth"),
    texts!("safeguarding"),
    texts!("joining"),
    texts!("asking"),
    texts!("notices"),
    texts!("home"),
];

/// Every statement of the program.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        shell::house::queries::STATEMENTS,
        people::STATEMENTS,
        people::CONNECTION_STATEMENTS,
        people::FACTOR_STATEMENTS,
        people::GUARDIAN_STATEMENTS,
        people::PASSKEY_STATEMENTS,
        qualifications::STATEMENTS,
        growth::STATEMENTS,
        safeguarding::STATEMENTS,
        joining::STATEMENTS,
        joining::PATH_STATEMENTS,
        joining::FILE_STATEMENTS,
        joining::VOUCH_STATEMENTS,
        joining::REMIND_STATEMENTS,
        joining::SPARED_STATEMENTS,
        joining::SENDING_STATEMENTS,
        joining::CONSENT_STATEMENTS,
        joining::SCREENING_STATEMENTS,
        joining::ACQUAINTANCE_STATEMENTS,
        joining::INTERVIEW_STATEMENTS,
        joining::FIGURES_STATEMENTS,
        asking::STATEMENTS,
        notices::STATEMENTS,
    ]
    .into_iter()
    .chain(groups::statements())
    .flatten()
    .copied()
}

/// Every route of the program.
pub fn routes() -> Routes {
    people::routes()
        .and(qualifications::routes())
        .and(groups::routes())
        .and(growth::routes())
        .and(safeguarding::routes())
        .and(joining::routes())
        .and(asking::routes())
        .and(notices::routes())
        .and(home::routes())
        .and(openapi::routes())
}

/// The whole program as a service.
pub fn router(app: App) -> axum::Router {
    shell::locale::install(TEXTS);
    let assets =
        axum::Router::new().route("/assets/{digest}/{name}", axum::routing::get(shell::assets::serve));
    let compressed = assets.layer(tower_http::compression::CompressionLayer::new());
    routes().guarded(app).merge(compressed)
}

/// Who uses a session, with what the layout tells them.
///
/// # Errors
/// The database's error.
pub fn load_viewer(tx: &mut Tx<'_>, token_digest: &str, now: Millis) -> Result<Option<Viewer>, DbError> {
    let Some(mut viewer) = people::viewer(tx, token_digest, now)? else {
        return Ok(None);
    };
    viewer.unread = notices::unread(tx, viewer.person)?;
    let desk = groups::desk_since(tx, viewer.person)?;
    viewer.desks = desk.is_some();
    viewer.entrusted_since = earlier(viewer.entrusted_since, desk);
    Ok(Some(viewer))
}

fn earlier(one: Option<Millis>, other: Option<Millis>) -> Option<Millis> {
    [one, other].into_iter().flatten().min()
}

/// Whose token it is, with what of others' affairs is entrusted to them.
///
/// # Errors
/// As [`people::holder`].
fn load_holder(tx: &mut Tx<'_>, secret_digest: &str, now: Millis) -> Result<Viewer, shell::AppError> {
    let mut viewer = people::holder(tx, secret_digest, now)?;
    viewer.entrusted_since = groups::desk_since(tx, viewer.person)?;
    Ok(viewer)
}

/// Since when others entrust something to a person: a role of a group, or the instance.
fn entrusted_since(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Millis>, DbError> {
    Ok(earlier(people::operates_since(tx, person)?, groups::desk_since(tx, person)?))
}

/// All that is stored of a person, slice by slice.
///
/// # Errors
/// The database's error.
pub fn data_of(tx: &mut Tx<'_>, person: PersonId, now: Millis) -> Result<serde_json::Value, DbError> {
    Ok(serde_json::json!({
        "account": people::data_of(tx, person, now)?,
        "qualifications": qualifications::data_of(tx, person)?,
        "groups": groups::data_of(tx, person)?,
        "trainings": growth::data_of(tx, person)?,
        "safeguarding": safeguarding::data_of(tx, person)?,
        "applications": joining::data_of(tx, person, now)?,
        "questions": asking::data_of(tx, person)?,
        "notices": notices::data_of(tx, person)?,
    }))
}

/// The files that are stored of a person, slice by slice.
///
/// # Errors
/// The database's error.
pub fn files_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<shell::archive::OwnFile>, DbError> {
    let mut files = people::files_of(tx, person)?;
    files.extend(joining::files_of(tx, person)?);
    Ok(files)
}

/// Which mails still hold, as the slices that wrote them see it.
fn holds(tx: &mut Tx<'_>, told: &[shell::notice::Told]) -> Result<Vec<bool>, DbError> {
    let (joining, asking) = (joining::notice::holds(tx, told)?, asking::notice::holds(tx, told)?);
    Ok(joining.iter().zip(&asking).map(|(one, other)| *one && *other).collect())
}

/// What the slices together answer.
pub const COMPOSED: Composed = Composed {
    load_viewer,
    load_holder,
    note_use: people::note_use,
    entrusted_since,
    is_there: people::is_there,
    may_close: groups::may_close,
    data_of,
    files_of,
    holds,
    away: people::away,
    parameters: openapi::parameters,
};

/// What is to be found.
pub const SOURCE: search::Source =
    search::Source { public_after: groups::document::public_after, documents: groups::document::documents };

/// What each slice tells of events.
const TELL: &[Tell] = &[
    people::notice::of,
    qualifications::notice::of,
    groups::notice::of,
    growth::notice::of,
    safeguarding::notice::of,
    joining::notice::of,
    asking::notice::of,
];

/// What was done is told; what a group's end takes along goes when those whom it concerns were told.
fn tell(work: &mut Work<'_, '_>, happened: &Happened) -> Result<(), DbError> {
    notices::follow(work, happened, TELL)?;
    if let Event::PathChanged { group, path } = happened.event {
        joining::carry(work, group, path)?;
    }
    if let Event::GroupEnded { group, .. } = happened.event {
        joining::settle_ended(work, group)?;
        asking::settle_ended(work, group)?;
        qualifications::settle_ended(work, group)?;
        growth::settle_ended(work, group)?;
        safeguarding::settle_ended(work, group)?;
        groups::settle(work, group)?;
    }
    match happened.event {
        Event::QualificationsChanged { person } => groups::follow(work, person, false)?,
        Event::QualificationEnds { person, days: qualifications::rules::OVER, .. } => {
            groups::follow(work, person, true)?;
        }
        _ => {}
    }
    growth::follow(work, &happened.event)?;
    joining::follow(work, &happened.event)?;
    joining::notice::go_on(work, happened)
}

/// Every slice forgets a person who was erased; what one without an account was told goes with their question.
fn forget(work: &mut Work<'_, '_>, happened: &Happened) -> Result<(), DbError> {
    match happened.event {
        Event::PersonErased { person } => {
            growth::forget(work, person)?;
            groups::forget(work, person)?;
            safeguarding::forget(work, person)?;
            qualifications::forget(work, person)?;
            joining::forget(work, person)?;
            asking::forget(work, person)?;
            notices::forget(work, person)
        }
        Event::AskForgotten { who } => notices::forget(work, who),
        _ => Ok(()),
    }
}

/// Who follows the outbox.
pub static FOLLOWERS: &[Follower] =
    &[Follower { name: "notices", follow: tell }, Follower { name: "forget", follow: forget }];
