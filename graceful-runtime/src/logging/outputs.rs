//! Where standard output and standard error lead.

/// Whether whoever reads the one reads the other too: a terminal, or one file for both.
#[cfg(unix)]
pub(super) fn outputs_are_one() -> bool {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt as _;

    fn identity(output: &impl AsFd) -> io::Result<(u64, u64, u64)> {
        let file = File::from(output.as_fd().try_clone_to_owned()?);
        let file = file.metadata()?;
        Ok((file.dev(), file.ino(), file.rdev()))
    }
    match (identity(&io::stdout()), identity(&io::stderr())) {
        (Ok(stdout), Ok(stderr)) => stdout == stderr,
        _ => false,
    }
}

#[cfg(not(unix))]
pub(super) fn outputs_are_one() -> bool {
    false
}
