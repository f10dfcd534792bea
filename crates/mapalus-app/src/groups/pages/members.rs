//! Who belongs to a group; leaving it.

use crate::{
    groups::{self, Group, Member, actions, queries},
    shell::{
        AppError, Cx, Frame, Lang, Place, Posted,
        paging::{self, PAGE, Paged},
    },
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{
    GroupId, Id, MembershipState, Millis, PersonId,
    access::{LeaveGroup, SeeMembers},
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
) -> Result<Paged<Member>, DbError> {
    let place = after.and_then(paging::read_cursor::<2>);
    let (since, person) =
        place.map_or((0, String::new()), |[since, person]| (since.parse().unwrap_or(0), person));
    let rows = tx.all(&queries::MEMBERS, &params![group, since, person, PAGE + 1, "\n"])?;
    Ok(paging::paged(rows, |m: &Member| paging::cursor(&[&m.since.0.to_string(), &m.person_id.to_string()])))
}

/// `GET /groups/{group}/members?after=`
pub async fn members(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let query: After = cx.query()?;
    let (group, members): (Group, _) = cx
        .read("groups::members", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<SeeMembers>()?;
            let members = page_of(tx, group.id, query.after.as_deref())?;
            Ok((group, members))
        })
        .await?;
    let f = cx.frame(cx.text("groups-members-title"));
    cx.html(&MembersPage { f, path: group.path(), name: group.name, members })
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
