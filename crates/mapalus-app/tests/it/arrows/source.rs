//! Reading sources as text: code without comments and quoted text, and the quoted texts apart.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

/// A quoted text: where its opening quote stands, and what it says.
pub(crate) struct Literal {
    pub at: usize,
    pub value: String,
}

/// A file, as the checkers see it.
pub(crate) struct Source {
    /// Path from the root of the workspace.
    pub path: String,
    /// The text as it stands.
    pub text: String,
    /// The same length: comments and the inside of quotes are blanks.
    pub code: String,
    /// The quoted texts, in order.
    pub strings: Vec<Literal>,
    tests: Vec<Range<usize>>,
}

impl Source {
    /// A Rust file.
    pub(crate) fn rust(path: &str, text: &str) -> Self {
        let (code, strings) = lex(text);
        let tests = code.match_indices("#[cfg(test)]").map(|(at, _)| {
            let open = code[at..].find(['{', ';']).map_or(code.len(), |n| at + n);
            at..if code[open..].starts_with('{') { closing(&code, open) } else { open }
        });
        let tests = tests.collect();
        Self { path: path.to_owned(), text: text.to_owned(), code, strings, tests }
    }

    /// A template.
    pub(crate) fn template(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code: String::new(),
            strings: Vec::new(),
            tests: Vec::new(),
        }
    }

    /// `path:line` of a byte of the text.
    pub(crate) fn place(&self, at: usize) -> String {
        let line = self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        format!("{}:{line}", self.path)
    }

    /// Whether a byte stands in `#[cfg(test)]`.
    pub(crate) fn in_tests(&self, at: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&at))
    }

    /// The module that the file is; empty for the crate's root.
    pub(crate) fn module(&self) -> Vec<String> {
        let path = self.path.strip_prefix(app_path()).unwrap_or(&self.path);
        let parts = path.trim_end_matches(".rs").split('/').map(str::to_owned);
        let mut parts: Vec<_> = parts.collect();
        if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
            parts.pop();
        }
        parts
    }

    /// The paths that begin with `crate` or `super`, from the crate's root, with their places.
    pub(crate) fn crate_paths(&self) -> Vec<(usize, Vec<String>)> {
        let mut out = Vec::new();
        for at in words(&self.code, "crate") {
            let paths = named(&self.code, at).into_iter().filter(|path| path.len() > 1);
            out.extend(paths.map(|path| (at, path[1..].to_vec())));
        }
        for at in words(&self.code, "super") {
            let before = self.code[..at].trim_end();
            if before.ends_with("::") && !before.ends_with("self::") {
                continue;
            }
            let module = self.module_at(at);
            for path in named(&self.code, at) {
                let up = path.iter().take_while(|part| *part == "super").count();
                if up <= module.len() && up < path.len() {
                    let path = module[..module.len() - up].iter().chain(&path[up..]);
                    out.push((at, path.cloned().collect()));
                }
            }
        }
        out
    }

    /// The module around a byte: that of the file, and those written in braces.
    fn module_at(&self, at: usize) -> Vec<String> {
        let mut module = self.module();
        for start in words(&self.code, "mod") {
            let name = word_at(&self.code, skip_blanks(&self.code, start + 3));
            let open = skip_blanks(&self.code, skip_blanks(&self.code, start + 3) + name.len());
            if self.code[open..].starts_with('{') && (open..closing(&self.code, open)).contains(&at) {
                module.push(name.to_owned());
            }
        }
        module
    }

    /// What stands between two marks of a template, with its place.
    pub(crate) fn blocks(&self, open: &str, close: &str) -> Vec<(usize, &str)> {
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(start) = self.text[at..].find(open).map(|n| at + n + open.len()) {
            let end = self.text[start..].find(close).map_or(self.text.len(), |n| start + n);
            out.push((start, &self.text[start..end]));
            at = end;
        }
        out
    }

    /// A template with blanks in the place of its blocks.
    pub(crate) fn without_blocks(&self) -> String {
        let mut bytes = self.text.clone().into_bytes();
        for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}")] {
            for (at, block) in self.blocks(open, close) {
                let end = (at + block.len() + close.len()).min(bytes.len());
                blank(&mut bytes, at - open.len()..end);
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// The path of the app's sources from the root of the workspace.
pub(crate) const fn app_path() -> &'static str {
    "crates/mapalus-app/src/"
}

/// Every file whose name ends so, below a folder of the workspace: path from its root, and text.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.map(|entry| entry.expect("a readable folder").path()) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or(".");
            if path.is_dir() && !name.starts_with('.') && !matches!(name, "target" | "node_modules") {
                walk(&path, out);
            } else if path.is_file() {
                out.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = Vec::new();
    walk(&root.join(folder), &mut paths);
    paths.retain(|path| path.to_str().is_some_and(|path| path.ends_with(ending)));
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let short = path.strip_prefix(&root).unwrap_or(&path);
        (short.to_str().unwrap_or("?").replace('\\', "/"), text)
    };
    paths.into_iter().map(read).collect()
}

/// The Rust files below a folder of the workspace.
pub(crate) fn rust_files(folder: &str) -> Vec<Source> {
    let sources: Vec<_> = files(folder, ".rs").iter().map(|(path, text)| Source::rust(path, text)).collect();
    assert!(!sources.is_empty(), "no sources in {folder}");
    sources
}

/// The app's sources.
pub(crate) fn app() -> Vec<Source> {
    rust_files(app_path())
}

/// The app's templates.
pub(crate) fn templates() -> Vec<Source> {
    let files = files(app_path(), ".html");
    assert!(!files.is_empty(), "no templates");
    files.iter().map(|(path, text)| Source::template(path, text)).collect()
}

/// Fails with all that was found, a line each.
pub(crate) fn settle(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}: {} found\n{}", found.len(), found.join("\n"));
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 128
}

/// The places of a whole word.
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let bytes = code.as_bytes();
    let free = move |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(|byte| !is_word(*byte));
    let starts = code.match_indices(word).map(|(at, _)| at);
    starts.filter(move |at| free(at.checked_sub(1)) && free(Some(at + word.len())))
}

/// The word that begins at a place; may be empty.
pub(crate) fn word_at(code: &str, at: usize) -> &str {
    let rest = code.get(at..).unwrap_or("");
    let end = rest.bytes().position(|byte| !is_word(byte)).unwrap_or(rest.len());
    &rest[..end]
}

fn skip_blanks(code: &str, at: usize) -> usize {
    let rest = code.get(at..).unwrap_or("");
    at + (rest.len() - rest.trim_start().len())
}

/// The place of the bracket that closes the one at a place, or the end.
pub(crate) fn closing(code: &str, open: usize) -> usize {
    let bytes = code.as_bytes();
    let close = match bytes.get(open) {
        Some(b'{') => b'}',
        Some(b'[') => b']',
        _ => b')',
    };
    let mut depth = 0usize;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        if *byte == bytes[open] {
            depth += 1;
        } else if *byte == close {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    code.len()
}

/// The paths that a path written at a place names: `a::{b, c::*}` names `a::b` and `a::c::*`.
pub(crate) fn named(code: &str, at: usize) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    expand(code, at, Vec::new(), &mut out);
    out
}

fn expand(code: &str, at: usize, mut path: Vec<String>, out: &mut Vec<Vec<String>>) -> usize {
    let mut at = skip_blanks(code, at);
    loop {
        if code[at..].starts_with('{') {
            let end = closing(code, at);
            at += 1;
            while at < end {
                at = expand(code, at, path.clone(), out);
                // Past a name after `as`, to the next of the list.
                at = code.get(at..end).and_then(|rest| rest.find(',')).map_or(end, |n| at + n + 1);
                at = skip_blanks(code, at);
            }
            return end + 1;
        }
        let word = if code[at..].starts_with('*') { "*" } else { word_at(code, at) };
        if !word.is_empty() {
            path.push(word.to_owned());
        }
        let next = skip_blanks(code, at + word.len());
        if word.is_empty() || !code[next..].starts_with("::") {
            out.push(path);
            return at + word.len();
        }
        at = skip_blanks(code, next + 2);
    }
}

fn blank(code: &mut [u8], range: Range<usize>) {
    for byte in code[range].iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

/// Takes comments and quoted texts apart from code.
fn lex(text: &str) -> (String, Vec<Literal>) {
    let bytes = text.as_bytes();
    let (mut code, mut strings) = (bytes.to_vec(), Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let free = at == 0 || !is_word(bytes[at - 1]) || raw_prefix(bytes, at);
        let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
        if rest.starts_with("//") {
            let end = rest.find('\n').map_or(bytes.len(), |n| at + n);
            blank(&mut code, at..end);
            at = end;
        } else if rest.starts_with("/*") {
            let end = comment_end(bytes, at);
            blank(&mut code, at..end);
            at = end;
        } else if free && rest.starts_with('r') && rest[1 + hashes..].starts_with('"') {
            let start = at + 1 + hashes;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = text[start + 1..].find(&close).map_or(bytes.len(), |n| start + 1 + n);
            strings.push(Literal { at: start, value: text[start + 1..end].to_owned() });
            blank(&mut code, start + 1..end);
            at = (end + close.len()).min(bytes.len());
        } else if rest.starts_with('"') {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let end = end.min(bytes.len());
            strings.push(Literal { at, value: unescape(&text[at + 1..end]) });
            blank(&mut code, at + 1..end);
            at = end + 1;
        } else if let Some(length) = char_length(rest) {
            blank(&mut code, at..at + length);
            at += length;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    (String::from_utf8_lossy(&code).into_owned(), strings)
}

/// Whether the `r` at a place belongs to `br` or `cr`.
fn raw_prefix(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at - 1], b'b' | b'c') && (at == 1 || !is_word(bytes[at - 2]))
}

fn comment_end(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0usize);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// The length of a character literal; a lifetime is none.
fn char_length(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    if let Some(escaped) = inside.strip_prefix('\\') {
        let first = escaped.chars().next()?.len_utf8();
        return escaped[first..].find('\'').map(|n| 2 + first + n + 1);
    }
    let length = inside.chars().next()?.len_utf8();
    inside[length..].starts_with('\'').then_some(length + 2)
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c == '\\').then(|| rest.next()).flatten() {
            None => out.push(c),
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('\n') => while rest.next_if(|c| c.is_whitespace()).is_some() {},
            Some(other) => out.push(other),
        }
    }
    out
}

#[test]
fn code_comments_and_quotes_are_told_apart() {
    let text = "let a = \"x \\\" // y\"; // \"no\"\nlet b = r#\"q\"r\"#; /* \"n /* \" */ */ let c: &'static str = 'x'; '\\'' \"z\"";
    let source = Source::rust("a.rs", text);
    let values: Vec<_> = source.strings.iter().map(|literal| literal.value.as_str()).collect();
    assert_eq!(values, ["x \" // y", "q\"r", "z"]);
    assert_eq!(source.code.len(), text.len());
    assert!(source.code.contains("&'static str") && !source.code.contains("no"));
    assert_eq!(source.place(text.len()), "a.rs:2");
}
