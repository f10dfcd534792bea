//! The board: all applications of a group, by what they wait for.

use super::{sample, screening};
use crate::{
    groups, growth,
    joining::{
        model::{
            Actor, ApplicationState, Details, Outcome, StepKind, Ticket, bulk::What, screening::Scores,
            training::Turn,
        },
        queries,
        rules::{self, screening::Figures},
    },
    people::{self, profile::ProfileView},
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, assets},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    ApplicationId, GroupId, Id, Millis, PersonId, TrainingId, access::SeeApplications, chance::Counted,
    time::DAY,
};
use mapalus_db::{DbError, Tx, params};
use std::collections::HashMap;

/// Days for which decided applications stay on the board.
const DECIDED_DAYS: i64 = 14;

/// A column of the board.
pub struct Column {
    /// Message key of its name.
    pub title: &'static str,
    /// Its applications, oldest first.
    pub tickets: Vec<Ticket>,
}

/// The board.
#[derive(Template)]
#[template(path = "joining/templates/board.html")]
pub struct BoardPage {
    f: Frame,
    /// What is done to those that are chosen.
    form: FormState,
    outcomes: Vec<Choice>,
    name: String,
    group_lang: Lang,
    path: String,
    columns: Vec<Column>,
    empty: bool,
    /// What the applicants tell of themselves.
    profiles: HashMap<PersonId, ProfileView>,
    /// What their scores come to.
    figures: HashMap<ApplicationId, Figures>,
    /// Where they stand in their training.
    turns: HashMap<ApplicationId, Turn>,
    viewer: Option<PersonId>,
}

impl BoardPage {
    fn new(
        f: Frame,
        form: FormState,
        viewer: Option<PersonId>,
        (name, path, group_lang): (String, String, Lang),
        (tickets, profiles): (Vec<Ticket>, HashMap<PersonId, ProfileView>),
        (figures, turns): (HashMap<ApplicationId, Figures>, HashMap<ApplicationId, Turn>),
    ) -> Self {
        let titles = [
            "joining-board-decision",
            "joining-board-applicant",
            "joining-board-waiting",
            "joining-board-done",
        ];
        let mut columns: Vec<Column> =
            titles.iter().map(|title| Column { title, tickets: Vec::new() }).collect();
        let empty = tickets.is_empty();
        for ticket in tickets {
            let trains = turns.get(&ticket.id).is_some_and(|turn| turn.actor() == Actor::Coordinators);
            let column = match (ticket.state, ticket.theirs) {
                (ApplicationState::Sent, 1..) => 0,
                (ApplicationState::Sent, _) if trains => 0,
                (ApplicationState::Sent | ApplicationState::Draft, _) => 1,
                (ApplicationState::Waiting, _) => 2,
                _ => 3,
            };
            columns[column].tickets.push(ticket);
        }
        let outcome = |what: &What| Choice::new(what.word(), f.word("joining-bulk", what));
        let outcomes = What::ALL.iter().map(outcome).collect();
        Self { f, form, outcomes, name, group_lang, path, columns, empty, profiles, figures, turns, viewer }
    }

    /// Whether a ticket can be chosen with others: it is under way, and another's.
    fn choosable(&self, ticket: &Ticket) -> bool {
        let open = matches!(ticket.state, ApplicationState::Sent | ApplicationState::Waiting);
        open && Some(ticket.person_id) != self.viewer
    }

    /// Whether any can be chosen.
    fn chooses(&self) -> bool {
        self.columns.iter().flat_map(|column| &column.tickets).any(|ticket| self.choosable(ticket))
    }

    /// What stands for a ticket among those that are chosen.
    fn choice(&self, ticket: &Ticket) -> String {
        format!("{}:{}", ticket.id, ticket.version)
    }

    /// What the scores of an applicant come to, in words; empty while they are not seen.
    fn scored(&self, ticket: &Ticket) -> String {
        let found = self.figures.get(&ticket.id);
        found.map_or_else(String::new, |found| screening::tenths(&self.f, found.mean, found.spread))
    }

    /// How many vouches an application has, where its path asks for any, and who acts now; empty if there is neither.
    fn acts(&self, ticket: &Ticket) -> String {
        let (given, needed) = (ticket.vouched, ticket.vouches_needed);
        let vouches =
            (needed > 0).then(|| self.f.t2("joining-board-vouches", "given", given, "needed", needed));
        let actor = match self.turns.get(&ticket.id) {
            Some(turn) => Some(turn.actor()),
            None => ticket.actor(),
        };
        let acts = actor.map(|actor| self.f.word("joining-actor-other", actor));
        [vouches, acts].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Where an applicant stands in their training, if it is open.
    fn turn(&self, ticket: &Ticket) -> Option<Turn> {
        self.turns.get(&ticket.id).copied()
    }

    /// Address of its script.
    fn script(&self) -> &'static str {
        assets::board_js()
    }

    /// What an applicant tells of themselves, in one line.
    fn tells(&self, ticket: &Ticket) -> String {
        self.profiles.get(&ticket.person_id).map_or_else(String::new, ProfileView::line)
    }

    /// Whether the viewer may decide so on it now: one's own is for others.
    fn may(&self, outcome: Outcome, ticket: &Ticket) -> bool {
        rules::is_turn(outcome, ticket.state, ticket.kind) && Some(ticket.person_id) != self.viewer
    }

    /// Whether a ticket is past the deadline of its step.
    fn late(&self, ticket: &Ticket) -> bool {
        let due = ticket.step_since.plus(ticket.days.unwrap_or(i64::MAX / DAY) * DAY);
        ticket.state == ApplicationState::Sent && due < self.f.now()
    }

    /// Samples for the test that renders every page: an empty board and a full one.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let chance = Counted::default();
        let ticket = |state, kind| Ticket {
            id: ApplicationId::new(sample::AT, &chance),
            person_id: PersonId::new(sample::AT, &chance),
            name: "Rio Mandagi".to_owned(),
            state,
            sent_at: Some(sample::AT),
            decided_at: None,
            step_since: sample::AT,
            version: 1,
            kind,
            theirs: i64::from(kind == Some(StepKind::Decision)),
            vouched: 1,
            vouches_needed: 2,
            trains: None,
            step_name: Some("Musyawarah pengurus".to_owned()),
            days: Some(0),
        };
        let full = vec![
            ticket(ApplicationState::Sent, Some(StepKind::Decision)),
            ticket(ApplicationState::Sent, Some(StepKind::Agreement)),
            ticket(ApplicationState::Waiting, Some(StepKind::Decision)),
            ticket(ApplicationState::Accepted, None),
        ];
        let page = |tickets: Vec<Ticket>| {
            let view = sample::profile(lang);
            let profiles = tickets.iter().map(|ticket| (ticket.person_id, view.clone())).collect();
            let f = Frame::sample(lang, "Board", true);
            let scored = Figures { mean: 42, spread: 8, criteria: Vec::new() };
            let figures = tickets.first().map(|ticket| (ticket.id, scored)).into_iter().collect();
            let turns = tickets.get(1).map(|ticket| (ticket.id, Turn::Come)).into_iter().collect();
            Self::new(
                f,
                FormState::new(),
                None,
                ("Relawan Siaga".to_owned(), "/groups/relawan".to_owned(), Lang::Id),
                (tickets, profiles),
                (figures, turns),
            )
        };
        vec![page(Vec::new()), page(full)]
    }
}

pub(in crate::joining) fn tickets(
    tx: &mut Tx<'_>,
    group: GroupId,
    now: Millis,
) -> Result<Vec<Ticket>, DbError> {
    tx.all(&queries::TICKETS, &params![group, now.plus(-DECIDED_DAYS * DAY), now])
}

/// What the scores of these applicants come to, where their screening is behind them; of several the last.
fn figures(tx: &mut Tx<'_>, tickets: &[Ticket]) -> Result<HashMap<ApplicationId, Figures>, DbError> {
    let ids: Vec<ApplicationId> = tickets.iter().map(|ticket| ticket.id).collect();
    let rows: Vec<(ApplicationId, Details, Scores)> = tx.all_in(&queries::screening::SCORES_OF, &[], &ids)?;
    let same = |a: &(ApplicationId, Details, Scores), b: &(ApplicationId, Details, Scores)| {
        (a.0, &a.1) == (b.0, &b.1)
    };
    let of = |rows: &[(ApplicationId, Details, Scores)]| {
        let scores: Vec<Scores> = rows.iter().map(|(.., scores)| scores.clone()).collect();
        let (id, details, _) = rows.first()?;
        Some((*id, rules::screening::figures(&details.criteria, &scores)?))
    };
    Ok(rows.chunk_by(same).filter_map(of).collect())
}

/// Where those applicants stand in their training of whom one is open: two statements.
fn turns(
    tx: &mut Tx<'_>,
    group: GroupId,
    tickets: &[Ticket],
    now: Millis,
) -> Result<HashMap<ApplicationId, Turn>, DbError> {
    let under_way =
        |ticket: &&Ticket| matches!(ticket.state, ApplicationState::Sent | ApplicationState::Accepted);
    let training = |ticket: &Ticket| {
        let training = ticket.trains.as_ref().and_then(|details| details.training)?;
        Some((ticket.id, ticket.person_id, training))
    };
    let open: Vec<_> = tickets.iter().filter(under_way).filter_map(training).collect();
    let people: Vec<PersonId> = open.iter().map(|(_, person, _)| *person).collect();
    let trainings: Vec<_> = open.iter().map(|(.., training)| *training).collect();
    let stands = growth::stands(tx, group, &people)?;
    let dates = growth::with_dates(tx, &trainings, now)?;
    let turn = |(id, person, training): &(ApplicationId, PersonId, TrainingId)| {
        let own = stands.iter().filter(|stand| stand.person_id == *person && stand.training_id == *training);
        (*id, rules::training::turn_of_stands(own, dates.contains(training), now))
    };
    Ok(open.iter().map(turn).collect())
}

/// `GET /groups/{group}/applications`
pub async fn board(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

pub(super) async fn show(
    cx: &Cx,
    group: String,
    status: StatusCode,
    form: FormState,
) -> Result<Response, AppError> {
    let (group, tickets, profiles, (figures, turns)) = cx
        .read("joining::board", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<SeeApplications>()?;
            let tickets = tickets(tx, group.id, cx.now)?;
            let known = tickets.iter().filter(|ticket| rules::shows_profile(ticket.state));
            let people: Vec<PersonId> = known.map(|ticket| ticket.person_id).collect();
            let counted = (figures(tx, &tickets)?, turns(tx, group.id, &tickets, cx.now)?);
            Ok((group, tickets, people::applied_with(tx, &people, cx.lang)?, counted))
        })
        .await?;
    let f = cx.frame(cx.text("joining-board-title"));
    let page = BoardPage::new(
        f,
        form,
        cx.person(),
        (group.name.clone(), group.path(), group.lang),
        (tickets, profiles),
        (figures, turns),
    );
    cx.html_with(status, &page)
}
