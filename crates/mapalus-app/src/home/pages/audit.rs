//! Who did what in a group.

use super::SAMPLE_AT;
use crate::{
    home::audit::{self, Found, Line, MOST_ROWS, Wanted},
    shell::{AppError, Choice, Cx, FormState, Frame, Lang},
};
use askama::Template;
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{Id, PersonId, chance::Counted};

/// Who did what in a group.
#[derive(Template)]
#[template(path = "home/templates/audit.html")]
pub struct AuditPage {
    f: Frame,
    form: FormState,
    name: String,
    path: String,
    group_lang: Lang,
    lines: Vec<Line>,
    next: Option<String>,
    actions: Vec<&'static str>,
    people: Vec<(PersonId, String)>,
    wanted: Wanted,
}

impl AuditPage {
    fn action_choices(&self) -> Vec<Choice> {
        let choice = |name: &&str| Choice::new(*name, audit::what(self.f.language(), name));
        let mut all: Vec<Choice> = self.actions.iter().map(choice).collect();
        all.sort_by(|one, other| one.label.cmp(&other.label));
        all
    }

    fn person_choices(&self) -> Vec<Choice> {
        self.people.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str())).collect()
    }

    /// The same page of what one person did.
    fn only(&self, person: &PersonId) -> String {
        let wanted = Wanted { person: person.to_string(), ..self.wanted.clone() };
        format!("{}/audit?{}", self.path, wanted.query(""))
    }

    fn csv(&self) -> String {
        format!("{}/audit.csv?{}", self.path, self.wanted.query(""))
    }

    fn next(&self) -> Option<String> {
        let next = self.next.as_deref()?;
        Some(format!("{}/audit?{}", self.path, self.wanted.query(next)))
    }

    fn most(&self) -> i64 {
        MOST_ROWS
    }

    /// Samples for the test that renders every page: some of each, none, a day that is none.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let person = PersonId::new(SAMPLE_AT, &Counted::default());
        let line = |action: &str, actor: Option<PersonId>, full: bool| Line {
            at: SAMPLE_AT,
            actor,
            who: "Stenly Wowor".to_owned(),
            what: audit::what(lang, action),
            action: action.to_owned(),
            how: full.then(|| "accepted".to_owned()),
            subject: full.then(|| "Vina Lumintang".to_owned()),
            href: full.then(|| "/applications/x".to_owned()),
            reason: full.then(|| "Sudah ikut tahun lalu.".to_owned()),
            by_program: full,
        };
        let page = |form, lines: Vec<Line>| Self {
            f: Frame::sample(lang, "Audit", true),
            form,
            name: "Relawan Siaga Bencana".to_owned(),
            path: "/groups/relawan".to_owned(),
            group_lang: Lang::Id,
            next: (!lines.is_empty()).then(|| "abc".to_owned()),
            lines,
            actions: vec!["ChangeGroup", "DecideApplication"],
            people: vec![(person, "Stenly Wowor".to_owned())],
            wanted: Wanted::default(),
        };
        let all = vec![
            line("ChangeGroup", Some(person), false),
            line("SkipStep", Some(person), true),
            line("JudgeGroup", None, false),
        ];
        let wrong = crate::shell::forms::Wrong::plain("wrong-day").at("from");
        vec![
            page(FormState::new(), all),
            page(FormState::new(), Vec::new()),
            page(FormState::new().filled("from", "x").refused(&wrong, lang), Vec::new()),
        ]
    }
}

/// `GET /groups/{group}/audit`
pub async fn audit(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let wanted: Wanted = cx.query()?;
    let form = FormState::new()
        .filled("person", wanted.person.as_str())
        .filled("action", wanted.action.as_str())
        .filled("from", wanted.from.as_str())
        .filled("to", wanted.to.as_str());
    let (found, form, status) = match audit::find(&cx, group.clone(), &wanted, None).await {
        Ok(found) => (found, form, StatusCode::OK),
        Err(AppError::Refusal(refusal)) if !refusal.fields.is_empty() => {
            // All of it, with what is wrong at its field.
            let found = audit::find(&cx, group, &Wanted::default(), None).await?;
            (found, form.refused(&refusal, cx.lang), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => return Err(error),
    };
    let Found { group, lines, next, actions, people } = found;
    let f = cx.frame(cx.text("home-audit-title"));
    let (path, group_lang) = (group.path(), group.lang);
    let page =
        AuditPage { f, form, name: group.name, path, group_lang, lines, next, actions, people, wanted };
    cx.html_with(status, &page)
}

/// `GET /groups/{group}/audit.csv`
pub async fn csv(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let wanted: Wanted = cx.query()?;
    let wanted = Wanted { after: String::new(), ..wanted };
    let found = audit::find(&cx, group, &wanted, Some(MOST_ROWS)).await?;
    let file = audit::csv(cx.lang, &found.lines)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", found.group.slug)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((StatusCode::OK, headers, file).into_response())
}
