//! What all requests share: the database, the clock, the random source, the settings, the instance key.

use super::{
    AppError, Came, Viewer,
    archive::OwnFile,
    locale::Lang,
    notice::{Away, Holds},
    secrets::InstanceKey,
    work::Work,
};
use mapalus_core::{Chance, Clock, Millis, PersonId, time::DAY};
use mapalus_db::{Db, DbError, Statement, Tx};
use mapalus_search::{Found, Index, Query};
use std::{cell::Cell, net::IpAddr, sync::Arc};

/// Milliseconds that a notice to others waits, in every instance but those of tests.
pub const UNDO_MILLIS: i64 = 20_000;

/// How the instance is run; fixed from the start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Scheme, host and port by which people reach it, without a slash at the end.
    pub public_url: String,
    /// Whether it is a demonstration: invented people, open mailbox, sign-in without a password.
    pub demo: bool,
    /// Whether a mail server is set.
    pub mail: bool,
    /// Address of the people who run the instance, shown in the privacy notice.
    pub contact: String,
    /// Proxies whose forwarded headers are believed.
    pub trusted_proxies: Vec<Network>,
    /// Milliseconds that a notice to others waits, so that what caused it can be undone.
    pub undo_millis: i64,
    /// Days within which whoever runs a group or the instance sets up a second step for signing in.
    pub factor_days: i64,
    /// Since when the instance asks for it.
    pub factor_from: Millis,
}

/// Days for a second step, if nothing else is set.
pub const FACTOR_DAYS: i64 = 14;

impl Settings {
    /// By when one who is entrusted with others' affairs and has no second step sets one up. The people of a
    /// demonstration need none: they are nobody's.
    pub fn factor_due_at(&self, viewer: &Viewer) -> Option<Millis> {
        let since = viewer.entrusted_since.filter(|_| !self.demo && !viewer.factor)?;
        Some(since.max(self.factor_from).plus(self.factor_days * DAY))
    }

    /// Whether mail reaches people: by a server, or in the open mailbox of a demonstration.
    pub fn can_mail(&self) -> bool {
        self.mail || self.demo
    }

    /// The host by which people reach it.
    pub fn host(&self) -> &str {
        let rest = self.public_url.split_once("://").map_or(self.public_url.as_str(), |(_, rest)| rest);
        rest.split(['/', ':']).next().unwrap_or(rest)
    }

    /// Whether people reach it by https; the session cookie is then bound to the host.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// A range of network addresses: address and number of leading bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl std::str::FromStr for Network {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (address, bits) = text.split_once('/').unwrap_or((text, ""));
        let address: IpAddr =
            address.parse().map_err(|_| format!("`{text}` is not a network such as 10.0.0.0/8"))?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = if bits.is_empty() { most } else { bits.parse().unwrap_or(255) };
        if bits > most {
            return Err(format!("`{text}` has more bits than its kind of address"));
        }
        Ok(Self { address, bits })
    }
}

impl Network {
    /// Whether the address lies in this range.
    pub fn holds(self, address: IpAddr) -> bool {
        let bits = |ip: IpAddr| match ip.to_canonical() {
            IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, true),
            IpAddr::V6(v6) => (v6.to_bits(), false),
        };
        let ((ours, ours_v4), (theirs, theirs_v4)) = (bits(self.address), bits(address));
        ours_v4 == theirs_v4 && (self.bits == 0 || (ours ^ theirs) >> (128 - u32::from(self.bits)) == 0)
    }
}

/// Finds who uses a session, by the digest of its secret. Composed in `lib.rs`, since it reads several slices.
pub type LoadViewer = fn(&mut Tx<'_>, &str, Millis) -> Result<Option<Viewer>, DbError>;

/// Finds whose token it is, by the digest of its secret; refuses one that is unknown, ended or over.
pub type LoadHolder = fn(&mut Tx<'_>, &str, Millis) -> Result<Viewer, AppError>;

/// Notes that a session or token was used.
pub type NoteUse = fn(&mut Work<'_, '_>, Came) -> Result<(), DbError>;

/// Since when others entrust something to a person. Composed in `lib.rs`, since it reads several slices.
pub type EntrustedSince = fn(&mut Tx<'_>, PersonId) -> Result<Option<Millis>, DbError>;

/// Whether a person may close the account, as the slices above see it. Composed in `lib.rs`.
pub type MayClose = fn(&mut Tx<'_>, PersonId) -> Result<(), AppError>;

/// All that is stored of a person, as the slices together know it. Composed in `lib.rs`.
pub type DataOf = fn(&mut Tx<'_>, PersonId, Millis) -> Result<serde_json::Value, DbError>;

/// The files that are stored of a person. Composed in `lib.rs`.
pub type FilesOf = fn(&mut Tx<'_>, PersonId) -> Result<Vec<OwnFile>, DbError>;

/// Whether a person was not erased. Composed in `lib.rs`.
pub type IsThere = fn(&mut Tx<'_>, PersonId) -> Result<bool, DbError>;

/// The names of the parameters that the address of a route of the API may have, by method and path. Composed in `lib.rs`.
pub type Parameters = fn(&str, &str) -> &'static [String];

/// What the slices together answer, for slices that know nothing of the others.
#[derive(Clone, Copy)]
pub struct Composed {
    /// Finds who uses a session.
    pub load_viewer: LoadViewer,
    /// Finds whose token it is.
    pub load_holder: LoadHolder,
    /// Notes that a session or token was used.
    pub note_use: NoteUse,
    /// Since when others entrust something to a person.
    pub entrusted_since: EntrustedSince,
    /// Whether a person was not erased.
    pub is_there: IsThere,
    /// Whether a person may close the account.
    pub may_close: MayClose,
    /// All that is stored of a person.
    pub data_of: DataOf,
    /// The files that are stored of a person.
    pub files_of: FilesOf,
    /// Which mails still hold when they go out.
    pub holds: Holds,
    /// Whose account is being closed.
    pub away: Away,
    /// What may stand in the address of a route of the API.
    pub parameters: Parameters,
}

/// The shared state; a clone is a pointer.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// See [`App`].
pub struct Inner {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub chance: Arc<dyn Chance>,
    /// How the instance is run.
    pub settings: Settings,
    /// The secret from which mailed links are made.
    pub key: InstanceKey,
    /// At most two passwords are hashed at once: 19 MiB each.
    pub hashing: tokio::sync::Semaphore,
    /// The memory for files that are being read, in mebibytes.
    pub uploads: Arc<super::upload::Uploads>,
    /// Wakes the background work when an event was written.
    pub wake: tokio::sync::Notify,
    /// Wakes the sender of mail when there may be some.
    pub wake_mail: tokio::sync::Notify,
    /// Finds who uses a session.
    pub load_viewer: LoadViewer,
    /// Finds whose token it is.
    pub load_holder: LoadHolder,
    /// Notes that a session or token was used.
    pub note_use: NoteUse,
    /// Since when others entrust something to a person.
    pub entrusted_since: EntrustedSince,
    /// Whether a person was not erased.
    pub is_there: IsThere,
    /// Whether a person may close the account.
    pub may_close: MayClose,
    /// All that is stored of a person.
    pub data_of: DataOf,
    /// The files that are stored of a person.
    pub files_of: FilesOf,
    /// Which mails still hold when they go out.
    pub holds: Holds,
    /// Whose account is being closed.
    pub away: Away,
    /// What may stand in the address of a route of the API.
    pub parameters: Parameters,
    /// The search index of this node.
    pub index: Arc<Index>,
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// The state of an instance over an open, migrated database.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        settings: Settings,
        key: InstanceKey,
        composed: Composed,
        index: Index,
    ) -> Self {
        let hashing = tokio::sync::Semaphore::new(2);
        let Composed {
            load_viewer,
            load_holder,
            note_use,
            entrusted_since,
            is_there,
            may_close,
            data_of,
            files_of,
            holds,
            away,
            parameters,
        } = composed;
        Self(Arc::new(Inner {
            db,
            clock,
            chance,
            settings,
            key,
            hashing,
            uploads: Arc::default(),
            wake: tokio::sync::Notify::new(),
            wake_mail: tokio::sync::Notify::new(),
            load_viewer,
            load_holder,
            note_use,
            entrusted_since,
            is_there,
            may_close,
            data_of,
            files_of,
            holds,
            away,
            parameters,
            index: Arc::new(index),
        }))
    }

    /// Runs a write outside any request: background work, start-up, the demonstration's people.
    /// The closure may run more than once.
    ///
    /// # Errors
    /// What the closure answers, or the database's error.
    pub async fn write_as<T, E>(
        &self,
        actor: Option<PersonId>,
        name: &'static str,
        mut run: impl FnMut(&mut Work<'_, '_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (now, chance, undo_millis) =
            (self.clock.now(), Arc::clone(&self.chance), self.settings.undo_millis);
        let (done, emitted) = self
            .db
            .write(name, move |tx| {
                let mut work = Work {
                    tx,
                    now,
                    chance: &*chance,
                    actor,
                    token: None,
                    undo_millis,
                    emitted: false,
                    made: Cell::new(0),
                };
                let done = run(&mut work)?;
                Ok::<_, E>((done, work.emitted))
            })
            .await?;
        if emitted {
            self.wake.notify_one();
        }
        Ok(done)
    }

    /// Runs a write for as long as an alarm is due; `next` gives the time of the earliest. Each run deals with a bounded
    /// number of alarms and takes them away.
    ///
    /// # Errors
    /// The error of a run; what was done before stays done.
    pub async fn while_due<E>(
        &self,
        name: &'static str,
        next: &'static Statement,
        run: fn(&mut Work<'_, '_>) -> Result<(), E>,
    ) -> Result<(), E>
    where
        E: From<DbError> + Send + 'static,
    {
        loop {
            let now = self.clock.now();
            let next = self.db.read(name, move |tx| tx.scalar::<Option<Millis>>(next, &[]));
            if next.await?.is_none_or(|at| at > now) {
                return Ok(());
            }
            self.write_as(None, name, run).await?;
        }
    }

    /// Finds groups in the index of this node: candidates, which the caller loads by id with its conditions.
    ///
    /// # Errors
    /// The index failed.
    pub async fn find(&self, query: Query) -> Result<Found, AppError> {
        let index = Arc::clone(&self.index);
        Self::blocking(move || index.search(&query)).await
    }

    /// The index computes and reads files: not on the threads that answer.
    ///
    /// # Errors
    /// The index failed.
    pub async fn blocking<T: Send + 'static>(
        run: impl FnOnce() -> Result<T, mapalus_search::Error> + Send + 'static,
    ) -> Result<T, AppError> {
        tokio::task::spawn_blocking(run).await.map_err(AppError::caused)?.map_err(AppError::caused)
    }

    /// The address of a page in full, in a language if one is given.
    pub fn url(&self, path: &str, lang: Option<Lang>) -> String {
        let base = &self.settings.public_url;
        match lang {
            Some(lang) => format!("{base}{path}?lang={}", lang.code()),
            None => format!("{base}{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses_and_no_others() {
        let network: Network = "10.1.0.0/16".parse().unwrap();
        assert!(network.holds("10.1.2.3".parse().unwrap()));
        assert!(network.holds("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!network.holds("10.2.0.1".parse().unwrap()));
        assert!(!network.holds("::1".parse().unwrap()));
        assert!("10.0.0.0/40".parse::<Network>().is_err());
        assert!("0.0.0.0/0".parse::<Network>().unwrap().holds("203.0.113.9".parse().unwrap()));
    }
}
