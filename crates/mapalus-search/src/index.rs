//! The index: a folder that one process writes, with the place up to which it has followed.

mod folder;
mod search;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::index::{IndexSettings, SegmentId};
use tantivy::merge_policy::LogMergePolicy;
use tantivy::schema::{FAST, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{
    Index as Engine, IndexReader, IndexWriter, ReloadPolicy, Searcher, SegmentReader, TantivyDocument,
    TantivyError, Term,
};

use crate::document::{Change, Document, marks};
use crate::place::Point;
use crate::plan::Fields;
use crate::table::Table;
use crate::words::{Stems, Words};

/// Changes whenever documents of before would be found differently than those of now: stems, fields, marks.
const FORMAT: u32 = 4;

/// Why the index did not do what it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process, or another handle of this one, writes this folder.
    #[error("the search index is in use by another writer")]
    InUse,
    /// The folder could not be made or emptied.
    #[error("the folder of the search index cannot be used")]
    Folder(#[source] std::io::Error),
    /// The engine failed: mostly a full or failing disk.
    #[error("the search index failed")]
    Engine(#[source] TantivyError),
}

impl From<TantivyError> for Error {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::InUse,
            error => Self::Engine(error),
        }
    }
}

/// What was found when the index was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// Documents as of [`Index::cursor`].
    Filled,
    /// Nothing: a new folder, one of an older format, or a damaged one. Put every document, then follow.
    Empty,
}

/// What the index may use.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Memory for documents that are not yet written, in bytes, shared by the threads; at least 15 MB for each.
    pub memory_bytes: usize,
    /// Threads that write. One suffices to follow; more make filling faster.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { memory_bytes: 50_000_000, threads: 1 }
    }
}

/// The index of groups. Reading goes on while something is written; writers wait for each other.
pub struct Index {
    fields: Fields,
    writer: Mutex<IndexWriter>,
    reader: IndexReader,
    cursor: AtomicI64,
    stems: Stems,
    tables: Mutex<HashMap<SegmentId, Arc<Table>>>,
    /// The reader may not see all that is written.
    stale: AtomicBool,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |tokenizer: &str| {
        let indexing = TextFieldIndexing::default();
        TextOptions::default().set_indexing_options(
            indexing
                .set_tokenizer(tokenizer)
                .set_index_option(IndexRecordOption::WithFreqs)
                .set_fieldnorms(true),
        )
    };
    let basic = TextFieldIndexing::default();
    let basic = basic.set_tokenizer("raw").set_index_option(IndexRecordOption::Basic).set_fieldnorms(false);
    let fields = Fields {
        id: schema.add_text_field("id", STRING | STORED),
        name: schema.add_text_field("name", text("plain") | STORED),
        name_stems: schema.add_text_field("name_stems", text("stemmed")),
        text: schema.add_text_field("text", text("plain")),
        text_stems: schema.add_text_field("text_stems", text("stemmed")),
        marks: schema
            .add_text_field("marks", TextOptions::default().set_indexing_options(basic).set_fast("raw")),
        point: schema.add_u64_field("point", FAST),
        members: schema.add_u64_field("members", FAST),
        made_at: schema.add_i64_field("made_at", FAST),
        order: schema.add_u64_field("order", FAST),
    };
    (schema.build(), fields)
}

/// Few groups in one block of what is kept: an answer reads twenty of them here and there.
fn layout() -> IndexSettings {
    IndexSettings { docstore_blocksize: 2_048, ..IndexSettings::default() }
}

/// A digest that is the same in every process (FNV-1a).
fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn payload(cursor: i64) -> String {
    format!("mapalus {FORMAT} {cursor}")
}

fn cursor_of(payload: &str) -> Option<i64> {
    payload.strip_prefix(&format!("mapalus {FORMAT} "))?.parse().ok()
}

impl Index {
    /// Opens the index in this folder, or makes it. What cannot be read or is of an older format is deleted; other files
    /// in the folder stay. Reads the whole index once, to see that it is undamaged.
    ///
    /// # Errors
    /// [`Error::InUse`], or the folder cannot be used.
    pub fn open_or_create(dir: &Path, settings: Settings) -> Result<(Self, Opened), Error> {
        std::fs::create_dir_all(dir).map_err(Error::Folder)?;
        if folder::has_index(dir) {
            match Self::open(dir, settings) {
                Ok(Some(index)) => return Ok((index, Opened::Filled)),
                Err(Error::InUse) => return Err(Error::InUse),
                Ok(None) | Err(_) => {}
            }
        }
        // Nobody may be writing what is deleted now; the writer takes the same lock again.
        let place = MmapDirectory::open(dir).map_err(TantivyError::from)?;
        let alone = place.acquire_lock(&INDEX_WRITER_LOCK).map_err(TantivyError::from)?;
        folder::wipe(dir).map_err(Error::Folder)?;
        drop(alone);
        let engine = Engine::builder().schema(schema().0).settings(layout()).create_in_dir(dir)?;
        Ok((Self::with(&engine, settings, 0)?, Opened::Empty))
    }

    /// An index that lives in memory, empty.
    ///
    /// # Errors
    /// The engine does not start.
    pub fn in_memory(settings: Settings) -> Result<Self, Error> {
        let engine = Engine::builder().schema(schema().0).settings(layout()).create_in_ram()?;
        Self::with(&engine, settings, 0)
    }

    /// `None` if it is of another format or damaged.
    fn open(dir: &Path, settings: Settings) -> Result<Option<Self>, Error> {
        let engine = Engine::open_in_dir(dir)?;
        if engine.schema() != schema().0 || !engine.validate_checksum()?.is_empty() {
            return Ok(None);
        }
        let Some(cursor) = engine.load_metas()?.payload.as_deref().and_then(cursor_of) else {
            return Ok(None);
        };
        Self::with(&engine, settings, cursor).map(Some)
    }

    fn with(engine: &Engine, settings: Settings, cursor: i64) -> Result<Self, Error> {
        engine.tokenizers().register("plain", Words::plain());
        engine.tokenizers().register("stemmed", Words::stemmed());
        let threads = settings.threads.clamp(1, 8);
        let memory = settings.memory_bytes.max(threads * 15_000_000 + 1_000_000);
        let writer: IndexWriter = engine.writer_with_num_threads(threads, memory)?;
        let mut merging = LogMergePolicy::default();
        merging.set_min_num_segments(4);
        merging.set_del_docs_ratio_before_merge(0.3);
        writer.set_merge_policy(Box::new(merging));
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self {
            fields: schema().1,
            writer: Mutex::new(writer),
            reader,
            cursor: AtomicI64::new(cursor),
            stems: Stems::new(),
            tables: Mutex::default(),
            stale: AtomicBool::new(false),
        })
    }

    /// What is known of every segment of the searcher, in their order; what is not yet known is read.
    fn tables(&self, searcher: &Searcher) -> tantivy::Result<Vec<Arc<Table>>> {
        searcher.segment_readers().iter().map(|segment| self.table(segment)).collect()
    }

    fn table(&self, segment: &SegmentReader) -> tantivy::Result<Arc<Table>> {
        let id = segment.segment_id();
        if let Some(table) = lock(&self.tables).get(&id) {
            return Ok(Arc::clone(table));
        }
        let table = Arc::new(Table::read(segment)?);
        lock(&self.tables).insert(id, Arc::clone(&table));
        Ok(table)
    }

    /// Up to where the index has followed: the number of the last [`apply`](Self::apply), 0 at first.
    #[must_use]
    pub fn cursor(&self) -> i64 {
        self.cursor.load(Ordering::Acquire)
    }

    /// How many groups are in it.
    #[must_use]
    pub fn groups(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Applies the changes in their order and notes the cursor, both in one commit: after a crash either both are there
    /// or neither. Searches see it when this returns. A commit waits for the disk, so many changes at once are cheap
    /// and single ones cost some milliseconds.
    ///
    /// # Errors
    /// The engine fails; then nothing of it is applied, and the cursor is what it was.
    pub fn apply(&self, changes: impl IntoIterator<Item = Change>, cursor: i64) -> Result<(), Error> {
        let mut writer = lock(&self.writer);
        let done = self.write(&mut writer, changes, cursor);
        self.finish(&mut writer, done, cursor)
    }

    /// Takes everything out and sets the cursor to 0.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn clear(&self) -> Result<(), Error> {
        let mut writer = lock(&self.writer);
        let done = writer.delete_all_documents().and_then(|_| Self::commit(&mut writer, 0));
        self.finish(&mut writer, done, 0)
    }

    /// Waits until segments that are being put together are so. Only for measuring: nothing else depends on it.
    ///
    /// # Errors
    /// The engine fails.
    pub fn settle(self) -> Result<(), Error> {
        let writer = self.writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        writer.wait_merging_threads()?;
        Ok(())
    }

    fn write(
        &self,
        writer: &mut IndexWriter,
        changes: impl IntoIterator<Item = Change>,
        cursor: i64,
    ) -> tantivy::Result<()> {
        // Looking for what is to be replaced costs at every commit, so it is done only where there is something.
        let searcher = self.reader.searcher();
        let stale = self.stale.swap(true, Ordering::AcqRel);
        let mut put: HashSet<u64> = HashSet::new();
        for change in changes {
            match change {
                Change::Put(document) => {
                    let id = Term::from_field_text(self.fields.id, &document.id);
                    if !put.insert(digest(&document.id)) || stale || searcher.doc_freq(&id)? > 0 {
                        writer.delete_term(id);
                    }
                    writer.add_document(self.document(&document))?;
                }
                Change::Remove(id) => {
                    writer.delete_term(Term::from_field_text(self.fields.id, &id));
                }
            }
        }
        Self::commit(writer, cursor)
    }

    fn commit(writer: &mut IndexWriter, cursor: i64) -> tantivy::Result<()> {
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&payload(cursor));
        prepared.commit()?;
        Ok(())
    }

    fn finish(&self, writer: &mut IndexWriter, done: tantivy::Result<()>, cursor: i64) -> Result<(), Error> {
        if let Err(error) = done {
            writer.rollback()?;
            return Err(error.into());
        }
        self.cursor.store(cursor, Ordering::Release);
        // Here rather than in the first search that comes. A segment that is being put together with others meanwhile
        // may be gone; then that search reads the new one.
        for segment in self.reader.searcher().index().searchable_segments()? {
            if let Ok(segment) = SegmentReader::open(&segment) {
                self.table(&segment)?;
            }
        }
        self.reader.reload()?;
        self.stale.store(false, Ordering::Release);
        let searcher = self.reader.searcher();
        let alive: Vec<SegmentId> =
            searcher.segment_readers().iter().map(|segment| segment.segment_id()).collect();
        lock(&self.tables).retain(|id, _| alive.contains(id));
        Ok(())
    }

    fn document(&self, from: &Document) -> TantivyDocument {
        let mut out = TantivyDocument::new();
        let fields = self.fields;
        out.add_text(fields.id, &from.id);
        for field in [fields.name, fields.name_stems] {
            out.add_text(field, &from.name);
        }
        let texts = [&from.name, &from.summary, &from.about].into_iter().chain(&from.words);
        let texts = texts.map(String::as_str).collect::<Vec<_>>().join("\n");
        for field in [fields.text, fields.text_stems] {
            out.add_text(field, &texts);
        }
        for mark in marks(from) {
            out.add_text(fields.marks, mark);
        }
        let point = from.point.and_then(|(lat, lon)| Point::new(lat, lon));
        out.add_u64(fields.point, point.map_or(0, Point::pack));
        out.add_u64(fields.members, from.members);
        out.add_i64(fields.made_at, from.made_at);
        out.add_u64(fields.order, digest(&from.id));
        out
    }
}
