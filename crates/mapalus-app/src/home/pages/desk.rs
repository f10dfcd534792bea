//! The desks: the groups one runs, and what waits there.

use super::sample_card;
use crate::{
    asking,
    groups::{self, Card, GroupKind},
    joining::{self, model::Waiting},
    shell::{AppError, Cx, Frame, Lang},
};
use askama::Template;
use axum::response::Response;
use mapalus_core::{Millis, Permission, PersonId, access::UseAccount};
use mapalus_db::{DbError, Tx};

/// A group one runs, with what waits there.
pub struct Desk {
    /// The group.
    pub card: Card,
    /// Applications that wait for a decision.
    pub waiting: Option<Waiting>,
    /// Questions that wait; none for one who does not answer them.
    pub questions: Option<i64>,
}

impl Desk {
    /// How many questions wait.
    pub(super) fn asked(&self) -> i64 {
        self.questions.unwrap_or(0)
    }

    /// Whether something waits.
    pub(super) fn waits(&self) -> bool {
        self.waiting.is_some() || self.asked() > 0
    }

    /// One in which so many applications wait.
    pub(super) fn sample(count: i64) -> Self {
        let card = sample_card(GroupKind::Volunteer, None);
        let waiting = Waiting { group_id: card.id, count, oldest: Some(super::SAMPLE_AT) };
        Self { card, waiting: (count > 0).then_some(waiting), questions: (count > 0).then_some(2) }
    }
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
        let page = |desks| Self { f: Frame::sample(lang, "Desk", true), desks };
        vec![page(Vec::new()), page(vec![Desk::sample(3), Desk::sample(0)])]
    }
}

/// The groups this person runs: four statements.
pub(in crate::home) fn desks_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    now: Millis,
) -> Result<Vec<Desk>, DbError> {
    let cards = groups::desks(tx, person)?;
    let ids: Vec<_> = cards.iter().map(|card| card.id).collect();
    let waiting = joining::waiting(tx, &ids, now)?;
    let answers = groups::held_by(tx, person, Permission::Questions)?;
    let asked = asking::waiting(tx, &answers)?;
    let desk = |card: Card| {
        let count = asked.iter().find(|asked| asked.group_id == card.id).map_or(0, |asked| asked.count);
        Desk {
            waiting: waiting.iter().find(|w| w.group_id == card.id).cloned(),
            questions: answers.contains(&card.id).then_some(count),
            card,
        }
    };
    Ok(cards.into_iter().map(desk).collect())
}

/// `GET /desk`
pub async fn desk(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let desks = cx.read("home::desk", move |tx, cx| Ok(desks_of(tx, person, cx.now)?)).await?;
    cx.html(&DeskPage { f: cx.frame(cx.text("home-desk-title")), desks })
}
