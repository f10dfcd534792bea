//! Groups that one prepares: kept, changed, opened or thrown away by their owner alone.

use super::open::{self, OpenPage, Over};
use crate::{
    groups::{
        self,
        actions::drafts as actions,
        model::{Draft, OpenInput},
        rules, template,
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{
    DraftId, Id, Refusal, RefusalKind,
    access::{OpenGroup, SeeGroup, UseAccount, UseDraft},
    chance::Counted,
};

/// The drafts.
#[derive(Template)]
#[template(path = "home/templates/drafts.html")]
pub struct DraftsPage {
    f: Frame,
    drafts: Vec<Draft>,
}

impl DraftsPage {
    /// Samples for the test that renders every page: none, and one of each template.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let drafts = template::templates().iter().map(|template| sample_draft(template, lang)).collect();
        [Vec::new(), drafts].map(|drafts| Self { f: Frame::sample(lang, "Drafts", true), drafts }).into()
    }
}

/// A draft, for samples.
pub(super) fn sample_draft(template: &template::Template, lang: Lang) -> Draft {
    let start = rules::starter(template, lang);
    Draft {
        id: DraftId::new(super::SAMPLE_AT, &Counted::default()),
        template: template.key.clone(),
        name: start.name,
        summary: start.summary,
        about: start.about,
        area: start.area,
        districts: start.districts,
        point: start.point,
        sign_up: start.sign_up,
        visibility: start.visibility,
        lang,
        changed_at: super::SAMPLE_AT,
        version: 1,
    }
}

/// `GET /drafts`
pub async fn drafts(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let drafts = cx.read("home::drafts", move |tx, _| Ok(groups::drafts(tx, person)?)).await?;
    cx.html(&DraftsPage { f: cx.frame(cx.text("home-drafts-title")), drafts })
}

async fn load(cx: &Cx, id: String) -> Result<Draft, AppError> {
    cx.read("home::draft", move |tx, cx| Ok(groups::own_draft(tx, cx, &id)?.0)).await
}

/// What came of a draft that is gone.
async fn over(cx: &Cx, id: String) -> Result<Over, AppError> {
    cx.read("home::draft_end", move |tx, cx| {
        let end = groups::draft_end(tx, cx, &id)?.ok_or_else(Refusal::not_found)?;
        let found = end.slug.as_ref().map(|slug| groups::standing(tx, cx, slug)).transpose()?;
        let seen = found.filter(|(_, standing)| standing.permit::<SeeGroup>().is_ok());
        let opened = end.slug.is_some();
        Ok(Over { template: end.template, opened, group: seen.map(|(group, _)| group) })
    })
    .await
}

/// Where one goes on whose draft was opened in the meantime: to the group. Passes on any other error.
async fn way_on(cx: &Cx, id: String, error: AppError) -> Result<Response, AppError> {
    if !is_gone(&error) {
        return Err(error);
    }
    match over(cx, id).await? {
        Over { group: Some(group), .. } => {
            Ok(cx.see(&Place::at(group.path()).telling("home-done-draft-was-opened")))
        }
        _ => Err(error),
    }
}

fn is_gone(error: &AppError) -> bool {
    matches!(error, AppError::Refusal(refusal) if refusal.kind == RefusalKind::Gone)
}

/// `GET /drafts/{draft}`
pub async fn one(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let draft = match load(&cx, id.clone()).await {
        Ok(draft) => draft,
        Err(error) => return way_on(&cx, id, error).await,
    };
    let f = cx.frame(cx.text("home-open-title"));
    cx.html(&OpenPage::of_draft(f, filled(&draft), draft))
}

pub(super) fn filled(draft: &Draft) -> FormState {
    FormState::new()
        .filled("name", draft.name.as_str())
        .filled("summary", draft.summary.as_str())
        .filled("about", draft.about.as_str())
        .filled("area", draft.area.as_str())
        .filled("districts", draft.districts.as_str())
        .filled("point", draft.point.as_str())
        .filled("sign_up", draft.sign_up.word())
        .filled("visibility", draft.visibility.word())
}

/// `POST /drafts/{draft}`: `do=save` keeps the draft, anything else opens the group.
pub async fn fill(Path(id): Path<String>, mut posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let (save, seen) = (posted.take("do") == "save", posted.take("version").parse().ok());
    let input: OpenInput = posted.input()?;
    let outcome = if save {
        keep(&cx, id.clone(), input, seen).await
    } else {
        open_it(&cx, id.clone(), Some(input), seen).await
    };
    match outcome {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let f = cx.frame(cx.text("home-open-title"));
            let page = match load(&cx, id.clone()).await {
                Ok(draft) => OpenPage::of_draft(f, form, draft),
                // Nothing typed is lost: it is shown, with what happened and the way on.
                Err(error) if is_gone(&error) => OpenPage::of_over(f, form, over(&cx, id).await?),
                Err(error) => return Err(error),
            };
            cx.html_with(status, &page)
        }
    }
}

/// Keeps what stands in the fields of a draft.
pub(in crate::home) async fn keep(
    cx: &Cx,
    id: String,
    input: OpenInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("home::keep_draft", move |work, cx| {
        let (draft, standing) = groups::own_draft(work.tx, cx, &id)?;
        let permit = standing.permit::<UseDraft>()?;
        rules::unchanged_draft(&draft, seen)?;
        let text = rules::draft(&input)?;
        actions::change(work, &permit, &draft, &text)?;
        Ok(Place::at(draft.path()).telling("home-done-draft-kept"))
    })
    .await
}

/// Opens the group as it was filled in, or as the draft stands, in the language of the draft; the draft is gone then.
pub(in crate::home) async fn open_it(
    cx: &Cx,
    id: String,
    input: Option<OpenInput>,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("home::open_draft", move |work, cx| {
        let (draft, standing) = groups::own_draft(work.tx, cx, &id)?;
        let (permit, opening) = (standing.permit::<UseDraft>()?, standing.permit::<OpenGroup>()?);
        rules::unchanged_draft(&draft, seen)?;
        let input = match &input {
            Some(input) => OpenInput { template: draft.template.clone(), ..input.clone() },
            None => draft.input(),
        };
        let group = rules::open(&input, draft.lang)?;
        let opened = open::open_group(work, &opening, &group)?;
        actions::take(work, &permit, &draft, Some(opened.id))?;
        Ok(Place::at(format!("/groups/{}", opened.slug)).telling("home-done-opened"))
    })
    .await
}

/// `POST /drafts/{draft}/discard`
pub async fn discard(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let seen = posted.value("version").parse().ok();
    let cx = posted.cx;
    match throw_away(&cx, id.clone(), seen).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => way_on(&cx, id, error).await,
    }
}

/// Throws a draft away.
pub(in crate::home) async fn throw_away(cx: &Cx, id: String, seen: Option<i64>) -> Result<Place, AppError> {
    cx.write("home::discard_draft", move |work, cx| {
        let (draft, standing) = groups::own_draft(work.tx, cx, &id)?;
        rules::unchanged_draft(&draft, seen)?;
        actions::take(work, &standing.permit::<UseDraft>()?, &draft, None)?;
        Ok(Place::at("/drafts").telling("home-done-draft-discarded"))
    })
    .await
}
