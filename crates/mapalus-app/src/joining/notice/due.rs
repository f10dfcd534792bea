//! What is told of deadlines: of steps, drafts and requests to vouch, and of what ended because nobody did them.

use super::{drafts, tell};
use crate::{
    groups, growth,
    joining::{
        Application,
        actions::{
            self,
            remind::{owing, still_due},
        },
        model::{
            ApplicationState, Details, StepKind,
            training::Turn,
            vouch::{Vouch, VouchState},
        },
        queries, rules,
    },
    people,
    shell::{
        AppError,
        notice::{Draft, Kind},
    },
};
use mapalus_core::{ApplicationId, GroupId, MembershipState, Millis, PersonId, SittingId, StepId, VouchId};
use mapalus_db::{DbError, Tx, params};

/// A reminder, unless the step was done meanwhile or the person has nothing to do with it any more.
pub(super) fn step_due(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    (step, due_at): (StepId, Millis),
    person: PersonId,
    passed: bool,
    now: Millis,
) -> Result<Vec<Draft>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application, true])?;
    let Some(application) = found else {
        return Ok(Vec::new());
    };
    let path = queries::walk(tx, &application)?;
    let Some(step) = still_due(&application, &path, (step, due_at)) else {
        return Ok(Vec::new());
    };
    // Nobody decides on one whose account is being closed.
    let is_there = !people::contacts(tx, &[application.person_id])?.is_empty();
    if !is_there || !owing(tx, &application, step, now)?.contains(&person) {
        return Ok(Vec::new());
    }
    // A draft of a group that takes nobody cannot be sent.
    if matches!(actions::may_send(tx, &application, now), Err(AppError::Refusal(_))) {
        return Ok(Vec::new());
    }
    let own = person == application.person_id;
    // A member who is to meet the applicant, not one who runs the group.
    let met = actions::acquaintance::of(tx, application.id, &path)?
        .into_iter()
        .find(|one| one.step_id == step.id && one.person_id == person);
    let met = met.filter(|_| step.kind == StepKind::Acquaintance);
    let key = match (step.kind, passed) {
        _ if application.state == ApplicationState::Draft => "joining-remind-draft",
        (StepKind::Form | StepKind::Agreement, false) => "joining-remind-step",
        (StepKind::Form | StepKind::Agreement, true) => "joining-remind-step-late",
        (StepKind::Vouch, false) => "joining-remind-vouches",
        (StepKind::Vouch, true) => "joining-remind-vouches-late",
        (StepKind::Acquaintance, _) if met.is_some() => "joining-remind-acquaintance",
        (StepKind::Interview, false) if own => "joining-remind-interview",
        (StepKind::Interview, true) if own => "joining-remind-interview-late",
        (StepKind::Training, _) if person != application.person_id => {
            if passed {
                "joining-remind-train-late"
            } else {
                "joining-remind-train"
            }
        }
        (StepKind::Training, false) => "joining-remind-training",
        (StepKind::Training, true) => "joining-remind-training-late",
        (StepKind::Screening | StepKind::Interview | StepKind::Acquaintance, false) => {
            "joining-remind-review"
        }
        (StepKind::Screening | StepKind::Interview | StepKind::Acquaintance, true) => {
            "joining-remind-review-late"
        }
        (StepKind::Decision, false) => "joining-remind-decision",
        (StepKind::Decision, true) => "joining-remind-decision-late",
    };
    let mut drafts = drafts(tx, &application, &[person], key)?;
    for draft in &mut drafts {
        draft.arguments.push(("step", step.name.as_str().into()));
        draft.arguments.push(("due_at", due_at.0.into()));
        if let Some(training) = step.details.training.filter(|_| person != application.person_id) {
            // Whoever trains need not see applications.
            draft.path = format!("/groups/{}/trainings/{training}", application.slug);
        }
        if let Some(met) = &met {
            draft.path = format!("/acquaintances/{}", met.id);
        }
    }
    Ok(drafts)
}

/// Those who run the group hear of a step that others owe, unless it was done meanwhile.
pub(super) fn escalated(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    (step, due_at): (StepId, Millis),
    person: PersonId,
) -> Result<Vec<Draft>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application, false])?;
    let Some(application) = found else {
        return Ok(Vec::new());
    };
    let path = queries::walk(tx, &application)?;
    let Some(step) = still_due(&application, &path, (step, due_at)) else {
        return Ok(Vec::new());
    };
    let mut drafts = drafts(tx, &application, &[person], "joining-notice-escalated")?;
    for draft in &mut drafts {
        draft.arguments.push(("step", step.name.as_str().into()));
        draft.arguments.push(("due_at", due_at.0.into()));
    }
    Ok(drafts)
}

/// A session was planned: those are told who are to take one for their step, and have none.
pub(super) fn session_added(
    tx: &mut Tx<'_>,
    group: GroupId,
    sitting: SittingId,
    now: Millis,
) -> Result<Vec<Draft>, DbError> {
    let Some(training) = growth::ahead(tx, (group, sitting), now)? else { return Ok(Vec::new()) };
    let rows: Vec<(ApplicationId, PersonId, Details)> = tx.all(&queries::TRAINEES, &params![group])?;
    let asks = |row: &&(ApplicationId, PersonId, Details)| row.2.training == Some(training);
    let people: Vec<PersonId> = rows.iter().filter(asks).map(|row| row.1).collect();
    let stands = growth::stands(tx, group, &people)?;
    let takes = |person: &PersonId| {
        let own = stands.iter().filter(|stand| stand.person_id == *person && stand.training_id == training);
        rules::training::turn_of_stands(own, true, now) == Turn::Take
    };
    let people: Vec<PersonId> = people.into_iter().filter(takes).collect();
    let (name, _) = groups::name_and_path(tx, group)?;
    let title = growth::title(tx, (group, training))?;
    let draft = |to: people::Contact| {
        let id = rows.iter().find(|row| row.1 == to.id).map(|row| row.0)?;
        Some(Draft {
            about: Some(to.id),
            to: to.into(),
            key: "joining-notice-session",
            kind: Kind::Applications,
            group: Some(group),
            arguments: vec![("group", name.as_str().into()), ("training", title.as_str().into())],
            path: format!("/applications/{id}"),
            secret: None,
            mail_only: false,
        })
    };
    Ok(people::contacts(tx, &people)?.into_iter().filter_map(draft).collect())
}

/// Whose application ended since a step was not done in time.
pub(super) fn lapsed(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    step: StepId,
) -> Result<Vec<Draft>, DbError> {
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![application, true])?;
    let Some(application) = found else {
        return Ok(Vec::new());
    };
    let path = queries::path(tx, application.path_id)?;
    let name = path.step(step).map_or("", |step| step.name.as_str());
    let mut drafts = tell(tx, application.id, &[application.person_id], "joining-notice-lapsed")?;
    drafts.iter_mut().for_each(|draft| draft.arguments.push(("step", name.into())));
    Ok(drafts)
}

/// A draft that lies ends then, unless it was sent or given up meanwhile.
pub(super) fn draft_ends(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    (person, at): (PersonId, Millis),
) -> Result<Vec<Draft>, DbError> {
    let mut drafts = tell(tx, application, &[person], "joining-notice-draft-ends")?;
    drafts.iter_mut().for_each(|draft| draft.arguments.push(("ends_at", at.0.into())));
    Ok(drafts)
}

/// A request with its application, if it waits at the step that is next.
fn waiting(tx: &mut Tx<'_>, vouch: VouchId) -> Result<Option<(Vouch, Application)>, DbError> {
    use ApplicationState::{Accepted, Sent};
    let asked: Option<Vouch> = tx.optional(&queries::vouch::VOUCH, &params![vouch])?;
    let Some(asked) = asked.filter(|vouch| vouch.state == VouchState::Asked) else {
        return Ok(None);
    };
    let application: Application = tx.one(&queries::APPLICATION, &params![asked.application_id, true])?;
    let path = queries::walk(tx, &application)?;
    let next = path.open(&application).any(|step| step.id == asked.step_id);
    let open = next && matches!(application.state, Sent | Accepted);
    Ok(open.then_some((asked, application)))
}

pub(super) fn vouch_due(tx: &mut Tx<'_>, vouch: VouchId, now: Millis) -> Result<Vec<Draft>, DbError> {
    let Some((asked, application)) = waiting(tx, vouch)? else {
        return Ok(Vec::new());
    };
    let Some(giver) = asked.giver_id.filter(|_| asked.open(now)) else {
        return Ok(Vec::new());
    };
    let standing = groups::standing_of(tx, application.group_id, Some(giver))?;
    let active = standing.is_some_and(|standing| standing.membership == Some(MembershipState::Active));
    // Hidden since the account began to close: there is nobody to speak for.
    if !active || people::contacts(tx, &[application.person_id])?.is_empty() {
        return Ok(Vec::new());
    }
    let mut drafts = drafts(tx, &application, &[giver], "joining-remind-vouch")?;
    for draft in &mut drafts {
        draft.path = format!("/vouches/{vouch}");
        draft.arguments.push(("due_at", asked.ends_at.0.into()));
    }
    Ok(drafts)
}

/// Also for an address that is no member's: the applicant cannot tell the one from the other.
pub(super) fn vouch_ended(
    tx: &mut Tx<'_>,
    vouch: VouchId,
    application: ApplicationId,
) -> Result<Vec<Draft>, DbError> {
    match waiting(tx, vouch)? {
        Some((_, of)) => tell(tx, application, &[of.person_id], "joining-notice-vouch-ended"),
        None => Ok(Vec::new()),
    }
}
