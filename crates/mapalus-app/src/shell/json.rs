//! JSON that is sent: read into an input, or refused with the field that does not fit and why.

use mapalus_core::{Flaw, Refusal, RefusalKind};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// Longest path of a field that is told, in characters.
const LONGEST_PATH: usize = 120;

/// The input that a body holds.
///
/// # Errors
/// [`RefusalKind::Malformed`]: `refusal-json` with line and column where it is no JSON, `refusal-json-object` where it is
/// something else than an object, `refusal-json-field` with the path of the field and what is wrong with it.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let input = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refused(&path, &error.into_inner())
    })?;
    reader.end().map_err(|error| refused(".", &error))?;
    Ok(input)
}

fn refused(path: &str, error: &serde_json::Error) -> Refusal {
    if error.classify() != Category::Data {
        return Refusal::new(RefusalKind::Malformed, "refusal-json")
            .with("line", error.line() as i64)
            .with("column", error.column() as i64);
    }
    // The library tells the kind in words only; what they do not say counts as a value of another type.
    let told = error.to_string();
    let kinds = [
        ("missing field `", "wrong-field-missing"),
        ("unknown field `", "wrong-field-unknown"),
        ("duplicate field `", "wrong-field-twice"),
    ];
    let named =
        kinds.iter().find_map(|(start, key)| Some((*key, told.strip_prefix(start)?.split('`').next()?)));
    let (key, path) = match named {
        Some((key, name)) => (key, joined(path, name)),
        None if path == "." => return Refusal::new(RefusalKind::Malformed, "refusal-json-object"),
        None if told.starts_with("unknown variant") => ("wrong-choice", path.to_owned()),
        None => ("wrong-field-kind", path.to_owned()),
    };
    let field: String = path.chars().take(LONGEST_PATH).collect();
    let mut refusal =
        Refusal::new(RefusalKind::Malformed, "refusal-json-field").with("field", field.as_str());
    refusal.fields.push(Flaw { field, key, arguments: Vec::new() });
    refusal
}

/// The path of a field: that of what holds it, unless it ends with the field already.
fn joined(path: &str, name: &str) -> String {
    match path {
        "." => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Form,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Step {
        name: String,
        days: i64,
        kind: Kind,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Path {
        steps: Vec<Step>,
    }

    fn wrong(text: &str) -> (&'static str, Vec<(String, &'static str)>) {
        let refusal = read::<Path>(text.as_bytes()).unwrap_err();
        (refusal.key, refusal.fields.into_iter().map(|flaw| (flaw.field, flaw.key)).collect())
    }

    #[test]
    fn what_does_not_fit_is_told_with_the_path_of_its_field() {
        let of = |field: &str, key| ("refusal-json-field", vec![(field.to_owned(), key)]);
        let step = |rest: &str| format!(r#"{{"steps":[{{"name":"a","days":1,"kind":"form"}},{{{rest}}}]}}"#);
        assert_eq!(wrong("{}"), of("steps", "wrong-field-missing"));
        assert_eq!(wrong(r#"{"steps":[],"x":1}"#), of("x", "wrong-field-unknown"));
        assert_eq!(wrong(r#"{"steps":[],"steps":[]}"#), of("steps", "wrong-field-twice"));
        assert_eq!(wrong(r#"{"steps":"x"}"#), of("steps", "wrong-field-kind"));
        assert_eq!(wrong(&step(r#""name":"a","kind":"form""#)), of("steps[1].days", "wrong-field-missing"));
        assert_eq!(wrong(&step(r#""name":"a","days":"x""#)), of("steps[1].days", "wrong-field-kind"));
        assert_eq!(wrong(&step(r#""name":"a","day":1"#)), of("steps[1].day", "wrong-field-unknown"));
        assert_eq!(wrong(&step(r#""name":"a","kind":"x""#)), of("steps[1].kind", "wrong-choice"));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        for text in ["", "{", r#"{"steps":[]} {}"#, "{'steps':[]}"] {
            let refusal = read::<Path>(text.as_bytes()).unwrap_err();
            let names: Vec<_> = refusal.arguments.iter().map(|(name, _)| *name).collect();
            assert_eq!((refusal.key, names), ("refusal-json", vec!["line", "column"]), "{text}");
        }
        for text in ["null", "[]", "1"] {
            assert_eq!(wrong(text), ("refusal-json-object", Vec::new()), "{text}");
        }
    }
}
