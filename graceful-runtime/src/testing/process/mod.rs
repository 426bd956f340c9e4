//! The program itself: started, signalled, and asked what became of it.

mod ended;
mod output;
mod pipe;
mod program;
mod running;

pub use ended::Ended;
pub use pipe::Pipe;
pub use program::Program;
pub use running::Process;
