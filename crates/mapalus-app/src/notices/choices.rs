//! Which notices are mailed: one's own settings, and the way out that stands in each mail.

use super::queries;
use crate::shell::{
    App, AppError, Cx, FormState, Frame, Lang, Place, Posted, Sent, Work, forms::Choice, notice::Kind,
    secrets::InstanceKey,
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Flaw, Permit, PersonId, Refusal,
    access::{Enter, UseAccount},
};
use mapalus_db::{DbError, Tx, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a signed way out is for.
const PURPOSE: &str = "unsubscribe";

/// The path by which a person stops a kind without signing in: it holds for this person and kind alone.
pub(super) fn stop_path(key: &InstanceKey, person: PersonId, kind: Kind) -> String {
    format!("/unsubscribe/{}", key.sign(PURPOSE, &format!("{person}.{kind}")))
}

/// Who wants to stop what, if this instance signed it.
fn read_token(app: &App, token: &str) -> Result<(PersonId, Kind), Refusal> {
    let text = app.key.signed(PURPOSE, token).ok_or_else(Refusal::not_found)?;
    let (person, kind) = text.split_once('.').ok_or_else(Refusal::not_found)?;
    let kind = kind.parse().ok().filter(|kind: &Kind| kind.may_stop()).ok_or_else(Refusal::not_found)?;
    Ok((person.parse().map_err(|_| Refusal::not_found())?, kind))
}

/// The kinds that a person does not want as mail.
pub(super) fn stops(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Kind>, DbError> {
    let rows: Vec<(Kind,)> = tx.all(&queries::STOPS, &params![person])?;
    Ok(rows.into_iter().map(|(kind,)| kind).collect())
}

/// Sets what is mailed; gives whether that changed something. What was about to go out of a kind that is stopped does
/// not.
fn set(work: &mut Work<'_, '_>, person: PersonId, wanted: &[(Kind, bool)]) -> Result<bool, DbError> {
    let mut changed = false;
    for (kind, mailed) in wanted.iter().filter(|(kind, _)| kind.may_stop()) {
        if *mailed {
            changed |= work.tx.execute(&queries::START, &params![person, *kind])? > 0;
        } else if work.tx.execute(&queries::STOP, &params![person, *kind, work.now])? == 1 {
            work.tx.execute(&queries::DROP_DUE, &params![person, *kind])?;
            changed = true;
        }
    }
    Ok(changed)
}

fn choose_for(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    wanted: &[(Kind, bool)],
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    set(work, person, wanted)?;
    work.record(permit, person, "notices")?;
    Ok(())
}

/// Which notices are mailed.
#[derive(Template)]
#[template(path = "notices/templates/choices.html")]
pub struct ChoicesPage {
    f: Frame,
    form: FormState,
    kinds: Vec<Choice>,
}

impl ChoicesPage {
    fn new(f: Frame, stopped: &[Kind]) -> Self {
        let choices = Kind::ALL.iter().filter(|kind| kind.may_stop());
        let kinds = choices.clone().map(|kind| {
            let label = f.word("notices-kind", kind);
            Choice::new(kind.word(), label).noting(f.word("notices-kind-why", kind))
        });
        let mailed = choices.filter(|kind| !stopped.contains(kind));
        let form = mailed.fold(FormState::new(), |form, kind| form.filled("mail", kind.word()));
        Self { kinds: kinds.collect(), form, f }
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self::new(Frame::sample(lang, "Notices", true), &[Kind::Groups])
    }
}

/// `GET /me/notices`
pub async fn choices(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let stopped = cx.read("notices::choices", move |tx, _| Ok(stops(tx, person)?)).await?;
    cx.html(&ChoicesPage::new(cx.frame(cx.text("notices-choices-title")), &stopped))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChosenInput {
    #[serde(default)]
    mail: Vec<Kind>,
}

/// `POST /me/notices`: the kinds that are mailed; all others are not.
pub async fn choose(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let permit = cx.standing().permit::<UseAccount>()?;
    let input: ChosenInput = posted.input()?;
    let wanted: Vec<(Kind, bool)> = Kind::ALL.iter().map(|kind| (*kind, input.mail.contains(kind))).collect();
    let place = cx
        .write("notices::choose", move |work, _| {
            choose_for(work, &permit, &wanted)?;
            Ok(Place::at("/me/notices").telling("notices-done-chosen"))
        })
        .await?;
    Ok(cx.see(&place))
}

/// Whether a kind of notices is mailed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChoiceView {
    /// `applications`, `decisions`, `vouches`, `groups`, `reminders`, `questions`, `answers` or `account`.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// Whether it is mailed; in the program it is shown in any case.
    pub mail: bool,
    /// Whether one may do without its mails.
    pub may_stop: bool,
}

/// Which notices are mailed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ChoiceList {
    /// All kinds.
    pub items: Vec<ChoiceView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// What is to be mailed from now on.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceInput {
    /// Whether each kind is mailed; what is not named stays as it is.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, bool>)]
    pub mail: BTreeMap<Kind, bool>,
}

async fn shown(cx: &Cx, person: PersonId) -> Result<Response, AppError> {
    let stopped = cx.read("notices::choices", move |tx, _| Ok(stops(tx, person)?)).await?;
    let view =
        |kind: &Kind| ChoiceView { kind: *kind, mail: !stopped.contains(kind), may_stop: kind.may_stop() };
    cx.json(StatusCode::OK, &ChoiceList { items: Kind::ALL.iter().map(view).collect(), next: None })
}

/// Which of one's notices are mailed.
#[utoipa::path(get, path = "/api/v1/me/notices", tag = "notices",
    responses((status = 200, description = "Every kind", body = ChoiceList)))]
pub async fn api_choices(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    shown(&cx, person).await
}

/// Chooses which of one's notices are mailed.
#[utoipa::path(patch, path = "/api/v1/me/notices", tag = "notices", request_body = ChoiceInput,
    responses((status = 200, description = "Every kind", body = ChoiceList)))]
pub async fn api_choose(sent: Sent<ChoiceInput>) -> Result<Response, AppError> {
    let Sent { cx, input } = sent;
    let permit = cx.standing().permit::<UseAccount>()?;
    let person = permit.signed_in()?;
    let fixed = input.mail.iter().find(|(kind, mailed)| !**mailed && !kind.may_stop());
    if let Some((kind, _)) = fixed {
        let (field, key) = (kind.word().to_owned(), "notices-wrong-fixed");
        return Err(Refusal::invalid(vec![Flaw { field, key, arguments: Vec::new() }]).into());
    }
    let wanted: Vec<(Kind, bool)> = input.mail.into_iter().collect();
    cx.write("notices::choose", move |work, _| {
        choose_for(work, &permit, &wanted)?;
        Ok(Place::at("/me/notices"))
    })
    .await?;
    shown(&cx, person).await
}

/// The way out of a kind of mails: a page with one button, and what it says once that was pressed.
#[derive(Template)]
#[template(path = "notices/templates/stop.html")]
pub struct StopPage {
    f: Frame,
    kind: String,
    path: String,
    done: bool,
}

impl StopPage {
    fn new(f: Frame, kind: Kind, path: &str, done: bool) -> Self {
        Self { kind: f.word("notices-kind", kind), path: path.to_owned(), done, f }
    }

    /// Samples for the test that renders every page: before and after.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |done| Self::new(Frame::sample(lang, "Stop", false), Kind::Groups, "/unsubscribe/x", done);
        vec![page(false), page(true)]
    }
}

/// `GET /unsubscribe/{way}`: changes nothing, for mail programs look at links by themselves.
pub async fn stop(cx: Cx, Path(token): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let (_, kind) = read_token(&cx.app, &token)?;
    cx.html(&StopPage::new(cx.frame(cx.text("notices-stop-title")), kind, cx.uri.path(), false))
}

/// `POST /unsubscribe/{way}`: the button, and what mail programs post by themselves (RFC 8058), which follow no
/// redirect. The token alone says who stops what.
pub async fn stop_post(cx: Cx, Path(token): Path<String>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let (person, kind) = read_token(&cx.app, &token)?;
    let stopped = cx.read("notices::choices", move |tx, _| Ok(stops(tx, person)?)).await?;
    // Pressed once more, also by a program that repeats itself: nothing is left to write.
    if !stopped.contains(&kind) {
        let is_there = cx.app.is_there;
        cx.app
            .write_as(Some(person), "notices::stop", move |work| {
                // Nothing of somebody who was erased, not even that they pressed.
                if is_there(work.tx, person)? && set(work, person, &[(kind, false)])? {
                    work.record(&permit, person, kind.word())?;
                }
                Ok::<_, DbError>(())
            })
            .await?;
    }
    cx.html(&StopPage::new(cx.frame(cx.text("notices-stop-title")), kind, cx.uri.path(), true))
}
