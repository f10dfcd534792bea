//! Sharing a group: a short link, words to send, a code and a poster.

use super::group::sample_group;
use crate::{
    groups::{self, Group},
    shell::{AppError, Cx, Frame, Lang, locale, qr::Qr},
};
use askama::Template;
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{Refusal, access::SeeGroup};

/// What one needs to tell others of a group.
#[derive(Template)]
#[template(path = "home/templates/share.html")]
pub struct SharePage {
    f: Frame,
    group: Group,
    /// The short address.
    link: String,
    qr: Option<Qr>,
}

impl SharePage {
    /// Whether those who are told of it see nothing.
    fn hidden(&self) -> bool {
        self.group.is_private()
    }

    /// The words that are sent.
    fn text(&self) -> String {
        format!("{}\n{}\n{}", self.group.name, self.group.summary, self.link)
    }

    /// Where WhatsApp takes the words: it asks to whom they go.
    fn whatsapp(&self) -> String {
        crate::shell::text::whatsapp(&self.text())
    }

    /// Samples for the test that renders every page: a stranger's and a member's.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let link = "https://mapalus.example/g/06d9k2m4x8pqrstv".to_owned();
        let page = |signed_in| Self {
            f: Frame::sample(lang, "Share", signed_in),
            group: sample_group(),
            qr: Qr::new(&link),
            link: link.clone(),
        };
        vec![page(false), page(true)]
    }
}

/// A poster, A4: what the group is, and how one finds it.
#[derive(Template)]
#[template(path = "home/templates/poster.svg")]
struct Poster {
    lang: &'static str,
    kind: String,
    name: Vec<String>,
    /// Height of the name's letters, in millimetres.
    size: usize,
    summary: Vec<String>,
    place: String,
    scan: String,
    ask: String,
    link: String,
    /// Height of its letters, in tenths of a millimetre.
    link_size: usize,
    qr: Qr,
}

impl Poster {
    fn new(group: &Group, link: &str, qr: Qr) -> Self {
        let lang: Lang = group.lang;
        let text = |key: &str| locale::message(lang, key, &[]);
        let (size, width) = match group.name.chars().count() {
            ..=24 => (17, 17),
            25..=48 => (14, 21),
            _ => (11, 27),
        };
        let link = link.trim_start_matches("https://").trim_start_matches("http://").to_owned();
        Self {
            lang: lang.code(),
            kind: text(&format!("groups-kind-{}", group.kind)),
            name: lines(&group.name, width, 4),
            size,
            summary: lines(&group.summary, 44, 5),
            place: super::directory::place(&group.area),
            scan: text("home-poster-scan"),
            ask: text("home-poster-ask"),
            // Letters are about six tenths as wide as high; the sheet leaves 174 mm.
            link_size: (1_740 * 10 / 6 / link.chars().count().max(1)).clamp(20, 70),
            link,
            qr,
        }
    }
}

/// A text in lines of so many characters, cut where words end; what does not fit into the lines is left out.
fn lines(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        // A word that is longer than a line goes on in the next ones.
        let letters: Vec<char> = word.chars().collect();
        for part in letters.chunks(width) {
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + part.len() <= width => {
                    line.push(' ');
                    line.extend(part);
                }
                _ => lines.push(part.iter().collect()),
            }
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = last.chars().take(width - 1).chain(['…']).collect();
        }
    }
    lines
}

/// A group that is told of, with its short address.
async fn told(cx: &Cx, group: String) -> Result<(Group, String), AppError> {
    let group = cx
        .read("home::share", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<SeeGroup>()?;
            Ok(group)
        })
        .await?;
    let link = cx.app.url(&format!("/g/{}", groups::rules::short(group.id)), None);
    Ok((group, link))
}

/// `GET /groups/{group}/share`
pub async fn share(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, link) = told(&cx, group).await?;
    let qr = Qr::new(&link);
    cx.html(&SharePage { f: cx.frame(cx.text("home-share-title")), group, link, qr })
}

/// `GET /groups/{group}/poster.svg`
pub async fn poster(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, link) = told(&cx, group).await?;
    let qr = Qr::new(&link).ok_or(AppError::internal("an address too long for a code"))?;
    let svg = Poster::new(&group, &link, qr).render().map_err(AppError::caused)?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.svg\"", group.slug)),
    ];
    Ok((StatusCode::OK, headers, svg).into_response())
}

/// `GET /groups/{group}/poster.pdf`
pub async fn poster_pdf(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, link) = told(&cx, group).await?;
    let qr = Qr::new(&link).ok_or(AppError::internal("an address too long for a code"))?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", group.slug)),
    ];
    Ok((StatusCode::OK, headers, super::poster::pdf(&group, &link, &qr)).into_response())
}

/// `GET /g/{short}`: the short address of a group.
pub async fn short(cx: Cx, Path(short): Path<String>) -> Result<Response, AppError> {
    let path = cx
        .read("home::short", move |tx, cx| {
            let slug = groups::by_short(tx, &short)?.ok_or_else(Refusal::not_found)?;
            let (group, standing) = groups::standing(tx, cx, &slug)?;
            standing.permit::<SeeGroup>()?;
            Ok(group.path())
        })
        .await?;
    Ok(cx.see(&crate::shell::Place::at(path)))
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_text_is_cut_where_words_end_and_never_runs_out_of_the_sheet() {
        assert_eq!(lines("Relawan Siaga Bencana", 14, 4), ["Relawan Siaga", "Bencana"]);
        assert_eq!(lines("satu dua tiga empat", 4, 2), ["satu", "dua…"]);
        assert!(lines("", 4, 2).is_empty());
        assert_eq!(lines("PALMERAH-KEMANGGISAN", 8, 4), ["PALMERAH", "-KEMANGG", "ISAN"]);
        for text in ["satu dua tiga empat lima", "abcdefghijklmnopqrstuvwxyz", "a bcdefghijklm n"] {
            assert!(lines(text, 5, 3).iter().all(|line| line.chars().count() <= 5), "{text}");
        }
    }
}
