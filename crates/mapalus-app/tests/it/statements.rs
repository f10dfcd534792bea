//! Every statement is prepared on both databases; no page runs more than it may.

use crate::testing::Instance;
use mapalus_app::statements;
use mapalus_db::{Db, DbError, count_statements};
use mapalus_db_test::db_test;

#[db_test]
async fn every_statement_is_understood(db: Db) {
    for statement in statements() {
        let prepared = db.read("prepare", move |tx| tx.prepare(statement)).await;
        let prepared: Result<_, DbError> = prepared;
        assert!(prepared.is_ok(), "{}: {:?}", statement.name, prepared);
        assert!(!statement.purpose.is_empty(), "{} says what it is for", statement.name);
    }
}

#[db_test]
async fn no_page_runs_more_than_twelve_statements(db: Db) {
    let demo = Instance::demo(db).await;
    demo.settle().await;
    let mut coordinator = demo.enters("coordinator").await;
    let group = "/groups/relawan-siaga-bencana-manado-dan-minahasa";
    let board = coordinator.get(&format!("{group}/applications")).await.is(200);
    let application =
        board.body.split("href=\"/applications/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let pages = [
        ("/", 12),
        ("/groups", 12),
        (group, 8),
        (&format!("{group}/members"), 12),
        (&format!("{group}/settings"), 12),
        (&format!("{group}/qualifications"), 12),
        ("/me/qualifications", 12),
        (&format!("{group}/trainings"), 12),
        ("/me/trainings", 12),
        (&format!("{group}/roles"), 12),
        (&format!("{group}/applications"), 12),
        (&format!("/applications/{application}"), 12),
        ("/desk", 12),
        ("/drafts", 12),
        ("/groups/new", 12),
        ("/notices", 12),
        ("/mailbox", 12),
        ("/applications", 12),
        (&format!("{group}/ask"), 12),
        (&format!("{group}/questions"), 12),
        ("/questions", 12),
        ("/me", 12),
        ("/me/tokens", 12),
        ("/me/settings", 12),
        ("/me/factors", 12),
        ("/me/factors/app", 12),
        ("/sign-up/passkey", 8),
        ("/prove", 12),
        ("/me/notices", 12),
    ];
    for (path, most) in pages {
        let (answer, count) = count_statements(coordinator.get(path)).await;
        answer.is(200);
        assert!(count <= most, "{path} runs {count} statements, at most {most}");
        assert!(count > 0, "{path} was counted");
    }
}
