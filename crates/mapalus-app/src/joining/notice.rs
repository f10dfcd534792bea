//! What applicants and coordinators are told.

use super::{Application, model::ApplicationState, queries};
use crate::{
    groups, people,
    shell::{Happened, notice::Draft},
};
use mapalus_core::{ApplicationId, Event, Permission, PersonId};
use mapalus_db::{DbError, Tx, params};

/// The notices that an event asks for.
///
/// # Errors
/// The database's error.
pub fn of(tx: &mut Tx<'_>, happened: &Happened) -> Result<Vec<Draft>, DbError> {
    match happened.event {
        Event::ApplicationSent { application, group, person } => {
            let to = groups::holders(tx, group, Permission::Applications)?;
            tell(tx, application, &others(to, person), "joining-notice-sent")
        }
        Event::ApplicationWithdrawn { application, group, person } => {
            let to = groups::holders(tx, group, Permission::Applications)?;
            tell(tx, application, &others(to, person), "joining-notice-withdrawn")
        }
        Event::ApplicationAccepted { application, person, .. } => {
            tell(tx, application, &[person], "joining-notice-accepted")
        }
        Event::ApplicationMoved { application, person, .. } => {
            tell(tx, application, &[person], "joining-notice-moved")
        }
        Event::ApplicationDeclined { application, person, .. } => {
            tell(tx, application, &[person], "joining-notice-declined")
        }
        Event::ApplicationWaits { application, person, .. } => {
            tell(tx, application, &[person], "joining-notice-waits")
        }
        _ => Ok(Vec::new()),
    }
}

fn others(mut people: Vec<PersonId>, but: PersonId) -> Vec<PersonId> {
    people.retain(|person| *person != but);
    people
}

fn tell(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    to: &[PersonId],
    key: &'static str,
) -> Result<Vec<Draft>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application])?;
    let Some(application) = found else {
        return Ok(Vec::new());
    };
    if key == "joining-notice-sent" && application.state != ApplicationState::Sent {
        // Withdrawn or decided before anybody was told.
        return Ok(Vec::new());
    }
    let path = format!("/applications/{}", application.id);
    let draft = |to: people::Contact| Draft {
        to: to.into(),
        key,
        arguments: vec![
            ("name", application.name.as_str().into()),
            ("group", application.group_name.as_str().into()),
        ],
        path: path.clone(),
        secret: None,
        mail_only: false,
        about: Some(application.person_id),
    };
    Ok(people::contacts(tx, to)?.into_iter().map(draft).collect())
}
