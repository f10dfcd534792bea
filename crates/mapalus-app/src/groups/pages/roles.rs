//! The roles of a group: what they do, ask for and allow, and who holds them.

use crate::{
    groups::{
        self, Group, RoleRow,
        actions::{rest, running},
        model::{
            Holder, RoleInput,
            rest::{Gap, Lack},
        },
        queries, rules,
    },
    qualifications::{
        self, kinds,
        model::{Known, OwnKind},
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Id, Millis, Permission, Permissions, PersonId, Refusal, RefusalKind, RoleId,
    access::{ChangeRoles, RunQualifications},
    chance::Counted,
};
use mapalus_db::params;

/// The roles of a group, with their holders.
#[derive(Template)]
#[template(path = "groups/templates/roles.html")]
pub struct RolesPage {
    f: Frame,
    name: String,
    path: String,
    group_lang: Lang,
    roles: Vec<RoleRow>,
    holders: Vec<Holder>,
    known: Known,
    gaps: Vec<Gap>,
}

impl RolesPage {
    fn holders(&self, role: &RoleRow) -> Vec<&Holder> {
        self.holders.iter().filter(|holder| holder.role_id == role.id).collect()
    }

    fn wanted(&self, role: &RoleRow) -> Vec<String> {
        role.qualifications(&self.known, self.f.language())
    }

    fn gaps(&self, role: &RoleRow, holder: &Holder) -> Vec<&Gap> {
        let own = |gap: &&Gap| gap.role_id == role.id && gap.person_id == holder.person_id;
        self.gaps.iter().filter(own).collect()
    }

    fn allows(&self, role: &RoleRow) -> Vec<String> {
        role.permissions.iter().map(|permission| self.f.word("groups-permission", permission)).collect()
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let (at, chance) = (Millis(1_779_000_000_000), Counted::default());
        let role = |name: &str, permissions| RoleRow {
            id: RoleId::new(at, &chance),
            name: name.to_owned(),
            duties: "Menolong\nMencatat".to_owned(),
            qualifications: "str".to_owned(),
            permissions,
            version: 1,
        };
        let roles = vec![role("Koordinator", Permissions::all()), role("Medis", Permissions::NONE)];
        let holders = vec![Holder {
            role_id: roles[0].id,
            person_id: PersonId::new(at, &chance),
            name: "Stenly Wowor".to_owned(),
        }];
        Self {
            f: Frame::sample(lang, "Roles", true),
            name: "Relawan Siaga Bencana".to_owned(),
            path: "/groups/relawan-siaga-bencana".to_owned(),
            group_lang: Lang::Id,
            gaps: vec![Gap {
                person_id: holders[0].person_id,
                role_id: roles[0].id,
                role: "Koordinator".to_owned(),
                kind: "str".to_owned(),
                name: "STR".to_owned(),
                lack: Lack::Over,
                rests: true,
            }],
            known: Known::default(),
            roles,
            holders,
        }
    }
}

/// The form of one role.
#[derive(Template)]
#[template(path = "groups/templates/role.html")]
pub struct RolePage {
    f: Frame,
    name: String,
    group_lang: Lang,
    path: String,
    form: FormState,
    /// The role, if it is there already.
    role: Option<RoleId>,
    /// The version that was seen.
    version: String,
    /// How the role stands, if somebody else changed it meanwhile.
    newer: Option<RoleRow>,
    permissions: Vec<Choice>,
    qualifications: Vec<Choice>,
}

impl RolePage {
    fn new(
        f: Frame,
        (name, path, group_lang): (String, String, Lang),
        form: FormState,
        role: Option<RoleId>,
        own: &[OwnKind],
    ) -> Self {
        let lang = f.language();
        let permission =
            |permission: &Permission| Choice::new(permission.word(), f.word("groups-permission", permission));
        let permissions = Permission::ALL.iter().map(permission).collect();
        let own = own.iter().filter(|kind| kind.retired_at.is_none());
        let own = own.map(|kind| Choice::new(kind.id.to_string(), kind.name.as_str()));
        let all = kinds::all().iter().map(|kind| Choice::new(kind.key.as_str(), kind.name.get(lang)));
        let qualifications = own.chain(all).collect();
        let (version, newer) = (String::new(), None);
        Self { f, name, group_lang, path, form, role, version, newer, permissions, qualifications }
    }

    fn asks(&self, role: &RoleRow) -> Vec<&str> {
        let kind = |key| self.qualifications.iter().find(|choice| choice.value == key);
        role.qualifications.split_whitespace().filter_map(kind).map(|choice| choice.label.as_str()).collect()
    }

    fn allows(&self, role: &RoleRow) -> Vec<String> {
        role.permissions.iter().map(|permission| self.f.word("groups-permission", permission)).collect()
    }

    fn action(&self) -> String {
        match self.role {
            Some(role) => format!("{}/roles/{role}", self.path),
            None => format!("{}/roles", self.path),
        }
    }

    /// Samples for the test that renders every page: a new role, one that is there, one that was changed meanwhile.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let group = || ("Relawan".to_owned(), "/groups/relawan".to_owned(), Lang::Id);
        let role = RoleId::new(Millis(1_779_000_000_000), &Counted::default());
        let f = || Frame::sample(lang, "Role", true);
        let filled = FormState::new().filled("name", "Medis").filled("qualifications", "str");
        let refusal = Refusal::new(RefusalKind::Changed, "refusal-changed");
        let late = filled.clone().refused(&refusal, lang);
        let newer = RoleRow {
            id: role,
            name: "Medis".to_owned(),
            duties: "Menolong".to_owned(),
            qualifications: "str".to_owned(),
            permissions: Permissions::all(),
            version: 2,
        };
        vec![
            Self::new(f(), group(), FormState::new(), None, &[]),
            Self::new(f(), group(), filled, Some(role), &[]),
            Self { newer: Some(newer), ..Self::new(f(), group(), late, Some(role), &[]) },
        ]
    }
}

/// The roles of a group with those who hold them and what these lack.
pub(in crate::groups) struct Loaded {
    pub group: Group,
    pub roles: Vec<RoleRow>,
    pub holders: Vec<Holder>,
    pub known: Known,
    pub gaps: Vec<Gap>,
}

/// The roles of a group.
pub(in crate::groups) async fn load(cx: &Cx, group: String) -> Result<Loaded, AppError> {
    cx.read("groups::roles", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<ChangeRoles>()?;
        let roles: Vec<RoleRow> = tx.all(&queries::roles::ROLES, &params![group.id])?;
        let holders: Vec<Holder> = tx.all(&queries::roles::ROLE_HOLDERS, &params![group.id])?;
        let people: Vec<PersonId> = holders.iter().map(|holder| holder.person_id).collect();
        let checks = standing.permit::<RunQualifications>().is_ok();
        let gaps = rest::gaps(tx, group.id, &people, checks, (cx.now, cx.lang))?;
        let known = qualifications::known(tx, group.id)?;
        Ok(Loaded { group, roles, holders, known, gaps })
    })
    .await
}

/// `GET /groups/{group}/roles`
pub async fn roles(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let Loaded { group, roles, holders, known, gaps } = load(&cx, group).await?;
    let f = cx.frame(cx.text("groups-roles-title"));
    let (path, group_lang) = (group.path(), group.lang);
    cx.html(&RolesPage { f, name: group.name, path, group_lang, roles, holders, known, gaps })
}

/// `GET /groups/{group}/roles/new`
pub async fn new(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    form(&cx, group, StatusCode::OK, None, Some((FormState::new(), String::new()))).await
}

/// `GET /groups/{group}/roles/{role}`
pub async fn edit(cx: Cx, Path((group, role)): Path<(String, String)>) -> Result<Response, AppError> {
    form(&cx, group, StatusCode::OK, Some(role), None).await
}

async fn form(
    cx: &Cx,
    group: String,
    status: StatusCode,
    role: Option<String>,
    kept: Option<(FormState, String)>,
) -> Result<Response, AppError> {
    let role = role.map(|role| role.parse::<RoleId>()).transpose().map_err(|_| Refusal::not_found())?;
    let (group, found, own) = cx
        .read("groups::role", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<ChangeRoles>()?;
            let found: Option<RoleRow> = match role {
                Some(role) => tx.optional(&queries::roles::ROLE, &params![role, group.id])?,
                None => None,
            };
            let own = qualifications::kinds_of(tx, group.id)?;
            Ok((group, found, own))
        })
        .await?;
    if role.is_some() && found.is_none() {
        return Err(Refusal::not_found().into());
    }
    let now = found.as_ref().map_or(String::new(), |role| role.version.to_string());
    // Somebody else changed it meanwhile: what was typed stays, and sending it again counts.
    let late = status == StatusCode::PRECONDITION_FAILED;
    let (filled, version) = match kept {
        Some((form, _)) if late => (form, now),
        Some((form, seen)) => (form, seen),
        None => (found.as_ref().map(filled).unwrap_or_default(), now),
    };
    let title = cx.text(if role.is_some() { "groups-role-change" } else { "groups-role-new" });
    let group = (group.name.clone(), group.path(), group.lang);
    let page = RolePage::new(cx.frame(title), group, filled, role, &own);
    cx.html_with(status, &RolePage { version, newer: found.filter(|_| late), ..page })
}

fn filled(role: &RoleRow) -> FormState {
    let form = FormState::new().filled("name", role.name.as_str()).filled("duties", role.duties.as_str());
    let form =
        role.qualifications.split_whitespace().fold(form, |form, key| form.filled("qualifications", key));
    role.permissions.iter().fold(form, |form, permission| form.filled("permissions", permission.word()))
}

/// `POST /groups/{group}/roles`
pub async fn add(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    stored(group, None, posted).await
}

/// `POST /groups/{group}/roles/{role}`
pub async fn change(
    Path((group, role)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    stored(group, Some(role), posted).await
}

async fn stored(group: String, role: Option<String>, mut posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let seen = posted.take("version");
    let input: RoleInput = posted.input()?;
    let of = (role.clone(), seen.parse().ok());
    match store(&cx, group.clone(), of, &input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, kept) = posted.again(error)?;
            form(&cx, group, status, role, Some((kept, seen))).await
        }
    }
}

/// Adds a role, or changes the one of this id if it stands as it was seen. Leads to the roles.
pub(in crate::groups) async fn store(
    cx: &Cx,
    group: String,
    (role, seen): (Option<String>, Option<i64>),
    input: &RoleInput,
) -> Result<Place, AppError> {
    let id = role.map(|role| role.parse::<RoleId>()).transpose().map_err(|_| Refusal::not_found())?;
    let input = input.clone();
    cx.write("groups::store_role", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangeRoles>()?;
        let own = qualifications::kinds_of(work.tx, group.id)?;
        let role = rules::role(&input, &own)?;
        let held = group.standing().permissions;
        match id {
            Some(id) => running::change_role(work, &permit, group.id, held, (id, seen), &role)?,
            None => {
                running::add_role(work, &permit, group.id, held, &role)?;
            }
        }
        Ok(Place::at(format!("{}/roles", group.path())).telling("groups-done-role"))
    })
    .await
}

/// `POST /groups/{group}/roles/{role}/remove`
pub async fn remove(
    Path((group, role)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    let seen = posted.value("version").parse().ok();
    let cx = posted.cx;
    let place = remove_role(&cx, group, role, seen).await?;
    Ok(cx.see(&place))
}

/// Removes a role that nobody holds, if it stands as it was seen.
pub(in crate::groups) async fn remove_role(
    cx: &Cx,
    group: String,
    role: String,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    let id: RoleId = role.parse().map_err(|_| Refusal::not_found())?;
    cx.write("groups::remove_role", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangeRoles>()?;
        running::remove_role(work, &permit, group.id, group.standing().permissions, (id, seen))?;
        Ok(Place::at(format!("{}/roles", group.path())).telling("groups-done-role-removed"))
    })
    .await
}
