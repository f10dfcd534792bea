//! Opening a group: choose a template, fill in what is one's own, done.

use crate::{
    groups::{
        self, Group,
        model::{Draft, NewGroup, OpenInput},
        pages,
        template::{self, Template as GroupTemplate},
    },
    joining,
    shell::{AppError, Choice, ChoiceGroup, Cx, FormState, Frame, Lang, Place, Posted, Work},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{Permit, Refusal, RefusalKind, access::OpenGroup};
use mapalus_db::Tx;

/// The templates to choose from.
#[derive(Template)]
#[template(path = "home/templates/templates.html")]
pub struct TemplatesPage {
    f: Frame,
    templates: &'static [GroupTemplate],
    drafts: i64,
}

impl TemplatesPage {
    /// Samples for the test that renders every page: without drafts, and with some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let f = || Frame::sample(lang, "Templates", true);
        [0, 8].map(|drafts| Self { f: f(), templates: template::templates(), drafts }).into()
    }
}

/// The form for a new group.
#[derive(Template)]
#[template(path = "home/templates/open.html")]
pub struct OpenPage {
    f: Frame,
    form: FormState,
    template: Option<&'static GroupTemplate>,
    /// The draft that is filled in, if it is one.
    draft: Option<Draft>,
    /// What came of the draft whose page this was.
    over: Option<Over>,
    kinds: Vec<Choice>,
    causes: Vec<ChoiceGroup>,
    sign_ups: Vec<Choice>,
    visibilities: Vec<Choice>,
}

/// A draft that is gone: what was typed is shown, and the way on.
pub(super) struct Over {
    /// Key of the template from which it came.
    pub template: String,
    /// Whether it was opened as a group; it was thrown away otherwise.
    pub opened: bool,
    /// That group, if one still sees it.
    pub group: Option<Group>,
}

impl OpenPage {
    fn new(f: Frame, form: FormState, template: Option<&'static GroupTemplate>) -> Self {
        Self {
            draft: None,
            over: None,
            kinds: pages::kinds(&f),
            causes: pages::all_causes(&f),
            sign_ups: pages::sign_ups(&f, |_| true),
            visibilities: pages::visibilities(&f),
            f,
            form,
            template,
        }
    }

    /// The form of a draft.
    pub(super) fn of_draft(f: Frame, form: FormState, draft: Draft) -> Self {
        let template = template::get(&draft.template);
        Self { draft: Some(draft), ..Self::new(f, form, template) }
    }

    /// The form of a draft that is gone, with what was typed into it.
    pub(super) fn of_over(f: Frame, form: FormState, over: Over) -> Self {
        let template = template::get(&over.template);
        Self { over: Some(over), ..Self::new(f, form, template) }
    }

    /// Whether what is filled in can be sent: not if the draft is a group already.
    fn open(&self) -> bool {
        self.over.as_ref().is_none_or(|over| !over.opened)
    }

    fn action(&self) -> String {
        self.draft.as_ref().map_or_else(|| "/groups".to_owned(), Draft::path)
    }

    /// Samples for the test that renders every page: from a template, blank, a draft, one that is gone.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |template| {
            let f = Frame::sample(lang, "Open", true);
            let form = prefilled(template, lang);
            Self::new(f, form, template)
        };
        let draft = template::get("disaster").map(|template| {
            let draft = super::drafts::sample_draft(template, lang);
            Self::of_draft(Frame::sample(lang, "Draft", true), super::drafts::filled(&draft), draft)
        });
        let over = |opened: bool, key| {
            let group = opened.then(super::group::sample_group);
            let over = Over { template: "disaster".to_owned(), opened, group };
            let refusal = Refusal::new(RefusalKind::Gone, key);
            let form = prefilled(template::get("disaster"), lang).refused(&refusal, lang);
            Self::of_over(Frame::sample(lang, "Draft", true), form, over)
        };
        let over = [over(true, "groups-draft-opened"), over(false, "groups-draft-discarded")];
        [page(template::get("orphanage")), page(None)].into_iter().chain(draft).chain(over).collect()
    }
}

fn prefilled(template: Option<&GroupTemplate>, lang: Lang) -> FormState {
    match template {
        None => FormState::new().filled("visibility", "public").filled("sign_up", "application"),
        Some(t) => {
            let start = groups::rules::starter(t, lang);
            FormState::new()
                .filled("visibility", start.visibility.word())
                .filled("sign_up", start.sign_up.word())
                .filled("name", start.name)
                .filled("summary", start.summary)
                .filled("about", start.about)
                .filled("template", t.key.as_str())
        }
    }
}

/// `GET /groups/new`
pub async fn choose(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<OpenGroup>()?.signed_in()?;
    let count = move |tx: &mut Tx<'_>, _: &Cx| Ok(groups::count_drafts(tx, person)?);
    let drafts = cx.read("home::count_drafts", count).await?;
    let f = cx.frame(cx.text("home-open-title"));
    cx.html(&TemplatesPage { f, templates: template::templates(), drafts })
}

/// `GET /groups/new/{template}`: `blank` for none.
pub async fn form(cx: Cx, Path(key): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<OpenGroup>()?;
    let template = match key.as_str() {
        "blank" => None,
        key => Some(template::get(key).ok_or_else(Refusal::not_found)?),
    };
    let f = cx.frame(cx.text("home-open-title"));
    cx.html(&OpenPage::new(f, prefilled(template, cx.lang), template))
}

/// `POST /groups`
pub async fn open(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: OpenInput = posted.input()?;
    let template = template::get(&input.template);
    match open_by(&cx, &input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let f = cx.frame(cx.text("home-open-title"));
            cx.html_with(status, &OpenPage::new(f, form, template))
        }
    }
}

pub(in crate::home) async fn open_by(cx: &Cx, input: &OpenInput) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<OpenGroup>()?;
    let group = groups::rules::open(input, cx.lang)?;
    cx.write("home::open_group", move |work, _| {
        let opened = open_group(work, &permit, &group)?;
        Ok(Place::at(format!("/groups/{}", opened.slug)).telling("home-done-opened"))
    })
    .await
}

/// Opens a group with its joining path, in one write.
pub(crate) fn open_group(
    work: &mut Work<'_, '_>,
    permit: &Permit<OpenGroup>,
    group: &NewGroup,
) -> Result<groups::actions::Opened, AppError> {
    let opened = groups::actions::open(work, permit, group)?;
    let template = group.template.and_then(template::get);
    joining::flow::begin_path(work, opened.id, template, group.sign_up, group.lang)?;
    Ok(opened)
}
