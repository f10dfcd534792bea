//! The operator of a new instance gets the templates as drafts: examples to begin with, and nothing that lives.

use crate::{
    groups::actions::drafts::{Given, give_starters},
    people,
    shell::{App, AppError, Lang},
};
use mapalus_core::{Standing, access::UseDraft};

/// Gives the operator a draft of each template of which they have neither a draft nor a group that they run, in the
/// language of their account. Gives what came of it with that language; `None` if nobody is the operator.
///
/// # Errors
/// The database's error; nothing is written then.
pub async fn give(app: &App) -> Result<Option<(Given, Lang)>, AppError> {
    app.write_as(None, "home::starters", |work| {
        let Some((person, lang)) = people::operator(work.tx)? else {
            return Ok(None);
        };
        let standing = Standing { person: Some(person), owner: true, ..Standing::default() };
        let given = give_starters(work, &standing.permit::<UseDraft>()?, lang)?;
        Ok(Some((given, lang)))
    })
    .await
}
