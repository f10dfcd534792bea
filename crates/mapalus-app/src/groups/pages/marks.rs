//! Groups as those who operate the instance see them: that they are there; to verify one, to hide one, to take that back.

use crate::{
    groups::{
        GroupKind,
        actions::marks as actions,
        model::marks::{GroupMark, HidingAnswer, Listed, ListedGroup, Mark, MarkInput},
        queries::marks as queries,
    },
    shell::{
        AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted,
        forms::{self, Wrong},
        paging::{self, PAGE, Paged},
        reference::areas,
        text,
    },
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    AnswerId, EventId, GroupId, GroupVisibility, Id, MarkId, Millis, Refusal, access::JudgeGroup,
    chance::Counted,
};
use mapalus_db::params;
use serde::Deserialize;

const SAMPLE_AT: Millis = Millis(1_779_900_000_000);

/// The groups of the instance.
#[derive(Template)]
#[template(path = "groups/templates/listed.html")]
pub struct ListedPage {
    f: Frame,
    form: FormState,
    groups: Paged<ListedGroup>,
    wanted: Wanted,
}

impl ListedPage {
    fn choices(&self) -> Vec<Choice> {
        let choice = |one: &Listed| Choice::new(one.word(), self.f.word("groups-listed", one));
        Listed::ALL.iter().map(choice).collect()
    }

    fn place(&self, group: &ListedGroup) -> String {
        areas().label(&group.area)
    }

    /// Where the list goes on.
    fn next(&self) -> Option<String> {
        let after = self.groups.next.clone()?;
        serde_html_form::to_string(Wanted { after, ..self.wanted.clone() })
            .ok()
            .map(|query| format!("/admin/groups?{query}"))
    }

    /// Samples for the test that renders every page: none, some in every state.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |items: Vec<ListedGroup>| Self {
            f: Frame::sample(lang, "Groups", true),
            form: FormState::new(),
            groups: Paged { next: (!items.is_empty()).then(|| "abc".to_owned()), items },
            wanted: Wanted::default(),
        };
        vec![page(Vec::new()), page(vec![sample(None, None), sample(Some(SAMPLE_AT), Some(SAMPLE_AT))])]
    }
}

/// One of them.
#[derive(Template)]
#[template(path = "groups/templates/judged.html")]
pub struct JudgedPage {
    f: Frame,
    form: FormState,
    group: ListedGroup,
    marks: Vec<GroupMark>,
    answers: Vec<HidingAnswer>,
}

impl JudgedPage {
    fn place(&self) -> String {
        areas().label(&self.group.area)
    }

    /// Whether its page may be read by everybody, by those who operate the instance too.
    fn open(&self) -> bool {
        let group = &self.group;
        group.visibility != GroupVisibility::Private && group.hidden_at.is_none() && group.ended_at.is_none()
    }

    fn choices(&self) -> Vec<Choice> {
        let possible = self.group.possible().into_iter();
        let possible = possible.filter(|_| self.group.ended_at.is_none());
        let choice = |mark: Mark| {
            Choice::new(mark.word(), self.f.word("groups-to-mark", mark))
                .noting(self.f.word("groups-to-mark-note", mark))
        };
        possible.map(choice).collect()
    }

    /// Samples for the test that renders every page: a group of which nothing was said, one that is verified and hidden, with
    /// an answer; one with what was typed wrongly.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let chance = Counted::default();
        let mark = |mark: &Mark| GroupMark {
            id: MarkId::new(SAMPLE_AT, &chance),
            mark: *mark,
            reason: "Surat izin yayasan sudah dilihat.".to_owned(),
            at: SAMPLE_AT,
            by_id: None,
            event_id: EventId::new(SAMPLE_AT, &chance),
            by_name: String::new(),
        };
        let answer = HidingAnswer {
            id: AnswerId::new(SAMPLE_AT, &chance),
            name: "Stenly Wowor".to_owned(),
            text: "Kami sudah membenahinya.\nMohon dilihat lagi.".to_owned(),
            at: SAMPLE_AT,
        };
        let page = |form, group, marks, answers| Self {
            f: Frame::sample(lang, "Group", true),
            form,
            group,
            marks,
            answers,
        };
        let wrong = Wrong::plain("wrong-choice").at("mark");
        let refused = FormState::new().refused(&wrong, lang);
        let full = sample(Some(SAMPLE_AT), Some(SAMPLE_AT));
        let marks = Mark::ALL.iter().map(mark).collect();
        vec![
            page(FormState::new(), sample(None, None), Vec::new(), Vec::new()),
            page(FormState::new(), full, marks, vec![answer]),
            page(refused, sample(None, None), Vec::new(), Vec::new()),
        ]
    }
}

fn sample(verified_at: Option<Millis>, hidden_at: Option<Millis>) -> ListedGroup {
    ListedGroup {
        id: GroupId::new(SAMPLE_AT, &Counted::default()),
        slug: "relawan-manado".to_owned(),
        kind: GroupKind::Volunteer,
        name: "Relawan Siaga Bencana Manado".to_owned(),
        name_folded: "relawan siaga bencana manado".to_owned(),
        lang: Lang::Id,
        area: "71.71".to_owned(),
        visibility: GroupVisibility::Public,
        made_at: SAMPLE_AT,
        members: 12,
        ended_at: None,
        verified_at,
        verified_why: verified_at.map(|_| "Surat izin yayasan sudah dilihat.".to_owned()),
        hidden_at,
        hidden_why: hidden_at.map(|_| "Meminta uang muka dari pendaftar.".to_owned()),
    }
}

/// Which groups are asked for.
#[derive(Debug, Clone, Default, Deserialize, serde::Serialize)]
#[serde(default)]
pub(in crate::groups) struct Wanted {
    q: String,
    state: String,
    after: String,
}

/// A page of the groups of the instance, and what was asked for.
pub(in crate::groups) async fn listed(cx: &Cx) -> Result<(Paged<ListedGroup>, Wanted), AppError> {
    cx.standing().permit::<JudgeGroup>()?;
    let wanted: Wanted = cx.query()?;
    let after = paging::place(cx, Some(&wanted.after), |[name, id]: [String; 2]| {
        Some((name, id.parse::<GroupId>().ok()?.to_string()))
    })?;
    let (name, id) = after.unwrap_or_default();
    let letters: String =
        text::fold(&wanted.q).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).take(80).collect();
    let words = letters.split_whitespace().collect::<Vec<_>>().join(" ");
    let like = if words.is_empty() { String::new() } else { format!("%{words}%") };
    let state = match wanted.state.parse::<Listed>() {
        Ok(state) => state.word(),
        Err(_) if wanted.state.is_empty() || !cx.api => "",
        Err(_) => return Err(Wrong::plain("wrong-choice").at("state").into()),
    };
    let groups = cx
        .read("groups::listed", move |tx, _| {
            Ok(tx.all(&queries::LISTED, &params![like, state, name, id, PAGE + 1])?)
        })
        .await?;
    let place = |group: &ListedGroup| paging::cursor(&[&group.name_folded, &group.id.to_string()]);
    Ok((paging::paged(groups, place), wanted))
}

/// `GET /admin/groups`
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    let (groups, wanted) = listed(&cx).await?;
    let form = FormState::new().filled("q", wanted.q.as_str()).filled("state", wanted.state.as_str());
    cx.html(&ListedPage { f: cx.frame(cx.text("groups-listed-title")), form, groups, wanted })
}

/// A group, what was said of it, and what those who run it answered.
pub(in crate::groups) type Judged = (ListedGroup, Vec<GroupMark>, Vec<HidingAnswer>);

pub(in crate::groups) async fn judged(cx: &Cx, group: String) -> Result<Judged, AppError> {
    cx.standing().permit::<JudgeGroup>()?;
    cx.read("groups::judged", move |tx, _| {
        let group = actions::one(tx, &group)?;
        let (marks, answers) = (actions::marks(tx, group.id)?, actions::answers(tx, group.id)?);
        Ok((group, marks, answers))
    })
    .await
}

async fn show(cx: &Cx, group: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let (group, marks, answers) = judged(cx, group).await?;
    let f = cx.frame(group.name.clone());
    cx.html_with(status, &JudgedPage { f, form, group, marks, answers })
}

/// `GET /admin/groups/{listed}`
pub async fn one(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

/// `POST /admin/groups/{listed}/mark`
pub async fn mark(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: MarkInput = posted.input()?;
    match mark_by(&posted.cx, group.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, group, status, form).await
        }
    }
}

pub(in crate::groups) async fn mark_by(cx: &Cx, group: String, input: MarkInput) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<JudgeGroup>()?;
    cx.write("groups::mark", move |work, _| {
        let group = actions::one(work.tx, &group)?;
        let mark: Mark = forms::word(&input.mark).map_err(|wrong| -> Refusal { wrong.at("mark") })?;
        actions::mark(work, &permit, &group, (mark, &input.reason))?;
        let path = format!("/admin/groups/{}", group.id);
        Ok(Place::at(path.clone()).telling("groups-done-marked").undoable(format!("{path}/undo")))
    })
    .await
}

/// `POST /admin/groups/{listed}/undo`
pub async fn undo(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = undo_by(&posted.cx, group).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::groups) async fn undo_by(cx: &Cx, group: String) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<JudgeGroup>()?;
    cx.write("groups::unmark", move |work, _| {
        let group = actions::one(work.tx, &group)?;
        actions::take_back(work, &permit, &group)?;
        Ok(Place::at(format!("/admin/groups/{}", group.id)).telling("groups-done-undone"))
    })
    .await
}
