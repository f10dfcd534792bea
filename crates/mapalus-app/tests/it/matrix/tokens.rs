//! What a token opens: what its person may do and its scopes reach, route by route.

use super::{Visitor, Who, people, places::Places};
use crate::{
    testing::Instance,
    world::{GROUP, Saved, set_visibility},
};
use mapalus_app::routes;
use mapalus_core::{ByToken, Scope};
use mapalus_db::Db;
use mapalus_db_test::db_test;
use std::collections::{BTreeMap, BTreeSet};

impl<'i> Visitor<'i> {
    /// A program of theirs, which sends this token.
    fn bears(&self, token: &str) -> Self {
        Self {
            who: self.who,
            browser: self.browser.with_token(token),
            session: self.session.clone(),
            token: self.token.clone(),
        }
    }
}

#[db_test]
async fn a_token_opens_to_each_person_what_a_session_does_and_nothing_beyond_its_scopes(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let real = demo.node(db.clone(), false);
    let mut visitors = people(&demo, &real).await;
    let places = Places::make(&demo, &mut visitors).await;
    let who = [Who::Unrelated, Who::Operator, Who::Applicant, Who::Active, Who::Coordinator];
    visitors.retain(|visitor| who.contains(&visitor.who));
    let every: Vec<&str> = Scope::ALL.iter().map(|scope| scope.word()).collect();
    let mut programs = Vec::new();
    for visitor in &mut visitors {
        let all = visitor.browser.makes_token(&every).await;
        let mut without = BTreeMap::new();
        for scope in Scope::ALL {
            let others: Vec<&str> = every.iter().copied().filter(|word| *word != scope.word()).collect();
            let token = visitor.browser.makes_token(&others).await;
            without.insert(*scope, visitor.bears(&token));
        }
        programs.push((visitor.bears(&all), without));
    }
    set_visibility(&db, GROUP, "private").await;
    let saved = Saved::noted(&db).await;
    let mut wrong = BTreeSet::new();
    for line in routes().lines() {
        for (visitor, (program, without)) in visitors.iter().zip(&programs) {
            let told = format!("{} {} as {:?}", line.method, line.path, visitor.who);
            let answer = places.send(line, program).await;
            let refusal = || answer.json()["key"].as_str().unwrap().to_owned();
            if line.method != "GET" && answer.status.as_u16() < 400 {
                saved.restore(&db).await;
            }
            let Some(ByToken::With(scope)) = line.by_token else {
                let by_token = line.path.starts_with("/api/v1/").then(refusal);
                if answer.status != 403 && !line.path.starts_with("/api/") {
                    wrong.insert(format!("{told}: a page for a program: {}", answer.status));
                }
                if by_token.is_some_and(|key| key != "refusal-token-never") {
                    wrong.insert(format!("{told}: {}", answer.body));
                }
                continue;
            };
            let by_session = places.send(line, visitor).await;
            if line.method != "GET" && by_session.status.as_u16() < 400 {
                saved.restore(&db).await;
            }
            if answer.status != by_session.status {
                wrong.insert(format!("{told}: {} by token, {} by session", answer.status, by_session.status));
            }
            let refused = places.send(line, &without[&scope]).await;
            let problem = refused.json();
            if (refused.status.as_u16(), &problem["key"]) != (403, &"refusal-token-scope".into())
                || problem["arguments"]["scope"] != scope.word()
            {
                wrong.insert(format!("{told} without {scope}: {} {problem}", refused.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_route_of_the_api_says_what_a_token_needs_and_no_page_does() {
    let mut never = BTreeSet::new();
    for line in routes().lines() {
        assert_eq!(
            line.path.starts_with("/api/v1/"),
            line.by_token.is_some(),
            "{} {}",
            line.method,
            line.path
        );
        if line.by_token == Some(ByToken::Never) {
            never.insert(format!("{} {}", line.method, line.path.trim_start_matches("/api/v1/")));
        }
        assert!(
            !line.proved || line.by_token.is_none_or(|by| by == ByToken::Never),
            "{} proves nothing",
            line.path
        );
        let reads = line.method == "GET";
        if let Some(ByToken::With(scope)) = line.by_token {
            assert_eq!(scope.word().ends_with(":read"), reads, "{} {} by {scope}", line.method, line.path);
        }
    }
    let expected = [
        "DELETE factors/app",
        "DELETE passkeys/{passkey}",
        "DELETE sessions",
        "DELETE sessions/{session}",
        "DELETE tokens/{token}",
        "GET accounts",
        "GET asked/{link}",
        "GET factors",
        "GET groups/{group}/concerns",
        "GET groups/{group}/concerns/{concern}",
        "GET guardian/{link}",
        "GET invitation/{link}",
        "GET invites/{link}",
        "GET listed-groups",
        "GET listed-groups/{listed}",
        "GET mails",
        "GET mails/{mail}",
        "GET me/data",
        "GET passkeys",
        "GET people-reports",
        "GET reports",
        "GET reports/{report}",
        "GET safeguarding/proposals",
        "GET sessions",
        "GET tokens",
        "GET waiting",
        "GET wards",
        "PATCH passkeys/{passkey}",
        "POST accounts/{person}/confirm",
        "POST ask/{link}",
        "POST asked/{link}/words",
        "POST confirm/{link}",
        "POST factors/app",
        "POST factors/app/new",
        "POST factors/recovery",
        "POST forgot",
        "POST groups/{group}/close",
        "POST groups/{group}/concerns",
        "POST groups/{group}/concerns/{concern}/close",
        "POST groups/{group}/members/{person}/hand-over",
        "POST groups/{group}/safeguarding/leave",
        "POST groups/{group}/safeguarding/proposals/{proposal}/confirm",
        "POST guardian/{link}",
        "POST guardian/{link}/decline",
        "POST invitation/{link}",
        "POST invitation/{link}/decline",
        "POST joinings/{joining}/agree",
        "POST joinings/{joining}/decline",
        "POST listed-groups/{listed}/marks",
        "POST listed-groups/{listed}/marks/undo",
        "POST mail/{link}",
        "POST me/close",
        "POST me/consent",
        "POST me/mail",
        "POST me/password",
        "POST notices/read",
        "POST passkeys",
        "POST passkeys/new",
        "POST people",
        "POST people-reports/{report}/settle",
        "POST people/passkey",
        "POST people/passkey/new",
        "POST reports/{report}/settle",
        "POST reset/{link}",
        "POST safeguarding/proposals/{proposal}/confirm",
        "POST sessions",
        "POST sessions/code",
        "POST sessions/mail",
        "POST sessions/passkey",
        "POST sessions/passkey/new",
        "POST sessions/proof",
        "POST sessions/proof/passkey",
        "POST sessions/proof/passkey/new",
        "POST tokens",
        "POST waiting/guardian",
        "POST wards/{ward}/restore",
        "POST wards/{ward}/withdraw",
    ];
    assert_eq!(never, expected.map(str::to_owned).into(), "what no token may do is a list that is looked at");
}

#[test]
fn the_document_says_of_each_operation_what_a_token_needs() {
    let document = mapalus_app::openapi::document();
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    for line in routes().lines().iter().filter(|line| line.by_token.is_some()) {
        let ways = &document["paths"][line.path][line.method.to_lowercase()]["security"];
        let scopes: Vec<&str> =
            ways.as_array().unwrap().iter().filter_map(|way| way["token"][0].as_str()).collect();
        let expected: Vec<&str> = match line.by_token {
            Some(ByToken::With(scope)) => vec![scope.word()],
            _ => Vec::new(),
        };
        assert_eq!(scopes, expected, "{} {}: {ways}", line.method, line.path);
    }
}

#[test]
fn the_guides_and_the_document_name_every_scope() {
    let input = &mapalus_app::openapi::document()["components"]["schemas"]["TokenInput"];
    let described = input["properties"]["scopes"]["description"].as_str().unwrap().to_owned();
    let guide = |lang| {
        let place = format!("{}/../../docs/guide/{lang}/api.md", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(place).unwrap()
    };
    for text in [described, guide("id"), guide("en")] {
        let named: BTreeSet<&str> = text.split('`').filter(|word| word.parse::<Scope>().is_ok()).collect();
        assert_eq!(named.len(), Scope::ALL.len(), "{named:?}");
    }
}
