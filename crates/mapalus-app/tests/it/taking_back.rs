//! What tells others waits for twenty seconds, and is taken back meanwhile without a trace.

use crate::{
    testing::{Browser, Instance},
    world::{self, GROUP, OTHER, enter, mail, sql, value},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::{Value as Json, json};
use std::{collections::BTreeSet, fs, path::Path};

/// Events that tell others what somebody did: each is held back while it can be undone.
const HELD: [&str; 44] = [
    "AcquaintanceAgreed",
    "AcquaintanceAsked",
    "AcquaintanceChanged",
    "AcquaintanceDeclined",
    "AcquaintanceOff",
    "AddressInvited",
    "ApplicationAccepted",
    "ApplicationDeclined",
    "ApplicationMoved",
    "ApplicationSent",
    "ApplicationWaits",
    "ApplicationWithdrawn",
    "AskAnswered",
    "AskAssigned",
    "ConnectionAsked",
    "GroupClosed",
    "GroupEnded",
    "GroupHidden",
    "GroupReopened",
    "GroupShown",
    "GroupVerified",
    "InterviewMissed",
    "InterviewOff",
    "InterviewOffered",
    "InterviewSet",
    "InterviewWanted",
    "InvitationDeclined",
    "JoiningHeld",
    "MemberManaged",
    "PathChanged",
    "QualificationSeen",
    "RolesChanged",
    "SafeguardProposed",
    "SeatFreed",
    "SightWithdrawn",
    "SittingAdded",
    "SittingCancelled",
    "SittingMoved",
    "TrainingAssessed",
    "VerificationEnded",
    "VouchAsked",
    "VouchDeclined",
    "VouchGiven",
    "VouchWithdrawn",
];

/// Events that tell others at once: ARCHITECTURE.md says why.
const AT_ONCE: [&str; 34] = [
    "ApplicationLapsed",
    "AskContinued",
    "AskEnded",
    "AskReported",
    "AskSent",
    "ConcernReported",
    "ConnectionHeld",
    "ConsentRestored",
    "ConsentWithdrawn",
    "DraftEnds",
    "DraftsCarried",
    "DraftsLeft",
    "GroupsFound",
    "GuardianshipEnded",
    "HidingAnswered",
    "InterviewDue",
    "JoiningAgreed",
    "JoiningRefused",
    "PersonReported",
    "QualificationEnds",
    "RolesGoOn",
    "RolesRest",
    "SafeguardAppointed",
    "SafeguardEnded",
    "SeatLapsed",
    "SeatOffered",
    "SittingHeld",
    "SittingSoon",
    "StepDue",
    "StepEscalated",
    "VouchDue",
    "VouchEnded",
    "WardAccepted",
    "WardDeclined",
];

/// Events that tell nobody, or the one who did it: links, codes, the safety of the account, what others follow.
const OWN: [&str; 27] = [
    "AccountClosing",
    "AskBegun",
    "AskForgotten",
    "CodeAsked",
    "EntryAsked",
    "FactorRemoved",
    "FactorSet",
    "GroupChanged",
    "GroupOpened",
    "GuardianAsked",
    "MailChangeAsked",
    "MailChanged",
    "MembershipChanged",
    "PasskeyAdded",
    "PasskeyRemoved",
    "PasswordChanged",
    "PasswordForgotten",
    "PersonErased",
    "QualificationsChanged",
    "RecoveryMade",
    "RecoveryUsed",
    "SeatsLeft",
    "SignedUp",
    "SignedUpAgain",
    "TokenEnds",
    "TokenMade",
    "WorkplaceChanged",
];

/// The sources of a folder and below, with their names.
fn sources(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The events that are put out by such a call, with the file.
fn put_out(call: &str, all: &[(String, String)]) -> Vec<(String, String)> {
    let named = |rest: &str| {
        rest.trim_start()
            .strip_prefix("&Event::")
            .map(|rest| rest.chars().take_while(char::is_ascii_alphabetic).collect::<String>())
    };
    let of = |(file, text): &(String, String)| {
        let found: Vec<_> = text.split(call).skip(1).filter_map(named).collect();
        found.into_iter().map(|event| (event, file.clone())).collect::<Vec<_>>()
    };
    all.iter().flat_map(of).collect()
}

#[test]
fn every_event_that_tells_others_is_held_or_named_with_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("../mapalus-core/src/event.rs")).unwrap();
    let body = text.split("pub enum Event {").nth(1).unwrap();
    let all: BTreeSet<&str> = body
        .lines()
        .filter_map(|line| line.strip_prefix("    ")?.split([' ', ',']).next())
        .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect();
    let listed: BTreeSet<&str> = HELD.into_iter().chain(AT_ONCE).chain(OWN).collect();
    assert_eq!(all, listed, "a new event is held, or has a reason not to be");

    let mut found = Vec::new();
    sources(&root.join("src"), &mut found);
    // A group that was closed for good told its people when its time to undo was over: what follows is the rest of it.
    let at_once = put_out(".emit(", &found);
    let hasty: Vec<_> = at_once
        .iter()
        .filter(|(event, file)| {
            HELD.contains(&event.as_str()) && !(event == "GroupClosed" && file.ends_with("ending.rs"))
        })
        .collect();
    assert!(hasty.is_empty(), "these tell others at once: {hasty:?}");
    assert!(put_out(".emit_held(", &found).len() > 10);
    let caught = [("a.rs".to_owned(), "work.emit(&Event::VouchGiven { vouch })?".to_owned())];
    assert_eq!(put_out(".emit(", &caught)[0].0, "VouchGiven");

    let architecture = fs::read_to_string(root.join("../../ARCHITECTURE.md")).unwrap();
    for event in AT_ONCE {
        assert!(
            architecture.contains(&format!("`{event}`")),
            "ARCHITECTURE.md does not say why {event} goes at once"
        );
    }
}

async fn later(demo: &Instance) {
    demo.clock.advance(20_000);
    demo.settle().await;
}

/// How many notices and mails of a message there are.
async fn told(db: &Db, key: &str) -> i64 {
    let count = "select (select count(*) from notices where notices.key = $1)
        + (select count(*) from mails where mails.key = $1)";
    value(db, count, &params![key]).await
}

/// A demonstration in which everybody was told what there was to tell, and nothing of it is left.
async fn quiet(db: &Db) -> Instance {
    let demo = Instance::demo(db.clone()).await;
    later(&demo).await;
    sql(db, "delete from notices", &[]).await;
    sql(db, "delete from mails", &[]).await;
    demo
}

/// Asks the group with an account; gives the path of the question.
async fn asked(browser: &mut Browser<'_>) -> String {
    let question = json!({ "text": "Bolehkah saya ikut tanpa pengalaman?" });
    let path = format!("/api/v1/groups/{GROUP}/questions");
    let asked = browser.api("POST", &path, Some(question)).await.is(201).json();
    format!("/api/v1/questions/{}", asked["id"].as_str().unwrap())
}

#[db_test]
async fn an_answer_is_taken_back_before_the_one_who_asked_is_told(db: Db) {
    let demo = quiet(&db).await;
    let (mut meylan, mut novi) = (enter(&demo, "meylan").await, enter(&demo, "novi").await);
    let path = asked(&mut meylan).await;
    let before = novi.api("GET", &path, None).await.is(200).json();
    let (page, version) = (path.replace("/api/v1", ""), before["version"].to_string());
    let answer = [("text", "Boleh."), ("version", version.as_str())];
    novi.post(&format!("{page}/answer"), &answer).await.is(303);
    novi.get(&page).await.is(200).says(&format!("action=\"{page}/undo\""));
    meylan.api("POST", &format!("{path}/undo"), None).await.is(404);
    novi.post(&format!("{page}/undo"), &[]).await.is(303);
    let after = novi.api("GET", &path, None).await.is(200).json();
    for part in ["state", "assigned", "words", "first_answer_at"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    later(&demo).await;
    assert_eq!(told(&db, "asking-notice-answered").await, 0);
    // Told, or gone on: too late.
    let answers = format!("{path}/answers");
    let text = |text: &str| Some(json!({ "text": text }));
    novi.api("POST", &answers, text("Boleh.")).await.is(200);
    meylan.api("POST", &format!("{path}/words"), text("Terima kasih.")).await.is(200);
    novi.api("POST", &format!("{path}/undo"), None).await.is(409).says("asking-too-late");
    novi.api("POST", &answers, text("Sama-sama.")).await.is(200);
    later(&demo).await;
    assert!(told(&db, "asking-notice-answered").await > 0);
    novi.api("POST", &format!("{path}/undo"), None).await.is(409).says("asking-too-late");
}

#[db_test]
async fn a_vouch_and_a_refusal_to_vouch_leave_no_trace_within_twenty_seconds(db: Db) {
    let demo = quiet(&db).await;
    let (mut vina, mut fera) = (enter(&demo, "vina").await, enter(&demo, "fera").await);
    let mine = vina.api("GET", "/api/v1/applications", None).await.is(200).json();
    let of = mine["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["group"]["name"].as_str().unwrap().starts_with("Dokter"));
    let path = format!("/api/v1/applications/{}", of.unwrap()["id"].as_str().unwrap());
    vina.api("POST", &format!("{path}/vouches"), Some(json!({ "mail": mail("fera") }))).await.is(200);
    let find = "select id from vouches where giver_id = (select id from persons where mail_folded = $1) and state = 'asked'";
    let vouch: String = value(&db, find, &params![mail("fera")]).await;
    later(&demo).await;
    let page = format!("/vouches/{vouch}");
    let how = [("relation", "work"), ("known", "three-to-five"), ("note", "Rekan satu bangsal.")];
    let stands = "select state || ' ' || note || ' ' || cast(coalesce(given_at, 0) as text) from vouches where id = $1";
    for (verb, fields) in [("give", &how[..]), ("decline", &[]), ("give", &how)] {
        fera.post(&format!("{page}/{verb}"), fields).await.is(303);
        fera.get("/vouches").await.is(200).says(&format!("action=\"{page}/withdraw\""));
        fera.post(&format!("{page}/withdraw"), &[]).await.is(303);
        assert_eq!(value::<String>(&db, stands, &params![&vouch]).await, "asked  0", "{verb}");
        later(&demo).await;
    }
    for key in ["given", "declined", "withdrawn"] {
        assert_eq!(told(&db, &format!("joining-notice-vouch-{key}")).await, 0, "{key}");
    }
    // Told, it is withdrawn as before; a refusal that was told stands.
    fera.post(&format!("{page}/give"), &how).await.is(303);
    later(&demo).await;
    fera.post(&format!("{page}/withdraw"), &[]).await.is(303);
    assert!(value::<String>(&db, stands, &params![&vouch]).await.starts_with("withdrawn "));
    later(&demo).await;
    assert!(told(&db, "joining-notice-vouch-withdrawn").await > 0);
}

#[db_test]
async fn who_withdraws_an_application_takes_that_back_and_nobody_hears_of_it(db: Db) {
    let demo = quiet(&db).await;
    let (mut meylan, mut stenly) = (enter(&demo, "meylan").await, enter(&demo, "stenly").await);
    let id = world::apply(&mut meylan, OTHER).await;
    world::step(&mut meylan, &mut stenly, &id).await;
    let path = format!("/api/v1/applications/{id}");
    let before = meylan.api("GET", &path, None).await.is(200).json();
    let page = format!("/applications/{id}/withdraw");
    meylan.post(&page, &[]).await.is(303);
    meylan.get("/applications").await.is(200).says(&format!("action=\"{page}/undo\""));
    stenly.api("POST", &format!("{path}/withdraw/undo"), None).await.is(404);
    meylan.post(&format!("{page}/undo"), &[]).await.is(303);
    let after = meylan.api("GET", &path, None).await.is(200).json();
    for part in ["state", "place", "steps", "sent_at", "decided_at"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    let membership = "select memberships.state from memberships join persons on persons.id = person_id
        join groups on groups.id = group_id where mail_folded = $1 and slug = $2";
    assert_eq!(value::<String>(&db, membership, &params![mail("meylan"), OTHER]).await, "applied");
    later(&demo).await;
    assert_eq!(told(&db, "joining-notice-withdrawn").await, 0);
    // Not over an application that was begun anew, nor when it was told.
    meylan.api("POST", &format!("{path}/withdraw"), None).await.is(200);
    let other = world::apply(&mut meylan, OTHER).await;
    meylan.api("POST", &format!("{path}/withdraw/undo"), None).await.is(409).says("joining-withdrawal-told");
    meylan.api("POST", &format!("/api/v1/applications/{other}/withdraw"), None).await.is(200);
    meylan.api("POST", &format!("/api/v1/applications/{other}/withdraw/undo"), None).await.is(409);
    later(&demo).await;
    meylan.api("POST", &format!("{path}/withdraw/undo"), None).await.is(409).says("joining-withdrawal-told");
}

#[db_test]
async fn who_declines_an_invitation_takes_that_back(db: Db) {
    let demo = quiet(&db).await;
    let (mut stenly, mut meylan) = (enter(&demo, "stenly").await, enter(&demo, "meylan").await);
    sql(&db, "update groups set visibility = 'private' where slug = $1", &params![OTHER]).await;
    let invite = json!({ "mail": mail("meylan") });
    stenly.api("POST", &format!("/api/v1/groups/{OTHER}/invitations"), Some(invite)).await.is(201);
    later(&demo).await;
    let page = format!("/groups/{OTHER}");
    meylan.post(&format!("{page}/decline"), &[]).await.is(303);
    meylan.get(&page).await.is(404);
    let id: String =
        value(&db, "select id from persons where mail_folded = $1", &params![mail("meylan")]).await;
    let undo = format!("{page}/members/{id}/undo");
    meylan.get("/").await.is(200).says(&format!("action=\"{undo}\""));
    meylan.post(&undo, &[]).await.is(303);
    meylan.get(&page).await.is(200).says(&format!("action=\"{page}/decline\""));
    let open = "select count(*) from invitations where state = 'sent' and answered_at is null";
    assert_eq!(value::<i64>(&db, open, &[]).await, 1);
    later(&demo).await;
    assert_eq!(told(&db, "groups-notice-declined").await, 0);
    meylan.post(&format!("{page}/decline"), &[]).await.is(303);
    later(&demo).await;
    assert!(told(&db, "groups-notice-declined").await > 0);
    meylan.post(&undo, &[]).await.is(409);
    let left: Json = meylan.api("GET", &format!("/api/v1{page}"), None).await.is(404).json();
    assert_eq!(left["status"], 404);
}
