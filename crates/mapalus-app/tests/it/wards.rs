//! What a guardian sees of a ward, and does for them.

use crate::{
    minors::{PASSWORD, account, id_of, link, newcomer, send, teen},
    testing::Instance,
    world::{self, GROUP, apply, enter, mail as address, set_visibility, sql, value},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;
use serde_json::json;

#[db_test]
async fn consent_that_is_given_again_leaves_the_minors_own_closing(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (child, ibu) = ("tasya@contoh.id", "ibu@contoh.id");
    let mut tasya = newcomer(&demo, &teen(child, ibu)).await;
    let mut guardian = newcomer(&demo, &account("Ibu Tasya", ibu, "adult")).await;
    let page = format!("/guardian/{}", link(&demo, child, "guardian").await);
    guardian.post(&page, &[("parent", "yes"), ("consent", "yes")]).await.is(303);
    tasya.post("/me/close", &[]).await.is(303);
    demo.clock.advance(1);
    let ward = id_of(&db, child).await;
    guardian.post(&format!("/wards/{ward}/withdraw"), &[]).await.is(303);
    guardian.post(&format!("/wards/{ward}/restore"), &[]).await.is(303);
    let state = "select state from persons where id = $1";
    assert_eq!(value::<String>(&db, state, &params![&ward]).await, "closing");
    demo.browser().post("/sign-in", &[("mail", child), ("password", PASSWORD)]).await.is(303);
    assert_eq!(value::<String>(&db, state, &params![&ward]).await, "confirmed");
}

#[db_test]
async fn whoever_is_of_age_meanwhile_is_not_told_to_wait_for_a_guardian(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut gita = enter(&demo, "gita").await;
    let id = apply(&mut gita, GROUP).await;
    assert_eq!(send(&mut gita, &id).await["state"], "draft");
    let (page, held) = (format!("/applications/{id}"), "menunggu persetujuan orang tua");
    gita.get(&page).await.is(200).says(held);
    let ward = params![id_of(&db, &address("gita")).await];
    sql(&db, "delete from guardianships where ward_id = $1", &ward).await;
    sql(&db, "update persons set age_band = 'adult', birth_year = null where id = $1", &ward).await;
    gita.get(&page).await.is(200).lacks(held);
    assert_eq!(send(&mut gita, &id).await["state"], "sent");
}

#[db_test]
async fn a_guardian_reads_what_a_private_group_is_and_reports_a_concern_there(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let (mut gita, mut johan, mut novi) =
        (enter(&demo, "gita").await, enter(&demo, "johan").await, enter(&demo, "novi").await);
    let id = apply(&mut gita, GROUP).await;
    send(&mut gita, &id).await;
    set_visibility(&db, GROUP, "private").await;
    let (group, concern) = (format!("/groups/{GROUP}"), format!("/groups/{GROUP}/concern"));
    johan.get(&group).await.is(404);
    let summary = "select summary from groups where slug = $1";
    let summary: String = value(&db, summary, &params![GROUP]).await;
    johan.get("/wards").await.is(200).says(&summary).lacks(&format!("href=\"{group}"));
    let worry = [("text", "Seorang relawan mengajak pulang sendirian.")];
    johan.get(&concern).await.is(404);
    johan.post(&concern, &worry).await.is(404);
    johan.api("POST", &format!("/api/v1/joinings/{id}/agree"), None).await.is(204);
    loop {
        let now = world::step(&mut gita, &mut novi, &id).await;
        if now["place"].as_i64().unwrap() as usize >= now["steps"].as_array().unwrap().len() {
            break;
        }
    }
    johan
        .get("/wards")
        .await
        .is(200)
        .says(&format!("href=\"{concern}\""))
        .lacks(&format!("href=\"{group}\""));
    johan.get(&concern).await.is(200).says("href=\"/wards\"");
    assert_eq!(johan.post(&concern, &worry).await.is(303).location().split('?').next(), Some("/wards"));
    let text = json!({ "text": "Seorang relawan mengajak pulang sendirian lagi." });
    johan.api("POST", &format!("/api/v1/groups/{GROUP}/concerns"), Some(text)).await.is(204);
    // Nobody else does, and the guardian no longer once the ward has left.
    enter(&demo, "meylan").await.get(&concern).await.is(404);
    gita.post(&format!("{group}/leave"), &[]).await.is(303);
    johan.get(&concern).await.is(404);
    johan.get("/wards").await.is(200).lacks(&concern);
}
