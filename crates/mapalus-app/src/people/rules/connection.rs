//! Who may ask whom, how often, and what an answer does.

use crate::{
    people::connection::{ConnectionState, KnownTo, Pair},
    shell::forms,
};
use mapalus_core::{Millis, PersonId, Refusal, RefusalKind, time::DAY};

/// Questions of one person that wait for an answer, at most.
pub const MOST_OPEN: i64 = 30;
/// Questions of one person in a day, at most.
pub const ASKED_A_DAY: i64 = 20;
/// How long one who was declined does not ask again, and what ended is kept.
pub const AGAIN_MILLIS: i64 = 90 * DAY;
/// How long a report is kept after it was dealt with.
pub const REPORT_KEPT_MILLIS: i64 = 30 * DAY;

/// What somebody's wish to be connected comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// It is asked.
    Ask,
    /// It is asked, and the other one does not hear of it: they do not wish to.
    AskInVain,
    /// The other one has asked: both say so now.
    Accept,
    /// It stands so already.
    Stands,
}

/// What the wish to be connected comes to. One who was blocked meets nobody; one who blocked unblocks first.
///
/// # Errors
/// Not found for oneself, for one who is not there or of another age band, and for one who blocks; `people-unblock-first`.
pub fn wish(pair: &Pair, own: PersonId, other: PersonId, now: Millis) -> Result<Wish, Refusal> {
    if own == other || !pair.there || pair.blocked {
        return Err(Refusal::not_found());
    }
    if pair.blocks {
        return Err(Refusal::new(RefusalKind::Conflict, "people-unblock-first"));
    }
    let by_own = pair.asked_by == Some(own);
    let over = pair.declined_at.is_none_or(|at| at.plus(AGAIN_MILLIS) <= now);
    Ok(match pair.state {
        Some(ConnectionState::Held) => Wish::Stands,
        Some(ConnectionState::Asked | ConnectionState::Declined) if !by_own => Wish::Accept,
        Some(ConnectionState::Asked) => Wish::Stands,
        Some(_) if by_own && !over => Wish::AskInVain,
        _ => Wish::Ask,
    })
}

/// Whether one may ask one more.
///
/// # Errors
/// `people-connect-open`, `people-connect-many`.
pub fn one_more(open: i64, lately: i64) -> Result<(), Refusal> {
    if open >= MOST_OPEN {
        return Err(Refusal::new(RefusalKind::Conflict, "people-connect-open").with("most", MOST_OPEN));
    }
    if lately >= ASKED_A_DAY {
        return Err(Refusal::new(RefusalKind::TooMany, "people-connect-many").with("most", ASKED_A_DAY));
    }
    Ok(())
}

/// Checks what one writes to ask somebody: a line without a link.
///
/// # Errors
/// What does not hold of it.
pub fn word(text: &str) -> Result<String, Refusal> {
    let word = forms::line(text, 0, 200).map_err(|wrong| wrong.at("word"))?;
    if word.contains("://") || word.contains("www.") {
        return Err(forms::Wrong::plain("people-wrong-word").at("word"));
    }
    Ok(word)
}

/// Checks why somebody is reported.
///
/// # Errors
/// What does not hold of it.
pub fn reason(text: &str) -> Result<String, Refusal> {
    forms::bounded(text, 10, 1_000).map_err(|wrong| wrong.at("reason"))
}

/// Checks who may know that one belongs to a group.
///
/// # Errors
/// `wrong-choice`.
pub fn known_to(text: &str) -> Result<KnownTo, Refusal> {
    forms::word(text).map_err(|wrong| wrong.at("known_to"))
}

/// Whether one who looks at a person finds them: not if that person blocked them.
///
/// # Errors
/// Not found.
pub fn found(pair: Option<&Pair>) -> Result<(), Refusal> {
    if pair.is_some_and(|pair| pair.blocked) { Err(Refusal::not_found()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::connection::Between;
    use mapalus_core::{Id, chance::Counted};

    fn people() -> (PersonId, PersonId) {
        let chance = Counted::default();
        (PersonId::new(Millis(0), &chance), PersonId::new(Millis(0), &chance))
    }

    fn pair(state: Option<ConnectionState>, asked_by: Option<PersonId>) -> Pair {
        Pair { there: true, state, asked_by, declined_at: None, blocks: false, blocked: false }
    }

    #[test]
    fn who_was_asked_accepts_by_asking_and_who_asked_asks_once() {
        let (own, other) = people();
        let wish = |pair: &Pair| wish(pair, own, other, Millis(DAY)).ok();
        assert_eq!(wish(&pair(None, None)), Some(Wish::Ask));
        assert_eq!(wish(&pair(Some(ConnectionState::Asked), Some(other))), Some(Wish::Accept));
        assert_eq!(wish(&pair(Some(ConnectionState::Asked), Some(own))), Some(Wish::Stands));
        assert_eq!(wish(&pair(Some(ConnectionState::Held), Some(own))), Some(Wish::Stands));
        assert_eq!(wish(&pair(Some(ConnectionState::Ended), Some(own))), Some(Wish::Ask));
    }

    #[test]
    fn who_was_declined_is_not_told_and_asks_in_vain_for_a_while() {
        let (own, other) = people();
        let declined =
            Pair { declined_at: Some(Millis(0)), ..pair(Some(ConnectionState::Declined), Some(own)) };
        assert_eq!(declined.between(own), Between::Asked);
        assert_eq!(declined.between(other), Between::Nothing);
        let at = |now| wish(&declined, own, other, Millis(now)).ok();
        assert_eq!(at(DAY), Some(Wish::AskInVain));
        assert_eq!(at(AGAIN_MILLIS), Some(Wish::Ask));
        // Nor does taking the question back help.
        let ended = Pair { state: Some(ConnectionState::Ended), ..declined.clone() };
        assert_eq!(wish(&ended, own, other, Millis(DAY)).ok(), Some(Wish::AskInVain));
        assert_eq!(wish(&ended, other, own, Millis(DAY)).ok(), Some(Wish::Ask));
        // Who declined may think better of it.
        assert_eq!(wish(&declined, other, own, Millis(DAY)).ok(), Some(Wish::Accept));
    }

    #[test]
    fn who_is_blocked_meets_nobody_and_who_blocks_unblocks_first() {
        let (own, other) = people();
        let blocked = Pair { blocked: true, ..pair(None, None) };
        assert_eq!(wish(&blocked, own, other, Millis(0)), Err(Refusal::not_found()));
        assert!(found(Some(&blocked)).is_err() && found(None).is_ok());
        let blocks = Pair { blocks: true, ..pair(None, None) };
        assert_eq!(wish(&blocks, own, other, Millis(0)).unwrap_err().key, "people-unblock-first");
        assert_eq!(blocks.between(own), Between::Blocked);
        let gone = Pair { there: false, ..pair(None, None) };
        assert_eq!(wish(&gone, own, other, Millis(0)), Err(Refusal::not_found()));
        assert_eq!(wish(&pair(None, None), own, own, Millis(0)), Err(Refusal::not_found()));
    }

    #[test]
    fn questions_are_bounded_and_carry_no_links() {
        assert!(one_more(29, 19).is_ok());
        assert_eq!(one_more(30, 0).unwrap_err().key, "people-connect-open");
        assert_eq!(one_more(0, 20).unwrap_err().key, "people-connect-many");
        assert_eq!(word(" Rekan  satu bangsal. ").unwrap(), "Rekan satu bangsal.");
        assert!(word("Lihat https://contoh.id").is_err() && word(&"a".repeat(201)).is_err());
        assert!(reason("pendek").is_err());
    }
}
