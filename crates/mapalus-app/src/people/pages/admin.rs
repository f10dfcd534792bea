//! The operator's page: what waits, and how mail goes.

use crate::{
    people::{actions, model::Account, queries},
    shell::{AppError, Cx, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{Id, PersonId, Refusal, access::OperateInstance, chance::Counted};

/// Accounts that wait to be confirmed.
#[derive(Template)]
#[template(path = "people/templates/admin.html")]
pub struct AdminPage {
    f: Frame,
    waiting: Vec<Account>,
    accounts: i64,
    mail: bool,
}

impl AdminPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let at = super::enter::SAMPLE_AT;
        let waiting = vec![Account {
            id: PersonId::new(at, &Counted::default()),
            name: "Suharti".to_owned(),
            call_name: "Suharti".to_owned(),
            mail: "suharti@contoh.id".to_owned(),
            state: crate::people::model::AccountState::New,
            lang,
            made_at: at,
            consent_version: 1,
            consent_at: at,
        }];
        Self { f: Frame::sample(lang, "Admin", true), waiting, accounts: 1234, mail: false }
    }
}

/// `GET /admin`
pub async fn admin(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<OperateInstance>()?;
    let (waiting, accounts) = cx
        .read("people::admin", |tx, _| {
            Ok((tx.all(&queries::WAITING_ACCOUNTS, &[])?, tx.scalar(&queries::COUNT_ACCOUNTS, &[])?))
        })
        .await?;
    let (f, mail) = (cx.frame(cx.text("people-admin-title")), cx.app.settings.mail);
    cx.html(&AdminPage { f, waiting, accounts, mail })
}

/// `POST /admin/people/{person}/confirm`
pub async fn confirm(Path(person): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = confirm_by_hand(&posted.cx, &person).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::people) async fn confirm_by_hand(cx: &Cx, person: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<OperateInstance>()?;
    let person: PersonId = person.parse().map_err(|_| Refusal::not_found())?;
    cx.write("people::confirm_by_hand", move |work, _| actions::confirm_by_hand(work, &permit, person)).await
}
