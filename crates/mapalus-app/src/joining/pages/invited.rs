//! The page behind a link that a member handed on: who invites, what joining takes, and one button. For one without an
//! account the form that makes one stands on it. A GET shows; only the buttons change something.

use super::sample_steps;
use crate::{
    groups::{
        self, Group,
        actions::links,
        model::{INVITE_LINK, InviteLink, Spared},
    },
    joining::{self, Step, actions::invited, rules},
    people,
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    LinkId, MembershipState, Millis, Refusal,
    access::{Enter, UseAccount},
};
use mapalus_db::Tx;

/// Who invites, to what.
#[derive(Template)]
#[template(path = "joining/templates/invited.html")]
pub struct InvitedPage {
    f: Frame,
    form: FormState,
    name: String,
    summary: String,
    group_lang: Lang,
    /// Path of the group's page, if one may see it.
    group_path: Option<String>,
    maker: String,
    ends_at: Millis,
    steps: Vec<Step>,
    spares: Vec<Spared>,
    /// Why one cannot come by it.
    over: Option<&'static str>,
    member: bool,
    ages: Vec<Choice>,
    years: Vec<Choice>,
    /// Path of this page.
    path: String,
}

impl InvitedPage {
    fn spared(&self, step: &Step) -> bool {
        rules::is_spared(step.kind, &self.spares, &self.steps)
    }

    /// Samples for the test that renders every page: a stranger's, a person's, a member's, one that is used up.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |signed_in, over, member| {
            let f = Frame::sample(lang, "Invited", signed_in);
            Self {
                ages: people::pages::enter::ages(&f),
                years: people::pages::enter::years(&f),
                f,
                form: FormState::new(),
                name: "Relawan Siaga Bencana".to_owned(),
                summary: "Warga yang siap membantu.".to_owned(),
                group_lang: Lang::Id,
                group_path: Some("/groups/relawan".to_owned()),
                maker: "Stenly Wowor".to_owned(),
                ends_at: Millis(1_790_000_000_000),
                steps: sample_steps(),
                spares: vec![Spared::Decision],
                over,
                member,
                path: "/invite/x".to_owned(),
            }
        };
        vec![
            page(false, None, false),
            page(true, None, false),
            page(true, None, true),
            page(false, Some("groups-link-used-up"), false),
        ]
    }
}

pub(in crate::joining) fn opened(cx: &Cx, link: &str) -> Option<LinkId> {
    cx.app.key.open_link(INVITE_LINK, link)
}

/// A link with its group as the one who asks stands to it, the steps of its path, and what it spares or why it does not
/// hold.
pub(in crate::joining) struct Invited {
    pub link: InviteLink,
    pub group: Group,
    pub steps: Vec<Step>,
    pub holds: Result<Vec<Spared>, Refusal>,
}

pub(in crate::joining) fn load(tx: &mut Tx<'_>, cx: &Cx, link: Option<LinkId>) -> Result<Invited, AppError> {
    let link = links::find(tx, link)?;
    let (group, _) = groups::standing(tx, cx, &link.group_id.to_string())?;
    let steps = joining::panel(tx, cx, group.id, cx.person())?.steps;
    let holds = links::holds(tx, &link, cx.now)?;
    Ok(Invited { link, group, steps, holds })
}

async fn show(cx: &Cx, link: &str, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let id = opened(cx, link);
    let invited = cx.read("joining::invited", move |tx, cx| load(tx, cx, id)).await?;
    let Invited { link: row, group, steps, holds } = invited;
    let f = cx.frame(cx.text("joining-invited-title"));
    let (spares, over) = match holds {
        Ok(_) if steps.is_empty() => (Vec::new(), Some("joining-no-path")),
        Ok(spares) => (spares, None),
        Err(refusal) => (Vec::new(), Some(refusal.key)),
    };
    let status = if over.is_some() && status == StatusCode::OK { StatusCode::GONE } else { status };
    // Whoever has the link of a private group reads its name; one that holds no more tells nothing of it.
    let hidden = group.is_private() && group.membership.is_none();
    let told = over.is_none() || !hidden;
    let member = matches!(group.membership, Some(MembershipState::Active | MembershipState::Accepted));
    let page = InvitedPage {
        ages: people::pages::enter::ages(&f),
        years: people::pages::enter::years(&f),
        f,
        form,
        group_path: (!hidden).then(|| group.path()),
        name: if told { group.name } else { String::new() },
        summary: if told { group.summary } else { String::new() },
        group_lang: group.lang,
        maker: row.maker,
        ends_at: row.ends_at,
        steps,
        spares,
        over,
        member,
        path: format!("/{INVITE_LINK}/{link}"),
    };
    cx.html_with(status, &page)
}

/// `GET /invite/{link}`
pub async fn invited(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    show(&cx, &link, StatusCode::OK, FormState::new()).await
}

/// `POST /invite/{link}`
pub async fn come(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match come_by(&cx, &link).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, &link, status, form).await
        }
    }
}

pub(in crate::joining) async fn come_by(cx: &Cx, link: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let id = opened(cx, link);
    cx.write("joining::come", move |work, cx| {
        let link = links::find(work.tx, id)?;
        let application = invited::come(work, &permit, &cx.standing(), &link)?;
        Ok(Place::at(format!("/applications/{application}")))
    })
    .await
}
