//! The routes of this slice: pages and API.

use super::{api, pages};
use crate::shell::Routes;
use mapalus_core::{
    ByToken, Scope,
    access::{
        Apply, BringTogether, ChangePath, ConsentToJoining, DecideApplication, DecideMany, Enter, GetToKnow,
        NoteInterview, ReadApplication, RunInterviews, ScoreApplication, SeeApplications, SeeGroup, SkipStep,
        UseAccount, UseApplication, Vouch,
    },
};

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get::<Apply, _, _>("/groups/{group}/join", pages::join::join)
        .post::<Apply, _, _>("/groups/{group}/join", pages::join::join_post)
        .get::<Enter, _, _>("/invite/{link}", pages::invited::invited)
        .post::<UseAccount, _, _>("/invite/{link}", pages::invited::come)
        .api_get::<Enter, _, _>(ByToken::Never, "/api/v1/invites/{link}", api::invited::one)
        .api_post::<UseAccount, _, _>(Scope::JoiningWrite, "/api/v1/invites/{link}", api::invited::come)
        .get::<UseAccount, _, _>("/applications", pages::mine::mine)
        .get::<ReadApplication, _, _>("/applications/{application}", pages::mine::one)
        .upload::<UseApplication, _, _>("/applications/{application}/form", pages::send::form)
        .post::<ConsentToJoining, _, _>("/joinings/{joining}/agree", pages::consent::give)
        .post::<ConsentToJoining, _, _>("/joinings/{joining}/decline", pages::consent::decline)
        .api_post::<ConsentToJoining, _, _>(
            ByToken::Never,
            "/api/v1/joinings/{joining}/agree",
            api::consent::give,
        )
        .api_post::<ConsentToJoining, _, _>(
            ByToken::Never,
            "/api/v1/joinings/{joining}/decline",
            api::consent::decline,
        )
        .get::<ReadApplication, _, _>("/applications/{application}/files/{file}", pages::file::file)
        .post::<UseApplication, _, _>("/applications/{application}/agree", pages::send::agree)
        .post::<UseApplication, _, _>("/applications/{application}/send/undo", pages::send::undo_send)
        .post::<UseApplication, _, _>(
            "/applications/{application}/sessions/{sitting}/take",
            pages::training::take,
        )
        .post::<UseApplication, _, _>(
            "/applications/{application}/sessions/{sitting}/leave",
            pages::training::leave,
        )
        .post::<UseApplication, _, _>(
            "/applications/{application}/sessions/{sitting}/leave/undo",
            pages::training::back,
        )
        .post::<UseApplication, _, _>(
            "/applications/{application}/sessions/{sitting}/claim",
            pages::training::claim,
        )
        .get::<UseApplication, _, _>("/applications/{application}/withdraw", pages::withdraw::ask)
        .post::<UseApplication, _, _>("/applications/{application}/withdraw", pages::withdraw::withdraw)
        .post::<UseApplication, _, _>("/applications/{application}/withdraw/undo", pages::withdraw::undo)
        .post::<DecideApplication, _, _>("/applications/{application}/decide", pages::review::decide)
        .post::<DecideApplication, _, _>("/applications/{application}/undo", pages::review::undo)
        .post::<UseApplication, _, _>("/applications/{application}/vouches", pages::vouch::ask)
        .post::<UseApplication, _, _>(
            "/applications/{application}/vouches/{vouch}/cancel",
            pages::vouch::cancel,
        )
        .get::<UseAccount, _, _>("/vouches", pages::vouch::vouches)
        .get::<Vouch, _, _>("/vouches/{vouch}", pages::vouch::vouch)
        .post::<Vouch, _, _>("/vouches/{vouch}/give", pages::vouch::give)
        .post::<Vouch, _, _>("/vouches/{vouch}/decline", pages::vouch::decline)
        .post::<Vouch, _, _>("/vouches/{vouch}/withdraw", pages::vouch::withdraw)
        .post::<SkipStep, _, _>("/applications/{application}/skip", pages::review::skip)
        .post::<ScoreApplication, _, _>("/applications/{application}/scores", pages::screening::score)
        .get::<RunInterviews, _, _>("/groups/{group}/interviews", pages::interview::interviews)
        .post::<RunInterviews, _, _>("/groups/{group}/interviews", pages::interview::offer)
        .get::<RunInterviews, _, _>("/groups/{group}/interviews/{slot}", pages::interview::slot)
        .post::<RunInterviews, _, _>("/groups/{group}/interviews/{slot}", pages::interview::move_slot)
        .post::<RunInterviews, _, _>(
            "/groups/{group}/interviews/{slot}/cancel",
            pages::interview::cancel_slot,
        )
        .post::<UseApplication, _, _>("/applications/{application}/interview", pages::interview::take)
        .get::<ReadApplication, _, _>("/applications/{application}/interview.ics", pages::interview::file)
        .post::<UseApplication, _, _>("/applications/{application}/interview/leave", pages::interview::leave)
        .post::<UseApplication, _, _>("/applications/{application}/interview/want", pages::interview::want)
        .post::<NoteInterview, _, _>("/applications/{application}/interview/note", pages::interview::note)
        .post::<BringTogether, _, _>("/applications/{application}/acquaintances", pages::acquaintance::bring)
        .post::<BringTogether, _, _>(
            "/applications/{application}/acquaintances/{acquaintance}/cancel",
            pages::acquaintance::cancel,
        )
        .get::<GetToKnow, _, _>("/acquaintances/{acquaintance}", pages::acquaintance::acquaintance)
        .post::<GetToKnow, _, _>("/acquaintances/{acquaintance}/agree", pages::acquaintance::agree)
        .post::<GetToKnow, _, _>("/acquaintances/{acquaintance}/decline", pages::acquaintance::decline)
        .post::<GetToKnow, _, _>("/acquaintances/{acquaintance}/meet", pages::acquaintance::meet)
        .post::<GetToKnow, _, _>("/acquaintances/{acquaintance}/undo", pages::acquaintance::undo)
        .get::<SeeApplications, _, _>("/groups/{group}/applications", pages::board::board)
        .get::<SeeApplications, _, _>("/groups/{group}/applications/figures", pages::figures::figures)
        .post::<DecideMany, _, _>("/groups/{group}/applications/decide", pages::bulk::decide)
        .post::<DecideMany, _, _>("/groups/{group}/applications/undo", pages::bulk::undo)
        .get::<ChangePath, _, _>("/groups/{group}/path", pages::path::path)
        .post::<ChangePath, _, _>("/groups/{group}/path/publish", pages::path::publish)
        .post::<ChangePath, _, _>("/groups/{group}/path/undo", pages::path::undo)
        .post::<ChangePath, _, _>("/groups/{group}/path/discard", pages::path::discard)
        .get::<ChangePath, _, _>("/groups/{group}/path/new", pages::path::new_step)
        .post::<ChangePath, _, _>("/groups/{group}/path/new", pages::path::add_step)
        .get::<ChangePath, _, _>("/groups/{group}/path/{step}", pages::path::step)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}", pages::path::change_step)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}/move", pages::path::shift_step)
        .get::<ChangePath, _, _>("/groups/{group}/path/{step}/new", pages::path::new_question)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}/new", pages::path::add_question)
        .get::<ChangePath, _, _>("/groups/{group}/path/{step}/{question}", pages::path::question)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}/{question}", pages::path::change_question)
        .post::<ChangePath, _, _>("/groups/{group}/path/{step}/{question}/move", pages::path::shift_question)
        .api_get::<SeeGroup, _, _>(Scope::GroupsRead, "/api/v1/groups/{group}/path", api::path::path)
        .api_put::<ChangePath, _, _>(Scope::GroupsWrite, "/api/v1/groups/{group}/path", api::path::replace)
        .api_post::<ChangePath, _, _>(Scope::GroupsWrite, "/api/v1/groups/{group}/path/undo", api::path::undo)
        .api_post::<Apply, _, _>(Scope::JoiningWrite, "/api/v1/groups/{group}/applications", api::begin)
        .api_get::<SeeApplications, _, _>(
            Scope::JoiningRead,
            "/api/v1/groups/{group}/applications",
            api::of_group,
        )
        .api_get::<SeeApplications, _, _>(
            Scope::JoiningRead,
            "/api/v1/groups/{group}/applications/figures",
            api::figures::figures,
        )
        .api_post::<DecideMany, _, _>(
            Scope::JoiningDecide,
            "/api/v1/groups/{group}/applications/decide",
            api::bulk::decide,
        )
        .api_post::<DecideMany, _, _>(
            Scope::JoiningDecide,
            "/api/v1/groups/{group}/applications/undo",
            api::bulk::undo,
        )
        .api_get::<UseAccount, _, _>(Scope::JoiningRead, "/api/v1/applications", api::mine)
        .api_get::<ReadApplication, _, _>(Scope::JoiningRead, "/api/v1/applications/{application}", api::one)
        .api_patch::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}",
            api::save,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/send",
            api::send,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/agree",
            api::agree,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/send/undo",
            api::undo_sending,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/withdraw",
            api::withdraw,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/withdraw/undo",
            api::undo_withdrawal,
        )
        .api_post::<DecideApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/accept",
            api::accept,
        )
        .api_post::<DecideApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/decline",
            api::decline,
        )
        .api_post::<DecideApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/wait",
            api::wait,
        )
        .api_post::<DecideApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/undo",
            api::undo,
        )
        .api_post::<SkipStep, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/skip",
            api::skip,
        )
        .api_put::<ScoreApplication, _, _>(
            Scope::JoiningDecide,
            "/api/v1/applications/{application}/scores",
            api::screening::score,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/sessions/{sitting}/take",
            api::training::take,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/sessions/{sitting}/leave",
            api::training::leave,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/sessions/{sitting}/leave/undo",
            api::training::back,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/sessions/{sitting}/claim",
            api::training::claim,
        )
        .api_upload::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/files",
            api::file::add,
        )
        .api_get::<ReadApplication, _, _>(
            Scope::JoiningRead,
            "/api/v1/applications/{application}/files/{file}",
            api::file::one,
        )
        .api_delete::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/files/{file}",
            api::file::remove,
        )
        .api_get::<UseApplication, _, _>(
            Scope::JoiningRead,
            "/api/v1/applications/{application}/candidates",
            api::vouch::candidates,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/vouches",
            api::vouch::ask,
        )
        .api_post::<UseApplication, _, _>(
            Scope::JoiningWrite,
            "/api/v1/applications/{application}/vouches/{vouch}/cancel",
            api::vouch::cancel,
        )
        .and(meeting_routes())
        .api_get::<UseAccount, _, _>(Scope::JoiningRead, "/api/v1/vouches", api::vouch::asked)
        .api_get::<Vouch, _, _>(Scope::JoiningRead, "/api/v1/vouches/{vouch}", api::vouch::one)
        .api_post::<Vouch, _, _>(Scope::JoiningDecide, "/api/v1/vouches/{vouch}/give", api::vouch::give)
        .api_post::<Vouch, _, _>(Scope::JoiningDecide, "/api/v1/vouches/{vouch}/decline", api::vouch::decline)
        .api_post::<Vouch, _, _>(
            Scope::JoiningDecide,
            "/api/v1/vouches/{vouch}/withdraw",
            api::vouch::withdraw,
        )
}

/// The routes of the API to interviews and acquaintances.
fn meeting_routes() -> Routes {
    let (read, write, decide) = (Scope::JoiningRead, Scope::JoiningWrite, Scope::JoiningDecide);
    Routes::new()
        .api_get::<RunInterviews, _, _>(read, "/api/v1/groups/{group}/interviews", api::interview::slots)
        .api_post::<RunInterviews, _, _>(decide, "/api/v1/groups/{group}/interviews", api::interview::offer)
        .api_put::<RunInterviews, _, _>(
            decide,
            "/api/v1/groups/{group}/interviews/{slot}",
            api::interview::move_slot,
        )
        .api_post::<RunInterviews, _, _>(
            decide,
            "/api/v1/groups/{group}/interviews/{slot}/cancel",
            api::interview::cancel_slot,
        )
        .api_get::<ReadApplication, _, _>(
            read,
            "/api/v1/applications/{application}/slots",
            api::interview::free,
        )
        .api_put::<UseApplication, _, _>(
            write,
            "/api/v1/applications/{application}/interview",
            api::interview::take,
        )
        .api_delete::<UseApplication, _, _>(
            write,
            "/api/v1/applications/{application}/interview",
            api::interview::leave,
        )
        .api_post::<UseApplication, _, _>(
            write,
            "/api/v1/applications/{application}/interview/want",
            api::interview::want,
        )
        .api_post::<NoteInterview, _, _>(
            decide,
            "/api/v1/applications/{application}/interview/note",
            api::interview::note,
        )
        .api_post::<BringTogether, _, _>(
            decide,
            "/api/v1/applications/{application}/acquaintances",
            api::acquaintance::bring,
        )
        .api_post::<BringTogether, _, _>(
            decide,
            "/api/v1/applications/{application}/acquaintances/{acquaintance}/cancel",
            api::acquaintance::cancel,
        )
        .api_get::<UseAccount, _, _>(read, "/api/v1/acquaintances", api::acquaintance::asked)
        .api_get::<GetToKnow, _, _>(read, "/api/v1/acquaintances/{acquaintance}", api::acquaintance::one)
        .api_post::<GetToKnow, _, _>(
            decide,
            "/api/v1/acquaintances/{acquaintance}/agree",
            api::acquaintance::agree,
        )
        .api_post::<GetToKnow, _, _>(
            decide,
            "/api/v1/acquaintances/{acquaintance}/decline",
            api::acquaintance::decline,
        )
        .api_post::<GetToKnow, _, _>(
            decide,
            "/api/v1/acquaintances/{acquaintance}/meet",
            api::acquaintance::meet,
        )
        .api_post::<GetToKnow, _, _>(
            decide,
            "/api/v1/acquaintances/{acquaintance}/undo",
            api::acquaintance::undo,
        )
}
