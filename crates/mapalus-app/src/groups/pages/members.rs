//! Who belongs to a group; leaving it.

use crate::{
    groups::{
        self, Group, Member,
        actions::{self, invite, rest::gaps, undo},
        model::{
            Invitation, InvitationState, InviteInput,
            rest::{Gap, Lack},
        },
        queries::{self, changes},
    },
    people::{self, Mail},
    shell::{
        AppError, Checks, Cx, FormState, Frame, Lang, Place, Posted,
        paging::{self, PAGE, Paged},
    },
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    GroupId, Id, LinkId, MembershipState, Millis, PersonId, Refusal, RoleId, Standing,
    access::{ChangeMembers, DeclineInvitation, LeaveGroup, ManageMember, RunQualifications, SeeMembers},
    chance::Counted,
};
use mapalus_db::{DbError, Tx, params};
use serde::Deserialize;

/// The people of a group.
#[derive(Template)]
#[template(path = "groups/templates/members.html")]
pub struct MembersPage {
    f: Frame,
    name: String,
    path: String,
    group_lang: Lang,
    members: Paged<Member>,
    /// What the roles of these members ask for and they lack.
    gaps: Vec<Gap>,
    /// The skills of these members, as far as they show them to their groups.
    skills: Vec<(PersonId, Vec<String>)>,
    /// Whether the one who looks checks qualifications.
    checks: bool,
    /// Whether the one who looks may see a member's state and roles.
    manages: bool,
    /// Whether one is shown the links that invite.
    links: bool,
    /// The form to invite by, if one may.
    invite: Option<FormState>,
    /// Whom the group invited lately, if one may know.
    invitations: Vec<Invitation>,
}

impl MembersPage {
    /// What became of an invitation: its state, or that its time is over.
    fn state(&self, invitation: &Invitation) -> &'static str {
        let over = invitation.state == InvitationState::Sent && invitation.ends_at <= self.f.now();
        if over { "over" } else { invitation.state.word() }
    }

    /// What a member can do, in one line; empty if they do not say.
    fn skills(&self, member: &Member) -> String {
        let own = self.skills.iter().find(|(person, _)| *person == member.person_id);
        own.map_or(String::new(), |(_, skills)| skills.join(", "))
    }

    fn gaps(&self, member: &Member) -> Vec<&Gap> {
        self.gaps.iter().filter(|gap| gap.person_id == member.person_id).collect()
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let (at, chance) = (Millis(1_779_000_000_000), Counted::default());
        let member = |name: &str, roles: Option<&str>, state| Member {
            person_id: PersonId::new(at, &chance),
            name: name.to_owned(),
            state,
            since: at,
            roles: roles.map(str::to_owned),
        };
        let invited = |state| Invitation {
            id: LinkId::new(at, &chance),
            group_id: GroupId::new(at, &chance),
            mail: "suharti@contoh.id".to_owned(),
            state,
            made_at: at,
            ends_at: Millis(1_790_000_000_000),
            answered_at: (state == InvitationState::Declined).then_some(at),
        };
        let items = vec![
            member("Stenly Wowor", Some("Koordinator\nEvakuasi"), MembershipState::Active),
            member("Deisy Rondonuwu", None, MembershipState::Accepted),
        ];
        let gap = |lack| Gap {
            person_id: PersonId::new(at, &chance),
            role_id: RoleId::new(at, &chance),
            role: "Koordinator".to_owned(),
            kind: "bls".to_owned(),
            name: "BHD".to_owned(),
            lack,
            rests: lack == Lack::Over,
        };
        let gap = |lack| Gap { person_id: items[0].person_id, ..gap(lack) };
        let gaps = Lack::ALL.iter().map(|lack| gap(*lack)).collect();
        let skills = vec![(items[0].person_id, vec!["Perahu karet".to_owned(), "P3K".to_owned()])];
        Self {
            skills,
            f: Frame::sample(lang, "Members", true),
            name: "Relawan Siaga Bencana".to_owned(),
            path: "/groups/relawan-siaga-bencana".to_owned(),
            group_lang: Lang::Id,
            members: Paged { items, next: Some("abc".to_owned()) },
            gaps,
            checks: true,
            manages: true,
            links: true,
            invite: Some(FormState::new()),
            invitations: InvitationState::ALL.iter().map(|state| invited(*state)).collect(),
        }
    }
}

#[derive(Deserialize)]
pub(in crate::groups) struct After {
    pub after: Option<String>,
}

impl After {
    /// Where the page goes on: since when and who the last one is a member.
    ///
    /// # Errors
    /// Over the API, for a cursor that is none.
    pub fn place(&self, cx: &Cx) -> Result<Option<(i64, PersonId)>, Refusal> {
        let read = |[since, person]: [String; 2]| Some((since.parse().ok()?, person.parse().ok()?));
        paging::place(cx, self.after.as_deref(), read)
    }
}

pub(in crate::groups) fn page_of(
    tx: &mut Tx<'_>,
    group: GroupId,
    after: Option<(i64, PersonId)>,
    (suspended, viewer): (bool, Option<PersonId>),
) -> Result<Paged<Member>, DbError> {
    let (since, person) = after.map_or((0, String::new()), |(since, person)| (since, person.to_string()));
    let rows =
        tx.all(&queries::MEMBERS, &params![group, since, person, PAGE + 1, "\n", suspended, viewer])?;
    Ok(paging::paged(rows, |m: &Member| paging::cursor(&[&m.since.0.to_string(), &m.person_id.to_string()])))
}

/// What the roles of these members ask for and they lack, as far as the one who asks is told.
pub(in crate::groups) fn gaps_of(
    tx: &mut Tx<'_>,
    cx: &Cx,
    group: &Group,
    standing: &Standing,
    members: &[Member],
) -> Result<Vec<Gap>, DbError> {
    let people: Vec<PersonId> = members.iter().map(|member| member.person_id).collect();
    let checks = standing.permit::<RunQualifications>().is_ok();
    gaps(tx, group.id, &people, checks, (cx.now, cx.lang))
}

/// What these members can do, as far as they show it to their groups.
pub(in crate::groups) fn skills_of(
    tx: &mut Tx<'_>,
    members: &[Member],
) -> Result<Vec<(PersonId, Vec<String>)>, DbError> {
    let members: Vec<PersonId> = members.iter().map(|member| member.person_id).collect();
    people::skills_in_group(tx, &members)
}

/// `GET /groups/{group}/members?after=`
pub async fn members(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

async fn show(cx: &Cx, group: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let after = cx.query::<After>()?.place(cx)?;
    let (group, members, (gaps, skills), (manages, checks), invitations): (Group, _, _, _, _) = cx
        .read("groups::members", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<SeeMembers>()?;
            let manages = standing.permit::<ManageMember>().is_ok();
            let members = page_of(tx, group.id, after, (manages, cx.person()))?;
            let gaps = gaps_of(tx, cx, &group, &standing, &members.items)?;
            let checks = standing.permit::<RunQualifications>().is_ok();
            let invitations = match standing.permit::<ChangeMembers>() {
                Ok(_) => Some(invitations_of(tx, group.id)?),
                Err(_) => None,
            };
            let skills = skills_of(tx, &members.items)?;
            Ok((group, members, (gaps, skills), (manages, checks), invitations))
        })
        .await?;
    let f = cx.frame(cx.text("groups-members-title"));
    let links = group.membership == Some(MembershipState::Active);
    let (path, invite) = (group.path(), invitations.is_some().then_some(form));
    let (name, group_lang, invitations) = (group.name, group.lang, invitations.unwrap_or_default());
    let page = MembersPage {
        f,
        path,
        name,
        group_lang,
        members,
        gaps,
        skills,
        checks,
        manages,
        links,
        invite,
        invitations,
    };
    cx.html_with(status, &page)
}

/// Whom a group invited, newest first: 50 at most.
pub(in crate::groups) fn invitations_of(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<Invitation>, DbError> {
    tx.all(&changes::INVITATIONS, &params![group])
}

/// `POST /groups/{group}/invite`
pub async fn invite(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: InviteInput = posted.input()?;
    match invite_by(&cx, group.clone(), &input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, group, status, form).await
        }
    }
}

pub(in crate::groups) async fn invite_by(
    cx: &Cx,
    group: String,
    input: &InviteInput,
) -> Result<Place, AppError> {
    let mut checks = Checks::new();
    let mail = checks.field("mail", Mail::parse(&input.mail));
    let checked = checks.done(mail);
    cx.write("groups::invite", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangeMembers>()?;
        let link = invite::invite(work, &permit, group.id, checked.as_ref().map_err(Clone::clone)?)?;
        let place = Place::at(format!("{}/members", group.path())).telling("groups-done-invited");
        Ok(place.undoable(format!("{}/invitations/{link}/undo", group.path())))
    })
    .await
}

/// `POST /groups/{group}/invitations/{invitation}/undo`
pub async fn undo(
    Path((group, invitation)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    let cx = posted.cx;
    let place = undo_invitation(&cx, group, &invitation).await?;
    Ok(cx.see(&place))
}

pub(in crate::groups) async fn undo_invitation(
    cx: &Cx,
    group: String,
    invitation: &str,
) -> Result<Place, AppError> {
    let invitation: Result<LinkId, _> = invitation.parse();
    super::member::undo_on(cx, group, invitation.ok().map(undo::Target::Invitation)).await
}

/// `POST /groups/{group}/decline`
pub async fn decline(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let place = decline_invitation(&cx, group).await?;
    Ok(cx.see(&place))
}

pub(in crate::groups) async fn decline_invitation(cx: &Cx, group: String) -> Result<Place, AppError> {
    cx.write("groups::decline", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<DeclineInvitation>()?;
        let undo = format!("{}/members/{}/undo", group.path(), permit.signed_in()?);
        invite::decline(work, &permit, group.id)?;
        Ok(Place::at(outside(&group)).telling("groups-done-declined").undoable(undo))
    })
    .await
}

/// Where one goes who does not belong to a group any more: a private one they do not see.
fn outside(group: &Group) -> String {
    if group.is_private() { "/".to_owned() } else { group.path() }
}

/// Before one leaves: what goes, what stays.
#[derive(Template)]
#[template(path = "groups/templates/leave.html")]
pub struct LeavePage {
    f: Frame,
    name: String,
    path: String,
    group_lang: Lang,
    /// Whether one helps to run it.
    runs: bool,
    suspended: bool,
    /// Why one cannot leave yet.
    last: Option<&'static str>,
}

impl LeavePage {
    /// Samples for the test that renders every page: a member, one who is suspended, the last coordinator.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |runs, suspended, last| Self {
            f: Frame::sample(lang, "Leave", true),
            name: "Relawan Siaga Bencana".to_owned(),
            path: "/groups/relawan-siaga-bencana".to_owned(),
            group_lang: Lang::Id,
            runs,
            suspended,
            last,
        };
        vec![
            page(true, false, None),
            page(false, true, None),
            page(true, false, Some("groups-last-coordinator")),
        ]
    }
}

/// `GET /groups/{group}/leave`
pub async fn ask_leave(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, last) = cx
        .read("groups::ask_leave", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            let permit = standing.permit::<LeaveGroup>()?;
            let last = actions::may_leave(tx, &permit, group.id, group.standing().permissions)?;
            Ok((group, last.err().map(|refusal| refusal.key)))
        })
        .await?;
    let standing = group.standing();
    cx.html(&LeavePage {
        f: cx.frame(cx.text("groups-leave-title")),
        path: group.path(),
        name: group.name,
        group_lang: group.lang,
        runs: !standing.permissions.is_empty(),
        suspended: standing.membership == Some(MembershipState::Suspended),
        last,
    })
}

/// `POST /groups/{group}/leave`
pub async fn leave(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let place = leave_group(&cx, group).await?;
    Ok(cx.see(&place))
}

pub(in crate::groups) async fn leave_group(cx: &Cx, group: String) -> Result<Place, AppError> {
    cx.write("groups::leave", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<LeaveGroup>()?;
        actions::leave(work, &permit, group.id, group.standing().permissions)?;
        Ok(Place::at(outside(&group)).telling("groups-done-left"))
    })
    .await
}
