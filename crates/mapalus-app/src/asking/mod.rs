//! Asking: people write to a group before they join it, and the group answers.
//!
//! Words: a *question* is all that is said between one who asks and a group; it waits (*open*), is *answered* or
//! *closed*. Who has no account gets a mailed link that sends the question, once, and then one that continues it. The
//! group's *inbox* is shared by those who may answer; a question is *given to* one of them.
//! Owns: `asks`, `ask_words`, `ask_replies`, `ask_blocks`, `ask_reports`. Emits: `AskBegun`, `AskSent`,
//! `AskContinued`, `AskAnswered`, `AskAssigned`, `AskEnded`, `AskReported`, `AskForgotten`.

pub(crate) mod actions;
pub(crate) mod api;
pub mod model;
pub mod notice;
pub(crate) mod on_behalf;
pub mod pages;
mod queries;
pub mod rules;

pub(crate) use actions::settle_ended;
pub use actions::sweep;
pub use pages::{
    ask::{AskPage, SentPage},
    frequent::FrequentPage,
    guard::{BlockedPage, ReportPage, ReportsPage},
    inbox::{InboxPage, MinePage},
    mailed::ConfirmPage,
    replies::RepliesPage,
    thread::ThreadPage,
};
pub use queries::STATEMENTS;

use crate::shell::{AppError, Cx, Routes, Work, text::machine};
use mapalus_core::{
    AskId, ByToken, Denied, GroupId, LinkId, Millis, PersonId, Refusal, Scope, Standing,
    access::{
        AnswerQuestion, AskGroup, Enter, OperateInstance, ReadQuestion, RunQuestions, UseAccount, UseQuestion,
    },
    time::DAY,
};
use mapalus_db::{DbError, Tx, params};

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get::<AskGroup, _, _>("/groups/{group}/ask", pages::ask::form)
        .post::<AskGroup, _, _>("/groups/{group}/ask", pages::ask::post)
        .get::<AskGroup, _, _>("/groups/{group}/ask/sent", pages::ask::sent)
        .get::<Enter, _, _>("/ask/{link}", pages::mailed::confirm)
        .post::<Enter, _, _>("/ask/{link}", pages::mailed::confirm_post)
        .get::<Enter, _, _>("/asked/{link}", pages::mailed::thread)
        .post::<Enter, _, _>("/asked/{link}/words", pages::mailed::more)
        .get::<UseAccount, _, _>("/questions", pages::inbox::mine)
        .get::<ReadQuestion, _, _>("/questions/{ask}", pages::thread::thread)
        .post::<UseQuestion, _, _>("/questions/{ask}/words", pages::thread::more)
        .post::<AnswerQuestion, _, _>("/questions/{ask}/undo", pages::thread::undo)
        .post::<AnswerQuestion, _, _>("/questions/{ask}/answer", pages::thread::answer)
        .post::<AnswerQuestion, _, _>("/questions/{ask}/assign", pages::thread::assign)
        .post::<AnswerQuestion, _, _>("/questions/{ask}/close", pages::thread::close)
        .post::<AnswerQuestion, _, _>("/questions/{ask}/reopen", pages::thread::reopen)
        .get::<RunQuestions, _, _>("/groups/{group}/questions", pages::inbox::inbox)
        .get::<RunQuestions, _, _>("/groups/{group}/replies", pages::replies::list)
        .post::<RunQuestions, _, _>("/groups/{group}/replies", pages::replies::add)
        .get::<RunQuestions, _, _>("/groups/{group}/replies/{reply}", pages::replies::one)
        .post::<RunQuestions, _, _>("/groups/{group}/replies/{reply}", pages::replies::change)
        .post::<RunQuestions, _, _>("/groups/{group}/replies/{reply}/remove", pages::replies::remove)
        .post::<AnswerQuestion, _, _>("/questions/{ask}/words/{word}/keep", pages::replies::keep)
        .get::<AnswerQuestion, _, _>("/questions/{ask}/words/{word}/frequent", pages::frequent::form)
        .post::<AnswerQuestion, _, _>("/questions/{ask}/words/{word}/frequent", pages::frequent::make)
        .post::<AnswerQuestion, _, _>("/questions/{ask}/block", pages::guard::block)
        .post::<ReadQuestion, _, _>("/questions/{ask}/report", pages::guard::report)
        .get::<RunQuestions, _, _>("/groups/{group}/blocked", pages::guard::blocked)
        .post::<RunQuestions, _, _>("/groups/{group}/blocked/{block}/remove", pages::guard::unblock)
        .get::<OperateInstance, _, _>("/admin/reports", pages::guard::reports)
        .get::<OperateInstance, _, _>("/admin/reports/{report}", pages::guard::one_report)
        .post::<OperateInstance, _, _>("/admin/reports/{report}/settle", pages::guard::settle)
        .and(api_routes())
        .and(api_of_groups())
}

fn api_routes() -> Routes {
    let (read, write, answer) = (Scope::AskingRead, Scope::AskingWrite, Scope::AskingAnswer);
    Routes::new()
        .api_post::<AskGroup, _, _>(write, "/api/v1/groups/{group}/questions", api::ask)
        .api_get::<RunQuestions, _, _>(read, "/api/v1/groups/{group}/questions", api::inbox)
        .api_get::<UseAccount, _, _>(read, "/api/v1/questions", api::mine)
        .api_get::<ReadQuestion, _, _>(read, "/api/v1/questions/{ask}", api::one)
        .api_post::<UseQuestion, _, _>(write, "/api/v1/questions/{ask}/words", api::more)
        .api_post::<AnswerQuestion, _, _>(answer, "/api/v1/questions/{ask}/undo", api::undo)
        .api_post::<AnswerQuestion, _, _>(answer, "/api/v1/questions/{ask}/answers", api::answer)
        .api_put::<AnswerQuestion, _, _>(answer, "/api/v1/questions/{ask}/assigned", api::assign)
        .api_post::<AnswerQuestion, _, _>(answer, "/api/v1/questions/{ask}/close", api::close)
        .api_post::<AnswerQuestion, _, _>(answer, "/api/v1/questions/{ask}/reopen", api::reopen)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/ask/{link}", api::mailed::confirm)
        .api_get::<Enter, _, _>(ByToken::Never, "/api/v1/asked/{link}", api::mailed::one)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/asked/{link}/words", api::mailed::more)
}

fn api_of_groups() -> Routes {
    let (read, write, answer) = (Scope::AskingRead, Scope::AskingWrite, Scope::AskingAnswer);
    let (replies, reply) = ("/api/v1/groups/{group}/replies", "/api/v1/groups/{group}/replies/{reply}");
    let (keep, frequent) =
        ("/api/v1/questions/{ask}/words/{word}/keep", "/api/v1/questions/{ask}/words/{word}/frequent");
    let unblock = "/api/v1/groups/{group}/blocked/{block}";
    Routes::new()
        .api_get::<RunQuestions, _, _>(read, replies, api::replies::list)
        .api_post::<RunQuestions, _, _>(answer, replies, api::replies::add)
        .api_put::<RunQuestions, _, _>(answer, reply, api::replies::change)
        .api_delete::<RunQuestions, _, _>(answer, reply, api::replies::remove)
        .api_post::<AnswerQuestion, _, _>(answer, keep, api::replies::keep)
        .api_post::<AnswerQuestion, _, _>(answer, frequent, api::replies::frequent)
        .api_post::<AnswerQuestion, _, _>(answer, "/api/v1/questions/{ask}/block", api::guard::block)
        .api_post::<ReadQuestion, _, _>(write, "/api/v1/questions/{ask}/report", api::guard::report)
        .api_get::<RunQuestions, _, _>(read, "/api/v1/groups/{group}/blocked", api::guard::blocked)
        .api_delete::<RunQuestions, _, _>(answer, unblock, api::guard::unblock)
        .api_get::<OperateInstance, _, _>(ByToken::Never, "/api/v1/reports", api::guard::reports)
        .api_get::<OperateInstance, _, _>(ByToken::Never, "/api/v1/reports/{report}", api::guard::one_report)
        .api_post::<OperateInstance, _, _>(
            ByToken::Never,
            "/api/v1/reports/{report}/settle",
            api::guard::settle,
        )
}

/// How long a group usually takes to answer, in milliseconds: the middle of its answers in the last 90 days.
///
/// # Errors
/// The database's error.
pub fn usual_time(tx: &mut Tx<'_>, group: GroupId, now: Millis) -> Result<Option<i64>, DbError> {
    let since = now.plus(-rules::USUAL_DAYS * DAY);
    let times: Vec<(i64,)> = tx.all(&queries::ANSWER_TIMES, &params![group, since])?;
    Ok(rules::usual(times.into_iter().map(|(time,)| time).collect()))
}

/// How many questions wait in these groups, by group.
///
/// # Errors
/// The database's error.
pub fn waiting(tx: &mut Tx<'_>, groups: &[GroupId]) -> Result<Vec<model::Waiting>, DbError> {
    tx.all_in(&queries::WAITING, &[], groups)
}

/// A question with how the one who asks for it stands to it.
fn load(tx: &mut Tx<'_>, cx: &Cx, text: &str) -> Result<(model::Thread, Standing), AppError> {
    // It may be the stranger's own; one that never was is answered alike.
    if cx.person().is_none() {
        return Err(Denied::SignIn.into());
    }
    let id: AskId = text.parse().map_err(|_| Refusal::not_found())?;
    let thread = queries::thread(tx, id)?.filter(|thread| thread.state != model::State::Unconfirmed);
    let thread = thread.ok_or_else(Refusal::not_found)?;
    let group = crate::groups::standing_of(tx, thread.group_id, cx.person())?;
    let owner = thread.person_id.is_some() && thread.person_id == cx.person();
    let standing = Standing { owner, group, ..cx.standing() };
    Ok((thread, standing))
}

/// The question of a mailed link, if this instance made it for this purpose.
fn by_link(tx: &mut Tx<'_>, cx: &Cx, purpose: &str, text: &str) -> Result<model::Thread, AppError> {
    let link: LinkId = cx.app.key.open_link(purpose, text).ok_or_else(Refusal::not_found)?;
    let id: Option<(AskId,)> = tx.optional(&queries::BY_LINK, &params![link])?;
    let thread = match id {
        Some((id,)) => queries::thread(tx, id)?,
        None => None,
    };
    Ok(thread.ok_or_else(|| Refusal::new(mapalus_core::RefusalKind::Gone, "asking-link-over"))?)
}

/// Forgets a person who was erased: what they said goes, what they were given is nobody's.
///
/// # Errors
/// The database's error.
pub fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_WORDS, &params![person])?;
    work.tx.execute(&queries::FORGET_SUBJECTS, &params![person])?;
    work.tx.execute(&queries::UNASSIGN, &params![person])?;
    work.tx.execute(&queries::FORGET_REPORTS, &params![person])?;
    work.tx.execute(&queries::FORGET_BLOCKS, &params![person])?;
    Ok(())
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId) -> Result<serde_json::Value, DbError> {
    let said: Vec<model::Said> = tx.all(&queries::SAID, &params![person])?;
    let said = said.iter().map(|said| {
        serde_json::json!({
            "question": said.ask_id.to_string(),
            "group": said.group_name,
            "as": said.side,
            "text": said.text,
            "made_at": machine(said.made_at),
        })
    });
    let reported: Vec<model::Reported> = tx.all(&queries::REPORTED, &params![person])?;
    let reported = reported.iter().map(|report| {
        serde_json::json!({
            "question": report.ask_id.to_string(),
            "reason": report.reason,
            "made_at": machine(report.made_at),
        })
    });
    Ok(serde_json::json!({ "said": said.collect::<Vec<_>>(), "reported": reported.collect::<Vec<_>>() }))
}
