//! One member, for those who run the group: roles, handing over, suspending, excluding.

use crate::{
    groups::{
        self, Group,
        actions::{running, undo},
        model::{ChangeKind, OneMember, RoleRow, RolesInput, WhyInput},
        queries, rules,
    },
    people::{self, guardian::Ages},
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    GroupId, Id, MembershipState, Millis, Permission, PersonId, Refusal, RoleId, Standing,
    access::{ChangeMembers, ChangeRoles, HandOver, ManageMember, UndoChange},
    chance::Counted,
};
use mapalus_db::{Tx, params};

/// One member, for those who run the group.
#[derive(Template)]
#[template(path = "groups/templates/member.html")]
pub struct MemberPage {
    f: Frame,
    name: String,
    path: String,
    group_lang: Lang,
    member: OneMember,
    /// The roles that the one who looks may give or take.
    roles: Vec<Choice>,
    roles_form: FormState,
    /// The version that was seen.
    version: String,
    why_form: FormState,
    may_roles: bool,
    may_members: bool,
    own: bool,
    /// Of a minor: how old they are.
    ages: Option<Ages>,
}

impl MemberPage {
    fn own_path(&self) -> String {
        format!("{}/members/{}", self.path, self.member.person_id)
    }

    fn suspended(&self) -> bool {
        self.member.state == MembershipState::Suspended
    }

    fn active(&self) -> bool {
        self.member.state == MembershipState::Active
    }

    /// Samples for the test that renders every page: an active member, a suspended one.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let (at, chance) = (Millis(1_779_000_000_000), Counted::default());
        let page = |state| Self {
            f: Frame::sample(lang, "Member", true),
            name: "Relawan Siaga Bencana".to_owned(),
            path: "/groups/relawan-siaga-bencana".to_owned(),
            group_lang: Lang::Id,
            member: OneMember {
                person_id: PersonId::new(at, &chance),
                name: "Deisy Rondonuwu".to_owned(),
                state,
                since: at,
                changed_at: at,
                why: "Tidak hadir tiga kali.".to_owned(),
                version: 1,
                held: None,
            },
            roles: vec![Choice::new("1", "Medis"), Choice::new("2", "Logistik").noting("...")],
            roles_form: FormState::new().filled("roles", "1"),
            version: "1".to_owned(),
            why_form: FormState::new(),
            may_roles: true,
            may_members: true,
            own: false,
            ages: None,
        };
        let minor = Self { ages: Some(Ages::Older), ..page(MembershipState::Active) };
        vec![page(MembershipState::Active), page(MembershipState::Suspended), minor]
    }
}

/// A person of a group, who may be suspended.
pub(in crate::groups) fn one(tx: &mut Tx<'_>, group: GroupId, person: &str) -> Result<OneMember, AppError> {
    let person: PersonId = person.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<OneMember> = tx.optional(&queries::ONE_MEMBER, &params![group, person])?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// What the page needs: the member, all roles, the ids of those held, how old a minor is.
type Loaded = (Group, OneMember, Vec<RoleRow>, Vec<RoleId>, Option<Ages>);

/// What was sent and refused.
enum Refused {
    /// Roles, with the version that was seen.
    Roles(FormState, String),
    /// A reason.
    Why(FormState),
}

async fn show(
    cx: &Cx,
    group: String,
    person: String,
    status: StatusCode,
    refused: Option<Refused>,
) -> Result<Response, AppError> {
    let (group, member, roles, held, ages): Loaded = cx
        .read("groups::member", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<ManageMember>()?;
            let member = one(tx, group.id, &person)?;
            let roles: Vec<RoleRow> = tx.all(&queries::roles::ROLES, &params![group.id])?;
            let held: Vec<(RoleId,)> =
                tx.all(&queries::roles::ROLES_OF, &params![group.id, member.person_id])?;
            let ages = people::young(tx, member.person_id)?.map(|young| young.ages(cx.now));
            Ok((group, member, roles, held.into_iter().map(|(role,)| role).collect(), ages))
        })
        .await?;
    let mine = group.standing().permissions;
    let own = cx.person() == Some(member.person_id);
    let f = cx.frame(member.name.clone());
    let choice = |role: &RoleRow| {
        let allows: Vec<String> =
            role.permissions.iter().map(|permission| f.word("groups-permission", permission)).collect();
        Choice::new(role.id.to_string(), role.name.as_str()).noting(allows.join(" · "))
    };
    let mut roles_form =
        held.iter().fold(FormState::new(), |form, role| form.filled("roles", role.to_string()));
    let mut why_form = FormState::new();
    let mut version = member.version.to_string();
    match refused {
        // Somebody else changed them meanwhile: what was chosen stays, and sending it again counts.
        Some(Refused::Roles(form, _)) if status == StatusCode::PRECONDITION_FAILED => roles_form = form,
        Some(Refused::Roles(form, seen)) => (roles_form, version) = (form, seen),
        Some(Refused::Why(form)) => why_form = form,
        None => {}
    }
    let page = MemberPage {
        name: group.name.clone(),
        path: group.path(),
        group_lang: group.lang,
        roles: roles.iter().map(choice).collect(),
        roles_form,
        version,
        why_form,
        may_roles: mine.has(Permission::Roles),
        may_members: mine.has(Permission::Members)
            && rules::may_manage(own, mine, member.permissions()).is_ok(),
        own,
        ages,
        member,
        f,
    };
    cx.html_with(status, &page)
}

/// `GET /groups/{group}/members/{person}`
pub async fn member(cx: Cx, Path((group, person)): Path<(String, String)>) -> Result<Response, AppError> {
    show(&cx, group, person, StatusCode::OK, None).await
}

/// `POST /groups/{group}/members/{person}/roles`
pub async fn roles(
    Path((group, person)): Path<(String, String)>,
    mut posted: Posted,
) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let seen = posted.take("version");
    let input: RolesInput = posted.input()?;
    match set_roles(&cx, group.clone(), person.clone(), input, seen.parse().ok()).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, group, person, status, Some(Refused::Roles(form, seen))).await
        }
    }
}

/// Gives a member exactly these roles, if membership and roles stand as they were seen.
pub(in crate::groups) async fn set_roles(
    cx: &Cx,
    group: String,
    person: String,
    input: RolesInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    let roles: Result<Vec<RoleId>, _> = input.roles.iter().map(|role| role.parse()).collect();
    let roles = roles.map_err(|_| Refusal::not_found())?;
    cx.write("groups::set_roles", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangeRoles>()?;
        let member = one(work.tx, group.id, &person)?;
        let held = group.standing().permissions;
        let changed = running::set_roles(work, &permit, group.id, held, &member, (&roles, seen))?;
        let place = Place::at(format!("{}/members", group.path())).telling("groups-done-roles");
        Ok(if changed { place.undoable(undo_path(&group, &member)) } else { place })
    })
    .await
}

/// `POST /groups/{group}/members/{person}/hand-over`
pub async fn hand_over(
    Path((group, person)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    let cx = posted.cx;
    let place = hand_over_to(&cx, group, person).await?;
    Ok(cx.see(&place))
}

pub(in crate::groups) async fn hand_over_to(
    cx: &Cx,
    group: String,
    person: String,
) -> Result<Place, AppError> {
    cx.write("groups::hand_over", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<HandOver>()?;
        let member = one(work.tx, group.id, &person)?;
        running::hand_over(work, &permit, group.id, &member)?;
        let place = Place::at(group.path()).telling("groups-done-handed-over");
        Ok(place.undoable(undo_path(&group, &member)))
    })
    .await
}

fn undo_path(group: &Group, member: &OneMember) -> String {
    format!("{}/members/{}/undo", group.path(), member.person_id)
}

/// `POST /groups/{group}/members/{person}/undo`
pub async fn undo(
    Path((group, person)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    let cx = posted.cx;
    let place = undo_of(&cx, group, person).await?;
    Ok(cx.see(&place))
}

pub(in crate::groups) async fn undo_of(cx: &Cx, group: String, person: String) -> Result<Place, AppError> {
    let person: Result<PersonId, _> = person.parse();
    undo_on(cx, group, person.ok().map(undo::Target::Person)).await
}

/// Undoes what the one who asks did; there is no such thing without a target.
pub(in crate::groups) async fn undo_on(
    cx: &Cx,
    group: String,
    target: Option<undo::Target>,
) -> Result<Place, AppError> {
    cx.write("groups::undo", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let own = match (cx.person(), target) {
            (Some(actor), Some(target)) => undo::found(work, actor, group.id, target)?,
            _ => None,
        };
        let standing = Standing { owner: own.is_some(), ..standing };
        let permit = standing.permit::<UndoChange>()?;
        undo::undo(work, &permit, &standing, &group, target.ok_or_else(Refusal::not_found)?)?;
        let declined = own.is_some_and(|own| own.kind == ChangeKind::Decline);
        let to = if declined { group.path() } else { format!("{}/members", group.path()) };
        Ok(Place::at(to).telling("groups-done-undone"))
    })
    .await
}

/// `POST /groups/{group}/members/{person}/suspend`
pub async fn suspend(path: Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    managed(path, posted, MembershipState::Suspended).await
}

/// `POST /groups/{group}/members/{person}/restore`
pub async fn restore(path: Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    managed(path, posted, MembershipState::Active).await
}

/// `POST /groups/{group}/members/{person}/exclude`
pub async fn exclude(path: Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    managed(path, posted, MembershipState::Excluded).await
}

async fn managed(
    Path((group, person)): Path<(String, String)>,
    posted: Posted,
    to: MembershipState,
) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input = WhyInput { reason: posted.value("reason").to_owned() };
    match manage(&cx, group.clone(), person.clone(), to, input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, group, person, status, Some(Refused::Why(form))).await
        }
    }
}

pub(in crate::groups) async fn manage(
    cx: &Cx,
    group: String,
    person: String,
    to: MembershipState,
    input: WhyInput,
) -> Result<Place, AppError> {
    cx.write("groups::manage", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangeMembers>()?;
        let member = one(work.tx, group.id, &person)?;
        let held = group.standing().permissions;
        running::manage(work, &permit, group.id, held, &member, to, &input.reason)?;
        let told = match to {
            MembershipState::Suspended => "groups-done-suspended",
            MembershipState::Excluded => "groups-done-excluded",
            _ => "groups-done-restored",
        };
        let place = Place::at(format!("{}/members", group.path())).telling(told);
        Ok(place.undoable(undo_path(&group, &member)))
    })
    .await
}
