//! What applicants and coordinators are told.

use super::{
    Application,
    model::{
        ApplicationState,
        vouch::{Vouch, VouchState},
    },
    queries,
};
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
        Event::VouchAsked { vouch, application } => {
            let asked: Option<Vouch> = tx.optional(&queries::VOUCH, &params![vouch])?;
            let to = asked.filter(|vouch| vouch.state == VouchState::Asked).and_then(|vouch| vouch.giver_id);
            let to: Vec<PersonId> = to.into_iter().collect();
            let mut drafts = tell(tx, application, &to, "joining-notice-vouch-asked")?;
            drafts.iter_mut().for_each(|draft| draft.path = format!("/vouches/{vouch}"));
            Ok(drafts)
        }
        Event::VouchGiven { application, .. } => {
            let to = applicant(tx, application)?;
            tell(tx, application, &to, "joining-notice-vouch-given")
        }
        Event::VouchDeclined { application, .. } => {
            let to = applicant(tx, application)?;
            tell(tx, application, &to, "joining-notice-vouch-declined")
        }
        Event::VouchWithdrawn { application, .. } => {
            let to = applicant(tx, application)?;
            tell(tx, application, &to, "joining-notice-vouch-withdrawn")
        }
        Event::ApplicationMoved { application, person, .. } => {
            tell(tx, application, &[person], "joining-notice-moved")
        }
        Event::PathChanged { group, path } => {
            let drafted: Vec<(PersonId,)> = tx.all(&queries::DRAFTED, &params![path])?;
            let drafted: Vec<PersonId> = drafted.into_iter().map(|(person,)| person).collect();
            let (name, _) = groups::name_and_path(tx, group)?;
            let draft = |to: people::Contact| Draft {
                to: to.into(),
                key: "joining-notice-path",
                arguments: vec![("group", name.as_str().into())],
                path: "/applications".to_owned(),
                secret: None,
                mail_only: false,
                about: None,
            };
            Ok(people::contacts(tx, &drafted)?.into_iter().map(draft).collect())
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

fn applicant(tx: &mut Tx<'_>, application: ApplicationId) -> Result<Vec<PersonId>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application])?;
    Ok(found.map(|application| application.person_id).into_iter().collect())
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
