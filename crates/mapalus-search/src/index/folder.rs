//! The files of the index in its folder.

use std::io;
use std::path::Path;

/// Files of the engine that do not bear the name of a segment.
const NAMES: &[&str] = &["meta.json", ".managed.json"];

/// Whether an index was made here.
pub(super) fn has_index(dir: &Path) -> bool {
    dir.join("meta.json").exists()
}

/// Deletes the files of an index, and nothing else. The locks stay: one of them is held meanwhile.
pub(super) fn wipe(dir: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_str().is_some_and(is_ours) && entry.file_type()?.is_file() {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn is_ours(name: &str) -> bool {
    let segment = name.split('.').next().unwrap_or_default();
    let of_segment = segment.len() == 32 && segment.bytes().all(|byte| byte.is_ascii_hexdigit());
    NAMES.contains(&name) || of_segment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_engine_are_ours() {
        for ours in ["meta.json", ".managed.json", "0123456789abcdef0123456789abcdef.fast"] {
            assert!(is_ours(ours), "{ours}");
        }
        for other in ["mapalus.sqlite", "meta.json.bak", "notes.txt", ".tantivy-writer.lock", "0123.fast"] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
