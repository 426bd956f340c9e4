//! The program itself: started, signalled, and asked what became of it.

mod ended;
mod output;
mod program;
mod running;

pub use ended::Ended;
pub use program::{Pipe, Program};
pub use running::Process;
