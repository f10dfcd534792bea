//! The types of the core as columns.

use crate::{ColumnError, FromColumn, Value, ValueRef, text_columns};
use mapalus_core::{Millis, Permissions, Scopes, for_each_text_type};

for_each_text_type!(text_columns);
text_columns!(Permissions, Scopes);

impl From<Millis> for Value {
    fn from(at: Millis) -> Self {
        Self::Integer(at.0)
    }
}

impl FromColumn for Millis {
    fn from_column(value: ValueRef<'_>) -> Result<Self, ColumnError> {
        value.integer().map(Millis)
    }
}
