//! Where a SQLite database may stand: a folder of a local disk, used by one process.

use crate::DbError;
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

/// The hold on a database's folder; ends with its last clone or with the process.
pub(crate) struct Place {
    /// The database file.
    pub(crate) path: PathBuf,
    _lock: File,
}

impl Place {
    /// Makes the folder and the file if need be (readable by their owner only), and locks it.
    pub(crate) fn take(path: &Path) -> Result<Self, DbError> {
        let refused = |what: &str, folder: &Path, error: &dyn std::fmt::Display| {
            DbError::Refused(format!("{what} {}: {error}", folder.display()))
        };
        let Some(name) = path.file_name() else {
            return Err(DbError::Refused(format!("{} is not a file", path.display())));
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(folder).map_err(|error| refused("cannot make the folder", folder, &error))?;
        let folder =
            folder.canonicalize().map_err(|error| refused("cannot use the folder", folder, &error))?;
        let path = folder.join(name);

        // Where there is no such file, the system has no such disks or does not tell.
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        if let Some(kind) = network_disk(&mounts, &folder) {
            return Err(DbError::Refused(format!(
                "{} is on a network disk ({kind}), where SQLite may lose data: use PostgreSQL or \
                 a local disk",
                folder.display()
            )));
        }
        let lock = private(&folder.join("mapalus.lock"))
            .map_err(|error| refused("cannot write in the folder", &folder, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(DbError::Taken(folder));
            }
            Err(TryLockError::Error(error)) => {
                return Err(refused("cannot lock the folder", &folder, &error));
            }
        }
        private(&path).map_err(|error| refused("cannot write in the folder", &folder, &error))?;
        Ok(Self { path, _lock: lock })
    }
}

/// Opens a file for writing; a new one is for its owner only. SQLite gives its log the same mode.
pub(crate) fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// File systems whose locks or shared memory do not hold between machines.
const NETWORK: &[&str] = &[
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "fuse.ceph",
    "fuse.ceph-fuse",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.goofys",
    "fuse.juicefs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb2",
    "smb3",
    "smbfs",
];

/// The type of the network disk that holds this absolute path, if one does, from the text of
/// `/proc/self/mountinfo`.
pub(crate) fn network_disk<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        // id parent device root mount-point options [tags..] - type source options
        let Some((left, right)) = line.split_once(" - ") else {
            continue;
        };
        let (Some(point), Some(kind)) = (left.split(' ').nth(4), right.split(' ').next()) else {
            continue;
        };
        let point = PathBuf::from(unescaped(point));
        let depth = point.components().count();
        // Of mounts on the same point the last one covers the others.
        if path.starts_with(&point) && best.is_none_or(|(deepest, _)| depth >= deepest) {
            best = Some((depth, kind));
        }
    }
    best.map(|(_, kind)| kind).filter(|kind| NETWORK.contains(kind))
}

/// Blanks, tabs, line ends and backslashes stand there as `\040` and the like.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after
            .get(..3)
            .filter(|_| first == b'\\')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = &after[3..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:50 / /srv/data rw,relatime shared:5 - nfs4 nas:/data rw,vers=4.2
41 40 254:3 / /srv/data/local rw,relatime - xfs /dev/vdb rw
42 27 0:51 / /mnt/my\\040share rw - cifs //nas/share rw
43 27 0:52 / /mnt/home rw - ext4 /dev/vdc rw
44 43 0:53 / /mnt/home rw - fuse.sshfs host: rw
";

    #[test]
    fn a_folder_of_a_network_disk_is_found_out() {
        assert_eq!(network_disk(MOUNTS, Path::new("/srv/data/mapalus")), Some("nfs4"));
        assert_eq!(network_disk(MOUNTS, Path::new("/mnt/my share/x")), Some("cifs"));
    }

    #[test]
    fn a_local_disk_within_or_beside_a_network_disk_is_fine() {
        assert_eq!(network_disk(MOUNTS, Path::new("/srv/data/local/mapalus")), None);
        assert_eq!(network_disk(MOUNTS, Path::new("/srv/database")), None);
        assert_eq!(network_disk(MOUNTS, Path::new("/var/lib/mapalus")), None);
    }

    #[test]
    fn the_last_mount_on_a_point_counts() {
        assert_eq!(network_disk(MOUNTS, Path::new("/mnt/home/x")), Some("fuse.sshfs"));
    }

    #[test]
    fn a_table_that_is_not_understood_refuses_nothing() {
        assert_eq!(network_disk("what is this\n\n - \n", Path::new("/")), None);
    }
}
