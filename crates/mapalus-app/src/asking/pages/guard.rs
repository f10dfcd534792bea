//! Against abuse: block, report; whom a group blocks; what the operator is told.

use super::{sample, thread};
use crate::{
    asking::{
        self,
        actions::guard as actions,
        model::{Block, Report, ReportInput, State, Thread, Word},
        queries,
    },
    groups::{self, Group},
    shell::{AppError, Cx, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{
    BlockId, Id, Refusal, ReportId,
    access::{AnswerQuestion, OperateInstance, ReadQuestion, RunQuestions},
    chance::Counted,
};
use mapalus_db::params;

/// Whose questions a group does not take.
#[derive(Template)]
#[template(path = "asking/templates/blocked.html")]
pub struct BlockedPage {
    f: Frame,
    name: String,
    group_lang: Lang,
    path: String,
    blocks: Vec<Block>,
}

impl BlockedPage {
    /// Samples for the test that renders every page: nobody and somebody.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let block = |name: Option<&str>| Block {
            id: BlockId::new(sample::AT, &Counted::default()),
            name: name.map(str::to_owned),
            made_at: sample::AT,
        };
        let page = |blocks| Self {
            f: Frame::sample(lang, "Blocked", true),
            name: "Relawan Siaga".to_owned(),
            group_lang: Lang::Id,
            path: "/groups/relawan".to_owned(),
            blocks,
        };
        vec![page(Vec::new()), page(vec![block(Some("Suharti")), block(None)])]
    }
}

/// What was reported to the operator.
#[derive(Template)]
#[template(path = "asking/templates/reports.html")]
pub struct ReportsPage {
    f: Frame,
    reports: Vec<Report>,
}

/// A report with the question that it speaks of, and nothing else of the group.
#[derive(Template)]
#[template(path = "asking/templates/report.html")]
pub struct ReportPage {
    f: Frame,
    report: Report,
    thread: Thread,
    words: Vec<Word>,
}

fn sample_report() -> Report {
    Report {
        id: ReportId::new(sample::AT, &Counted::default()),
        ask_id: sample::thread(State::Open, true).id,
        group_name: "Relawan Siaga Bencana Manado".to_owned(),
        reporter: "Stenly Wowor".to_owned(),
        reason: "Mengancam pengurus.".to_owned(),
        made_at: sample::AT,
    }
}

impl ReportsPage {
    /// Samples for the test that renders every page: none and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |reports| Self { f: Frame::sample(lang, "Reports", true), reports };
        vec![page(Vec::new()), page(vec![sample_report()])]
    }
}

impl ReportPage {
    fn speaker(&self, word: &Word) -> String {
        match word.side {
            asking::model::Side::Asker => self.f.person(&self.thread.name),
            asking::model::Side::Group => self.f.person(&word.name),
        }
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let thread = sample::thread(State::Open, true);
        let f = Frame::sample(lang, "Report", true);
        Self { f, report: sample_report(), thread, words: sample::words() }
    }
}

/// `POST /questions/{ask}/block`
pub async fn block(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let done = block_on(&posted.cx, id.clone()).await;
    thread::told(posted, id, done).await
}

pub(in crate::asking) async fn block_on(cx: &Cx, id: String) -> Result<Place, AppError> {
    cx.write("asking::block", move |work, cx| {
        let (thread, standing) = asking::load(work.tx, cx, &id)?;
        let permit = standing.permit::<AnswerQuestion>()?;
        actions::block(work, &permit, &thread)?;
        Ok(Place::at(format!("/groups/{}/blocked", thread.slug)).telling("asking-done-blocked"))
    })
    .await
}

/// `POST /questions/{ask}/report`
pub async fn report(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: ReportInput = posted.input()?;
    let done = report_on(&posted.cx, id.clone(), input.reason).await;
    thread::told(posted, id, done).await
}

pub(in crate::asking) async fn report_on(cx: &Cx, id: String, reason: String) -> Result<Place, AppError> {
    cx.write("asking::report", move |work, cx| {
        let (thread, standing) = asking::load(work.tx, cx, &id)?;
        let permit = standing.permit::<ReadQuestion>()?;
        actions::report(work, &permit, &thread, &reason)?;
        Ok(Place::at(thread.path()).telling("asking-done-reported"))
    })
    .await
}

/// Whose questions a group does not take, the newest first.
pub(in crate::asking) async fn blocks(cx: &Cx, group: String) -> Result<(Group, Vec<Block>), AppError> {
    cx.read("asking::blocked", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<RunQuestions>()?;
        let blocks = tx.all(&queries::BLOCKS, &params![group.id])?;
        Ok((group, blocks))
    })
    .await
}

/// `GET /groups/{group}/blocked`
pub async fn blocked(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, blocks) = blocks(&cx, group).await?;
    let f = cx.frame(cx.text("asking-blocked-title"));
    let (name, group_lang, path) = (group.name.clone(), group.lang, group.path());
    cx.html(&BlockedPage { f, name, group_lang, path, blocks })
}

/// `POST /groups/{group}/blocked/{block}/remove`
pub async fn unblock(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let place = unblock_one(&posted.cx, ids).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::asking) async fn unblock_one(
    cx: &Cx,
    (group, block): (String, String),
) -> Result<Place, AppError> {
    cx.write("asking::unblock", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunQuestions>()?;
        let block: BlockId = block.parse().map_err(|_| Refusal::not_found())?;
        actions::unblock(work, &permit, group.id, block)?;
        Ok(Place::at(format!("{}/blocked", group.path())).telling("asking-done-unblocked"))
    })
    .await
}

/// What was reported and is not settled, oldest first.
pub(in crate::asking) async fn open_reports(cx: &Cx) -> Result<Vec<Report>, AppError> {
    cx.standing().permit::<OperateInstance>()?;
    cx.read("asking::reports", |tx, _| Ok(tx.all(&queries::REPORTS, &[])?)).await
}

/// `GET /admin/reports`
pub async fn reports(cx: Cx) -> Result<Response, AppError> {
    let reports = open_reports(&cx).await?;
    cx.html(&ReportsPage { f: cx.frame(cx.text("asking-reports-title")), reports })
}

/// A report that is not settled, with its question.
pub(in crate::asking) async fn reported(
    cx: &Cx,
    id: String,
) -> Result<(Report, Thread, Vec<Word>), AppError> {
    cx.standing().permit::<OperateInstance>()?;
    cx.read("asking::reported", move |tx, _| {
        let report: Option<Report> = tx.optional(&queries::ONE_REPORT, &params![id])?;
        let report = report.ok_or_else(Refusal::not_found)?;
        let thread = queries::thread(tx, report.ask_id)?.ok_or_else(Refusal::not_found)?;
        let words = queries::words(tx, thread.id)?;
        Ok((report, thread, words))
    })
    .await
}

/// `GET /admin/reports/{report}`
pub async fn one_report(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let (report, thread, words) = reported(&cx, id).await?;
    cx.html(&ReportPage { f: cx.frame(cx.text("asking-reports-title")), report, thread, words })
}

/// `POST /admin/reports/{report}/settle`
pub async fn settle(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = settle_one(&posted.cx, id).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::asking) async fn settle_one(cx: &Cx, id: String) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<OperateInstance>()?;
    let id: ReportId = id.parse().map_err(|_| Refusal::not_found())?;
    cx.write("asking::settle", move |work, _| {
        actions::settle(work, &permit, id)?;
        Ok(Place::at("/admin/reports").telling("asking-done-settled"))
    })
    .await
}
