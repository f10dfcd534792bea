//! Personal tokens are made, used and ended.

use super::super::{
    queries, rules,
    token::{NewToken, Token, TokenAlarm, TokenInput},
};
use crate::shell::{App, AppError, Cx, Place, Work, secrets};
use mapalus_core::{
    Event, Permit, PersonId, Refusal, RefusalKind, TokenId,
    access::{MakeToken, UseTokens},
    time::DAY,
};
use mapalus_db::{DbError, params};

/// Makes a token; gives it with its secret. The same form sent again gives the same, as long as the token stands.
///
/// # Errors
/// Fields that do not hold; `people-tokens-full`, `people-tokens-often`; `people-token-gone` if the form was sent
/// before and its token was ended since.
pub async fn make(cx: &Cx, input: &TokenInput) -> Result<(Token, String), AppError> {
    let permit = cx.standing().permit::<MakeToken>()?;
    let person = permit.signed_in()?;
    let new = rules::new_token(input)?;
    let once = cx.once().map_or_else(|| secrets::nonce(&*cx.app.chance), str::to_owned);
    let (app, value) = (cx.app.clone(), once.clone());
    let place = cx
        .write("people::make_token", move |work, _| {
            let token = store(work, &permit, &new, |token| app.key.token(token, &value))?;
            Ok(Place::at(format!("/me/tokens#{token}")))
        })
        .await?;
    let id = place.location.rsplit('#').next().and_then(|id| id.parse::<TokenId>().ok());
    let id = id.ok_or_else(|| AppError::internal("a token was made without a place"))?;
    let token = cx.read("people::token", move |tx, _| Ok(super::super::token_of(tx, person, id)?)).await?;
    let token = token.ok_or_else(|| Refusal::new(RefusalKind::Gone, "people-token-gone"))?;
    Ok((token, cx.app.key.token(id, &once)))
}

fn store(
    work: &mut Work<'_, '_>,
    permit: &Permit<MakeToken>,
    new: &NewToken,
    secret: impl FnOnce(TokenId) -> String,
) -> Result<TokenId, AppError> {
    let person = permit.signed_in()?;
    work.tx.execute(&queries::FREE_PLACES, &params![person, work.now])?;
    let taken: Vec<(i64,)> = work.tx.all(&queries::TOKEN_PLACES, &params![person])?;
    let place = rules::free_place(&taken.into_iter().map(|(place,)| place).collect::<Vec<_>>())?;
    if !queries::count_try(work.tx, &format!("tokens {person}"), rules::TOKENS_MADE, work.now)? {
        return Err(Refusal::new(RefusalKind::TooMany, "people-tokens-often").into());
    }
    let token: TokenId = work.id();
    let digest = secrets::digest(secret(token));
    let ends_at = work.now.plus(new.days * DAY);
    let remind_at = rules::token_remind_at(new.days, ends_at);
    let row = params![token, person, place, &new.name, digest, new.scopes, work.now, ends_at, remind_at];
    work.tx.execute_one(&queries::MAKE_TOKEN, &row)?;
    work.record(permit, token, "make")?;
    work.emit(&Event::TokenMade { person, token })?;
    Ok(token)
}

/// Ends a token of one's own; it counts at once.
///
/// # Errors
/// Not found if there is no such token, or it was ended before.
pub fn end(work: &mut Work<'_, '_>, permit: &Permit<UseTokens>, token: TokenId) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    if work.tx.execute(&queries::END_TOKEN, &params![token, person, work.now])? == 0 {
        return Err(Refusal::not_found().into());
    }
    work.record(permit, token, "end")?;
    Ok(())
}

/// Ends all tokens of a person whose password was set anew by mail: somebody else may have made them.
pub(super) fn end_all(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::END_TOKENS_OF, &params![person, work.now])?;
    Ok(())
}

/// Forgets all tokens of a person.
pub(super) fn forget_all(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_TOKENS_OF, &params![person])?;
    Ok(())
}

/// Reminds of every token that ends within seven days, twenty in a write; each once, whichever node looks.
///
/// # Errors
/// The database's error; what was done before stays done.
pub async fn remind(app: &App) -> Result<(), DbError> {
    app.while_due("people::remind", &queries::NEXT_TOKEN_ALARM, |work| {
        let alarms: Vec<TokenAlarm> = work.tx.all(&queries::TOKEN_ALARMS, &params![work.now])?;
        for alarm in alarms {
            let ours = work.tx.execute(&queries::END_TOKEN_ALARM, &params![alarm.id, alarm.remind_at])?;
            // Whoever looks late has nothing to say of a token that is over.
            if ours == 1 && work.now < alarm.ends_at {
                work.emit(&Event::TokenEnds { person: alarm.person_id, token: alarm.id })?;
            }
        }
        Ok(())
    })
    .await
}

/// Notes that a token was used, if nobody has within the hour.
pub fn note_use(work: &mut Work<'_, '_>, token: TokenId) -> Result<(), DbError> {
    let since = work.now.plus(-rules::NOTED_MILLIS);
    work.tx.execute(&queries::NOTE_USE, &params![token, work.now, since])?;
    Ok(())
}
