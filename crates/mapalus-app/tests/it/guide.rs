//! The guide: its links lead somewhere, and every picture is shown.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide")
}

fn names(folder: &Path, ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = entries.map(|name| name.into_string().unwrap());
    names.filter(|name| name.ends_with(ending)).collect()
}

/// The addresses in parentheses behind `](`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next())
}

/// What of the links of a page leads nowhere; pictures that it shows are noted.
fn lost(page: &Path, shown: &mut BTreeSet<String>) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let ours =
        links(&text).filter(|link| !link.is_empty() && !link.contains("://") && !link.starts_with('/'));
    let mut lost = Vec::new();
    for link in ours {
        let file = page.parent().unwrap().join(link);
        if let Some(picture) = link.strip_prefix("../images/") {
            shown.insert(picture.to_owned());
        }
        if !file.exists() {
            lost.push(format!("{}: {link}", page.display()));
        }
    }
    lost
}

#[test]
fn every_link_of_the_guide_leads_somewhere_and_every_picture_is_shown_in_its_language() {
    let mut missing = Vec::new();
    let mut shown = BTreeSet::new();
    for lang in ["id", "en"] {
        let folder = guide().join(lang);
        let mut here = BTreeSet::new();
        for page in names(&folder, ".md") {
            missing.extend(lost(&folder.join(page), &mut here));
        }
        let foreign: Vec<_> = here.iter().filter(|name| !name.contains(&format!("-{lang}-"))).collect();
        assert_eq!(foreign, Vec::<&String>::new(), "pictures of the other language");
        shown.append(&mut here);
    }
    assert_eq!(missing, Vec::<String>::new());
    let there = names(&guide().join("images"), ".jpg");
    assert_eq!(there.difference(&shown).collect::<Vec<_>>(), Vec::<&String>::new(), "no page shows them");
    assert_eq!(names(&guide().join("id"), ".md"), names(&guide().join("en"), ".md"));
}

#[test]
fn a_link_that_leads_nowhere_is_noticed() {
    let text = "![a](../images/none-id-phone.jpg) and [b](members.md#part) and [c](#here)";
    assert_eq!(links(text).collect::<Vec<_>>(), ["../images/none-id-phone.jpg", "members.md", ""]);
    let folder = mapalus_db::testing::TestFolder::new();
    let page = folder.path().join("page.md");
    fs::write(&page, text).unwrap();
    assert_eq!(lost(&page, &mut BTreeSet::new()).len(), 2);
}
