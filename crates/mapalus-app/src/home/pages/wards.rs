//! A guardian's wards: who they are, to what one consented, and what waits for one's answer.

use super::SAMPLE_AT;
use crate::{
    joining::{
        self,
        model::{
            ApplicationState,
            consent::{ConsentState, OfWard, OfWardView},
        },
    },
    people::{
        self,
        guardian::{GuardianState, Guardianship, WardView},
    },
    shell::{AppError, Cx, Frame, Lang},
};
use askama::Template;
use axum::{http::StatusCode, response::Response};
use mapalus_core::{
    ApplicationId, GroupVisibility, Id, MembershipState, PersonId, access::UseWards, chance::Counted,
};
use serde::Serialize;

/// One's wards, and their applications.
#[derive(Template)]
#[template(path = "home/templates/wards.html")]
pub struct WardsPage {
    f: Frame,
    wards: Vec<Guardianship>,
    joinings: Vec<OfWard>,
    /// Whether the one who looks is a minor: who answers for them is told instead.
    minor: bool,
}

impl WardsPage {
    fn waiting(&self) -> Vec<&OfWard> {
        self.joinings.iter().filter(|joining| joining.waits()).collect()
    }

    fn of<'p>(&'p self, ward: &PersonId) -> Vec<&'p OfWard> {
        self.joinings.iter().filter(|joining| joining.person_id == *ward && !joining.waits()).collect()
    }

    fn ward(&self, joining: &OfWard) -> String {
        let found = self.wards.iter().find(|ward| ward.ward_id == joining.person_id);
        found.map_or_else(String::new, |ward| ward.name.clone())
    }

    fn given(&self, ward: &Guardianship) -> bool {
        ward.state == GuardianState::Given
    }

    /// Samples for the test that renders every page: nobody; one who waits and one whose account closes; a minor's.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let chance = Counted::default();
        let ward = |name: &str, state| Guardianship {
            ward_id: PersonId::new(SAMPLE_AT, &chance),
            name: name.to_owned(),
            ward_mail: "gita@contoh.id".to_owned(),
            mail: String::new(),
            guardian_id: Some(PersonId::new(SAMPLE_AT, &chance)),
            state,
            asked_at: SAMPLE_AT,
            consent_version: Some(2),
            consent_at: Some(SAMPLE_AT),
            withdrawn_at: None,
            own_version: 2,
            own_at: SAMPLE_AT,
            birth_year: Some(2009),
            closing_at: (state == GuardianState::Withdrawn).then_some(SAMPLE_AT),
        };
        let wards =
            vec![ward("Gita Pangemanan", GuardianState::Given), ward("Yosua", GuardianState::Withdrawn)];
        let joining = |state, consent, visibility| OfWard {
            id: ApplicationId::new(SAMPLE_AT, &chance),
            person_id: wards[0].ward_id,
            group_name: "Relawan Lingkungan Teluk Manado".to_owned(),
            slug: "relawan".to_owned(),
            lang: Lang::Id,
            summary: "Bersih pantai dan tanam bakau di Teluk Manado.".to_owned(),
            visibility,
            membership: Some(MembershipState::Active),
            state,
            made_at: SAMPLE_AT,
            consent: Some(consent),
            asked_at: Some(SAMPLE_AT),
            answered_at: Some(SAMPLE_AT),
        };
        let joinings = vec![
            joining(ApplicationState::Draft, ConsentState::Asked, GroupVisibility::Private),
            joining(ApplicationState::Accepted, ConsentState::Given, GroupVisibility::Public),
        ];
        let page =
            |wards, joinings, minor| Self { f: Frame::sample(lang, "Wards", true), wards, joinings, minor };
        vec![
            page(Vec::new(), Vec::new(), false),
            page(wards.clone(), joinings, false),
            page(Vec::new(), Vec::new(), true),
        ]
    }
}

async fn load(cx: &Cx) -> Result<(Vec<Guardianship>, Vec<OfWard>), AppError> {
    let own = cx.standing().permit::<UseWards>()?.signed_in()?;
    cx.read("home::wards", move |tx, _| Ok((people::wards(tx, own)?, joining::of_wards(tx, own)?))).await
}

/// `GET /wards`
pub async fn wards(cx: Cx) -> Result<Response, AppError> {
    let (wards, joinings) = load(&cx).await?;
    let minor = cx.viewer.as_ref().is_some_and(|viewer| viewer.born.is_some());
    cx.html(&WardsPage { f: cx.frame(cx.text("home-wards-title")), wards, joinings, minor })
}

/// One's wards over the API.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WardList {
    /// One's wards by name, also those whose account is being closed: 50 at most.
    pub items: Vec<WardView>,
    /// Their applications, first those that wait for one: 100 at most.
    pub joinings: Vec<OfWardView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// One's wards and their applications.
#[utoipa::path(get, path = "/api/v1/wards", tag = "people",
    responses((status = 200, description = "The wards", body = WardList)))]
pub async fn api_wards(cx: Cx) -> Result<Response, AppError> {
    let (wards, joinings) = load(&cx).await?;
    let list = WardList {
        items: wards.iter().map(|ward| WardView::new(ward, cx.now)).collect(),
        joinings: joinings.iter().map(OfWardView::from).collect(),
        next: None,
    };
    cx.json(StatusCode::OK, &list)
}
