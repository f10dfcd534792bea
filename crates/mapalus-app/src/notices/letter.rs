//! A mail in words: subject, text and HTML, in the recipient's language.

use crate::shell::{App, Lang, locale, secrets::InstanceKey};
use askama::Template;
use mapalus_core::{LinkId, MailId, Millis};

mapalus_db::record! {
    /// A mail as it is stored.
    #[derive(Debug, Clone)]
    pub struct MailRow {
        /// The mail.
        pub id: MailId,
        /// Where it goes.
        pub address: String,
        /// The recipient's name.
        pub name: String,
        /// How they wish to be called.
        pub call_name: String,
        /// Their language.
        pub lang: Lang,
        /// Name of the zone in which they are told times.
        pub zone: String,
        /// Message key.
        pub key: String,
        /// Arguments of the message.
        pub arguments: String,
        /// Path of the page where one goes on.
        pub path: String,
        /// What a mailed secret is for.
        pub secret_purpose: Option<String>,
        /// The link of a mailed secret.
        pub secret_link: Option<LinkId>,
        /// When it was made.
        pub made_at: Millis,
        /// How often it was tried.
        pub tries: i64,
    }
}

/// A mail in words.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Subject, on one line.
    pub subject: String,
    /// Greeting.
    pub greeting: String,
    /// What it says.
    pub body: String,
    /// Address of the page where one goes on.
    pub url: String,
    /// Why one gets it.
    pub footer: String,
    /// Language.
    pub lang: Lang,
}

#[derive(Template)]
#[template(path = "notices/templates/letter.html")]
struct LetterHtml<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// Renders a stored mail; a secret is made here and nowhere else.
    pub fn new(app: &App, mail: &MailRow) -> Self {
        let mut arguments = super::read_arguments(&mail.arguments);
        if let (Some("code"), Some(link)) = (mail.secret_purpose.as_deref(), mail.secret_link) {
            arguments.push(("code".to_owned(), app.key.code(link).into()));
        }
        let text = |key: &str| super::message(mail.lang, super::zone(&mail.zone), key, &arguments);
        let path = path(&app.key, mail);
        let lang = if mail.secret_link.is_some() { None } else { Some(mail.lang) };
        let subject = text(&format!("{}-subject", mail.key));
        let greeting = match mail.call_name.as_str() {
            "" => locale::message(mail.lang, "notices-greeting-plain", &[]),
            name => locale::message(mail.lang, "notices-greeting", &[("name", name.into())]),
        };
        let host = app.settings.public_url.as_str();
        Self {
            // A subject is one line whatever a name holds.
            subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
            greeting,
            body: text(&mail.key),
            url: app.url(&path, lang),
            footer: locale::message(mail.lang, "notices-footer", &[("host", host.into())]),
            lang: mail.lang,
        }
    }

    /// The letter as plain text.
    pub fn plain(&self) -> String {
        format!("{}\n\n{}\n\n{}\n\n-- \n{}\n", self.greeting, self.body, self.url, self.footer)
    }

    /// The letter as HTML.
    ///
    /// # Errors
    /// If the template cannot be rendered.
    pub fn html(&self) -> Result<String, askama::Error> {
        LetterHtml { letter: self }.render()
    }
}

fn path(key: &InstanceKey, mail: &MailRow) -> String {
    match (&mail.secret_purpose, mail.secret_link) {
        // A code is typed, not followed.
        (Some(purpose), Some(_)) if purpose == "code" => "/sign-in/code".to_owned(),
        (Some(purpose), Some(link)) => format!("/{purpose}/{}", key.link(purpose, link)),
        _ => mail.path.clone(),
    }
}
