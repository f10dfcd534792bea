//! The index in a folder: what stays, what is thrown away.

use std::path::{Path, PathBuf};

use mapalus_search::{Change, Error, Index, Opened, Settings};

use crate::{all, found, named, words};

/// What becomes of the bytes of a file; `None`: it is gone.
type Damage = fn(&[u8]) -> Option<Vec<u8>>;

/// A folder of this test, empty at first and gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("search-{name}"));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn open(&self) -> (Index, Opened) {
        Index::open_or_create(&self.0, Settings::default()).expect("opened")
    }

    fn filled(&self) {
        let (index, opened) = self.open();
        assert_eq!(opened, Opened::Empty);
        index
            .apply([Change::from(named("a", "Perawat")), Change::from(named("b", "Guru"))], 41)
            .expect("put");
        index.apply([Change::Remove("b".to_owned())], 42).expect("removed");
        index.settle().expect("no file comes or goes any more");
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.0).expect("a folder");
        let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn groups_and_cursor_are_there_after_opening_again() {
    let folder = Folder::new("again");
    folder.filled();
    let (index, opened) = folder.open();
    assert_eq!((opened, index.cursor(), index.groups()), (Opened::Filled, 42, 1));
    assert_eq!(found(&index, &words("perawat")), ["a"]);
}

#[test]
fn a_cleared_index_has_followed_nothing() {
    let folder = Folder::new("cleared");
    folder.filled();
    folder.open().0.clear().expect("cleared");
    let (index, _) = folder.open();
    assert_eq!((index.cursor(), index.groups()), (0, 0));
}

#[test]
fn one_folder_has_one_writer() {
    let folder = Folder::new("two");
    let first = folder.open().0;
    let second = Index::open_or_create(&folder.0, Settings::default());
    assert!(matches!(second, Err(Error::InUse)), "{second:?}");
    first.apply([Change::from(named("a", "Perawat"))], 7).expect("the first is unharmed");
    let second = Index::open_or_create(&folder.0, Settings::default());
    assert!(matches!(second, Err(Error::InUse)), "{second:?}");
    drop(first);
    assert_eq!(folder.open().0.cursor(), 7);
}

#[test]
fn an_index_of_an_older_format_is_made_anew() {
    let folder = Folder::new("older");
    folder.filled();
    let meta = folder.0.join("meta.json");
    let text = std::fs::read_to_string(&meta).expect("the list of segments");
    assert!(text.contains("mapalus 4 42"), "{text}");
    std::fs::write(&meta, text.replace("mapalus 4 42", "mapalus 0 42")).expect("written");
    let (index, opened) = folder.open();
    assert_eq!((opened, index.cursor(), index.groups()), (Opened::Empty, 0, 0));
}

#[test]
fn a_damaged_index_is_made_anew() {
    let folder = Folder::new("damaged");
    folder.filled();
    let whole: Vec<_> =
        folder.files().into_iter().map(|path| (std::fs::read(&path).expect("read"), path)).collect();
    assert!(whole.len() > 8, "{whole:?}");
    let damages: [(&str, Damage); 5] = [
        ("gone", |_| None),
        ("empty", |_| Some(Vec::new())),
        ("half", |bytes| Some(bytes[..bytes.len() / 2].to_vec())),
        ("garbage", |bytes| Some(vec![0xa5; bytes.len()])),
        ("flipped", |bytes| {
            let mut bytes = bytes.to_vec();
            if let Some(byte) = bytes.get_mut(0) {
                *byte ^= 0x40;
            }
            Some(bytes)
        }),
    ];
    for (damage, make) in damages {
        for at in 0..whole.len() {
            for path in folder.files() {
                std::fs::remove_file(path).expect("removed");
            }
            for (number, (bytes, path)) in whole.iter().enumerate() {
                let bytes = if number == at { make(bytes) } else { Some(bytes.clone()) };
                if let Some(bytes) = bytes {
                    std::fs::write(path, bytes).expect("written");
                }
            }
            let (index, opened) = folder.open();
            let expected = if opened == Opened::Empty { Vec::new() } else { vec!["a"] };
            assert_eq!(found(&index, &all()), expected, "{damage}: {:?}", whole[at].1);
            index.apply([Change::from(named("c", "Bidan"))], 43).expect("it can be filled");
            assert_eq!(found(&index, &words("bidan")), ["c"], "{damage}: {:?}", whole[at].1);
            index.settle().expect("nothing is being written when the next one is damaged");
        }
    }
}

#[test]
fn what_is_not_of_the_index_stays() {
    let folder = Folder::new("others");
    let other = folder.0.join("notes.txt");
    std::fs::write(&other, "mine").expect("written");
    std::fs::write(folder.0.join("meta.json"), "{").expect("written");
    assert_eq!(folder.open().1, Opened::Empty);
    assert_eq!(std::fs::read_to_string(other).expect("still there"), "mine");
}
