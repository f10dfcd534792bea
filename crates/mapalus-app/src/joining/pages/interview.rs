//! Times for interviews: offered, moved and cancelled by those who run the group, taken by applicants.

use super::{meeting, mine, sample};
use crate::{
    groups,
    joining::{
        self, actions,
        model::{
            Application,
            interview::{
                Interview, InterviewState, OfferInput, ResultInput, Slot, SlotState, TakeInput, Taker,
            },
        },
        queries, rules,
    },
    people,
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted, calendar, reference::Areas, text},
};
use askama::Template;
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{
    ApplicationId, Id, InterviewId, Millis, Permission, PersonId, Refusal,
    access::{ChangePath, NoteInterview, ReadApplication, RunInterviews, UseApplication},
    chance::Counted,
    time::DAY,
};
use mapalus_db::{DbError, Tx, params};

mod moving;

pub(in crate::joining) use moving::{Fate, run_slot};
pub use moving::{SlotPage, cancel_slot, move_slot, slot};

/// Days for which times that are over stay on the page.
const OVER_DAYS: i64 = 30;

/// A time with who has taken it.
pub struct SlotLine {
    slot: Slot,
    when: String,
    takers: Vec<Taker>,
    /// Whether it has begun.
    begun: bool,
}

/// The times of a group.
#[derive(Template)]
#[template(path = "joining/templates/interviews.html")]
pub struct InterviewsPage {
    f: Frame,
    form: FormState,
    name: String,
    group_lang: Lang,
    path: String,
    /// What the zone of the group's place is called.
    zone: String,
    ahead: Vec<SlotLine>,
    over: Vec<SlotLine>,
    /// The interviews for which times can be offered.
    names: Vec<Choice>,
    hosts: Vec<Choice>,
    /// How many applicants have no time yet, by the name of their interview.
    waiting: Vec<(String, i64)>,
    /// Whether the viewer may add the step that is missing.
    arranges: bool,
}

/// What the page of a group's times shows.
pub(in crate::joining) struct Times {
    pub group: groups::Group,
    pub slots: Vec<Slot>,
    pub takers: Vec<Taker>,
    names: Vec<String>,
    waiting: Vec<(String, i64)>,
    hosts: Vec<(PersonId, String)>,
}

pub(in crate::joining) fn times(
    tx: &mut Tx<'_>,
    group: groups::Group,
    now: Millis,
) -> Result<Times, DbError> {
    let since = now.plus(-OVER_DAYS * DAY);
    let holders = groups::holders(tx, group.id, Permission::Applications)?;
    let contacts = people::contacts(tx, &holders)?;
    let mut hosts: Vec<_> = contacts.into_iter().map(|contact| (contact.id, contact.name)).collect();
    hosts.sort_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
    let mut slots: Vec<Slot> = tx.all(&queries::interview::SLOTS, &params![group.id, since, now])?;
    slots.reverse();
    Ok(Times {
        slots,
        takers: tx.all(&queries::interview::TAKERS, &params![group.id, since])?,
        names: actions::interview::names(tx, group.id)?,
        waiting: tx.all(&queries::interview::WANTED, &params![group.id])?,
        hosts,
        group,
    })
}

impl InterviewsPage {
    fn new(f: Frame, form: FormState, times: Times, (viewer, arranges): (Option<PersonId>, bool)) -> Self {
        let Times { group, slots, takers, names, waiting, hosts } = times;
        let now = f.now();
        let line = |slot: Slot| SlotLine {
            when: meeting::when(&f, (slot.starts_at, slot.ends_at), &slot.zone),
            takers: takers.iter().filter(|taker| taker.slot_id == slot.id).cloned().collect(),
            begun: slot.starts_at <= now,
            slot,
        };
        let (mut over, ahead): (Vec<_>, Vec<_>) =
            slots.into_iter().map(line).partition(|line| line.slot.ends_at <= now);
        over.reverse();
        let zone = Areas::zone(&group.area);
        let form = match form.has("day") || form.failed() {
            true => form,
            false => {
                let host = viewer.map_or(String::new(), |viewer| viewer.to_string());
                let last = ahead.last().map_or("", |line| line.slot.place.as_str());
                let (day, _) = text::day_and_time(now.plus(DAY), zone);
                let form =
                    FormState::new().filled("day", day).filled("time", "09:00").filled("minutes", "30");
                form.filled("count", "1").filled("seats", "1").filled("host", host).filled("place", last)
            }
        };
        Self {
            form,
            name: group.name.clone(),
            group_lang: group.lang,
            path: group.path(),
            zone: f.t1("joining-interview-zone", "zone", text::zone_name(now, zone).as_str()),
            ahead,
            over,
            names: names.iter().map(|name| Choice::new(name.as_str(), name.as_str())).collect(),
            hosts: hosts.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
            waiting,
            arranges,
            f,
        }
    }

    /// Samples for the test that renders every page: none, and some.
    pub fn samples(lang: Lang, group: &groups::Group) -> Vec<Self> {
        let page = |slots: Vec<Slot>, arranges: bool| {
            let taker = |(slot, state): (&Slot, InterviewState)| Taker {
                slot_id: slot.id,
                id: InterviewId::new(sample::AT, &Counted::default()),
                application_id: ApplicationId::new(sample::AT, &Counted::default()),
                name: "Rio Mandagi".to_owned(),
                state,
                sequence: 0,
            };
            let states = [InterviewState::Missed, InterviewState::Taken, InterviewState::Held];
            let takers = slots.iter().zip(states).map(taker).collect();
            let some = !slots.is_empty();
            let times = Times {
                group: group.clone(),
                slots,
                takers,
                names: if some { vec!["Wawancara singkat".to_owned()] } else { Vec::new() },
                waiting: if some { vec![("Wawancara singkat".to_owned(), 3)] } else { Vec::new() },
                hosts: vec![(PersonId::new(sample::AT, &Counted::default()), "Stenly Wowor".to_owned())],
            };
            Self::new(Frame::sample(lang, "Interviews", true), FormState::new(), times, (None, arranges))
        };
        let cancelled = Slot { state: SlotState::Cancelled, reason: "Hujan.".to_owned(), ..sample::slot(5) };
        let some = vec![sample::slot(-1), sample::slot(2), sample::slot(3), cancelled];
        vec![page(Vec::new(), true), page(Vec::new(), false), page(some, true)]
    }
}

/// `GET /groups/{group}/interviews`
pub async fn interviews(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

async fn show(cx: &Cx, group: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let (times, arranges) = cx
        .read("joining::interviews", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<RunInterviews>()?;
            Ok((times(tx, group, cx.now)?, standing.permit::<ChangePath>().is_ok()))
        })
        .await?;
    let f = cx.frame(cx.text("joining-interviews-title")).at_desk();
    cx.html_with(status, &InterviewsPage::new(f, form, times, (cx.person(), arranges)))
}

/// A number that somebody typed; what is none lies outside every range.
fn typed(posted: &Posted, field: &str) -> i64 {
    posted.value(field).trim().parse().unwrap_or(-1)
}

/// `POST /groups/{group}/interviews`
pub async fn offer(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let value = |field| posted.value(field).to_owned();
    let input = OfferInput {
        step: value("step"),
        day: value("day"),
        time: value("time"),
        minutes: typed(&posted, "minutes"),
        count: typed(&posted, "count"),
        place: value("place"),
        seats: typed(&posted, "seats"),
        host: value("host"),
    };
    match offer_for(&cx, group.clone(), input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, group, status, form).await
        }
    }
}

pub(in crate::joining) async fn offer_for(
    cx: &Cx,
    group: String,
    input: OfferInput,
) -> Result<Place, AppError> {
    cx.write("joining::offer", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunInterviews>()?;
        actions::interview::offer(work, &permit, &group, &input)?;
        Ok(Place::at(format!("{}/interviews", group.path())).telling("joining-done-offered"))
    })
    .await
}

/// What an applicant does at an interview.
#[derive(Debug, Clone)]
pub(in crate::joining) enum Wish {
    /// Takes a time, or another one.
    Take(TakeInput),
    /// Gives it back.
    Leave,
    /// Needs other times.
    Want,
}

pub(in crate::joining) async fn wish(cx: &Cx, id: String, wish: Wish) -> Result<Place, AppError> {
    cx.write("joining::interview", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<UseApplication>()?;
        let place = Place::at(format!("/applications/{}", application.id));
        Ok(match &wish {
            Wish::Take(input) => {
                actions::interview::take(work, &permit, &application, &path, &input.slot)?;
                place.telling("joining-done-taken")
            }
            Wish::Leave => {
                actions::interview::leave(work, &permit, &application, &path)?;
                place.telling("joining-done-left")
            }
            Wish::Want => {
                actions::interview::want(work, &permit, &application, &path)?;
                place.telling("joining-done-wanted")
            }
        })
    })
    .await
}

async fn wished(id: String, posted: Posted, of: Wish) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match wish(&cx, id.clone(), of).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            mine::show(&cx, id, status, Some(form)).await
        }
    }
}

/// `POST /applications/{application}/interview`
pub async fn take(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let slot = posted.value("slot").to_owned();
    wished(id, posted, Wish::Take(TakeInput { slot })).await
}

/// `POST /applications/{application}/interview/leave`
pub async fn leave(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    wished(id, posted, Wish::Leave).await
}

/// `POST /applications/{application}/interview/want`
pub async fn want(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    wished(id, posted, Wish::Want).await
}

/// `POST /applications/{application}/interview/note`
pub async fn note(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let (result, note) = (posted.value("result").to_owned(), posted.value("interview_note").to_owned());
    let seen = posted.value("version").parse().ok();
    match note_on(&cx, id.clone(), ResultInput { result, note }, seen).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            mine::show(&cx, id, status, Some(form)).await
        }
    }
}

pub(in crate::joining) async fn note_on(
    cx: &Cx,
    id: String,
    input: ResultInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("joining::note_interview", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<NoteInterview>()?;
        rules::unchanged(&application, seen)?;
        let goes_on = actions::interview::note(work, &permit, &application, &path, &input)?;
        let told = if goes_on { "joining-done-held" } else { "joining-done-missed" };
        Ok(Place::at(format!("/applications/{}", application.id)).telling(told))
    })
    .await
}

/// `GET /applications/{application}/interview.ics`: the time that is taken, for any calendar.
pub async fn file(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let (application, interview) = cx
        .read("joining::interview_file", move |tx, cx| {
            let (application, path, standing) = joining::load(tx, cx, &id)?;
            standing.permit::<ReadApplication>()?;
            let all = actions::interview::of(tx, application.id, &path)?;
            let taken = all.into_iter().find(|interview| interview.at().is_some());
            Ok((application, taken.ok_or_else(Refusal::not_found)?))
        })
        .await?;
    let text = kept(&cx, &application, &interview).ok_or_else(Refusal::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mapalus.ics\""),
    ];
    Ok((StatusCode::OK, headers, text).into_response())
}

/// An interview as a calendar keeps it that nobody is invited by.
fn kept(cx: &Cx, application: &Application, interview: &Interview) -> Option<String> {
    let (_, starts_at, ends_at) = interview.at()?;
    let own = cx.person() == Some(application.person_id);
    let summary = if own { "joining-interview-at" } else { "joining-interview-of" };
    let names =
        [("name", application.name.as_str().into()), ("group", application.group_name.as_str().into())];
    let host = cx.app.settings.host();
    let nobody = calendar::Party { name: String::new(), mail: String::new() };
    let of = calendar::Appointment {
        uid: interview.id.to_string(),
        sequence: interview.sequence,
        method: calendar::Method::Publish,
        stamp: interview.changed_at,
        starts_at,
        ends_at,
        summary: crate::shell::locale::message(cx.lang, summary, &names),
        description: String::new(),
        location: interview.place.clone(),
        url: cx.app.url(&format!("/applications/{}", application.id), None),
        attendee: nobody,
    };
    let sender = calendar::Party { name: "Mapalus".to_owned(), mail: format!("mapalus@{host}") };
    Some(calendar::text(&of, host, &sender))
}
