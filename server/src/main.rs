//! Freshet: Kafka and a console for it, in one binary.

mod boot;
mod clock;
mod config;
mod console;
mod db;
mod engine;
mod healthcheck;
mod http;
mod memory;
mod sampler;

use std::process::ExitCode;

fn main() -> ExitCode {
    let matches = config::command().get_matches();
    let outcome = match matches.subcommand() {
        Some(("healthcheck", arguments)) => healthcheck::run(arguments),
        Some(("docs", arguments)) => print_page(arguments),
        _ => boot::run(&matches),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The whole chain on one line: what was tried, why it failed, what to do.
            eprintln!("freshet: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the page is the command's output")]
fn print_page(arguments: &clap::ArgMatches) -> anyhow::Result<()> {
    let page = arguments.get_one::<String>("page").map(String::as_str).unwrap_or_default();
    match page {
        "configuration" => print!("{}", config::markdown()),
        "protocol-support" => print!("{}", freshet_broker::protocol_support_markdown()),
        other => anyhow::bail!("there is no page `{other}`: configuration, protocol-support"),
    }
    Ok(())
}
