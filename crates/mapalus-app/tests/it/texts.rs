//! No text in Rust or templates: every text has a key, in both languages, and every key has a use.

mod ftl;
mod uses;

use crate::arrows::{
    slices,
    source::{self, Source, app_path, settle, word_at},
};
use ftl::Message;
use std::collections::{BTreeMap, BTreeSet};
use uses::{Use, What};

/// First words of keys beside the names of slices.
const SHARED: &[&str] = &["shell", "refusal", "wrong"];

/// Words that a template may say in every language.
const NAMES: &[&str] = &["Mapalus", "Indonesia", "English"];

/// Attributes that are read out or shown.
const SHOWN: &[&str] = &["aria-label", "aria-description", "alt", "title", "placeholder"];

/// Texts that look like keys and are none.
const NO_KEYS: &[&str] = &[];

/// The messages of a language by key.
type Keys = BTreeMap<String, Message>;

/// Whether a text has the shape of a key: words of small letters and digits, joined by hyphens.
fn looks_like_a_key(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.contains('-') && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(word)
}

fn first_word_is_known(key: &str) -> bool {
    let first = key.split('-').next().unwrap_or(key);
    !NO_KEYS.contains(&key) && slices().chain(SHARED.iter().copied()).any(|word| word == first)
}

/// The messages of a language, and what is wrong with each by itself. Files by name, with path and text.
fn messages(files: &[(String, String)]) -> (Keys, Vec<String>) {
    let (mut keys, mut found) = (Keys::new(), Vec::new());
    for message in files.iter().flat_map(|(path, text)| ftl::read(path, text)) {
        let (place, key) = (message.place.clone(), message.key.clone());
        if message.empty {
            found.push(format!("{place}: `{key}` says nothing"));
        }
        if !looks_like_a_key(&key) || !first_word_is_known(&key) {
            found.push(format!("{place}: `{key}`: a key begins with its slice, as in `people-sign-up`"));
        }
        if let Some(other) = keys.insert(key.clone(), message) {
            found.push(format!("{place}: `{key}` stands also at {}", other.place));
        }
    }
    (keys, found)
}

/// (a) What differs between two languages.
fn differences(one: &Keys, other: &Keys) -> Vec<String> {
    let mut found = Vec::new();
    for (mine, its) in [(one, other), (other, one)] {
        for message in mine.values().filter(|message| !its.contains_key(&message.key)) {
            found.push(format!("{}: `{}` is missing in the other language", message.place, message.key));
        }
    }
    for message in one.values() {
        let Some(twin) = other.get(&message.key) else {
            continue;
        };
        if message.variables != twin.variables {
            let (mine, its) = (&message.variables, &twin.variables);
            found.push(format!(
                "{}: `{}` takes {mine:?}, at {} {its:?}",
                message.place, message.key, twin.place
            ));
        }
        // A key stands in the file of the same name in both languages.
        let name = |message: &Message| {
            message.place.rsplit('/').next().and_then(|rest| rest.split(':').next().map(str::to_owned))
        };
        if name(message) != name(twin) {
            found.push(format!(
                "{}: `{}` stands in another file at {}",
                message.place, message.key, twin.place
            ));
        }
    }
    found
}

/// (b) Keys that are named and do not exist.
fn missing(uses: &[Use], keys: &Keys) -> Vec<String> {
    let begins = |prefix: &str| keys.keys().any(|key| follows(key, prefix));
    let wrong = uses.iter().filter_map(|one| match &one.what {
        What::Key(key) if !keys.contains_key(key) => {
            Some(format!("{}: there is no message `{key}`", one.place))
        }
        What::Prefix(prefix) if !begins(prefix) => {
            Some(format!("{}: no message begins with `{prefix}-`", one.place))
        }
        What::Either(text) if !keys.contains_key(text) && !begins(text) => {
            Some(format!("{}: no message is `{text}` or begins with it", one.place))
        }
        _ => None,
    });
    wrong.collect()
}

fn follows(key: &str, prefix: &str) -> bool {
    key.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-'))
}

/// (c) Keys that nothing names. A mail has a subject beside its text.
fn unused(uses: &[Use], keys: &Keys) -> Vec<String> {
    let parts: BTreeSet<_> =
        keys.values().flat_map(|message| message.parts.iter().map(String::as_str)).collect();
    let used = |key: &str| {
        parts.contains(key)
            || uses.iter().any(|one| match &one.what {
                What::Key(name) => name == key,
                What::Prefix(prefix) => follows(key, prefix),
                What::Either(text) if keys.contains_key(text) => text == key,
                What::Either(text) => follows(key, text),
            })
    };
    let subject_of =
        |key: &str| key.strip_suffix("-subject").is_some_and(|mail| keys.contains_key(mail) && used(mail));
    let left = keys.values().filter(|message| !used(&message.key) && !subject_of(&message.key));
    left.map(|message| format!("{}: nothing uses `{}`: remove it", message.place, message.key)).collect()
}

/// Mails without a subject: whatever a `notice.rs` names is mailed.
fn subjects(sources: &[Source], keys: &Keys) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with("/notice.rs")) {
        for one in uses::in_rust(source) {
            if let What::Key(key) | What::Either(key) = &one.what
                && keys.contains_key(key)
                && !keys.contains_key(&format!("{key}-subject"))
            {
                found.push(format!("{}: the mail `{key}` needs a `{key}-subject`", one.place));
            }
        }
    }
    found
}

/// (d) Text that stands in a template.
fn text_in_templates(templates: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for template in templates {
        let mut html = template.without_blocks();
        for (open, close) in [("<!--", "-->"), ("<pre class=\"code\"", "</pre>"), ("<code>", "</code>")] {
            while let Some(at) = html.find(open) {
                let end = html[at..].find(close).map_or(html.len(), |n| at + n + close.len());
                html.replace_range(at..end, &blank(&html[at..end]));
            }
        }
        while let Some(at) = html.find('<') {
            let end = html[at..].find('>').map_or(html.len(), |n| at + n + 1);
            for attribute in SHOWN {
                let Some((_, rest)) = html[at..end].split_once(&format!(" {attribute}=\"")) else {
                    continue;
                };
                let text = rest.split('"').next().unwrap_or(rest);
                if text.chars().any(char::is_alphabetic) {
                    found.push(format!("{}: `{text}` in {attribute}: give it a key", template.place(at)));
                }
            }
            html.replace_range(at..end, &blank(&html[at..end]));
        }
        // Attributes that a component puts into a tag of another.
        while let Some(at) = html.find("=\"") {
            let start = html[..at].rfind(|c: char| !c.is_ascii_lowercase() && c != '-').map_or(0, |n| n + 1);
            let end = html[at + 2..].find('"').map_or(html.len(), |n| at + 2 + n + 1);
            let (name, value) = (&html[start..at], &html[at..end]);
            if SHOWN.contains(&name) && value.contains(char::is_alphabetic) {
                found.push(format!("{}: text in {name}: give it a key", template.place(at)));
            }
            html.replace_range(start..end, &blank(&html[start..end]));
        }
        while let Some(at) = html.find('&') {
            let end = html[at..].find(';').map_or(at + 1, |n| at + n + 1);
            html.replace_range(at..end, &blank(&html[at..end]));
        }
        let mut at = 0;
        while let Some(start) = html[at..].find(char::is_alphabetic).map(|n| at + n) {
            let word = word_at(&html, start);
            if !NAMES.contains(&word) {
                found.push(format!("{}: the text `{word}`: give it a key", template.place(start)));
            }
            at = start + word.len().max(1);
        }
    }
    found
}

fn blank(text: &str) -> String {
    " ".repeat(text.len())
}

/// (e) Sentences in the Rust files of slices that answer people: three words and more in a row. Samples,
/// attributes, and what only an operator's log tells are left out.
fn text_in_rust(sources: &[Source]) -> Vec<String> {
    const LOGGED: &[&str] = &[
        "internal(",
        "expect(",
        "custom(",
        "panic!(",
        "assert!(",
        "unreachable!(",
        "error!(",
        "warn!(",
        "info!(",
        "debug!(",
    ];
    let mut found = Vec::new();
    for source in sources {
        let module = source.module();
        if !matches!(module.get(1).map_or("", String::as_str), "pages" | "api" | "actions" | "rules") {
            continue;
        }
        for literal in source.strings.iter().filter(|literal| !source.in_tests(literal.at)) {
            let sentence = literal.value.split(' ').collect::<Vec<_>>();
            let word = |word: &&str| {
                let word = word.trim_end_matches(['.', ',', '!', '?', ':']);
                word.len() > 1 && word.chars().all(char::is_alphabetic)
            };
            let logged = LOGGED.iter().any(|call| source.code[..literal.at].trim_end().ends_with(call));
            if sentence.windows(3).any(|three| three.iter().all(word))
                && !logged
                && !in_sample(source, literal.at)
            {
                found.push(format!(
                    "{}: the text \"{}\": give it a key",
                    source.place(literal.at),
                    literal.value
                ));
            }
        }
    }
    found
}

/// Whether a byte stands in an attribute, in a function that makes a sample or in a file of samples.
fn in_sample(source: &Source, at: usize) -> bool {
    let code = &source.code;
    let within = |open: usize| (open..source::closing(code, open)).contains(&at);
    let attribute = code.match_indices("#[").any(|(start, _)| within(start + 1));
    let sample = code
        .match_indices("fn sample")
        .any(|(start, _)| code[start..].find('{').is_some_and(|n| within(start + n)));
    attribute || sample || source.module().last().is_some_and(|name| name == "sample")
}

/// The messages of both languages, Indonesian first.
fn both() -> [(Keys, Vec<String>); 2] {
    ["id", "en"].map(|lang| {
        let files = source::files(&format!("crates/mapalus-app/locales/{lang}"), ".ftl");
        assert!(!files.is_empty(), "no messages in {lang}");
        messages(&files)
    })
}

/// Everything that names a message.
fn all_uses() -> Vec<Use> {
    let mut uses: Vec<_> = source::templates().iter().flat_map(uses::in_template).collect();
    for folder in [app_path(), "crates/mapalus/src", "crates/mapalus-core/src"] {
        uses.extend(source::rust_files(folder).iter().flat_map(uses::in_rust));
    }
    uses
}

#[test]
fn both_languages_say_the_same() {
    let [(id, mut found), (en, more)] = both();
    found.extend(more);
    found.extend(differences(&id, &en));
    settle("messages", &found);
}

#[test]
fn every_key_that_is_named_exists() {
    let [(keys, _), _] = both();
    let mut found = missing(&all_uses(), &keys);
    let templates = source::templates();
    let shell = templates.iter().find(|template| template.path.ends_with("shell/templates/components.html"));
    let components = uses::components(&shell.expect("the components of shell").text);
    assert!(components.contains_key("field") && components.contains_key("submit"), "{components:?}");
    for template in &templates {
        found.extend(uses::wrong_arguments(template, &components, &keys));
    }
    found.extend(subjects(&source::app(), &keys));
    settle("keys without a message", &found);
}

#[test]
fn every_message_is_used() {
    let [(keys, _), _] = both();
    settle("messages without a use", &unused(&all_uses(), &keys));
}

#[test]
fn templates_hold_no_text() {
    settle("text in templates", &text_in_templates(&source::templates()));
}

#[test]
fn pages_and_rules_hold_no_text() {
    settle("text in Rust", &text_in_rust(&source::app()));
}

/// Messages made up for a test.
fn keys(text: &str) -> Keys {
    let (keys, found) = messages(&[("locales/id/people.ftl".to_owned(), text.to_owned())]);
    assert_eq!(found, Vec::<String>::new());
    keys
}

#[test]
fn wrong_messages_are_refused() {
    let text = "people-a = A\npeople-a = B\npeople-b =\nother-c = C\npeople = D\npeople-Eins = E\n";
    let (_, found) = messages(&[("locales/id/people.ftl".to_owned(), text.to_owned())]);
    assert_eq!(found.len(), 5, "{found:?}");
    let (one, other) =
        (keys("people-a = A { $x }\npeople-b = B\n"), keys("people-a = A { $y }\npeople-c = C\n"));
    assert_eq!(differences(&one, &other).len(), 3);
    assert_eq!(differences(&one, &one), Vec::<String>::new());
}

#[test]
fn missing_and_unused_messages_are_refused() {
    let rust = "fn f() { f.t(\"peple-typo\"); cx.text(\"people-a\"); f.word(\"people-age\", b); f.word(\"people-none\", b);
        Refusal::new(K, \"people-missing\"); format!(\"people-mail-{kind}\"); (\"people/x\", \"new-password\"); }
        #[cfg(test)] mod tests { const X: &str = \"people-made-up\"; }";
    let html = "{% block main %}{{ f.t(\"people-in-html\") }} people-no-block {{ c::submit(f, \"people-button\") }}{% endblock %}";
    let page = Source::template(&format!("{}people/templates/a.html", app_path()), html);
    let mut uses = uses::in_rust(&Source::rust(&format!("{}people/pages.rs", app_path()), rust));
    uses.extend(uses::in_template(&page));
    let keys = keys(
        "people-a = See { people-part }\npeople-part = P\npeople-age-adult = A\npeople-mail-x = M\n\
         people-mail-x-subject = S\npeople-left = L\npeople-age = Not by its prefix\npeople-a-subject = S\n",
    );
    let wrong = missing(&uses, &keys).join("\n");
    for key in ["peple-typo", "people-none-", "people-missing", "people-in-html", "people-button"] {
        assert!(wrong.contains(&format!("`{key}`")), "{key} is missing in\n{wrong}");
    }
    assert_eq!(wrong.lines().count(), 5, "{wrong}");
    let left = unused(&uses, &keys).join("\n");
    assert!(left.contains("`people-left`") && left.contains("`people-age`"), "{left}");
    assert_eq!(left.lines().count(), 2, "{left}");
}

#[test]
fn wrong_arguments_of_components_are_refused() {
    let shell = "{%- macro field(f, form, name, label, why=\"\", max=200) -%}{%- endmacro -%}
        {%- macro q_field(f, form, name, label) -%}{%- macro form(f, form, action) -%}{%- macro empty(f, title, text, href=\"\", action=\"\") -%}";
    let components = uses::components(shell);
    assert_eq!(components["field"], ["f", "form", "name", "label", "why", "max"]);
    let keys = keys("people-name = Name\n");
    let check = |html: &str| {
        let page = Source::template(&format!("{}people/templates/a.html", app_path()), html);
        uses::wrong_arguments(&page, &components, &keys)
    };
    for wrong in [
        "{{ c::field(f, form, \"name\", \"Full name, please\") }}",
        "{{ c::field(f, form, \"name\", \"people-name\", why=\"peple-why\") }}",
        "{% if x %}{{ c::empty(f, \"people-name\", \"people-name\", \"/groups\", \"people-go\") }}{% endif %}",
    ] {
        assert_eq!(check(wrong).len(), 1, "{wrong}");
    }
    let right = "{{ c::field(f, form, format!(\"x-{}\", a), \"people-name\", why=\"\", max=80) }}\
                 {% call c::form(f, form, \"/sign-up\") %}{{ c::q_field(f, form, \"a\", \"Text, free\") }}";
    assert_eq!(check(right), Vec::<String>::new());
}

#[test]
fn a_mail_without_a_subject_is_refused() {
    let source = Source::rust(
        &format!("{}people/notice.rs", app_path()),
        "fn f() { (\"people-mail-a\", \"people-mail-b\") }",
    );
    let keys = keys("people-mail-a = A\npeople-mail-a-subject = S\npeople-mail-b = B\n");
    assert_eq!(subjects(&[source], &keys).len(), 1);
}

#[test]
fn text_out_of_place_is_refused() {
    let template = |text: &str| Source::template(&format!("{}people/templates/a.html", app_path()), text);
    for wrong in [
        "<p>Hello</p>",
        "<p>{{ f.t(\"x\") }} dan</p>",
        "<img alt=\"Foto\">",
        "<a\n href=\"/\" title=\"Go\">1</a>",
        "<p>é</p>",
        "{% macro a() %} aria-label=\"Foto\"{% endmacro %}",
    ] {
        assert_eq!(text_in_templates(&[template(wrong)]).len(), 1, "{wrong}");
    }
    let right = "{# a note #}<title>{{ f.title }} · Mapalus</title>&nbsp;<p class=\"lead\" aria-label=\"{{ x }}\">{% if a > b %}1{% endif %}</p>\
                 <pre class=\"code\" tabindex=\"0\">[mail]</pre><code>key</code><!-- why --><button lang=\"en\">English</button>";
    assert_eq!(text_in_templates(&[template(right)]), Vec::<String>::new());

    let rust = |text: &str| Source::rust(&format!("{}people/pages/a.rs", app_path()), text);
    for wrong in
        ["fn f() { say(\"Please sign in first.\") }", "const A: &str = \"Anda sudah menjadi anggota\";"]
    {
        assert_eq!(text_in_rust(&[rust(wrong)]).len(), 1, "{wrong}");
    }
    let right = "/// All that is said.\n#[utoipa::path(description = \"A page of members\")]\nfn f() { AppError::internal(\"no address is free\"); format!(\"address {} {}\"); }
        fn sample() { name(\"Relawan Siaga Bencana\") } #[cfg(test)] mod tests { const A: &str = \"one two three\"; }";
    assert_eq!(text_in_rust(&[rust(right)]), Vec::<String>::new());
}
