//! Clients that write, and what the database holds of it.

use crate::{
    http::{Answer, Line},
    server::{program, run},
};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

/// How long the clients may take to get somewhere.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many clients write at once.
pub const CLIENTS: usize = 64;

/// What became of a write: where it led, or none if no whole answer came.
pub type Outcomes = BTreeMap<u64, Option<String>>;

/// Writes, each with a number and a value of its own.
#[derive(Default)]
pub struct Load {
    next: AtomicU64,
    answered: Mutex<u64>,
    one_more: Condvar,
    stop: AtomicBool,
    failed: AtomicBool,
    outcomes: Mutex<Outcomes>,
}

/// The body that opens group number `n`: group, roles, membership, path, record, event, once-value.
fn body(n: u64) -> String {
    format!(
        r#"{{"kind":"volunteer","name":"{}","summary":"Kelompok untuk uji beban","causes":["disaster-relief"],
            "area":"Kota Manado","sign_up":"application","visibility":"unlisted"}}"#,
        name(n)
    )
}

fn name(n: u64) -> String {
    format!("Uji beban nomor {n:06}")
}

/// Sends write number `n`.
pub fn write(line: &mut Line, cookies: &str, n: u64) -> std::io::Result<Answer> {
    let key = format!("load-{n}");
    let headers =
        [("Cookie", cookies), ("Content-Type", "application/json"), ("Idempotency-Key", key.as_str())];
    line.ask("POST", "/api/v1/groups", &headers, &body(n))
}

/// Where an answer led; anything but a success fails the test.
pub fn place(n: u64, answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "write {n}: {answer:?}");
    answer.header("location").expect("it says where").to_owned()
}

impl Load {
    /// Lets 64 clients write until the server is gone, they are told to stop, or `most` writes were begun in all.
    /// Meanwhile `meanwhile` runs; when it returns the clients are not told: see [`Load::end`].
    pub fn run(&self, address: &str, cookies: &str, most: u64, meanwhile: impl FnOnce()) {
        self.stop.store(false, Ordering::Relaxed);
        std::thread::scope(|scope| {
            let clients: Vec<_> =
                (0..CLIENTS).map(|_| scope.spawn(|| self.client(address, cookies, most))).collect();
            meanwhile();
            for client in clients {
                client.join().expect("every answer was a success");
            }
        });
    }

    fn client(&self, address: &str, cookies: &str, most: u64) {
        let Ok(mut line) = Line::open(address) else { return };
        while !self.stop.load(Ordering::Relaxed) {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            if n >= most {
                self.next.fetch_sub(1, Ordering::Relaxed);
                return;
            }
            let answer = write(&mut line, cookies, n);
            if answer.as_ref().is_ok_and(|answer| answer.status != 201) {
                // Nobody is to wait for what will not come; then it fails.
                self.failed.store(true, Ordering::Relaxed);
                self.one_more.notify_all();
            }
            let place = answer.as_ref().ok().map(|answer| place(n, answer));
            let gone = place.is_none();
            self.outcomes.lock().expect("no client panicked").insert(n, place);
            if gone {
                return;
            }
            *self.answered.lock().expect("no client panicked") += 1;
            self.one_more.notify_all();
        }
    }

    /// Waits until so many writes were answered in all.
    pub fn until(&self, answered: u64) {
        let count = self.answered.lock().expect("no client panicked");
        let waiting = |count: &mut u64| *count < answered && !self.failed.load(Ordering::Relaxed);
        let waited = self.one_more.wait_timeout_while(count, PATIENCE, waiting);
        let (count, time) = waited.expect("no client panicked");
        assert!(
            *count >= answered && !time.timed_out(),
            "{count} writes were answered, {answered} should have been"
        );
    }

    /// How many writes were answered.
    pub fn answered(&self) -> u64 {
        *self.answered.lock().expect("no client panicked")
    }

    /// How many writes were begun.
    pub fn begun(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    /// Tells the clients to stop.
    pub fn end(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// What became of each write.
    pub fn outcomes(&self) -> std::sync::MutexGuard<'_, Outcomes> {
        self.outcomes.lock().expect("no client panicked")
    }
}

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
