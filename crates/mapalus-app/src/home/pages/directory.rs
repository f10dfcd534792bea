//! Discover: groups by words, kind and place.

use super::sample_card;
use crate::{
    groups::{self, Card, Filter, GroupKind},
    shell::{
        AppError, Choice, Cx, FormState, Frame, Lang,
        forms::{self, Wrong},
        locale,
        paging::{self, Paged},
        reference::{Level, areas, causes, occupations},
        text,
    },
};
use askama::Template;
use axum::response::Response;
use mapalus_core::{Flaw, Refusal, access::SeePublic};
use serde::{Deserialize, Serialize};

/// What is looked for: the address of the page holds it, so that it can be shared.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub struct Wanted {
    /// Words: of the name, an occupation, a cause.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Kind of group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Regency or town, by name or code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub area: String,
    /// Cursor.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
}

impl Wanted {
    /// The filter, or what is wrong with what was asked.
    ///
    /// # Errors
    /// An unknown kind or area, with the nearest matches.
    pub fn filter(&self) -> Result<Filter, Refusal> {
        let flaw = |field: &str, Wrong(key, arguments)| {
            Refusal::invalid(vec![Flaw { field: field.to_owned(), key, arguments }])
        };
        let kind = match self.kind.as_str() {
            "" => None,
            kind => Some(kind.parse().map_err(|_| flaw("kind", Wrong::plain("wrong-choice")))?),
        };
        let area = match self.area.trim() {
            "" => None,
            typed => Some(forms::area(typed, &[Level::Regency]).map_err(|wrong| flaw("area", wrong))?),
        };
        let q: String = self.q.chars().take(80).collect();
        let after = paging::read_cursor::<2>(&self.after).map(|[name, id]| (name, id)).unwrap_or_default();
        Ok(Filter { kind, words: text::fold(&q), area, topics: topics(&q), after })
    }

    fn address(&self) -> String {
        serde_html_form::to_string(self)
            .map(|query| format!("/groups?{query}"))
            .unwrap_or_else(|_| "/groups".to_owned())
    }
}

/// Codes and keys of the occupations and causes that the words speak of: an occupation with those above
/// it, which hold it, and those below it.
fn topics(words: &str) -> Vec<String> {
    let mut codes: Vec<String> =
        causes().iter().filter(|cause| cause.fits(words)).map(|c| c.key.clone()).collect();
    for hit in occupations().search(words, 4) {
        let code = &hit.occupation.code;
        let related =
            occupations().all().iter().filter(|o| o.code.starts_with(code) || code.starts_with(&o.code));
        // A single digit says nothing of a profession.
        codes.extend(related.map(|o| o.code.clone()).filter(|code| code.len() > 1));
    }
    codes.sort();
    codes.dedup();
    codes
}

/// Discover.
#[derive(Template)]
#[template(path = "home/templates/directory.html")]
pub struct DirectoryPage {
    f: Frame,
    form: FormState,
    kinds: Vec<Choice>,
    groups: Paged<Card>,
    next: Option<String>,
    narrowed: bool,
}

impl DirectoryPage {
    fn new(f: Frame, wanted: &Wanted, groups: Paged<Card>, refusal: Option<&Refusal>) -> Self {
        let kinds =
            GroupKind::ALL.iter().map(|kind| Choice::new(kind.word(), f.word("groups-kind", kind))).collect();
        let mut form = FormState::new()
            .filled("q", wanted.q.as_str())
            .filled("kind", wanted.kind.as_str())
            .filled("area", wanted.area.as_str());
        if let Some(refusal) = refusal {
            form = form.refused(refusal, f.language());
        }
        let next = groups.next.clone().map(|after| Wanted { after, ..wanted.clone() }.address());
        let narrowed = !(wanted.q.is_empty() && wanted.kind.is_empty() && wanted.area.is_empty());
        Self { f, form, kinds, groups, next, narrowed }
    }

    /// Samples for the test that renders every page: nothing, something, an unknown area.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let cards = || GroupKind::ALL.iter().map(|kind| sample_card(*kind, None)).collect();
        let page = |items, next: Option<&str>, wanted: Wanted| {
            let refusal = wanted.filter().err();
            let f = Frame::sample(lang, "Groups", false);
            Self::new(f, &wanted, Paged { items, next: next.map(str::to_owned) }, refusal.as_ref())
        };
        vec![
            page(Vec::new(), None, Wanted { q: "bencana".to_owned(), ..Wanted::default() }),
            page(cards(), Some("x"), Wanted::default()),
            page(cards(), None, Wanted { area: "Atlantis".to_owned(), ..Wanted::default() }),
        ]
    }
}

/// `GET /groups?q=&kind=&area=&after=`
pub async fn directory(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let wanted: Wanted = cx.query()?;
    let f = cx.frame(cx.text("home-discover-title")).for_everybody(locale::message(
        cx.lang,
        "home-discover-lead",
        &[],
    ));
    let filter = match wanted.filter() {
        Ok(filter) => filter,
        Err(refusal) => {
            let none = Paged { items: Vec::new(), next: None };
            let status = crate::shell::error::status(refusal.kind);
            return cx.html_with(status, &DirectoryPage::new(f, &wanted, none, Some(&refusal)));
        }
    };
    let rows = cx.read("home::directory", move |tx, _| Ok(groups::directory(tx, &filter)?)).await?;
    let page = paging::paged(rows, place_of);
    cx.html(&DirectoryPage::new(f, &wanted, page, None))
}

/// The cursor after a group in the directory.
pub(in crate::home) fn place_of(card: &Card) -> String {
    paging::cursor(&[&card.name_folded, &card.id.to_string()])
}

/// Where a group is at home, in words.
pub(in crate::home) fn place(area: &str) -> String {
    areas().label(area)
}
