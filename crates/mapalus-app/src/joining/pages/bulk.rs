//! Several applications at once: each is decided under its own rule, and the answer says what became of each.

use crate::{
    groups::{self, Group},
    joining::{
        self, actions,
        model::{
            Outcome,
            bulk::{Chosen, DecideManyInput, What},
        },
        queries,
    },
    shell::{
        AppError, Cx, FormState, Frame, Lang, Place, Posted, Work,
        forms::{self, Wrong},
        locale,
    },
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    ApplicationId, Argument, Id, Refusal, RefusalKind,
    access::{DecideApplication, DecideMany, SkipStep},
    chance::Counted,
};
use mapalus_db::params;
use std::collections::{BTreeMap, BTreeSet};

/// Applications that are decided at once at most.
pub const MOST: usize = 50;

/// What became of one of them.
#[derive(Debug, Clone)]
pub struct Fate {
    /// The application.
    pub id: ApplicationId,
    /// The applicant's name.
    pub name: String,
    /// Message key of what was done, or why nothing was.
    pub done: Result<String, Refusal>,
}

impl Fate {
    /// What became of it, in words. Of what was typed only the first flaw counts: it is the same for all.
    pub fn text(&self, lang: Lang) -> String {
        match &self.done {
            Ok(key) => locale::message(lang, key, &[]),
            Err(refusal) => match refusal.fields.first() {
                Some(flaw) => locale::message(lang, flaw.key, &flaw.arguments),
                None => locale::message(lang, refusal.key, &refusal.arguments),
            },
        }
    }
}

/// What became of each of several applications.
#[derive(Template)]
#[template(path = "joining/templates/bulk.html")]
pub struct BulkPage {
    f: Frame,
    form: FormState,
    path: String,
    fates: Vec<Fate>,
    /// Whether what was done can be undone.
    undoes: bool,
}

impl BulkPage {
    /// Samples for the test that renders every page: what was done, and what was taken back.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let chance = Counted::default();
        let fate = |done| Fate {
            id: ApplicationId::new(super::sample::AT, &chance),
            name: "Rio Mandagi".to_owned(),
            done,
        };
        let refused = || Err(Refusal::new(RefusalKind::Conflict, "joining-not-decidable"));
        let page = |undoes| Self {
            f: Frame::sample(lang, "Bulk", true),
            form: FormState::new(),
            path: "/groups/relawan".to_owned(),
            fates: vec![fate(Ok("joining-done-accept".to_owned())), fate(refused())],
            undoes,
        };
        vec![page(true), page(false)]
    }
}

/// What is done to one application, in a write of its own: a refusal of one leaves the others as they are.
async fn each<F>(cx: &Cx, group: &Group, chosen: Vec<Chosen>, run: F) -> Result<Vec<Fate>, AppError>
where
    F: Fn(&mut Work<'_, '_>, &Cx, &Chosen) -> Result<&'static str, AppError> + Clone + Send + 'static,
{
    let (of, ids) =
        (group.id, chosen.iter().filter_map(|one| one.id.parse().ok()).collect::<Vec<ApplicationId>>());
    let names: Vec<(ApplicationId, String)> = cx
        .read("joining::chosen", move |tx, _| Ok(tx.all_in(&queries::figures::CHOSEN, &params![of], &ids)?))
        .await?;
    let names: BTreeMap<ApplicationId, String> = names.into_iter().collect();
    let mut known = Vec::with_capacity(chosen.len());
    for one in chosen {
        let found = one.id.parse().ok().and_then(|id: ApplicationId| Some((id, names.get(&id)?.clone())));
        let (id, name) = found.ok_or_else(Refusal::not_found)?;
        known.push((one, id, name));
    }
    let mut fates = Vec::with_capacity(known.len());
    for (one, id, name) in known {
        let run = run.clone();
        let part = cx.part(id);
        let done = part.write("joining::decide_one", move |work, cx| {
            Ok(Place::at(format!("/applications/{id}")).telling(run(work, cx, &one)?))
        });
        // What became of the others is told whatever becomes of one.
        let done = done.await.map(|place| place.done.unwrap_or_default()).map_err(AppError::told);
        fates.push(Fate { id, name, done });
    }
    Ok(fates)
}

async fn permitted(cx: &Cx, group: String) -> Result<Group, AppError> {
    cx.read("joining::decide_many", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<DecideMany>()?;
        Ok(group)
    })
    .await
}

/// Those who were chosen, each once.
///
/// # Errors
/// `joining-bulk-none`, or `joining-wrong-many`.
fn bounded(chosen: Vec<Chosen>) -> Result<Vec<Chosen>, Refusal> {
    let mut seen = BTreeSet::new();
    let chosen: Vec<Chosen> = chosen.into_iter().filter(|one| seen.insert(one.id.to_lowercase())).collect();
    if chosen.is_empty() {
        return Err(Wrong::plain("joining-bulk-none").at("applications"));
    }
    if chosen.len() > MOST {
        let most = vec![("most", Argument::Number(MOST as i64))];
        return Err(Wrong("joining-wrong-many", most).at("applications"));
    }
    Ok(chosen)
}

/// Decides on several applications of a group.
pub(in crate::joining) async fn decide_many(
    cx: &Cx,
    group: String,
    input: DecideManyInput,
) -> Result<(Group, Vec<Fate>), AppError> {
    let group = permitted(cx, group).await?;
    let chosen = bounded(input.applications)?;
    let what = forms::word::<What>(&input.outcome).map_err(|wrong| wrong.at("outcome"))?;
    let reason = forms::bounded(&input.reason, 0, 500).map_err(|wrong| wrong.at("reason"))?;
    if matches!(what, What::Decline | What::Skip) && reason.trim().is_empty() {
        return Err(Wrong::plain("joining-reason-needed").at("reason").into());
    }
    let fates = each(cx, &group, chosen, move |work, cx, one| {
        let (application, path, standing) = joining::load(work.tx, cx, &one.id)?;
        joining::rules::unchanged(&application, one.version)?;
        let outcome = match what {
            What::Accept => Outcome::Accept,
            What::Wait => Outcome::Wait,
            What::Decline => Outcome::Decline,
            What::Skip => {
                let permit = standing.permit::<SkipStep>()?;
                actions::skip(work, &permit, &application, &path, (None, &reason))?;
                return Ok("joining-done-skipped");
            }
        };
        let permit = standing.permit::<DecideApplication>()?;
        let whole = actions::decide(work, &permit, &application, &path, outcome, &reason)?;
        Ok(match (outcome, whole) {
            (Outcome::Accept, true) => "joining-done-accept",
            (Outcome::Accept, false) => "joining-done-approved",
            (Outcome::Decline, _) => "joining-done-decline",
            (Outcome::Wait, _) => "joining-done-wait",
        })
    });
    let fates = fates.await?;
    Ok((group, fates))
}

/// Takes back what one just did to several applications.
pub(in crate::joining) async fn undo_many(
    cx: &Cx,
    group: String,
    chosen: Vec<Chosen>,
) -> Result<(Group, Vec<Fate>), AppError> {
    let group = permitted(cx, group).await?;
    let chosen = bounded(chosen)?;
    let fates = each(cx, &group, chosen, |work, cx, one| {
        let (application, path, standing) = joining::load(work.tx, cx, &one.id)?;
        let permit = standing.permit::<DecideApplication>()?;
        actions::undo(work, &permit, &application, &path)?;
        Ok("joining-done-undone")
    });
    let fates = fates.await?;
    Ok((group, fates))
}

/// What was chosen by the boxes of a form: `id` or `id:version`.
fn chosen(posted: &Posted) -> Vec<Chosen> {
    let one = |(_, value): &(String, String)| {
        let (id, version) = value.split_once(':').unwrap_or((value, ""));
        Chosen { id: id.to_owned(), version: version.parse().ok() }
    };
    posted.fields.iter().filter(|(name, _)| name == "applications").map(one).collect()
}

/// `POST /groups/{group}/applications/decide`
pub async fn decide(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let (outcome, reason) = (posted.value("outcome").to_owned(), posted.value("reason").to_owned());
    let input = DecideManyInput { outcome, reason, applications: chosen(&posted) };
    match decide_many(&cx, group.clone(), input).await {
        Ok((group, fates)) => {
            let undoes = fates.iter().any(|fate| fate.done.is_ok());
            show(&cx, &group, fates, undoes)
        }
        Err(error) => {
            let (status, form) = posted.again(error)?;
            super::board::show(&cx, group, status, form).await
        }
    }
}

/// `POST /groups/{group}/applications/undo`
pub async fn undo(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let (group, fates) = undo_many(&cx, group, chosen(&posted)).await?;
    show(&cx, &group, fates, false)
}

fn show(cx: &Cx, group: &Group, fates: Vec<Fate>, undoes: bool) -> Result<Response, AppError> {
    let f = cx.frame(cx.text("joining-bulk-title"));
    let (form, path) = (FormState::new(), group.path());
    cx.html_with(StatusCode::OK, &BulkPage { f, form, path, fates, undoes })
}
