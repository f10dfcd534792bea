//! Puts what was typed back into the form of a page of ours. Our pages are well-formed and escape every value, so
//! their tags are read as they are written; no form of a page has to know of this.

use super::FILE;
use std::borrow::Cow;

/// A tag of a page, from `<` to `>`.
struct Tag<'h>(&'h str);

impl Tag<'_> {
    fn name(&self) -> &str {
        let text = self.0.trim_start_matches('<');
        text.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or("")
    }

    /// Where an attribute's value stands in the tag.
    fn place(&self, attribute: &str) -> Option<(usize, usize)> {
        let start = self.0.find(&format!(" {attribute}=\""))? + attribute.len() + 3;
        Some((start, start + self.0[start..].find('"')?))
    }

    fn value(&self, attribute: &str) -> Option<Cow<'_, str>> {
        self.place(attribute).map(|(start, end)| unescape(&self.0[start..end]))
    }

    /// The tag with or without a word such as `checked`.
    fn marked(&self, word: &str, on: bool) -> String {
        let bare = self.0.replacen(&format!(" {word}"), "", 1);
        if on { bare.replacen('>', &format!(" {word}>"), 1) } else { bare }
    }

    fn filled(&self, value: &str) -> String {
        match self.place("value") {
            Some((start, end)) => format!("{}{}{}", &self.0[..start], escape(value), &self.0[end..]),
            None => self.0.replacen('>', &format!(" value=\"{}\">", escape(value)), 1),
        }
    }
}

fn escape(text: &str) -> String {
    let pairs = [("&", "&#38;"), ("<", "&#60;"), (">", "&#62;"), ("\"", "&#34;"), ("'", "&#39;")];
    pairs.iter().fold(text.to_owned(), |text, (raw, written)| text.replace(raw, written))
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let pairs = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    Cow::Owned(pairs.iter().fold(text.to_owned(), |text, (written, raw)| text.replace(written, raw)))
}

/// What was typed, as its fields are found in the form one after the other.
struct Fields<'f> {
    fields: &'f [(String, String)],
    used: Vec<bool>,
    names: Vec<String>,
}

impl Fields<'_> {
    /// The next value of a field of text.
    fn next(&mut self, name: &str) -> Option<&str> {
        let place = (0..self.fields.len()).find(|at| !self.used[*at] && self.fields[*at].0 == name)?;
        self.used[place] = true;
        Some(&self.fields[place].1)
    }

    /// Whether this answer of a choice was given.
    fn has(&mut self, name: &str, value: &str) -> bool {
        let pair = |(n, v): &(String, String)| n == name && v == value;
        let place = self.fields.iter().position(pair);
        if let Some(place) = place {
            self.used[place] = true;
        }
        place.is_some()
    }

    /// Whether the form holds all that was typed.
    fn all(&self) -> bool {
        let fields = self.fields.iter().zip(&self.used);
        fields.clone().all(|((name, value), used)| *used || value.is_empty() || self.names.contains(name))
    }
}

/// The page with these fields in its form that posts to `action`; `None` if it has no such form, or one that does
/// not take all of them. Before a field for which a file had been chosen stand the words that ask for it again: a browser
/// takes no file from a page.
pub(super) fn refill(
    page: &str,
    action: &str,
    fields: &[(String, String)],
    choose_again: &str,
) -> Option<String> {
    let mark = format!(" action=\"{}\"", escape(action));
    let mut from = 0;
    while let Some(found) = page[from..].find(&mark) {
        let at = from + found;
        let open = page[..at].rfind('<')?;
        let end = at + page[at..].find("</form>")?;
        from = end;
        if page[open..].starts_with("<form")
            && let Some(form) = form(&page[open..end], fields, choose_again)
        {
            return Some(format!("{}{form}{}", &page[..open], &page[end..]));
        }
    }
    None
}

fn form(html: &str, fields: &[(String, String)], choose_again: &str) -> Option<String> {
    let mut left = Fields { fields, used: vec![false; fields.len()], names: Vec::new() };
    let mut out = String::with_capacity(html.len());
    let (mut rest, mut select) = (html, None::<String>);
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>')? + 1;
        out.push_str(&rest[..start]);
        let tag = Tag(&rest[start..end]);
        rest = &rest[end..];
        let name = tag.value("name").map(Cow::into_owned).unwrap_or_default();
        match tag.name() {
            "input" => {
                let file = tag.value("type").as_deref() == Some("file");
                if file && left.next(&format!("{FILE}{name}")).is_some() {
                    out.push_str(&format!("<p class=\"why\">{}</p>", escape(choose_again)));
                }
                out.push_str(&input(&tag, &name, &mut left));
            }
            "textarea" => {
                out.push_str(tag.0);
                let close = rest.find("</textarea>")?;
                match left.next(&name) {
                    Some(value) => out.push_str(&format!("\n{}", escape(value))),
                    None => out.push_str(&rest[..close]),
                }
                rest = &rest[close..];
            }
            "select" => {
                out.push_str(tag.0);
                // One that was not posted stands as the page draws it.
                select = fields.iter().any(|(posted, _)| *posted == name).then_some(name);
            }
            "option" => {
                let value = tag.value("value").unwrap_or_default();
                match &select {
                    Some(name) => out.push_str(&tag.marked("selected", left.has(name, &value))),
                    None => out.push_str(tag.0),
                }
            }
            "button" => {
                // Which button was pressed is pressed again.
                left.names.push(name);
                out.push_str(tag.0);
            }
            _ => out.push_str(tag.0),
        }
    }
    out.push_str(rest);
    left.all().then_some(out)
}

fn input(tag: &Tag<'_>, name: &str, left: &mut Fields<'_>) -> String {
    match tag.value("type").as_deref() {
        Some("checkbox" | "radio") => {
            let on = left.has(name, &tag.value("value").unwrap_or_default());
            tag.marked("checked", on)
        }
        Some("file" | "password") => tag.0.to_owned(),
        _ if name == "once" => tag.0.to_owned(),
        _ => left.next(name).map_or_else(|| tag.0.to_owned(), |value| tag.filled(value)),
    }
}

#[cfg(test)]
mod tests {

    const PAGE: &str = "<form method=\"post\" action=\"/language\"><input name=\"next\" value=\"/\"></form>\
        <form class=\"form\" method=\"post\" action=\"/a/b\" data-form>\n\
        <input type=\"hidden\" name=\"once\" value=\"new\"><input type=\"hidden\" name=\"version\" value=\"9\">\
        <input id=\"f-name\" name=\"name\" type=\"text\" value=\"\" maxlength=\"80\">\
        <textarea id=\"f-why\" name=\"why\" rows=\"4\">\nold</textarea>\
        <input type=\"radio\" name=\"age\" value=\"teen\" checked required><input type=\"radio\" name=\"age\" value=\"adult\" required>\
        <input type=\"checkbox\" name=\"role\" value=\"a\"><input type=\"checkbox\" name=\"role\" value=\"b\" checked>\
        <select name=\"zone\"><option value=\"x\" selected>X</option><option value=\"y\">Y</option></select>\
        <input name=\"line\" value=\"1\"><input name=\"line\" value=\"2\">\
        <button name=\"do\" value=\"save\">OK</button></form>";

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn all_that_was_typed_and_ticked_stands_in_the_form_again() {
        let typed = fields(&[
            ("version", "7"),
            ("name", "\"Ani\" <b>"),
            ("why", "satu\n</textarea>"),
            ("age", "adult"),
            ("role", "a"),
            ("zone", "y"),
            ("line", "satu"),
            ("line", "dua"),
            ("do", "save"),
        ]);
        let page = refill(PAGE, "/a/b", &typed).expect("the form takes it");
        for holds in [
            "name=\"once\" value=\"new\"",
            "name=\"version\" value=\"7\"",
            "value=\"&#34;Ani&#34; &#60;b&#62;\" maxlength",
            "rows=\"4\">\nsatu\n&#60;/textarea&#62;</textarea>",
            "value=\"teen\" required>",
            "value=\"adult\" required checked>",
            "value=\"a\" checked>",
            "name=\"role\" value=\"b\">",
            "<option value=\"x\">X",
            "<option value=\"y\" selected>Y",
            "value=\"satu\"><input name=\"line\" value=\"dua\">",
            "name=\"next\" value=\"/\"",
        ] {
            assert!(page.contains(holds), "{holds} in {page}");
        }
    }

    /// The form with what was typed.
    fn refill(page: &str, action: &str, fields: &[(String, String)]) -> Option<String> {
        super::refill(page, action, fields, "Once more")
    }

    #[test]
    fn a_file_that_had_been_chosen_is_asked_for_again_beside_its_field() {
        let page = "<form method=\"post\" action=\"/a\"><input name=\"about\" value=\"\">\
            <input name=\"cv\" type=\"file\"><input name=\"photo\" type=\"file\"></form>";
        let again = "<p class=\"why\">Once more</p>";
        let filled =
            refill(page, "/a", &fields(&[("about", "Ani"), ("file:photo", "1")])).expect("it takes it");
        assert!(filled.contains(&format!("{again}<input name=\"photo\"")), "{filled}");
        assert_eq!(filled.matches(again).count(), 1, "{filled}");
        assert!(!refill(page, "/a", &fields(&[("about", "Ani")])).expect("it takes it").contains(again));
        assert_eq!(refill(page, "/a", &fields(&[("file:card", "1")])), None, "no such field: told in words");
    }

    #[test]
    fn a_page_that_does_not_take_all_of_it_is_not_filled() {
        assert_eq!(refill(PAGE, "/a", &fields(&[("name", "Ani")])), None, "no such form");
        assert_eq!(refill(PAGE, "/a/b", &fields(&[("about", "Ani")])), None, "no such field");
        assert_eq!(refill(PAGE, "/a/b", &fields(&[("age", "child")])), None, "no such answer");
        assert_eq!(refill(PAGE, "/a/b", &fields(&[("line", "1"), ("line", "2"), ("line", "3")])), None);
        assert!(refill(PAGE, "/a/b", &fields(&[("about", "")])).is_some(), "nothing was typed there");
        let page = refill(PAGE, "/a/b", &fields(&[("name", "Ani")])).expect("the form takes it");
        assert!(
            page.contains("<option value=\"x\" selected>X"),
            "what was not posted stands as it was drawn: {page}"
        );
    }
}
