//! One run of the program, from its start to what is left of it.

use super::load::{
    Load, Sample, Stream, Tally, Template, events, half_a_request, refuses_after, slow, websocket,
};
use super::options::{Kind, Options, Ready};
use super::processes::{self, Disposition, Listeners};
use super::program::{Program, can_be_pid_1};
use super::ready;
use super::report::{Report, StreamEnd, Written, seconds};
use super::throttle::Throttle;
use anyhow::bail;
use hyper::Uri;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// How long slow requests are in flight before the signal: each has reached its handler.
const IN_FLIGHT: Duration = Duration::from_millis(100);

/// Between two signals: long enough that the second is no copy of the first, as wrappers send them.
const BETWEEN_SIGNALS: Duration = Duration::from_secs(1);

/// How long a client may take to see that its server is gone.
const TO_SEE: Duration = Duration::from_secs(2);

/// How many lines of its output are quoted where it does not start.
const QUOTED: usize = 20;

/// Runs it once.
pub(super) async fn run(
    kind: Kind,
    options: &Options,
    starts_in: Option<Duration>,
) -> anyhow::Result<Report> {
    let mut report = Report::new(kind);
    if kind == Kind::Pid1 {
        if let Err(reason) = can_be_pid_1().await {
            report.skipped = Some(reason);
            return Ok(report);
        }
    }
    if let Some(ready) = options.readiness() {
        if ready::is(&ready).await {
            bail!(
                "{ready} says that it is ready before the program is started: somebody else serves there, whom it could not be told from"
            );
        }
    }
    let mut run = Run {
        program: Program::start(&options.command, kind == Kind::Pid1).await?,
        options,
        report,
        listeners: Listeners::default(),
    };
    match kind {
        Kind::StartUp => run.start_up(starts_in).await?,
        Kind::SecondSignal => run.second_signal().await?,
        Kind::Plain | Kind::Pid1 | Kind::FullStderr => run.under_load(None).await?,
        Kind::CpuLimit => {
            let group = run.program.group();
            let throttle = group.map(|group| Throttle::start(group, options.cpu));
            run.under_load(throttle).await?;
        }
    }
    run.left().await
}

struct Run<'a> {
    program: Program,
    options: &'a Options,
    report: Report,
    listeners: Listeners,
}

/// What clients do to it.
struct Clients {
    load: Option<Load>,
    slow: JoinSet<Sample>,
    streams: Vec<Stream>,
}

impl Run<'_> {
    fn template(&self, uri: &Uri) -> Template {
        Template {
            uri: uri.clone(),
            body: self.options.body.clone(),
            headers: self.options.header.clone(),
        }
    }

    /// Whether it is ready, and in which time.
    async fn is_ready(&mut self) -> anyhow::Result<bool> {
        // Where nobody can tell, it has the time that load would have had.
        let Some(ready) = self.options.readiness() else {
            return Ok(true);
        };
        let limit = self.options.start_timeout;
        let ready = ready::wait(&mut self.program, &ready, limit).await;
        Ok(match ready {
            Ok(after) => {
                self.report.ready_seconds = Some(seconds(after));
                true
            }
            Err(error) => {
                // Often it is ready somewhere else.
                let listens = match Listeners::of(self.program.pid()).words() {
                    Some(words) if !self.program.has_ended()? => format!("; it listens on {words}"),
                    _ => String::new(),
                };
                self.report.not_ready = Some(format!("{error}{listens}"));
                false
            }
        })
    }

    /// Its end is then no stop, and there is nobody to signal.
    fn has_ended_by_itself(&mut self) -> anyhow::Result<bool> {
        let has_ended = self.program.has_ended()?;
        if has_ended {
            self.report.not_ready = Some("it ended by itself, before the signal".to_owned());
        }
        Ok(has_ended)
    }

    fn signal(&mut self) -> Instant {
        self.listeners = Listeners::of(self.program.pid());
        self.report.shell = processes::shell(self.program.pid());
        let signal = self.options.signal;
        self.report.signal_disposition = Disposition::of(self.program.pid(), signal.for_kernel());
        let signalled = Instant::now();
        self.program.signal(signal);
        signalled
    }

    /// One signal, while requests come.
    async fn under_load(&mut self, throttle: Option<Throttle>) -> anyhow::Result<()> {
        if !self.is_ready().await? {
            return Ok(());
        }
        let clients = match self.clients().await {
            Ok(clients) => clients,
            Err(error) => {
                self.report.not_ready = Some(format!("a stream could not be opened: {error:#}"));
                return Ok(());
            }
        };
        if self.report.run == Kind::FullStderr {
            self.program.stderr.stall()?;
        }
        if self.has_ended_by_itself()? {
            return Ok(());
        }
        let signalled = self.signal();
        let unready = match self.options.readiness() {
            // What only accepts connections says nothing of readiness.
            Some(ready @ Ready::Answers(_)) => Some(tokio::spawn(ready::gone(ready))),
            _ => None,
        };
        self.end(signalled).await?;
        let ended = Instant::now();
        drop(throttle);
        if let Some(unready) = unready {
            let at = timeout(TO_SEE, unready).await;
            let at = at
                .ok()
                .and_then(Result::ok)
                .map_or(ended, |at| at.min(ended));
            self.report.readiness_off_seconds = Some(seconds(at - signalled));
        }
        self.count(clients, signalled).await;
        Ok(())
    }

    /// Begins what is in flight when the signal comes, and lets it reach the program.
    async fn clients(&self) -> anyhow::Result<Clients> {
        let options = self.options;
        let load = options.url.as_ref().map(|uri| {
            let template = self.template(uri);
            Load::start(
                &options.load,
                options.rate,
                template,
                options.request_timeout,
            )
        });
        let mut streams = Vec::new();
        if let Some(uri) = &options.events {
            streams.push(events(uri).await?);
        }
        if let Some(uri) = &options.websocket {
            streams.push(websocket(uri).await?);
        }
        sleep(options.before.saturating_sub(IN_FLIGHT)).await;
        let slow = options.slow.as_ref().map(|uri| {
            let template = Template {
                body: None,
                ..self.template(uri)
            };
            slow(&template, options.request_timeout.max(options.bounds.grace))
        });
        sleep(IN_FLIGHT).await;
        Ok(Clients {
            load,
            slow: slow.unwrap_or_default(),
            streams,
        })
    }

    async fn count(&mut self, clients: Clients, signalled: Instant) {
        let mut samples = match clients.load {
            Some(load) => load.stop().await,
            None => Vec::new(),
        };
        samples.extend(clients.slow.join_all().await);
        let came_until = signalled + self.options.bounds.routing_lag;
        self.report.requests = Tally::of(&samples, Some(came_until));
        self.report.refuses_seconds = refuses_after(&samples, signalled).map(seconds);
        let sees = sleep(TO_SEE);
        tokio::pin!(sees);
        for mut stream in clients.streams {
            let name = stream.name;
            let (at, end) = tokio::select! {
                end = stream.end() => end,
                () = &mut sees => stream.leave(),
            };
            self.report.streams.push(StreamEnd {
                name,
                end,
                seconds: seconds(at.saturating_duration_since(signalled)),
            });
        }
    }

    /// A signal, and another one while it drains.
    async fn second_signal(&mut self) -> anyhow::Result<()> {
        if !self.is_ready().await? {
            return Ok(());
        }
        // Clients that a drain waits for, so that there is something to force.
        let mut half = None;
        if let Some(uri) = &self.options.url {
            half = half_a_request(uri).await.ok();
        }
        let requests = self.options.slow.as_ref().map(|uri| {
            let template = Template {
                body: None,
                ..self.template(uri)
            };
            slow(&template, self.options.request_timeout)
        });
        sleep(IN_FLIGHT.max(self.options.before)).await;
        if self.has_ended_by_itself()? {
            return Ok(());
        }
        let signalled = self.signal();
        sleep(BETWEEN_SIGNALS).await;
        if self.program.has_ended()? {
            self.end(signalled).await?;
            // It was over before: there was nothing to force.
            self.report.exit_seconds = None;
        } else {
            let again = Instant::now();
            self.program.signal(self.options.signal);
            self.end(signalled).await?;
            self.report.exit_after_second_seconds = Some(seconds(again.elapsed()));
        }
        drop((half, requests));
        Ok(())
    }

    /// A signal half-way to readiness.
    async fn start_up(&mut self, starts_in: Option<Duration>) -> anyhow::Result<()> {
        sleep(starts_in.unwrap_or(IN_FLIGHT) / 2).await;
        let signalled = self.signal();
        self.end(signalled).await
    }

    /// Waits until it has ended.
    async fn end(&mut self, signalled: Instant) -> anyhow::Result<()> {
        let deadline = signalled + self.options.bounds.grace;
        self.report.exit = Some(self.program.end(deadline).await?);
        self.report.exit_seconds = Some(seconds(signalled.elapsed()));
        Ok(())
    }

    /// What is still there, and what it has written.
    async fn left(mut self) -> anyhow::Result<Report> {
        let ended_by_itself = self.program.has_ended()?;
        if self.report.not_ready.is_some() {
            // Its end is not looked at: it is killed.
            self.program.end(Instant::now()).await?;
        }
        let left = processes::left();
        let names = left
            .iter()
            .map(|process| format!("{} ({})", process.name, process.pid));
        self.report.processes_left = names.collect();
        self.report.sockets_left = self.listeners.left();
        processes::end(&left);
        let bounds = &self.options.bounds;
        let Program { stdout, stderr, .. } = self.program;
        let (out, err) = (stdout.read_to_end().await, stderr.read_to_end().await);
        if let Some(reason) = &mut self.report.not_ready {
            if ended_by_itself && !left.is_empty() {
                let left = self.report.processes_left.join(", ");
                reason.push_str("; it has left ");
                reason.push_str(&left);
                reason.push_str(" behind: let it run in the foreground");
            }
            for line in last_lines(&[out.as_slice(), err.as_slice()].concat()) {
                reason.push_str("\n    ");
                reason.push_str(&line);
            }
        }
        self.report.output = Written::of(
            [&out, &err],
            &bounds.expect_output,
            bounds.access_line.as_deref(),
        );
        Ok(self.report)
    }
}

fn last_lines(output: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(output);
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let from = lines.len().saturating_sub(QUOTED);
    lines[from..].to_vec()
}
