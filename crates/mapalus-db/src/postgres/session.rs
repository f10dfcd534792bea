//! A transaction on a connection of PostgreSQL.

use super::{classify, connect::Line};
use crate::{Cause, DbError, Row, Statement, Value, tx::Prepared};
use std::{collections::HashMap, time::Instant};
use tokio::{runtime::Runtime, time};
use tokio_postgres::types::ToSql;

/// A connection of a worker and what is prepared on it.
pub(crate) struct Live {
    line: Line,
    prepared: HashMap<usize, tokio_postgres::Statement>,
    /// It is not to be used again.
    pub(crate) spent: bool,
}

impl Live {
    pub(crate) fn new(line: Line) -> Self {
        Self { line, prepared: HashMap::new(), spent: false }
    }

    pub(crate) async fn close(self) {
        self.line.close().await;
    }
}

/// A transaction on a connection: waits for each answer on the worker's own runtime.
pub(crate) struct Session<'a> {
    pub(crate) runtime: &'a Runtime,
    pub(crate) live: &'a mut Live,
    pub(crate) until: Instant,
}

impl Session<'_> {
    /// `begin ..`, `commit`, `rollback`.
    pub(crate) fn run(&mut self, sql: &'static str) -> Result<(), DbError> {
        let result = self.runtime.block_on(async {
            time::timeout_at(self.until.into(), self.live.line.client.batch_execute(sql)).await
        });
        self.heard(sql, result)
    }

    pub(crate) fn query(
        &mut self,
        statement: &'static Statement,
        params: &[Value],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let prepared = self.prepared(statement, params.len())?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let result = self.runtime.block_on(async {
            time::timeout_at(self.until.into(), self.live.line.client.query(&prepared, &params)).await
        });
        for row in &self.heard(statement.name, result)? {
            each(&Row::postgres(statement, row))?;
        }
        Ok(())
    }

    pub(crate) fn execute(
        &mut self,
        statement: &'static Statement,
        params: &[Value],
    ) -> Result<u64, DbError> {
        let prepared = self.prepared(statement, params.len())?;
        let result = self.runtime.block_on(async {
            let work = self.live.line.client.execute_raw(&prepared, params);
            time::timeout_at(self.until.into(), work).await
        });
        self.heard(statement.name, result)
    }

    pub(crate) fn prepare(&mut self, statement: &'static Statement) -> Result<Prepared, DbError> {
        let prepared = self.ask(statement)?;
        Ok(Prepared {
            parameters: prepared.params().len(),
            columns: prepared.columns().iter().map(|column| column.name().to_owned()).collect(),
        })
    }

    /// The same transaction, lent to a closure.
    pub(crate) fn again(&mut self) -> Session<'_> {
        Session { runtime: self.runtime, live: &mut *self.live, until: self.until }
    }

    /// Rolls back; where that fails the connection is given up, and the server does it.
    pub(crate) fn end(&mut self) {
        if !self.live.spent && self.run("rollback").is_err() {
            self.live.spent = true;
        }
    }

    /// Closes the connection, so that the server rolls back.
    pub(crate) fn abandon(&mut self) {
        self.live.spent = true;
    }

    fn prepared(
        &mut self,
        statement: &'static Statement,
        given: usize,
    ) -> Result<tokio_postgres::Statement, DbError> {
        let prepared = match self.live.prepared.get(&statement.address()) {
            Some(prepared) => prepared.clone(),
            None => {
                let prepared = self.ask(statement)?;
                self.live.prepared.insert(statement.address(), prepared.clone());
                prepared
            }
        };
        let wanted = prepared.params().len();
        if wanted != given {
            return Err(DbError::Statement {
                name: statement.name,
                source: Cause::words(format!("it takes {wanted} parameters and was given {given}")),
            });
        }
        Ok(prepared)
    }

    fn ask(&mut self, statement: &'static Statement) -> Result<tokio_postgres::Statement, DbError> {
        let result = self.runtime.block_on(async {
            time::timeout_at(self.until.into(), self.live.line.client.prepare(statement.sql)).await
        });
        self.heard(statement.name, result)
    }

    fn heard<T>(
        &mut self,
        name: &'static str,
        result: Result<Result<T, tokio_postgres::Error>, time::error::Elapsed>,
    ) -> Result<T, DbError> {
        match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                let error = classify(name, error);
                // Broken, or on a server that may no longer write, or with overtaken statements.
                self.live.spent |=
                    self.live.line.client.is_closed() || matches!(error, DbError::Unavailable(_));
                Err(error)
            }
            Err(_) => {
                // An answer may still come, to a question nobody remembers.
                self.live.spent = true;
                Err(DbError::Slow)
            }
        }
    }
}
