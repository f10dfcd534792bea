//! Proving anew who one is; then on to what asked for it.

use super::Next;
use crate::{
    people::{
        actions::proof::{self, Means},
        rules,
        session::ProofInput,
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted, assets, kept},
};
use askama::Template;
use axum::response::Response;
use mapalus_core::access::UseAccount;

/// The forms for password and code.
#[derive(Template)]
#[template(path = "people/templates/prove.html")]
pub struct ProvePage {
    f: Frame,
    next: String,
    means: Means,
    password_form: FormState,
    code_form: FormState,
    passkeys: bool,
}

impl ProvePage {
    fn new(f: Frame, next: &str, means: Means) -> Self {
        let next = rules::own_path(next).to_owned();
        let passkeys = means.passkey;
        Self { f, next, means, password_form: FormState::new(), code_form: FormState::new(), passkeys }
    }

    /// Address of the script for passkeys.
    fn script(&self) -> &'static str {
        assets::passkey_js()
    }

    /// Samples for the test that renders every page: both ways, one, and none.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |password, app, passkey| {
            let means = Means { password, app, passkey };
            Self::new(Frame::sample(lang, "Prove", true), "/me/settings", means)
        };
        vec![
            page(true, true, true),
            page(true, false, false),
            page(false, false, false),
            page(false, false, true),
        ]
    }
}

async fn page(cx: &Cx, next: &str) -> Result<ProvePage, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let means = proof::means(cx, person).await?;
    Ok(ProvePage::new(cx.frame(cx.text("people-prove-title")), next, means))
}

/// `GET /prove?next=`
pub async fn prove(cx: Cx) -> Result<Response, AppError> {
    let next: Next = cx.query()?;
    cx.html(&page(&cx, &next.next).await?)
}

/// `POST /prove`
pub async fn prove_post(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: ProofInput = posted.input()?;
    match proof::prove(&cx, &input).await {
        Ok(()) => Ok(cx.see(&after_proof(&cx, &input.next).await?)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let form = form.without("password").without("code");
            let mut page = page(&cx, &input.next).await?;
            *(if input.code.is_empty() { &mut page.password_form } else { &mut page.code_form }) = form;
            cx.html_with(status, &page)
        }
    }
}

/// Where one goes on after a proof: to the form that was kept, or to the page that asked for it.
pub(in crate::people) async fn after_proof(cx: &Cx, next: &str) -> Result<Place, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let kept = kept::offer(cx, person).await?;
    Ok(Place::at(if kept { "/kept" } else { rules::own_path(next) }))
}
