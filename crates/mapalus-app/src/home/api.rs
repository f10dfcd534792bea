//! Groups and templates over the API; whether the server is alive.

pub mod audit;
pub mod drafts;
pub mod watches;
pub mod words;

use super::pages::{
    directory::{self, wanted::Wanted},
    group::meets_in,
    open,
    person::{Seen, view as view_of},
};
use crate::{
    groups::{
        self, GroupKind, Openness,
        model::{CardView, ChangeBody, OpenInput, TopicKind, marks::SinceView},
        template,
    },
    qualifications::model::ShownView,
    shell::{AppError, Cx, Lang, Place, Sent, or_newer, text},
};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use mapalus_core::{
    GroupVisibility, MembershipState,
    access::{OpenGroup, SeeGroup, SeePublic},
};
use mapalus_search::{Count, Facets};
use serde::Serialize;

/// A page of groups.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GroupList {
    /// The groups, best first.
    pub items: Vec<FoundView>,
    /// Cursor of the next page: give it as `after`.
    pub next: Option<String>,
    /// How many groups there are in all.
    pub total: u64,
    /// How many of them have what.
    pub facets: FacetsView,
}

/// How many of the groups that were found have what; each list: most first. The kinds are counted as if `kind` were not
/// given, the open ones as if `open` were not; all else counts the groups of the answer, on all of its pages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FacetsView {
    /// Groups of each kind.
    pub kinds: Vec<CountView>,
    /// Groups of each cause, by its key.
    pub causes: Vec<CountView>,
    /// Groups of each occupation, by its code of one or two digits, and one level below the one that was asked for.
    pub occupations: Vec<CountView>,
    /// Groups of each province, by its code.
    pub provinces: Vec<CountView>,
    /// Groups of each area one level below the one that was asked for, by its code.
    pub areas: Vec<CountView>,
    /// Groups that take applications now.
    pub open: u64,
    /// Groups that do not.
    pub closed: u64,
}

/// How many groups have something.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CountView {
    /// Kind, key or code: give it as the parameter of that name to narrow the search.
    pub key: String,
    /// Groups.
    pub groups: u64,
}

impl From<Facets> for FacetsView {
    fn from(facets: Facets) -> Self {
        let counts = |counts: Vec<Count>| {
            let view = |count: Count| CountView { key: count.key, groups: count.groups };
            counts.into_iter().map(view).collect()
        };
        Self {
            kinds: counts(facets.kinds),
            causes: counts(facets.causes),
            occupations: counts(facets.occupations),
            provinces: counts(facets.provinces),
            areas: counts(facets.areas),
            open: facets.open,
            closed: facets.closed,
        }
    }
}

/// A group that was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FoundView {
    /// The group.
    #[serde(flatten)]
    pub group: CardView,
    /// Why it fits, the strongest reason first.
    pub why: Vec<directory::Why>,
    /// The names of those whom the one who asks knows in it, as far as each lets that be known.
    pub known: Vec<String>,
}

/// A group as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GroupView {
    /// The group's id.
    pub id: String,
    /// Its part of the address.
    pub slug: String,
    /// `occupational` or `volunteer`.
    #[schema(value_type = String)]
    pub kind: GroupKind,
    /// Its name.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Paragraphs.
    pub about: String,
    /// Its rules.
    pub rules: Vec<String>,
    /// The language in which its people write.
    #[schema(value_type = String)]
    pub language: Lang,
    /// `open`, `application` or `invitation`.
    #[schema(value_type = String)]
    pub sign_up: Openness,
    /// `public`, `unlisted` or `private`.
    #[schema(value_type = String)]
    pub visibility: GroupVisibility,
    /// Code of the regency or town where it is at home.
    pub area: String,
    /// Occupations it is for: codes of ISCO-08.
    pub occupations: Vec<String>,
    /// Causes it is for.
    pub causes: Vec<String>,
    /// Districts it serves.
    pub districts: Vec<String>,
    /// Code of the district in which it meets, if it set a point.
    pub meets_in: Option<String>,
    /// Its own point, if it set one, for its members: latitude and longitude in degrees, as `1.4748, 124.8421`.
    pub point: Option<String>,
    /// Whether it takes applications now.
    pub taking: bool,
    /// From which age it takes people: 13, 16 or 18. Under 18 a guardian agrees.
    pub from_age: i64,
    /// Whether it works with children or other vulnerable people.
    pub vulnerable: bool,
    /// Active members.
    pub members: i64,
    /// Since when those who operate the instance verified it, and what they made sure of.
    pub verified: Option<SinceView>,
    /// Since when they hide it, and why: its own people alone see it then.
    pub hidden: Option<SinceView>,
    /// One's own membership, if there is one.
    #[schema(value_type = Option<String>)]
    pub membership: Option<MembershipState>,
    /// Roles.
    pub roles: Vec<RoleView>,
    /// When it was opened, RFC 3339 in UTC.
    pub made_at: String,
    /// The version.
    pub version: i64,
}

/// A role as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoleView {
    /// The role's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its duties.
    pub duties: Vec<String>,
    /// Keys of the qualifications it asks for.
    pub qualifications: Vec<String>,
    /// What it allows.
    pub permissions: Vec<String>,
}

/// A template as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TemplateView {
    /// Its key.
    pub key: String,
    /// The kind of group.
    #[schema(value_type = String)]
    pub kind: GroupKind,
    /// Its name in the language of the request.
    pub name: String,
    /// One sentence in the language of the request.
    pub summary: String,
}

/// The templates.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TemplateList {
    /// The templates.
    pub items: Vec<TemplateView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// Find groups: public ones, in the order in which they fit the words and the one who asks.
#[utoipa::path(get, path = "/api/v1/groups", tag = "groups",
    params(("q" = Option<String>, Query, description = "Words: of the name, an occupation, a cause; at most 80 characters"),
        ("kind" = Option<String>, Query, description = "`occupational` or `volunteer`"),
        ("occupation" = Option<String>, Query, description = "Occupation, by code, name, title or synonym; those below it count too, and groups for all of something above it"),
        ("cause" = Option<String>, Query, description = "Key of a cause"),
        ("area" = Option<String>, Query, description = "Province, regency, town or district, by code or name"),
        ("km" = Option<String>, Query, description = "Kilometres around the area: 5, 10, 25, 50 or 100"),
        ("at" = Option<String>, Query, description = "Your position as `latitude,longitude`, for this search alone; counts if `area` is the district around it or left out"),
        ("open" = Option<String>, Query, description = "`yes`: only those that take applications now"),
        ("after" = Option<String>, Query, description = "Cursor of the page before")),
    responses((status = 200, description = "A page of groups", body = GroupList)))]
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let wanted: Wanted = cx.query()?;
    let found = directory::find(&cx, &wanted).await?;
    let item =
        |one: directory::FoundGroup| FoundView { group: one.group.into(), why: one.whys, known: one.known };
    let items = found.groups.into_iter().map(item).collect();
    let facets = found.facets.into();
    cx.json(StatusCode::OK, &GroupList { items, next: found.next, total: found.total, facets })
}

/// Open a group; one is its first member and coordinator.
#[utoipa::path(post, path = "/api/v1/groups", tag = "groups", request_body = OpenInput,
    responses((status = 201, description = "The group", body = GroupView)))]
pub async fn open(Sent { cx, input }: Sent<OpenInput>) -> Result<Response, AppError> {
    cx.standing().permit::<OpenGroup>()?;
    let place = open::open_by(&cx, &input).await?;
    opened(&cx, &place).await
}

/// The group that was just opened.
async fn opened(cx: &Cx, place: &Place) -> Result<Response, AppError> {
    let slug = place.location.rsplit('/').next().unwrap_or("").to_owned();
    let mut answer = view(cx, StatusCode::CREATED, slug.clone()).await?;
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/groups/{slug}")) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    Ok(answer)
}

/// Change a group; what is left out stays.
#[utoipa::path(patch, path = "/api/v1/groups/{group}", tag = "groups", request_body = ChangeBody,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The group", body = GroupView)))]
pub async fn change(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<ChangeBody>,
) -> Result<Response, AppError> {
    let done = groups::pages::settings::change_parts(&cx, group.clone(), input).await;
    or_newer(done, view(&cx, StatusCode::OK, group.clone())).await?;
    view(&cx, StatusCode::OK, group).await
}

/// A group.
#[utoipa::path(get, path = "/api/v1/groups/{group}", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The group", body = GroupView)))]
pub async fn one(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    view(&cx, StatusCode::OK, group).await
}

async fn view(cx: &Cx, status: StatusCode, group: String) -> Result<Response, AppError> {
    let (group, details) = cx
        .read("home::group_view", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            if let Err(denied) = standing.permit::<SeeGroup>() {
                return Err(groups::ended_for(tx, cx, &group)?.map_or_else(|| denied.into(), AppError::from));
            }
            let details = groups::details(tx, group.id)?;
            Ok((group, details))
        })
        .await?;
    let topics = |kind: TopicKind| {
        details.topics.iter().filter(|topic| topic.topic == kind).map(|topic| topic.code.clone()).collect()
    };
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    let roles = details.roles.iter().map(|role| RoleView {
        id: role.id.to_string(),
        name: role.name.clone(),
        duties: lines(&role.duties),
        qualifications: role.qualifications.split_whitespace().map(str::to_owned).collect(),
        permissions: role.permissions.iter().map(|permission| permission.word().to_owned()).collect(),
    });
    cx.json_at(
        status,
        group.version,
        &GroupView {
            id: group.id.to_string(),
            occupations: topics(TopicKind::Occupation),
            causes: topics(TopicKind::Cause),
            districts: topics(TopicKind::District),
            meets_in: meets_in(&group).map(|district| district.code.to_owned()),
            point: group
                .point()
                .filter(|_| group.membership == Some(MembershipState::Active))
                .map(|point| point.to_string()),
            roles: roles.collect(),
            rules: lines(&group.rules),
            slug: group.slug,
            kind: group.kind,
            name: group.name,
            summary: group.summary,
            about: group.about,
            language: group.lang,
            sign_up: group.sign_up,
            visibility: group.visibility,
            area: group.area,
            taking: group.taking,
            from_age: group.youngest.from(),
            vulnerable: group.vulnerable,
            members: group.members,
            verified: SinceView::of(group.verified_at, group.verified_why.as_deref()),
            hidden: SinceView::of(group.hidden_at, group.hidden_why.as_deref()),
            membership: group.membership,
            made_at: text::machine(group.made_at),
            version: group.version,
        },
    )
}

/// The templates from which a group can be opened.
#[utoipa::path(get, path = "/api/v1/templates", tag = "groups",
    responses((status = 200, description = "The templates", body = TemplateList)))]
pub async fn templates(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let view = |t: &template::Template| TemplateView {
        key: t.key.clone(),
        kind: t.kind(),
        name: cx.text(&format!("home-template-{}", t.key)),
        summary: t.summary.get(cx.lang).to_owned(),
    };
    cx.json(
        StatusCode::OK,
        &TemplateList { items: template::templates().iter().map(view).collect(), next: None },
    )
}

/// A group that two people belong to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SharedGroup {
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The names of the roles that the person holds there.
    pub roles: Vec<String>,
}

/// A person as one sees them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonView {
    /// The profile.
    #[serde(flatten)]
    pub profile: crate::people::profile::ProfileView,
    /// The groups that both belong to.
    pub groups: Vec<SharedGroup>,
}

/// A person's profile, as far as its owner shows it to the one who asks, and the groups that both belong to.
#[utoipa::path(get, path = "/api/v1/people/{person}", tag = "people",
    params(("person" = String, Path, description = "The person's id")),
    responses((status = 200, description = "The person", body = PersonView)))]
pub async fn person(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    let Seen { profile, shared, .. } = view_of(&cx, &person).await?;
    let group = |shared: groups::model::Shared| SharedGroup {
        roles: shared.roles.as_deref().unwrap_or("").lines().map(str::to_owned).collect(),
        slug: shared.slug,
        name: shared.name,
    };
    cx.json(StatusCode::OK, &PersonView { profile, groups: shared.into_iter().map(group).collect() })
}

/// What a person holds, as far as they show it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ShownList {
    /// The qualifications.
    pub items: Vec<ShownView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// What a person holds, as far as they show it to the one who asks. A clearance is shown to those alone who check.
#[utoipa::path(get, path = "/api/v1/people/{person}/qualifications", tag = "people",
    params(("person" = String, Path, description = "The person's id")),
    responses((status = 200, description = "The qualifications", body = ShownList)))]
pub async fn holds(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    let seen = view_of(&cx, &person).await?;
    let items = seen.held.iter().map(|held| ShownView::of(held, cx.lang)).collect();
    cx.json(StatusCode::OK, &ShownList { items, next: None })
}

/// Whether the server is alive, and whether it can work.
pub mod health {
    use crate::shell::{App, AppError};
    use axum::extract::State;

    /// `GET /livez`: touches nothing.
    pub async fn live() -> &'static str {
        "ok\n"
    }

    /// `GET /readyz`: asks the database.
    pub async fn ready(State(app): State<App>) -> Result<&'static str, AppError> {
        app.db.ready().await?;
        Ok("ok\n")
    }
}
