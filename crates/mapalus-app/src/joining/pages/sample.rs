//! What the samples of these pages are made of.

use super::super::model::vouch::{Vouch, VouchState};
use super::super::model::{
    Application, ApplicationState, Done, Path, Question, QuestionKind, Seen, Step, StepKind,
};
use crate::shell::Lang;
use mapalus_core::{ApplicationId, GroupId, Id, Millis, PathId, PersonId, StepId, VouchId, chance::Counted};

/// The instant of samples.
pub const AT: Millis = Millis(1_779_900_000_000);

/// A path with a form of every kind of question, an agreement and a decision.
pub fn path() -> Path {
    let chance = Counted::default();
    let form = StepId::new(AT, &chance);
    let step = |id, place, kind, name: &str, text: &str| Step {
        id,
        place,
        kind,
        name: name.to_owned(),
        text: text.to_owned(),
        days: 7,
        remind_days: 2,
        approvals: 2,
        needed: 2,
        other_workplace: true,
    };
    let steps = vec![
        step(form, 0, StepKind::Form, "Ceritakan diri Anda", ""),
        step(
            StepId::new(AT, &chance),
            1,
            StepKind::Agreement,
            "Setujui janji relawan",
            "Saya menjaga rahasia.\n\nSaya datang tepat waktu.",
        ),
        step(StepId::new(AT, &chance), 2, StepKind::Decision, "Musyawarah pengurus", ""),
    ];
    let question = |kind: &QuestionKind| Question {
        step_id: form,
        key: format!("q-{kind}"),
        kind: *kind,
        required: *kind != QuestionKind::Number,
        label: "Apa yang dapat Anda bantu?".to_owned(),
        why: "Supaya tugasnya sesuai.".to_owned(),
        visible: Seen::Reviewers,
        delete_days: 90,
        options: "satu\tMedis\ndua\tLogistik".to_owned(),
    };
    Path { steps, questions: QuestionKind::ALL.iter().map(question).collect() }
}

/// What an applicant tells of themselves.
pub fn profile(lang: Lang) -> crate::people::profile::ProfileView {
    let title = match lang {
        Lang::Id => "Perawat",
        Lang::En => "Nurse",
    };
    crate::people::profile::ProfileView {
        occupation_title: Some(title.to_owned()),
        workplace: Some("RSUD Contoh".to_owned()),
        place: Some("Manado".to_owned()),
        ..Default::default()
    }
}

/// An application at a place of that path.
pub fn application(state: ApplicationState, place: i64) -> Application {
    let chance = Counted::default();
    Application {
        id: ApplicationId::new(AT, &chance),
        group_id: GroupId::new(AT, &chance),
        slug: "relawan-manado".to_owned(),
        group_name: "Relawan Siaga Bencana Manado".to_owned(),
        lang: Lang::Id,
        person_id: PersonId::new(AT, &chance),
        name: "Rio Mandagi".to_owned(),
        path_id: PathId::new(AT, &chance),
        group_ended_at: None,
        carried_from: None,
        state,
        place,
        step_since: AT,
        made_at: AT,
        sent_at: Some(AT),
        decided_at: None,
        reason: "Kelompok sedang penuh.".to_owned(),
        version: 3,
    }
}

/// The first step done, the second one skipped.
pub fn done(path: &Path) -> Vec<Done> {
    let done = |(n, reason): (usize, &str)| Done {
        step_id: path.steps[n].id,
        done_at: AT,
        skipped_for: reason.to_owned(),
    };
    [(0, ""), (1, "Sudah menandatangani di kertas.")].into_iter().map(done).collect()
}

/// A request to vouch in each state.
pub fn vouches() -> Vec<Vouch> {
    let chance = Counted::default();
    let vouch = |state: &VouchState| Vouch {
        id: VouchId::new(AT, &chance),
        application_id: ApplicationId::new(AT, &chance),
        step_id: StepId::new(AT, &chance),
        giver_id: Some(PersonId::new(AT, &chance)),
        giver: Some("Stenly Wowor".to_owned()),
        workplace: "RSUD Contoh".to_owned(),
        typed: String::new(),
        state: *state,
        asked_at: AT,
        ends_at: AT.plus(mapalus_core::time::DAY),
        given_at: (*state == VouchState::Given).then_some(AT),
        withdrawn_at: None,
        relation: "work".to_owned(),
        known: "under-one".to_owned(),
        note: "Rekan satu bangsal.".to_owned(),
    };
    VouchState::ALL.iter().map(vouch).collect()
}
