//! Files as answers: how large, how many, what they are, how they are named.

mod clean;

pub use clean::{Cleaned, MOST_POINTS, clean};

use super::may_do;
use crate::{
    joining::model::{Application, Path, Question, QuestionKind, StepKind, file::FileKind},
    shell::{forms::Wrong, text, upload},
};
use mapalus_core::{Argument, Refusal, RefusalKind};

/// Bytes of a file at most.
pub const MOST_BYTES: i64 = upload::FILE_BYTES as i64;
/// Bytes of all files of an application at most.
pub const MOST_OF_ALL: i64 = upload::FILES_BYTES as i64;
/// Files of one answer at most.
pub const MOST_FILES: usize = 3;
/// Files that one person sends in an hour at most, whatever becomes of them.
pub const MOST_AN_HOUR: i64 = 40;
/// Bytes of a part, as it is stored and given out.
pub const PART_BYTES: usize = 1024 * 1024;

fn mebibytes(key: &'static str, bytes: i64) -> Wrong {
    Wrong(key, vec![("most", Argument::Number(bytes / 1024 / 1024))])
}

/// Whether a file of this size is taken at all.
///
/// # Errors
/// `joining-file-empty` or `joining-file-too-large`.
pub fn fits(size: i64) -> Result<(), Wrong> {
    if size == 0 {
        return Err(Wrong::plain("joining-file-empty"));
    }
    if size > MOST_BYTES { Err(mebibytes("joining-file-too-large", MOST_BYTES)) } else { Ok(()) }
}

/// Whether there is room for one more file of this size: so many stand at its question, and so many bytes
/// in all the answers of the application.
///
/// # Errors
/// `joining-file-too-many` or `joining-file-all-too-large`.
pub fn room(here: usize, all: i64, size: i64) -> Result<(), Wrong> {
    if here >= MOST_FILES {
        return Err(Wrong("joining-file-too-many", vec![("most", Argument::Number(MOST_FILES as i64))]));
    }
    if all + size > MOST_OF_ALL {
        return Err(mebibytes("joining-file-all-too-large", MOST_OF_ALL));
    }
    Ok(())
}

/// Whether one who has sent so many files within the hour may send one more.
///
/// # Errors
/// `joining-files-often`.
pub fn one_more(sent: i64) -> Result<(), Refusal> {
    if sent < MOST_AN_HOUR { Ok(()) } else { Err(Refusal::new(RefusalKind::TooMany, "joining-files-often")) }
}

/// The question of a form that is open to which a file can be the answer.
///
/// # Errors
/// Those of [`may_do`], and `joining-unknown-question`.
pub fn question<'p>(application: &Application, path: &'p Path, key: &str) -> Result<&'p Question, Refusal> {
    may_do(application, path, StepKind::Form, None)?;
    let forms = path.open(application).filter(|step| step.kind == StepKind::Form);
    let mut files =
        forms.flat_map(|step| path.questions_of(step.id)).filter(|q| q.kind == QuestionKind::File);
    let found = files.find(|question| question.key == key);
    found.ok_or_else(|| Refusal::new(RefusalKind::Malformed, "joining-unknown-question"))
}

/// The name under which a file is kept: no folders, nothing that is not seen, at most 100 characters, and an
/// ending that says what it is. One without a name is called like its question.
pub fn name(given: &str, key: &str, kind: FileKind) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or("");
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
    };
    let seen: String = text::clean(last).chars().filter(|c| !unseen(*c)).collect();
    let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let seen = seen.trim_end_matches(['.', ' ']);
    let (stem, ending) = match seen.rsplit_once('.') {
        Some((stem, ending)) if kind.endings().contains(&ending.to_lowercase().as_str()) => (stem, ending),
        _ => (seen, kind.endings()[0]),
    };
    let stem: String = stem.trim_matches(['.', ' ']).chars().take(95).collect();
    let stem = if stem.is_empty() { key } else { stem.as_str() };
    format!("{stem}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_folders_nothing_unseen_and_the_ending_of_what_it_is() {
        let pdf = |given: &str| name(given, "oath", FileKind::Pdf);
        assert_eq!(pdf("Berita acara.PDF"), "Berita acara.PDF");
        assert_eq!(pdf("../../etc/passwd"), "passwd.pdf");
        assert_eq!(pdf("C:\\Users\\A\\sumpah.pdf"), "sumpah.pdf");
        assert_eq!(pdf("tagihan\u{202E}fdp.exe"), "tagihanfdp.exe.pdf");
        assert_eq!(pdf("a\r\nb\u{0}\u{200D}.pdf"), "ab.pdf");
        for nothing in ["", "...", " / ", ".pdf", "\u{200B}"] {
            assert_eq!(pdf(nothing), "oath.pdf", "{nothing:?}");
        }
        assert_eq!(name("foto.jpeg", "x", FileKind::Jpeg), "foto.jpeg");
        assert_eq!(name("foto.png", "x", FileKind::Jpeg), "foto.png.jpg");
        let long = pdf(&format!("{}.pdf", "ä".repeat(300)));
        assert!(long.chars().count() <= 100 && long.ends_with(".pdf"), "{long}");
    }

    #[test]
    fn three_files_at_a_question_and_thirty_megabytes_in_all() {
        let key = |result: Result<(), Wrong>| result.map_err(|wrong| wrong.0);
        assert_eq!(key(fits(0)), Err("joining-file-empty"));
        assert_eq!(key(fits(MOST_BYTES)), Ok(()));
        assert_eq!(key(fits(MOST_BYTES + 1)), Err("joining-file-too-large"));
        assert_eq!(key(room(2, MOST_OF_ALL - 5, 5)), Ok(()));
        assert_eq!(key(room(2, MOST_OF_ALL - 5, 6)), Err("joining-file-all-too-large"));
        assert_eq!(key(room(3, 0, 1)), Err("joining-file-too-many"));
    }
}
