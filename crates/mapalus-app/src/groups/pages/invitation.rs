//! The page behind a mailed invitation. A GET shows; only the buttons change something.

use crate::{
    groups::{
        self,
        actions::invite,
        model::{INVITATION_LINK as PURPOSE, InvitedTo},
        queries::changes,
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    GroupId, Id, LinkId, Millis,
    access::{Enter, UseAccount},
    chance::Counted,
};
use mapalus_db::{Tx, params};

/// A mailed invitation.
#[derive(Template)]
#[template(path = "groups/templates/invitation.html")]
pub struct InvitationPage {
    f: Frame,
    form: FormState,
    group: InvitedTo,
    /// Path of this page.
    path: String,
}

impl InvitationPage {
    /// Samples for the test that renders every page: a stranger's, somebody's who is signed in.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let group = || InvitedTo {
            id: GroupId::new(Millis(1_779_000_000_000), &Counted::default()),
            slug: "relawan-siaga-bencana".to_owned(),
            name: "Relawan Siaga Bencana".to_owned(),
            summary: "Warga yang siap membantu.".to_owned(),
            lang: Lang::Id,
        };
        let page = |signed_in| Self {
            f: Frame::sample(lang, "Invitation", signed_in),
            form: FormState::new(),
            group: group(),
            path: "/invitation/x".to_owned(),
        };
        vec![page(false), page(true)]
    }
}

fn opened(cx: &Cx, link: &str) -> Option<LinkId> {
    cx.app.key.open_link(PURPOSE, link)
}

fn group_of(tx: &mut Tx<'_>, cx: &Cx, link: Option<LinkId>) -> Result<InvitedTo, AppError> {
    let invitation = invite::open(tx, link, cx.now)?;
    Ok(tx.one(&changes::INVITED_TO, &params![invitation.group_id])?)
}

async fn show(cx: &Cx, link: &str, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let group = invited_to(cx, link).await?;
    let (f, path) = (cx.frame(cx.text("groups-invitation-title")), format!("/{PURPOSE}/{link}"));
    cx.html_with(status, &InvitationPage { f, form, group, path })
}

/// `GET /invitation/{link}`
pub async fn invitation(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    show(&cx, &link, StatusCode::OK, FormState::new()).await
}

/// `POST /invitation/{link}`
pub async fn take_up(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match take_up_by(&cx, &link).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, &link, status, form).await
        }
    }
}

pub(in crate::groups) async fn take_up_by(cx: &Cx, link: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let id = opened(cx, link);
    cx.write("groups::take_up", move |work, _| {
        let group = invite::take_up(work, &permit, id)?;
        let person = permit.signed_in()?;
        let group = groups::for_person(work.tx, group, person)?;
        Ok(Place::at(group.path()).telling("groups-done-taken-up"))
    })
    .await
}

/// `POST /invitation/{link}/decline`
pub async fn refuse(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = refuse_by(&posted.cx, &link).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::groups) async fn refuse_by(cx: &Cx, link: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let id = opened(cx, link);
    cx.write("groups::refuse", move |work, _| {
        invite::refuse(work, &permit, id)?;
        Ok(Place::at("/").telling("groups-done-declined"))
    })
    .await
}

/// The group to which a mailed link invites.
pub(in crate::groups) async fn invited_to(cx: &Cx, link: &str) -> Result<InvitedTo, AppError> {
    cx.standing().permit::<Enter>()?;
    let id = opened(cx, link);
    cx.read("groups::invitation", move |tx, cx| group_of(tx, cx, id)).await
}
