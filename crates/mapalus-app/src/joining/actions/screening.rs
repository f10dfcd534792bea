//! Reviewers give an applicant scores; the last one that was lacking moves the application on.

use super::{
    super::{
        model::{
            Application, Path, Step,
            screening::{Scored, ScoresInput},
        },
        queries,
        rules::screening as rules,
    },
    advance,
};
use crate::{
    groups,
    shell::{App, AppError, Work},
};
use mapalus_core::{ApplicationId, Event, Permission, Permit, PersonId, access::ScoreApplication, time::DAY};
use mapalus_db::{DbError, Tx, params};

/// Days after the decision when scores are deleted.
pub const KEPT_DAYS: i64 = 180;

/// What reviewers gave an applicant, if the path has a screening.
pub(in crate::joining) fn given(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    path: &Path,
) -> Result<Vec<Scored>, DbError> {
    let screens = path.steps.iter().any(|step| step.kind == super::StepKind::Screening);
    if screens { tx.all(&queries::screening::SCORES, &params![application]) } else { Ok(Vec::new()) }
}

/// Who has vouched for an applicant.
pub(in crate::joining) fn vouchers(
    tx: &mut Tx<'_>,
    application: ApplicationId,
) -> Result<Vec<PersonId>, DbError> {
    let rows: Vec<(Option<PersonId>,)> = tx.all(&queries::screening::VOUCHERS_OF, &params![application])?;
    Ok(rows.into_iter().filter_map(|(person,)| person).collect())
}

/// Those who may score an applicant.
pub(in crate::joining) fn eligible(
    tx: &mut Tx<'_>,
    application: &Application,
) -> Result<Vec<PersonId>, DbError> {
    let holders = groups::holders(tx, application.group_id, Permission::Applications)?;
    let vouchers = vouchers(tx, application.id)?;
    Ok(rules::eligible(&holders, application.person_id, &vouchers))
}

/// Those who may score an applicant in a screening and have not; all of them, if none is left who has not.
pub(super) fn owing(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
) -> Result<Vec<PersonId>, DbError> {
    let given: Vec<Scored> = tx.all(&queries::screening::SCORES, &params![application.id])?;
    let has = |person: &PersonId| given.iter().any(|s| s.step_id == step.id && s.person_id == *person);
    let eligible = eligible(tx, application)?;
    let lacking: Vec<PersonId> = eligible.iter().copied().filter(|person| !has(person)).collect();
    // Who could score left meanwhile: those who stay complete it by saving theirs again.
    Ok(if lacking.is_empty() { eligible } else { lacking })
}

/// Gives scores, or gives others. Gives whether that moved the application on.
pub fn score(
    work: &mut Work<'_, '_>,
    permit: &Permit<ScoreApplication>,
    application: &Application,
    path: &Path,
    input: &ScoresInput,
) -> Result<bool, AppError> {
    let reviewer = permit.signed_in()?;
    let wanted = crate::joining::wanted(&input.step)?;
    let given: Vec<Scored> = work.tx.all(&queries::screening::SCORES, &params![application.id])?;
    let vouched = vouchers(work.tx, application.id)?.contains(&reviewer);
    let mine = |step| given.iter().any(|s| s.step_id == step && s.person_id == reviewer);
    let step = rules::may_score((application, path), wanted, (reviewer, vouched), mine)?;
    let (scores, note) = rules::held(&step.details.criteria, &input.scores, &input.note)?;
    let row = params![application.id, step.id, reviewer, scores, note, work.now];
    work.tx.execute(&queries::screening::SCORE, &row)?;
    let eligible = eligible(work.tx, application)?;
    let counts =
        |s: &&Scored| s.step_id == step.id && s.person_id != reviewer && eligible.contains(&s.person_id);
    let others = given.iter().filter(counts).count();
    let needed = rules::needed(step, eligible.len());
    let open = path.open(application).any(|open| open.id == step.id);
    let moves = open && others + 1 >= needed;
    if moves {
        let (after, _) = advance(work, application.clone(), path, step, "")?;
        let (id, group, person) = (after.id, after.group_id, after.person_id);
        if after.place != application.place {
            work.emit_held(&Event::ApplicationMoved { application: id, group, person })?;
        }
    } else {
        // One version on, so that two who give theirs at once see each other.
        queries::keep(work.tx, application)?;
    }
    work.record(permit, application.id, "")?;
    Ok(moves)
}

/// Deletes scores whose time after the decision is over, those of 200 applications at a time.
///
/// # Errors
/// The database's error; what was deleted before stays deleted.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    loop {
        let before = app.clock.now().plus(-KEPT_DAYS * DAY);
        let old: Vec<(ApplicationId,)> = app
            .db
            .read("joining::old_scores", move |tx| tx.all(&queries::screening::OLD_SCORES, &params![before]))
            .await?;
        if old.is_empty() {
            return Ok(());
        }
        app.write_as(None, "joining::sweep_scores", move |work| {
            let ids: Vec<ApplicationId> = old.iter().map(|(id,)| *id).collect();
            work.tx.execute_in(&queries::screening::DROP_SCORES, &[], &ids)?;
            Ok::<_, DbError>(())
        })
        .await?;
    }
}
