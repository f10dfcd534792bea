//! What the samples of these pages are made of.

use super::super::model::acquaintance::{Acquaintance, AcquaintanceState};
use super::super::model::interview::{Interview, InterviewState, Slot, SlotState};
use super::super::model::screening::{Criterion, Scored};
use super::super::model::vouch::{Vouch, VouchState};
use super::super::model::{
    Application, ApplicationState, Condition, Details, Done, How, Overdue, Path, Question, QuestionKind,
    Seen, Step, StepKind, Test,
};
use crate::{growth::Course, shell::Lang};
use mapalus_core::{
    AcquaintanceId, ApplicationId, GroupId, Id, InterviewId, Millis, PathId, PersonId, SlotId, StepId,
    TrainingId, VouchId, chance::Counted,
};

/// The instant of samples.
pub const AT: Millis = Millis(1_779_900_000_000);

/// A path with a form of every kind of question, an agreement and a decision.
pub fn path() -> Path {
    let chance = Counted::default();
    let form = StepId::new(AT, &chance);
    let step = |id, place, kind, name: &str, text: &str| Step {
        id,
        place,
        block: place,
        only_if: None,
        kind,
        name: name.to_owned(),
        text: text.to_owned(),
        days: 7,
        remind_days: 2,
        overdue: if place == 1 { Overdue::Close } else { Overdue::Remind },
        approvals: 2,
        needed: 2,
        other_workplace: true,
        details: Details::default(),
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
    Path { steps, questions: QuestionKind::ALL.iter().map(question).collect(), done: Vec::new() }
}

/// The same path with an agreement and a step of members beside the form, and one that applies only if.
pub fn wide() -> Path {
    let mut path = path();
    let more = |place: usize, kind| {
        let mut step = path.steps[1].clone();
        (step.id, step.place, step.kind) = (StepId::new(AT.plus(place as i64), &Counted::default()), 0, kind);
        step.only_if = (kind == StepKind::Agreement).then(|| Condition {
            question: "q-number".to_owned(),
            test: Test::Below,
            value: "18".to_owned(),
        });
        step
    };
    let extra = [more(1, StepKind::Vouch), more(2, StepKind::Agreement)];
    path.steps.splice(2..2, extra);
    for (place, step) in (0i64..).zip(&mut path.steps) {
        (step.place, step.block) = (place, [0, 0, 0, 1, 2][usize::try_from(place).unwrap_or(0)]);
    }
    path
}

/// The same path with a screening in place of its agreement, and what two reviewers gave.
pub fn screened() -> (Path, Vec<Scored>) {
    let mut path = path();
    let criterion =
        |name: &str, good: &str, weight| Criterion { name: name.into(), good: good.into(), weight };
    let step = &mut path.steps[1];
    step.kind = StepKind::Screening;
    step.details = Details {
        criteria: vec![
            criterion("Motivasi", "Tahu mengapa ingin membantu.", 2),
            criterion("Waktu", "Dapat hadir setiap Sabtu.", 1),
        ],
        reviewers: 2,
        ..Details::default()
    };
    let chance = Counted::default();
    let scored = |scores: [i64; 2]| Scored {
        step_id: path.steps[1].id,
        person_id: PersonId::new(AT, &chance),
        name: "Stenly Wowor".to_owned(),
        scores: scores.into_iter().collect(),
        note: "Pernah ikut dapur umum.".to_owned(),
        given_at: AT,
    };
    let given = vec![scored([4, 3]), scored([5, 3])];
    (path, given)
}

/// The same path with a training in place of its agreement.
pub fn trained() -> Path {
    let mut path = path();
    let step = &mut path.steps[1];
    (step.kind, step.name) = (StepKind::Training, "Ikut pelatihan dasar".to_owned());
    step.details.training = Some(TrainingId::new(AT, &Counted::default()));
    path
}

/// A training as an applicant stands to it who has nothing, has a seat, is held one, waits, is to repeat, was there.
pub fn courses() -> Vec<Course> {
    use crate::growth::{
        model::State::{Attended, In, Offered, Repeat, Waiting},
        sample_course,
    };
    [None, Some(In), Some(Offered), Some(Waiting), Some(Repeat), Some(Attended)].map(sample_course).to_vec()
}

/// What an applicant tells of themselves.
pub fn profile(lang: Lang) -> crate::people::profile::ProfileView {
    let name = match lang {
        Lang::Id => "Perawat",
        Lang::En => "Nurse",
    };
    crate::people::profile::ProfileView {
        occupation_name: Some(name.to_owned()),
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

/// That path with its first step done and the second one skipped.
pub fn begun() -> Path {
    let mut path = path();
    let done = |(n, how, reason): (usize, How, &str)| Done {
        step_id: path.steps[n].id,
        done_at: AT,
        how,
        skipped_for: reason.to_owned(),
    };
    let skipped = (1, How::Skipped, "Sudah menandatangani di kertas.");
    path.done = [(0, How::Done, ""), skipped].into_iter().map(done).collect();
    path
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

/// That path with an interview in place of its agreement.
pub fn talking() -> Path {
    let mut path = begun();
    path.done.truncate(1);
    path.steps[1].kind = StepKind::Interview;
    path.steps[1].name = "Wawancara singkat".to_owned();
    path.steps[1].details.change_hours = 24;
    path
}

/// That path with an acquaintance in place of its agreement.
pub fn meeting() -> Path {
    let mut path = talking();
    path.steps[1].kind = StepKind::Acquaintance;
    path.steps[1].name = "Berkenalan".to_owned();
    path
}

/// A time of an interview, so many days later.
pub fn slot(days: i64) -> Slot {
    let chance = Counted::default();
    let starts_at = AT.plus(days * mapalus_core::time::DAY);
    Slot {
        id: SlotId::new(starts_at, &chance),
        group_id: GroupId::new(AT, &chance),
        step_name: "Wawancara singkat".to_owned(),
        starts_at,
        ends_at: starts_at.plus(30 * mapalus_core::time::MINUTE),
        zone: "Asia/Makassar".to_owned(),
        place: "Posko Relawan, Jl. Sam Ratulangi 1".to_owned(),
        seats: days,
        taken: 0,
        host_id: PersonId::new(AT, &chance),
        host: "Stenly Wowor".to_owned(),
        state: SlotState::Offered,
        reason: String::new(),
        version: 1,
    }
}

/// An interview that stands so.
pub fn interview(step_id: StepId, state: InterviewState) -> Interview {
    let chance = Counted::default();
    // What was held is over.
    let slot = slot(if matches!(state, InterviewState::Taken) { 2 } else { -1 });
    let there = !matches!(state, InterviewState::Wanted | InterviewState::Free);
    Interview {
        id: InterviewId::new(AT, &chance),
        application_id: ApplicationId::new(AT, &chance),
        step_id,
        slot_id: there.then_some(slot.id),
        state,
        sequence: 1,
        changed_at: AT,
        note: "Ramah dan tahu apa yang dihadapi.".to_owned(),
        noter: "Stenly Wowor".to_owned(),
        noted_at: Some(AT),
        event_id: None,
        told_to: None,
        starts_at: there.then_some(slot.starts_at),
        ends_at: there.then_some(slot.ends_at),
        zone: slot.zone,
        place: slot.place,
        host_id: Some(slot.host_id),
        host: slot.host,
        reason: "Ruangan dipakai rapat.".to_owned(),
    }
}

/// A member in each state.
pub fn acquaintances(step_id: StepId) -> Vec<Acquaintance> {
    let chance = Counted::default();
    let one = |(n, state): (usize, &AcquaintanceState)| Acquaintance {
        id: AcquaintanceId::new(AT.plus(n as i64), &chance),
        application_id: ApplicationId::new(AT, &chance),
        step_id,
        person_id: PersonId::new(AT, &chance),
        name: "Ningsih Tumbelaka".to_owned(),
        state: *state,
        how: "Sabtu, 10.00, kantin Pengadilan Negeri Manado".to_owned(),
        asked_at: AT,
        event_id: None,
    };
    let shown = AcquaintanceState::ALL.iter().filter(|state| **state != AcquaintanceState::Cancelled);
    shown.enumerate().map(one).collect()
}
