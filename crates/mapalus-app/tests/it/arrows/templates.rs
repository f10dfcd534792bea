//! Templates: whose they use, and what they may not hold.

use super::source::{self, Source, app_path, settle, words};

/// Places where a template may write HTML that it was given: the template and the expression.
const RAW_HTML: &[(&str, &str)] = &[
    // Our own Markdown, part of the program.
    ("home/templates/text.html", "html|safe"),
    ("people/templates/consent.html", "changes|safe"),
];

/// Templates use templates of their own slice or of shell, from HTML and from Rust.
fn template_arrows(sources: &[Source], templates: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |source: &Source, at: usize, path: &str| {
        let own = source.path.strip_prefix(app_path()).and_then(|rest| rest.split('/').next()).unwrap_or("");
        if ![own, "shell"].iter().any(|owner| path.starts_with(&format!("{owner}/templates/"))) {
            found.push(format!(
                "{}: `{path}` belongs to another slice: use own templates or shell's",
                source.place(at)
            ));
        }
    };
    for source in sources {
        for literal in &source.strings {
            if literal.value.ends_with(".html") && literal.value.contains("/templates/") {
                check(source, literal.at, &literal.value);
            }
        }
    }
    for template in templates {
        for (at, block) in template.blocks("{%", "%}") {
            let block = block.trim_start_matches(['-', '+', '~']).trim_start();
            let names = ["include", "import", "extends"];
            if names.iter().any(|name| block.split_whitespace().next() == Some(name))
                && let Some(path) = block.split('"').nth(1)
            {
                check(template, at, path);
            }
        }
    }
    found
}

/// Templates of mails: they come without assets, and no policy of ours reaches them.
const MAILS: [&str; 1] = ["notices/templates/letter.html"];

/// What a template may not hold: what the security policy would stop, and text that nobody escapes.
fn unsafe_html(sources: &[Source], templates: &[Source], allowed: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    let mut unused: Vec<_> = allowed.to_vec();
    for template in templates {
        let html = template.without_blocks().to_ascii_lowercase();
        for (at, _) in html.match_indices('<') {
            let end = html[at..].find('>').map_or(html.len(), |n| at + n);
            let (tag, place) = (&html[at + 1..end], template.place(at));
            let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
            if name == "script" && !template.text[at..end].contains("nonce=\"{{ f.nonce }}\"") {
                found.push(format!("{place}: a script without its nonce: nonce=\"{{{{ f.nonce }}}}\""));
            }
            if name == "style" && !MAILS.iter().any(|mail| template.path.ends_with(mail)) {
                found.push(format!("{place}: a style element: put it into assets/css"));
            }
            for attribute in tag.split_whitespace().skip(1).filter_map(|part| part.split_once('=')) {
                match attribute.0.trim_matches(['"', '\'']) {
                    "style" => found.push(format!("{place}: a style attribute: use a class of assets/css")),
                    on if on.len() > 2 && on.starts_with("on") => {
                        found.push(format!("{place}: `{on}` attribute: listen in assets/js"));
                    }
                    _ if attribute.1.trim_start_matches(['"', '\'']).starts_with("javascript:") => {
                        found.push(format!("{place}: an address that is a script"));
                    }
                    _ => {}
                }
            }
        }
        let path = template.path.strip_prefix(app_path()).unwrap_or(&template.path);
        let blocks = template.blocks("{{", "}}").into_iter().chain(template.blocks("{%", "%}"));
        for (at, block) in blocks.filter(|(_, block)| block.replace(' ', "").contains("|safe")) {
            let expression = block.trim();
            unused.retain(|one| *one != (path, expression));
            if !path.starts_with("shell/") && !allowed.contains(&(path, expression)) {
                found.push(format!(
                    "{}: `{expression}`: let it be escaped, or argue for it in RAW_HTML",
                    template.place(at)
                ));
            }
        }
    }
    for source in sources.iter().filter(|source| source.module().first().is_some_and(|own| own != "shell")) {
        for word in ["HtmlSafe", "filters::Safe"] {
            for at in words(&source.code, word) {
                found.push(format!(
                    "{}: `{word}`: only shell makes HTML that is not escaped",
                    source.place(at)
                ));
            }
        }
        for literal in source.strings.iter().filter(|literal| literal.value == "none") {
            let before = source.code[..literal.at].trim_end().trim_end_matches('=').trim_end();
            if before.ends_with("escape") {
                found.push(format!("{}: a template that escapes nothing", source.place(literal.at)));
            }
        }
    }
    found.extend(
        unused
            .iter()
            .map(|(path, expression)| format!("{path}: `{expression}` left RAW_HTML unused: remove it")),
    );
    found
}

#[test]
fn templates_use_their_own_and_those_of_shell() {
    settle("templates of others", &template_arrows(&source::app(), &source::templates()));
}

#[test]
fn templates_hold_nothing_that_runs_or_is_not_escaped() {
    settle("unsafe HTML", &unsafe_html(&source::app(), &source::templates(), RAW_HTML));
}

#[test]
fn wrong_templates_are_refused() {
    let template = |text: &str| Source::template(&format!("{}groups/templates/a.html", app_path()), text);
    for wrong in ["{%- include \"people/templates/_row.html\" -%}", "{% extends \"a.html\" %}"] {
        assert_eq!(template_arrows(&[], &[template(wrong)]).len(), 1, "{wrong}");
    }
    let page = Source::rust(
        &format!("{}groups/pages/a.rs", app_path()),
        "#[template(path = \"home/templates/a.html\")]",
    );
    assert_eq!(template_arrows(&[page], &[]).len(), 1);
    let shell =
        "{% import \"shell/templates/components.html\" as c %}{% include \"groups/templates/_b.html\" %}";
    assert_eq!(template_arrows(&[], &[template(shell)]), Vec::<String>::new());

    for wrong in [
        "<script>alert(1)</script>",
        "<SCRIPT src=\"x\" nonce=\"1\"></SCRIPT>",
        "<p\n style=\"color: red\">",
        "<style>p {}</style>",
        "<a href=\"#\" onclick=\"x()\">",
        "<a href=\"javascript:x()\">",
        "{{ about|safe }}",
        "{% if x %}{{ about | safe }}{% endif %}",
    ] {
        assert_eq!(unsafe_html(&[], &[template(wrong)], &[]).len(), 1, "{wrong}");
    }
    let right = "<script src=\"{{ f.js }}\" nonce=\"{{ f.nonce }}\"></script>{{ c::link(\"/\", x, style=\"primary\") }}\
                 <p{% if a > b %} class=\"x\"{% endif %}>{{ one }}</p>";
    assert_eq!(unsafe_html(&[], &[template(right)], &[]), Vec::<String>::new());
    let allowed = [("groups/templates/a.html", "about|safe")];
    assert_eq!(unsafe_html(&[], &[template("{{ about|safe }}")], &allowed), Vec::<String>::new());
    assert_eq!(unsafe_html(&[], &[template("{{ about }}")], &allowed).len(), 1, "an unused exception");
    let raw = "#[template(path = \"x\", escape = \"none\")] struct A; use askama::filters::Safe;";
    assert_eq!(unsafe_html(&[Source::rust(&format!("{}groups/api.rs", app_path()), raw)], &[], &[]).len(), 2);
}
