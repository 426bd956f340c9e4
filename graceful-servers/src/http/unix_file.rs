//! The file of a Unix socket: which one is ours, and which one is nobody's.

use std::fs::{Metadata, remove_file, symlink_metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf, absolute};
use tokio::net::UnixStream;

/// Removed when it is dropped, unless somebody has put another one in its place: the next process does not
/// always wait for this one.
pub(super) struct UnixFile {
    path: PathBuf,
    id: (u64, u64),
}

impl UnixFile {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        Ok(Self {
            // The process may go to another folder.
            path: absolute(path)?,
            id: id(&symlink_metadata(path)?),
        })
    }
}

impl Drop for UnixFile {
    fn drop(&mut self) {
        let is_ours = symlink_metadata(&self.path).is_ok_and(|now| id(&now) == self.id);
        if is_ours {
            // Where it can't be removed, the next process finds that it is dead.
            let _ = remove_file(&self.path);
        }
    }
}

/// No other file has it as long as the socket is open.
fn id(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}

/// Whether it is a socket that nobody listens on. Connecting to any other file is refused too.
pub(super) async fn is_dead(path: &Path) -> bool {
    if !symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket()) {
        return false;
    }
    let connected = UnixStream::connect(path).await;
    connected.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}
