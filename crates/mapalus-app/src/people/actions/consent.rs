//! A person agrees to the privacy notice as it is now.

use super::{
    super::{model::PRIVACY_VERSION, queries},
    guardian,
};
use crate::shell::{AppError, Work};
use mapalus_core::{Permit, access::UseAccount};
use mapalus_db::params;

/// Agrees to the privacy notice as it is now, for oneself and one's wards; who has done so already does nothing.
pub fn agree(work: &mut Work<'_, '_>, permit: &Permit<UseAccount>) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    let row = params![person, PRIVACY_VERSION, work.now];
    if work.tx.execute(&queries::AGREE, &row)? > 0 {
        guardian::agree_for_wards(work, permit, person)?;
        work.record(permit, person, &format!("privacy notice {PRIVACY_VERSION}"))?;
    }
    Ok(())
}
