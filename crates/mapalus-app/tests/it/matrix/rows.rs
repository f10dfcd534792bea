//! The statements of a page are as many whatever the number of rows.

use super::{GROUP, Instance, Places, Visitor, Who, access, people, requests, routes, set_visibility, sql};
use mapalus_core::GroupVisibility;
use mapalus_db::{Db, count_statements};
use mapalus_db_test::db_test;
use std::collections::{BTreeMap, BTreeSet};

/// Nine more of each row, as other people's or as one's own: columns that are copied, with what stands for the others.
const MORE: &[(&str, &str, &str)] = &[
    (
        "persons",
        "id, name, call_name, mail, mail_folded, password_hash, age_band, lang, area, occupation, workplace, languages,
            causes, skills, about, shown, operator, state, consent_version, consent_at, made_at, version",
        "{id}, name, call_name, mail || n.n, mail_folded || n.n, password_hash, age_band, lang, area, occupation,
            workplace, languages, causes, skills, about, shown, false, state, consent_version, consent_at, made_at,
            version",
    ),
    (
        "memberships",
        "group_id, person_id, state, since, changed_at, changed_by, why, version",
        "group_id, {person_id}, state, since, changed_at, changed_by, why, version",
    ),
    (
        "applications",
        "id, group_id, person_id, path_id, state, place, step_since, made_at, sent_at, decided_at, reason, version",
        "{id}, group_id, {person_id}, path_id, state, place, step_since, made_at, sent_at, decided_at, reason, version",
    ),
    (
        "roles",
        "id, group_id, place, name, duties, qualifications, permissions, version",
        "{id}, group_id, place, name, duties, qualifications, permissions, version",
    ),
    (
        "notices",
        "id, person_id, key, arguments, path, about, made_at, read_at",
        "{id}, person_id, key, arguments, path, about, made_at, read_at",
    ),
    (
        "asks",
        "id, group_id, person_id, name, mail, seal, lang, subject, state, assigned_id, made_at, asked_at,
            first_answer_at, last_at, version",
        "{id}, group_id, person_id, name, mail, seal, lang, subject, state, assigned_id, made_at, asked_at,
            first_answer_at, last_at, version",
    ),
];

async fn multiply(db: &Db) {
    let nine = (1..=9).map(|n| format!("select '{}' as n", 10 + n)).collect::<Vec<_>>().join(" union all ");
    for (table, columns, values) in MORE {
        let mut values = (*values).to_owned();
        for id in ["id", "person_id"] {
            values = values.replace(&format!("{{{id}}}"), &format!("substr({table}.{id}, 1, 34) || n.n"));
        }
        let more = format!(
            "insert into {table} ({columns}) select {values} from {table} cross join ({nine}) as n where true
            on conflict do nothing"
        );
        assert!(sql(db, &more, &[]).await > 8, "{table}");
    }
}

/// The statements of every page that lets in its visitor: by route and visitor.
async fn counts(places: &Places, visitors: &[Visitor<'_>]) -> BTreeMap<(&'static str, Who), u32> {
    let mut counts = BTreeMap::new();
    for line in routes().lines().to_vec() {
        if line.method != "GET" {
            continue;
        }
        for visitor in visitors {
            let (answer, count) = count_statements(places.send(&line, visitor)).await;
            if answer.status == 200 {
                counts.insert((line.path, visitor.who), count);
            }
        }
    }
    counts
}

#[db_test]
async fn no_page_runs_more_statements_over_ten_times_the_rows(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let real = demo.node(db.clone(), false);
    let mut visitors = people(&demo, &real).await;
    let places = Places::make(&demo, &mut visitors).await;
    set_visibility(&db, GROUP, GroupVisibility::Public.word()).await;
    visitors.retain(|visitor| {
        [Who::Stranger, Who::Applicant, Who::Active, Who::Coordinator, Who::Operator].contains(&visitor.who)
    });
    // What is done once, such as noting that a session was used, is done in the first round.
    counts(&places, &visitors).await;
    let few = counts(&places, &visitors).await;
    multiply(&db).await;
    demo.settle().await;
    let many = counts(&places, &visitors).await;
    assert!(few.len() > 200, "pages were asked for: {}", few.len());
    let more: Vec<_> =
        few.iter().filter(|(page, count)| many.get(page).is_none_or(|then| then > *count)).collect();
    let told: BTreeSet<String> = more
        .iter()
        .map(|(page, count)| format!("{page:?}: {count} before, {:?} then", many.get(page)))
        .collect();
    assert!(told.is_empty(), "{told:#?}");
    let pages: BTreeSet<&str> = few.keys().map(|(path, _)| *path).collect();
    let all = routes();
    let gets = all.lines().iter().filter(|line| line.method == "GET");
    let without: Vec<&str> = gets
        .filter(|line| !pages.contains(line.path) && !requests::may_be_absent(line.path))
        .filter(|line| access::TABLE.iter().any(|row| row.name == line.action))
        .map(|line| line.path)
        .collect();
    assert!(without.len() < 25, "these let in nobody: {without:?}");
}
