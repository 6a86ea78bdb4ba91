//! Every option of the `freshet` binary: one table drives the command line, the environment,
//! the configuration file and `docs/configuration.md`.
//!
//! Precedence: command line, then `FRESHET_*`, then the file named by `--config`, then the default.

mod docs;
mod file;
mod listener;

pub(crate) use docs::markdown;
pub(crate) use listener::KafkaListener;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};
use freshet_storage::Durability;

/// One option: how it is named, what it means and what it is when nobody sets it.
pub(crate) struct OptionSpec {
    /// Long flag without dashes; the environment variable and the file key derive from it.
    pub name: &'static str,
    /// What stands for the value in `--help`.
    pub value_name: &'static str,
    /// The default as a user would write it; empty when there is none.
    pub default: &'static str,
    /// May be given more than once (a list in the file).
    pub repeatable: bool,
    /// What it does, its unit and its bounds.
    pub doc: &'static str,
}

/// Every option, in the order in which `--help` and the documentation show them.
pub(crate) const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        name: "data-dir",
        value_name: "DIR",
        default: "./data",
        repeatable: false,
        doc: "Directory that holds the logs, the metadata and the console's own database. \
              One process at a time may use it; it is created when missing.",
    },
    OptionSpec {
        name: "kafka",
        value_name: "[NAME=]ADDR[,advertised=ADDR]",
        default: "127.0.0.1:9092",
        repeatable: true,
        doc: "Where Kafka clients connect. Repeat it for several listeners, each with a name and \
              the address that clients on that side can reach, so that a host and a container can \
              both use the broker. Port 0 takes any free port.",
    },
    OptionSpec {
        name: "console",
        value_name: "ADDR",
        default: "127.0.0.1:8080",
        repeatable: false,
        doc: "Where the console, its REST API and /metrics listen. Port 0 takes any free port.",
    },
    OptionSpec {
        name: "console-host",
        value_name: "NAME",
        default: "",
        repeatable: true,
        doc: "A host name under which browsers may ask for the console, besides IP addresses and \
              localhost. Other names are refused, which stops DNS rebinding.",
    },
    OptionSpec {
        name: "cluster",
        value_name: "BOOTSTRAP",
        default: "",
        repeatable: false,
        doc: "Attach the console to an existing Kafka cluster (host:port, comma separated) instead \
              of running the embedded broker. Plaintext only for now.",
    },
    OptionSpec {
        name: "durability",
        value_name: "CLASS",
        default: "acked",
        repeatable: false,
        doc: "What an acknowledgement promises, for topics that do not set freshet.durability: \
              `acked` (acks=all survives a power cut), `strict` (acks=1 too) or `page-cache` \
              (Kafka's own behaviour: a power cut may take the last second).",
    },
    OptionSpec {
        name: "set",
        value_name: "KAFKA.PROPERTY=VALUE",
        default: "",
        repeatable: true,
        doc: "A broker property by Kafka's own name, for example num.partitions=4. The table below \
              lists those that are honoured; an unknown one stops the boot.",
    },
    OptionSpec {
        name: "clamp-replication",
        value_name: "BOOL",
        default: "false",
        repeatable: false,
        doc: "Accept a replication factor above 1 and create one replica, instead of refusing it \
              as Kafka does with too few brokers.",
    },
    OptionSpec {
        name: "allow-remote",
        value_name: "BOOL",
        default: "false",
        repeatable: false,
        doc: "Allow listeners on addresses other than loopback although there is no authentication \
              yet. Everybody who reaches the port can then read and delete everything.",
    },
    OptionSpec {
        name: "config",
        value_name: "FILE",
        default: "",
        repeatable: false,
        doc: "A TOML file with the same keys as the long options, and a [set] table for broker \
              properties. Unknown keys stop the boot.",
    },
    OptionSpec {
        name: "log",
        value_name: "FILTER",
        default: "info",
        repeatable: false,
        doc: "What is logged to stderr: error, warn, info, debug, trace, or a filter such as \
              info,freshet_broker=debug.",
    },
];

/// What the process runs with, after all sources are merged and checked.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Where everything lives.
    pub data_dir: PathBuf,
    /// At least one in embedded mode.
    pub kafka: Vec<KafkaListener>,
    /// The console's address; port 0 means any free one.
    pub console: SocketAddr,
    /// Names in `Host` that are served besides IP addresses and localhost.
    pub console_hosts: Vec<String>,
    /// Bootstrap servers of an external cluster; `None` runs the embedded broker.
    pub cluster: Option<String>,
    /// The default class of topics that do not set their own.
    pub durability: Durability,
    /// Kafka broker properties, checked by `freshet-cluster`.
    pub properties: Vec<(String, String)>,
    /// Create one replica where more are asked for.
    pub clamp_replication: bool,
    /// Non-loopback binds were allowed explicitly.
    pub allow_remote: bool,
    /// Filter of the log on stderr.
    pub log: String,
    /// Hidden: serve the console from made-up clusters, for screenshots.
    pub(crate) is_fake: bool,
}

/// A setting that can't be used; says which, why, and what would do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A value does not parse or is out of bounds.
    #[error("option {name}: {reason}")]
    Invalid { name: String, reason: String },
    /// The file can't be read.
    #[error("cannot read the configuration file {path}: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    /// The file is not TOML.
    #[error("the configuration file {path} is not valid TOML: {reason}")]
    Malformed { path: PathBuf, reason: String },
    /// A key that does not exist.
    #[error("unknown key `{key}` in {place}{}", nearest.as_ref().map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    Unknown { key: String, place: String, nearest: Option<String> },
    /// A bind that would expose an open broker.
    #[error(
        "{listener} binds {address}, which other machines can reach, and there is no \
         authentication yet: bind 127.0.0.1, or pass --allow-remote true if the network is trusted"
    )]
    Exposed { listener: String, address: String },
}

/// The command line as clap knows it.
pub(crate) fn command() -> Command {
    let mut command = Command::new("freshet")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Kafka and a console for it, in one binary")
        .after_help(
            "Start it, open http://127.0.0.1:8080 and point any Kafka client at 127.0.0.1:9092.",
        )
        .subcommand(
            Command::new("healthcheck")
                .about("Asks a running freshet whether it serves; exit status 0 when it does")
                .arg(
                    Arg::new("url")
                        .long("url")
                        .default_value("http://127.0.0.1:8080")
                        .help("Address of the console to ask"),
                ),
        )
        .subcommand(
            Command::new("docs")
                .about("Prints a generated page of the documentation")
                .hide(true)
                .arg(Arg::new("page").required(true)),
        )
        .arg(Arg::new("fake-console").long("fake-console").hide(true).action(ArgAction::SetTrue));
    for spec in OPTIONS {
        let mut arg = Arg::new(spec.name)
            .long(spec.name)
            .value_name(spec.value_name)
            .env(environment_name(spec.name))
            .hide_env_values(true)
            .help(help_text(spec));
        arg = if spec.repeatable {
            arg.action(ArgAction::Append)
        } else if spec.default == "false" {
            arg.action(ArgAction::Set).num_args(0..=1).default_missing_value("true")
        } else {
            arg.action(ArgAction::Set)
        };
        command = command.arg(arg);
    }
    command
}

fn help_text(spec: &OptionSpec) -> String {
    if spec.default.is_empty() {
        spec.doc.to_owned()
    } else {
        format!("{} [default: {}]", spec.doc, spec.default)
    }
}

/// The environment variable of an option: `data-dir` is `FRESHET_DATA_DIR`.
pub(crate) fn environment_name(name: &str) -> String {
    format!("FRESHET_{}", name.replace('-', "_").to_ascii_uppercase())
}

impl Settings {
    /// Merges command line, environment, file and defaults.
    ///
    /// # Errors
    /// Names the option, what is wrong with it and, for an unknown key, the nearest known one.
    pub(crate) fn resolve(matches: &ArgMatches) -> Result<Settings, Error> {
        let file = match matches.get_one::<String>("config") {
            Some(path) => file::ConfigFile::read(path.as_ref())?,
            None => file::ConfigFile::default(),
        };
        let values = |name: &str| -> Vec<String> {
            if let Some(given) = matches.get_many::<String>(name) {
                return given.cloned().collect();
            }
            if let Some(listed) = file.get(name) {
                return listed.to_vec();
            }
            let default = OPTIONS.iter().find(|o| o.name == name).map_or("", |o| o.default);
            if default.is_empty() { Vec::new() } else { vec![default.to_owned()] }
        };
        let one = |name: &str| values(name).into_iter().next_back().unwrap_or_default();

        let mut kafka = Vec::new();
        for text in values("kafka") {
            kafka.push(KafkaListener::parse(&text).map_err(|reason| invalid("kafka", reason))?);
        }
        listener::check_names(&kafka).map_err(|reason| invalid("kafka", reason))?;
        let console = one("console");
        let console: SocketAddr = console
            .parse()
            .map_err(|_| invalid("console", format!("`{console}` is not IP:PORT")))?;
        let mut properties = file.properties();
        for text in values("set") {
            let Some((key, value)) = text.split_once('=') else {
                return Err(invalid("set", format!("`{text}` is not KAFKA.PROPERTY=VALUE")));
            };
            properties.push((key.trim().to_owned(), value.trim().to_owned()));
        }
        let cluster = Some(one("cluster")).filter(|c| !c.is_empty());
        let settings = Settings {
            data_dir: PathBuf::from(one("data-dir")),
            kafka,
            console,
            console_hosts: values("console-host"),
            cluster,
            durability: durability(&one("durability"))?,
            properties,
            clamp_replication: boolean("clamp-replication", &one("clamp-replication"))?,
            allow_remote: boolean("allow-remote", &one("allow-remote"))?,
            log: one("log"),
            is_fake: matches.get_flag("fake-console"),
        };
        settings.refuse_exposed_binds()?;
        Ok(settings)
    }

    /// The default class by its name, as in `freshet.durability`.
    pub(crate) fn durability_name(&self) -> &'static str {
        match self.durability {
            Durability::Acked => "acked",
            Durability::Strict => "strict",
            Durability::PageCache => "page-cache",
        }
    }

    fn refuse_exposed_binds(&self) -> Result<(), Error> {
        if self.allow_remote {
            return Ok(());
        }
        let exposed = |listener: &str, address: String| {
            Err(Error::Exposed { listener: listener.to_owned(), address })
        };
        if !self.console.ip().is_loopback() {
            return exposed("the console", self.console.to_string());
        }
        if self.cluster.is_none() {
            for listener in &self.kafka {
                if !listener.is_loopback() {
                    return exposed(&format!("Kafka listener {}", listener.name), listener.bind());
                }
            }
        }
        Ok(())
    }
}

fn invalid(name: &str, reason: impl Into<String>) -> Error {
    Error::Invalid { name: format!("--{name}"), reason: reason.into() }
}

fn boolean(name: &str, text: &str) -> Result<bool, Error> {
    match text {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        other => Err(invalid(name, format!("`{other}` is neither true nor false"))),
    }
}

fn durability(text: &str) -> Result<Durability, Error> {
    match text {
        "acked" => Ok(Durability::Acked),
        "strict" => Ok(Durability::Strict),
        "page-cache" => Ok(Durability::PageCache),
        other => {
            Err(invalid("durability", format!("`{other}` is not one of acked, strict, page-cache")))
        }
    }
}

#[cfg(test)]
mod tests;
