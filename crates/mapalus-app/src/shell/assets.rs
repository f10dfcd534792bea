//! Styles, script, icons, font: embedded, served under an address that holds their digest, for ever.

use super::secrets;
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::OnceLock;

macro_rules! embedded {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $name))
    };
}

const CSS: &str = concat!(
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/css/tokens.css")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/css/base.css")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/css/components.css")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/css/layout.css")),
);

/// The style sheet: its sources in order, with the addresses of what it refers to.
fn style() -> Vec<u8> {
    let mut css = CSS.to_owned();
    for asset in [&ASSETS[3], &ASSETS[5]] {
        css = css.replace(&format!("url(\"{}\")", asset.name), &format!("url(\"{}\")", asset.address()));
    }
    css.into_bytes()
}

struct Asset {
    name: &'static str,
    kind: &'static str,
    embedded: &'static [u8],
    made: OnceLock<Vec<u8>>,
    address: OnceLock<String>,
}

impl Asset {
    const fn new(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Self {
        Self { name, kind, embedded: bytes, made: OnceLock::new(), address: OnceLock::new() }
    }

    fn bytes(&'static self) -> &'static [u8] {
        if self.name == "mapalus.css" { self.made.get_or_init(style) } else { self.embedded }
    }

    fn address(&'static self) -> &'static str {
        self.address.get_or_init(|| format!("/assets/{}/{}", &secrets::digest(self.bytes())[..12], self.name))
    }
}

static ASSETS: [Asset; 8] = [
    Asset::new("mapalus.css", "text/css; charset=utf-8", &[]),
    Asset::new("app.js", "text/javascript; charset=utf-8", embedded!("js/app.js")),
    Asset::new("icons.svg", "image/svg+xml", embedded!("icons.svg")),
    Asset::new("plus-jakarta-sans.woff2", "font/woff2", embedded!("fonts/plus-jakarta-sans.woff2")),
    Asset::new("favicon.svg", "image/svg+xml", embedded!("favicon.svg")),
    Asset::new("strip.svg", "image/svg+xml", embedded!("strip.svg")),
    Asset::new("board.js", "text/javascript; charset=utf-8", embedded!("js/board.js")),
    Asset::new("passkey.js", "text/javascript; charset=utf-8", embedded!("js/passkey.js")),
];

/// Address of the style sheet.
pub fn css() -> &'static str {
    ASSETS[0].address()
}

/// Address of the script.
pub fn js() -> &'static str {
    ASSETS[1].address()
}

/// Address of the script of the board alone.
pub fn board_js() -> &'static str {
    ASSETS[6].address()
}

/// Address of the script for passkeys alone.
pub fn passkey_js() -> &'static str {
    ASSETS[7].address()
}

/// Address of the icons.
pub fn icons() -> &'static str {
    ASSETS[2].address()
}

/// Address of the font.
pub fn font() -> &'static str {
    ASSETS[3].address()
}

/// Serves an embedded file. Any digest is answered with the present file, so that a page of an older
/// version finds its style; only the present address is kept by browsers.
pub async fn serve(Path((digest, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let current = asset.address().split('/').nth(2) == Some(digest.as_str());
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, keep)], asset.bytes()).into_response()
}
