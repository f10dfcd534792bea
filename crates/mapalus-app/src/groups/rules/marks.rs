//! Pure decisions about what those who operate the instance say of groups.

use crate::{
    groups::model::marks::{GroupMark, ListedGroup, Mark},
    shell::forms::{self, Wrong},
};
use mapalus_core::{Millis, PersonId, Refusal, RefusalKind};

/// Answers in a quarter of an hour that a group may give.
pub const ANSWERED: i64 = 5;

fn conflict(key: &'static str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, key)
}

/// That what was said cannot be taken back any more.
pub fn too_late() -> Refusal {
    conflict("groups-mark-too-late")
}

/// Whether that can be said of a group now.
///
/// # Errors
/// `groups-ended` of one that is closed for good, `groups-mark-same` if it is so already.
pub fn may_mark(group: &ListedGroup, mark: Mark) -> Result<(), Refusal> {
    if group.ended_at.is_some() && matches!(mark, Mark::Verified | Mark::Hidden) {
        return Err(conflict("groups-mark-ended"));
    }
    if group.possible().contains(&mark) { Ok(()) } else { Err(conflict("groups-mark-same")) }
}

/// What was said last, if it can be taken back by this one now.
///
/// # Errors
/// `groups-mark-too-late`.
pub fn may_take_back(
    marks: &[GroupMark],
    by: PersonId,
    now: Millis,
    undo_millis: i64,
) -> Result<&GroupMark, Refusal> {
    let last = marks.first().filter(|last| last.by_id == Some(by) && now < last.at.plus(undo_millis));
    last.ok_or_else(too_late)
}

/// How a group stood before its last mark was set: whether there was one of the same two before it that says so, since when
/// and why.
pub fn before(marks: &[GroupMark]) -> Option<&GroupMark> {
    let pair = |mark: Mark| matches!(mark, Mark::Verified | Mark::Unverified);
    let last = marks.first()?;
    let earlier = marks.iter().skip(1).find(|earlier| pair(earlier.mark) == pair(last.mark))?;
    matches!(earlier.mark, Mark::Verified | Mark::Hidden).then_some(earlier)
}

/// A reason, one sentence.
///
/// # Errors
/// If it is shorter than 5 or longer than 200 characters.
pub fn reason(text: &str) -> Result<String, Wrong> {
    forms::line(text, 5, 200)
}

/// What those who run a hidden group say.
///
/// # Errors
/// `groups-not-hidden` if it is shown again; what is wrong with the text.
pub fn answer(hidden: bool, text: &str) -> Result<String, Refusal> {
    if !hidden {
        return Err(conflict("groups-not-hidden"));
    }
    forms::bounded(text, 5, 2_000).map_err(|wrong| wrong.at("text"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{EventId, Id, MarkId, chance::Counted};

    fn mark(mark: Mark, at: i64, by: PersonId) -> GroupMark {
        let chance = Counted::default();
        GroupMark {
            id: MarkId::new(Millis(at), &chance),
            mark,
            reason: mark.word().to_owned(),
            at: Millis(at),
            by_id: Some(by),
            event_id: EventId::new(Millis(at), &chance),
            by_name: String::new(),
        }
    }

    #[test]
    fn the_last_mark_is_taken_back_by_who_set_it_and_in_time() {
        let chance = Counted::default();
        let (own, other) = (PersonId::new(Millis(0), &chance), PersonId::new(Millis(1), &chance));
        let marks = [mark(Mark::Hidden, 1_000, own), mark(Mark::Verified, 0, own)];
        assert!(may_take_back(&marks, own, Millis(20_999), 20_000).is_ok());
        for (by, now) in [(own, 21_000), (other, 1_000)] {
            let refused = may_take_back(&marks, by, Millis(now), 20_000).unwrap_err();
            assert_eq!(refused.key, "groups-mark-too-late");
        }
        assert!(may_take_back(&[], own, Millis(0), 20_000).is_err());
    }

    #[test]
    fn what_stood_before_is_that_of_the_same_two() {
        let own = PersonId::new(Millis(0), &Counted::default());
        let at = |marks: &[Mark]| -> Vec<GroupMark> {
            (0..).zip(marks).map(|(n, one)| mark(*one, 100 - n, own)).collect()
        };
        use Mark::{Hidden, Shown, Unverified, Verified};
        let stood = |marks: &[Mark]| before(&at(marks)).map(|mark| mark.mark);
        assert_eq!(stood(&[Shown, Verified, Hidden]), Some(Hidden));
        assert_eq!(stood(&[Hidden, Verified]), None);
        assert_eq!(stood(&[Unverified, Shown, Hidden, Verified]), Some(Verified));
        assert_eq!(stood(&[Verified, Unverified, Verified]), None);
    }

    #[test]
    fn an_answer_is_for_a_group_that_is_hidden() {
        assert_eq!(answer(false, "Kami sudah membenahinya.").unwrap_err().key, "groups-not-hidden");
        assert!(answer(true, "Kami sudah membenahinya.").is_ok());
        assert!(answer(true, "x").is_err());
    }
}
