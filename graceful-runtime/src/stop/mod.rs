//! The course of a stop, from its reason to the last close: as seen by the thread that nothing of the user's can make late.

mod course;
mod findings;
mod foreign_threads;
mod leaked_tasks;
mod main_body;
mod main_thread;
mod moments;
mod report;
mod runtime_threads;
mod serving_body;
mod supervisor;

pub(crate) use main_thread::AfterMain;
pub(crate) use moments::{AtRequest, LastWords, register_at_request, register_last_words};
pub(crate) use runtime_threads::RuntimeThreads;
pub(crate) use serving_body::SERVING;
pub(crate) use supervisor::{
    EXIT_MARGIN, LOG_FLUSH_BUDGET, Serving, Supervisor, WHILE_IT_WORKS_AT_MOST,
};
