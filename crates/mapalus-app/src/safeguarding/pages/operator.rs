//! What waits for the operator: proposals of groups in which nobody else could confirm them.

use super::sample_proposal;
use crate::{
    safeguarding::{
        actions,
        model::{Proposal, ProposalKind},
    },
    shell::{AppError, Cx, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::access::ConfirmForGroup;

/// Proposals that wait for the operator.
#[derive(Template)]
#[template(path = "safeguarding/templates/operator.html")]
pub struct ProposalsPage {
    f: Frame,
    proposals: Vec<Proposal>,
}

impl ProposalsPage {
    /// Samples for the test that renders every page: none and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |proposals| Self { f: Frame::sample(lang, "Proposals", true), proposals };
        vec![page(Vec::new()), page(vec![sample_proposal(ProposalKind::Appoint)])]
    }
}

pub(in crate::safeguarding) async fn waiting(cx: &Cx) -> Result<Vec<Proposal>, AppError> {
    cx.standing().permit::<ConfirmForGroup>()?;
    cx.read("safeguarding::for_operators", |tx, _| Ok(actions::for_operators(tx)?)).await
}

/// `GET /admin/safeguarding`
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    let proposals = waiting(&cx).await?;
    cx.html(&ProposalsPage { f: cx.frame(cx.text("safeguarding-operator-title")), proposals })
}

pub(in crate::safeguarding) async fn confirm_by(cx: &Cx, proposal: String) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<ConfirmForGroup>()?;
    cx.write("safeguarding::confirm_for_group", move |work, _| {
        let of = actions::proposal(work.tx, &proposal, None)?;
        actions::confirm_for_group(work, &permit, &of)?;
        Ok(Place::at("/admin/safeguarding").telling("safeguarding-done-confirmed"))
    })
    .await
}

/// `POST /admin/safeguarding/{proposal}/confirm`
pub async fn confirm(Path(proposal): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = confirm_by(&posted.cx, proposal).await?;
    Ok(posted.cx.see(&place))
}
