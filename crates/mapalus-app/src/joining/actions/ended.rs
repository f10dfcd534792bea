//! What is under way in a group that was closed for good ends with it.

use crate::{
    groups,
    joining::queries,
    shell::{Work, locale},
};
use mapalus_core::GroupId;
use mapalus_db::{DbError, params};

/// Ends the applications of a closed group, with the reason in the language of the group: those who sent one read it. Drafts
/// stay their owners': nobody else has seen them. To be called when the applicants were told.
pub(crate) fn settle(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), DbError> {
    let Some(found) = groups::find(work.tx, group)? else {
        return Ok(());
    };
    let reason = locale::message(found.lang, "joining-group-ended", &[]);
    work.tx.execute(&queries::END_VOUCHES_OF_GROUP, &params![group])?;
    work.tx.execute(&queries::acquaintance::END_OF_GROUP, &params![group])?;
    work.tx.execute(&queries::END_APPLICATIONS_OF_GROUP, &params![group, work.now, reason])?;
    super::interview::settle_group(work, group)?;
    Ok(())
}
