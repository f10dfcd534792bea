//! Clients that write at once. The benchmark of writes (`xtask/src/bench`) is driven by the same.

use super::http::{Answer, Line};
use std::{
    collections::BTreeMap,
    io,
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

/// Sends one write over a client's connection with these cookies. The numbers: of the client from 0, of the writes that
/// it sent before, of the write among those of all clients.
type Send = dyn Fn(&mut Line, &str, usize, u64, u64) -> io::Result<Answer> + std::marker::Send + Sync;

/// Writes, each with a number and a value of its own.
pub struct Load {
    send: Box<Send>,
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
pub fn write(line: &mut Line, cookies: &str, n: u64) -> io::Result<Answer> {
    let key = format!("load-{n}");
    let headers =
        [("Cookie", cookies), ("Content-Type", "application/json"), ("Idempotency-Key", key.as_str())];
    line.ask("POST", "/api/v1/groups", &headers, body(n))
}

/// Where the answer to a group that was opened led; anything but a success fails the test.
pub fn place(n: u64, answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "write {n}: {answer:?}");
    led(n, answer)
}

/// Where an answer led, if anywhere; anything but a success fails the run.
fn led(n: u64, answer: &Answer) -> String {
    assert!((200..300).contains(&answer.status), "write {n}: {answer:?}");
    answer.header("location").unwrap_or_default().to_owned()
}

/// Groups that are opened.
impl Default for Load {
    fn default() -> Self {
        Self::of(|line, cookies, _, _, number| write(line, cookies, number))
    }
}

impl Load {
    /// Writes of another kind: an answer that is no success fails the run.
    pub fn of<F>(send: F) -> Self
    where
        F: Fn(&mut Line, &str, usize, u64, u64) -> io::Result<Answer> + std::marker::Send + Sync + 'static,
    {
        Self {
            send: Box::new(send),
            next: AtomicU64::new(0),
            answered: Mutex::new(0),
            one_more: Condvar::new(),
            stop: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            outcomes: Mutex::new(Outcomes::new()),
        }
    }

    /// Lets 64 clients write until the server is gone, they are told to stop, or `most` writes were begun in all.
    /// Meanwhile `meanwhile` runs; when it returns the clients are not told: see [`Load::end`].
    pub fn run(&self, address: &str, cookies: &str, most: u64, meanwhile: impl FnOnce()) {
        self.stop.store(false, Ordering::Relaxed);
        std::thread::scope(|scope| {
            let clients: Vec<_> =
                (0..CLIENTS).map(|n| scope.spawn(move || self.client(n, address, cookies, most))).collect();
            meanwhile();
            for client in clients {
                client.join().expect("every answer was a success");
            }
        });
    }

    fn client(&self, client: usize, address: &str, cookies: &str, most: u64) {
        let Ok(mut line) = Line::open(address) else { return };
        let mut before = 0;
        while !self.stop.load(Ordering::Relaxed) {
            let n = self.next.fetch_add(1, Ordering::Relaxed);
            if n >= most {
                self.next.fetch_sub(1, Ordering::Relaxed);
                return;
            }
            let answer = (self.send)(&mut line, cookies, client, before, n);
            before += 1;
            if answer.as_ref().is_ok_and(|answer| !(200..300).contains(&answer.status)) {
                // Nobody is to wait for what will not come; then it fails.
                self.failed.store(true, Ordering::Relaxed);
                self.one_more.notify_all();
            }
            let place = answer.as_ref().ok().map(|answer| led(n, answer));
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
