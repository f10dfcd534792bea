//! Joining: a group's path, and the applications that walk it.
//!
//! Words: a *path* is an ordered list of *steps*; a change makes a new path, and open applications keep
//! theirs. Steps of one *block* are open at once; a step that does not apply is *spared*; done, skipped or spared, it is
//! *behind* an application. An *application* is a draft until its first step is sent; then it is sent, on the waiting
//! list, accepted, declined or withdrawn. Each step has one who acts: the applicant, the
//! members who are asked to *vouch*, or the coordinators; in a *training* the applicant and those who train by turns.
//! Owns: `paths`, `path_drafts`, `steps`, `questions`, `applications`, `done_steps`, `scores`, `answers`, `files`,
//! `file_parts`, `decisions`, `vouches`, `vouchers`, `reminders`, `spared`, `interview_slots`, `interviews`,
//! `acquaintances`, `consents`. Emits: `JoiningHeld`, `JoiningAgreed`, `JoiningRefused`, `StepDue`, `VouchDue`,
//! `VouchEnded`, `InterviewOffered`, `InterviewSet`, `InterviewOff`, `InterviewWanted`, `InterviewMissed`, `InterviewDue`,
//! `AcquaintanceAsked`, `AcquaintanceChanged`, `AcquaintanceAgreed`, `AcquaintanceDeclined`,
//! `ApplicationSent`, `ApplicationAccepted`, `ApplicationDeclined`, `ApplicationWaits`,
//! `ApplicationMoved`, `ApplicationWithdrawn`, `ApplicationLapsed`, `StepEscalated`, `PathChanged`, `DraftsCarried`, `DraftsLeft`, `VouchAsked`, `VouchGiven`, `VouchDeclined`, `VouchWithdrawn`.
//!
//! Published to slices above: `applications.id`, `applications.state`.

pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod flow;
pub mod model;
pub mod notice;
pub mod pages;
mod queries;
pub mod rules;

pub use actions::remind::remind;
pub(crate) use actions::{ended::settle as settle_ended, training::follow};
pub use model::{Application, Path, Step};
pub use pages::{
    board::BoardPage,
    bulk::BulkPage,
    figures::FiguresPage,
    mine::{MinePage, OnePage},
    review::ReviewPage,
};
pub use queries::{
    STATEMENTS, acquaintance::STATEMENTS as ACQUAINTANCE_STATEMENTS,
    consent::STATEMENTS as CONSENT_STATEMENTS, figures::STATEMENTS as FIGURES_STATEMENTS,
    file::STATEMENTS as FILE_STATEMENTS, interview::STATEMENTS as INTERVIEW_STATEMENTS,
    path::STATEMENTS as PATH_STATEMENTS, remind::STATEMENTS as REMIND_STATEMENTS,
    screening::STATEMENTS as SCREENING_STATEMENTS, spared::STATEMENTS as SPARED_STATEMENTS,
    vouch::STATEMENTS as VOUCH_STATEMENTS,
};

use crate::shell::{
    AppError, Cx, Routes, Work,
    archive::{self, OwnFile},
};
use mapalus_core::{
    ApplicationId, ByToken, Denied, GroupId, Millis, PathId, Permissions, PersonId, Refusal, Scope, Standing,
    access::{
        Apply, BringTogether, ChangePath, ConsentToJoining, DecideApplication, DecideMany, Enter, GetToKnow,
        NoteInterview, ReadApplication, RunInterviews, ScoreApplication, SeeApplications, SeeGroup, SkipStep,
        UseAccount, UseApplication, Vouch,
    },
};
use mapalus_db::{DbError, Tx, params};

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get::<Apply, _, _>("/groups/{group}/join", pages::join::join)
        .post::<Apply, _, _>("/groups/{group}/join", pages::join::join_post)
        .get::<Enter, _, _>("/invite/{link}", pages::invited::invited)
        .post::<UseAccount, _, _>("/invite/{link}", pages::invited::come)
        .api_get::<Enter, _, _>(ByToken::Never, "/api/v1/invites/{link}", api::invited::one)
        .api_post::<UseAccount, _, _>(Scope::JoiningWrite, "/api/v1/invites/{link}", api::invited::come)
        .get::<UseAccount, _, _>("/applications", pages::mine::mine)
        .get::<ReadApplication, _, _>("/applications/{application}", pages::mine::one)
        .upload::<UseApplication, _, _>("/applications/{application}/form", pages::mine::form)
        .post::<ConsentToJoining, _, _>("/joinings/{joining}/agree", pages::consent::give)
        .post::<ConsentToJoining, _, _>("/joinings/{joining}/decline", pages::consent::decline)
        .api_post::<ConsentToJoining, _, _>(
            ByToken::Never,
            "/api/v1/joinings/{joining}/agree",
            api::consent::give,
        )
        .api_post::<ConsentToJoining, _, _>(
            ByToken::Never,
            "/api/v1/joinings/{joining}/decline",
            api::consent::decline,
        )
        .get::<ReadApplication, _, _>("/applications/{application}/files/{file}", pages::file::file)
        .post::<UseApplication, _, _>("/applications/{application}/agree", pages::mine::agree)
        .post::<UseApplication, _, _>(
            "/applications/{application}/sessions/{sitting}/take",
            pages::training::take,
        )
        .post::<UseApplication, _, _>(
            "/applications/{application}/sessions/{sitting}/leave",
            pages::training::leave,
        )
        .post::<UseApplication, _, _>(
            "/applications/{application}/sessions/{sitting}/leave/undo",
            pages::training::back,
        )
        .post::<UseApplication, _, _>(
            "/applications/{application}/sessions/{sitting}/claim",
            pages::training::claim,
        )
        .get::<UseApplication, _, _>("/applications/{application}/withdraw", pages::withdraw::ask)
        .post::<UseApplication, _, _>("/applications/{application}/withdraw", pages::withdraw::withdraw)
        .post::<UseApplication, _, _>("/applications/{application}/withdraw/undo", pages::withdraw::undo)
        .post::<DecideApplication, _, _>("/applications/{application}/decide", pages::review::decide)
        .post::<DecideApplication, _, _>("/applications/{application}/undo", pages::review::undo)
        .post::<UseApplication, _, _>("/applications/{application}/vouches", pages::vouch::ask)
        .post::<UseApplication, _, _>(
            "/applications/{application}/vouches/{vouch}/cancel",
            pages::vouch::cancel,
        )
        .get::<UseAccount, _, _>("/vouches", pages::vouch::vouches)
        .get::<Vouch, _, _>("/vouches/{vouch}", pages::vouch::vouch)
        .post::<Vouch, _, _>("/vouches/{vouch}/give", pages::vouch::give)
        .post::<Vouch, _, _>("/vouches/{vouch}/decline", pages::vouch::decline)
        .post::<Vouch, _, _>("/vouches/{vouch}/withdraw", pages::vouch::withdraw)
        .post::<SkipStep, _, _>("/applications/{application}/skip", pages::review::skip)
        .post::<ScoreApplication, _, _>("/applications/{application}/scores", pages::screening::score)
        .get::<RunInterviews, _, _>("/groups/{group}/interviews", pages::interview::interviews)
        .post::<RunInterviews, _, _>("/groups/{group}/interviews", pages::interview::offer)
        .get::<RunInterviews, _, _>("/groups/{group}/interviews/{slot}", pages::interview::slot)
        .post::<RunInterviews, _, _>("/groups/{group}/interviews/{slot}", pages::interview::move_slot)
        .post::<RunInterviews, _, _>(
            "/groups/{group}/interviews/{slot}/cancel",
            pages::interview::cancel_slot,
        )
        .post::<UseApplication, _, _>("/applications/{application}/interview", pages::interview::take)
        .get::<ReadApplication, _, _>("/applications/{application}/interview.ics", pages::interview::file)
        .post::<UseApplication, _, _>("/applications/{application}/interview/leave", pages::interview::leave)
        .post::<UseApplication, _, _>("/applications/{application}/interview/want", pages::interview::want)
        .post::<NoteInterview, _, _>("/applications/{application}/interview/note", pages::interview::note)
        .post::<BringTogether, _, _>("/applications/{application}/acquaintances", pages::acquaintance::bring)
        .post::<BringTogether, _, _>(
            "/applications/{application}/acquaintances/{acquaintance}/cancel",
            pages::acquaintance::cancel,
        )
        .get::<GetToKnow, _, _>("/acquaintances/{acquaintance}", pages::acquaintance::acquaintance)
        .post::<GetToKnow, _, _>("/acquaintances/{acquaintance}/agree", pages::acquaintance::agree)
        .post::<GetToKnow, _, _>("/acquaintances/{acquaintance}/decline", pages::acquaintance::decline)
        .post::<GetToKnow, _, _>("/acquaintances/{acquaintance}/meet", pages::acquaintance::meet)
        .post::<GetToKnow, _, _>("/acquaintances/{acquaintance}/undo", pages::acquaintance::undo)
        .get::<SeeApplications, _, _>("/groups/{group}/applications", pages::board::board)
        .get::<SeeApplications, _, _>("/groups/{group}/applications/figures", pages::figures::figures)
        .post::<DecideMany, _, _>("/groups/{group}/applications/decide", pages::bulk::decide)
        .post::<DecideMany, _, _>("/groups/{group}/applications/undo", pages::bulk::undo)
        .get::<ChangePath, _, _>("/groups/{group}/path", pages::path::path)
        .post::<ChangePath, _, _>("/groups/{group}/path/publish", pages::path::publish)
        .post::<ChangePath, _, _>("/groups/{group}/path/undo", pages::path::undo)
        .post::<ChangePath, _, _>("/groups/{group}/path/discard", pages::path::discard)
        .get::<ChangePath, _, _>("/groups/{group}/path/new", pages::path::new_step)
        .post::<ChangePath, _, _>("/groups/{group}/path/new", pages::path::add_step)
        .get::<ChangePath, _, _>("/groups/{group}/path/{step}", pages::path::step)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}", pages::path::change_step)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}/move", pages::path::shift_step)
        .get::<ChangePath, _, _>("/groups/{group}/path/{step}/new", pages::path::new_question)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}/new", pages::path::add_question)
        .get::<ChangePath, _, _>("/groups/{group}/path/{step}/{question}", pages::path::question)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}/{question}", pages::path::change_question)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}/{question}/move", pages::path::shift_question)
        .api_get::<SeeGroup, _, _>(Scope::GroupsRead, "/api/v1/groups/{group}/path", api::path::path)
        .api_put::<ChangePath, _, _>(Scope::GroupsWrite, "/api/v1/groups/{group}/path", api::path::replace)
        .api_post::<ChangePath, _, _>(Scope::GroupsWrite, "/api/v1/groups/{group}/path/undo", api::path::undo)
        .api_post::<Apply, _, _>(Scope::JoiningWrite, "/api/v1/groups/{group}/applications", api::begin)
        .api_get::<SeeApplications, _, _>(
            Scope::JoiningRead,
            "/api/v1/groups/{group}/applications",
            api::of_group,
        )
        .api_get::<SeeApplications, _, _>(
            Scope::JoiningRead,
            "/api/v1/groups/{group}/applications/figures",
            api::figures::figures,
        )
        .api_post::<DecideMany, _, _>(
            Scope::JoiningDecide,
            "/api/v1/groups/{group}/applications/decide",
            api::bulk::decide,
        )
        .api_post::<DecideMany, _, _>(
            Scope::JoiningDecide,
            "/api/v1/groups/{group}/applications/undo",
            api::bulk::undo,
        )
        .api_get::<UseAccount, _, _>(Scope::JoiningRead, "/api/v1/applications", api::mine)
        .api_get::<ReadApplication, _, _>(Scope::JoiningRead, "/api/v1/applications/{application}", api::one)
        .api_patch::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}",
            api::save,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/send",
            api::send,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/agree",
            api::agree,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/withdraw",
            api::withdraw,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/withdraw/undo",
            api::undo_withdrawal,
        )
        .api_post::<DecideApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/accept",
            api::accept,
        )
        .api_post::<DecideApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/decline",
            api::decline,
        )
        .api_post::<DecideApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/wait",
            api::wait,
        )
        .api_post::<DecideApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/undo",
            api::undo,
        )
        .api_post::<SkipStep, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/skip",
            api::skip,
        )
        .api_put::<ScoreApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/scores",
            api::screening::score,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/sessions/{sitting}/take",
            api::training::take,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/sessions/{sitting}/leave",
            api::training::leave,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/sessions/{sitting}/leave/undo",
            api::training::back,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/sessions/{sitting}/claim",
            api::training::claim,
        )
        .api_upload::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/files",
            api::file::add,
        )
        .api_get::<ReadApplication, _, _>(
            Scope::JoiningRead,
            "/api/v1/applications/{application}/files/{file}",
            api::file::one,
        )
        .api_delete::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/files/{file}",
            api::file::remove,
        )
        .api_get::<UseApplication, _, _>(
            Scope::JoiningRead,
            "/api/v1/applications/{application}/candidates",
            api::vouch::candidates,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/vouches",
            api::vouch::ask,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/vouches/{vouch}/cancel",
            api::vouch::cancel,
        )
        .and(meeting_routes())
        .api_get::<UseAccount, _, _>(Scope::JoiningRead, "/api/v1/vouches", api::vouch::asked)
        .api_get::<Vouch, _, _>(Scope::JoiningRead, "/api/v1/vouches/{vouch}", api::vouch::one)
        .api_post::<Vouch, _, _>(Scope::JoiningDecide, "/api/v1/vouches/{vouch}/give", api::vouch::give)
        .api_post::<Vouch, _, _>(Scope::JoiningDecide, "/api/v1/vouches/{vouch}/decline", api::vouch::decline)
        .api_post::<Vouch, _, _>(
            Scope::JoiningDecide,
            "/api/v1/vouches/{vouch}/withdraw",
            api::vouch::withdraw,
        )
}

/// The routes of the API to interviews and acquaintances.
fn meeting_routes() -> Routes {
    let (read, write, decide) = (Scope::JoiningRead, Scope::JoiningWrite, Scope::JoiningDecide);
    Routes::new()
        .api_get::<RunInterviews, _, _>(read, "/api/v1/groups/{group}/interviews", api::interview::slots)
        .api_post::<RunInterviews, _, _>(decide, "/api/v1/groups/{group}/interviews", api::interview::offer)
        .api_put::<RunInterviews, _, _>(
            decide,
            "/api/v1/groups/{group}/interviews/{slot}",
            api::interview::move_slot,
        )
        .api_post::<RunInterviews, _, _>(
            decide,
            "/api/v1/groups/{group}/interviews/{slot}/cancel",
            api::interview::cancel_slot,
        )
        .api_get::<ReadApplication, _, _>(
            read,
            "/api/v1/applications/{application}/slots",
            api::interview::free,
        )
        .api_put::<UseApplication, _, _>(
            write,
            "/api/v1/applications/{application}/interview",
            api::interview::take,
        )
        .api_delete::<UseApplication, _, _>(
            write,
            "/api/v1/applications/{application}/interview",
            api::interview::leave,
        )
        .api_post::<UseApplication, _, _>(
            write,
            "/api/v1/applications/{application}/interview/want",
            api::interview::want,
        )
        .api_post::<NoteInterview, _, _>(
            decide,
            "/api/v1/applications/{application}/interview/note",
            api::interview::note,
        )
        .api_post::<BringTogether, _, _>(
            decide,
            "/api/v1/applications/{application}/acquaintances",
            api::acquaintance::bring,
        )
        .api_post::<BringTogether, _, _>(
            decide,
            "/api/v1/applications/{application}/acquaintances/{acquaintance}/cancel",
            api::acquaintance::cancel,
        )
        .api_get::<UseAccount, _, _>(read, "/api/v1/acquaintances", api::acquaintance::asked)
        .api_get::<GetToKnow, _, _>(read, "/api/v1/acquaintances/{acquaintance}", api::acquaintance::one)
        .api_post::<GetToKnow, _, _>(
            decide,
            "/api/v1/acquaintances/{acquaintance}/agree",
            api::acquaintance::agree,
        )
        .api_post::<GetToKnow, _, _>(
            decide,
            "/api/v1/acquaintances/{acquaintance}/decline",
            api::acquaintance::decline,
        )
        .api_post::<GetToKnow, _, _>(
            decide,
            "/api/v1/acquaintances/{acquaintance}/meet",
            api::acquaintance::meet,
        )
        .api_post::<GetToKnow, _, _>(
            decide,
            "/api/v1/acquaintances/{acquaintance}/undo",
            api::acquaintance::undo,
        )
}

/// What the group's page shows of joining: the path, and one's own latest application.
pub struct Panel {
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// The latest application of the one who asks.
    pub own: Option<model::Own>,
}

/// What the group's page shows of joining: one statement.
///
/// # Errors
/// The database's error.
pub fn panel(tx: &mut Tx<'_>, group: GroupId, person: Option<PersonId>) -> Result<Panel, DbError> {
    let rows: Vec<model::PanelRow> = tx.all(&queries::PANEL, &params![group, person])?;
    let own = rows.first().and_then(|row| row.1.clone());
    Ok(Panel { steps: rows.into_iter().map(|row| row.0).collect(), own })
}

/// The applications of the wards of a guardian, first those that wait for them: one statement.
///
/// # Errors
/// The database's error.
pub fn of_wards(tx: &mut Tx<'_>, guardian: PersonId) -> Result<Vec<model::consent::OfWard>, DbError> {
    actions::consent::of_wards(tx, guardian)
}

/// How many applications wait for the coordinators of these groups, by group.
///
/// # Errors
/// The database's error.
pub fn waiting(tx: &mut Tx<'_>, groups: &[GroupId], now: Millis) -> Result<Vec<model::Waiting>, DbError> {
    tx.all_in(&queries::WAITING, &params![now], groups)
}

/// The applications of a person that are under way, newest first.
///
/// # Errors
/// The database's error.
pub fn open_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Application>, DbError> {
    let mut all: Vec<Application> = tx.all(&queries::MINE, &params![person])?;
    all.retain(|application| application.state.open());
    Ok(all)
}

/// What those who decide know of an applicant, as far as the applicant's groups see it: the profile, and whether a vouch
/// comes from another workplace, where the path asks for that.
pub(in crate::joining) fn known_of(
    tx: &mut Tx<'_>,
    application: &Application,
    (path, vouches): (&Path, &[model::vouch::Vouch]),
    lang: crate::shell::Lang,
) -> Result<(Option<crate::people::profile::ProfileView>, Option<bool>), DbError> {
    if !rules::shows_profile(application.state) {
        return Ok((None, None));
    }
    let person = application.person_id;
    let profile = crate::people::applied_with(tx, &[person], lang)?.remove(&person);
    let workplace = profile.as_ref().and_then(|profile| profile.workplace.as_deref());
    let elsewhere = rules::vouch::from_elsewhere(path, workplace, vouches);
    Ok((profile, elsewhere))
}

/// How many requests to vouch wait for the answer of this person.
///
/// # Errors
/// The database's error.
pub fn vouches_due(tx: &mut Tx<'_>, person: PersonId, now: Millis) -> Result<usize, DbError> {
    let asked: Vec<model::vouch::AskedOf> = tx.all(&queries::vouch::ASKED_OF, &params![person])?;
    Ok(asked
        .iter()
        .filter(|asked| asked.state == model::vouch::VouchState::Asked && asked.ends_at > now)
        .count())
}

/// Begins, sends and signs in a person's name: the demonstration's applications walk the same path as all.
pub(crate) mod on_behalf {
    use super::{
        Application, Path, actions,
        model::{Answers, StepKind},
        queries,
    };
    use crate::{
        groups,
        shell::{AppError, Work},
    };
    use mapalus_core::{
        ApplicationId, GroupId, PersonId, Standing,
        access::{Apply, UseApplication},
    };
    use mapalus_db::params;

    /// Begins an application.
    pub(crate) fn begin(
        work: &mut Work<'_, '_>,
        group: GroupId,
        person: PersonId,
    ) -> Result<ApplicationId, AppError> {
        let group = groups::for_person(work.tx, group, person)?;
        let standing =
            Standing { person: Some(person), group: Some(group.standing()), ..Standing::default() };
        actions::begin(work, &standing.permit::<Apply>()?, &group)
    }

    fn own(
        work: &mut Work<'_, '_>,
        id: ApplicationId,
        person: PersonId,
    ) -> Result<(Application, Path, Standing), AppError> {
        let application: Application = work.tx.one(&queries::APPLICATION, &params![id, true])?;
        let path = queries::walk(work.tx, &application)?;
        Ok((application, path, Standing { person: Some(person), owner: true, ..Standing::default() }))
    }

    /// Sends its form.
    pub(crate) fn send(
        work: &mut Work<'_, '_>,
        id: ApplicationId,
        person: PersonId,
        answers: &Answers,
    ) -> Result<(), AppError> {
        let (application, path, standing) = own(work, id, person)?;
        let known = |key: &String| path.questions.iter().any(|question| &question.key == key);
        let answers =
            answers.iter().filter(|(key, _)| known(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let given = actions::Given { step: None, answers };
        actions::send(work, &standing.permit::<UseApplication>()?, &application, &path, &given).map(drop)
    }

    /// Accepts its agreement, if that is next.
    pub(crate) fn agree(
        work: &mut Work<'_, '_>,
        id: ApplicationId,
        person: PersonId,
    ) -> Result<(), AppError> {
        let (application, path, standing) = own(work, id, person)?;
        if path.open(&application).all(|step| step.kind != StepKind::Agreement) {
            return Ok(());
        }
        actions::agree(work, &standing.permit::<UseApplication>()?, &application, &path, None).map(drop)
    }
}

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
pub async fn sweep(app: &crate::shell::App) -> Result<(), DbError> {
    actions::screening::sweep(app).await?;
    actions::interview::sweep(app).await?;
    loop {
        let now = app.clock.now();
        let old: Vec<(ApplicationId, mapalus_core::StepId, String)> = app
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
pub async fn sweep_files(app: &crate::shell::App) -> Result<(), DbError> {
    actions::file::sweep(app).await
}

/// Takes the drafts of a group to a path that stands.
///
/// # Errors
/// The database's error.
pub(crate) fn carry(work: &mut Work<'_, '_>, group: GroupId, path: PathId) -> Result<(), DbError> {
    actions::path::carry(work, group, path)
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
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId) -> Result<serde_json::Value, DbError> {
    use crate::shell::text::machine;
    let vouches: Vec<model::vouch::AskedOf> = tx.all(&queries::vouch::ASKED_OF, &params![person])?;
    let vouches: Vec<_> = vouches.into_iter().map(model::vouch::AskedView::from).collect();
    let answers: Vec<model::OwnAnswer> = tx.all(&queries::ANSWERS_OF, &params![person])?;
    let applications: Vec<model::OwnApplication> = tx.all(&queries::ALL_OF, &params![person])?;
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

/// The steps of a path, for samples of other slices.
pub fn sample_steps() -> Vec<Step> {
    pages::sample_steps()
}

/// The answers that the one who asks may see. Applicants see all of theirs; reviewers those of steps that
/// were sent, and without every permission not those that only coordinators see.
fn keep_seen(standing: &Standing, path: &Path, answers: &mut Vec<model::Answer>) {
    let coordinator = standing.group.is_some_and(|group| group.permissions == Permissions::all());
    let sent = |answer: &model::Answer| path.behind(answer.step_id).is_some();
    let shown = |answer: &model::Answer| sent(answer) && (coordinator || !path.is_for_coordinators(answer));
    answers.retain(|answer| standing.owner || shown(answer));
}

/// The step that a form or a call names; none if it names none.
pub(in crate::joining) fn wanted(step: &str) -> Result<Option<mapalus_core::StepId>, Refusal> {
    if step.is_empty() {
        return Ok(None);
    }
    let unknown = || Refusal::new(mapalus_core::RefusalKind::Conflict, "joining-not-this-step");
    step.parse().map(Some).map_err(|_| unknown())
}

/// An application with its path and what of it is behind, and how the one who asks stands to it.
fn load(tx: &mut Tx<'_>, cx: &Cx, text: &str) -> Result<(Application, Path, Standing), AppError> {
    // It may be the stranger's own; one that never was is answered alike.
    if cx.person().is_none() {
        return Err(Denied::SignIn.into());
    }
    let id: ApplicationId = text.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![id, false])?;
    let application = found.ok_or_else(Refusal::not_found)?;
    let group = crate::groups::standing_of(tx, application.group_id, cx.person())?;
    let owner = cx.person() == Some(application.person_id);
    let standing = Standing { owner, group, ..cx.standing() };
    let path = queries::walk(tx, &application)?;
    Ok((application, path, standing))
}
