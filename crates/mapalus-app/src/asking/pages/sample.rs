//! Questions for the samples of pages.

use crate::{
    asking::model::{Line, Side, State, Thread, Word},
    shell::Lang,
};
use mapalus_core::{AskId, GroupId, Id, LinkId, Millis, PersonId, WordId, chance::Counted};

/// The instant of samples.
pub(super) const AT: Millis = Millis(1_779_900_000_000);

pub(super) fn thread(state: State, stranger: bool) -> Thread {
    let chance = Counted::default();
    let person = PersonId::new(AT, &chance);
    Thread {
        id: AskId::new(AT, &chance),
        group_id: GroupId::new(AT, &chance),
        slug: "relawan-manado".to_owned(),
        group_name: "Relawan Siaga Bencana Manado".to_owned(),
        group_lang: Lang::Id,
        group_ended_at: None,
        person_id: (!stranger).then_some(person),
        name: "Suharti".to_owned(),
        mail: String::new(),
        seal: "x".to_owned(),
        lang: Lang::Id,
        link: stranger.then(|| LinkId::new(AT, &chance)),
        subject: "Bolehkah saya ikut tanpa pengalaman?".to_owned(),
        state,
        assigned_id: Some(person),
        assigned: Some("Stenly Wowor".to_owned()),
        made_at: AT,
        asked_at: Some(AT),
        first_answer_at: None,
        last_at: AT,
        version: 3,
    }
}

pub(super) fn words() -> Vec<Word> {
    let chance = Counted::default();
    let word = |side, name: &str, text: &str| Word {
        id: WordId::new(AT, &chance),
        side,
        name: name.to_owned(),
        text: text.to_owned(),
        made_at: AT,
    };
    vec![
        word(Side::Asker, "", "Bolehkah saya ikut tanpa pengalaman?\n\nSaya tinggal di Wenang."),
        word(Side::Group, "Stenly Wowor", "Boleh. Latihan kami setiap Sabtu."),
        word(Side::Group, "", ""),
    ]
}

pub(super) fn line(state: State) -> Line {
    let thread = thread(state, true);
    Line {
        id: thread.id,
        name: thread.name,
        subject: thread.subject,
        state,
        assigned: thread.assigned,
        last_at: AT,
    }
}
