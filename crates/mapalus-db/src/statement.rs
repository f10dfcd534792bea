//! Statements: named, documented SQL texts that run on both databases.

use std::{fmt, sync::OnceLock};

/// One SQL text in the portable subset, with `$1`, `$2` for its parameters.
///
/// Made by [`statements!`](crate::statements) only, so that each has a name and a purpose and
/// stands in a list that tests can walk.
pub struct Statement {
    /// Module path and name, such as `mapalus_app::people::queries::FIND_BY_ID`.
    pub name: &'static str,
    /// What it is for, in words: its doc comment.
    pub purpose: &'static str,
    /// The text as written.
    pub sql: &'static str,
    sqlite: OnceLock<String>,
    columns: OnceLock<Vec<String>>,
    lists: OnceLock<[&'static Statement; LENGTHS.len()]>,
}

/// How many placeholders a list is padded to: few lengths, so that few statements are prepared.
const LENGTHS: [usize; 5] = [1, 4, 16, 64, 256];

impl Statement {
    /// Used by [`statements!`](crate::statements).
    #[doc(hidden)]
    pub const fn new(name: &'static str, purpose: &'static str, sql: &'static str) -> Self {
        Self {
            name,
            purpose: purpose.trim_ascii(),
            sql,
            sqlite: OnceLock::new(),
            columns: OnceLock::new(),
            lists: OnceLock::new(),
        }
    }

    /// The text for SQLite, made once: there `$2` would be a name numbered by its first
    /// appearance, `?2` is the second parameter.
    pub(crate) fn sqlite(&self) -> &str {
        self.sqlite.get_or_init(|| numbered(self.sql))
    }

    /// The names of its columns, asked for once: SQLite makes each one anew whenever it is asked, for each row.
    pub(crate) fn columns(&self, ask: impl FnOnce() -> Vec<String>) -> &[String] {
        self.columns.get_or_init(ask)
    }

    /// The most values of one list.
    pub(crate) const LONGEST_LIST: usize = LENGTHS[LENGTHS.len() - 1];

    /// Whether the text has a list, written `in ($in)`.
    pub(crate) fn takes_list(&self) -> bool {
        self.sql.contains("$in")
    }

    /// The statement whose list has room for so many values, and how many it takes.
    pub(crate) fn with_list(&'static self, values: usize) -> (&'static Statement, usize) {
        let lists = self.lists.get_or_init(|| {
            LENGTHS.map(|length| {
                let first = highest_parameter(self.sql) + 1;
                let places: Vec<String> = (first..first + length).map(|n| format!("${n}")).collect();
                // Kept for ever, as the statement itself is: five texts for each one with a list.
                let sql: &'static str = self.sql.replace("$in", &places.join(", ")).leak();
                &*Box::leak(Box::new(Self::new(self.name, self.purpose, sql)))
            })
        });
        let size = LENGTHS.iter().position(|length| *length >= values).unwrap_or(LENGTHS.len() - 1);
        (lists[size], LENGTHS[size])
    }

    /// Statements are statics: their address is their identity and the key of prepared ones.
    pub(crate) fn address(&'static self) -> usize {
        std::ptr::from_ref(self) as usize
    }
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Statement").field(&self.name).finish()
    }
}

/// The greatest N of the `$N` in a text; 0 if there is none.
fn highest_parameter(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).filter_map(|rest| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse().ok()
    });
    numbers.max().unwrap_or(0)
}

/// Replaces `$N` by `?N` outside of quoted text and comments.
fn numbered(sql: &str) -> String {
    const APART: &[(&str, &str)] = &[("'", "'"), ("\"", "\""), ("--", "\n"), ("/*", "*/")];
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let apart = APART.iter().find(|(start, _)| rest.starts_with(start));
        let length = match apart {
            Some((start, end)) => {
                let after = &rest[start.len()..];
                start.len() + after.find(end).map_or(after.len(), |at| at + end.len())
            }
            None => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        let is_parameter = piece == "$" && after.starts_with(|next: char| next.is_ascii_digit());
        out.push_str(if is_parameter { "?" } else { piece });
        rest = after;
    }
    out
}

/// Declares the statements of a `queries.rs`, once per file.
///
/// Each becomes a `pub static` of its name; all of them stand in `pub static STATEMENTS`. The doc
/// comment is required: it is the statement's purpose.
///
/// ```
/// mapalus_db::statements! {
///     /// A person by id.
///     FIND_BY_ID = "select id, name from people where id = $1";
/// }
/// assert_eq!(FIND_BY_ID.purpose, "A person by id.");
/// assert_eq!(STATEMENTS.len(), 1);
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[doc = $doc:literal])+ $name:ident = $sql:expr;)+) => {
        $(
            $(#[doc = $doc])+
            pub static $name: $crate::Statement = $crate::Statement::new(
                concat!(module_path!(), "::", stringify!($name)),
                concat!($($doc),+),
                $sql,
            );
        )+
        /// Every statement of this file.
        pub static STATEMENTS: &[&$crate::Statement] = &[$(&$name),+];
    };
}

#[cfg(test)]
mod tests {
    use super::{highest_parameter, numbered};

    crate::statements! {
        /// People of a list.
        LISTED = "select name from people where kind = $1 and id in ($in)";
    }

    #[test]
    fn a_list_is_padded_to_a_few_lengths_after_the_other_parameters() {
        assert_eq!((STATEMENTS.len(), highest_parameter(LISTED.sql)), (1, 1));
        assert_eq!(LISTED.with_list(1).0.sql, "select name from people where kind = $1 and id in ($2)");
        assert_eq!(
            LISTED.with_list(3).0.sql,
            "select name from people where kind = $1 and id in ($2, $3, $4, $5)"
        );
        assert_eq!((LISTED.with_list(5).1, LISTED.with_list(200).1), (16, 256));
        assert!(std::ptr::eq(LISTED.with_list(2).0, LISTED.with_list(4).0));
    }

    #[test]
    fn parameters_are_numbered_for_sqlite() {
        assert_eq!(numbered("select $2, $1, $10 where $1 = 'x'"), "select ?2, ?1, ?10 where ?1 = 'x'");
    }

    #[test]
    fn quoted_text_and_comments_stay_as_they_are() {
        assert_eq!(
            numbered("select '$1', \"$1\", '''$1' -- $1 isn't\n, $1 /* isn't $1 */, $2 -- $1"),
            "select '$1', \"$1\", '''$1' -- $1 isn't\n, ?1 /* isn't $1 */, ?2 -- $1"
        );
    }

    #[test]
    fn a_dollar_before_no_digit_stays() {
        assert_eq!(numbered("select '5 $' || $1 || $x"), "select '5 $' || ?1 || $x");
    }
}
