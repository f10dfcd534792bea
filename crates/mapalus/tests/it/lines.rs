//! What the database holds, read from a backup.

use crate::server::{program, run};
use std::{collections::BTreeMap, path::Path};

/// The lines of a backup.
pub struct Lines(pub Vec<String>);

impl Lines {
    /// Of a backup that is made now.
    pub fn of(data: &Path, file: &Path) -> Self {
        run(program().arg("backup").arg(file).arg("--data").arg(data));
        Self::read(file)
    }

    /// Of a file.
    pub fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).expect("it is text");
        Self(text.lines().map(str::to_owned).collect())
    }

    /// The rows of a table.
    pub fn rows(&self, table: &str) -> &[String] {
        let begin = format!("{{\"table\":\"{table}\"");
        let from = self.0.iter().position(|line| line.starts_with(&begin)).expect("there is the table") + 1;
        let rows = self.0[from..].iter().take_while(|line| line.starts_with('[')).count();
        &self.0[from..from + rows]
    }

    /// How many groups stand for each write.
    pub fn groups(&self) -> BTreeMap<u64, usize> {
        let mut found = BTreeMap::new();
        for row in self.rows("groups") {
            if let Some(at) = row.find("\"Uji beban nomor ") {
                let digits = &row[at + 17..at + 23];
                *found.entry(digits.parse().expect("six digits")).or_default() += 1;
            }
        }
        found
    }

    /// How many once-values of writes stand.
    pub fn once_values(&self) -> usize {
        self.rows("once").iter().filter(|row| row.contains("\"load-")).count()
    }
}
