//! What a plan does not say of a service: names, ports, paths.

use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Service {
    /// What it is called
    #[arg(long, default_value = "app", value_parser = label)]
    pub(super) name: String,
    /// Its image. Default: its name
    #[arg(long)]
    pub(super) image: Option<String>,
    /// Where it serves
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) port: u16,
    /// Where its probes are asked
    #[arg(long, value_name = "PORT", default_value_t = 9990, value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) admin_port: u16,
    /// The path of liveness
    #[arg(long, value_name = "PATH", default_value = "/livez", value_parser = path)]
    pub(super) live_path: String,
    /// The path of readiness
    #[arg(long, value_name = "PATH", default_value = "/readyz", value_parser = path)]
    pub(super) ready_path: String,
    /// How many of it there are
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) replicas: u32,
    /// The program, where it is installed. Default: its name in /usr/local/bin
    #[arg(long, value_name = "PATH", value_parser = path)]
    pub(super) exec: Option<String>,
    /// The argument by which the program asks itself whether it is well
    #[arg(long, value_name = "ARGUMENT", default_value = "healthcheck", value_parser = word)]
    pub(super) healthcheck: String,
}

impl Service {
    pub(super) fn image(&self) -> String {
        quoted(self.image.as_deref().unwrap_or(&self.name))
    }

    pub(super) fn exec(&self) -> String {
        let default = || format!("/usr/local/bin/{}", self.name);
        self.exec.clone().unwrap_or_else(default)
    }
}

/// A string of JSON, and of YAML.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What Kubernetes takes for a name, and everybody else too.
fn label(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_label = text.len() <= 63
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.chars().all(is_plain);
    let how = "lower-case letters, digits and `-`, which it may not begin or end with; 63 at most";
    is_label
        .then(|| text.to_owned())
        .ok_or_else(|| how.to_owned())
}

fn path(text: &str) -> Result<String, String> {
    let is_path = text.starts_with('/') && !text.contains(|c: char| c.is_whitespace() || c == '"');
    let how = "a path that begins with `/`, without spaces and quotes";
    is_path
        .then(|| text.to_owned())
        .ok_or_else(|| how.to_owned())
}

fn word(text: &str) -> Result<String, String> {
    let is_word = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '"');
    let how = "one word, without quotes";
    is_word
        .then(|| text.to_owned())
        .ok_or_else(|| how.to_owned())
}
