//! What is found: a group as the index knows it.

/// A group, as far as a stranger may see it.
///
/// The index adds nothing of its own but what follows from these: the ancestors of codes, the stems of words, the
/// cells around the point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Identifier, a UUID as text. Putting the same id again replaces the document.
    pub id: String,
    /// Name, as shown.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// The longer text, without markup.
    pub about: String,
    /// Words by which one may look for it that stand in none of the texts: synonyms, titles of its occupations and
    /// causes in both languages.
    pub words: Vec<String>,
    /// Kind of group, one word.
    pub kind: String,
    /// Codes of ISCO-08, one to four digits. Others are left out.
    pub occupations: Vec<String>,
    /// Keys of causes.
    pub causes: Vec<String>,
    /// Dotted codes of the districts served and of the home regency, such as `71.71.03`. Parts below the district
    /// are cut off.
    pub areas: Vec<String>,
    /// Latitude and longitude in degrees: its own point, or the centre of its area. Without it the group is in no
    /// radius.
    pub point: Option<(f64, f64)>,
    /// Whether it takes members now.
    pub taking: bool,
    /// How many members it has.
    pub members: u64,
    /// When it was made, Unix milliseconds.
    pub made_at: i64,
}

/// One change of the index.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The group is to be found like this from now on.
    Put(Box<Document>),
    /// The group of this id is no longer to be found; unknown ids are no error.
    Remove(String),
}

impl From<Document> for Change {
    fn from(document: Document) -> Self {
        Self::Put(Box::new(document))
    }
}

/// Longest code or key that is kept, in bytes.
const LONGEST_KEY: usize = 100;

/// Digits of the code of a unit group: below it there is nothing.
const UNIT: usize = 4;

/// The code with all above it, from the broadest: `2221` gives `2`, `22`, `222`, `2221`. Nothing for what is no code.
pub(crate) fn occupation_line(code: &str) -> impl Iterator<Item = &str> {
    let valid = (1..=UNIT).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    let most = if valid { code.len() } else { 0 };
    (1..=most).map(|len| &code[..len])
}

/// The area with all above it, from the province down to the district: `71.71.03` gives `71`, `71.71`, `71.71.03`.
pub(crate) fn area_line(code: &str) -> impl Iterator<Item = &str> {
    let code = if is_key(code) { code } else { "" };
    let dots = code.match_indices('.').map(|(at, _)| at);
    dots.chain([code.len()]).take(3).map(|end| &code[..end]).filter(|area| !area.is_empty())
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.len() <= LONGEST_KEY
}

/// What the index notes of a group as marks, sorted and once each: `a:` areas, `c:` causes, `k:` kind, `o:` occupations
/// and all above them, `p:` those that are for everybody below them, `t` for taking members.
pub(crate) fn marks(document: &Document) -> Vec<String> {
    let mut marks = Vec::new();
    if is_key(&document.kind) {
        marks.push(format!("k:{}", document.kind));
    }
    for cause in document.causes.iter().filter(|cause| is_key(cause)) {
        marks.push(format!("c:{cause}"));
    }
    marks.extend(
        document.occupations.iter().flat_map(|code| occupation_line(code)).map(|code| format!("o:{code}")),
    );
    let wide = |code: &&String| code.len() < UNIT && occupation_line(code).next().is_some();
    marks.extend(document.occupations.iter().filter(wide).map(|code| format!("p:{code}")));
    marks.extend(document.areas.iter().flat_map(|code| area_line(code)).map(|code| format!("a:{code}")));
    if document.taking {
        marks.push("t".to_owned());
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_brings_all_above_it() {
        assert_eq!(occupation_line("2221").collect::<Vec<_>>(), ["2", "22", "222", "2221"]);
        assert_eq!(area_line("71.71.03.1001").collect::<Vec<_>>(), ["71", "71.71", "71.71.03"]);
        assert_eq!(area_line("71").collect::<Vec<_>>(), ["71"]);
    }

    #[test]
    fn what_is_no_code_brings_nothing() {
        for wrong in ["", "22211", "22x", "é1"] {
            assert_eq!(occupation_line(wrong).count(), 0, "{wrong}");
        }
        assert_eq!(area_line("").count(), 0);
    }
}
