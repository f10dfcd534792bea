//! The start page: for strangers what this is, for members what is next.

use super::{directory::wanted::Wanted, sample_card};
use crate::{
    groups::{self, Card, GroupKind},
    joining::{self, Application},
    shell::{AppError, Cx, Frame, Lang},
};
use askama::Template;
use axum::response::Response;
use mapalus_core::{MembershipState, access::SeePublic};

/// The start page.
#[derive(Template)]
#[template(path = "home/templates/start.html")]
pub struct StartPage {
    f: Frame,
    own: Vec<Card>,
    open: Vec<Application>,
    some: Vec<Card>,
    /// The cards of this page say nothing of a search.
    none: Vec<String>,
}

impl StartPage {
    /// Samples for the test that renders every page: a stranger's, a newcomer's, a member's.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let card = |membership| sample_card(GroupKind::Volunteer, membership);
        let page = |signed_in, own, some| Self {
            f: Frame::sample(lang, "Start", signed_in),
            own,
            open: Vec::new(),
            some,
            none: Vec::new(),
        };
        vec![
            page(false, Vec::new(), vec![card(None)]),
            page(true, Vec::new(), vec![card(None)]),
            page(true, vec![card(Some(MembershipState::Accepted))], Vec::new()),
        ]
    }
}

/// `GET /`
pub async fn start(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let (own, open) = cx
        .read("home::start", |tx, cx| {
            let Some(person) = cx.person() else {
                return Ok((Vec::new(), Vec::new()));
            };
            Ok((groups::of_person(tx, person)?, joining::open_of(tx, person)?))
        })
        .await?;
    let mut some = Vec::new();
    if own.is_empty() {
        let found = super::directory::find(&cx, &Wanted::default()).await?;
        some = found.groups.into_iter().take(6).map(|found| found.group).collect();
    }
    let f = cx.frame(cx.text("home-title")).for_everybody(cx.text("home-lead"));
    cx.html(&StartPage { f, own, open, some, none: Vec::new() })
}
