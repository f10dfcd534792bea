//! Links that invite: to make them, to hand them on, to see who came.

use crate::{
    groups::{
        self, Group,
        actions::links,
        model::{INVITE_LINK, InviteLink, LinkInput, LinkRules, LinkRulesInput, Spared, Taker, spared},
        queries::links as queries,
        rules,
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted, qr::Qr},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    GroupId, Id, LinkId, MembershipState, Millis, PersonId, Refusal, Standing,
    access::{ChangeGroup, MakeLinks, RunLink},
    chance::Counted,
};
use mapalus_db::{DbError, Tx, params};

/// Numbers that the form offers; over the API any other within the bounds will do.
const USES: [i64; 6] = [1, 5, 20, 50, 100, rules::MOST_USES];
const DAYS: [i64; 4] = [1, 7, 30, rules::MOST_DAYS];

/// A link with those who came by it.
pub struct LinkLine {
    link: InviteLink,
    takers: Vec<Taker>,
}

/// The links of a group.
#[derive(Template)]
#[template(path = "groups/templates/links.html")]
pub struct LinksPage {
    f: Frame,
    form: FormState,
    name: String,
    path: String,
    group_lang: Lang,
    /// Whether one makes links here.
    makes: bool,
    /// What the group lets its people do, for those who say it.
    rules: Option<FormState>,
    may_spare: Vec<Spared>,
    links: Vec<LinkLine>,
}

impl LinksPage {
    fn uses(&self) -> Vec<Choice> {
        USES.iter()
            .map(|n| Choice::new(n.to_string(), self.f.t1("groups-link-uses-of", "count", *n)))
            .collect()
    }

    fn days(&self) -> Vec<Choice> {
        DAYS.iter()
            .map(|n| Choice::new(n.to_string(), self.f.t1("groups-link-days-of", "count", *n)))
            .collect()
    }

    fn choices(&self, spares: &[Spared]) -> Vec<Choice> {
        let choice = |spared: &Spared| Choice::new(spared.word(), self.f.word("groups-spares", spared));
        spares.iter().map(choice).collect()
    }

    fn spares(&self) -> Vec<Choice> {
        self.choices(&self.may_spare)
    }

    fn all_spares(&self) -> Vec<Choice> {
        self.choices(Spared::ALL)
    }

    fn state(&self, line: &LinkLine) -> &'static str {
        line.link.state(self.f.now())
    }

    fn spared(&self, line: &LinkLine) -> Vec<Spared> {
        spared(&line.link.spares)
    }

    /// Samples for the test that renders every page: a coordinator's, a member's who makes none.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let link = |withdrawn_at| LinkLine { link: sample_link(withdrawn_at), takers: vec![sample_taker()] };
        let page = |makes, links| Self {
            f: Frame::sample(lang, "Links", true),
            form: empty(),
            name: "Relawan Siaga Bencana".to_owned(),
            path: "/groups/relawan-siaga-bencana".to_owned(),
            group_lang: Lang::Id,
            makes,
            rules: makes.then(|| filled(&LinkRules { spares: "vouch".to_owned(), ..LinkRules::none() })),
            may_spare: Spared::ALL.to_vec(),
            links,
        };
        vec![page(true, vec![link(None), link(Some(Millis(1)))]), page(false, Vec::new())]
    }
}

fn sample_link(withdrawn_at: Option<Millis>) -> InviteLink {
    let (at, chance) = (Millis(1_779_000_000_000), Counted::default());
    InviteLink {
        id: LinkId::new(at, &chance),
        group_id: GroupId::new(at, &chance),
        made_by: PersonId::new(at, &chance),
        maker: "Stenly Wowor".to_owned(),
        note: "Pasar Bersehati".to_owned(),
        spares: "vouch".to_owned(),
        uses: 5,
        used: 1,
        made_at: at,
        ends_at: Millis(1_790_000_000_000),
        withdrawn_at,
    }
}

fn sample_taker() -> Taker {
    let (at, chance) = (Millis(1_779_000_000_000), Counted::default());
    Taker {
        link_id: LinkId::new(at, &chance),
        person_id: PersonId::new(at, &chance),
        name: "Deisy Rondonuwu".to_owned(),
        taken_at: at,
        state: Some(MembershipState::Applied),
    }
}

fn empty() -> FormState {
    FormState::new().filled("uses", "5").filled("days", "7")
}

fn filled(rules: &LinkRules) -> FormState {
    let form = FormState::new()
        .filled("by_members", if rules.by_members { "yes" } else { "" })
        .filled("version", rules.version.to_string());
    spared(&rules.spares).iter().fold(form, |form, spared| form.filled("spares", spared.word()))
}

/// The links that one sees in a group, newest first, with those who came by them.
pub(in crate::groups) fn links_of(
    tx: &mut Tx<'_>,
    group: &Group,
    person: Option<PersonId>,
    now: Millis,
) -> Result<(Vec<InviteLink>, Vec<Taker>), DbError> {
    let whose = links::whose(group, person);
    let all = tx.all(&queries::INVITE_LINKS, &params![group.id, whose, now])?;
    Ok((all, tx.all(&queries::TAKERS, &params![group.id, whose])?))
}

/// `GET /groups/{group}/links`
pub async fn links(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, (empty(), None)).await
}

/// The page, with the form of a new link and, if it was that one which was refused, of the rules.
async fn show(
    cx: &Cx,
    group: String,
    status: StatusCode,
    (form, refused): (FormState, Option<FormState>),
) -> Result<Response, AppError> {
    let (group, says, rules, (links, takers)) = cx
        .read("groups::links", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            let permit = standing.permit::<MakeLinks>()?;
            let rules = links::rules_of(tx, group.id)?;
            let found = links_of(tx, &group, permit.person(), cx.now)?;
            Ok((group, standing.permit::<ChangeGroup>().is_ok(), rules, found))
        })
        .await?;
    let standing = group.standing();
    let line = |link: InviteLink| LinkLine {
        takers: takers.iter().filter(|taker| taker.link_id == link.id).cloned().collect(),
        link,
    };
    cx.html_with(
        status,
        &LinksPage {
            f: cx.frame(cx.text("groups-links-title")),
            form,
            path: group.path(),
            group_lang: group.lang,
            makes: rules::makes(standing, &rules),
            may_spare: rules::may_spare(standing, &rules),
            rules: says.then(|| refused.unwrap_or_else(|| filled(&rules))),
            links: links.into_iter().map(line).collect(),
            name: group.name,
        },
    )
}

/// `POST /groups/{group}/links`
pub async fn make(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: LinkInput = posted.input()?;
    match make_by(&cx, group.clone(), input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, group, status, (form, None)).await
        }
    }
}

pub(in crate::groups) async fn make_by(cx: &Cx, group: String, input: LinkInput) -> Result<Place, AppError> {
    cx.write("groups::make_link", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<MakeLinks>()?;
        let link = links::make(work, &permit, &group, &input)?;
        Ok(Place::at(format!("{}/links/{link}", group.path())).telling("groups-done-link"))
    })
    .await
}

/// `POST /groups/{group}/links/rules`
pub async fn set_rules(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: LinkRulesInput = posted.input()?;
    match set_rules_by(&cx, group.clone(), input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, group, status, (empty(), Some(form))).await
        }
    }
}

pub(in crate::groups) async fn set_rules_by(
    cx: &Cx,
    group: String,
    input: LinkRulesInput,
) -> Result<Place, AppError> {
    cx.write("groups::set_link_rules", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangeGroup>()?;
        links::set_rules(work, &permit, group.id, &input)?;
        Ok(Place::at(format!("{}/links", group.path())).telling("groups-done-link-rules"))
    })
    .await
}

/// A link of a group, with how the one who asks stands to it: it is theirs, or they may invite.
///
/// # Errors
/// Not found, if the group has no such link.
pub(in crate::groups) fn one_of(
    tx: &mut Tx<'_>,
    cx: &Cx,
    (group, link): (&str, &str),
) -> Result<(Group, Option<InviteLink>, Standing), AppError> {
    let (group, standing) = groups::standing(tx, cx, group)?;
    let id: Option<LinkId> = link.parse().ok();
    let found: Option<InviteLink> = match id {
        Some(id) => tx.optional(&queries::INVITE_LINK, &params![id])?,
        None => None,
    };
    let found = found.filter(|found| found.group_id == group.id);
    let belongs = standing.group.is_some_and(|group| group.membership == Some(MembershipState::Active));
    let owner = belongs && found.as_ref().is_some_and(|found| cx.person() == Some(found.made_by));
    Ok((group, found, Standing { owner, ..standing }))
}

/// A link to hand on.
#[derive(Template)]
#[template(path = "groups/templates/link.html")]
pub struct LinkPage {
    f: Frame,
    name: String,
    summary: String,
    path: String,
    group_lang: Lang,
    link: InviteLink,
    url: String,
    qr: Option<Qr>,
}

impl LinkPage {
    fn state(&self) -> &'static str {
        self.link.state(self.f.now())
    }

    fn spared(&self) -> Vec<Spared> {
        spared(&self.link.spares)
    }

    /// The words that are sent.
    fn text(&self) -> String {
        format!("{}\n{}\n{}", self.name, self.summary, self.url)
    }

    /// Where WhatsApp takes the words: it asks to whom they go.
    fn whatsapp(&self) -> String {
        crate::shell::text::whatsapp(&self.text())
    }

    /// Samples for the test that renders every page: one that holds, one that was withdrawn.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let url = "https://mapalus.example/invite/0198c6a0-0000-7000-8000-000000000000.c2FtcGxl".to_owned();
        let page = |withdrawn_at| Self {
            f: Frame::sample(lang, "Link", true),
            name: "Relawan Siaga Bencana".to_owned(),
            summary: "Warga yang siap membantu.".to_owned(),
            path: "/groups/relawan-siaga-bencana".to_owned(),
            group_lang: Lang::Id,
            link: sample_link(withdrawn_at),
            qr: Qr::new(&url),
            url: url.clone(),
        };
        vec![page(None), page(Some(Millis(1)))]
    }
}

/// The address of a link.
pub(in crate::groups) fn url_of(cx: &Cx, link: LinkId) -> String {
    cx.app.url(&format!("/{INVITE_LINK}/{}", cx.app.key.link(INVITE_LINK, link)), None)
}

/// `GET /groups/{group}/links/{invite}`
pub async fn link(cx: Cx, Path((group, link)): Path<(String, String)>) -> Result<Response, AppError> {
    let (group, link) = cx
        .read("groups::link", move |tx, cx| {
            let (group, link, standing) = one_of(tx, cx, (&group, &link))?;
            standing.permit::<RunLink>()?;
            Ok((group, link.ok_or_else(Refusal::not_found)?))
        })
        .await?;
    let url = url_of(&cx, link.id);
    let f = cx.frame(cx.text("groups-link-title"));
    let (path, qr) = (group.path(), Qr::new(&url));
    let (name, summary, group_lang) = (group.name, group.summary, group.lang);
    cx.html(&LinkPage { f, name, summary, path, group_lang, link, url, qr })
}

/// `POST /groups/{group}/links/{invite}/withdraw`
pub async fn withdraw(
    Path((group, link)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    let cx = posted.cx;
    let place = withdraw_by(&cx, group, link).await?;
    Ok(cx.see(&place))
}

pub(in crate::groups) async fn withdraw_by(cx: &Cx, group: String, link: String) -> Result<Place, AppError> {
    cx.write("groups::withdraw_link", move |work, cx| {
        let (group, found, standing) = one_of(work.tx, cx, (&group, &link))?;
        let permit = standing.permit::<RunLink>()?;
        links::withdraw(work, &permit, &found.ok_or_else(Refusal::not_found)?)?;
        Ok(Place::at(format!("{}/links", group.path())).telling("groups-done-link-withdrawn"))
    })
    .await
}
