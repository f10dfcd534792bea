//! My network: the people one knows, who asked, whom one blocked; what one does with a person; reports to operators.

use super::enter::SAMPLE_AT;
use crate::{
    people::{
        self,
        actions::connection as actions,
        connection::{
            Blocked, ConnectInput, ConnectionState, Known, KnownTo, KnownToInput, PersonReport,
            PersonReportInput,
        },
        queries::connection as queries,
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted, text},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Id, PersonId, Refusal, ReportId,
    access::{OperateInstance, UseAccount},
    chance::Counted,
};
use mapalus_db::{DbError, Tx, params};

/// My network.
#[derive(Template)]
#[template(path = "people/templates/network.html")]
pub struct NetworkPage {
    f: Frame,
    form: FormState,
    own: PersonId,
    network: Network,
}

/// All that one sees of one's network.
pub(in crate::people) struct Network {
    pub known: Vec<Known>,
    pub blocked: Vec<Blocked>,
    pub known_to: KnownTo,
}

impl NetworkPage {
    fn asked_by(&self) -> Vec<&Known> {
        self.of(|known| known.state == ConnectionState::Asked && known.asked_by != self.own)
    }

    fn asked(&self) -> Vec<&Known> {
        self.of(|known| known.state == ConnectionState::Asked && known.asked_by == self.own)
    }

    fn held(&self) -> Vec<&Known> {
        self.of(|known| known.state == ConnectionState::Held)
    }

    fn of(&self, wanted: impl Fn(&Known) -> bool) -> Vec<&Known> {
        self.network.known.iter().filter(|known| wanted(known)).collect()
    }

    fn initials(&self, name: &str) -> String {
        text::initials(name)
    }

    fn choices(&self) -> Vec<Choice> {
        let choice = |to: &KnownTo| Choice::new(to.word(), self.f.word("people-known-to", to));
        KnownTo::ALL.iter().map(choice).collect()
    }

    /// Samples for the test that renders every page: nobody, somebody in every way.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let chance = Counted::default();
        let (own, other) = (PersonId::new(SAMPLE_AT, &chance), PersonId::new(SAMPLE_AT, &chance));
        let known = |state, asked_by| Known {
            person_id: other,
            name: "Deisy Rondonuwu".to_owned(),
            state,
            asked_by,
            word: "Rekan satu bangsal.".to_owned(),
            made_at: SAMPLE_AT,
        };
        let blocked = Blocked { person_id: other, name: "Hasan".to_owned(), made_at: SAMPLE_AT };
        let page = |known, blocked, known_to: KnownTo| Self {
            f: Frame::sample(lang, "Network", true),
            form: FormState::new().filled("known_to", known_to.word()),
            own,
            network: Network { known, blocked, known_to },
        };
        let all = vec![
            known(ConnectionState::Asked, other),
            known(ConnectionState::Held, own),
            known(ConnectionState::Asked, own),
        ];
        vec![page(Vec::new(), Vec::new(), KnownTo::Connections), page(all, vec![blocked], KnownTo::Nobody)]
    }
}

/// One's network: three statements.
pub(in crate::people) fn network_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Network, DbError> {
    let known_to: Option<(KnownTo,)> = tx.optional(&queries::KNOWN_TO, &params![person])?;
    Ok(Network {
        known: tx.all(&queries::NETWORK, &params![person])?,
        blocked: tx.all(&queries::BLOCKED_BY, &params![person])?,
        known_to: known_to.map_or(KnownTo::Connections, |(known_to,)| known_to),
    })
}

async fn show_network(cx: &Cx, status: StatusCode, form: Option<FormState>) -> Result<Response, AppError> {
    let own = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let network = cx.read("people::network", move |tx, _| Ok(network_of(tx, own)?)).await?;
    let form = form.unwrap_or_else(|| FormState::new().filled("known_to", network.known_to.word()));
    let f = cx.frame(cx.text("people-network-title"));
    cx.html_with(status, &NetworkPage { f, form, own, network })
}

/// `GET /network`
pub async fn network(cx: Cx) -> Result<Response, AppError> {
    show_network(&cx, StatusCode::OK, None).await
}

/// `POST /network/known-to`
pub async fn known_to(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: KnownToInput = posted.input()?;
    match set_known_to(&cx, input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_network(&cx, status, Some(form)).await
        }
    }
}

pub(in crate::people) async fn set_known_to(cx: &Cx, input: KnownToInput) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    cx.write("people::set_known_to", move |work, _| {
        actions::set_known_to(work, &permit, &input.known_to)?;
        Ok(Place::at("/network").telling("people-done-known-to"))
    })
    .await
}

pub(in crate::people) fn person_id(text: &str) -> Result<PersonId, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}

/// `POST /people/{person}/connect`
pub async fn connect(Path(person): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: ConnectInput = posted.input()?;
    match connect_by(&posted.cx, &person, input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => again(&posted, error, &person, true).await,
    }
}

pub(in crate::people) async fn connect_by(
    cx: &Cx,
    person: &str,
    input: ConnectInput,
) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let other = person_id(person)?;
    cx.write("people::connect", move |work, _| {
        let between = actions::connect(work, &permit, other, &input.word)?;
        let place = Place::at(format!("/people/{other}"));
        Ok(match between.word() {
            "connected" => place.telling("people-done-connected"),
            _ => place.telling("people-done-asked").undoable(format!("/people/{other}/part")),
        })
    })
    .await
}

/// `POST /people/{person}/part`
pub async fn part(Path(person): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = part_by(&posted.cx, &person).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::people) async fn part_by(cx: &Cx, person: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let other = person_id(person)?;
    cx.write("people::part", move |work, _| {
        actions::part(work, &permit, other)?;
        Ok(Place::at("/network").telling("people-done-parted"))
    })
    .await
}

/// `POST /people/{person}/block`
pub async fn block(Path(person): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = block_by(&posted.cx, &person).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::people) async fn block_by(cx: &Cx, person: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let other = person_id(person)?;
    cx.write("people::block", move |work, _| {
        actions::block(work, &permit, other)?;
        Ok(Place::at("/network").telling("people-done-blocked").undoable(format!("/people/{other}/unblock")))
    })
    .await
}

/// `POST /people/{person}/unblock`
pub async fn unblock(Path(person): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = unblock_by(&posted.cx, &person).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::people) async fn unblock_by(cx: &Cx, person: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let other = person_id(person)?;
    cx.write("people::unblock", move |work, _| {
        actions::unblock(work, &permit, other)?;
        Ok(Place::at("/network").telling("people-done-unblocked"))
    })
    .await
}

/// `POST /people/{person}/report`
pub async fn report(Path(person): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: PersonReportInput = posted.input()?;
    match report_by(&posted.cx, &person, input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => again(&posted, error, &person, false).await,
    }
}

pub(in crate::people) async fn report_by(
    cx: &Cx,
    person: &str,
    input: PersonReportInput,
) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let other = person_id(person)?;
    cx.write("people::report", move |work, _| {
        actions::report(work, &permit, other, &input.reason)?;
        Ok(Place::at(format!("/people/{other}")).telling("people-done-reported"))
    })
    .await
}

/// What one wrote to a person, or to the operator of them, and why it was refused.
#[derive(Template)]
#[template(path = "people/templates/to_person.html")]
pub struct ToPersonPage {
    f: Frame,
    form: FormState,
    name: String,
    person: String,
    /// Whether one asks to be connected; otherwise one reports.
    connects: bool,
}

impl ToPersonPage {
    /// Samples for the test that renders every page.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |connects| Self {
            f: Frame::sample(lang, "Person", true),
            form: FormState::new().refused(&Refusal::not_found(), lang),
            name: "Deisy Rondonuwu".to_owned(),
            person: "x".to_owned(),
            connects,
        };
        vec![page(true), page(false)]
    }
}

async fn again(posted: &Posted, error: AppError, person: &str, connects: bool) -> Result<Response, AppError> {
    let (status, form) = posted.again(error)?;
    let (cx, id) = (&posted.cx, person_id(person)?);
    let own = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let profile = cx.read("people::to_person", move |tx, _| {
        people::between(tx, own, id)?;
        Ok(people::profile_of(tx, id)?)
    });
    let profile = profile.await?;
    let name = profile.ok_or_else(Refusal::not_found)?.name;
    let f = cx.frame(name.clone());
    cx.html_with(status, &ToPersonPage { f, form, name, person: person.to_owned(), connects })
}

/// People who were reported to those who operate the instance.
#[derive(Template)]
#[template(path = "people/templates/person_reports.html")]
pub struct PersonReportsPage {
    f: Frame,
    reports: Vec<PersonReport>,
}

impl PersonReportsPage {
    /// Samples for the test that renders every page: none and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let report = PersonReport {
            id: ReportId::new(SAMPLE_AT, &Counted::default()),
            other_id: PersonId::new(SAMPLE_AT, &Counted::default()),
            name: "Hasan".to_owned(),
            reporter: "Deisy Rondonuwu".to_owned(),
            reason: "Mengirim ancaman.".to_owned(),
            made_at: SAMPLE_AT,
        };
        let page = |reports| Self { f: Frame::sample(lang, "Reports", true), reports };
        vec![page(Vec::new()), page(vec![report])]
    }
}

pub(in crate::people) async fn open_reports(cx: &Cx) -> Result<Vec<PersonReport>, AppError> {
    let own = cx.standing().permit::<OperateInstance>()?.signed_in()?;
    cx.read("people::person_reports", move |tx, _| Ok(tx.all(&queries::PERSON_REPORTS, &params![own])?)).await
}

/// `GET /admin/people-reports`
pub async fn reports(cx: Cx) -> Result<Response, AppError> {
    let reports = open_reports(&cx).await?;
    cx.html(&PersonReportsPage { f: cx.frame(cx.text("people-reports-title")), reports })
}

/// `POST /admin/people-reports/{report}/settle`
pub async fn settle(Path(report): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = settle_by(&posted.cx, &report).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::people) async fn settle_by(cx: &Cx, report: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<OperateInstance>()?;
    let report: ReportId = report.parse().map_err(|_| Refusal::not_found())?;
    cx.write("people::settle_report", move |work, _| {
        actions::settle(work, &permit, report)?;
        Ok(Place::at("/admin/people-reports").telling("people-done-settled"))
    })
    .await
}
