//! One write: its transaction, its instant, who does it; and the place to which it leads.

use mapalus_core::{Chance, Event, EventId, GroupId, Id, Millis, Permit, PersonId, TokenId, access::Action};
use mapalus_db::{DbError, Tx};
use std::{cell::Cell, fmt::Display};

/// A write under way. Actions take it, store their rows, their record and their events through it.
pub struct Work<'w, 't> {
    /// The transaction.
    pub tx: &'w mut Tx<'t>,
    /// The instant of the whole write.
    pub now: Millis,
    /// The random source.
    pub chance: &'w dyn Chance,
    /// Who does it; `None` for a stranger and for background work.
    pub actor: Option<PersonId>,
    /// The token by which a program does it for them.
    pub token: Option<TokenId>,
    /// Milliseconds that events to others are held back.
    pub undo_millis: i64,
    /// Whether an event was written: the background work is then woken.
    pub emitted: bool,
    /// How many identifiers this write has made.
    pub made: Cell<u16>,
}

/// Chance whose first bits count: identifiers of one instant sort by them.
struct Counting<'c> {
    chance: &'c dyn Chance,
    number: u16,
}

impl Chance for Counting<'_> {
    fn fill(&self, buffer: &mut [u8]) {
        self.chance.fill(buffer);
        if let Some(first) = buffer.first_chunk_mut() {
            *first = self.number.to_be_bytes();
        }
    }
}

impl Work<'_, '_> {
    /// A new identifier. Those of one write sort in the order in which they were made (up to 4,096): so do
    /// its events, and the mails and notices that follow from one event after the other.
    pub fn id<T: Id>(&self) -> T {
        let number = self.made.get();
        self.made.set(number.wrapping_add(1));
        T::new(self.now, &Counting { chance: self.chance, number })
    }

    /// Records what was done to what, and why: the audit row of this write. It stands among those of the group in which
    /// the permit was given.
    ///
    /// # Errors
    /// The database's error.
    pub fn record<A: Action>(
        &mut self,
        permit: &Permit<A>,
        subject: impl Display,
        why: &str,
    ) -> Result<(), DbError> {
        super::audit::record(self, (A::NAME, permit.group()), subject, why)
    }

    /// The same of a group that the permit does not know: one that is just opened, or one on which an operator acts.
    ///
    /// # Errors
    /// The database's error.
    pub fn record_in<A: Action>(
        &mut self,
        _permit: &Permit<A>,
        group: GroupId,
        subject: impl Display,
        why: &str,
    ) -> Result<(), DbError> {
        super::audit::record(self, (A::NAME, Some(group)), subject, why)
    }

    /// Forgets the words that people wrote when they did this to these things; that it was done stays on record.
    ///
    /// # Errors
    /// The database's error.
    pub fn forget_words<A: Action>(&mut self, subjects: &[impl Display]) -> Result<(), DbError> {
        let subjects: Vec<String> = subjects.iter().map(ToString::to_string).collect();
        super::audit::forget_words(self, A::NAME, &subjects)
    }

    /// Writes an event that goes out as soon as this write is committed.
    ///
    /// # Errors
    /// The database's error.
    pub fn emit(&mut self, event: &Event) -> Result<EventId, DbError> {
        super::outbox::put(self, event, self.now)
    }

    /// Writes an event that tells others: held back while it can be undone.
    ///
    /// # Errors
    /// The database's error.
    pub fn emit_held(&mut self, event: &Event) -> Result<EventId, DbError> {
        super::outbox::put(self, event, self.now.plus(self.undo_millis))
    }
}

/// Where a write leads: every form is answered by a redirect, every API call by the thing at that place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Path of the page to show next.
    pub location: String,
    /// Message key of what was done, told once on the next page.
    pub done: Option<String>,
    /// Path to post to if it is to be undone.
    pub undo: Option<String>,
}

impl Place {
    /// The page at this path.
    pub fn at(location: impl Into<String>) -> Self {
        Self { location: location.into(), done: None, undo: None }
    }

    /// The same, telling what was done.
    #[must_use]
    pub fn telling(mut self, key: &str) -> Self {
        self.done = Some(key.to_owned());
        self
    }

    /// The same, offering to undo it.
    #[must_use]
    pub fn undoable(mut self, path: impl Into<String>) -> Self {
        self.undo = Some(path.into());
        self
    }
}
