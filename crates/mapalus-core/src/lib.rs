//! What every other crate speaks of: typed ids, time and chance as arguments, who may do what,
//! what happened, and why something was refused.
//!
//! No async, no input or output: everything here is a value or a pure function.

pub mod access;
pub mod chance;
pub mod event;
pub mod id;
pub mod membership;
pub mod refusal;
pub mod scope;
pub mod time;

pub use access::{Denied, Permit, Standing};
pub use chance::Chance;
pub use event::Event;
pub use id::*;
pub use membership::{GroupVisibility, MembershipState, Permission, Permissions};
pub use refusal::{Argument, Flaw, Refusal, RefusalKind};
pub use scope::{ByToken, Scope, Scopes};
pub use time::{Clock, Millis};

/// Calls a macro with every type of this crate that the database keeps as text, so that the
/// database crate can teach its columns these types without knowing any of them by name.
#[macro_export]
macro_rules! for_each_text_type {
    ($callback:ident) => {
        $callback! {
            $crate::PersonId, $crate::SessionId, $crate::GroupId, $crate::RoleId, $crate::PathId,
            $crate::StepId, $crate::ApplicationId, $crate::NoticeId, $crate::EventId, $crate::LinkId,
            $crate::MailId, $crate::FileId, $crate::VouchId, $crate::TokenId, $crate::DraftId, $crate::RecoveryId,
            $crate::AskId, $crate::WordId, $crate::ReplyId, $crate::BlockId, $crate::ReportId, $crate::WatchId,
            $crate::QualificationId, $crate::KindId, $crate::SeenId, $crate::ProposalId, $crate::ConcernId,
            $crate::TrainingId, $crate::SittingId, $crate::EnrolmentId,
            $crate::SlotId, $crate::InterviewId, $crate::AcquaintanceId, $crate::PasskeyId, $crate::CeremonyId,
            $crate::DecisionId, $crate::MarkId, $crate::AnswerId,
            $crate::MembershipState, $crate::GroupVisibility
        }
    };
}
