//! One's own tokens: the list, the form, and the secret of a new one.

use crate::{
    people::{
        self, actions, rules,
        token::{Token, USUAL_DAYS},
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{Id, Millis, Refusal, Scope, Scopes, TokenId, access::UseTokens, chance::Counted};

/// One's tokens, and the form for a new one.
#[derive(Template)]
#[template(path = "people/templates/tokens.html")]
pub struct TokensPage {
    f: Frame,
    tokens: Vec<Token>,
    form: FormState,
    scopes: Vec<Choice>,
    days: Vec<Choice>,
}

/// A scope in the words of the interface.
fn in_words(f: &Frame, scope: Scope) -> String {
    f.t(format!("people-scope-{}", scope.word().replace(':', "-")))
}

impl TokensPage {
    fn new(f: Frame, tokens: Vec<Token>, form: FormState) -> Self {
        let scope = |scope: &Scope| Choice::new(scope.word(), in_words(&f, *scope)).noting(scope.word());
        let scopes = Scope::ALL.iter().map(scope).collect();
        let days = rules::TOKEN_DAYS
            .map(|days| Choice::new(days.to_string(), f.t1("people-token-days", "days", days)));
        Self { f, tokens, form, scopes, days: days.to_vec() }
    }

    fn reaches(&self, token: &Token) -> Vec<String> {
        token.scopes.iter().map(|scope| in_words(&self.f, scope)).collect()
    }

    fn is_over(&self, token: &Token) -> bool {
        self.f.now() >= token.ends_at
    }

    /// Samples for the test that renders every page: none yet, some, a form that was refused.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let f = || Frame::sample(lang, "Tokens", true);
        let chance = Counted::default();
        let token = |days: i64, used_at| {
            let made_at = f().now().plus(-20 * mapalus_core::time::DAY);
            let ends_at = made_at.plus(days * mapalus_core::time::DAY);
            let scopes = [Scope::GroupsRead, Scope::JoiningRead].into_iter().collect();
            Token {
                id: TokenId::new(made_at, &chance),
                name: "Laporan bulanan".to_owned(),
                scopes,
                made_at,
                ends_at,
                used_at,
            }
        };
        let used = Some(Millis(1_779_900_000_000));
        let refused = rules::new_token(&people::token::TokenInput {
            name: String::new(),
            scopes: Vec::new(),
            days: 30,
        });
        let refused = refused.err().map_or_else(fresh, |refusal| fresh().refused(&refusal, lang));
        vec![
            Self::new(f(), Vec::new(), fresh()),
            Self::new(f(), vec![token(30, used), token(7, None)], fresh()),
            Self::new(f(), Vec::new(), refused),
        ]
    }
}

/// The form before anything was chosen.
fn fresh() -> FormState {
    FormState::new().filled("days", USUAL_DAYS.to_string())
}

/// The secret of a token that was just made.
#[derive(Template)]
#[template(path = "people/templates/token.html")]
pub struct TokenPage {
    f: Frame,
    token: Token,
    secret: String,
}

impl TokenPage {
    fn reaches(&self) -> Vec<String> {
        self.token.scopes.iter().map(|scope| in_words(&self.f, scope)).collect()
    }

    /// Something that the token may read, to try it.
    fn example(&self) -> Option<&'static str> {
        let first = [
            (Scope::ProfileRead, "/api/v1/me"),
            (Scope::GroupsRead, "/api/v1/groups"),
            (Scope::JoiningRead, "/api/v1/applications"),
            (Scope::NoticesRead, "/api/v1/notices"),
        ];
        first.into_iter().find(|(scope, _)| self.token.scopes.has(*scope)).map(|(_, path)| path)
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let f = Frame::sample(lang, "Token", true);
        let made_at = f.now();
        let token = Token {
            id: TokenId::new(made_at, &Counted::default()),
            name: "Laporan bulanan".to_owned(),
            scopes: Scopes::all(),
            made_at,
            ends_at: made_at.plus(30 * mapalus_core::time::DAY),
            used_at: None,
        };
        Self { f, token, secret: format!("map_{}", "0123456789abcdef".repeat(4)) }
    }
}

/// `GET /me/tokens`
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    show(&cx, StatusCode::OK, fresh()).await
}

async fn show(cx: &Cx, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseTokens>()?.signed_in()?;
    let tokens = cx.read("people::tokens", move |tx, _| Ok(people::tokens(tx, person)?)).await?;
    let f = cx.frame(cx.text("people-tokens-title"));
    cx.html_with(status, &TokensPage::new(f, tokens, form))
}

/// `POST /me/tokens`: the secret stands in the answer itself, and nowhere else.
pub async fn make(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match actions::token::make(&cx, &posted.input()?).await {
        Ok((token, secret)) => {
            let f = cx.frame(cx.text("people-token-made-title"));
            cx.html_with(StatusCode::CREATED, &TokenPage { f, token, secret })
        }
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, status, form).await
        }
    }
}

/// `POST /me/tokens/{token}/end`
pub async fn end(Path(token): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let permit = cx.standing().permit::<UseTokens>()?;
    let token: TokenId = token.parse().map_err(|_| Refusal::not_found())?;
    let place = cx
        .write("people::end_token", move |work, _| {
            actions::token::end(work, &permit, token)?;
            Ok(Place::at("/me/tokens").telling("people-done-token-ended"))
        })
        .await?;
    Ok(cx.see(&place))
}
