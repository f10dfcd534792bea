//! QR codes, as a path of SVG.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Modules of light around the code, without which cameras do not find it.
const QUIET: usize = 4;

/// A QR code.
#[derive(Debug, Clone)]
pub struct Qr {
    /// Modules on each side, with the light around.
    pub size: usize,
    /// The dark modules, as the `d` of an SVG path.
    pub path: String,
    /// The same: from the left, from the top, so many in a row.
    pub runs: Vec<(usize, usize, usize)>,
}

impl Qr {
    /// The code of a text; none for one that is too long. A quarter of the modules may be lost.
    pub fn new(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::Q).ok()?;
        let width = code.width();
        let (mut path, mut runs) = (String::new(), Vec::new());
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            while x < width {
                let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
                if run > 0 {
                    let (left, top) = (x + QUIET, y + QUIET);
                    runs.push((left, top, run));
                    // Writing into a text cannot fail.
                    let _ = write!(path, "M{left} {top}h{run}v1h-{run}z");
                }
                x += run.max(1);
            }
        }
        Some(Self { size: width + 2 * QUIET, path, runs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_eyes_and_light_around() {
        let qr = Qr::new("https://mapalus.example/g/06d9k2m4x8pq").unwrap();
        assert_eq!(qr.size, 33 + 2 * QUIET);
        // The upper edge of the eyes: seven dark modules on the left and on the right.
        assert!(qr.path.starts_with("M4 4h7v1h-7z"));
        assert!(qr.path.contains("M30 4h7v1h-7z"));
        assert!(qr.path.contains("M4 30h7v1h-7z"), "{}", qr.path);
        assert!(Qr::new(&"x".repeat(5_000)).is_none());
    }
}
