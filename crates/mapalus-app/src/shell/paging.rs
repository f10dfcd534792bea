//! Lists a page at a time, by an opaque cursor that says where the last row stood.

use super::{Cx, forms::Wrong};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mapalus_core::Refusal;

/// Rows of a page.
pub const PAGE: i64 = 20;

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// Writes a cursor from the values by which the list is ordered.
pub fn cursor(parts: &[&str]) -> String {
    URL_SAFE_NO_PAD.encode(parts.join("\u{1f}"))
}

/// Reads a cursor of so many values; `None` if it is not one of ours.
pub fn read_cursor<const N: usize>(text: &str) -> Option<[String; N]> {
    if text.len() > 600 {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let parts: Vec<String> = String::from_utf8(bytes).ok()?.split('\u{1f}').map(str::to_owned).collect();
    parts.try_into().ok()
}

/// The place from which a page goes on; `None` for the first page. A page whose address holds rubbish begins at the start;
/// the API refuses it.
///
/// # Errors
/// `wrong-cursor`, over the API.
pub fn place<const N: usize, T>(
    cx: &Cx,
    after: Option<&str>,
    read: impl FnOnce([String; N]) -> Option<T>,
) -> Result<Option<T>, Refusal> {
    let after = after.filter(|after| !after.is_empty());
    match after.map(|after| read_cursor(after).and_then(read)) {
        None => Ok(None),
        Some(None) if cx.api => Err(Wrong::plain("wrong-cursor").at("after")),
        Some(place) => Ok(place),
    }
}

/// Makes a page of rows of which one more than a page was read.
pub fn paged<T>(mut rows: Vec<T>, place: impl Fn(&T) -> String) -> Paged<T> {
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = if more { rows.last().map(place) } else { None };
    Paged { items: rows, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_rubbish_is_not() {
        assert_eq!(read_cursor(&cursor(&["a", "b c"])), Some(["a".to_owned(), "b c".to_owned()]));
        assert_eq!(read_cursor::<2>(&cursor(&["a"])), None);
        assert_eq!(read_cursor::<1>("%%%"), None);
        assert_eq!(read_cursor::<1>(&"A".repeat(700)), None);
    }
}
