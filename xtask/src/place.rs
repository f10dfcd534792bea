//! Where things stand: the checkout, its scratch folder, a built program; and folders that remove themselves.

use crate::Outcome;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

/// The checkout.
pub fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// Everything this tool writes: logs, installed test tools, databases. Made when it is missing.
pub fn scratch() -> Outcome<PathBuf> {
    let path = root().join("target/xtask");
    fs::create_dir_all(&path).map_err(|error| format!("cannot make {}: {error}", path.display()))?;
    path.canonicalize().map_err(|error| format!("cannot find {}: {error}", path.display()))
}

/// A program of this workspace, built beside this tool by the same profile.
pub fn built(name: &str) -> Outcome<PathBuf> {
    let own =
        std::env::current_exe().map_err(|error| format!("cannot tell where this program stands: {error}"))?;
    let path = own.with_file_name(name);
    if path.is_file() { Ok(path) } else { Err(format!("{} is not built", path.display())) }
}

/// Where the programs of the release profile are built.
pub fn release() -> PathBuf {
    // Beside the folder of this tool's own profile: wherever `CARGO_TARGET_DIR` points.
    let own = std::env::current_exe().ok();
    let target = own.as_deref().and_then(Path::parent).and_then(Path::parent).map(Path::to_owned);
    target.unwrap_or_else(|| root().join("target")).join("release")
}

/// A port of the loopback address that was free a moment ago.
pub fn free_port() -> Outcome<u16> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port on 127.0.0.1: {error}"))
}

/// A folder that is removed when this value goes, unless it is to be kept.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    /// Makes `PARENT/KIND-PID`, empty, and removes those of this kind whose process is gone.
    pub fn make(parent: &Path, kind: &str, keep: bool) -> Outcome<Self> {
        remove_abandoned(parent, kind);
        let path = parent.join(format!("{kind}-{}", std::process::id()));
        if path.exists() {
            fs::remove_dir_all(&path).map_err(|error| format!("cannot empty {}: {error}", path.display()))?;
        }
        fs::create_dir_all(&path).map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Ok(Self { path, keep })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.keep {
            println!("kept: {}", self.path.display());
        } else if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("cannot remove {}: {error}", self.path.display());
        }
    }
}

/// A run that was killed leaves its folder. One that somebody kept on purpose goes the same way with the next run.
fn remove_abandoned(parent: &Path, kind: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner =
            name.to_str().and_then(|name| name.strip_prefix(kind)?.strip_prefix('-')?.parse::<u32>().ok());
        if owner.is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists())
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            eprintln!("cannot remove {}: {error}", entry.path().display());
        }
    }
}
