//! Markdown of our own texts (privacy notice, about) as HTML. Not for what people write.

/// The HTML of a Markdown text that is part of the program.
pub fn own_text(markdown: &str) -> String {
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    let options = pulldown_cmark::Options::ENABLE_TABLES | pulldown_cmark::Options::ENABLE_HEADING_ATTRIBUTES;
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(markdown, options));
    html
}
