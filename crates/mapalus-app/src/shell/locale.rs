//! Languages: Fluent messages of every slice in Indonesian and English, and how a request's language is chosen.

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use mapalus_core::Argument;
use std::{borrow::Cow, sync::OnceLock};

mapalus_core::words! {
    /// A language of the interface.
    pub enum Lang {
        /// Indonesian.
        Id = "id",
        /// English.
        En = "en",
    }
}
mapalus_db::text_columns!(Lang);

impl Lang {
    /// The code of the language: `id` or `en`.
    pub const fn code(self) -> &'static str {
        self.word()
    }

    /// The other language.
    pub const fn other(self) -> Self {
        match self {
            Self::Id => Self::En,
            Self::En => Self::Id,
        }
    }

    /// The first language of an Accept-Language header that is ours, by the order of its weights.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut wanted: Vec<(u16, &str)> = header
            .split(',')
            .take(20)
            .filter_map(|part| {
                let mut parts = part.trim().split(';');
                let tag = parts.next()?.trim();
                let weight =
                    parts.find_map(|p| p.trim().strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok());
                let weight = weight.unwrap_or(1.0).clamp(0.0, 1.0);
                // Weights have three decimals; as whole thousandths they can be sorted.
                (weight > 0.0).then_some(((weight * 1000.0) as u16, tag))
            })
            .collect();
        wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wanted.iter().find_map(|(_, tag)| match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "id" | "in" | "ms" => Some(Self::Id),
            "en" => Some(Self::En),
            _ => None,
        })
    }
}

/// The messages of one slice in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    /// Name of the files, without their ending.
    pub name: &'static str,
    /// Indonesian.
    pub id: &'static str,
    /// English.
    pub en: &'static str,
}

/// The messages of `locales/<lang>/<name>.ftl`, embedded.
#[macro_export]
macro_rules! texts {
    ($name:literal) => {
        $crate::shell::locale::Texts {
            name: $name,
            id: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/id/", $name, ".ftl")),
            en: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en/", $name, ".ftl")),
        }
    };
}

static BUNDLES: OnceLock<[FluentBundle<FluentResource>; 2]> = OnceLock::new();

/// Loads the messages of all slices; the first call counts.
///
/// # Panics
/// If a message file cannot be parsed or a key stands twice: the files are part of the program.
pub fn install(texts: &[Texts]) {
    BUNDLES.get_or_init(|| [bundle(Lang::Id, texts), bundle(Lang::En, texts)]);
}

fn bundle(lang: Lang, texts: &[Texts]) -> FluentBundle<FluentResource> {
    let tag = match lang {
        Lang::Id => unic_langid::langid!("id"),
        Lang::En => unic_langid::langid!("en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::Id => |value, _| grouped(value, '.'),
        Lang::En => |value, _| grouped(value, ','),
    }));
    for text in texts {
        let source = if lang == Lang::Id { text.id } else { text.en };
        let resource = FluentResource::try_new(source.to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{}/{}.ftl: {errors:?}", lang.code(), text.name));
        if let Err(errors) = bundle.add_resource(resource) {
            panic!("{}/{}.ftl: {errors:?}", lang.code(), text.name);
        }
    }
    bundle
}

fn grouped(value: &FluentValue<'_>, separator: char) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            Some(group(number.value as i64, separator))
        }
        _ => None,
    }
}

/// A whole number with its thousands set apart.
fn group(number: i64, separator: char) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// Whether there is a message of this key.
pub fn has(key: &str) -> bool {
    BUNDLES.get().is_some_and(|bundles| bundles[0].has_message(key))
}

/// The message of a key. A missing one is shown as the key between brackets, which no test lets pass.
pub fn message(lang: Lang, key: &str, arguments: &[(&str, Argument)]) -> String {
    let found = BUNDLES.get().and_then(|bundles| {
        let bundle = &bundles[lang as usize];
        let pattern = bundle.get_message(key)?.value()?;
        let mut values = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            match value {
                Argument::Number(number) => values.set(Cow::Borrowed(*name), *number),
                Argument::Text(text) => values.set(Cow::Borrowed(*name), text.as_str()),
            }
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if let Some(error) = errors.first() {
            tracing::warn!(key, ?error, "a message lacks an argument");
        }
        Some(text)
    });
    found.unwrap_or_else(|| format!("[{key}]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_with_the_greatest_weight_that_we_have_is_taken() {
        assert_eq!(Lang::accepted("fr, en-GB;q=0.7, id;q=0.9"), Some(Lang::Id));
        assert_eq!(Lang::accepted("en;q=0, de"), None);
        assert_eq!(Lang::accepted("en-US,en;q=0.5"), Some(Lang::En));
        assert_eq!(Lang::accepted(";;q=x,,"), None);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(group(1_234_567, '.'), "1.234.567");
        assert_eq!(group(-999, ','), "-999");
        assert_eq!(group(1_000, ','), "1,000");
    }
}
