//! The poster as a PDF, A4: the same as the SVG one, with its face embedded, so that any printer has it.

use crate::{
    groups::Group,
    shell::{
        Lang,
        face::{self, ASCENT, DESCENT, Face},
        locale,
        qr::Qr,
    },
};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr, types::FontFlags};

/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;
const WIDE: f32 = 210.0;
const HIGH: f32 = 297.0;
/// Where the text begins, and how wide it may be.
const LEFT: f32 = 18.0;
const ROOM: f32 = 174.0;

pub(super) const PAPER: [u8; 3] = [0xFB, 0xF7, 0xF0];
pub(super) const INK: [u8; 3] = [0x1F, 0x1A, 0x17];
pub(super) const MUTED: [u8; 3] = [0x5C, 0x53, 0x4B];
pub(super) const SOGA: [u8; 3] = [0x7A, 0x2E, 0x1D];
pub(super) const LAUT: [u8; 3] = [0x0B, 0x5D, 0x63];
pub(super) const KUNYIT: [u8; 3] = [0xE3, 0xA1, 0x1B];
const WHITE: [u8; 3] = [0xFF; 3];

/// The woven strip: what is painted of each tile of 24 by 24, from its upper left, one over the other.
pub(super) const STRIP: [([u8; 3], [u32; 4]); 9] = [
    (SOGA, [0, 0, 24, 24]),
    (KUNYIT, [0, 4, 2, 6]),
    (KUNYIT, [10, 4, 14, 6]),
    (KUNYIT, [0, 14, 14, 6]),
    (KUNYIT, [22, 14, 2, 6]),
    (PAPER, [3, 1, 6, 12]),
    (PAPER, [3, 21, 6, 2]),
    (PAPER, [15, 1, 6, 2]),
    (PAPER, [15, 11, 6, 12]),
];

/// A page on which lengths are millimetres from its upper left.
struct Sheet {
    content: Content,
}

impl Sheet {
    fn fill(&mut self, color: [u8; 3]) {
        let [red, green, blue] = color.map(|part| f32::from(part) / 255.0);
        self.content.set_fill_rgb(red, green, blue);
    }

    fn rect(&mut self, color: [u8; 3], [x, y, width, height]: [f32; 4]) {
        self.fill(color);
        self.content.rect(x * MM, (HIGH - y - height) * MM, width * MM, height * MM);
        self.content.fill_nonzero();
    }

    fn strip(&mut self, top: f32, height: f32) {
        let part = height / 24.0;
        for tile in 0..(WIDE / height).ceil() as i32 {
            for (color, [x, y, width, high]) in STRIP {
                let [x, y, width, high] = [x, y, width, high].map(|n| n as f32 * part);
                self.rect(color, [tile as f32 * height + x, top + y, width, high]);
            }
        }
    }

    /// A line of text whose letters stand on `y`.
    fn text(&mut self, text: &str, (name, size): (Name<'_>, f32), color: [u8; 3], (x, y): (f32, f32)) {
        self.fill(color);
        self.content.begin_text();
        self.content.set_font(name, size * MM);
        self.content.next_line(x * MM, (HIGH - y) * MM);
        self.content.show(Str(&face::windows(text)));
        self.content.end_text();
    }

    fn qr(&mut self, qr: &Qr, (x, y): (f32, f32), side: f32) {
        self.rect(WHITE, [x, y, side, side]);
        let part = side / qr.size as f32;
        self.fill(INK);
        for (left, top, run) in &qr.runs {
            let (left, top) = (x + *left as f32 * part, y + *top as f32 * part);
            self.content.rect(left * MM, (HIGH - top - part) * MM, *run as f32 * part * MM, part * MM);
        }
        self.content.fill_nonzero();
    }
}

const BOLD: Name<'static> = Name(b"B");
const MEDIUM: Name<'static> = Name(b"M");

fn drawn(group: &Group, link: &str, qr: &Qr) -> Content {
    let lang: Lang = group.lang;
    let text = |key: &str| locale::message(lang, key, &[]);
    let mut sheet = Sheet { content: Content::new() };
    sheet.rect(PAPER, [0.0, 0.0, WIDE, HIGH]);
    sheet.strip(0.0, 14.0);
    sheet.strip(HIGH - 14.0, 14.0);
    sheet.text(&text(&format!("groups-kind-{}", group.kind)), (BOLD, 7.0), SOGA, (LEFT, 38.0));
    let sizes = [17.0_f32, 14.0, 11.0];
    let fits = |size: &&f32| face::bold().lines(&group.name, **size, ROOM, 9).len() <= 4;
    let size = sizes.iter().find(fits).copied().unwrap_or(11.0);
    let mut y = 44.0;
    for line in face::bold().lines(&group.name, size, ROOM, 4) {
        y += size * 1.15;
        sheet.text(&line, (BOLD, size), INK, (LEFT, y));
    }
    y += 8.0;
    for line in face::medium().lines(&group.summary, 7.5, ROOM, 4) {
        y += 10.5;
        sheet.text(&line, (MEDIUM, 7.5), MUTED, (LEFT, y));
    }
    sheet.text(&super::directory::place(&group.area), (BOLD, 7.5), LAUT, (LEFT, y + 14.0));
    sheet.qr(qr, (LEFT, 172.0), 92.0);
    sheet.text(&text("home-poster-scan"), (BOLD, 6.2), INK, (118.0, 206.0));
    sheet.text(&text("home-poster-ask"), (MEDIUM, 6.2), MUTED, (118.0, 217.0));
    sheet.text("Mapalus", (BOLD, 7.0), SOGA, (118.0, 260.0));
    let link = link.trim_start_matches("https://").trim_start_matches("http://");
    let size = (7.0 * ROOM / face::bold().width(link, 7.0)).clamp(2.0, 7.0);
    sheet.text(link, (BOLD, size), LAUT, (LEFT, 275.0));
    sheet.content
}

/// Embeds a face: its dictionary, how it looks in words, its file.
fn embed(pdf: &mut Pdf, face: &Face, [font, descriptor, file]: [Ref; 3]) {
    let name = Name(face.name.as_bytes());
    let mut dictionary = pdf.indirect(font).dict();
    dictionary.pair(Name(b"Type"), Name(b"Font"));
    dictionary.pair(Name(b"Subtype"), Name(b"TrueType"));
    dictionary.pair(Name(b"BaseFont"), name);
    dictionary.pair(Name(b"Encoding"), Name(b"WinAnsiEncoding"));
    dictionary.pair(Name(b"FirstChar"), 32);
    dictionary.pair(Name(b"LastChar"), 255);
    dictionary.pair(Name(b"FontDescriptor"), descriptor);
    let widths = (32..=255_u8).map(|code| face.advance(face::letter(code)));
    dictionary.insert(Name(b"Widths")).array().items(widths);
    dictionary.finish();
    let mut words = pdf.font_descriptor(descriptor);
    words.name(name).flags(FontFlags::NON_SYMBOLIC).bbox(Rect::new(-300.0, DESCENT, 1_500.0, ASCENT));
    words.italic_angle(0.0).ascent(ASCENT).descent(DESCENT).cap_height(700.0).stem_v(100.0).font_file2(file);
    words.finish();
    pdf.stream(file, face.bytes).pair(Name(b"Length1"), face.bytes.len() as i32);
}

/// The poster of a group.
pub(super) fn pdf(group: &Group, link: &str, qr: &Qr) -> Vec<u8> {
    let id = Ref::new;
    let (catalog, pages, page, contents, info) = (id(1), id(2), id(3), id(4), id(5));
    let mut pdf = Pdf::new();
    let mut root = pdf.catalog(catalog);
    root.pages(pages).lang(TextStr(group.lang.code()));
    root.finish();
    pdf.pages(pages).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet.media_box(Rect::new(0.0, 0.0, WIDE * MM, HIGH * MM)).parent(pages).contents(contents);
    let mut resources = sheet.resources();
    resources.fonts().pair(BOLD, id(6)).pair(MEDIUM, id(9));
    resources.finish();
    sheet.finish();
    pdf.stream(contents, &drawn(group, link, qr).finish());
    pdf.document_info(info).title(TextStr(&group.name));
    embed(&mut pdf, face::bold(), [id(6), id(7), id(8)]);
    embed(&mut pdf, face::medium(), [id(9), id(10), id(11)]);
    pdf.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_carries_its_faces_and_its_words() {
        let link = "https://mapalus.example/g/06d9k2m4x8pq";
        let bytes = pdf(&crate::home::sample_group(), link, &Qr::new(link).unwrap());
        assert!(bytes.starts_with(b"%PDF-1.") && bytes.ends_with(b"%%EOF"));
        assert!(bytes.len() < 120_000, "{}", bytes.len());
        let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        assert!(holds(b"(Relawan Siaga") && holds(b"PlusJakartaSans-Bold") && holds(b"FontFile2"));
    }
}
