//! The privacy notice has changed: what changed, to read it, to agree, or to close the account.

use super::{Next, proof::after_proof};
use crate::{
    people::{
        self,
        actions::consent as actions,
        model::{PRIVACY_VERSION, PrivacyInput},
        rules,
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted, markdown, reference::data_file},
};
use askama::Template;
use axum::response::Response;
use mapalus_core::{Millis, PersonId, access::UseAccount};

/// What changed, and the form to agree.
#[derive(Template)]
#[template(path = "people/templates/consent.html")]
pub struct ConsentPage {
    f: Frame,
    form: FormState,
    /// What changed from version to version.
    changes: String,
    /// When one agreed to the notice before.
    since: Millis,
    /// The names of the minors for whom one agrees as well.
    wards: Vec<String>,
}

impl ConsentPage {
    fn new(f: Frame, form: FormState, lang: Lang, since: Millis, wards: Vec<String>) -> Self {
        Self { f, form, changes: markdown::own_text(changes_text(lang)), since, wards }
    }

    /// The version to which one agrees here.
    fn version(&self) -> i64 {
        PRIVACY_VERSION
    }

    fn wards(&self) -> String {
        self.wards.join(", ")
    }

    /// Samples for the test that renders every page: for oneself, and for wards as well.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |wards| {
            let f = Frame::sample(lang, "Consent", true);
            Self::new(f, FormState::new().filled("next", "/me"), lang, super::enter::SAMPLE_AT, wards)
        };
        vec![page(Vec::new()), page(vec!["Gita Lumenta".to_owned()])]
    }
}

/// What changed in the privacy notice, newest first.
pub(in crate::people) fn changes_text(lang: Lang) -> &'static str {
    match lang {
        Lang::Id => data_file!("texts/privacy-changes.id.md"),
        Lang::En => data_file!("texts/privacy-changes.en.md"),
    }
}

/// To which version of the privacy notice a person agreed, and when.
pub(in crate::people) async fn standing(cx: &Cx, person: PersonId) -> Result<(i64, Millis), AppError> {
    let account = cx.read("people::consent", move |tx, _| Ok(people::account(tx, person)?)).await?;
    Ok((account.consent_version, account.consent_at))
}

async fn page(cx: &Cx, person: PersonId, form: FormState) -> Result<ConsentPage, AppError> {
    let (since, wards) = cx
        .read("people::consent_page", move |tx, _| {
            Ok((people::account(tx, person)?.consent_at, people::wards(tx, person)?))
        })
        .await?;
    let wards = wards.into_iter().filter(|ward| ward.consent_version.is_some()).map(|ward| ward.name);
    Ok(ConsentPage::new(cx.frame(cx.text("people-privacy-title")), form, cx.lang, since, wards.collect()))
}

/// `GET /consent?next=`
pub async fn consent(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let next: Next = cx.query()?;
    let next = rules::own_path(&next.next);
    if cx.viewer.as_ref().is_some_and(|viewer| viewer.agreed) {
        return Ok(cx.see(&Place::at(next)));
    }
    cx.html(&page(&cx, person, FormState::new().filled("next", next)).await?)
}

/// `POST /consent`
pub async fn consent_post(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let input: PrivacyInput = posted.input()?;
    match agree(&cx, &input).await {
        Ok(()) => Ok(cx.see(&after_proof(&cx, &input.next).await?.telling("people-done-privacy"))),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            cx.html_with(status, &page(&cx, person, form).await?)
        }
    }
}

/// Agrees to the privacy notice as it is now, for oneself and one's wards.
pub(in crate::people) async fn agree(cx: &Cx, input: &PrivacyInput) -> Result<(), AppError> {
    rules::agrees(input)?;
    cx.write("people::agree", |work, cx| {
        actions::agree(work, &cx.standing().permit()?)?;
        Ok(Place::at("/me"))
    })
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::secrets;

    /// What the digests of the notice in both languages were, version by version, from the second on.
    const DIGESTS: [(i64, &str); 1] = [(2, "i0cBQtGWZtXJSfSXzMW2nGr0hY8EnKvkuPdepc0EPmw")];

    #[test]
    fn a_privacy_notice_that_changed_has_a_version_of_its_own() {
        let texts = [data_file!("texts/privacy.id.md"), data_file!("texts/privacy.en.md")];
        let digest = secrets::digest(texts.join("\n"));
        let last = DIGESTS.last().copied();
        assert_eq!(
            last,
            Some((PRIVACY_VERSION, digest.as_str())),
            "the privacy notice has changed, and people agreed to the earlier one. Raise `PRIVACY_VERSION` and the \
             version in both texts, say in `data/texts/privacy-changes.*.md` what changed, and add the version with \
             the digest of the left side to `DIGESTS`. As long as the version was not released yet, its digest alone \
             may be replaced."
        );
        for (lang, text) in [(Lang::Id, texts[0]), (Lang::En, texts[1])] {
            let word = if lang == Lang::Id { "Versi" } else { "Version" };
            assert!(text.lines().any(|line| line == format!("{word} {PRIVACY_VERSION}")), "{lang:?}");
            assert!(changes_text(lang).contains(&format!("## {word} {PRIVACY_VERSION}")), "{lang:?}");
        }
        let versions: Vec<i64> = DIGESTS.iter().map(|(version, _)| *version).collect();
        assert_eq!(versions, (2..=PRIVACY_VERSION).collect::<Vec<_>>());
    }
}
