//! What is to be done with a field when the stop begins: beside the delay, and before the first close.

mod act;
mod lent;

pub use lent::{Lent, Loan, OnLoan};
