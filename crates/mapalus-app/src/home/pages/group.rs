//! The group's page: decide to trust, then join.

use super::{SAMPLE_AT, directory::wanted::Wanted};
use crate::{
    asking,
    groups::{
        self, Details, Group, GroupKind, Member, Openness, RoleRow,
        model::{KnownIn, Point, Question, Topic, TopicKind},
    },
    joining::{self, Panel, rules::vouch::FewGivers},
    people::{self, guardian::Ages},
    shell::{
        AppError, Cx, Frame, Lang,
        reference::{Area, areas},
    },
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{
    GroupId, GroupVisibility, Id, MembershipState, Permission, Permissions, PersonId, RoleId,
    access::{LeaveGroup, SeeDesk, SeeGroup},
    chance::Counted,
};

/// Something that a group needs before it is whole.
struct Needed {
    text: String,
    there: bool,
    /// Where one sees to it.
    href: Option<String>,
}

/// The group's page.
#[derive(Template)]
#[template(path = "home/templates/group.html")]
pub struct GroupPage {
    f: Frame,
    group: Group,
    details: Details,
    joining: Panel,
    /// Whether one may leave.
    leaves: bool,
    desk: bool,
    /// What the one who looks may do here.
    permissions: Permissions,
    /// How long the group usually takes to answer a question, in milliseconds.
    usual: Option<i64>,
    /// Why one's membership is suspended, if it is.
    why: Option<String>,
    /// The ages to which the one who looks belongs.
    ages: Ages,
    /// Whether a step asks for more vouches than there are members who may give them, for those who run the group.
    few: Option<FewGivers>,
    /// Whether the one who looks is told when it takes people again.
    waits: bool,
}

impl GroupPage {
    fn topics(&self, kind: TopicKind) -> Vec<String> {
        let lang = self.f.language();
        self.details
            .topics
            .iter()
            .filter(|topic| topic.topic == kind)
            .map(|topic| topic.label(lang))
            .collect()
    }

    fn about_what(&self) -> Vec<String> {
        self.topics(match self.group.kind {
            GroupKind::Occupational => TopicKind::Occupation,
            GroupKind::Volunteer => TopicKind::Cause,
        })
    }

    fn districts(&self) -> Vec<String> {
        self.topics(TopicKind::District)
    }

    fn place(&self) -> String {
        super::directory::place(&self.group.area)
    }

    /// The district in which it meets, if it has set a point.
    fn meets_in(&self) -> Option<String> {
        meets_in(&self.group).map(|district| areas().label(district.code))
    }

    /// The point at which it meets, for its members alone.
    fn meets_at(&self) -> Option<Point> {
        self.group.point().filter(|_| self.group.membership == Some(MembershipState::Active))
    }

    /// The map with the groups of its place.
    fn map(&self) -> String {
        format!("/groups/map?area={}", self.group.area)
    }

    fn rules(&self) -> Vec<&str> {
        self.group.rules.lines().collect()
    }

    /// Days that joining takes at most, in words; with those of steps that apply to some alone apart.
    fn takes(&self, short: bool) -> String {
        let (least, most) = joining::rules::days(&self.joining.steps);
        let steps = self.joining.steps.len();
        let key = if short { "home-takes-short" } else { "home-takes-text" };
        let text = self.f.t2(key, "steps", steps, "days", least);
        if short || least == most {
            return text;
        }
        format!("{text} {}", self.f.t1("home-takes-most", "days", most))
    }

    /// Whether one is invited and has not answered.
    fn invited(&self) -> bool {
        self.group.membership == Some(MembershipState::Invited)
    }

    /// Whether the one who looks is younger than the group takes people.
    fn too_young(&self) -> bool {
        self.ages.from() < self.group.youngest.from()
    }

    /// Steps of the path for minors alone.
    fn for_minors(&self) -> Vec<String> {
        let is = |step: &&joining::Step| step.only_if.as_ref().is_some_and(joining::model::Condition::is_age);
        self.joining.steps.iter().filter(is).map(|step| step.name.clone()).collect()
    }

    /// What one can do about joining: `open`, `draft`, `under-way`, `member`, `suspended`, `too-young`, `invited-only`,
    /// `closed`.
    fn door(&self) -> &'static str {
        use joining::model::ApplicationState::{Accepted, Draft, Sent, Waiting};
        match (&self.group.membership, self.joining.own.as_ref().map(|own| own.state)) {
            // What was decided is not told yet.
            (_, Some(_)) if self.joining.held => "under-way",
            (Some(MembershipState::Active), _) => "member",
            (Some(MembershipState::Suspended), _) => "suspended",
            (_, Some(Draft)) => "draft",
            (_, Some(Sent | Waiting)) | (Some(MembershipState::Accepted), Some(Accepted)) => "under-way",
            _ if self.group.ended_at.is_some() => "closed",
            _ if !self.group.taking && !self.invited() => "closed",
            _ if self.too_young() => "too-young",
            (Some(MembershipState::Invited), _) => "open",
            _ if self.group.sign_up == Openness::Invitation => "invited-only",
            _ => "open",
        }
    }

    /// The rooms of those who run the group: where they lead and what they are called.
    fn rooms(&self) -> Vec<(String, String)> {
        let path = self.group.path();
        let rooms = [
            (Permission::Applications, "applications", "joining-board-title"),
            (Permission::Questions, "questions", "asking-inbox-title"),
            (Permission::Path, "path", "joining-path-title"),
            (Permission::Settings, "settings", "groups-settings-title"),
            (Permission::Settings, "audit", "home-audit-title"),
            (Permission::Roles, "roles", "groups-roles-title"),
            (Permission::Qualifications, "qualifications", "groups-qualifications-title"),
            (Permission::Trainings, "trainings", "growth-title"),
            (Permission::Roles, "safeguarding", "safeguarding-title"),
        ];
        let open = rooms.into_iter().filter(|(permission, ..)| self.permissions.has(*permission));
        open.map(|(_, room, title)| (format!("{path}/{room}"), self.f.t(title))).collect()
    }

    /// Whether one is shown the way to what was decided: whom it concerns, too, who does not belong to the group now.
    fn reads_decisions(&self) -> bool {
        use MembershipState::{Accepted, Active, Excluded, Suspended};
        let reads = matches!(self.group.membership, Some(Accepted | Active | Suspended | Excluded));
        reads && self.group.ended_at.is_none()
    }

    /// Whether one may answer that the group is hidden.
    fn answers(&self) -> bool {
        self.group.hidden_at.is_some() && self.permissions.has(Permission::Settings)
    }

    /// Whether one is shown the way to ask the group: whoever answers need not ask.
    fn asks(&self) -> bool {
        self.group.ended_at.is_none() && !self.permissions.has(Permission::Questions)
    }

    /// The search for groups of the same matter and place that take applications.
    fn similar(&self) -> String {
        let of = |kind: TopicKind| {
            let first = self.details.topics.iter().find(|topic| topic.topic == kind);
            first.map_or(String::new(), |topic| topic.code.clone())
        };
        let wanted = Wanted {
            occupation: of(TopicKind::Occupation),
            cause: of(TopicKind::Cause),
            area: self.group.area.clone(),
            open: "yes".to_owned(),
            ..Wanted::default()
        };
        wanted.address()
    }

    /// What a new group still lacks, for those who run it: what it is, whether it is there, and where one sees to it if one
    /// may. Nothing once all of it is there.
    fn checklist(&self) -> Vec<Needed> {
        if !self.desk || self.group.ended_at.is_some() {
            return Vec::new();
        }
        let path = self.group.path();
        let needed = |key: &str, there: bool, permission: Permission, room: &str| Needed {
            text: self.f.t(key),
            there,
            href: (!there && self.permissions.has(permission)).then(|| format!("{path}/{room}")),
        };
        let mut list = vec![
            needed("home-new-sentence", !self.group.summary.is_empty(), Permission::Settings, "settings"),
            needed("home-new-area", !self.group.area.is_empty(), Permission::Settings, "settings"),
            needed("home-new-rules", !self.group.rules.is_empty(), Permission::Settings, "settings"),
            needed("home-new-path", !self.joining.steps.is_empty(), Permission::Path, "path"),
            needed("home-new-member", self.group.members > 1, Permission::Members, "members"),
            needed("home-new-second", self.details.coordinators.len() > 1, Permission::Roles, "members"),
        ];
        if let Some(few) = &self.few {
            let text = self.f.t2("home-new-vouchers", "needed", few.needed, "members", few.members);
            let lacks = needed("home-new-path", false, Permission::Members, "members");
            list.push(Needed { text, ..lacks });
        }
        if list.iter().all(|needed| needed.there) { Vec::new() } else { list }
    }

    /// How long the group usually takes to answer.
    fn usual(&self) -> Option<String> {
        self.usual.map(|time| {
            let (key, count) = asking::rules::in_words(time);
            self.f.t1(key, "count", count)
        })
    }

    /// Whether search engines may list it.
    fn listed(&self) -> bool {
        self.group.is_public()
    }

    /// What it is in the words of schema.org.
    fn schema(&self) -> &'static str {
        match self.group.kind {
            GroupKind::Occupational => "Organization",
            GroupKind::Volunteer => "NGO",
        }
    }

    /// Where a stranger signs in, to come back here.
    fn sign_in(&self) -> String {
        format!("/sign-in?next={}", self.group.path())
    }

    /// The path of one's own application.
    fn own_path(&self) -> String {
        self.joining.own.as_ref().map_or(String::new(), |own| format!("/applications/{}", own.id))
    }

    /// Samples for the test that renders every page: a stranger's, an applicant's, a coordinator's; one that takes nobody, a
    /// new one that lacks much.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let chance = Counted::default();
        let group = |kind, membership| Group { kind, membership, ..sample_group() };
        let details = || Details {
            topics: vec![
                Topic { topic: TopicKind::Cause, code: "flood".to_owned() },
                Topic { topic: TopicKind::Occupation, code: "2221".to_owned() },
                Topic { topic: TopicKind::District, code: "71.71.04".to_owned() },
            ],
            questions: vec![Question { ask: "Siapa?".to_owned(), answer: "Semua.".to_owned() }],
            roles: vec![RoleRow {
                id: RoleId::new(SAMPLE_AT, &chance),
                name: "Medis".to_owned(),
                duties: "Menolong\nMencatat".to_owned(),
                qualifications: "str sip".to_owned(),
                permissions: Permissions::NONE,
                version: 1,
            }],
            coordinators: vec![Member {
                person_id: PersonId::new(SAMPLE_AT, &chance),
                name: "Stenly Wowor".to_owned(),
                state: MembershipState::Active,
                since: SAMPLE_AT,
                roles: Some("Koordinator".to_owned()),
            }],
            known: vec![KnownIn {
                group_id: GroupId::new(SAMPLE_AT, &chance),
                person_id: PersonId::new(SAMPLE_AT, &chance),
                name: "Deisy Rondonuwu".to_owned(),
            }],
            kinds: crate::qualifications::model::Known::default(),
        };
        let page = |signed_in, group: Group, staff| Self {
            f: Frame::sample(lang, "Group", signed_in),
            group,
            details: details(),
            joining: Panel { steps: joining::sample_steps(), own: None, held: false },
            leaves: staff,
            desk: staff,
            permissions: if staff { Permissions::all() } else { Permissions::NONE },
            usual: (!staff).then_some(3 * 86_400_000),
            why: signed_in.then(|| "Tidak hadir tiga kali.".to_owned()),
            ages: Ages::Adult,
            few: staff.then_some(FewGivers { step: 2, needed: 2, members: 1 }),
            waits: false,
        };
        let active = Some(MembershipState::Active);
        let young = |youngest| Group { youngest, vulnerable: true, ..group(GroupKind::Volunteer, None) };
        let marked = |verified: bool, hidden: bool| Group {
            verified_at: verified.then_some(SAMPLE_AT),
            verified_why: verified.then(|| "Surat izin yayasan sudah dilihat.".to_owned()),
            hidden_at: hidden.then_some(SAMPLE_AT),
            hidden_why: hidden.then(|| "Meminta uang muka dari pendaftar.".to_owned()),
            ..group(GroupKind::Volunteer, hidden.then_some(MembershipState::Active))
        };
        let new = Group { rules: String::new(), members: 1, ..group(GroupKind::Volunteer, active) };
        vec![
            page(false, group(GroupKind::Volunteer, None), false),
            page(true, group(GroupKind::Occupational, None), false),
            page(true, group(GroupKind::Volunteer, Some(MembershipState::Active)), true),
            page(true, group(GroupKind::Volunteer, Some(MembershipState::Invited)), false),
            page(true, group(GroupKind::Volunteer, Some(MembershipState::Suspended)), false),
            page(true, Group { taking: false, ..group(GroupKind::Volunteer, None) }, false),
            page(false, Group { taking: false, ..group(GroupKind::Volunteer, None) }, false),
            Self {
                waits: true,
                ..page(true, Group { taking: false, ..group(GroupKind::Volunteer, None) }, false)
            },
            Self { ages: Ages::Younger, ..page(true, young(Ages::Older), false) },
            Self { ages: Ages::Older, ..page(true, young(Ages::Younger), false) },
            Self { joining: Panel { steps: Vec::new(), own: None, held: false }, ..page(true, new, true) },
            page(false, marked(true, false), false),
            page(true, marked(true, true), true),
            page(true, marked(false, true), false),
        ]
    }
}

/// The district in which a group meets that has set a point: it is for everybody, the point for its members.
pub(in crate::home) fn meets_in(group: &Group) -> Option<&'static Area> {
    let point = group.point()?;
    areas().nearest(point.latitude, point.longitude)
}

/// A group for samples.
pub(crate) fn sample_group() -> Group {
    Group {
        id: GroupId::new(SAMPLE_AT, &Counted::default()),
        slug: "relawan-manado".to_owned(),
        kind: GroupKind::Volunteer,
        name: "Relawan Siaga Bencana Manado".to_owned(),
        summary: "Warga yang siap membantu.".to_owned(),
        about: "Paragraf satu.\n\nParagraf dua.".to_owned(),
        rules: "Satu.\nDua.".to_owned(),
        lang: Lang::Id,
        sign_up: Openness::Application,
        visibility: GroupVisibility::Public,
        area: "71.71".to_owned(),
        latitude: Some(1.4748),
        longitude: Some(124.8421),
        taking: true,
        youngest: Ages::Adult,
        vulnerable: false,
        made_at: SAMPLE_AT,
        version: 1,
        members: 12,
        membership: None,
        ended_at: None,
        ended_by: None,
        verified_at: None,
        verified_why: None,
        hidden_at: None,
        hidden_why: None,
        held: Some("applications members roles settings path questions qualifications trainings".to_owned()),
    }
}

/// `GET /groups/{group}`
pub async fn group(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, details, joining, leaves, (desk, few), (usual, waits), why) = cx
        .read("home::group", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            let permit = match standing.permit::<SeeGroup>() {
                Ok(permit) => permit,
                Err(denied) => {
                    return Err(
                        groups::ended_for(tx, cx, &group)?.map_or_else(|| denied.into(), AppError::from)
                    );
                }
            };
            let suspended = permit.person().filter(|_| group.membership == Some(MembershipState::Suspended));
            let why = suspended.map(|person| groups::why(tx, group.id, person)).transpose()?;
            let details = groups::details_for(tx, group.id, permit.person())?;
            let joining = joining::panel(tx, cx, group.id, permit.person())?;
            let leaves = standing.permit::<LeaveGroup>().is_ok();
            let desk = standing.permit::<SeeDesk>().is_ok();
            let few = match desk && group.ended_at.is_none() {
                true => joining::few_givers(tx, group.id, &joining.steps, cx.now)?,
                false => None,
            };
            // Whoever is suspended reads why instead.
            let usual = match &why {
                Some(_) => None,
                None => asking::usual_time(tx, group.id, cx.now)?,
            };
            let waits = match permit.person() {
                Some(person) if !group.taking && !desk => groups::waits_for_door(tx, group.id, person)?,
                _ => false,
            };
            Ok((group, details, joining, leaves, (desk, few), (usual, waits), why))
        })
        .await?;
    let permissions = if desk { group.standing().permissions } else { Permissions::NONE };
    let mut f = cx.frame(group.name.clone());
    if group.is_public() {
        f = f.for_everybody(group.summary.clone()).with_picture(format!("{}/card.png", group.path()));
    }
    let born = cx.viewer.as_ref().and_then(|viewer| viewer.born);
    let ages = people::rules::guardian::ages_of(born, cx.now);
    cx.html(&GroupPage {
        f,
        group,
        details,
        joining,
        leaves,
        desk,
        permissions,
        usual,
        why,
        ages,
        few,
        waits,
    })
}
