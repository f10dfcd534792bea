//! Values as PostgreSQL takes and gives them.

use crate::{ColumnError, Value, ValueRef};
use std::error::Error;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut};

/// A type outside of the portable subset.
#[derive(Debug, thiserror::Error)]
#[error("{value} does not go into the type {wanted}")]
struct OtherType {
    value: &'static str,
    wanted: String,
}

impl ToSql for Value {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let other = |value| Err(OtherType { value, wanted: wanted.name().to_owned() }.into());
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Text(text) if <&str as ToSql>::accepts(wanted) => text.to_sql(wanted, out),
            Self::Text(_) => other("a text"),
            Self::Integer(integer) => match *wanted {
                Type::INT8 => integer.to_sql(wanted, out),
                Type::INT4 => i32::try_from(*integer)?.to_sql(wanted, out),
                Type::INT2 => i16::try_from(*integer)?.to_sql(wanted, out),
                Type::FLOAT8 => (*integer as f64).to_sql(wanted, out),
                _ => other("an integer"),
            },
            Self::Real(real) if *wanted == Type::FLOAT8 => real.to_sql(wanted, out),
            Self::Real(_) => other("a real number"),
            Self::Boolean(boolean) if *wanted == Type::BOOL => boolean.to_sql(wanted, out),
            Self::Boolean(_) => other("a truth value"),
            Self::Bytes(bytes) if *wanted == Type::BYTEA => bytes.to_sql(wanted, out),
            Self::Bytes(_) => other("bytes"),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        wanted: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql(wanted, out)
    }
}

impl<'a> FromSql<'a> for ValueRef<'a> {
    fn from_sql(found: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *found {
            Type::INT8 => Self::Integer(i64::from_sql(found, raw)?),
            Type::INT4 => Self::Integer(i32::from_sql(found, raw)?.into()),
            Type::INT2 => Self::Integer(i16::from_sql(found, raw)?.into()),
            Type::FLOAT8 => Self::Real(f64::from_sql(found, raw)?),
            Type::FLOAT4 => Self::Real(f32::from_sql(found, raw)?.into()),
            Type::BOOL => Self::Boolean(bool::from_sql(found, raw)?),
            Type::BYTEA => Self::Bytes(raw),
            _ => Self::Text(<&str>::from_sql(found, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(found: &Type) -> bool {
        matches!(
            *found,
            Type::INT8 | Type::INT4 | Type::INT2 | Type::FLOAT8 | Type::FLOAT4 | Type::BOOL | Type::BYTEA
        ) || <&str as FromSql>::accepts(found)
    }
}

/// The value at a position of a row.
pub(crate) fn column(row: &tokio_postgres::Row, position: usize) -> Result<ValueRef<'_>, ColumnError> {
    row.try_get(position).map_err(|_| match row.columns().get(position) {
        Some(column) => ColumnError::new(format!(
            "the type {} is outside of the portable subset: cast it in the statement",
            column.type_().name()
        )),
        None => ColumnError::new("there is no such column"),
    })
}
