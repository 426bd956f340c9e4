//! What came of a matrix.

use crate::fault::Fault;
use crate::report::Report;
use std::fmt;
use std::sync::Arc;

/// What came of a [`matrix`](super::matrix): `{}` prints a line for each step and a column for each fault, with
/// the time that the whole stop took, and then what does not hold, with the timelines.
#[derive(Clone, Debug)]
#[must_use = "`assert_holds` says whether everything holds"]
pub struct Table {
    pub(super) without: Cell,
    pub(super) faults: Vec<Fault>,
    pub(super) rows: Vec<Row>,
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) step: String,
    pub(super) cells: Vec<Cell>,
}

/// One stop.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) report: Arc<Report>,
    pub(super) findings: Vec<String>,
}

impl Table {
    /// Everything holds, in all of the stops.
    ///
    /// # Panics
    ///
    /// If not, with the table.
    #[track_caller]
    pub fn assert_holds(&self) {
        assert!(self.findings().next().is_none(), "\n{self}");
    }

    /// What does not hold: `http hang: …`, one text for each.
    pub fn findings(&self) -> impl Iterator<Item = String> + '_ {
        self.stops().flat_map(|(name, cell)| {
            let found = cell.findings.iter();
            found.map(move |finding| format!("{name}: {finding}"))
        })
    }

    /// The report of the stop in which this step has this fault.
    #[must_use]
    pub fn report(&self, step: &str, fault: Fault) -> Option<&Report> {
        let row = self.rows.iter().find(|row| row.step == step)?;
        let mut cells = self.faults.iter().zip(&row.cells);
        cells.find_map(|(of, cell)| (*of == fault).then_some(&*cell.report))
    }

    /// All of them, with what is wrong in each.
    fn stops(&self) -> impl Iterator<Item = (String, &Cell)> {
        let without = std::iter::once(("without a fault".to_owned(), &self.without));
        without.chain(self.rows.iter().flat_map(|row| {
            let cells = self.faults.iter().zip(&row.cells);
            cells.map(|(fault, cell)| (format!("{} {fault}", row.step), cell))
        }))
    }
}

/// `ok 12.000 s`
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.findings.is_empty() {
            "ok"
        } else {
            "FAILED"
        };
        let seconds = self.report.total.as_secs_f64();
        write!(f, "{verdict} {seconds:.3} s")
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WITHOUT: &str = "(no fault)";
        let steps = self.rows.iter().map(|row| row.step.chars().count());
        let first = steps.chain([WITHOUT.len()]).max().unwrap_or_default();
        let faults: Vec<String> = self.faults.iter().map(Fault::to_string).collect();
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        let widths = cells
            .map(|cell| cell.to_string().len())
            .chain(faults.iter().map(String::len));
        let width = widths.max().unwrap_or_default();

        let line = |first_cell: &str, cells: &[String]| {
            let cells = cells.iter().map(|cell| format!("  {cell:width$}"));
            let line = format!("{first_cell:first$}{}", cells.collect::<String>());
            line.trim_end().to_owned()
        };
        let texts = |cells: &[Cell]| cells.iter().map(Cell::to_string).collect::<Vec<_>>();
        writeln!(f, "{}", line("", &faults))?;
        write!(f, "{}", line(WITHOUT, &[self.without.to_string()]))?;
        for row in &self.rows {
            write!(f, "\n{}", line(&row.step, &texts(&row.cells)))?;
        }
        for (name, cell) in self.stops() {
            if cell.findings.is_empty() {
                continue;
            }
            write!(f, "\n\n{name}:")?;
            for finding in &cell.findings {
                write!(f, "\n- {finding}")?;
            }
            write!(f, "\n{}", cell.report)?;
        }
        Ok(())
    }
}
