//! The routes of this slice: pages and API.

use super::{api, pages};
use crate::shell::{Routes, kept};
use mapalus_core::{ByToken, Scope, access};

/// The routes of this slice.
pub fn routes() -> Routes {
    use access::{
        Enter, EnterDemo, GuardAccount, MakeToken, OperateInstance, SeePublic, UseAccount, UseTokens,
    };
    Routes::new()
        .get::<Enter, _, _>("/sign-up", pages::enter::sign_up)
        .post::<Enter, _, _>("/sign-up", pages::enter::sign_up_post)
        .get::<Enter, _, _>("/sign-up/sent", pages::enter::sign_up_sent)
        .get::<Enter, _, _>("/sign-in", pages::enter::sign_in)
        .post::<Enter, _, _>("/sign-in", pages::enter::sign_in_post)
        .post::<UseAccount, _, _>("/sign-out", pages::account::sign_out)
        .get::<Enter, _, _>("/sign-in/mail", pages::code::ask)
        .post::<Enter, _, _>("/sign-in/mail", pages::code::ask_post)
        .get::<Enter, _, _>("/sign-in/code", pages::code::code)
        .post::<Enter, _, _>("/sign-in/code", pages::code::code_post)
        .get::<UseAccount, _, _>("/prove", pages::proof::prove)
        .post::<UseAccount, _, _>("/prove", pages::proof::prove_post)
        .get::<Enter, _, _>("/mail/{link}", pages::settings::confirm_mail)
        .post::<Enter, _, _>("/mail/{link}", pages::settings::confirm_mail_post)
        .get::<UseAccount, _, _>("/kept", kept::kept)
        .get::<UseAccount, _, _>("/consent", pages::consent::consent)
        .post::<UseAccount, _, _>("/consent", pages::consent::consent_post)
        .get::<UseAccount, _, _>("/me/profile", pages::profile::show)
        .post::<UseAccount, _, _>("/me/profile", pages::profile::save)
        .get::<UseAccount, _, _>("/me/profile/preview", pages::profile::preview)
        .upload::<UseAccount, _, _>("/me/photo", pages::profile::photo)
        .get::<GuardAccount, _, _>("/me/data", pages::account::data)
        .get::<UseAccount, _, _>("/me/settings", pages::settings::settings)
        .post::<GuardAccount, _, _>("/me/mail", pages::settings::mail)
        .post::<GuardAccount, _, _>("/me/password", pages::settings::password)
        .post::<GuardAccount, _, _>("/me/close", pages::settings::close)
        .get::<Enter, _, _>("/forgot", pages::links::forgot)
        .post::<Enter, _, _>("/forgot", pages::links::forgot_post)
        .get::<Enter, _, _>("/forgot/sent", pages::links::forgot_sent)
        .get::<Enter, _, _>("/confirm/{link}", pages::links::confirm)
        .post::<Enter, _, _>("/confirm/{link}", pages::links::confirm_post)
        .get::<Enter, _, _>("/reset/{link}", pages::links::reset)
        .post::<Enter, _, _>("/reset/{link}", pages::links::reset_post)
        .get::<Enter, _, _>("/setup/{link}", pages::links::setup)
        .post::<Enter, _, _>("/setup/{link}", pages::links::setup_post)
        .post::<SeePublic, _, _>("/language", pages::account::language)
        .get::<UseAccount, _, _>("/me", pages::account::me)
        .post::<UseAccount, _, _>("/me/sessions/end", pages::account::end_other_sessions)
        .post::<UseAccount, _, _>("/me/sessions/{session}/end", pages::account::end_session)
        .get::<UseAccount, _, _>("/me/factors", pages::factors::show)
        .get::<GuardAccount, _, _>("/me/factors/app", pages::factors::app)
        .post::<GuardAccount, _, _>("/me/factors/app", pages::factors::app_post)
        .post::<GuardAccount, _, _>("/me/factors/app/remove", pages::factors::remove)
        .post::<GuardAccount, _, _>("/me/factors/recovery", pages::factors::recovery)
        .and(of_passkeys())
        .get::<EnterDemo, _, _>("/demo", pages::demo::demo)
        .post::<EnterDemo, _, _>("/demo/{who}", pages::demo::demo_post)
        .get::<OperateInstance, _, _>("/admin", pages::admin::admin)
        .post::<OperateInstance, _, _>("/admin/people/{person}/confirm", pages::admin::confirm)
        .get::<UseAccount, _, _>("/network", pages::network::network)
        .post::<UseAccount, _, _>("/network/known-to", pages::network::known_to)
        .post::<UseAccount, _, _>("/people/{person}/connect", pages::network::connect)
        .post::<UseAccount, _, _>("/people/{person}/part", pages::network::part)
        .post::<UseAccount, _, _>("/people/{person}/block", pages::network::block)
        .post::<UseAccount, _, _>("/people/{person}/unblock", pages::network::unblock)
        .post::<UseAccount, _, _>("/people/{person}/report", pages::network::report)
        .get::<OperateInstance, _, _>("/admin/people-reports", pages::network::reports)
        .post::<OperateInstance, _, _>("/admin/people-reports/{report}/settle", pages::network::settle)
        .and(api_of_network())
        .and(routes_of_guardians())
        .get::<UseTokens, _, _>("/me/tokens", pages::tokens::list)
        .post::<MakeToken, _, _>("/me/tokens", pages::tokens::make)
        .post::<UseTokens, _, _>("/me/tokens/{token}/end", pages::tokens::end)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/people", api::sign_up)
        .api_get::<UseAccount, _, _>(ByToken::Never, "/api/v1/sessions", api::sessions::list)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/sessions", api::sessions::sign_in)
        .api_delete::<UseAccount, _, _>(ByToken::Never, "/api/v1/sessions", api::sessions::end_others)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/sessions/mail", api::sessions::ask_for_code)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/sessions/code", api::sessions::enter_code)
        .api_post::<UseAccount, _, _>(ByToken::Never, "/api/v1/sessions/proof", api::sessions::prove)
        .api_delete::<UseAccount, _, _>(ByToken::Never, "/api/v1/sessions/{session}", api::sessions::end)
        .api_get::<UseAccount, _, _>(ByToken::Never, "/api/v1/factors", api::factors::show)
        .api_post::<GuardAccount, _, _>(ByToken::Never, "/api/v1/factors/app/new", api::factors::new_app)
        .api_post::<GuardAccount, _, _>(ByToken::Never, "/api/v1/factors/app", api::factors::set_up)
        .api_delete::<GuardAccount, _, _>(ByToken::Never, "/api/v1/factors/app", api::factors::remove)
        .api_post::<GuardAccount, _, _>(ByToken::Never, "/api/v1/factors/recovery", api::factors::recovery)
        .and(api_of_account())
        .api_get::<UseTokens, _, _>(ByToken::Never, "/api/v1/tokens", api::tokens::list)
        .api_post::<MakeToken, _, _>(ByToken::Never, "/api/v1/tokens", api::tokens::make)
        .api_delete::<UseTokens, _, _>(ByToken::Never, "/api/v1/tokens/{token}", api::tokens::end)
        .api_get::<UseAccount, _, _>(Scope::ProfileRead, "/api/v1/me", api::me)
        .api_patch::<UseAccount, _, _>(Scope::ProfileWrite, "/api/v1/me", api::set_profile)
}

fn of_passkeys() -> Routes {
    use access::{Enter, GuardAccount, UseAccount};
    let never = ByToken::Never;
    let (one, page) = ("/api/v1/passkeys/{passkey}", "/me/factors/passkeys/{passkey}");
    let (entry, proof) = ("/api/v1/sessions/passkey", "/api/v1/sessions/proof/passkey");
    Routes::new()
        .get::<Enter, _, _>("/sign-up/passkey", pages::passkeys::sign_up)
        .post::<Enter, _, _>("/sign-up/passkey", pages::passkeys::sign_up_post)
        .get::<UseAccount, _, _>(page, pages::passkeys::one)
        .post::<UseAccount, _, _>(page, pages::passkeys::rename)
        .post::<GuardAccount, _, _>("/me/factors/passkeys/{passkey}/remove", pages::passkeys::remove)
        .api_post::<Enter, _, _>(never, "/api/v1/people/passkey/new", api::passkeys::ask_to_sign_up)
        .api_post::<Enter, _, _>(never, "/api/v1/people/passkey", api::passkeys::sign_up)
        .api_post::<Enter, _, _>(never, "/api/v1/sessions/passkey/new", api::passkeys::ask_to_sign_in)
        .api_post::<Enter, _, _>(never, entry, api::passkeys::sign_in)
        .api_post::<UseAccount, _, _>(
            never,
            "/api/v1/sessions/proof/passkey/new",
            api::passkeys::ask_to_prove,
        )
        .api_post::<UseAccount, _, _>(never, proof, api::passkeys::prove)
        .api_get::<UseAccount, _, _>(never, "/api/v1/passkeys", api::passkeys::list)
        .api_post::<GuardAccount, _, _>(never, "/api/v1/passkeys/new", api::passkeys::ask_to_add)
        .api_post::<GuardAccount, _, _>(never, "/api/v1/passkeys", api::passkeys::add)
        .api_patch::<UseAccount, _, _>(never, one, api::passkeys::rename)
        .api_delete::<GuardAccount, _, _>(never, one, api::passkeys::remove)
}

fn api_of_account() -> Routes {
    use access::{Enter, GuardAccount, OperateInstance, UseAccount};
    let never = ByToken::Never;
    let (photo, confirm) = ("/api/v1/me/photo", "/api/v1/accounts/{person}/confirm");
    Routes::new()
        .api_post::<Enter, _, _>(never, "/api/v1/confirm/{link}", api::account::confirm)
        .api_post::<Enter, _, _>(never, "/api/v1/forgot", api::account::forgot)
        .api_post::<Enter, _, _>(never, "/api/v1/reset/{link}", api::account::reset)
        .api_post::<Enter, _, _>(never, "/api/v1/mail/{link}", api::account::change_mail)
        .api_post::<GuardAccount, _, _>(never, "/api/v1/me/mail", api::account::ask_for_mail)
        .api_post::<GuardAccount, _, _>(never, "/api/v1/me/password", api::account::set_password)
        .api_post::<GuardAccount, _, _>(never, "/api/v1/me/close", api::account::close)
        .api_get::<GuardAccount, _, _>(never, "/api/v1/me/data", api::account::data)
        .api_get::<UseAccount, _, _>(Scope::ProfileRead, "/api/v1/me/consent", api::consent::show)
        .api_post::<UseAccount, _, _>(never, "/api/v1/me/consent", api::consent::agree)
        .api_get::<UseAccount, _, _>(Scope::ProfileRead, photo, api::account::photo)
        .api_upload::<UseAccount, _, _>(Scope::ProfileWrite, photo, api::account::keep_photo)
        .api_delete::<UseAccount, _, _>(Scope::ProfileWrite, photo, api::account::drop_photo)
        .api_get::<OperateInstance, _, _>(never, "/api/v1/accounts", api::account::waiting)
        .api_post::<OperateInstance, _, _>(never, confirm, api::account::confirm_by_hand)
}

fn routes_of_guardians() -> Routes {
    use access::{Enter, GuardWard, UseWards, WaitForGuardian};
    let never = ByToken::Never;
    let (page, answer) = ("/guardian/{link}", "/api/v1/guardian/{link}");
    let (waiting, another) = ("/api/v1/waiting", "/api/v1/waiting/guardian");
    Routes::new()
        .get::<Enter, _, _>("/waiting", pages::waiting::waiting)
        .post::<WaitForGuardian, _, _>("/waiting/guardian", pages::waiting::name)
        .post::<WaitForGuardian, _, _>("/waiting/sign-out", pages::waiting::sign_out)
        .get::<Enter, _, _>(page, pages::guardian::asked)
        .post::<UseWards, _, _>(page, pages::guardian::consent)
        .post::<Enter, _, _>("/guardian/{link}/decline", pages::guardian::decline)
        .post::<GuardWard, _, _>("/wards/{ward}/withdraw", pages::guardian::withdraw)
        .post::<GuardWard, _, _>("/wards/{ward}/restore", pages::guardian::restore)
        .api_get::<WaitForGuardian, _, _>(never, waiting, api::guardian::waiting)
        .api_post::<WaitForGuardian, _, _>(never, another, api::guardian::name)
        .api_get::<Enter, _, _>(never, answer, api::guardian::asked)
        .api_post::<UseWards, _, _>(never, answer, api::guardian::consent)
        .api_post::<Enter, _, _>(never, "/api/v1/guardian/{link}/decline", api::guardian::decline)
        .api_post::<GuardWard, _, _>(never, "/api/v1/wards/{ward}/withdraw", api::guardian::withdraw)
        .api_post::<GuardWard, _, _>(never, "/api/v1/wards/{ward}/restore", api::guardian::restore)
}

fn api_of_network() -> Routes {
    use access::{OperateInstance, UseAccount};
    let (read, write) = (Scope::ProfileRead, Scope::ProfileWrite);
    let (connection, block) = ("/api/v1/people/{person}/connection", "/api/v1/people/{person}/block");
    let settle = "/api/v1/people-reports/{report}/settle";
    Routes::new()
        .api_get::<UseAccount, _, _>(read, "/api/v1/network", api::network::network)
        .api_patch::<UseAccount, _, _>(write, "/api/v1/network", api::network::set_known_to)
        .api_post::<UseAccount, _, _>(write, connection, api::network::connect)
        .api_delete::<UseAccount, _, _>(write, connection, api::network::part)
        .api_post::<UseAccount, _, _>(write, block, api::network::block)
        .api_delete::<UseAccount, _, _>(write, block, api::network::unblock)
        .api_post::<UseAccount, _, _>(write, "/api/v1/people/{person}/report", api::network::report)
        .api_get::<OperateInstance, _, _>(ByToken::Never, "/api/v1/people-reports", api::network::reports)
        .api_post::<OperateInstance, _, _>(ByToken::Never, settle, api::network::settle)
}
