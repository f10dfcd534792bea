//! Who may be appointed and by whom, which ages a group may take, who reads a concern: pure decisions.

use super::model::{Proposal, ProposalKind, Safeguard};
use crate::{people::guardian::Ages, shell::forms};
use mapalus_core::{PersonId, Refusal, RefusalKind};

/// Days after which a closed concern is deleted.
pub const KEPT_DAYS: i64 = 365;
/// Days after which a proposal that nobody confirmed lapses.
pub const PROPOSED_DAYS: i64 = 30;
/// Safeguarding people of one group, at most.
pub const MOST: usize = 10;
/// Concerns that one person reports in the window of tries.
pub const REPORTED: i64 = 5;

fn refuse<T>(key: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new(RefusalKind::Conflict, key))
}

/// Whether a group that takes people from these ages on takes one of that age; `appointed` look after minors.
///
/// # Errors
/// `safeguarding-age`, `safeguarding-nobody`.
pub fn may_join(youngest: Ages, ages: Ages, appointed: usize) -> Result<(), Refusal> {
    if !ages.is_minor() {
        return Ok(());
    }
    if ages.from() < youngest.from() {
        return Err(Refusal::new(RefusalKind::Conflict, "safeguarding-age").with("from", youngest.from()));
    }
    if appointed == 0 { refuse("safeguarding-nobody") } else { Ok(()) }
}

/// Whether a group may take minors, or say that it works with vulnerable people.
///
/// # Errors
/// `safeguarding-needed`.
pub fn may_open(youngest: Ages, vulnerable: bool, appointed: usize) -> Result<(), Refusal> {
    if (youngest.is_minor() || vulnerable) && appointed == 0 { refuse("safeguarding-needed") } else { Ok(()) }
}

/// Whether one may propose that about another: `active` and of age is who belongs to the group fully.
///
/// # Errors
/// `safeguarding-self`, `safeguarding-member`, `safeguarding-is`, `safeguarding-is-not`, `safeguarding-many`.
pub fn may_propose(
    kind: ProposalKind,
    (own, person): (PersonId, PersonId),
    (active, is_minor): (bool, bool),
    now: &[Safeguard],
) -> Result<(), Refusal> {
    let is = now.iter().any(|one| one.person_id == person);
    match kind {
        _ if own == person => refuse("safeguarding-self"),
        ProposalKind::Appoint if is => refuse("safeguarding-is"),
        ProposalKind::Appoint if !active || is_minor => refuse("safeguarding-member"),
        ProposalKind::Appoint if now.len() >= MOST => {
            Err(Refusal::new(RefusalKind::Conflict, "safeguarding-many").with("most", MOST as i64))
        }
        ProposalKind::Dismiss if !is => refuse("safeguarding-is-not"),
        _ => Ok(()),
    }
}

/// Whether one may confirm a proposal: another than who made it and whom it is about, as long as who made it is one of
/// the `holders`, who give roles in the group. An operator only if it has nobody else.
///
/// # Errors
/// `safeguarding-own`, `safeguarding-proposer-gone`, `safeguarding-others`.
pub fn may_confirm(
    of: &Proposal,
    own: PersonId,
    for_group: bool,
    holders: &[PersonId],
) -> Result<(), Refusal> {
    if own == of.proposed_by || own == of.person_id {
        return refuse("safeguarding-own");
    }
    if !holders.contains(&of.proposed_by) {
        return refuse("safeguarding-proposer-gone");
    }
    if for_group && others(holders, of) > 0 { refuse("safeguarding-others") } else { Ok(()) }
}

/// Whether one may take a proposal back, or not agree with it: not whom it is about.
///
/// # Errors
/// `safeguarding-own-cancel`.
pub fn may_cancel(of: &Proposal, own: PersonId) -> Result<(), Refusal> {
    if own == of.person_id { refuse("safeguarding-own-cancel") } else { Ok(()) }
}

/// Those who could confirm a proposal, of those who give roles in the group.
pub fn others(holders: &[PersonId], of: &Proposal) -> usize {
    holders.iter().filter(|person| **person != of.proposed_by && **person != of.person_id).count()
}

/// Whether one of the safeguarding people may be dismissed: not the last one of a group that takes minors.
///
/// # Errors
/// `safeguarding-last`.
pub fn may_dismiss(youngest: Ages, vulnerable: bool, appointed: usize) -> Result<(), Refusal> {
    if (youngest.is_minor() || vulnerable) && appointed <= 1 { refuse("safeguarding-last") } else { Ok(()) }
}

/// Who reads a concern: all that are appointed but its reporter and those whom it is about.
///
/// # Errors
/// `safeguarding-unread` if nobody is left.
pub fn readers(now: &[Safeguard], own: PersonId, about: &[PersonId]) -> Result<Vec<PersonId>, Refusal> {
    let reads = |one: &&Safeguard| one.person_id != own && !about.contains(&one.person_id);
    let readers: Vec<PersonId> = now.iter().filter(reads).map(|one| one.person_id).collect();
    if readers.is_empty() { refuse("safeguarding-unread") } else { Ok(readers) }
}

/// Checks what somebody reports.
///
/// # Errors
/// What does not hold of it.
pub fn concern(text: &str) -> Result<String, Refusal> {
    forms::bounded(text, 10, 4_000).map_err(|wrong| wrong.at("text"))
}

/// Checks what was done.
///
/// # Errors
/// What does not hold of it.
pub fn outcome(text: &str) -> Result<String, Refusal> {
    forms::bounded(text, 10, 2_000).map_err(|wrong| wrong.at("outcome"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{EventId, GroupId, Id, Millis, ProposalId, chance::Counted};

    #[test]
    fn a_group_takes_whom_it_says_and_minors_only_with_somebody_who_looks_after_them() {
        use Ages::{Adult, Older, Younger};
        let key = |youngest, ages, appointed| may_join(youngest, ages, appointed).map_err(|r| r.key);
        assert_eq!(key(Adult, Adult, 0), Ok(()));
        assert_eq!(key(Adult, Older, 1), Err("safeguarding-age"));
        assert_eq!(key(Older, Younger, 1), Err("safeguarding-age"));
        assert_eq!(key(Older, Older, 1), Ok(()));
        assert_eq!(key(Younger, Younger, 0), Err("safeguarding-nobody"));
        assert!(may_open(Adult, false, 0).is_ok() && may_open(Adult, true, 0).is_err());
        assert!(may_open(Older, false, 0).is_err() && may_open(Younger, true, 1).is_ok());
        assert!(may_dismiss(Older, false, 1).is_err() && may_dismiss(Older, false, 2).is_ok());
        assert!(may_dismiss(Adult, false, 1).is_ok());
    }

    #[test]
    fn two_people_appoint_a_third_and_nobody_themselves() {
        let chance = Counted::default();
        let [one, other, third] = [(); 3].map(|()| PersonId::new(Millis(0), &chance));
        let of = Proposal {
            id: ProposalId::new(Millis(0), &chance),
            group_id: GroupId::new(Millis(0), &chance),
            group_name: String::new(),
            slug: String::new(),
            person_id: third,
            name: String::new(),
            kind: ProposalKind::Appoint,
            proposed_by: one,
            proposer: String::new(),
            made_at: Millis(0),
            event_id: EventId::new(Millis(0), &chance),
        };
        let key = |own, for_group, holders: &[PersonId]| {
            may_confirm(&of, own, for_group, holders).map_err(|r| r.key)
        };
        assert_eq!(key(one, false, &[one]), Err("safeguarding-own"));
        assert_eq!(key(third, false, &[one]), Err("safeguarding-own"));
        assert_eq!(key(other, false, &[one, other]), Ok(()));
        assert_eq!(key(other, true, &[one, other]), Err("safeguarding-others"));
        assert_eq!(key(other, true, &[one]), Ok(()));
        assert_eq!(key(other, false, &[other]), Err("safeguarding-proposer-gone"));
        assert_eq!(may_cancel(&of, third).unwrap_err().key, "safeguarding-own-cancel");
        assert!(may_cancel(&of, one).is_ok() && may_cancel(&of, other).is_ok());
        assert_eq!(others(&[one, other, third], &of), 1);
        let now = [Safeguard { person_id: third, name: String::new(), since: Millis(0) }];
        let propose = |kind, person, fits| may_propose(kind, (one, person), fits, &now).map_err(|r| r.key);
        assert_eq!(propose(ProposalKind::Appoint, third, (true, false)), Err("safeguarding-is"));
        assert_eq!(propose(ProposalKind::Appoint, other, (true, true)), Err("safeguarding-member"));
        assert_eq!(propose(ProposalKind::Dismiss, other, (true, false)), Err("safeguarding-is-not"));
        assert_eq!(propose(ProposalKind::Appoint, other, (true, false)), Ok(()));
        assert_eq!(propose(ProposalKind::Appoint, one, (true, false)), Err("safeguarding-self"));
        assert_eq!(readers(&now, other, &[third]).unwrap_err().key, "safeguarding-unread");
        assert_eq!(readers(&now, other, &[]), Ok(vec![third]));
    }
}
