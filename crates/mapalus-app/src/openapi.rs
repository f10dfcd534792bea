//! The API described: OpenAPI 3.1, and its page drawn by our own template.

use crate::{
    asking, groups, growth, home, joining, notices, people, qualifications, safeguarding,
    shell::{AppError, Cx, Frame, Lang, Routes, error::Problem, routes::Line, zones},
};
use askama::Template;
use axum::{http::StatusCode, response::Response};
use mapalus_core::{
    ByToken,
    access::{self, Need, SeePublic},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::OnceLock};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(title = "Mapalus", description = "Find a group, join it, run it."),
    paths(
        people::api::sign_up,
        people::api::network::network,
        people::api::network::set_known_to,
        people::api::network::connect,
        people::api::network::part,
        people::api::network::block,
        people::api::network::unblock,
        people::api::network::report,
        people::api::network::reports,
        people::api::network::settle,
        people::api::sessions::list,
        people::api::sessions::sign_in,
        people::api::sessions::end_others,
        people::api::sessions::ask_for_code,
        people::api::sessions::enter_code,
        people::api::sessions::prove,
        people::api::sessions::end,
        people::api::factors::show,
        people::api::factors::new_app,
        people::api::factors::set_up,
        people::api::factors::remove,
        people::api::factors::recovery,
        people::api::passkeys::list,
        people::api::passkeys::ask_to_add,
        people::api::passkeys::add,
        people::api::passkeys::rename,
        people::api::passkeys::remove,
        people::api::passkeys::ask_to_sign_in,
        people::api::passkeys::sign_in,
        people::api::passkeys::ask_to_prove,
        people::api::passkeys::prove,
        people::api::passkeys::ask_to_sign_up,
        people::api::passkeys::sign_up,
        people::api::account::confirm,
        people::api::account::forgot,
        people::api::account::reset,
        people::api::account::ask_for_mail,
        people::api::account::change_mail,
        people::api::account::set_password,
        people::api::account::close,
        people::api::consent::show,
        people::api::consent::agree,
        people::api::account::photo,
        people::api::account::keep_photo,
        people::api::account::drop_photo,
        people::api::account::data,
        people::api::account::waiting,
        people::api::account::confirm_by_hand,
        people::api::guardian::waiting,
        people::api::guardian::name,
        people::api::guardian::asked,
        people::api::guardian::consent,
        people::api::guardian::decline,
        people::api::guardian::withdraw,
        people::api::guardian::restore,
        people::api::tokens::list,
        people::api::tokens::make,
        people::api::tokens::end,
        people::api::me,
        people::api::set_profile,
        qualifications::api::kinds,
        qualifications::api::mine,
        qualifications::api::state,
        qualifications::api::one,
        qualifications::api::correct,
        qualifications::api::remove,
        growth::api::list,
        growth::api::sittings,
        growth::api::add,
        growth::api::one,
        growth::api::change,
        growth::api::retire,
        growth::api::add_sitting,
        growth::api::sitting,
        growth::api::move_sitting,
        growth::api::cancel,
        growth::api::undo,
        growth::api::enrolments,
        growth::api::enrol,
        growth::api::leave,
        growth::api::come_back,
        growth::api::confirm,
        growth::api::outcomes,
        growth::api::undo_outcomes,
        growth::api::outcome,
        growth::api::mine,
        home::pages::wards::api_wards,
        home::api::person,
        home::api::holds,
        home::api::list,
        home::api::open,
        home::api::one,
        home::api::templates,
        home::api::words::areas,
        home::api::words::occupations,
        home::api::words::languages,
        home::api::words::causes,
        home::api::watches::list,
        home::api::watches::keep,
        home::api::watches::change,
        home::api::watches::remove,
        home::api::drafts::list,
        home::api::drafts::one,
        home::api::drafts::replace,
        home::api::drafts::open,
        home::api::drafts::discard,
        groups::api::members,
        groups::api::leave,
        groups::api::doors::list,
        groups::api::doors::wait,
        groups::api::doors::leave,
        groups::api::check::ending,
        groups::api::check::list_kinds,
        groups::api::check::add_kind,
        groups::api::check::change_kind,
        groups::api::check::retire_kind,
        groups::api::check::member,
        groups::api::check::see,
        groups::api::check::withdraw,
        groups::api::check::undo,
        groups::api::decisions::list,
        groups::api::marks::list,
        groups::api::marks::one,
        groups::api::marks::mark,
        groups::api::marks::undo,
        groups::api::marks::hiding,
        groups::api::marks::answer,
        home::api::audit::list,
        groups::api::ending::end,
        groups::api::ending::undo,
        groups::api::invitations::list,
        groups::api::invitations::invite,
        groups::api::invitations::undo,
        groups::api::invitations::decline,
        groups::api::links::list,
        groups::api::links::make,
        groups::api::links::one,
        groups::api::links::withdraw,
        groups::api::links::rules,
        groups::api::links::set_rules,
        groups::api::running::member,
        groups::api::invitations::mailed,
        groups::api::invitations::take_up,
        groups::api::invitations::refuse,
        groups::api::running::hand_over,
        groups::api::running::undo,
        groups::api::running::set_roles,
        groups::api::running::suspend,
        groups::api::running::restore,
        groups::api::running::exclude,
        groups::api::running::roles,
        groups::api::running::add_role,
        groups::api::running::change_role,
        groups::api::running::remove_role,
        home::api::change,
        safeguarding::api::show,
        safeguarding::api::set_ages,
        safeguarding::api::propose,
        safeguarding::api::cancel,
        safeguarding::api::confirm,
        safeguarding::api::leave,
        safeguarding::api::report,
        safeguarding::api::list,
        safeguarding::api::one,
        safeguarding::api::close,
        safeguarding::api::waiting,
        safeguarding::api::confirm_for_group,
        joining::api::path::path,
        joining::api::path::replace,
        joining::api::path::undo,
        joining::api::begin,
        joining::api::consent::give,
        joining::api::consent::decline,
        joining::api::invited::one,
        joining::api::invited::come,
        joining::api::of_group,
        joining::api::mine,
        joining::api::one,
        joining::api::save,
        joining::api::send,
        joining::api::agree,
        joining::api::withdraw,
        joining::api::undo_withdrawal,
        joining::api::undo_sending,
        joining::api::accept,
        joining::api::decline,
        joining::api::wait,
        joining::api::undo,
        joining::api::skip,
        joining::api::screening::score,
        joining::api::training::take,
        joining::api::training::leave,
        joining::api::training::back,
        joining::api::training::claim,
        joining::api::figures::figures,
        joining::api::bulk::decide,
        joining::api::bulk::undo,
        joining::api::file::add,
        joining::api::file::one,
        joining::api::file::remove,
        joining::api::vouch::candidates,
        joining::api::vouch::ask,
        joining::api::vouch::cancel,
        joining::api::vouch::asked,
        joining::api::vouch::give,
        joining::api::vouch::decline,
        joining::api::vouch::withdraw,
        joining::api::vouch::one,
        joining::api::interview::slots,
        joining::api::interview::offer,
        joining::api::interview::move_slot,
        joining::api::interview::cancel_slot,
        joining::api::interview::free,
        joining::api::interview::take,
        joining::api::interview::leave,
        joining::api::interview::want,
        joining::api::interview::note,
        joining::api::acquaintance::bring,
        joining::api::acquaintance::cancel,
        joining::api::acquaintance::asked,
        joining::api::acquaintance::one,
        joining::api::acquaintance::agree,
        joining::api::acquaintance::decline,
        joining::api::acquaintance::meet,
        joining::api::acquaintance::undo,
        asking::api::ask,
        asking::api::inbox,
        asking::api::mine,
        asking::api::one,
        asking::api::more,
        asking::api::answer,
        asking::api::undo,
        asking::api::assign,
        asking::api::close,
        asking::api::reopen,
        asking::api::mailed::confirm,
        asking::api::mailed::one,
        asking::api::mailed::more,
        asking::api::replies::list,
        asking::api::replies::add,
        asking::api::replies::change,
        asking::api::replies::remove,
        asking::api::replies::keep,
        asking::api::replies::frequent,
        asking::api::guard::block,
        asking::api::guard::report,
        asking::api::guard::blocked,
        asking::api::guard::unblock,
        asking::api::guard::reports,
        asking::api::guard::one_report,
        asking::api::guard::settle,
        notices::pages::api_notices,
        notices::api::read,
        notices::api::mails,
        notices::api::mail,
        notices::choices::api_choices,
        notices::choices::api_choose,
    ),
    components(schemas(Problem))
)]
struct Document;

/// Why a request may be refused: the same everywhere, told as problem+json.
const REFUSALS: [(u16, &str); 11] = [
    (400, "The request cannot be read"),
    (401, "Sign in first; or the token is unknown, ended or expired"),
    (
        403,
        "Not allowed, or not with this token, or the request came from another site; or prove first who you are, or set up a second step",
    ),
    (404, "No such thing, or not for you"),
    (409, "It no longer fits the present state"),
    (410, "It is used up or over"),
    (412, "It has changed since it was read"),
    (413, "Too big"),
    (415, "Not JSON"),
    (422, "Some fields do not hold"),
    (429, "Too often"),
];

/// The document.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut document = serde_json::to_value(Document::openapi()).unwrap_or_default();
        let schema = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        let routes = crate::routes();
        let paths = document["paths"].as_object_mut().into_iter().flatten();
        let operations = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object_mut().into_iter().flatten();
            methods.map(move |(method, operation)| (path, method, operation))
        });
        for (path, method, operation) in operations {
            let is_it = |line: &&Line| line.path == path && line.method.eq_ignore_ascii_case(method);
            if let Some(line) = routes.lines().iter().find(is_it) {
                operation["security"] = ways_in(line);
            }
            operation["operationId"] = json!(operation_id(method, path));
            for (status, description) in REFUSALS {
                operation["responses"][status.to_string()] = json!({ "description": description, "content": schema });
            }
            operation["responses"]["503"] = json!({ "description": "Not now; try again", "content": schema });
            if method == "post" {
                let key = json!({
                    "name": "Idempotency-Key",
                    "in": "header",
                    "required": false,
                    "description": "A value of your own, 1 to 200 characters: the same request with it is done once in 24 hours",
                    "schema": { "type": "string", "minLength": 1, "maxLength": 200 }
                });
                match operation["parameters"].as_array_mut() {
                    Some(parameters) => parameters.push(key),
                    None => operation["parameters"] = json!([key]),
                }
            }
        }
        tell_zones(&mut document);
        document["components"]["securitySchemes"] = json!({
            "session": { "type": "apiKey", "in": "cookie", "name": "__Host-mapalus" },
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A personal token, made under /me/tokens. Each operation names the scope it asks for; a request with a token is answered by the token alone, whatever cookies it carries."
            }
        });
        document
    })
}

/// What programs call an operation, each by a name of its own: `post_me_close`.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api/v1").split('/').map(|word| word.trim_matches(['{', '}']));
    let words: Vec<&str> = std::iter::once(method).chain(words.filter(|word| !word.is_empty())).collect();
    words.join("_").replace('-', "_")
}

/// The names of the parameters that the address of a route may have, as the document says it.
pub fn parameters(method: &str, path: &str) -> &'static [String] {
    static NAMES: OnceLock<BTreeMap<(String, String), Vec<String>>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let paths = document()["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
        });
        let named = |operation: &Value| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let of_address = parameters.filter(|parameter| parameter["in"] == "query");
            of_address.map(|parameter| text(&parameter["name"])).collect()
        };
        operations.map(|(method, path, operation)| ((method, path), named(operation))).collect()
    });
    names.get(&(method.to_owned(), path.to_owned())).map_or(&[], Vec::as_slice)
}

/// The zone in which the one who asks reads a time stands beside it; times themselves are in UTC.
fn tell_zones(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object_mut().into_iter().flatten();
    for (name, schema) in schemas {
        let sent = name.ends_with("Input") || name.ends_with("Body");
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        let Some(properties) = properties.filter(|_| !sent) else {
            continue;
        };
        if properties.keys().any(|name| zones::is_time(name)) && !properties.contains_key("zone") {
            let zone = json!({
                "type": "string",
                "description": "The zone in which the one who asks reads these times, such as `Asia/Makassar`; it is left out where no time is set"
            });
            properties.insert("zone".to_owned(), zone);
        }
    }
}

/// Who gets in, as the document says it: everybody where a stranger may, a session, a token that reaches it.
fn ways_in(line: &Line) -> Value {
    let row = access::TABLE.iter().find(|row| row.name == line.action);
    let open = |need: &Need| matches!(need, Need::Nothing | Need::SeesGroup);
    let open = row.is_some_and(|row| row.needs.iter().any(open));
    match line.by_token {
        Some(ByToken::With(scope)) if open => json!([{}, { "session": [] }, { "token": [scope] }]),
        Some(ByToken::With(scope)) => json!([{ "session": [] }, { "token": [scope] }]),
        _ if open => json!([]),
        _ => json!([{ "session": [] }]),
    }
}

/// The routes of the document and its page.
pub fn routes() -> Routes {
    Routes::new()
        .get::<SeePublic, _, _>("/api/openapi.json", openapi_json)
        .get::<SeePublic, _, _>("/api/docs", docs)
}

async fn openapi_json(cx: Cx) -> Result<Response, AppError> {
    cx.json(StatusCode::OK, document())
}

/// An operation as the page shows it.
struct Operation {
    method: String,
    path: String,
    summary: String,
    /// The scope that a token needs; empty if no token gets in.
    scope: String,
    parameters: Vec<Field>,
    body: Vec<Field>,
    answer: String,
    fields: Vec<Field>,
}

/// A parameter or a field.
struct Field {
    name: String,
    kind: String,
    required: bool,
    description: String,
}

/// The page of the API.
#[derive(Template)]
#[template(path = "shell/templates/docs.html")]
pub struct DocsPage {
    f: Frame,
    /// The parts of the API, in their order.
    parts: Vec<String>,
    /// The one that is shown: the whole would be heavy for a telephone.
    part: String,
    operations: Vec<Operation>,
}

impl DocsPage {
    /// The page of a part; of the first one if there is no such part.
    fn new(f: Frame, wanted: &str) -> Self {
        let mut pages = pages(operations(document()));
        let parts: Vec<String> = pages.iter().map(|(part, _)| part.clone()).collect();
        let place = parts.iter().position(|part| part == wanted).unwrap_or(0);
        let (part, operations) =
            if pages.is_empty() { (String::new(), Vec::new()) } else { pages.swap_remove(place) };
        Self { f, parts, part, operations }
    }

    /// A part in words: of those after the first one of a subject, with their number.
    fn name(&self, part: &str) -> String {
        match part.rsplit_once('-').and_then(|(tag, number)| Some((tag, number.parse::<i64>().ok()?))) {
            Some((tag, number)) => {
                let name = self.f.word("shell-docs-part", tag);
                self.f.t2("shell-docs-part-number", "name", name.as_str(), "number", number)
            }
            None => self.f.word("shell-docs-part", part),
        }
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self::new(Frame::sample(lang, "API", false), "groups")
    }
}

/// Operations that a page shows at most.
const MOST_OPERATIONS: usize = 24;

/// Parts that are no longer than a page: `groups`, `groups-2`.
fn pages(tags: Vec<(String, Vec<Operation>)>) -> Vec<(String, Vec<Operation>)> {
    let mut pages = Vec::new();
    for (tag, mut operations) in tags {
        for number in 1.. {
            let rest = operations.split_off(operations.len().min(MOST_OPERATIONS));
            let part = if number == 1 { tag.clone() } else { format!("{tag}-{number}") };
            pages.push((part, operations));
            if rest.is_empty() {
                break;
            }
            operations = rest;
        }
    }
    pages
}

/// What of the API is looked at.
#[derive(serde::Deserialize)]
struct Wanted {
    #[serde(default)]
    part: String,
}

async fn docs(cx: Cx) -> Result<Response, AppError> {
    let wanted: Wanted = cx.query()?;
    let f = cx.frame(cx.text("shell-docs-title")).for_everybody(cx.text("shell-docs-lead"));
    cx.html(&DocsPage::new(f, &wanted.part))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}

fn operations(document: &Value) -> Vec<(String, Vec<Operation>)> {
    let mut tags: Vec<(String, Vec<Operation>)> = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = text(&operation["tags"][0]);
            let good = operation["responses"]
                .as_object()
                .into_iter()
                .flatten()
                .find(|(status, _)| status.starts_with('2'));
            let (status, answer) =
                good.map_or((String::new(), &Value::Null), |(status, answer)| (status.clone(), answer));
            let answer_schema = &answer["content"]["application/json"]["schema"];
            let mut ways = operation["security"].as_array().into_iter().flatten();
            let entry = Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                summary: text(&operation["summary"]),
                scope: ways.find_map(|way| way["token"][0].as_str()).unwrap_or("").to_owned(),
                parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
                body: fields(document, &operation["requestBody"]["content"]["application/json"]["schema"]),
                answer: format!("{status} {}", text(&answer["description"])),
                fields: fields(document, answer_schema),
            };
            match tags.iter_mut().find(|(name, _)| *name == tag) {
                Some((_, list)) => list.push(entry),
                None => tags.push((tag, vec![entry])),
            }
        }
    }
    tags
}

fn parameter(value: &Value) -> Field {
    Field {
        name: text(&value["name"]),
        kind: text(&value["in"]),
        required: value["required"] == json!(true),
        description: text(&value["description"]),
    }
}

/// The fields of a schema, by its reference into the components.
fn fields(document: &Value, schema: &Value) -> Vec<Field> {
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).unwrap_or("");
    let schema = &document["components"]["schemas"][name];
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let field = |(name, value): (&String, &Value)| Field {
        name: name.clone(),
        kind: kind(value),
        required: required.contains(&name.as_str()),
        description: text(&value["description"]),
    };
    schema["properties"].as_object().into_iter().flatten().map(field).collect()
}

fn kind(value: &Value) -> String {
    match &value["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | "),
        _ => "object".to_owned(),
    }
}
