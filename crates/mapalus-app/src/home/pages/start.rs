//! The start page: for strangers what this is, for members what is next.

use super::{
    desk::Desk,
    directory::{FoundGroup, Why, find, wanted::Wanted},
    sample_card,
};
use crate::{
    groups::{self, Card, GroupKind},
    joining::{self, Application},
    people,
    shell::{AppError, Cx, Frame, Lang},
};
use askama::Template;
use axum::response::Response;
use mapalus_core::{MembershipState, access::SeePublic};
use std::collections::BTreeMap;

/// Groups that are shown to whom has none.
const SHOWN: usize = 6;

/// The start page.
#[derive(Template)]
#[template(path = "home/templates/start.html")]
pub struct StartPage {
    f: Frame,
    own: Own,
    some: Vec<FoundGroup>,
    /// The cards of one's own groups say nothing of a search.
    none: Vec<String>,
}

/// What a person has here.
#[derive(Default)]
struct Own {
    /// Groups one belongs to.
    groups: Vec<Card>,
    /// Applications that are under way.
    open: Vec<Application>,
    /// Groups one runs, in which applications or questions wait.
    desks: Vec<Desk>,
    /// Groups to which one is invited.
    invited: Vec<Card>,
    /// Requests to vouch that wait.
    vouches: usize,
    /// Whether profession and place are known.
    known: bool,
}

impl StartPage {
    /// Samples for the test that renders every page: a stranger's, a newcomer's without and with a profile, a member's, a
    /// coordinator's.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let card = |membership| sample_card(GroupKind::Volunteer, membership);
        let page = |signed_in, own, why: &[&str]| -> Self {
            let told =
                |text: &&str| Why { key: "distance", arguments: BTreeMap::new(), text: (*text).to_owned() };
            let whys = why.iter().map(told).collect();
            let some = vec![FoundGroup { group: card(None), whys, known: Vec::new() }];
            Self { f: Frame::sample(lang, "Start", signed_in), own, some, none: Vec::new() }
        };
        let member = || Own { groups: vec![card(Some(MembershipState::Accepted))], ..Own::default() };
        let desks = vec![Desk::sample(3)];
        vec![
            page(false, Own::default(), &[]),
            page(true, Own::default(), &[]),
            page(true, Own { known: true, ..Own::default() }, &["45 km"]),
            page(true, member(), &[]),
            page(true, Own { desks, vouches: 2, ..member() }, &[]),
            page(true, Own { invited: vec![card(Some(MembershipState::Invited))], ..Own::default() }, &[]),
            Self { some: Vec::new(), ..page(false, Own::default(), &[]) },
        ]
    }

    /// Whether something waits for the one who looks.
    fn waits(&self) -> bool {
        !self.own.desks.is_empty() || !self.own.invited.is_empty() || self.own.vouches > 0
    }
}

/// `GET /`
pub async fn start(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let own = cx
        .read("home::start", |tx, cx| {
            let Some(person) = cx.person() else {
                return Ok(Own::default());
            };
            let mut desks = super::desk::desks_of(tx, person, cx.now)?;
            desks.retain(Desk::waits);
            let profile = people::profile_of(tx, person)?;
            let (groups, invited) = groups::of_person(tx, person)?;
            Ok(Own {
                groups,
                open: joining::open_of(tx, cx, person)?,
                desks,
                invited,
                vouches: joining::vouches_due(tx, person, cx.now)?,
                known: profile.is_some_and(|own| own.occupation.is_some() && own.area.is_some()),
            })
        })
        .await?;
    let some = match own.groups.is_empty() {
        true => find(&cx, &Wanted::default()).await?.groups.into_iter().take(SHOWN).collect(),
        false => Vec::new(),
    };
    let f = cx.frame(cx.text("home-title")).for_everybody(cx.text("home-lead"));
    cx.html(&StartPage { f, own, some, none: Vec::new() })
}
