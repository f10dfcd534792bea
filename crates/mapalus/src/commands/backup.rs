//! `mapalus backup` and `mapalus restore`: everything into one file, and out of it again.

use crate::{
    archive::{self, Compare, Contents, Header, Rows, Sealed, Writer},
    config::Config,
    node,
};
use anyhow::{Context, Result, bail, ensure};
use mapalus_app::{MIGRATIONS, shell::secrets::InstanceKey};
use mapalus_core::{Clock, chance::SystemChance, time::SystemClock};
use mapalus_db::{Backend, fitting_migrations, transfer};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, IsTerminal, Read, Seek},
    path::{Path, PathBuf},
};

/// The variable that holds the passphrase of the sealed key.
pub const PASSPHRASE: &str = "MAPALUS_BACKUP_PASSPHRASE";

/// The passphrase: the first line of the file (`-` is standard input), or else the variable's value, or else what is
/// typed where somebody sits at a terminal.
fn passphrase(file: Option<&Path>, asked: impl FnOnce() -> Result<Option<String>>) -> Result<Option<String>> {
    let text = match file {
        None => match std::env::var(PASSPHRASE) {
            Ok(text) => Some(text),
            Err(_) => return asked(),
        },
        Some(path) => {
            let mut text = String::new();
            let mut from: Box<dyn Read> = if path == Path::new("-") {
                Box::new(io::stdin())
            } else {
                Box::new(File::open(path).with_context(|| format!("cannot read {}", path.display()))?)
            };
            from.by_ref().take(4096).read_to_string(&mut text).context("the passphrase cannot be read")?;
            Some(text.lines().next().unwrap_or_default().to_owned())
        }
    };
    ensure!(text.as_deref() != Some(""), "the passphrase is empty");
    Ok(text)
}

/// Whether somebody sits there who can be asked. A timer or a script is not: it goes on without a passphrase.
fn at_a_terminal() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a new passphrase, twice, so that nobody seals the key with a slip of the finger. None if nothing is typed.
fn new_passphrase(mut ask: impl FnMut(&str) -> io::Result<String>) -> Result<Option<String>> {
    let text = ask("Passphrase that seals the instance key (leave it empty to leave the key out): ")?;
    if text.is_empty() {
        return Ok(None);
    }
    // Said before it is typed a second time.
    archive::long_enough(&text)?;
    ensure!(ask("Once more: ")? == text, "the two are not the same: nothing was written");
    Ok(Some(text))
}

/// The key as it is configured, or in its file; none is made.
fn existing_key(config: &Config) -> Result<Option<String>> {
    let path = config.data.join(node::KEY);
    let text = match &config.instance_key {
        Some(text) => text.clone(),
        None if path.exists() => {
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?
        }
        None => return Ok(None),
    };
    let key = InstanceKey::from_text(&text).context("the instance key is not a key")?;
    Ok(Some(key.text()))
}

/// Writes a backup, while the instance serves or while it does not.
pub async fn write(config: &Config, to: &Path, passphrase_file: Option<&Path>) -> Result<()> {
    ensure!(!to.exists(), "{} is there already; a backup never overwrites", to.display());
    let key = existing_key(config)?;
    let ask = key.is_some() && at_a_terminal();
    let typed = || if ask { new_passphrase(|text| rpassword::prompt_password(text)) } else { Ok(None) };
    let passphrase = passphrase(passphrase_file, typed)?;
    let sealed = match (&key, &passphrase) {
        (Some(key), Some(passphrase)) => Some(Sealed::new(key, passphrase, &SystemChance)?),
        _ => None,
    };
    let url = config.database();
    let from = if url.starts_with("sqlite:") { Backend::Sqlite } else { Backend::Postgres };
    let header = Header::new(SystemClock.now().0, from, node::is_demo(&config.data), sealed);

    let part = Part::new(to)?;
    let writer = Writer::new(BufWriter::new(part.file.try_clone()?), header);
    let (out, rows, tables) = transfer::dump(&url, writer).await?.ended();
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all().with_context(|| format!("cannot write {}", to.display()))?;
    part.appear(to)?;

    println!("{}: {rows} rows of {tables} tables", to.display());
    match (key, passphrase) {
        (Some(_), Some(_)) => println!("the instance key is in it, sealed with the passphrase"),
        (Some(_), None) => println!(
            "the instance key is NOT in it, for no passphrase was given ({PASSPHRASE} or --passphrase-file): \
             mailed links that are under way would end with a restore"
        ),
        (None, _) => println!("there is no instance key yet, so none is in it"),
    }
    Ok(())
}

/// A file that is not whole yet. Goes with the value, unless it has appeared under its name.
struct Part {
    path: PathBuf,
    file: File,
}

impl Part {
    /// Beside its place, for its owner only.
    fn new(to: &Path) -> Result<Self> {
        let mut name = OsString::from(".");
        name.push(to.file_name().with_context(|| format!("{} is no file", to.display()))?);
        name.push(format!(".{}.part", std::process::id()));
        let path = to.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path, file })
    }

    /// Under its name, which must still be free. A link replaces nothing, a renaming would.
    fn appear(self, to: &Path) -> Result<()> {
        match fs::hard_link(&self.path, to) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                bail!("{} is there already; a backup never overwrites", to.display())
            }
            // A file system without links.
            Err(_) => {
                ensure!(!to.exists(), "{} is there already; a backup never overwrites", to.display());
                fs::rename(&self.path, to).with_context(|| format!("cannot write {}", to.display()))?;
            }
        }
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        // Where a folder cannot be opened it need not be synced.
        if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
            folder.sync_all()?;
        }
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Renamed, or there is nothing more to do about it.
        let _ = fs::remove_file(&self.path);
    }
}

/// Restores a backup into an empty folder and database. Everything is checked before anything is
/// written, and what was written is read back and compared before it counts.
pub async fn restore(
    config: &Config,
    from: &Path,
    passphrase_file: Option<&Path>,
    without_key: bool,
) -> Result<()> {
    let mut file = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    let contents = archive::check(BufReader::new(&file)).with_context(|| from.display().to_string())?;
    let (rows, count) = (contents.rows(), contents.tables.len());
    let Contents { header, tables } = contents;
    let applied = header.migrations.iter().map(|(name, sum)| (name.as_str(), sum.as_str()));
    let migrations = fitting_migrations(MIGRATIONS, applied)
        .with_context(|| format!("the backup was written by Mapalus {}", header.program))?;
    let key = match (&header.key, without_key) {
        (Some(sealed), false) => {
            let typed = || {
                if !at_a_terminal() {
                    return Ok(None);
                }
                let ask = "Passphrase of the instance key: ";
                Ok(Some(rpassword::prompt_password(ask)?))
            };
            let passphrase = passphrase(passphrase_file, typed)?.with_context(|| {
                format!(
                    "the backup holds the instance key: give its passphrase ({PASSPHRASE} or \
                     --passphrase-file), or leave the key out with --without-key"
                )
            })?;
            let text = sealed.open(&passphrase)?;
            Some(InstanceKey::from_text(&text).context("what was sealed is no instance key")?.text())
        }
        _ => None,
    };
    check_empty(&config.data, key.as_deref())?;

    node::folder(&config.data)?;
    file.rewind()?;
    let source = Rows::new(BufReader::new(file))?;
    let (data, demo, there) = (config.data.clone(), header.demo, key.is_some());
    // The last thing before the database appears: without the key it would start with another.
    let last = move || {
        if demo {
            node::mark_demo(&data)?;
        }
        match &key {
            Some(key) => node::put_key(&data, key),
            None => Ok(()),
        }
    };
    transfer::restore(&config.database(), migrations, source, Compare::new(header, tables, last)).await?;

    println!("{rows} rows of {count} tables are restored, and were the same when read back");
    if there {
        println!("the instance key is in {}", config.data.join(node::KEY).display());
    } else {
        println!(
            "the instance key is not restored: the next start makes one, and mailed links under way end"
        );
    }
    Ok(())
}

/// Refuses a folder that holds anything but the traces of a restore that was interrupted.
fn check_empty(data: &Path, key: Option<&str>) -> Result<()> {
    let entries = match fs::read_dir(data) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| format!("cannot read {}", data.display()))?,
    };
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let ours = match name.as_str() {
            "mapalus.lock" | node::DEMO_MARK => true,
            node::KEY => {
                key.is_some_and(|key| fs::read_to_string(data.join(node::KEY)).is_ok_and(|k| k == key))
            }
            name => name.starts_with("mapalus.db.restoring"),
        };
        ensure!(ours, "{} is not empty, it holds {name}: restore into a new folder", data.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(lines: &[&str]) -> Result<Option<String>> {
        let mut lines = lines.iter();
        new_passphrase(|_| Ok((*lines.next().expect("nothing more is asked")).to_owned()))
    }

    #[test]
    fn a_new_passphrase_is_typed_twice_alike_and_long_enough_or_not_at_all() {
        let long = "tujuh ekor kucing";
        assert_eq!(typed(&[long, long]).ok(), Some(Some(long.to_owned())));
        assert_eq!(typed(&[""]).ok(), Some(None));
        assert!(typed(&["pendek"]).is_err());
        assert!(typed(&[long, "tujuh ekor kucinh"]).is_err());
    }

    #[test]
    fn nobody_is_asked_where_a_file_holds_the_passphrase() {
        let folder = std::env::temp_dir().join(format!("mapalus-passphrase-{}", std::process::id()));
        fs::write(&folder, "dari berkas ini\nbukan ini\n").expect("a file can be written");
        let found = passphrase(Some(&folder), || bail!("asked"));
        fs::remove_file(&folder).expect("it is there");
        assert_eq!(found.ok(), Some(Some("dari berkas ini".to_owned())));
    }
}
