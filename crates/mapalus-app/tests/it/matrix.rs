//! Every route for every kind of visitor of a public and of a private group: what it answers is what the access
//! table says of its action, and `docs/reference/access.md` says it in words.

mod expect;
mod places;
mod requests;
mod rows;
mod tokens;
mod words;

use crate::{
    testing::{Answer, Browser, Instance},
    world::{self, GROUP, OTHER, Saved, enter, set_visibility, sql, value},
};
use axum::http::StatusCode;
use expect::{Facts, Given};
use mapalus_app::routes;
use mapalus_core::{GroupVisibility, MembershipState, Permission, access};
use mapalus_db::{Db, count_statements, params};
use mapalus_db_test::db_test;
use places::Places;
use std::collections::{BTreeMap, BTreeSet};

/// Who comes, in the order of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Stranger,
    Unrelated,
    Elsewhere,
    Former,
    Invited,
    Operator,
    Applicant,
    Accepted,
    Active,
    Holds(Permission),
    Coordinator,
    Suspended,
}

impl Who {
    /// Everybody, with the person of the demonstration who plays the part.
    fn all() -> Vec<(Self, &'static str)> {
        let players = ["fera", "frangky", "ratih", "ningsih", "alfrits", "johan", "retno", "wahyu"];
        assert_eq!(players.len(), Permission::ALL.len(), "somebody for each permission");
        let holders = Permission::ALL.iter().copied().map(Self::Holds).zip(players);
        [
            (Self::Stranger, ""),
            (Self::Unrelated, "meylan"),
            (Self::Elsewhere, "stenly"),
            (Self::Former, "yanti"),
            (Self::Invited, "lastri"),
            (Self::Operator, "bagas"),
            (Self::Applicant, "vina"),
            (Self::Accepted, "rio"),
            (Self::Active, "deisy"),
        ]
        .into_iter()
        .chain(holders)
        .chain([(Self::Coordinator, "novi"), (Self::Suspended, "hasan")])
        .collect()
    }

    fn membership(self) -> Option<MembershipState> {
        match self {
            Self::Stranger | Self::Unrelated | Self::Elsewhere | Self::Operator => None,
            Self::Former => Some(MembershipState::Left),
            Self::Invited => Some(MembershipState::Invited),
            Self::Applicant => Some(MembershipState::Applied),
            Self::Accepted => Some(MembershipState::Accepted),
            Self::Active | Self::Holds(_) | Self::Coordinator => Some(MembershipState::Active),
            Self::Suspended => Some(MembershipState::Suspended),
        }
    }

    fn facts(self, visibility: GroupVisibility) -> Facts {
        Facts {
            signed_in: self != Self::Stranger,
            operator: self == Self::Operator,
            owner: self == Self::Applicant,
            asked: self == Self::Active,
            safeguards: self == Self::Active,
            visibility,
            membership: self.membership(),
            permissions: match self {
                Self::Holds(permission) => vec![permission],
                Self::Coordinator | Self::Suspended => Permission::ALL.to_vec(),
                _ => Vec::new(),
            },
        }
    }
}

/// Somebody who comes.
struct Visitor<'i> {
    who: Who,
    browser: Browser<'i>,
    /// A session of their own.
    session: String,
    /// A token of their own.
    token: String,
}

/// Puts the demonstration's people into every relation to the group.
async fn people<'i>(demo: &'i Instance, real: &'i Instance) -> Vec<Visitor<'i>> {
    let db = &demo.app.db;
    let mut coordinator = enter(demo, "novi").await;
    for key in ["fera", "frangky", "ratih", "ningsih", "alfrits", "johan", "retno", "wahyu", "yanti"] {
        let mut applicant = enter(demo, key).await;
        world::join(&mut applicant, &mut coordinator, GROUP).await;
        if key == "yanti" {
            applicant.post(&format!("/groups/{GROUP}/leave"), &[]).await.is(303);
        }
    }
    let invite = [("mail", world::mail("lastri"))];
    let invite: Vec<(&str, &str)> = invite.iter().map(|(name, mail)| (*name, mail.as_str())).collect();
    coordinator.post(&format!("/groups/{GROUP}/invite"), &invite).await.is(303);
    let mut accepted = enter(demo, "rio").await;
    let id = world::apply(&mut accepted, GROUP).await;
    world::step(&mut accepted, &mut coordinator, &id).await;
    world::step(&mut accepted, &mut coordinator, &id).await;
    for (who, key) in Who::all() {
        if let Who::Holds(permission) = who {
            world::appoint(db, GROUP, key, permission.word()).await;
        }
    }
    world::appoint(
        db,
        GROUP,
        "hasan",
        "applications members roles settings path questions qualifications trainings",
    )
    .await;
    world::set_membership(db, GROUP, "hasan", "suspended").await;
    let operates = "update persons set operator = true where mail_folded = $1";
    sql(db, operates, &params![world::mail("bagas")]).await;

    let mut visitors = Vec::new();
    for (who, key) in Who::all() {
        let browser = match key {
            "" => demo.browser(),
            key => enter(demo, key).await,
        };
        let owner = if key.is_empty() { "novi" } else { key };
        let session = "select min(sessions.id) from sessions join persons on persons.id = person_id
            where mail_folded = $1";
        visitors.push(Visitor {
            who,
            session: value(db, session, &params![world::mail(owner)]).await,
            token: token_of(&browser, demo, owner).await,
            browser: browser.at(real),
        });
    }
    visitors
}

/// A token of a person, made as that person.
async fn token_of(browser: &Browser<'_>, demo: &Instance, key: &str) -> String {
    let mut browser = if key == "novi" { enter(demo, key).await } else { browser.again() };
    browser.makes_token(&["groups:read"]).await;
    let made = browser.api("GET", "/api/v1/tokens", None).await.is(200).json();
    made["items"][0]["id"].as_str().unwrap().to_owned()
}

/// What one visitor got of one route.
#[derive(Clone, Copy)]
struct Cell {
    who: Who,
    visibility: GroupVisibility,
    given: Given,
}

fn given(answer: &Answer) -> Given {
    match answer.status {
        StatusCode::UNAUTHORIZED => Given::SignIn,
        StatusCode::SEE_OTHER if answer.location().starts_with("/sign-in?next=") => Given::SignIn,
        StatusCode::FORBIDDEN => Given::Forbidden,
        StatusCode::NOT_FOUND => Given::NotFound,
        _ => Given::In,
    }
}

#[db_test]
async fn every_route_lets_in_whom_the_access_table_says(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let real = demo.node(db.clone(), false);
    let mut visitors = people(&demo, &real).await;
    let places = Places::make(&demo, &mut visitors).await;
    let (lines, documented) = (routes().lines().to_vec(), requests::documented());
    let mut seen: Vec<Vec<Cell>> = lines.iter().map(|_| Vec::new()).collect();
    let mut wrong = BTreeSet::new();
    for visibility in [GroupVisibility::Public, GroupVisibility::Private] {
        set_visibility(&db, GROUP, visibility.word()).await;
        let saved = Saved::noted(&db).await;
        for (line, cells) in lines.iter().zip(&mut seen) {
            let about = requests::about(line.path);
            // What speaks of no group is the same whoever sees the group.
            if visibility == GroupVisibility::Private && !about.group && !about.application {
                let same: Vec<Cell> = cells.iter().map(|cell| Cell { visibility, ..*cell }).collect();
                cells.extend(same);
                continue;
            }
            let row = access::TABLE.iter().find(|row| row.name == line.action);
            let row = row.unwrap_or_else(|| panic!("{} has no row in the table", line.action));
            for visitor in &visitors {
                let (answer, statements) = count_statements(places.send(line, visitor)).await;
                let most = most_statements(line.path);
                if line.method == "GET" && statements > most {
                    wrong.insert(format!(
                        "{} as {:?}: {statements} statements, at most {most}",
                        line.path, visitor.who
                    ));
                }
                // What was refused was rolled back.
                if line.method != "GET" && answer.status.as_u16() < 400 {
                    saved.restore(&db).await;
                }
                let expected = visitor.who.facts(visibility).expected(row, &about);
                let given = match given(&answer) {
                    Given::NotFound if expected == Given::In && requests::may_be_absent(line.path) => {
                        Given::In
                    }
                    given => given,
                };
                let (who, status) = (visitor.who, answer.status);
                let told =
                    format!("{} {} as {who:?} of a {visibility} group: {status}", line.method, line.path);
                if given != expected {
                    wrong.insert(format!("{told}, expected {expected:?}"));
                }
                if status.is_server_error() {
                    wrong.insert(format!("{told}: {:.300}", answer.body));
                }
                if let Some(flaw) = requests::flaw(line, given, &answer, &documented) {
                    wrong.insert(format!("{told}, {flaw}"));
                }
                cells.push(Cell { who, visibility, given });
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    first_principles(&lines, &seen);
    words::compare(&lines, &seen);
}

/// The statements that a route may run at most.
fn most_statements(path: &str) -> u32 {
    match path {
        "/groups/{group}" => 8,
        // A file for its person, put together of what every slice keeps.
        "/me/data" | "/api/v1/me/data" => 50,
        // What a reviewer sees at the fullest: files, vouches and the applicant's profile.
        "/applications/{application}" => 13,
        _ => 12,
    }
}

/// What must hold whatever the table says.
fn first_principles(lines: &[mapalus_app::shell::routes::Line], seen: &[Vec<Cell>]) {
    for (line, cells) in lines.iter().zip(seen) {
        let of_group = line.path.contains("{group}") || line.path.contains("{application}");
        for cell in cells {
            let told = format!("{} {} as {:?}", line.method, line.path, cell.who);
            let outside = cell.who.membership().is_none() || cell.who == Who::Former;
            if of_group && cell.visibility == GroupVisibility::Private && outside {
                // An application may be the stranger's own: they are asked to sign in, as for one that never was.
                let expected = if cell.who == Who::Stranger && line.path.contains("{application}") {
                    Given::SignIn
                } else {
                    Given::NotFound
                };
                assert_eq!(cell.given, expected, "{told}: a private group is not there");
            }
            if ["UseAccount", "GuardAccount", "UseTokens", "MakeToken", "OpenGroup"].contains(&line.action) {
                let expected = if cell.who == Who::Stranger { Given::SignIn } else { Given::In };
                assert_eq!(cell.given, expected, "{told}");
            }
            if line.path.contains("{application}") && cell.who == Who::Elsewhere {
                assert_eq!(cell.given, Given::NotFound, "{told}: another group's application");
            }
            if line.path.contains("/admin") && cell.who != Who::Operator {
                assert_eq!(cell.given, Given::NotFound, "{told}");
            }
        }
    }
}

#[db_test]
async fn the_doors_and_the_mailbox_are_open_in_a_demonstration_alone(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let real = demo.node(db, false);
    for path in ["/demo", "/mailbox"] {
        demo.browser().get(path).await.is(200);
        real.browser().get(path).await.is(404);
    }
    demo.browser().post("/demo/member", &[]).await.is(303);
    real.browser().post("/demo/member", &[]).await.is(404);
}

#[db_test]
async fn what_an_applicant_owns_is_neither_another_applicants_nor_a_former_reviewers(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut vina, mut rio) = (enter(&demo, "vina").await, enter(&demo, "rio").await);
    let id = world::apply(&mut vina, GROUP).await;
    world::apply(&mut rio, GROUP).await;
    for path in [format!("/applications/{id}"), format!("/api/v1/applications/{id}")] {
        vina.get(&path).await.is(200);
        rio.get(&path).await.is(404);
        demo.browser().get(&path).await;
    }
    // The group turns private under the applicant's hands: a draft has no membership yet, and is still its own.
    set_visibility(&db, GROUP, "private").await;
    vina.get(&format!("/applications/{id}")).await.is(200);
    rio.get(&format!("/applications/{id}")).await.is(404);
    vina.get(&format!("/groups/{GROUP}")).await.is(404);
}

#[db_test]
async fn an_application_looks_the_same_to_a_stranger_as_one_that_never_was(db: Db) {
    let demo = Instance::demo(db).await;
    let mut vina = enter(&demo, "vina").await;
    let id = world::apply(&mut vina, GROUP).await;
    let mut never = id.clone();
    let last = if id.ends_with('0') { "1" } else { "0" };
    never.replace_range(id.len() - 1.., last);
    for prefix in ["/applications", "/api/v1/applications"] {
        let there = demo.browser().get(&format!("{prefix}/{id}")).await;
        let not_there = demo.browser().get(&format!("{prefix}/{never}")).await;
        assert_eq!(there.status, not_there.status, "{prefix}");
    }
}

#[db_test]
async fn no_link_of_one_groups_coordinator_leads_into_another_private_group(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    demo.clock.advance(60_000);
    demo.settle().await;
    // Both are alive, and one person has applied to both.
    set_visibility(&db, OTHER, "private").await;
    let coordinator = enter(&demo, "novi").await;
    let mut vina = enter(&demo, "vina").await;
    world::apply(&mut vina, GROUP).await;
    demo.settle().await;
    let id: String = value(&db, "select id from groups where slug = $1", &params![OTHER]).await;
    let name: String = value(&db, "select name from groups where slug = $1", &params![OTHER]).await;

    let real = demo.node(db, false);
    let mut coordinator = coordinator.at(&real);
    let board = format!("/groups/{GROUP}/applications");
    let mut wanted: Vec<String> = vec!["/".to_owned(), board.clone()];
    let mut read: BTreeMap<String, StatusCode> = BTreeMap::new();
    while let Some(path) = wanted.pop() {
        if read.contains_key(&path) || read.len() > 400 {
            continue;
        }
        let answer = coordinator.get(&path).await;
        assert!(answer.status.as_u16() < 400, "{path}: {}", answer.status);
        for secret in [OTHER, id.as_str(), name.as_str()] {
            assert!(!answer.body.contains(secret), "{path} speaks of {secret}");
        }
        let links = answer.body.split("href=\"/").skip(1);
        for link in links.filter_map(|rest| rest.split('"').next()) {
            let link = link.replace("&amp;", "&");
            let link = link.split('#').next().unwrap_or("");
            wanted.push(format!("/{link}"));
        }
        if answer.status.is_redirection() {
            wanted.push(answer.location().to_owned());
        }
        read.insert(path, answer.status);
    }
    assert!(read.len() > 20, "the crawl reached the pages: {:?}", read.keys());
    assert!(read.contains_key(&board) && read.contains_key("/desk"), "{read:?}");
    for path in [
        format!("/groups/{OTHER}"),
        format!("/groups/{id}"),
        format!("/groups/{OTHER}/members"),
        format!("/groups/{OTHER}/applications"),
        format!("/groups/{OTHER}/join"),
        format!("/api/v1/groups/{OTHER}"),
        format!("/api/v1/groups/{OTHER}/path"),
    ] {
        coordinator.get(&path).await.is(404);
    }
    let found = coordinator.api("GET", "/api/v1/groups?q=bencana", None).await.is(200);
    assert!(!found.body.contains(OTHER));
}

#[test]
fn every_api_route_stands_in_the_document_and_every_documented_one_is_there() {
    let routed: BTreeSet<String> = routes()
        .lines()
        .iter()
        .filter(|line| line.path.starts_with("/api/v1/"))
        .map(|line| format!("{} {}", line.method, line.path))
        .collect();
    let documented: BTreeSet<String> = requests::documented().into_keys().collect();
    assert_eq!(routed, documented);
}

#[db_test]
async fn the_document_that_is_served_is_the_one_that_is_checked(db: Db) {
    let instance = Instance::new(db);
    let served = instance.browser().get("/api/openapi.json").await.is(200).json();
    assert_eq!(&served, mapalus_app::openapi::document());
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = served["paths"].as_object().unwrap().values();
    let operations: Vec<_> = paths.flat_map(|methods| methods.as_object().unwrap().values()).collect();
    let names: BTreeSet<&str> = operations.iter().map(|one| one["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), operations.len(), "two operations have one name");
}
