//! A mail in words: subject, text and HTML, in the recipient's language.

use crate::shell::{
    App, Lang,
    calendar::Appointment,
    locale,
    notice::{CALENDAR, Kind},
    secrets::InstanceKey,
};
use askama::Template;
use mapalus_core::{LinkId, MailId, Millis, PersonId};

mapalus_db::record! {
    /// A mail as it is stored.
    #[derive(Debug, Clone)]
    pub struct MailRow {
        /// The mail.
        pub id: MailId,
        /// To whom; none where an address is all that is known.
        pub person_id: Option<PersonId>,
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
        /// Which of the kinds it is.
        pub kind: Kind,
        /// What it is about.
        pub thing: String,
        /// The first of the mails with which it goes out.
        pub bundle: Option<MailId>,
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

/// One thing that a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it says.
    pub body: String,
    /// Address of the page where one goes on.
    pub url: String,
}

/// How one gets no more mails of a kind.
#[derive(Debug, Clone)]
pub struct Stop {
    /// In words.
    pub text: String,
    /// Address of the page with one button, which is also where mail programs post to.
    pub url: String,
}

/// A mail in words.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Subject, on one line.
    pub subject: String,
    /// Greeting.
    pub greeting: String,
    /// What it says, oldest first.
    pub items: Vec<Item>,
    /// What stands on the button to the page where one goes on.
    pub open: String,
    /// That there is more than is said; empty if there is not.
    pub more: String,
    /// Why one gets it.
    pub footer: String,
    /// How one gets no more of them; none for what concerns the account.
    pub stop: Option<Stop>,
    /// The appointment that goes with it, for the calendar of its recipient, with the host of its name.
    pub calendar: Option<(Appointment, String)>,
    /// That it is attached; empty if nothing is.
    pub attached: String,
    /// Language.
    pub lang: Lang,
}

#[derive(Template)]
#[template(path = "notices/templates/letter.html")]
struct LetterHtml<'a> {
    letter: &'a Letter,
}

impl LetterHtml<'_> {
    /// How it looks. A mail comes without files, so its style comes with it; there is nothing in it to escape.
    fn style(&self) -> &'static str {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/css/mail.css"))
    }
}

/// Things that one mail says at most; of more it tells the number.
const MOST_ITEMS: usize = 20;

impl Letter {
    /// Renders a mail with all that goes out with it, so many in all; a secret is made here and nowhere else.
    pub fn new(app: &App, first: &MailRow, mails: &[MailRow], count: u64) -> Self {
        let lang = first.lang;
        let mut items: Vec<Item> = Vec::with_capacity(mails.len());
        for item in mails.iter().take(MOST_ITEMS).map(|mail| item(app, mail)) {
            // Said twice it says no more.
            if !items.contains(&item) {
                items.push(item);
            }
        }
        let left = i64::try_from(count).unwrap_or(i64::MAX) - mails.len().min(MOST_ITEMS) as i64;
        let more = match left {
            ..=0 => String::new(),
            left => locale::message(lang, "notices-more", &[("count", left.into())]),
        };
        let subject = if items.len() == 1 && left <= 0 {
            text(app, first, &format!("{}-subject", first.key))
        } else {
            let group = super::read_arguments(&first.arguments).into_iter().find(|(name, _)| name == "group");
            let group = group.map_or_else(|| "".into(), |(_, group)| group);
            let all = items.len() as i64 + left.max(0);
            let key = format!("notices-many-{}", first.kind);
            locale::message(lang, &key, &[("count", all.into()), ("group", group)])
        };
        let greeting = match first.call_name.as_str() {
            "" => locale::message(lang, "notices-greeting-plain", &[]),
            name => locale::message(lang, "notices-greeting", &[("name", name.into())]),
        };
        let host = app.settings.public_url.as_str();
        let calendar = appointment(app, first);
        let attached = match &calendar {
            Some(_) => locale::message(lang, "notices-attached", &[]),
            None => String::new(),
        };
        Self {
            // A subject is one line whatever a name holds.
            subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
            greeting,
            items,
            open: locale::message(lang, "notices-open", &[]),
            more,
            footer: locale::message(lang, "notices-footer", &[("host", host.into())]),
            stop: first.person_id.filter(|_| first.kind.may_stop()).map(|person| stop(app, first, person)),
            calendar,
            attached,
            lang,
        }
    }

    /// A sample for the tests: a mail about a message key, with nothing for the values that it takes.
    pub fn sample(lang: Lang, key: &str) -> Self {
        let text = |key: &str| locale::message(lang, key, &[]);
        let item = Item { body: text(key), url: "https://mapalus.example/x".to_owned() };
        Self {
            subject: text(&format!("{key}-subject")),
            greeting: text("notices-greeting-plain"),
            items: vec![item],
            open: text("notices-open"),
            more: text("notices-more"),
            footer: text("notices-footer"),
            stop: Some(Stop {
                text: text("notices-stop-foot"),
                url: "https://mapalus.example/stop".to_owned(),
            }),
            calendar: None,
            attached: text("notices-attached"),
            lang,
        }
    }

    /// The letter as plain text.
    pub fn plain(&self) -> String {
        let mut out = format!("{}\n\n", self.greeting);
        for item in &self.items {
            out.push_str(&format!("{}\n{}\n\n", item.body, item.url));
        }
        for more in [&self.more, &self.attached].into_iter().filter(|text| !text.is_empty()) {
            out.push_str(&format!("{more}\n\n"));
        }
        out.push_str(&format!("-- \n{}\n", self.footer));
        if let Some(stop) = &self.stop {
            out.push_str(&format!("{}\n{}\n", stop.text, stop.url));
        }
        out
    }

    /// The letter as HTML.
    ///
    /// # Errors
    /// If the template cannot be rendered.
    pub fn html(&self) -> Result<String, askama::Error> {
        LetterHtml { letter: self }.render()
    }
}

fn text(app: &App, mail: &MailRow, key: &str) -> String {
    let mut arguments = super::read_arguments(&mail.arguments);
    if let (Some("code"), Some(link)) = (mail.secret_purpose.as_deref(), mail.secret_link) {
        arguments.push(("code".to_owned(), app.key.code(link).into()));
    }
    super::message(mail.lang, super::zone(&mail.zone), key, &arguments)
}

/// The appointment among the arguments of a mail, if there is one: with the address of the page where one goes on. What
/// has one is about no group, and so goes alone.
fn appointment(app: &App, mail: &MailRow) -> Option<(Appointment, String)> {
    let arguments = super::read_arguments(&mail.arguments);
    let found = arguments.into_iter().find(|(name, _)| name == CALENDAR)?;
    let mapalus_core::Argument::Text(text) = found.1 else {
        return None;
    };
    let mut appointment: Appointment = serde_json::from_str(&text).ok()?;
    appointment.url = app.url(&mail.path, Some(mail.lang));
    Some((appointment, app.settings.host().to_owned()))
}

fn item(app: &App, mail: &MailRow) -> Item {
    let lang = if mail.secret_link.is_some() { None } else { Some(mail.lang) };
    Item { body: text(app, mail, &mail.key), url: app.url(&path(&app.key, mail), lang) }
}

fn stop(app: &App, mail: &MailRow, person: PersonId) -> Stop {
    let kind = locale::message(mail.lang, &format!("notices-kind-{}", mail.kind), &[]);
    let path = super::choices::stop_path(&app.key, person, mail.kind);
    Stop {
        text: locale::message(mail.lang, "notices-stop-foot", &[("kind", kind.into())]),
        url: app.url(&path, Some(mail.lang)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_has_a_button_with_the_bare_address_below_it_and_is_made_for_the_dark_too() {
        let url = "https://mapalus.example/applications/x";
        let letter = Letter {
            subject: "Diterima".to_owned(),
            greeting: "Halo <Rio>,".to_owned(),
            items: vec![Item { body: "Anda diterima.".to_owned(), url: url.to_owned() }],
            open: "Buka".to_owned(),
            more: String::new(),
            footer: "Mapalus".to_owned(),
            stop: None,
            calendar: None,
            attached: String::new(),
            lang: Lang::Id,
        };
        let html = letter.html().expect("it renders");
        let button = html.find(&format!("<a class=\"button\" href=\"{url}\">Buka</a>")).expect("a button");
        let bare = html.find(&format!("<a href=\"{url}\">{url}</a>")).expect("the bare address");
        assert!(button < bare, "{html}");
        let dark = html.split("@media (prefers-color-scheme: dark) {").nth(1).expect("colours of the dark");
        let dark = dark.split("</style>").next().unwrap_or("");
        for part in ["body {", "a {", ".button {", ".foot {"] {
            assert!(dark.contains(part), "{part} has no colour of its own in the dark: {dark}");
        }
        assert!(!html.contains("<Rio>"), "{html}");
    }
}
