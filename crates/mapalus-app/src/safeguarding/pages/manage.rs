//! Which ages the group takes, who is appointed, and what waits for a second person.

use super::{SAMPLE_AT, sample_person, sample_proposal};
use crate::{
    groups::{self, Group, Member},
    people::guardian::Ages,
    safeguarding::{
        actions,
        model::{AgesInput, Proposal, ProposalInput, ProposalKind, Safeguard},
        rules,
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Id, PersonId,
    access::{ChangeGroup, ConfirmSafeguard, ProposeSafeguard, SeeSafeguarding},
    chance::Counted,
};
use serde::Deserialize;

/// Ages, safeguarding people, proposals.
#[derive(Template)]
#[template(path = "safeguarding/templates/manage.html")]
pub struct SafeguardingPage {
    f: Frame,
    form: FormState,
    proposing: FormState,
    name: String,
    path: String,
    group_lang: Lang,
    ages: Vec<Choice>,
    appointed: Vec<Safeguard>,
    proposals: Vec<Proposal>,
    /// Days after which a proposal lapses.
    lapse_days: i64,
    /// Who runs the group and is not appointed, but the one who looks.
    candidates: Vec<Choice>,
    /// Whether one may set the ages.
    sets: bool,
    /// Whether one may propose and confirm.
    proposes: bool,
    own: Option<PersonId>,
}

impl SafeguardingPage {
    /// Whether somebody else must confirm this one.
    fn confirms(&self, of: &Proposal) -> bool {
        self.proposes && self.own.is_some_and(|own| own != of.proposed_by && own != of.person_id)
    }

    fn cancels(&self, of: &Proposal) -> bool {
        self.proposes && self.own.is_some_and(|own| rules::may_cancel(of, own).is_ok())
    }

    /// Whether one may propose to dismiss them.
    fn dismisses(&self, one: &Safeguard) -> bool {
        self.proposes && self.own != Some(one.person_id)
    }

    /// Samples for the test that renders every page: nobody appointed, somebody.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |appointed, proposals| {
            let f = Frame::sample(lang, "Safeguarding", true);
            Self {
                form: FormState::new().filled("youngest", "older").filled("version", "1"),
                proposing: FormState::new(),
                name: "Relawan Siaga".to_owned(),
                path: "/groups/relawan".to_owned(),
                group_lang: Lang::Id,
                ages: ages(&f),
                f,
                appointed,
                proposals,
                lapse_days: rules::PROPOSED_DAYS,
                candidates: vec![Choice::new("x", "Stenly Wowor")],
                sets: true,
                proposes: true,
                own: Some(PersonId::new(SAMPLE_AT, &Counted::default())),
            }
        };
        let proposals = vec![sample_proposal(ProposalKind::Appoint), sample_proposal(ProposalKind::Dismiss)];
        vec![page(Vec::new(), Vec::new()), page(vec![sample_person()], proposals)]
    }
}

fn ages(f: &Frame) -> Vec<Choice> {
    let choice = |ages: &Ages| {
        Choice::new(ages.word(), f.word("safeguarding-takes", ages))
            .noting(f.word("safeguarding-takes-note", ages))
    };
    Ages::ALL.iter().map(choice).collect()
}

/// A group, who is appointed in it, and what is proposed; who runs it, for those who may propose.
pub(in crate::safeguarding) struct Loaded {
    pub group: Group,
    pub appointed: Vec<Safeguard>,
    pub proposals: Vec<Proposal>,
    run_by: Vec<Member>,
    sets: bool,
    proposes: bool,
}

pub(in crate::safeguarding) async fn load(cx: &Cx, group: String) -> Result<Loaded, AppError> {
    cx.read("safeguarding::show", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<SeeSafeguarding>()?;
        let sets = standing.permit::<ChangeGroup>().is_ok();
        let proposes = standing.permit::<ProposeSafeguard>().is_ok();
        let (appointed, proposals) = (actions::safeguards(tx, group.id)?, actions::proposals(tx, group.id)?);
        let run_by = groups::coordinators(tx, group.id)?;
        Ok(Loaded { group, appointed, proposals, run_by, sets, proposes })
    })
    .await
}

async fn render(
    cx: &Cx,
    group: String,
    status: StatusCode,
    (form, proposing): (Option<FormState>, FormState),
) -> Result<Response, AppError> {
    let Loaded { group, appointed, proposals, run_by, sets, proposes } = load(cx, group).await?;
    let f = cx.frame(cx.text("safeguarding-title"));
    let now = || {
        FormState::new()
            .filled("youngest", group.youngest.word())
            .filled("vulnerable", if group.vulnerable { "yes" } else { "" })
    };
    let form = form.unwrap_or_else(now).without("version").filled("version", group.version.to_string());
    let own = cx.person();
    let free = |member: &&Member| {
        own != Some(member.person_id) && appointed.iter().all(|one| one.person_id != member.person_id)
    };
    let choice = |member: &Member| Choice::new(member.person_id.to_string(), member.name.clone());
    let page = SafeguardingPage {
        ages: ages(&f),
        candidates: run_by.iter().filter(free).map(choice).collect(),
        f,
        form,
        proposing,
        path: group.path(),
        group_lang: group.lang,
        name: group.name,
        appointed,
        proposals,
        lapse_days: rules::PROPOSED_DAYS,
        sets,
        proposes,
        own,
    };
    cx.html_with(status, &page)
}

/// `GET /groups/{group}/safeguarding`
pub async fn show(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    render(&cx, group, StatusCode::OK, (None, FormState::new())).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgesForm {
    #[serde(default)]
    youngest: String,
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    vulnerable: bool,
    version: i64,
}

/// `POST /groups/{group}/safeguarding/ages`
pub async fn set_ages(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let AgesForm { youngest, vulnerable, version } = posted.input()?;
    match set_ages_of(&posted.cx, group.clone(), AgesInput { youngest, vulnerable }, Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            render(&posted.cx, group, status, (Some(form), FormState::new())).await
        }
    }
}

pub(in crate::safeguarding) async fn set_ages_of(
    cx: &Cx,
    group: String,
    input: AgesInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("safeguarding::set_ages", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangeGroup>()?;
        actions::set_ages(work, &permit, (&group, seen), &input)?;
        Ok(Place::at(format!("{}/safeguarding", group.path())).telling("safeguarding-done-ages"))
    })
    .await
}

/// `POST /groups/{group}/safeguarding/propose`
pub async fn propose(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: ProposalInput = posted.input()?;
    match propose_in(&posted.cx, group.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            render(&posted.cx, group, status, (None, form)).await
        }
    }
}

pub(in crate::safeguarding) async fn propose_in(
    cx: &Cx,
    group: String,
    input: ProposalInput,
) -> Result<Place, AppError> {
    cx.write("safeguarding::propose", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ProposeSafeguard>()?;
        let id = actions::propose(work, &permit, group.id, &input)?;
        let page = format!("{}/safeguarding", group.path());
        let undo = format!("{page}/{id}/cancel");
        Ok(Place::at(page).telling("safeguarding-done-proposed").undoable(undo))
    })
    .await
}

pub(in crate::safeguarding) async fn cancel_in(
    cx: &Cx,
    (group, proposal): (String, String),
) -> Result<Place, AppError> {
    cx.write("safeguarding::cancel", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ProposeSafeguard>()?;
        let of = actions::proposal(work.tx, &proposal, Some(group.id))?;
        actions::cancel(work, &permit, &of)?;
        Ok(Place::at(format!("{}/safeguarding", group.path())).telling("safeguarding-done-cancelled"))
    })
    .await
}

/// `POST /groups/{group}/safeguarding/{proposal}/cancel`
pub async fn cancel(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let place = cancel_in(&posted.cx, ids).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::safeguarding) async fn confirm_in(
    cx: &Cx,
    (group, proposal): (String, String),
) -> Result<Place, AppError> {
    cx.write("safeguarding::confirm", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ConfirmSafeguard>()?;
        let of = actions::proposal(work.tx, &proposal, Some(group.id))?;
        actions::confirm(work, &permit, &group, &of)?;
        Ok(Place::at(format!("{}/safeguarding", group.path())).telling("safeguarding-done-confirmed"))
    })
    .await
}

/// `POST /groups/{group}/safeguarding/{proposal}/confirm`
pub async fn confirm(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let group = ids.0.clone();
    match confirm_in(&posted.cx, ids).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            render(&posted.cx, group, status, (None, form)).await
        }
    }
}
