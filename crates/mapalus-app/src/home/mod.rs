//! Home: the start page, Discover, the group's page, opening a group, the desks, and our own texts.
//!
//! Pages only, composed of what the slices below offer; owns no table.

pub(crate) mod api;
mod audit;
pub mod import;
pub(crate) mod pages;
pub mod starters;
pub mod watching;

pub use pages::{
    audit::AuditPage,
    desk::DeskPage,
    directory::DirectoryPage,
    drafts::DraftsPage,
    group::GroupPage,
    map::MapPage,
    open::{OpenPage, TemplatesPage},
    share::SharePage,
    start::StartPage,
    texts::TextPage,
    wards::WardsPage,
    watches::WatchesPage,
};

use crate::shell::Routes;
use mapalus_core::{
    ByToken, Scope,
    access::{
        ChangeGroup, OpenGroup, SeeAudit, SeeGroup, SeePerson, SeePublic, UseAccount, UseDraft, UseWards,
        UseWatch,
    },
};

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get::<SeePublic, _, _>("/", pages::start::start)
        .get::<SeePublic, _, _>("/groups", pages::directory::directory)
        .get::<OpenGroup, _, _>("/groups/new", pages::open::choose)
        .get::<OpenGroup, _, _>("/groups/new/{template}", pages::open::form)
        .post::<OpenGroup, _, _>("/groups", pages::open::open)
        .get::<SeeGroup, _, _>("/groups/{group}", pages::group::group)
        .get::<SeePerson, _, _>("/people/{person}", pages::person::person)
        .get::<SeePerson, _, _>("/people/{person}/photo", pages::person::photo)
        .api_get::<SeePerson, _, _>(Scope::ProfileRead, "/api/v1/people/{person}", api::person)
        .get::<UseWards, _, _>("/wards", pages::wards::wards)
        .api_get::<UseWards, _, _>(ByToken::Never, "/api/v1/wards", pages::wards::api_wards)
        .get::<UseAccount, _, _>("/watches", pages::watches::watches)
        .post::<UseAccount, _, _>("/watches", pages::watches::keep)
        .post::<UseWatch, _, _>("/watches/{watch}/pause", pages::watches::pause)
        .post::<UseWatch, _, _>("/watches/{watch}/go-on", pages::watches::go_on)
        .post::<UseWatch, _, _>("/watches/{watch}/remove", pages::watches::remove)
        .api_get::<UseAccount, _, _>(Scope::GroupsRead, "/api/v1/watches", api::watches::list)
        .api_post::<UseAccount, _, _>(Scope::ProfileWrite, "/api/v1/watches", api::watches::keep)
        .api_patch::<UseWatch, _, _>(Scope::ProfileWrite, "/api/v1/watches/{watch}", api::watches::change)
        .api_delete::<UseWatch, _, _>(Scope::ProfileWrite, "/api/v1/watches/{watch}", api::watches::remove)
        .api_get::<SeePerson, _, _>(Scope::ProfileRead, "/api/v1/people/{person}/qualifications", api::holds)
        .get::<UseAccount, _, _>("/desk", pages::desk::desk)
        .get::<UseAccount, _, _>("/drafts", pages::drafts::drafts)
        .get::<UseDraft, _, _>("/drafts/{draft}", pages::drafts::one)
        .post::<UseDraft, _, _>("/drafts/{draft}", pages::drafts::fill)
        .post::<UseDraft, _, _>("/drafts/{draft}/discard", pages::drafts::discard)
        .api_get::<UseAccount, _, _>(Scope::GroupsRead, "/api/v1/drafts", api::drafts::list)
        .api_get::<UseDraft, _, _>(Scope::GroupsRead, "/api/v1/drafts/{draft}", api::drafts::one)
        .api_put::<UseDraft, _, _>(Scope::GroupsWrite, "/api/v1/drafts/{draft}", api::drafts::replace)
        .api_delete::<UseDraft, _, _>(Scope::GroupsWrite, "/api/v1/drafts/{draft}", api::drafts::discard)
        .api_post::<UseDraft, _, _>(Scope::GroupsWrite, "/api/v1/drafts/{draft}/open", api::drafts::open)
        .get::<SeeGroup, _, _>("/groups/{group}/share", pages::share::share)
        .get::<SeeGroup, _, _>("/groups/{group}/poster.svg", pages::share::poster)
        .get::<SeeGroup, _, _>("/groups/{group}/poster.pdf", pages::share::poster_pdf)
        .get::<SeeGroup, _, _>("/groups/{group}/card.png", pages::card::card)
        .get::<SeeGroup, _, _>("/g/{short}", pages::share::short)
        .get::<SeeAudit, _, _>("/groups/{group}/audit", pages::audit::audit)
        .get::<SeeAudit, _, _>("/groups/{group}/audit.csv", pages::audit::csv)
        .api_get::<SeeAudit, _, _>(Scope::MembersRead, "/api/v1/groups/{group}/audit", api::audit::list)
        .get::<SeePublic, _, _>("/groups/map", pages::map::map)
        .get::<SeePublic, _, _>("/groups.atom", pages::listing::feed)
        .get::<SeePublic, _, _>("/sitemap.xml", pages::listing::sheets)
        .get::<SeePublic, _, _>("/sitemaps/{sheet}", pages::listing::sheet)
        .get::<SeePublic, _, _>("/robots.txt", pages::listing::robots)
        .get::<SeePublic, _, _>("/about", pages::texts::about)
        .get::<SeePublic, _, _>("/privacy", pages::texts::privacy)
        .get::<SeePublic, _, _>("/livez", api::health::live)
        .get::<SeePublic, _, _>("/readyz", api::health::ready)
        .api_get::<SeePublic, _, _>(Scope::GroupsRead, "/api/v1/groups", api::list)
        .api_post::<OpenGroup, _, _>(Scope::GroupsWrite, "/api/v1/groups", api::open)
        .api_get::<SeeGroup, _, _>(Scope::GroupsRead, "/api/v1/groups/{group}", api::one)
        .api_patch::<ChangeGroup, _, _>(Scope::GroupsWrite, "/api/v1/groups/{group}", api::change)
        .api_get::<SeePublic, _, _>(Scope::GroupsRead, "/api/v1/templates", api::templates)
        .api_get::<SeePublic, _, _>(Scope::GroupsRead, "/api/v1/areas", api::words::areas)
        .api_get::<SeePublic, _, _>(Scope::GroupsRead, "/api/v1/occupations", api::words::occupations)
        .api_get::<SeePublic, _, _>(Scope::GroupsRead, "/api/v1/languages", api::words::languages)
        .api_get::<SeePublic, _, _>(Scope::GroupsRead, "/api/v1/causes", api::words::causes)
}

pub(crate) use pages::{group::sample_group, open::open_group};
