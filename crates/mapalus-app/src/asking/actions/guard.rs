//! Against abuse: writers are blocked by a group, questions are reported to the operator.

use super::{conflict, may_run};
use crate::{
    asking::{model::Thread, queries, rules},
    people,
    shell::{AppError, Work},
};
use mapalus_core::{
    BlockId, Event, GroupId, Permit, Refusal, ReportId,
    access::{AnswerQuestion, OperateInstance, ReadQuestion, RunQuestions},
};
use mapalus_db::params;

/// Reports of one person in a quarter of an hour.
const REPORTS_OF_PERSON: i64 = 10;

/// Takes no more questions of who wrote this one, and closes it. They are told nothing.
///
/// # Errors
/// `asking-own`; `asking-nobody` if the account is gone.
pub fn block(
    work: &mut Work<'_, '_>,
    permit: &Permit<AnswerQuestion>,
    thread: &Thread,
) -> Result<(), AppError> {
    may_run(thread, permit.signed_in()?)?;
    // The writer was erased meanwhile: there is nobody to block.
    if thread.seal.is_empty() {
        return Err(conflict("asking-nobody"));
    }
    let id: BlockId = work.id();
    let row = params![id, thread.group_id, thread.person_id, &thread.seal, work.now, work.actor];
    work.tx.execute(&queries::BLOCK, &row)?;
    super::close(work, permit, thread, true)?;
    work.record(permit, thread.id, "blocked")?;
    Ok(())
}

/// Takes questions of somebody again.
///
/// # Errors
/// Not found.
pub fn unblock(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunQuestions>,
    group: GroupId,
    block: BlockId,
) -> Result<(), AppError> {
    if work.tx.execute(&queries::UNBLOCK, &params![block, group])? == 0 {
        return Err(Refusal::not_found().into());
    }
    work.record(permit, block, "unblocked")?;
    Ok(())
}

/// Reports a question to the operator, who sees this question and nothing else of the group.
///
/// # Errors
/// `asking-reported` if it is reported already and not settled, `asking-too-many`.
pub fn report(
    work: &mut Work<'_, '_>,
    permit: &Permit<ReadQuestion>,
    thread: &Thread,
    reason: &str,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    let reason = rules::reason(reason)?;
    super::limited(people::limit(work, "report by", &person.to_string(), REPORTS_OF_PERSON))?;
    let id: ReportId = work.id();
    if work.tx.execute(&queries::REPORT, &params![id, thread.id, person, reason, work.now])? == 0 {
        return Err(conflict("asking-reported"));
    }
    work.emit(&Event::AskReported { ask: thread.id, report: id })?;
    work.record(permit, thread.id, "reported")?;
    Ok(())
}

/// The operator has dealt with a report.
///
/// # Errors
/// `asking-settled` if there is none that waits.
pub fn settle(
    work: &mut Work<'_, '_>,
    permit: &Permit<OperateInstance>,
    report: ReportId,
) -> Result<(), AppError> {
    if work.tx.execute(&queries::SETTLE, &params![report, work.now, work.actor])? == 0 {
        return Err(conflict("asking-settled"));
    }
    work.record(permit, report, "settled")?;
    Ok(())
}
