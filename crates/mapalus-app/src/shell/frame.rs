//! The frame around every page: language, sign-in, addresses of styles, what was just done.

use super::{
    Cx, Lang, assets, kept, locale, text,
    undo::{self, Offer},
};
use chrono_tz::Tz;
use mapalus_core::{Argument, Millis};
use std::fmt::Display;

/// What the layout and the components need; every page struct has one as `f`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// `id` or `en`.
    pub lang: &'static str,
    /// The page's title.
    pub title: String,
    /// One sentence for search engines and shared links; may be empty.
    pub description: String,
    /// Path of this page without its query.
    pub path: String,
    /// Path of this page with its query.
    pub address: String,
    /// The nonce of this answer's script.
    pub nonce: String,
    /// Address of the style sheet.
    pub css: &'static str,
    /// Address of the script.
    pub js: &'static str,
    /// Address of the icons.
    pub icons: &'static str,
    /// Address of the font.
    pub font: &'static str,
    /// Whether the instance is a demonstration.
    pub demo: bool,
    /// For operators: no mail server is set.
    pub mail_off: bool,
    /// For who runs a group or the instance: by when they set up a second step for signing in.
    pub factor_due_at: Option<Millis>,
    /// Whether the page is for everybody: it then names its twin in the other language.
    pub public: bool,
    /// Whether it is a page of a group's desk, whatever its address.
    pub at_desk: bool,
    /// Path of the feed that tells what is new on this page.
    pub feed: Option<String>,
    /// Path of the picture that stands beside a shared link.
    pub picture: Option<String>,
    /// Scheme, host and port.
    pub origin: String,
    /// Who is signed in.
    pub viewer: Option<FrameViewer>,
    /// What was just done.
    pub flash: Option<Flash>,
    /// What this person did a moment ago and can still undo.
    pub undo: Option<Offer>,
    /// A once-value for the forms of this page.
    pub once: String,
    language: Lang,
    zone: Tz,
    now: Millis,
}

/// Who is signed in, as the layout shows it.
#[derive(Debug, Clone)]
pub struct FrameViewer {
    /// How they wish to be called.
    pub name: String,
    /// Initials for the picture's place.
    pub initials: String,
    /// Whether they operate the instance.
    pub operator: bool,
    /// Whether they sit at a group's desk.
    pub desks: bool,
    /// Notices not yet read.
    pub unread: i64,
    /// Whether they are a minor.
    pub minor: bool,
}

/// What was just done, told once.
#[derive(Debug, Clone)]
pub struct Flash {
    /// The message.
    pub text: String,
    /// Whether it went well.
    pub good: bool,
    /// Path to post to if it is to be undone.
    undo: Option<String>,
}

/// The message of what was done; anything else than one of ours is passed over.
pub(super) fn done_text(key: &str, lang: Lang) -> Option<String> {
    (key.contains("-done-") && locale::has(key)).then(|| locale::message(lang, key, &[]))
}

/// A path of ours; anything else is passed over.
pub(super) fn own_path(path: &str) -> Option<&str> {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    Some(path).filter(|path| path.starts_with('/') && !path.starts_with("//") && plain)
}

impl Flash {
    /// That a form stands here as it was typed before the session ended, not yet sent.
    pub(super) fn kept(lang: Lang) -> Self {
        Self { text: locale::message(lang, "shell-kept-lead", &[]), good: false, undo: None }
    }

    /// Reads the cookie `key|undo path`; anything else than one of our messages is passed over.
    pub(super) fn read(value: &str, lang: Lang) -> Option<Self> {
        let (key, undo) = value.split_once('|')?;
        let undo = own_path(undo).map(str::to_owned);
        Some(Self { text: done_text(key, lang)?, good: true, undo })
    }
}

/// A value in a message: whatever a template holds.
pub trait ToArgument {
    /// The value as a message's argument.
    fn argument(&self) -> Argument;
}

macro_rules! to_argument {
    ($($number:ty),+) => {$(
        impl ToArgument for $number {
            fn argument(&self) -> Argument {
                Argument::Number(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        }
    )+};
}
to_argument!(i64, i32, u32, u64, usize);

impl ToArgument for str {
    fn argument(&self) -> Argument {
        self.into()
    }
}

impl ToArgument for String {
    fn argument(&self) -> Argument {
        self.as_str().into()
    }
}

impl<T: ToArgument + ?Sized> ToArgument for &T {
    fn argument(&self) -> Argument {
        (**self).argument()
    }
}

impl Frame {
    pub(super) fn new(cx: &Cx, title: String, nonce: String, flash: Option<Flash>) -> Self {
        let settings = &cx.app.settings;
        let viewer = cx.viewer.as_ref();
        Self {
            lang: cx.lang.code(),
            title,
            description: String::new(),
            path: cx.uri.path().to_owned(),
            address: cx.path_and_query().to_owned(),
            nonce,
            css: assets::css(),
            js: assets::js(),
            icons: assets::icons(),
            font: assets::font(),
            demo: settings.demo,
            mail_off: !settings.mail && !settings.demo && viewer.is_some_and(|v| v.operator),
            factor_due_at: cx.factor_due_at(),
            public: false,
            at_desk: false,
            feed: None,
            picture: None,
            origin: settings.public_url.clone(),
            viewer: viewer.map(|v| FrameViewer {
                name: v.call.clone(),
                initials: text::initials(&v.name),
                operator: v.operator,
                desks: v.desks,
                unread: v.unread,
                minor: v.born.is_some(),
            }),
            flash,
            undo: undo::standing(cx),
            once: kept::once_for(cx),
            language: cx.lang,
            zone: viewer.map_or(chrono_tz::Asia::Jakarta, |v| v.zone),
            now: cx.now,
        }
    }

    /// A frame for samples: a signed-in coordinator, or a stranger.
    pub fn sample(lang: Lang, title: &str, signed_in: bool) -> Self {
        let viewer = FrameViewer {
            name: "Maria".to_owned(),
            initials: "MR".to_owned(),
            operator: true,
            desks: true,
            unread: 3,
            minor: false,
        };
        Self {
            lang: lang.code(),
            title: title.to_owned(),
            description: String::new(),
            path: "/sample".to_owned(),
            address: "/sample".to_owned(),
            nonce: "c2FtcGxl".to_owned(),
            css: assets::css(),
            js: assets::js(),
            icons: assets::icons(),
            font: assets::font(),
            demo: true,
            mail_off: signed_in,
            factor_due_at: signed_in.then_some(Millis(1_780_600_000_000)),
            public: !signed_in,
            at_desk: false,
            feed: (!signed_in).then(|| "/groups.atom".to_owned()),
            picture: (!signed_in).then(|| "/groups/x/card.png".to_owned()),
            origin: "https://mapalus.example".to_owned(),
            viewer: signed_in.then_some(viewer),
            flash: None,
            undo: None,
            once: "c2FtcGxlLW9uY2U".to_owned(),
            language: lang,
            zone: chrono_tz::Asia::Makassar,
            now: Millis(1_780_000_000_000),
        }
    }

    /// The same for a page that is for everybody.
    #[must_use]
    pub fn for_everybody(mut self, description: impl Into<String>) -> Self {
        self.public = true;
        self.description = description.into();
        self
    }

    /// Whether the time for a second step is over.
    pub fn factor_is_over(&self) -> bool {
        self.factor_due_at.is_some_and(|due_at| due_at <= self.now)
    }

    /// Whether what can be undone is what the flash tells: they stand in one then.
    pub fn undoes_flash(&self) -> bool {
        let told = self.flash.as_ref().and_then(|flash| flash.undo.as_ref());
        self.undo.as_ref().is_some_and(|offer| told == Some(&offer.path))
    }

    /// The same for a page of a group's desk.
    #[must_use]
    pub fn at_desk(mut self) -> Self {
        self.at_desk = true;
        self
    }

    /// The same with the picture that stands beside its link where it is shared.
    #[must_use]
    pub fn with_picture(mut self, path: String) -> Self {
        self.picture = Some(path);
        self
    }

    /// The same with the feed that tells what is new on it.
    #[must_use]
    pub fn with_feed(mut self, path: String) -> Self {
        self.feed = Some(path);
        self
    }

    /// The language of the page, as the protocol of shared links names it.
    pub fn locale(&self) -> &'static str {
        match self.language {
            Lang::Id => "id_ID",
            Lang::En => "en_GB",
        }
    }

    /// The language of the page.
    pub fn language(&self) -> Lang {
        self.language
    }

    /// The zone in which times are told.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The instant at which the page was asked for.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// A message.
    pub fn t(&self, key: impl AsRef<str>) -> String {
        locale::message(self.language, key.as_ref(), &[])
    }

    /// A message with one value.
    pub fn t1(&self, key: impl AsRef<str>, name: &str, value: impl ToArgument) -> String {
        locale::message(self.language, key.as_ref(), &[(name, value.argument())])
    }

    /// A message with two values.
    pub fn t2(
        &self,
        key: impl AsRef<str>,
        name1: &str,
        value1: impl ToArgument,
        name2: &str,
        value2: impl ToArgument,
    ) -> String {
        locale::message(
            self.language,
            key.as_ref(),
            &[(name1, value1.argument()), (name2, value2.argument())],
        )
    }

    /// The message for a word of a closed list: `<prefix>-<word>`.
    pub fn word(&self, prefix: impl Display, word: impl Display) -> String {
        locale::message(self.language, &format!("{prefix}-{word}"), &[])
    }

    /// A person's name; of one who was erased, the words for that.
    pub fn person(&self, name: &str) -> String {
        if name.is_empty() { self.t("people-former-member") } else { name.to_owned() }
    }

    /// A day, in the viewer's zone.
    pub fn day(&self, at: &Millis) -> String {
        text::day(*at, self.zone, self.language)
    }

    /// A day of the calendar.
    pub fn date(&self, day: &super::Day) -> String {
        day.text(self.language)
    }

    /// An instant with its zone.
    pub fn instant(&self, at: &Millis) -> String {
        text::instant(*at, self.zone, self.language)
    }

    /// How long ago.
    pub fn ago(&self, at: &Millis) -> String {
        text::ago(*at, self.now, self.language)
    }

    /// An instant for machines.
    pub fn machine(&self, at: &Millis) -> String {
        text::machine(*at)
    }

    /// Whether it is a page of a group's desk, though its address begins as the group's own.
    fn is_desk(&self) -> bool {
        if self.at_desk {
            return true;
        }
        let part = self.path.strip_prefix("/groups/").and_then(|rest| rest.split('/').nth(1));
        matches!(
            part,
            Some(
                "applications"
                    | "path"
                    | "roles"
                    | "settings"
                    | "questions"
                    | "replies"
                    | "blocked"
                    | "qualifications"
                    | "safeguarding"
            )
        )
    }

    /// Whether a part of the site is the one shown.
    pub fn here(&self, path: &str) -> bool {
        if self.is_desk() {
            return path == "/desk";
        }
        self.path == path
            || self.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/') && path != "/")
    }
}
