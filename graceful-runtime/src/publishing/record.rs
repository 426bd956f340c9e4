//! The report as a record in a file: a container's termination log, or one that is read once the process is gone.

use crate::log::to_stderr;
use crate::report::Report;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// What Kubernetes reads of a termination log.
const TEXT: usize = 4096;

/// Appends it: JSON in one line where the file's name ends in `.json`, else the timeline. Where it can't be written
/// it is on standard error: a full disk must not hide why the process ended.
pub(crate) fn write_record(file: &Path, report: &Report) {
    let record = if file
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        json(report)
    } else {
        text(report)
    };
    if let Err(error) = append(file, &record) {
        let file = file.display();
        to_stderr(&format!(
            "the report can't be written to {file} ({error}), so it is here:\n{record}"
        ));
    }
}

/// In one piece: other processes may append to it too. Behind a record that was cut, as on a full disk, it begins a line; beside
/// one that another process is just writing, at most an empty line.
fn append(file: &Path, record: &str) -> io::Result<()> {
    let begin = if is_cut(file).unwrap_or(false) {
        "\n"
    } else {
        ""
    };
    let mut file = OpenOptions::new().append(true).create(true).open(file)?;
    file.write_all(format!("{begin}{record}\n").as_bytes())
}

/// Whether what is there ends in the middle of a line. Of a pipe nobody can tell, and to open it would block.
fn is_cut(file: &Path) -> io::Result<bool> {
    if !fs::metadata(file)?.is_file() {
        return Ok(false);
    }
    let mut file = File::open(file)?;
    // An empty file has no last byte.
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// The timeline; of one that is too long the first lines, which tell most.
fn text(report: &Report) -> String {
    const MORE: &str = "\n  …";

    let mut text = report.to_string();
    if text.len() >= TEXT {
        let room = TEXT - MORE.len() - 1;
        let lines = text.as_bytes()[..room].iter();
        let end_of_line = lines.rev().position(|byte| *byte == b'\n');
        let end = end_of_line.map_or(room, |behind| room - behind - 1);
        let end = (0..=end).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or(0));
        text.push_str(MORE);
    }
    text
}

/// With what tells it from those of other processes.
#[cfg(feature = "json")]
fn json(report: &Report) -> String {
    #[derive(serde::Serialize)]
    struct Record<'a> {
        program: Option<String>,
        pid: u32,
        #[serde(flatten)]
        report: &'a Report,
    }

    let path = std::env::args_os().next();
    let name = path.as_deref().map(Path::new).and_then(Path::file_name);
    let record = Record {
        program: name.map(|name| name.to_string_lossy().into_owned()),
        pid: std::process::id(),
        report,
    };
    // It holds texts and numbers: nothing that JSON has no form for.
    serde_json::to_string(&record).unwrap_or_else(|_| text(report))
}

#[cfg(not(feature = "json"))]
fn json(report: &Report) -> String {
    text(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defer;
    use crate::tests::life;

    fn report_of(steps: usize) -> Report {
        let register = async move {
            for step in 0..steps {
                defer(
                    format!("a step with a name that is long, {step:40}"),
                    |_| async {},
                );
            }
        };
        life(register).1
    }

    /// Half of one is there: the disk was full, and now there is room.
    #[test]
    fn a_record_behind_one_that_was_cut_is_whole() {
        let folder = std::env::temp_dir().join(format!("graceful-record-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("stops.txt");
        fs::write(&file, "stopping after SIG").unwrap();
        let report = report_of(0);
        for _ in 0..2 {
            write_record(&file, &report);
        }
        let records = fs::read_to_string(&file).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let whole = text(&report);
        assert_eq!(records, format!("stopping after SIG\n{whole}\n{whole}\n"));
    }

    #[test]
    fn the_timeline_is_cut_to_what_kubernetes_reads() {
        let few = text(&report_of(3));
        assert!(few.lines().count() == 4 && !few.contains('…'), "{few}");
        let many = text(&report_of(50));
        assert!(
            many.len() < TEXT && many.len() > TEXT - 300,
            "{}",
            many.len()
        );
        assert!(many.starts_with("stopped after "), "{many}");
        assert!(many.ends_with("closed\n  …"), "{many}");
    }
}
