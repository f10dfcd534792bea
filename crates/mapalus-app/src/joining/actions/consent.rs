//! Under 18 an application is held at its sending until the guardian agrees.

use super::{
    super::{
        model::{
            Answers, Application, ApplicationState, Path, Step, StepKind,
            consent::{Consent, ConsentState, OfWard},
        },
        queries::{self, consent as statements},
    },
    Given, agree, send,
};
use crate::{
    people,
    shell::{AppError, Work},
};
use mapalus_core::{
    ApplicationId, Event, Permit, PersonId, Refusal, RefusalKind, Standing,
    access::{ConsentToJoining, UseApplication},
};
use mapalus_db::{DbError, Tx, params};

/// What a guardian was asked of an application.
pub(in crate::joining) fn of(
    tx: &mut Tx<'_>,
    application: ApplicationId,
) -> Result<Option<Consent>, DbError> {
    tx.optional(&statements::CONSENT, &params![application])
}

/// The applications of the wards of a guardian.
pub(in crate::joining) fn of_wards(tx: &mut Tx<'_>, guardian: PersonId) -> Result<Vec<OfWard>, DbError> {
    tx.all(&statements::OF_WARDS, &params![guardian])
}

/// Whether an application that is about to be sent waits for a guardian: they are asked then.
///
/// # Errors
/// `joining-no-guardian` if a minor has none.
pub(super) fn is_held(
    work: &mut Work<'_, '_>,
    application: &Application,
    step: &Step,
) -> Result<bool, AppError> {
    if application.state != ApplicationState::Draft {
        return Ok(false);
    }
    let Some(young) = people::young(work.tx, application.person_id)? else {
        return Ok(false);
    };
    let guardian = young.guardian_id;
    let guardian = guardian.ok_or_else(|| Refusal::new(RefusalKind::Conflict, "joining-no-guardian"))?;
    let now = of(work.tx, application.id)?;
    let by_them = now.filter(|now| now.guardian_id == guardian);
    match by_them.map(|now| now.state) {
        Some(ConsentState::Given) => return Ok(false),
        state => {
            let row = params![application.id, guardian, step.id, work.now];
            work.tx.execute(&statements::ASK_CONSENT, &row)?;
            if state != Some(ConsentState::Asked) {
                let (application, person) = (application.id, application.person_id);
                work.emit_held(&Event::JoiningHeld { application, person, guardian })?;
            }
        }
    }
    Ok(true)
}

/// The guardian agrees: the application is sent as it stands. If its path changed meanwhile so that it cannot be, its
/// applicant completes and sends it; the guardian is not asked again.
///
/// # Errors
/// `joining-consent-answered`; why it cannot be sent to the group now.
pub fn give(
    work: &mut Work<'_, '_>,
    permit: &Permit<ConsentToJoining>,
    application: &Application,
    path: &Path,
    consent: &Consent,
) -> Result<(), AppError> {
    let guardian = answer(work, permit, application, ConsentState::Given)?;
    let (id, ward) = (application.id, application.person_id);
    let step = path.open(application).find(|step| step.id == consent.step_id).cloned();
    if let Some(step) = step {
        // It is the applicant who sends; the guardian lets it go.
        work.actor = Some(ward);
        let sent = send_as(work, ward, application, path, &step);
        work.actor = Some(guardian);
        match sent {
            Err(AppError::Refusal(refusal)) if refusal.kind == RefusalKind::Invalid => {}
            sent => sent?,
        }
    }
    work.emit(&Event::JoiningAgreed { application: id, person: ward })?;
    Ok(())
}

fn send_as(
    work: &mut Work<'_, '_>,
    ward: PersonId,
    application: &Application,
    path: &Path,
    step: &Step,
) -> Result<(), AppError> {
    let own = Standing { person: Some(ward), owner: true, ..Standing::default() };
    let own = own.permit::<UseApplication>()?;
    if step.kind == StepKind::Agreement {
        return agree(work, &own, application, path, Some(step.id)).map(drop);
    }
    let mut answers = Answers::new();
    for kept in queries::answers(work.tx, application.id)?.into_iter().filter(|kept| kept.step_id == step.id)
    {
        let long = path.questions_of(step.id).any(|q| q.key == kept.key && !q.kind.is_list());
        let values = if long { vec![kept.value] } else { kept.value.lines().map(str::to_owned).collect() };
        answers.insert(kept.key, values);
    }
    let given = Given { step: Some(step.id), answers };
    send(work, &own, application, path, &given).map(drop)
}

/// The guardian does not agree: the draft stays its applicant's, who is told.
///
/// # Errors
/// `joining-consent-answered`.
pub fn decline(
    work: &mut Work<'_, '_>,
    permit: &Permit<ConsentToJoining>,
    application: &Application,
) -> Result<(), AppError> {
    answer(work, permit, application, ConsentState::Declined)?;
    let (application, person) = (application.id, application.person_id);
    work.emit(&Event::JoiningRefused { application, person })?;
    Ok(())
}

fn answer(
    work: &mut Work<'_, '_>,
    permit: &Permit<ConsentToJoining>,
    application: &Application,
    state: ConsentState,
) -> Result<PersonId, AppError> {
    let guardian = permit.signed_in()?;
    let row = params![application.id, state, work.now, guardian];
    let open = application.state == ApplicationState::Draft;
    if !open || work.tx.execute(&statements::ANSWER_CONSENT, &row)? == 0 {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-consent-answered").into());
    }
    work.record(permit, application.id, state.word())?;
    Ok(guardian)
}
