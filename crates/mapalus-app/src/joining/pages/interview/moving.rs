//! One time for interviews: moved, or cancelled.

use super::{
    super::{meeting, sample},
    typed,
};
use crate::{
    groups,
    joining::{
        actions,
        model::interview::{MoveInput, Slot},
        rules,
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted, text},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{Refusal, SlotId, access::RunInterviews, time::MINUTE};

/// A time as coordinators move or cancel it.
#[derive(Template)]
#[template(path = "joining/templates/slot.html")]
pub struct SlotPage {
    f: Frame,
    form: FormState,
    cancelling: FormState,
    name: String,
    group_lang: Lang,
    path: String,
    slot: Slot,
    when: String,
    zone: String,
    /// Why nothing can be done to it any more.
    closed: Option<&'static str>,
}

impl SlotPage {
    fn new(
        f: Frame,
        form: Option<FormState>,
        (name, path, group_lang): (String, String, Lang),
        slot: Slot,
    ) -> Self {
        let zone = meeting::zone(&slot.zone);
        let (day, time) = text::day_and_time(slot.starts_at, zone);
        let minutes = (slot.ends_at.0 - slot.starts_at.0) / MINUTE;
        let stands = || {
            let form = FormState::new().filled("day", day).filled("time", time).filled("place", &*slot.place);
            form.filled("minutes", minutes.to_string()).filled("seats", slot.seats.to_string())
        };
        let (form, cancelling) = match form {
            Some(form) if form.has("day") => (form, FormState::new()),
            Some(form) => (stands(), form),
            None => (stands(), FormState::new()),
        };
        Self {
            when: meeting::when(&f, (slot.starts_at, slot.ends_at), &slot.zone),
            zone: f.t1("joining-interview-zone", "zone", text::zone_name(slot.starts_at, zone).as_str()),
            closed: rules::interview::may_run(&slot, f.now()).err().map(|refusal| refusal.key),
            f,
            form,
            cancelling,
            name,
            group_lang,
            path,
            slot,
        }
    }

    /// Samples for the test that renders every page: one that can be moved, and one that is over.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |slot| {
            let group = ("Relawan".to_owned(), "/groups/relawan".to_owned(), Lang::Id);
            Self::new(Frame::sample(lang, "Interview", true), None, group, slot)
        };
        let taken = Slot { taken: 1, ..sample::slot(2_000) };
        vec![page(taken), page(sample::slot(-1))]
    }
}

/// `GET /groups/{group}/interviews/{slot}`
pub async fn slot(cx: Cx, Path((group, slot)): Path<(String, String)>) -> Result<Response, AppError> {
    show_slot(&cx, (group, slot), StatusCode::OK, None).await
}

fn slot_id(text: &str) -> Result<SlotId, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}

async fn show_slot(
    cx: &Cx,
    (group, slot): (String, String),
    status: StatusCode,
    form: Option<FormState>,
) -> Result<Response, AppError> {
    let (group, slot) = cx
        .read("joining::slot", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<RunInterviews>()?;
            let slot = actions::interview::slot(tx, group.id, slot_id(&slot)?)?;
            Ok((group, slot))
        })
        .await?;
    let f = cx.frame(cx.text("joining-interview-move-title")).at_desk();
    let of = (group.name.clone(), group.path(), group.lang);
    cx.html_with(status, &SlotPage::new(f, form, of, slot))
}

/// What becomes of a time.
pub(in crate::joining) enum Fate {
    /// It is moved.
    Moved(MoveInput),
    /// It is cancelled, for a reason.
    Cancelled(String),
}

/// `POST /groups/{group}/interviews/{slot}`
pub async fn move_slot(Path(of): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let value = |field| posted.value(field).to_owned();
    let input = MoveInput {
        day: value("day"),
        time: value("time"),
        minutes: typed(&posted, "minutes"),
        place: value("place"),
        seats: typed(&posted, "seats"),
        reason: value("reason"),
    };
    run(of, posted, Fate::Moved(input)).await
}

/// `POST /groups/{group}/interviews/{slot}/cancel`
pub async fn cancel_slot(Path(of): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let reason = posted.value("reason").to_owned();
    run(of, posted, Fate::Cancelled(reason)).await
}

async fn run(of: (String, String), posted: Posted, fate: Fate) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match run_slot(&cx, of.clone(), fate, posted.value("version").parse().ok()).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_slot(&cx, of, status, Some(form)).await
        }
    }
}

pub(in crate::joining) async fn run_slot(
    cx: &Cx,
    (group, slot): (String, String),
    fate: Fate,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("joining::run_slot", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunInterviews>()?;
        let slot = actions::interview::slot(work.tx, group.id, slot_id(&slot)?)?;
        let seen = seen.unwrap_or(slot.version);
        let place = Place::at(format!("{}/interviews", group.path()));
        Ok(match &fate {
            Fate::Moved(input) => {
                actions::interview::move_slot(work, &permit, &slot, seen, input)?;
                place.telling("joining-done-moved")
            }
            Fate::Cancelled(reason) => {
                actions::interview::cancel_slot(work, &permit, &slot, seen, reason)?;
                place.telling("joining-done-called-off")
            }
        })
    })
    .await
}
