//! The picture that stands beside a shared link: what the group is called, what it does and where.

use super::poster::{INK, LAUT, MUTED, PAPER, SOGA, STRIP};
use crate::{
    groups::{self, Group},
    shell::{
        AppError, Cx,
        face::{self, Face},
        locale,
    },
};
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs::png::PngEncoder};
use mapalus_core::access::SeeGroup;

/// Its size, as those who show links want it.
pub const WIDTH: u32 = 1_200;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 630;
const LEFT: f32 = 64.0;
const ROOM: f32 = 1_072.0;
/// Height of the woven strip.
const STRIP_HEIGHT: u32 = 48;

fn strip(picture: &mut RgbImage, top: u32) {
    let part = STRIP_HEIGHT / 24;
    for tile in 0..WIDTH.div_ceil(STRIP_HEIGHT) {
        for (color, [x, y, width, height]) in STRIP {
            let left = tile * STRIP_HEIGHT + x * part;
            for row in (top + y * part)..(top + (y + height) * part) {
                for column in left..(left + width * part).min(WIDTH) {
                    picture.put_pixel(column, row, Rgb(color));
                }
            }
        }
    }
}

fn write(picture: &mut RgbImage, (face, size): (&Face, f32), text: &str, color: [u8; 3], at: (f32, f32)) {
    face.draw(text, size, at, |x, y, covered| {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if let Some(point) = picture.get_pixel_mut_checked(x, y) {
            for (under, over) in point.0.iter_mut().zip(color) {
                let mixed = f32::from(*under) * (1.0 - covered) + f32::from(over) * covered;
                *under = mixed.round().clamp(0.0, 255.0) as u8;
            }
        }
    });
}

/// Draws the picture of a group.
pub(super) fn draw(group: &Group) -> Result<Vec<u8>, image::ImageError> {
    let mut picture = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb(PAPER));
    strip(&mut picture, 0);
    strip(&mut picture, HEIGHT - STRIP_HEIGHT);
    let kind = locale::message(group.lang, &format!("groups-kind-{}", group.kind), &[]);
    write(&mut picture, (face::bold(), 34.0), &kind, SOGA, (LEFT, 130.0));
    let sizes = [84.0_f32, 66.0, 52.0];
    let fits = |size: &&f32| face::bold().lines(&group.name, **size, ROOM, 9).len() <= 2;
    let size = sizes.iter().find(fits).copied().unwrap_or(52.0);
    let mut y = 148.0;
    for line in face::bold().lines(&group.name, size, ROOM, 3) {
        y += size * 1.15;
        write(&mut picture, (face::bold(), size), &line, INK, (LEFT, y));
    }
    y += 14.0;
    for line in face::medium().lines(&group.summary, 36.0, ROOM, 2) {
        y += 48.0;
        write(&mut picture, (face::medium(), 36.0), &line, MUTED, (LEFT, y));
    }
    let place = super::directory::place(&group.area);
    write(&mut picture, (face::bold(), 36.0), &place, LAUT, (LEFT, 545.0));
    let right = LEFT + ROOM - face::bold().width("Mapalus", 36.0);
    write(&mut picture, (face::bold(), 36.0), "Mapalus", SOGA, (right, 545.0));
    let mut png = Vec::new();
    PngEncoder::new(&mut png).write_image(picture.as_raw(), WIDTH, HEIGHT, ExtendedColorType::Rgb8)?;
    Ok(png)
}

/// `GET /groups/{group}/card.png`
pub async fn card(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let group = cx
        .read("home::card", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<SeeGroup>()?;
            Ok(group)
        })
        .await?;
    // What not everybody may see is kept by nobody in between.
    let public = group.is_public();
    let keep = if public { "public, max-age=86400" } else { "private, no-store" };
    let drawn = tokio::task::spawn_blocking(move || draw(&group)).await.map_err(AppError::caused)?;
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, keep)];
    Ok((StatusCode::OK, headers, drawn.map_err(AppError::caused)?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_small_and_has_the_size_that_is_asked_for() {
        let png = draw(&crate::home::sample_group()).unwrap();
        assert!(png.len() < 150_000, "{}", png.len());
        let read = image::load_from_memory(&png).unwrap();
        assert_eq!((read.width(), read.height()), (WIDTH, HEIGHT));
        let dark = read.to_rgb8().pixels().filter(|point| point.0 == INK).count();
        assert!(dark > 2_000, "the name is written: {dark}");
    }
}
