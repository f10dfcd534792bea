//! The desks: the groups one runs, and what waits there.

use super::sample_card;
use crate::{
    groups::{self, Card, GroupKind},
    joining::{self, model::Waiting},
    shell::{AppError, Cx, Frame, Lang},
};
use askama::Template;
use axum::response::Response;
use mapalus_core::access::UseAccount;

/// A group one runs, with what waits there.
pub struct Desk {
    /// The group.
    pub card: Card,
    /// Applications that wait for a decision.
    pub waiting: Option<Waiting>,
}

/// The desks.
#[derive(Template)]
#[template(path = "home/templates/desk.html")]
pub struct DeskPage {
    f: Frame,
    desks: Vec<Desk>,
}

impl DeskPage {
    /// Samples for the test that renders every page: none, and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let card = sample_card(GroupKind::Volunteer, None);
        let waiting = Some(Waiting { group_id: card.id, count: 3, oldest: Some(super::SAMPLE_AT) });
        let page = |desks| Self { f: Frame::sample(lang, "Desk", true), desks };
        vec![page(Vec::new()), page(vec![Desk { card: card.clone(), waiting }, Desk { card, waiting: None }])]
    }
}

/// `GET /desk`
pub async fn desk(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let (cards, waiting) = cx
        .read("home::desk", move |tx, _| {
            let cards = groups::desks(tx, person)?;
            let ids: Vec<_> = cards.iter().map(|card| card.id).collect();
            Ok((cards, joining::waiting(tx, &ids)?))
        })
        .await?;
    let desk = |card: Card| Desk { waiting: waiting.iter().find(|w| w.group_id == card.id).cloned(), card };
    let desks = cards.into_iter().map(desk).collect();
    cx.html(&DeskPage { f: cx.frame(cx.text("home-desk-title")), desks })
}
