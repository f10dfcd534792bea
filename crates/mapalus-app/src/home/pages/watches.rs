//! Searches that one keeps, to be told when a new group fits.

use super::{SAMPLE_AT, directory::wanted::Wanted};
use crate::{
    groups::{
        self,
        model::{DoorWatch, Watch, WatchFind},
    },
    shell::{AppError, Cx, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{
    GroupId, Id, PersonId, Standing, WatchId,
    access::{UseAccount, UseWatch},
    chance::Counted,
};
use mapalus_db::Tx;
use serde::Deserialize;

/// One's searches.
#[derive(Template)]
#[template(path = "home/templates/watches.html")]
pub struct WatchesPage {
    f: Frame,
    watches: Vec<Watch>,
    finds: Vec<WatchFind>,
    /// The groups for which one waits until they take people again.
    doors: Vec<DoorWatch>,
}

impl WatchesPage {
    fn words(&self, watch: &Watch) -> String {
        words(&self.f, &watch.query)
    }

    fn address(&self, watch: &Watch) -> String {
        Wanted::stored(&watch.query).unwrap_or_default().address()
    }

    fn found(&self, watch: &Watch) -> Vec<&WatchFind> {
        self.finds.iter().filter(|find| find.watch_id == watch.id).take(10).collect()
    }

    /// Samples for the test that renders every page: none, one with finds and one that is silent.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let chance = Counted::default();
        let watch = |query: &str, paused| Watch {
            id: WatchId::new(SAMPLE_AT, &chance),
            person_id: PersonId::new(SAMPLE_AT, &chance),
            query: query.to_owned(),
            made_at: SAMPLE_AT,
            paused,
            looked_at: SAMPLE_AT,
        };
        let watches = vec![watch("q=banjir&area=71.71&km=10", false), watch("cause=flood&open=yes", true)];
        let find = WatchFind {
            watch_id: watches[0].id,
            group_id: GroupId::new(SAMPLE_AT, &chance),
            slug: "relawan-sungai".to_owned(),
            name: "Relawan Sungai".to_owned(),
            lang: Lang::Id,
            found_at: SAMPLE_AT,
        };
        let door = DoorWatch {
            group_id: GroupId::new(SAMPLE_AT, &chance),
            slug: "guru-manado".to_owned(),
            name: "Guru Manado".to_owned(),
            lang: Lang::Id,
            made_at: SAMPLE_AT,
        };
        let page =
            |watches, finds, doors| Self { f: Frame::sample(lang, "Searches", true), watches, finds, doors };
        vec![
            page(Vec::new(), Vec::new(), Vec::new()),
            page(watches, vec![find], vec![door.clone()]),
            page(Vec::new(), Vec::new(), vec![door]),
        ]
    }
}

/// A search in words; one without any conditions is for every group.
pub(in crate::home) fn words(f: &Frame, query: &str) -> String {
    let parts = Wanted::stored(query).map(|wanted| wanted.words(f)).unwrap_or_default();
    if parts.is_empty() { f.t("home-watch-all") } else { parts.join(" · ") }
}

/// `GET /watches`
pub async fn watches(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let ((watches, finds), doors) = cx
        .read("home::watches", move |tx, _| Ok((groups::watches(tx, person)?, groups::doors(tx, person)?)))
        .await?;
    cx.html(&WatchesPage { f: cx.frame(cx.text("home-watches-title")), watches, finds, doors })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeepInput {
    query: String,
}

/// `POST /watches`: the parameters of a search.
pub async fn keep(posted: Posted) -> Result<Response, AppError> {
    let input: KeepInput = posted.input()?;
    let wanted = Wanted::stored(&input.query).unwrap_or_default();
    let place = keep_by(&posted.cx, &wanted).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::home) async fn keep_by(cx: &Cx, wanted: &Wanted) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let query = wanted.to_store()?;
    cx.write("home::keep_watch", move |work, _| {
        let id = groups::actions::watches::keep(work, &permit, &query)?;
        Ok(Place::at(format!("/watches#{id}")).telling("home-done-watch"))
    })
    .await
}

/// A search, with how the one who asks stands to it: it is theirs.
pub(in crate::home) fn own(
    tx: &mut Tx<'_>,
    cx: &Cx,
    watch: &str,
) -> Result<(Option<Watch>, Standing), AppError> {
    let id: Option<WatchId> = watch.parse().ok();
    let found = match (id, cx.person()) {
        (Some(id), Some(person)) => groups::watch(tx, id, person)?,
        _ => None,
    };
    let owner = found.is_some();
    Ok((found, Standing { owner, ..cx.standing() }))
}

/// `POST /watches/{watch}/pause` and `/go-on`
pub(in crate::home) async fn pause_by(cx: &Cx, watch: String, paused: bool) -> Result<Place, AppError> {
    cx.write("home::pause_watch", move |work, cx| {
        let (watch, standing) = own(work.tx, cx, &watch)?;
        let permit = standing.permit::<UseWatch>()?;
        let id = watch.ok_or_else(mapalus_core::Refusal::not_found)?.id;
        groups::actions::watches::pause(work, &permit, id, paused)?;
        let done = if paused { "home-done-watch-paused" } else { "home-done-watch-goes-on" };
        Ok(Place::at("/watches").telling(done))
    })
    .await
}

/// `POST /watches/{watch}/pause`
pub async fn pause(Path(watch): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = pause_by(&posted.cx, watch, true).await?;
    Ok(posted.cx.see(&place))
}

/// `POST /watches/{watch}/go-on`
pub async fn go_on(Path(watch): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = pause_by(&posted.cx, watch, false).await?;
    Ok(posted.cx.see(&place))
}

/// `POST /watches/{watch}/remove`
pub async fn remove(Path(watch): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = remove_by(&posted.cx, watch).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::home) async fn remove_by(cx: &Cx, watch: String) -> Result<Place, AppError> {
    cx.write("home::remove_watch", move |work, cx| {
        let (watch, standing) = own(work.tx, cx, &watch)?;
        let permit = standing.permit::<UseWatch>()?;
        let id = watch.ok_or_else(mapalus_core::Refusal::not_found)?.id;
        groups::actions::watches::remove(work, &permit, id)?;
        Ok(Place::at("/watches").telling("home-done-watch-removed"))
    })
    .await
}
