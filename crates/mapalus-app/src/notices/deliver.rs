//! Mail goes out: by SMTP, tried again with growing pauses, never before the commit that asked for it.

use super::{
    letter::{Letter, MailRow},
    queries,
};
use crate::shell::{
    App, Work, calendar,
    notice::{Holds, Told},
};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, ContentTypeErr, HeaderName, HeaderValue, MessageId},
    },
};
use mapalus_core::{MailId, Millis, time::MINUTE};
use mapalus_db::{DbError, params};
use std::time::Duration;

/// A mail server and who writes.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Mailbox,
}

/// Why a mail server cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// Not a URL of a mail server.
    #[error(
        "the mail server is not a URL such as smtps://user:password@mail.example or smtp://mail.example:25"
    )]
    Server(#[source] lettre::transport::smtp::Error),
    /// Not an address.
    #[error("the sender is not an address such as \"Mapalus <mapalus@example.org>\"")]
    Sender(#[source] lettre::address::AddressError),
    /// The mail could not be made.
    #[error("the mail could not be made")]
    Message(#[from] lettre::error::Error),
    /// The recipient is not an address.
    #[error("the recipient is not an address")]
    Recipient(#[source] lettre::address::AddressError),
    /// The server did not take it.
    #[error("the mail server did not take it")]
    Refused(#[source] lettre::transport::smtp::Error),
    /// The kind of a part is none.
    #[error("the kind of a part of the mail is none")]
    Kind(#[from] ContentTypeErr),
    /// The HTML could not be made.
    #[error("the mail's HTML could not be made")]
    Html(#[from] askama::Error),
}

impl Mailer {
    /// A mailer for a server's URL and a sender.
    ///
    /// # Errors
    /// [`MailerError::Server`] or [`MailerError::Sender`].
    pub fn new(server: &str, sender: &str) -> Result<Self, MailerError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server)
            .map_err(MailerError::Server)?
            .timeout(Some(Duration::from_secs(20)))
            .build();
        Ok(Self { transport, sender: sender.parse().map_err(MailerError::Sender)? })
    }

    /// Sends one letter; returns when the server has taken it.
    ///
    /// # Errors
    /// See [`MailerError`].
    pub async fn send(
        &self,
        id: &str,
        name: &str,
        address: &str,
        letter: &Letter,
    ) -> Result<(), MailerError> {
        let address = address.parse().map_err(MailerError::Recipient)?;
        let message = self.message(id, name, address, letter)?;
        self.transport.send(message).await.map_err(MailerError::Refused)?;
        Ok(())
    }

    /// The letter as it goes over the wire. Mail programs that know how (RFC 8058) stop its kind with one press.
    fn message(
        &self,
        id: &str,
        name: &str,
        address: Address,
        letter: &Letter,
    ) -> Result<Message, MailerError> {
        let domain = self.sender.email.domain();
        let mut message = Message::builder()
            .from(self.sender.clone())
            .to(Mailbox::new(Some(name.to_owned()).filter(|name| !name.is_empty()), address))
            .subject(letter.subject.clone())
            .header(MessageId::from(format!("<{id}@{domain}>")));
        if let Some(stop) = &letter.stop {
            let header = |name, value| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
            message = message
                .raw_header(header("List-Unsubscribe", format!("<{}>", stop.url)))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        let words = MultiPart::alternative_plain_html(letter.plain(), letter.html()?);
        let Some((appointment, host)) = &letter.calendar else {
            return Ok(message.multipart(words)?);
        };
        // As a way to read the mail, which programs that keep a calendar take; and as a file, for all others.
        let name = self.sender.name.clone().unwrap_or_else(|| domain.to_owned());
        let organizer = calendar::Party { name, mail: self.sender.email.to_string() };
        let text = calendar::text(appointment, host, &organizer);
        let kind = format!("text/calendar; charset=utf-8; method={}", appointment.method.name());
        let part = SinglePart::builder().header(ContentType::parse(&kind)?).body(text.clone());
        let file =
            Attachment::new("mapalus.ics".to_owned()).body(text, ContentType::parse("application/ics")?);
        let whole = MultiPart::mixed().multipart(words.singlepart(part)).singlepart(file);
        Ok(message.multipart(whole)?)
    }
}

/// Most tries of a mail; the pauses between them grow to half a day.
const MOST_TRIES: i64 = 12;

fn pause(tries: i64) -> i64 {
    MINUTE << tries.clamp(0, 9)
}

/// Sends what is due, or keeps it where there is no mail server. Gives when the next one is due.
///
/// # Errors
/// The database's error. A mail that the server does not take is tried again later.
pub async fn deliver(app: &App, mailer: Option<&Mailer>) -> Result<Option<Millis>, DbError> {
    loop {
        let now = app.clock.now();
        let due: Vec<MailRow> =
            app.db.read("mails::due", move |tx| tx.all(&queries::DUE, &params![now])).await?;
        if due.is_empty() {
            let next =
                app.db.read("mails::next", |tx| tx.scalar::<Option<Millis>>(&queries::NEXT_MAIL, &[])).await;
            return next;
        }
        for head in due {
            send(app, mailer, head).await?;
        }
    }
}

/// Sends a mail with what belongs to it. What goes out together is fixed before the first try, and named by its
/// first mail: a mail that was in flight at a stop is the same one when it goes out again.
async fn send(app: &App, mailer: Option<&Mailer>, head: MailRow) -> Result<(), DbError> {
    let bundle = head.bundle.unwrap_or(head.id);
    let holds = app.holds;
    let (count, mails) = app
        .write_as(None, "mails::claim", move |work| {
            if head.bundle.is_none() {
                let of = params![
                    head.id,
                    head.person_id,
                    head.kind,
                    &head.thing,
                    &head.address,
                    head.lang,
                    work.now
                ];
                work.tx.execute(&queries::BUNDLE, &of)?;
                drop_stale(work, holds, bundle)?;
            }
            let until = work.now.plus(5 * MINUTE);
            let count = work.tx.execute(&queries::CLAIM, &params![bundle, until, work.now])?;
            let mails: Vec<MailRow> =
                if count == 0 { Vec::new() } else { work.tx.all(&queries::CLAIMED, &params![bundle])? };
            Ok::<_, DbError>((count, mails))
        })
        .await?;
    // Another node has it, or nobody wants it any more.
    let Some(first) = mails.first() else {
        return Ok(());
    };
    let Some(mailer) = mailer else {
        return settle(app, bundle, "kept", 0, String::new()).await;
    };
    let letter = Letter::new(app, first, &mails, count);
    match mailer.send(&bundle.to_string(), &first.name, &first.address, &letter).await {
        Ok(()) => settle(app, bundle, "sent", 0, String::new()).await,
        Err(error) => {
            tracing::warn!(mail = %bundle, error = &error as &dyn std::error::Error, "a mail was not taken");
            let over = first.tries >= MOST_TRIES;
            let (state, wait) = if over { ("failed", 0) } else { ("due", pause(first.tries - 1)) };
            settle(app, bundle, state, wait, error.to_string()).await
        }
    }
}

/// What is so no longer is not told: before the first try the mails of a bundle are held against what they speak of.
fn drop_stale(work: &mut Work<'_, '_>, holds: Holds, bundle: MailId) -> Result<(), DbError> {
    let mails: Vec<(MailId, String, String)> = work.tx.all(&queries::BUNDLED, &params![bundle])?;
    let told: Vec<Told> =
        mails.iter().map(|(_, key, path)| Told { key: key.clone(), path: path.clone() }).collect();
    let holds = holds(work.tx, &told)?;
    let stale = mails.iter().zip(holds).filter(|(_, holds)| !holds);
    let stale: Vec<MailId> = stale.map(|((id, ..), _)| *id).collect();
    work.tx.execute_in(&queries::DROP_MAILS, &[], &stale)?;
    Ok(())
}

async fn settle(
    app: &App,
    bundle: MailId,
    state: &'static str,
    wait: i64,
    problem: String,
) -> Result<(), DbError> {
    app.write_as(None, "mails::settle", move |work| {
        work.tx.execute(&queries::SETTLE, &params![bundle, state, work.now.plus(wait), &problem])
    })
    .await?;
    Ok(())
}
