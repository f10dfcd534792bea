//! What is stored of a person here: given to them, forgotten, deleted after its time.

use super::{actions, model, queries};
use crate::shell::{
    App, Work,
    app::UNDO_MILLIS,
    archive::{self, OwnFile},
    text::machine,
};
use mapalus_core::{ApplicationId, Millis, PersonId, StepId, access::SkipStep, time::DAY};
use mapalus_db::{DbError, Tx, params};

/// Forgets a person who was erased: answers and reasons go, what was under way is withdrawn.
///
/// # Errors
/// The database's error.
pub fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_ANSWERS_OF, &params![person])?;
    work.tx.execute(&queries::FORGET_REASONS_OF, &params![person])?;
    work.tx.execute(&queries::vouch::FORGET_VOUCHES_FOR, &params![person])?;
    work.tx.execute(&queries::vouch::FORGET_VOUCHES_BY, &params![person])?;
    work.tx.execute(&queries::remind::FORGET_REMINDERS_OF, &params![person])?;
    work.tx.execute(&queries::FORGET_SKIPS_OF, &params![person])?;
    work.tx.execute(&queries::spared::FORGET_SPARED_OF, &params![person])?;
    work.tx.execute(&queries::screening::FORGET_SCORES_OF, &params![person])?;
    work.tx.execute(&queries::screening::FORGET_NOTES_BY, &params![person])?;
    let skipped: Vec<(ApplicationId,)> = work.tx.all(&queries::SKIPPED_OF, &params![person])?;
    work.forget_words::<SkipStep>(&skipped.iter().map(|(id,)| *id).collect::<Vec<_>>())?;
    work.tx.execute(&queries::FORGET_DECISION_REASONS_OF, &params![person])?;
    work.tx.execute(&queries::consent::FORGET_CONSENTS_OF, &params![person])?;
    work.tx.execute(&queries::END_APPLICATIONS_OF, &params![person, work.now])?;
    actions::acquaintance::forget(work, person)?;
    actions::interview::forget(work, person)?;
    Ok(())
}

/// Deletes answers whose time after the decision is over, as each question promises, and scores. Found by reading and
/// deleted 200 at a time: no write is held up, however many there are.
///
/// # Errors
/// The database's error; what was deleted before stays deleted.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    app.write_as(None, "joining::sweep_sendings", |work| {
        work.tx.execute(&queries::sending::DROP_SENDINGS, &params![work.now.plus(-DAY)])
    })
    .await?;
    actions::screening::sweep(app).await?;
    actions::interview::sweep(app).await?;
    loop {
        let now = app.clock.now();
        let old: Vec<(ApplicationId, StepId, String)> = app
            .db
            .read("joining::old_answers", move |tx| tx.all(&queries::OLD_ANSWERS, &params![now]))
            .await?;
        if old.is_empty() {
            return Ok(());
        }
        app.write_as(None, "joining::sweep", move |work| {
            for (application, step, key) in &old {
                work.tx.execute(&queries::FORGET_ANSWER, &params![*application, *step, key])?;
            }
            Ok::<_, DbError>(())
        })
        .await?;
    }
}

/// Deletes files that no answer names: those of answers that were deleted or forgotten.
///
/// # Errors
/// The database's error; what was deleted before stays deleted.
pub async fn sweep_files(app: &App) -> Result<(), DbError> {
    actions::file::sweep(app).await
}

/// The files that a person sent, for the archive of their data.
pub(crate) fn files_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<OwnFile>, DbError> {
    let part: archive::Part = |tx, id, n| {
        let part: Option<(Vec<u8>,)> = tx.optional(&queries::file::FILE_PART, &params![id, n])?;
        Ok(part.map(|(bytes,)| bytes))
    };
    let files: Vec<model::file::StoredFile> = tx.all(&queries::file::FILES_OF, &params![person])?;
    let own = |file: model::file::StoredFile| OwnFile {
        place: format!(
            "applications/{}/files/{}/{}",
            file.application_id,
            file.id,
            file.name.replace(['/', '\\'], "_")
        ),
        id: file.id.to_string(),
        part,
    };
    Ok(files.into_iter().map(own).collect())
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId, now: Millis) -> Result<serde_json::Value, DbError> {
    let vouches: Vec<model::vouch::AskedOf> = tx.all(&queries::vouch::ASKED_OF, &params![person])?;
    let vouches: Vec<_> = vouches.into_iter().map(model::vouch::AskedView::from).collect();
    let answers: Vec<model::OwnAnswer> = tx.all(&queries::ANSWERS_OF, &params![person])?;
    let mut applications: Vec<model::OwnApplication> = tx.all(&queries::ALL_OF, &params![person])?;
    // What was decided and is not told yet is not told here.
    let held = actions::sending::held_of(tx, person, (now, UNDO_MILLIS))?;
    for application in &mut applications {
        if let Some(held) = held.iter().find(|held| held.application_id == application.id) {
            (application.state, application.decided_at) = (held.state_before, None);
            application.reason.clone_from(&held.reason_before);
        }
    }
    let files: Vec<model::file::StoredFile> = tx.all(&queries::file::FILES_OF, &params![person])?;
    let decided: Vec<model::OwnDecision> = tx.all(&queries::DECIDED_BY, &params![person])?;
    let decision = |d: &model::OwnDecision| {
        serde_json::json!({
            "application": d.application_id.to_string(),
            "group": d.group_name,
            "outcome": d.outcome,
            "reason": d.reason,
            "made_at": machine(d.made_at),
        })
    };
    let decisions: Vec<_> = decided.iter().map(decision).collect();
    let answered = |answer: &model::OwnAnswer| {
        let of = |file: &&model::file::StoredFile| file.application_id == answer.application_id;
        let named = |id| files.iter().filter(of).find(|file| file.id == id);
        let found: Vec<_> = model::file::ids(&answer.value).filter_map(named).collect();
        if answer.kind != model::QuestionKind::File {
            return serde_json::json!(answer.value);
        }
        let file = |file: &&model::file::StoredFile| {
            serde_json::json!({
                "name": file.name,
                "size": file.size,
                "made_at": machine(file.made_at),
                "file": format!("/applications/{}/files/{}", file.application_id, file.id),
            })
        };
        found.iter().map(file).collect()
    };
    let application = |a: &model::OwnApplication| {
        let of = answers.iter().filter(|answer| answer.application_id == a.id);
        let answers: Vec<_> =
            of.map(|x| serde_json::json!({ "question": x.label, "answer": answered(x) })).collect();
        serde_json::json!({
            "id": a.id.to_string(),
            "group": a.group_name,
            "state": a.state,
            "made_at": machine(a.made_at),
            "sent_at": a.sent_at.map(machine),
            "decided_at": a.decided_at.map(machine),
            "reason": a.reason,
            "answers": answers,
        })
    };
    let applications: Vec<_> = applications.iter().map(application).collect();
    let reminders: Vec<model::remind::OwnReminder> =
        tx.all(&queries::remind::REMINDERS_OF, &params![person])?;
    let reminder = |r: &model::remind::OwnReminder| {
        serde_json::json!({
            "application": r.application_id.to_string(),
            "stage": r.stage,
            "due_at": machine(r.due_at),
            "made_at": machine(r.made_at),
        })
    };
    let reminders: Vec<_> = reminders.iter().map(reminder).collect();
    let scores = |scored: &model::screening::OwnScores| {
        serde_json::json!({
            "group": scored.group_name,
            "scores": scored.by_name(),
            "note": scored.note,
            "given_at": machine(scored.given_at),
        })
    };
    let given: Vec<model::screening::OwnScores> = tx.all(&queries::screening::SCORED_BY, &params![person])?;
    let got: Vec<model::screening::OwnScores> = tx.all(&queries::screening::SCORED_OF, &params![person])?;
    let (given, got): (Vec<_>, Vec<_>) =
        (given.iter().map(scores).collect(), got.iter().map(scores).collect());
    let asked: Vec<model::acquaintance::AskedTo> =
        tx.all(&queries::acquaintance::ASKED_TO, &params![person])?;
    let asked: Vec<_> = asked.into_iter().map(model::acquaintance::AskedToView::from).collect();
    let interview = |of: &model::interview::OwnInterview| {
        serde_json::json!({
            "group": of.group_name,
            "state": of.state,
            "starts_at": of.starts_at.map(machine),
            "place": of.place,
            "note": of.note,
            "changed_at": machine(of.changed_at),
        })
    };
    let own: Vec<model::interview::OwnInterview> = tx.all(&queries::interview::OWN, &params![person])?;
    let held: Vec<model::interview::OwnInterview> = tx.all(&queries::interview::HELD_BY, &params![person])?;
    let (own, held): (Vec<_>, Vec<_>) =
        (own.iter().map(interview).collect(), held.iter().map(interview).collect());
    let consents: Vec<(String, model::consent::ConsentState, Millis)> =
        tx.all(&queries::consent::CONSENTS_OF, &params![person])?;
    let consent = |(group, state, at): &(String, model::consent::ConsentState, Millis)| serde_json::json!({ "group": group, "state": state, "asked_at": machine(*at) });
    let consents: Vec<_> = consents.iter().map(consent).collect();
    Ok(serde_json::json!({
        "consents_as_guardian": consents,
        "acquaintances": asked,
        "interviews": own,
        "interviews_held": held,
        "applications": applications,
        "decisions": decisions,
        "vouches": vouches,
        "reminders": reminders,
        "scores_given": given,
        "scores_received": got,
    }))
}
