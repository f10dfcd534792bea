//! Being found and told of: shared links, short addresses, posters, sheets for search engines, feeds.

use crate::{
    testing::{Instance, ORIGIN},
    world::{GROUP, OTHER, enter, set_visibility, value},
};
use mapalus_db::{Db, params};
use mapalus_db_test::db_test;

const OTHER_NAME: &str = "Relawan Siaga Bencana Manado dan Minahasa";

/// The short address of a group.
async fn short(db: &Db, slug: &str) -> String {
    let id: String = value(db, "select id from groups where slug = $1", &params![slug]).await;
    format!("/g/{}", mapalus_app::groups::rules::short(id.parse().unwrap()))
}

#[db_test]
async fn a_public_group_tells_what_it_is_to_those_who_share_its_link(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let path = format!("/groups/{OTHER}");
    let page = demo.browser().get(&path).await.is(200);
    let page = page.says(&format!("<meta property=\"og:title\" content=\"{OTHER_NAME}\">"));
    let page = page.says("<meta property=\"og:url\"").says("itemtype=\"https://schema.org/NGO\"");
    page.says("itemtype=\"https://schema.org/FAQPage\"").says(&format!("href=\"{path}/share\""));
    set_visibility(&db, OTHER, "unlisted").await;
    let page = demo.browser().get(&path).await.is(200);
    page.lacks("og:title").lacks("schema.org").says(&format!("href=\"{path}/share\""));
    set_visibility(&db, OTHER, "private").await;
    let page = enter(&demo, "stenly").await.get(&path).await.is(200);
    page.lacks("og:title").lacks("schema.org");
}

#[db_test]
async fn a_short_address_and_a_poster_lead_to_the_group_that_one_may_see(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let link = short(&db, OTHER).await;
    let share = demo.browser().get(&format!("/groups/{OTHER}/share")).await.is(200);
    share.says(&link).says("https://wa.me/?text=Relawan%20Siaga%20Bencana").says("poster.svg");
    let led = demo.browser().get(&link).await.is(303);
    assert_eq!(led.location(), format!("/groups/{OTHER}"));
    demo.browser().get(&link.to_uppercase().replace("/G/", "/g/")).await.is(303);
    demo.browser().get("/g/0000000000000000").await.is(404);
    let poster = demo.browser().get(&format!("/groups/{OTHER}/poster.svg")).await.is(200);
    assert_eq!(poster.headers["content-type"], "image/svg+xml; charset=utf-8");
    poster.says(&link).says("Relawan Siaga Bencana").lacks("style=").lacks("[home");
    set_visibility(&db, OTHER, "private").await;
    let mut stenly = enter(&demo, "stenly").await;
    for path in [format!("/groups/{OTHER}/share"), format!("/groups/{OTHER}/poster.svg")] {
        demo.browser().get(&path).await.is(404);
        stenly.get(&path).await.is(200);
    }
    demo.browser().get(&link).await.is(404);
    stenly.get(&link).await.is(303);
}

#[db_test]
async fn search_engines_are_shown_the_public_groups_alone(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    demo.browser().get("/robots.txt").await.is(200).says("/sitemap.xml");
    let sheets = demo.browser().get("/sitemap.xml").await.is(200);
    assert_eq!(sheets.headers["content-type"], "application/xml; charset=utf-8");
    let sheet = sheets.body.rsplit_once("/sitemaps/").unwrap().1.split('<').next().unwrap().to_owned();
    sheets.says("/sitemaps/pages");
    let path = format!("/sitemaps/{sheet}");
    demo.browser().get(&path).await.is(200).says(&format!("/groups/{GROUP}</loc>"));
    demo.browser().get("/sitemaps/pages").await.is(200).says("/about</loc>");
    demo.browser().get("/sitemaps/x").await.is(404);
    for visibility in ["unlisted", "private"] {
        set_visibility(&db, GROUP, visibility).await;
        let now = demo.browser().get(&path).await.is(200);
        now.lacks(&format!("/groups/{GROUP}<")).says(&format!("/groups/{OTHER}<"));
    }
}

#[db_test]
async fn a_feed_tells_new_groups_of_an_area_and_an_occupation(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let all = demo.browser().get("/groups.atom").await.is(200);
    assert_eq!(all.headers["content-type"], "application/atom+xml; charset=utf-8");
    all.says(OTHER_NAME).says("<entry").says("urn:uuid:");
    let nurses = demo.browser().get("/groups.atom?occupation=2221&area=Kota%20Manado").await.is(200);
    nurses.says("Dokter dan Perawat Manado").lacks(OTHER_NAME);
    demo.browser().get("/groups.atom?area=71").await.is(200).says(OTHER_NAME);
    demo.browser().get("/groups.atom?area=11").await.is(200).lacks("<entry");
    demo.browser().get("/groups.atom?area=Atlantis").await.is(422);
    set_visibility(&db, OTHER, "unlisted").await;
    demo.browser().get("/groups.atom").await.is(200).lacks(OTHER_NAME);
    demo.clock.advance(366 * mapalus_core::time::DAY);
    demo.browser().get("/groups.atom").await.is(200).lacks("<entry");
    let page = demo.browser().get("/groups?area=71.71").await.is(200);
    page.says("type=\"application/atom+xml\"").says("href=\"/groups.atom?area=71.71\"");
}

#[db_test]
async fn a_group_has_a_poster_to_print_and_a_picture_beside_its_link(db: Db) {
    let demo = Instance::demo(db.clone()).await;
    let mut browser = demo.browser();
    let page = format!("/groups/{OTHER}");
    let poster = browser.get(&format!("{page}/poster.pdf")).await.is(200);
    assert_eq!(poster.headers["content-type"], "application/pdf");
    assert!(poster.bytes.starts_with(b"%PDF-"));
    let card = browser.get(&format!("{page}/card.png")).await.is(200);
    assert_eq!(card.headers["content-type"], "image/png");
    assert!(card.bytes.starts_with(&[0x89, b'P', b'N', b'G']));
    browser.get(&page).await.is(200).says(&format!("og:image\" content=\"{ORIGIN}{page}/card.png"));
    set_visibility(&db, OTHER, "private").await;
    browser.get(&format!("{page}/card.png")).await.is(404);
    browser.get(&format!("{page}/poster.pdf")).await.is(404);
}
