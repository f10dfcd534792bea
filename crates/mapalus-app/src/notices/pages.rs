//! Notices, and the mailbox of mails that were not sent.

use super::{
    letter::{Item, Letter, MailRow, Stop},
    queries,
};
use crate::shell::{
    AppError, Cx, Frame, Lang, Place, Posted,
    notice::Away,
    paging::{self, PAGE, Paged},
    text,
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Id, MailId, Millis, NoticeId, PersonId, Refusal,
    access::{ReadMailbox, UseAccount},
    chance::Counted,
};
use mapalus_db::{DbError, Tx, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

mapalus_db::record! {
    /// A notice as it is stored.
    #[derive(Debug, Clone)]
    pub struct Notice {
        /// The notice.
        pub id: NoticeId,
        /// Message key.
        pub key: String,
        /// Arguments of the message.
        pub arguments: String,
        /// Path of the page where one goes on.
        pub path: String,
        /// The person it speaks of.
        pub about: Option<PersonId>,
        /// When.
        pub made_at: Millis,
        /// When it was read.
        pub read_at: Option<Millis>,
    }
}

/// A person's notices.
#[derive(Template)]
#[template(path = "notices/templates/notices.html")]
pub struct NoticesPage {
    f: Frame,
    notices: Paged<Notice>,
    unread: bool,
}

impl NoticesPage {
    fn new(f: Frame, notices: Paged<Notice>) -> Self {
        let unread = notices.items.iter().any(|notice| notice.read_at.is_none());
        Self { f, notices, unread }
    }

    fn text(&self, notice: &Notice) -> String {
        super::message(
            self.f.language(),
            self.f.zone(),
            &notice.key,
            &super::read_arguments(&notice.arguments),
        )
    }

    /// Samples for the test that renders every page: none, and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let at = Millis(1_779_900_000_000);
        let notice = |read_at| Notice {
            id: NoticeId::new(at, &Counted::default()),
            key: "joining-notice-accepted".to_owned(),
            arguments: "{\"group\":\"Relawan Siaga Bencana\",\"name\":\"Rio\"}".to_owned(),
            path: "/applications/x".to_owned(),
            about: None,
            made_at: at,
            read_at,
        };
        let page = |items| Self::new(Frame::sample(lang, "Notices", true), Paged { items, next: None });
        vec![page(Vec::new()), page(vec![notice(None), notice(Some(at))])]
    }
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

/// A page of notices, without those that speak of one whose account is being closed.
fn page_of(
    tx: &mut Tx<'_>,
    away: Away,
    person: PersonId,
    before: Option<NoticeId>,
) -> Result<Paged<Notice>, DbError> {
    let before = before.map_or_else(|| "g".to_owned(), |notice| notice.to_string());
    let rows = tx.all(&queries::NOTICES, &params![person, before, PAGE + 1])?;
    let mut page = paging::paged(rows, |notice: &Notice| paging::cursor(&[&notice.id.to_string()]));
    let named: BTreeSet<PersonId> = page.items.iter().filter_map(|notice| notice.about).collect();
    let gone = away(tx, &named.into_iter().collect::<Vec<_>>())?;
    page.items.retain(|notice| notice.about.is_none_or(|about| !gone.contains(&about)));
    Ok(page)
}

/// `GET /notices?after=`
pub async fn notices(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let query: After = cx.query()?;
    let before = paging::place(&cx, query.after.as_deref(), |[notice]| notice.parse().ok())?;
    let page = cx.read("notices", move |tx, cx| Ok(page_of(tx, cx.app.away, person, before)?)).await?;
    cx.html(&NoticesPage::new(cx.frame(cx.text("notices-title")), page))
}

/// `POST /notices/read`: all that stood on the page.
pub async fn read(posted: Posted) -> Result<Response, AppError> {
    let place = read_own(&posted.cx).await?;
    Ok(posted.cx.see(&place))
}

pub(super) async fn read_own(cx: &Cx) -> Result<Place, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    cx.write("notices::read", move |work, _| {
        super::read_all(work, person)?;
        Ok(Place::at("/notices"))
    })
    .await
}

/// A notice as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NoticeView {
    /// The notice's id.
    pub id: String,
    /// What kind: a stable key.
    pub key: String,
    /// What it says, in the language of the request.
    pub text: String,
    /// Path of the page where one goes on.
    pub path: String,
    /// When, RFC 3339 in UTC.
    pub made_at: String,
    /// Whether it was read.
    pub read: bool,
}

/// A page of notices.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NoticeList {
    /// The notices.
    pub items: Vec<NoticeView>,
    /// Cursor of the next page: give it as `after`.
    pub next: Option<String>,
}

/// One's own notices, newest first.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices",
    params(("after" = Option<String>, Query, description = "Cursor of the page before")),
    responses((status = 200, description = "A page of notices", body = NoticeList)))]
pub async fn api_notices(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let query: After = cx.query()?;
    let before = paging::place(&cx, query.after.as_deref(), |[notice]| notice.parse().ok())?;
    let page = cx.read("notices", move |tx, cx| Ok(page_of(tx, cx.app.away, person, before)?)).await?;
    let zone = cx.viewer.as_ref().map_or(chrono_tz::Asia::Jakarta, |viewer| viewer.zone);
    let view = |notice: Notice| NoticeView {
        id: notice.id.to_string(),
        text: super::message(cx.lang, zone, &notice.key, &super::read_arguments(&notice.arguments)),
        key: notice.key,
        path: notice.path,
        made_at: text::machine(notice.made_at),
        read: notice.read_at.is_some(),
    };
    cx.json(
        StatusCode::OK,
        &NoticeList { items: page.items.into_iter().map(view).collect(), next: page.next },
    )
}

/// A line of the mailbox.
pub struct MailLine {
    /// The mail.
    pub id: MailId,
    /// Where it goes.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was made.
    pub made_at: Millis,
}

/// Mails that were not sent.
#[derive(Template)]
#[template(path = "notices/templates/mailbox.html")]
pub struct MailboxPage {
    f: Frame,
    mails: Vec<MailLine>,
}

/// One mail that was not sent.
#[derive(Template)]
#[template(path = "notices/templates/mail.html")]
pub struct LetterPage {
    f: Frame,
    to: String,
    letter: Letter,
}

impl MailboxPage {
    /// Samples for the test that renders every page: none, and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let made_at = Millis(1_779_900_000_000);
        let line = MailLine {
            id: MailId::new(made_at, &Counted::default()),
            to: "rio@contoh.id".to_owned(),
            subject: "Aktifkan akun".to_owned(),
            made_at,
        };
        let page = |mails| Self { f: Frame::sample(lang, "Mailbox", true), mails };
        vec![page(Vec::new()), page(vec![line])]
    }
}

impl LetterPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let letter = Letter {
            subject: "Aktifkan akun".to_owned(),
            greeting: "Halo Rio,".to_owned(),
            items: vec![Item {
                body: "Buka tautan ini.".to_owned(),
                url: "https://mapalus.example/confirm/x".to_owned(),
            }],
            open: crate::shell::locale::message(lang, "notices-open", &[]),
            more: "3".to_owned(),
            footer: "Mapalus".to_owned(),
            stop: Some(Stop {
                text: crate::shell::locale::message(lang, "notices-stop-foot", &[]),
                url: "https://mapalus.example/unsubscribe/x".to_owned(),
            }),
            calendar: None,
            attached: crate::shell::locale::message(lang, "notices-attached", &[]),
            lang,
        };
        Self { f: Frame::sample(lang, "Mail", true), to: "rio@contoh.id".to_owned(), letter }
    }
}

/// Where a mail server is set, mails are their recipients' alone.
fn only_without_server(cx: &Cx) -> Result<(), Refusal> {
    if cx.app.settings.mail { Err(Refusal::not_found()) } else { Ok(()) }
}

/// `GET /mailbox`
pub async fn mailbox(cx: Cx) -> Result<Response, AppError> {
    let mails = kept(&cx).await?;
    cx.html(&MailboxPage { f: cx.frame(cx.text("notices-mailbox-title")), mails })
}

/// The mails that were not sent, newest first.
pub(super) async fn kept(cx: &Cx) -> Result<Vec<MailLine>, AppError> {
    cx.standing().permit::<ReadMailbox>()?;
    only_without_server(cx)?;
    let rows: Vec<MailRow> =
        cx.read("mails::kept", |tx, cx| Ok(tx.all(&queries::KEPT, &params![cx.now])?)).await?;
    let line = |mail: &MailRow| MailLine {
        id: mail.id,
        to: mail.address.clone(),
        subject: Letter::new(&cx.app, mail, std::slice::from_ref(mail), 1).subject,
        made_at: mail.made_at,
    };
    Ok(rows.iter().map(line).collect())
}

/// `GET /mailbox/{mail}`: an operator's look is recorded, for the mail is another's.
pub async fn letter(cx: Cx, Path(mail): Path<String>) -> Result<Response, AppError> {
    let (first, letter) = kept_one(&cx, &mail).await?;
    cx.html(&LetterPage { f: cx.frame(letter.subject.clone()), to: first.address, letter })
}

/// A mail that was not sent: an operator's look is recorded.
pub(super) async fn kept_one(cx: &Cx, mail: &str) -> Result<(MailRow, Letter), AppError> {
    let permit = cx.standing().permit::<ReadMailbox>()?;
    only_without_server(cx)?;
    let id: MailId = mail.parse().map_err(|_| Refusal::not_found())?;
    let mails: Vec<MailRow> =
        cx.read("mails::kept_one", move |tx, _| Ok(tx.all(&queries::KEPT_ONE, &params![id])?)).await?;
    let first = mails.first().cloned().ok_or_else(Refusal::not_found)?;
    if !cx.app.settings.demo {
        cx.app.write_as(cx.person(), "mails::look", move |work| work.record(&permit, id, "read")).await?;
    }
    let letter = Letter::new(&cx.app, &first, &mails, mails.len() as u64);
    Ok((first, letter))
}
