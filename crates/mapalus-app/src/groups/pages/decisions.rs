//! What was decided in the name of a group: the log that its members read.

use crate::{
    groups::{
        self, Group,
        actions::decisions,
        model::decisions::{Decided, Kind, Reader, Topic},
    },
    shell::{
        AppError, Cx, Frame, Lang,
        forms::Wrong,
        locale,
        paging::{self, Paged},
    },
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{
    Argument, DecisionId, Id, MembershipState, Millis, Refusal, access::SeeDecisions, chance::Counted,
};
use serde::Deserialize;

/// What was decided in the name of a group.
#[derive(Template)]
#[template(path = "groups/templates/decisions.html")]
pub struct DecisionsPage {
    f: Frame,
    name: String,
    path: String,
    group_lang: Lang,
    log: Paged<Decided>,
    topic: Option<Topic>,
    /// Whether one belongs to the group: others read what concerns them alone.
    belongs: bool,
}

/// A topic to which one may turn.
struct Way {
    label: String,
    href: String,
    set: bool,
}

impl DecisionsPage {
    fn words(&self, decided: &Decided) -> String {
        words(self.f.language(), decided)
    }

    fn ways(&self) -> Vec<Way> {
        let path = &self.path;
        let all = Way {
            label: self.f.t("groups-decided-all"),
            href: format!("{path}/decisions"),
            set: self.topic.is_none(),
        };
        let way = |topic: &Topic| Way {
            label: self.f.word("groups-decided-topic", topic),
            href: format!("{path}/decisions?topic={topic}"),
            set: self.topic == Some(*topic),
        };
        std::iter::once(all).chain(Topic::ALL.iter().map(way)).collect()
    }

    /// Where the log goes on.
    fn next(&self) -> Option<String> {
        let next = self.log.next.as_deref()?;
        let topic = self.topic.map_or("", Topic::word);
        Some(format!("{}/decisions?topic={topic}&after={next}", self.path))
    }

    /// Samples for the test that renders every page: each kind of decision, none, one's own alone.
    pub fn samples(lang: Lang, group: &Group) -> Vec<Self> {
        let at = Millis(1_779_900_000_000);
        let decided = |kind: &Kind| Decided {
            id: DecisionId::new(at, &Counted::default()),
            made_at: at,
            kind: *kind,
            what: match kind {
                Kind::Taking | Kind::Vulnerable => "yes",
                Kind::Visibility => "public",
                Kind::SignUp => "application",
                Kind::Links => "members",
                Kind::Ages => "older",
                Kind::Path => "2",
                _ => "Medis",
            }
            .to_owned(),
            many: 2,
            own: i64::from(*kind == Kind::Suspended),
            why: if *kind == Kind::Suspended { "Tidak hadir tiga kali.".to_owned() } else { String::new() },
            named: (!kind.is_personal()).then(|| "Deisy Rondonuwu".to_owned()),
            other: Some("Stenly Wowor".to_owned()),
        };
        let page = |items: Vec<Decided>, topic, belongs| Self {
            f: Frame::sample(lang, "Decisions", true),
            name: group.name.clone(),
            path: group.path(),
            group_lang: group.lang,
            log: Paged { next: (items.len() > 5).then(|| "abc".to_owned()), items },
            topic,
            belongs,
        };
        let named = Decided { named: Some("Stenly Wowor".to_owned()), ..decided(&Kind::Suspended) };
        let mut all: Vec<Decided> = Kind::ALL.iter().map(decided).collect();
        all.push(named);
        let own = vec![decided(&Kind::Suspended)];
        vec![page(all, None, true), page(Vec::new(), Some(Topic::Roles), true), page(own, None, false)]
    }
}

/// A line of the log in words.
pub fn words(lang: Lang, decided: &Decided) -> String {
    let word = |prefix: &str, word: &str| locale::message(lang, &format!("{prefix}-{word}"), &[]);
    let (kind, what) = (decided.kind, decided.what.as_str());
    let key = match kind {
        Kind::Taking | Kind::Vulnerable | Kind::Links => format!("groups-decided-{kind}-{what}"),
        _ if kind.is_personal() && decided.named.is_some() => format!("groups-decided-{kind}-named"),
        _ => format!("groups-decided-{kind}"),
    };
    let what = match kind {
        Kind::SignUp => word("groups-sign-up", what),
        Kind::Visibility => word("groups-visibility", what),
        Kind::Ages => word("groups-decided-age", what),
        _ => what.to_owned(),
    };
    let someone = |name: &Option<String>| -> Argument {
        match name {
            Some(name) => name.as_str().into(),
            None => locale::message(lang, "people-former-member", &[]).into(),
        }
    };
    let arguments = [
        ("what", what.into()),
        ("name", someone(&decided.named)),
        ("other", someone(&decided.other)),
        ("count", decided.many.into()),
    ];
    locale::message(lang, &key, &arguments)
}

#[derive(Deserialize)]
struct Asked {
    topic: Option<String>,
    after: Option<String>,
}

/// The group, a page of its log, the topic, and whether the one who asks belongs to the group.
pub(in crate::groups) type Read = (Group, Paged<Decided>, Option<Topic>, bool);

pub(in crate::groups) async fn read(cx: &Cx, group: String) -> Result<Read, AppError> {
    let asked: Asked = cx.query()?;
    let after: Option<DecisionId> =
        paging::place(cx, asked.after.as_deref(), |[id]: [String; 1]| id.parse().ok())?;
    let topic = topic(cx, asked.topic.as_deref())?;
    cx.read("groups::decisions", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        let person = standing.permit::<SeeDecisions>()?.signed_in()?;
        let belongs = group.membership.is_some_and(MembershipState::belongs);
        let rows = decisions::log(tx, group.id, Reader { person, belongs }, cx.now, (topic, after))?;
        let log = paging::paged(rows, |decided: &Decided| paging::cursor(&[&decided.id.to_string()]));
        Ok((group, log, topic, belongs))
    })
    .await
}

/// The topic that is asked for; a page passes over one that there is not, the API refuses it.
fn topic(cx: &Cx, text: Option<&str>) -> Result<Option<Topic>, Refusal> {
    match text.filter(|text| !text.is_empty()).map(str::parse) {
        None => Ok(None),
        Some(Ok(topic)) => Ok(Some(topic)),
        Some(Err(_)) if cx.api => Err(Wrong::plain("wrong-choice").at("topic")),
        Some(Err(_)) => Ok(None),
    }
}

/// `GET /groups/{group}/decisions`
pub async fn decisions(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, log, topic, belongs) = read(&cx, group).await?;
    let f = cx.frame(cx.text("groups-decided-title"));
    let (path, group_lang) = (group.path(), group.lang);
    cx.html(&DecisionsPage { f, name: group.name, path, group_lang, log, topic, belongs })
}
