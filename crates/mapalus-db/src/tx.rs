//! A transaction, as the closures of `read` and `write` see it.

use crate::{DbError, FromColumn, FromRow, Row, Statement, Value, clock, fault::Faults, postgres, sqlite};
use std::time::Instant;

/// A transaction on one of the two databases.
///
/// After a statement has failed no other runs and `Ok` is not stored: PostgreSQL ends a
/// transaction at its first failure, and SQLite is held to the same. A conflict that is expected
/// belongs into the statement (`on conflict`). [`DbError::NoRow`], and [`DbError::Stale`] from
/// [`execute_one`](Self::execute_one), are answers rather than failures.
pub struct Tx<'a> {
    session: Session<'a>,
    statements: u32,
    until: Instant,
    pub(crate) failure: Option<(&'static str, DbError)>,
    pub(crate) again: bool,
    faults: Option<&'a Faults>,
}

pub(crate) enum Session<'a> {
    Sqlite(&'a sqlite::Handle),
    Postgres(postgres::Session<'a>),
}

/// What a database knows about a statement before it runs; see [`Tx::prepare`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// How many parameters it takes.
    pub parameters: usize,
    /// The names of its columns; empty where it returns no rows.
    pub columns: Vec<String>,
}

/// A statement with a list as it is run for one chunk of it, and all its parameters.
fn listed<V: Clone + Into<Value>>(
    statement: &'static Statement,
    params: &[Value],
    chunk: &[V],
) -> (&'static Statement, Vec<Value>) {
    let (sized, length) = statement.with_list(chunk.len());
    let values = chunk.iter().map(|value| value.clone().into());
    // A list may name a value twice: the last one fills the remaining places.
    let padding = chunk.last().into_iter().cycle().map(|value| value.clone().into());
    (sized, params.iter().cloned().chain(values.chain(padding).take(length)).collect())
}

impl<'a> Tx<'a> {
    /// No statement starts after `until`.
    pub(crate) fn new(session: Session<'a>, until: Instant, faults: Option<&'a Faults>) -> Self {
        Self { session, statements: 0, until, failure: None, again: false, faults }
    }

    /// All rows, in the statement's order.
    pub fn all<T: FromRow>(
        &mut self,
        statement: &'static Statement,
        params: &[Value],
    ) -> Result<Vec<T>, DbError> {
        let mut rows = Vec::new();
        self.query(statement, params, &mut |row| {
            rows.push(T::from_row(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// All rows of a statement with a list, written `in ($in)`: in its order for each 256 values of
    /// the list. `params` are those that stand before the list. An empty list gives no rows.
    pub fn all_in<T: FromRow, V>(
        &mut self,
        statement: &'static Statement,
        params: &[Value],
        list: &[V],
    ) -> Result<Vec<T>, DbError>
    where
        V: Clone + Into<Value>,
    {
        let mut rows = Vec::with_capacity(list.len());
        for chunk in list.chunks(Statement::LONGEST_LIST) {
            let (sized, params) = listed(statement, params, chunk);
            rows.append(&mut self.all(sized, &params)?);
        }
        Ok(rows)
    }

    /// Runs a statement with a list, written `in ($in)`, once for each 256 values of the list; gives the number of
    /// rows it changed. `params` are those that stand before the list. An empty list changes nothing.
    pub fn execute_in<V>(
        &mut self,
        statement: &'static Statement,
        params: &[Value],
        list: &[V],
    ) -> Result<u64, DbError>
    where
        V: Clone + Into<Value>,
    {
        let mut changed = 0;
        for chunk in list.chunks(Statement::LONGEST_LIST) {
            let (sized, params) = listed(statement, params, chunk);
            changed += self.execute(sized, &params)?;
        }
        Ok(changed)
    }

    /// The row, if there is one. More than one is an error.
    pub fn optional<T: FromRow>(
        &mut self,
        statement: &'static Statement,
        params: &[Value],
    ) -> Result<Option<T>, DbError> {
        self.at_most_one(statement, params, T::from_row)
    }

    /// The one row. None is [`DbError::NoRow`], more than one an error.
    pub fn one<T: FromRow>(&mut self, statement: &'static Statement, params: &[Value]) -> Result<T, DbError> {
        self.at_most_one(statement, params, T::from_row)?.ok_or(DbError::NoRow { statement: statement.name })
    }

    /// The first column of the one row. No row is [`DbError::NoRow`], more than one an error.
    pub fn scalar<T: FromColumn>(
        &mut self,
        statement: &'static Statement,
        params: &[Value],
    ) -> Result<T, DbError> {
        self.at_most_one(statement, params, |row| row.at(0))?
            .ok_or(DbError::NoRow { statement: statement.name })
    }

    /// Runs a statement that returns no rows; gives the number of rows it changed.
    pub fn execute(&mut self, statement: &'static Statement, params: &[Value]) -> Result<u64, DbError> {
        self.start(statement, params)?;
        let result = match &mut self.session {
            Session::Sqlite(handle) => handle.execute(statement, params),
            Session::Postgres(session) => session.execute(statement, params),
        };
        self.finish(statement, result)
    }

    /// Runs a statement that is to change at least one row, such as
    /// `update .. where id = $1 and version = $2`. None is [`DbError::Stale`]: when the closure
    /// returns an error after it, the write runs again from its start, up to three times in all.
    pub fn execute_one(&mut self, statement: &'static Statement, params: &[Value]) -> Result<(), DbError> {
        if self.execute(statement, params)? == 0 {
            self.again = true;
            return Err(DbError::Stale);
        }
        Ok(())
    }

    /// Asks the database about a statement without running it; an error says what is wrong with
    /// its text. For tests that walk every statement.
    pub fn prepare(&mut self, statement: &'static Statement) -> Result<Prepared, DbError> {
        let statement = if statement.takes_list() { statement.with_list(1).0 } else { statement };
        self.start(statement, &[])?;
        let result = match &mut self.session {
            Session::Sqlite(handle) => handle.prepare(statement),
            Session::Postgres(session) => session.prepare(statement),
        };
        self.finish(statement, result)
    }

    /// How many statements have run in this transaction.
    pub fn statements(&self) -> u32 {
        self.statements
    }

    fn at_most_one<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Value],
        read: impl Fn(&Row<'_>) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        let mut found = None;
        self.query(statement, params, &mut |row| {
            if found.is_some() {
                return Err(DbError::ManyRows { statement: statement.name });
            }
            found = Some(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    fn query(
        &mut self,
        statement: &'static Statement,
        params: &[Value],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        self.start(statement, params)?;
        let result = match &mut self.session {
            Session::Sqlite(handle) => handle.query(statement, params, each),
            Session::Postgres(session) => session.query(statement, params, each),
        };
        self.finish(statement, result)
    }

    /// Whether a statement may run at all.
    fn start(&mut self, statement: &'static Statement, params: &[Value]) -> Result<(), DbError> {
        if let Some((failed, _)) = self.failure {
            return Err(DbError::Failed { statement: failed });
        }
        self.statements += 1;
        let result = if clock::now() > self.until {
            Err(DbError::Slow)
        } else if params.iter().any(|value| matches!(value, Value::Text(t) if t.contains('\0'))) {
            Err(DbError::Check { constraint: "a text may not hold the character NUL".to_owned() })
        } else if let Some(fault) = self.faults.and_then(Faults::at_statement) {
            Err(fault.strike(&mut self.session))
        } else {
            Ok(())
        };
        self.finish(statement, result)
    }

    fn finish<T>(&mut self, statement: &'static Statement, result: Result<T, DbError>) -> Result<T, DbError> {
        if let Err(error) = &result {
            // From a driver it means that the transactions got in each other's way.
            self.again |= matches!(error, DbError::Stale);
            self.failure = Some((statement.name, error.clone()));
        }
        result
    }
}
