//! Values that go in as parameters and come out of columns.

use std::borrow::Cow;

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// TEXT; may not hold the character NUL, which PostgreSQL cannot store.
    Text(String),
    /// BIGINT.
    Integer(i64),
    /// DOUBLE PRECISION.
    Real(f64),
    /// BOOLEAN.
    Boolean(bool),
    /// BYTEA.
    Bytes(Vec<u8>),
}

macro_rules! values {
    ($($from:ty => |$value:ident| $into:expr;)+) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $into
            }
        }
    )+};
}

values! {
    &str => |value| Value::Text(value.to_owned());
    &String => |value| Value::Text(value.clone());
    String => |value| Value::Text(value);
    Cow<'_, str> => |value| Value::Text(value.into_owned());
    i64 => |value| Value::Integer(value);
    i32 => |value| Value::Integer(value.into());
    u32 => |value| Value::Integer(value.into());
    u16 => |value| Value::Integer(value.into());
    u8 => |value| Value::Integer(value.into());
    bool => |value| Value::Boolean(value);
    f64 => |value| Value::Real(value);
    Vec<u8> => |value| Value::Bytes(value);
    &[u8] => |value| Value::Bytes(value.to_vec());
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// The parameters of a statement: `params![id, name]` is `[Value; 2]`, each through `Value::from`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        [$($crate::Value::from($value)),*]
    };
}

/// A column of a row, not yet decoded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// No value.
    Null,
    /// TEXT.
    Text(&'a str),
    /// BIGINT; on SQLite also BOOLEAN, as 0 or 1.
    Integer(i64),
    /// DOUBLE PRECISION.
    Real(f64),
    /// BOOLEAN, from PostgreSQL.
    Boolean(bool),
    /// BYTEA.
    Bytes(&'a [u8]),
}

impl<'a> ValueRef<'a> {
    /// The text.
    pub fn text(self) -> Result<&'a str, ColumnError> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(other.instead_of("text")),
        }
    }

    /// The integer.
    pub fn integer(self) -> Result<i64, ColumnError> {
        match self {
            Self::Integer(integer) => Ok(integer),
            other => Err(other.instead_of("an integer")),
        }
    }

    /// The number; an integer is one too.
    pub fn real(self) -> Result<f64, ColumnError> {
        match self {
            Self::Real(real) => Ok(real),
            // SQLite stores 1.0 as 1 where that is shorter and may hand it out so in expressions.
            Self::Integer(integer) => Ok(integer as f64),
            other => Err(other.instead_of("a number")),
        }
    }

    /// The truth value; of integers only 0 and 1 are one.
    pub fn boolean(self) -> Result<bool, ColumnError> {
        match self {
            Self::Boolean(boolean) => Ok(boolean),
            Self::Integer(0) => Ok(false),
            Self::Integer(1) => Ok(true),
            other => Err(other.instead_of("a truth value")),
        }
    }

    /// The bytes.
    pub fn bytes(self) -> Result<&'a [u8], ColumnError> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            other => Err(other.instead_of("bytes")),
        }
    }

    fn instead_of(self, wanted: &str) -> ColumnError {
        let found = match self {
            Self::Null => "null",
            Self::Text(_) => "text",
            Self::Integer(_) => "an integer",
            Self::Real(_) => "a real number",
            Self::Boolean(_) => "a truth value",
            Self::Bytes(_) => "bytes",
        };
        ColumnError::new(format!("{found} stands where {wanted} should"))
    }
}

/// Why a column's value is not one of the type asked for. Never holds the value itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ColumnError(String);

impl ColumnError {
    /// With the reason in words, without the value: it may be personal.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// A type that a column can be read into.
///
/// A crate implements it for its own types; for ids and enums that are text,
/// [`text_columns!`](crate::text_columns) does.
pub trait FromColumn: Sized {
    /// Decodes one value.
    fn from_column(value: ValueRef<'_>) -> Result<Self, ColumnError>;
}

macro_rules! columns {
    ($($to:ty => |$value:ident| $into:expr;)+) => {$(
        impl FromColumn for $to {
            fn from_column($value: ValueRef<'_>) -> Result<Self, ColumnError> {
                $into
            }
        }
    )+};
}

columns! {
    String => |value| value.text().map(str::to_owned);
    i64 => |value| value.integer();
    i32 => |value| narrowed(value);
    u32 => |value| narrowed(value);
    u16 => |value| narrowed(value);
    u8 => |value| narrowed(value);
    bool => |value| value.boolean();
    f64 => |value| value.real();
    Vec<u8> => |value| value.bytes().map(<[u8]>::to_vec);
}

fn narrowed<T: TryFrom<i64>>(value: ValueRef<'_>) -> Result<T, ColumnError> {
    T::try_from(value.integer()?).map_err(|_| ColumnError::new("an integer is out of its range"))
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        match value {
            ValueRef::Null => Ok(None),
            value => T::from_column(value).map(Some),
        }
    }
}

/// For types that have `Display` and `FromStr`: stored as text, by reference or by value.
///
/// Must stand in the crate of the types (or in this one).
///
/// ```
/// #[derive(Debug, PartialEq)]
/// struct Colour(String);
/// # impl std::fmt::Display for Colour {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
/// # }
/// # impl std::str::FromStr for Colour {
/// #     type Err = std::convert::Infallible;
/// #     fn from_str(text: &str) -> Result<Self, Self::Err> { Ok(Self(text.to_owned())) }
/// # }
/// mapalus_db::text_columns!(Colour);
/// assert_eq!(mapalus_db::params![Colour("red".into())], mapalus_db::params!["red"]);
/// ```
#[macro_export]
macro_rules! text_columns {
    ($($name:ty),+ $(,)?) => {$(
        impl From<$name> for $crate::Value {
            fn from(value: $name) -> Self {
                Self::Text(value.to_string())
            }
        }
        impl From<&$name> for $crate::Value {
            fn from(value: &$name) -> Self {
                Self::Text(value.to_string())
            }
        }
        impl $crate::FromColumn for $name {
            fn from_column(value: $crate::ValueRef<'_>) -> Result<Self, $crate::ColumnError> {
                value.text()?.parse().map_err(|_| {
                    $crate::ColumnError::new(concat!("the text is no ", stringify!($name)))
                })
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_integers_read_as_truth_values_only_when_0_or_1() {
        assert_eq!(bool::from_column(ValueRef::Integer(1)), Ok(true));
        assert_eq!(bool::from_column(ValueRef::Integer(0)), Ok(false));
        assert!(bool::from_column(ValueRef::Integer(2)).is_err());
    }

    #[test]
    fn null_is_none_and_nothing_else() {
        assert_eq!(Option::<i64>::from_column(ValueRef::Null), Ok(None));
        assert_eq!(
            i64::from_column(ValueRef::Null),
            Err(ColumnError::new("null stands where an integer should"))
        );
    }

    #[test]
    fn a_negative_integer_is_no_unsigned_one() {
        assert!(u32::from_column(ValueRef::Integer(-1)).is_err());
    }

    #[test]
    fn an_absent_parameter_is_null() {
        assert_eq!(params![None::<&str>, Some(3)], [Value::Null, Value::Integer(3)]);
    }
}
