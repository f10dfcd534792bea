//! Photos: read within limits, made small, without what the camera wrote into them.

use crate::shell::secrets;
use image::{ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType};
use mapalus_core::{Refusal, RefusalKind};
use std::io::Cursor;

/// Bytes of a photo that is sent at most.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Points of a photo that is sent at most.
pub const MOST_POINTS: u64 = 40_000_000;
/// Points of the longer side of a photo that is kept.
pub const SIDE: u32 = 512;

/// A photo that is kept: JPEG without metadata.
#[derive(Debug, Clone)]
pub struct Photo {
    /// The picture.
    pub jpeg: Vec<u8>,
    /// Its digest, by which browsers know that it has not changed.
    pub digest: String,
}

fn refuse(kind: RefusalKind, key: &'static str) -> Refusal {
    Refusal::new(kind, key)
}

/// Makes a photo of what was sent. Takes some tenths of a second and at most 200 MB for a moment: not for
/// the threads that answer requests.
///
/// # Errors
/// `people-photo-too-large` (8 MB, 40 million points), `people-photo-kind` if it is no JPEG, PNG or WebP.
pub fn read(bytes: &[u8]) -> Result<Photo, Refusal> {
    let too_large = || refuse(RefusalKind::TooLarge, "people-photo-too-large");
    let wrong_kind = || refuse(RefusalKind::WrongKind, "people-photo-kind");
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| wrong_kind());
    let format =
        reader()?.format().filter(|f| matches!(f, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP));
    format.ok_or_else(wrong_kind)?;
    let (width, height) = reader()?.into_dimensions().map_err(|_| wrong_kind())?;
    if u64::from(width) * u64::from(height) > MOST_POINTS {
        return Err(too_large());
    }
    let mut reader = reader()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_POINTS * 5);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| wrong_kind())?;
    // The camera's note of how it was held is followed, and then left out with all others.
    let turned = image::ImageDecoder::orientation(&mut decoder).ok();
    let mut picture = image::DynamicImage::from_decoder(decoder).map_err(|_| wrong_kind())?;
    if let Some(turned) = turned {
        picture.apply_orientation(turned);
    }
    if picture.width().max(picture.height()) > SIDE {
        picture = picture.resize(SIDE, SIDE, FilterType::Triangle);
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 82)
        .encode_image(&picture.into_rgb8())
        .map_err(|_| wrong_kind())?;
    Ok(Photo { digest: secrets::digest(&jpeg)[..16].to_owned(), jpeg })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, RgbImage};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, image::Rgb([120, 40, 30])));
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_photo_becomes_a_small_jpeg() {
        let photo = read(&png(1_600, 800)).unwrap();
        assert!(photo.jpeg.starts_with(&[0xFF, 0xD8]) && photo.jpeg.len() < 60_000);
        let (width, height) = ImageReader::new(Cursor::new(&photo.jpeg))
            .with_guessed_format()
            .unwrap()
            .into_dimensions()
            .unwrap();
        assert_eq!((width, height), (512, 256));
    }

    #[test]
    fn what_the_camera_wrote_is_gone() {
        let photo = read(&png(64, 64)).unwrap();
        assert!(!photo.jpeg.windows(4).any(|part| part == b"Exif"));
    }

    #[test]
    fn what_is_no_picture_or_too_big_is_refused() {
        assert_eq!(read(b"%PDF-1.7 not a picture").map_err(|r| r.key).err(), Some("people-photo-kind"));
        assert_eq!(read(&vec![0; MOST_BYTES + 1]).map_err(|r| r.key).err(), Some("people-photo-too-large"));
        // A header that promises 100,000 by 100,000 points.
        let mut bomb = png(8, 8);
        bomb[16..24].copy_from_slice(&[0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0]);
        let crc = bomb[29..33].to_vec();
        assert_eq!(crc.len(), 4);
        assert!(read(&bomb).is_err());
    }
}
