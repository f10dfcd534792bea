//! The faces of the house for what is drawn by us: a poster to print, a picture to share. The same family as on the
//! pages, in two weights, of the letters that Western European languages and Indonesian need.

use ab_glyph::{Font, FontRef, PxScale, point};
use std::sync::OnceLock;

/// A face: its file, as a PDF takes it, and the outlines of its letters.
pub struct Face {
    /// Its name.
    pub name: &'static str,
    /// The file.
    pub bytes: &'static [u8],
    font: FontRef<'static>,
}

macro_rules! face {
    ($(#[$doc:meta])* $function:ident, $name:literal, $file:literal) => {
        $(#[$doc])*
        pub fn $function() -> &'static Face {
            static FACE: OnceLock<Face> = OnceLock::new();
            FACE.get_or_init(|| {
                let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/", $file));
                let font = FontRef::try_from_slice(bytes).expect("the embedded file is a face");
                Face { name: $name, bytes, font }
            })
        }
    };
}

face!(
    /// For headings.
    bold,
    "PlusJakartaSans-Bold",
    "plus-jakarta-sans-bold.ttf"
);
face!(
    /// For text.
    medium,
    "PlusJakartaSans-Medium",
    "plus-jakarta-sans-medium.ttf"
);

/// The upper edge of letters over their line, and the lower edge under it, in thousandths of the size.
pub const ASCENT: f32 = 1038.0;
/// See [`ASCENT`].
pub const DESCENT: f32 = -222.0;

impl Face {
    /// How wide a letter is, in thousandths of the size.
    pub fn advance(&self, letter: char) -> f32 {
        let units = self.font.units_per_em().unwrap_or(1_000.0);
        self.font.h_advance_unscaled(self.font.glyph_id(letter)) * 1_000.0 / units
    }

    /// How wide a text is at a size.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.advance(letter)).sum::<f32>() * size / 1_000.0
    }

    /// A text in lines that are no wider than that at a size, cut where words end; what does not fit into the lines is
    /// left out.
    pub fn lines(&self, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match longer.filter(|longer| self.width(longer, size) <= width) {
                Some(longer) => {
                    lines.pop();
                    lines.push(longer);
                }
                None => self.word(word, size, width, &mut lines),
            }
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                while !last.is_empty() && self.width(&format!("{last}…"), size) > width {
                    last.pop();
                }
                last.push('…');
            }
        }
        lines
    }

    /// A word on a line of its own; one that is wider goes on in the next ones.
    fn word(&self, word: &str, size: f32, width: f32, lines: &mut Vec<String>) {
        let mut line = String::new();
        for letter in word.chars() {
            line.push(letter);
            if self.width(&line, size) > width && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
        lines.push(line);
    }

    /// Draws a text from a point of its line: tells of each point how much of it is covered.
    pub fn draw(&self, text: &str, size: f32, (x, y): (f32, f32), mut paint: impl FnMut(i32, i32, f32)) {
        // The library's scale is the height from the upper to the lower edge.
        let scale = PxScale::from(size * (ASCENT - DESCENT) / 1_000.0);
        let mut from = x;
        for letter in text.chars() {
            let glyph = self.font.glyph_id(letter).with_scale_and_position(scale, point(from, y));
            if let Some(outline) = self.font.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
                outline.draw(|dx, dy, covered| paint(left + dx as i32, top + dy as i32, covered));
            }
            from += self.advance(letter) * size / 1_000.0;
        }
    }
}

/// The letters of a text as PDF has them in its Windows encoding; others become a question mark.
pub fn windows(text: &str) -> Vec<u8> {
    text.chars().map(|letter| code(letter).unwrap_or(b'?')).collect()
}

/// What stands between 128 and 159 in that encoding.
const SPECIAL: [(u8, char); 27] = [
    (128, '€'),
    (130, '‚'),
    (131, 'ƒ'),
    (132, '„'),
    (133, '…'),
    (134, '†'),
    (135, '‡'),
    (136, 'ˆ'),
    (137, '‰'),
    (138, 'Š'),
    (139, '‹'),
    (140, 'Œ'),
    (142, 'Ž'),
    (145, '‘'),
    (146, '’'),
    (147, '“'),
    (148, '”'),
    (149, '•'),
    (150, '–'),
    (151, '—'),
    (152, '˜'),
    (153, '™'),
    (154, 'š'),
    (155, '›'),
    (156, 'œ'),
    (158, 'ž'),
    (159, 'Ÿ'),
];

fn code(letter: char) -> Option<u8> {
    match u32::from(letter) {
        plain @ (32..=126 | 160..=255) => u8::try_from(plain).ok(),
        _ => SPECIAL.iter().find(|(_, special)| *special == letter).map(|(code, _)| *code),
    }
}

/// The letter of a code of that encoding.
pub fn letter(code: u8) -> char {
    SPECIAL.iter().find(|(special, _)| *special == code).map_or(char::from(code), |(_, letter)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_words_end_and_never_runs_over_its_width() {
        let lines = bold().lines("Relawan Siaga Bencana Manado dan Minahasa", 10.0, 100.0, 5);
        assert!(lines.len() > 1 && lines.iter().all(|line| bold().width(line, 10.0) <= 100.0), "{lines:?}");
        assert_eq!(lines.join(" "), "Relawan Siaga Bencana Manado dan Minahasa");
        let cut = medium().lines("satu dua tiga empat lima enam tujuh", 10.0, 60.0, 2);
        assert!(cut.len() == 2 && cut[1].ends_with('…') && medium().width(&cut[1], 10.0) <= 60.0, "{cut:?}");
        let long = bold().lines("PALMERAHKEMANGGISANSELATAN", 10.0, 50.0, 9);
        assert_eq!(long.concat(), "PALMERAHKEMANGGISANSELATAN");
        assert!(bold().lines("", 10.0, 50.0, 9).is_empty());
    }

    #[test]
    fn letters_are_drawn_and_written_in_their_encoding() {
        let mut covered = 0.0;
        bold().draw("Ma", 40.0, (0.0, 40.0), |x, y, part| {
            assert!((-2..80).contains(&x) && (0..45).contains(&y), "{x} {y}");
            covered += part;
        });
        assert!(covered > 200.0, "{covered}");
        assert_eq!(windows("Café – 5…"), [67, 97, 102, 233, 32, 150, 32, 53, 133]);
        assert_eq!(windows("ꦩ"), [63]);
        assert!(
            (32..=255).all(|n| [127, 129, 141, 143, 144, 157].contains(&n) || code(letter(n)) == Some(n))
        );
    }
}
