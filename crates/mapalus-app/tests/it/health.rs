//! Whether the server is alive, and whether it can work: two questions.

use crate::testing::Instance;
use mapalus_db::Db;
use mapalus_db_test::db_test;

#[db_test]
async fn it_is_alive_without_its_database_and_ready_only_with_it(db: Db) {
    let instance = Instance::new(db.clone());
    let mut asks = instance.browser();
    for path in ["/livez", "/readyz"] {
        assert_eq!(asks.get(path).await.is(200).body, "ok\n", "{path}");
    }
    db.close().await;
    asks.get("/livez").await.is(200);
    asks.get("/readyz").await.is(503);
}
