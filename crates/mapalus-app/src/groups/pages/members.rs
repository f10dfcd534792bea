//! Who belongs to a group; leaving it.

use crate::{
    groups::{
        self, Group, Member,
        actions::{self, running},
        model::InviteInput,
        queries,
    },
    people::Mail,
    shell::{
        AppError, Checks, Cx, FormState, Frame, Lang, Place, Posted,
        paging::{self, PAGE, Paged},
    },
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    GroupId, Id, MembershipState, Millis, PersonId,
    access::{ChangeMembers, LeaveGroup, ManageMember, SeeMembers},
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
    members: Paged<Member>,
    /// Whether the one who looks may see a member's state and roles.
    manages: bool,
    /// The form to invite by, if one may.
    invite: Option<FormState>,
}

impl MembersPage {
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
        let items = vec![
            member("Stenly Wowor", Some("Koordinator\nEvakuasi"), MembershipState::Active),
            member("Deisy Rondonuwu", None, MembershipState::Accepted),
        ];
        Self {
            f: Frame::sample(lang, "Members", true),
            name: "Relawan Siaga Bencana".to_owned(),
            path: "/groups/relawan-siaga-bencana".to_owned(),
            members: Paged { items, next: Some("abc".to_owned()) },
            manages: true,
            invite: Some(FormState::new()),
        }
    }
}

#[derive(Deserialize)]
pub(in crate::groups) struct After {
    pub after: Option<String>,
}

pub(in crate::groups) fn page_of(
    tx: &mut Tx<'_>,
    group: GroupId,
    after: Option<&str>,
    suspended: bool,
) -> Result<Paged<Member>, DbError> {
    let place = after.and_then(paging::read_cursor::<2>);
    let (since, person) =
        place.map_or((0, String::new()), |[since, person]| (since.parse().unwrap_or(0), person));
    let rows = tx.all(&queries::MEMBERS, &params![group, since, person, PAGE + 1, "\n", suspended])?;
    Ok(paging::paged(rows, |m: &Member| paging::cursor(&[&m.since.0.to_string(), &m.person_id.to_string()])))
}

/// `GET /groups/{group}/members?after=`
pub async fn members(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

async fn show(cx: &Cx, group: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let query: After = cx.query()?;
    let (group, members, manages, invites): (Group, _, _, _) = cx
        .read("groups::members", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<SeeMembers>()?;
            let manages = standing.permit::<ManageMember>().is_ok();
            let members = page_of(tx, group.id, query.after.as_deref(), manages)?;
            Ok((group, members, manages, standing.permit::<ChangeMembers>().is_ok()))
        })
        .await?;
    let f = cx.frame(cx.text("groups-members-title"));
    let (path, invite) = (group.path(), invites.then_some(form));
    cx.html_with(status, &MembersPage { f, path, name: group.name, members, manages, invite })
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
        running::invite(work, &permit, group.id, checked.as_ref().map_err(Clone::clone)?)?;
        Ok(Place::at(format!("{}/members", group.path())).telling("groups-done-invited"))
    })
    .await
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
        Ok(Place::at(group.path()).telling("groups-done-left"))
    })
    .await
}
