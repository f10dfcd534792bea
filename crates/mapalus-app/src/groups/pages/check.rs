//! What the group has seen of one member, for those who check: recorded, taken back, undone.

use crate::{
    groups::{self, Group, model::OneMember, pages::member},
    qualifications::{
        self, actions, kinds,
        model::{Held, OwnKind, Sight, SightInput, SightReason},
    },
    shell::{AppError, Choice, ChoiceGroup, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{Id, MembershipState, Millis, PersonId, access::RunQualifications, chance::Counted};

/// What a member holds, as those who check see it.
#[derive(Template)]
#[template(path = "groups/templates/check.html")]
pub struct CheckPage {
    f: Frame,
    form: FormState,
    why_form: FormState,
    name: String,
    path: String,
    group_lang: Lang,
    member: OneMember,
    held: Vec<Held>,
    sights: Vec<Sight>,
    kinds: Vec<ChoiceGroup>,
    own: bool,
}

impl CheckPage {
    fn own_path(&self) -> String {
        format!("{}/members/{}/qualifications", self.path, self.member.person_id)
    }

    /// What the group has seen of one, newest first.
    fn seen(&self, held: &Held) -> Vec<&Sight> {
        self.sights.iter().filter(|sight| sight.qualification_id == held.id).collect()
    }

    fn counts(&self, sight: &Sight) -> bool {
        sight.counts(&self.f.now())
    }

    fn over(&self, held: &Held) -> bool {
        held.over(&self.f.now())
    }

    /// Samples for the test that renders every page: nothing, and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let at = Millis(1_779_000_000_000);
        let page = |held, sights, own| {
            let f = Frame::sample(lang, "Check", true);
            Self {
                kinds: offered(&f, &[]),
                f,
                form: FormState::new(),
                why_form: FormState::new(),
                name: "Relawan Siaga Bencana".to_owned(),
                path: "/groups/relawan-siaga-bencana".to_owned(),
                group_lang: Lang::Id,
                member: OneMember {
                    person_id: PersonId::new(at, &Counted::default()),
                    name: "Deisy Rondonuwu".to_owned(),
                    state: MembershipState::Active,
                    since: at,
                    changed_at: at,
                    why: String::new(),
                    held: None,
                    version: 1,
                },
                held,
                sights,
                own,
            }
        };
        let (held, sight) = (qualifications::pages::sample("bls"), qualifications::pages::sample_sight());
        vec![
            page(Vec::new(), Vec::new(), false),
            page(vec![held], vec![sight], false),
            page(Vec::new(), Vec::new(), true),
        ]
    }
}

/// The kinds to choose from: the group's own first.
fn offered(f: &Frame, own: &[OwnKind]) -> Vec<ChoiceGroup> {
    let lang = f.language();
    let own = own.iter().filter(|kind| kind.retired_at.is_none());
    let own: Vec<Choice> = own.map(|kind| Choice::new(kind.id.to_string(), kind.name.as_str())).collect();
    let all = kinds::all().iter().map(|kind| Choice::new(kind.key.as_str(), kind.name.get(lang))).collect();
    let titled = [(f.t("groups-kinds-own"), own), (f.t("groups-kinds-all"), all)];
    ChoiceGroup::all(titled.into_iter().filter(|(_, choices)| !choices.is_empty()))
}

type Loaded = (Group, OneMember, Vec<Held>, Vec<Sight>, Vec<OwnKind>);

pub(in crate::groups) async fn load(cx: &Cx, group: String, person: String) -> Result<Loaded, AppError> {
    cx.read("groups::check", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<RunQualifications>()?;
        let member = member::one(tx, group.id, &person)?;
        let (held, sights) = qualifications::for_checker(tx, group.id, member.person_id)?;
        let own = qualifications::kinds_of(tx, group.id)?;
        Ok((group, member, held, sights, own))
    })
    .await
}

/// `GET /groups/{group}/members/{person}/qualifications`
pub async fn check(cx: Cx, Path((group, person)): Path<(String, String)>) -> Result<Response, AppError> {
    show(&cx, group, person, StatusCode::OK, None).await
}

async fn show(
    cx: &Cx,
    group: String,
    person: String,
    status: StatusCode,
    refused: Option<(bool, FormState)>,
) -> Result<Response, AppError> {
    let (group, member, held, sights, own_kinds) = load(cx, group, person).await?;
    let f = cx.frame(member.name.clone()).at_desk();
    let (form, why_form) = match refused {
        Some((true, form)) => (form, FormState::new()),
        Some((false, form)) => (FormState::new(), form),
        None => (FormState::new(), FormState::new()),
    };
    let page = CheckPage {
        kinds: offered(&f, &own_kinds),
        f,
        form,
        why_form,
        path: group.path(),
        name: group.name,
        group_lang: group.lang,
        own: cx.person() == Some(member.person_id),
        member,
        held,
        sights,
    };
    cx.html_with(status, &page)
}

/// `POST /groups/{group}/members/{person}/qualifications`
pub async fn see(
    Path((group, person)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    let input: SightInput = posted.input()?;
    match see_one(&posted.cx, (group.clone(), person.clone()), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, group, person, status, Some((true, form))).await
        }
    }
}

pub(in crate::groups) async fn see_one(
    cx: &Cx,
    (group, person): (String, String),
    input: SightInput,
) -> Result<Place, AppError> {
    cx.write("groups::see_qualification", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunQualifications>()?;
        let member = member::one(work.tx, group.id, &person)?;
        not_anothers(work, &group, &input.kind)?;
        let what = (input.kind.as_str(), input.valid_until.as_str());
        let seen = actions::see(work, &permit, (group.id, &group.name), member.person_id, what)?;
        let place = Place::at(format!("{}/members/{}/qualifications", group.path(), member.person_id));
        Ok(place
            .telling("groups-done-qualification-seen")
            .undoable(format!("{}/sights/{seen}/undo", group.path())))
    })
    .await
}

/// A kind that another group made is none of this one.
fn not_anothers(work: &mut crate::shell::Work<'_, '_>, group: &Group, kind: &str) -> Result<(), AppError> {
    if kinds::get(kind).is_none() {
        qualifications::kind_of(work.tx, group.id, kind)
            .map_err(|_| crate::shell::forms::Wrong::plain("wrong-choice").at("kind"))?;
    }
    Ok(())
}

/// `POST /groups/{group}/sights/{sight}/withdraw`
pub async fn withdraw(
    Path((group, sight)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    let input: SightReason = posted.input()?;
    match withdraw_one(&posted.cx, (group.clone(), sight.clone()), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let person = holder(&posted.cx, group.clone(), sight).await?;
            show(&posted.cx, group, person.to_string(), status, Some((false, form))).await
        }
    }
}

async fn holder(cx: &Cx, group: String, sight: String) -> Result<PersonId, AppError> {
    cx.read("groups::holder", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<RunQualifications>()?;
        Ok(qualifications::sight(tx, group.id, &sight)?.1)
    })
    .await
}

pub(in crate::groups) async fn withdraw_one(
    cx: &Cx,
    (group, sight): (String, String),
    input: SightReason,
) -> Result<Place, AppError> {
    cx.write("groups::withdraw_sight", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunQualifications>()?;
        let (sight, person) = qualifications::sight(work.tx, group.id, &sight)?;
        qualifications::rules::not_oneself(permit.signed_in()?, person)?;
        actions::withdraw(work, &permit, (&sight, person), &input.reason)?;
        let place = Place::at(format!("{}/members/{person}/qualifications", group.path()));
        Ok(place.telling("groups-done-qualification-withdrawn").undoable(format!(
            "{}/sights/{}/undo",
            group.path(),
            sight.id
        )))
    })
    .await
}

/// `POST /groups/{group}/sights/{sight}/undo`
pub async fn undo(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let place = undo_one(&posted.cx, ids).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::groups) async fn undo_one(
    cx: &Cx,
    (group, sight): (String, String),
) -> Result<Place, AppError> {
    cx.write("groups::undo_sight", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunQualifications>()?;
        let (sight, person) = qualifications::sight(work.tx, group.id, &sight)?;
        actions::undo(work, &permit, (&sight, person))?;
        let place = Place::at(format!("{}/members/{person}/qualifications", group.path()));
        Ok(place.telling("groups-done-undone"))
    })
    .await
}
