//! What a file is, by its content; and a picture without what the camera wrote into it.
//!
//! A picture is not decoded: its points stay as they are, a certificate as legible as it was sent. Its parts are
//! walked, and only those that a viewer needs to show it are kept. Where and when it was taken, by whom and with
//! what, small previews and all that hangs on behind the picture go. How the camera was held is kept.

use crate::{joining::model::file::FileKind, shell::forms::Wrong};
use mapalus_core::Argument;

/// Points of a picture at most: who opens it shall not run out of memory.
pub const MOST_POINTS: u64 = 40_000_000;

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// What it is.
    pub kind: FileKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The file as it is kept. Takes time and memory in proportion to its size.
///
/// # Errors
/// `joining-file-kind` for what is no PDF, JPEG or PNG, or not a whole one; `joining-file-points`.
pub fn clean(bytes: &[u8]) -> Result<Cleaned, Wrong> {
    let (kind, (kept, points)) = match bytes {
        _ if bytes.starts_with(b"%PDF-") => (FileKind::Pdf, (bytes.to_vec(), 1)),
        _ if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) => (FileKind::Jpeg, jpeg(bytes).ok_or(wrong_kind())?),
        _ if bytes.starts_with(PNG) => (FileKind::Png, png(bytes).ok_or(wrong_kind())?),
        _ => return Err(wrong_kind()),
    };
    if points == 0 {
        return Err(wrong_kind());
    }
    if points > MOST_POINTS {
        let most = Argument::Number((MOST_POINTS / 1_000_000) as i64);
        return Err(Wrong("joining-file-points", vec![("most", most)]));
    }
    Ok(Cleaned { kind, bytes: kept })
}

fn wrong_kind() -> Wrong {
    Wrong::plain("joining-file-kind")
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The picture without what is not needed, and its points; none if it is not a whole one.
fn png(bytes: &[u8]) -> Option<(Vec<u8>, u64)> {
    const KEPT: [&[u8; 4]; 12] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD",
        b"pHYs",
    ];
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(PNG);
    let mut points = None;
    let mut rest = &bytes[PNG.len()..];
    loop {
        // Length, type, data, checksum.
        let length = usize::try_from(big_endian(rest.get(..4)?)).ok()?;
        let chunk = rest.get(..length.checked_add(12)?)?;
        let (kind, data) = (&chunk[4..8], &chunk[8..8 + length]);
        if points.is_none() {
            let header = (kind == b"IHDR" && length == 13).then_some(data)?;
            points = Some(big_endian(&header[..4]) * big_endian(&header[4..8]));
        }
        if KEPT.iter().any(|name| name.as_slice() == kind) {
            kept.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Some((kept, points?));
        }
        rest = &rest[chunk.len()..];
    }
}

/// The picture without what is not needed, and its points; none if it is not a whole one.
fn jpeg(bytes: &[u8]) -> Option<(Vec<u8>, u64)> {
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(&bytes[..2]);
    let (mut points, mut turned, mut scanned) = (None, false, false);
    let mut rest = &bytes[2..];
    loop {
        // Any number of fill bytes may stand before a marker.
        let at = rest.iter().position(|byte| *byte != 0xFF)?;
        let marker = (at > 0).then(|| rest[at])?;
        rest = &rest[at + 1..];
        match marker {
            0xD9 => {
                kept.extend_from_slice(&[0xFF, 0xD9]);
                return scanned.then_some((kept, points?));
            }
            // Markers without a length stand in no place where we look.
            0x00 | 0x01 | 0xD0..=0xD8 => return None,
            _ => {}
        }
        let length = usize::try_from(big_endian(rest.get(..2)?)).ok()?;
        let data = rest.get(2..length)?;
        if is_frame(marker) {
            // Two frames in one picture: nobody knows which of them a viewer shows.
            if points.is_some() {
                return None;
            }
            points = Some(big_endian(data.get(1..3)?) * big_endian(data.get(3..5)?));
        }
        let needed = match marker {
            0xE0 => data.starts_with(b"JFIF\0"),
            0xE2 => data.starts_with(b"ICC_PROFILE\0"),
            0xEE => data.starts_with(b"Adobe"),
            0xE1 if !turned => {
                if let Some(value) = orientation(data) {
                    kept.extend_from_slice(&held(value));
                    turned = true;
                }
                false
            }
            // Tables, scans, and what belongs to them (T.81, table B.1).
            0xC4 | 0xCC | 0xDA..=0xDF => true,
            _ => is_frame(marker),
        };
        if needed {
            kept.extend_from_slice(&[0xFF, marker]);
            kept.extend_from_slice(&rest[..length]);
        }
        rest = &rest[length..];
        if marker == 0xDA {
            scanned = true;
            // The points themselves: to the next marker that is not one of theirs.
            let ends = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7);
            let end = rest.windows(2).position(ends)?;
            kept.extend_from_slice(&rest[..end]);
            rest = &rest[end..];
        }
    }
}

/// Whether a marker begins a frame: how large the picture is, and how its points are written (T.81, table B.1).
const fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF)
}

/// How the camera was held, of a segment with its notes.
fn orientation(data: &[u8]) -> Option<u8> {
    let notes = data.strip_prefix(b"Exif\0\0")?;
    let little = match notes.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number = |at: usize, length: usize| -> Option<u64> {
        let mut bytes = notes.get(at..at.checked_add(length)?)?.to_vec();
        if little {
            bytes.reverse();
        }
        Some(big_endian(&bytes))
    };
    let list = usize::try_from(number(4, 4)?).ok()?;
    let count = usize::try_from(number(list, 2)?).ok()?;
    let entry = |n: usize| list.checked_add(2)?.checked_add(n * 12);
    let found = (0..count).find(|n| entry(*n).and_then(|at| number(at, 2)) == Some(0x0112))?;
    let value = number(entry(found)?.checked_add(8)?, 2)?;
    u8::try_from(value).ok().filter(|value| (2..=8).contains(value))
}

/// A segment that says how the camera was held, and nothing else.
fn held(orientation: u8) -> [u8; 36] {
    let mut segment =
        *b"\xFF\xE1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    segment[29] = orientation;
    segment
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, ImageFormat, RgbImage};
    use std::io::Cursor;

    fn picture(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        let points = RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8 * 5, y as u8 * 7, 90]));
        DynamicImage::ImageRgb8(points).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    fn points(bytes: &[u8]) -> Vec<u8> {
        image::load_from_memory(bytes).unwrap().into_rgb8().into_raw()
    }

    fn key(bytes: &[u8]) -> Option<&'static str> {
        clean(bytes).err().map(|wrong| wrong.0)
    }

    /// A picture as a telephone writes it: notes with a place, a comment, another picture behind.
    fn from_a_telephone() -> Vec<u8> {
        let plain = picture(ImageFormat::Jpeg);
        let mut notes = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        notes.extend_from_slice(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
        notes.extend_from_slice(b"\x25\x88\x04\0\x01\0\0\0\x80\0\0\0GPS 1.4748 N 124.8421 E");
        let segment = |marker: u8, data: &[u8]| {
            let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
            [&[0xFF, marker][..], &length, data].concat()
        };
        let comment = segment(0xFE, b"dari ponsel Rio");
        let iptc = segment(0xED, b"Photoshop 3.0\0Rio Mandagi");
        let parts = [&plain[..2], &segment(0xE1, &notes), &iptc, &comment, &plain[2..], b"behind 124.8421"];
        parts.concat()
    }

    #[test]
    fn what_the_camera_wrote_is_gone_and_the_points_and_how_it_was_held_stay() {
        let sent = from_a_telephone();
        let kept = clean(&sent).unwrap();
        assert_eq!(kept.kind, FileKind::Jpeg);
        for secret in ["GPS", "124.8421", "Rio", "Photoshop"] {
            let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(holds(&sent) && !holds(&kept.bytes), "{secret}");
        }
        assert_eq!(points(&kept.bytes), points(&sent));
        let mut reader = image::ImageReader::new(Cursor::new(&kept.bytes)).with_guessed_format().unwrap();
        reader.no_limits();
        let turned = image::ImageDecoder::orientation(&mut reader.into_decoder().unwrap()).unwrap();
        assert_eq!(turned, image::metadata::Orientation::Rotate90);
        // What is clean stays as it is.
        assert_eq!(clean(&kept.bytes).unwrap(), kept);
    }

    #[test]
    fn a_png_keeps_its_points_and_loses_its_texts_and_what_hangs_on() {
        let plain = picture(ImageFormat::Png);
        let text = b"\0\0\0\x0BtEXtAuthor\0Rio!\0\0\0\0";
        let sent = [&plain[..33], text, &plain[33..], b"<script>"].concat();
        let kept = clean(&sent).unwrap();
        assert_eq!((kept.kind, &kept.bytes), (FileKind::Png, &plain));
        assert_eq!(points(&kept.bytes), points(&plain));
    }

    #[test]
    fn what_is_something_else_or_not_whole_is_refused() {
        for bytes in [
            &b""[..],
            b"MZ\x90\0 a program",
            b"<!doctype html><script>alert(1)</script>",
            b"GIF89a\x01\0\x01\0\0\0\0;",
            b"  %PDF-1.7 not at its beginning",
            b"PK\x03\x04 a package",
        ] {
            assert_eq!(key(bytes), Some("joining-file-kind"), "{bytes:?}");
        }
        assert_eq!(clean(b"%PDF-1.7\n%%EOF").unwrap().kind, FileKind::Pdf);
        // Cut off anywhere, changed anywhere: refused or clean, never a panic.
        for whole in [picture(ImageFormat::Png), from_a_telephone()] {
            let end = whole.len() - b"behind 124.8421".len();
            for length in 3..end.min(whole.len()) {
                assert!(key(&whole[..length]).is_some() || length > end - 2, "{length} of {end}");
            }
            for at in 0..whole.len() {
                for value in [0x00, 0x7F, 0xD9, 0xFF] {
                    let mut changed = whole.clone();
                    changed[at] = value;
                    drop(clean(&changed));
                }
            }
        }
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_of_who_opens_it_is_refused() {
        let mut bomb = picture(ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0]);
        assert_eq!(key(&bomb), Some("joining-file-points"));
        let mut flat = picture(ImageFormat::Png);
        flat[16..20].copy_from_slice(&[0, 0, 0, 0]);
        assert_eq!(key(&flat), Some("joining-file-kind"));
        let mut jpeg = picture(ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
        assert_eq!(key(&jpeg), Some("joining-file-points"));
    }
}
